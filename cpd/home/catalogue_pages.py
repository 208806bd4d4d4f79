"""The catalogue: what is offered, a programme as a route, and one module with everything about it."""

from __future__ import annotations

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from cpd.home import catalogue
from cpd.shared.access import requires, viewer
from cpd.shared.forms import QueryForm, TextField
from cpd.shared.permissions import Action

blueprint = Blueprint("catalogue", __name__)


class SearchForm(QueryForm):
    """What to look for in the catalogue."""

    q = TextField("Search the catalogue")


@blueprint.get("/catalogue")
@requires(Action.SEE_CATALOGUE)
def index() -> ResponseReturnValue:
    """What my organisation offers: programmes first, then modules by kind; or what a search finds."""
    form = SearchForm()
    is_right = form.validate()
    words = form.q.data or "" if is_right else ""
    page = catalogue.catalogue_page(viewer.id, viewer.organisation_id, words)
    return render_template("home/catalogue/index.html", page=page, form=form, words=words), 200 if is_right else 422


@blueprint.get("/catalogue/<code>")
@requires(Action.SEE_CATALOGUE)
def programme_page(code: str) -> ResponseReturnValue:
    """A programme as a route: as a picture, and the same as a list."""
    page = catalogue.programme_page(viewer.id, viewer.organisation_id, code)
    if page is None:
        abort(404)
    return render_template("home/catalogue/programme.html", page=page)


@blueprint.get("/modules/<code>")
@requires(Action.SEE_CATALOGUE)
def module_page(code: str) -> ResponseReturnValue:
    """A module: what it covers, for whom, what it needs and opens, and its sessions as they stand to me."""
    page = catalogue.module_page(viewer.id, viewer.organisation_id, code)
    if page is None:
        abort(404)
    return render_template("home/catalogue/module.html", page=page)
