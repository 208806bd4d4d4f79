"""A session as Workforce Development types it, made into typed values."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from wtforms import ValidationError

from cpd.desk.forms import MOST_PLACES
from cpd.shared.clock import LONDON
from cpd.shared.forms import (
    CheckboxesField,
    DateField,
    Form,
    IntegerField,
    LongTextField,
    SelectChoice,
    SelectField,
    TextField,
    TickField,
)
from cpd.shared.reading import Unreadable
from cpd.shared.wording import span_words
from cpd.timetable.editing import DayWanted, SessionWanted
from cpd.timetable.reading.times import read_span, settle

DAYS_SHOWN = 4
NOWHERE = "0-0"


def _is_span(_form: Form, field: TextField) -> None:
    """Refuse a time that cannot be understood, with the reader's own reason."""
    try:
        settle(*read_span(field.data))
    except Unreadable as wrong:
        raise ValidationError(f"Enter the time like 9:30am to 12:30pm: {wrong.reason}") from wrong


def _is_link(_form: Form, field: TextField) -> None:
    """Refuse what leads to no page, or to something else than a page."""
    try:
        address = urlsplit(field.data)
    except ValueError:
        address = urlsplit("")
    if address.scheme not in ("https", "http") or not address.hostname or " " in field.data:
        raise ValidationError(f"{field.label.text} must be a whole address, like https://meeting.example/123")


class SessionForm(Form):
    """One session: what, when and where on each of up to four days, with whom, and for whom besides."""

    module = SelectField("Module", choices=[], required="Choose the module")
    capacity = IntegerField("Places", most=MOST_PLACES, hint="Leave it empty for no limit")
    online_link = TextField(
        "Link for joining online", hint="Only people with a place and the facilitators see it", validators=[_is_link]
    )
    facilitators = TextField(
        "Facilitators with an account", hint="E-mail addresses with a comma between them. They see who is coming"
    )
    facilitator_names = TextField("Facilitators as shown to everybody")
    note = LongTextField("Anything else people should know")
    opens = DateField("Booking opens on")
    closes = DateField("Booking closes on")
    open_to = CheckboxesField("Also open to people of", choices=[])
    confirmed = TickField("I have read what this means")

    def days(self) -> list[dict[str, Any]]:
        """Return the boxes of each day."""
        return [
            {part: self[f"{part}_{number}"] for part in ("on", "time", "place", "online")}
            for number in range(DAYS_SHOWN)
        ]

    def offer(
        self, modules: list[tuple[str, str]], places: list[tuple[str, str]], organisations: list[tuple[str, str]]
    ) -> None:
        """Fill the lists to choose from."""
        self.module.choices = [SelectChoice("", "Choose"), *(SelectChoice(*each) for each in modules)]
        self.open_to.choices = [SelectChoice(*each) for each in organisations]
        for boxes in self.days():
            boxes["place"].choices = [SelectChoice(NOWHERE, "No room"), *(SelectChoice(*each) for each in places)]

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for a first day, and for date and time together on each."""
        right = bool(super().validate(extra_validators))
        for number, boxes in enumerate(self.days()):
            on, at = boxes["on"], boxes["time"]
            wanted = number == 0 or bool(on.data or at.data)
            if wanted and not on.data and not on.errors:
                on.errors, right = [f"Enter the date of day {number + 1}"], False
            if wanted and not at.data and not at.errors:
                at.errors, right = [f"Enter the time of day {number + 1}, like 9:30am to 12:30pm"], False
        return right

    def wanted(self, facilitator_ids: frozenset[int]) -> SessionWanted:
        """Return the session that was typed; call it only when the form is right."""
        return SessionWanted(
            int(self.module.data or 0),
            tuple(self._day(boxes) for boxes in self.days() if boxes["on"].data),
            self.online_link.data or "",
            self.note.data or "",
            self.facilitator_names.data or "",
            facilitator_ids,
            self.opens.data,
            self.closes.data,
            frozenset(map(int, self.open_to.data or ())),
        )

    def _day(self, boxes: dict[str, Any]) -> DayWanted:
        """Put one day together from its boxes."""
        begins, ends = settle(*read_span(boxes["time"].data))
        venue_id, _, room_id = (boxes["place"].data or NOWHERE).partition("-")
        return DayWanted(
            datetime.combine(boxes["on"].data, begins, LONDON),
            datetime.combine(boxes["on"].data, ends, LONDON),
            int(venue_id) or None,
            int(room_id) or None,
            bool(boxes["online"].data),
        )


for _number in range(DAYS_SHOWN):
    setattr(SessionForm, f"on_{_number}", DateField(f"Day {_number + 1}: date"))
    setattr(SessionForm, f"time_{_number}", TextField(f"Day {_number + 1}: time", validators=[_is_span]))
    setattr(SessionForm, f"place_{_number}", SelectField(f"Day {_number + 1}: room", choices=[]))
    setattr(SessionForm, f"online_{_number}", TickField(f"Day {_number + 1}: people can join online"))


def typed(wanted: SessionWanted, emails: list[str]) -> dict[str, Any]:
    """Show a session as it is in the boxes of the form."""
    shown: dict[str, Any] = {
        "module": str(wanted.module_id),
        "online_link": wanted.online_link,
        "note": wanted.note,
        "facilitator_names": wanted.facilitator_names,
        "facilitators": ", ".join(emails),
        "opens": wanted.booking_opens_on,
        "closes": wanted.booking_closes_on,
        "open_to": [str(each) for each in wanted.open_to],
    }
    for number, day in enumerate(wanted.days[:DAYS_SHOWN]):
        shown |= {
            f"on_{number}": day.starts_at.astimezone(LONDON).date(),
            f"time_{number}": span_words(day.starts_at, day.ends_at),
            f"place_{number}": f"{day.venue_id or 0}-{day.room_id or 0}",
            f"online_{number}": day.is_online,
        }
    return shown
