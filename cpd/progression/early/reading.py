"""Who is on which early-career programme and how each stands, in a fixed number of queries whatever the people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, select

from cpd.catalogue import service as catalogue
from cpd.people import service as people
from cpd.people.models import Person
from cpd.progression.early.course import (
    SELF_ASSESSMENT,
    Point,
    State,
    next_point,
    supervision_kept,
)
from cpd.progression.early.enrolled import Enrolled, enrolments_where, is_paused, live_of
from cpd.progression.early.models import (
    EarlyCareerEnrolment,
    EnrolmentEnding,
    SupervisionSession,
    SupportRelationship,
)
from cpd.progression.early.rules import Outcome, RelationshipKind, supports_on
from cpd.record.service import records_of
from cpd.requirements.record import FactKind, Record
from cpd.schemes.early_career_shape import EarlyCareerProgramme
from cpd.schemes.shape import Pack
from cpd.shared import clock
from cpd.shared.database import db
from cpd.shared.roles import Role


@dataclass(frozen=True, slots=True)
class Support:
    """That somebody supports a worker."""

    id: int
    person_id: int
    supporter_id: int
    supporter: str
    kind: RelationshipKind
    first_day: date
    last_day: date | None
    is_here: bool
    """Whether the supporter works here still."""

    def holds_on(self, on: date) -> bool:
        """Say whether it holds on a day, its last day included; nobody who has left supports anybody."""
        return self.is_here and supports_on(self.first_day, self.last_day, on)


@dataclass(frozen=True, slots=True)
class EarlySummary:
    """What a list says of somebody's programme."""

    title: str
    started_on: date
    ends_on: date
    next_due: date | None
    late_count: int
    is_paused: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """What the page of those who support people says of one of them."""

    enrolled: Enrolled
    points: tuple[Point, ...]
    next: Point | None
    workshops: tuple[int, int] | None
    """How many modules of how many are attended; None where the programme counts none (AMB-36)."""
    kept: int
    missed: int
    """Over all kinds of supervision: in how many periods it was held, and in how many not."""

    @property
    def late(self) -> tuple[Point, ...]:
        """What was due before today and is not done; of somebody who has left nothing."""
        if not self.enrolled.is_here:
            return ()
        return tuple(each for each in self.points if each.state is State.LATE)

    @property
    def late_for_assessors(self) -> int:
        """How much of what is late whoever assesses her has to do; a self-assessment is hers."""
        return sum(each.kind != SELF_ASSESSMENT for each in self.late)


def programmes_of(organisation_id: int) -> tuple[EarlyCareerProgramme, ...]:
    """Return the early-career programmes of an organisation's scheme in force. Two queries at most."""
    scheme = catalogue.scheme_in_force(organisation_id)
    return scheme.pack.early_career_programmes if scheme else ()


def supports_of(person_ids: Collection[int]) -> dict[int, list[Support]]:
    """Return who supports and supported people, the latest first: one query."""
    return _supports(SupportRelationship.person_id.in_(person_ids))


def supported_by(viewer_id: int, on: date, *, assessing_only: bool = True) -> list[int]:
    """List whom somebody supports on a day; mentors and buddies are left out unless they are asked for. One query."""
    found = _supports(SupportRelationship.supporter_id == viewer_id)
    return sorted(
        {
            each.person_id
            for several in found.values()
            for each in several
            if each.holds_on(on) and (each.kind.assesses or not assessing_only)
        }
    )


def summary_of(person_ids: Collection[int], on: date) -> dict[int, EarlySummary]:
    """Say shortly of people how their programme stands; who is on none is left out."""
    found = {}
    for person_id, each in live_of(person_ids).items():
        points = each.points(on)
        coming = next_point(points)
        late = sum(point.state is State.LATE for point in points)
        found[person_id] = EarlySummary(
            each.programme.title,
            each.course.starts_on,
            each.ends_on(on),
            coming.due_on if coming else None,
            late,
            is_paused(each, on),
        )
    return found


def standings_of(found: Collection[Enrolled], on: date) -> list[Standing]:
    """Say of people how they stand, those with something late first: four queries at most."""
    on_one = {each.person_id for each in found}
    records = records_of(on_one, on) if on_one else {}
    packs = _packs(found)
    sessions = sessions_of([each.id for each in found])
    standings = []
    for each in found:
        points = tuple(each.points(on))
        over = each.ended.on if each.ended else None
        kept = [
            supervision_kept(
                pattern,
                each.programme,
                each.course,
                [day for _, code, day, _ in sessions.get(each.id, ()) if code == pattern.code],
                on,
                ended_on=over,
            )
            for pattern in each.programme.supervision
        ]
        standings.append(
            Standing(
                each,
                points,
                next_point(points),
                workshops_of(each, packs.get(each.scheme_version_id), records.get(each.person_id)),
                sum(one.kept for one in kept),
                sum(len(one.missed) for one in kept),
            )
        )
    return sorted(standings, key=_most_pressing)


def _most_pressing(standing: Standing) -> tuple[bool, date, str]:
    """Put what is late longest first, then what is due next, then whoever has nothing ahead."""
    due = standing.late[0].due_on if standing.late else standing.next.due_on if standing.next else date.max
    return not standing.late, due, standing.enrolled.person


def workshops_of(enrolled: Enrolled, pack: Pack | None, record: Record | None) -> tuple[int, int] | None:
    """Count how many workshops of how many somebody has attended; it blocks nothing (AMB-36)."""
    code = enrolled.programme.workshops
    programme = next((each for each in pack.programmes if each.code == code), None) if pack and code else None
    if programme is None:
        return None
    modules = {each.module for each in programme.elements}
    kinds = (FactKind.COMPLETED, FactKind.RECOGNISED)
    done = {each.subject for each in (record.facts if record else ()) if each.kind in kinds}
    return len(modules & done), len(modules)


def sessions_of(enrolment_ids: Collection[int]) -> dict[int, list[tuple[int, str, date, str]]]:
    """Return supervision that was held, by enrolment: id, kind, day and with whom, the latest first. One query."""
    found: defaultdict[int, list[tuple[int, str, date, str]]] = defaultdict(list)
    wanted = select(
        SupervisionSession.enrolment_id,
        SupervisionSession.id,
        SupervisionSession.pattern_code,
        SupervisionSession.held_on,
        SupervisionSession.with_whom,
    ).where(SupervisionSession.enrolment_id.in_(enrolment_ids), SupervisionSession.superseded_at.is_(None))
    rows = db.session.execute(wanted.order_by(SupervisionSession.held_on.desc()))
    for enrolment_id, number, code, on, with_whom in rows:
        found[enrolment_id].append((number, code, on, with_whom))
    return found


def waiting_count(viewer_id: int, organisation_id: int, roles: Collection[Role]) -> int:  # noqa: ARG001 - as the others
    """Count what is late and for the viewer to do: of her own, and of those whom she assesses."""
    today = clock.today()
    concerned = {viewer_id, *supported_by(viewer_id, today)}
    late = (
        (each.person_id, point.kind)
        for each in live_of(concerned).values()
        if each.organisation_id == organisation_id and each.is_here
        for point in each.points(today)
        if point.state is State.LATE
    )
    return sum((person_id == viewer_id) == (kind == SELF_ASSESSMENT) for person_id, kind in late)


def completed_between(organisation_id: int, first: date, last: date) -> list[Enrolled]:
    """List who passed a programme from one day to another, both included, for the ceremony (W-15)."""
    passed = select(EnrolmentEnding.enrolment_id).where(
        EnrolmentEnding.superseded_at.is_(None),
        EnrolmentEnding.outcome == Outcome.PASSED,
        EnrolmentEnding.ended_on.between(first, last),
    )
    here = EarlyCareerEnrolment.organisation_id == organisation_id
    return enrolments_where(here, EarlyCareerEnrolment.id.in_(passed))


def _packs(found: Iterable[Enrolled]) -> dict[int, Pack]:
    """Return the packs by which people are enrolled: one query, or none where nobody is."""
    ids = {each.scheme_version_id for each in found if each.programme.workshops}
    return {number: scheme.pack for number, scheme in catalogue.schemes_by_id(ids).items()} if ids else {}


def _supports(condition: ColumnElement[bool]) -> dict[int, list[Support]]:
    found: defaultdict[int, list[Support]] = defaultdict(list)
    wanted = (
        select(
            SupportRelationship.id,
            SupportRelationship.person_id,
            SupportRelationship.supporter_id,
            Person.name,
            SupportRelationship.relationship_kind,
            SupportRelationship.first_day,
            SupportRelationship.last_day,
            people.still_here(clock.today()),
        )
        .join(Person, Person.id == SupportRelationship.supporter_id)
        .where(condition, SupportRelationship.superseded_at.is_(None))
        .order_by(SupportRelationship.first_day.desc(), SupportRelationship.id)
    )
    for number, person_id, supporter_id, name, kind, first, last, is_here in db.session.execute(wanted):
        support = Support(number, person_id, supporter_id, name, RelationshipKind(kind), first, last, is_here)
        found[person_id].append(support)
    return found
