"""What is typed about award places."""

from __future__ import annotations

from collections.abc import Iterable

from cpd.shared.forms import Form, LongTextField, RadiosField, SelectChoice
from cpd.study.places.rules import PlaceDecision
from cpd.study.places.wording import CHOICES


class ApplyForm(Form):
    """An application for a place."""

    statement = LongTextField(
        "Why do you want this place?",
        required="Write why you want this place",
        hint="What you would learn, and what it would change for the families you work with. Your manager and whoever "
        "decides read it.",
        shown_as={"rows": 8},
    )


class PlaceCommentForm(Form):
    """What her manager thinks of it."""

    supports = RadiosField(
        "Do you support this application?",
        required="Choose whether you support it",
        choices=[SelectChoice("yes", "Yes"), SelectChoice("no", "No")],
    )
    comment = LongTextField(
        "Your comment",
        required="Write your comment",
        hint="The person can read it.",
        shown_as={"rows": 5},
    )


class DecideForm(Form):
    """What is decided, and why."""

    decision = RadiosField("What do you decide?", required="Choose what you decide")
    reasons = LongTextField(
        "Why?", required="Write your reasons", hint="The person is sent what you write here.", shown_as={"rows": 5}
    )

    def offer(self, choices: Iterable[PlaceDecision]) -> None:
        """Fill the list with what can be decided now; what can be no more is refused with its reason, not here."""
        self.decision.choices = [SelectChoice(str(each), CHOICES[each]) for each in choices]


class GiveUpForm(Form):
    """Why somebody gives a place up, or no longer applies."""

    reason = LongTextField("Why? (optional)", hint="Whoever decides can read it.", shown_as={"rows": 3})


class EndForm(Form):
    """Why whoever decides ends an application."""

    reason = LongTextField(
        "Why?", required="Write why", hint="The person is sent what you write here.", shown_as={"rows": 3}
    )
