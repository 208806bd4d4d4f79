"""What is typed about funding."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from wtforms.validators import StopValidation

from cpd.shared.forms import DateField, Form, LongTextField, RadiosField, SelectChoice, TextField
from cpd.shared.sent_files import DocumentField
from cpd.study.funding.rules import FundingFault, TrainingWanted
from cpd.study.funding.wording import FAULTS

LONGEST_LINK = 1000
COST = re.compile(r"£?\s?([0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,9})(\.[0-9]{1,2})?")
FIELDS = {
    FundingFault.STARTED: "starts_on",
    FundingFault.ENDS_FIRST: "ends_on",
    FundingFault.NO_COST: "cost",
    FundingFault.COSTS_TOO_MUCH: "cost",
    FundingFault.NO_SAFE_LINK: "link",
}
"""Beside which field each fault is shown."""


def _check_cost(_form: Any, field: Any) -> None:
    """Take an amount of pounds and pence, however people write it."""
    if not COST.fullmatch(field.data):
        raise StopValidation(FAULTS[FundingFault.NO_COST])


class AskForFundingForm(Form):
    """Training that somebody wants paid."""

    title = TextField("What is the training?", required="Enter what the training is")
    provider = TextField("Who gives it?", required="Enter who gives it", hint="For example, the name of a university")
    cost = TextField(
        "What does it cost in all?",
        required="Enter what it costs",
        hint="In pounds, with what the council would pay besides the fee. For example, 450",
        validators=[_check_cost],
        shown_as={"classes": "govuk-input--width-10", "prefix": {"text": "£"}, "spellcheck": False},
    )
    starts_on = DateField("When does it begin?", required="Enter when it begins", hint="For example, 27 3 2027")
    ends_on = DateField("When does it end? (optional)", hint="Only if it takes more than one day")
    reasons = LongTextField(
        "Why do you want to do it?",
        required="Write why you want to do it",
        hint="What it would change for the families you work with. Your manager and the Assistant Director read it.",
        shown_as={"rows": 5},
    )
    link = TextField(
        "A link to it (optional)",
        longest=LONGEST_LINK,
        hint="The whole address; it begins with https://",
        shown_as={"inputmode": "url", "spellcheck": False},
    )
    leaflet = DocumentField("A leaflet or an offer (optional)")

    def wanted(self) -> TrainingWanted:
        """Return what was typed."""
        starts_on = self.starts_on.data
        assert isinstance(starts_on, date), "a required date is there once the form is right"  # noqa: S101
        return TrainingWanted(
            title=self.title.data or "",
            provider=self.provider.data or "",
            cost=Decimal(re.sub(r"[£,\s]", "", self.cost.data or "")),
            starts_on=starts_on,
            ends_on=self.ends_on.data or starts_on,
            reasons=self.reasons.data or "",
            link=self.link.data or "",
        )

    def say(self, faults: Sequence[FundingFault]) -> None:
        """Show what is wrong beside the fields, and what is put right elsewhere above them."""
        for fault in faults:
            if fault in FIELDS:
                field: Any = self._fields[FIELDS[fault]]
                field.errors = [*field.errors, FAULTS[fault]]
            else:
                self.form_errors.append(FAULTS[fault])


class FundingCommentForm(Form):
    """What her manager thinks of it."""

    supports = RadiosField(
        "Do you support this request?",
        required="Choose whether you support it",
        choices=[SelectChoice("yes", "Yes"), SelectChoice("no", "No")],
    )
    comment = LongTextField(
        "Your comment", required="Write your comment", hint="The person can read it.", shown_as={"rows": 5}
    )


class DecideFundingForm(Form):
    """What the Assistant Director decides, and why."""

    decision = RadiosField(
        "What do you decide?",
        required="Choose what you decide",
        choices=[SelectChoice("approve", "Approve"), SelectChoice("decline", "Decline")],
    )
    reasons = LongTextField(
        "Why?", required="Write your reasons", hint="The person is sent what you write here.", shown_as={"rows": 5}
    )


class NotHeldForm(Form):
    """Why approved training did not take place."""

    reason = LongTextField(
        "Why did it not take place?",
        required="Write why it did not take place",
        hint="For example, that the provider cancelled it. The person is sent what you write here.",
        shown_as={"rows": 3},
    )
