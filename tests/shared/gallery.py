"""Every component on a few pages, for a browser's test and for people (`python -m tests.shared.gallery`)."""

from __future__ import annotations

import secrets
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from flask import Flask, Response, flash, g, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf import CSRFProtect

from cpd.shared.forms import (
    CheckboxesField,
    DateField,
    EmailField,
    FileField,
    Form,
    HiddenField,
    IntegerField,
    LongTextField,
    PasswordField,
    QueryForm,
    RadiosField,
    SelectChoice,
    SelectField,
    SubmitField,
    TextField,
    TickField,
)
from cpd.shared.pages import CalendarEntry, month_weeks, prepare_templates
from cpd.shared.pictures import RouteNode, RouteState

TOP = Path(__file__).parents[2]
TODAY = date(2019, 1, 16)
NAVIGATION = ("Home", "Timetable", "Catalogue", "My bookings", "Workforce desk")

STEPS = (
    RouteNode("M1", "Module 1", RouteState.RECOGNISED, "Genograms", "Recognised"),
    RouteNode("M2", "Module 2", RouteState.DONE, "", "Done 15 January"),
    RouteNode("M3", "Module 3", RouteState.BOOKED, "", "Booked: 21 January"),
    RouteNode("M4", "Module 4", RouteState.OPEN, "", "You can book"),
    RouteNode("M5", "Module 5", RouteState.WAITING, "", "Waiting list: 3rd"),
    RouteNode("M6", "Module 6", RouteState.BLOCKED, "Practical Simulation", "Not yet"),
    RouteNode("M7", "Module 7", RouteState.OPEN, "Non-Violent Resistance", "No booking needed"),
)
NEEDS = tuple((first, then) for then in ("M3", "M4", "M5") for first in ("M1", "M2")) + tuple(
    (first, "M6") for first in ("M1", "M2", "M3", "M4", "M5")
)
ENTRIES = {
    date(2019, 1, 10): [CalendarEntry("noon to 2pm", "Module 1 Genograms", "/s/1", "neutral", "Over")],
    date(2019, 1, 15): [
        CalendarEntry("9:30am to 12:30pm", "Module 2", "/s/2", "done", "Done"),
        CalendarEntry("1:30pm to 4:30pm", "Module 3", "/s/3", "waiting", "Waiting list: 3rd"),
    ],
    date(2019, 1, 16): [CalendarEntry("9am to 11am", "Module 1 Genograms", "/s/4", "open", "You can book")],
    date(2019, 1, 21): [CalendarEntry("1:30pm to 4:30pm", "Module 3", "/s/5", "booked", "Booked")],
}


class FilterForm(QueryForm):
    """What to show of a timetable."""

    module = SelectField(
        "Module", choices=[SelectChoice("", "Any module"), *(SelectChoice(n.key, n.label) for n in STEPS)]
    )
    after = DateField("From")
    bookable = TickField("Only what I can book")


class EveryFieldForm(Form):
    """One field of each kind, all required."""

    name = TextField("Title of the session", required="Enter a title", hint="As it stands in the catalogue")
    email = EmailField("E-mail address", required="Enter your e-mail address")
    password = PasswordField("Password", required="Enter your password")
    reason = LongTextField(
        "Why do you ask?", required="Enter a reason", hint="Seen by Workforce Development", longest=300
    )
    format = RadiosField(
        "How will it be held?",
        required="Select how it will be held",
        choices=[
            SelectChoice("room", "In a room", {"hint": "The room must be free"}),
            SelectChoice("online", "Online"),
        ],
    )
    needs = CheckboxesField(
        "What do you need?",
        required="Select what you need",
        choices=[SelectChoice("loop", "A hearing loop"), SelectChoice("step", "Access without steps")],
    )
    venue = SelectField(
        "Venue",
        required="Select a venue",
        choices=[
            SelectChoice("", "Choose a venue"),
            SelectChoice("bridges", "Bridges Room", optgroup="Civic Centre"),
            SelectChoice("bewicks", "Bewicks B", optgroup="Civic Centre"),
            SelectChoice("room2", "Room 2", optgroup="Dryden Road"),
        ],
    )
    held_on = DateField("Date of the session", required="Enter the date of the session", hint="For example, 27 3 2027")
    places = IntegerField("Number of places", required="Enter the number of places", least=1, most=200)
    file = FileField("Timetable", required="Choose a file", kinds=("csv", "xlsx"))
    agreed = TickField("I have told my manager", required="Tell your manager first")
    back_to = HiddenField("Where from")
    submit = SubmitField("Save the session")


def make_gallery() -> Flask:
    """Return a small application with the frame, the headers and the templates of the real one."""
    app = Flask("gallery", static_folder=str(TOP / "static"))
    app.config.update(SECRET_KEY="gallery")
    prepare_templates(app, TOP / "templates", Path(__file__).parent / "gallery_templates")
    CSRFProtect(app)
    app.jinja_env.globals["csp_nonce"] = lambda: g.setdefault("nonce", secrets.token_urlsafe(16))
    app.after_request(_secure)
    app.context_processor(_context)
    app.add_url_rule(
        "/", view_func=_page("components", weeks=month_weeks(2019, 1, ENTRIES, TODAY)), endpoint="components"
    )
    app.add_url_rule("/route", view_func=_page("route", steps=STEPS, needs=NEEDS), endpoint="route")
    app.add_url_rule("/timetable", view_func=_timetable, endpoint="timetable")
    app.add_url_rule("/form", view_func=_form, methods=["GET", "POST"], endpoint="form")
    app.add_url_rule("/flash", view_func=_flash, methods=["POST"], endpoint="flash")
    return app


def _secure(response: Response) -> Response:
    """Forbid whatever the real application forbids: styles and scripts in a page above all."""
    policy = (
        f"default-src 'none'; script-src 'self' 'nonce-{g.get('nonce')}'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )
    response.headers["Content-Security-Policy"] = policy
    return response


def _context() -> dict[str, Any]:
    """Give what the frame reads; `?theme=` and `?signed_out` show the other ways it can look."""
    signed_in = "signed_out" not in request.args
    return {
        "navigation": [{"href": f"/?{n}", "text": text, "active": n == 1} for n, text in enumerate(NAVIGATION)]
        if signed_in
        else [],
        "viewer": SimpleNamespace(is_authenticated=signed_in, name="Robin Example"),
        "council": SimpleNamespace(name="Example Metropolitan Council", theme=request.args.get("theme")),
        "demonstration": True,
    }


def _page(name: str, **facts: Any) -> Any:
    return lambda: render_template(f"gallery/{name}.html", **facts)


def _timetable() -> ResponseReturnValue:
    form = FilterForm()
    form.validate()
    return render_template("gallery/timetable.html", form=form, page=request.args.get("page", 3, int))


def _form() -> ResponseReturnValue:
    form = EveryFieldForm()
    if form.validate_on_submit():
        flash("The session is saved.")
        return redirect("/form", code=303)
    return render_template("gallery/form.html", form=form), 422 if form.is_submitted() else 200


def _flash() -> ResponseReturnValue:
    flash("You have a place on Module 2 on Tuesday 15 January.")
    flash("Your place rests on Module 1.", "info")
    return redirect("/", code=303)


if __name__ == "__main__":
    make_gallery().run(port=5050)
