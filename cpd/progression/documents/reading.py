"""Documents as they were frozen, and whether they still are."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import aliased

from cpd.progression.documents.models import DecisionDocument
from cpd.progression.documents.rules import Frozen, Occasion, what_differs
from cpd.shared.database import LARGEST_ID, db
from cpd.shared.seal_chain import sha256
from cpd.shared.signing import SigningKey, fingerprint_of, is_signed

AT_A_TIME = 100


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check of a document came to: each part, and `differs` names lines of which something else comes out."""

    is_unchanged: bool
    is_signed: bool
    differs: tuple[str, ...]

    @property
    def is_well(self) -> bool:
        """Whether nothing is wrong."""
        return self.is_unchanged and self.is_signed and not self.differs


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """A document: about whom, made when, its frozen `text`, and which one replaces it."""

    id: int
    organisation_id: int
    person_id: int
    occasion: Occasion
    panel_case_id: int | None
    request_id: int | None
    replaces_id: int | None
    replaced_by_id: int | None
    text: str
    content_hash: str
    key_fingerprint: str
    signature: str
    public_key: str
    made_on: date
    made_at: datetime

    @property
    def content(self) -> Frozen:
        """What it says. Raises ValueError where it is no JSON any more."""
        content: Frozen = json.loads(self.text)
        return content

    @property
    def download(self) -> Frozen:
        """What is given out to be checked elsewhere: the frozen text itself, its hash, the signature and the key."""
        return {
            "number": self.id,
            "document": self.text,
            "sha256": self.content_hash,
            "signature": self.signature,
            "algorithm": "Ed25519",
            "public_key": self.public_key,
            "key_fingerprint": self.key_fingerprint,
        }


def checked(found: DocumentFacts) -> Checked:
    """Check a document that is kept here."""
    return checked_text(found.text, found.content_hash, found.signature, found.public_key, found.key_fingerprint)


def checked_text(text: str, content_hash: str, signature: str, public_key: str, fingerprint: str) -> Checked:
    """Check a frozen text: its hash, its signature by the key of this fingerprint, and its standing worked out anew."""
    try:
        is_key = fingerprint_of(public_key) == fingerprint
    except ValueError:
        is_key = False
    try:
        differs = tuple(what_differs(json.loads(text)))
    except (ValueError, AttributeError):
        differs = ("unreadable",)
    return Checked(sha256(text) == content_hash, is_key and is_signed(text, signature, public_key), differs)


def find_document(document_id: int) -> DocumentFacts | None:
    """Return a document, or None. One query."""
    return next(iter(_documents(DecisionDocument.id == min(document_id, LARGEST_ID))), None)


def documents_of(person_id: int) -> list[DocumentFacts]:
    """List the documents about somebody, the newest first. One query."""
    return _documents(DecisionDocument.person_id == person_id)


def newest_of(occasion: Occasion, number: int) -> DocumentFacts | None:
    """Return the newest document of a case, or of a request, by its id; or None. One query."""
    which = DecisionDocument.panel_case_id if occasion is Occasion.PANEL else DecisionDocument.progression_request_id
    found = _documents(DecisionDocument.occasion == occasion, which == min(number, LARGEST_ID))
    return found[0] if found else None


def documents_between(
    organisation_id: int, first: date, last: date, *, limit: int | None = None, offset: int = 0
) -> list[DocumentFacts]:
    """List an organisation's documents of a period, both days within it, the newest first. One query."""
    return _documents(*_made_between(organisation_id, first, last), limit=limit, offset=offset)


def count_between(organisation_id: int, first: date, last: date) -> int:
    """Count an organisation's documents of a period. One query."""
    wanted = select(func.count(DecisionDocument.id)).where(*_made_between(organisation_id, first, last))
    return db.session.scalar(wanted) or 0


def count_documents() -> int:
    """Count all documents. One query."""
    return db.session.scalar(select(func.count(DecisionDocument.id))) or 0


def every_document() -> Iterator[DocumentFacts]:
    """Read every document in turn, a few rows at a time."""
    few = {"yield_per": AT_A_TIME}
    with db.session.execute(_wanted().order_by(DecisionDocument.id), execution_options=few) as rows:
        for row in rows:
            yield _document(row)


_later = aliased(DecisionDocument)


def _wanted() -> Select[*tuple[Any, ...]]:
    """Select documents in the order of the parts of `DocumentFacts`."""
    return (
        select(
            DecisionDocument.id,
            DecisionDocument.organisation_id,
            DecisionDocument.person_id,
            DecisionDocument.occasion,
            DecisionDocument.panel_case_id,
            DecisionDocument.progression_request_id,
            DecisionDocument.replaces_id,
            _later.id.label("replaced_by_id"),
            DecisionDocument.content,
            DecisionDocument.content_hash,
            DecisionDocument.key_fingerprint,
            DecisionDocument.signature,
            func.coalesce(SigningKey.public_key, "").label("public_key"),
            DecisionDocument.made_on,
            DecisionDocument.made_at,
        )
        .outerjoin(_later, _later.replaces_id == DecisionDocument.id)
        .outerjoin(SigningKey, SigningKey.fingerprint == DecisionDocument.key_fingerprint)
    )


def _made_between(organisation_id: int, first: date, last: date) -> tuple[ColumnElement[bool], ...]:
    return DecisionDocument.organisation_id == organisation_id, DecisionDocument.made_on.between(first, last)


def _documents(*conditions: ColumnElement[bool], limit: int | None = None, offset: int = 0) -> list[DocumentFacts]:
    """Read documents, the newest first."""
    wanted = _wanted().where(*conditions).order_by(DecisionDocument.id.desc())
    rows = db.session.execute(wanted.limit(limit).offset(offset))
    return [_document(row) for row in rows]


def _document(row: Any) -> DocumentFacts:
    number, organisation_id, person_id, occasion, *rest = row
    return DocumentFacts(number, organisation_id, person_id, Occasion(occasion), *rest)
