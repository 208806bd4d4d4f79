"""When what of a programme is due, and what a pause moves (W-1, S-2, S-3, B3, AMB-04). Plain Python.

Everything is reckoned from the start: a point so many months after it, later by the days of each pause that had begun
by then, and at the end of the programme later by each extension. Nothing that is done moves.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from cpd.requirements.months import months_after
from cpd.schemes.early_career_shape import (
    EarlyCareerProgramme,
    Frequency,
    ReviewPointKind,
    SupervisionPattern,
)

WEEK = 7
DAY = timedelta(days=1)
SELF_ASSESSMENT = "self_assessment"
SELF_ASSESSMENT_WINDOW = timedelta(days=28)
"""From so many days before its due day a self-assessment can be written."""


class PauseKind(StrEnum):
    """Why somebody pauses, as little as is needed (B8)."""

    LEAVE = "leave"
    """Sickness, bereavement or parental leave: which of them is nobody's business here."""
    SUPPORT = "support"
    """Support that she was promised was not there (B3)."""
    OTHER = "other"


class State(StrEnum):
    """How a point stands."""

    DONE = "done"
    LATE = "late"
    DUE = "due"
    """It can be held now: within its window, up to and including the day itself."""
    AHEAD = "ahead"
    PAUSED = "paused"
    LEFT_OUT = "left_out"
    """It was optional, and its day is over."""
    OVER = "over"
    """The programme ended before it."""


@dataclass(frozen=True, slots=True)
class Pause:
    """A time out of the programme, from its first day up to the day before `back_on` (None: still)."""

    first_day: date
    back_on: date | None = None
    id: int | None = field(default=None, compare=False)
    kind: PauseKind = field(default=PauseKind.OTHER, compare=False)

    def days_until(self, today: date) -> int:
        """Count the days that it has lasted; one that is open lasts until today, and today is not over."""
        until = self.back_on or max(today, self.first_day)
        return (until - self.first_day).days


@dataclass(frozen=True, slots=True)
class Course:
    """What moves somebody's dates: when she began, her pauses, and by how many days she was given longer."""

    starts_on: date
    pauses: tuple[Pause, ...] = ()
    extension_days: int = 0

    @property
    def open_pause(self) -> Pause | None:
        """The pause that is not over, if there is one."""
        return next((each for each in self.pauses if each.back_on is None), None)


@dataclass(frozen=True, slots=True)
class Point:
    """A review point or self-assessment as it stands for one person."""

    code: str
    title: str
    kind: str
    """A `ReviewPointKind`, or `self_assessment`."""
    due_on: date
    opens_on: date
    state: State
    held_on: date | None = None
    is_optional: bool = False
    rests: bool = False
    """It was due before the pause that runs: that does not move it, and it waits."""

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do it."""
        return self.state in (State.LATE, State.DUE, State.AHEAD, State.PAUSED)


@dataclass(frozen=True, slots=True)
class Period:
    """One period in which supervision is promised, from `first_day` up to the day before `ends_on`."""

    first_day: date
    ends_on: date
    frequency: Frequency
    held: tuple[date, ...] = ()

    @property
    def is_kept(self) -> bool:
        """Whether it was held at least once."""
        return bool(self.held)


@dataclass(frozen=True, slots=True)
class SupervisionKept:
    """One kind of supervision against its pattern: the periods that are over, and the one that runs."""

    code: str
    title: str
    with_whom: str
    over: tuple[Period, ...]
    current: Period | None

    @property
    def kept(self) -> int:
        """In how many periods that are over it was held."""
        return sum(each.is_kept for each in self.over)

    @property
    def missed(self) -> tuple[Period, ...]:
        """The periods that went by without it."""
        return tuple(each for each in self.over if not each.is_kept)


def moved(day: date, pauses: Iterable[Pause], today: date) -> date:
    """Move a day by the days of every pause that had begun by it: the day on which one begins included (S-3).

    An open pause has moved it by its days until today; it goes on moving until she is back. The order in which pauses
    are given does not matter.
    """
    for pause in sorted(pauses, key=lambda each: each.first_day):
        if pause.first_day <= day:
            day += timedelta(days=pause.days_until(today))
    return day


def due_on(course: Course, month: int, days: int, *, at_end: bool, today: date) -> date:
    """Return when a point is due: months and days after the start, later by pauses, and at the end by extensions."""
    planned = months_after(course.starts_on, month) + timedelta(days=days)
    if at_end:
        planned += timedelta(days=course.extension_days)
    return moved(planned, course.pauses, today)


def ends_on(programme: EarlyCareerProgramme, course: Course, today: date) -> date:
    """Return when somebody is expected to finish: the length, her pauses and her extensions (B3)."""
    return due_on(course, programme.months[1], 0, at_end=True, today=today)


def latest_end(programme: EarlyCareerProgramme, course: Course) -> date | None:
    """Return by when she is to finish all the same, where the scheme says so; pauses do not move it."""
    months = programme.complete_within_months
    return months_after(course.starts_on, months) if months else None


def points_of(
    programme: EarlyCareerProgramme,
    course: Course,
    held: dict[str, date],
    today: date,
    *,
    ended_on: date | None = None,
) -> list[Point]:
    """List all review points and self-assessments of somebody in the order in which they are due.

    `held` says when what is done was done, by its code. Late is what was due before today and is neither done nor
    optional; while she pauses nothing is late.
    """
    points = []
    for rule in programme.review_points:
        at_end = rule.review_point_kind is ReviewPointKind.FINAL
        due = due_on(course, rule.month, rule.days, at_end=at_end, today=today)
        opens = due - timedelta(days=rule.window_days)
        state = _state(held.get(rule.code), due, opens, course, today, ended_on, is_optional=rule.is_optional)
        done_on, rests = held.get(rule.code), _rests(state, due, course)
        kind = rule.review_point_kind
        points.append(Point(rule.code, rule.title, kind, due, opens, state, done_on, rule.is_optional, rests))
    for each in programme.self_assessments:
        due = due_on(course, each.month, each.days, at_end=each.month >= programme.months[1], today=today)
        opens = due - SELF_ASSESSMENT_WINDOW
        state = _state(held.get(each.code), due, opens, course, today, ended_on, is_optional=False)
        done_on, rests = held.get(each.code), _rests(state, due, course)
        points.append(Point(each.code, each.title, SELF_ASSESSMENT, due, opens, state, done_on, rests=rests))
    return sorted(points, key=lambda point: (point.due_on, point.kind == ReviewPointKind.FINAL))


def _state(
    held_on: date | None,
    due: date,
    opens: date,
    course: Course,
    today: date,
    ended_on: date | None,
    *,
    is_optional: bool,
) -> State:
    if held_on is not None:
        return State.DONE
    if ended_on is not None:
        return State.OVER
    pause = course.open_pause
    if pause is not None and pause.first_day <= today:
        return State.PAUSED if due >= pause.first_day else (State.LEFT_OUT if is_optional else State.PAUSED)
    if today > due:
        return State.LEFT_OUT if is_optional else State.LATE
    return State.DUE if today >= opens else State.AHEAD


def _rests(state: State, due: date, course: Course) -> bool:
    """Say whether something was due already when the pause that runs began."""
    pause = course.open_pause
    return state is State.PAUSED and pause is not None and due < pause.first_day


def with_a_day(points: Iterable[Point], course: Course) -> list[Point]:
    """List what is still to do on a day that is known; what an open pause will move, also one ahead, has none."""
    pause = course.open_pause
    return [
        each
        for each in points
        if each.state in (State.AHEAD, State.DUE, State.LATE) and (pause is None or each.due_on < pause.first_day)
    ]


def next_point(points: Iterable[Point]) -> Point | None:
    """Return what comes first of what is still to do: what is late before what is due, and optional things last."""
    open_points = [each for each in points if each.is_open]
    return min(
        open_points, key=lambda each: (each.is_optional and each.state is State.AHEAD, each.due_on), default=None
    )


def periods_of(
    pattern: SupervisionPattern, programme: EarlyCareerProgramme, course: Course, today: date
) -> list[Period]:
    """List the periods in which supervision of one kind is promised, until the programme's end (S-2, AMB-20).

    A rest at the end of a phase that is shorter than a period belongs to the one before, so that nobody has missed
    what was never a whole fortnight. Pauses move the periods as they move everything else.
    """
    end = months_after(course.starts_on, programme.months[1]) + timedelta(days=course.extension_days)
    starts: list[tuple[date, Frequency]] = []
    at = course.starts_on
    for phase in pattern.phases:
        if phase.until_weeks is not None:
            until = course.starts_on + timedelta(days=phase.until_weeks * WEEK)
        elif phase.until_months is not None:
            until = months_after(course.starts_on, phase.until_months)
        else:
            until = end
        until = min(until, end)
        starts += [(day, phase.frequency) for day in _starts(at, until, phase.frequency)]
        at = max(at, until)
    edges = [*(day for day, _ in starts[1:]), end]
    return [
        Period(_first_day(first, course, today), moved(last, course.pauses, today), frequency)
        for (first, frequency), last in zip(starts, edges, strict=True)
    ]


def _first_day(first: date, course: Course, today: date) -> date:
    """Move the first day of a period; the very first is the start, pauses or not."""
    return first if first == course.starts_on else moved(first, course.pauses, today)


def _starts(first: date, until: date, frequency: Frequency) -> Iterator[date]:
    """Give the first days of whole periods from `first` to `until`; at least one where there is any time."""
    number = 0
    while (at := _after(first, frequency, number)) < until:
        if number and _after(first, frequency, number + 1) > until:
            return
        yield at
        number += 1


def _after(first: date, frequency: Frequency, number: int) -> date:
    """Return the day so many periods later."""
    if frequency is Frequency.MONTHLY:
        return months_after(first, number)
    return first + timedelta(days=number * WEEK * (1 if frequency is Frequency.WEEKLY else 2))


def supervision_kept(
    pattern: SupervisionPattern,
    programme: EarlyCareerProgramme,
    course: Course,
    held: Collection[date],
    today: date,
    *,
    ended_on: date | None = None,
) -> SupervisionKept:
    """Set what was held against the pattern; while she pauses, or once it is over, nothing more is promised."""
    last = ended_on or today
    over: list[Period] = []
    current = None
    for period in periods_of(pattern, programme, course, today):
        found = tuple(sorted(day for day in held if period.first_day <= day < period.ends_on))
        filled = Period(period.first_day, period.ends_on, period.frequency, found)
        if period.ends_on <= last:
            over.append(filled)
        elif period.first_day <= last and ended_on is None:
            current = filled
    return SupervisionKept(pattern.code, pattern.title, pattern.with_whom, tuple(over), current)
