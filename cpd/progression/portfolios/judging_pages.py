"""Pages of other people's evidence: for line managers and for those whom the scheme names to accept it."""

from __future__ import annotations

from collections.abc import Sequence

from flask import abort, flash, redirect, render_template
from flask.typing import ResponseReturnValue

from cpd.people import service as people
from cpd.people.service import PersonFacts
from cpd.progression.pathways.rules import Readiness
from cpd.progression.portfolios import reading, service
from cpd.progression.portfolios.access import Beside
from cpd.progression.portfolios.coverage import coverage
from cpd.progression.portfolios.facts import PortfolioFacts
from cpd.progression.portfolios.forms import DecideForm, RecordForm, ReopenForm
from cpd.progression.portfolios.rules import PortfolioStatus, Sight
from cpd.progression.portfolios.service import PortfolioRefused
from cpd.progression.portfolios.showing import KindShown
from cpd.progression.portfolios.views import OF_FIELDS, blueprint, refuse
from cpd.progression.portfolios.wording import FAULTS
from cpd.shared import clock
from cpd.shared.access import requires, viewer
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
    found, kinds, shown, beside = _somebody_or_404(person_id)
    recordable = _recordable(found, beside)
    return render_template("progression/portfolios/person.html", person=shown, kinds=kinds, recordable=recordable)


@blueprint.get("/people/<int:person_id>/evidence/coverage")
@requires(Action.READ_EVIDENCE)
def coverage_of_person(person_id: int) -> ResponseReturnValue:
    """Which statements of the standards somebody's evidence and modules show."""
    _, _, shown, beside = _somebody_or_404(person_id)
    found = coverage(person_id, viewer.organisation_id, lambda each: beside.sight_of(each) is Sight.ALL)
    return render_template("progression/portfolios/coverage.html", frameworks=found, person=shown)


@blueprint.route("/people/<int:person_id>/evidence/record/<evidence_kind>", methods=["GET", "POST"])
@requires(Action.READ_EVIDENCE)
def record(person_id: int, evidence_kind: str) -> ResponseReturnValue:
    """Write down what I have seen myself, such as an observation: it counts at once."""
    found, _, shown, beside = _somebody_or_404(person_id)
    kind = found.terms.evidence.get(evidence_kind) if found.terms else None
    if kind is None or kind.code not in _recordable(found, beside):
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
        found_now = reading.identifiers_in_words(form.piece(kind), viewer.organisation_id)
        return render_template("progression/portfolios/record.html", **page, found=found_now), status
    flash(f"It is recorded and counts. {shown.name} is told.")
    return redirect(f"/people/{person_id}/evidence", code=303)


@blueprint.get("/progression/evidence/<int:portfolio_id>")
@requires(Action.READ_EVIDENCE)
def review(portfolio_id: int) -> ResponseReturnValue:
    """What somebody has handed in: open it, read it, and decide."""
    portfolio, beside = _readable_or_404(portfolio_id)
    return _review(portfolio, beside, DecideForm(data={"seen": str(portfolio.hand_ins)}), 200)


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
    portfolio, beside = _readable_or_404(portfolio_id)
    form = DecideForm()
    if not form.validate_on_submit():
        return _review(portfolio, beside, form, 422)
    comments, is_accepted = form.comments.data or "", form.decision.data == "accept"
    act = service.accept if is_accepted else service.give_back
    try:
        act(portfolio_id, seen=form.hand_ins, comments=comments, by=viewer.id, is_checked=bool(form.checked.data))
    except PortfolioRefused as refused:
        form.form_errors.extend(FAULTS[fault] for fault in refused.faults)
        found = reading.identifiers_in_comments(comments, viewer.organisation_id)
        return _review(*_readable_or_404(portfolio_id), form, 409, found)
    done = "It is accepted and counts" if is_accepted else "It is returned with your comments"
    flash(f"{done}. {portfolio.person} is told.")
    return redirect("/team/evidence" if not portfolio.accepted_by else "/progression/evidence", code=303)


@blueprint.route("/progression/evidence/<int:portfolio_id>/reopen", methods=["GET", "POST"])
@requires(Action.READ_EVIDENCE)
def reopen(portfolio_id: int) -> ResponseReturnValue:
    """Take an acceptance back that was a mistake."""
    portfolio, beside = _readable_or_404(portfolio_id)
    if not beside.accepts(portfolio.accepted_by):
        abort(404)
    form, back = ReopenForm(), f"/progression/evidence/{portfolio_id}"
    page = {"portfolio": portfolio, "form": form, "back": back}
    if not form.validate_on_submit():
        status = 422 if form.is_submitted() else 200
        return render_template("progression/portfolios/reopen.html", **page, found=()), status
    reason = form.reason.data or ""
    try:
        service.reopen(portfolio_id, reason=reason, by=viewer.id, is_checked=bool(form.checked.data))
    except PortfolioRefused as refused:
        form.form_errors.extend(FAULTS[fault] for fault in refused.faults)
        found = reading.identifiers_in_comments(reason, viewer.organisation_id)
        return render_template("progression/portfolios/reopen.html", **page, found=found), 409
    flash(f"The acceptance is taken back. {portfolio.person} is told why.")
    return redirect(back, code=303)


@blueprint.get("/progression/evidence/<int:portfolio_id>/items/<int:item_id>/file")
@requires(Action.READ_EVIDENCE)
def file(portfolio_id: int, item_id: int) -> ResponseReturnValue:
    """The file of a piece that somebody has handed in."""
    portfolio, beside = _readable_or_404(portfolio_id)
    item = reading.file_of(item_id, [portfolio.id]) if _shows_pieces(portfolio, beside) else None
    return give_out(item.stored_as, item.filename, item.media_type) if item else abort(404)


def _review(
    portfolio: PortfolioFacts,
    beside: Beside,
    form: DecideForm,
    status: int,
    found: Sequence[tuple[str, str, str]] = (),
) -> ResponseReturnValue:
    """Show what was handed in, as far as the viewer may see it; `found` is what her comments may tell of somebody."""
    judges = beside.accepts(portfolio.accepted_by)
    page = reading.shown_of(portfolio)
    if beside.sight_of(portfolio) is not Sight.ALL and portfolio.decided_by_id != viewer.id:
        page = page.without_comments()
    waits = portfolio.status is PortfolioStatus.HANDED_IN
    return render_template(
        "progression/portfolios/review.html",
        page=page,
        form=form,
        found=found,
        to_open=judges and waits and portfolio.opened_at is None,
        to_decide=judges and waits and portfolio.opened_at is not None,
        to_reopen=judges and portfolio.status is PortfolioStatus.ACCEPTED,
        shows_pieces=_shows_pieces(portfolio, beside),
        back="/team/evidence" if viewer.is_manager and not portfolio.accepted_by else "/progression/evidence",
    ), status


def _shows_pieces(portfolio: PortfolioFacts, beside: Beside) -> bool:
    """Say whether its pieces are shown: whoever is to decide opens it first, so that nobody takes back what is read."""
    to_open = portfolio.status is PortfolioStatus.HANDED_IN and portfolio.opened_at is None
    is_first = to_open and beside.accepts(portfolio.accepted_by)
    return beside.sight_of(portfolio) is Sight.ALL and not is_first


def _readable_or_404(portfolio_id: int) -> tuple[PortfolioFacts, Beside]:
    """Return a portfolio of somebody else's of which the viewer may see something, and how she stands to its owner."""
    portfolio = reading.find_portfolio(portfolio_id) or abort(404)
    beside = Beside(portfolio.person_id, viewer)
    if beside.sight_of(portfolio) is Sight.NOTHING:
        abort(404)
    return portfolio, beside


def _somebody_or_404(person_id: int) -> tuple[Readiness, list[KindShown], PersonFacts, Beside]:
    """Return somebody whose evidence the viewer may see, with the kinds that she may."""
    shown = people.people_of(viewer.organisation_id, [person_id]).get(person_id)
    beside = Beside(person_id, viewer)
    if shown is None or not beside.is_here:
        abort(404)
    found, kinds = reading.evidence_of(person_id)
    seen = beside.kinds_seen(found.terms.evidence.values() if found.terms else ())
    if not seen and not beside.manages:
        abort(404)
    return found, [each for each in kinds if each.code in seen], shown, beside


def _recordable(found: Readiness, beside: Beside) -> set[str]:
    """Say which kinds of evidence the viewer can record of somebody; the service asks again."""
    if found.terms is None or found.why_not:
        return set()
    return beside.kinds_recorded(found.terms.evidence.values())


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
