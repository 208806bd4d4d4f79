"""What Workforce Development types at the desk."""

from __future__ import annotations

from cpd.shared.forms import Form, IntegerField, TextField, TickField

MOST_PLACES = 10_000


class CapacityForm(Form):
    """How many places a session has."""

    capacity = IntegerField("Places", most=MOST_PLACES, hint="Leave it empty for no limit")
    send_back = TickField("Send the last booked back to the head of the waiting list")


class SayNoForm(Form):
    """Refuse what somebody asked for, with the reason that she is told."""

    reason = TextField("Why not?", required="Enter why you say no", hint="The person is told")

    @classmethod
    def about(cls, booking_id: int, *, typed: bool) -> SayNoForm:
        """Make the form of one request; its box has an id of its own, for the page has several.

        `typed` says that what was sent is about this one.
        """
        form = cls() if typed else cls(formdata=None)
        form.reason.id = form.reason.label.field_id = f"reason-{booking_id}"
        return form


class CancelSessionForm(Form):
    """Cancel a session, with the reason that everybody is told."""

    reason = TextField(
        "Why is it cancelled?", required="Enter why the session is cancelled", hint="Everybody booked is told"
    )
