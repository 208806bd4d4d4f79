"""After any series of changes a calendar that reads the feed shows the diary, and learned of every change."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from cpd.diary import service as diary
from cpd.diary.models import DiaryEntry
from cpd.shared.unit_of_work import unit_of_work
from tests.conftest import EVE_OF_TERM
from tests.diary.conftest import put, read, rows_of, withdraw

words = st.text(alphabet='ab ,;:\\"ŵ“”😀\n', min_size=1, max_size=90)
changes = st.fixed_dictionaries(
    {},
    optional={
        "title": words,
        "location": words,
        "description": words,
        "path": st.sampled_from(["", "/sessions/5"]),
        "ends_at": st.integers(10, 20).map(lambda hour: EVE_OF_TERM.replace(month=6, hour=hour)),
    },
)
puts = st.tuples(
    st.sampled_from(["put", "replace"]), st.lists(st.tuples(st.integers(1, 4), changes), min_size=1, max_size=3)
)
withdrawals = st.tuples(st.just("withdraw"), st.sets(st.integers(5, 6), min_size=1))
waits = st.tuples(st.just("wait"), st.integers(1, 25))
IN_JUNE = EVE_OF_TERM.replace(month=6)


def visible(event: dict) -> dict:
    return {name: value for name, value in event.items() if name != "sequence"}


def expected(row: DiaryEntry) -> dict:
    cancelled = row.cancelled_at is not None
    return {
        "uid": row.uid,
        "sequence": row.sequence,
        "title": f"Cancelled: {row.title}" if cancelled else row.title,
        "location": row.location,
        "description": row.description,
        "url": f"http://127.0.0.1:5000{row.path}" if row.path else "",
        "status": "CANCELLED" if cancelled else "CONFIRMED",
        "starts_at": row.starts_at.astimezone(UTC),
        "ends_at": row.ends_at.astimezone(UTC),
    }


def act(app, make_entry, person, step) -> None:
    """Do one thing to the diary: days 1 and 2 belong to training session 5, days 3 and 4 to 6."""
    what, value = step
    if what == "put":
        entries = [(make_entry(person, day, IN_JUNE, source_id=5 + (day > 2)), change) for day, change in value]
        put(*(replace(entry, **change) for entry, change in entries))
    elif what == "replace":
        entries = [replace(make_entry(person, day, IN_JUNE), **change) for day, change in value if day <= 2]
        with unit_of_work():
            diary.replace([person.id], "session", 5, entries)
    elif what == "withdraw":
        withdraw(person, *value)
    else:
        app.extensions["frozen_clock"] += timedelta(days=value)


@settings(derandomize=True, deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.one_of(puts, withdrawals, waits), max_size=12))
def test_the_feed_shows_the_diary_and_its_sequences_tell_of_every_change(both, alice, bob, make_entry, steps):
    both.extensions["frozen_clock"] = EVE_OF_TERM
    with unit_of_work() as session:
        session.execute(delete(DiaryEntry))
    put(make_entry(bob))
    token = diary.feed_token(alice.id)
    known: dict[str, dict] = {}
    for step in steps:
        act(both, make_entry, alice, step)
        now = both.extensions["frozen_clock"]
        month_ago = now - timedelta(days=30)
        shown = [row for row in rows_of(alice) if row.cancelled_at is None or row.cancelled_at > month_ago]
        events = {event["uid"]: event for event in read(diary.find_feed(token))}

        assert list(events.values()) == [
            expected(row) for row in sorted(shown, key=lambda row: (row.starts_at, row.id))
        ]
        for uid in known.keys() & events.keys():
            changed = visible(events[uid]) != visible(known[uid])
            assert events[uid]["sequence"] >= known[uid]["sequence"]
            assert (events[uid]["sequence"] > known[uid]["sequence"]) == changed
        known |= events
    assert [row.sequence for row in rows_of(bob)] == [0]
