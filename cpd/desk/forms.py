"""What Workforce Development types at the desk."""

from __future__ import annotations

from cpd.shared.forms import Form, IntegerField, TextField, TickField

MOST_PLACES = 10_000


class CapacityForm(Form):
    """How many places a session has."""

    capacity = IntegerField("Places", most=MOST_PLACES, hint="Leave it empty for no limit")
    send_back = TickField("Send the last booked back to the head of the waiting list")


class CancelSessionForm(Form):
    """Cancel a session, with the reason that everybody is told."""

    reason = TextField(
        "Why is it cancelled?", required="Enter why the session is cancelled", hint="Everybody booked is told"
    )
