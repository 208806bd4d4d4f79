"""Reading study days: a fixed number of queries, for one person or for a whole team."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Row, ScalarSelect, func, select

from cpd.catalogue import service as catalogue
from cpd.people.away import Away, away_between
from cpd.people.posts import PostHeld, posts_held
from cpd.schemes.study_days_shape import StudyDayKind
from cpd.shared import clock
from cpd.shared.database import LARGEST_ID, db
from cpd.shared.roles import Role
from cpd.study.days.allowances import Balance, allowance_on, balance_of
from cpd.study.days.models import StudyDayEntry, StudyDayRequest
from cpd.study.days.rules import Act, DayPart, Decider, LedgerEntry, StudyDay, may_decide
from cpd.study.managers import managers_of


@dataclass(frozen=True, slots=True)
class Account:
    """All about one person's study days: what she may have, and what she asked for, in the order of the days.

    `level_titles` are what her council calls its career levels.
    """

    person_id: int
    kinds: tuple[StudyDayKind, ...]
    posts: tuple[PostHeld, ...]
    away: tuple[Away, ...]
    days: tuple[StudyDay, ...]
    level_titles: Mapping[str, str]

    def balance_on(self, kind: str, day: date) -> Balance | None:
        """Return how an allowance stands to which a day belongs; None where there is none that day."""
        found = next((each for each in self.kinds if each.code == kind), None)
        allowance = allowance_on(found, self.posts, self.away, day) if found else None
        return balance_of(allowance, self.days) if allowance else None

    def balances_on(self, day: date) -> list[Balance]:
        """List how the allowances of a day stand, in the pack's order."""
        found = (self.balance_on(kind.code, day) for kind in self.kinds)
        return [each for each in found if each]

    def other_balances(self, day: date) -> list[Balance]:
        """List the earlier and later allowances to which days that she asked for belong, the latest first."""
        here = {(each.allowance.kind, each.allowance.first_day) for each in self.balances_on(day)}
        found = [self.balance_on(each.kind, each.on) for each in self.days]
        others = {(each.allowance.kind, each.allowance.first_day): each for each in found if each}
        return sorted(
            (each for key, each in others.items() if key not in here),
            key=lambda each: each.allowance.first_day,
            reverse=True,
        )

    def kind_title(self, code: str) -> str:
        """Return what a kind is called; its code where the pack has it no longer."""
        return next((each.title for each in self.kinds if each.code == code), code)

    def is_away(self, day: date) -> bool:
        """Say whether she is recorded as away on a day."""
        return any(each.covers(day) for each in self.away)


def accounts_of(person_ids: Collection[int], organisation_id: int) -> dict[int, Account]:
    """Load the study days of people of one organisation: five queries, however many they are."""
    scheme = catalogue.scheme_in_force(organisation_id)
    kinds = scheme.pack.study_days if scheme else ()
    titles = {each.code: each.title for each in scheme.pack.career_levels} if scheme else {}
    posts, days = posts_held(person_ids), _days_where(StudyDayRequest.person_id.in_(person_ids))
    away = away_between(person_ids, date.min, date.max)
    return {
        each: Account(each, kinds, tuple(posts[each]), tuple(away[each]), tuple(days[each]), titles)
        for each in person_ids
    }


def find_day(request_id: int) -> StudyDay | None:
    """Return one study day, or None."""
    found = _days_where(StudyDayRequest.id == min(request_id, LARGEST_ID))
    return next((day for days in found.values() for day in days), None)


def every_day() -> list[StudyDay]:
    """List the study days of everybody. One query."""
    return [day for days in _days_where().values() for day in days]


def waiting_in(organisation_id: int) -> list[StudyDay]:
    """List the study days of an organisation that nobody has answered, the earliest first. One query."""
    answered = select(StudyDayEntry.study_day_request_id).where(StudyDayEntry.step > 0)
    found = _days_where(StudyDayRequest.organisation_id == organisation_id, StudyDayRequest.id.not_in(answered))
    return sorted((day for days in found.values() for day in days), key=lambda day: (day.starts_at, day.id))


def unanswered_of(person_ids: Collection[int]) -> ScalarSelect[int]:
    """Count in a query of somebody else's how many study days of these people nobody has answered."""
    answered = select(StudyDayEntry.study_day_request_id).where(StudyDayEntry.step > 0)
    wanted = select(func.count(StudyDayRequest.id)).where(
        StudyDayRequest.person_id.in_(person_ids), StudyDayRequest.id.not_in(answered)
    )
    return wanted.scalar_subquery()


def deciders_of(person_ids: Collection[int]) -> dict[int, Decider]:
    """Return who decides today on each person's days. Three queries."""
    managers, today = managers_of(person_ids), clock.today()
    away = away_between({each for each in managers.values() if each}, today, today)
    return {each: Decider(manager_id, bool(away.get(manager_id or 0))) for each, manager_id in managers.items()}


def decides(by: int, roles: Collection[Role], person_id: int, decider: Decider) -> bool:
    """Say whether somebody of the same organisation decides on a person's days; see `deciders_of`."""
    return may_decide(by, person_id, decider, by_is_officer=Role.WORKFORCE_DEVELOPMENT in roles)


REQUEST_COLUMNS = (
    StudyDayRequest.id,
    StudyDayRequest.person_id,
    StudyDayRequest.organisation_id,
    StudyDayRequest.kind,
    StudyDayRequest.held_on,
    StudyDayRequest.day_part,
    StudyDayRequest.half_days,
    StudyDayRequest.purpose,
    StudyDayRequest.starts_at,
    StudyDayRequest.ends_at,
)
ENTRY_COLUMNS = (
    StudyDayEntry.step,
    StudyDayEntry.act,
    StudyDayEntry.asked,
    StudyDayEntry.approved,
    StudyDayEntry.happened_at,
    StudyDayEntry.recorded_by_id,
    StudyDayEntry.reason,
    StudyDayEntry.left_before,
)


def _days_where(*conditions: ColumnElement[bool]) -> dict[int, list[StudyDay]]:
    """Read study days with their entries, by person, in the order of the days. One query."""
    wanted = (
        select(*REQUEST_COLUMNS, *ENTRY_COLUMNS)
        .join(StudyDayEntry, StudyDayEntry.study_day_request_id == StudyDayRequest.id)
        .where(*conditions)
        .order_by(StudyDayRequest.starts_at, StudyDayRequest.id, StudyDayEntry.step)
    )
    now = clock.now()
    found: dict[int, list[StudyDay]] = defaultdict(list)
    for _, rows in groupby(db.session.execute(wanted), key=lambda row: row.id):
        day = _study_day(list(rows), now)
        found[day.person_id].append(day)
    return found


def _study_day(rows: list[Row[*tuple[Any, ...]]], now: datetime) -> StudyDay:
    """Make a study day of the rows of its entries."""
    one = rows[0]
    return StudyDay(
        id=one.id,
        person_id=one.person_id,
        organisation_id=one.organisation_id,
        kind=one.kind,
        on=one.held_on,
        part=DayPart(one.day_part),
        half_days=one.half_days,
        purpose=one.purpose,
        starts_at=one.starts_at,
        ends_at=one.ends_at,
        is_over=one.ends_at <= now,
        entries=tuple(
            LedgerEntry(
                step=row.step,
                act=Act(row.act),
                asked=row.asked,
                approved=row.approved,
                at=row.happened_at,
                by_id=row.recorded_by_id,
                reason=row.reason,
                left_before=row.left_before,
            )
            for row in rows
        ),
    )
