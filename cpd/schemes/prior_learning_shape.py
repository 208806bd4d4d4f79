"""Prior learning in a pack: what a university may credit somebody for that she has learned elsewhere (B6)."""

from __future__ import annotations

from enum import StrEnum
from typing import Self

from pydantic import model_validator

from cpd.schemes.requirement_shape import RequirementShape
from cpd.schemes.values import AcademicLevel, Amount, Citation, Code, Shape, Text, Words


class ClaimType(StrEnum):
    """How prior learning was gained: by experience, shown in a portfolio, or certificated by a university (B6)."""

    APEL = "apel"
    APCL = "apcl"


class PriorLearningKind(Shape):
    """One kind of claim that a university decides on; credits follow only from its decision (AMB-32, AMB-37)."""

    code: Code
    title: Words
    claim_type: ClaimType
    credits: Amount | None = None
    """How many credits it is worth; none: as many as the university gives."""
    academic_level: AcademicLevel | None = None
    only_once: bool = True
    """Whether there is one such thing in a career, as the portfolio of the assessed year; else each claim names its."""
    covers: Text | None = None
    """In a sentence what is claimed, for those who wonder."""
    needs: RequirementShape | None = None
    """What must be on the record before it can be handed in."""
    cites: tuple[Citation, ...] = ()

    @model_validator(mode="after")
    def _says_at_which_level(self) -> Self:
        if (self.credits is None) != (self.academic_level is None):
            raise ValueError("must give both its credits and their academic_level, or neither")
        return self
