"""The earliest way through a programme is found exactly, and where there is none it is said why."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpd.booking.route import LONG_AGO, Journey, NoRoute, Planner, Route, Stop, best_route, met_at
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
        ([stop(1, "M1", 0), stop(2, "M2", 0), stop(3, "M3", 1)], NoRoute("M2", clashing=True)),
    ],
    ids=["no date of Module 2", "Module 3 only before Module 2", "Modules 1 and 2 at one time"],
)
def test_where_there_is_no_route_it_is_said_what_stops_it(stops, expected):
    assert best_route(Journey(NEEDS, stops, {})) == expected


def test_a_session_of_two_days_that_touch_each_other_does_not_clash_with_itself():
    night = (START, START + timedelta(hours=8))
    two_days = Stop(1, "M1", (night, (START + timedelta(hours=7), START + timedelta(hours=9))))

    assert sessions_of(best_route(Journey({"M1": NOTHING}, [two_days], {}))) == [1]


def test_between_the_days_of_a_session_there_is_room_for_another():
    workshop = Stop(
        1, "M1", tuple((START + timedelta(days=day), START + timedelta(days=day, hours=6)) for day in (0, 7))
    )

    route = best_route(Journey({"M1": NOTHING, "M2": NOTHING}, [workshop, stop(2, "M2", 3), stop(3, "M2", 9)], {}))

    assert sessions_of(route) == [1, 2]


def test_what_needs_nothing_that_is_to_come_can_be_done_first():
    needs = {"M1": NOTHING, "M2": AnyOf((Completed("M1"), Completed("M0")))}

    route = best_route(Journey(needs, [stop(1, "M1", 5), stop(2, "M2", 1)], {"M0": LONG_AGO}))

    assert sessions_of(route) == [2, 1]


def test_nothing_to_do_is_done_at_once():
    assert best_route(Journey({}, [], {})) == Route(())


requirements = st.sampled_from([AllOf, AnyOf, lambda lines: AtLeast(min(2, len(lines)), lines)])


def with_a_further_day(one, later):
    """The same session, going on so many days later (0: it does not)."""
    further = [(begin + timedelta(days=later), end + timedelta(days=later)) for begin, end in one.days] if later else []
    return replace(one, days=(*one.days, *further))


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
            one = stop(len(stops) + 1, module, day, hour)
            stops.append(with_a_further_day(one, draw(st.sampled_from([0, 0, 0, 1, 3]))))
    busy = [(begin, begin + timedelta(hours=2)) for begin in draw(st.lists(st.sampled_from([START]), max_size=1))]
    return Journey(needs, stops, {}, busy)


def every_route(journey, pinned=(), avoided=()):
    """Try every choice of one session per module."""
    bound = {each.module for each in journey.stops if each.session_id in pinned}
    open_to_choice = [
        each
        for each in journey.stops
        if (each.session_id in pinned or each.module not in bound) and each.session_id not in avoided
    ]
    for chosen in product(*[[s for s in open_to_choice if s.module == module] for module in journey.needs]):
        times = {each.module: each.ends_at for each in chosen}
        spans = [*(day for each in chosen for day in each.days), *journey.busy]
        apart = all(a[1] <= b[0] or b[1] <= a[0] for n, a in enumerate(spans) for b in spans[:n])
        ready = [met_at(journey.needs[each.module], times) for each in chosen]
        in_time = all(at is not None and at <= each.starts_at for at, each in zip(ready, chosen, strict=True))
        if apart and in_time:
            ends = [each.ends_at.timestamp() for each in chosen]
            yield max(ends, default=0.0), sum(ends)


def assert_best(found, costs):
    if isinstance(found, NoRoute):
        assert costs == []
    else:
        assert found.cost == min(costs)


@given(journeys())
def test_no_choice_of_sessions_finishes_earlier(journey):
    found = best_route(journey)

    assert_best(found, list(every_route(journey)))
    if isinstance(found, Route):
        assert [each.module for each in sorted(found.stops, key=lambda each: each.module)] == sorted(journey.needs)


@given(journeys(), st.data())
def test_with_some_sessions_chosen_and_some_left_out_it_is_still_the_best(journey, data):
    ids = [each.session_id for each in journey.stops]
    some = st.sets(st.sampled_from(ids), max_size=3) if ids else st.just(set())
    pinned, avoided = data.draw(some), data.draw(some)

    found = Planner(journey).best(pinned, avoided)

    assert_best(found, list(every_route(journey, pinned, avoided)))


@given(journeys())
def test_what_stops_it_is_the_first_module_that_cannot_be_done_after_those_before_it(journey):
    found = best_route(journey)
    if isinstance(found, NoRoute):
        order = Planner(journey).order
        before = order[: order.index(found.module)]
        sooner = Journey({module: journey.needs[module] for module in before}, journey.stops, {}, journey.busy)
        with_it = Journey(
            {module: journey.needs[module] for module in (*before, found.module)}, journey.stops, {}, journey.busy
        )

        assert list(every_route(sooner)) != []
        assert list(every_route(with_it)) == []
