"""What is typed about a development plan, its aims and its reviews."""

from __future__ import annotations

from cpd.shared.forms import (
    CheckboxesField,
    DateField,
    Form,
    HiddenField,
    LongTextField,
    RadiosField,
    SelectChoice,
    SelectField,
)
from cpd.study.plans.reading import Links
from cpd.study.plans.rules import Aim, Fault
from cpd.study.plans.words import FAULTS, PROGRESS, domain_words

LONGEST = 2000
LONGEST_AIM = 500


class PlanForm(Form):
    """What the plan rests on; the aims have a form of their own."""

    needs = LongTextField(
        "What I need to learn, and why (optional)",
        longest=LONGEST,
        hint="From your work, your supervision, your last review.",
        shown_as={"rows": 5},
    )
    support = LongTextField(
        "What my manager and the council give me for it (optional)",
        longest=LONGEST,
        hint="Time, cover for my work, supervision, a place on a course.",
        shown_as={"rows": 5},
    )


class AimForm(Form):
    """An aim, until when, and what it is linked to."""

    aim = LongTextField("What do you want to be able to do?", longest=LONGEST_AIM, required="Enter the aim")
    target_on = DateField("By when?", required="Enter the date by which you want to reach it")
    module_code = SelectField("Module (optional)", choices=[])
    award_code = SelectField("Award (optional)", choices=[])
    pcf_domains = CheckboxesField("Domains of the Professional Capabilities Framework (optional)", choices=[])

    def offer(self, links: Links) -> None:
        """Fill in what an aim can be linked to."""
        nothing = SelectChoice("", "None")
        self.module_code.choices = [nothing, *(SelectChoice(code, title) for code, title in links.modules.items())]
        self.award_code.choices = [nothing, *(SelectChoice(code, title) for code, title in links.awards.items())]
        self.pcf_domains.choices = [SelectChoice(code, domain_words(code, links)) for code in links.domains]

    def said(self, number: int) -> Aim:
        """Return the aim, once the form is valid."""
        if self.target_on.data is None:
            raise ValueError("Only a valid form says what the aim is")
        return Aim(
            number,
            self.aim.data or "",
            self.target_on.data,
            self.module_code.data or "",
            self.award_code.data or "",
            tuple(self.pcf_domains.data or ()),
        )


class ProgressForm(Form):
    """How an aim stands."""

    progress = RadiosField(
        "How does it stand?",
        choices=[SelectChoice(kind.value, words) for kind, words in PROGRESS.items()],
        required="Choose how it stands",
    )
    note = LongTextField("Anything to add? (optional)", longest=LONGEST_AIM, shown_as={"rows": 3})


class AgreeForm(Form):
    """Agreeing to the version that was read."""

    version = HiddenField("Version", required="Read the plan again")


class ReviewForm(Form):
    """A review that was held."""

    held_on = DateField("When did you meet?", required="Enter the day on which you met")
    notes = LongTextField(
        "What did you agree on?",
        longest=LONGEST,
        required="Write what you agreed on",
        hint="You both read it.",
        shown_as={"rows": 6},
    )

    def say(self, faults: list[Fault]) -> None:
        """Put what is wrong beside the date."""
        self.held_on.errors = [FAULTS[each] for each in faults]
