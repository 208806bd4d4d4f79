"""Bringing in files at the desk: send, look at what was understood, then take all of it or nothing."""

from __future__ import annotations

from collections.abc import Callable

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

PREVIEWS = {PEOPLE: previews.preview_people, BOOKINGS: previews.preview_bookings}
"""What each kind of table would bring."""


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
    return _preview(TIMETABLE, upload_id)


@blueprint.post("/workforce/import/timetable/<int:upload_id>/columns")
@requires(Action.IMPORT_FILES)
def choose_columns(upload_id: int) -> ResponseReturnValue:
    """Read the same file again with what was said about its columns."""
    upload = uploads.find_upload(viewer.id, TIMETABLE, upload_id)
    if upload is None:
        return _gone(TIMETABLE)
    form = columns_form(previews.fields_of_upload(upload), sent=True)
    if not form.validate_on_submit():
        return _show_timetable(upload, 422, form)
    uploads.change_options(upload.id, {"mapping": form.mapping()})
    return redirect(url_for("desk.preview_timetable", upload_id=upload.id), code=303)


@blueprint.post("/workforce/import/timetable/<int:upload_id>")
@requires(Action.IMPORT_FILES)
def take_timetable(upload_id: int) -> ResponseReturnValue:
    """Take the timetable whole, as drafts or published; or say what has come in between."""

    def take(upload: Upload, form: TakeForm) -> str | None:
        outcome = importing.take_timetable_file(upload, by=viewer.id, publish=bool(form.publish.data))
        state = "published" if form.publish.data else "drafts"
        new = f"{counted(outcome.sessions, 'session')} with {counted(outcome.session_days, 'day')} taken as {state}"
        there = f"{outcome.updated} changed, {outcome.unchanged} there already"
        return None if outcome.refused else f"{new}, {there}, {len(outcome.held_back)} held back."

    return _take(TIMETABLE, upload_id, take, then="desk.index")


@blueprint.get("/workforce/import/people")
@requires(Action.IMPORT_PEOPLE)
def send_people() -> ResponseReturnValue:
    """Ask for a file of people."""
    return render_template("desk/import/people.html", form=TableForm())


@blueprint.post("/workforce/import/people")
@requires(Action.IMPORT_PEOPLE)
def keep_people() -> ResponseReturnValue:
    """Keep what was sent until it is taken, and show what it would bring."""
    return _keep_table(PEOPLE)


@blueprint.get("/workforce/import/people/<int:upload_id>")
@requires(Action.IMPORT_PEOPLE)
def preview_people(upload_id: int) -> ResponseReturnValue:
    """Show who would be added or changed, and which rows cannot be taken; nothing is written yet."""
    return _preview(PEOPLE, upload_id)


@blueprint.post("/workforce/import/people/<int:upload_id>")
@requires(Action.IMPORT_PEOPLE)
def take_people(upload_id: int) -> ResponseReturnValue:
    """Take the people of a file, or only the rows that are right if that is what was asked for."""

    def take(upload: Upload, form: TakeForm) -> str | None:
        good_rows = bool(form.good_rows.data)
        outcome = importing.take_people_file(upload, by=viewer.id, take_good_rows=good_rows)
        taken = counted(outcome.taken, "person", "people")
        words = f"{taken} added or changed, {outcome.unchanged} as before, {len(outcome.refused)} refused."
        return None if outcome.refused and not good_rows else words

    return _take(PEOPLE, upload_id, take, then="desk.send_people")


@blueprint.get("/workforce/import/bookings")
@requires(Action.IMPORT_FILES)
def send_bookings() -> ResponseReturnValue:
    """Ask for a file of bookings that were given before."""
    return render_template("desk/import/bookings.html", form=TableForm())


@blueprint.post("/workforce/import/bookings")
@requires(Action.IMPORT_FILES)
def keep_bookings() -> ResponseReturnValue:
    """Keep what was sent until it is taken, and show what it would bring."""
    return _keep_table(BOOKINGS)


@blueprint.get("/workforce/import/bookings/<int:upload_id>")
@requires(Action.IMPORT_FILES)
def preview_bookings(upload_id: int) -> ResponseReturnValue:
    """Show who would have a place and who would wait, and which rows cannot be taken; nothing is written yet."""
    return _preview(BOOKINGS, upload_id)


@blueprint.post("/workforce/import/bookings/<int:upload_id>")
@requires(Action.IMPORT_FILES)
def take_bookings(upload_id: int) -> ResponseReturnValue:
    """Take the bookings of a file; or say what has come in between."""

    def take(upload: Upload, _form: TakeForm) -> str | None:
        outcome = importing.take_bookings_file(upload, by=viewer.id)
        words = f"{counted(outcome.taken, 'booking')} taken, {outcome.unchanged} there already"
        return None if outcome.refused else f"{words}, {len(outcome.held_back)} held back."

    return _take(BOOKINGS, upload_id, take, then="desk.index")


def _keep_table(kind: str) -> ResponseReturnValue:
    """Keep a table that was sent until it is taken, and show what it would bring; or say why it is none."""
    form = TableForm()
    if form.validate_on_submit():
        filename, content = sent_file(form.file)
        try:
            read_table(filename, content)
        except TableRefused as refused:
            form.file.errors = [refused.reason]
        else:
            upload_id = uploads.keep_upload(viewer.id, kind, filename, content, {})
            return redirect(url_for(f"desk.preview_{kind}", upload_id=upload_id), code=303)
    return render_template(f"desk/import/{kind}.html", form=form), 422


def _preview(kind: str, upload_id: int) -> ResponseReturnValue:
    """Show what a file would bring."""
    upload = uploads.find_upload(viewer.id, kind, upload_id)
    return _show(kind, upload) if upload else _gone(kind)


def _take(
    kind: str, upload_id: int, take: Callable[[Upload, TakeForm], str | None], *, then: str
) -> ResponseReturnValue:
    """Take a file; `take` says what came of it, and None where rows were refused: then that is shown."""
    upload, form = uploads.find_upload(viewer.id, kind, upload_id), TakeForm()
    if upload is None or not form.validate_on_submit():
        return _gone(kind)
    try:
        words = take(upload, form)
    except TableRefused:
        words = None
    except UploadGone:
        return _gone(kind)
    if words is None:
        return _show(kind, upload, 409)
    flash(words)
    return redirect(url_for(then), code=303)


def _timetable_form() -> TimetableForm:
    """Make the form with the programmes of the viewer's organisation."""
    form = TimetableForm()
    form.offer((each.code, each.title) for each in catalogue.programmes_of([viewer.organisation_id]))
    return form


def _show(kind: str, upload: Upload, status: int = 200) -> ResponseReturnValue:
    """Render what a file would bring."""
    if kind == TIMETABLE:
        return _show_timetable(upload, status)
    page = PREVIEWS[kind](upload, by=viewer.id)
    return render_template(f"desk/import/{kind}_preview.html", page=page, take=TakeForm()), status


def _show_timetable(upload: Upload, status: int = 200, columns: ColumnsForm | None = None) -> ResponseReturnValue:
    """Render what a timetable would bring, with what each of its columns stands for."""
    try:
        page = previews.preview_timetable(upload)
    except UploadGone:
        return _gone(TIMETABLE)
    shown = {"page": page, "take": TakeForm(), "form": columns or columns_form(page.fields)}
    return render_template("desk/import/timetable_preview.html", **shown), status


def _gone(kind: str) -> ResponseReturnValue:
    """Say that a file is not here any more, and where to send it again."""
    return render_template("desk/gone.html", what="file", again=url_for(f"desk.send_{kind}")), 404
