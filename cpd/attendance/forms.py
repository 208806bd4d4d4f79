"""What is typed on the pages of registers."""

from __future__ import annotations

from wtforms import SelectChoice

from cpd.attendance.rules import AttendanceStatus
from cpd.shared.forms import Form, HiddenField, IntegerField, SelectField, TextField, TickField

LONGEST_TAP = 64
MINUTES_OF_A_DAY = 24 * 60


class RegisterForm(Form):
    """An act on the register of one day."""

    day = IntegerField("Day", least=1, required="Choose a day of this session")


class MarkForm(RegisterForm):
    """Mark one person. `tap` names one tap on a telephone, so that what was sent twice is taken once."""

    person = IntegerField("Person", least=1, required="Choose somebody from the register")
    status = SelectField(
        "Mark",
        choices=[SelectChoice(each.value, each.value) for each in AttendanceStatus],
        required="Choose attended, part of it, absent or excused",
    )
    minutes = IntegerField("Minutes there", least=1, most=MINUTES_OF_A_DAY)
    tap = HiddenField("Tap", longest=LONGEST_TAP)


class AddForm(RegisterForm):
    """Add somebody who came without a booking, by name or e-mail address; `person` is one of those found."""

    who = TextField("Who came without a booking?", hint="Name or work e-mail address")
    person = IntegerField("Person", least=1)


class CloseForm(RegisterForm):
    """Close a register; whoever has no mark is marked absent when that was asked for."""

    absent_rest = TickField("Mark the rest absent")


class ReopenForm(RegisterForm):
    """Open a closed register again."""

    reason = TextField(
        "Why is it opened again?",
        required="Enter why the register is opened again",
        hint="Whoever is told of a correction reads this",
    )


class AcceptForm(RegisterForm):
    """Accept somebody as complete although part was missed, or take that back (AMB-27)."""

    person = IntegerField("Person", least=1, required="Choose somebody from the register")
    reason = TextField("Why?", required="Enter the reason", hint="They are told, and it stands on their record")


class LinkForm(Form):
    """Make a link for somebody from outside."""

    name = TextField("Who is the link for?", required="Enter the name of the facilitator", hint="For example a tutor")


class CodeForm(Form):
    """Sign in on the day."""

    code = TextField(
        "Code",
        required="Enter the code that is shown in the room",
        hint="Six letters and numbers",
        longest=20,
        shown_as={"classes": "govuk-input--width-10", "autocomplete": "off", "spellcheck": False},
    )
