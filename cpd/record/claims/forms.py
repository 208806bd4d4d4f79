"""What is typed about learning from elsewhere: by the worker, and by Workforce Development."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from cpd.record.claims.rules import ClaimFault, ClaimKind, LearningSaid
from cpd.record.claims.wording import KINDS
from cpd.shared.forms import (
    DateField,
    Form,
    HiddenField,
    IntegerField,
    LongTextField,
    RadiosField,
    SelectChoice,
    SelectField,
    TextField,
)
from cpd.shared.sent_files import DocumentField

LONGEST_LINK = 1000
LONGEST_WORDS = 1000
MOST_HOURS = 2000
OTHER_LEARNING = "other"
"""The choice that learning counts as no module; a module is chosen by its number."""

Modules = Iterable[tuple[int, str]]
"""Modules to choose from: their numbers and titles."""

WRONG = {
    ClaimFault.ENDS_FIRST: ("ends_on", "The last day must be the same as or after the first day"),
    ClaimFault.AHEAD: ("starts_on", "The learning must be over: enter a day that is not in the future"),
    ClaimFault.TOO_LONG_AGO: ("starts_on", "The year must be 1950 or later"),
    ClaimFault.NO_EVIDENCE: ("certificate", "Choose a certificate or enter a link to one"),
    ClaimFault.NO_SAFE_LINK: ("link", "The link must be a whole address that begins with https://"),
    ClaimFault.NO_SUCH_MODULE: ("module", "Choose a module from the list"),
}
"""Beside which field each fault is shown, and in which words."""


class _Evidence(Form):
    """Learning from elsewhere with its evidence, a file or a link."""

    title = TextField("What was it called?", required="Enter what it was called")
    certificate = DocumentField("Certificate (optional)")
    link = TextField(
        "Or a link to it (optional)",
        longest=LONGEST_LINK,
        hint="The whole address; it begins with https://",
        shown_as={"inputmode": "url", "spellcheck": False},
    )

    def say(self, faults: Sequence[ClaimFault]) -> None:
        """Show what is wrong beside the fields; a fault about a field that this form lacks stands with the first."""
        for fault in faults:
            name, words = WRONG[fault]
            field: Any = self._fields.get(name, self._fields.get("happened_on"))
            field.errors = [*field.errors, words]


class SendInForm(_Evidence):
    """Learning from elsewhere as the worker describes it."""

    kind = RadiosField(
        "What kind of learning is it?",
        required="Choose what kind of learning it is",
        choices=[SelectChoice(str(kind), words) for kind, words in KINDS.items() if kind is not ClaimKind.BY_HAND],
    )
    provider = TextField("Who ran it? (optional)")
    starts_on = DateField("When was it?", required="Enter when it was", hint="For example, 27 3 2018")
    ends_on = DateField("When did it end? (optional)", hint="Only if it took more than one day")
    hours = IntegerField("Hours (optional)", most=MOST_HOURS, shown_as={"classes": "govuk-input--width-3"})
    minutes = IntegerField("Minutes (optional)", most=59, shown_as={"classes": "govuk-input--width-3"})
    module = SelectField("Which module do you think it counts as? (optional)", coerce=int)
    words = LongTextField(
        "What did you learn?",
        required="Say in a sentence what you learned",
        longest=LONGEST_WORDS,
        hint="A sentence or two, so that Workforce Development can see what it is like",
        shown_as={"rows": 3},
    )

    def offer(self, modules: Modules) -> None:
        """Fill the list of modules."""
        self.module.choices = [SelectChoice("", "I am not sure"), *(SelectChoice(*each) for each in modules)]

    def said(self) -> LearningSaid:
        """Return what was typed."""
        starts_on = _day(self.starts_on)
        return LearningSaid(
            kind=ClaimKind(self.kind.data or ""),
            title=self.title.data or "",
            provider=self.provider.data or "",
            starts_on=starts_on,
            ends_on=self.ends_on.data or starts_on,
            minutes=((self.hours.data or 0) * 60 + (self.minutes.data or 0)) or None,
            module_id=self.module.data,
            words=self.words.data or "",
            link=self.link.data or "",
        )


class RecogniseForm(_Evidence):
    """Learning that Workforce Development recognises by hand: as which module, why, and what was seen (AMB-25)."""

    module = SelectField("Which module does it count as?", required="Choose a module", coerce=int)
    title = TextField(
        "What was done?", required="Enter what was done", hint="For example, Genograms course at the university"
    )
    happened_on = DateField("When was it done?", required="Enter when it was done", hint="The last day of it")
    reason = TextField("Why does it count as the module?", required="Enter why it counts", hint="The person is told")
    words = TextField(
        "What have you seen as evidence?",
        required="Enter what you have seen as evidence",
        hint="For example, certificate of 27 March 2018",
    )

    def offer(self, modules: Modules) -> None:
        """Fill the list of modules."""
        self.module.choices = [SelectChoice("", "Choose"), *(SelectChoice(*each) for each in modules)]

    def said(self) -> LearningSaid:
        """Return what was typed."""
        on = _day(self.happened_on)
        parts = (self.title.data or "", "", on, on, None, self.module.data, self.words.data or "", self.link.data or "")
        return LearningSaid(ClaimKind.BY_HAND, *parts)


class AcceptForm(Form):
    """Accept what was sent in: as what, and why. `seen` is how often it had been sent when it was read."""

    seen = HiddenField("What you have read")
    counts_as = SelectField("Accept as", required="Choose what it counts as")
    reason = TextField(
        "Why does it count as the module?", hint="The person is told. You can leave it empty for other learning."
    )

    def offer(self, modules: Modules) -> None:
        """Fill the list of what it can count as."""
        other = SelectChoice(OTHER_LEARNING, "Other learning: shown on the record, opens nothing")
        self.counts_as.choices = [
            SelectChoice("", "Choose"),
            other,
            *(SelectChoice(str(number), title) for number, title in modules),
        ]

    @property
    def module_id(self) -> int | None:
        """The number of the module that was chosen; None for other learning."""
        chosen = str(self.counts_as.data)
        return None if chosen == OTHER_LEARNING else int(chosen)

    def validate(self, **kwargs: Any) -> bool:
        """Ask why, where it is to count as a module (AMB-25)."""
        is_right: bool = super().validate(**kwargs)
        if is_right and self.module_id is not None and not self.reason.data:
            self.reason.errors = ["Enter why it counts as the module"]
            return False
        return is_right


class ReturnForm(Form):
    """Return what was sent in, with a comment."""

    seen = HiddenField("What you have read")
    comment = LongTextField(
        "What should be mended?",
        required="Enter what should be mended",
        longest=LONGEST_WORDS,
        hint="The person is told, and can send it in again",
        shown_as={"rows": 3},
    )


class PutRightForm(Form):
    """Correct a fact: another module or another day, and why."""

    module = SelectField("Module", required="Choose a module", coerce=int)
    happened_on = DateField("Date", required="Enter the date")
    reason = TextField("Why is it corrected?", required="Enter why it is corrected", hint="The person is told")

    def offer(self, modules: Modules) -> None:
        """Fill the list of modules; a fact about none asks for none."""
        choices = [SelectChoice(*each) for each in modules]
        if choices:
            self.module.choices = choices
        else:
            del self.module


class TakeBackForm(Form):
    """Withdraw a fact, and say why."""

    why = TextField("Why is it withdrawn?", required="Enter why it is withdrawn", hint="The person is told")


def number_seen(form: AcceptForm | ReturnForm) -> int:
    """Return how often it had been sent when it was read; a made-up number is none."""
    typed = form.seen.data or ""
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else 0  # noqa: PLR2004 - a column's width


def _day(field: DateField) -> date:
    """Return the day that was typed where one is required."""
    assert isinstance(field.data, date), "a required date is there once the form is right"  # noqa: S101
    return field.data
