"""A request that was pasted at the desk: whose it is, what it asks for and how that stands, and booking it (G-6)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from cpd.booking import service as booking
from cpd.booking.facts import Standpoint, standpoints_of, terms_for
from cpd.booking.letters import Colleague, who_wrote
from cpd.booking.meant import offering_of
from cpd.booking.offers import Offer, offers_to, view_of
from cpd.booking.pasted import AskedLine, Request, read_request
from cpd.booking.rules import HeldBooking, Objection, State, Status
from cpd.desk.uploads import Upload, forget_upload
from cpd.people import service as people
from cpd.shared import clock
from cpd.shared.unit_of_work import one_transaction
from cpd.shared.wording import counted, day_words, ordinal, time_words
from cpd.timetable import service as timetable
from cpd.timetable.facts import SessionFacts

BOOKABLE = frozenset({State.OPEN, State.CONDITIONAL, State.FULL, State.DROP_IN})
HAVING = frozenset({State.BOOKED, State.OFFERED, State.WAITING})


@dataclass(frozen=True, slots=True)
class PastedLine:
    """One thing that a request asks for: as written, as understood, and how it stands to whoever asks.

    `choices` are the sessions of the module that can be chosen instead, by id; `is_ticked` is what we propose.
    """

    number: int
    written: AskedLine
    title: str
    offer: Offer | None
    words: str
    tone: str
    choices: Sequence[tuple[int, str]]
    is_ticked: bool


@dataclass(frozen=True, slots=True)
class PastedPage:
    """A request before it is booked. Without a `person` somebody has to say whose it is; `matches` may be meant."""

    upload: Upload
    person: Colleague | None
    matches: Sequence[Colleague]
    received_at: datetime | None
    received_as_said: bool
    lines: Sequence[PastedLine]
    not_understood: Sequence[AskedLine]


@dataclass(frozen=True, slots=True)
class BookedPage:
    """What came of a request: each session as it stands now."""

    person: people.PersonFacts
    lines: Sequence[tuple[Offer, str, str]]

    @property
    def got(self) -> int:
        """How many of them she has now."""
        return sum(offer.state in HAVING for offer, *_ in self.lines)


def pasted_page(upload: Upload, *, by: int, organisation_id: int) -> PastedPage:
    """Read what was pasted and judge it, in a number of queries that no line adds to; nothing is written."""
    now = clock.now()
    sessions = timetable.list_sessions(timetable.Wanted(organisation_id, since=now))
    request = read_request(upload.content.decode(), offering_of(sessions, organisation_id), now)
    person, matches = _whose(upload, request, by, organisation_id)
    said = upload.options.get("received_at")
    received_at = datetime.fromisoformat(said) if said else request.received_at
    lines = _lines(request, sessions, organisation_id, person)
    unclear = [line for line in request.lines if not line.module]
    return PastedPage(upload, person, matches, received_at, said is not None, lines, unclear)


@one_transaction
def book_pasted(
    upload_id: int, person_id: int, session_ids: Collection[int], *, by: int, received_at: datetime | None
) -> Mapping[int, Sequence[Objection]]:
    """Book what can be had of a request and erase what was pasted; returns why the others could not be booked.

    Where nothing can be had it stays. Its moment of receipt is shown as that of the request; the order on a list
    is that in which requests reach the system.

    Raises:
        LookupError: there is no such session that her organisation may see.
        UploadGone: it has been booked already.
    """
    booked, refused = booking.book_what_can(person_id, sorted(session_ids), by=by, requested_at=received_at)
    if booked:
        forget_upload(upload_id)
    return refused


def booked_page(person_id: int, session_ids: Collection[int], organisation_id: int) -> BookedPage | None:
    """Show how sessions stand to a person now; None where the organisation has no such person."""
    person = people.people_of(organisation_id, [person_id]).get(person_id)
    if person is None:
        return None
    wanted = timetable.list_sessions(timetable.Wanted(organisation_id, since=clock.now()))
    view = view_of(person_id, [each for each in wanted if each.id in session_ids], [organisation_id])
    return BookedPage(person, [(offer, *_standing_now(offer)) for offer in view.offers])


def _whose(
    upload: Upload, request: Request, by: int, organisation_id: int
) -> tuple[Colleague | None, Sequence[Colleague]]:
    """Find whose request it is: whom the officer named, or whoever alone may have written it."""
    everybody = [
        Colleague(each.id, each.name, each.email, team)
        for each, team in people.everybody_with_team(organisation_id, clock.today())
    ]
    if chosen := upload.options.get("person"):
        return next((each for each in everybody if each.id == chosen), None), ()
    found = who_wrote(request.message, everybody, besides=by)
    return (found[0], ()) if len(found) == 1 else (None, found)


def _lines(
    request: Request, sessions: Sequence[SessionFacts], organisation_id: int, person: Colleague | None
) -> list[PastedLine]:
    """Judge what is asked for in the order of time, each as if those before it were booked."""
    asked = [line for line in request.lines if line.module]
    terms = terms_for({organisation_id, *(each.organisation_id for each in sessions)})
    titles = {module.code: module for module in terms.modules.values()}
    standpoint = standpoints_of([person.id], terms)[person.id] if person else None
    offers: dict[int, Offer] = {}
    for session in sorted({line.session.id: line.session for line in asked if line.session}.values(), key=_start):
        if standpoint:
            (offer,) = offers_to(standpoint, [session], terms)
            offers[session.id] = offer
            standpoint = _with_place(standpoint, offer) if offer.state in BOOKABLE else standpoint
    proposed: set[str] = set()
    lines = []
    for number, line in enumerate(asked):
        found = offers.get(line.session.id) if line.session else None
        first = line.module not in proposed and found is not None and found.state in BOOKABLE
        proposed |= {line.module} if first else set()
        of_module = [each for each in sessions if terms.modules[each.module_id].code == line.module]
        choices = [(each.id, _choice(each)) for each in of_module if each.status == "published"]
        words, tone = _standing(found) if found else ("Choose a session" if line.trouble else "", "attention")
        lines.append(PastedLine(number, line, titles[line.module].full_title, found, words, tone, choices, first))
    return lines


def _start(session: SessionFacts) -> datetime:
    return session.starts_at


def _with_place(standpoint: Standpoint, offer: Offer) -> Standpoint:
    """Return where she would stand with a place on a session, for judging the next."""
    session = offer.session
    status = Status.WAITING if offer.state is State.FULL else Status.CONFIRMED
    takes_place = offer.state is not State.DROP_IN
    held = HeldBooking(
        -session.id,
        session.id,
        session.module_id,
        status,
        takes_place,
        False,
        session.starts_at,
        session.ends_at,
        True,
        clock.now(),
    )
    return standpoint.having(held, [(day.starts_at, day.ends_at) for day in session.days], offer.module)


def _choice(session: SessionFacts) -> str:
    """Name a session in a list to choose from."""
    left = session.free_places
    free = "" if left is None else f", {counted(left, 'place')} left" if left > 0 else ", full"
    return f"{day_words(session.starts_at)}, {time_words(session.starts_at)}{free}"


def _standing(offer: Offer) -> tuple[str, str]:
    """Say what booking a session would mean, in words and a tone."""
    left = offer.places_left
    match offer.state:
        case State.OPEN:
            return (f"{counted(left, 'place')} left" if left is not None else "Free"), "open"
        case State.CONDITIONAL:
            return "Free, on condition of the earlier ones", "open"
        case State.FULL:
            return "Full: goes on the waiting list", "waiting"
        case State.DROP_IN:
            return "No booking needed: goes into the diary", "open"
        case State.BOOKED | State.OFFERED | State.WAITING:
            return _standing_now(offer)
        case State.DONE:
            return "Done already", "done"
        case _:
            return "Cannot be booked", "neutral"


def _standing_now(offer: Offer) -> tuple[str, str]:
    """Say what somebody has of a session, in words and a tone."""
    match offer.state:
        case State.WAITING:
            return ("Waiting list" + (f": {ordinal(offer.position)}" if offer.position else "")), "waiting"
        case State.BOOKED if offer.module.booking_mode == "drop_in":
            return "In the diary", "booked"
        case State.BOOKED | State.OFFERED:
            return ("Place, on condition of the earlier ones" if offer.rests_on else "Has a place"), "booked"
        case _:
            return "Not booked", "neutral"
