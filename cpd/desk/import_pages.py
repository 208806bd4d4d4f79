"""Bringing in files at the desk: send, look at what was understood, then take all of it or nothing."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from cpd.catalogue import service as catalogue
from cpd.desk import importing, previews, uploads
from cpd.desk.import_forms import ColumnsForm, TableForm, TakeForm, TimetableForm, columns_form, sent_file
from cpd.desk.uploads import Upload, UploadGone
from cpd.desk.views import blueprint
from cpd.shared.access import requires, viewer
from cpd.shared.permissions import Action
from cpd.shared.tables import TableRefused, read_table
from cpd.shared.wording import counted
from cpd.timetable.files import open_file

TIMETABLE = "timetable"
PEOPLE = "people"
BOOKINGS = "bookings"


@blueprint.get("/workforce/import/timetable")
@requires(Action.IMPORT_FILES)
def send_timetable() -> ResponseReturnValue:
    """Ask for a timetable, as a file or as text."""
    return render_template("desk/import/timetable.html", form=_timetable_form())


@blueprint.post("/workforce/import/timetable")
@requires(Action.IMPORT_FILES)
def keep_timetable() -> ResponseReturnValue:
    """Keep what was sent until it is taken, and show what it would bring."""
    form = _timetable_form()
    if form.validate_on_submit():
        filename, content = form.sent()
        try:
            open_file(filename, content)
        except TableRefused as refused:
            (form.text if form.text.data else form.file).errors = [refused.reason]
        else:
            options = {"programme": form.programme.data, "year": form.year.data}
            upload_id = uploads.keep_upload(viewer.id, TIMETABLE, filename, content, options)
            return redirect(url_for("desk.preview_timetable", upload_id=upload_id), code=303)
    return render_template("desk/import/timetable.html", form=form), 422


@blueprint.get("/workforce/import/timetable/<int:upload_id>")
@requires(Action.IMPORT_FILES)
def preview_timetable(upload_id: int) -> ResponseReturnValue:
    """Show every row with what was understood of it; nothing is written yet."""
    upload = uploads.find_upload(viewer.id, TIMETABLE, upload_id)
    return _show_timetable(upload) if upload else _gone("desk.send_timetable")


@blueprint.post("/workforce/import/timetable/<int:upload_id>/columns")
@requires(Action.IMPORT_FILES)
def choose_columns(upload_id: int) -> ResponseReturnValue:
    """Read the same file again with what was said about its columns."""
    upload = uploads.find_upload(viewer.id, TIMETABLE, upload_id)
    if upload is None:
        return _gone("desk.send_timetable")
    form = columns_form(previews.fields_of_upload(upload), sent=True)
    if not form.validate_on_submit():
        return _show_timetable(upload, columns=form, status=422)
    uploads.change_options(upload.id, {"mapping": form.mapping()})
    return redirect(url_for("desk.preview_timetable", upload_id=upload.id), code=303)


@blueprint.post("/workforce/import/timetable/<int:upload_id>")
@requires(Action.IMPORT_FILES)
def take_timetable(upload_id: int) -> ResponseReturnValue:
    """Take the timetable whole, as drafts or published; or say what has come in between."""
    upload = uploads.find_upload(viewer.id, TIMETABLE, upload_id)
    form = TakeForm()
    if upload is None or not form.validate_on_submit():
        return _gone("desk.send_timetable")
    try:
        outcome = importing.take_timetable_file(upload, by=viewer.id, publish=bool(form.publish.data))
    except TableRefused:
        return _show_timetable(upload, status=409)
    except UploadGone:
        return _gone("desk.send_timetable")
    if outcome.refused:
        return _show_timetable(upload, status=409)
    state = "published" if form.publish.data else "drafts"
    new = f"{counted(outcome.sessions, 'session')} with {counted(outcome.session_days, 'day')} taken as {state}"
    flash(f"{new}, {outcome.updated} changed, {outcome.unchanged} there already, {len(outcome.held_back)} held back.")
    return redirect(url_for("desk.index"), code=303)


@blueprint.get("/workforce/import/people")
@requires(Action.IMPORT_PEOPLE)
def send_people() -> ResponseReturnValue:
    """Ask for a file of people."""
    return render_template("desk/import/people.html", form=TableForm())


@blueprint.post("/workforce/import/people")
@requires(Action.IMPORT_PEOPLE)
def keep_people() -> ResponseReturnValue:
    """Keep what was sent until it is taken, and show what it would bring."""
    form = TableForm()
    upload_id = _kept_table(form, PEOPLE)
    if upload_id is None:
        return render_template("desk/import/people.html", form=form), 422
    return redirect(url_for("desk.preview_people", upload_id=upload_id), code=303)


@blueprint.get("/workforce/import/people/<int:upload_id>")
@requires(Action.IMPORT_PEOPLE)
def preview_people(upload_id: int) -> ResponseReturnValue:
    """Show who would be added or changed, and which rows cannot be taken; nothing is written yet."""
    upload = uploads.find_upload(viewer.id, PEOPLE, upload_id)
    return _show_people(upload) if upload else _gone("desk.send_people")


@blueprint.post("/workforce/import/people/<int:upload_id>")
@requires(Action.IMPORT_PEOPLE)
def take_people(upload_id: int) -> ResponseReturnValue:
    """Take the people of a file, or only the rows that are right if that is what was asked for."""
    upload = uploads.find_upload(viewer.id, PEOPLE, upload_id)
    form = TakeForm()
    if upload is None or not form.validate_on_submit():
        return _gone("desk.send_people")
    try:
        outcome = importing.take_people_file(upload, by=viewer.id, take_good_rows=bool(form.good_rows.data))
    except TableRefused:
        return _show_people(upload, 409)
    except UploadGone:
        return _gone("desk.send_people")
    if outcome.refused and not form.good_rows.data:
        return _show_people(upload, 409)
    taken = counted(outcome.taken, "person", "people")
    flash(f"{taken} added or changed, {outcome.unchanged} as before, {len(outcome.refused)} refused.")
    return redirect(url_for("desk.send_people"), code=303)


@blueprint.get("/workforce/import/bookings")
@requires(Action.IMPORT_FILES)
def send_bookings() -> ResponseReturnValue:
    """Ask for a file of bookings that were given before."""
    return render_template("desk/import/bookings.html", form=TableForm())


@blueprint.post("/workforce/import/bookings")
@requires(Action.IMPORT_FILES)
def keep_bookings() -> ResponseReturnValue:
    """Keep what was sent until it is taken, and show what it would bring."""
    form = TableForm()
    upload_id = _kept_table(form, BOOKINGS)
    if upload_id is None:
        return render_template("desk/import/bookings.html", form=form), 422
    return redirect(url_for("desk.preview_bookings", upload_id=upload_id), code=303)


@blueprint.get("/workforce/import/bookings/<int:upload_id>")
@requires(Action.IMPORT_FILES)
def preview_bookings(upload_id: int) -> ResponseReturnValue:
    """Show who would have a place and who would wait, and which rows cannot be taken; nothing is written yet."""
    upload = uploads.find_upload(viewer.id, BOOKINGS, upload_id)
    return _show_bookings(upload) if upload else _gone("desk.send_bookings")


@blueprint.post("/workforce/import/bookings/<int:upload_id>")
@requires(Action.IMPORT_FILES)
def take_bookings(upload_id: int) -> ResponseReturnValue:
    """Take the bookings of a file; or say what has come in between."""
    upload = uploads.find_upload(viewer.id, BOOKINGS, upload_id)
    if upload is None or not TakeForm().validate_on_submit():
        return _gone("desk.send_bookings")
    try:
        outcome = importing.take_bookings_file(upload, by=viewer.id)
    except TableRefused:
        return _show_bookings(upload, 409)
    except UploadGone:
        return _gone("desk.send_bookings")
    if outcome.refused:
        return _show_bookings(upload, 409)
    taken = counted(outcome.taken, "booking")
    flash(f"{taken} taken, {outcome.unchanged} there already, {len(outcome.held_back)} held back.")
    return redirect(url_for("desk.index"), code=303)


def _kept_table(form: TableForm, kind: str) -> int | None:
    """Keep a table that was sent until it is taken, and return its number; None where it is none."""
    if not form.validate_on_submit():
        return None
    filename, content = sent_file(form.file)
    try:
        read_table(filename, content)
    except TableRefused as refused:
        form.file.errors = [refused.reason]
        return None
    return uploads.keep_upload(viewer.id, kind, filename, content, {})


def _timetable_form() -> TimetableForm:
    """Make the form with the programmes of the viewer's organisation."""
    form = TimetableForm()
    form.offer((each.code, each.title) for each in catalogue.programmes_of([viewer.organisation_id]))
    return form


def _show_timetable(upload: Upload, *, columns: ColumnsForm | None = None, status: int = 200) -> ResponseReturnValue:
    """Render what a timetable would bring."""
    try:
        page = previews.preview_timetable(upload)
    except UploadGone:
        return _gone("desk.send_timetable")
    shown = {"page": page, "take": TakeForm(), "form": columns or columns_form(page.fields)}
    return render_template("desk/import/timetable_preview.html", **shown), status


def _show_people(upload: Upload, status: int = 200) -> ResponseReturnValue:
    """Render what a file of people would bring."""
    page = previews.preview_people(upload, by=viewer.id)
    return render_template("desk/import/people_preview.html", page=page, take=TakeForm()), status


def _show_bookings(upload: Upload, status: int = 200) -> ResponseReturnValue:
    """Render what a file of bookings would bring."""
    page = previews.preview_bookings(upload, by=viewer.id)
    return render_template("desk/import/bookings_preview.html", page=page, take=TakeForm()), status


def _gone(endpoint: str) -> ResponseReturnValue:
    """Say that a file is not here any more, and where to send it again."""
    return render_template("desk/import/gone.html", again=url_for(endpoint)), 404
