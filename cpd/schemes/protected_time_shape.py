"""The section of a pack on protected development time: whose it is, and which share of contracted hours."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from cpd.schemes.values import Amount, Citation, Code, Day, Months, Shape


class ProtectedTimeAllowance(Shape):
    """A share of contracted hours that is kept free for development (S-1), less for part-time staff (AMB-18)."""

    career_levels: Annotated[tuple[Code, ...], Field(min_length=1)]
    """In which career levels people have it."""
    percent: Annotated[Amount, Field(le=100)]
    """Which share of contracted hours; 10 is half a day of a full-time week."""
    full_time_hours: Annotated[Amount, Field(le=168)]
    """How many hours a full-time week has; whose FTE is 0.6 has 0.6 of them."""
    since: Day | None = None
    """From which day on the council gives it; none: always."""
    months: Months | None = None
    """For how many months in these career levels, pauses and career breaks not counted; none: for all of them."""
    cites: tuple[Citation, ...] = ()

    @model_validator(mode="after")
    def _names_each_level_once(self) -> Self:
        if twice := next((each for each in self.career_levels if self.career_levels.count(each) > 1), None):
            raise ValueError(f"names the career level {twice} twice")
        return self
