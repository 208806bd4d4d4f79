"""The page on the point at which people tend to leave, and on who advanced and who moved (L-2, L-3)."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from cpd.progression.retention import reading
from cpd.progression.retention.forms import DaysForm
from cpd.progression.retention.rules import ChangeKind, Stage, periods
from cpd.progression.retention.wording import (
    KINDS,
    STAGES,
    change_words,
    periods_words,
    plan_words,
    point_words,
    spoken_words,
    stay_words,
)
from cpd.shared import clock
from cpd.shared.access import requires, viewer
from cpd.shared.permissions import Action
from cpd.shared.plots import Series, columns_picture
from cpd.shared.wording import MONTHS

blueprint = Blueprint("retention", __name__)


@blueprint.get("/progression/retention")
@requires(Action.SEE_RETENTION)
def staff() -> ResponseReturnValue:
    """Who is at the point or coming up to it with nothing planned; and how many advanced and moved, two months each."""
    today = clock.today()
    terms, point = reading.terms_in_force(viewer.organisation_id), reading.point_of(viewer.organisation_id)
    found = reading.at_the_point(viewer.organisation_id, point, today) if point else []
    rows = [
        {
            "person_id": each.post.person_id,
            "name": each.post.person_name,
            "team": each.post.team,
            "manager": each.manager,
            "stage": STAGES[each.stage],
            "stay": stay_words(each.since, today),
            "plan": plan_words(each),
            "spoken": spoken_words(each, point) if point else "",
            "lacks": each.lacks_everything,
            "is_mine": each.post.manager_id == viewer.id,
        }
        for each in found
    ]
    form = DaysForm()
    since, until = form.span(today)
    changes = reading.changes_between(viewer.organisation_id, terms, since, until) if terms else []
    counted = periods(changes, since, until)
    titles = {code: each.title for code, each in terms.levels.items()} if terms else {}
    return render_template(
        "progression/retention/staff.html",
        point=point,
        point_words=point_words(point) if point else "",
        kind=point.conversation if point else "",
        lacking=[each for each in rows if each["lacks"]],
        others=[each for each in rows if not each["lacks"]],
        counts={stage: sum(each.stage is stage for each in found) for stage in Stage},
        form=form,
        days=(since, until),
        periods=counted,
        picture=columns_picture(
            "Who advanced and who moved, two months each",
            periods_words(counted),
            [MONTHS[each.first.month - 1][:3] for each in counted],
            [Series("before", [each.advanced for each in counted]), Series("after", [each.moved for each in counted])],
        ),
        changes=[(each, KINDS[each.kind], change_words(each, titles)) for each in changes],
        sums={kind: sum(each.kind is kind for each in changes) for kind in ChangeKind},
    )
