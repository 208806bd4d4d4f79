"""Pages of documents: each as it was frozen, on paper and as a file; lists of them; checking one; the public keys."""

from __future__ import annotations

import json

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cpd.people import service as people
from cpd.progression.documents import reading
from cpd.progression.documents.forms import CheckForm
from cpd.progression.documents.paper import document_pdf
from cpd.progression.documents.reading import DocumentFacts
from cpd.progression.documents.rules import Occasion, Reading, is_code_of, reading_of
from cpd.progression.documents.showing import shown_document, shown_list
from cpd.shared.access import requires, viewer
from cpd.shared.permissions import Action
from cpd.shared.roles import Role
from cpd.shared.signing import public_keys
from cpd.study.managers import manager_of

blueprint = Blueprint("documents", __name__)


@blueprint.get("/my/documents")
@requires(Action.SEE_OWN_RECORD)
def mine() -> ResponseReturnValue:
    """Every decision about me, as it was frozen."""
    rows = shown_list(reading.documents_of(viewer.id))
    return render_template("progression/documents/list.html", rows=rows, person=None)


@blueprint.get("/people/<int:person_id>/documents")
@requires(Action.SEE_DECISIONS)
def of_person(person_id: int) -> ResponseReturnValue:
    """The decisions about somebody that I may read."""
    if person_id == viewer.id:
        return redirect(url_for("documents.mine"))
    person = people.people_of(viewer.organisation_id, [person_id]).get(person_id) or abort(404)
    is_manager = manager_of(person_id) == viewer.id
    found = [each for each in reading.documents_of(person_id) if _reading(each, is_manager=is_manager)]
    if not found and not (is_manager or Role.WORKFORCE_DEVELOPMENT in viewer.roles):
        abort(404)
    return render_template("progression/documents/list.html", rows=shown_list(found), person=person)


@blueprint.get("/progression/documents/<int:document_id>")
@requires(Action.SEE_DECISIONS)
def document(document_id: int) -> ResponseReturnValue:
    """A document as it was frozen, with what a check of it comes to."""
    found, how_much = _readable_or_404(document_id)
    page = shown_document(found, how_much, is_own=found.person_id == viewer.id)
    return render_template("progression/documents/one.html", page=page, check=reading.checked(found))


@blueprint.get("/progression/documents/<int:document_id>.pdf")
@requires(Action.SEE_DECISIONS)
def paper(document_id: int) -> ResponseReturnValue:
    """The same on paper."""
    found, how_much = _readable_or_404(document_id)
    content = document_pdf(shown_document(found, how_much, is_own=found.person_id == viewer.id))
    return _download(content, f"decision-{found.id}.pdf", "application/pdf")


@blueprint.get("/progression/documents/<int:document_id>.json")
@requires(Action.SEE_DECISIONS)
def file(document_id: int) -> ResponseReturnValue:
    """The signed text itself with its signature and the public key, for whoever may read the whole."""
    found, how_much = _readable_or_404(document_id)
    if how_much is not Reading.WHOLE:
        abort(404)
    content = json.dumps(found.download, ensure_ascii=False, indent=1).encode()
    return _download(content, f"decision-{found.id}.json", "application/json")


@blueprint.get("/progression/documents/of-<any(case, request):what>/<int:number>")
@requires(Action.SEE_DECISIONS)
def newest(what: str, number: int) -> ResponseReturnValue:
    """Go to the newest document of a panel's case, or of a request, that I may read."""
    newest_one = reading.newest_of(Occasion.PANEL if what == "case" else Occasion.REQUEST, number) or abort(404)
    found, _ = _readable_or_404(newest_one.id)
    return redirect(url_for("documents.document", document_id=found.id))


@blueprint.get("/progression/documents/check")
@requires(Action.SEE_DECISIONS)
def check() -> ResponseReturnValue:
    """Say whether a paper is a document of ours, without saying what stands in it."""
    form = CheckForm()
    if not request.args:
        return render_template("progression/documents/check.html", form=form, asked=False, found=None)
    if not form.validate():
        return render_template("progression/documents/check.html", form=form, asked=False, found=None), 422
    found = reading.find_document(form.number.data or 0)
    if found and (
        found.organisation_id != viewer.organisation_id or not is_code_of(found.content_hash, form.code.data or "")
    ):
        found = None
    outcome = reading.checked(found) if found else None
    return render_template("progression/documents/check.html", form=form, asked=True, found=found, outcome=outcome)


@blueprint.get("/progression/documents/key")
@requires(Action.SEE_DECISIONS)
def keys() -> ResponseReturnValue:
    """The public keys by which documents are checked, the newest first."""
    return render_template("progression/documents/keys.html", keys=public_keys())


def _readable_or_404(document_id: int) -> tuple[DocumentFacts, Reading]:
    """Return a document and how much of it the viewer may read."""
    found = reading.find_document(document_id)
    if found is None or found.organisation_id != viewer.organisation_id:
        abort(404)
    how_much = _reading(found, is_manager=manager_of(found.person_id) == viewer.id)
    return (found, how_much) if how_much else abort(404)


def _reading(found: DocumentFacts, *, is_manager: bool) -> Reading | None:
    return reading_of(viewer.id, viewer.roles, found.content, found.person_id, is_manager=is_manager)


def _download(content: bytes, filename: str, kind: str) -> Response:
    """Give something out as a file."""
    return Response(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{filename}"'})
