"""Preparing evidence: pieces added, changed and taken out, and the whole locked once it is handed in."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import func, select

from cpd.people import service as people
from cpd.progression.portfolios import telling
from cpd.progression.portfolios.holding import (
    PortfolioRefused,
    days_on_record,
    items_of,
    kind_of,
    lock_portfolio,
    move_to,
    portfolios_where,
    refuse,
    remember,
)
from cpd.progression.portfolios.judging import (
    accept,
    give_back,
    open_it,
    record_seen,
    reopen,
    return_after_panel,
    stand_as_before_panel,
)
from cpd.progression.portfolios.models import EvidenceItem, Portfolio
from cpd.progression.portfolios.pieces import (
    end_piece,
    faults_in,
    file_of,
    file_there,
    found_in,
    found_in_file,
    found_in_file_of,
    kind_for,
    text_of_sent,
    write_piece,
)
from cpd.progression.portfolios.rules import (
    LOCKED,
    OPEN,
    WHOLE,
    Fault,
    Happening,
    Piece,
    PortfolioStatus,
    against_adding,
    against_handing_in,
    against_taking_back,
)
from cpd.progression.portfolios.texts import Text
from cpd.schemes.pathway_shape import EvidenceKind
from cpd.shared import clock
from cpd.shared.database import LARGEST_ID, db
from cpd.shared.kept_files import KeptFile, SentFile, keeping
from cpd.shared.unit_of_work import one_transaction

__all__ = [
    "PortfolioRefused",
    "accept",
    "add_piece",
    "answer",
    "change_piece",
    "give_back",
    "hand_in",
    "open_it",
    "record_seen",
    "remove_piece",
    "reopen",
    "return_after_panel",
    "stand_as_before_panel",
    "take_back",
]


def add_piece(
    person_id: int, evidence_kind: str, piece: Piece, sent: SentFile | None, *, ticked: Collection[str] = ()
) -> int:
    """Add a piece to what she prepares, which begins with its first piece; returns the piece's id.

    `ticked` are the parts that she says are in a whole portfolio, or in a single piece.

    Raises:
        PortfolioRefused: every reason against it.
        LookupError: there is no such person.
    """
    with keeping(sent) as kept:
        return _add(person_id, evidence_kind, piece, kept, text_of_sent(sent), ticked)


def change_piece(
    item_id: int,
    piece: Piece,
    sent: SentFile | None,
    *,
    by: int,
    without_file: bool = False,
    ticked: Collection[str] | None = None,
) -> int:
    """Change a piece: the earlier version stays beside the new one, whose id is returned.

    Without a new file the one that is there stays, unless it is to go. Of two windows the second is refused.

    Raises:
        PortfolioRefused: every reason against it.
        LookupError: she has no such piece.
    """
    with keeping(sent) as kept:
        return _change(item_id, piece, kept, text_of_sent(sent), by=by, without_file=without_file, ticked=ticked)


@one_transaction
def remove_piece(item_id: int, *, by: int) -> None:
    """Take a piece out of what she prepares; it stays in the history.

    Raises:
        PortfolioRefused: it is locked, or was changed or taken out meanwhile.
        LookupError: she has no such piece.
    """
    portfolio, item = _hers(item_id, by)
    end_piece(item, by=by, reason="Taken out")
    if item.item_kind == WHOLE:
        portfolio.ticked = []
    remember("piece_taken_out", portfolio, by=by, item_number=item.item_number)


@one_transaction
def answer(item_id: int, words: str, *, by: int) -> None:
    """Say why what was found in a piece tells nobody who somebody is; it is kept with the piece.

    Raises:
        PortfolioRefused: it is locked or was changed meanwhile, or there is no answer.
        LookupError: she has no such piece.
    """
    portfolio, item = _hers(item_id, by)
    if not words.strip():
        raise PortfolioRefused(Fault.NO_ANSWER)
    item.answer = words
    remember("identifiers_answered", portfolio, by=by, item_number=item.item_number, found=item.found)


@one_transaction
def hand_in(person_id: int, evidence_kind: str) -> int:
    """Hand in what she has prepared, which locks it, and tell who accepts it; returns the portfolio's id.

    Raises:
        PortfolioRefused: every reason against it. That a part is missing is none (B3).
        LookupError: there is no such person, or she prepares nothing of the kind.
    """
    people.lock_persons([person_id])
    portfolio = _open_one(person_id, evidence_kind)
    if portfolio is None:
        raise LookupError(f"There is no evidence of the kind {evidence_kind} in preparation")
    kind_for(person_id, evidence_kind)
    items = items_of(portfolio)
    unanswered = sum(bool(each.found) and not each.answer for each in items)
    days = [] if portfolio.is_portfolio else [each.happened_on for each in items]
    accepted = days_on_record(person_id, evidence_kind)
    refuse(against_handing_in(PortfolioStatus(portfolio.status), len(items), unanswered, days, accepted))
    portfolio.hand_ins += 1
    portfolio.handed_in_at, portfolio.decided_at, portfolio.decided_by_id = clock.now(), None, None
    move_to(portfolio, PortfolioStatus.HANDED_IN, Happening.HANDED_IN, by=person_id)
    telling.ask_to_look(portfolio)
    return portfolio.id


@one_transaction
def take_back(portfolio_id: int, *, by: int) -> None:
    """Take back what she has handed in, as long as nobody has opened it; it is hers to change again.

    Raises:
        PortfolioRefused: it is not handed in, or somebody looks at it already.
        LookupError: she has no such portfolio.
    """
    portfolio = lock_portfolio(portfolio_id)
    if portfolio.person_id != by:
        raise LookupError(f"There is no portfolio {portfolio_id} of hers")
    status = PortfolioStatus(portfolio.status)
    refuse(against_taking_back(status, is_opened=portfolio.opened_at is not None))
    move_to(portfolio, PortfolioStatus.PREPARING, Happening.TAKEN_BACK, by=by)


@one_transaction
def _add(
    person_id: int, evidence_kind: str, piece: Piece, kept: KeptFile | None, text: Text, ticked: Iterable[str]
) -> int:
    """Write a new piece down."""
    people.lock_persons([person_id])
    kind, scheme_version_id = kind_for(person_id, evidence_kind)
    portfolio = _open_one(person_id, evidence_kind)
    if portfolio:
        kind = kind_of(portfolio)
    there = [each.item_kind for each in items_of(portfolio)] if portfolio else []
    status = PortfolioStatus(portfolio.status) if portfolio else None
    refuse(against_adding(status, piece.item_kind, there) or faults_in(piece, kind, has_file=kept is not None))
    portfolio = portfolio or _begin(person_id, kind, scheme_version_id)
    newest = select(func.max(EvidenceItem.item_number)).where(EvidenceItem.portfolio_id == portfolio.id)
    number = (db.session.scalar(newest) or 0) + 1
    item = write_piece(
        portfolio, number, piece, file_of(kept, text), found_in_file(text, portfolio.organisation_id), by=person_id
    )
    _tick(portfolio, kind, piece.item_kind, ticked)
    remember("piece_added", portfolio, by=person_id, item_number=item.item_number, found=item.found)
    return item.id


@one_transaction
def _change(
    item_id: int,
    piece: Piece,
    kept: KeptFile | None,
    text: Text,
    *,
    by: int,
    without_file: bool,
    ticked: Collection[str] | None,
) -> int:
    """Write the next version of a piece down."""
    portfolio, item = _hers(item_id, by)
    stays = kept is None and not without_file
    file = file_there(item) if stays else file_of(kept, text)
    refuse(faults_in(piece, kind_of(portfolio), has_file=file["stored_as"] is not None))
    here = portfolio.organisation_id
    in_file = found_in_file_of(item) if stays else found_in_file(text, here)
    asks_again = not set(found_in(piece, here, file["filename"] or "")) <= set(
        found_in(item, here, item.filename or "")
    )
    end_piece(item, by=by, reason="Changed")
    changed = write_piece(portfolio, item.item_number, piece, file, in_file, by=by)
    if changed.found and not asks_again and (stays or not in_file):
        changed.answer = item.answer
    _tick(portfolio, kind_of(portfolio), piece.item_kind, ticked)
    remember("piece_changed", portfolio, by=by, item_number=item.item_number, found=changed.found)
    return changed.id


def _open_one(person_id: int, evidence_kind: str) -> Portfolio | None:
    """Return what she has of a kind that is not decided on; hold her first."""
    mine = (Portfolio.person_id == person_id, Portfolio.evidence_kind == evidence_kind)
    found = portfolios_where(*mine, Portfolio.status.in_(OPEN))
    return found[0] if found else None


def _begin(person_id: int, kind: EvidenceKind, scheme_version_id: int) -> Portfolio:
    """Begin to prepare evidence of a kind."""
    portfolio = Portfolio(
        organisation_id=people.get_person(person_id).organisation_id,
        person_id=person_id,
        scheme_version_id=scheme_version_id,
        evidence_kind=kind.code,
        title=kind.title,
        is_portfolio=kind.is_portfolio,
        accepted_by=[str(each) for each in kind.accepted_by],
        ticked=[],
        status=PortfolioStatus.PREPARING,
        begun_at=clock.now(),
        hand_ins=0,
    )
    db.session.add(portfolio)
    db.session.flush()
    remember("begun", portfolio, by=person_id)
    return portfolio


def _hers(item_id: int, by: int) -> tuple[Portfolio, EvidenceItem]:
    """Hold a piece of somebody's own that she may change, as it is now."""
    wanted = select(EvidenceItem.portfolio_id).where(EvidenceItem.id == min(item_id, LARGEST_ID))
    portfolio_id = db.session.scalar(wanted)
    portfolio = lock_portfolio(portfolio_id or 0)
    if portfolio.person_id != by:
        raise LookupError(f"There is no piece {item_id} of hers")
    if portfolio.status in LOCKED:
        raise PortfolioRefused(Fault.LOCKED)
    item = next((each for each in items_of(portfolio) if each.id == item_id), None)
    if item is None:
        raise PortfolioRefused(Fault.CHANGED_MEANWHILE)
    return portfolio, item


def _tick(portfolio: Portfolio, kind: EvidenceKind, item_kind: str, ticked: Iterable[str] | None) -> None:
    """Keep which parts she says are in a whole portfolio, or in a single piece."""
    if ticked is not None and (item_kind == WHOLE or not kind.is_portfolio):
        codes = set(ticked)
        portfolio.ticked = [each.code for each in kind.contents if each.code in codes]
