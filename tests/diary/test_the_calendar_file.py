"""The file that calendars read (RFC 5545), here as icalendar reads it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from icalendar import Calendar, Event

from cpd.diary.calendar import CalendarEvent, calendar_of
from cpd.shared.clock import LONDON
from tests.cast import london
from tests.diary.conftest import read

AT = datetime(2026, 11, 2, 8, 15, tzinfo=UTC)
EVENT = CalendarEvent(
    uid="session-day-1-person-7@training.example",
    sequence=3,
    title="Module 2",
    location="Room 2, Dryden Road",
    description="Bring nothing.",
    url="https://training.example/sessions/5",
    starts_at=london(2027, 1, 12, 9, 30),
    ends_at=london(2027, 1, 12, 12, 30),
    cancelled=False,
    created_at=AT,
    changed_at=AT + timedelta(days=1),
)
AWKWARD = st.text(alphabet="aN n,;:\\\"'ŵ“”é😀\n\t^=", max_size=300)


def only(**changes) -> dict:
    """How icalendar reads a calendar of one event."""
    [event] = read(calendar_of([replace(EVENT, **changes)], "My training"))
    return event


def lines_of(calendar: bytes) -> list[bytes]:
    """The lines of a file as they are written, long ones in pieces."""
    return calendar.removesuffix(b"\r\n").split(b"\r\n")


def test_a_calendar_is_exactly_this():
    assert (
        calendar_of([EVENT], "My training").decode()
        == "\r\n".join(
            """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//CPD//Training diary//EN
CALSCALE:GREGORIAN
X-WR-CALNAME:My training
REFRESH-INTERVAL;VALUE=DURATION:PT12H
X-PUBLISHED-TTL:PT12H
BEGIN:VTIMEZONE
TZID:Europe/London
BEGIN:DAYLIGHT
TZOFFSETFROM:+0000
TZOFFSETTO:+0100
TZNAME:BST
DTSTART:19810329T010000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
BEGIN:STANDARD
TZOFFSETFROM:+0100
TZOFFSETTO:+0000
TZNAME:GMT
DTSTART:19961027T020000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
UID:session-day-1-person-7@training.example
SEQUENCE:3
DTSTAMP:20261103T081500Z
CREATED:20261102T081500Z
LAST-MODIFIED:20261103T081500Z
DTSTART;TZID=Europe/London:20270112T093000
DTEND;TZID=Europe/London:20270112T123000
SUMMARY:Module 2
LOCATION:Room 2\\, Dryden Road
DESCRIPTION:Bring nothing.
URL:https://training.example/sessions/5
STATUS:CONFIRMED
TRANSP:OPAQUE
END:VEVENT
END:VCALENDAR
""".splitlines()
        )
        + "\r\n"
    )


def test_a_cancelled_event_says_so_for_calendars_and_for_people_and_takes_no_time():
    [event] = Calendar.from_ical(calendar_of([replace(EVENT, cancelled=True)], "My training")).walk("VEVENT")

    assert (event["status"], event["summary"], event["transp"]) == ("CANCELLED", "Cancelled: Module 2", "TRANSPARENT")


def test_an_event_with_little_to_say_has_no_empty_lines():
    calendar = calendar_of([replace(EVENT, location="", description="", url="")], "My training")

    assert not {"LOCATION", "DESCRIPTION", "URL"} & {line.partition(b":")[0].decode() for line in lines_of(calendar)}


def test_a_calendar_without_events_is_still_a_calendar():
    calendar = calendar_of([], "Nothing yet; really, nothing")

    assert rb"X-WR-CALNAME:Nothing yet\; really\, nothing" in lines_of(calendar)
    assert [part.name for part in Calendar.from_ical(calendar).subcomponents] == ["VTIMEZONE"]


def test_the_same_events_are_the_same_bytes():
    assert calendar_of([EVENT, EVENT], "My training") == calendar_of(iter([EVENT, EVENT]), "My training")


def test_the_time_zone_in_the_file_knows_every_clock_change_of_thirty_years():
    zone = Calendar.from_ical(calendar_of([], "")).timezones[0].to_tz()
    weeks = [(year, month, day) for year in range(1997, 2028) for month in (3, 10) for day in range(24, 32)]

    for parts in product(weeks, (0, 3, 12)):
        hour = datetime(*parts[0], parts[1], tzinfo=LONDON)
        assert hour.replace(tzinfo=zone).utcoffset() == hour.utcoffset(), hour


@settings(derandomize=True, deadline=None)
@given(
    starts_at=st.datetimes(datetime(1997, 1, 1), datetime(2037, 1, 1), timezones=st.just(UTC)),
    minutes=st.integers(1, 60 * 24 * 3),
)
@example(datetime(2027, 3, 28, 0, 30, tzinfo=UTC), 60)
@example(datetime(2027, 10, 31, 0, 0, tzinfo=UTC), 60)
@example(datetime(2027, 10, 31, 1, 0, tzinfo=UTC), 60)
@example(datetime(2027, 10, 31, 0, 59, tzinfo=UTC), 120)
def test_every_moment_is_read_back_as_it_was(starts_at, minutes):
    starts_at = starts_at.replace(microsecond=0)
    event = only(starts_at=starts_at, ends_at=starts_at + timedelta(minutes=minutes))

    assert (event["starts_at"], event["ends_at"]) == (starts_at, starts_at + timedelta(minutes=minutes))


@settings(derandomize=True, deadline=None)
@given(text=AWKWARD)
@example("Commas, semicolons; a colon: a backslash \\ and “quotes” with ŵ")
@example("R:\\New starters\\notes")
@example("One line\nand another\n\nand one after a gap")
@example("😀" * 100)
@example("x" * 5000)
@example("\\" * 200)
def test_words_are_read_back_as_they_were_and_no_line_is_longer_than_75_bytes(text):
    event = only(title=text, location=text, description=text)
    assert (event["title"], event["location"], event["description"]) == (text, text, text)

    lines = lines_of(calendar_of([replace(EVENT, title=text, description=text)], text))
    assert max(len(line) for line in lines) <= 75
    assert not any(b"\n" in line or b"\r" in line for line in lines)


@settings(derandomize=True, deadline=None)
@given(text=AWKWARD.filter(lambda text: "\\N" not in text))
def test_lines_are_written_as_the_library_writes_them(text):
    event = Event()
    event.add("summary", text)
    wanted = event.to_ical().removeprefix(b"BEGIN:VEVENT").removesuffix(b"END:VEVENT\r\n")

    assert wanted in calendar_of([replace(EVENT, title=text)], "")


@pytest.mark.parametrize(
    ("written", "shown"),
    [("one\r\ntwo\rthree", "one\ntwo\nthree"), ("a\x0bb\x1fc\x7fd", "abcd"), ("a\tb", "a\tb")],
    ids=["line ends of every kind", "control characters", "a tab"],
)
def test_what_a_calendar_cannot_hold_is_put_right(written, shown):
    assert only(title=written)["title"] == shown
