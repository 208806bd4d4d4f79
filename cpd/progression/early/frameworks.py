"""By which statements somebody assesses herself: those of the programme's framework that are valid on the day (B2)."""

from __future__ import annotations

from datetime import date

from cpd.schemes.early_career_shape import EarlyCareerProgramme
from cpd.schemes.framework import PCF, Framework, framework_on, frameworks


def statements_for(programme: EarlyCareerProgramme, on: date) -> Framework:
    """Return the version of the framework to ask; that of the PCF where none of the programme's is valid that day."""
    found = framework_on(programme.framework, on) if programme.framework else None
    found = found or framework_on(PCF, on)
    assert found, "the PCF comes with the product"  # noqa: S101
    return found


def framework_of(code: str, version: str) -> Framework | None:
    """Return the version of a framework by which something was written, or None where it is there no more."""
    return next((each for each in frameworks() if (each.code, each.version) == (code, version)), None)
