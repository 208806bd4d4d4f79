"""Sending in my learning from elsewhere, seeing how it stands, and mending what was returned."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from cpd.catalogue import service as catalogue
from cpd.home.views import blueprint
from cpd.record.claims import reading, service
from cpd.record.claims.forms import SendInForm
from cpd.record.claims.reading import ClaimFacts
from cpd.record.claims.rules import ClaimStatus
from cpd.record.claims.service import ClaimRefused, ClaimWrong
from cpd.shared.access import requires, viewer
from cpd.shared.kept_files import give_out, takes_files
from cpd.shared.permissions import Action


@blueprint.route("/my/record/send-in", methods=["GET", "POST"])
@requires(Action.SEND_IN_LEARNING)
@takes_files
def send_in() -> ResponseReturnValue:
    """Send in learning from elsewhere, and see how all that I sent in stands."""
    form = _form()
    if not form.validate_on_submit():
        return _ask(form), 422 if form.is_submitted() else 200
    try:
        service.send_in(viewer.id, form.said(), form.certificate.sent)
    except ClaimWrong as wrong:
        form.say(wrong.faults)
        return _ask(form), 422
    flash("It is sent in. It counts once Workforce Development has checked it, and you are told.")
    return redirect(url_for("home.record"), code=303)


@blueprint.route("/my/record/send-in/<int:claim_id>", methods=["GET", "POST"])
@requires(Action.SEND_IN_LEARNING)
@takes_files
def my_claim(claim_id: int) -> ResponseReturnValue:
    """One thing that I sent in: how it stands; while it is returned, mend it and send it in again."""
    claim = _mine_or_404(claim_id)
    if claim.status is not ClaimStatus.RETURNED:
        return _show(claim, None)
    form = _form(claim)
    if not form.validate_on_submit():
        return _show(claim, form, 422 if form.is_submitted() else 200)
    try:
        service.mend(claim.id, form.said(), form.certificate.sent)
    except ClaimWrong as wrong:
        form.say(wrong.faults)
        return _show(claim, form, 422)
    except ClaimRefused:  # the same form, sent twice
        return _show(_mine_or_404(claim_id), None, 409)
    flash("It is sent in again. You are told when it has been checked.")
    return redirect(url_for("home.record"), code=303)


@blueprint.get("/my/record/send-in/<int:claim_id>/evidence")
@requires(Action.SEND_IN_LEARNING)
def my_evidence(claim_id: int) -> ResponseReturnValue:
    """The certificate that I sent in."""
    claim = _mine_or_404(claim_id)
    return give_out(claim.stored_as, claim.filename, claim.media_type)


def _mine_or_404(claim_id: int) -> ClaimFacts:
    """Return a claim about the viewer."""
    claim = reading.find_claim(claim_id)
    if claim is None or claim.person_id != viewer.id:
        abort(404)
    return claim


def _form(claim: ClaimFacts | None = None) -> SendInForm:
    """Make the form with the modules of the viewer's organisation, filled in with what was said before."""
    form = SendInForm(data=_as_typed(claim) if claim else None)
    modules = catalogue.modules_of([viewer.organisation_id]).values()
    form.offer((each.id, each.full_title) for each in modules)
    return form


def _as_typed(claim: ClaimFacts) -> dict[str, object]:
    """Put a claim back into the boxes of its form."""
    hours, minutes = divmod(claim.minutes or 0, 60)
    return {
        "kind": str(claim.kind),
        "title": claim.title,
        "provider": claim.provider,
        "starts_on": claim.starts_on,
        "ends_on": claim.ends_on if claim.ends_on != claim.starts_on else None,
        "hours": hours or None,
        "minutes": minutes or None,
        "module": claim.module_id,
        "words": claim.words,
        "link": claim.link,
    }


def _ask(form: SendInForm) -> str:
    """Render the form, and below it what was sent in before."""
    return render_template("home/claims/send_in.html", form=form, claims=reading.claims_of(viewer.id))


def _show(claim: ClaimFacts, form: SendInForm | None, status: int = 200) -> ResponseReturnValue:
    """Render one claim, with the form where it can be mended."""
    titles = {each.code: each.full_title for each in catalogue.modules_of([viewer.organisation_id]).values()}
    return render_template("home/claims/one.html", claim=claim, form=form, titles=titles), status
