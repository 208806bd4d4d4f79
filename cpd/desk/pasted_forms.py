"""What is typed to book a pasted request, made into typed values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cpd.desk.import_forms import LONGEST_PASTE
from cpd.desk.pasted import PastedLine
from cpd.shared.forms import Form, HiddenField, LongTextField, SelectChoice, SelectField, TextField, TickField

WHEN_HINT = "For example, 3 December 2018 14:05. If you leave it empty, it is now."


class PasteForm(Form):
    """Paste a request as it came in."""

    text = LongTextField(
        "The request",
        required="Paste the request",
        longest=LONGEST_PASTE,
        hint="The whole e-mail with its head, as it came in.",
        shown_as={"rows": 14, "threshold": 90},
    )


class AboutForm(Form):
    """Say whose request it is, and when it came in."""

    person = TextField("Who is it for?", hint="E-mail address, employee number or name")
    received = TextField("When did it come in? (optional)", hint=WHEN_HINT)


class BookPastedForm(Form):
    """Which of the lines to book, each on the session that was understood or on another one."""

    person = HiddenField("Who it is for")

    def chosen(self) -> list[int]:
        """Return the sessions of the ticked lines."""
        ticked = [field.name.removeprefix("take_") for field in self if field.name.startswith("take_") and field.data]
        return [int(self[f"session_{number}"].data) for number in ticked if self[f"session_{number}"].data]

    def validate(self, **kwargs: Any) -> bool:
        """Ask for a session on each ticked line, and for one line at least."""
        is_right: bool = super().validate(**kwargs)
        ticked = [field for field in self if field.name.startswith("take_") and field.data]
        for field in ticked:
            box = self[field.name.replace("take_", "session_")]
            if not box.data and not box.errors:
                box.errors = ["Choose a session, or take the tick away"]
                is_right = False
        if is_right and not ticked:
            self.form_errors.append("Tick at least one line to book")
            is_right = False
        return is_right


def booking_form(lines: Sequence[PastedLine], person_id: int | None, *, sent: bool) -> BookPastedForm:
    """Make the form for these lines; `sent` is whether this very form has been sent now."""
    boxes: dict[str, Any] = {}
    proposed: dict[str, Any] = {"person": str(person_id or "")}
    for line in lines:
        choices = [SelectChoice("", "Choose"), *(SelectChoice(str(number), words) for number, words in line.choices)]
        about = f"{line.title}, line {line.written.row}"
        boxes[f"take_{line.number}"] = TickField("Book this")
        boxes[f"session_{line.number}"] = SelectField(f"Session of {about}", choices=choices)
        proposed[f"take_{line.number}"] = line.is_ticked
        proposed[f"session_{line.number}"] = str(line.written.session.id) if line.written.session else ""
    form_class = type("BookingOfThisRequest", (BookPastedForm,), boxes)
    form: BookPastedForm = form_class() if sent else form_class(formdata=None, data=proposed)
    return form
