"""Making and changing one session at the desk; what a change would mean is shown before it is done."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from cpd.desk import sessions as service
from cpd.desk.session_forms import DAYS_SHOWN, SessionForm, typed
from cpd.desk.views import blueprint
from cpd.shared.access import requires, viewer
from cpd.shared.permissions import Action


@blueprint.route("/workforce/sessions/new", methods=["GET", "POST"])
@requires(Action.CHANGE_TIMETABLE)
def new_session() -> ResponseReturnValue:
    """Make a draft of a session."""
    form = _form()
    if form.validate_on_submit() and (facilitators := _facilitators(form)) is not None:
        try:
            wanted = form.wanted(facilitators)
            number = service.make_session(viewer.organisation_id, wanted, capacity=form.capacity.data, by=viewer.id)
        except service.SessionRefused as refused:
            form.form_errors.extend(refused.reasons)
            return render_template("desk/session_form.html", form=form, training_session_id=None), 409
        flash("The session is a draft. Publish it when it is ready.")
        return redirect(url_for("desk.session_list", training_session_id=number), code=303)
    status = 422 if form.is_submitted() else 200
    return render_template("desk/session_form.html", form=form, training_session_id=None), status


@blueprint.route("/workforce/sessions/<int:training_session_id>/edit", methods=["GET", "POST"])
@requires(Action.CHANGE_TIMETABLE)
def edit_session(training_session_id: int) -> ResponseReturnValue:
    """Change a session: first what that means for people, then, confirmed, the change itself."""
    now = service.session_as_it_is(viewer.organisation_id, training_session_id)
    if now is None:
        abort(404)
    if len(now.wanted.days) > DAYS_SHOWN:
        return render_template("desk/too_many_days.html", training_session_id=training_session_id)
    form = _form(**typed(now.wanted, now.facilitator_emails), capacity=now.capacity)
    shown = {"form": form, "training_session_id": training_session_id}
    if not form.validate_on_submit() or (facilitators := _facilitators(form)) is None:
        return render_template("desk/session_form.html", **shown), 422 if form.is_submitted() else 200
    wanted = form.wanted(facilitators)
    try:
        if not form.confirmed.data:
            means = service.consequences_of(training_session_id, wanted, by=viewer.id)
            if means.touches_anybody:
                return render_template("desk/session_form.html", means=means, **shown)
        service.change_session(training_session_id, wanted, by=viewer.id)
    except service.SessionRefused as refused:
        form.form_errors.extend(refused.reasons)
        return render_template("desk/session_form.html", **shown), 409
    flash("The session is changed. Everybody with a place will be told.")
    return redirect(url_for("desk.session_list", training_session_id=training_session_id), code=303)


def _form(**values: object) -> SessionForm:
    """Make the form with everything that can be chosen."""
    form = SessionForm(**values)
    choices = service.choices_for(viewer.organisation_id)
    form.offer(choices.modules, choices.places, choices.organisations)
    return form


def _facilitators(form: SessionForm) -> frozenset[int] | None:
    """Find who facilitates by their e-mail addresses; None, with the error in its place, where one is not known."""
    found, unknown = service.find_facilitators(viewer.organisation_id, form.facilitators.data or "")
    if unknown:
        form.facilitators.errors = [f"Nobody here has the e-mail address {unknown[0]}"]
        return None
    return found
