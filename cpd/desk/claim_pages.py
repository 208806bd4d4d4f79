"""The desk's list of learning that people sent in, and accepting or returning it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cpd.catalogue import service as catalogue
from cpd.desk.views import blueprint
from cpd.people import service as people
from cpd.record.claims import reading, service
from cpd.record.claims.forms import OTHER_LEARNING, AcceptForm, ReturnForm, number_seen
from cpd.record.claims.reading import ClaimFacts
from cpd.record.claims.service import ClaimRefused
from cpd.shared import clock
from cpd.shared.access import requires, viewer
from cpd.shared.kept_files import give_out
from cpd.shared.permissions import Action


@blueprint.get("/workforce/claims")
@requires(Action.RECOGNISE_LEARNING)
def list_claims() -> ResponseReturnValue:
    """Show who sent in what, the oldest first."""
    page = reading.waiting_page(viewer.organisation_id, request.args.get("page", 1, int))
    posts = people.posts_on({each.person_id for each in page.claims}, clock.today())
    teams = {person_id: post.team_name for person_id, post in posts.items()}
    return render_template("desk/claims/list.html", page=page, teams=teams)


@blueprint.get("/workforce/claims/<int:claim_id>")
@requires(Action.RECOGNISE_LEARNING)
def claim(claim_id: int) -> ResponseReturnValue:
    """Show what somebody sent in, with its evidence."""
    found = _ours_or_404(claim_id)
    return _show(found, *_forms(found))


@blueprint.post("/workforce/claims/<int:claim_id>/accept")
@requires(Action.RECOGNISE_LEARNING)
def accept_claim(claim_id: int) -> ResponseReturnValue:
    """Accept it as a module, for a reason, or as other learning."""
    found = _ours_or_404(claim_id)
    accept, send_back = _forms(found, typed=AcceptForm)
    if not accept.validate_on_submit():
        return _show(found, accept, send_back, 422)
    module_id, reason = accept.module_id, accept.reason.data or ""
    act = partial(service.accept, claim_id, seen=number_seen(accept), module_id=module_id, reason=reason, by=viewer.id)
    return _decide(claim_id, act, f"It is accepted. {found.person} is told.")


@blueprint.post("/workforce/claims/<int:claim_id>/return")
@requires(Action.RECOGNISE_LEARNING)
def return_claim(claim_id: int) -> ResponseReturnValue:
    """Return it with a comment."""
    found = _ours_or_404(claim_id)
    accept, send_back = _forms(found, typed=ReturnForm)
    if not send_back.validate_on_submit():
        return _show(found, accept, send_back, 422)
    comment = send_back.comment.data or ""
    act = partial(service.send_back, claim_id, seen=number_seen(send_back), comment=comment, by=viewer.id)
    return _decide(claim_id, act, f"It is returned. {found.person} is told what to mend.")


@blueprint.get("/workforce/claims/<int:claim_id>/evidence")
@requires(Action.RECOGNISE_LEARNING)
def evidence(claim_id: int) -> ResponseReturnValue:
    """The certificate that somebody sent in."""
    found = _ours_or_404(claim_id)
    return give_out(found.stored_as, found.filename, found.media_type)


def _ours_or_404(claim_id: int) -> ClaimFacts:
    """Return a claim of the viewer's organisation."""
    found = reading.find_claim(claim_id)
    if found is None or found.organisation_id != viewer.organisation_id:
        abort(404)
    return found


def _forms(found: ClaimFacts, typed: type | None = None) -> tuple[AcceptForm, ReturnForm]:
    """Make both forms; `typed` is the one that was sent. The module that she thinks of is chosen already."""
    seen = str(found.sends)
    suggested = str(found.module_id or "")
    accept = AcceptForm() if typed is AcceptForm else AcceptForm(formdata=None, seen=seen, counts_as=suggested)
    accept.offer((each.id, each.full_title) for each in catalogue.modules_of([found.organisation_id]).values())
    return accept, ReturnForm() if typed is ReturnForm else ReturnForm(formdata=None, seen=seen)


def _show(found: ClaimFacts, accept: AcceptForm, send_back: ReturnForm, status: int = 200) -> ResponseReturnValue:
    """Render a claim with both forms."""
    return render_template(
        "desk/claims/one.html",
        claim=found,
        accept=accept,
        send_back=send_back,
        forms=[accept, send_back],
        titles=_titles(found.organisation_id),
        other=OTHER_LEARNING,
    ), status


def _decide(claim_id: int, act: Callable[[], object], done: str) -> ResponseReturnValue:
    """Decide on a claim; or say why nothing was decided, and what was decided by somebody else."""
    try:
        act()
    except ClaimRefused as refused:
        found = _ours_or_404(claim_id)
        titles = _titles(found.organisation_id)
        return render_template("desk/claims/refused.html", claim=found, reason=refused.reason, titles=titles), 409
    flash(done)
    return redirect(url_for("desk.list_claims"), code=303)


def _titles(organisation_id: int) -> dict[str, str]:
    """Name the modules by their codes, also those that are taught no more."""
    modules = catalogue.modules_of([organisation_id], withdrawn_too=True).values()
    return {each.code: each.full_title for each in modules}
