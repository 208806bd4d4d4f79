"""What is chosen, typed and sent about evidence."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from cpd.progression.portfolios.facts import ItemFacts
from cpd.progression.portfolios.rules import ONLY, OTHER, WHOLE, Fault, Piece
from cpd.progression.portfolios.wording import FAULTS, NO_NAMES
from cpd.schemes.framework import frameworks_on
from cpd.schemes.pathway_shape import EvidenceKind, EvidencePart
from cpd.shared.forms import (
    CheckboxesField,
    DateField,
    Form,
    HiddenField,
    LongTextField,
    RadiosField,
    SelectChoice,
    TextField,
    TickField,
)
from cpd.shared.sent_files import TAKEN, DocumentField

LONGEST_PIECE = 10_000
LONGEST_LINK = 1000
READ = "We look for names and numbers in it, but not in pictures or scanned pages. Look through those yourself."
SMALL = {"classes": "govuk-checkboxes--small"}

FIELDS = {
    Fault.NOTHING_IN_IT: "words",
    Fault.NO_FILE_OR_LINK: "document",
    Fault.NO_TITLE: "title",
    Fault.IN_THE_FUTURE: "happened_on",
    Fault.NO_SAFE_LINK: "link",
    Fault.NO_SUCH_PART: "item_kind",
    Fault.NOT_VALID_THEN: "statements",
    Fault.NO_ANSWER: "answer",
}
"""Beside which field each fault is shown."""


class _Showing(Form):
    """What every piece has: its day, what it says, and which statements it shows."""

    happened_on = DateField("When was it?", required="Enter when it was", hint="For example, 27 3 2027")
    statements = CheckboxesField(
        "Which standards does it show? (optional)", hint="As far as you can say. They fill your map.", shown_as=SMALL
    )

    def offer(self, today: date) -> None:
        """Offer the statements in force on the day that was typed, else today."""
        day = self.happened_on.data if isinstance(self.happened_on.data, date) else today
        self.statements.choices = [
            SelectChoice(ref, f"{framework.code} {each.code}: {each.title}")
            for framework in frameworks_on(day)
            for ref, each in framework.refs.items()
        ]
        self.statements.invalid_choice_message = FAULTS[Fault.NOT_VALID_THEN]

    def say(self, faults: Sequence[Fault]) -> None:
        """Show what is wrong beside the fields, and what is put right elsewhere above them."""
        for fault in faults:
            field: Any = self._fields.get(FIELDS.get(fault, ""))
            if field is None:
                self.form_errors.append(FAULTS[fault])
            else:
                field.errors = [*field.errors, FAULTS[fault]]

    @property
    def _shown(self) -> tuple[str, ...]:
        return tuple(self.statements.data or ())

    @property
    def _day(self) -> date:
        day = self.happened_on.data
        assert isinstance(day, date), "a required date is there once the form is right"  # noqa: S101
        return day


class PieceForm(_Showing):
    """A piece of evidence: one of a portfolio, a whole portfolio, or the only one. Fields it has not are taken out."""

    item_kind = RadiosField("What is it?", required="Choose what it is")
    title = TextField("What do you call it?", required="Enter what you call it", hint=f"A few words. {NO_NAMES}")
    words = LongTextField("What it shows (optional)", longest=LONGEST_PIECE, hint=NO_NAMES, shown_as={"rows": 8})
    document = DocumentField("A file (optional)", hint=f"{TAKEN}. {READ} {NO_NAMES}")
    without_file = TickField("Take the file out")
    link = TextField(
        "A link to it in the council's own store (optional)",
        longest=LONGEST_LINK,
        hint=f"The whole address; it begins with https://. {NO_NAMES}",
        shown_as={"inputmode": "url", "spellcheck": False},
    )
    ticked = CheckboxesField("What is in it?", hint="Tick what is there. What is missing stops nobody.", shown_as=SMALL)

    @classmethod
    def of(
        cls, kind: EvidenceKind, item_kind: str, today: date, item: ItemFacts | None = None, **more: Any
    ) -> PieceForm:
        """Make the form of a piece of a kind: `item_kind` is `WHOLE`, `ONLY`, or anything else for one of many."""
        form = cls(obj=item, **more)
        is_one_of_many = item_kind not in (WHOLE, ONLY)
        if is_one_of_many:
            form.item_kind.choices = [
                *(SelectChoice(each.code, part_words(each)) for each in kind.contents),
                SelectChoice(OTHER, "Something else" if kind.contents else "A piece of evidence"),
            ]
        else:
            del form.item_kind
            del form.title
        if item_kind == WHOLE:
            form.document.label.text, form.link.label.text = (
                "The completed file",
                "Or a link to it in the council's own store",
            )
            form.happened_on.label.text = "When did you complete it?"
        if is_one_of_many or not kind.contents:
            del form.ticked
        else:
            form.ticked.choices = [SelectChoice(each.code, part_words(each)) for each in kind.contents]
        if item is None or not item.stored_as:
            del form.without_file
        form.offer(today)
        return form

    def piece(self, kind: EvidenceKind, item_kind: str) -> Piece:
        """Return what was typed; what has no title of its own has its kind's."""
        is_one_of_many = "item_kind" in self._fields
        return Piece(
            item_kind=str(self.item_kind.data) if is_one_of_many else item_kind,
            title=(self.title.data or "") if is_one_of_many else kind.title,
            happened_on=self._day,
            words=self.words.data or "",
            link=self.link.data or "",
            statements=self._shown,
        )

    @property
    def ticked_parts(self) -> Collection[str] | None:
        """Which parts are ticked; None where there are none to tick."""
        return list(self.ticked.data or ()) if "ticked" in self._fields else None

    @property
    def is_without_file(self) -> bool:
        """Whether the file that is there is to go."""
        return "without_file" in self._fields and bool(self.without_file.data)


class RecordForm(_Showing):
    """What somebody has seen herself and records for her person."""

    words = LongTextField(
        "What did you see?", longest=LONGEST_PIECE, required="Write what you saw", hint=NO_NAMES, shown_as={"rows": 6}
    )
    answer = LongTextField(
        "If something was found: why does it tell nobody who the child or family is?", shown_as={"rows": 2}
    )

    def piece(self, kind: EvidenceKind) -> Piece:
        """Return what was typed."""
        return Piece(ONLY, kind.title, self._day, words=self.words.data or "", statements=self._shown)


class AnswerForm(Form):
    """Why what was found tells nobody who somebody is."""

    answer = LongTextField(
        "Why does it tell nobody who the child or family is?",
        required="Write why, or change the piece",
        hint="For example: it is the author of a book, or our own office. It is kept with the piece.",
        shown_as={"rows": 3},
    )


CHECKED = "I have checked: nobody can tell from it who a child or family is"


class DecideForm(Form):
    """Accept or return what was handed in; `seen` is how often it had been handed in when it was read."""

    seen = HiddenField("")
    decision = RadiosField(
        "What do you decide?",
        required="Choose what you decide",
        choices=[
            SelectChoice("accept", "Accept it", render_kw={"hint": "It counts from now on, and stays locked."}),
            SelectChoice("return", "Return it with comments", render_kw={"hint": "It can then be changed again."}),
        ],
    )
    comments = LongTextField(
        "Your comments",
        hint="They are sent as you write them. Needed if you return it. No names.",
        shown_as={"rows": 5},
    )
    checked = TickField(CHECKED)

    @property
    def hand_ins(self) -> int:
        """How often it had been handed in; -1 where the page said nothing that can be read."""
        said = self.seen.data or ""
        return int(said) if said.isascii() and said.isdecimal() and len(said) < 6 else -1  # noqa: PLR2004


class ReopenForm(Form):
    """Why an acceptance is taken back."""

    reason = LongTextField(
        "Why do you take the acceptance back?",
        required="Write why",
        hint="The person is sent it. No names of children or families.",
        shown_as={"rows": 3},
    )
    checked = TickField(CHECKED)


def part_words(part: EvidencePart) -> str:
    """`Direct observation, 3 times`."""
    return part.title if part.count == 1 else f"{part.title}, {part.count} times"
