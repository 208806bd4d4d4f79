"""The earliest way through a programme is found exactly, and where there is none it is said why."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpd.booking.route import LONG_AGO, Journey, NoRoute, Route, Stop, best_route, met_at
from cpd.requirements.language import NOTHING, AllOf, AnyOf, AtLeast, Completed

START = datetime(2019, 1, 7, 9, tzinfo=UTC)
NEEDS = {"M1": NOTHING, "M2": NOTHING, "M3": AllOf((Completed("M1"), Completed("M2")))}


def stop(number, module, day, hour=0, hours=3):
    begin = START + timedelta(days=day, hours=hour)
    return Stop(number, module, ((begin, begin + timedelta(hours=hours)),))


def sessions_of(route):
    return [each.session_id for each in route.stops]


def test_a_morning_and_its_afternoon_make_the_earliest_route():
    stops = [stop(1, "M1", 0), stop(2, "M2", 2), stop(3, "M3", 2, hour=4), stop(4, "M3", 1)]

    assert sessions_of(best_route(Journey(NEEDS, stops, {}))) == [1, 2, 3]


def test_what_is_done_need_not_be_planned():
    needs = {"M3": NEEDS["M3"]}

    route = best_route(Journey(needs, [stop(4, "M3", 1)], {"M1": LONG_AGO, "M2": START}))

    assert sessions_of(route) == [4]


def test_a_clash_is_avoided_even_if_that_takes_longer():
    stops = [stop(1, "M1", 0), stop(2, "M2", 0, hour=1), stop(5, "M2", 3), stop(3, "M3", 1), stop(4, "M3", 5)]

    assert sessions_of(best_route(Journey(NEEDS, stops, {}))) == [1, 5, 4]


def test_the_diary_is_left_alone():
    busy = [(START, START + timedelta(hours=1))]
    stops = [stop(1, "M1", 0), stop(2, "M1", 7)]

    assert sessions_of(best_route(Journey({"M1": NOTHING}, stops, {}, busy))) == [2]


@pytest.mark.parametrize(
    ("stops", "expected"),
    [
        ([stop(1, "M1", 0), stop(3, "M3", 9)], NoRoute("M2", clashing=False)),
        ([stop(1, "M1", 0), stop(2, "M2", 5), stop(3, "M3", 1)], NoRoute("M3", clashing=False)),
        ([stop(1, "M1", 0), stop(2, "M2", 0), stop(3, "M3", 1)], NoRoute("M3", clashing=True)),
    ],
    ids=["no date of Module 2", "Module 3 only before Module 2", "Modules 1 and 2 at one time"],
)
def test_where_there_is_no_route_it_is_said_what_stops_it(stops, expected):
    assert best_route(Journey(NEEDS, stops, {})) == expected


requirements = st.sampled_from([AllOf, AnyOf, lambda lines: AtLeast(min(2, len(lines)), lines)])


@st.composite
def journeys(draw):
    """Up to four modules with up to four sessions each, crowded into a few days so that many clash."""
    modules = [f"M{number}" for number in range(1, draw(st.integers(1, 4)) + 1)]
    needs, stops = {}, []
    for number, module in enumerate(modules):
        before = tuple(Completed(each) for each in modules[:number] if draw(st.booleans()))
        needs[module] = draw(requirements)(before) if before else NOTHING
        for _ in range(draw(st.integers(0, 4))):
            day, hour = draw(st.integers(0, 5)), draw(st.sampled_from([0, 1, 3, 4]))
            stops.append(stop(len(stops) + 1, module, day, hour))
    busy = [(begin, begin + timedelta(hours=2)) for begin in draw(st.lists(st.sampled_from([START]), max_size=1))]
    return Journey(needs, stops, {}, busy)


def every_route(journey):
    """Try every choice of one session per module."""
    for chosen in product(*[[s for s in journey.stops if s.module == module] for module in journey.needs]):
        times = {each.module: each.ends_at for each in chosen}
        spans = [*(day for each in chosen for day in each.days), *journey.busy]
        apart = all(a[1] <= b[0] or b[1] <= a[0] for n, a in enumerate(spans) for b in spans[:n])
        ready = [met_at(journey.needs[each.module], times) for each in chosen]
        in_time = all(at is not None and at <= each.starts_at for at, each in zip(ready, chosen, strict=True))
        if apart and in_time:
            ends = [each.ends_at.timestamp() for each in chosen]
            yield max(ends), sum(ends)


@given(journeys())
def test_no_choice_of_sessions_finishes_earlier(journey):
    found = best_route(journey)
    costs = list(every_route(journey))

    if isinstance(found, NoRoute):
        assert costs == []
    else:
        assert isinstance(found, Route)
        ends = [each.ends_at.timestamp() for each in found.stops]
        assert (max(ends), sum(ends)) == min(costs)
