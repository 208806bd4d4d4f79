"""A record as a page, as a PDF and as a table: my own, and those of my team or of Workforce Development's people."""

from __future__ import annotations

from flask import Response, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from cpd.attendance.missed import missed_by
from cpd.home.person import progression_of_person
from cpd.home.record import record_page
from cpd.home.record_paper import record_csv, record_pdf
from cpd.home.views import blueprint
from cpd.people import service as people
from cpd.record.claims.reading import unaccepted_claims_of
from cpd.shared import clock
from cpd.shared.access import may, requires, viewer
from cpd.shared.permissions import Action

BESIDE = {
    "documents": "Decisions",
    "study-days": "Study days",
    "protected-time": "Protected time",
    "credits": "Credits",
    "awards": "Awards",
    "plan": "Development plan",
    "away": "Time away",
    "certificates": "Certificates",
}
"""What else there is to see of somebody: the end of its address, and what it is called."""


@blueprint.get("/my/record")
@requires(Action.SEE_OWN_RECORD)
def record() -> ResponseReturnValue:
    """All that is known of me: how far I am, what must be repeated, and where each fact comes from."""
    page = record_page(viewer.id, viewer.organisation_id)
    known = {"page": page, "claims": unaccepted_claims_of(viewer.id), "missed": missed_by(viewer.id)}
    return render_template("home/record.html", **known, name=viewer.name, mine=True, address="/my/record")


@blueprint.get("/my/record.pdf")
@requires(Action.SEE_OWN_RECORD)
def record_as_pdf() -> ResponseReturnValue:
    """My record on paper."""
    return _pdf(viewer.id, viewer.name)


@blueprint.get("/my/record.csv")
@requires(Action.SEE_OWN_RECORD)
def record_as_table() -> ResponseReturnValue:
    """Every fact of my record, for a spreadsheet."""
    return _csv(viewer.id)


@blueprint.get("/people/<int:person_id>")
@requires(Action.SEE_PERSON)
def person(person_id: int) -> ResponseReturnValue:
    """Somebody's record as her manager or Workforce Development sees it."""
    if person_id == viewer.id:
        return redirect(url_for("home.record"))
    name = _name_of(person_id)
    page = record_page(person_id, viewer.organisation_id)
    address = f"/people/{person_id}/record"
    progression = progression_of_person(person_id, as_manager=not may(Action.PRINT_CERTIFICATES))
    return render_template(
        "home/record.html",
        page=page,
        name=name,
        mine=False,
        address=address,
        beside=_beside(),
        progression=progression,
    )


@blueprint.get("/people/<int:person_id>/record.pdf")
@requires(Action.SEE_PERSON)
def person_as_pdf(person_id: int) -> ResponseReturnValue:
    """Somebody's record on paper."""
    return _pdf(person_id, _name_of(person_id))


@blueprint.get("/people/<int:person_id>/record.csv")
@requires(Action.SEE_PERSON)
def person_as_table(person_id: int) -> ResponseReturnValue:
    """Every fact of somebody's record, for a spreadsheet."""
    _name_of(person_id)
    return _csv(person_id)


def _beside() -> list[tuple[str, str]]:
    """List what else the viewer may see of somebody whose record she sees, each with the end of its address."""
    officer = may(Action.PRINT_CERTIFICATES)
    shown = {"plan": not officer, "certificates": officer}  # a plan is her manager's alone
    return [(part, words) for part, words in BESIDE.items() if shown.get(part, True)]


def _name_of(person_id: int) -> str:
    """Return the name of somebody whose record the viewer may see today, else 404."""
    found = people.find_visible(viewer.id, viewer.organisation_id, viewer.roles, person_id, clock.today())
    if found is None:
        abort(404)
    return found.name


def _pdf(person_id: int, name: str) -> Response:
    page = record_page(person_id, viewer.organisation_id)
    content = record_pdf(page, name, people.get_person(viewer.id).organisation.name, clock.today())
    return _file(content, "application/pdf", "pdf")


def _csv(person_id: int) -> Response:
    return _file(record_csv(record_page(person_id, viewer.organisation_id)), "text/csv; charset=utf-8", "csv")


def _file(content: bytes, kind: str, ending: str) -> Response:
    """Answer with a file that is saved under a name without a person's."""
    disposition = f'attachment; filename="training-record.{ending}"'
    return Response(content, content_type=kind, headers={"Content-Disposition": disposition})
