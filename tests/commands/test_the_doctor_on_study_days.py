"""`flask doctor` finds study days whose entries do not add up, and diaries that say something else."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from sqlalchemy import delete, insert, text, update

from cpd.diary.models import DiaryEntry
from cpd.people.models import TimeAway
from cpd.shared.database import db
from cpd.study.days import service
from cpd.study.days.models import StudyDayEntry, StudyDayRequest
from cpd.study.days.rules import AskedFor, DayPart
from tests.commands.conftest import change
from tests.study.conftest import county, county_manager, ward

__all__ = ["county", "county_manager", "ward"]
LATER = datetime.fromisoformat("2019-01-09T09:00:00+00:00")


@pytest.fixture
def asked(ward) -> int:
    return service.ask(ward.id, AskedFor("study", date(2019, 1, 7), DayPart.MORNING))


@pytest.fixture
def approved(asked, county_manager) -> int:
    service.approve(asked, by=county_manager.id)
    return asked


@pytest.fixture
def unguarded(app_in_use, asked):
    """Take away what the database itself refuses."""
    for act in ("update", "delete"):
        db.session.execute(text(f"DROP TRIGGER study_day_entry_no_{act}"))
    db.session.execute(text("PRAGMA ignore_check_constraints = ON"))
    db.session.commit()


def test_it_is_content_with_study_days_at_every_stage(both, ward, county_manager, approved, finds_nothing):
    service.ask(ward.id, AskedFor("study", date(2019, 1, 8), DayPart.WHOLE))
    declined = service.ask(ward.id, AskedFor("study", date(2019, 1, 9), DayPart.WHOLE))
    service.decline(declined, by=county_manager.id, reason="Court")
    cancelled = service.ask(ward.id, AskedFor("study", date(2019, 1, 10), DayPart.WHOLE))
    service.approve(cancelled, by=county_manager.id)
    service.end(cancelled, by=ward.id)

    finds_nothing()


def test_entries_that_do_not_add_up(app, ward, unguarded, asked, finds):
    change(update(StudyDayEntry).values(asked=3, half_days=3))

    finds(f"study days: study day {asked} of person {ward.id} has an entry of 3 and 0 half days for being asked")


def test_a_day_that_has_become_larger(app, ward, asked, finds):
    change(update(StudyDayRequest).values(half_days=2, day_part="whole"))

    finds(f"study days: study day {asked} of person {ward.id} has an entry of 1 and 0 half days for being asked")


def test_an_act_that_cannot_follow(app, ward, unguarded, asked, finds):
    change(update(StudyDayEntry).values(act="cancelled", asked=0, approved=0))

    finds(f"study days: study day {asked} of person {ward.id} was cancelled after it was nothing")


def test_more_than_was_left_without_a_reason(app, ward, unguarded, approved, finds):
    change(update(StudyDayEntry).where(StudyDayEntry.step == 1).values(left_before=0))

    finds(f"study days: study day {approved} of person {ward.id} was approved beyond what was left, without a reason")


def test_a_day_without_an_entry(app, unguarded, asked, finds):
    change(delete(StudyDayEntry))

    finds(f"study days: study day {asked} has no entry")


def test_an_approved_day_in_time_away(app, ward, county_manager, approved, finds):
    moments = {"recorded_at": LATER, "recorded_by_id": county_manager.id}
    days = {"first_day": date(2019, 1, 7), "last_day": date(2019, 1, 7)}
    whose = {"organisation_id": ward.organisation_id, "person_id": ward.id}
    change(insert(TimeAway).values(away_kind="leave", **whose, **days, **moments))

    found = f"study day {approved} is approved, and person {ward.id} is recorded as away on that day"
    finds(f"study days in time away: {found}")


def test_an_approved_day_that_is_not_in_the_diary(app, ward, approved, finds):
    change(update(DiaryEntry).values(cancelled_at=LATER))

    finds(
        f"study days in diaries: study day {approved} is approved and stands 0 times in the diary of person {ward.id}"
    )


def test_a_day_in_the_diary_that_nobody_approved(app, ward, asked, finds):
    change(
        insert(DiaryEntry).values(
            organisation_id=ward.organisation_id,
            person_id=ward.id,
            uid="made-up@localhost",
            source="study_day",
            source_id=asked,
            title="Study day",
            starts_at=LATER,
            ends_at=LATER.replace(hour=12),
            created_at=LATER,
            changed_at=LATER,
        )
    )

    found = f"the diary of person {ward.id} has study day {asked}, which is not approved at that time"
    finds(f"study days in diaries: {found}")
