"""Cohorts, who is in them, and who could start a programme."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, exists, func, select

from cpd.people import service as people
from cpd.people.service import PersonFacts
from cpd.progression.early.enrolled import Enrolled, enrolments_where, live_of
from cpd.progression.early.models import Cohort, EarlyCareerEnrolment, EnrolmentTerms
from cpd.schemes.early_career_shape import EarlyCareerProgramme
from cpd.shared import clock
from cpd.shared.database import db


@dataclass(frozen=True, slots=True)
class CohortFacts:
    """A cohort, and how many of it are on the programme now."""

    id: int
    programme_code: str
    title: str
    starts_on: date
    running: int
    is_empty: bool
    """Whether nobody was ever in it, so that it can be taken away."""


def cohorts_of(organisation_id: int) -> list[CohortFacts]:
    """List the cohorts of an organisation, the latest first: one query."""
    wanted = (
        select(
            Cohort.id,
            Cohort.programme_code,
            Cohort.title,
            Cohort.starts_on,
            func.count(EarlyCareerEnrolment.id),
            ~exists().where(EnrolmentTerms.cohort_id == Cohort.id).correlate(Cohort),
        )
        .outerjoin(EnrolmentTerms, and_(EnrolmentTerms.cohort_id == Cohort.id, EnrolmentTerms.superseded_at.is_(None)))
        .outerjoin(
            EarlyCareerEnrolment,
            and_(EarlyCareerEnrolment.id == EnrolmentTerms.enrolment_id, EarlyCareerEnrolment.is_live.is_(True)),
        )
        .where(Cohort.organisation_id == organisation_id)
        .group_by(Cohort.id, Cohort.programme_code, Cohort.title, Cohort.starts_on)
        .order_by(Cohort.starts_on.desc(), Cohort.title)
    )
    return [CohortFacts(*row) for row in db.session.execute(wanted)]


def choices_of(organisation_id: int, programme_code: str) -> list[tuple[int, str]]:
    """List the cohorts of a programme for a form, the latest first."""
    return [(each.id, each.title) for each in cohorts_of(organisation_id) if each.programme_code == programme_code]


def enrolled_in(organisation_id: int, cohort_id: int | None) -> list[Enrolled]:
    """List who is on a programme now, in one cohort or at all."""
    here = (EarlyCareerEnrolment.organisation_id == organisation_id, EarlyCareerEnrolment.is_live.is_(True))
    of_cohort = (EnrolmentTerms.cohort_id == cohort_id,) if cohort_id else ()
    return enrolments_where(*here, *of_cohort)


def who_could_start(organisation_id: int, programme: EarlyCareerProgramme) -> list[PersonFacts]:
    """List who has a career level of the programme today and is on none, by name: four queries at least."""
    staff = [each for each, _ in people.everybody_with_team(organisation_id, clock.today())]
    posts = people.posts_on([each.id for each in staff], clock.today())
    fitting = [each for each in staff if each.id in posts and posts[each.id].career_level in programme.career_levels]
    running = live_of([each.id for each in fitting])
    return [each for each in fitting if each.id not in running]
