"""My protected time, my team's, and that of one person whom I may see."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from cpd.people import service as people
from cpd.shared import clock
from cpd.shared.access import requires, viewer
from cpd.shared.permissions import Action
from cpd.study.protected import service
from cpd.study.protected.forms import WeekForm
from cpd.study.protected.rules import Fault, Said, Standing, WeekLine, monday_of
from cpd.study.protected.service import WeekRefused
from cpd.study.protected.words import (
    WEEKS_ASKED,
    WEEKS_DRAWN,
    behind_words,
    long,
    plot_of,
    refusal_words,
    row_of,
    thanks,
)

blueprint = Blueprint("protected_time", __name__)

EARLIEST = date(1900, 1, 1)
BESIDE_THE_FIELDS = (Fault.TOO_LONG, Fault.NO_TIME)


@blueprint.get("/my/protected-time")
@requires(Action.KEEP_PROTECTED_TIME)
def mine() -> ResponseReturnValue:
    """My protected time: this week and each that I have not spoken of with three buttons, and how I stand."""
    return _show(service.standing_of(viewer.id), viewer.name, mine=True)


@blueprint.get("/my/protected-time/<week>")
@requires(Action.KEEP_PROTECTED_TIME)
def week(week: str) -> ResponseReturnValue:
    """One week: say exactly how long a part was, or change what I said."""
    line = service.find_week(viewer.id, _day_or_404(week))
    if not line.week.minutes:
        abort(404)
    return _ask(line, WeekForm(data=_as_typed(line.said)))


@blueprint.post("/my/protected-time/<week>")
@requires(Action.KEEP_PROTECTED_TIME)
def say(week: str) -> ResponseReturnValue:
    """Say whether I had it that week: one tap."""
    first, form = _day_or_404(week), WeekForm()
    line = service.find_week(viewer.id, first)
    if not line.week.minutes:
        return _ask(line, form, refusal_words(Fault.NOTHING_DUE, line.week), 409)
    if not form.validate_on_submit():
        return _ask(line, form, status=422)
    try:
        service.say_week(viewer.id, first, form.said())
    except WeekRefused as refused:
        words = refusal_words(refused.fault, refused.week)
        if refused.fault in BESIDE_THE_FIELDS:
            form.hours.errors = [words]
        return _ask(line, form, words, 409)
    flash(thanks(replace(line, said=form.said())))
    return redirect(url_for("protected_time.mine"), code=303)


@blueprint.get("/team/protected-time")
@requires(Action.SEE_TEAM)
def team() -> ResponseReturnValue:
    """Who of my team has protected time, who is furthest behind first."""
    members = service.team_page(viewer.id, viewer.organisation_id) if viewer.is_manager else []
    return render_template("study/protected/team.html", members=members, long=long)


@blueprint.get("/people/<int:person_id>/protected-time")
@requires(Action.SEE_PERSON)
def person(person_id: int) -> ResponseReturnValue:
    """Somebody's protected time as her manager or Workforce Development sees it."""
    if person_id == viewer.id:
        return redirect(url_for("protected_time.mine"))
    found = people.find_visible(viewer.id, viewer.organisation_id, viewer.roles, person_id, clock.today())
    if found is None:
        abort(404)
    return _show(service.standing_of(person_id), found.name, mine=False, person_id=person_id)


def _show(standing: Standing, name: str, *, mine: bool, person_id: int | None = None) -> ResponseReturnValue:
    """Render how somebody stands."""
    current, asked = standing.current, [row_of(line) for line in standing.open_before]
    rows = [row_of(line) for line in standing.lines]
    return render_template(
        "study/protected/standing.html",
        standing=standing,
        name=name,
        mine=mine,
        person_id=person_id,
        current=row_of(current) if current else None,
        asked=asked[:WEEKS_ASKED],
        asked_below=asked[WEEKS_ASKED:],
        latest=rows[:WEEKS_DRAWN],
        earlier=rows[WEEKS_DRAWN:],
        plot=plot_of(standing) if rows else "",
        long=long,
        behind=behind_words(standing.balance),
    )


def _ask(line: WeekLine, form: WeekForm, refusal: str = "", status: int = 200) -> ResponseReturnValue:
    """Render one week with its form."""
    return render_template("study/protected/week.html", row=row_of(line), form=form, refusal=refusal), status


def _as_typed(said: Said | None) -> dict[str, object]:
    """Put what was said back into the boxes."""
    if said is None:
        return {}
    hours, minutes = divmod(said.minutes or 0, 60)
    return {"answer": said.answer.value, "hours": hours or None, "minutes": minutes or None}


def _day_or_404(text: str) -> date:
    """Read the Monday in an address: of this week or of one before."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        abort(404)
    if text != day.isoformat() or day != monday_of(day) or not EARLIEST <= day <= clock.today():
        abort(404)
    return day
