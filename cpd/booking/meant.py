"""Which session somebody means who writes a module, a date and perhaps a time, as requests are made today (G-6)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from cpd.catalogue import service as catalogue
from cpd.shared.dates import WrittenDate, say
from cpd.shared.reading import Unreadable
from cpd.shared.wording import and_words, time_words
from cpd.timetable.facts import SessionFacts
from cpd.timetable.reading.modules import Modules
from cpd.timetable.reading.values import LONDON, KnownModule

NEAREST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Offering:
    """What the people of one organisation may ask for: modules by any of their names, and each one's sessions."""

    modules: Modules
    sessions: dict[str, Sequence[SessionFacts]]
    titles: dict[str, str]


@dataclass(frozen=True, slots=True)
class Wish:
    """One date of a module that somebody asks for; `starts` are the times at which it may begin, if one is said.

    `half` is am or pm where she wrote only morning or afternoon.
    """

    module: str
    on: date
    starts: frozenset[time] = frozenset()
    half: str = ""


def offering_of(sessions: Sequence[SessionFacts], organisation_id: int) -> Offering:
    """Put sessions and the modules that may be meant together, for reading what people write about them."""
    organisations = {organisation_id, *(each.organisation_id for each in sessions)}
    modules = catalogue.modules_of(organisations, withdrawn_too=True).values()
    known = [KnownModule(each.code, each.number_label, each.title, each.other_names) for each in modules]
    by_module: defaultdict[int, list[SessionFacts]] = defaultdict(list)
    for session in sessions:
        by_module[session.module_id].append(session)
    return Offering(
        Modules(known),
        {each.code: by_module[each.id] for each in modules},
        {each.code: each.full_title for each in modules},
    )


def day_to_come(written: WrittenDate, asked_on: date) -> date:
    """Give a date that may lack its year: the nearest to come when it was asked for.

    Raises `Unreadable` where there is no such day, or the weekday written with it is another.
    """
    if written.year is None and written.in_year(asked_on.year) < asked_on:
        return written.on(asked_on.year + 1)
    return written.on(asked_on.year)


def session_meant(wish: Wish, offered: Offering) -> SessionFacts:
    """Find the session that is meant; raises `Unreadable`, naming the choices, where it is none or one of several."""
    title, of_module = offered.titles[wish.module], offered.sessions[wish.module]
    same_day = _on(wish.on, of_module)
    if not same_day:
        raise Unreadable(f"there is no session of {title} on {say(wish.on)}{_nearest(wish.on, of_module)}")
    found = [each for each in same_day if _fits(_start_on(wish.on, each), wish)]
    times = and_words([time_words(_start_on(wish.on, each)) for each in same_day])
    if not found:
        raise Unreadable(f"on {say(wish.on)} {title} begins at {times}: write that time, or another date")
    if len(found) > 1:
        raise Unreadable(f"on {say(wish.on)} {title} begins at {times}: write the time with the date")
    return found[0]


def _on(day: date, sessions: Sequence[SessionFacts]) -> list[SessionFacts]:
    """List what begins on a day, or else what goes on then; cancelled ones only where there is nothing else."""
    live = [each for each in sessions if each.status != "cancelled"]
    for candidates in (live, sessions):
        begins = [each for each in candidates if each.starts_at.astimezone(LONDON).date() == day]
        goes_on = [
            each for each in candidates if any(part.starts_at.astimezone(LONDON).date() == day for part in each.days)
        ]
        if begins or goes_on:
            return begins or goes_on
    return []


def _start_on(day: date, session: SessionFacts) -> datetime:
    """Return when a session begins on one of its days."""
    starts = (part.starts_at for part in session.days if _date_of(part.starts_at) == day)
    return next(starts, session.starts_at)


def _fits(starts_at: datetime, wish: Wish) -> bool:
    """Say whether a session begins when she wrote."""
    at = starts_at.astimezone(LONDON).time()
    if wish.starts:
        return at in wish.starts
    return not wish.half or (at < time(12)) == (wish.half == "am")


def _nearest(day: date, sessions: Sequence[SessionFacts]) -> str:
    """Name the dates that are nearest to one on which there is nothing."""
    dates = {_date_of(each.starts_at) for each in sessions if each.status != "cancelled"}
    nearest = sorted(sorted(dates, key=lambda each: abs(each - day))[:NEAREST_NAMED])
    return f"; the nearest are on {and_words([say(each) for each in nearest])}" if nearest else ""


def _date_of(moment: datetime) -> date:
    return moment.astimezone(LONDON).date()
