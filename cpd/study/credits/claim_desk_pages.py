"""Workforce Development sends claims for prior learning on, gives them back, and enters what universities decide."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from cpd.shared import clock
from cpd.shared.access import requires, viewer
from cpd.shared.kept_files import give_out
from cpd.shared.permissions import Action
from cpd.study.credits import claiming, reading
from cpd.study.credits.claiming import StepRefused
from cpd.study.credits.forms import DecideForm, SendBackForm, SendOnForm, day_of, number_seen
from cpd.study.credits.offer import sources_of
from cpd.study.credits.reading import ClaimFacts
from cpd.study.credits.service import CreditsRefused
from cpd.study.credits.views import blueprint
from cpd.study.credits.words import REFUSALS


@blueprint.get("/workforce/credits/claims/<int:claim_id>")
@requires(Action.KEEP_CREDITS)
def claim(claim_id: int) -> ResponseReturnValue:
    """What somebody claims, with its evidence and the next step."""
    return _show(_ours_or_404(claim_id))


@blueprint.post("/workforce/credits/claims/<int:claim_id>/send")
@requires(Action.KEEP_CREDITS)
def send_claim_on(claim_id: int) -> ResponseReturnValue:
    """Write down that it was sent to the university."""
    found = _ours_or_404(claim_id)
    form = SendOnForm()
    if not form.validate_on_submit():
        return _show(found, send_on=form, status=422)
    if day_of(form.submitted_on) > clock.today():
        form.submitted_on.errors = ["Enter a day that is not in the future"]
        return _show(found, send_on=form, status=422)
    try:
        claiming.send_on(claim_id, seen=number_seen(form.seen), by=viewer.id, **form.said())
    except StepRefused as refused:
        return _refuse(claim_id, refused)
    except CreditsRefused as refused:
        return _show(found, send_on=form, status=form.say(refused.faults))
    flash(f"It is with the university. {found.person} is told; the credits are expected from now on.")
    return redirect(url_for("credits.desk"), code=303)


@blueprint.post("/workforce/credits/claims/<int:claim_id>/return")
@requires(Action.KEEP_CREDITS)
def return_claim(claim_id: int) -> ResponseReturnValue:
    """Give it back with a comment."""
    found = _ours_or_404(claim_id)
    form = SendBackForm()
    if not form.validate_on_submit():
        return _show(found, send_back=form, status=422)
    try:
        claiming.send_back(claim_id, seen=number_seen(form.seen), comment=form.comment.data or "", by=viewer.id)
    except StepRefused as refused:
        return _refuse(claim_id, refused)
    flash(f"It is given back. {found.person} is told what to put right.")
    return redirect(url_for("credits.desk"), code=303)


@blueprint.post("/workforce/credits/claims/<int:claim_id>/decide")
@requires(Action.KEEP_CREDITS)
def decide_claim(claim_id: int) -> ResponseReturnValue:
    """Enter what the university has decided."""
    found = _ours_or_404(claim_id)
    form = DecideForm()
    if not form.validate_on_submit():
        return _show(found, decide=form, status=422)
    try:
        claiming.decide(
            claim_id,
            awarded=form.decision.data == "awarded",
            board_on=day_of(form.board_on),
            credits_=form.credits.amount,
            academic_level=form.academic_level.data,
            reason=form.reason.data or "",
            by=viewer.id,
        )
    except StepRefused as refused:
        return _refuse(claim_id, refused)
    except CreditsRefused as refused:
        return _show(found, decide=form, status=form.say(refused.faults))
    flash(f"It is entered. {found.person} is told.")
    return redirect(url_for("credits.desk"), code=303)


@blueprint.get("/workforce/credits/claims/<int:claim_id>/evidence")
@requires(Action.KEEP_CREDITS)
def claims_evidence(claim_id: int) -> ResponseReturnValue:
    """The evidence that somebody handed in."""
    found = _ours_or_404(claim_id)
    return give_out(found.stored_as, found.filename, found.media_type)


def _ours_or_404(claim_id: int) -> ClaimFacts:
    """Return a claim of the viewer's organisation; what its person has not handed in is hers alone."""
    found = reading.find_claim(claim_id)
    if found is None or found.organisation_id != viewer.organisation_id or found.is_hers_alone:
        abort(404)
    return found


def _show(
    found: ClaimFacts,
    *,
    send_on: SendOnForm | None = None,
    send_back: SendBackForm | None = None,
    decide: DecideForm | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    """Render a claim with the forms of its next step."""
    known = _known(found)
    forms = {
        "send_on": send_on or SendOnForm(formdata=None, data=known),
        "send_back": send_back or SendBackForm(formdata=None, data=known),
        "decide": decide or DecideForm(formdata=None),
    }
    is_own = found.person_id == viewer.id
    page = render_template(
        "study/credits/desk_claim.html", claim=found, is_own=is_own, forms=list(forms.values()), **forms
    )
    return page, status


def _known(found: ClaimFacts) -> dict[str, Any]:
    """Fill in what is known already of a claim that is to be sent on."""
    source = sources_of(found.organisation_id).get(found.kind)
    return {
        "seen": str(found.sends),
        "credits": f"{source.credits.normalize():f}" if source and source.credits else "",
        "academic_level": source.academic_level if source else None,
        "submitted_on": clock.today(),
    }


def _refuse(claim_id: int, refused: StepRefused) -> ResponseReturnValue:
    """Say why a step was not taken."""
    heading, advice = REFUSALS[refused.reason]
    is_there = reading.find_claim(claim_id)
    in_view = is_there is not None and not is_there.is_hers_alone
    address = url_for("credits.claim", claim_id=claim_id) if in_view else url_for("credits.desk")
    return render_template("study/credits/refused.html", heading=heading, advice=advice, address=address), 409
