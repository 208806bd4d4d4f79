"""Filling a form in and sending it, as a browser would."""

from __future__ import annotations

import io
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from cpd.shared.forms import Form

GOOD = {
    "name": "Genograms",
    "email": "worker@demo.example",
    "password": " open sesame ",
    "reason": "It helps\r\nmy team",
    "format": "room",
    "needs": ["loop"],
    "venue": "bewicks",
    "held_on": ["31", "1", "2019"],
    "places": "20",
    "agreed": "y",
    "back_to": "/timetable",
}


def filled(app: Flask, kind: type[Form], typed: dict[str, Any]) -> Form:
    """A form of this kind as it is after somebody typed this and sent it."""
    with app.test_request_context(method="POST", data=typed):
        form = kind()
        form.validate_on_submit()
        return form


def form_of(field: Any) -> type[Form]:
    """A form with this one field, called `it`."""
    return type("OneField", (Form,), {"it": field})


def sent(app: Flask, **changes: Any) -> TestResponse:
    """Send a form that is filled in, but for these changes, and return the answer."""
    file = changes.pop("file", (io.BytesIO(b"module\n"), "january.csv"))
    return app.test_client().post("/form", data={**GOOD, "file": file, **changes})
