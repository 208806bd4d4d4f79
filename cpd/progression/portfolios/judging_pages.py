"""Pages of other people's evidence: for line managers and for those whom the scheme names to accept it."""

from __future__ import annotations

from collections.abc import Sequence

from flask import abort, flash, redirect, render_template
from flask.typing import ResponseReturnValue

from cpd.people import service as people
from cpd.people.service import PersonFacts
from cpd.progression.pathways.rules import Readiness
from cpd.progression.portfolios import reading, service
from cpd.progression.portfolios.access import accepts, may_read, may_see_evidence_of
from cpd.progression.portfolios.coverage import coverage
from cpd.progression.portfolios.facts import PortfolioFacts
from cpd.progression.portfolios.forms import DecideForm, RecordForm, ReopenForm
from cpd.progression.portfolios.rules import PortfolioStatus
from cpd.progression.portfolios.service import PortfolioRefused
from cpd.progression.portfolios.showing import KindShown
from cpd.progression.portfolios.views import OF_FIELDS, blueprint, refuse
from cpd.progression.portfolios.wording import FAULTS
from cpd.shared import clock
from cpd.shared.access import requires, viewer
from cpd.shared.forms import Form
from cpd.shared.kept_files import give_out
from cpd.shared.permissions import Action


@blueprint.get("/progression/evidence")
@requires(Action.ACCEPT_EVIDENCE)
def queue() -> ResponseReturnValue:
    """What waits for me, as a holder of a role and as a line manager, the longest waiting first."""
    found = reading.waiting_for(viewer.id, viewer.organisation_id, viewer.roles)
    return render_template("progression/portfolios/queue.html", waiting=found)


@blueprint.get("/team/evidence")
@requires(Action.READ_EVIDENCE)
def team() -> ResponseReturnValue:
    """What my team has handed in, what waits for me first, and whose evidence there is to see."""
    staff = people.team_of(viewer.id, viewer.organisation_id, clock.today()) if viewer.is_manager else []
    staff = [each for each in staff if each.id != viewer.id]
    found = reading.portfolios_of([each.id for each in staff])
    mine = [each for each in found if not each.accepted_by and each.status is PortfolioStatus.HANDED_IN]
    rows = [(each, _summary([one for one in found if one.person_id == each.id])) for each in staff]
    return render_template("progression/portfolios/team.html", waiting=mine[::-1], rows=rows)


@blueprint.get("/people/<int:person_id>/evidence")
@requires(Action.READ_EVIDENCE)
def person(person_id: int) -> ResponseReturnValue:
    """Which evidence somebody has, and what I can record for her."""
    if person_id == viewer.id:
        return redirect("/my/evidence")
    found, kinds, shown = _somebody_or_404(person_id)
    recordable = _recordable(found)
    return render_template("progression/portfolios/person.html", person=shown, kinds=kinds, recordable=recordable)


@blueprint.get("/people/<int:person_id>/evidence/coverage")
@requires(Action.READ_EVIDENCE)
def coverage_of_person(person_id: int) -> ResponseReturnValue:
    """Which statements of the standards somebody's evidence and modules show."""
    _, _, shown = _somebody_or_404(person_id)
    found = coverage(person_id, viewer.organisation_id, is_own=False)
    return render_template("progression/portfolios/coverage.html", frameworks=found, person=shown)


@blueprint.route("/people/<int:person_id>/evidence/record/<evidence_kind>", methods=["GET", "POST"])
@requires(Action.READ_EVIDENCE)
def record(person_id: int, evidence_kind: str) -> ResponseReturnValue:
    """Write down what I have seen myself, such as an observation: it counts at once."""
    found, _, shown = _somebody_or_404(person_id)
    kind = found.terms.evidence.get(evidence_kind) if found.terms else None
    if kind is None or kind.code not in _recordable(found):
        abort(404)
    form = RecordForm()
    form.offer(clock.today())
    page = {"form": form, "person": shown, "kind": kind}
    if not form.validate_on_submit():
        status = 422 if form.is_submitted() else 200
        return render_template("progression/portfolios/record.html", **page, found=()), status
    try:
        service.record_seen(person_id, evidence_kind, form.piece(kind), answer=form.answer.data or "", by=viewer.id)
    except PortfolioRefused as refused:
        form.say(refused.faults)
        status = 422 if OF_FIELDS.issuperset(refused.faults) else 409
        found_now = reading.identifiers_in_words(form.piece(kind))
        return render_template("progression/portfolios/record.html", **page, found=found_now), status
    flash(f"It is recorded and counts. {shown.name} is told.")
    return redirect(f"/people/{person_id}/evidence", code=303)


@blueprint.get("/progression/evidence/<int:portfolio_id>")
@requires(Action.READ_EVIDENCE)
def review(portfolio_id: int) -> ResponseReturnValue:
    """What somebody has handed in: open it, read it, and decide."""
    portfolio = _readable_or_404(portfolio_id)
    return _review(portfolio, DecideForm(data={"seen": str(portfolio.hand_ins)}), 200)


@blueprint.post("/progression/evidence/<int:portfolio_id>/open")
@requires(Action.READ_EVIDENCE)
def open_it(portfolio_id: int) -> ResponseReturnValue:
    """Begin to look at it: from then on it cannot be taken back."""
    _readable_or_404(portfolio_id)
    back = f"/progression/evidence/{portfolio_id}"
    try:
        service.open_it(portfolio_id, by=viewer.id)
    except PortfolioRefused as refused:
        return refuse(refused, back, "The evidence")
    return redirect(back, code=303)


@blueprint.post("/progression/evidence/<int:portfolio_id>/decide")
@requires(Action.READ_EVIDENCE)
def decide(portfolio_id: int) -> ResponseReturnValue:
    """Accept it, or return it with comments."""
    portfolio = _readable_or_404(portfolio_id)
    form = DecideForm()
    if not form.validate_on_submit():
        return _review(portfolio, form, 422)
    comments, is_accepted = form.comments.data or "", form.decision.data == "accept"
    act = service.accept if is_accepted else service.give_back
    try:
        act(portfolio_id, seen=form.hand_ins, comments=comments, by=viewer.id)
    except PortfolioRefused as refused:
        form.form_errors.extend(FAULTS[fault] for fault in refused.faults)
        return _review(_readable_or_404(portfolio_id), form, 409)
    done = "It is accepted and counts" if is_accepted else "It is returned with your comments"
    flash(f"{done}. {portfolio.person} is told.")
    return redirect("/team/evidence" if not portfolio.accepted_by else "/progression/evidence", code=303)


@blueprint.route("/progression/evidence/<int:portfolio_id>/reopen", methods=["GET", "POST"])
@requires(Action.READ_EVIDENCE)
def reopen(portfolio_id: int) -> ResponseReturnValue:
    """Take an acceptance back that was a mistake."""
    portfolio = _readable_or_404(portfolio_id)
    if not accepts(portfolio, viewer):
        abort(404)
    form, back = ReopenForm(), f"/progression/evidence/{portfolio_id}"
    if not form.validate_on_submit():
        page = render_template("progression/portfolios/reopen.html", portfolio=portfolio, form=form, back=back)
        return page, 422 if form.is_submitted() else 200
    try:
        service.reopen(portfolio_id, reason=form.reason.data or "", by=viewer.id)
    except PortfolioRefused as refused:
        return refuse(refused, back, "The evidence")
    flash(f"The acceptance is taken back. {portfolio.person} is told why.")
    return redirect(back, code=303)


@blueprint.get("/progression/evidence/<int:portfolio_id>/items/<int:item_id>/file")
@requires(Action.READ_EVIDENCE)
def file(portfolio_id: int, item_id: int) -> ResponseReturnValue:
    """The file of a piece that somebody has handed in."""
    portfolio = _readable_or_404(portfolio_id)
    item = None if portfolio.is_open_to_her else reading.file_of(item_id, [portfolio.id])
    return give_out(item.stored_as, item.filename, item.media_type) if item else abort(404)


def _review(portfolio: PortfolioFacts, form: Form, status: int) -> ResponseReturnValue:
    """Show what was handed in; whoever may accept it sees its pieces once she has opened it."""
    judges = accepts(portfolio, viewer)
    waits = portfolio.status is PortfolioStatus.HANDED_IN
    return render_template(
        "progression/portfolios/review.html",
        page=reading.shown_of(portfolio),
        form=form,
        to_open=judges and waits and portfolio.opened_at is None,
        to_decide=judges and waits and portfolio.opened_at is not None,
        to_reopen=judges and portfolio.status is PortfolioStatus.ACCEPTED,
        back="/team/evidence" if viewer.is_manager and not portfolio.accepted_by else "/progression/evidence",
    ), status


def _readable_or_404(portfolio_id: int) -> PortfolioFacts:
    """Return a portfolio of somebody else's that the viewer may read."""
    portfolio = reading.find_portfolio(portfolio_id)
    if portfolio is None or portfolio.person_id == viewer.id or not may_read(portfolio, viewer):
        abort(404)
    return portfolio


def _somebody_or_404(person_id: int) -> tuple[Readiness, list[KindShown], PersonFacts]:
    """Return somebody whose evidence the viewer may see, with its kinds."""
    shown = people.people_of(viewer.organisation_id, [person_id]).get(person_id)
    if shown is None:
        abort(404)
    found, kinds = reading.evidence_of(person_id)
    if not may_see_evidence_of(person_id, viewer, found.terms.evidence.values() if found.terms else ()):
        abort(404)
    return found, kinds, shown


def _recordable(found: Readiness) -> set[str]:
    """Say which kinds of evidence the viewer accepts of somebody, so that she can record them herself."""
    if found.terms is None or found.why_not:
        return set()
    kinds = [each for each in found.terms.evidence.values() if not each.is_portfolio]
    as_manager = found.post is not None and found.post.manager_id == viewer.id  # the service asks again
    by_role = {each.code for each in kinds if not set(each.accepted_by).isdisjoint(viewer.roles)}
    return by_role | {each.code for each in kinds if as_manager and not each.accepted_by}


def _summary(portfolios: Sequence[PortfolioFacts]) -> str:
    """`1 handed in, 2 accepted`."""
    said = (
        (PortfolioStatus.HANDED_IN, "handed in"),
        (PortfolioStatus.RETURNED, "returned"),
        (PortfolioStatus.PREPARING, "being prepared"),
        (PortfolioStatus.ACCEPTED, "accepted"),
    )
    statuses = [each.status for each in portfolios]
    words = ", ".join(f"{statuses.count(status)} {words}" for status, words in said if status in statuses)
    return words or "Nothing yet"
