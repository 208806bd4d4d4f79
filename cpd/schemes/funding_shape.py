"""Funding of training outside the pathway, in a pack: who may ask for it (W-13)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from cpd.schemes.values import Citation, Shape, StaffType, Text


class Funding(Shape):
    """That people may ask for the cost of training outside the pathway; an Assistant Director decides."""

    staff_types: Annotated[tuple[StaffType, ...], Field(min_length=1)] = (StaffType.EMPLOYEE,)
    covers: Text
    """In a sentence for what and for whom it is."""
    cites: tuple[Citation, ...] = ()
