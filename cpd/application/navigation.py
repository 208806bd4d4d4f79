"""What stands at the top of every page, and what every template knows."""

from __future__ import annotations

from typing import Any

from flask import Flask, request, url_for

from cpd.shared.access import may, viewer
from cpd.shared.permissions import Action

LINKS = (
    ("home.start", "Home", Action.BOOK_OWN_PLACE),
    ("home.timetable", "Timetable", Action.SEE_TIMETABLE),
    ("catalogue.index", "Catalogue", Action.SEE_CATALOGUE),
    ("home.my_bookings", "My bookings", Action.BOOK_OWN_PLACE),
    ("home.record", "My record", Action.SEE_OWN_RECORD),
    ("home.my", "My CPD", Action.SEE_OWN_RECORD),
    ("home.team", "My team", Action.SEE_TEAM),
    ("home.progression", "Progression", Action.SEE_PROGRESSION),
    ("attendance.my_registers", "Registers", Action.KEEP_REGISTER),
    ("desk.index", "Workforce desk", Action.CHANGE_TIMETABLE),
)
WITHOUT_A_DESK = (
    ("funding.queue", "Funding", Action.DECIDE_FUNDING),
    ("desk.send_people", "Bring in people", Action.IMPORT_PEOPLE),
    ("messages.outbox", "Messages", Action.SEE_OUTBOX),
    ("attendance.evaluations", "Evaluations", Action.SEE_EVALUATIONS),
)
"""What Workforce Development finds on its desk, for those who may do it and have none."""


def guide(app: Flask) -> None:
    """Give each template the navigation, the council's name and whether this is the demonstration."""

    @app.context_processor
    def _context() -> dict[str, Any]:
        signed_in = bool(viewer.is_authenticated)
        return {
            "navigation": navigation() if signed_in else [],
            "viewer": viewer,
            "council": viewer.organisation if signed_in else None,  # type: ignore[attr-defined]
            "demonstration": app.extensions.get("demonstration", False),
        }


def navigation() -> list[dict[str, Any]]:
    """List the links that this viewer may follow."""
    links = LINKS if may(Action.CHANGE_TIMETABLE) else LINKS + WITHOUT_A_DESK
    return [
        {"href": url_for(endpoint), "text": text, "active": endpoint == request.endpoint}
        for endpoint, text, action in links
        if may(action) and _concerns_her(action)
    ]


def _concerns_her(action: Action) -> bool:
    """Leave out what is only for those who manage somebody, or who facilitate something."""
    return {Action.SEE_TEAM: viewer.is_manager, Action.KEEP_REGISTER: viewer.is_facilitator}.get(action, True)
