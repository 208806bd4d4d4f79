"""Pages of my evidence: what is asked of me, what I prepare, and handing it in."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template
from flask.typing import ResponseReturnValue

from cpd.progression.pathways.words import WHY_NOT
from cpd.progression.portfolios import reading, service
from cpd.progression.portfolios.coverage import coverage
from cpd.progression.portfolios.facts import ItemFacts, PortfolioFacts
from cpd.progression.portfolios.forms import AnswerForm, PieceForm
from cpd.progression.portfolios.rules import ONLY, OTHER, WHOLE, Fault
from cpd.progression.portfolios.service import PortfolioRefused
from cpd.progression.portfolios.wording import FAULTS, FOUND, LOOK_YOURSELF, PLACES, REMINDER
from cpd.schemes.pathway_shape import EvidenceKind
from cpd.shared import clock
from cpd.shared.access import requires, viewer
from cpd.shared.forms import Form
from cpd.shared.kept_files import give_out, takes_files
from cpd.shared.permissions import Action

blueprint = Blueprint("portfolios", __name__)

OF_FIELDS = {
    Fault.NOTHING_IN_IT,
    Fault.NO_FILE_OR_LINK,
    Fault.NO_TITLE,
    Fault.IN_THE_FUTURE,
    Fault.NO_SAFE_LINK,
    Fault.NO_SUCH_PART,
    Fault.NOT_VALID_THEN,
    Fault.NO_ANSWER,
}
"""What is put right by typing something else."""


@blueprint.get("/my/evidence")
@requires(Action.HAND_IN_EVIDENCE)
def mine() -> ResponseReturnValue:
    """Which evidence is asked of me, how each stands, and the next thing to do."""
    found, kinds = reading.evidence_of(viewer.id)
    why_not = WHY_NOT[found.why_not] if found.why_not else None
    return render_template("progression/portfolios/mine.html", kinds=kinds, why_not=why_not, reminder=REMINDER)


@blueprint.get("/my/evidence/coverage")
@requires(Action.HAND_IN_EVIDENCE)
def my_coverage() -> ResponseReturnValue:
    """Which statements of the standards my evidence and my modules show, and which nothing shows yet."""
    found = coverage(viewer.id, viewer.organisation_id)
    return render_template("progression/portfolios/coverage.html", frameworks=found, person=None)


@blueprint.get("/my/evidence/<evidence_kind>")
@requires(Action.HAND_IN_EVIDENCE)
def my_kind(evidence_kind: str) -> ResponseReturnValue:
    """One kind of evidence: what is in it, how it stands, and what was done with it."""
    kind, current = _kind_or_404(evidence_kind)
    page = reading.shown_of(current) if current else None
    return render_template("progression/portfolios/kind.html", kind=kind, page=page, reminder=REMINDER)


@blueprint.route("/my/evidence/<evidence_kind>/add", methods=["GET", "POST"])
@requires(Action.HAND_IN_EVIDENCE)
@takes_files
def add(evidence_kind: str) -> ResponseReturnValue:
    """Add a piece to a portfolio, or write the one piece that there is."""
    kind, _ = _kind_or_404(evidence_kind)
    return _piece(kind, OTHER if kind.is_portfolio else ONLY)


@blueprint.route("/my/evidence/<evidence_kind>/whole", methods=["GET", "POST"])
@requires(Action.HAND_IN_EVIDENCE)
@takes_files
def whole(evidence_kind: str) -> ResponseReturnValue:
    """A portfolio as one completed file, or a link to the council's own store, with a list to tick."""
    kind, _ = _kind_or_404(evidence_kind)
    return _piece(kind, WHOLE) if kind.is_portfolio else abort(404)


@blueprint.route("/my/evidence/items/<int:item_id>", methods=["GET", "POST"])
@requires(Action.HAND_IN_EVIDENCE)
@takes_files
def change(item_id: int) -> ResponseReturnValue:
    """Change a piece; the earlier version is kept until it is accepted."""
    item, portfolio = _item_or_404(item_id)
    kind = reading.kinds_by_portfolio([portfolio])[portfolio.id]
    return _piece(kind, item.item_kind, item, portfolio)


@blueprint.route("/my/evidence/items/<int:item_id>/remove", methods=["GET", "POST"])
@requires(Action.HAND_IN_EVIDENCE)
def remove(item_id: int) -> ResponseReturnValue:
    """Take a piece out."""
    item, portfolio = _item_or_404(item_id)
    form, back = Form(), f"/my/evidence/{portfolio.evidence_kind}"
    if not form.validate_on_submit():
        page = render_template("progression/portfolios/remove.html", item=item, back=back, form=form)
        return page, 422 if form.is_submitted() else 200
    try:
        service.remove_piece(item_id, by=viewer.id)
    except PortfolioRefused as refused:
        return refuse(refused, back, "Your evidence")
    flash(f"“{item.title}” is taken out.")
    return redirect(back, code=303)


@blueprint.route("/my/evidence/items/<int:item_id>/identifiers", methods=["GET", "POST"])
@requires(Action.HAND_IN_EVIDENCE)
def identifiers(item_id: int) -> ResponseReturnValue:
    """What in a piece may tell who somebody is: change it, or say why it does not."""
    item, portfolio = _item_or_404(item_id)
    form, back = AnswerForm(obj=item), f"/my/evidence/{portfolio.evidence_kind}"
    if not form.validate_on_submit():
        every = reading.identifiers_of(item, portfolio.organisation_id)
        found = [(FOUND[each.kind], PLACES[each.where], each.excerpt) for each in every]
        page = render_template("progression/portfolios/identifiers.html", item=item, found=found, form=form, back=back)
        return page, 422 if form.is_submitted() else 200
    try:
        service.answer(item_id, form.answer.data or "", by=viewer.id)
    except PortfolioRefused as refused:
        return refuse(refused, back, "Your evidence")
    flash("Your answer is kept with the piece.")
    return redirect(back, code=303)


@blueprint.get("/my/evidence/items/<int:item_id>/file")
@requires(Action.HAND_IN_EVIDENCE)
def my_file(item_id: int) -> ResponseReturnValue:
    """The file of one of my pieces."""
    item, _ = _item_or_404(item_id)
    return give_out(item.stored_as, item.filename, item.media_type)


@blueprint.route("/my/evidence/<evidence_kind>/hand-in", methods=["GET", "POST"])
@requires(Action.HAND_IN_EVIDENCE)
def hand_in(evidence_kind: str) -> ResponseReturnValue:
    """Look once more at what is there and what is missing, then hand it in."""
    kind, current = _kind_or_404(evidence_kind)
    if current is None:
        abort(404)
    form, back = Form(), f"/my/evidence/{kind.code}"
    if not form.validate_on_submit():
        page = render_template("progression/portfolios/hand_in.html", page=reading.shown_of(current), back=back)
        return page, 422 if form.is_submitted() else 200
    try:
        service.hand_in(viewer.id, kind.code)
    except PortfolioRefused as refused:
        return refuse(refused, back, "Your evidence")
    except LookupError:
        abort(404)
    flash("It is handed in. You are told what becomes of it.")
    return redirect(back, code=303)


@blueprint.post("/my/evidence/<evidence_kind>/take-back")
@requires(Action.HAND_IN_EVIDENCE)
def take_back(evidence_kind: str) -> ResponseReturnValue:
    """Take back what nobody has opened yet."""
    kind, current = _kind_or_404(evidence_kind)
    if current is None:
        abort(404)
    back = f"/my/evidence/{kind.code}"
    try:
        service.take_back(current.id, by=viewer.id)
    except PortfolioRefused as refused:
        return refuse(refused, back, "Your evidence")
    flash("You have it back and can change it.")
    return redirect(back, code=303)


def refuse(refused: PortfolioRefused, back: str, back_to: str) -> ResponseReturnValue:
    """Say every reason why nothing was done, and where to go on."""
    reasons = [FAULTS[fault] for fault in refused.faults]
    return render_template("study/refused.html", reasons=reasons, back=back, back_to=back_to), 409


def _piece(
    kind: EvidenceKind, item_kind: str, item: ItemFacts | None = None, portfolio: PortfolioFacts | None = None
) -> ResponseReturnValue:
    """Show the form of a piece, and write down what is sent."""
    ticked = portfolio.ticked if portfolio else []
    form = PieceForm.of(kind, item_kind, clock.today(), item, data={"ticked": ticked})
    if not form.validate_on_submit():
        return _show(form, kind, item_kind, item, 422 if form.is_submitted() else 200)
    piece, sent = form.piece(kind, item_kind), form.document.sent
    try:
        if item is None:
            item_id = service.add_piece(viewer.id, kind.code, piece, sent, ticked=form.ticked_parts or ())
        else:
            without = form.is_without_file
            ticked_now = form.ticked_parts
            item_id = service.change_piece(item.id, piece, sent, by=viewer.id, without_file=without, ticked=ticked_now)
    except PortfolioRefused as refused:
        form.say(refused.faults)
        return _show(form, kind, item_kind, item, 422 if OF_FIELDS.issuperset(refused.faults) else 409)
    return _after_saving(item_id, kind)


def _after_saving(item_id: int, kind: EvidenceKind) -> ResponseReturnValue:
    """Go on: to what was found in the piece, else to the evidence."""
    saved = reading.find_item(item_id)
    if saved and saved.is_unanswered:
        flash("It is saved. Look at it once more before you hand it in.", "warning")
        return redirect(f"/my/evidence/items/{item_id}/identifiers", code=303)
    flash("It is saved.")
    if saved and not saved.is_looked_into:
        flash(LOOK_YOURSELF, "warning")
    return redirect(f"/my/evidence/{kind.code}", code=303)


def _show(
    form: PieceForm, kind: EvidenceKind, item_kind: str, item: ItemFacts | None, status: int
) -> ResponseReturnValue:
    page = render_template(
        "progression/portfolios/piece.html", form=form, kind=kind, item=item, is_whole=item_kind == WHOLE
    )
    return page, status


def _kind_or_404(evidence_kind: str) -> tuple[EvidenceKind, PortfolioFacts | None]:
    """Return a kind of evidence that I have begun or that my scheme has, and what I have of it."""
    current = reading.current_of(viewer.id, evidence_kind)
    if current:
        return reading.kinds_by_portfolio([current])[current.id], current
    return reading.kind_offered(viewer.id, evidence_kind) or abort(404), None


def _item_or_404(item_id: int) -> tuple[ItemFacts, PortfolioFacts]:
    """Return a piece of mine as it is now."""
    item = reading.find_item(item_id)
    portfolio = reading.find_portfolio(item.portfolio_id) if item else None
    if item is None or portfolio is None or portfolio.person_id != viewer.id:
        abort(404)
    return item, portfolio
