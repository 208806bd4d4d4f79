"""Early-career programmes: by rules of the own council, live or ended, pauses apart, and diaries in line with them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from sqlalchemy import exists, func, select

from cpd.catalogue import service as catalogue
from cpd.catalogue.models import SchemeVersion
from cpd.commands.checks.check import Check, rows_in
from cpd.diary.models import DiaryEntry
from cpd.people.models import Person
from cpd.progression.early.course import with_a_day
from cpd.progression.early.enrolled import enrolments_where
from cpd.progression.early.holding import SOURCE
from cpd.progression.early.models import (
    EarlyCareerEnrolment,
    EnrolmentEnding,
    EnrolmentTerms,
    PausePeriod,
    SupportRelationship,
)
from cpd.shared import clock
from cpd.shared.clock import in_london
from cpd.shared.database import db


def misplaced_programmes() -> Iterator[str]:
    """Find enrolments by rules of another council, or on a programme that these rules do not have."""
    versions = dict(db.session.execute(select(SchemeVersion.id, SchemeVersion.organisation_id)).all())
    employers = dict(db.session.execute(select(Person.id, Person.organisation_id)).all())
    rows = db.session.scalars(select(EarlyCareerEnrolment).order_by(EarlyCareerEnrolment.id)).all()
    schemes = catalogue.schemes_by_id({row.scheme_version_id for row in rows})
    for row in rows:
        programmes = schemes[row.scheme_version_id].pack.early_career_programmes
        if {versions[row.scheme_version_id], employers[row.person_id]} != {row.organisation_id}:
            yield f"early-career enrolment {row.id} is by the rules of another council"
        elif row.programme_code not in {each.code for each in programmes}:
            yield f"early-career enrolment {row.id} is on a programme that its version of the scheme does not have"


def half_ended() -> Iterator[str]:
    """Find enrolments that are live and ended, or neither, and such without a start."""
    ended = exists().where(
        EnrolmentEnding.enrolment_id == EarlyCareerEnrolment.id, EnrolmentEnding.superseded_at.is_(None)
    )
    starts = exists().where(
        EnrolmentTerms.enrolment_id == EarlyCareerEnrolment.id, EnrolmentTerms.superseded_at.is_(None)
    )
    wanted = select(EarlyCareerEnrolment.id, EarlyCareerEnrolment.is_live, ended, starts)
    for number, is_live, has_ended, has_start in db.session.execute(wanted.order_by(EarlyCareerEnrolment.id)):
        if is_live == has_ended:
            how = "live and has ended" if is_live else "not live and never ended"
            yield f"early-career enrolment {number} is {how}"
        if not has_start:
            yield f"early-career enrolment {number} has no start"


def overlapping_pauses() -> Iterator[str]:
    """Find pauses of one enrolment that share a day, or begin before it did."""
    for each in enrolments_where():
        for one, other in pairwise(each.course.pauses):
            if one.back_on is None or other.first_day < one.back_on:
                yield f"pause {other.id} of early-career enrolment {each.id} overlaps another"
        for pause in each.course.pauses:
            if pause.first_day < each.course.starts_on:
                yield f"pause {pause.id} begins before early-career enrolment {each.id} does"


def wrong_diaries() -> Iterator[str]:
    """Find what is due and does not stand once on its day in the worker's diary, and what stands there and is not."""
    today = clock.today()
    due = {
        (each.id, each.person_id, point.due_on)
        for each in enrolments_where()
        for point in with_a_day(each.points(today), each.course)
    }
    found: defaultdict[tuple[int, int], set[date]] = defaultdict(set)
    wanted = select(DiaryEntry.source_id, DiaryEntry.person_id, DiaryEntry.starts_at).where(
        DiaryEntry.source == SOURCE, DiaryEntry.cancelled_at.is_(None)
    )
    for enrolment_id, person_id, starts_at in db.session.execute(wanted):
        found[enrolment_id, person_id].add(in_london(starts_at).date())
    for enrolment_id, person_id, on in sorted(due):
        if on not in found[enrolment_id, person_id]:
            yield f"early-career enrolment {enrolment_id}: {on} is not in the diary of person {person_id}"
    days = defaultdict(set)
    for enrolment_id, _, on in due:
        days[enrolment_id].add(on)
    for (enrolment_id, person_id), several in sorted(found.items()):
        for stray in several - days[enrolment_id]:
            if stray > today:  # what was left out as its day went by may still stand on that day
                where = f"early-career enrolment {enrolment_id}: {stray} in the diary of person {person_id}"
                yield f"{where} is nothing due"


def support_from_elsewhere() -> Iterator[str]:
    """Find relationships with somebody of another council, and two assessors on one day."""
    employers = dict(db.session.execute(select(Person.id, Person.organisation_id)).all())
    rows = db.session.scalars(
        select(SupportRelationship)
        .where(SupportRelationship.superseded_at.is_(None))
        .order_by(SupportRelationship.person_id, SupportRelationship.first_day, SupportRelationship.id)
    ).all()
    for row in rows:
        if {employers[row.person_id], employers[row.supporter_id]} != {row.organisation_id}:
            yield f"support {row.id} is by somebody of another council"
    assessors = [row for row in rows if row.relationship_kind == "assessor"]
    for one, other in pairwise(assessors):
        if one.person_id == other.person_id and (one.last_day is None or other.first_day <= one.last_day):
            yield f"support {other.id} makes a second assessor of person {other.person_id} on one day"


def _diary_entries() -> int:
    wanted = select(func.count()).where(DiaryEntry.source == SOURCE, DiaryEntry.cancelled_at.is_(None))
    return db.session.scalar(wanted) or 0


CHECKS = (
    Check("early-career programmes", misplaced_programmes, rows_in(EarlyCareerEnrolment), "enrolments"),
    Check("early-career endings", half_ended, rows_in(EarlyCareerEnrolment), "enrolments"),
    Check("pauses", overlapping_pauses, rows_in(PausePeriod), "pauses, also superseded ones"),
    Check("days on which something is due", wrong_diaries, _diary_entries, "diary entries"),
    Check("support relationships", support_from_elsewhere, rows_in(SupportRelationship), "relationships"),
)
