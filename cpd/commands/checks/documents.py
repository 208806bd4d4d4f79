"""Frozen decisions: each decision has its document, and each document is what was signed and comes out the same."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import exists, func, select

from cpd.commands.checks.check import Check
from cpd.progression.documents import reading
from cpd.progression.documents.models import DecisionDocument
from cpd.progression.panels.models import PanelCase
from cpd.progression.requests.models import ProgressionRequest
from cpd.shared.database import db

DECIDED = ("enacted", "refused", "not_yet")


def missing_documents() -> Iterator[str]:
    """Find cases that a panel has decided and requests that have ended, of which nothing was frozen."""
    of_case = exists().where(DecisionDocument.occasion == "panel", DecisionDocument.panel_case_id == PanelCase.id)
    wanted = select(PanelCase.id).where(PanelCase.status == "decided", ~of_case).order_by(PanelCase.id)
    yield from (f"panel case {number} is decided and has no document" for number in db.session.scalars(wanted))
    of_request = exists().where(
        DecisionDocument.occasion == "request", DecisionDocument.progression_request_id == ProgressionRequest.id
    )
    ended = select(ProgressionRequest.id).where(ProgressionRequest.status.in_(DECIDED), ~of_request)
    wanted = ended.order_by(ProgressionRequest.id)
    yield from (f"request {number} has ended and has no document" for number in db.session.scalars(wanted))


def altered_documents() -> Iterator[str]:
    """Check every document: its fingerprint, its signature, and its standing worked out anew."""
    for found in reading.every_document():
        check = reading.checked(found)
        if not check.is_unchanged:
            yield f"document {found.id} is not what was signed: its text or its fingerprint was altered"
        elif not check.is_signed:
            yield f"document {found.id} is not signed by its key"
        elif check.differs:
            yield f"document {found.id} comes out differently when it is worked out anew: {', '.join(check.differs)}"


def _decided() -> int:
    cases = select(func.count(PanelCase.id)).where(PanelCase.status == "decided")
    ended = select(func.count(ProgressionRequest.id)).where(ProgressionRequest.status.in_(DECIDED))
    return (db.session.scalar(cases) or 0) + (db.session.scalar(ended) or 0)


CHECKS = (
    Check("documents of decisions", missing_documents, _decided, "decisions"),
    Check("signed documents", altered_documents, reading.count_documents, "documents"),
)
