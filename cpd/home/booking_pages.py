"""Asking Workforce Development for a place, and giving one's place back: pages about one booking."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from cpd.booking import requests
from cpd.booking import service as booking
from cpd.booking.deadlines import would_be_late
from cpd.booking.forms import AskForm, GiveBackForm
from cpd.booking.offers import Offer
from cpd.booking.rules import Status
from cpd.home import service
from cpd.home.forms import BookForm, CancelForm
from cpd.home.views import blueprint, may_change, show_refusal, show_session
from cpd.people import service as people
from cpd.shared.access import requires, viewer
from cpd.shared.permissions import Action


@blueprint.post("/sessions/<int:training_session_id>/ask")
@requires(Action.BOOK_OWN_PLACE)
def ask(training_session_id: int) -> ResponseReturnValue:
    """Ask Workforce Development for a place to which it must agree, and say why it is needed."""
    form = AskForm()
    if not form.validate_on_submit():
        return show_session(training_session_id, BookForm(formdata=None), ask_form=form, status=422)
    try:
        asked = requests.ask_for_place(viewer.id, training_session_id, form.asks.data or "", by=viewer.id)
    except LookupError:
        abort(404)
    except booking.BookingRefused as refused:
        return show_refusal(training_session_id, [training_session_id], refused)
    flash(_SAID[asked.status])
    return redirect(url_for("home.session_page", training_session_id=training_session_id), code=303)


_SAID = {
    Status.REQUESTED: "You have asked for this place. Workforce Development has been told.",
    Status.WAITING: "You are on the waiting list, and Workforce Development has been told what you ask.",
    Status.CONFIRMED: "You have a place. It is in your diary.",
}
"""What came of asking; nobody need agree where the place is hers at once."""


@blueprint.get("/bookings/<int:booking_id>/cancel")
@requires(Action.BOOK_OWN_PLACE)
def ask_to_cancel(booking_id: int) -> ResponseReturnValue:
    """Ask once before a place is given back, and say what that means."""
    owner = may_change(booking_id)
    return _ask_to_cancel(owner, booking_id, _form_for(owner, booking_id))


@blueprint.post("/bookings/<int:booking_id>/cancel")
@requires(Action.BOOK_OWN_PLACE)
def cancel(booking_id: int) -> ResponseReturnValue:
    """Give a place or a position back."""
    owner = may_change(booking_id)
    form = _form_for(owner, booking_id)
    if not form.validate_on_submit():
        return _ask_to_cancel(owner, booking_id, form, status=422)
    try:
        cancelled = booking.cancel_booking(booking_id, by=viewer.id, reason=form.kept())
    except booking.CancellingRefused as refused:
        return render_template("home/cannot_cancel.html", reason=refused.reason), 409
    if owner != viewer.id:
        flash(f"The booking of {people.get_person(owner).name} is cancelled.")
        return redirect(url_for("desk.session_list", training_session_id=cancelled.training_session_id), code=303)
    flash("Your booking is cancelled.")
    return redirect(url_for("home.my_bookings"), code=303)


def _form_for(owner: int, booking_id: int) -> GiveBackForm | CancelForm:
    """Give her the reasons to tap, which must be said when it is late; for others an officer types one."""
    return GiveBackForm(late=would_be_late(booking_id)) if owner == viewer.id else CancelForm()


def _ask_to_cancel(
    owner: int, booking_id: int, form: GiveBackForm | CancelForm, *, status: int = 200
) -> ResponseReturnValue:
    """Render the question, to her whose booking it is or to Workforce Development."""
    offer = _live_booking(owner, booking_id)
    name = "" if owner == viewer.id else people.get_person(owner).name
    if name:
        form.reason.description = f"{name} is told"
    return render_template("home/cancel.html", offer=offer, row=service.row_of(offer), form=form, name=name), status


def _live_booking(owner: int, booking_id: int) -> Offer:
    """Return somebody's live booking as an offer, or 404."""
    live = service.my_bookings(owner, viewer.organisation_id)
    found = next((offer for offer in live if offer.booking_id == booking_id), None)
    if found is None:
        abort(404)
    return found
