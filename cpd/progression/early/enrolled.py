"""Who is on which early-career programme, by which rules, and what moves her dates: five queries for any number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import ColumnElement, and_, func, literal, select, union_all

from cpd.catalogue import service as catalogue
from cpd.catalogue.facts import Scheme
from cpd.people import service as people
from cpd.people.models import Person
from cpd.progression.early.course import (
    Course,
    Pause,
    PauseKind,
    Point,
    ends_on,
    points_of,
)
from cpd.progression.early.models import (
    AgreementSignature,
    Cohort,
    EarlyCareerEnrolment,
    EnrolmentEnding,
    EnrolmentTerms,
    PausePeriod,
    ProgrammeExtension,
    ReviewPoint,
    SelfAssessment,
    SupportAgreement,
)
from cpd.progression.early.rules import PARTIES, Outcome
from cpd.schemes.early_career_shape import EarlyCareerProgramme, ReviewPointKind
from cpd.shared import clock
from cpd.shared.database import LARGEST_ID, db


@dataclass(frozen=True, slots=True)
class Ended:
    """How a programme ended, and on which day."""

    outcome: Outcome
    on: date
    by_panel: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Extension:
    """By how many days somebody was given longer, agreed on a day."""

    id: int
    days: int
    agreed_on: date
    reason: str


@dataclass(frozen=True, slots=True)
class Enrolled:
    """One person on one programme: by which rules, what moves her dates, and what was held when."""

    id: int
    organisation_id: int
    person_id: int
    person: str
    programme: EarlyCareerProgramme
    scheme_version_id: int
    cohort_id: int | None
    cohort: str
    course: Course
    extensions: tuple[Extension, ...]
    held: Mapping[str, date]
    ended: Ended | None
    is_here: bool
    """Whether the person works here still; who has left is late with nothing, and the desk says how it ended."""

    @property
    def is_live(self) -> bool:
        """Whether it has not ended."""
        return self.ended is None

    def points(self, today: date) -> list[Point]:
        """List what is done, due and late, in the order in which it is due."""
        over = self.ended.on if self.ended else None
        return points_of(self.programme, self.course, dict(self.held), today, ended_on=over)

    def point(self, code: str, today: date) -> Point | None:
        """Return one of them by its code, or None."""
        return next((each for each in self.points(today) if each.code == code), None)

    def point_then(self, code: str, on: date) -> Point | None:
        """Return one of them as it stood on an earlier day: what began to move it later had not moved it yet."""
        pauses = tuple(each for each in self.course.pauses if each.first_day <= on)
        return replace(self, course=replace(self.course, pauses=pauses)).point(code, on)

    def ends_on(self, today: date) -> date:
        """Return the day on which it ended, or is expected to."""
        return self.ended.on if self.ended else ends_on(self.programme, self.course, today)


def find_enrolled(enrolment_id: int) -> Enrolled | None:
    """Return one enrolment, or None."""
    found = enrolments_where(EarlyCareerEnrolment.id == min(enrolment_id, LARGEST_ID))
    return found[0] if found else None


def current_of(person_id: int) -> Enrolled | None:
    """Return the programme that somebody is on, or else the last one that she was on, or None."""
    found = enrolments_where(EarlyCareerEnrolment.person_id == person_id)
    return max(found, key=lambda each: (each.is_live, each.course.starts_on, each.id), default=None)


def live_of(person_ids: Collection[int]) -> dict[int, Enrolled]:
    """Return the programmes that people are on, by person."""
    found = enrolments_where(EarlyCareerEnrolment.person_id.in_(person_ids), EarlyCareerEnrolment.is_live.is_(True))
    return {each.person_id: each for each in found}


def enrolments_where(*conditions: ColumnElement[bool]) -> list[Enrolled]:
    """List enrolments by name: five queries, whatever their number."""
    rows = db.session.execute(
        select(
            EarlyCareerEnrolment.id,
            EarlyCareerEnrolment.organisation_id,
            EarlyCareerEnrolment.person_id,
            Person.name.label("person"),
            EarlyCareerEnrolment.programme_code,
            EarlyCareerEnrolment.scheme_version_id,
            EnrolmentTerms.starts_on,
            EnrolmentTerms.cohort_id,
            Cohort.title.label("cohort"),
            EnrolmentEnding.outcome,
            EnrolmentEnding.ended_on,
            EnrolmentEnding.by_panel,
            EnrolmentEnding.reason,
            people.still_here(clock.today()).label("is_here"),
        )
        .join(Person, Person.id == EarlyCareerEnrolment.person_id)
        .join(
            EnrolmentTerms,
            and_(EnrolmentTerms.enrolment_id == EarlyCareerEnrolment.id, EnrolmentTerms.superseded_at.is_(None)),
        )
        .outerjoin(Cohort, Cohort.id == EnrolmentTerms.cohort_id)
        .outerjoin(
            EnrolmentEnding,
            and_(EnrolmentEnding.enrolment_id == EarlyCareerEnrolment.id, EnrolmentEnding.superseded_at.is_(None)),
        )
        .where(*conditions)
        .order_by(Person.name, EarlyCareerEnrolment.id)
    ).all()
    ids = [row.id for row in rows]
    if not ids:
        return []
    schemes = catalogue.schemes_by_id({row.scheme_version_id for row in rows})
    pauses, extensions, held = _pauses(ids), _extensions(ids), _held(ids)
    found = []
    for row in rows:
        programme = _programme(schemes.get(row.scheme_version_id), row.programme_code)
        if programme is None:  # the doctor says so
            continue
        longer = extensions.get(row.id, ())
        found.append(
            Enrolled(
                row.id,
                row.organisation_id,
                row.person_id,
                row.person,
                programme,
                row.scheme_version_id,
                row.cohort_id,
                row.cohort or "",
                Course(row.starts_on, tuple(pauses.get(row.id, ())), sum(each.days for each in longer)),
                tuple(longer),
                _by_point(programme, held.get(row.id, ())),
                Ended(Outcome(row.outcome), row.ended_on, row.by_panel, row.reason) if row.outcome else None,
                row.is_here,
            )
        )
    return found


def is_paused(enrolled: Enrolled, on: date) -> bool:
    """Say whether somebody pauses on a day."""
    pauses = enrolled.course.pauses
    return enrolled.is_live and any(
        each.first_day <= on and (each.back_on is None or on < each.back_on) for each in pauses
    )


def _programme(scheme: Scheme | None, code: str) -> EarlyCareerProgramme | None:
    every = scheme.pack.early_career_programmes if scheme else ()
    return next((each for each in every if each.code == code), None)


def _pauses(ids: Collection[int]) -> dict[int, list[Pause]]:
    found: defaultdict[int, list[Pause]] = defaultdict(list)
    wanted = select(PausePeriod).where(PausePeriod.enrolment_id.in_(ids), PausePeriod.superseded_at.is_(None))
    for row in db.session.scalars(wanted.order_by(PausePeriod.first_day).execution_options(populate_existing=True)):
        found[row.enrolment_id].append(Pause(row.first_day, row.back_on, row.id, PauseKind(row.pause_kind)))
    return found


def _extensions(ids: Collection[int]) -> dict[int, list[Extension]]:
    found: defaultdict[int, list[Extension]] = defaultdict(list)
    in_force = ProgrammeExtension.superseded_at.is_(None)
    wanted = select(ProgrammeExtension).where(ProgrammeExtension.enrolment_id.in_(ids), in_force)
    wanted = wanted.order_by(ProgrammeExtension.agreed_on, ProgrammeExtension.id)
    for row in db.session.scalars(wanted.execution_options(populate_existing=True)):
        found[row.enrolment_id].append(Extension(row.id, row.days, row.agreed_on, row.reason))
    return found


def _held(ids: Collection[int]) -> dict[int, list[tuple[str, date]]]:
    """Return what was held when, by enrolment; the code of the agreement is empty. One query."""
    reviews = select(ReviewPoint.enrolment_id, ReviewPoint.point_code, ReviewPoint.held_on).where(
        ReviewPoint.enrolment_id.in_(ids), ReviewPoint.superseded_at.is_(None)
    )
    assessments = select(SelfAssessment.enrolment_id, SelfAssessment.point_code, SelfAssessment.written_on).where(
        SelfAssessment.enrolment_id.in_(ids), SelfAssessment.superseded_at.is_(None)
    )
    agreements = (
        select(SupportAgreement.enrolment_id, literal(""), func.max(AgreementSignature.signed_on))
        .join(AgreementSignature, AgreementSignature.agreement_id == SupportAgreement.id)
        .where(SupportAgreement.enrolment_id.in_(ids), SupportAgreement.superseded_at.is_(None))
        .group_by(SupportAgreement.enrolment_id)
        .having(func.count() == PARTIES)
    )
    found: defaultdict[int, list[tuple[str, date]]] = defaultdict(list)
    for enrolment_id, code, on in db.session.execute(union_all(reviews, assessments, agreements)):
        found[enrolment_id].append((code, on))
    return found


def _by_point(programme: EarlyCareerProgramme, held: Iterable[tuple[str, date]]) -> dict[str, date]:
    """Give the agreement its code."""
    kinds = ((each.review_point_kind, each.code) for each in programme.review_points)
    agreement = next((code for kind, code in kinds if kind is ReviewPointKind.AGREEMENT), "")
    return {code or agreement: on for code, on in held}
