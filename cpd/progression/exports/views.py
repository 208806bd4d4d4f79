"""HR's pages: the changes that wait, taking them as a file, and the files that were taken."""

from __future__ import annotations

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cpd.progression.exports import files, reading, service
from cpd.progression.exports.reading import ExportFacts
from cpd.progression.exports.rules import HEADINGS
from cpd.progression.exports.service import ExportRefused
from cpd.progression.exports.wording import FAULTS, day_in_words
from cpd.shared.access import requires, viewer
from cpd.shared.forms import Form, HiddenField
from cpd.shared.permissions import Action

blueprint = Blueprint("exports", __name__)

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HOME, HOME_WORDS = "/progression/hr-export", "Changes for HR"


class TakeForm(Form):
    """Up to which change the file is taken: the last one that was on the page."""

    last = HiddenField("The last change")


@blueprint.get(HOME)
@requires(Action.EXPORT_CHANGES)
def index() -> ResponseReturnValue:
    """The changes that stand in no file yet, as the file will say them, and the files that were taken."""
    return render_template(
        "progression/exports/index.html",
        waiting=reading.waiting_changes(viewer.organisation_id),
        exports=reading.page_of_exports(viewer.organisation_id, request.args.get("page", 1, int)),
    )


@blueprint.post(HOME)
@requires(Action.EXPORT_CHANGES)
def take() -> ResponseReturnValue:
    """Take what was on the page as a file: each change stands in one file only."""
    form = TakeForm()
    typed = form.last.data or ""
    if not form.validate_on_submit() or not (typed.isascii() and typed.isdigit() and len(typed) <= 10):  # noqa: PLR2004
        abort(422)
    try:
        export_id = service.take_file(viewer.organisation_id, last_id=int(typed), by=viewer.id)
    except ExportRefused as refused:
        return _refuse(refused)
    flash("The file is made. Download it, enter the changes, then tick it off.")
    return redirect(url_for("exports.one", export_id=export_id), code=303)


@blueprint.get("/progression/hr-export/<int:export_id>")
@requires(Action.EXPORT_CHANGES)
def one(export_id: int) -> ResponseReturnValue:
    """One file: its changes, to be downloaded as often as needed, and ticked off once."""
    export = _ours_or_404(export_id)
    lines = reading.lines_of(export_id)
    return render_template(
        "progression/exports/one.html", export=export, headings=HEADINGS, lines=lines, day_in_words=day_in_words
    )


@blueprint.get("/progression/hr-export/<int:export_id>/changes.csv")
@requires(Action.EXPORT_CHANGES)
def as_csv(export_id: int) -> ResponseReturnValue:
    """The file as CSV."""
    return _file(_ours_or_404(export_id), files.csv_of(reading.lines_of(export_id)), CSV, "csv")


@blueprint.get("/progression/hr-export/<int:export_id>/changes.xlsx")
@requires(Action.EXPORT_CHANGES)
def as_workbook(export_id: int) -> ResponseReturnValue:
    """The file as a workbook."""
    return _file(_ours_or_404(export_id), files.workbook_of(reading.lines_of(export_id)), XLSX, "xlsx")


@blueprint.post("/progression/hr-export/<int:export_id>/entered")
@requires(Action.EXPORT_CHANGES)
def entered(export_id: int) -> ResponseReturnValue:
    """Tick a file off: its changes are entered in HR's own system."""
    _ours_or_404(export_id)
    try:
        service.tick_as_entered(export_id, viewer.organisation_id, by=viewer.id)
    except ExportRefused as refused:
        return _refuse(refused)
    flash("Ticked off: the changes of this file are entered in HR's system.")
    return redirect(url_for("exports.index"), code=303)


def _ours_or_404(export_id: int) -> ExportFacts:
    """Return one of the viewer's organisation's files."""
    return reading.find_export(export_id, viewer.organisation_id) or abort(404)


def _file(export: ExportFacts, content: bytes, media_type: str, ending: str) -> Response:
    """Answer with a file under its number."""
    name = f'attachment; filename="changes-{export.number:04}.{ending}"'
    return Response(content, content_type=media_type, headers={"Content-Disposition": name})


def _refuse(refused: ExportRefused) -> ResponseReturnValue:
    """Say why nothing was done, and what to do instead."""
    reasons = [FAULTS[refused.fault]]
    return render_template("study/refused.html", reasons=reasons, back=HOME, back_to=HOME_WORDS), 409
