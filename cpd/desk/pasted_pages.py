"""Booking a request as it came in by e-mail: paste it, look at what was understood, book it in one go."""

from __future__ import annotations

from datetime import datetime

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cpd.desk import pasted, uploads
from cpd.desk.pasted_forms import AboutForm, BookPastedForm, PasteForm, booking_form
from cpd.desk.uploads import Upload, UploadGone
from cpd.desk.views import blueprint
from cpd.people import service as people
from cpd.shared import clock
from cpd.shared.access import requires, viewer
from cpd.shared.forms import LARGEST_NUMBER
from cpd.shared.permissions import Action
from cpd.shared.reading import Unreadable
from cpd.shared.wording import and_words
from cpd.timetable.reading.moments import read_moment

REQUEST = "request"
PASTED = "pasted request.txt"
MOST_NAMED = 5
MOST_TOGETHER = 60


@blueprint.get("/workforce/requests/paste")
@requires(Action.BOOK_FOR_OTHERS)
def paste_request() -> ResponseReturnValue:
    """Ask for a request as it came in."""
    return render_template("desk/pasted/paste.html", form=PasteForm())


@blueprint.post("/workforce/requests/paste")
@requires(Action.BOOK_FOR_OTHERS)
def keep_request() -> ResponseReturnValue:
    """Keep what was pasted until it is booked, and show what was understood of it."""
    form = PasteForm()
    if not form.validate_on_submit():
        return render_template("desk/pasted/paste.html", form=form), 422
    upload_id = uploads.keep_upload(viewer.id, REQUEST, PASTED, (form.text.data or "").encode(), {})
    return redirect(url_for("desk.preview_request", upload_id=upload_id), code=303)


@blueprint.get("/workforce/requests/paste/<int:upload_id>")
@requires(Action.BOOK_FOR_OTHERS)
def preview_request(upload_id: int) -> ResponseReturnValue:
    """Show line by line what was understood, and how it stands to whoever asks; nothing is booked yet."""
    upload = uploads.find_upload(viewer.id, REQUEST, upload_id)
    return _show(upload) if upload else _gone()


@blueprint.post("/workforce/requests/paste/<int:upload_id>/about")
@requires(Action.BOOK_FOR_OTHERS)
def say_about_request(upload_id: int) -> ResponseReturnValue:
    """Take who it is for and when it came in, and look at the request again with that."""
    upload = uploads.find_upload(viewer.id, REQUEST, upload_id)
    if upload is None:
        return _gone()
    form = AboutForm()
    if not form.validate_on_submit():
        return _show(upload, about=form, status=422)
    person_id, received_at = _person_named(form), _moment_said(form)
    if form.errors:
        return _show(upload, about=form, status=422)
    said = {"person": person_id} if person_id else {}
    uploads.change_options(upload.id, said | ({"received_at": received_at.isoformat()} if received_at else {}))
    return redirect(url_for("desk.preview_request", upload_id=upload.id), code=303)


@blueprint.post("/workforce/requests/paste/<int:upload_id>")
@requires(Action.BOOK_FOR_OTHERS)
def book_request(upload_id: int) -> ResponseReturnValue:
    """Book the ticked lines, as many as can be had."""
    upload = uploads.find_upload(viewer.id, REQUEST, upload_id)
    if upload is None:
        return _gone()
    page = pasted.pasted_page(upload, by=viewer.id, organisation_id=viewer.organisation_id)
    form = booking_form(page.lines, page.person.id if page.person else None, sent=True)
    if not form.validate_on_submit():
        return _show(upload, form=form, status=422)
    if page.person is None or form.person.data != str(page.person.id):
        return _show(upload, status=409)
    chosen = form.chosen()
    try:
        refused = pasted.book_pasted(upload.id, page.person.id, chosen, by=viewer.id, received_at=page.received_at)
    except UploadGone:
        return _gone()
    if len(refused) == len(set(chosen)):
        return _show_booked(page.person.id, chosen, status=409, again=upload.id)
    return redirect(url_for("desk.booked_request", person=page.person.id, together=sorted(set(chosen))), code=303)


@blueprint.get("/workforce/requests/booked")
@requires(Action.BOOK_FOR_OTHERS)
def booked_request() -> ResponseReturnValue:
    """What came of a request, session by session."""
    together = request.args.getlist("together")[:MOST_TOGETHER]
    numbers = [_number(text) for text in (request.args.get("person", ""), *together)]
    return _show_booked(numbers[0], numbers[1:])


def _person_named(form: AboutForm) -> int | None:
    """Find whom the officer named; say so where nobody fits, or several do."""
    named = form.person.data
    if not named:
        return None
    if found := people.find_colleague(viewer.organisation_id, named):
        return found
    fitting = people.search_people(viewer.organisation_id, named, MOST_NAMED)
    if len(fitting) == 1:
        return fitting[0].id
    several = and_words((f"{each.name} ({each.email})" for each in fitting), last="or")
    form.person.errors = [
        f"Enter the e-mail address. It could be {several}" if fitting else f"Nobody here is called {named}"
    ]
    return None


def _moment_said(form: AboutForm) -> datetime | None:
    """Read when it came in."""
    if not form.received.data:
        return None
    try:
        moment = read_moment(form.received.data)
    except Unreadable as unreadable:
        form.received.errors = [unreadable.reason[:1].upper() + unreadable.reason[1:]]
        return None
    if moment > clock.now():
        form.received.errors = ["Enter a date and time in the past"]
    return moment


def _show(
    upload: Upload, *, form: BookPastedForm | None = None, about: AboutForm | None = None, status: int = 200
) -> ResponseReturnValue:
    """Render what was understood of a request."""
    page = pasted.pasted_page(upload, by=viewer.id, organisation_id=viewer.organisation_id)
    form = form or booking_form(page.lines, page.person.id if page.person else None, sent=False)
    about = about or AboutForm(formdata=None)
    return render_template("desk/pasted/preview.html", page=page, form=form, about=about, forms=[about, form]), status


def _show_booked(
    person_id: int, session_ids: list[int], *, status: int = 200, again: int | None = None
) -> ResponseReturnValue:
    """Render what came of it; `again` is what was pasted, where nothing of it could be booked."""
    page = pasted.booked_page(person_id, session_ids, viewer.organisation_id)
    if page is None:
        abort(404)
    return render_template("desk/pasted/booked.html", page=page, again=again), status


def _number(text: str) -> int:
    """Read a row's id from the address; 0 names none."""
    number = int(text) if text.isascii() and text.isdecimal() and len(text) <= 10 else 0  # noqa: PLR2004 - 2**31 - 1 has ten digits
    return number if number <= LARGEST_NUMBER else 0


def _gone() -> ResponseReturnValue:
    """Say that what was pasted is not here any more."""
    return render_template("desk/gone.html", what="request", again=url_for("desk.paste_request")), 404
