"""My development plan, that of somebody I manage, and how the plans of my team stand (W-14, S-4)."""

from __future__ import annotations

from dataclasses import asdict

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from cpd.people import service as people
from cpd.people.service import PersonFacts
from cpd.shared import clock
from cpd.shared.access import requires, viewer
from cpd.shared.forms import Form
from cpd.shared.permissions import Action
from cpd.study.plans import reading, service
from cpd.study.plans.forms import AgreeForm, AimForm, PlanForm, ProgressForm, ReviewForm
from cpd.study.plans.rules import Aim, Party, Progress
from cpd.study.plans.service import PlanRefused
from cpd.study.plans.words import (
    FAULTS,
    OF_THE_DATE,
    STATES,
    agreed_words,
    aims_shown,
    standing_words,
    waiting_words,
)

blueprint = Blueprint("development_plan", __name__)


@blueprint.get("/my/plan")
@requires(Action.KEEP_DEVELOPMENT_PLAN)
def mine() -> ResponseReturnValue:
    """My plan: how it stands, its aims, and who has agreed to it."""
    return _show(None)


@blueprint.route("/my/plan/write", methods=["GET", "POST"])
@requires(Action.KEEP_DEVELOPMENT_PLAN)
def write() -> ResponseReturnValue:
    """Write what I need to learn, and what I am given for it."""
    form = PlanForm(obj=reading.page_of(viewer.id).plan)
    if not form.validate_on_submit():
        return render_template("study/plans/write.html", form=form), 422 if form.is_submitted() else 200
    service.write(viewer.id, form.needs.data or "", form.support.data or "")
    return _kept()


@blueprint.route("/my/plan/aims/new", methods=["GET", "POST"])
@requires(Action.KEEP_DEVELOPMENT_PLAN)
def add_aim() -> ResponseReturnValue:
    """Add an aim."""
    return _ask_for_aim(AimForm(), 0)


@blueprint.route("/my/plan/aims/<int:number>", methods=["GET", "POST"])
@requires(Action.KEEP_DEVELOPMENT_PLAN)
def change_aim(number: int) -> ResponseReturnValue:
    """Change an aim."""
    found = _aim_or_404(number)
    return _ask_for_aim(AimForm(data=asdict(found)), number)


@blueprint.post("/my/plan/aims/<int:number>/remove")
@requires(Action.KEEP_DEVELOPMENT_PLAN)
def remove_aim(number: int) -> ResponseReturnValue:
    """Take an aim out of my plan."""
    _aim_or_404(number)
    service.drop_aim(viewer.id, number)
    return _kept()


@blueprint.route("/my/plan/aims/<int:number>/progress", methods=["GET", "POST"])
@requires(Action.KEEP_DEVELOPMENT_PLAN)
def say_progress(number: int) -> ResponseReturnValue:
    """Say how an aim stands; that needs nobody's agreement."""
    aim, said = _aim_or_404(number), reading.page_of(viewer.id).progress.get(number)
    form = ProgressForm(data={"progress": said.progress.value, "note": said.note} if said else None)
    if not form.validate_on_submit():
        return render_template("study/plans/progress.html", form=form, aim=aim), 422 if form.is_submitted() else 200
    service.say_progress(viewer.id, number, Progress(str(form.progress.data)), form.note.data or "")
    flash("It is kept.")
    return redirect(url_for("development_plan.mine"), code=303)


@blueprint.post("/my/plan/agree")
@requires(Action.KEEP_DEVELOPMENT_PLAN)
def agree() -> ResponseReturnValue:
    """Agree to my plan as it stands."""
    return _agree(None)


@blueprint.route("/my/plan/review", methods=["GET", "POST"])
@requires(Action.KEEP_DEVELOPMENT_PLAN)
def review() -> ResponseReturnValue:
    """Write down a review of my plan."""
    return _review(None)


@blueprint.get("/team/plans")
@requires(Action.SEE_TEAM)
def team() -> ResponseReturnValue:
    """How the plans of those whom I manage stand, what is overdue first."""
    members = reading.team_plans(viewer.id, viewer.organisation_id) if viewer.is_manager else []
    rows = [(each.person, standing_words(each.standing), STATES[each.standing.state][1], each.plan) for each in members]
    return render_template("study/plans/team.html", rows=rows)


@blueprint.get("/people/<int:person_id>/plan")
@requires(Action.AGREE_ON_PLANS)
def of_person(person_id: int) -> ResponseReturnValue:
    """The plan of somebody I manage; nobody else reads it."""
    if person_id == viewer.id:
        return redirect(url_for("development_plan.mine"))
    return _show(_managed_or_404(person_id))


@blueprint.post("/people/<int:person_id>/plan/agree")
@requires(Action.AGREE_ON_PLANS)
def agree_with(person_id: int) -> ResponseReturnValue:
    """Agree to the plan of somebody I manage."""
    return _agree(_managed_or_404(person_id))


@blueprint.route("/people/<int:person_id>/plan/review", methods=["GET", "POST"])
@requires(Action.AGREE_ON_PLANS)
def review_with(person_id: int) -> ResponseReturnValue:
    """Write down a review with somebody I manage."""
    return _review(_managed_or_404(person_id))


def _kept() -> ResponseReturnValue:
    """Go back to the plan; what was changed is to be agreed anew."""
    flash("It is kept. You both agree to it again once you have finished changing it.")
    return redirect(url_for("development_plan.mine"), code=303)


def _managed_or_404(person_id: int) -> PersonFacts:
    """Return somebody whom the viewer manages today; not Workforce Development's, and not her own."""
    team = people.team_of(viewer.id, viewer.organisation_id, clock.today())
    found = next((each for each in team if each.id == person_id != viewer.id), None)
    if found is None:
        abort(404)
    return found


def _aim_or_404(number: int) -> Aim:
    """Return an aim of the viewer's own plan."""
    plan = reading.plans_of([viewer.id]).get(viewer.id)
    found = next((each for each in plan.aims if each.number == number), None) if plan else None
    if found is None:
        abort(404)
    return found


def _ask_for_aim(form: AimForm, number: int) -> ResponseReturnValue:
    """Ask for an aim, and keep it."""
    form.offer(reading.links_of(viewer.organisation_id))
    if not form.validate_on_submit():
        page = render_template("study/plans/aim.html", form=form, number=number)
        return page, 422 if form.is_submitted() else 200
    service.set_aim(viewer.id, form.said(number))
    return _kept()


def _address(person: PersonFacts | None) -> str:
    """Where a plan stands: the viewer's own, or that of somebody she manages."""
    return f"/people/{person.id}/plan" if person else "/my/plan"


def _agree(person: PersonFacts | None) -> ResponseReturnValue:
    """Agree to a plan as one of the two."""
    form = AgreeForm()
    version = form.version.data or ""
    if not form.validate_on_submit() or not (version.isascii() and version.isdigit()):
        return _show(person, status=422)
    try:
        service.agree(person.id if person else viewer.id, int(version), by=viewer.id)
    except PlanRefused as refused:
        return _refuse(person, refused)
    flash("You have agreed to this plan.")
    return redirect(_address(person), code=303)


def _review(person: PersonFacts | None) -> ResponseReturnValue:
    """Ask for a review, and keep it."""
    form = ReviewForm()
    address = _address(person)
    if form.validate_on_submit() and form.held_on.data:
        try:
            service.review(person.id if person else viewer.id, form.held_on.data, form.notes.data or "", by=viewer.id)
        except PlanRefused as refused:
            if not OF_THE_DATE.issuperset(refused.faults):
                return _refuse(person, refused)
            form.say(refused.faults)
        else:
            flash("The review is kept. You both can read it.")
            return redirect(address, code=303)
    page = render_template("study/plans/review.html", form=form, person=person, address=address)
    return page, 422 if form.is_submitted() else 200


def _refuse(person: PersonFacts | None, refused: PlanRefused) -> ResponseReturnValue:
    """Say every reason why nothing was done."""
    reasons = [FAULTS[each] for each in refused.faults]
    return render_template("study/refused.html", reasons=reasons, back=_address(person), back_to="The plan"), 409


def _show(person: PersonFacts | None, status: int = 200) -> ResponseReturnValue:
    """Render a plan as one of the two sees it."""
    page = reading.page_of(person.id if person else viewer.id)
    me = Party.MANAGER if person else Party.WORKER
    shown = render_template(
        "study/plans/plan.html",
        person=person,
        address=_address(person),
        page=page,
        standing=standing_words(page.standing),
        tone=STATES[page.standing.state][1],
        aims=aims_shown(page),
        agreed=agreed_words(page),
        waiting=waiting_words(page.plan, mine=person is None) if page.plan else "",
        can_agree=page.plan is not None and bool(page.plan.aims) and me in page.plan.waits_for,
        form=Form(),
    )
    return shown, status
