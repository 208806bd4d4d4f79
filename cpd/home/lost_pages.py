"""Putting right, in one confirmation, the places that have lost what they rest on."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectMultipleField
from wtforms.validators import StopValidation

from cpd.booking import service as booking
from cpd.booking.service import BookingRefused, CancellingRefused
from cpd.home import service
from cpd.home.forms import MOST_TOGETHER, session_id
from cpd.home.views import blueprint
from cpd.shared.access import requires, viewer
from cpd.shared.forms import Form
from cpd.shared.permissions import Action


def _step(text: str) -> tuple[int | None, int]:
    """Read `12:45`, a booking and the session to which it moves, or `:45`, a session to book. Raises ValueError."""
    booking_id, _, to = text.partition(":")
    return session_id(booking_id) if booking_id else None, session_id(to)


class StepsField(SelectMultipleField):
    """The parts of a plan, as the page offered them."""

    def __init__(self, label: str = "", **kwargs: Any) -> None:
        wrong = "Put things right by the button on the page"
        super().__init__(label, coerce=_step, validate_choice=False, invalid_value_message=wrong, **kwargs)

    def pre_validate(self, _form: object) -> None:
        """Refuse nothing, and more than anybody does at once."""
        if not 0 < len(self.data or []) <= MOST_TOGETHER:
            raise StopValidation("Put things right by the button on the page")

    def first_box(self) -> str:
        """Return the id of the box that an error leads to: there is none of its own."""
        return "main-content"


class PutRightForm(Form):
    """Do all of a plan in one go."""

    step = StepsField()


@blueprint.post("/my/bookings/put-right")
@requires(Action.BOOK_OWN_PLACE)
def put_right() -> ResponseReturnValue:
    """Move and book what puts my places right: all of it, or nothing and every reason why not."""
    form = PutRightForm()
    if not form.validate_on_submit():
        return render_template("errors/400.html"), 422
    steps = form.step.data or []
    try:
        booking.rearrange(viewer.id, {to: booking_id for booking_id, to in steps}, by=viewer.id)
    except LookupError:
        abort(404)
    except CancellingRefused as refused:
        return render_template("home/cannot_cancel.html", reason=refused.reason), 409
    except BookingRefused as refused:
        refusals = service.refusals([to for _, to in steps], refused.objections)
        return render_template("home/not_put_right.html", refusals=refusals), 409
    flash("Done. Your bookings and your diary are up to date.")
    return redirect(url_for("home.my_bookings"), code=303)
