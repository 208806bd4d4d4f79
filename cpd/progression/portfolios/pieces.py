"""Pieces of evidence as they are written down: which kind, what is wrong with them, and what was found in them."""

from __future__ import annotations

from typing import Any

from cpd.progression.pathways.service import readiness_of
from cpd.progression.portfolios.facts import ItemFacts
from cpd.progression.portfolios.holding import PortfolioRefused
from cpd.progression.portfolios.identifiers import Found, looked_through
from cpd.progression.portfolios.models import EvidenceItem, Portfolio
from cpd.progression.portfolios.rules import Fault, Piece, faults_of_piece
from cpd.progression.portfolios.texts import text_of
from cpd.schemes.framework import frameworks_on
from cpd.schemes.pathway_shape import EvidenceKind
from cpd.shared import clock
from cpd.shared.database import db
from cpd.shared.kept_files import KeptFile, SentFile, path_of

FILE_PARTS = ("stored_as", "filename", "media_type", "size")
NO_FILE = dict.fromkeys(FILE_PARTS)


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
    portfolio: Portfolio, number: int, piece: Piece, file: dict[str, Any], text: str, *, by: int
) -> EvidenceItem:
    """Write a version of a piece down, with what was found in it; `text` is that of its file."""
    found = found_in(piece, file["filename"] or "", text)
    item = EvidenceItem(
        portfolio_id=portfolio.id,
        item_number=number,
        item_kind=piece.item_kind,
        title=piece.title,
        happened_on=piece.happened_on,
        words=piece.words,
        link=piece.link,
        statements=list(piece.statements),
        found=list(dict.fromkeys(f"{each.kind}:{each.where}" for each in found)),
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


def found_in(piece: Piece, filename: str = "", text: str = "") -> tuple[Found, ...]:
    """List what may tell who somebody is in a piece, in its file's name and, as far as it is read, in its file."""
    return _looked_through(piece.title, piece.words, piece.link, filename, text)


def identifiers_in(item: EvidenceItem | ItemFacts) -> tuple[Found, ...]:
    """Look through a piece again: what was found stands there with its excerpt."""
    is_in_file = any(each.endswith(":file") for each in item.found)
    text = text_of_kept(item.stored_as) if is_in_file else ""
    return _looked_through(item.title, item.words, item.link, item.filename or "", text)


def file_of(kept: KeptFile | None) -> dict[str, Any]:
    """Return the columns of a file, or of none."""
    return {name: getattr(kept, name) for name in FILE_PARTS} if kept else dict(NO_FILE)


def file_there(item: EvidenceItem) -> dict[str, Any]:
    """Return the columns of the file that a piece has."""
    return {name: getattr(item, name) for name in FILE_PARTS}


def text_of_sent(sent: SentFile | None) -> str:
    """Return the text of a file that is sent."""
    return text_of(sent.content) if sent else ""


def text_of_kept(stored_as: str | None) -> str:
    """Return the text of a kept file; empty where there is none, or it is of a kind that is not read."""
    path = path_of(stored_as or "")
    return text_of(path.read_bytes()) if path.is_file() else ""


def _looked_through(title: str, words: str, link: str, filename: str, text: str) -> tuple[Found, ...]:
    """Look through the texts of a piece; in a file's name its signs stand for blanks."""
    name = filename.rpartition(".")[0].replace("_", " ")
    return looked_through({"title": title, "words": words, "link": link, "filename": name, "file": text})
