"""Pages of materials: those who give a session attach and remove them, those who attended download them."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from cpd.attendance.materials import service
from cpd.attendance.materials.forms import MaterialForm
from cpd.attendance.materials.service import UnsafeLink
from cpd.attendance.views import blueprint, kept_session
from cpd.catalogue import service as catalogue
from cpd.shared.access import may, requires, viewer
from cpd.shared.forms import Form
from cpd.shared.kept_files import give_out, takes_files
from cpd.shared.permissions import Action
from cpd.timetable import service as timetable
from cpd.timetable.facts import SessionFacts


@blueprint.get("/sessions/<int:training_session_id>/materials")
@requires(Action.KEEP_MATERIALS)
def materials(training_session_id: int) -> ResponseReturnValue:
    """The materials of a session, for those who attach and remove them."""
    return _show(kept_session(training_session_id).session, MaterialForm(formdata=None))


@blueprint.post("/sessions/<int:training_session_id>/materials")
@requires(Action.KEEP_MATERIALS)
@takes_files
def add_material(training_session_id: int) -> ResponseReturnValue:
    """Attach a file or a link."""
    session = kept_session(training_session_id).session
    form = MaterialForm()
    if not form.validate_on_submit():
        return _show(session, form, 422)
    try:
        _add(session.id, form)
    except UnsafeLink:
        form.refuse_link()
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
    if found is None:
        abort(404)
    return give_out(found.stored_as, found.filename, found.media_type)


def keeps_materials(session: SessionFacts, is_facilitator: bool) -> bool:
    """Say whether the viewer attaches and removes the materials of a session: its facilitators, and its own desk."""
    if may(Action.CHANGE_TIMETABLE) and session.organisation_id == viewer.organisation_id:
        return True
    return may(Action.KEEP_MATERIALS) and is_facilitator


def _add(training_session_id: int, form: MaterialForm) -> None:
    """Attach what was sent. Raises UnsafeLink."""
    title, for_everybody = form.title.data or "", bool(form.for_everybody.data)
    if form.file.sent:
        service.add_material(training_session_id, title, form.file.sent, for_everybody=for_everybody, by=viewer.id)
    else:
        service.add_link(training_session_id, title, form.link.data or "", for_everybody=for_everybody, by=viewer.id)


def _show(session: SessionFacts, form: MaterialForm, status: int = 200) -> ResponseReturnValue:
    """Render the materials of a session."""
    return render_template(
        "attendance/materials/keep.html",
        session=session,
        module=catalogue.modules_by_id([session.module_id])[session.module_id],
        materials=service.materials_of(session.id),
        form=form,
    ), status
