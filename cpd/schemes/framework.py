"""Professional frameworks as dated files: the domains of the PCF, and others beside it as they are published (B2)."""

from __future__ import annotations

import json
import pathlib
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Annotated, Self

from pydantic import Field, model_validator

from cpd.schemes.values import Citation, Code, Day, Shape, Words
from cpd.schemes.yaml_text import read_document

FRAMEWORKS = pathlib.Path(__file__).parent / "frameworks"
PCF = "PCF"


class FrameworkStatement(Shape):
    """One domain or statement of a framework."""

    code: Code
    title: Words


class Titles(StrEnum):
    """Where the titles of a framework's statements come from, so that nobody takes ours for the published ones."""

    PUBLISHED = "published"
    PROPOSED = "proposed"
    """From a consultation, before the standards are in force (B4)."""
    INVENTED = "invented"
    """Made up for the demonstration: the published ones are not among our sources (B2)."""


class Framework(Shape):
    """One version of a framework, with the days on which it is valid (B2)."""

    code: Code
    title: Words
    kept_by: Words
    version: Words
    valid_from: Day
    valid_to: Day | None = None
    """The last day on which it is valid; none: still."""
    titles: Titles = Titles.PUBLISHED
    statements: Annotated[tuple[FrameworkStatement, ...], Field(min_length=1)]
    cites: tuple[Citation, ...] = ()

    @model_validator(mode="after")
    def _is_clear(self) -> Self:
        codes = [each.code for each in self.statements]
        if len(set(codes)) < len(codes):
            raise ValueError("gives the code of a statement twice")
        if self.valid_to and self.valid_to < self.valid_from:
            raise ValueError("ends before it begins")
        return self

    def is_valid_on(self, day: date) -> bool:
        """Say whether this version holds on a day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    @property
    def refs(self) -> dict[str, FrameworkStatement]:
        """Its statements by the names under which evidence and modules speak of them: `PCF-6`."""
        return {f"{self.code}-{each.code}": each for each in self.statements}


@cache
def frameworks() -> tuple[Framework, ...]:
    """Read every version of every framework that comes with the product."""
    documents = (read_document(path.read_bytes(), path.name) for path in sorted(FRAMEWORKS.glob("*.yaml")))
    return tuple(Framework.model_validate_json(json.dumps(document.value)) for document in documents)


def framework_on(code: str, day: date) -> Framework | None:
    """Return the newest version of a framework that is valid on a day, or None."""
    valid = [each for each in frameworks() if each.code == code and each.is_valid_on(day)]
    return max(valid, key=lambda each: each.valid_from, default=None)


def frameworks_on(day: date) -> tuple[Framework, ...]:
    """Return the newest version of each framework that is valid on a day, by their codes."""
    codes = sorted({each.code for each in frameworks()})
    return tuple(found for code in codes if (found := framework_on(code, day)))
