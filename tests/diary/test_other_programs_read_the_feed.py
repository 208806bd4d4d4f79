"""ical.js reads what we write, taking the time zone from the file itself: the same moments, the same words."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta

import pytest

from cpd.diary import service as diary
from cpd.diary.calendar import CalendarEvent, calendar_of
from tests.cast import london
from tests.diary.conftest import put, read, token_of, withdraw

pytestmark = pytest.mark.browser

AT = datetime(2026, 11, 2, 8, 15, tzinfo=UTC)
EVENT = CalendarEvent(
    uid="session-day-1-person-7@training.example",
    sequence=3,
    title="Module 2",
    location="Room 2, Dryden Road",
    description="",
    url="https://training.example/sessions/5",
    starts_at=london(2027, 1, 12, 9, 30),
    ends_at=london(2027, 1, 12, 12, 30),
    cancelled=False,
    created_at=AT,
    changed_at=AT,
)
AROUND_THE_CLOCK_CHANGES = [
    *(london(2027, 3, day, 9, 30) for day in (26, 27, 28, 29)),
    *(london(2027, 10, day, 9, 30) for day in (29, 30, 31)),
    london(2027, 11, 1, 9, 30),
    *(datetime(2027, 3, 27, 22, 0, tzinfo=UTC) + timedelta(minutes=30 * half) for half in range(12)),
    *(datetime(2027, 10, 30, 21, 0, tzinfo=UTC) + timedelta(minutes=30 * half) for half in range(14)),
]
WORDS = [
    "Commas, semicolons; a colon: “quotes” and ŵ",
    "R:\\New starters\\notes, and \\; itself",
    "One line\nand another\n\nand one after a gap",
    "A family 👩‍👩‍👧 and 😀" * 20,
    "Next line\u0085 and paragraph\u2029 ends",
    "x" * 3000,
]


def as_read(event: CalendarEvent) -> dict:
    facts = asdict(event) | {"status": "CONFIRMED"}
    for name in ("cancelled", "created_at", "changed_at"):
        del facts[name]
    return facts


def test_the_moments_are_the_same_on_both_sides_of_both_clock_changes(read_by_ical_js):
    events = [
        replace(
            EVENT,
            uid=f"{hours}-{starts_at:%m%dT%H%M%Z}",
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=hours),
        )
        for starts_at in AROUND_THE_CLOCK_CHANGES
        for hours in (1, 3, 30)
    ]
    calendar = calendar_of(events, "My training")

    assert read_by_ical_js(calendar) == read(calendar) == [as_read(event) for event in events]


def test_the_words_are_the_same(read_by_ical_js):
    events = [replace(EVENT, title=words, location=words, description=words) for words in WORDS]
    calendar = calendar_of(events, "My training")

    assert read_by_ical_js(calendar) == read(calendar) == [as_read(event) for event in events]


def test_a_whole_feed_with_a_cancelled_event_is_the_same(app, alice, make_entry, read_by_ical_js):
    put(make_entry(alice, 1, source_id=5), make_entry(alice, 2, source_id=6, title="Module 3; context, “values”"))
    withdraw(alice, 5)
    feed = diary.find_feed(token_of(alice))

    assert [(event["title"], event["status"], event["sequence"]) for event in read_by_ical_js(feed)] == [
        ("Cancelled: Module 2", "CANCELLED", 1),
        ("Module 3; context, “values”", "CONFIRMED", 0),
    ]
    assert read_by_ical_js(feed) == read(feed)
