"""The page of an account: what HR says of whoever is signed in, in the words of the council's scheme."""

from __future__ import annotations

from decimal import Decimal

from flask import render_template
from flask.typing import ResponseReturnValue

from cpd.catalogue import service as catalogue
from cpd.home.views import blueprint
from cpd.people import service as people
from cpd.shared import clock
from cpd.shared.access import requires, viewer
from cpd.shared.permissions import Action
from cpd.shared.roles import Role

STAFF_TYPES = {
    "employee": "Employee",
    "agency": "Agency worker",
    "student": "Student",
    "apprentice": "Apprentice",
    "partner": "Employed by a partner organisation",
}


@blueprint.get("/account")
@requires(Action.MANAGE_OWN_ACCOUNT)
def account() -> ResponseReturnValue:
    """What HR says of me and whom to ask when it is wrong; my password and my calendar."""
    details = people.details_of(viewer.id, clock.today())
    scheme = catalogue.scheme_in_force(viewer.organisation_id)
    titles = scheme.titles if scheme else {}
    career_level = details.career_level or ""
    return render_template(
        "home/account.html",
        details=details,
        career_level=titles.get(career_level, career_level) or "None",
        staff_type=STAFF_TYPES.get(details.staff_type or "", details.staff_type) or "Nothing at present",
        share=share_words(details.fte),
        hr=people.holders_of(viewer.organisation_id, Role.HR),
    )


def share_words(fte: Decimal | None) -> str:
    """`Full time`, `80% of full time`; half a per cent is kept."""
    if fte is None:
        return "None"
    return "Full time" if fte == 1 else f"{(fte * 100).normalize():f}% of full time"
