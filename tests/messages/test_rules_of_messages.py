"""When a mail is tried again, when somebody is reminded, and what a calendar must still be told."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from cpd.messages.rules import LEASE, MOST_TRIES, InDiary, Method, next_try, reminder_at, still_to_tell
from cpd.messages.transport import SECONDS
from tests.cast import london

NOW = datetime(2019, 1, 2, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_a_mail_is_tried_again_after_longer_and_longer_pauses_and_then_no_more():
    minutes = []
    for attempts in range(1, MOST_TRIES + 1):
        again = next_try(attempts, NOW)
        minutes.append(again and (again - NOW).total_seconds() / 60)

    assert minutes == [1, 5, 30, 120, 720, None]


def test_a_lease_outlasts_the_longest_talk_with_a_mail_server():
    answers = ("greeting", "EHLO", "STARTTLS", "EHLO again", "AUTH", "AUTH again", "MAIL", "RCPT", "DATA", "the mail")

    assert timedelta(seconds=SECONDS) * len(answers) < LEASE


@pytest.mark.parametrize(
    ("starts_at", "days", "expected"),
    [
        (london(2019, 1, 15, 9, 30), 2, london(2019, 1, 11, 9, 0)),
        (london(2019, 1, 17, 13, 30), 2, london(2019, 1, 15, 9, 0)),
        (london(2019, 1, 17, 13, 30), 1, london(2019, 1, 16, 9, 0)),
        (london(2019, 1, 17, 13, 30), 0, None),
        (london(2019, 4, 23, 9, 30), 2, london(2019, 4, 17, 9, 0)),
        (london(2019, 4, 1, 9, 30), 1, london(2019, 3, 29, 9, 0)),
    ],
    ids=[
        "Tuesday: the Friday before",
        "the afternoon of a day like its morning",
        "one working day",
        "never",
        "Easter lies between",
        "the clocks change between",
    ],
)
def test_people_are_reminded_some_working_days_before_at_nine(starts_at, days, expected):
    easter = frozenset({date(2019, 4, 19), date(2019, 4, 22)})

    assert reminder_at(starts_at, days, easter) == expected


def entry(**more) -> InDiary:
    usual = {
        "wants_invitations": True,
        "cancelled": False,
        "starts_at": NOW + 24 * HOUR,
        "ends_at": NOW + 27 * HOUR,
        "sequence": 3,
        "told": None,
        "told_sequence": 0,
    }
    return InDiary(**usual | more)


SHOWN = {"told": Method.REQUEST, "told_sequence": 3}
TAKEN_OUT = {"told": Method.CANCEL, "told_sequence": 3}
OVER = {"starts_at": NOW - 3 * HOUR, "ends_at": NOW}
GOES_ON = {"starts_at": NOW - HOUR, "ends_at": NOW + HOUR}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (entry(), Method.REQUEST),
        (entry(**GOES_ON), Method.REQUEST),
        (entry(**OVER), None),
        (entry(wants_invitations=False), None),
        (entry(cancelled=True), None),
        (entry(**SHOWN), None),
        (entry(**SHOWN | {"sequence": 4}), Method.REQUEST),
        (entry(**SHOWN | OVER | {"sequence": 4}), Method.REQUEST),
        (entry(**SHOWN | {"cancelled": True, "sequence": 4}), Method.CANCEL),
        (entry(**SHOWN | OVER | {"cancelled": True, "sequence": 4}), Method.CANCEL),
        (entry(**SHOWN | {"wants_invitations": False, "sequence": 4}), Method.CANCEL),
        (entry(**SHOWN | GOES_ON | {"wants_invitations": False, "sequence": 4}), None),
        (entry(**TAKEN_OUT | {"cancelled": True}), None),
        (entry(**TAKEN_OUT | {"wants_invitations": False, "sequence": 4}), None),
        (entry(**TAKEN_OUT | {"sequence": 4}), Method.REQUEST),
        (entry(**TAKEN_OUT | OVER | {"sequence": 4}), None),
    ],
    ids=[
        "new",
        "new, and has begun",
        "new, and over",
        "she wants none",
        "cancelled before she was told",
        "shown as it is",
        "changed",
        "changed into the past: it must not stand in the future any more",
        "cancelled",
        "cancelled when it was over",
        "she wants no more",
        "she wants no more while it goes on",
        "taken out and still cancelled",
        "taken out, changed, and she wants none",
        "taken out and on again",
        "taken out, on again and over",
    ],
)
def test_a_calendar_is_told_what_it_lacks_and_nothing_else(given, expected):
    assert still_to_tell(given, NOW) is expected
