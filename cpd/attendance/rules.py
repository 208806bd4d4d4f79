"""When a register is open, what its marks complete, when it is chased, and the code of the day. Plain Python."""

from __future__ import annotations

import hmac
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")

CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""What a code is written with: nothing that looks like something else."""

CODE_LENGTH = 6
CODE_LASTS = timedelta(seconds=60)
CODE_ACCEPTED = timedelta(minutes=2)
"""For so long a code is still taken after another has come up: whoever types it needs her time."""

CHASED_AT = time(9, 0)
LINK_LASTS = timedelta(days=14)
"""For so long after a session the link of a facilitator from outside leads to its registers."""


class AttendanceStatus(StrEnum):
    """What a mark says of one person on one day; `unmarked` takes an earlier mark back."""

    ATTENDED = "attended"
    PART_ATTENDED = "part_attended"
    ABSENT = "absent"
    EXCUSED = "excused"
    UNMARKED = "unmarked"


class Source(StrEnum):
    """How a mark came about: by hand, for everybody at once, on closing, or by the code of the day."""

    HAND = "hand"
    EVERYONE = "everyone"
    CLOSING = "closing"
    CODE = "code"


class Refusal(StrEnum):
    """Why a register does not take something; the sentences stand in `attendance/parts/refusals.html`."""

    NOT_BEGUN = "not_begun"
    CLOSED = "closed"
    NOT_HELD = "not_held"
    NOT_ON_IT = "not_on_it"
    MINUTES = "minutes"
    STILL_ON = "still_on"
    UNMARKED = "unmarked"
    NOT_CLOSED = "not_closed"
    NO_REASON = "no_reason"
    MAY_NOT_COME = "may_not_come"
    NOT_ALL_CLOSED = "not_all_closed"
    NEVER_THERE = "never_there"
    COMPLETE = "complete"
    ATTENDED_ALL = "attended_all"
    NOT_ACCEPTED = "not_accepted"


class CodeRefusal(StrEnum):
    """Why somebody cannot sign in by a code; the sentences stand in `attendance/attend_refused.html`."""

    NOT_VALID = "not_valid"
    CLOSED = "closed"
    PLACE_CANCELLED = "place_cancelled"
    WAITING = "waiting"
    ANOTHER_SESSION = "another_session"
    ANOTHER_DAY = "another_day"
    NO_BOOKING = "no_booking"


class ListedAs(StrEnum):
    """Where a register belongs in a facilitator's list."""

    TODAY = "today"
    LEFT_OPEN = "left_open"
    COMING = "coming"
    DONE_WITH = "done_with"


class Outcome(StrEnum):
    """What the registers of a session that are closed say of one person."""

    OPEN = "open"
    NOT_EVALUATED = "not_evaluated"
    COMPLETED = "completed"
    NOT_COMPLETED = "not_completed"


@dataclass(frozen=True, slots=True)
class DayMark:
    """One person on one day of a session: how long the day is, whether its register is closed, and her mark."""

    length: int
    is_closed: bool
    status: AttendanceStatus | None = None
    minutes: int | None = None

    @property
    def minutes_there(self) -> int:
        """How many minutes she was there."""
        if self.status is AttendanceStatus.ATTENDED:
            return self.length
        return (self.minutes or 0) if self.status is AttendanceStatus.PART_ATTENDED else 0


def outcome_of(
    days: Sequence[DayMark], minutes_needed: int | None = None, *, lacks_evaluation: bool = False
) -> Outcome:
    """Say what the closed registers of a session come to for one person.

    Without `minutes_needed` every day must be attended from beginning to end (AMB-27). It is complete when the
    last register is closed, and not complete as soon as what is still open can no longer make up for it. Where
    only her evaluation is missing it is neither, until she has given it (S-7).
    """
    whole = sum(day.length for day in days)
    needed = min(minutes_needed or whole, whole)
    there = sum(day.minutes_there for day in days if day.is_closed)
    ahead = sum(day.length for day in days if not day.is_closed)
    if there + ahead < needed:
        return Outcome.NOT_COMPLETED
    if ahead or not days:
        return Outcome.OPEN
    return Outcome.NOT_EVALUATED if lacks_evaluation else Outcome.COMPLETED


def is_held_against(status: AttendanceStatus, *, drop_in: bool) -> bool:
    """Say whether a mark in a closed register means that something was missed; to stay away from a drop-in is not."""
    if status in (AttendanceStatus.ABSENT, AttendanceStatus.EXCUSED):
        return not drop_in
    return status is AttendanceStatus.PART_ATTENDED


def faults_of_accepting(
    days: Sequence[DayMark], outcome: Outcome | None, *, all_closed: bool, reason: str
) -> list[Refusal]:
    """List why a session cannot count for somebody all the same (AMB-27); an empty list means that it can.

    Somebody must say why, and she must have been there: whoever learnt it elsewhere is recognised instead. It makes
    up for what was missed, and for nobody's evaluation.
    """
    faults = {
        Refusal.NO_REASON: not reason.strip(),
        Refusal.NOT_ALL_CLOSED: not all_closed,
        Refusal.NEVER_THERE: not any(day.minutes_there for day in days),
        Refusal.COMPLETE: outcome is Outcome.COMPLETED,
        Refusal.ATTENDED_ALL: outcome is Outcome.NOT_EVALUATED,
    }
    return [fault for fault, holds in faults.items() if holds]


def length_of(starts_at: datetime, ends_at: datetime) -> int:
    """Return how many minutes a day is long."""
    return int((ends_at - starts_at).total_seconds() // 60)


def opens_at(starts_at: datetime) -> datetime:
    """Return when a register opens: as its day begins, so that morning and afternoon can be marked as one."""
    return datetime.combine(starts_at.astimezone(LONDON).date(), time(), LONDON)


def listed_as(starts_at: datetime, ends_at: datetime, now: datetime, *, is_closed: bool, is_awaited: bool) -> ListedAs:
    """Say where a register belongs: what is over and open is asked for, unless nobody was to come and nobody came."""
    if opens_at(starts_at) == opens_at(now):
        return ListedAs.TODAY
    if ends_at > now:
        return ListedAs.COMING
    return ListedAs.LEFT_OPEN if is_awaited and not is_closed else ListedAs.DONE_WITH


def faults_of_marking(status: str, starts_at: datetime, now: datetime, *, is_closed: bool) -> list[Refusal]:
    """List why a register takes no marks now; an empty list means that it does."""
    faults = {
        Refusal.NOT_HELD: status != "published",
        Refusal.NOT_BEGUN: now < opens_at(starts_at),
        Refusal.CLOSED: is_closed,
    }
    return [fault for fault, holds in faults.items() if holds]


def minutes_fit(status: AttendanceStatus, minutes: int | None, length: int) -> bool:
    """Say whether the minutes belong to the mark: only part of a day has some, and fewer than the whole day."""
    return (minutes is not None and 0 < minutes < length) if status is AttendanceStatus.PART_ATTENDED else True


def working_day_after(on: date, count: int, holidays: Collection[date] = ()) -> date:
    """Return the day that lies `count` working days after another (weekends and holidays left out)."""
    while count:
        on += timedelta(days=1)
        if on.weekday() < 5 and on not in holidays:  # noqa: PLR2004 - Monday to Friday
            count -= 1
    return on


def chased_at(day: datetime, working_days: int, holidays: Collection[date] = ()) -> datetime:
    """Return when somebody is asked about an open register: at nine, so many working days after its day."""
    on = working_day_after(day.astimezone(LONDON).date(), working_days, holidays)
    return datetime.combine(on, CHASED_AT, LONDON)


def code_of(secret: str, session_day_id: int, moment: datetime) -> str:
    """Return the code of a day at a moment: six characters that nobody can foretell without the secret."""
    window = int(moment.timestamp() // CODE_LASTS.total_seconds())
    said = f"the code of day {session_day_id} in {window}".encode()
    number = int.from_bytes(hmac.digest(secret.encode(), said, "sha256"), "big")
    letters = []
    for _ in range(CODE_LENGTH):
        number, place = divmod(number, len(CODE_ALPHABET))
        letters.append(CODE_ALPHABET[place])
    return "".join(letters)


def code_ends_at(moment: datetime) -> datetime:
    """Return when the next code comes up."""
    seconds = int(CODE_LASTS.total_seconds())
    return datetime.fromtimestamp((int(moment.timestamp()) // seconds + 1) * seconds, LONDON)


def day_of_code(secret: str, code: str, session_day_ids: Iterable[int], now: datetime) -> int | None:
    """Find the day whose code this is or was a moment ago; None: of none of these days, or too old."""
    moments = [now - CODE_LASTS * number for number in range(1 + CODE_ACCEPTED // CODE_LASTS)]
    wanted = plain_code(code)
    for day_id in session_day_ids:
        if any(hmac.compare_digest(wanted.encode(), code_of(secret, day_id, moment).encode()) for moment in moments):
            return day_id
    return None


def plain_code(code: str) -> str:
    """Read a code as people type it: in any case, with spaces or a hyphen in the middle."""
    return "".join(letter for letter in code.upper() if letter.isalnum())
