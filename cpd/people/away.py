"""When people are away: recorded by their manager or Workforce Development, without a reason (B8)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import or_, select, update

from cpd.people import service as people
from cpd.people.models import TimeAway
from cpd.people.rules import Away, AwayFault, AwayKind, faults_of_away
from cpd.shared import clock, history
from cpd.shared.database import LARGEST_ID, db
from cpd.shared.unit_of_work import one_transaction, publish

__all__ = [
    "Away",
    "AwayKind",
    "AwayRefused",
    "away_between",
    "correct_away",
    "find_away",
    "record_away",
    "times_away",
    "withdraw_away",
]

CORRECTED = "corrected"
WITHDRAWN = "withdrawn"


class AwayRefused(Exception):  # noqa: N818 - a refusal, as everywhere in this project
    """Time away cannot be kept; `faults` say why."""

    def __init__(self, *faults: AwayFault) -> None:
        super().__init__(", ".join(faults))
        self.faults = faults


def away_between(person_ids: Collection[int], first: date, last: date) -> dict[int, list[Away]]:
    """Return when people are away on any day from `first` to `last`, both included, in the order of time. One query.

    Each person asked for has a list, also who is never away; times reach beyond the days asked for as they were kept.
    """
    wanted = (
        select(TimeAway.person_id, TimeAway.away_kind, TimeAway.first_day, TimeAway.last_day, TimeAway.id)
        .where(TimeAway.person_id.in_(person_ids), TimeAway.superseded_at.is_(None), TimeAway.first_day <= last)
        .where(or_(TimeAway.last_day.is_(None), TimeAway.last_day >= first))
        .order_by(TimeAway.first_day)
    )
    found: dict[int, list[Away]] = {person_id: [] for person_id in person_ids}
    for row in db.session.execute(wanted):
        found[row.person_id].append(Away(AwayKind(row.away_kind), row.first_day, row.last_day, row.id))
    return found


def times_away(person_id: int) -> list[Away]:
    """List all that is kept of when somebody is away, the newest first."""
    return away_between([person_id], date.min, date.max)[person_id][::-1]


def find_away(person_id: int, away_id: int) -> Away | None:
    """Return one time away of somebody's that is in force, or None."""
    return next((each for each in times_away(person_id) if each.id == away_id), None)


@one_transaction
def record_away(person_id: int, said: Away, *, by: int) -> int:
    """Keep when somebody is away, and return its id.

    Raises:
        AwayRefused: it is one's own, it ends before it begins, or another time away speaks of the same days.
        LookupError: there is no such person.
    """
    return _keep(person_id, said, by, instead_of=None)


@one_transaction
def correct_away(person_id: int, away_id: int, said: Away, *, by: int) -> int:
    """Put time away right: what was kept is superseded and stays; returns the new id, or the same for no change.

    Raises:
        AwayRefused: as `record_away`, or it is no longer in force.
    """
    people.lock_persons([person_id])
    held = find_away(person_id, away_id)
    if held == Away(said.kind, said.first_day, said.last_day, away_id):
        return away_id
    _end(person_id, away_id, CORRECTED, by)
    return _keep(person_id, said, by, instead_of=away_id)


@one_transaction
def withdraw_away(person_id: int, away_id: int, *, by: int) -> None:
    """Take time away back because it was not so; it stays as something that was once believed.

    Raises:
        AwayRefused: it is one's own, or no longer in force.
    """
    people.lock_persons([person_id])
    _end(person_id, away_id, WITHDRAWN, by)
    _note(WITHDRAWN, away_id, person_id, by)


def _keep(person_id: int, said: Away, by: int, instead_of: int | None) -> int:
    """Write a time away beside the others of the same person, under her lock."""
    if by == person_id:
        raise AwayRefused(AwayFault.OWN)
    organisation_id = people.get_person(person_id).organisation_id
    people.lock_persons([person_id])
    if faults := faults_of_away(said, times_away(person_id)):
        raise AwayRefused(*faults)
    row = TimeAway(
        organisation_id=organisation_id,
        person_id=person_id,
        away_kind=said.kind,
        first_day=said.first_day,
        last_day=said.last_day,
        recorded_at=clock.real_now(),
        recorded_by_id=by,
    )
    db.session.add(row)
    db.session.flush()
    _note(CORRECTED if instead_of else "recorded", row.id, person_id, by, instead_of)
    publish("people.away", (person_id, by))
    return row.id


def _end(person_id: int, away_id: int, reason: str, by: int) -> None:
    """Supersede a time away that is in force. Why is one word: what somebody typed here might tell too much (B8)."""
    if by == person_id:
        raise AwayRefused(AwayFault.OWN)
    ended = db.session.execute(
        update(TimeAway)
        .where(TimeAway.id == min(away_id, LARGEST_ID), TimeAway.person_id == person_id)
        .where(TimeAway.superseded_at.is_(None))
        .values(superseded_at=clock.real_now(), superseded_by_id=by, supersede_reason=reason)
        .returning(TimeAway.id)
    ).all()
    if not ended:
        raise AwayRefused(AwayFault.NO_LONGER_IN_FORCE)


def _note(verb: str, away_id: int, person_id: int, by: int, instead_of: int | None = None) -> None:
    """Write the history: whose and by whom; when and which kind stay in the row, which can be erased (B8)."""
    history.note(
        verb,
        "time_away",
        away_id,
        actor_id=by,
        organisation_id=people.get_person(person_id).organisation_id,
        before={"time_away_id": instead_of} if instead_of else None,
        after={"person_id": person_id},
    )
