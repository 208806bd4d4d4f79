"""Pages of cover: who stands in for an approver who is away."""

from __future__ import annotations

from collections.abc import Iterator

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from cpd.people import service as people
from cpd.progression.requests import service
from cpd.progression.requests.forms import CoverForm
from cpd.progression.requests.rules import CoverWanted
from cpd.progression.requests.service import CoverRefused
from cpd.progression.requests.views import blueprint
from cpd.progression.requests.wording import COVER_FAULTS, role_words
from cpd.shared import clock
from cpd.shared.access import may, requires, viewer
from cpd.shared.permissions import Action
from cpd.shared.roles import Role

COVERED = (
    Role.ASSISTANT_DIRECTOR,
    Role.OPERATIONS_MANAGER,
    Role.SERVICE_MANAGER,
    Role.PRINCIPAL_SOCIAL_WORKER,
)
"""The roles whose holders decide on requests."""


@blueprint.route("/progression/cover", methods=["GET", "POST"])
@requires(Action.NAME_COVER)
def cover() -> ResponseReturnValue:
    """Who stands in for whom from today on, and naming somebody."""
    form = CoverForm()
    form.offer(_holders())
    if not form.validate_on_submit():
        return _show(form, 422 if form.is_submitted() else 200)
    role, holder_id = str(form.holder.data).split(":")
    found = people.find_colleague(viewer.organisation_id, form.covered_by.data or "")
    first, last = form.first_day.data, form.last_day.data
    assert first is not None and last is not None  # noqa: S101, PT018 - both are required
    wanted = CoverWanted(Role(role), int(holder_id), found or 0, first, last, form.reason.data or "")
    try:
        service.name_cover(viewer.organisation_id, wanted, by=viewer.id)
    except CoverRefused as refused:
        form.say(refused.faults)
        return _show(form, 409)
    flash("It is written down, and whoever stands in is told.")
    return redirect(url_for("requests.cover"), code=303)


@blueprint.post("/progression/cover/<int:cover_id>/end")
@requires(Action.NAME_COVER)
def end_cover(cover_id: int) -> ResponseReturnValue:
    """End a cover at once."""
    try:
        service.end_cover(cover_id, viewer.organisation_id, by=viewer.id)
    except LookupError:
        abort(404)
    except CoverRefused as refused:
        reasons = [COVER_FAULTS[fault] for fault in refused.faults]
        page = render_template("study/refused.html", reasons=reasons, back="/progression/cover", back_to="Standing in")
        return page, 409
    flash("It has ended. What was decided before stays.")
    return redirect(url_for("requests.cover"), code=303)


def _holders() -> Iterator[tuple[str, str]]:
    """List whom the viewer may name somebody for: herself in each of her roles, Workforce Development for all."""
    for role in COVERED:
        for each in people.holders_of(viewer.organisation_id, role):
            if each.id == viewer.id or may(Action.KEEP_PATHWAYS):
                yield f"{role}:{each.id}", f"{each.name}, {role_words(role)}"


def _show(form: CoverForm, status: int) -> ResponseReturnValue:
    """Render the page."""
    today = clock.today()
    is_officer = may(Action.KEEP_PATHWAYS)
    covers = service.covers_of(viewer.organisation_id, today)
    stuck = service.roles_without_anybody(viewer.organisation_id, today) if is_officer else {}
    page = render_template(
        "progression/requests/cover.html",
        form=form,
        covers=[(each, role_words(each.role), is_officer or each.holder_id == viewer.id) for each in covers],
        stuck=[(role_words(role), names) for role, names in stuck.items()],
        today=today,
    )
    return page, status
