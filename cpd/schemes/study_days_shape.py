"""The section of a pack on study days: which kinds there are, and how many half days each career level has."""

from __future__ import annotations

import re
from datetime import date, time
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, PlainSerializer, model_validator

from cpd.schemes.values import Citation, Code, Shape, Words

A_LEAP_YEAR = 2000
EVERYBODY_ELSE = "everybody else"


class AllowancePeriod(StrEnum):
    """For how long an entitlement is: for the whole stay in a career level, or for each year (AMB-07)."""

    STAGE = "stage"
    YEAR = "year"


class Absence(StrEnum):
    """A kind of time away from work, by its name in people's records."""

    LEAVE = "leave"
    PAUSE = "pause"
    CAREER_BREAK = "career_break"


class Rounding(StrEnum):
    """What becomes of a part of a half day."""

    UP = "up"
    DOWN = "down"


def _month_and_day(value: Any) -> tuple[int, int]:
    """Read a day that is there in every year, written as month-day."""
    found = re.fullmatch(r"([0-9]{2})-([0-9]{2})", value) if isinstance(value, str) else None
    try:
        if found and (month_day := date(A_LEAP_YEAR, int(found[1]), int(found[2]))) != date(A_LEAP_YEAR, 2, 29):
            return month_day.month, month_day.day
    except ValueError:  # such as the 31st of April
        pass
    raise ValueError("must be a day of every year as month and day, such as 04-01")


def _time_of_day(value: Any) -> time:
    """Read a time of day, only ever written as hours and minutes."""
    try:
        if isinstance(value, str) and re.fullmatch(r"[0-9]{2}:[0-9]{2}", value):
            return time.fromisoformat(value)
    except ValueError:  # such as 25:00
        pass
    raise ValueError("must be a time of day such as 09:00")


MonthAndDay = Annotated[
    tuple[int, int],
    BeforeValidator(_month_and_day, json_schema_input_type=str),
    PlainSerializer(lambda value: f"{value[0]:02}-{value[1]:02}", when_used="json"),
]
TimeOfDay = Annotated[
    time,
    BeforeValidator(_time_of_day, json_schema_input_type=str),
    PlainSerializer(lambda value: f"{value:%H:%M}", when_used="json"),
]


class StudyDayEntitlement(Shape):
    """How many half days somebody in one of these career levels has, and for which time."""

    career_levels: tuple[Code, ...] = ()
    """Left empty: everybody for whom no other line stands."""
    half_days: Annotated[int, Field(ge=0, le=1000)] | None
    """7 is 3.5 days; null: the number is not set, and each day is decided on by itself (AMB-06)."""
    period: AllowancePeriod
    year_begins: MonthAndDay | None = None
    """The first day of the year, as 04-01; only for a period of a year."""
    by_hours: bool = False
    """Whether part-time staff have less, in proportion to their hours (AMB-18 asks the same of protected time)."""
    by_part_year: bool = False
    """Whether who comes or goes within the year has less, in proportion to her days in post."""
    reduced_by: tuple[Absence, ...] = ()
    """Which kinds of time away count as not in post. A stage only takes longer, so nothing reduces it."""
    rounding: Rounding = Rounding.UP
    cites: tuple[Citation, ...] = ()

    @model_validator(mode="after")
    def _fits_its_period(self) -> Self:
        is_year = self.period is AllowancePeriod.YEAR
        if is_year != (self.year_begins is not None):
            raise ValueError("needs year_begins where its period is a year, and nowhere else")
        if not is_year and (self.by_part_year or self.reduced_by):
            raise ValueError("can be reduced by a part of a year or by time away only where its period is a year")
        return self


class StudyDayKind(Shape):
    """One kind of paid day for one's own development (AMB-31): a study day, a wellbeing day."""

    code: Code
    title: Words
    """What one of them is called: Study day."""
    entitlements: tuple[StudyDayEntitlement, ...]
    morning_begins: TimeOfDay = time(9)
    morning_ends: TimeOfDay = time(12, 30)
    afternoon_begins: TimeOfDay = time(13)
    afternoon_ends: TimeOfDay = time(16, 30)
    """Between which times it stands in the diary."""
    cites: tuple[Citation, ...] = ()

    @model_validator(mode="after")
    def _is_clear(self) -> Self:
        if not self.entitlements:
            raise ValueError("gives nobody an entitlement")
        if not self.morning_begins < self.morning_ends <= self.afternoon_begins < self.afternoon_ends:
            raise ValueError("must give the times of a morning and, after it, of an afternoon")
        named = [code for each in self.entitlements for code in each.career_levels or (EVERYBODY_ELSE,)]
        if twice := next((code for code in named if named.count(code) > 1), None):
            raise ValueError(f"gives {twice} two entitlements")
        return self
