"""Pages of openness: how progression is decided, what came of it in numbers, and decisions without names."""

from __future__ import annotations

from flask import Blueprint, Response, abort, render_template, request
from flask.typing import ResponseReturnValue

from cpd.progression.openness import auditing, counting, showing
from cpd.progression.openness.forms import DaysForm
from cpd.progression.panels import reading as panels
from cpd.shared import clock
from cpd.shared.access import requires, viewer
from cpd.shared.permissions import Action
from cpd.shared.roles import Role

blueprint = Blueprint("openness", __name__)


@blueprint.get("/progression/openness")
@requires(Action.SEE_OPENNESS)
def index() -> ResponseReturnValue:
    """How progression is decided: every step, every panel and who sits on it."""
    scheme = _published()
    return render_template("progression/openness/index.html", scheme=scheme)


@blueprint.get("/progression/openness/steps/<code>")
@requires(Action.SEE_OPENNESS)
def step(code: str) -> ResponseReturnValue:
    """One step up: its criteria with their sources, who decides, who sits, places left, and appeals."""
    scheme = _published()
    found = showing.find_step(scheme, code) if scheme else None
    if found is None:
        abort(404)
    return render_template("progression/openness/step.html", step=found, scheme=scheme)


@blueprint.get("/progression/openness/outcomes")
@requires(Action.SEE_OPENNESS)
def outcomes() -> ResponseReturnValue:
    """What came of it in a year, in numbers from which nobody can be told."""
    today = clock.today()
    years = counting.years_offered(viewer.organisation_id, today)
    year = counting.chosen_year(request.args.get("year", None, int), years, today)
    published_on = counting.published_on(year)
    return render_template(
        "progression/openness/outcomes.html",
        tables=counting.counts_of_year(
            viewer.organisation_id, year, panels.terms_in_force(viewer.organisation_id), today
        ),
        years=counting.year_choices(years),
        chosen=year,
        words=counting.year_words(year),
        published_on=published_on if published_on > today else None,
    )


@blueprint.get("/progression/audit")
@requires(Action.AUDIT_PROGRESSION)
def audit() -> ResponseReturnValue:
    """Every decision of a period without names, whether its document verifies, and how the history is sealed."""
    form = DaysForm()
    first, last = form.span(clock.today())
    page = auditing.audit_page(viewer.organisation_id, first, last, request.args.get("page", 1, int))
    shown = render_template(
        "progression/openness/audit.html", form=form, days=(first, last), page=page, sealed=auditing.sealed_words(page)
    )
    return shown, 422 if form.errors else 200


@blueprint.get("/progression/audit.csv")
@requires(Action.AUDIT_PROGRESSION)
def audit_file() -> ResponseReturnValue:
    """The same for a spreadsheet."""
    first, last = DaysForm().span(clock.today())
    content = auditing.audit_csv(viewer.organisation_id, first, last)
    disposition = f'attachment; filename="decisions-{first}-to-{last}.csv"'
    return Response(content, content_type="text/csv; charset=utf-8", headers={"Content-Disposition": disposition})


def _published() -> showing.ShownScheme | None:
    """Return what is published; who audits opens no page that names people."""
    with_names = Role.AUDITOR not in viewer.roles
    return showing.shown_scheme(viewer.organisation_id, clock.today(), with_names=with_names)
