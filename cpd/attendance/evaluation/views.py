"""Pages of evaluations: giving one in four taps, and what they come to for Workforce Development and facilitators."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from cpd.attendance.evaluation import plots, results, service
from cpd.attendance.evaluation.forms import EvaluationForm, LaterForm, ResultsForm, person_id
from cpd.attendance.evaluation.results import Wanted
from cpd.attendance.evaluation.rules import Refusal, Used
from cpd.attendance.evaluation.service import Answer, Asked, EvaluationRefused
from cpd.attendance.views import blueprint
from cpd.shared.access import may, requires, viewer
from cpd.shared.pages import this_page
from cpd.shared.permissions import Action
from cpd.shared.wording import date_words


@blueprint.route("/sessions/<int:training_session_id>/evaluation", methods=["GET", "POST"])
@requires(Action.EVALUATE)
def evaluate(training_session_id: int) -> ResponseReturnValue:
    """Say what I think of a session that I attended, once and without my name."""
    form = EvaluationForm()
    try:
        asked = service.evaluation_asked(viewer.id, viewer.organisation_id, training_session_id)
    except LookupError:
        abort(404)
    if asked.refusal:
        return _refused(asked.refusal, asked)
    if not form.validate_on_submit():
        page = render_template("attendance/evaluation/give.html", asked=asked, form=form)
        return page, 422 if form.is_submitted() else 200
    try:
        service.give_evaluation(viewer.id, viewer.organisation_id, training_session_id, _answer(form))
    except EvaluationRefused as refused:  # in another tab, a moment ago
        return _refused(refused.reason, asked)
    done = f" {asked.module.full_title} is complete and stands on your record." if asked.counts_then else ""
    flash(f"Thank you. Your answers are kept without your name.{done}")
    return redirect(url_for("home.session_page", training_session_id=training_session_id), code=303)


@blueprint.route("/my/evaluations/<code>", methods=["GET", "POST"])
@requires(Action.EVALUATE)
def evaluate_later(code: str) -> ResponseReturnValue:
    """Say whether I have used what a programme taught, three months after it."""
    form = LaterForm()
    try:
        title, refusal = service.later_question(viewer.id, code)
    except LookupError:
        abort(404)
    if refusal:
        return _refused(refusal)
    if not form.validate_on_submit():
        page = render_template("attendance/evaluation/later.html", title=title, form=form)
        return page, 422 if form.is_submitted() else 200
    try:
        service.give_later_evaluation(viewer.id, code, Used(str(form.used.data)), form.example.data or "")
    except EvaluationRefused as refused:
        return _refused(refused.reason)
    flash("Thank you. Your answer is kept without your name.")
    return redirect(url_for("home.start"), code=303)


@blueprint.get("/evaluations")
@requires(Action.SEE_EVALUATIONS)
def evaluations() -> ResponseReturnValue:
    """What evaluations come to: all of the organisation's, or those of my own sessions."""
    form = ResultsForm()
    is_right = form.validate()
    page = results.results_page(_wanted(form if is_right else None), officer=_is_officer())
    form.offer(page.module_choices, page.facilitator_choices)
    return render_template(
        "attendance/evaluation/results.html",
        page=page,
        form=form,
        officer=_is_officer(),
        chosen=_chosen(form) if is_right else [],
        confidence=plots.confidence_plot(page.in_all),
        usefulness=plots.usefulness_plot(page.in_all),
        programmes=[(each, plots.uses_plot(each)) for each in page.programmes],
    ), 200 if is_right else 422


@blueprint.get("/evaluations.csv")
@requires(Action.SEE_EVALUATIONS)
def evaluations_as_table() -> ResponseReturnValue:
    """The same, a row for each session, for a spreadsheet."""
    form = ResultsForm()
    content = results.results_csv(results.results_of(_wanted(form if form.validate() else None)))
    disposition = 'attachment; filename="evaluations.csv"'
    return Response(content, content_type="text/csv; charset=utf-8", headers={"Content-Disposition": disposition})


def _is_officer() -> bool:
    """Say whether the viewer sees the results of all the organisation's sessions, and not only of her own."""
    return may(Action.CHANGE_TIMETABLE)


def _wanted(form: ResultsForm | None) -> Wanted:
    """Turn the filter into what is asked; without one, everything that the viewer may see."""
    mine = None if _is_officer() else viewer.id
    if form is None:
        return Wanted(viewer.organisation_id, mine)
    named = form.facilitator.data or ""
    chosen = person_id(named) if named else None
    return Wanted(
        viewer.organisation_id,
        chosen if _is_officer() else mine,
        form.module.data or "",
        form.since.data,
        form.until.data,
    )


def _chosen(form: ResultsForm) -> list[dict[str, str]]:
    """List what the filter leaves out, each with the address of the page without it."""
    texts = {}
    boxes: tuple[Any, ...] = (form.module, form.facilitator)
    for box in boxes:
        words = {str(each.value): str(each.label) for each in box.choices}
        texts[box.name] = words.get(box.data, box.data) if box.data else ""
    dates: tuple[tuple[Any, str], ...] = ((form.since, "From"), (form.until, "Until"))
    for box, before in dates:
        texts[box.name] = f"{before} {date_words(box.data)}" if box.data else ""
    return [{"text": text, "href": this_page(**{name: None})} for name, text in texts.items() if text]


def _refused(reason: Refusal, asked: Asked | None = None) -> ResponseReturnValue:
    """Say why an evaluation is not taken."""
    return render_template("attendance/evaluation/refused.html", reason=reason, asked=asked), 409


def _answer(form: EvaluationForm) -> Answer:
    """Turn what was tapped into values."""
    before, after, usefulness = (
        int(str(tap.data)) for tap in (form.confidence_before, form.confidence_after, form.usefulness)
    )
    return Answer(before, after, usefulness, form.will_change.data or "")
