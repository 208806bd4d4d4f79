"""The desk's pages: what needs attention, who comes to a session, and changes at short notice."""

from __future__ import annotations

from flask import Blueprint, Response, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from cpd.booking.capacity import CapacityRefused, change_capacity
from cpd.desk import service
from cpd.desk.forms import CancelSessionForm, CapacityForm
from cpd.messages import service as messages
from cpd.record.claims.reading import waiting_count
from cpd.shared.access import may, requires, viewer
from cpd.shared.permissions import Action
from cpd.timetable import service as timetable

blueprint = Blueprint("desk", __name__)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("/workforce")
@requires(Action.CHANGE_TIMETABLE)
def index() -> ResponseReturnValue:
    """What needs attention, and where to do what."""
    unsent = messages.failed_count(viewer.organisation_id)
    claims = waiting_count(viewer.organisation_id)
    page = service.desk_page(viewer.organisation_id)
    return render_template("desk/index.html", page=page, unsent=unsent, claims=claims)


@blueprint.get("/sessions/<int:training_session_id>/list")
@requires(Action.SEE_SESSION_LIST)
def session_list(training_session_id: int) -> ResponseReturnValue:
    """Who is booked, who is on condition, and who waits."""
    return _show_list(training_session_id)


@blueprint.get("/sessions/<int:training_session_id>/list.xlsx")
@requires(Action.SEE_SESSION_LIST)
def session_workbook(training_session_id: int) -> ResponseReturnValue:
    """The same list as a workbook."""
    page = _list_or_404(training_session_id)
    name = f'attachment; filename="session-{training_session_id}.xlsx"'
    return Response(service.workbook_of(page), mimetype=XLSX, headers={"Content-Disposition": name})


@blueprint.post("/sessions/<int:training_session_id>/publish")
@requires(Action.CHANGE_TIMETABLE)
def publish(training_session_id: int) -> ResponseReturnValue:
    """Open a draft to everybody."""
    _list_or_404(training_session_id)
    timetable.publish_sessions([training_session_id], by=viewer.id)
    flash("The session is published.")
    return redirect(url_for("desk.session_list", training_session_id=training_session_id), code=303)


@blueprint.post("/sessions/<int:training_session_id>/capacity")
@requires(Action.CHANGE_TIMETABLE)
def capacity(training_session_id: int) -> ResponseReturnValue:
    """Change how many places a session has; whoever is owed a new one gets it at once."""
    _list_or_404(training_session_id)
    form = CapacityForm()
    if not form.validate_on_submit():
        return _show_list(training_session_id, capacity_form=form, status=422)
    try:
        send_back = () if form.send_back.data else None
        change_capacity(training_session_id, form.capacity.data, by=viewer.id, send_back=send_back)
    except CapacityRefused as refused:
        form.capacity.errors = [
            f"{refused.places_taken} people have a place. Tick the box to send the last booked back to the waiting list"
        ]
        return _show_list(training_session_id, capacity_form=form, status=409)
    flash("The number of places is changed.")
    return redirect(url_for("desk.session_list", training_session_id=training_session_id), code=303)


@blueprint.route("/sessions/<int:training_session_id>/cancel", methods=["GET", "POST"])
@requires(Action.CHANGE_TIMETABLE)
def cancel_session(training_session_id: int) -> ResponseReturnValue:
    """Cancel a session: the page says how many people that touches before it is done."""
    page = _list_or_404(training_session_id)
    form = CancelSessionForm()
    if not form.validate_on_submit():
        return render_template("desk/cancel_session.html", page=page, form=form), 422 if form.is_submitted() else 200
    try:
        service.cancel_session(training_session_id, by=viewer.id, reason=form.reason.data or "")
    except ValueError:
        form.reason.errors = ["This session is cancelled already, or over. Nothing was changed"]
        return render_template("desk/cancel_session.html", page=page, form=form), 409
    flash("The session is cancelled. Everybody on it will be told.")
    return redirect(url_for("desk.session_list", training_session_id=training_session_id), code=303)


def _list_or_404(training_session_id: int) -> service.SessionList:
    """Return a session's list to Workforce Development and to that session's facilitators; else 404."""
    page = service.session_list(viewer.organisation_id, training_session_id)
    if page is None or not (may(Action.CHANGE_TIMETABLE) or timetable.facilitates(viewer.id, training_session_id)):
        abort(404)
    return page


def _show_list(
    training_session_id: int, *, capacity_form: CapacityForm | None = None, status: int = 200
) -> ResponseReturnValue:
    """Render a session's list."""
    page = _list_or_404(training_session_id)
    form = capacity_form or CapacityForm(capacity=page.session.capacity)
    shown = {"page": page, "form": form, "words_for_status": service.words_for_status}
    return render_template("desk/session_list.html", may_change=may(Action.CHANGE_TIMETABLE), **shown), status
