"""The page of what is mine."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from cpd.home.mine import mine
from cpd.home.views import blueprint
from cpd.shared.access import requires, viewer
from cpd.shared.permissions import Action


@blueprint.get("/my")
@requires(Action.SEE_OWN_RECORD)
def my() -> ResponseReturnValue:
    """Everything that I have here, each with the figure that I want first."""
    return render_template("home/mine.html", found=mine(viewer.id))
