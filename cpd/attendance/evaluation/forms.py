"""What is asked in an evaluation, and which results somebody wants to see."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cpd.attendance.evaluation.rules import SCALE, Used
from cpd.shared.forms import (
    LARGEST_NUMBER,
    DateField,
    Form,
    LongTextField,
    QueryForm,
    RadiosField,
    SelectChoice,
    SelectField,
)

LONGEST_WORDS = 500


def person_id(text: str) -> int:
    """Read the id of a person; 0, which is nobody's, for anything that can name none."""
    number = int(text) if text.isascii() and text.isdecimal() and len(text) <= 10 else 0  # noqa: PLR2004 - 2**31 - 1
    return number if number <= LARGEST_NUMBER else 0


class ScaleField(RadiosField):
    """A value from 1 to 5: five taps' room in one row, on a telephone too."""

    def __init__(self, label: str, **kwargs: Any) -> None:
        values = [SelectChoice(str(value), str(value)) for value in SCALE]
        row = {"classes": "govuk-radios--inline govuk-radios--small app-scale"}
        super().__init__(label, choices=values, hint="1 is not at all, 5 is very", shown_as=row, **kwargs)


class EvaluationForm(Form):
    """An evaluation in four taps: three values, and the button; the words may stay away."""

    confidence_before = ScaleField(
        "How confident were you in this before?",
        required="Choose how confident you were before",
    )
    confidence_after = ScaleField(
        "How confident are you now?",
        required="Choose how confident you are now",
    )
    usefulness = ScaleField(
        "How useful is it for your work?",
        required="Choose how useful it is for your work",
    )
    will_change = LongTextField(
        "What will you do differently? (optional)",
        longest=LONGEST_WORDS,
        hint="Do not name anybody. What you write is read as you write it.",
        shown_as={"rows": 3},
    )


class LaterForm(Form):
    """The one question some months after a programme."""

    used = RadiosField(
        "Have you used it in your work?",
        choices=[SelectChoice(each.value, each.value.capitalize()) for each in Used],
        required="Choose never, sometimes or often",
    )
    example = LongTextField(
        "For what? (optional)",
        longest=LONGEST_WORDS,
        hint="Do not name anybody. What you write is read as you write it.",
        shown_as={"rows": 3},
    )


class ResultsForm(QueryForm):
    """Which results are shown."""

    module = SelectField("Module", choices=[], validate_choice=False)
    facilitator = SelectField("Facilitator", choices=[], validate_choice=False)
    since = DateField("From")
    until = DateField("Until")

    def offer(self, modules: Sequence[tuple[str, str]], facilitators: Sequence[tuple[str, str]]) -> None:
        """Fill the lists."""
        for box, choices in ((self.module, modules), (self.facilitator, facilitators)):
            box.choices = [SelectChoice("", "All"), *(SelectChoice(value, words) for value, words in choices)]
