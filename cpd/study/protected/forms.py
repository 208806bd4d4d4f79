"""What is typed about a week's protected time."""

from __future__ import annotations

from cpd.shared.forms import Form, IntegerField, RadiosField, SelectChoice
from cpd.study.protected.rules import Answer, Said
from cpd.study.protected.words import ANSWERS

MOST_HOURS = 168


class WeekForm(Form):
    """What somebody says of a week: one button, or the same with how long a part was."""

    answer = RadiosField(
        "Did you have your protected time?",
        required="Choose whether you had it, part of it, or not",
        choices=[SelectChoice(str(answer), words) for answer, words in ANSWERS.items()],
    )
    hours = IntegerField("Hours", most=MOST_HOURS, shown_as={"classes": "govuk-input--width-3"})
    minutes = IntegerField("Minutes", most=59, shown_as={"classes": "govuk-input--width-3"})

    def said(self) -> Said:
        """Return what was said; a length counts only with a part, and without one a part is half."""
        answer = Answer(self.answer.data or "")
        typed = (self.hours.data, self.minutes.data)
        is_long = answer is Answer.PART and any(each is not None for each in typed)
        return Said(answer, (typed[0] or 0) * 60 + (typed[1] or 0) if is_long else None)
