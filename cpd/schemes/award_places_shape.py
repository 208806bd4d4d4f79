"""Yearly places on an award in a pack: how many a year, which year, who may apply and who decides (S-5, AMB-41)."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from cpd.schemes.values import Citation, Code, Count, Shape, StaffType, Words

DaysOfAYear = Annotated[int, Field(ge=0, le=364)]


class PlaceYear(StrEnum):
    """Which year "a year" means (AMB-41): from 1 April, or from 1 January."""

    FINANCIAL = "financial"
    CALENDAR = "calendar"


class PlaceDecider(StrEnum):
    """The role whose holders select."""

    WORKFORCE_DEVELOPMENT = "workforce_development"
    SERVICE_MANAGER = "service_manager"
    ASSISTANT_DIRECTOR = "assistant_director"


class AwardPlaces(Shape):
    """So many places on one award in each year."""

    award: Code
    title: Words
    places: Count
    year: PlaceYear = PlaceYear.FINANCIAL
    opens_days_before: DaysOfAYear = 0
    """Applications are taken from so many days before the year's first day; 0: from the first day."""
    closes_days_after: DaysOfAYear | None = None
    """Applications are taken up to and including so many days after the first day; none: until the last day."""
    staff_types: Annotated[tuple[StaffType, ...], Field(min_length=1)] = (StaffType.EMPLOYEE,)
    decided_by: PlaceDecider = PlaceDecider.WORKFORCE_DEVELOPMENT
    cites: tuple[Citation, ...] = ()
