"""Claiming credits for prior learning: choosing what for, describing it, handing it in, and seeing how it stands."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from cpd.shared.access import requires, viewer
from cpd.shared.forms import Form
from cpd.shared.kept_files import give_out, takes_files
from cpd.shared.permissions import Action
from cpd.study.credits import claiming, reading
from cpd.study.credits.claim_rules import ClaimStatus
from cpd.study.credits.claiming import ClaimWrong, StepRefused
from cpd.study.credits.forms import ClaimForm
from cpd.study.credits.offer import CreditSource, sources_of
from cpd.study.credits.reading import ClaimFacts
from cpd.study.credits.views import blueprint
from cpd.study.credits.words import REFUSALS

HANDED_IN = "It is handed in. Workforce Development sends it to the university, and you are told."
KEPT = "It is saved. Hand it in when it is ready."


@blueprint.get("/my/credits/prior-learning")
@requires(Action.SEE_OWN_CREDITS)
def choose_kind() -> ResponseReturnValue:
    """Choose what to claim credits for."""
    return render_template("study/credits/choose.html", kinds=_kinds().values())


@blueprint.route("/my/credits/prior-learning/new/<kind>", methods=["GET", "POST"])
@requires(Action.SEE_OWN_CREDITS)
@takes_files
def new_claim(kind: str) -> ResponseReturnValue:
    """Describe prior learning, and hand it in or save it for later."""
    source = _kinds().get(kind)
    if source is None:
        abort(404)
    form = _form(source, None)
    if not form.validate_on_submit():
        return _ask(form, source, None, 422 if form.is_submitted() else 200)
    try:
        claim_id = claiming.begin(viewer.id, form.said(kind), form.evidence.sent, hand_in=bool(form.hand_in.data))
    except ClaimWrong as wrong:
        form.say(wrong.faults)
        return _ask(form, source, None, 422)
    flash(HANDED_IN if form.hand_in.data else KEPT)
    return redirect(url_for("credits.my_claim", claim_id=claim_id), code=303)


@blueprint.route("/my/credits/prior-learning/<int:claim_id>", methods=["GET", "POST"])
@requires(Action.SEE_OWN_CREDITS)
@takes_files
def my_claim(claim_id: int) -> ResponseReturnValue:
    """One claim of mine: how it stands and what comes next; while it is not handed in, change it and hand it in."""
    claim = _mine_or_404(claim_id)
    source = _kinds().get(claim.kind)
    form = _form(source, claim) if source and claim.status is ClaimStatus.DRAFT else None
    if form is None or source is None:
        return render_template("study/credits/claim.html", claim=claim), 200 if _is_get() else 409
    if not form.validate_on_submit():
        return _ask(form, source, claim, 422 if form.is_submitted() else 200)
    try:
        claiming.mend(claim_id, form.said(claim.kind), form.evidence.sent, hand_in=bool(form.hand_in.data))
    except ClaimWrong as wrong:
        form.say(wrong.faults)
        return _ask(form, source, claim, 422)
    except StepRefused as refused:
        return _refuse(claim_id, refused)
    flash(HANDED_IN if form.hand_in.data else KEPT)
    return redirect(url_for("credits.my_claim", claim_id=claim_id), code=303)


@blueprint.post("/my/credits/prior-learning/<int:claim_id>/withdraw")
@requires(Action.SEE_OWN_CREDITS)
def withdraw_claim(claim_id: int) -> ResponseReturnValue:
    """Withdraw a claim of mine, while nobody has decided on it."""
    _mine_or_404(claim_id)
    if not Form().validate_on_submit():
        return render_template("errors/400.html"), 422
    try:
        claiming.withdraw(claim_id, by=viewer.id)
    except StepRefused as refused:
        return _refuse(claim_id, refused)
    flash("Your claim is withdrawn.")
    return redirect(url_for("credits.mine"), code=303)


@blueprint.get("/my/credits/prior-learning/<int:claim_id>/evidence")
@requires(Action.SEE_OWN_CREDITS)
def my_claims_evidence(claim_id: int) -> ResponseReturnValue:
    """The evidence that I handed in."""
    claim = _mine_or_404(claim_id)
    return give_out(claim.stored_as, claim.filename, claim.media_type)


def _kinds() -> dict[str, CreditSource]:
    """Return the kinds of prior learning that the viewer's council knows."""
    return {code: each for code, each in sources_of(viewer.organisation_id).items() if not each.is_module}


def _mine_or_404(claim_id: int) -> ClaimFacts:
    """Return a claim of the viewer's."""
    claim = reading.find_claim(claim_id)
    if claim is None or claim.person_id != viewer.id:
        abort(404)
    return claim


def _is_get() -> bool:
    return not Form().is_submitted()


def _form(source: CreditSource, claim: ClaimFacts | None) -> ClaimForm:
    """Make the form for a kind of prior learning, filled in with what was said before."""
    form = ClaimForm(data=_as_typed(claim) if claim else None)
    modules = [each for each in sources_of(viewer.organisation_id).values() if each.is_module]
    form.offer([(each.code, each.title) for each in modules], elsewhere=not source.only_once)
    return form


def _as_typed(claim: ClaimFacts) -> dict[str, Any]:
    """Put a claim back into the boxes of its form."""
    names = ("title", "provider", "learning_ended_on", "words", "kept_current", "link")
    return {name: getattr(claim, name) for name in names} | {"module": claim.module_code}


def _ask(form: ClaimForm, source: CreditSource, claim: ClaimFacts | None, status: int) -> ResponseReturnValue:
    """Render the form of a claim that is not handed in."""
    return render_template("study/credits/claim_form.html", form=form, source=source, claim=claim), status


def _refuse(claim_id: int, refused: StepRefused) -> ResponseReturnValue:
    """Say why a step was not taken."""
    heading, advice = REFUSALS[refused.reason]
    address = url_for("credits.my_claim", claim_id=claim_id)
    return render_template("study/credits/refused.html", heading=heading, advice=advice, address=address), 409
