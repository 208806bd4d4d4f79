"""The regulator's CPD record: registration years, which pieces count, whether a year is done, and when to remind (B1).

A piece belongs to the registration year in which its date lies. It counts once each question of the form but the one
on a peer is answered; pieces that say the same count once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from hashlib import sha256

from cpd.schemes.cpd_shape import CpdField, CpdRules

DAY = timedelta(days=1)


class Fault(StrEnum):
    """Why what somebody wants cannot be done."""

    AHEAD = "ahead"
    DISCUSSED_AHEAD = "discussed_ahead"
    NO_MANAGER = "no_manager"


class Window(StrEnum):
    """How a day stands to the time in which registration is renewed."""

    NOT_YET = "not_yet"
    OPEN = "open"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class RegistrationYear:
    """A registration year: 1 December to 30 November, renewal from 1 September on."""

    first_day: date
    last_day: date
    opens_on: date

    def covers(self, day: date) -> bool:
        """Say whether a day lies in the year."""
        return self.first_day <= day <= self.last_day

    def days_left(self, today: date) -> int:
        """Return how many days are left after today: none on the last day."""
        return (self.last_day - today).days

    def window_on(self, today: date) -> Window:
        """Say whether registration can be renewed on a day; the first and the last day count."""
        if today > self.last_day:
            return Window.OVER
        return Window.NOT_YET if today < self.opens_on else Window.OPEN


@dataclass(frozen=True, slots=True)
class PeerTalk:
    """What somebody learnt from discussing a piece with a peer; `with_whom` is for her own eyes only."""

    peer: str
    discussed_on: date
    learnt: str
    with_whom: str = ""


@dataclass(frozen=True, slots=True)
class PieceSaid:
    """What somebody writes of a piece of CPD."""

    cpd_type: str
    description: str
    happened_on: date
    learnt: str = ""
    impact: str = ""

    @property
    def unanswered(self) -> list[CpdField]:
        """List the questions that must be answered before it counts."""
        answers = {
            CpdField.TYPE: self.cpd_type,
            CpdField.DESCRIPTION: self.description,
            CpdField.LEARNT: self.learnt,
            CpdField.IMPACT: self.impact,
        }
        return [field for field, answer in answers.items() if not answer.strip()]

    @property
    def sense(self) -> tuple[str, ...]:
        """Return what must differ for two pieces to be different: the words, whatever their capitals and spacing."""
        return tuple(" ".join(each.casefold().split()) for each in (self.description, self.learnt, self.impact))

    @property
    def fingerprint(self) -> str:
        """The sense in short, by which pieces can be counted without reading them; empty while it is unfinished."""
        return "" if self.unanswered else sha256("\n".join(self.sense).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of CPD as it stands now. `shared_with_id` is who may read it besides her."""

    number: int
    said: PieceSaid
    peer: PeerTalk | None = None
    record_fact_id: int | None = None
    shared_with_id: int | None = None

    @property
    def is_finished(self) -> bool:
        """Whether every question that it must answer is answered."""
        return not self.said.unanswered


@dataclass(frozen=True, slots=True)
class Duty:
    """What must be recorded in a year."""

    pieces: int
    with_peer_reflection: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How somebody stands in one registration year.

    `duty` is None where the rule set has none for that year. `same_as` names for each piece that says the same as an
    earlier one the number of that one: together they count once.
    """

    year: RegistrationYear
    duty: Duty | None
    pieces: tuple[Piece, ...]
    counted: int
    reflected: int
    same_as: dict[int, int]

    @property
    def pieces_left(self) -> int:
        """How many different pieces are still to be finished."""
        return max(0, self.duty.pieces - self.counted) if self.duty else 0

    @property
    def reflections_left(self) -> int:
        """How many of them still need a reflection with a peer."""
        return max(0, self.duty.with_peer_reflection - self.reflected) if self.duty else 0

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to record for the year."""
        return not self.pieces_left and not self.reflections_left


def year_of(day: date, rules: CpdRules) -> RegistrationYear:
    """Return the registration year in which a day lies: 30 November ends one, 1 December begins the next."""
    first = date(day.year, *rules.year_begins)
    if day < first:
        first = date(day.year - 1, *rules.year_begins)
    last = date(first.year + 1, *rules.year_begins) - DAY
    opens = date(first.year, *rules.window_opens)
    return RegistrationYear(first, last, opens if opens >= first else date(first.year + 1, *rules.window_opens))


def duty_in(year: RegistrationYear, rules: CpdRules) -> Duty | None:
    """Return what must be recorded in a year; None before the regulator's first (B1)."""
    known = [each for each in rules.duties if each.since_year <= year.first_day]
    return Duty(known[-1].pieces, known[-1].with_peer_reflection) if known else None


def standing_in(year: RegistrationYear, duty: Duty | None, pieces: Iterable[Piece]) -> Standing:
    """Count the different finished pieces of a year, and those with a peer reflection.

    Of pieces that say the same, one counts, and it is reflected as soon as one of them is.
    """
    within = tuple(piece for piece in pieces if year.covers(piece.said.happened_on))
    alike: dict[tuple[str, ...], list[Piece]] = {}
    for piece in sorted(within, key=lambda each: each.number):
        if piece.is_finished:
            alike.setdefault(piece.said.sense, []).append(piece)
    return Standing(
        year,
        duty,
        within,
        counted=len(alike),
        reflected=sum(any(each.peer for each in same) for same in alike.values()),
        same_as={each.number: same[0].number for same in alike.values() for each in same[1:]},
    )


def faults_of(said: PieceSaid, today: date) -> list[Fault]:
    """List why a piece cannot be kept: nothing that is still to come has taught anybody anything."""
    return [Fault.AHEAD] if said.happened_on > today else []


def faults_of_talk(talk: PeerTalk, today: date) -> list[Fault]:
    """List why a peer reflection cannot be kept."""
    return [Fault.DISCUSSED_AHEAD] if talk.discussed_on > today else []


def reminder_on(today: date, year: RegistrationYear, days_before: Collection[int]) -> int | None:
    """Return which reminder is due: the latest whose day has come, or None; nobody gets an earlier one late."""
    return min((days for days in days_before if 0 <= year.days_left(today) <= days), default=None)


def years_in(pieces: Sequence[Piece], today: date, rules: CpdRules) -> list[RegistrationYear]:
    """List this registration year and those in which pieces lie, the latest first."""
    days = {today, *(piece.said.happened_on for piece in pieces)}
    return sorted({year_of(day, rules) for day in days}, key=lambda year: year.first_day, reverse=True)
