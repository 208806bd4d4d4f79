"""Protected development time: what each week has, what somebody had of it, and what is left (S-1, AMB-18).

A week begins on Monday and is named by that day. Working days are Monday to Friday, each a fifth of the week's
hours, whichever days somebody works. Amounts are minutes: exact while a week is reckoned, then rounded once.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from cpd.people.rules import Away, AwayKind, PostHeld
from cpd.requirements.months import Spell, day_reached, spells_apart_from

WORKING_DAYS = 5
WEEK = timedelta(days=7)
DAY = timedelta(days=1)
BREAKS = (AwayKind.PAUSE, AwayKind.CAREER_BREAK)
"""What stops the months for which somebody has protected time; leave does not (B3)."""


class Answer(StrEnum):
    """What somebody says of a week. The values are stored."""

    HAD = "had"
    PART = "part"
    NO = "no"


class Fault(StrEnum):
    """Why an answer cannot be taken."""

    NOT_A_WEEK = "not_a_week"
    AHEAD = "ahead"
    NOTHING_DUE = "nothing_due"
    TOO_LONG = "too_long"
    NO_TIME = "no_time"


@dataclass(frozen=True, slots=True)
class Allowance:
    """Who has protected time, and which share of contracted hours (S-1); the fields are those of the pack."""

    career_levels: frozenset[str]
    percent: Decimal
    full_time_hours: Decimal
    since: date | None = None
    months: int | None = None

    def minutes_a_day(self, fte: Decimal) -> Decimal:
        """Return the share of a working day, pro rata (AMB-18): 37 hours and 10 % are 44.4 minutes."""
        return self.percent * self.full_time_hours * fte * 60 / 100 / WORKING_DAYS

    @property
    def most_minutes(self) -> int:
        """The minutes of a full-time week without any day left out."""
        return _whole(self.minutes_a_day(Decimal(1)) * WORKING_DAYS)


@dataclass(frozen=True, slots=True)
class Rate:
    """So many minutes for each working day, from a day on until the day before `until`."""

    first_day: date
    until: date
    minutes: Decimal


@dataclass(frozen=True, slots=True)
class Said:
    """What was said of a week; `minutes` where she said how long a part was, else it is half."""

    answer: Answer
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Week:
    """What one week has: its minutes, the working days that they are for, and the days left out."""

    first: date
    minutes: int = 0
    working_days: int = 0
    holidays: int = 0
    days_away: int = 0

    def had(self, said: Said | None) -> int:
        """Return how many minutes she had: never more than the week has, and nothing while she has not said.

        Half a week's minutes are rounded down. What was said before days were left out counts up to what is left.
        """
        if said is None or said.answer is Answer.NO:
            return 0
        if said.answer is Answer.HAD:
            return self.minutes
        return self.minutes // 2 if said.minutes is None else min(said.minutes, self.minutes)


@dataclass(frozen=True, slots=True)
class Balance:
    """What was due so far, what she had, and what is due for weeks of which she has not said anything."""

    due: int = 0
    had: int = 0
    not_said: int = 0
    weeks_not_said: int = 0

    @property
    def left(self) -> int:
        """What she has not had, those weeks included."""
        return self.due - self.had

    @property
    def missed(self) -> int:
        """What she said that she did not have."""
        return self.left - self.not_said

    def __add__(self, other: Balance) -> Balance:
        return Balance(
            self.due + other.due,
            self.had + other.had,
            self.not_said + other.not_said,
            self.weeks_not_said + other.weeks_not_said,
        )


@dataclass(frozen=True, slots=True)
class WeekLine:
    """One week of somebody's: what it has, and what she said of it."""

    week: Week
    said: Said | None

    @property
    def had(self) -> int:
        """How many minutes she had."""
        return self.week.had(self.said)

    @property
    def is_open(self) -> bool:
        """Whether there is something to say that she has not said."""
        return self.said is None and self.week.minutes > 0


@dataclass(frozen=True, slots=True)
class Standing:
    """How somebody stands: her weeks, the newest first, and the sum of them.

    `begins_on` is the first day on which she has protected time, None where she never has; `is_over` says that
    she has none this week or later.
    """

    begins_on: date | None
    is_over: bool
    lines: Sequence[WeekLine]
    balance: Balance
    this_week: date

    @property
    def current(self) -> WeekLine | None:
        """This week, unless her protected time has not begun or is over."""
        return self.lines[0] if self.lines and not self.is_over else None

    @property
    def open_before(self) -> list[WeekLine]:
        """The weeks before this one of which she has not said anything, the newest first."""
        return [line for line in self.lines if line.is_open and line.week.first < self.this_week]


def monday_of(day: date) -> date:
    """Return the Monday of the week in which a day lies."""
    return day - timedelta(days=day.weekday())


def rates_of(allowances: Iterable[Allowance], posts: Sequence[PostHeld], away: Sequence[Away]) -> list[Rate]:
    """List how much protected time each working day has, in the order of time; `posts` are in that order too.

    It follows the post: its career level says whether, its FTE how much. Where it is promised for so many months,
    they begin with the first post of an unbroken row in those levels, and pauses do not count (B3).
    """
    rates = []
    for allowance in allowances:
        for row in _unbroken(posts, allowance.career_levels):
            last = _end_of(allowance, row[0].starts_on, away)
            for post in row:
                first = max(post.starts_on, allowance.since or date.min)
                until = min(post.ends_on or date.max, last)
                if first < until:
                    rates.append(Rate(first, until, allowance.minutes_a_day(post.fte)))
    return sorted(rates, key=lambda rate: rate.first_day)


def weeks_until(today: date, rates: Sequence[Rate], away: Sequence[Away], holidays: Container[date]) -> list[Week]:
    """List what each week has, from the first with protected time to the one in which `today` lies."""
    if not rates:
        return []
    return [week_from(first, rates, away, holidays) for first in _mondays(rates[0].first_day, today)]


def week_from(first: date, rates: Sequence[Rate], away: Sequence[Away], holidays: Container[date]) -> Week:
    """Reckon what one week has: bank holidays and days away are left out, each post's days have its rate (S-1)."""
    exact, worked, on_holiday, days_away = Decimal(0), 0, 0, 0
    for day in (first + number * DAY for number in range(WORKING_DAYS)):
        rate = next((each.minutes for each in rates if each.first_day <= day < each.until), None)
        if rate is None:
            continue
        if day in holidays:
            on_holiday += 1
        elif any(each.covers(day) for each in away):
            days_away += 1
        else:
            exact, worked = exact + rate, worked + 1
    return Week(first, _whole(exact), worked, on_holiday, days_away)


def balance_of(weeks: Iterable[tuple[Week, Said | None]], today: date) -> Balance:
    """Add up the weeks that are over, and this one once she has said something of it."""
    return sum((_alone(week, said, monday_of(today)) for week, said in weeks), Balance())


def standing_on(today: date, rates: Sequence[Rate], lines: Sequence[WeekLine]) -> Standing:
    """Return how somebody stands on a day; `lines` are her weeks up to then, in the order of time."""
    this_week = monday_of(today)
    return Standing(
        begins_on=rates[0].first_day if rates else None,
        is_over=all(rate.until <= this_week for rate in rates),
        lines=lines[::-1],
        balance=balance_of(((line.week, line.said) for line in lines), today),
        this_week=this_week,
    )


def faults_of(said: Said, week: Week, today: date) -> list[Fault]:
    """List why an answer cannot be taken: a week ahead, one with nothing due, or more time than the week has."""
    if week.first != monday_of(week.first):
        return [Fault.NOT_A_WEEK]
    if week.first > today:
        return [Fault.AHEAD]
    if not week.minutes:
        return [Fault.NOTHING_DUE]
    if said.minutes is not None and said.minutes > week.minutes:
        return [Fault.TOO_LONG]
    return [Fault.NO_TIME] if said.minutes is not None and said.minutes <= 0 else []


def _whole(minutes: Decimal) -> int:
    return int(minutes.quantize(Decimal(1), ROUND_HALF_UP))


def _alone(week: Week, said: Said | None, this_week: date) -> Balance:
    """Return what one week adds to the balance."""
    if said is None and week.first >= this_week:
        return Balance()
    is_open = said is None and week.minutes > 0
    return Balance(week.minutes, week.had(said), week.minutes if is_open else 0, int(is_open))


def _unbroken(posts: Sequence[PostHeld], levels: Container[str]) -> Iterator[list[PostHeld]]:
    """Divide the posts in some career levels into rows in which each follows the one before without a gap."""
    row: list[PostHeld] = []
    for post in posts:
        if post.career_level not in levels:
            continue
        if row and row[-1].ends_on != post.starts_on:
            yield row
            row = []
        row.append(post)
    if row:
        yield row


def _end_of(allowance: Allowance, start: date, away: Sequence[Away]) -> date:
    """Return the day on which protected time is over; the breaks put it off."""
    if allowance.months is None:
        return date.max
    breaks = (
        Spell(each.first_day, each.last_day + DAY if each.last_day else date.max)
        for each in away
        if each.kind in BREAKS
    )
    return day_reached(spells_apart_from(breaks, start), allowance.months) or date.max


def _mondays(first_day: date, today: date) -> Iterator[date]:
    monday = monday_of(first_day)
    while monday <= today:
        yield monday
        monday += WEEK
