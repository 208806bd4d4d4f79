"""What is typed and sent to bring in files, made into typed values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import PurePath
from typing import Any

from cpd.shared.dates import YEARS
from cpd.shared.forms import FileField, Form, IntegerField, LongTextField, SelectChoice, SelectField, SubmitField

TABLES = ("csv", "xlsx", "xls", "ods")
LONGEST_PASTE = 200_000
PASTED = "pasted text.txt"

FIELDS = {
    "module": "Module: its code, number or title",
    "title": "Title",
    "start_date": "Date, or the first of several",
    "start_time": "Start time, or start and end",
    "end_date": "Last date",
    "end_time": "End time",
    "venue": "Venue",
    "room": "Room",
    "session_ref": "Reference of the session",
    "capacity": "Number of places",
    "booking_opens": "Booking opens on",
    "booking_closes": "Booking closes on",
    "facilitator": "Facilitator",
    "weekday": "Weekday",
}
"""What a column of a timetable can hold, in words."""


class TimetableForm(Form):
    """Send a timetable: a file, or text that was copied from one."""

    file = FileField(
        "File", kinds=(*TABLES, "txt"), hint="A table (.csv, .xlsx, .xls, .ods) or plain text (.txt), up to 5 MB"
    )
    text = LongTextField(
        "Or paste the timetable as text",
        longest=LONGEST_PASTE,
        hint="As it stands in a Word document: a line with the module, and below it a line for each session.",
        shown_as={"threshold": 90, "rows": 10},
    )
    programme = SelectField("Programme", required="Choose the programme")
    year = IntegerField(
        "Year (optional)",
        least=YEARS[0],
        most=YEARS[-1],
        hint="Only for dates that do not say their year, such as 10th January",
    )

    def offer(self, programmes: Iterable[tuple[str, str]]) -> None:
        """Fill the list of programmes; the only one is chosen."""
        choices = [SelectChoice(code, title) for code, title in programmes]
        self.programme.choices = choices if len(choices) == 1 else [SelectChoice("", "Choose"), *choices]

    def validate(self, **kwargs: Any) -> bool:
        """Ask for a file or a text, and not for both."""
        if not super().validate(**kwargs):
            return False
        if bool(self.file.data) == bool(self.text.data):
            both = (
                "Choose a file or paste text, not both"
                if self.file.data
                else "Choose a file or paste the timetable as text"
            )
            self.file.errors = [both]
            return False
        return True

    def sent(self) -> tuple[str, bytes]:
        """Return the name and content of what was sent."""
        if self.text.data:
            return PASTED, self.text.data.encode()
        return sent_file(self.file)


class TableForm(Form):
    """Send a table: of people, or of bookings."""

    file = FileField(
        "File", kinds=TABLES, required="Choose a file", hint="A table (.csv, .xlsx, .xls, .ods), up to 5 MB"
    )


class TakeForm(Form):
    """Take what a preview has shown: as it is, published at once, or only the rows that are right."""

    take = SubmitField("Take it")
    publish = SubmitField("Take and publish")
    good_rows = SubmitField("Take the good rows")


def sent_file(field: Any) -> tuple[str, bytes]:
    """Return the name and content of a file that was sent; endings in capitals are as good."""
    name = PurePath(field.data.filename or "")
    return f"{name.stem}{name.suffix.lower()}", field.data.read()


def columns_form(fields: Mapping[str, str], *, sent: bool = False) -> ColumnsForm:
    """Make a form that asks for each heading what stands in its column; `fields` says what is thought so far.

    `sent` is whether this very form has been sent now.
    """
    choices = [SelectChoice("", "Leave it out"), *(SelectChoice(field, words) for field, words in FIELDS.items())]
    boxes = {f"column_{number}": SelectField(heading, choices=choices) for number, heading in enumerate(fields)}
    thought = dict(zip(boxes, fields.values(), strict=True))
    form_class = type("ColumnsOfThisTable", (ColumnsForm,), boxes)
    form: ColumnsForm = form_class() if sent else form_class(formdata=None, data=thought)
    return form


class ColumnsForm(Form):
    """For what the columns of a table stand."""

    def mapping(self) -> dict[str, str]:
        """Return what was chosen for each heading."""
        return {box.label.text: box.data or "" for box in self._boxes()}

    def validate(self, **kwargs: Any) -> bool:
        """Refuse one meaning for two columns."""
        is_right: bool = super().validate(**kwargs)
        chosen: dict[str, str] = {}
        for box in self._boxes():
            if box.data and chosen.setdefault(box.data, box.label.text) != box.label.text:
                box.errors = [f"The column {chosen[box.data]} is that already: choose something else for one of them"]
                is_right = False
        return is_right

    def _boxes(self) -> list[Any]:
        return [field for field in self if field.name.startswith("column_")]
