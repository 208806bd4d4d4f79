"""When one of my people is away: kept by her manager or Workforce Development, and shown to herself."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from cpd.people import away, service
from cpd.people.away import Away, AwayRefused
from cpd.people.forms import AWAY_FAULTS, AWAY_KINDS, AwayForm
from cpd.people.rules import AwayFault
from cpd.people.service import PersonFacts
from cpd.people.views import blueprint
from cpd.shared import clock
from cpd.shared.access import requires, viewer
from cpd.shared.permissions import Action

BESIDE_THE_FIELDS = (AwayFault.ENDS_FIRST, AwayFault.OVERLAPS)


@blueprint.route("/people/<int:person_id>/away", methods=["GET", "POST"])
@requires(Action.KEEP_TIME_AWAY)
def time_away(person_id: int) -> ResponseReturnValue:
    """When somebody is away, and a form to record more of it."""
    person = _visible_or_404(person_id)
    form = AwayForm()
    if form.is_submitted() and person_id == viewer.id:
        return _refuse(person, form, AwayRefused(AwayFault.OWN))
    if not form.validate_on_submit():
        return _list(person, form, status=422 if form.is_submitted() else 200)
    try:
        away.record_away(person_id, form.said(), by=viewer.id)
    except AwayRefused as refused:
        return _refuse(person, form, refused)
    flash("It is recorded.")
    return redirect(url_for("people.time_away", person_id=person_id), code=303)


@blueprint.route("/people/<int:person_id>/away/<int:away_id>", methods=["GET", "POST"])
@requires(Action.KEEP_TIME_AWAY)
def one_time_away(person_id: int, away_id: int) -> ResponseReturnValue:
    """One time away, to change it or to remove it."""
    person, held = _visible_or_404(person_id), _away_or_404(person_id, away_id)
    form = AwayForm(data={"kind": str(held.kind), "first_day": held.first_day, "last_day": held.last_day})
    if not form.validate_on_submit():
        return _show(person, held, form, 422 if form.is_submitted() else 200)
    try:
        away.correct_away(person_id, away_id, form.said(), by=viewer.id)
    except AwayRefused as refused:
        if refused.faults[0] not in BESIDE_THE_FIELDS:
            return _refuse(person, form, refused)
        form.say(refused.faults)
        return _show(person, held, form, 409)
    flash("It is changed.")
    return redirect(url_for("people.time_away", person_id=person_id), code=303)


@blueprint.post("/people/<int:person_id>/away/<int:away_id>/remove")
@requires(Action.KEEP_TIME_AWAY)
def remove_time_away(person_id: int, away_id: int) -> ResponseReturnValue:
    """Take time away back because it was not so."""
    person, _ = _visible_or_404(person_id), _away_or_404(person_id, away_id)
    try:
        away.withdraw_away(person_id, away_id, by=viewer.id)
    except AwayRefused as refused:
        return _refuse(person, AwayForm(formdata=None), refused)
    flash("It is removed.")
    return redirect(url_for("people.time_away", person_id=person_id), code=303)


def _visible_or_404(person_id: int) -> PersonFacts:
    found = service.find_visible(viewer.id, viewer.organisation_id, viewer.roles, person_id, clock.today())
    if found is None:
        abort(404)
    return found


def _away_or_404(person_id: int, away_id: int) -> Away:
    found = away.find_away(person_id, away_id)
    if found is None:
        abort(404)
    return found


def _refuse(person: PersonFacts, form: AwayForm, refused: AwayRefused) -> ResponseReturnValue:
    """Show the list with the reason: beside the dates where one of them is wrong, at the top otherwise."""
    form.say([fault for fault in refused.faults if fault in BESIDE_THE_FIELDS])
    reasons = [AWAY_FAULTS[fault] for fault in refused.faults if fault not in BESIDE_THE_FIELDS]
    return _list(person, form, reasons, 409)


def _list(
    person: PersonFacts, form: AwayForm, reasons: list[str] | None = None, status: int = 200
) -> ResponseReturnValue:
    return render_template(
        "people/away.html",
        person=person,
        times=away.times_away(person.id),
        kinds={kind: words for kind, (words, _) in AWAY_KINDS.items()},
        form=None if person.id == viewer.id else form,
        reasons=reasons or [],
    ), status


def _show(person: PersonFacts, held: Away, form: AwayForm, status: int) -> ResponseReturnValue:
    """Render one time away; nobody changes her own, so she is shown the list and why."""
    if person.id == viewer.id:
        return _refuse(person, form, AwayRefused(AwayFault.OWN))
    return render_template("people/one_away.html", person=person, held=held, form=form), status
