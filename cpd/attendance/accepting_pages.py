"""Workforce Development lets a session count for somebody who missed part of it, or takes that back (AMB-27)."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect
from flask.typing import ResponseReturnValue

from cpd.attendance.accepting import accept_as_complete, withdraw_acceptance
from cpd.attendance.forms import AcceptForm
from cpd.attendance.service import RegisterRefused
from cpd.attendance.views import blueprint, kept_session, page_of, refused_by_register, show_register
from cpd.shared.access import requires, viewer
from cpd.shared.permissions import Action


@blueprint.post("/sessions/<int:training_session_id>/register/accept")
@requires(Action.CHANGE_TIMETABLE)
def accept(training_session_id: int) -> ResponseReturnValue:
    """Accept somebody as complete, for a reason."""
    return _with_reason(training_session_id, accept_as_complete, "It counts as complete. They have been told.")


@blueprint.post("/sessions/<int:training_session_id>/register/accept/withdraw")
@requires(Action.CHANGE_TIMETABLE)
def take_acceptance_back(training_session_id: int) -> ResponseReturnValue:
    """Take an acceptance back, for a reason."""
    return _with_reason(training_session_id, withdraw_acceptance, "It no longer counts. They have been told.")


def _with_reason(training_session_id: int, act: Callable[..., None], said: str) -> ResponseReturnValue:
    """Do what is asked, or show what is missing beside the person whom it is about."""
    kept = kept_session(training_session_id)
    form = AcceptForm()
    form_is_right = form.validate_on_submit()
    page = page_of(kept, form.day.data)
    if not form_is_right:
        return show_register(kept, page, form=form, status=422)
    try:
        act(training_session_id, int(form.person.data or 0), by=viewer.id, reason=form.reason.data or "")
    except RegisterRefused as refused:
        return refused_by_register(kept, [page.day.id], refused)
    flash(said)
    return redirect(f"{kept.address([page.day.id])}#not-complete", code=303)
