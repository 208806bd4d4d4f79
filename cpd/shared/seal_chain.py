"""What a seal says of entries of the history, and what a broken chain of seals shows. Plain Python.

A seal names the entries from `first_id` to `last_id`, says of each the beginning of its hash (so that the very entry
can be named that was changed), and holds the hash of the seal before it. So nobody can change, take out or put in an
entry without every later seal being wrong. Who makes the whole chain anew is told by a seal that was kept elsewhere.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

NO_SEAL_BEFORE = "0" * 64
"""What stands in the first seal instead of the hash of the one before."""

MARK_LENGTH = 16
"""How many digits of an entry's hash a seal holds of each entry; its `rows_hash` is over the whole of all."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the history as it is sealed: its id, and all that it says in one line of text."""

    id: int
    text: str

    @property
    def mark(self) -> str:
        """The beginning of its hash, by which it is known again."""
        return sha256(self.text)[:MARK_LENGTH]


@dataclass(frozen=True, slots=True)
class Seal:
    """One link of the chain: which entries, what they hash to, the link before, and the hash of all this."""

    number: int
    first_id: int
    last_id: int
    count: int
    marks: str
    rows_hash: str
    previous_hash: str
    sealed_at: datetime
    hash: str


def canonical(value: Any) -> str:
    """Write plain values in the one way in which they are hashed: JSON with sorted keys and no spaces.

    Raises ValueError for what JSON does not know, such as NaN.
    """
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def sha256(text: str) -> str:
    """Return the SHA-256 of a text in 64 hexadecimal digits."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def entry_of(values: Mapping[str, Any]) -> Entry:
    """Put an entry's columns into the text that is sealed; moments are in UTC."""
    plain = {key: value.isoformat() if isinstance(value, datetime) else value for key, value in values.items()}
    return Entry(values["id"], canonical(plain))


def sealed(entries: Sequence[Entry], before: Seal | None, now: datetime) -> Seal:
    """Make the seal of entries, which are in the order of their ids and all later than those of the seal before.

    The first seal of all begins at 1 and each further one right after the one before, so that an entry put into a gap
    is one too many.
    """
    number = before.number + 1 if before else 1
    first_id = before.last_id + 1 if before else 1
    marks = " ".join(f"{each.id}:{each.mark}" for each in entries)
    rows_hash = _hash_of_rows(entries)
    previous_hash = before.hash if before else NO_SEAL_BEFORE
    last_id = entries[-1].id
    said = _hash_of_seal(number, first_id, last_id, len(entries), marks, rows_hash, previous_hash, now)
    return Seal(number, first_id, last_id, len(entries), marks, rows_hash, previous_hash, now, said)


def faults_in(seals: Iterable[Seal], entries: Iterable[Entry]) -> Iterator[str]:
    """Say in sentences what is wrong with a chain and the entries below it, each in order; only one seal's are kept.

    Entries beyond the newest seal are the tail and are not looked at.
    """
    before: Seal | None = None
    waiting = iter(entries)
    entry = next(waiting, None)
    for seal in seals:
        yield from _faults_of_link(seal, before)
        found = []
        while entry is not None and entry.id <= seal.last_id:
            found.append(entry)
            entry = next(waiting, None)
        yield from _faults_of_rows(seal, found)
        before = seal


def _faults_of_link(seal: Seal, before: Seal | None) -> Iterator[str]:
    """Say whether a seal is as it was made, and follows on from the one before."""
    expected = before.number + 1 if before else 1
    if seal.number != expected:
        yield f"seal {expected} is missing: the next one found is {seal.number}"
    elif seal.previous_hash != (before.hash if before else NO_SEAL_BEFORE):
        yield f"seal {seal.number} does not follow on from the seal before it: one of the two is not the original"
    elif seal.first_id != (before.last_id + 1 if before else 1):
        yield f"seal {seal.number} leaves entries out, or names some that another seal names too"
    said = (seal.number, seal.first_id, seal.last_id, seal.count, seal.marks, seal.rows_hash, seal.previous_hash)
    if seal.hash != _hash_of_seal(*said, seal.sealed_at):
        yield f"seal {seal.number} was changed after it was made"


def _faults_of_rows(seal: Seal, found: Sequence[Entry]) -> Iterator[str]:
    """Say which entries are not those that a seal names."""
    if _hash_of_rows(found) == seal.rows_hash and len(found) == seal.count:
        return
    marks = _marks_of(seal)
    there = {each.id: each for each in found}
    faults = [
        (number, f"entry {number} of the history was taken out after it was sealed (seal {seal.number})")
        for number in marks.keys() - there.keys()
    ]
    faults += [
        (number, f"entry {number} of the history was put in after its time had been sealed (seal {seal.number})")
        for number in there.keys() - marks.keys()
    ]
    faults += [
        (number, f"entry {number} of the history was changed after it was sealed (seal {seal.number})")
        for number in marks.keys() & there.keys()
        if marks[number] != there[number].mark
    ]
    if not faults:
        faults = [(0, f"seal {seal.number} does not fit its entries {seal.first_id} to {seal.last_id}")]
    yield from (words for _, words in sorted(faults))


def _marks_of(seal: Seal) -> dict[int, str]:
    """Return the marks that a seal holds, by the id of the entry; what is no mark is left out."""
    pairs = (each.partition(":") for each in seal.marks.split())
    return {int(number): mark for number, _, mark in pairs if number.isdecimal()}


def _hash_of_rows(entries: Iterable[Entry]) -> str:
    """Hash entries one after the other, each on a line of its own."""
    digest = hashlib.sha256()
    for each in entries:
        digest.update(f"{each.text}\n".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def _hash_of_seal(
    number: int, first_id: int, last_id: int, count: int, marks: str, rows_hash: str, before: str, at: datetime
) -> str:
    """Hash everything that a seal says."""
    return sha256(canonical([number, first_id, last_id, count, marks, rows_hash, before, at.isoformat()]))
