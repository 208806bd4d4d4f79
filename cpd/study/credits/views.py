"""The credits that I have, and those of somebody whom I may see."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from cpd.people import service as people
from cpd.shared import clock
from cpd.shared.access import requires, viewer
from cpd.shared.permissions import Action
from cpd.study.credits import reading, service
from cpd.study.credits.offer import sources_of
from cpd.study.credits.words import sums_of

blueprint = Blueprint("credits", __name__)


@blueprint.get("/my/credits")
@requires(Action.SEE_OWN_CREDITS)
def mine() -> ResponseReturnValue:
    """What I have, what is only expected, where each comes from, and my claims with the next step."""
    sources = sources_of(viewer.organisation_id).values()
    return render_template(
        "study/credits/mine.html",
        sums=sums_of(service.summary_of(viewer.id).levels),
        ledger=reading.ledger_of(viewer.id),
        claims=reading.claims_of(viewer.id),
        can_claim=any(not each.is_module for each in sources),
        today=clock.today(),
    )


@blueprint.get("/people/<int:person_id>/credits")
@requires(Action.SEE_PERSON)
def of_person(person_id: int) -> ResponseReturnValue:
    """What somebody has, as her manager or Workforce Development sees it."""
    if person_id == viewer.id:
        return redirect(url_for("credits.mine"))
    person = people.find_visible(viewer.id, viewer.organisation_id, viewer.roles, person_id, clock.today())
    if person is None:
        abort(404)
    return render_template(
        "study/credits/person.html",
        person=person,
        sums=sums_of(service.summary_of(person_id).levels),
        ledger=reading.ledger_of(person_id),
        claims=[each for each in reading.claims_of(person_id) if not each.is_hers_alone],
        today=clock.today(),
    )
