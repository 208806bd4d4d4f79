"""Pages of materials: those who give a session attach and remove them, those who attended download them."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from cpd.attendance.materials import files, service
from cpd.attendance.materials.forms import MaterialForm
from cpd.attendance.materials.rules import LARGEST, kind_of
from cpd.attendance.materials.service import MaterialRefused, Sent
from cpd.attendance.views import blueprint, kept_session
from cpd.catalogue import service as catalogue
from cpd.shared.access import may, requires, viewer
from cpd.shared.forms import Form
from cpd.shared.permissions import Action
from cpd.timetable import service as timetable
from cpd.timetable.facts import SessionFacts

FOR_THE_REST_OF_THE_FORM = 64 * 1024
DOWNLOAD_POLICY = "default-src 'none'; sandbox"


@blueprint.app_url_value_preprocessor
def _allow_larger_files(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Let the form of materials be larger than all others, before anything reads it."""
    if endpoint == "attendance.add_material":
        request.max_content_length = LARGEST + FOR_THE_REST_OF_THE_FORM


@blueprint.get("/sessions/<int:training_session_id>/materials")
@requires(Action.KEEP_MATERIALS)
def materials(training_session_id: int) -> ResponseReturnValue:
    """The materials of a session, for those who attach and remove them."""
    return _show(kept_session(training_session_id).session, MaterialForm(formdata=None))


@blueprint.post("/sessions/<int:training_session_id>/materials")
@requires(Action.KEEP_MATERIALS)
def add_material(training_session_id: int) -> ResponseReturnValue:
    """Attach a file or a link."""
    session = kept_session(training_session_id).session
    form = MaterialForm()
    if not form.validate_on_submit():
        return _show(session, form, 422)
    try:
        _add(session.id, form)
    except MaterialRefused as refused:
        form.refuse(refused.reason)
        return _show(session, form, 422)
    flash(f"{form.title.data} is attached.")
    return redirect(url_for("attendance.materials", training_session_id=session.id), code=303)


@blueprint.post("/sessions/<int:training_session_id>/materials/<int:material_id>/remove")
@requires(Action.KEEP_MATERIALS)
def remove_material(training_session_id: int, material_id: int) -> ResponseReturnValue:
    """Remove a material."""
    session = kept_session(training_session_id).session
    if not Form().validate_on_submit():
        return render_template("errors/400.html"), 422
    try:
        service.remove_material(session.id, material_id, by=viewer.id)
    except LookupError:
        abort(404)
    flash("It is removed. Nobody can open it any more.")
    return redirect(url_for("attendance.materials", training_session_id=session.id), code=303)


@blueprint.get("/materials/<int:material_id>")
@requires(Action.SEE_MATERIALS)
def download(material_id: int) -> ResponseReturnValue:
    """Give out a file: always to be saved and never to be shown by the browser, whatever is in it."""
    session_id = service.session_of(material_id)
    session = timetable.find_session(session_id, viewer.organisation_id) if session_id else None
    if session is None:
        abort(404)
    keeps = keeps_materials(session, timetable.facilitates(viewer.id, session.id))
    found = service.file_of(viewer.id, material_id, keeps=keeps) if keeps or session.status != "draft" else None
    if found is None or not found.path.is_file():
        abort(404)
    answer = send_file(
        found.path,
        mimetype=found.media_type,
        as_attachment=True,
        download_name=found.filename,
        etag=False,
        max_age=None,
    )
    answer.headers["Content-Security-Policy"] = DOWNLOAD_POLICY
    answer.headers["Cache-Control"] = "no-store"
    return answer


def keeps_materials(session: SessionFacts, is_facilitator: bool) -> bool:
    """Say whether the viewer attaches and removes the materials of a session: its facilitators, and its own desk."""
    if may(Action.CHANGE_TIMETABLE) and session.organisation_id == viewer.organisation_id:
        return True
    return may(Action.KEEP_MATERIALS) and is_facilitator


def _add(training_session_id: int, form: MaterialForm) -> None:
    """Attach what was sent. Raises MaterialRefused."""
    title, for_everybody = form.title.data or "", bool(form.for_everybody.data)
    if form.link.data:
        service.add_link(training_session_id, title, form.link.data, for_everybody=for_everybody, by=viewer.id)
        return
    content = form.file.data.read()
    kind = kind_of(content)
    sent = Sent(form.file.data.filename or "", kind, files.keep_file(content), len(content))
    service.add_material(training_session_id, title, sent, for_everybody=for_everybody, by=viewer.id)


def _show(session: SessionFacts, form: MaterialForm, status: int = 200) -> ResponseReturnValue:
    """Render the materials of a session."""
    return render_template(
        "attendance/materials/keep.html",
        session=session,
        module=catalogue.modules_by_id([session.module_id])[session.module_id],
        materials=service.materials_of(session.id),
        form=form,
    ), status
