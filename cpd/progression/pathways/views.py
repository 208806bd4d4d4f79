"""Pages of progress: mine, somebody's whom I may see, my team's, and everybody's."""

from __future__ import annotations

from collections.abc import Collection

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cpd.people import service as people
from cpd.people.service import PersonFacts
from cpd.progression.pathways import reading, service
from cpd.progression.pathways.forms import FilterForm, MoveForm
from cpd.progression.pathways.matrix import aside_words, criteria_offered, matrices, paged, ways_offered
from cpd.progression.pathways.rules import Readiness
from cpd.progression.pathways.service import EnrolmentRefused
from cpd.progression.pathways.showing import ShownProgress, shown_changes, shown_progress
from cpd.progression.pathways.under_way import under_way
from cpd.progression.pathways.words import FAULTS, changes_words
from cpd.shared import clock
from cpd.shared.access import may, requires, viewer
from cpd.shared.pages import this_page
from cpd.shared.permissions import Action

blueprint = Blueprint("pathways", __name__)


@blueprint.get("/my/progress")
@requires(Action.SEE_OWN_RECORD)
def mine() -> ResponseReturnValue:
    """Where I stand: what is done, booked and still to do for what is next, and my whole route."""
    return render_template("progression/mine.html", page=_progress_of(viewer.id, is_own=True))


@blueprint.get("/people/<int:person_id>/progress")
@requires(Action.SEE_PERSON)
def person(person_id: int) -> ResponseReturnValue:
    """Where somebody stands, as her manager and those see it who look after everybody's progression."""
    if person_id == viewer.id:
        return redirect(url_for("pathways.mine"))
    found = _visible_or_404(person_id)
    page = _progress_of(person_id, is_own=False)
    return render_template("progression/person.html", page=page, person=found)


@blueprint.get("/team/progress")
@requires(Action.SEE_TEAM)
def team() -> ResponseReturnValue:
    """My team by criterion: who is ready, who will be when, and what each still lacks."""
    today = clock.today()
    staff = people.team_of(viewer.id, viewer.organisation_id, today) if viewer.is_manager else []
    found = service.readiness_of([each.id for each in staff], today)
    return _matrix("progression/team.html", [(each, "") for each in staff], found)


@blueprint.get("/workforce/progress")
@requires(Action.SEE_PROGRESS)
def everybody() -> ResponseReturnValue:
    """Everybody by pathway and next step, and who is under older rules."""
    staff, found = reading.everybody(viewer.organisation_id)
    others = reading.count_under_other_rules(viewer.organisation_id) if may(Action.KEEP_PATHWAYS) else 0
    return _matrix("progression/everybody.html", staff, found, others=others)


@blueprint.route("/workforce/progress/rules", methods=["GET", "POST"])
@requires(Action.KEEP_PATHWAYS)
def rules() -> ResponseReturnValue:
    """Who is under older rules, who would gain and who would lose by those in force, and moving people."""
    found = reading.under_other_rules(viewer.organisation_id)
    rows, summary = shown_changes(found), changes_words([each.change for each in found])
    form = MoveForm()
    form.offer((each.person_id, each.name) for each in rows if each.may_move)
    if not form.validate_on_submit():
        page = render_template("progression/rules.html", rows=rows, summary=summary, form=form)
        return page, 422 if form.is_submitted() else 200
    chosen: list[int] = list(form.people.data or [])
    try:
        number = service.move_to_rules_in_force(
            chosen, viewer.organisation_id, reason=form.why.data or "", by=viewer.id
        )
    except EnrolmentRefused as refused:
        return _refuse(refused, "/workforce/progress/rules", "Who is under older rules")
    flash(f"{number} {'person is' if number == 1 else 'people are'} under the rules in force now, and told.")
    return redirect(url_for("pathways.rules"), code=303)


def _progress_of(person_id: int, *, is_own: bool) -> ShownProgress:
    """Put somebody's progress together for a page."""
    found = service.readiness_of([person_id], clock.today())[person_id]
    newest = reading.newest_version(viewer.organisation_id)
    return shown_progress(found, is_own=is_own, in_force=newest, courses=under_way([person_id])[person_id])


def _visible_or_404(person_id: int) -> PersonFacts:
    """Return somebody whom the viewer manages, or anybody of her organisation for those who look after progression."""
    if may(Action.SEE_PROGRESS):
        found = people.people_of(viewer.organisation_id, [person_id]).get(person_id)
    else:
        found = people.find_visible(viewer.id, viewer.organisation_id, viewer.roles, person_id, clock.today())
    return found or abort(404)


def _matrix(
    template: str, staff: Collection[tuple[PersonFacts, str]], found: dict[int, Readiness], **more: int
) -> ResponseReturnValue:
    """Render people by criterion, as the filter asks."""
    form = FilterForm()
    form.offer(ways_offered(found.values()), criteria_offered(found.values()))
    shown, aside = matrices(staff, found, under_way([each.id for each, _ in staff]), form.chosen)
    one = paged(shown, request.args.get("page", 1, int))
    return render_template(
        template,
        form=form,
        matrices=one.matrices,
        page=one.page,
        pages=one.pages,
        aside=aside_words(aside),
        chosen=[{"text": words, "href": this_page(page=None, **{name: None})} for name, words in form.chosen_words],
        number=len(staff),
        **more,
    )


def _refuse(refused: EnrolmentRefused, href: str, text: str) -> ResponseReturnValue:
    """Say every reason why nothing was done, and where to go on."""
    reasons = [FAULTS[fault] for fault in refused.faults]
    return render_template("study/refused.html", reasons=reasons, back=href, back_to=text), 409
