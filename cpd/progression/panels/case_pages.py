"""Pages of cases: for members who judge them, for whoever looks after them or writes them down, and for the person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cpd.progression.panels import access, reading, service
from cpd.progression.panels.case_facts import CaseFacts
from cpd.progression.panels.forms import (
    ChooseMeetingForm,
    DecideForm,
    InterestForm,
    OwnReasonForm,
    PanelForm,
    ReasonForm,
    RecommendForm,
    RevealForm,
    SomebodysInterestForm,
)
from cpd.progression.panels.rules import Sitter, outcomes_to_choose
from cpd.progression.panels.service import Decision, PanelRefused
from cpd.progression.panels.showing import as_it_was, evidence_of, portfolio_ids
from cpd.progression.panels.views import WORDS, blueprint
from cpd.progression.panels.wording import day_off_words, duty_of, found_words, next_step, when_words
from cpd.progression.pathways.words import role_name
from cpd.progression.portfolios import reading as portfolios
from cpd.progression.portfolios.looking import looked_through_at
from cpd.schemes.pathway_shape import PanelKind, PanelOutcome, Recording
from cpd.shared import clock
from cpd.shared.access import requires, viewer
from cpd.shared.kept_files import give_out
from cpd.shared.permissions import Action
from cpd.shared.wording import day_words

SHOWN_BACK = timedelta(days=183)
"""So long back my own cases stay listed."""


@blueprint.get("/progression/my-cases")
@requires(Action.JUDGE_CASES)
def my_cases() -> ResponseReturnValue:
    """My cases: what I must do first, then the next meetings, then what was decided."""
    today = clock.today()
    cases = reading.cases_to_judge(viewer.id, viewer.organisation_id, viewer.roles)
    mine = [each for each in cases if access.judges_or_writes(each, viewer)]
    hidden = {each.id for each in cases if each.is_open and each.conflicts(viewer.id) and each.person_id != viewer.id}
    seats = [each for each in reading.seats_here(viewer.organisation_id) if each.person_id == viewer.id]
    waiting = [each for each in mine if reading.waits_for(each, viewer.id, viewer.roles) or _to_decide(each)]
    ahead = [each for each in mine if each.is_open and each not in waiting]
    days = [each.meeting.on for each in ahead if each.meeting and each.meeting.on >= today]
    return render_template(
        "progression/panels/my_cases.html",
        waiting=waiting,
        ahead=ahead,
        next_day=day_words(min(days)) if days else "",
        next_number=days.count(min(days)) if days else 0,
        decided=[each for each in reversed(mine) if each.decision],
        hidden=len(hidden),
        meetings=[each for each in reading.meetings_to_come(viewer.id) if not each.is_cancelled],
        titles={code: each.title for code, each in reading.panels_of(viewer.organisation_id).items()},
        seats=[each for each in seats if each.is_held_on(today)],
        duty=lambda each: duty_of(each, viewer.id),
        **WORDS,
    )


@blueprint.get("/progression/cases/<int:case_id>")
@requires(Action.JUDGE_CASES)
def case(case_id: int) -> ResponseReturnValue:
    """One case: where she stands, what she handed in, what was decided before, and what I can do."""
    found = _seen_or_404(case_id)
    sees_evidence = access.sees_evidence(found, viewer)
    return render_template(
        "progression/panels/case.html",
        case=found,
        evidence=evidence_of(found) if sees_evidence else None,
        as_it_was=as_it_was(found) if sees_evidence else None,
        judged=found.decision is not None and viewer.id in {each.person_id for each in found.decision.judges},
        mine=next((each for each in found.recommendations if each.person_id == viewer.id), None),
        may_recommend=access.may_recommend(found, viewer),
        may_reveal=access.may_reveal(found, viewer),
        may_decide=access.may_decide(found, viewer),
        may_decide_anew=not found.is_open and found.decision and access.may_decide_anew(found, viewer),
        looks_after=access.looks_after(found, viewer),
        sees_recommendations=access.sees_recommendations(found, viewer),
        recommends_first=found.panel.recording is Recording.RECOMMENDATIONS_FIRST,
        **WORDS,
    )


@blueprint.get("/progression/cases/<int:case_id>/items/<int:item_id>/file")
@requires(Action.JUDGE_CASES)
def file(case_id: int, item_id: int) -> ResponseReturnValue:
    """A file of what was handed in, for those who judge."""
    found = _seen_or_404(case_id)
    item = portfolios.file_of(item_id, portfolio_ids(found)) if access.sees_evidence(found, viewer) else None
    if item is None:
        abort(404)
    return give_out(item.stored_as, item.filename, item.media_type)


@blueprint.route("/progression/cases/<int:case_id>/meeting", methods=["GET", "POST"])
@requires(Action.KEEP_PANELS)
def meeting_for(case_id: int) -> ResponseReturnValue:
    """Give a case a meeting, or move it to another one."""
    found = _looked_after_or_404(case_id)
    present = found.meeting.id if found.meeting else None
    form = ChooseMeetingForm(meeting=request.args.get("meeting", None, int))
    form.offer(
        (each.id, f"{when_words(each.starts_at, each.ends_at)}, {each.place}")
        for each in reading.meetings_of(found.organisation_id, clock.now() - SHOWN_BACK)
        if each.panel_code == found.panel_code and each.on >= found.opened_on and each.id != present
    )

    def act() -> None:
        try:
            service.give_meeting(case_id, form.meeting.data or 0, by=viewer.id)
        except LookupError:
            abort(404)

    return _do(form, act, found, "meeting_for", "The case has its meeting, and everybody whom it concerns is told.")


@blueprint.route("/progression/cases/<int:case_id>/withdraw", methods=["GET", "POST"])
@requires(Action.KEEP_PANELS)
def withdraw(case_id: int) -> ResponseReturnValue:
    """Withdraw a case at the person's wish."""
    found = _looked_after_or_404(case_id)
    form = ReasonForm()

    def act() -> None:
        service.withdraw_case(case_id, reason=form.reason.data or "", by=viewer.id)

    return _do(form, act, found, "withdraw", "The case is withdrawn, and the person is told.")


@blueprint.route("/progression/cases/<int:case_id>/interest", methods=["GET", "POST"])
@requires(Action.JUDGE_CASES)
def interest(case_id: int) -> ResponseReturnValue:
    """Declare my interest in a case: I see nothing of it any more, and somebody else judges it."""
    found = _seen_or_404(case_id)
    form = InterestForm()
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            service.declare_interest(case_id, viewer.id, form.words.data or "", by=viewer.id)
        except PanelRefused as refused:
            status = form.say(refused.faults)
        else:
            flash("Your interest is kept with the case. You see nothing of it any more, and do not judge it.")
            return redirect(url_for("panels.my_cases"), code=303)
    return render_template("progression/panels/interest.html", case=found, form=form, **WORDS), status


@blueprint.route("/progression/cases/<int:case_id>/interests/add", methods=["GET", "POST"])
@requires(Action.KEEP_PANELS)
def somebodys_interest(case_id: int) -> ResponseReturnValue:
    """Enter a member's interest in a case."""
    found = _looked_after_or_404(case_id)
    form = SomebodysInterestForm()
    attending = found.meeting.attending if found.meeting else frozenset[int]()
    form.offer((each, found.names[each]) for each in sorted(attending) if each not in found.close.interests)

    def act() -> None:
        service.declare_interest(case_id, form.who.data or 0, form.words.data or "", by=viewer.id)

    return _do(form, act, found, "somebodys_interest", "The interest is kept with the case.")


@blueprint.route("/progression/cases/<int:case_id>/interests/<int:person_id>/end", methods=["GET", "POST"])
@requires(Action.KEEP_PANELS)
def end_interest(case_id: int, person_id: int) -> ResponseReturnValue:
    """Take back an interest that was entered by mistake."""
    found = _looked_after_or_404(case_id)
    if person_id not in found.close.interests:
        abort(404)
    form = ReasonForm()

    def act() -> None:
        service.take_interest_back(case_id, person_id, reason=form.reason.data or "", by=viewer.id)

    return _do(form, act, found, "end_interest", "The interest is taken back.")


@blueprint.route("/progression/cases/<int:case_id>/recommend", methods=["GET", "POST"])
@requires(Action.JUDGE_CASES)
def recommend(case_id: int) -> ResponseReturnValue:
    """Write down what I recommend, without seeing what the others do."""
    found = _seen_or_404(case_id)
    mine = next((each for each in found.recommendations if each.person_id == viewer.id), None)
    form = RecommendForm(outcome=mine.outcome if mine else None, reasons=mine.reasons if mine else "")
    form.offer(outcomes_to_choose(found.panel))

    def act() -> None:
        service.recommend(case_id, viewer.id, form.outcome.data or "", form.reasons.data or "")

    return _do(form, act, found, "recommend", "Your recommendation is written down.")


@blueprint.route("/progression/cases/<int:case_id>/reveal", methods=["GET", "POST"])
@requires(Action.JUDGE_CASES)
def reveal(case_id: int) -> ResponseReturnValue:
    """Let be known what was recommended, though somebody is missing."""
    found = _seen_or_404(case_id)
    form = RevealForm()

    def act() -> None:
        service.reveal(case_id, form.words.data or "", by=viewer.id)

    return _do(form, act, found, "reveal", "What was recommended is known now. Decide next.")


@blueprint.route("/progression/cases/<int:case_id>/decide", methods=["GET", "POST"])
@requires(Action.JUDGE_CASES)
def decide(case_id: int) -> ResponseReturnValue:
    """Write down what the panel came to."""
    return _decide(case_id, service.decide, is_anew=False)


@blueprint.route("/progression/cases/<int:case_id>/decide-anew", methods=["GET", "POST"])
@requires(Action.JUDGE_CASES)
def decide_anew(case_id: int) -> ResponseReturnValue:
    """Put a new decision in the place of the earlier one, for a reason."""
    return _decide(case_id, service.decide_anew, is_anew=True)


@blueprint.get("/my/panels")
@requires(Action.SEE_OWN_RECORD)
def mine() -> ResponseReturnValue:
    """What panels decide on me: what is pending and when, and what was decided and why."""
    return render_template(
        "progression/panels/mine.html",
        cases=sorted(reading.cases_of_person(viewer.id), key=lambda each: not each.is_open),
        next_step=next_step,
        interview=PanelKind.INTERVIEW,
        **WORDS,
    )


@blueprint.route("/my/panels/<int:case_id>/withdraw", methods=["GET", "POST"])
@requires(Action.SEE_OWN_RECORD)
def withdraw_own(case_id: int) -> ResponseReturnValue:
    """Withdraw my own case, until it is decided."""
    found = reading.find_case(case_id)
    if found is None or found.person_id != viewer.id:
        abort(404)
    form = OwnReasonForm()
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            service.withdraw_case(case_id, reason=form.reason.data or "", by=viewer.id)
        except PanelRefused as refused:
            status = form.say(refused.faults)
        else:
            flash("Your case is withdrawn. Nothing is judged.")
            return redirect(url_for("panels.mine"), code=303)
    return render_template("progression/panels/withdraw_own.html", case=found, form=form, **WORDS), status


def _decide(case_id: int, write: Callable[..., int], *, is_anew: bool) -> ResponseReturnValue:
    """Show the form of a decision, and write it down."""
    found = _seen_or_404(case_id)
    if not access.may_decide_anew(found, viewer):
        abort(404)
    form = _decide_form(found, is_anew=is_anew)
    status, suspects = 422 if form.is_submitted() else 200, list[str]()
    if form.validate_on_submit():
        decision = _with_what_was_found(form.decision(), found)
        suspects = list(decision.found)
        try:
            write(case_id, decision, by=viewer.id)
        except PanelRefused as refused:
            status = form.say(refused.faults)
        else:
            defers = decision.outcome == PanelOutcome.DEFERRED_WITH_SUPPORT
            hint = day_off_words(decision.review_on) if defers and decision.review_on else ""
            flash(f"The decision is written down. {found.person} is told. {hint}".rstrip())
            return redirect(url_for("panels.case", case_id=case_id), code=303)
    return render_template(
        "progression/panels/decide.html",
        case=found,
        form=form,
        is_anew=is_anew,
        suspects=suspects,
        for_the_young=found.panel.panel_kind is PanelKind.YOUNG_PEOPLE,
        **WORDS,
    ), status


def _decide_form(found: CaseFacts, *, is_anew: bool) -> DecideForm:
    """Make the form of a decision with what this panel asks; whoever can judge is ticked beforehand."""
    able = [(each.person_id, _with_roles(found, each)) for each in found.assigned]
    judged = {each.person_id for each in found.judges}
    names = ("outcome", "reasons", "support_plan", "review_on")
    before = {name: getattr(found.decision, name) for name in names} if is_anew and found.decision else {}
    form = DecideForm(**before, judges=[each for each, _ in able if not judged or each in judged])
    form.offer(
        outcomes_to_choose(found.panel),
        able,
        of_the_young=found.panel.panel_kind is PanelKind.YOUNG_PEOPLE,
        recommends_first=found.panel.recording is Recording.RECOMMENDATIONS_FIRST,
        is_anew=is_anew,
    )
    return form


def _with_roles(found: CaseFacts, sitter: Sitter) -> str:
    """`Pat Panel, panel member`."""
    roles = " and ".join(role_name(role) for role in sorted(sitter.roles))
    return f"{found.names[sitter.person_id]}, {roles}"


def _with_what_was_found(decision: Decision, found: CaseFacts) -> Decision:
    """Add what in a decision may tell who a child or family is; the names of those who work here do not (B8)."""
    texts = {"the reasons": decision.reasons, "the support plan": decision.support_plan}
    every = looked_through_at(found.organisation_id, texts)
    return decision.with_found(tuple(found_words(each) for each in every))


def _do(form: PanelForm, act: Callable[[], None], found: CaseFacts, page: str, done: str) -> ResponseReturnValue:
    """Show a form about a case, or do what it says and go back to the case."""
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            act()
        except PanelRefused as refused:
            status = form.say(refused.faults)
        else:
            flash(done)
            return redirect(url_for("panels.case", case_id=found.id), code=303)
    return render_template(f"progression/panels/{page}.html", case=found, form=form, **WORDS), status


def _to_decide(found: CaseFacts) -> bool:
    """Say whether the viewer can write its decision down now."""
    return access.may_decide(found, viewer)


def _seen_or_404(case_id: int) -> CaseFacts:
    """Return a case that the viewer judges, looks after or writes down, and is in no conflict with."""
    found = reading.find_case(case_id)
    if found is None or not access.sees(found, viewer):
        abort(404)
    return found


def _looked_after_or_404(case_id: int) -> CaseFacts:
    """Return a case that the viewer looks after for Workforce Development."""
    found = reading.find_case(case_id)
    if found is None or not access.looks_after(found, viewer):
        abort(404)
    return found
