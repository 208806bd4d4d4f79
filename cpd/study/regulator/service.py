"""Keeping the regulator's CPD record: writing, reflecting with a peer, sharing. Every version is kept (B1).

What is written is private: no act notes more than that it happened, and nobody but her reads a piece that she has not
shared.
"""

from __future__ import annotations

from typing import TypeVar

from sqlalchemy import func, select, update

from cpd.people import service as people
from cpd.shared import clock, history, outbox
from cpd.shared.database import db
from cpd.shared.unit_of_work import one_transaction
from cpd.shared.wording import date_words
from cpd.study.managers import manager_of
from cpd.study.regulator import rules
from cpd.study.regulator.models import CpdRecord, CpdSharing, PeerReflection
from cpd.study.regulator.reading import attended_by, find_piece, pieces_of, rules_of, standing_now
from cpd.study.regulator.rules import Fault, PeerTalk, Piece, PieceSaid, Standing

CORRECTED, REMOVED, TAKEN_BACK = "corrected", "removed", "taken back"

Kept = TypeVar("Kept", CpdRecord, PeerReflection, CpdSharing)


class CpdRefused(Exception):  # noqa: N818 - a refusal is an answer, not a failure
    """Nothing was changed; `faults` are all the reasons."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(", ".join(faults))
        self.faults = faults


def summary_of(person_id: int) -> Standing | None:
    """Return how somebody stands in this registration year; None where nothing is asked of her. Three queries."""
    return standing_now(person_id)


@one_transaction
def write_piece(person_id: int, said: PieceSaid) -> int:
    """Keep a new piece of CPD, and return its number among her pieces.

    Raises:
        CpdRefused: every reason against it.
    """
    people.lock_persons([person_id])
    return _write(person_id, said)


@one_transaction
def change_piece(person_id: int, number: int, said: PieceSaid) -> None:
    """Keep a new version of a piece; the old one stays.

    Raises:
        CpdRefused: every reason against it.
        LookupError: she has no such piece.
    """
    people.lock_persons([person_id])
    piece = _piece(person_id, number)
    if piece.said == said:
        return
    _check(rules.faults_of(said, clock.today()))
    _end(CpdRecord, person_id, number, CORRECTED)
    _keep(person_id, number, said, piece.record_fact_id)
    _remember("changed", person_id, number)


@one_transaction
def remove_piece(person_id: int, number: int) -> None:
    """Take a piece off her record, with its reflection and its sharing.

    Raises:
        LookupError: she has no such piece.
    """
    people.lock_persons([person_id])
    _piece(person_id, number)
    for table in (CpdRecord, PeerReflection, CpdSharing):
        _end(table, person_id, number, REMOVED)
    _remember("removed", person_id, number)


@one_transaction
def draft_from(person_id: int, fact_id: int) -> int:
    """Draft a piece from something on her training record, and return its number; twice is once.

    What she learnt, and what it changed, is left for her to write.

    Raises:
        LookupError: nothing of that kind is on her record, or her council's scheme names no regulator.
    """
    people.lock_persons([person_id])
    pieces = pieces_of([person_id])[person_id]
    if drafted := next((each.number for each in pieces if each.record_fact_id == fact_id), None):
        return drafted
    found = next((each for each in attended_by(person_id, pieces) if each.fact_id == fact_id), None)
    of_regulator = rules_of(people.get_person(person_id).organisation_id)
    if found is None or of_regulator is None:
        raise LookupError(f"There is nothing {fact_id} on this record to draft from")
    said = PieceSaid(of_regulator.types[0], f"{found.title}, {date_words(found.happened_on)}", found.happened_on)
    return _write(person_id, said, fact_id)


@one_transaction
def reflect(person_id: int, number: int, talk: PeerTalk) -> None:
    """Keep what she learnt from discussing a piece with a peer; an earlier version stays.

    Raises:
        CpdRefused: every reason against it.
        LookupError: she has no such piece.
    """
    people.lock_persons([person_id])
    piece = _piece(person_id, number)
    if piece.peer == talk:
        return
    _check(rules.faults_of_talk(talk, clock.today()))
    _end(PeerReflection, person_id, number, CORRECTED)
    _add(
        PeerReflection(
            person_id=person_id,
            number=number,
            peer=talk.peer,
            with_whom=talk.with_whom,
            discussed_on=talk.discussed_on,
            learnt=talk.learnt,
        )
    )
    _remember("reflected", person_id, number)


@one_transaction
def remove_reflection(person_id: int, number: int) -> None:
    """Take the peer reflection off a piece.

    Raises:
        LookupError: she has no such piece.
    """
    people.lock_persons([person_id])
    _piece(person_id, number)
    if _end(PeerReflection, person_id, number, REMOVED):
        _remember("reflection_removed", person_id, number)


@one_transaction
def share(person_id: int, number: int) -> None:
    """Let her line manager of today read a piece, and tell the manager; nobody else, and no later manager.

    Raises:
        CpdRefused: she has no line manager.
        LookupError: she has no such piece.
    """
    people.lock_persons([person_id])
    piece, manager_id = _piece(person_id, number), manager_of(person_id)
    if manager_id is None:
        raise CpdRefused([Fault.NO_MANAGER])
    if piece.shared_with_id == manager_id:
        return
    _end(CpdSharing, person_id, number, CORRECTED)
    sharing = _add(CpdSharing(person_id=person_id, number=number, shared_with_id=manager_id))
    _remember("shared", person_id, number)
    person = people.get_person(person_id)
    facts = {"person": person.name, "path": f"/people/{person_id}/cpd/{number}"}
    outbox.tell(person.organisation_id, manager_id, "cpd_shared", f"sharing:{sharing.id}", facts)


@one_transaction
def unshare(person_id: int, number: int) -> None:
    """Make a piece private again.

    Raises:
        LookupError: she has no such piece.
    """
    people.lock_persons([person_id])
    _piece(person_id, number)
    if _end(CpdSharing, person_id, number, TAKEN_BACK):
        _remember("unshared", person_id, number)


def _write(person_id: int, said: PieceSaid, fact_id: int | None = None) -> int:
    """Keep a new piece under her lock."""
    _check(rules.faults_of(said, clock.today()))
    last = db.session.scalar(select(func.max(CpdRecord.number)).where(CpdRecord.person_id == person_id)) or 0
    _keep(person_id, last + 1, said, fact_id)
    _remember("written", person_id, last + 1)
    return last + 1


def _keep(person_id: int, number: int, said: PieceSaid, fact_id: int | None) -> None:
    """Add the version of a piece that is in force."""
    _add(
        CpdRecord(
            person_id=person_id,
            number=number,
            cpd_type=said.cpd_type,
            description=said.description,
            happened_on=said.happened_on,
            learnt=said.learnt,
            impact=said.impact,
            fingerprint=said.fingerprint,
            record_fact_id=fact_id,
        )
    )


def _add(row: Kept) -> Kept:
    """Add a row of hers, said by herself now."""
    row.organisation_id = people.get_person(row.person_id).organisation_id
    row.recorded_at, row.recorded_by_id = clock.real_now(), row.person_id
    db.session.add(row)
    db.session.flush()
    return row


def _end(table: type[CpdRecord | PeerReflection | CpdSharing], person_id: int, number: int, reason: str) -> bool:
    """Supersede what is in force of a piece; say whether there was anything."""
    ended = db.session.execute(
        update(table)
        .where(table.person_id == person_id, table.number == number, table.superseded_at.is_(None))
        .values(superseded_at=clock.real_now(), superseded_by_id=person_id, supersede_reason=reason)
        .returning(table.id)
    )
    return ended.first() is not None


def _piece(person_id: int, number: int) -> Piece:
    piece = find_piece(person_id, number)
    if piece is None:
        raise LookupError(f"There is no piece {number} of this person")
    return piece


def _check(faults: list[Fault]) -> None:
    if faults:
        raise CpdRefused(faults)


def _remember(verb: str, person_id: int, number: int) -> None:
    """Note that something happened, and nothing of what is written."""
    organisation_id = people.get_person(person_id).organisation_id
    history.note(verb, "cpd_record", number, actor_id=person_id, organisation_id=organisation_id)
