"""The facilitator's own list of registers, and the sheet on which people sign with a pen."""

from __future__ import annotations

from flask import Response, current_app, render_template
from flask.typing import ResponseReturnValue

from cpd.attendance import lists
from cpd.attendance.sign_in_sheet import sheet_pdf
from cpd.attendance.views import blueprint, kept_day
from cpd.catalogue import service as catalogue
from cpd.people import service as people
from cpd.shared import clock
from cpd.shared.access import requires, viewer
from cpd.shared.permissions import Action


@blueprint.get("/my/registers")
@requires(Action.KEEP_REGISTER)
def my_registers() -> ResponseReturnValue:
    """The registers of the sessions that I facilitate, today's first."""
    return render_template("attendance/my_registers.html", page=lists.my_registers(viewer.id, clock.now()))


@blueprint.get("/sessions/<int:training_session_id>/sign-in-sheet.pdf")
@requires(Action.KEEP_REGISTER)
def sign_in_sheet(training_session_id: int) -> ResponseReturnValue:
    """The sheet of one day to print, today's or the next unless another is asked for."""
    session, day = kept_day(training_session_id)
    module = catalogue.modules_by_id([session.module_id])[session.module_id]
    base = str(current_app.config["BASE_URL"]).rstrip("/")
    content = sheet_pdf(session, day, module, people.get_person(viewer.id).organisation.name, base)
    disposition = f'attachment; filename="sign-in-sheet-{session.id}-{day.id}.pdf"'
    return Response(content, content_type="application/pdf", headers={"Content-Disposition": disposition})
