"""Pages for whoever decides on requests to progress: what waits for her, each request, and the change itself."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cpd.catalogue import service as catalogue
from cpd.progression.panels import reading as panels
from cpd.progression.panels.access import sees
from cpd.progression.panels.case_facts import CaseFacts
from cpd.progression.panels.linked import ways_with
from cpd.progression.panels.wording import OUTCOMES
from cpd.progression.pathways.terms import terms_of
from cpd.progression.pathways.words import number
from cpd.progression.requests import reading, service
from cpd.progression.requests.covering import Seats
from cpd.progression.requests.forms import (
    DecideRequestForm,
    DeclineForm,
    EnactForm,
    QueueForm,
    RequestForm,
    ReversalForm,
)
from cpd.progression.requests.reading import RequestFacts
from cpd.progression.requests.rules import REVERSERS, RequestFault, seat_about
from cpd.progression.requests.service import RequestRefused
from cpd.progression.requests.showing import shown_request
from cpd.progression.requests.views import blueprint, give_letter, show_letter
from cpd.progression.requests.wording import FAULTS, post_words, role_words, who_words
from cpd.progression.vacancies import service as vacancies
from cpd.schemes.pathway_shape import StepKind, TransitionMode
from cpd.shared import clock
from cpd.shared.access import may, requires, viewer
from cpd.shared.pages import this_page
from cpd.shared.permissions import Action
from cpd.study.seen import ours_or_404


@blueprint.get("/progression/requests")
@requires(Action.DECIDE_ON_PROGRESS)
def queue() -> ResponseReturnValue:
    """What waits for me, the oldest first; for those who look after progression also what is under way and decided."""
    seats = _seats()
    sees_all = may(Action.SEE_PROGRESS)
    form = QueueForm()
    form.offer(reading.transitions_of(viewer.organisation_id))
    page = reading.page_of_requests(
        viewer.organisation_id,
        form.chosen,
        request.args.get("page", 1, int),
        decided_by=None if sees_all else viewer.id,
    )
    stuck = service.roles_without_anybody(viewer.organisation_id, clock.today()) if may(Action.KEEP_PATHWAYS) else {}
    return render_template(
        "progression/requests/queue.html",
        waiting=[shown_request(each) for each in reading.waiting_for(viewer.id, viewer.organisation_id, seats)],
        others=[shown_request(each) for each in page.requests if each.person_id != viewer.id],
        page=page,
        form=form,
        chosen=[{"text": words, "href": this_page(**{name: None})} for name, words in form.chosen_words],
        sees_all=sees_all,
        sums=[(each, who_words(each.where)) for each in reading.sums_of(viewer.organisation_id)] if sees_all else [],
        ceilings=vacancies.ceilings_of(viewer.organisation_id) if sees_all else [],
        stuck=[(role_words(role), names) for role, names in stuck.items()],
        stands_in=[role_words(role) for role, held in seats.items() if held[0].cover_id],
    )


@blueprint.route("/progression/requests/<int:request_id>", methods=["GET", "POST"])
@requires(Action.DECIDE_ON_PROGRESS)
def one(request_id: int) -> ResponseReturnValue:
    """One request: what it rests on, what was decided, and the decision that waits for me."""
    found = reading.find_request(request_id)
    if found is not None and found.person_id == viewer.id:
        return redirect(url_for("requests.my_request", request_id=request_id))
    found = _readable_or_404(found)
    form = DecideRequestForm()
    if not form.validate_on_submit():
        return _show(found, form, 422 if form.is_submitted() else 200)
    approved = form.decision.data == "approve"
    try:
        service.decide(request_id, approved=approved, reasons=form.reasons.data or "", by=viewer.id)
    except RequestRefused as refused:
        form.say(refused.faults, refused.more)
        return _show(_readable_or_404(reading.find_request(request_id)), form, 409)
    flash(f"{'Approved' if approved else 'Declined'}. {found.person} is told{'' if approved else ' and has a letter'}.")
    return redirect(url_for("requests.queue"), code=303)


@blueprint.route("/progression/requests/<int:request_id>/enact", methods=["GET", "POST"])
@requires(Action.DECIDE_ON_PROGRESS)
def enact(request_id: int) -> ResponseReturnValue:
    """Make the change: what is before and what is after, and from which day."""
    found = _readable_or_404(reading.find_request(request_id))
    form = _enact_form(found)
    if not form.validate_on_submit():
        return _show_enacting(found, form, 422 if form.is_submitted() else 200)
    on = form.effective_on.data
    assert on is not None  # noqa: S101 - it is required
    try:
        service.enact(
            request_id, effective_on=on, by=viewer.id, reasons=form.reasons.data or "", vacancy_id=form.vacancy_id
        )
    except RequestRefused as refused:
        form.say(refused.faults, refused.more)
        return _show_enacting(_readable_or_404(reading.find_request(request_id)), form, 409)
    flash(f"The change is made. {found.person} has a letter, and HR finds it in the export.")
    return redirect(url_for("requests.one", request_id=request_id), code=303)


@blueprint.route("/progression/requests/<int:request_id>/decline", methods=["GET", "POST"])
@requires(Action.DECIDE_ON_PROGRESS)
def decline(request_id: int) -> ResponseReturnValue:
    """Do not make the change, for reasons."""
    found = _readable_or_404(reading.find_request(request_id))
    form = DeclineForm()
    if not form.validate_on_submit():
        page = render_template("progression/requests/decline.html", page=shown_request(found), form=form)
        return page, 422 if form.is_submitted() else 200
    try:
        service.decide(request_id, approved=False, reasons=form.reasons.data or "", by=viewer.id)
    except RequestRefused as refused:
        form.say(refused.faults, refused.more)
        return render_template("progression/requests/decline.html", page=shown_request(found), form=form), 409
    flash(f"The change is not made. {found.person} has a letter with your reasons.")
    return redirect(url_for("requests.queue"), code=303)


@blueprint.route("/progression/requests/<int:request_id>/take-back", methods=["GET", "POST"])
@requires(Action.SEE_PROGRESS)
def take_back(request_id: int) -> ResponseReturnValue:
    """Ask that a change that was made be taken back, by a decision of its own."""
    found = _readable_or_404(reading.find_request(request_id))
    form = ReversalForm()
    if not form.validate_on_submit():
        page = render_template("progression/requests/take_back.html", page=shown_request(found), form=form)
        return page, 422 if form.is_submitted() else 200
    try:
        back_id = service.ask_for_reversal(request_id, reasons=form.reasons.data or "", by=viewer.id)
    except RequestRefused as refused:
        form.say(refused.faults, refused.more)
        return render_template("progression/requests/take_back.html", page=shown_request(found), form=form), 409
    flash("It is asked for. Nothing changes until it is approved and made.")
    return redirect(url_for("requests.one", request_id=back_id), code=303)


@blueprint.get("/progression/requests/<int:request_id>/letters/<int:number_>")
@requires(Action.DECIDE_ON_PROGRESS)
def letter(request_id: int, number_: int) -> ResponseReturnValue:
    """A letter of a request that I may read."""
    _readable_or_404(reading.find_request(request_id))
    found = reading.find_letter(request_id, number_) or abort(404)
    return show_letter(found, f"/progression/requests/{request_id}", "The request")


@blueprint.get("/progression/requests/<int:request_id>/letters/<int:number_>.pdf")
@requires(Action.DECIDE_ON_PROGRESS)
def letter_as_pdf(request_id: int, number_: int) -> ResponseReturnValue:
    """A letter of a request that I may read, on paper."""
    _readable_or_404(reading.find_request(request_id))
    return give_letter(reading.find_letter(request_id, number_) or abort(404))


def _seats() -> Seats:
    """Return in which roles the viewer decides today."""
    return service.seats_of(viewer.id, viewer.organisation_id, viewer.roles, clock.today())


def _readable_or_404(found: RequestFacts | None) -> RequestFacts:
    """Return a request of somebody else's for those who look after progression, decide on it, or have decided on it."""
    found = ours_or_404(found)
    if found.person_id == viewer.id:
        abort(404)
    decides = any(step.role in _seats() for step in found.steps)
    if not (may(Action.SEE_PROGRESS) or decides or reading.has_decided_on(viewer.id, found.id)):
        abort(404)
    return found


def _show(found: RequestFacts, form: RequestForm, status: int) -> ResponseReturnValue:
    """Render one request with what the viewer can do about it."""
    turn = found.turn
    seats = _seats().get(turn.role, ()) if turn and turn.role else ()
    is_hers = seat_about(seats, found.person_id) is not None
    is_approval = is_hers and turn is not None and turn.step_kind is StepKind.APPROVAL
    is_kept_out = is_approval and viewer.id in reading.who_cannot_approve(found)
    asked_for_it = found.is_reversal and viewer.id == found.requested_by_id
    why_not = FAULTS[RequestFault.ASKED_FOR_IT if asked_for_it else RequestFault.DECLINED_BEFORE] if is_kept_out else ""
    again = service.look_again(found, found.standing, clock.today()) if found.is_open else None
    made = found.enactment
    page = render_template(
        "progression/requests/decide.html",
        page=shown_request(found),
        form=form,
        approves=is_approval and not is_kept_out,
        why_not=why_not,
        enacts=is_hers and turn is not None and turn.step_kind is StepKind.ENACTMENT,
        again=again,
        change=_change_words(found) if found.is_open else (),
        judged=_judged(found) if found.is_open else (),
        OUTCOMES=OUTCOMES,
        role_words=role_words,
        may_take_back=made is not None
        and not made.is_reversed
        and not found.is_reversal
        and not viewer.roles.isdisjoint(REVERSERS),
    )
    return page, status


def _judged(found: RequestFacts) -> list[tuple[CaseFacts, bool]]:
    """List what panels outside its steps decided that its criteria ask for, and whether the viewer sees the case."""
    terms = terms_of(catalogue.schemes_by_id([found.scheme_version_id])[found.scheme_version_id])
    own = {each.panel_code for each in found.steps}
    return [
        (case, sees(case, viewer))
        for case in panels.cases_of_person(found.person_id)
        if case.decision and case.panel_code not in own
        if any(way.transition.code == found.transition_code for way in ways_with(case.panel_code, terms))
    ]


def _enact_form(found: RequestFacts) -> EnactForm:
    """Make the form for the change; into a vacancy with those that are open."""
    form = EnactForm()
    if found.transition_mode != TransitionMode.VACANCY or found.is_reversal:
        form.offer(None, None)
        return form
    open_ = vacancies.open_vacancies(found.organisation_id, found.to_level)
    form.offer([(each.id, f"{each.title}, {each.service}, {each.fte_words} FTE") for each in open_], found.vacancy_id)
    return form


def _show_enacting(found: RequestFacts, form: EnactForm, status: int) -> ResponseReturnValue:
    """Render the page of the change."""
    again = service.look_again(found, found.standing, clock.today()) if found.is_open else None
    page = render_template(
        "progression/requests/enact.html",
        page=shown_request(found),
        form=form,
        change=_change_words(found),
        again=again,
        today=clock.today(),
    )
    return page, status


def _change_words(found: RequestFacts) -> tuple[str, str] | tuple[()]:
    """Say what the post is before the change and what it is after; nothing where there is no post today."""
    change = service.before_and_after(found.id, clock.today())
    if change is None:
        return ()
    fte = number(change.fte)
    title = found.from_title if change.from_level == found.from_level else change.from_level
    return post_words(title, change.from_grade, fte), post_words(found.to_title, change.to_grade, fte)
