"""How quick a plan is: random timetables, each searched exactly.

The timetables are crowded: sessions of half a day at four times of a day, one in five of them over two days, and each
module needs each earlier one by chance. Same seeds, same timetables. The processor's time is counted, so that what
else the machine does changes little.
"""

from __future__ import annotations

import random
import statistics
import time
from datetime import UTC, datetime, timedelta

from cpd.booking.route import Journey, Route, Stop, best_route
from cpd.requirements.language import AllOf, Completed

START = datetime(2019, 1, 7, 9, 30, tzinfo=UTC)
STARTS = (0, 0, 2, 4)
HALF_DAY = timedelta(hours=3)
TIMETABLES = 300
KINDS = (
    ("7 modules of 6 sessions in 10 weeks", 7, 6, 10, 0.4),
    ("7 modules of 6 sessions in 3 weeks", 7, 6, 3, 0.2),
    ("12 modules of 8 sessions in 10 weeks", 12, 8, 10, 0.3),
    ("12 modules of 8 sessions in 4 weeks", 12, 8, 4, 0.1),
)


def route_distribution(timetables: int = TIMETABLES) -> list[str]:
    """Search random timetables of each kind; returns a line for each with median, 95th percentile and longest."""
    return [_line(words, [_timed(random_journey(*size, seed)) for seed in range(timetables)]) for words, *size in KINDS]


def random_journey(modules: int, sessions: int, weeks: int, needs_earlier: float, seed: int) -> Journey:
    """Make a timetable and what its modules need; the same seed makes the same."""
    chance = random.Random(seed)
    codes = [f"M{number}" for number in range(1, modules + 1)]
    needs = {
        code: AllOf(tuple(Completed(each) for each in codes[:number] if chance.random() < needs_earlier))
        for number, code in enumerate(codes)
    }
    stops = [
        Stop(number * sessions + each, code, _days(chance, weeks))
        for number, code in enumerate(codes)
        for each in range(sessions)
    ]
    return Journey(needs, stops, {})


def _days(chance: random.Random, weeks: int):
    """Choose when a session is held: on a weekday, one in five going on the day after."""
    week, weekday = divmod(chance.randrange(weeks * 5), 5)
    start = START + timedelta(days=week * 7 + weekday, hours=chance.choice(STARTS))
    days = 2 if weekday < 4 and chance.random() < 0.2 else 1
    return tuple((start + timedelta(days=day), start + timedelta(days=day) + HALF_DAY) for day in range(days))


def _timed(journey: Journey) -> tuple[float, bool]:
    """Search a timetable; returns the milliseconds of the processor and whether there was a route."""
    begun = time.process_time()
    found = best_route(journey)
    return (time.process_time() - begun) * 1000, isinstance(found, Route)


def _line(words: str, searched: list[tuple[float, bool]]) -> str:
    times = sorted(milliseconds for milliseconds, _ in searched)
    routes = sum(found for _, found in searched)
    figures = (statistics.median(times), times[len(times) * 95 // 100], times[-1])
    median, late, longest = (f"{figure:.2f} ms" for figure in figures)
    return f"{words}: median {median}, 95 % within {late}, longest {longest}; {routes} of {len(times)} have a route"


if __name__ == "__main__":
    print("\n".join(route_distribution()))
