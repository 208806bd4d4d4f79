"""Drafts made into sessions: years found, moments placed in London's time, doubles and clashes refused."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time
from itertools import pairwise
from operator import attrgetter

from cpd.shared.dates import MONTHS, WEEKDAYS, WrittenDate, say
from cpd.shared.reading import Findings, Unreadable
from cpd.timetable.reading.clashes import without_clashes, without_doubles
from cpd.timetable.reading.drafts import Draft
from cpd.timetable.reading.values import LONDON, ReadDay, ReadSession, ReadTimetable
from cpd.timetable.reading.years import Calendar, YearHeading, calendar_for, date_near, dates_of

FAR_APART_DAYS = 14
UNUSUALLY_EARLY = time(6)
UNUSUALLY_LONG_HOURS = 12
SATURDAY = 5


def finish(drafts: Sequence[Draft], year: int | None, findings: Findings) -> ReadTimetable:
    """Turn drafts into the timetable; `year` holds where neither a row nor a heading says one."""
    headings = dict.fromkeys(draft.heading for draft in drafts)
    calendars = {heading: _calendar(heading, drafts, year, findings) for heading in headings}
    read = [(draft, _session(draft, calendars[draft.heading], findings)) for draft in drafts]
    sessions = [(draft, session) for draft, session in read if session]
    kept = without_clashes(without_doubles(sessions, findings), findings)
    by_row = attrgetter("row")
    return ReadTimetable(
        tuple(session for _, session in kept),
        tuple(findings.held_back),
        tuple(sorted(findings.refused, key=by_row)),
        tuple(sorted(findings.warnings, key=by_row)),
    )


def _calendar(
    heading: YearHeading | None, drafts: Sequence[Draft], year: int | None, findings: Findings
) -> Calendar | Unreadable:
    """Find the rule for the dates below one heading, and say where it was not written but concluded."""
    below = [(draft, one) for draft in drafts if draft.heading == heading for one in _written(draft)]
    try:
        calendar = calendar_for([one for _, one in below], heading, year)
    except Unreadable as unreadable:
        return unreadable
    if heading and year not in (None, heading.year):
        findings.warn(heading.row, "heading", f"the heading says {heading.year}, so the year {year} was not used")
    for draft, one in below:
        if one.year is None and one.month < calendar.first_month:
            reason = f"{MONTHS[one.month - 1]} is taken as {calendar.year + 1}: the timetable begins in {calendar.year}"
            findings.warn(draft.row, draft.column("start_date"), reason)
        if one.year is None and heading is None and year is None:
            findings.warn(
                draft.row, draft.column("start_date"), "a date without a year is taken from the other rows' year"
            )
    return calendar


def _written(draft: Draft) -> list[WrittenDate]:
    return [one for run in draft.when.runs for one in (run.first, run.last) if one]


def _session(draft: Draft, calendar: Calendar | Unreadable, findings: Findings) -> ReadSession | None:
    try:
        dates = dates_of(draft.when.runs, calendar)
        _check_weekdays(draft, dates)
        days = tuple(_day(draft, day) for day in dates)
        opens, closes = _booking_dates(draft, dates[0])
    except Unreadable as unreadable:
        findings.refuse(draft.row, draft.column(unreadable.field or "start_date"), unreadable.reason)
        return None
    details = draft.details
    session = ReadSession(
        row=draft.row,
        module=draft.module,
        days=days,
        session_ref=details.session_ref,
        capacity=details.capacity,
        booking_opens=opens,
        booking_closes=closes,
        facilitator=details.facilitator,
        place_as_written=draft.place_as_written,
        raw=draft.raw,
    )
    for column, remark in _remarks(draft, session):
        findings.warn(draft.row, draft.column(column), remark)
    return session


def _check_weekdays(draft: Draft, dates: Sequence[date]) -> None:
    """Check the column of weekdays: those of all days, or that of the first."""
    said, true = draft.details.weekdays, {day.weekday() for day in dates}
    if said and said not in (true, {dates[0].weekday()}):
        names = " and ".join(WEEKDAYS[number] for number in sorted(said))
        raise Unreadable(f"{say(dates[0])} is a {WEEKDAYS[dates[0].weekday()]}, not a {names}", field="weekday")


def _day(draft: Draft, day: date) -> ReadDay:
    start, end = draft.when.span
    place = draft.place
    starts_at, ends_at = _moment(day, start, "start_time"), _moment(day, end, "end_time")
    return ReadDay(starts_at, ends_at, place.venue, place.room, place.room_code)


def _moment(day: date, at: time, field: str) -> datetime:
    """Place a time of day in London's time; raises `Unreadable` for one that does not exist or comes twice."""
    local = datetime.combine(day, at, LONDON)
    moment = local.astimezone(UTC)
    if moment.astimezone(LONDON).time() != at:
        raise Unreadable(f"{at:%H:%M} on {say(day)} does not exist: the clocks go forward", field=field)
    if local.utcoffset() != local.replace(fold=1).utcoffset():
        raise Unreadable(f"{at:%H:%M} on {say(day)} comes twice: the clocks go back", field=field)
    return moment


def _booking_dates(draft: Draft, first_day: date) -> tuple[date | None, date | None]:
    """Give the dates on which booking opens and closes; both count as open."""
    opens = _near(first_day, draft.details.booking_opens, "booking_opens")
    closes = _near(first_day, draft.details.booking_closes, "booking_closes")
    if opens and closes and closes < opens:
        raise Unreadable(f"booking closes on {say(closes)}, before it opens on {say(opens)}", field="booking_closes")
    if opens and opens > first_day:
        raise Unreadable(f"booking opens on {say(opens)}, after the session on {say(first_day)}", field="booking_opens")
    return opens, closes


def _near(day: date, one: WrittenDate | None, field: str) -> date | None:
    try:
        found = date_near(one, day) if one else None
    except Unreadable as unreadable:
        raise Unreadable(unreadable.reason, field=field) from unreadable
    if one and found and one.weekday not in (None, found.weekday()):
        reason = f"{say(found)} is a {WEEKDAYS[found.weekday()]}, not a {WEEKDAYS[one.weekday or 0]}"
        raise Unreadable(reason, field=field)
    return found


def _remarks(draft: Draft, session: ReadSession) -> Iterator[tuple[str, str]]:
    """Say what is odd about a session that was understood, with the field that it stands in."""
    start, end = draft.when.span
    days = [day.starts_at.astimezone(LONDON).date() for day in session.days]
    for day in days:
        if day.weekday() >= SATURDAY:
            yield "start_date", f"{say(day)} is a {WEEKDAYS[day.weekday()]}"
    if any((following - day).days > FAR_APART_DAYS for day, following in pairwise(days)):
        yield "start_date", f"{len(days)} dates from {say(days[0])} to {say(days[-1])} are taken as one session"
    if start < UNUSUALLY_EARLY:
        yield "start_time", f"it starts at {start:%H:%M}, in the night"
    if end.hour - start.hour > UNUSUALLY_LONG_HOURS:
        yield "end_time", f"it lasts from {start:%H:%M} to {end:%H:%M}"
    if session.booking_closes and session.booking_closes > days[0]:
        yield "booking_closes", f"booking closes on {say(session.booking_closes)}, after the session has started"
