"""The cascade: what becomes of a place on condition when what it rests on is lost, moved later or back again (AMB-23).

A place that lacks its basis is kept until some days before its session; then it goes to the next person
(`cpd.booking.releasing`). She is told at once what is missing, until when she can put it right, and which dates
still end in time. Where that moment is past already nothing is released, and Workforce Development and the
session's facilitators are told. What somebody set aside for her is never taken away.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from secrets import token_hex
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import Session, aliased

from cpd.booking import telling
from cpd.booking.facts import Standpoint, Terms, standpoints_of, terms_for
from cpd.booking.models import Booking
from cpd.booking.offers import Offer, offers_to
from cpd.booking.rules import LIVE, Status, release_time
from cpd.catalogue.models import Module
from cpd.catalogue.service import ModuleFacts
from cpd.people import service as people
from cpd.requirements.language import NOTHING, Completed
from cpd.schemes.requirement_shape import requirement_to_json
from cpd.shared import clock, history, outbox
from cpd.shared.database import db
from cpd.shared.roles import Role
from cpd.timetable import service as timetable
from cpd.timetable.facts import SessionFacts
from cpd.timetable.models import TrainingSession

ASKS_NOTHING = requirement_to_json(NOTHING)
MOST_WAYS = 3
SOMETHING = "Something else that it needs"


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a place stands to what it rests on: `missing` are the titles of what is lacking, `codes` their modules.

    `is_bound` is whether a lost basis counts: for a place on a session still to come that nobody set anything
    aside for.
    """

    booking: Booking
    session: SessionFacts
    module: ModuleFacts
    standpoint: Standpoint
    is_bound: bool
    missing: tuple[str, ...]
    codes: tuple[str, ...]

    @property
    def lacks_basis(self) -> bool:
        """Whether it has lost what it rests on."""
        return self.is_bound and bool(self.missing)


def follow_standings(_session: Session, person_ids: Collection[int]) -> None:
    """Something that people's places rest on has changed."""
    look_again(person_ids)


def look_again(person_ids: Collection[int]) -> None:
    """Write down which of these people's places have lost their basis or have it back, and tell them once.

    Belongs in a unit of work. However many people there are, the number of queries is the same, but for writes.
    """
    people.lock_persons(set(person_ids))
    db.session.flush()
    verdicts = judge(_at_stake(person_ids))
    if not verdicts:
        return
    terms = terms_for({each.session.organisation_id for each in verdicts})
    lost = [each for each in verdicts if each.lacks_basis and _mark(each, terms)]
    for each in verdicts:
        if not each.lacks_basis and each.booking.lacks_basis_since:
            restore(each)
    ways = ways_back(lost, terms)
    for each in lost:
        _tell_her(each, ways[each.booking.id])
    tell_the_desk([each for each in lost if each.booking.release_at is None])


def judge(bookings: Sequence[Booking]) -> list[Verdict]:
    """Ask for each of these bookings whether what it rests on is there: a fixed number of queries."""
    if not bookings:
        return []
    sessions = {each.id: each for each in timetable.sessions_by_id({each.training_session_id for each in bookings})}
    terms = terms_for({each.organisation_id for each in sessions.values()})
    standpoints = standpoints_of({each.person_id for each in bookings}, terms)
    return [_verdict(each, sessions[each.training_session_id], standpoints[each.person_id], terms) for each in bookings]


def bound_bookings() -> Select[Booking]:
    """Choose the places that can lose their basis: on sessions still to come, and with nothing set aside for them."""
    bound: Select[Booking] = _of_sessions(select(Booking)).where(_is_bound())
    return bound


def tell_the_desk(verdicts: Iterable[Verdict]) -> None:
    """Tell Workforce Development and the facilitators of places that lack their basis and are not released any more."""
    by_session: defaultdict[int, list[Verdict]] = defaultdict(list)
    for each in verdicts:
        by_session[each.session.id].append(each)
    if not by_session:
        return
    facilitators = timetable.facilitators_of(by_session.keys())
    organisations = {each.session.organisation_id for all_ in by_session.values() for each in all_}
    officers = {each: people.holders_of(each, Role.WORKFORCE_DEVELOPMENT) for each in organisations}
    for session_id, theirs in by_session.items():
        session, module = theirs[0].session, theirs[0].module
        names = [each.standpoint.post.person_name for each in theirs if each.standpoint.post]
        facts = telling.facts_for_words(session, module, people=names)
        told = {each.id for each in officers[session.organisation_id]} | set(facilitators[session_id])
        key = f"session:{session_id}:{token_hex(8)}"
        for person_id in sorted(told):
            outbox.tell(session.organisation_id, person_id, "basis_lost_late", key, facts)


def _at_stake(person_ids: Collection[int]) -> list[Booking]:
    """Read, fresh under the locks, the places of these people that rest on something or lack their basis."""
    is_freed = and_(
        Booking.status.in_(LIVE),
        Booking.lacks_basis_since.is_not(None),
        or_(Booking.status != Status.CONFIRMED, Booking.override_reason.is_not(None)),
    )
    wanted = _of_sessions(select(Booking, Module.prerequisite)).where(
        Booking.person_id.in_(person_ids), or_(_is_bound(), is_freed)
    )
    rows = db.session.execute(wanted.execution_options(populate_existing=True)).all()
    return [booking for booking, asked in rows if booking.lacks_basis_since or asked != ASKS_NOTHING]


def _of_sessions(wanted: Select[*tuple[Any, ...]]) -> Any:
    """Read bookings with their sessions and modules, in the order of their ids."""
    wanted = wanted.join(TrainingSession, TrainingSession.id == Booking.training_session_id)
    return wanted.join(Module, Module.id == TrainingSession.module_id).order_by(Booking.id)


def _is_bound() -> ColumnElement[bool]:
    """Say whether a booking is a place that can lose its basis."""
    return and_(
        Booking.status == Status.CONFIRMED,
        Booking.takes_place,
        Booking.override_reason.is_(None),
        TrainingSession.status == "published",
        TrainingSession.starts_at > clock.now(),
    )


def _verdict(booking: Booking, session: SessionFacts, standpoint: Standpoint, terms: Terms) -> Verdict:
    """Judge one booking by its session's start (AMB-23)."""
    module = terms.modules[session.module_id]
    is_bound = booking.status == Status.CONFIRMED and booking.takes_place and booking.override_reason is None
    leaves = standpoint.standing(module, session.starts_at, terms.today).outstanding_leaves() if is_bound else ()
    asked = [leaf.requirement for leaf in leaves]
    codes = tuple(dict.fromkeys(each.module for each in asked if isinstance(each, Completed)))
    titles = [
        terms.titles.get(each.module, each.module) if isinstance(each, Completed) else SOMETHING for each in asked
    ]
    return Verdict(booking, session, module, standpoint, is_bound, tuple(dict.fromkeys(titles)), codes)


def _mark(verdict: Verdict, terms: Terms) -> bool:
    """Write since when a place lacks its basis and when it is released; say whether that is news to anybody.

    A session that was moved brings a new moment; one that is past already brings none.
    """
    booking, session = verdict.booking, verdict.session
    days = terms.settings[session.organisation_id].conditional_release_days_before
    at = release_time(session.starts_at, days)
    release_at = at if at > terms.now or at == booking.release_at else None
    if booking.lacks_basis_since and booking.release_at == release_at:
        return False
    note_basis(booking, "basis_lost", booking.lacks_basis_since or terms.now, release_at)
    return True


def restore(verdict: Verdict, *, kept: bool = False) -> None:
    """Write that a place has its basis again, or is `kept` without it, and tell her.

    A booking that is no place any more, or for which something was set aside before, is put right silently.
    """
    note_basis(verdict.booking, "basis_restored", None, None)
    if verdict.is_bound:
        booking, act = verdict.booking, token_hex(8)
        telling.tell("basis_restored", booking, verdict.session, verdict.module, verdict.standpoint, act=act, kept=kept)


def note_basis(booking: Booking, verb: str, since: datetime | None, release_at: datetime | None) -> None:
    """Write on a booking since when it lacks its basis and when it is released, and the history of that."""
    before = {"lacks_basis_since": _said(booking.lacks_basis_since), "release_at": _said(booking.release_at)}
    booking.lacks_basis_since, booking.release_at = since, release_at
    after = {"lacks_basis_since": _said(since), "release_at": _said(release_at)}
    history.note(
        verb,
        "booking",
        booking.id,
        actor_id=None,
        organisation_id=booking.organisation_id,
        before=before,
        after=after,
    )


def _said(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def ways_back(lost: Sequence[Verdict], terms: Terms, *, in_time: bool = True) -> dict[int, list[Offer]]:
    """Find for each place the next dates of what it lacks that can be booked: those with a place first.

    Only those that end before it begins, or, once it is lost anyway, also later ones; none that she gave back
    before. One query more, and one for each council whose people they are.
    """
    gone = given_back({each.booking.person_id for each in lost}) if lost else set()
    ids = {module.code: module.id for module in terms.modules.values()}
    by_council: defaultdict[int, list[Verdict]] = defaultdict(list)
    for each in lost:
        by_council[_employer(each)].append(each)
    ways: dict[int, list[Offer]] = {}
    for organisation_id, theirs in by_council.items():
        missing = {ids[code] for each in theirs for code in each.codes if code in ids}
        sessions = timetable.sessions_of_modules(missing, organisation_id, terms.now) if missing else []
        for each in theirs:
            possible = [
                one
                for one in sessions
                if (not in_time or one.ends_at <= each.session.starts_at)
                and (each.booking.person_id, one.id) not in gone
            ]
            ways[each.booking.id] = _open_ways(each, possible, terms)[:MOST_WAYS]
    return ways


def given_back(person_ids: Collection[int]) -> set[tuple[int, int]]:
    """Tell, as person and session, which sessions people have given back and not asked for since.

    Those are not offered to them again.
    """
    since = aliased(Booking)
    again = exists().where(
        since.person_id == Booking.person_id,
        since.training_session_id == Booking.training_session_id,
        since.status.in_(LIVE),
    )
    wanted = select(Booking.person_id, Booking.training_session_id).where(
        Booking.person_id.in_(person_ids), Booking.status == Status.CANCELLED, ~again
    )
    return {(person_id, session_id) for person_id, session_id in db.session.execute(wanted)}


def ways_for_words(offers: Iterable[Offer]) -> list[list[Any]]:
    """Keep in a message the dates that help: of which module, when and where they begin, and whether they are full."""
    return [[each.module.full_title, *telling.days_of(each.session)[0], each.places_left == 0] for each in offers]


def _open_ways(verdict: Verdict, sessions: Iterable[SessionFacts], terms: Terms) -> list[Offer]:
    """Choose the sessions of what a place lacks that she can book or wait for."""
    modules = {number for number, module in terms.modules.items() if module.code in verdict.codes}
    offers = offers_to(verdict.standpoint, [each for each in sessions if each.module_id in modules], terms)
    return sorted((each for each in offers if not each.objections), key=lambda each: each.places_left == 0)


def _employer(verdict: Verdict) -> int:
    """Return whose person she is: she sees that council's sessions."""
    post = verdict.standpoint.post
    return post.organisation_id if post else verdict.session.organisation_id


def _tell_her(verdict: Verdict, ways: Sequence[Offer]) -> None:
    """Tell her, and her line manager, what is missing, until when she can put it right, and how."""
    booking = verdict.booking
    telling.tell(
        "basis_lost",
        booking,
        verdict.session,
        verdict.module,
        verdict.standpoint,
        act=token_hex(8),
        missing=list(verdict.missing),
        release_at=_said(booking.release_at),
        ways=ways_for_words(ways),
    )
