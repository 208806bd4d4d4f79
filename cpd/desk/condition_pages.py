"""The list of places that have lost what they rest on, and keeping one all the same."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from cpd.booking.releasing import KeepingRefused, keep_all_the_same
from cpd.desk import conditions
from cpd.desk.views import blueprint
from cpd.shared.access import requires, viewer
from cpd.shared.forms import Form, TextField
from cpd.shared.permissions import Action


class KeepForm(Form):
    """Let somebody keep a place that lacks its basis."""

    reason = TextField("Why should the place be kept all the same?", required="Say why the place is kept")


@blueprint.get("/workforce/conditions")
@requires(Action.BOOK_FOR_OTHERS)
def list_conditions() -> ResponseReturnValue:
    """Show who lacks what, since when, when the place is released, and how to reach her."""
    return render_template("desk/conditions.html", page=conditions.conditions_page(viewer.organisation_id))


@blueprint.route("/bookings/<int:booking_id>/keep", methods=["GET", "POST"])
@requires(Action.BOOK_FOR_OTHERS)
def keep(booking_id: int) -> ResponseReturnValue:
    """Set the rule aside for one place, for a reason that stays on record; she is told."""
    if not conditions.is_ours(viewer.organisation_id, booking_id):
        abort(404)
    form = KeepForm()
    if not form.validate_on_submit():
        return _ask(booking_id, form), 422 if form.is_submitted() else 200
    try:
        keep_all_the_same(booking_id, by=viewer.id, reason=form.reason.data or "")
    except KeepingRefused:
        return _ask(booking_id, form), 409
    flash("The place is kept, and the person is told.")
    return redirect(url_for("desk.list_conditions"), code=303)


def _ask(booking_id: int, form: KeepForm) -> str:
    """Render the question, or say that there is nothing to keep."""
    page = conditions.conditions_page(viewer.organisation_id)
    found = next((each for each in page.lacking if each.booking_id == booking_id), None)
    return render_template("desk/keep.html", each=found, form=form)
