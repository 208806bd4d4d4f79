"""Pages of appeals: appealing, following one's own, finding somebody who decides, and deciding."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cpd.progression.appeals import letters, part, reading, service
from cpd.progression.appeals.forms import AppealForm, AssignForm, DecideForm
from cpd.progression.appeals.reading import AppealFacts
from cpd.progression.appeals.rules import USUAL_DAYS, AppealFault, against_appealing
from cpd.progression.appeals.service import AppealRefused
from cpd.progression.appeals.wording import FAULTS
from cpd.progression.requests import reading as requests
from cpd.progression.requests.reading import RequestFacts
from cpd.progression.requests.wording import step_title, step_words
from cpd.shared import clock
from cpd.shared.access import may, requires, viewer
from cpd.shared.permissions import Action
from cpd.study.seen import ours_or_404, own_or_404

blueprint = Blueprint("appeals", __name__)


@blueprint.route("/my/progress/requests/<int:request_id>/appeal", methods=["GET", "POST"])
@requires(Action.APPEAL)
def appeal(request_id: int) -> ResponseReturnValue:
    """Appeal against what was decided on my request, follow the appeal, or read why none is possible."""
    found = own_or_404(requests.find_request(request_id))
    back, back_to = f"/my/progress/requests/{request_id}", "Your request"
    what = reading.against_what(found)
    if what.is_appealed and request.method == "GET":
        latest = reading.appeals_of_request(request_id)[-1]
        return redirect(url_for("appeals.mine", appeal_id=latest.id))
    faults = [each for each in against_appealing(what, "", clock.today()) if each is not AppealFault.NO_GROUNDS]
    if faults:
        return render_template("study/refused.html", reasons=_words(faults), back=back, back_to=back_to), 409
    form = AppealForm()
    if not form.validate_on_submit():
        page = render_template("progression/appeals/appeal.html", asked=found, until=what.until, form=form)
        return page, 422 if form.is_submitted() else 200
    try:
        appeal_id = service.appeal(request_id, grounds=form.grounds.data or "", by=viewer.id)
    except AppealRefused as refused:
        return render_template("study/refused.html", reasons=_words(refused.faults), back=back, back_to=back_to), 409
    flash("Your appeal is sent. You are told who decides on it, and by when.")
    return redirect(url_for("appeals.mine", appeal_id=appeal_id), code=303)


@blueprint.get("/my/progress/appeals/<int:appeal_id>")
@requires(Action.APPEAL)
def mine(appeal_id: int) -> ResponseReturnValue:
    """One of my appeals: with whom it is, by when it is decided, and what was decided and why."""
    return render_template("progression/appeals/mine.html", appeal=_mine_or_404(appeal_id))


@blueprint.get("/my/progress/appeals/<int:appeal_id>/letter")
@requires(Action.APPEAL)
def my_letter(appeal_id: int) -> ResponseReturnValue:
    """The letter of what was decided on my appeal."""
    return _show_letter(_mine_or_404(appeal_id), f"/my/progress/appeals/{appeal_id}", "Your appeal")


@blueprint.get("/my/progress/appeals/<int:appeal_id>/letter.pdf")
@requires(Action.APPEAL)
def my_letter_as_pdf(appeal_id: int) -> ResponseReturnValue:
    """The letter of what was decided on my appeal, on paper."""
    return _give_letter(_mine_or_404(appeal_id))


@blueprint.post("/my/progress/appeals/<int:appeal_id>/withdraw")
@requires(Action.APPEAL)
def withdraw(appeal_id: int) -> ResponseReturnValue:
    """Withdraw one of my appeals."""
    found = _mine_or_404(appeal_id)
    try:
        service.withdraw(found.id, by=viewer.id)
    except AppealRefused as refused:
        back = f"/my/progress/appeals/{appeal_id}"
        reasons = _words(refused.faults)
        return render_template("study/refused.html", reasons=reasons, back=back, back_to="Your appeal"), 409
    flash("Your appeal is withdrawn.")
    return redirect(url_for("appeals.mine", appeal_id=appeal_id), code=303)


@blueprint.get("/progression/appeals")
@requires(Action.SEE_APPEALS)
def queue() -> ResponseReturnValue:
    """All appeals for Workforce Development; for those who decide, the ones given to them."""
    decider_id = None if may(Action.ASSIGN_APPEALS) else viewer.id
    return render_template(
        "progression/appeals/queue.html",
        undecided=reading.undecided(viewer.organisation_id, decider_id),
        ended=reading.ended(viewer.organisation_id, request.args.get("page", 1, int), decider_id),
    )


@blueprint.get("/progression/appeals/<int:appeal_id>")
@requires(Action.SEE_APPEALS)
def one(appeal_id: int) -> ResponseReturnValue:
    """One appeal, with what it is against; who decides is found here, and it is decided here."""
    found = _seen_or_404(appeal_id)
    return _show(found)


@blueprint.get("/progression/appeals/<int:appeal_id>/letter")
@requires(Action.SEE_APPEALS)
def letter(appeal_id: int) -> ResponseReturnValue:
    """The letter of an appeal that I look after or have decided on."""
    return _show_letter(_seen_or_404(appeal_id), f"/progression/appeals/{appeal_id}", "The appeal")


@blueprint.get("/progression/appeals/<int:appeal_id>/letter.pdf")
@requires(Action.SEE_APPEALS)
def letter_as_pdf(appeal_id: int) -> ResponseReturnValue:
    """The letter of an appeal that I look after or have decided on, on paper."""
    return _give_letter(_seen_or_404(appeal_id))


@blueprint.post("/progression/appeals/<int:appeal_id>/assign")
@requires(Action.ASSIGN_APPEALS)
def assign(appeal_id: int) -> ResponseReturnValue:
    """Give an appeal to somebody who had no part in what it is against."""
    found = _seen_or_404(appeal_id)
    form = _assign_form(found)
    if not form.validate_on_submit():
        return _show(found, assign_form=form, status=422)
    decider_id, decide_by = form.chosen()
    try:
        service.assign(appeal_id, decider_id, decide_by=decide_by, by=viewer.id)
    except AppealRefused as refused:
        status = 422 if form.say(refused.faults) else 409
        return _show(_seen_or_404(appeal_id), assign_form=form, status=status)
    flash("Whoever decides is told, and the person is told who it is.")
    return redirect(url_for("appeals.queue"), code=303)


@blueprint.post("/progression/appeals/<int:appeal_id>/decide")
@requires(Action.DECIDE_APPEALS)
def decide(appeal_id: int) -> ResponseReturnValue:
    """Uphold or dismiss an appeal that was given to me."""
    found = _seen_or_404(appeal_id)
    form = DecideForm()
    if not form.validate_on_submit():
        return _show(found, decide_form=form, status=422)
    upheld = form.decision.data == "uphold"
    try:
        service.decide(appeal_id, upheld=upheld, reasons=form.reasons.data or "", by=viewer.id)
    except AppealRefused as refused:
        form.say(refused.faults)
        return _show(_seen_or_404(appeal_id), decide_form=form, status=409)
    flash(f"The appeal of {found.person} is {'upheld' if upheld else 'dismissed'}. The person is told why.")
    return redirect(url_for("appeals.queue"), code=303)


def _show(
    found: AppealFacts,
    *,
    assign_form: AssignForm | None = None,
    decide_form: DecideForm | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    """Render one appeal with the forms that the viewer may fill in."""
    against = requests.request_of(found.request_id)
    unable: list[tuple[str, str]] = []
    if may(Action.ASSIGN_APPEALS) and found.is_live and found.person_id != viewer.id:
        assign_form = assign_form or _assign_form(found)
        around = part.around(found.person_id, found.request_id)
        unable = [(name, UNABLE[why]) for name, why in part.candidates(around, found.organisation_id)[1]]
    if found.is_live and found.decider_id == viewer.id:
        decide_form = decide_form or DecideForm(formdata=None)
    page = render_template(
        "progression/appeals/one.html",
        appeal=found,
        against=against,
        steps=_steps(against),
        assign_form=assign_form,
        decide_form=decide_form,
        unable=unable,
        forms=[each for each in (assign_form, decide_form) if each],
    )
    return page, status


def _show_letter(found: AppealFacts, back: str, back_to: str) -> ResponseReturnValue:
    """Render a letter from nothing but what was frozen."""
    facts = found.letter or abort(404)
    return render_template(
        "progression/appeals/letter.html", letter=facts, sha256=found.letter_sha256, back=back, back_to=back_to
    )


def _give_letter(found: AppealFacts) -> ResponseReturnValue:
    """Answer with a letter as a tagged PDF."""
    facts = found.letter or abort(404)
    answer = Response(letters.letter_pdf(facts, found.letter_sha256), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="appeal-{found.id}.pdf"'
    return answer


UNABLE = {
    AppealFault.HAD_A_PART: "had a part in the decision",
    AppealFault.IS_THE_PERSON: "appeals",
    AppealFault.MANAGES_HER: "is the line manager",
}
"""Why somebody who holds a role for it cannot decide."""


def _steps(against: RequestFacts) -> list[tuple[str, str, str]]:
    """Say of each step of a request what it is, how it went, and for what reasons."""
    return [
        (step_title(step), step_words(step, against), step.approval.reasons if step.approval else step.reasons)
        for step in against.steps
    ]


def _assign_form(found: AppealFacts) -> AssignForm:
    """Return the form with everybody who can decide on an appeal."""
    form = AssignForm(formdata=request.form if request.endpoint == "appeals.assign" else None)
    able, _ = part.candidates(part.around(found.person_id, found.request_id), found.organisation_id)
    form.offer(able, found.decide_by or clock.today() + timedelta(days=USUAL_DAYS))
    return form


def _mine_or_404(appeal_id: int) -> AppealFacts:
    """Return one of the viewer's own appeals."""
    return own_or_404(reading.find_appeal(appeal_id))


def _seen_or_404(appeal_id: int) -> AppealFacts:
    """Return an appeal of the viewer's organisation: any for Workforce Development, and what was given to her."""
    found = ours_or_404(reading.find_appeal(appeal_id))
    is_own = found.person_id == viewer.id
    if is_own or not (may(Action.ASSIGN_APPEALS) or found.decider_id == viewer.id):
        abort(404)
    return found


def _words(faults: Sequence[AppealFault]) -> list[str]:
    """Say every reason why nothing was done."""
    return [FAULTS[each] for each in faults]
