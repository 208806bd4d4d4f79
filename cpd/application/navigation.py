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
    ("desk.index", "Workforce desk", Action.CHANGE_TIMETABLE),
)


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
    known = request.endpoint
    endpoints = request.url_rule is not None
    return [
        {"href": url_for(endpoint), "text": text, "active": endpoints and endpoint == known}
        for endpoint, text, action in LINKS
        if may(action)
    ]
