"""My requests to progress: asking, following, withdrawing, and my letters; and my team's, to read only."""

from __future__ import annotations

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cpd.people import service as people
from cpd.progression.pathways import reading as pathways
from cpd.progression.pathways.showing import ShownTransition, shown_progress
from cpd.progression.requests import letters, reading, service
from cpd.progression.requests.forms import AskForm, WithdrawForm
from cpd.progression.requests.raising import Prospect
from cpd.progression.requests.reading import Letter, RequestFacts
from cpd.progression.requests.rules import RequestFault
from cpd.progression.requests.service import RequestRefused
from cpd.progression.requests.showing import shown_request
from cpd.progression.requests.wording import FAULTS
from cpd.progression.vacancies import service as vacancies
from cpd.shared import clock
from cpd.shared.access import requires, viewer
from cpd.shared.permissions import Action
from cpd.study.seen import own_or_404, team_or_404

blueprint = Blueprint("requests", __name__)


@blueprint.get("/my/progress/requests")
@requires(Action.ASK_TO_PROGRESS)
def mine() -> ResponseReturnValue:
    """What I have asked for, how far each is, and my letters."""
    found = [shown_request(each) for each in reading.requests_of([viewer.id])]
    return render_template("progression/requests/mine.html", requests=found)


@blueprint.route("/my/progress/ask/<transition_code>", methods=["GET", "POST"])
@requires(Action.ASK_TO_PROGRESS)
def ask(transition_code: str) -> ResponseReturnValue:
    """Check where I stand to a step, line by line, and ask to go on by it; or see what is missing first."""
    prospect = service.prospect_of(viewer.id, transition_code)
    if prospect.standing is None:
        return _refuse(prospect.faults)
    form = _ask_form(prospect)
    if prospect.faults or not form.validate_on_submit():
        status = 409 if prospect.faults and form.is_submitted() else 422 if form.is_submitted() else 200
        return _show_asking(prospect, form, status)
    try:
        request_id = service.ask(viewer.id, transition_code, vacancy_id=form.vacancy_id, words=form.words.data or "")
    except RequestRefused as refused:
        form.say(refused.faults, refused.more)
        return _show_asking(service.prospect_of(viewer.id, transition_code), form, 409)
    flash("You have asked to progress. This page shows who decides now; you are told of each letter.")
    return redirect(url_for("requests.my_request", request_id=request_id), code=303)


@blueprint.get("/my/progress/requests/<int:request_id>")
@requires(Action.ASK_TO_PROGRESS)
def my_request(request_id: int) -> ResponseReturnValue:
    """One of my requests: where it is, who has it since when, and what was decided."""
    found = _mine_or_404(request_id)
    return render_template("progression/requests/one.html", page=shown_request(found), today=clock.today())


@blueprint.route("/my/progress/requests/<int:request_id>/withdraw", methods=["GET", "POST"])
@requires(Action.ASK_TO_PROGRESS)
def withdraw(request_id: int) -> ResponseReturnValue:
    """Withdraw one of my requests, until the change is made."""
    found = _mine_or_404(request_id)
    form = WithdrawForm()
    if found.is_reversal:
        abort(404)
    if not form.validate_on_submit():
        page = render_template("progression/requests/withdraw.html", page=shown_request(found), form=form)
        return page, 422 if form.is_submitted() else 200
    try:
        service.withdraw(request_id, reason=form.reasons.data or "", by=viewer.id)
    except RequestRefused as refused:
        return _refuse(refused.faults, f"/my/progress/requests/{request_id}", "Your request")
    flash("Your request is withdrawn. You can ask again whenever you like.")
    return redirect(url_for("requests.mine"), code=303)


@blueprint.get("/my/progress/requests/<int:request_id>/letters/<int:number>")
@requires(Action.ASK_TO_PROGRESS)
def my_letter(request_id: int, number: int) -> ResponseReturnValue:
    """A letter to me."""
    _mine_or_404(request_id)
    return show_letter(_letter_or_404(request_id, number), f"/my/progress/requests/{request_id}", "Your request")


@blueprint.get("/my/progress/requests/<int:request_id>/letters/<int:number>.pdf")
@requires(Action.ASK_TO_PROGRESS)
def my_letter_as_pdf(request_id: int, number: int) -> ResponseReturnValue:
    """A letter to me on paper."""
    _mine_or_404(request_id)
    return give_letter(_letter_or_404(request_id, number))


@blueprint.get("/team/requests")
@requires(Action.SEE_TEAM)
def team() -> ResponseReturnValue:
    """What my team has asked for: to read only, there is nothing that I have to do (W-7, W-10)."""
    staff = people.team_of(viewer.id, viewer.organisation_id, clock.today()) if viewer.is_manager else []
    found = reading.requests_of([each.id for each in staff if each.id != viewer.id])
    requests = [shown_request(each) for each in found]
    return render_template("progression/requests/team.html", requests=requests, manages=bool(staff))


@blueprint.get("/team/requests/<int:request_id>")
@requires(Action.SEE_TEAM)
def team_request(request_id: int) -> ResponseReturnValue:
    """A request of somebody in my team, to read only."""
    found = team_or_404(reading.find_request(request_id))
    return render_template("progression/requests/team_one.html", page=shown_request(found))


@blueprint.get("/team/requests/<int:request_id>/letters/<int:number>")
@requires(Action.SEE_TEAM)
def team_letter(request_id: int, number: int) -> ResponseReturnValue:
    """A letter to somebody in my team."""
    team_or_404(reading.find_request(request_id))
    return show_letter(_letter_or_404(request_id, number), f"/team/requests/{request_id}", "The request")


@blueprint.get("/team/requests/<int:request_id>/letters/<int:number>.pdf")
@requires(Action.SEE_TEAM)
def team_letter_as_pdf(request_id: int, number: int) -> ResponseReturnValue:
    """A letter to somebody in my team on paper."""
    team_or_404(reading.find_request(request_id))
    return give_letter(_letter_or_404(request_id, number))


def show_letter(letter: Letter, back: str, back_to: str) -> ResponseReturnValue:
    """Render a letter from nothing but what was frozen."""
    pdf = f"{back}/letters/{letter.number}.pdf"
    return render_template(
        "progression/requests/letter.html",
        letter=letter.facts,
        sha256=letter.sha256,
        pdf=pdf,
        back=back,
        back_to=back_to,
    )


def give_letter(letter: Letter) -> ResponseReturnValue:
    """Answer with a letter as a tagged PDF."""
    answer = Response(letters.letter_pdf(letter.facts, letter.sha256), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="decision-{letter.request_id}-{letter.number}.pdf"'
    return answer


def _ask_form(prospect: Prospect) -> AskForm:
    """Make the form for asking; for a vacancy with those that are open."""
    form = AskForm()
    post = prospect.found.post
    if not prospect.is_for_a_vacancy or post is None or prospect.standing is None:
        form.offer(None)
        return form
    found = vacancies.open_vacancies(post.organisation_id, prospect.standing.transition.to_level)
    form.offer((each.id, f"{each.title}, {each.service}, {each.fte_words} FTE") for each in found)
    if not form.is_submitted():
        form.choose(request.args.get("vacancy", type=int))
    return form


def _show_asking(prospect: Prospect, form: AskForm, status: int) -> ResponseReturnValue:
    """Render the check page; who cannot ask yet sees what is missing, and where to go on."""
    step = _step_of(prospect)
    reasons = [FAULTS[fault] for fault in prospect.faults]
    is_to_do = RequestFault.STILL_TO_DO in prospect.faults
    has_vacancies = not prospect.is_for_a_vacancy or bool(form.vacancy.choices)
    page = render_template(
        "progression/requests/ask.html",
        step=step,
        form=form,
        reasons=reasons,
        is_to_do=is_to_do,
        live_id=prospect.live_id,
        has_vacancies=has_vacancies,
    )
    return page, status


def _step_of(prospect: Prospect) -> ShownTransition:
    """Show how she stands to the step that she asks for."""
    in_force = pathways.newest_version(viewer.organisation_id)
    shown = shown_progress(prospect.found, is_own=True, in_force=in_force)
    code = prospect.standing.transition.code if prospect.standing else ""
    return next(each for each in shown.transitions if each.code == code)


def _mine_or_404(request_id: int) -> RequestFacts:
    """Return one of the viewer's own requests."""
    return own_or_404(reading.find_request(request_id))


def _letter_or_404(request_id: int, number: int) -> Letter:
    """Return a letter of a request."""
    return reading.find_letter(request_id, number) or abort(404)


def _refuse(
    faults: list[RequestFault], back: str = "/my/progress", back_to: str = "My progress"
) -> ResponseReturnValue:
    """Say every reason why nothing was done, and where to go on."""
    reasons = [FAULTS[fault] for fault in faults]
    return render_template("study/refused.html", reasons=reasons, back=back, back_to=back_to), 409
