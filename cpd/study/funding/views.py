"""Pages of funding outside the pathway: for whoever asks, for her manager, and for the Assistant Director (W-13)."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cpd.people import service as people
from cpd.shared import clock
from cpd.shared.access import requires, viewer
from cpd.shared.forms import Form
from cpd.shared.kept_files import give_out, takes_files
from cpd.shared.permissions import Action
from cpd.study.funding import reading, service
from cpd.study.funding.forms import AskForFundingForm, DecideFundingForm, FundingCommentForm, NotHeldForm
from cpd.study.funding.reading import RequestFacts
from cpd.study.funding.rules import OF_FIELDS
from cpd.study.funding.service import FundingRefused
from cpd.study.funding.wording import FAULTS
from cpd.study.seen import ours_or_404, own_or_404, team_or_404

blueprint = Blueprint("funding", __name__)


@blueprint.get("/my/funding")
@requires(Action.ASK_FOR_FUNDING)
def mine() -> ResponseReturnValue:
    """What I have asked for, and how to ask."""
    terms = service.terms_of(viewer.organisation_id)
    return render_template("study/funding/mine.html", terms=terms, requests=reading.requests_of(viewer.id))


@blueprint.route("/my/funding/ask", methods=["GET", "POST"])
@requires(Action.ASK_FOR_FUNDING)
@takes_files
def ask() -> ResponseReturnValue:
    """Ask for the cost of training outside the pathway."""
    terms = service.terms_of(viewer.organisation_id)
    if terms is None:
        abort(404)
    form = AskForFundingForm()
    if not form.validate_on_submit():
        page = render_template("study/funding/ask.html", form=form, terms=terms)
        return page, 422 if form.is_submitted() else 200
    try:
        request_id = service.ask(viewer.id, form.wanted(), form.leaflet.sent)
    except FundingRefused as refused:
        form.say(refused.faults)
        status = 422 if OF_FIELDS.issuperset(refused.faults) else 409
        return render_template("study/funding/ask.html", form=form, terms=terms), status
    flash("Your request is sent in. You are told what is decided.")
    return redirect(url_for("funding.my_request", request_id=request_id), code=303)


@blueprint.get("/my/funding/<int:request_id>")
@requires(Action.ASK_FOR_FUNDING)
def my_request(request_id: int) -> ResponseReturnValue:
    """One of my requests: how it stands, and what was decided and why."""
    asked, not_held = _mine_or_404(request_id), reading.not_held(request_id)
    return render_template("study/funding/one.html", asked=asked, not_held=not_held, today=clock.today())


@blueprint.get("/my/funding/<int:request_id>/file")
@requires(Action.ASK_FOR_FUNDING)
def my_file(request_id: int) -> ResponseReturnValue:
    """The file that I sent with it."""
    return _give_out(_mine_or_404(request_id))


@blueprint.route("/my/funding/<int:request_id>/withdraw", methods=["GET", "POST"])
@requires(Action.ASK_FOR_FUNDING)
def withdraw(request_id: int) -> ResponseReturnValue:
    """Withdraw one of my requests, approved or not."""
    asked = _mine_or_404(request_id)
    form = Form()
    if not form.validate_on_submit():
        page = render_template("study/funding/withdraw.html", asked=asked, form=form)
        return page, 422 if form.is_submitted() else 200
    try:
        service.withdraw(request_id, by=viewer.id)
    except FundingRefused as refused:
        return _refuse(refused, f"/my/funding/{request_id}", "Your request")
    flash("Your request is withdrawn.")
    return redirect(url_for("funding.mine"), code=303)


@blueprint.get("/team/funding")
@requires(Action.COMMENT_ON_APPLICATIONS)
def team() -> ResponseReturnValue:
    """What those whom I manage have asked for, first what waits for my comment."""
    staff = people.team_of(viewer.id, viewer.organisation_id, clock.today())
    found = reading.team_requests([each.id for each in staff if each.id != viewer.id])
    return render_template("study/funding/team.html", requests=found, manages=bool(staff))


@blueprint.route("/team/funding/<int:request_id>", methods=["GET", "POST"])
@requires(Action.COMMENT_ON_APPLICATIONS)
def comment(request_id: int) -> ResponseReturnValue:
    """A request of somebody in my team, and my comment on it."""
    asked = _team_or_404(request_id)
    form = FundingCommentForm()
    if not form.validate_on_submit():
        return _show(asked, form, "comment", 422 if form.is_submitted() else 200)
    try:
        service.comment(request_id, form.comment.data or "", supports=form.supports.data == "yes", by=viewer.id)
    except FundingRefused as refused:
        return _show(_team_or_404(request_id), _with_reasons(form, refused), "comment", 409)
    flash(f"Your comment on the request of {asked.person} is sent.")
    return redirect(url_for("funding.team"), code=303)


@blueprint.get("/team/funding/<int:request_id>/file")
@requires(Action.COMMENT_ON_APPLICATIONS)
def team_file(request_id: int) -> ResponseReturnValue:
    """The file that somebody in my team sent with it."""
    return _give_out(_team_or_404(request_id))


@blueprint.get("/funding")
@requires(Action.DECIDE_FUNDING)
def queue() -> ResponseReturnValue:
    """What is to be decided, what each financial year costs, and what was decided."""
    return render_template(
        "study/funding/queue.html",
        terms=service.terms_of(viewer.organisation_id),
        undecided=reading.undecided_requests(viewer.organisation_id),
        totals=reading.totals_of(viewer.organisation_id),
        decided=reading.decided_page(viewer.organisation_id, request.args.get("page", 1, int)),
    )


@blueprint.route("/funding/<int:request_id>", methods=["GET", "POST"])
@requires(Action.DECIDE_FUNDING)
def decide(request_id: int) -> ResponseReturnValue:
    """One request, and the decision on it."""
    asked = _ours_or_404(request_id)
    form = DecideFundingForm()
    if not form.validate_on_submit():
        return _show(asked, form, "decide", 422 if form.is_submitted() else 200)
    try:
        approved = form.decision.data == "approve"
        service.decide(request_id, approved=approved, reasons=form.reasons.data or "", by=viewer.id)
    except FundingRefused as refused:
        return _show(_ours_or_404(request_id), _with_reasons(form, refused), "decide", 409)
    flash(f"{'Approved' if approved else 'Declined'}. {asked.person} is told why.")
    return redirect(url_for("funding.queue"), code=303)


@blueprint.route("/funding/<int:request_id>/not-held", methods=["GET", "POST"])
@requires(Action.DECIDE_FUNDING)
def not_held(request_id: int) -> ResponseReturnValue:
    """Approved training did not take place: why, and it costs nothing any more."""
    asked = _ours_or_404(request_id)
    form = NotHeldForm()
    if not form.validate_on_submit():
        return _show(asked, form, "not_held", 422 if form.is_submitted() else 200)
    try:
        service.say_not_held(request_id, reason=form.reason.data or "", by=viewer.id)
    except FundingRefused as refused:
        return _show(_ours_or_404(request_id), _with_reasons(form, refused), "not_held", 409)
    flash(f"It is written down, and costs nothing any more. {asked.person} is told why.")
    return redirect(url_for("funding.queue"), code=303)


@blueprint.get("/funding/<int:request_id>/file")
@requires(Action.DECIDE_FUNDING)
def file(request_id: int) -> ResponseReturnValue:
    """The file that somebody sent with it."""
    return _give_out(_ours_or_404(request_id))


def _mine_or_404(request_id: int) -> RequestFacts:
    """Return one of the viewer's own requests."""
    return own_or_404(reading.find_request(request_id))


def _team_or_404(request_id: int) -> RequestFacts:
    """Return a request of somebody whom the viewer manages today."""
    return team_or_404(reading.find_request(request_id))


def _ours_or_404(request_id: int) -> RequestFacts:
    """Return a request in the viewer's organisation."""
    return ours_or_404(reading.find_request(request_id))


def _show(asked: RequestFacts, form: Form, page: str, status: int) -> ResponseReturnValue:
    """Render one request with a form; what was typed stays in it, whatever was refused."""
    said = reading.not_held(asked.id)
    return render_template(f"study/funding/{page}.html", asked=asked, form=form, not_held=said), status


def _with_reasons(form: Form, refused: FundingRefused) -> Form:
    """Put the reasons why nothing was done at the head of what was typed."""
    form.form_errors.extend(FAULTS[fault] for fault in refused.faults)
    return form


def _give_out(asked: RequestFacts) -> ResponseReturnValue:
    """Answer with the file of a request."""
    return give_out(asked.stored_as, asked.filename, asked.media_type)


def _refuse(refused: FundingRefused, back: str, back_to: str) -> ResponseReturnValue:
    """Say every reason why nothing was done, and what to do instead."""
    reasons = [FAULTS[fault] for fault in refused.faults]
    return render_template("study/refused.html", reasons=reasons, back=back, back_to=back_to), 409
