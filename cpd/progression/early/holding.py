"""What every act on an enrolment does: hold its person, read it anew, end a row, remember, and keep diaries true."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, select, update

from cpd.diary import service as diary
from cpd.people import service as people
from cpd.people.models import Organisation
from cpd.progression.early.course import SELF_ASSESSMENT, Point, with_a_day
from cpd.progression.early.enrolled import Enrolled, find_enrolled
from cpd.progression.early.models import EarlyCareerEnrolment
from cpd.progression.early.reading import supports_of
from cpd.shared import clock, history, outbox
from cpd.shared.clock import LONDON
from cpd.shared.database import LARGEST_ID, Base, db
from cpd.shared.wording import date_words
from cpd.study.managers import manager_of

SOURCE = "review"
"""What entries in diaries rest on: the enrolment."""

AT, LASTS = time(8), timedelta(minutes=15)
"""A day on which something is due is no appointment: it stands early on the day, and takes nobody's time."""


def hold(enrolment_id: int) -> Enrolled:
    """Hold an enrolment's person until the act is over, and return it as it is then.

    Raises LookupError where there is no such enrolment.
    """
    wanted = select(EarlyCareerEnrolment.person_id).where(EarlyCareerEnrolment.id == min(enrolment_id, LARGEST_ID))
    person_id = db.session.scalar(wanted)
    if person_id is None:
        raise LookupError(f"There is no enrolment {enrolment_id}")
    people.lock_persons([person_id])
    found = find_enrolled(enrolment_id)
    assert found, "an enrolment that is there is found"  # noqa: S101
    return found


def hold_names(organisation_id: int) -> None:
    """Let nobody else name a cohort or learning set until the act is over, so that of two the second finds the first's.

    What others write in the organisation goes on meanwhile.
    """
    wanted = select(Organisation.id).where(Organisation.id == organisation_id)
    db.session.execute(wanted.with_for_update(key_share=True))


def end_rows(table: type[Base], *conditions: ColumnElement[bool], by: int | None, reason: str) -> list[int]:
    """Supersede rows that are in force, and return their ids."""
    rows: Any = table
    ended = (
        update(table)
        .where(rows.superseded_at.is_(None), *conditions)
        .values(superseded_at=clock.real_now(), superseded_by_id=by, supersede_reason=reason)
        .returning(rows.id)
        .execution_options(synchronize_session=False)
    )
    return list(db.session.scalars(ended))


def add(row: Base, *, by: int | None) -> int:
    """Write a row that can be superseded, and return its id."""
    made: Any = row
    made.recorded_at, made.recorded_by_id = clock.real_now(), by
    db.session.add(made)
    db.session.flush()
    return int(made.id)


def remember(
    verb: str,
    subject: str,
    number: int,
    enrolled: Enrolled,
    *,
    by: int | None,
    reason: str | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Write the history of an act, without names or what somebody wrote (B8)."""
    said = {"person_id": enrolled.person_id, "enrolment_id": enrolled.id, **(after or {})}
    history.note(
        verb, subject, number, actor_id=by, organisation_id=enrolled.organisation_id, reason=reason, after=said
    )


def assessors_of(person_id: int) -> list[int]:
    """Return who assesses somebody today: her assessor, Principal Practitioner and Practice Educator."""
    today = clock.today()
    found = supports_of([person_id]).get(person_id, ())
    kept = (each for each in found if each.kind.assesses and each.holds_on(today))
    return sorted({each.supporter_id for each in kept})


def tell_both(enrolled: Enrolled, kind: str, key: str, facts: dict[str, Any], *, but: int | None = None) -> None:
    """Tell the worker, whoever assesses her and her line manager, each once; whoever did it knows already."""
    others = {*assessors_of(enrolled.person_id)}
    manager_id = manager_of(enrolled.person_id)
    others |= {manager_id} if manager_id else set()
    for person_id in sorted({enrolled.person_id, *others} - {but}):
        own = person_id == enrolled.person_id
        path = "/my/early-career" if own else f"/progression/early-career/{enrolled.id}"
        said = {"person": enrolled.person, "programme": enrolled.programme.title, "own": own, "path": path, **facts}
        outbox.tell(enrolled.organisation_id, person_id, kind, key, said)


def dates_moved(enrolled: Enrolled, key: str, why: str, *, by: int) -> None:
    """Tell those concerned that dates have moved, and by when it is expected to end now."""
    now = find_enrolled(enrolled.id) or enrolled
    today = clock.today()
    open_pause = now.course.open_pause
    facts = {"why": why, "ends_on": "" if open_pause else date_words(now.ends_on(today))}
    tell_both(now, "early_dates_moved", key, facts, but=by)
    keep_diaries(now)


def keep_diaries(enrolled: Enrolled, *, without: Collection[int] = ()) -> None:
    """Make what is due stand in the diaries of the worker and of whoever assesses her; what is done or rests goes.

    `without` are people who assessed her until now.
    """
    today = clock.today()
    assessors = assessors_of(enrolled.person_id)
    points = with_a_day(enrolled.points(today), enrolled.course)
    entries = [
        _entry(enrolled, point, person_id)
        for point in points
        for person_id in (enrolled.person_id, *assessors)
        if person_id == enrolled.person_id or point.kind != SELF_ASSESSMENT
    ]
    concerned = {enrolled.person_id, *assessors, *without}
    diary.replace(concerned, SOURCE, enrolled.id, entries)


def _entry(enrolled: Enrolled, point: Point, person_id: int) -> diary.Entry:
    own = person_id == enrolled.person_id
    starts_at = datetime.combine(point.due_on, AT, LONDON)
    return diary.Entry(
        person_id=person_id,
        organisation_id=enrolled.organisation_id,
        key=f"review-{enrolled.id}-{point.code}-person-{person_id}",
        source=SOURCE,
        source_id=enrolled.id,
        title=f"{point.title} due" if own else f"{point.title} due: {enrolled.person}",
        location="",
        description=f"{enrolled.programme.title}. This is the last day for it, not an appointment.",
        path="/my/early-career" if own else f"/progression/early-career/{enrolled.id}",
        starts_at=starts_at,
        ends_at=starts_at + LASTS,
    )
