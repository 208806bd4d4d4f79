"""Pages of study days: mine, my team's, and those of one person with the answers to what she asked for."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from cpd.people import service as people
from cpd.people.service import PersonFacts
from cpd.shared import clock
from cpd.shared.access import requires, viewer
from cpd.shared.permissions import Action
from cpd.study.days import reading, service
from cpd.study.days.forms import ApproveForm, AskForm, CallOffForm, DeclineForm, EndForm
from cpd.study.days.reading import Account
from cpd.study.days.rules import ALL_THE_SAME, Act, Objection, StudyDay, ending_act
from cpd.study.days.service import StudyDayRefused
from cpd.study.days.showing import Shower, objections_shown
from cpd.study.days.words import left_words

blueprint = Blueprint("study_days", __name__)

SAID = {
    Act.WITHDRAWN: "Your request is taken back.",
    Act.CANCELLED: "It is cancelled and out of your diary.",
    Act.NOT_TAKEN: "It is put right: you did not take it.",
}


@blueprint.get("/my/study-days")
@requires(Action.ASK_FOR_STUDY_DAYS)
def mine() -> ResponseReturnValue:
    """What I am entitled to, what I asked for, what is approved and taken, and what is left."""
    account = _account(viewer.id)
    shown = _shower(account, mine=True).account_shown(clock.today())
    return render_template("study/days/mine.html", shown=shown)


@blueprint.route("/my/study-days/ask", methods=["GET", "POST"])
@requires(Action.ASK_FOR_STUDY_DAYS)
def ask() -> ResponseReturnValue:
    """Ask for a study day."""
    account = _account(viewer.id)
    form = AskForm()
    form.offer((kind.code, kind.title) for kind in account.kinds)
    if not form.validate_on_submit():
        return _ask(account, form, [], 422 if form.is_submitted() else 200)
    try:
        service.ask(viewer.id, form.asked(), all_the_same=bool(form.all_the_same.data))
    except StudyDayRefused as refused:
        return _ask(account, form, refused.objections, 409)
    flash("You have asked for it. You are told when it is answered.")
    return redirect(url_for("study_days.mine"), code=303)


@blueprint.route("/my/study-days/<int:request_id>/end", methods=["GET", "POST"])
@requires(Action.ASK_FOR_STUDY_DAYS)
def end(request_id: int) -> ResponseReturnValue:
    """Take my request back, cancel my study day, or say that I did not take it."""
    day = _day_or_404(request_id, viewer.id)
    form = EndForm()
    if not ending_act(day) or not form.validate_on_submit():
        return _ask_to_end(day, form, 422 if form.is_submitted() and ending_act(day) else 200)
    try:
        act = service.end(day.id, by=viewer.id, reason=form.ending_reason.data or "")
    except StudyDayRefused:  # in another tab, or by her manager, a moment ago
        return _ask_to_end(_day_or_404(request_id, viewer.id), form, 409)
    flash(SAID[act])
    return redirect(url_for("study_days.mine"), code=303)


@blueprint.get("/team/study-days")
@requires(Action.DECIDE_ON_STUDY_DAYS)
def team() -> ResponseReturnValue:
    """What waits for my answer, and how each of my team stands."""
    members = people.team_of(viewer.id, viewer.organisation_id, clock.today())
    waiting = _waiting_for_me()
    accounts = reading.accounts_of(
        {*(each.id for each in members), *(day.person_id for day in waiting)}, viewer.organisation_id
    )
    names = _names(accounts.values())
    rows = [(names[day.person_id], Shower(accounts[day.person_id], names, mine=False).day(day)) for day in waiting]
    standings = [(each, _left(accounts[each.id])) for each in members]
    return render_template("study/days/team.html", waiting=rows, standings=standings)


@blueprint.get("/people/<int:person_id>/study-days")
@requires(Action.SEE_PERSON)
def of_person(person_id: int) -> ResponseReturnValue:
    """One person's study days, for her manager and Workforce Development."""
    person = _visible_or_404(person_id)
    if person.id == viewer.id:
        return redirect(url_for("study_days.mine"))
    shown = _shower(_account(person.id), mine=False).account_shown(clock.today())
    return render_template("study/days/person.html", person=person, shown=shown)


@blueprint.get("/people/<int:person_id>/study-days/<int:request_id>")
@requires(Action.DECIDE_ON_STUDY_DAYS)
def one(person_id: int, request_id: int) -> ResponseReturnValue:
    """One study day, with what stands in its way and the answers to it."""
    person = _visible_or_404(person_id)
    return _show(person, _day_or_404(request_id, person.id))


@blueprint.post("/people/<int:person_id>/study-days/<int:request_id>/approve")
@requires(Action.DECIDE_ON_STUDY_DAYS)
def approve(person_id: int, request_id: int) -> ResponseReturnValue:
    """Approve a study day; beyond what is left with a reason."""
    person = _visible_or_404(person_id)
    day = _day_or_404(request_id, person.id)
    form = ApproveForm()
    if not form.validate_on_submit():
        return _show(person, day, approve=form, status=422)
    try:
        service.approve(day.id, by=viewer.id, override_reason=form.override_reason.data or "")
    except StudyDayRefused as refused:
        return _refuse(person, day, refused, approve=form)
    flash(f"It is approved and in the diary of {person.name}.")
    return redirect(url_for("study_days.team"), code=303)


@blueprint.post("/people/<int:person_id>/study-days/<int:request_id>/decline")
@requires(Action.DECIDE_ON_STUDY_DAYS)
def decline(person_id: int, request_id: int) -> ResponseReturnValue:
    """Decline a study day, for a reason."""
    person = _visible_or_404(person_id)
    day = _day_or_404(request_id, person.id)
    form = DeclineForm()
    if not form.validate_on_submit():
        return _show(person, day, decline=form, status=422)
    try:
        service.decline(day.id, by=viewer.id, reason=form.reason.data or "")
    except StudyDayRefused as refused:
        return _refuse(person, day, refused, decline=form)
    flash(f"It is declined. {person.name} is told why.")
    return redirect(url_for("study_days.team"), code=303)


@blueprint.post("/people/<int:person_id>/study-days/<int:request_id>/call-off")
@requires(Action.DECIDE_ON_STUDY_DAYS)
def call_off(person_id: int, request_id: int) -> ResponseReturnValue:
    """Cancel somebody's approved study day, for a reason, or say that it was not taken."""
    person = _visible_or_404(person_id)
    day = _day_or_404(request_id, person.id)
    form = CallOffForm()
    if not form.validate_on_submit():
        return _show(person, day, call_off=form, status=422)
    try:
        service.end(day.id, by=viewer.id, reason=form.ending_reason.data or "")
    except StudyDayRefused as refused:
        return _refuse(person, day, refused, call_off=form)
    flash(f"It is cancelled. {person.name} is told why.")
    return redirect(url_for("study_days.of_person", person_id=person.id), code=303)


def _account(person_id: int) -> Account:
    """Load the study days of somebody of the viewer's organisation."""
    return reading.accounts_of([person_id], viewer.organisation_id)[person_id]


def _names(accounts: Collection[Account]) -> dict[int, PersonFacts]:
    """Load the names of everybody in these accounts: whose they are, and who did something."""
    ids = {each.person_id for each in accounts}
    acted = {entry.by_id for each in accounts for day in each.days for entry in day.entries}
    return people.persons_by_id(ids | acted)


def _shower(account: Account, *, mine: bool) -> Shower:
    """Make ready to show one person's study days."""
    return Shower(account, _names([account]), mine=mine)


def _left(account: Account) -> list[str]:
    """Say what is left of each allowance of today."""
    return [f"{each.allowance.title}: {left_words(each)}" for each in account.balances_on(clock.today())]


def _waiting_for_me() -> list[StudyDay]:
    """List what nobody has answered and the viewer decides on."""
    waiting = reading.waiting_in(viewer.organisation_id)
    deciders = reading.deciders_of({day.person_id for day in waiting})
    return [day for day in waiting if reading.decides(viewer.id, viewer.roles, day.person_id, deciders[day.person_id])]


def _visible_or_404(person_id: int) -> PersonFacts:
    """Return somebody whose record the viewer may see."""
    person = people.find_visible(viewer.id, viewer.organisation_id, viewer.roles, person_id, clock.today())
    if person is None:
        abort(404)
    return person


def _day_or_404(request_id: int, person_id: int) -> StudyDay:
    """Return a study day of somebody's."""
    day = reading.find_day(request_id)
    if day is None or day.person_id != person_id:
        abort(404)
    return day


def _ask(account: Account, form: AskForm, objections: list[Objection], status: int) -> ResponseReturnValue:
    """Render the form, with what stands against what was asked for."""
    is_doubtful = not ALL_THE_SAME.isdisjoint(each.fault for each in objections) or bool(form.all_the_same.data)
    balances = account.balances_on(clock.today())
    page = render_template(
        "study/days/ask.html",
        form=form,
        objections=objections_shown(objections),
        is_doubtful=is_doubtful,
        left=[(each.allowance.title, left_words(each)) for each in balances],
    )
    return page, status


def _ask_to_end(day: StudyDay, form: EndForm, status: int) -> ResponseReturnValue:
    """Render the question whether to end a day, or how it stands where there is nothing to end."""
    shown = _shower(_account(viewer.id), mine=True).day(day)
    return render_template("study/days/end.html", day=shown, act=ending_act(day), form=form), status


def _refuse(person: PersonFacts, day: StudyDay, refused: StudyDayRefused, **forms: Any) -> ResponseReturnValue:
    """Show the day as it stands now, and why nothing was changed."""
    return _show(person, _day_or_404(day.id, person.id), refused=refused.objections, status=409, **forms)


def _show(
    person: PersonFacts,
    day: StudyDay,
    *,
    refused: list[Objection] | None = None,
    status: int = 200,
    approve: ApproveForm | None = None,
    decline: DeclineForm | None = None,
    call_off: CallOffForm | None = None,
) -> ResponseReturnValue:
    """Render one study day with the answers that the viewer can give."""
    account = _account(person.id)
    decider = reading.deciders_of([person.id])[person.id]
    in_the_way = service.objections_now(day.id) if day.asked and not refused else refused or []
    balance = account.balance_on(day.kind, day.on)
    page = render_template(
        "study/days/one.html",
        person=person,
        day=_shower(account, mine=False).day(day),
        left=left_words(balance) if balance else "",
        is_doubtful=not ALL_THE_SAME.isdisjoint(each.fault for each in in_the_way),
        in_the_way=objections_shown(in_the_way),
        can_approve=ALL_THE_SAME.issuperset(each.fault for each in in_the_way),
        refused=bool(refused),
        decides=reading.decides(viewer.id, viewer.roles, person.id, decider),
        decider=decider,
        manager=people.get_person(decider.manager_id).name if decider.manager_id else "",
        act=ending_act(day),
        approve=approve or ApproveForm(formdata=None),
        decline=decline or DeclineForm(formdata=None),
        call_off=call_off or CallOffForm(formdata=None),
    )
    return page, status
