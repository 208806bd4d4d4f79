"""How a CPD record is said: years, what is left to record, how each piece stands, and why something is refused."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import shorten

from cpd.schemes.cpd_shape import CpdField, CpdRules
from cpd.shared.wording import and_words, counted, date_words
from cpd.study.regulator.rules import Fault, PeerTalk, Piece, PieceSaid, RegistrationYear, Standing, Window

LETTERS_IN_A_LINE, TALLEST = 32, 24
LONGEST_TITLE = 80

FAULTS = {
    Fault.AHEAD: "The date is still to come. Enter the day on which you did it, today at the latest",
    Fault.DISCUSSED_AHEAD: "The date is still to come. Enter the day on which you talked, today at the latest",
    Fault.NO_MANAGER: "You have no line manager here, so nobody could read it. Ask HR to look at your post.",
}
UNANSWERED = {
    CpdField.TYPE: "what type it is",
    CpdField.DESCRIPTION: "what it was",
    CpdField.LEARNT: "what you learnt",
    CpdField.IMPACT: "what it changed",
}


@dataclass(frozen=True, slots=True)
class PieceRow:
    """A piece as lists show it: what still has to be done with it stands in `note`."""

    number: int
    title: str
    day: str
    status: str
    tone: str
    note: str
    is_reflected: bool
    is_shared: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """A question of the form with its answer, and how many lines of a box it fills."""

    question: str
    text: str

    @property
    def rows(self) -> int:
        """How tall a box must be to show it, within bounds."""
        lines = sum(1 + len(line) // LETTERS_IN_A_LINE for line in self.text.splitlines())
        return min(max(lines, 1), TALLEST)


@dataclass(frozen=True, slots=True)
class YearShown:
    """How somebody stands in a registration year, in words and as the parts of a bar."""

    title: str
    first_day: str
    is_this_year: bool
    asked: str
    status: str
    tone: str
    bar: str
    counted: int
    pieces: int
    reflection: str
    window: str
    rows: tuple[PieceRow, ...]
    finished: int


def year_words(year: RegistrationYear) -> str:
    """`1 December 2025 to 30 November 2026`."""
    return f"{date_words(year.first_day)} to {date_words(year.last_day)}"


def window_words(year: RegistrationYear, standing_day: Window, days_left: int) -> str:
    """Say when registration can be renewed, and how long it still can."""
    if standing_day is Window.OVER:
        return f"Ended on {date_words(year.last_day)}"
    if standing_day is Window.NOT_YET:
        return f"Opens on {date_words(year.opens_on)}, closes on {date_words(year.last_day)}"
    left = f"{counted(days_left, 'day')} left" if days_left else "today is the last day"
    return f"Open until {date_words(year.last_day)}: {left}"


def reflection_words(standing: Standing) -> str:
    """Say whether the reflection with a peer is there."""
    if standing.duty is None or not standing.duty.with_peer_reflection:
        return "Not asked for in this year"
    if standing.reflections_left:
        return f"Still to do, on {counted(standing.reflections_left, 'piece')}"
    return "Done"


def left_words(standing: Standing) -> str:
    """Say what is left to record: `2 pieces still to record, 1 with a peer reflection`."""
    pieces, reflections = standing.pieces_left, standing.reflections_left
    if not pieces:
        return f"{counted(reflections, 'peer reflection')} still to record" if reflections else "Done for this year"
    return (
        f"{counted(pieces, 'piece')} still to record{f', {reflections} with a peer reflection' if reflections else ''}"
    )


def summary_words(standing: Standing) -> str:
    """`1 of 2 pieces: 1 piece still to record, 1 with a peer reflection`."""
    pieces = standing.duty.pieces if standing.duty else 0
    return f"{min(standing.counted, pieces)} of {counted(pieces, 'piece')}: {left_words(standing).lower()}"


def year_shown(standing: Standing, window: Window, days_left: int) -> YearShown:
    """Put a year into words."""
    duty = standing.duty
    pieces = duty.pieces if duty else 0
    counting = min(standing.counted, pieces)
    status, tone = (
        (left_words(standing), "done" if standing.is_done else "attention") if duty else ("No rule", "neutral")
    )
    return YearShown(
        title=year_words(standing.year),
        first_day=standing.year.first_day.isoformat(),
        is_this_year=window is not Window.OVER,
        asked=_asked_words(standing),
        status=status,
        tone=tone,
        bar=f"{counting} of {counted(pieces, 'piece')} recorded",
        counted=counting,
        pieces=pieces,
        reflection=reflection_words(standing),
        window=window_words(standing.year, window, days_left),
        rows=tuple(row_of(piece, standing) for piece in standing.pieces),
        finished=sum(piece.is_finished for piece in standing.pieces),
    )


def _asked_words(standing: Standing) -> str:
    """Say what the regulator asks for in a year."""
    if standing.duty is None:
        return "No rule is kept here for this year. What you write is kept all the same."
    different = "different " if standing.duty.pieces > 1 else ""
    asked = f"At least {standing.duty.pieces} {different}{'pieces' if standing.duty.pieces > 1 else 'piece'}"
    if standing.duty.with_peer_reflection:
        asked += f", at least {standing.duty.with_peer_reflection} of them with a peer reflection"
    return f"{asked}."


def row_of(piece: Piece, standing: Standing | None = None) -> PieceRow:
    """Put a piece into words; `standing` says whether another one of its year says the same."""
    title = shorten((piece.said.description or piece.said.cpd_type).splitlines()[0], LONGEST_TITLE, placeholder=" …")
    twin = standing.same_as.get(piece.number) if standing else None
    first = next((each for each in standing.pieces if each.number == twin), None) if standing else None
    if not piece.is_finished:
        missing = and_words(UNANSWERED[field] for field in piece.said.unanswered)
        status, tone, note = "Not finished", "attention", f"Still to write: {missing}."
    elif first:
        said = first.said.happened_on
        note = (
            f"It says the same as the one of {date_words(said)}. Two identical pieces count as one: change its words."
        )
        status, tone = "Does not count", "attention"
    else:
        status, tone, note = "Counts", "done", ""
    shared = piece.shared_with_id is not None
    return PieceRow(
        piece.number, title, date_words(piece.said.happened_on), status, tone, note, piece.peer is not None, shared
    )


def answers_of(piece: Piece, rules: CpdRules) -> list[Answer]:
    """List the questions of the form with their answers, in its order.

    Of a peer nothing is said but what was learnt: neither who it was nor how it was called.
    """
    answers = _answers(piece.said, piece.peer)
    return [Answer(question.label, answers[question.field]) for question in rules.form]


def _answers(said: PieceSaid, peer: PeerTalk | None) -> dict[CpdField, str]:
    return {
        CpdField.TYPE: said.cpd_type,
        CpdField.DESCRIPTION: said.description,
        CpdField.DATE: date_words(said.happened_on),
        CpdField.LEARNT: said.learnt,
        CpdField.IMPACT: said.impact,
        CpdField.PEER: peer.learnt if peer else "",
    }
