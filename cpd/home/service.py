"""What the home pages show: read models in a fixed number of queries, put together from the floors below."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from cpd.booking.facts import terms_for
from cpd.booking.offers import Offer, View, view_ahead, view_of, ways_on
from cpd.booking.rules import Objection, Reason, State, Status
from cpd.catalogue import service as catalogue
from cpd.catalogue.service import ModuleFacts, ProgrammeFacts
from cpd.diary.calendar import CalendarEvent
from cpd.diary.service import base_url
from cpd.home.validity import Repeated, repeated_by
from cpd.home.words import in_short, label, when_short
from cpd.shared import clock
from cpd.shared.clock import LONDON
from cpd.timetable import service as timetable
from cpd.timetable.facts import SessionFacts
from cpd.timetable.service import Wanted

BOOKABLE = frozenset({State.OPEN, State.CONDITIONAL, State.DROP_IN, State.FULL})
TAKEN = frozenset({State.BOOKED, State.OFFERED})


class Row(NamedTuple):
    """One session in a list, in ready words: `data` are the attributes that other programs read."""

    id: int
    when: str
    time: str
    title: str
    place: str
    text: str
    tone: str
    module: str
    state: str
    reasons: str
    booking: str
    position: str
    places_left: str
    starts_at: datetime


@dataclass(frozen=True, slots=True)
class Filter:
    """What a person asks of the timetable; dates are inclusive."""

    programme: str = ""
    module: str = ""
    venue: int | None = None
    since: date | None = None
    until: date | None = None
    bookable: bool = False
    page: int = 1
    per_page: int = 50


@dataclass(frozen=True, slots=True)
class Found:
    """The sessions that fit a filter as they stand to a person, how many in all, and what else can be chosen."""

    offers: Sequence[Offer]
    total: int
    programme_choices: list[tuple[str, str]]
    module_choices: list[tuple[str, str]]
    venue_choices: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class TimetablePage:
    """One page of the timetable in ready words, how many sessions there are in all, and the filter's choices."""

    rows: Sequence[Row]
    total: int
    pages: int
    programme_choices: list[tuple[str, str]]
    module_choices: list[tuple[str, str]]
    venue_choices: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Refusal:
    """One session of an act that was refused, with every reason."""

    session: SessionFacts
    title: str
    objections: Sequence[Objection]


@dataclass(frozen=True, slots=True)
class SessionPage:
    """One session as it stands to a person, and the ways on where it is not open to her.

    `ways` are the sessions, per module still to do, that end in time; `together` suggests one of each
    where she can book them all in one go, and is empty where she cannot. `other_dates` are the module's
    other sessions ahead where this one is full.
    """

    offer: Offer
    ways: dict[str, list[Offer]]
    together: dict[str, int]
    titles: dict[str, str]
    rests_on: Sequence[SessionFacts]
    venues: Sequence[timetable.VenueFacts]
    online_link: str
    is_facilitator: bool
    modules: dict[int, ModuleFacts]
    other_dates: Sequence[SessionFacts]

    @property
    def free_date(self) -> SessionFacts | None:
        """The first other date that has a place."""
        return next((each for each in self.other_dates if each.free_places != 0), None)

    @property
    def replaces(self) -> Objection | None:
        """The place on another date that she could keep while she waits for this one, if only that is in the way."""
        against = self.offer.objections
        only = len(against) == 1 and against[0].reason is Reason.BOOKED_ON_ANOTHER and against[0].booking_id
        return against[0] if only else None


@dataclass(frozen=True, slots=True)
class NextStep:
    """The next module of a programme to book, and the sessions of it that she can book, the earliest first."""

    programme: ProgrammeFacts
    module: ModuleFacts | None
    offers: Sequence[Offer]
    done: int
    ahead: int
    total: int

    @property
    def words(self) -> str:
        """`2 of 6 modules done, 1 booked`."""
        booked = f", {self.ahead} booked" if self.ahead else ""
        return f"{self.done} of {self.total} modules done{booked}"


@dataclass(frozen=True, slots=True)
class StartPage:
    """What somebody needs to see first: her next session, her next step, and what waits for her."""

    next_session: Offer | None
    step: NextStep | None
    waiting: Sequence[Offer] = field(default_factory=tuple)
    lost: Sequence[Offer] = field(default_factory=tuple)
    repeated: Sequence[Repeated] = field(default_factory=tuple)


def timetable_page(person_id: int, organisation_id: int, asked: Filter, *, drafts: bool = False) -> TimetablePage:
    """List one page of the sessions that fit a filter, each as it stands to this person."""
    found = offers_asked(person_id, organisation_id, asked, drafts=drafts, paged=True)
    return TimetablePage(
        [row_of(offer) for offer in found.offers],
        found.total,
        max(1, -(-found.total // asked.per_page)),
        found.programme_choices,
        found.module_choices,
        found.venue_choices,
    )


def offers_asked(
    person_id: int, organisation_id: int, asked: Filter, *, drafts: bool = False, paged: bool = False
) -> Found:
    """Find the sessions that fit a filter: all, or one page of them. The queries are the same for any number."""
    terms = terms_for([organisation_id])
    modules = {number: module for number, module in terms.modules.items() if not module.withdrawn}
    programmes = catalogue.programmes_of([organisation_id])
    wanted = Wanted(
        organisation_id,
        module_ids=_modules_asked(asked, modules, programmes),
        venue_id=asked.venue,
        since=_start_of(asked.since or clock.today()),
        until=_start_of(asked.until + timedelta(days=1)) if asked.until else None,
        drafts=drafts,
    )
    from_row, to_row = ((asked.page - 1) * asked.per_page, asked.page * asked.per_page) if paged else (0, None)
    if asked.bookable:  # whether she can book is not known to the database
        view = view_of(person_id, timetable.list_sessions(wanted), [organisation_id], terms)
        fitting = [each for each in view.offers if each.state in BOOKABLE]
        total, offers = len(fitting), fitting[from_row:to_row]
    else:
        sessions, total = timetable.page_of_sessions(wanted, asked.per_page if paged else None, from_row)
        offers = list(view_of(person_id, sessions, [organisation_id], terms).offers)
    return Found(
        offers,
        total,
        [(each.code, each.title) for each in programmes],
        [(each.code, each.full_title) for each in sorted(modules.values(), key=lambda each: each.code)],
        [(str(venue_id), name) for venue_id, name in timetable.venue_names(organisation_id)],
    )


def refusals(wanted: Collection[int], objections: dict[int, list[Objection]]) -> list[Refusal]:
    """Put a refused act into words' order: the sessions in the order in which they begin."""
    sessions = timetable.sessions_by_id(wanted)
    modules = catalogue.modules_of({each.organisation_id for each in sessions})
    return [
        Refusal(each, modules[each.module_id].full_title, objections[each.id])
        for each in sessions
        if each.id in objections
    ]


def announced(offer: Offer) -> list[CalendarEvent]:
    """Show a session to a calendar as it is announced, for somebody without a place."""
    session, module = offer.session, offer.module
    return [
        CalendarEvent(
            f"session-day-{day.id}@announced",
            0,
            module.full_title,
            day.place,
            "",
            f"{base_url()}/sessions/{session.id}",
            day.starts_at,
            day.ends_at,
            session.status == "cancelled",
            session.created_at,
            session.created_at,
        )
        for day in session.days
    ]


def session_page(
    person_id: int, organisation_id: int, training_session_id: int, *, officer: bool
) -> SessionPage | None:
    """Show one session to a person; None where there is none that she may see."""
    session = timetable.find_session(training_session_id, organisation_id)
    if session is None or (session.status == "draft" and not officer):
        return None
    view = view_of(person_id, [session], [organisation_id])
    (offer,) = view.offers
    is_facilitator = timetable.facilitates(person_id, session.id)
    has_place = offer.state is State.BOOKED and not offer.is_unanswered
    ways = ways_on(offer, view, organisation_id)
    return SessionPage(
        offer,
        ways.offers,
        ways.together,
        {module.code: module.full_title for module in view.terms.modules.values()},
        timetable.sessions_by_id(offer.rests_on) if offer.rests_on else (),
        timetable.venues_of(session),
        timetable.online_link_of(session.id) if has_place or is_facilitator or officer else "",
        is_facilitator,
        view.terms.modules,
        _other_dates(offer, organisation_id) if offer.state is State.FULL else (),
    )


def dates_to_wait_for(person_id: int, organisation_id: int, code: str) -> list[int]:
    """List the sessions of a module for which she can wait, the place that she has on it left out of account.

    Raises:
        LookupError: there is no such module.
    """
    programme_modules = terms_for([organisation_id]).modules
    module = next((each for each in programme_modules.values() if each.code == code), None)
    if module is None:
        raise LookupError(f"There is no module {code}")
    sessions = timetable.sessions_of_modules([module.id], organisation_id, clock.now())
    offers = view_of(person_id, sessions, [organisation_id]).offers
    return [each.session.id for each in offers if {one.reason for one in each.objections} <= {Reason.BOOKED_ON_ANOTHER}]


def my_bookings(person_id: int, organisation_id: int) -> Sequence[Offer]:
    """List the sessions she has a place on or waits for that are not over, the earliest first."""
    return [offer for offer in view_ahead(person_id, organisation_id).offers if offer.booking_id is not None]


def start_page(person_id: int, organisation_id: int) -> StartPage:
    """Put together what somebody needs to see first when she signs in."""
    programmes = catalogue.programmes_of([organisation_id])
    view = view_ahead(person_id, organisation_id, {each.module_id for one in programmes for each in one.elements})
    mine = [offer for offer in view.offers if offer.booking_id is not None]
    placed = [offer for offer in mine if offer.state in TAKEN and not offer.is_unanswered]
    return StartPage(
        next_session=placed[0] if placed else None,
        step=_next_step(programmes, view),
        waiting=[offer for offer in mine if offer.state is State.WAITING or offer.is_unanswered],
        lost=[offer for offer in placed if offer.lacks],
        repeated=[each for each in repeated_by(view.standpoint, view.terms, organisation_id) if each.is_pressing],
    )


def facts_shown(page: SessionPage) -> list[dict[str, str]]:
    """List what a visitor needs to know of a session, as pairs; what is not known is left out."""
    session, module = page.offer.session, page.offer.module
    places = "No limit" if session.capacity is None else f"{session.free_places} of {session.capacity} left"
    if session.capacity_invented:
        places += " (the number is invented for the demonstration)"
    pairs = [("Places", places if module.booking_mode != "drop_in" else "Just come: no booking is needed")]
    for venue in page.venues:
        pairs += [
            ("Where", venue.name),
            ("Address", venue.words("address")),
            ("Parking", venue.words("parking")),
            ("Access", venue.words("access")),
        ]
    pairs += [
        ("Facilitators", session.facilitator_names),
        ("What it covers", module.covers),
        ("What to bring", module.what_to_bring),
        ("Please note", session.note),
    ]
    return [{"key": key, "value": value} for key, value in pairs if value]


def row_of(offer: Offer) -> Row:
    """Put one session into ready words."""
    session = offer.session
    text, tone = label(offer)
    first = session.days[0]
    return Row(
        session.id,
        when_short(session),
        in_short(first.starts_at, first.ends_at)[1],
        offer.module.full_title,
        first.place,
        text,
        tone,
        offer.module.code,
        offer.state.value,
        " ".join(dict.fromkeys(each.reason.value for each in offer.objections)),
        str(offer.booking_id or ""),
        str(offer.position or ""),
        "" if offer.places_left is None else str(offer.places_left),
        session.starts_at,
    )


def _other_dates(offer: Offer, organisation_id: int) -> list[SessionFacts]:
    """List the other sessions of a module that are still to come."""
    dates = timetable.sessions_of_modules([offer.module.id], organisation_id, clock.now())
    return [each for each in dates if each.id != offer.session.id]


def _next_step(programmes: Sequence[ProgrammeFacts], view: View) -> NextStep | None:
    """Choose her programme, and in it the first module that is neither done nor booked.

    Hers is the one that she has begun; else the first that is meant for her and has sessions.
    """
    steps = [step for each in programmes if (step := _step_in(each, view)) is not None]
    begun = [step for step in steps if step.done or step.ahead]
    chosen = begun or [step for step in steps if step.offers]
    return chosen[0] if chosen else None


def _step_in(programme: ProgrammeFacts, view: View) -> NextStep | None:
    """Say where she is in one programme; None where it is not meant for her or everything is done."""
    done, ahead, todo = 0, 0, []
    booked = {held.module_id for held in view.standpoint.bookings if held.status is Status.CONFIRMED}
    elements = [each for each in programme.elements if each.is_mandatory]
    for element in elements:
        if view.standpoint.done(element.module_code, view.terms.today):
            done += 1
        elif element.module_id in booked:
            ahead += 1
        else:
            todo.append(element.module_id)
    if done == len(elements):
        return None
    offers = [each for each in view.offers if each.module.id in todo and each.state in BOOKABLE]
    first = next((each for each in todo if any(offer.module.id == each for offer in offers)), todo[0] if todo else None)
    module = view.terms.modules[first] if first else None
    chosen = [offer for offer in offers if module and offer.module.id == module.id]
    chosen.sort(key=lambda offer: offer.state is State.FULL)  # to wait is offered after every date with a place
    return NextStep(programme, module, chosen, done, ahead, len(elements))


def _modules_asked(
    asked: Filter, modules: dict[int, ModuleFacts], programmes: Sequence[ProgrammeFacts]
) -> Collection[int] | None:
    """Turn the filter's codes into ids; None asks for all, an empty collection finds nothing."""
    if not asked.programme and not asked.module:
        return None
    ids = set(modules)
    if asked.programme:
        ids = {each.module_id for one in programmes if one.code == asked.programme for each in one.elements}
    if asked.module:
        ids &= {each.id for each in modules.values() if each.code == asked.module}
    return ids


def _start_of(day: date) -> datetime:
    """Return the moment at which a day begins in the United Kingdom."""
    return datetime.combine(day, time.min, LONDON)
