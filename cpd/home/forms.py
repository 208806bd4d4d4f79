"""What people type on the home pages, made into typed values."""

from __future__ import annotations

from typing import Any

from wtforms import SelectMultipleField
from wtforms.validators import StopValidation

from cpd.shared.forms import (
    LARGEST_NUMBER,
    DateField,
    Form,
    HiddenField,
    LongTextField,
    QueryForm,
    SelectChoice,
    SelectField,
    TextField,
    TickField,
)

MOST_PER_PAGE = 500
USUAL_PER_PAGE = 50
MOST_TOGETHER = 50
NOT_A_SESSION = "Choose sessions from the page"


def session_id(text: str) -> int:
    """Read the id of a session. Raises ValueError for anything that can name none."""
    number = int(text) if text.isascii() and text.isdecimal() and len(text) <= 10 else 0  # noqa: PLR2004 - 2**31 - 1 has ten digits
    if not 0 < number <= LARGEST_NUMBER:
        raise ValueError("That is not a session")
    return number


class SessionIdsField(SelectMultipleField):
    """Ids of sessions, sent by name as often as there are sessions; whether they exist is the service's to say."""

    def __init__(self, label: str = "", **kwargs: Any) -> None:
        super().__init__(label, coerce=session_id, validate_choice=False, invalid_value_message=NOT_A_SESSION, **kwargs)

    def pre_validate(self, _form: object) -> None:
        """Refuse more than anybody books at once."""
        if len(self.data or []) > MOST_TOGETHER:
            raise StopValidation(f"Book at most {MOST_TOGETHER} sessions at once")

    def first_box(self) -> str:
        """Return the id of the box that an error leads to: there is none of its own."""
        return "main-content"


class BookForm(Form):
    """Ask for a place, `together` with further sessions; `person` and `override_reason` are the desk's."""

    together = SessionIdsField()
    person = TextField("Who is it for?", hint="E-mail address or employee number")
    override_reason = TextField("Why should the reasons against it be set aside?")
    access_needs = LongTextField(
        "Is there anything you need on the day? (optional)",
        hint="For example step-free access or a diet. Only Workforce Development and the facilitators see it. "
        "It is erased a week after the session.",
    )


class MoveForm(Form):
    """Change a booking for another session."""

    to = HiddenField("The session to move to", required="Choose the session to move to")


class CancelForm(Form):
    """Cancel somebody else's booking; she is told why."""

    reason = TextField("Why is it cancelled? (optional)")

    def kept(self) -> str:
        """Return what is kept of the reason."""
        return self.reason.data or ""


class TimetableForm(QueryForm):
    """What the timetable shows."""

    programme = SelectField("Programme", choices=[], validate_choice=False)
    module = SelectField("Module", choices=[], validate_choice=False)
    venue = SelectField("Venue", choices=[], validate_choice=False)
    since = DateField("From")
    until = DateField("Until")
    bookable = TickField("Only what I can book")

    def offer(
        self, programmes: list[tuple[str, str]], modules: list[tuple[str, str]], venues: list[tuple[str, str]]
    ) -> None:
        """Fill the lists to choose from."""
        for box, choices in ((self.programme, programmes), (self.module, modules), (self.venue, venues)):
            box.choices = [SelectChoice("", "All"), *(SelectChoice(value, words) for value, words in choices)]
