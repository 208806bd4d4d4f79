"""My CPD record for the regulator, and the pieces that were shared with me (B1)."""

from __future__ import annotations

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cpd.schemes.cpd_shape import CpdRules
from cpd.shared import clock
from cpd.shared.access import requires, viewer
from cpd.shared.forms import Form
from cpd.shared.permissions import Action
from cpd.study.regulator import reading, service
from cpd.study.regulator.forms import PeerForm, PieceForm
from cpd.study.regulator.paper import cpd_csv, cpd_pdf
from cpd.study.regulator.reading import MyCpd
from cpd.study.regulator.rules import Piece, Standing
from cpd.study.regulator.service import CpdRefused
from cpd.study.regulator.words import FAULTS, YearShown, answers_of, row_of, year_shown

blueprint = Blueprint("cpd_record", __name__)


@blueprint.get("/my/cpd")
@requires(Action.KEEP_CPD_RECORD)
def mine() -> ResponseReturnValue:
    """Where I stand this year, what I have written, and what I could begin with."""
    page = reading.my_cpd(viewer.id)
    years = [_shown(standing) for standing in page.years]
    return render_template("study/regulator/mine.html", page=page, years=years)


@blueprint.route("/my/cpd/new", methods=["GET", "POST"])
@requires(Action.KEEP_CPD_RECORD)
def write() -> ResponseReturnValue:
    """Write a new piece."""
    form = PieceForm()
    form.ask_as(_rules_or_404())
    if not form.validate_on_submit():
        return _ask(form, None, 422 if form.is_submitted() else 200)
    try:
        number = service.write_piece(viewer.id, form.said())
    except CpdRefused as refused:
        form.say(refused.faults)
        return _ask(form, None, 422)
    flash("It is kept. Only you can read it.")
    return redirect(url_for("cpd_record.piece", number=number), code=303)


@blueprint.post("/my/cpd/draft")
@requires(Action.KEEP_CPD_RECORD)
def draft() -> ResponseReturnValue:
    """Begin a piece with something that stands on my training record: one button."""
    fact_id = request.form.get("fact", "")
    if not (fact_id.isascii() and fact_id.isdigit()):
        abort(404)
    try:
        number = service.draft_from(viewer.id, int(fact_id))
    except LookupError:
        abort(404)
    flash("The piece is begun. What you learnt is left for you to write.")
    return redirect(url_for("cpd_record.change", number=number), code=303)


@blueprint.get("/my/cpd/<int:number>")
@requires(Action.KEEP_CPD_RECORD)
def piece(number: int) -> ResponseReturnValue:
    """One piece, question by question in the order of the form, to copy from; and what I can do with it."""
    return _show(number)


@blueprint.route("/my/cpd/<int:number>/change", methods=["GET", "POST"])
@requires(Action.KEEP_CPD_RECORD)
def change(number: int) -> ResponseReturnValue:
    """Write on at a piece, or put it right."""
    found = _piece_or_404(number)
    form = PieceForm(obj=found.said)
    form.ask_as(_rules_or_404(), found.said.cpd_type)
    if not form.validate_on_submit():
        return _ask(form, found, 422 if form.is_submitted() else 200)
    try:
        service.change_piece(viewer.id, number, form.said())
    except CpdRefused as refused:
        form.say(refused.faults)
        return _ask(form, found, 422)
    flash("It is kept.")
    return redirect(url_for("cpd_record.piece", number=number), code=303)


@blueprint.route("/my/cpd/<int:number>/peer", methods=["GET", "POST"])
@requires(Action.KEEP_CPD_RECORD)
def reflect(number: int) -> ResponseReturnValue:
    """Write what I learnt from discussing a piece with a peer."""
    found = _piece_or_404(number)
    talk = found.peer
    form = PeerForm(obj=talk, data={"peer_learnt": talk.learnt} if talk else None)
    form.ask_as(_rules_or_404(), talk.peer if talk else "")
    if not form.validate_on_submit():
        return _ask_about_peer(form, found, 422 if form.is_submitted() else 200)
    try:
        service.reflect(viewer.id, number, form.talk())
    except CpdRefused as refused:
        form.say(refused.faults)
        return _ask_about_peer(form, found, 422)
    flash("Your peer reflection is kept.")
    return redirect(url_for("cpd_record.piece", number=number), code=303)


@blueprint.post("/my/cpd/<int:number>/peer/remove")
@requires(Action.KEEP_CPD_RECORD)
def remove_reflection(number: int) -> ResponseReturnValue:
    """Take the peer reflection off a piece."""
    _piece_or_404(number)
    service.remove_reflection(viewer.id, number)
    flash("The peer reflection is taken off.")
    return redirect(url_for("cpd_record.piece", number=number), code=303)


@blueprint.route("/my/cpd/<int:number>/remove", methods=["GET", "POST"])
@requires(Action.KEEP_CPD_RECORD)
def remove(number: int) -> ResponseReturnValue:
    """Take a piece off my record, after a question."""
    found = _piece_or_404(number)
    form = Form()
    if not form.validate_on_submit():
        page = render_template("study/regulator/remove.html", row=row_of(found), form=form)
        return page, 422 if form.is_submitted() else 200
    service.remove_piece(viewer.id, number)
    flash("The piece is taken off your record.")
    return redirect(url_for("cpd_record.mine"), code=303)


@blueprint.post("/my/cpd/<int:number>/share")
@requires(Action.KEEP_CPD_RECORD)
def share(number: int) -> ResponseReturnValue:
    """Let my line manager read a piece."""
    _piece_or_404(number)
    try:
        service.share(viewer.id, number)
    except CpdRefused as refused:
        reasons = [FAULTS[each] for each in refused.faults]
        page = render_template("study/refused.html", reasons=reasons, back=f"/my/cpd/{number}", back_to="The piece")
        return page, 409
    flash("Your line manager can read it now. You can take that back at any time.")
    return redirect(url_for("cpd_record.piece", number=number), code=303)


@blueprint.post("/my/cpd/<int:number>/unshare")
@requires(Action.KEEP_CPD_RECORD)
def unshare(number: int) -> ResponseReturnValue:
    """Make a piece private again."""
    _piece_or_404(number)
    service.unshare(viewer.id, number)
    flash("Only you can read it now.")
    return redirect(url_for("cpd_record.piece", number=number), code=303)


@blueprint.get("/my/cpd/<year>.csv")
@requires(Action.KEEP_CPD_RECORD)
def as_table(year: str) -> ResponseReturnValue:
    """The finished pieces of a year, for a spreadsheet."""
    standing, rules = _year_or_404(year)
    return _file(cpd_csv(_finished(standing), rules), "text/csv; charset=utf-8", standing, "csv")


@blueprint.get("/my/cpd/<year>.pdf")
@requires(Action.KEEP_CPD_RECORD)
def as_paper(year: str) -> ResponseReturnValue:
    """The finished pieces of a year, to print."""
    standing, rules = _year_or_404(year)
    return _file(cpd_pdf(_finished(standing), rules, standing.year, viewer.name), "application/pdf", standing, "pdf")


@blueprint.get("/team/cpd")
@requires(Action.SEE_TEAM)
def shared_with_me() -> ResponseReturnValue:
    """The pieces that those whom I manage have shared with me; what they have not shared I know nothing of."""
    shared = reading.shared_with(viewer.id, viewer.organisation_id) if viewer.is_manager else []
    rows = [(each.person, row_of(each.piece)) for each in shared]
    return render_template("study/regulator/team.html", rows=rows)


@blueprint.get("/people/<int:person_id>/cpd/<int:number>")
@requires(Action.SEE_TEAM)
def shared_piece(person_id: int, number: int) -> ResponseReturnValue:
    """A piece that was shared with me."""
    shared = reading.find_shared(viewer.id, viewer.organisation_id, person_id, number)
    rules = reading.rules_of(viewer.organisation_id)
    if shared is None or rules is None:
        abort(404)
    answers = answers_of(shared.piece, rules)
    return render_template(
        "study/regulator/shared.html", person=shared.person, row=row_of(shared.piece), answers=answers
    )


def _shown(standing: Standing) -> YearShown:
    """Put a year into words as of today."""
    today = clock.today()
    return year_shown(standing, standing.year.window_on(today), standing.year.days_left(today))


def _rules_or_404() -> CpdRules:
    """Return the rule set that the viewer's record follows."""
    rules = reading.rules_of(viewer.organisation_id)
    if rules is None:
        abort(404)
    return rules


def _piece_or_404(number: int) -> Piece:
    """Return one of the viewer's own pieces."""
    found = reading.find_piece(viewer.id, number)
    if found is None:
        abort(404)
    return found


def _year_or_404(year: str) -> tuple[Standing, CpdRules]:
    """Return the viewer's year that begins on a day."""
    page: MyCpd = reading.my_cpd(viewer.id)
    found = next((each for each in page.years if each.year.first_day.isoformat() == year), None)
    if found is None or page.rules is None:
        abort(404)
    return found, page.rules


def _finished(standing: Standing) -> list[Piece]:
    """List the finished pieces of a year, the earliest first."""
    finished = (each for each in standing.pieces if each.is_finished)
    return sorted(finished, key=lambda each: (each.said.happened_on, each.number))


def _show(number: int) -> ResponseReturnValue:
    """Render one of the viewer's pieces."""
    page = reading.my_cpd(viewer.id)
    found = next((each for each in page.pieces if each.number == number), None)
    if found is None or page.rules is None:
        abort(404)
    standing = next(each for each in page.years if each.year.covers(found.said.happened_on))
    return render_template(
        "study/regulator/piece.html",
        piece=found,
        row=row_of(found, standing),
        answers=answers_of(found, page.rules),
        regulator=page.rules.title,
        reader=reading.name_of(found.shared_with_id),
        versions=reading.versions_of(viewer.id, number),
    )


def _ask(form: PieceForm, found: Piece | None, status: int) -> ResponseReturnValue:
    """Render the form of a piece, in the order of the regulator's form."""
    order = [each.field.value for each in _rules_or_404().form if each.field.value in form]
    row = row_of(found) if found else None
    return render_template("study/regulator/write.html", form=form, order=order, row=row), status


def _ask_about_peer(form: PeerForm, found: Piece, status: int) -> ResponseReturnValue:
    """Render the form of a peer reflection, with who counts as a peer."""
    return render_template("study/regulator/peer.html", form=form, piece=found, row=row_of(found)), status


def _file(content: bytes, kind: str, standing: Standing, ending: str) -> Response:
    """Answer with a file that is saved under a name without a person's."""
    disposition = f'attachment; filename="cpd-record-{standing.year.last_day.year}.{ending}"'
    return Response(content, content_type=kind, headers={"Content-Disposition": disposition})
