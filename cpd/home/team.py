"""A manager's team: how far each is, what comes next, what lapses, and who is at training when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from cpd.booking.facts import Standpoint, Terms, standpoints_of, terms_for
from cpd.booking.rules import HeldBooking, Status
from cpd.catalogue import service as catalogue
from cpd.diary import team as diaries
from cpd.diary.team import Away
from cpd.home.career_words import career_words
from cpd.home.progress import Progress, first_years_of, progress_of
from cpd.home.validity import Repeated, repeated_by
from cpd.people import service as people
from cpd.people.service import PersonFacts
from cpd.progression.pathways import service as pathways
from cpd.progression.pathways.under_way import under_way
from cpd.shared import clock
from cpd.shared.clock import LONDON
from cpd.shared.wording import DAYS, counted, date_words, day_words, short_day

MIDDAY = time(13)
"""Where the morning ends and the afternoon begins: whoever is away across it is away for both."""

HALVES = ("morning", "afternoon")
WORKING_DAYS = 5
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Place:
    """A place that somebody has: of what, on which session, and when."""

    title: str
    training_session_id: int
    on: str


@dataclass(frozen=True, slots=True)
class Member:
    """One of a team: next session, programmes, what lapses, places that lack their basis, and `career` progress."""

    person: PersonFacts
    career: str
    next: Place | None
    progress: Sequence[Progress]
    repeated: Sequence[Repeated]
    lacking: Sequence[Place]


def team_page(manager_id: int, organisation_id: int) -> list[Member]:
    """List whom somebody manages today, by name: a fixed number of queries, however many they are."""
    terms = terms_for([organisation_id])
    team = people.team_of(manager_id, organisation_id, terms.today)
    ids = [each.id for each in team]
    standpoints = standpoints_of(ids, terms)
    titles = _titles(standpoints, terms)
    programmes = catalogue.programmes_of([organisation_id])
    first_years = first_years_of(organisation_id)
    readiness, courses = pathways.readiness_of(ids, terms.today), under_way(ids)
    members = []
    for each in team:
        standpoint = standpoints[each.id]
        places = _places(standpoint, terms)
        members.append(
            Member(
                each,
                career_words(readiness[each.id], courses[each.id]),
                _place(places[0], titles) if places else None,
                progress_of(programmes, standpoint, terms, first_years),
                [one for one in repeated_by(standpoint, terms, organisation_id) if one.is_pressing],
                [_place(held, titles) for held in places if held.lacks_basis_since],
            )
        )
    return members


def _places(standpoint: Standpoint, terms: Terms) -> list[HeldBooking]:
    """List somebody's places on sessions that are not over, the earliest first."""
    held = (each for each in standpoint.bookings if each.status is Status.CONFIRMED and each.session_live)
    return sorted((each for each in held if each.ends_at > terms.now), key=lambda each: each.starts_at)


def _place(held: HeldBooking, titles: Mapping[int, str]) -> Place:
    return Place(titles[held.module_id], held.training_session_id, short_day(held.starts_at))


def _titles(standpoints: Mapping[int, Standpoint], terms: Terms) -> dict[int, str]:
    """Name the modules of places that people have, those that other organisations hold too."""
    wanted = {held.module_id for each in standpoints.values() for held in each.bookings}
    found = {**terms.modules, **catalogue.modules_by_id(wanted - terms.modules.keys())}
    return {number: module.full_title for number, module in found.items()}


@dataclass(frozen=True, slots=True)
class HalfDay:
    """Who is away in one half of a day: each with what and its page; `words` name the half day."""

    words: str
    away: Sequence[tuple[str, Sequence[Away]]]
    is_too_many: bool


@dataclass(frozen=True, slots=True)
class WeekPage:
    """One week of a team: a row for each day with its two halves, and the warnings."""

    first: date
    team: Sequence[PersonFacts]
    most_away: int | None
    days: Sequence[tuple[str, Sequence[HalfDay]]]

    @property
    def words(self) -> str:
        """`14 January 2019 to 20 January 2019`."""
        return f"{date_words(self.first)} to {date_words(self.first + WEEK - timedelta(days=1))}"

    @property
    def warnings(self) -> list[str]:
        """`More than 2 of your 6 people are away on Tuesday morning.`, for each half day of which that is so."""
        most, size = self.most_away, len(self.team)
        return [
            f"More than {most} of your {counted(size, 'person', 'people')} are away on {half.words}."
            for _, halves in self.days
            for half in halves
            if half.is_too_many
        ]

    @property
    def before(self) -> str:
        """The Monday before, as the address has it."""
        return (self.first - WEEK).isoformat()

    @property
    def after(self) -> str:
        """The Monday after."""
        return (self.first + WEEK).isoformat()


def week_of(text: str, today: date) -> date:
    """Return the Monday of the week in which a date lies (`2019-01-15`); anything else is this week."""
    try:
        on = date.fromisoformat(text)
    except ValueError:
        on = today
    if not date(1900, 1, 8) <= on <= date(2199, 12, 20):
        on = today
    return on - timedelta(days=on.weekday())


def week_page(manager_id: int, organisation_id: int, first: date) -> WeekPage:
    """Show who of a team is at training in which half of a day; weekends only where somebody is. Three queries."""
    team = people.team_of(manager_id, organisation_id, clock.today())
    most = diaries.most_away(manager_id)
    entries = diaries.away([each.id for each in team], _start_of(first), _start_of(first + WEEK))
    names = {each.id: each.name for each in team}
    days = []
    for number in range(WEEK.days):
        day = first + timedelta(days=number)
        halves = [_half(day, half, entries, names, most) for half in HALVES]
        if number < WORKING_DAYS or any(half.away for half in halves):
            days.append((day_words(day), halves))
    return WeekPage(first, team, most, days)


def _half(day: date, half: str, entries: Sequence[Away], names: Mapping[int, str], most: int | None) -> HalfDay:
    """Find who is away in one half of a day, by name."""
    midday, tomorrow = datetime.combine(day, MIDDAY, LONDON), _start_of(day + timedelta(days=1))
    since, until = (_start_of(day), midday) if half == "morning" else (midday, tomorrow)
    found: defaultdict[int, list[Away]] = defaultdict(list)
    for entry in entries:
        if entry.starts_at < until and entry.ends_at > since:
            found[entry.person_id].append(entry)
    in_order = sorted(found, key=lambda person_id: (names[person_id], person_id))
    away = [(names[person_id], found[person_id]) for person_id in in_order]
    return HalfDay(f"{DAYS[day.weekday()]} {half}", away, most is not None and len(away) > most)


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time.min, LONDON)
