"""My team: how each is doing, and who is at training in which half of a day."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cpd.diary import team as diaries
from cpd.home.team import team_page, week_of, week_page
from cpd.home.team_matters import matters_of
from cpd.home.views import blueprint
from cpd.shared import clock
from cpd.shared.access import requires, viewer
from cpd.shared.forms import Form, HiddenField, IntegerField
from cpd.shared.permissions import Action

TEAM_AT_MOST = 10_000


class MostAwayForm(Form):
    """Above how many people a manager wants to be warned; left empty, she is not."""

    most = IntegerField(
        "Most people away at once",
        least=0,
        most=TEAM_AT_MOST,
        hint="You are warned when more of your team than this are at training in one half day. "
        "Leave it empty if you do not want a warning.",
        shown_as={"classes": "govuk-input--width-3"},
    )
    since = HiddenField("The week that is shown")


@blueprint.get("/team")
@requires(Action.SEE_TEAM)
def team() -> ResponseReturnValue:
    """One row for each person whom I manage: her next session, for what she is ready, and what lapses."""
    members = team_page(viewer.id, viewer.organisation_id) if viewer.is_manager else []
    matters = matters_of(viewer.id, [each.person.id for each in members], viewer.organisation_id) if members else []
    return render_template("home/team.html", members=members, matters=matters)


@blueprint.get("/team/week")
@requires(Action.SEE_TEAM)
def team_week() -> ResponseReturnValue:
    """Who of my team is at training in which half of which day of a week."""
    return _show_week(request.args.get("from", ""), None)


@blueprint.post("/team/week")
@requires(Action.SEE_TEAM)
def choose_most_away() -> ResponseReturnValue:
    """Set above how many people away at once I am warned."""
    form = MostAwayForm()
    if not form.validate_on_submit():
        return _show_week(form.since.data or "", form)
    diaries.choose_most_away(viewer.id, form.most.data)
    flash("You are not warned any more." if form.most.data is None else "Your warning is set.")
    first = week_of(form.since.data or "", clock.today())
    return redirect(f"{url_for('home.team_week')}?from={first.isoformat()}", code=303)


def _show_week(since: str, form: MostAwayForm | None) -> ResponseReturnValue:
    """Render a week, with what was typed wrongly if anything was."""
    first = week_of(since, clock.today())
    page = week_page(viewer.id, viewer.organisation_id, first)
    shown = form or MostAwayForm(formdata=None, most=page.most_away, since=first.isoformat())
    return render_template("home/team_week.html", page=page, form=shown), 422 if form else 200
