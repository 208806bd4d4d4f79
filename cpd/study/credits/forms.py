"""What is typed about credits: by the worker about prior learning, and by Workforce Development."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from wtforms.validators import StopValidation

from cpd.shared.forms import (
    DateField,
    Form,
    HiddenField,
    IntegerField,
    LongTextField,
    RadiosField,
    SelectChoice,
    SelectField,
    SubmitField,
    TextField,
)
from cpd.shared.sent_files import DocumentField
from cpd.study.credits.claim_rules import ClaimFault, ClaimSaid
from cpd.study.credits.rules import CreditFault, CreditStatus
from cpd.study.credits.words import CANNOT_CLAIM, CANNOT_ENTER

LONGEST_LINK = 1000
LONGEST_WORDS = 1000
LONGEST_LIST = 10_000
HIGHEST_LEVEL = 8
LEVELS = "7 is postgraduate, 6 is graduate"
PASSED, REFERRED, NOT_YET = "passed", "referred", "not_yet"
SHORT = {"classes": "govuk-input--width-5"}

Choices = Iterable[tuple[str, str]]
"""What can be chosen: its value and its words."""

BESIDE = {
    CreditFault.NO_CREDITS: "credits",
    CreditFault.NO_LEVEL: "academic_level",
    CreditFault.IN_THE_FUTURE: "board_on",
    CreditFault.IN_THE_PAST: "board_on",
    CreditFault.TOO_LONG_AGO: "board_on",
    CreditFault.NO_REASON: "reason",
}
"""Beside which field a fault of an entry is shown; all others stand above the form."""

CLAIM_BESIDE = {
    ClaimFault.NO_TITLE: "title",
    ClaimFault.NO_PROVIDER: "provider",
    ClaimFault.AHEAD: "learning_ended_on",
    ClaimFault.TOO_LONG_AGO: "learning_ended_on",
    ClaimFault.NO_SAFE_LINK: "link",
    ClaimFault.NO_SUCH_MODULE: "module",
    ClaimFault.NO_EVIDENCE: "evidence",
}


class CreditsField(TextField):
    """A number of credits, exact to two decimals; `amount` is None where nothing was entered."""

    def __init__(self, label: str, **kwargs: Any) -> None:
        super().__init__(label, shown_as={"inputmode": "decimal", **SHORT}, **kwargs)

    @property
    def amount(self) -> Decimal | None:
        """What was entered, once it is known to be a number."""
        typed = str(self.data or "")
        return Decimal(typed) if re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,2})?", typed) else None

    def checks(self) -> Sequence[Any]:
        """Refuse what is no number."""
        return (*super().checks(), self._check_number)

    def _check_number(self, _form: Any, _field: Any) -> None:
        if self.amount is None:
            raise StopValidation(f"{self.label.text} must be a number, such as 20 or 7.5")


class _Judged(Form):
    """A form whose faults the ledger may find."""

    def say(self, faults: Iterable[CreditFault], whose: str = "") -> int:
        """Show why nothing was entered; returns 422 where a field is wrong, 409 where the act itself is refused."""
        status = 422
        for fault in faults:
            words = f"{whose}: {CANNOT_ENTER[fault]}" if whose else CANNOT_ENTER[fault]
            field: Any = self._fields.get(BESIDE.get(fault, ""))
            if field is None:
                self.form_errors.append(words)
                status = 409
            else:
                field.errors = [*field.errors, words]
        return status


class _Awarded(_Judged):
    """How much a university awards, at which level and when."""

    board_on = DateField("Day of the award board", required="Enter the day of the award board")
    university = TextField("University", required="Enter the university")
    credits = CreditsField("Credits")
    academic_level = IntegerField("Academic level", least=1, most=HIGHEST_LEVEL, hint=LEVELS)


class EnterForm(_Awarded):
    """An entry in the usual course: what is expected, or what a board has decided."""

    source = SelectField("What are the credits for?", required="Choose what the credits are for")
    title = TextField("What was it called?", hint="Only for a module taken elsewhere")
    status = RadiosField(
        "How does it stand?",
        required="Choose how it stands",
        choices=[
            SelectChoice(CreditStatus.EXPECTED, "Expected", {"hint": "The board has still to meet"}),
            SelectChoice(CreditStatus.AWARDED, "Awarded"),
            SelectChoice(CreditStatus.REFUSED, "Not awarded"),
        ],
    )

    def offer(self, sources: Choices) -> None:
        """Fill the list of what credits can be for."""
        self.source.choices = [SelectChoice("", "Choose"), *(SelectChoice(*each) for each in sources)]


class CorrectForm(_Awarded):
    """What an entry should say, and why."""

    status = RadiosField(
        "How does it stand?",
        required="Choose how it stands",
        choices=[
            SelectChoice(CreditStatus.EXPECTED, "Expected"),
            SelectChoice(CreditStatus.AWARDED, "Awarded"),
            SelectChoice(CreditStatus.REFUSED, "Not awarded"),
        ],
    )
    reason = TextField("Why is it corrected?", required="Enter why it is corrected", hint="The person is told")


class WithdrawForm(Form):
    """Withdraw credits, and say why."""

    why = TextField("Why are they withdrawn?", required="Enter why they are withdrawn", hint="The person is told")


class BoardForm(_Awarded):
    """What one award board has decided for many people at once: a choice for each who is expected."""

    others = LongTextField(
        "Others who have passed (optional)",
        longest=LONGEST_LIST,
        hint="E-mail addresses or employee numbers, one on each line",
        shown_as={"rows": 3},
    )

    def results(self) -> dict[int, str]:
        """Return what was chosen, by the number of the expected entry; what is not decided yet is left out."""
        chosen = {field.name: field.data for field in self if field.name.startswith("result_")}
        return {int(name.removeprefix("result_")): data for name, data in chosen.items() if data in (PASSED, REFERRED)}

    def named(self) -> list[str]:
        """Return the lines that name others, each once."""
        return list(dict.fromkeys(line.strip() for line in (self.others.data or "").split("\n") if line.strip()))


def board_form(expected: Iterable[tuple[int, str]], *, sent: bool, known: dict[str, Any]) -> BoardForm:
    """Make the form for a module: `expected` are its entries' numbers, each with the person's name."""
    choices = [
        SelectChoice(NOT_YET, "Not decided yet"),
        SelectChoice(PASSED, "Passed"),
        SelectChoice(REFERRED, "Not passed"),
    ]
    boxes = {
        f"result_{number}": RadiosField(name, choices=choices, shown_as={"classes": "govuk-radios--inline"})
        for number, name in expected
    }
    form_class = type("BoardOfThisModule", (BoardForm,), boxes)
    form: BoardForm = form_class() if sent else form_class(formdata=None, data=known | dict.fromkeys(boxes, NOT_YET))
    return form


class ClaimForm(Form):
    """Prior learning as its person describes it."""

    title = TextField("What was the module or course called?")
    provider = TextField("Which university or college was it?")
    module = SelectField(
        "Is it the same as one of our modules? (optional)",
        hint="If it is, the credits count as those of that module, and you are not credited for both",
    )
    learning_ended_on = DateField(
        "When did the learning end?", required="Enter when the learning ended", hint="For example, 27 3 2018"
    )
    words = LongTextField(
        "What does it show? (optional)",
        longest=LONGEST_WORDS,
        hint="A sentence or two for the university",
        shown_as={"rows": 3},
    )
    kept_current = LongTextField(
        "If it was years ago: how have you kept it up since? (optional)",
        longest=LONGEST_WORDS,
        hint="Universities may ask this where learning is more than about five years old",
        shown_as={"rows": 3},
    )
    evidence = DocumentField("Evidence, such as your portfolio or a transcript")
    link = TextField(
        "Or a link to it",
        longest=LONGEST_LINK,
        hint="The whole address; it begins with https://",
        shown_as={"inputmode": "url", "spellcheck": False},
    )
    hand_in = SubmitField("Hand it in")
    keep = SubmitField("Save for later", shown_as={"classes": "govuk-button--secondary"})

    def offer(self, modules: Choices, *, elsewhere: bool) -> None:
        """Fill the list of modules; where there is one such thing only, its name and place are known."""
        self.module.choices = [SelectChoice("", "No, or I am not sure"), *(SelectChoice(*each) for each in modules)]
        if not elsewhere:
            del self.title, self.provider, self.module

    def said(self, kind: str) -> ClaimSaid:
        """Return what was typed about a kind of prior learning."""
        names = ("title", "provider", "module", "words", "kept_current", "link")
        typed = {name: str(self._fields[name].data or "") if name in self._fields else "" for name in names}
        module_code = typed.pop("module")
        return ClaimSaid(kind=kind, module_code=module_code, learning_ended_on=day_of(self.learning_ended_on), **typed)

    def say(self, faults: Iterable[ClaimFault]) -> None:
        """Show what is wrong, beside its field where it has one."""
        for fault in faults:
            field: Any = self._fields.get(CLAIM_BESIDE.get(fault, ""))
            if field is None:
                self.form_errors.append(CANNOT_CLAIM[fault])
            else:
                field.errors = [*field.errors, CANNOT_CLAIM[fault]]


class SendOnForm(_Judged):
    """That a claim was sent to a university, and when its answer is expected. `seen` is which handing-in was read."""

    seen = HiddenField("What you have read")
    university = TextField("University", required="Enter the university")
    submitted_on = DateField("When was it sent?", required="Enter when it was sent")
    board_on = DateField("When is the answer expected?", required="Enter when the answer is expected")
    credits = CreditsField("Credits", required="Enter the credits")
    academic_level = IntegerField(
        "Academic level", least=1, most=HIGHEST_LEVEL, hint=LEVELS, required="Enter the academic level"
    )

    def said(self) -> dict[str, Any]:
        """Return what was typed, in the parts of `claiming.send_on`."""
        return {
            "university": self.university.data or "",
            "submitted_on": day_of(self.submitted_on),
            "decision_expected_on": day_of(self.board_on),
            "credits_": self.credits.amount or Decimal(0),
            "academic_level": self.academic_level.data or 0,
        }


class SendBackForm(Form):
    """Give a claim back with a comment."""

    seen = HiddenField("What you have read")
    comment = LongTextField(
        "What should be put right?",
        required="Enter what should be put right",
        longest=LONGEST_WORDS,
        hint="The person is told, and can hand it in again",
        shown_as={"rows": 3},
    )


class DecideForm(_Judged):
    """What the university has decided on a claim."""

    decision = RadiosField(
        "What has the university decided?",
        required="Choose what the university has decided",
        choices=[SelectChoice("awarded", "Awarded"), SelectChoice("refused", "Refused")],
    )
    board_on = DateField("Day of the decision", required="Enter the day of the decision")
    credits = CreditsField("Credits")
    academic_level = IntegerField("Academic level", least=1, most=HIGHEST_LEVEL)
    reason = LongTextField(
        "Why was it refused?",
        longest=LONGEST_WORDS,
        hint="Only if it was refused. The person is told, so that she can put it right",
        shown_as={"rows": 3},
    )

    def validate(self, **kwargs: Any) -> bool:
        """Ask why, where it was refused."""
        is_right: bool = super().validate(**kwargs)
        if is_right and str(self.decision.data) == "refused" and not self.reason.data:
            self.reason.errors = ["Enter why it was refused"]
            return False
        return is_right


def number_seen(field: HiddenField) -> int:
    """Return which handing-in was read; a made-up number is none."""
    typed = str(field.data or "")
    return int(typed) if re.fullmatch(r"[0-9]{1,9}", typed, re.ASCII) else -1


def day_of(field: DateField) -> date:
    """Return the day that was typed where one is required."""
    assert isinstance(field.data, date), "a required date is there once the form is right"  # noqa: S101
    return field.data
