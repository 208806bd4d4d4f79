"""Pages of award places: for whoever applies, for her manager, and for whoever decides (S-5)."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from cpd.people import service as people
from cpd.shared import clock
from cpd.shared.access import requires, viewer
from cpd.shared.forms import Form
from cpd.shared.permissions import Action
from cpd.study.places import reading, service
from cpd.study.places.forms import ApplyForm, DecideForm, EndForm, GiveUpForm, PlaceCommentForm
from cpd.study.places.reading import ApplicationFacts
from cpd.study.places.rules import PlaceDecision, PlaceStatus
from cpd.study.places.service import PlaceRefused
from cpd.study.places.wording import FAULTS
from cpd.study.seen import ours_or_404, own_or_404, team_or_404

blueprint = Blueprint("places", __name__)

SAID = {
    PlaceStatus.SELECTED: "{} has a place, and is told.",
    PlaceStatus.WAITING: "{} is on the waiting list, and is told.",
    PlaceStatus.DECLINED: "{} has no place, and is told why.",
}


@blueprint.get("/my/award-places")
@requires(Action.APPLY_FOR_AWARD_PLACES)
def mine() -> ResponseReturnValue:
    """The places that I can apply for, and my applications."""
    offers = reading.offers_for(viewer.id, viewer.organisation_id)
    shown = {each.mine.id for each in offers if each.mine}
    earlier = [each for each in reading.applications_of(viewer.id) if each.id not in shown]
    return render_template("study/places/mine.html", offers=offers, earlier=earlier, words=FAULTS)


@blueprint.route("/my/award-places/<award>/<day>/apply", methods=["GET", "POST"])
@requires(Action.APPLY_FOR_AWARD_PLACES)
def apply(award: str, day: str) -> ResponseReturnValue:
    """Apply for a place, or see every reason why I cannot."""
    offer = reading.find_offer(viewer.id, viewer.organisation_id, award, _day(day))
    if offer is None:
        abort(404)
    form = ApplyForm()
    if offer.faults and not form.is_submitted():
        return _refuse(PlaceRefused(offer.faults), "/my/award-places", "Award places")
    if not form.validate_on_submit():
        return _form("apply", form, 422 if form.is_submitted() else 200, offer=offer)
    try:
        application_id = service.apply(viewer.id, award, offer.places.first_day, form.statement.data or "")
    except PlaceRefused as refused:
        return _form("apply", _with_reasons(form, refused), 409, offer=offer)
    flash("Your application is sent in. You are told what is decided.")
    return redirect(url_for("places.my_application", application_id=application_id), code=303)


@blueprint.get("/my/award-places/<int:application_id>")
@requires(Action.APPLY_FOR_AWARD_PLACES)
def my_application(application_id: int) -> ResponseReturnValue:
    """One of my applications: how it stands, and what was decided and why."""
    application = _mine_or_404(application_id)
    return render_template("study/places/one.html", application=application, today=clock.today())


@blueprint.route("/my/award-places/<int:application_id>/give-up", methods=["GET", "POST"])
@requires(Action.APPLY_FOR_AWARD_PLACES)
def give_up(application_id: int) -> ResponseReturnValue:
    """Withdraw my application, or give my place up."""
    application = _mine_or_404(application_id)
    form = GiveUpForm()
    if not form.validate_on_submit():
        return _form("give_up", form, 422 if form.is_submitted() else 200, application=application)
    try:
        service.give_up(application_id, reason=form.reason.data or "", by=viewer.id)
    except PlaceRefused as refused:
        return _form("give_up", _with_reasons(form, refused), 409, application=_mine_or_404(application_id))
    flash("Your application is withdrawn.")
    return redirect(url_for("places.mine"), code=303)


@blueprint.get("/team/award-places")
@requires(Action.COMMENT_ON_APPLICATIONS)
def team() -> ResponseReturnValue:
    """The applications of those whom I manage, first those that wait for my comment."""
    staff = people.team_of(viewer.id, viewer.organisation_id, clock.today())
    found = reading.team_applications([each.id for each in staff if each.id != viewer.id])
    return render_template("study/places/team.html", applications=found, manages=bool(staff))


@blueprint.route("/team/award-places/<int:application_id>", methods=["GET", "POST"])
@requires(Action.COMMENT_ON_APPLICATIONS)
def comment(application_id: int) -> ResponseReturnValue:
    """An application of somebody in my team, and my comment on it."""
    application = _team_or_404(application_id)
    form = PlaceCommentForm()
    if not form.validate_on_submit():
        return _form("comment", form, 422 if form.is_submitted() else 200, application=application)
    try:
        service.comment(application_id, form.comment.data or "", supports=form.supports.data == "yes", by=viewer.id)
    except PlaceRefused as refused:
        return _form("comment", _with_reasons(form, refused), 409, application=_team_or_404(application_id))
    flash(f"Your comment on the application of {application.person} is sent.")
    return redirect(url_for("places.team"), code=303)


@blueprint.get("/workforce/award-places")
@requires(Action.DECIDE_AWARD_PLACES)
def years() -> ResponseReturnValue:
    """The awards and years on whose places I decide."""
    found = reading.years_to_decide(viewer.organisation_id, viewer.roles)
    return render_template("study/places/years.html", years=found, today=clock.today())


@blueprint.get("/workforce/award-places/<award>/<day>")
@requires(Action.DECIDE_AWARD_PLACES)
def year(award: str, day: str) -> ResponseReturnValue:
    """The applications of one year side by side."""
    found = reading.find_year_to_decide(viewer.organisation_id, viewer.roles, award, _day(day))
    if found is None:
        abort(404)
    candidates = reading.candidates_for(viewer.organisation_id, award, found.first_day)
    undecided = [each for each in candidates if each.application.is_open]
    decided = [each for each in candidates if not each.application.is_open]
    return render_template("study/places/year.html", places=found, open=undecided, decided=decided, today=clock.today())


@blueprint.route("/workforce/award-places/applications/<int:application_id>", methods=["GET", "POST"])
@requires(Action.DECIDE_AWARD_PLACES)
def decide(application_id: int) -> ResponseReturnValue:
    """One application, and the decision on it."""
    application = _ours_or_404(application_id)
    form = DecideForm()
    form.offer(PlaceDecision)
    if not form.validate_on_submit():
        form.offer(application.choices)
        return _show(application, form), 422 if form.is_submitted() else 200
    try:
        status = service.decide(
            application_id, PlaceDecision(form.decision.data or ""), reasons=form.reasons.data or "", by=viewer.id
        )
    except PlaceRefused as refused:
        application = _ours_or_404(application_id)
        form.offer(application.choices or PlaceDecision)
        return _show(application, _with_reasons(form, refused)), 409
    flash(SAID[status].format(application.person))
    return redirect(_list_of(application), code=303)


@blueprint.route("/workforce/award-places/applications/<int:application_id>/end", methods=["GET", "POST"])
@requires(Action.DECIDE_AWARD_PLACES)
def end(application_id: int) -> ResponseReturnValue:
    """End an application for somebody, for a reason: when she has left, say."""
    application = _ours_or_404(application_id)
    form = EndForm()
    if not form.validate_on_submit():
        return _form("end", form, 422 if form.is_submitted() else 200, application=application)
    try:
        service.give_up(application_id, reason=form.reason.data or "", by=viewer.id)
    except PlaceRefused as refused:
        return _form("end", _with_reasons(form, refused), 409, application=_ours_or_404(application_id))
    flash(f"The application of {application.person} is ended.")
    return redirect(_list_of(application), code=303)


def _form(page: str, form: Form, status: int, **facts: Any) -> ResponseReturnValue:
    """Render a page with a form; what was typed stays in it, whatever was refused."""
    return render_template(f"study/places/{page}.html", form=form, **facts), status


def _with_reasons(form: Form, refused: PlaceRefused) -> Form:
    """Put the reasons why nothing was done at the head of what was typed."""
    form.form_errors.extend(FAULTS[fault] for fault in refused.faults)
    return form


def _show(application: ApplicationFacts, form: Form) -> str:
    """Render an application for whoever decides."""
    candidate = reading.candidate(application)
    return render_template(
        "study/places/decide.html", candidate=candidate, form=form, back=_list_of(application), today=clock.today()
    )


def _list_of(application: ApplicationFacts) -> str:
    """Return the address of the list on which an application stands."""
    return url_for("places.year", award=application.award, day=application.first_day.isoformat())


def _day(text: str) -> date:
    """Read a day in an address."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        abort(404)


def _mine_or_404(application_id: int) -> ApplicationFacts:
    """Return one of the viewer's own applications."""
    return own_or_404(reading.find_application(application_id))


def _team_or_404(application_id: int) -> ApplicationFacts:
    """Return an application of somebody whom the viewer manages today."""
    return team_or_404(reading.find_application(application_id))


def _ours_or_404(application_id: int) -> ApplicationFacts:
    """Return an application in the viewer's organisation on which her role decides."""
    found = ours_or_404(reading.find_application(application_id))
    if not reading.may_decide(viewer.organisation_id, viewer.roles, found.award):
        abort(404)
    return found


def _refuse(refused: PlaceRefused, back: str, back_to: str) -> ResponseReturnValue:
    """Say every reason why nothing was done, and what to do instead."""
    reasons = [FAULTS[fault] for fault in refused.faults]
    return render_template("study/refused.html", reasons=reasons, back=back, back_to=back_to), 409
