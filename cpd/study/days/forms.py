"""Asking for a study day, and answering."""

from __future__ import annotations

from collections.abc import Iterable

from cpd.shared.forms import DateField, Form, LongTextField, RadiosField, SelectChoice, TickField
from cpd.study.days.rules import AskedFor, DayPart

LONGEST_WORDS = 500


class AskForm(Form):
    """Which day, how much of it, and what for."""

    kind = RadiosField("What are you asking for?", choices=[], required="Choose what you are asking for")
    on = DateField("Which day?", required="Enter the day", hint="For example, 27 3 2027")
    part = RadiosField(
        "How much of the day?",
        choices=[
            SelectChoice(DayPart.WHOLE.value, "The whole day"),
            SelectChoice(DayPart.MORNING.value, "The morning"),
            SelectChoice(DayPart.AFTERNOON.value, "The afternoon"),
        ],
        required="Choose the whole day, the morning or the afternoon",
    )
    purpose = LongTextField(
        "What for? (optional)",
        longest=LONGEST_WORDS,
        hint="Your manager reads it. It does not stand in your calendar.",
        shown_as={"rows": 3},
    )
    all_the_same = TickField("Ask all the same", hint="Your manager can approve it for a reason that is kept.")

    def asked(self) -> AskedFor:
        """Return what is asked for, once the form is valid."""
        if self.on.data is None:
            raise ValueError("Only a valid form says what is asked for")
        return AskedFor(str(self.kind.data), self.on.data, DayPart(str(self.part.data)), self.purpose.data or "")

    def offer(self, kinds: Iterable[tuple[str, str]]) -> None:
        """Fill in the kinds of days; where there is one only, it is chosen already."""
        self.kind.choices = [SelectChoice(code, title) for code, title in kinds]
        if not self.is_submitted() and len(self.kind.choices) == 1:
            self.kind.data = self.kind.choices[0].value


class ApproveForm(Form):
    """Approving a day; beyond what is left or on a day off, with a reason."""

    override_reason = LongTextField(
        "Why do you approve it all the same?",
        longest=LONGEST_WORDS,
        hint="It is kept, and the person reads it.",
        shown_as={"rows": 3},
    )


class DeclineForm(Form):
    """Declining a day, for a reason."""

    reason = LongTextField(
        "Why?",
        longest=LONGEST_WORDS,
        required="Say why you decline it",
        hint="The person reads it. Say what would be possible instead.",
        shown_as={"rows": 3},
    )


class EndForm(Form):
    """Ending one's own day; nobody has to say why."""

    ending_reason = LongTextField("Why? (optional)", longest=LONGEST_WORDS, shown_as={"rows": 3})


class CallOffForm(Form):
    """Ending somebody else's day, for a reason."""

    ending_reason = LongTextField(
        "Why?",
        longest=LONGEST_WORDS,
        required="Say why it is cancelled",
        hint="The person reads it.",
        shown_as={"rows": 3},
    )
