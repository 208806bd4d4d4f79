"""What is typed about appeals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from cpd.progression.appeals.rules import AppealFault
from cpd.progression.appeals.wording import FAULTS
from cpd.shared.forms import DateField, Form, LongTextField, RadiosField, SelectChoice, SelectField

FIELDS = {
    AppealFault.NO_GROUNDS: "grounds",
    AppealFault.DAY_IS_PAST: "decide_by",
    AppealFault.NOT_ENTITLED: "decider",
    AppealFault.HAD_A_PART: "decider",
    AppealFault.IS_THE_PERSON: "decider",
    AppealFault.MANAGES_HER: "decider",
    AppealFault.NO_REASONS: "reasons",
}
"""Beside which field each fault is shown."""


class _AppealsForm(Form):
    """A form that shows faults beside its fields, and those that belong to none above them."""

    def say(self, faults: Sequence[AppealFault]) -> bool:
        """Show every fault; says whether all of them are put right in the form itself."""
        for fault in faults:
            field: Any = self._fields.get(FIELDS.get(fault, ""))
            if field is None:
                self.form_errors.append(FAULTS[fault])
            else:
                field.errors = [*field.errors, FAULTS[fault]]
        return not self.form_errors


class AppealForm(_AppealsForm):
    """Why somebody appeals."""

    grounds = LongTextField(
        "Why do you appeal?",
        required="Write why you appeal",
        hint="What was not looked at, or looked at wrongly? Whoever decides on your appeal reads it. Name no child, "
        "parent or family.",
        shown_as={"rows": 8},
    )


class AssignForm(_AppealsForm):
    """Who decides on an appeal, and by when."""

    decider = SelectField("Who decides on it?", required="Choose who decides on it", coerce=int)
    decide_by = DateField("By which day?", required="Enter the day by which it is decided")

    def offer(self, people: Iterable[tuple[int, str]], decide_by: date) -> None:
        """List who can decide, and put a usual day into the boxes."""
        self.decider.choices = [SelectChoice("", "Choose one"), *(SelectChoice(*each) for each in people)]
        if not self.is_submitted():
            self.decide_by.data = decide_by

    def chosen(self) -> tuple[int, date]:
        """Return who decides, and by when."""
        decide_by: Any = self.decide_by.data
        decider_id: Any = self.decider.data
        return decider_id, decide_by


class DecideForm(_AppealsForm):
    """What is decided on an appeal, and why."""

    decision = RadiosField(
        "What do you decide?",
        required="Choose what you decide",
        choices=[
            SelectChoice(
                "uphold",
                "Uphold the appeal",
                render_kw={"hint": "The request is taken up again at the step where it was not agreed, by others."},
            ),
            SelectChoice("dismiss", "Dismiss the appeal", render_kw={"hint": "The decision stands."}),
        ],
    )
    reasons = LongTextField(
        "Why?", required="Write your reasons", hint="The person is sent what you write here.", shown_as={"rows": 6}
    )
