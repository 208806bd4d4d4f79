"""Who can no longer finish a programme, what stops them, and which further session would help most people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum
from typing import Any

from sqlalchemy import select

from cpd.booking.facts import Standpoint, Terms
from cpd.booking.planning import Asked, Outlook, needed_for
from cpd.booking.prospects import Prospects, prospects_of
from cpd.booking.route import Route, Stop
from cpd.booking.rules import HOLDING
from cpd.catalogue import service as catalogue
from cpd.catalogue.service import ModuleFacts, ProgrammeFacts
from cpd.people import service as people
from cpd.people.models import Person
from cpd.requirements.evaluator import modules_in
from cpd.shared import clock
from cpd.shared.clock import LONDON, in_london
from cpd.shared.database import db
from cpd.shared.wording import date_words, time_words
from cpd.timetable.facts import SessionFacts

SATURDAY = 5
USUAL_START = time(9, 30)
USUAL_MINUTES = 180
SOME = 4
AFTERWARDS = timedelta(days=14)
"""How far beyond the last session one more is imagined."""


class Where(Enum):
    """Where somebody is in a programme."""

    FINISHED = "finished"
    UNDER_WAY = "under way"
    NOT_BEGUN = "not begun"
    NOT_MEANT = "not meant for her"


@dataclass(frozen=True, slots=True)
class Stuck:
    """Somebody who has begun a programme and cannot finish it as things are.

    `may_wait` says that she could, if a place became free in a full session.
    """

    name: str
    email: str
    team: str
    done: str
    stopped_by: ModuleFacts
    may_wait: bool


@dataclass(frozen=True, slots=True)
class Help:
    """One more session of a module: how many could finish with it, and by when it must be over (or nothing)."""

    module: ModuleFacts
    people: int
    over_by: str


@dataclass(frozen=True, slots=True)
class ProgrammePage:
    """Where an organisation's people are in a programme; only those for whom it is meant are counted."""

    programme: ProgrammeFacts
    finished: int
    under_way: int
    not_begun: int
    stuck: Sequence[Stuck]
    stopping: Sequence[tuple[ModuleFacts, int]]
    helps: Sequence[Help]


def programmes_of(organisation_id: int) -> Sequence[ProgrammeFacts]:
    """List an organisation's programmes."""
    return catalogue.programmes_of([organisation_id])


def programme_page(organisation_id: int, code: str) -> ProgrammePage | None:
    """Look at everybody in one go; None where the organisation has no such programme."""
    programme = next((each for each in catalogue.programmes_of([organisation_id]) if each.code == code), None)
    if programme is None:
        return None
    employed = _employed(organisation_id)
    prospects = prospects_of([each.id for each in employed], organisation_id, programme.duties)
    modules = {module.code: module for module in prospects.terms.modules.values()}
    duties = [modules[code] for code in programme.duties]
    needed = needed_for(programme.duties, modules)
    once_more = {code: occasions(modules[code], prospects.sessions, prospects.terms) for code in needed}
    some = _some_of_each([modules[code] for code in needed], prospects)
    counts, stuck, helped = Counter[Where](), list[Stuck](), Counter[str]()
    for person in employed:
        where = _where(prospects.standpoints[person.id], duties, prospects.terms)
        counts[where] += 1
        if where is not Where.UNDER_WAY or _can_finish(prospects.outlook(person.id, programme.duties, some)):
            continue
        outlook = prospects.outlook(person.id, programme.duties)
        if one := _stuck(person, outlook):
            stuck.append(one)
            helped.update(each for each in outlook.open_modules if outlook.with_one_more(each, once_more[each]))
    stopping = Counter(each.stopped_by.code for each in stuck).most_common()
    return ProgrammePage(
        programme,
        counts[Where.FINISHED],
        counts[Where.UNDER_WAY],
        counts[Where.NOT_BEGUN],
        stuck,
        [(modules[each], number) for each, number in stopping],
        [Help(modules[each], number, _over_by(each, prospects, modules)) for each, number in helped.most_common()],
    )


def occasions(module: ModuleFacts, sessions: Sequence[SessionFacts], terms: Terms) -> list[Stop]:
    """Imagine a module held once more: on any working day from tomorrow to just after the last session there is."""
    last = max((in_london(each.ends_at).date() for each in sessions), default=terms.today)
    working = [day for day in _days(terms.today, last + AFTERWARDS) if day.weekday() < SATURDAY]
    length = max(module.length_days or 1, 1)
    minutes = timedelta(minutes=(module.length_minutes or USUAL_MINUTES) / length)
    starts = [datetime.combine(day, USUAL_START, LONDON) for day in working]
    days = [(start, start + minutes) for start in starts]
    ends = range(length, len(days) + 1)
    return [Stop(-end, module.code, tuple(days[end - length : end])) for end in ends]


def _employed(organisation_id: int) -> Sequence[Any]:
    """Read who works for an organisation."""
    wanted = select(Person.id, Person.name, Person.email).where(Person.organisation_id == organisation_id)
    return db.session.execute(wanted.where(people.still_here(clock.today())).order_by(Person.name, Person.id)).all()


def _where(standpoint: Standpoint, duties: Sequence[ModuleFacts], terms: Terms) -> Where:
    """Say where somebody is in a programme whose mandatory modules these are."""
    footings = [standpoint.footing(module, terms.today) for module in duties]
    todo = [each for each in footings if not each.done]
    if not todo:
        return Where.FINISHED
    if not all(each.in_audience for each in todo):
        return Where.NOT_MEANT
    booked = any(held.status in HOLDING and held.session_live for each in todo for held in each.bookings)
    return Where.UNDER_WAY if booked or len(todo) < len(footings) else Where.NOT_BEGUN


def _some_of_each(modules: Sequence[ModuleFacts], prospects: Prospects) -> set[int]:
    """Choose a few sessions with places of each module, spread over the time.

    Most people can finish by these alone, and who can by a few sessions can by all of them: so only for the
    others every session needs to be looked at.
    """
    chosen: set[int] = set()
    for module in modules:
        ahead = [each for each in prospects.sessions_of(module) if each.starts_at > prospects.terms.now]
        free = [each.id for each in ahead if each.free_places != 0]
        chosen.update(free[:: max(1, len(free) // SOME)])
    return chosen


def _can_finish(outlook: Outlook) -> bool:
    """Say whether there is a route for somebody as things are."""
    return isinstance(outlook.best(Asked()), Route)


def _stuck(person: Any, outlook: Outlook) -> Stuck | None:
    """Say what stops somebody, or None where she can finish."""
    found = outlook.best(Asked())
    if isinstance(found, Route):
        return None
    return Stuck(
        person.name,
        person.email,
        outlook.standpoint.post.team_name if outlook.standpoint.post else "",
        f"{len(outlook.done)} of {len(outlook.done) + len(outlook.todo)}",
        outlook.todo[found.module],
        isinstance(outlook.best(Asked(waiting=True)), Route),
    )


def _over_by(code: str, prospects: Prospects, modules: Mapping[str, ModuleFacts]) -> str:
    """Say by when one more session would have to be over: before what needs the module is held for the last time."""
    sessions = [each for each in prospects.sessions if each.starts_at > prospects.terms.now]
    needing = {module.id for module in modules.values() if code in modules_in(module.requirement)}
    last: dict[int, datetime] = {each.module_id: each.starts_at for each in sessions if each.module_id in needing}
    if not last:
        return ""
    at = min(last.values())
    return f"{time_words(at)} on {date_words(at)}"


def _days(after: date, until: date) -> Iterator[date]:
    """Go through the days after one until another, inclusive."""
    for number in range(1, (until - after).days + 1):
        yield after + timedelta(days=number)
