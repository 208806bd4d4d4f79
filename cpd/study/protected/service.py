"""Protected development time: saying how a week was, and reading how people stand (S-1, AMB-18)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select, update

from cpd.catalogue import service as catalogue
from cpd.catalogue.service import Scheme
from cpd.people import service as people
from cpd.people.away import away_between
from cpd.people.posts import posts_held
from cpd.people.service import PersonFacts
from cpd.shared import clock, history
from cpd.shared.database import db
from cpd.shared.unit_of_work import one_transaction
from cpd.study.protected import rules
from cpd.study.protected.models import ProtectedTimeEntry
from cpd.study.protected.rules import Allowance, Answer, Balance, Fault, Said, Standing, Week, WeekLine
from cpd.timetable.bank_holidays import bank_holidays

CORRECTED = "corrected"


class WeekRefused(Exception):  # noqa: N818 - a refusal, as everywhere in this project
    """What was said of a week cannot be taken; `fault` says why, `week` what the week has."""

    def __init__(self, fault: Fault, week: Week) -> None:
        super().__init__(fault)
        self.fault, self.week = fault, week


@dataclass(frozen=True, slots=True)
class Member:
    """One of a team who has protected time."""

    person: PersonFacts
    balance: Balance


def standing_of(person_id: int) -> Standing:
    """Return how somebody stands today; five queries."""
    organisation_id = people.get_person(person_id).organisation_id
    return _standings([person_id], organisation_id)[person_id]


def summary_of(person_id: int) -> Balance | None:
    """Return somebody's balance for a page that shows much else; None where she has no protected time now."""
    standing = standing_of(person_id)
    return None if standing.begins_on is None or standing.is_over else standing.balance


def team_page(manager_id: int, organisation_id: int) -> list[Member]:
    """List whom somebody manages and who has protected time now, who is furthest behind first; five queries."""
    team = people.team_of(manager_id, organisation_id, clock.today())
    standings = _standings([each.id for each in team], organisation_id)
    members = [
        Member(each, standings[each.id].balance)
        for each in team
        if standings[each.id].begins_on and not standings[each.id].is_over
    ]
    return sorted(members, key=lambda each: (-each.balance.left, each.person.name, each.person.id))


def allowances_of(organisation_id: int) -> list[Allowance]:
    """Return who has protected time by the scheme in force; none where there is no scheme. One query."""
    scheme = catalogue.scheme_in_force(organisation_id)
    return allowances_in(scheme) if scheme else []


def allowances_in(scheme: Scheme) -> list[Allowance]:
    """Return who has protected time by one version of a scheme (S-1)."""
    return [
        Allowance(frozenset(each.career_levels), each.percent, each.full_time_hours, each.since, each.months)
        for each in scheme.pack.protected_time
    ]


def find_week(person_id: int, first: date) -> WeekLine:
    """Return one week of somebody's, whether or not it has anything."""
    said = _said([person_id]).get((person_id, first))
    return WeekLine(_week(person_id, first), said)


@one_transaction
def say_week(person_id: int, first: date, said: Said) -> None:
    """Keep what somebody says of her week; said again otherwise, the new answer supersedes the old one.

    Raises:
        WeekRefused: see `Fault`.
    """
    people.lock_persons([person_id])
    week = _week(person_id, first)
    if faults := rules.faults_of(said, week, clock.today()):
        raise WeekRefused(faults[0], week)
    before = _said([person_id]).get((person_id, first))
    if before == said:
        return
    _end(person_id, first)
    _keep(person_id, first, said, before)


def _keep(person_id: int, first: date, said: Said, before: Said | None) -> None:
    """Write what she says of a week, and its history."""
    organisation_id = people.get_person(person_id).organisation_id
    row = ProtectedTimeEntry(
        organisation_id=organisation_id,
        person_id=person_id,
        week_of=first,
        answer=said.answer,
        minutes=said.minutes,
        recorded_at=clock.real_now(),
        recorded_by_id=person_id,
    )
    db.session.add(row)
    db.session.flush()
    history.note(
        CORRECTED if before else "said",
        "protected_time_entry",
        row.id,
        actor_id=person_id,
        organisation_id=organisation_id,
        before=_in_history(before, first) if before else None,
        after=_in_history(said, first),
    )


def _end(person_id: int, first: date) -> None:
    """Supersede what was said of a week before."""
    db.session.execute(
        update(ProtectedTimeEntry)
        .where(ProtectedTimeEntry.person_id == person_id, ProtectedTimeEntry.week_of == first)
        .where(ProtectedTimeEntry.superseded_at.is_(None))
        .values(superseded_at=clock.real_now(), superseded_by_id=person_id, supersede_reason=CORRECTED)
    )


def _in_history(said: Said, first: date) -> dict[str, str | int | None]:
    return {"week_of": first.isoformat(), "answer": said.answer.value, "minutes": said.minutes}


def _week(person_id: int, first: date) -> Week:
    """Return what one week of somebody's has."""
    allowances = allowances_of(people.get_person(person_id).organisation_id)
    away = away_between([person_id], date.min, date.max)[person_id]
    rates = rules.rates_of(allowances, posts_held([person_id])[person_id], away)
    return rules.week_from(first, rates, away, _holidays(first, first + rules.WEEK))


def _standings(person_ids: Collection[int], organisation_id: int) -> dict[int, Standing]:
    """Return how people of an organisation stand: four queries, or one where there is no allowance."""
    today = clock.today()
    allowances = allowances_of(organisation_id)
    if not allowances:
        return {person_id: rules.standing_on(today, (), ()) for person_id in person_ids}
    away = away_between(person_ids, date.min, date.max)
    posts = posts_held(person_ids)
    said = _said(person_ids)
    rates = {each: rules.rates_of(allowances, posts[each], away[each]) for each in person_ids}
    holidays = _holidays(min((each[0].first_day for each in rates.values() if each), default=today), today)
    weeks = {each: rules.weeks_until(today, rates[each], away[each], holidays) for each in person_ids}
    return {
        each: rules.standing_on(
            today, rates[each], [WeekLine(week, said.get((each, week.first))) for week in weeks[each]]
        )
        for each in person_ids
    }


def _holidays(first: date, last: date) -> frozenset[date]:
    """Return the bank holidays of the years from one day to another."""
    years = range(first.year, last.year + 2)  # the last week may reach into the next year
    return frozenset(day for year in years for day in bank_holidays(year))


def _said(person_ids: Collection[int]) -> dict[tuple[int, date], Said]:
    """Read what people said of their weeks, as it stands now: one query."""
    wanted = select(
        ProtectedTimeEntry.person_id, ProtectedTimeEntry.week_of, ProtectedTimeEntry.answer, ProtectedTimeEntry.minutes
    ).where(ProtectedTimeEntry.person_id.in_(person_ids), ProtectedTimeEntry.superseded_at.is_(None))
    return {
        (person_id, first): Said(Answer(answer), minutes)
        for person_id, first, answer, minutes in db.session.execute(wanted)
    }
