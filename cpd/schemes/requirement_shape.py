"""How a requirement is written in a pack and kept in the database: one form for both, and the way to and fro.

A requirement is a mapping with one key, the thing asked: `completed: M1`, or
`all_of: [{completed: M1}, {completed: M2}]`. A line with more than one part is a mapping of its
own, where its bounds stand too: `completed: {module: M1, since: 2018-11-01}`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BeforeValidator,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    model_serializer,
    model_validator,
)

from cpd.requirements import language
from cpd.requirements.language import AllOf, AnyOf, AtLeast, Bounds, Distinct, Requirement
from cpd.schemes.values import Amount, Code, Count, Day, Months, Shape


class BoundedShape(Shape):
    """A line that may say when a fact must have happened in order to count."""

    since: Day | None = None
    """The first day that counts."""
    within_months: Months | None = None
    """How many months back from the day of asking still count."""
    before: Day | None = None
    """The last day that counts."""

    @model_validator(mode="after")
    def _the_right_way_round(self) -> Self:
        if self.since and self.before and self.since > self.before:
            raise ValueError(f"since ({self.since}) is later than before ({self.before}), so nothing could count")
        return self


class CompletedShape(BoundedShape):
    """A module completed, or recognised as completed (AMB-24)."""

    module: Code


class AttendedShape(BoundedShape):
    """At least `count` different modules of a programme attended (AMB-36)."""

    programme: Code
    count: Count


class CreditsShape(BoundedShape):
    """At least so many credits at an academic level or above (AMB-01)."""

    credits: Amount
    academic_level: int = Field(ge=1, le=8)
    sources: tuple[Code, ...] = ()
    """Modules or kinds of prior-learning claim whose credits count; empty: any."""
    at_most: Amount | None = None
    """How many credits may count on this line."""


class OutcomeShape(BoundedShape):
    """A panel's newest outcome (W-2, C-1)."""

    panel: Code
    outcome: Code


class EvidenceShape(BoundedShape):
    """Accepted evidence of a kind, such as direct observations (W-9)."""

    kind: Code
    count: Count = 1


class TimeInCareerLevelShape(Shape):
    """Months spent in a career level (W-2, W-3)."""

    career_level: Code
    months: Months


class YearsQualifiedShape(Shape):
    """Years since qualifying or since first registration (C-1, AMB-14, AMB-40)."""

    years: int = Field(ge=1, le=60)
    counted_from: Literal["qualified", "registered"] = "qualified"
    deduct_breaks: bool = False


class ApprovedByShape(BoundedShape):
    """Approval recorded by somebody holding a role (W-10, W-11)."""

    role: Code


class AtLeastShape(Shape):
    """So many of several lines."""

    count: Count
    of: tuple[RequirementShape, ...]

    @model_validator(mode="after")
    def _can_be_reached(self) -> Self:
        if self.count > len(self.of):
            raise ValueError(f"asks for {self.count} lines, but only {len(self.of)} are listed")
        return self


def _in_short(shape: type[Shape], key: str) -> BeforeValidator:
    """Let `completed: M1` stand for `completed: {module: M1}`."""

    def in_full(value: Any) -> Any:
        return value if isinstance(value, dict | Shape) else {key: value}

    return BeforeValidator(in_full, json_schema_input_type=shape.model_fields[key].annotation | shape)


class RequirementShape(Shape):
    """One line of a requirement: exactly one of these keys."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1, "maxProperties": 1})

    all_of: tuple[RequirementShape, ...] | None = None
    """Every line."""
    any_of: Annotated[tuple[RequirementShape, ...], Field(min_length=1)] | None = None
    """One line is enough."""
    at_least: AtLeastShape | None = None
    """So many of the lines."""
    distinct: tuple[RequirementShape, ...] | None = None
    """Every line, and no fact serves two of them (AMB-01)."""
    completed: Annotated[CompletedShape, _in_short(CompletedShape, "module")] | None = None
    attended: AttendedShape | None = None
    credits: CreditsShape | None = None
    outcome: OutcomeShape | None = None
    evidence: Annotated[EvidenceShape, _in_short(EvidenceShape, "kind")] | None = None
    time_in_career_level: TimeInCareerLevelShape | None = None
    years_qualified: Annotated[YearsQualifiedShape, _in_short(YearsQualifiedShape, "years")] | None = None
    approved_by: Annotated[ApprovedByShape, _in_short(ApprovedByShape, "role")] | None = None

    @model_validator(mode="after")
    def _asks_one_thing(self) -> Self:
        asked = sorted(self.model_fields_set)
        if not asked:
            raise ValueError(f"asks nothing: say one of {', '.join(type(self).model_fields)}")
        if len(asked) > 1:
            raise ValueError(f"asks {' and '.join(asked)} in one line: give each its own line under all_of or any_of")
        if getattr(self, asked[0]) is None:
            raise ValueError(f"says {asked[0]} but not what")
        return self

    @model_serializer(mode="wrap")
    def _only_what_is_asked(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {key: value for key, value in write(self).items() if value is not None}

    @property
    def asked(self) -> str:
        """The one key that is used, such as `completed`."""
        (key,) = self.model_fields_set
        return key

    @property
    def lines(self) -> tuple[tuple[tuple[str | int, ...], RequirementShape], ...]:
        """The lines that this one joins, each with the way to it; none for a leaf."""
        value = getattr(self, self.asked)
        if isinstance(value, AtLeastShape):
            return tuple((("at_least", "of", place), line) for place, line in enumerate(value.of))
        if isinstance(value, tuple):
            return tuple(((self.asked, place), line) for place, line in enumerate(value))
        return ()

    def leaves(self, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Shape]]:
        """Every leaf with the path to it, in the order written."""
        for way, line in self.lines:
            yield from line.leaves(path + way)
        if not isinstance(value := getattr(self, self.asked), tuple | AtLeastShape):
            yield (*path, self.asked), value


_LEAVES: Mapping[str, type[Any]] = {
    "completed": language.Completed,
    "attended": language.Attended,
    "credits": language.Credits,
    "outcome": language.Outcome,
    "evidence": language.Evidence,
    "time_in_career_level": language.TimeInCareerLevel,
    "years_qualified": language.YearsQualified,
    "approved_by": language.ApprovedBy,
}
_KEYS = {node: key for key, node in _LEAVES.items()}
_BRANCHES: Mapping[str, type[AllOf | AnyOf | Distinct]] = {"all_of": AllOf, "any_of": AnyOf, "distinct": Distinct}
_BRANCH_KEYS = {node: key for key, node in _BRANCHES.items()}
_BOUNDS = tuple(bound.name for bound in fields(Bounds))


def requirement_from(shape: RequirementShape) -> Requirement:
    """Turn what a pack says into the nodes that the evaluator asks of a record."""
    lines = tuple(requirement_from(line) for _, line in shape.lines)
    value = getattr(shape, shape.asked)
    if isinstance(value, AtLeastShape):
        return AtLeast(value.count, lines)
    if branch := _BRANCHES.get(shape.asked):
        return branch(lines)
    parts = {name: getattr(value, name) for name in type(value).model_fields}
    if isinstance(value, BoundedShape):
        parts["bounds"] = Bounds(**{name: parts.pop(name) for name in _BOUNDS})
    leaf: Requirement = _LEAVES[shape.asked](**parts)
    return leaf


def _as_written(requirement: Requirement) -> dict[str, Any]:
    """Write a requirement in the packs' own words."""
    match requirement:
        case AtLeast(count, lines):
            return {"at_least": {"count": count, "of": [_as_written(line) for line in lines]}}
        case AllOf() | AnyOf() | Distinct():
            return {_BRANCH_KEYS[type(requirement)]: [_as_written(line) for line in requirement.lines]}
        case leaf:
            parts = {part.name: getattr(leaf, part.name) for part in fields(leaf)}
            bounds = parts.pop("bounds", Bounds())
            parts |= {name: getattr(bounds, name) for name in _BOUNDS if getattr(bounds, name) is not None}
            return {_KEYS[type(leaf)]: parts}


def requirement_to_json(requirement: Requirement) -> dict[str, Any]:
    """Give the form kept in the database: plain JSON, every part written out, so later defaults change nothing.

    Amounts are text and days are ISO days, so that nothing is rounded. Raises ValueError for a
    requirement that no pack may contain, such as one of an empty choice.
    """
    shape = RequirementShape.model_validate_json(json.dumps(_as_written(requirement), default=str))
    return shape.model_dump(mode="json", exclude_none=True)


def requirement_from_json(stored: Mapping[str, Any]) -> Requirement:
    """Read back what `requirement_to_json` wrote; raises ValueError when it is not that."""
    return requirement_from(RequirementShape.model_validate_json(json.dumps(stored)))
