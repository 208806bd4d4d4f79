"""What Workforce Development types about awards."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from cpd.shared.forms import (
    CheckboxesField,
    DateField,
    Form,
    LongTextField,
    SelectChoice,
    SelectField,
    TextField,
)

LONGEST_REASON = 1000
BY_HER_POSTS = "-"
"""The choice that her posts decide how the award is made up."""


class EnrolForm(Form):
    """Enrol somebody on an award."""

    person = TextField(
        "Who?",
        required="Enter a work e-mail address or an employee number",
        hint="Work e-mail address or employee number",
        shown_as={"autocomplete": "off", "spellcheck": False},
    )
    award = SelectField("Which award?", required="Choose an award")
    composition = SelectField(
        "How is it made up?",
        required="Choose how it is made up",
        hint="Usually the posts held here decide: whether the assessed and supported year was done here",
    )
    enrolled_on = DateField("Enrolled on", required="Enter the day of enrolment", hint="For example, 27 3 2018")

    def offer(self, awards: Iterable[tuple[str, str]], compositions: Iterable[tuple[str, str]]) -> None:
        """Fill the lists."""
        self.award.choices = [SelectChoice("", "Choose"), *(SelectChoice(*each) for each in awards)]
        by_posts = SelectChoice(BY_HER_POSTS, "As the posts held here say")
        self.composition.choices = [by_posts, *(SelectChoice(*each) for each in compositions)]

    def validate(self, **kwargs: Any) -> bool:
        """See that the way in which it is made up is one of the award that was chosen."""
        if not super().validate(**kwargs):
            return False
        if self.composition.data == BY_HER_POSTS or str(self.composition.data).startswith(f"{self.award.data}:"):
            return True
        self.composition.errors = ["This is a way to make up another award: choose one of the award chosen above"]
        return False

    @property
    def chosen_composition(self) -> str | None:
        """The composition of the award that was chosen; None: her posts decide."""
        chosen = str(self.composition.data)
        return None if chosen == BY_HER_POSTS else chosen.partition(":")[2]


class EndForm(Form):
    """End an enrolment, or take an award back, for a reason."""

    reason = LongTextField(
        "Why?",
        required="Enter why",
        longest=LONGEST_REASON,
        hint="The person is told",
        shown_as={"rows": 3},
    )


class GivenForm(Form):
    """Record that the university has given the award."""

    awarded_on = DateField("Awarded on", required="Enter the day of the award", hint="For example, 27 3 2018")
    evidence = TextField(
        "What have you seen?", required="Enter what you have seen", hint="For example, certificate of 27 March 2018"
    )


class ProofForm(Form):
    """Record proof that prior learning is current (B6)."""

    kind = SelectField("Which prior learning?", required="Choose which")
    proved_on = DateField("Proved on", required="Enter the day", hint="For example, 27 3 2018")
    proof = TextField("What shows that it is current?", required="Enter what shows that it is current")

    def offer(self, kinds: Iterable[tuple[str, str]]) -> None:
        """Fill the list."""
        self.kind.choices = [SelectChoice("", "Choose"), *(SelectChoice(*each) for each in kinds)]


class MoveForm(Form):
    """Move people to the rules in force, for a reason."""

    people = CheckboxesField("Whom do you move?", required="Choose at least one person", coerce=int)
    why = LongTextField(
        "Why?",
        required="Enter why they are moved",
        longest=LONGEST_REASON,
        hint="Each of them is told, with where they stand then",
        shown_as={"rows": 3},
    )

    def offer(self, people: Iterable[tuple[int, str]]) -> None:
        """Fill the list."""
        self.people.choices = [SelectChoice(*each) for each in people]


def day(field: DateField) -> date:
    """Return the day that was typed where one is required."""
    assert isinstance(field.data, date), "a required date is there once the form is right"  # noqa: S101
    return field.data
