"""Study days: every balance is the sum of its entries, and what is approved stands in the diary."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

from sqlalchemy import select

from cpd.commands.checks.check import Check, rows_in
from cpd.diary.models import DiaryEntry
from cpd.people.away import away_between
from cpd.shared.database import db
from cpd.study.days import reading, rules
from cpd.study.days.models import StudyDayEntry, StudyDayRequest
from cpd.study.days.rules import Act, StudyDay


def wrong_ledgers() -> Iterator[str]:
    """Find days whose entries do not follow each other, or do not come to what they should by their acts."""
    for day in reading.every_day():
        if fault := _fault_of(day):
            yield f"study day {day.id} of person {day.person_id} {fault}"
    bare = select(StudyDayRequest.id).where(StudyDayRequest.id.not_in(select(StudyDayEntry.study_day_request_id)))
    for request_id in db.session.scalars(bare.order_by(StudyDayRequest.id)):
        yield f"study day {request_id} has no entry"


def wrong_diaries() -> Iterator[str]:
    """Find approved days that do not stand in the diary once at their times, and entries of days that are not."""
    wanted = select(DiaryEntry.source_id, DiaryEntry.person_id, DiaryEntry.starts_at, DiaryEntry.ends_at).where(
        DiaryEntry.source == "study_day", DiaryEntry.cancelled_at.is_(None)
    )
    there = Counter((*row,) for row in db.session.execute(wanted))
    approved = {(day.id, day.person_id, day.starts_at, day.ends_at) for day in reading.every_day() if day.approved}
    for entry in sorted(approved):
        if there[entry] != 1:
            yield f"study day {entry[0]} is approved and stands {there[entry]} times in the diary of person {entry[1]}"
    for request_id, person_id, *_ in sorted(there.keys() - approved):
        yield f"the diary of person {person_id} has study day {request_id}, which is not approved at that time"


def days_in_time_away() -> Iterator[str]:
    """Find approved days that lie in time away: they count as taken once they are over, and nobody had them."""
    approved = [day for day in reading.every_day() if day.approved]
    away = away_between({day.person_id for day in approved}, date.min, date.max)
    for day in approved:
        if any(each.covers(day.on) for each in away[day.person_id]):
            yield f"study day {day.id} is approved, and person {day.person_id} is recorded as away on that day"


def _fault_of(day: StudyDay) -> str | None:
    """Say what is wrong with the entries of a day: each is looked at anew from the acts alone."""
    before: Act | None = None
    for entry in day.entries:
        if entry.act not in rules.FOLLOWS[before]:
            return f"was {entry.act} after it was {before or 'nothing'}"
        if (entry.asked, entry.approved) != rules.amounts_of(entry.act, day.half_days):
            return f"has an entry of {entry.asked} and {entry.approved} half days for being {entry.act}"
        if entry.is_override and not entry.reason:
            return "was approved beyond what was left, without a reason"
        before = entry.act
    expected = (day.half_days * (before is Act.ASKED), day.half_days * (before is Act.APPROVED))
    if (day.asked, day.approved) != expected:
        return f"sums to {day.asked} and {day.approved} half days, and should to {expected[0]} and {expected[1]}"
    return None


CHECKS = (
    Check("study days", wrong_ledgers, rows_in(StudyDayEntry), "entries"),
    Check("study days in time away", days_in_time_away, rows_in(StudyDayRequest), "study days"),
    Check("study days in diaries", wrong_diaries, rows_in(StudyDayRequest), "study days"),
)
