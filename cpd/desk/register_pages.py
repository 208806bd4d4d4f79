"""Registers that nobody has closed, for Workforce Development."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from cpd.attendance.lists import registers_left_open
from cpd.desk.views import blueprint
from cpd.shared import clock
from cpd.shared.access import requires, viewer
from cpd.shared.permissions import Action


@blueprint.get("/workforce/registers")
@requires(Action.CHANGE_TIMETABLE)
def registers_left_open_page() -> ResponseReturnValue:
    """The registers whose day is over and that are still open, the oldest first."""
    listed = registers_left_open(viewer.organisation_id, clock.now())
    return render_template("desk/registers.html", listed=listed)
