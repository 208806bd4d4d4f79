"""Workforce Development's pages of panels: who sits, when they meet, what waits and what was decided."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cpd.diary import service as diary
from cpd.people import service as people
from cpd.progression.panels import linked, reading, ready, service
from cpd.progression.panels.access import without_those_in_conflict
from cpd.progression.panels.case_facts import CaseFacts, MeetingFacts, SeatFacts
from cpd.progression.panels.forms import EndSeatForm, MeetingForm, ReasonForm, SeatForm
from cpd.progression.panels.service import MeetingWanted, PanelFault, PanelRefused
from cpd.progression.panels.showing import what_is_missing
from cpd.progression.panels.wording import (
    CONFLICTS,
    FAULTS,
    KINDS,
    OUTCOMES,
    RECORDINGS,
    conflict_words,
    label_of,
    when_words,
)
from cpd.progression.pathways.words import role_name
from cpd.schemes.pathway_shape import Panel, PanelKind
from cpd.shared import clock
from cpd.shared.access import requires, viewer
from cpd.shared.clock import in_london
from cpd.shared.forms import Form
from cpd.shared.permissions import Action
from cpd.shared.wording import span_words

blueprint = Blueprint("panels", __name__)

SHOWN_BACK = timedelta(days=60)
"""So long back a panel's page lists its meetings."""

WORDS = {
    "conflict_words": conflict_words,
    "CONFLICTS": CONFLICTS,
    "KINDS": KINDS,
    "label_of": label_of,
    "OUTCOMES": OUTCOMES,
    "RECORDINGS": RECORDINGS,
    "role_words": role_name,
    "when_words": when_words,
    "what_is_missing": what_is_missing,
}
"""What templates of panels put into words with."""


@blueprint.get("/progression/panels")
@requires(Action.KEEP_PANELS)
def index() -> ResponseReturnValue:
    """Every panel: what waits for a meeting or a decision first, then the next meetings and what was decided."""
    organisation_id = viewer.organisation_id
    cases = reading.cases_of_desk(organisation_id)
    mine = without_those_in_conflict(cases, viewer)
    ahead = [each for each in mine if each.is_open]
    terms = reading.terms_in_force(organisation_id)
    panels = dict(terms.panels) if terms else {}
    panels |= {each.panel_code: each.panel for each in cases if each.is_open and each.panel_code not in panels}
    return render_template(
        "progression/panels/index.html",
        panels=panels,
        titles={code: each.title for code, each in panels.items()},
        waiting=[each for each in ahead if each.meeting is None or each.can_be_decided],
        planned=[each for each in ahead if each.meeting and not each.can_be_decided],
        hidden=sum(each.is_open and bool(each.conflicts(viewer.id)) for each in cases),
        meetings=reading.meetings_of(organisation_id, clock.now() - timedelta(hours=12)),
        ready=ready.ready_counts(organisation_id, terms, cases),
        decided=sorted((each for each in mine if each.decision), key=_decided_on, reverse=True),
        sits=reading.who_sits(organisation_id, clock.today()),
        **WORDS,
    )


@blueprint.get("/progression/panels/<code>")
@requires(Action.KEEP_PANELS)
def panel(code: str) -> ResponseReturnValue:
    """One panel: who is ready for it, who sits on it, and its meetings."""
    found = _panel_or_404(code)
    seats = [each for each in reading.seats_here(viewer.organisation_id) if each.panel_code == code]
    today = clock.today()
    meetings = reading.meetings_of(viewer.organisation_id, clock.now() - SHOWN_BACK)
    return render_template(
        "progression/panels/panel.html",
        panel=found,
        ready=ready.ready_for(code, viewer.organisation_id),
        seats=[each for each in seats if each.ends_on is None or each.ends_on > today],
        past=[each for each in seats if each.ends_on is not None and each.ends_on <= today],
        today=today,
        meetings=[each for each in meetings if each.panel_code == code],
        for_the_young=found.panel_kind is PanelKind.YOUNG_PEOPLE,
        **WORDS,
    )


@blueprint.post("/progression/panels/<code>/open")
@requires(Action.KEEP_PANELS)
def open_case(code: str) -> ResponseReturnValue:
    """Put somebody who is ready before the panel."""
    _panel_or_404(code)
    person_id = request.form.get("person", 0, int)
    if not Form().validate_on_submit() or not person_id:
        abort(422)
    try:
        case_id = service.open_ready_case(person_id, code, by=viewer.id)
    except LookupError:
        abort(404)
    except PanelRefused as refused:
        return refuse(refused, f"/progression/panels/{code}", "The panel")
    flash("The case is open. Give it a meeting next.")
    return redirect(url_for("panels.meeting_for", case_id=case_id), code=303)


@blueprint.route("/progression/panels/<code>/members/add", methods=["GET", "POST"])
@requires(Action.KEEP_PANELS)
def appoint(code: str) -> ResponseReturnValue:
    """Give somebody a seat on a panel."""
    found = _panel_or_404(code)
    if found.panel_kind is PanelKind.YOUNG_PEOPLE:
        return refuse(PanelRefused([PanelFault.NO_MEMBERS_HERE]), f"/progression/panels/{code}", found.title)
    form = SeatForm(starts_on=clock.today())
    form.offer(_who_could_sit(found))
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            service.appoint(
                viewer.organisation_id,
                code,
                form.person_id,
                role=form.role,
                starts_on=form.starts_on.data or clock.today(),
                reason=form.reason.data or "",
                by=viewer.id,
            )
        except LookupError:
            abort(404)
        except PanelRefused as refused:
            status = form.say(refused.faults)
        else:
            flash("The seat is given, and the new member is told.")
            return redirect(url_for("panels.panel", code=code), code=303)
    return render_template("progression/panels/appoint.html", panel=found, form=form, **WORDS), status


@blueprint.route("/progression/panels/seats/<int:membership_id>/end", methods=["GET", "POST"])
@requires(Action.KEEP_PANELS)
def end_seat(membership_id: int) -> ResponseReturnValue:
    """Take somebody off a panel."""
    seat = next((each for each in reading.seats_here(viewer.organisation_id) if each.id == membership_id), None)
    if seat is None:
        abort(404)
    form = EndSeatForm(last_day=max(clock.today(), seat.starts_on))
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        reason, last_day = form.reason.data or "", form.last_day.data or clock.today()
        try:
            service.end_seat(membership_id, viewer.organisation_id, last_day=last_day, reason=reason, by=viewer.id)
        except PanelRefused as refused:
            status = form.say(refused.faults)
        else:
            flash(f"{seat.name} is told, and sits on the panel until that day.")
            return redirect(url_for("panels.panel", code=seat.panel_code), code=303)
    title = _panel_or_404(seat.panel_code).title
    return render_template("progression/panels/end_seat.html", seat=seat, title=title, form=form, **WORDS), status


@blueprint.route("/progression/panels/<code>/meetings/plan", methods=["GET", "POST"])
@requires(Action.KEEP_PANELS)
def plan(code: str) -> ResponseReturnValue:
    """Plan a meeting, or write down one that was held."""
    found = _panel_or_404(code)
    able = _who_could_come(found)
    form = MeetingForm(attending=[each for each, _ in able])
    form.offer(able)
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            meeting_id = service.plan_meeting(viewer.organisation_id, code, _wanted(form), by=viewer.id)
        except PanelRefused as refused:
            status = form.say(refused.faults)
        else:
            flash(_planned_words(_wanted(form)))
            return redirect(url_for("panels.meeting", meeting_id=meeting_id), code=303)
    return render_template("progression/panels/plan.html", panel=found, form=form, meeting=None, **WORDS), status


@blueprint.get("/progression/meetings/<int:meeting_id>")
@requires(Action.KEEP_PANELS)
def meeting(meeting_id: int) -> ResponseReturnValue:
    """One meeting: who comes, whether they are free, and for each case whether enough of them can judge it."""
    found = _meeting_or_404(meeting_id)
    cases = reading.cases_of_meeting(meeting_id)
    mine = without_those_in_conflict(cases, viewer)
    return render_template(
        "progression/panels/meeting.html",
        panel=_panel_or_404(found.panel_code),
        meeting=found,
        people=people.persons_by_id(found.attending),
        clashes=_clashes(found),
        cases=mine,
        hidden=len(cases) - len(mine),
        is_decided=any(not each.is_open for each in cases),
        could_come=[] if found.is_cancelled else _could_come(found),
        is_opened_here=_is_opened_here(found.panel_code),
        **WORDS,
    )


@blueprint.route("/progression/meetings/<int:meeting_id>/change", methods=["GET", "POST"])
@requires(Action.KEEP_PANELS)
def change(meeting_id: int) -> ResponseReturnValue:
    """Move a meeting, or change its place or who comes."""
    found = _meeting_or_404(meeting_id)
    its_panel = _panel_or_404(found.panel_code)
    choices = dict(_who_could_come(its_panel))
    named = people.persons_by_id(found.attending - choices.keys())
    time = span_words(found.starts_at, found.ends_at)
    form = MeetingForm(on=found.on, place=found.place, time=time, attending=sorted(found.attending))
    form.offer([*choices.items(), *((each, person.name) for each, person in named.items())])
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            service.change_meeting(meeting_id, _wanted(form), by=viewer.id)
        except PanelRefused as refused:
            status = form.say(refused.faults)
        else:
            flash("The meeting is changed. Diaries have moved, and everybody whom it concerns is told.")
            return redirect(url_for("panels.meeting", meeting_id=meeting_id), code=303)
    return render_template("progression/panels/plan.html", panel=its_panel, form=form, meeting=found, **WORDS), status


@blueprint.route("/progression/meetings/<int:meeting_id>/cancel", methods=["GET", "POST"])
@requires(Action.KEEP_PANELS)
def cancel(meeting_id: int) -> ResponseReturnValue:
    """Cancel a meeting; its cases wait for another one."""
    found = _meeting_or_404(meeting_id)
    its_panel = _panel_or_404(found.panel_code)
    form = ReasonForm()
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            service.cancel_meeting(meeting_id, reason=form.reason.data or "", by=viewer.id)
        except PanelRefused as refused:
            status = form.say(refused.faults)
        else:
            flash("The meeting is cancelled, and everybody whom it concerns is told.")
            return redirect(url_for("panels.panel", code=found.panel_code), code=303)
    return render_template("progression/panels/cancel.html", panel=its_panel, meeting=found, form=form, **WORDS), status


def refuse(refused: PanelRefused, back: str, back_to: str) -> ResponseReturnValue:
    """Say every reason why nothing was done, and what to do instead."""
    reasons = [FAULTS[fault] for fault in refused.faults]
    return render_template("study/refused.html", reasons=reasons, back=back, back_to=back_to), 409


def _panel_or_404(code: str) -> Panel:
    """Return a panel of the viewer's organisation."""
    return reading.panels_of(viewer.organisation_id).get(code) or abort(404)


def _meeting_or_404(meeting_id: int) -> MeetingFacts:
    """Return a meeting of the viewer's organisation."""
    found = reading.find_meeting(meeting_id)
    if found is None or found.organisation_id != viewer.organisation_id:
        abort(404)
    return found


def _who_could_sit(found: Panel) -> list[tuple[str, str]]:
    """List who holds a role by which the panel judges and has no seat in it, the viewer left out."""
    seats = reading.seats_here(viewer.organisation_id)
    taken = {(each.person_id, each.role) for each in seats if each.panel_code == found.code and _is_ahead_or_held(each)}
    return [
        (f"{person.id}:{role}", f"{person.name}, {role_name(role)}")
        for role in reading.as_still_judging(found, viewer.organisation_id).roles
        for person in people.holders_of(viewer.organisation_id, role)
        if (person.id, str(role)) not in taken and person.id != viewer.id
    ]


def _is_ahead_or_held(seat: SeatFacts) -> bool:
    return seat.ends_on is None or seat.ends_on > clock.today()


def _who_could_come(found: Panel) -> list[tuple[int, str]]:
    """List who can be put on a meeting of a panel, now or from a later day on, by name."""
    if found.panel_kind is PanelKind.YOUNG_PEOPLE:
        holders = people.holders_of(viewer.organisation_id, found.recorded_by) if found.recorded_by else []
        return [(each.id, each.name) for each in holders]
    roles: dict[int, list[str]] = {}
    names: dict[int, str] = {}
    for seat in reading.seats_here(viewer.organisation_id):
        if seat.panel_code == found.code and _is_ahead_or_held(seat) and seat.holds_role:
            roles.setdefault(seat.person_id, []).append(role_name(seat.role))
            names[seat.person_id] = seat.name
    return [(each, f"{names[each]}, {' and '.join(roles[each])}") for each in roles]


def _wanted(form: MeetingForm) -> MeetingWanted:
    """Return the meeting that was typed."""
    starts_at, ends_at = form.span
    return MeetingWanted(starts_at, ends_at, form.place.data or "", frozenset(form.attending.data or ()))


def _could_come(found: MeetingFacts) -> list[CaseFacts]:
    """List the panel's open cases that this meeting could judge and that are on no meeting or on another one."""
    cases = without_those_in_conflict(reading.open_cases_of(found.organisation_id, found.panel_code), viewer)
    away = [
        each for each in cases if each.opened_on <= found.on and (each.meeting is None or each.meeting.id != found.id)
    ]
    return sorted(away, key=lambda each: (each.meeting is not None, each.person, each.id))


def _is_opened_here(code: str) -> bool:
    """Say whether Workforce Development opens the panel's cases."""
    terms = reading.terms_in_force(viewer.organisation_id)
    return terms is not None and linked.is_opened_here(code, terms)


def _planned_words(wanted: MeetingWanted) -> str:
    """Say what has come about; of a meeting that was held already nobody is told."""
    if wanted.starts_at > clock.now():
        return "The meeting is planned. It is in the diaries of those who come, and they are told."
    return "The meeting is written down. Cases that were open by that day can be given to it."


def _clashes(found: MeetingFacts) -> dict[int, list[str]]:
    """Say what else those who come have in their diaries at that time, by person."""
    if found.is_cancelled or found.ends_at < clock.now():
        return {}
    taken = diary.busy(found.attending, found.starts_at)
    return {
        person_id: [f"{each.title}, {_from(each.starts_at)}" for each in entries if _stands_in_the_way(each, found)]
        for person_id, entries in taken.items()
    }


def _stands_in_the_way(entry: diary.Busy, found: MeetingFacts) -> bool:
    """Say whether something in a diary is at the time of a meeting, and is not the meeting itself."""
    is_itself = (entry.source, entry.source_id) == ("panel", found.id)
    return not is_itself and entry.starts_at < found.ends_at and found.starts_at < entry.ends_at


def _decided_on(case: CaseFacts) -> tuple[date, int]:
    """Say when a case was decided, to list the latest first."""
    return case.decision.decided_on if case.decision else date.min, case.id


def _from(moment: datetime) -> str:
    """`from 9:30am`."""
    return f"from {in_london(moment):%H:%M}"
