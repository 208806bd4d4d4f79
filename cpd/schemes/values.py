"""The small values of which a scheme pack is made: codes, words, days, amounts, cited rules."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

CODE_PATTERN = r"^[A-Za-z0-9]+(?:[-_][A-Za-z0-9]+)*$"
CITATION_PATTERN = r"^[A-Z]{1,6}-?[A-Z]?[0-9]{1,3}$"
PUBLISHED_PATTERN = r"^[12][0-9]{3}-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01]))?$"
SINGLE_LINE_PATTERN = r"^[^\n]+$"

PATTERNS_IN_WORDS = {
    CODE_PATTERN: "must be a code: letters and figures, with single hyphens or underscores between them",
    CITATION_PATTERN: "must be the id of a rule or an ambiguity, such as G-3 or AMB-23",
    PUBLISHED_PATTERN: "must be a month or a day, such as 2014-09 or 2019-03-07",
    SINGLE_LINE_PATTERN: "must be one line of text",
}
"""What each pattern asks, for a person to read."""


class Shape(BaseModel):
    """One part of a pack: never changed once read, no key that is not known, nothing converted silently."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, use_attribute_docstrings=True)


class StaffType(StrEnum):
    """How a person stands to the organisation."""

    EMPLOYEE = "employee"
    AGENCY = "agency"
    STUDENT = "student"
    APPRENTICE = "apprentice"
    PARTNER = "partner"


def _day(value: Any) -> date:
    """Read a calendar day, only ever written as year-month-day."""
    try:
        if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
            day = date.fromisoformat(value)
            if 1900 <= day.year < 2200:  # noqa: PLR2004 - nobody's record reaches further
                return day
    except ValueError:  # such as the 30th of February
        pass
    raise ValueError("must be a day between 1900 and 2199 that exists, such as 2018-11-30")


def _amount(value: Any) -> Decimal:
    """Read an exact amount: a number as written, or text where JSON would round it."""
    try:
        amount = Decimal("NaN" if isinstance(value, bool) else str(value))
    except InvalidOperation:
        amount = Decimal("NaN")
    if amount.is_finite() and 0 < amount <= 1000 and amount == round(amount, 2):  # noqa: PLR2004 - an award is 60 to 360
        return amount
    raise ValueError("must be a number above 0 and up to 1000, with at most two decimals")


Code = Annotated[str, StringConstraints(pattern=CODE_PATTERN, max_length=40)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, pattern=SINGLE_LINE_PATTERN, max_length=200)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
Citation = Annotated[str, StringConstraints(pattern=CITATION_PATTERN)]
Published = Annotated[str, StringConstraints(pattern=PUBLISHED_PATTERN)]
Day = Annotated[date, BeforeValidator(_day)]
Amount = Annotated[Decimal, BeforeValidator(_amount)]
Count = Annotated[int, Field(ge=1, le=1000)]
AcademicLevel = Annotated[int, Field(ge=1, le=8)]
Months = Annotated[int, Field(ge=1, le=1200)]
