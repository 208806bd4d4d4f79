"""Pieces of evidence as they are written down: which kind, what is wrong with them, and what was found in them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from cpd.progression.pathways.service import readiness_of
from cpd.progression.portfolios.facts import ItemFacts
from cpd.progression.portfolios.holding import PortfolioRefused
from cpd.progression.portfolios.identifiers import Found
from cpd.progression.portfolios.looking import looked_through_at
from cpd.progression.portfolios.models import EvidenceItem, Portfolio
from cpd.progression.portfolios.rules import Fault, Piece, faults_of_piece
from cpd.progression.portfolios.texts import Text, text_of
from cpd.schemes.framework import frameworks_on
from cpd.schemes.pathway_shape import EvidenceKind
from cpd.shared import clock
from cpd.shared.database import db
from cpd.shared.kept_files import KeptFile, SentFile, path_of

FILE_PARTS = ("stored_as", "filename", "media_type", "size", "file_read")
NO_FILE = dict.fromkeys(FILE_PARTS)
IN_FILE = "file"
"""Where something was found that stands in the file itself."""


def kind_for(person_id: int, evidence_kind: str) -> tuple[EvidenceKind, int]:
    """Return a kind of evidence as the rules have it that somebody is under, and their version.

    Raises PortfolioRefused where she is on no pathway, or her scheme asks for no such evidence.
    """
    found = readiness_of([person_id], clock.today())[person_id]
    if found.why_not or found.terms is None:
        raise PortfolioRefused(Fault.NOT_ON_A_WAY)
    kind = found.terms.evidence.get(evidence_kind)
    if kind is None:
        raise PortfolioRefused(Fault.NO_SUCH_KIND)
    return kind, found.terms.scheme_version_id


def faults_in(piece: Piece, kind: EvidenceKind, *, has_file: bool) -> list[Fault]:
    """List what is wrong with a piece, by the standards in force on its day."""
    valid = {ref for framework in frameworks_on(piece.happened_on) for ref in framework.refs}
    return faults_of_piece(piece, kind, has_file=has_file, today=clock.today(), valid_then=valid)


def write_piece(
    portfolio: Portfolio, number: int, piece: Piece, file: dict[str, Any], in_file: Collection[str] = (), *, by: int
) -> EvidenceItem:
    """Write a version of a piece down, with what was found in it; `in_file` is that of its file, as it is kept."""
    found = (_as_kept(each) for each in found_in(piece, portfolio.organisation_id, file["filename"] or ""))
    item = EvidenceItem(
        portfolio_id=portfolio.id,
        item_number=number,
        item_kind=piece.item_kind,
        title=piece.title,
        happened_on=piece.happened_on,
        words=piece.words,
        link=piece.link,
        statements=list(piece.statements),
        found=list(dict.fromkeys((*found, *in_file))),
        answer="",
        recorded_at=clock.real_now(),
        recorded_by_id=by,
        **file,
    )
    db.session.add(item)
    db.session.flush()
    return item


def end_piece(item: EvidenceItem, *, by: int, reason: str) -> None:
    """End a version of a piece; it stays as what it was."""
    item.superseded_at, item.superseded_by_id, item.supersede_reason = clock.real_now(), by, reason
    db.session.flush()


def found_in(piece: Piece | EvidenceItem | ItemFacts, organisation_id: int, filename: str = "") -> tuple[Found, ...]:
    """List what may tell who somebody is in what was typed of a piece and in its file's name, not in the file."""
    name = filename.rpartition(".")[0].replace("_", " ")  # in a file's name its signs stand for blanks
    texts = {"title": piece.title, "words": piece.words, "link": piece.link, "filename": name}
    return looked_through_at(organisation_id, texts)


def found_in_comments(comments: str, organisation_id: int) -> tuple[Found, ...]:
    """List what may tell who somebody is in what a reviewer wrote."""
    return looked_through_at(organisation_id, {"comments": comments})


def found_in_file(text: Text, organisation_id: int) -> list[str]:
    """List what may tell who somebody is in a file, as it is kept with the piece."""
    return list(dict.fromkeys(_as_kept(each) for each in looked_through_at(organisation_id, {IN_FILE: text.words})))


def found_in_file_of(item: EvidenceItem) -> list[str]:
    """List what was found in the file of a piece when it was sent."""
    return [each for each in item.found if each.endswith(f":{IN_FILE}")]


def identifiers_in(item: ItemFacts, organisation_id: int) -> tuple[Found, ...]:
    """Look through a piece again, and its file where something was found in it: each stands there with its excerpt."""
    is_in_file = any(each.endswith(f":{IN_FILE}") for each in item.found)
    path = path_of(item.stored_as or "")
    words = text_of(path.read_bytes()).words if is_in_file and path.is_file() else ""
    typed = found_in(item, organisation_id, item.filename or "")
    return (*typed, *looked_through_at(organisation_id, {IN_FILE: words}))


def file_of(kept: KeptFile | None, text: Text) -> dict[str, Any]:
    """Return the columns of a file with how much of it was read, or of none."""
    if kept is None:
        return dict(NO_FILE)
    return {
        "stored_as": kept.stored_as,
        "filename": kept.filename,
        "media_type": kept.media_type,
        "size": kept.size,
        "file_read": text.read,
    }


def file_there(item: EvidenceItem) -> dict[str, Any]:
    """Return the columns of the file that a piece has."""
    return {name: getattr(item, name) for name in FILE_PARTS}


def text_of_sent(sent: SentFile | None) -> Text:
    """Return the text of a file that is sent. A large one takes seconds: read it before anything is held."""
    return text_of(sent.content) if sent else Text()


def _as_kept(found: Found) -> str:
    """`name:words`: what was found and where, without what it says."""
    return f"{found.kind}:{found.where}"
