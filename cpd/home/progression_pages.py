"""The page that leads to everything about career progression."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from cpd.home.progression import progression_of
from cpd.home.views import blueprint
from cpd.shared.access import requires, viewer
from cpd.shared.permissions import Action


@blueprint.get("/progression")
@requires(Action.SEE_PROGRESSION)
def progression() -> ResponseReturnValue:
    """What waits for me about other people's careers, and what else there is to see and to keep."""
    found = progression_of(viewer.id, viewer.organisation_id, viewer.roles)
    return render_template("home/progression.html", found=found)
