"""Learning sets: who belongs to one, when it meets, and who was there (W-1, W-2)."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template
from flask.typing import ResponseReturnValue

from cpd.people import service as people
from cpd.progression.early import cohorts, learning_sets
from cpd.progression.early.forms import AttendanceForm, MeetingForm, MembersForm, SetForm
from cpd.progression.early.learning_sets import SetFacts
from cpd.progression.early.views import act, blueprint
from cpd.shared import clock
from cpd.shared.access import may, requires, viewer
from cpd.shared.forms import Form, SelectChoice
from cpd.shared.permissions import Action

SETS = "/progression/early-career/learning-sets"


@blueprint.get(SETS)
@requires(Action.SEE_EARLY_CAREER)
def sets() -> ResponseReturnValue:
    """Learning sets: all of them for Workforce Development, for others those that they lead or belong to."""
    is_officer = may(Action.KEEP_EARLY_CAREER)
    found = (
        learning_sets.sets_of_organisation(viewer.organisation_id)
        if is_officer
        else learning_sets.sets_of_person(viewer.id)
    )
    return render_template("progression/early/sets.html", sets=found, is_officer=is_officer, now=clock.now())


@blueprint.route(SETS + "/new", methods=["GET", "POST"])
@requires(Action.KEEP_EARLY_CAREER)
def new_set() -> ResponseReturnValue:
    """Make a learning set."""
    form = SetForm()
    if form.validate_on_submit():
        named = form.led_by.data or ""
        leader = people.find_colleague(viewer.organisation_id, named) if named else None
        if not named or leader:
            number = learning_sets.make_set(viewer.organisation_id, form.title.data or "", leader, by=viewer.id)
            flash("The learning set is made. Choose its members.")
            return redirect(f"{SETS}/{number}/members", code=303)
        form.led_by.errors = ["Nobody here has this address or number. Check it, or ask HR."]
    page = render_template(
        "progression/early/act.html",
        form=form,
        title="A new learning set",
        intro=[],
        button="Make it",
        back=SETS,
        facts=[],
    )
    return page, 422 if form.is_submitted() else 200


@blueprint.get(SETS + "/<int:set_id>")
@requires(Action.SEE_EARLY_CAREER)
def one_set(set_id: int) -> ResponseReturnValue:
    """One learning set: its members and its meetings."""
    found, may_keep = _set_or_404(set_id)
    return render_template("progression/early/set.html", found=found, may_keep=may_keep, now=clock.now())


@blueprint.route(SETS + "/<int:set_id>/members", methods=["GET", "POST"])
@requires(Action.KEEP_EARLY_CAREER)
def members(set_id: int) -> ResponseReturnValue:
    """Say who belongs to a learning set: people on a programme, and whoever belongs to it already."""
    found, _ = _set_or_404(set_id)
    form = MembersForm(people=[each.id for each in found.members])
    running = {each.person_id: each.person for each in cohorts.enrolled_in(viewer.organisation_id, None)}
    offered = running | {each.id: each.name for each in found.members}
    form.people.choices = [SelectChoice(*each) for each in sorted(offered.items(), key=lambda pair: (pair[1], pair[0]))]
    return act(
        form,
        lambda: learning_sets.set_members(set_id, list(form.people.data or []), by=viewer.id),
        None,
        title=f"Members: {found.title}",
        intro=["Meetings that are ahead come into their diaries."],
        button="Keep the members",
        done="The members are kept.",
        back=f"{SETS}/{set_id}",
    )


@blueprint.route(SETS + "/<int:set_id>/meetings/new", methods=["GET", "POST"])
@requires(Action.SEE_EARLY_CAREER)
def new_meeting(set_id: int) -> ResponseReturnValue:
    """Arrange a meeting."""
    found, may_keep = _set_or_404(set_id)
    if not may_keep:
        abort(404)
    form = MeetingForm()
    return act(
        form,
        lambda: learning_sets.arrange_meeting(set_id, *form.span, form.place.data or "", by=viewer.id),
        None,
        title=f"A meeting: {found.title}",
        intro=["It comes into the diaries of the members, and they are told."],
        button="Arrange it",
        done="The meeting is arranged.",
        back=f"{SETS}/{set_id}",
    )


@blueprint.route(SETS + "/<int:set_id>/meetings/<int:meeting_id>/attendance", methods=["GET", "POST"])
@requires(Action.SEE_EARLY_CAREER)
def attendance(set_id: int, meeting_id: int) -> ResponseReturnValue:
    """Tick who was at a meeting."""
    found, may_keep = _set_or_404(set_id)
    meeting = next((each for each in found.meetings if each.id == meeting_id), None)
    if meeting is None or not may_keep:
        abort(404)
    form = AttendanceForm(people=[each for each, was in meeting.attended.items() if was])
    form.people.choices = [SelectChoice(each.id, each.name) for each in found.members]
    return act(
        form,
        lambda: learning_sets.tick_attendance(set_id, meeting_id, list(form.people.data or []), by=viewer.id),
        None,
        title=f"Who was there: {found.title}",
        intro=[meeting.when],
        button="Keep it",
        done="It is kept.",
        back=f"{SETS}/{set_id}",
    )


@blueprint.post(SETS + "/<int:set_id>/meetings/<int:meeting_id>/cancel")
@requires(Action.SEE_EARLY_CAREER)
def cancel(set_id: int, meeting_id: int) -> ResponseReturnValue:
    """Cancel a meeting that is still ahead."""
    _, may_keep = _set_or_404(set_id)
    if not may_keep:
        abort(404)
    if not Form().validate_on_submit():
        abort(400)
    try:
        learning_sets.cancel_meeting(set_id, meeting_id, by=viewer.id)
    except LookupError:
        abort(404)
    flash("The meeting is cancelled, and the members are told.")
    return redirect(f"{SETS}/{set_id}", code=303)


def _set_or_404(set_id: int) -> tuple[SetFacts, bool]:
    """Return a learning set that the viewer may see, and whether she keeps it: its leader, or the desk."""
    found = learning_sets.find_set(set_id)
    if found is None or found.organisation_id != viewer.organisation_id:
        abort(404)
    may_keep = may(Action.KEEP_EARLY_CAREER) or found.led_by_id == viewer.id
    if not may_keep and viewer.id not in {each.id for each in found.members}:
        abort(404)
    return found, may_keep
