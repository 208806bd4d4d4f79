"""The section of a pack on the regulator's CPD record: what must be recorded in which year, and what its form asks."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from cpd.schemes.study_days_shape import MonthAndDay
from cpd.schemes.values import Citation, Code, Count, Day, Shape, Text, Words


class CpdField(StrEnum):
    """A question of the regulator's form, by the name of the field that holds the answer."""

    TYPE = "cpd_type"
    DESCRIPTION = "description"
    DATE = "happened_on"
    LEARNT = "learnt"
    IMPACT = "impact"
    PEER = "peer_reflection"


class CpdFormField(Shape):
    """One question of the form, as the form asks it."""

    field: CpdField
    label: Words
    hint: Text | None = None


class CpdDuty(Shape):
    """What must be recorded in each registration year from the one that begins on this day (B1)."""

    since_year: Day
    pieces: Count
    with_peer_reflection: Annotated[int, Field(ge=0, le=1000)]

    @model_validator(mode="after")
    def _asks_for_no_more_reflections_than_pieces(self) -> Self:
        if self.with_peer_reflection > self.pieces:
            raise ValueError("asks for more peer reflections than pieces")
        return self


class CpdNote(Shape):
    """What else people should know, and the page that says so."""

    sentence: Text
    page: Words


class CpdRules(Shape):
    """The rule set of the regulator with whom the council's social workers are registered (B1)."""

    regulator: Code
    title: Words
    year_begins: MonthAndDay
    """The first day of a registration year, as 12-01."""
    window_opens: MonthAndDay
    """From which day on registration is renewed, until the year is over."""
    duties: Annotated[tuple[CpdDuty, ...], Field(min_length=1)]
    remind_days_before: tuple[Annotated[int, Field(ge=0, le=365)], ...] = ()
    """So many days before the end of the year whoever has not done it is reminded."""
    types: Annotated[tuple[Words, ...], Field(min_length=1)]
    """Types of CPD to choose from; a draft from attendance is of the first."""
    peers: Annotated[tuple[Words, ...], Field(min_length=1)]
    """Who counts as a peer."""
    form: Annotated[tuple[CpdFormField, ...], Field(min_length=1)]
    """The questions in the order of the form."""
    notes: tuple[CpdNote, ...] = ()
    cites: tuple[Citation, ...] = ()

    @model_validator(mode="after")
    def _has_years_in_order(self) -> Self:
        days = [duty.since_year for duty in self.duties]
        if wrong := next((day for day in days if (day.month, day.day) != self.year_begins), None):
            raise ValueError(f"has a duty since {wrong}, which is no first day of a registration year")
        if sorted(set(days)) != days:
            raise ValueError("must list its duties in the order of their years, each year once")
        return self

    @model_validator(mode="after")
    def _asks_every_question_once(self) -> Self:
        if sorted(each.field for each in self.form) != sorted(CpdField):
            raise ValueError(f"must ask each of these once in its form: {', '.join(CpdField)}")
        return self

    @model_validator(mode="after")
    def _names_nothing_twice(self) -> Self:
        for words in (self.types, self.peers):
            if len({" ".join(each.casefold().split()) for each in words}) < len(words):
                raise ValueError("lists a type or a kind of peer twice")
        if len(set(self.remind_days_before)) < len(self.remind_days_before):
            raise ValueError("reminds twice on the same day")
        return self
