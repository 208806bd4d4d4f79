"""The code of the day: facilitators show it, and whoever is there enters it."""

from __future__ import annotations

import io

import segno
from flask import Response, abort, current_app, render_template, request
from flask.typing import ResponseReturnValue

from cpd.attendance import signing_in
from cpd.attendance.forms import CodeForm
from cpd.attendance.registers import registers_of
from cpd.attendance.rules import CODE_ALPHABET, CODE_LENGTH, opens_at
from cpd.attendance.views import blueprint, kept_day
from cpd.catalogue import service as catalogue
from cpd.people.attempts import TooManyAttempts
from cpd.shared import clock
from cpd.shared.access import requires, viewer
from cpd.shared.permissions import Action
from cpd.shared.wording import counted
from cpd.timetable.facts import DayFacts


@blueprint.get("/sessions/<int:training_session_id>/code")
@requires(Action.KEEP_REGISTER)
def code(training_session_id: int) -> ResponseReturnValue:
    """The code of the day, large enough for a screen; a script brings the next one."""
    session, day = kept_day(training_session_id)
    module = catalogue.modules_by_id([session.module_id])[session.module_id]
    return render_template(
        "attendance/code.html",
        session=session,
        day=day,
        module=module,
        shown=signing_in.code_shown(day.id) if _can_sign_in(day) else None,
        opens_at=opens_at(day.starts_at),
        is_begun=clock.now() >= opens_at(day.starts_at),
        base=_base(),
    )


@blueprint.get("/sessions/<int:training_session_id>/code.svg")
@requires(Action.KEEP_REGISTER)
def code_picture(training_session_id: int) -> ResponseReturnValue:
    """The same code as a picture for telephones (QR), which leads to the page that signs in."""
    _, day = kept_day(training_session_id)
    if not _can_sign_in(day):
        abort(404)
    picture = io.BytesIO()
    address = f"{_base()}/attend/{signing_in.code_shown(day.id).code}"
    segno.make(address, error="m").save(picture, kind="svg", scale=8, border=4, light="#fff")
    return Response(picture.getvalue(), mimetype="image/svg+xml")


@blueprint.get("/attend")
@requires(Action.SIGN_IN_ON_THE_DAY)
def ask_to_attend() -> ResponseReturnValue:
    """Ask for the code of the day."""
    return render_template("attendance/attend.html", form=CodeForm())


@blueprint.get("/attend/<code>")
@requires(Action.SIGN_IN_ON_THE_DAY)
def ask_to_attend_by(code: str) -> ResponseReturnValue:
    """The same for whoever comes from the picture: the code is filled in, and one tap signs in."""
    if len(code) != CODE_LENGTH or not set(code) <= set(CODE_ALPHABET):
        abort(404)
    return render_template("attendance/attend.html", form=CodeForm(code=code))


@blueprint.post("/attend")
@requires(Action.SIGN_IN_ON_THE_DAY)
def attend() -> ResponseReturnValue:
    """Sign in on the day."""
    form = CodeForm()
    if not form.validate_on_submit():
        return render_template("attendance/attend.html", form=form), 422
    try:
        there = signing_in.sign_in(viewer.id, form.code.data or "", request.remote_addr or "")
    except TooManyAttempts as too_many:
        again = counted(too_many.minutes, "minute")
        form.code.errors = [f"Too many codes were wrong. Try again in {again}, or ask the facilitator to mark you"]
        return render_template("attendance/attend.html", form=form), 429
    except signing_in.CodeRefused as refused:
        return render_template("attendance/attend_refused.html", refused=refused, form=form), 409
    return render_template("attendance/attended.html", there=there)


def _can_sign_in(day: DayFacts) -> bool:
    """Say whether a code is of any use: the day has begun, and its register is open."""
    return clock.now() >= opens_at(day.starts_at) and not registers_of([day.id])[day.id].is_closed


def _base() -> str:
    return str(current_app.config["BASE_URL"]).rstrip("/")
