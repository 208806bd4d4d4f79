"""The desk's list of what people ask for, and answering it."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from cpd.booking.requests import AnsweringRefused, answer_request
from cpd.desk.forms import SayNoForm
from cpd.desk.requests import asked_for, asked_of
from cpd.desk.views import blueprint
from cpd.people import service as people
from cpd.shared.access import requires, viewer
from cpd.shared.forms import Form
from cpd.shared.permissions import Action


@blueprint.get("/workforce/requests")
@requires(Action.BOOK_FOR_OTHERS)
def list_requests() -> ResponseReturnValue:
    """Show who asks for which place and why, first what must be answered first."""
    return _show()


@blueprint.post("/workforce/requests/<int:booking_id>/yes")
@requires(Action.BOOK_FOR_OTHERS)
def say_yes(booking_id: int) -> ResponseReturnValue:
    """Agree to a place, or to somebody's waiting for one."""
    form = Form()
    name = _name_of(booking_id)
    if not form.validate_on_submit():
        return _show(status=422)
    return _answer(booking_id, f"You have agreed. {name} is told.", agreed=True)


@blueprint.post("/workforce/requests/<int:booking_id>/no")
@requires(Action.BOOK_FOR_OTHERS)
def say_no(booking_id: int) -> ResponseReturnValue:
    """Refuse a place, with the reason that she is told."""
    form = SayNoForm.about(booking_id, typed=True)
    name = _name_of(booking_id)
    if not form.validate_on_submit():
        return _show((booking_id, form), status=422)
    return _answer(booking_id, f"You have said no. {name} is told why.", agreed=False, reason=form.reason.data or "")


def _answer(booking_id: int, said: str, *, agreed: bool, reason: str = "") -> ResponseReturnValue:
    """Give the answer, or say why it can be given no more."""
    try:
        answer_request(booking_id, agreed=agreed, by=viewer.id, reason=reason)
    except AnsweringRefused as refused:
        name = _name_of(booking_id)
        return render_template("desk/cannot_answer.html", refused=refused, name=name), 409
    flash(said)
    return redirect(url_for("desk.list_requests"), code=303)


def _name_of(booking_id: int) -> str:
    """Return who asked this organisation with a booking, or 404 where nobody did."""
    booking = asked_for(viewer.organisation_id, booking_id)
    if booking is None:
        abort(404)
    return people.get_person(booking.person_id).name


def _show(wrong: tuple[int, SayNoForm] | None = None, *, status: int = 200) -> ResponseReturnValue:
    """Render the list; `wrong` is the form that has an error, with the booking that it is about."""
    rows = [
        (each, wrong[1] if wrong and wrong[0] == each.booking.id else SayNoForm.about(each.booking.id, typed=False))
        for each in asked_of(viewer.organisation_id)
    ]
    return render_template("desk/requests.html", rows=rows, forms=[form for _, form in rows]), status
