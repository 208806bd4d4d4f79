"""The desk's view of a programme: who can no longer finish, and which further session would help most."""

from __future__ import annotations

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from cpd.desk import programmes
from cpd.desk.views import blueprint
from cpd.shared.access import requires, viewer
from cpd.shared.permissions import Action


@blueprint.get("/workforce/programmes")
@requires(Action.CHANGE_TIMETABLE)
def programme_list() -> ResponseReturnValue:
    """Every programme, leading to who can finish it."""
    return render_template("desk/programmes.html", programmes=programmes.programmes_of(viewer.organisation_id))


@blueprint.get("/workforce/programmes/<code>")
@requires(Action.CHANGE_TIMETABLE)
def programme(code: str) -> ResponseReturnValue:
    """Who can no longer finish a programme, what stops them, and which further session would help most people."""
    page = programmes.programme_page(viewer.organisation_id, code)
    if page is None:
        abort(404)
    return render_template("desk/programme.html", page=page)
