"""How study days are said: half days as days, and how each of them stands."""

from __future__ import annotations

from datetime import date

from cpd.schemes.study_days_shape import AllowancePeriod
from cpd.shared.wording import date_words, day_words
from cpd.study.days.allowances import Allowance, Balance
from cpd.study.days.rules import Act, DayPart, DayStatus, StudyDay
from cpd.timetable.bank_holidays import bank_holidays

PARTS = {DayPart.WHOLE: "the whole day", DayPart.MORNING: "the morning", DayPart.AFTERNOON: "the afternoon"}

LABELS: dict[DayStatus, tuple[str, str]] = {
    DayStatus.ASKED: ("Waiting for an answer", "waiting"),
    DayStatus.APPROVED: ("Approved", "booked"),
    DayStatus.TAKEN: ("Taken", "done"),
    DayStatus.DECLINED: ("Declined", "neutral"),
    DayStatus.WITHDRAWN: ("Request taken back", "neutral"),
    DayStatus.CANCELLED: ("Cancelled", "neutral"),
    DayStatus.NOT_TAKEN: ("Not taken", "neutral"),
}

DONE: dict[Act, str] = {
    Act.ASKED: "Asked for",
    Act.APPROVED: "Approved",
    Act.DECLINED: "Declined",
    Act.WITHDRAWN: "Taken back",
    Act.CANCELLED: "Cancelled",
    Act.NOT_TAKEN: "Said not to be taken",
}


SATURDAY = 5


def day_off(on: date) -> str:
    """`a Saturday`, `a bank holiday (Good Friday)`: what a day is on which nobody works; empty on a working day."""
    if holiday := bank_holidays(on.year).get(on):
        return f"a bank holiday ({holiday})"
    return f"a {on:%A}" if on.weekday() >= SATURDAY else ""


def in_days(half_days: int) -> str:
    """`half a day`, `1 day`, `3.5 days`, `no days`."""
    if half_days == 1:
        return "half a day"
    whole, half = divmod(half_days, 2)
    return f"{whole or 'no'}{'.5' if half else ''} {'day' if half_days == 2 else 'days'}"  # noqa: PLR2004 - one whole day


def when_words(day: StudyDay) -> str:
    """`Monday 7 January 2019, the morning`."""
    return f"{day_words(day.on, year=True)}, {PARTS[day.part]}"


def left_words(balance: Balance) -> str:
    """`1.5 days left of 3.5 days`, `the number of days is not set`, `half a day more than 3.5 days`."""
    entitled, left = balance.allowance.half_days, balance.left
    if entitled is None or left is None:
        return "the number of days is not set"
    if left < 0:
        return f"{in_days(-left)} more than {in_days(entitled)}"
    return f"{in_days(left)} left of {in_days(entitled)}"


def bar_words(balance: Balance) -> str:
    """`1 day taken, half a day approved and still to come`: what is left stands above it."""
    return f"{in_days(balance.taken)} taken, {in_days(balance.approved)} approved and still to come".capitalize()


def time_of(allowance: Allowance) -> str:
    """`since 1 September 2018`, `from 1 April 2018 to 31 March 2019`."""
    if allowance.last_day is None:
        return f"since {date_words(allowance.first_day)}"
    return f"from {date_words(allowance.first_day)} to {date_words(allowance.last_day)}"


def rule_words(allowance: Allowance, level_title: str) -> str:
    """Say where the figure of an entitlement comes from, in a sentence or two."""
    stage = f"the whole stage ({level_title})" if level_title else "the whole stage"
    span = f"{stage if allowance.period is AllowancePeriod.STAGE else 'the year'}, {time_of(allowance)}"
    if allowance.half_days is None:
        return f"For {span}, no number is set. A day can be asked for, and each is decided on by itself."
    return f"{in_days(allowance.half_days).capitalize()} for {span}."
