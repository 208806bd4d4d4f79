"""What the rules need to know of people: loaded for one or for hundreds in the same few queries."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import lru_cache

from sqlalchemy import and_, bindparam, case, func, select
from sqlalchemy.orm import aliased

from cpd.booking.models import Booking
from cpd.booking.route import LONG_AGO
from cpd.booking.rules import LIVE, HeldBooking, Objection, PlaceRequest, Reason, Status, in_audience
from cpd.catalogue import service as catalogue
from cpd.catalogue.models import Module
from cpd.catalogue.service import ModuleFacts
from cpd.diary import service as diary
from cpd.diary.service import Busy
from cpd.people import service as people
from cpd.people.service import PostFacts
from cpd.record import service as record
from cpd.record.rules import may_be_renewed
from cpd.requirements.evaluator import standing_of
from cpd.requirements.record import Fact, FactKind, Record
from cpd.requirements.record_index import RecordIndex
from cpd.requirements.standing import Standing
from cpd.schemes.shape import Settings
from cpd.shared import clock
from cpd.shared.clock import in_london
from cpd.shared.database import db
from cpd.timetable.facts import SessionFacts
from cpd.timetable.models import TrainingSession

DONE_KINDS = (FactKind.COMPLETED, FactKind.RECOGNISED)


@dataclass(frozen=True, slots=True)
class Footing:
    """How one person stands to one module, whatever the session."""

    in_audience: bool
    done: Fact | None
    bookings: tuple[HeldBooking, ...]


@dataclass(slots=True)
class Standpoint:
    """Where one person stands now: her post, her record with what is ahead, her bookings, her diary."""

    person_id: int
    post: PostFacts | None
    record: Record
    bookings: tuple[HeldBooking, ...]
    busy: Sequence[Busy]
    _index: RecordIndex | None = None
    _standings: dict[tuple[int, int], Standing] = field(default_factory=dict)
    _done: dict[str, Fact] | None = None
    _footings: dict[int, Footing] = field(default_factory=dict)
    _ahead_until: list[datetime] | None = None

    @property
    def waits(self) -> bool:
        """Whether she is on a waiting list."""
        return any(held.status is Status.WAITING for held in self.bookings)

    def standing(self, module: ModuleFacts, before: datetime, on: date) -> Standing:
        """Ask her record whether the module's prerequisites will be done by a moment (AMB-23).

        Only bookings that end in between can change the answer, and none where nothing is asked, so each answer
        is kept.
        """
        if self._ahead_until is None:
            self._ahead_until = sorted(
                fact.happened_at for fact in self.record.facts if fact.ahead and fact.happened_at
            )
        key = (module.id, 0 if module.asks_nothing else bisect_right(self._ahead_until, before))
        if key not in self._standings:
            self._index = self._index or RecordIndex(self.record)
            self._standings[key] = standing_of(module.requirement, self._index, on, before=before)
        return self._standings[key]

    def footing(self, module: ModuleFacts, on: date) -> Footing:
        """Tell how she stands to a module, worked out once for all its sessions."""
        if module.id not in self._footings:
            meant_for, post = module.audience, self.post
            self._footings[module.id] = Footing(
                post is not None
                and in_audience(meant_for.staff_types, meant_for.career_levels, post.staff_type, post.career_level),
                self.done(module.code, on),
                tuple(held for held in self.bookings if held.module_id == module.id),
            )
        return self._footings[module.id]

    def done(self, module_code: str, on: date) -> Fact | None:
        """Return the fact by which a module is done or recognised and still valid, or None.

        Of several the one that holds longest, and of those alike the first: a refresher renews what it refreshes.
        """
        if self._done is None:
            facts = [fact for fact in self.record.facts if fact.kind in DONE_KINDS and not fact.ahead]
            valid = [fact for fact in facts if fact.ends_on is None or fact.ends_on > on]
            self._done = {fact.subject: fact for fact in sorted(valid, key=_lasting)}
        return self._done.get(module_code)

    def times(self, on: date) -> dict[str, datetime]:
        """Say when each module was done, or will be once she attends what she has booked."""
        ahead = {fact.subject: fact.happened_at for fact in self.record.facts if fact.ahead and fact.happened_at}
        self.done("", on)
        return ahead | dict.fromkeys(self._done or {}, LONG_AGO)

    def without(self, booking_id: int) -> Standpoint:
        """Return where she would stand without one of her bookings: to move it, or to judge it anew."""
        gone = next((held for held in self.bookings if held.id == booking_id), None)
        if gone is None:
            return self
        return Standpoint(
            self.person_id,
            self.post,
            replace(
                self.record, facts=tuple(fact for fact in self.record.facts if fact.reference != f"booking:{gone.id}")
            ),
            tuple(held for held in self.bookings if held is not gone),
            [each for each in self.busy if (each.source, each.source_id) != ("session", gone.training_session_id)],
        )

    def having(self, held: HeldBooking, days: Sequence[tuple[datetime, datetime]], module: ModuleFacts) -> Standpoint:
        """Return where she stands once a booking is hers."""
        ahead = (fact_ahead(held, module.code),) if held.status is Status.CONFIRMED else ()
        taken = [Busy(starts, ends, module.full_title, "session", held.training_session_id) for starts, ends in days]
        return Standpoint(
            self.person_id,
            self.post,
            replace(self.record, facts=self.record.facts + ahead),
            (*self.bookings, held),
            [*self.busy, *(taken if ahead else [])],
        )


@dataclass(frozen=True, slots=True)
class Terms:
    """The rules of the organisation that offers a session: its modules and settings, and what day it is.

    `titles` are the modules' full titles by their codes.
    """

    modules: dict[int, ModuleFacts]
    titles: dict[str, str]
    settings: dict[int, Settings]
    now: datetime
    today: date

    def closes_on(self, session: SessionFacts) -> date:
        """Return the last date on which booking is open (AMB-35): the session's own, or by the setting."""
        if session.booking_closes_on:
            return session.booking_closes_on
        days = self.settings[session.organisation_id].booking_closes_days_before
        return _days_before(session.starts_at, days)

    def still_done(self, done: Fact | None, session: SessionFacts) -> Fact | None:
        """Return what stands against doing a module again: nothing once it runs out soon, for a refresher renews it."""
        days = self.settings[session.organisation_id].refresher_opens_days_before
        return None if done is None or may_be_renewed(done, self.today, days) else done


@lru_cache(maxsize=4096)
def _days_before(moment: datetime, days: int) -> date:
    """Return the date so many days before a moment's; remembered, as every page asks it of the same sessions."""
    return in_london(moment).date() - timedelta(days=days)


def terms_for(organisation_ids: Collection[int]) -> Terms:
    """Load modules and settings of the organisations whose sessions are looked at."""
    modules = catalogue.modules_of(organisation_ids, withdrawn_too=True)
    return Terms(
        modules,
        {module.code: module.full_title for module in modules.values()},
        {each: catalogue.settings_of(each) for each in organisation_ids},
        clock.now(),
        clock.today(),
    )


def standpoints_of(person_ids: Collection[int], terms: Terms, *, with_positions: bool = False) -> dict[int, Standpoint]:
    """Load where people stand: a fixed number of queries, whoever and however many they are.

    Their positions on waiting lists are counted only where they are asked for: to be shown to somebody.
    """
    posts = people.posts_on(person_ids, terms.today)
    records = record.records_of(person_ids, terms.today)
    busy = diary.busy(person_ids, terms.now)
    held: dict[int, list[HeldBooking]] = defaultdict(list)
    ahead: dict[int, list[Fact]] = defaultdict(list)
    for person_id, code, booking in _live_bookings(person_ids, with_positions):
        held[person_id].append(booking)
        if booking.status is Status.CONFIRMED and booking.session_live:
            ahead[person_id].append(fact_ahead(booking, code))
    return {
        each: Standpoint(
            each,
            posts.get(each),
            replace(records[each], facts=(*records[each].facts, *ahead[each])),
            tuple(held[each]),
            busy.get(each, ()),
        )
        for each in person_ids
    }


def place_request(standpoint: Standpoint, session: SessionFacts, terms: Terms) -> PlaceRequest:
    """Put together what decides whether she may have a place on this session."""
    module = terms.modules[session.module_id]
    footing = standpoint.footing(module, terms.today)
    own = another = None
    for held in footing.bookings:
        if held.training_session_id == session.id:
            own = held
        elif another is None and _is_in_the_way(held, terms.now):
            another = held
    return PlaceRequest(
        status=session.status,
        starts_at=session.starts_at,
        opens_on=session.booking_opens_on,
        closes_on=terms.closes_on(session),
        is_drop_in=module.booking_mode == "drop_in",
        in_audience=footing.in_audience,
        approval_needed=module.approval_needed,
        done=terms.still_done(footing.done, session),
        own=own,
        another=another,
        clashes=_clashes(standpoint.busy, session),
        standing=standpoint.standing(module, session.starts_at, terms.today),
    )


def named(objections: Sequence[Objection], terms: Terms) -> list[Objection]:
    """Give each objection about a module the module's title, for its sentence."""
    return [_titled(each, terms.titles.get(each.module, each.module)) if each.module else each for each in objections]


@lru_cache(maxsize=1024)
def _titled(objection: Objection, title: str) -> Objection:
    """Give an objection its title; a page may ask for the same a hundred times."""
    return replace(objection, title=title)


def fact_ahead(held: HeldBooking, module_code: str) -> Fact:
    """Turn a confirmed booking into what the evaluator reads: done once she attends (AMB-23)."""
    return Fact(
        FactKind.COMPLETED,
        module_code,
        in_london(held.ends_at).date(),
        happened_at=held.ends_at,
        ahead=True,
        reference=f"booking:{held.id}",
        session_id=held.training_session_id,
    )


def _lasting(fact: Fact) -> tuple[date, int]:
    """Order facts by how long they hold, and among those alike the first of them last."""
    return fact.ends_on or date.max, -fact.happened_on.toordinal()


def _is_in_the_way(held: HeldBooking, now: datetime) -> bool:
    """Say whether a booking is the one place that she may have on a module's sessions not yet over."""
    return (
        held.status is not Status.WAITING
        and held.takes_place
        and held.session_live
        and not held.overridden
        and held.ends_at > now
    )


def _clashes(busy: Sequence[Busy], session: SessionFacts) -> list[Objection]:
    """Name everything in her diary at the time of a session (G-11); touching is no clash."""
    return [
        Objection(
            Reason.CLASH,
            title=each.title,
            starts_at=each.starts_at,
            session_id=each.source_id if each.source == "session" else None,
        )
        for each in busy
        if each.starts_at < session.ends_at
        and session.starts_at < each.ends_at
        and (each.source, each.source_id) != ("session", session.id)
        and any(each.starts_at < day.ends_at and day.starts_at < each.ends_at for day in session.days)
    ]


def _live_bookings(person_ids: Collection[int], with_positions: bool) -> list[tuple[int, str, HeldBooking]]:
    """Read people's live bookings with the code of the module: one query."""
    wanted = _LIVE_WITH_POSITIONS if with_positions else _LIVE_BOOKINGS
    rows = db.session.execute(wanted, {"person_ids": list(person_ids)})
    return [
        (person_id, code, HeldBooking(number, session_id, module_id, Status(status), *rest))
        for person_id, code, number, session_id, module_id, status, *rest in rows
    ]


_LIVE_BOOKINGS = (
    select(
        Booking.person_id,
        Module.code,
        Booking.id,
        Booking.training_session_id,
        TrainingSession.module_id,
        Booking.status,
        Booking.takes_place,
        Booking.override_reason.is_not(None),
        TrainingSession.starts_at,
        TrainingSession.ends_at,
        and_(TrainingSession.status == "published", Booking.attended.is_(None)),
        Booking.requested_at,
        Booking.answer_by,
        and_(Booking.asks.is_not(None), Booking.agreed_by_id.is_(None)),
        Booking.release_at,
        Booking.lacks_basis_since,
    )
    .join(TrainingSession, TrainingSession.id == Booking.training_session_id)
    .join(Module, Module.id == TrainingSession.module_id)
    .where(Booking.person_id.in_(bindparam("person_ids", expanding=True)), Booking.status.in_(LIVE))
    .order_by(TrainingSession.starts_at, Booking.id)
)
"""Put together once, since every booking and every page asks it."""

_BEFORE = aliased(Booking)
_POSITION = (
    select(func.count(_BEFORE.id))
    .where(
        _BEFORE.training_session_id == Booking.training_session_id,
        _BEFORE.status == Status.WAITING,
        _BEFORE.request_number <= Booking.request_number,
    )
    .correlate(Booking)
    .scalar_subquery()
)
_LIVE_WITH_POSITIONS = _LIVE_BOOKINGS.add_columns(case((Booking.status == Status.WAITING, _POSITION)))
