"""200 people want 20 places at once: exactly 20 get one, 180 wait in order, and nobody sees an error."""

from __future__ import annotations

import pytest

from tests.databases import stricter_first
from tests.torture.rush import email, rush

PEOPLE, PLACES = 200, 20
EVERYBODY = {email(number) for number in range(1, PEOPLE + 1)}
KILL_AT = range(10, PEOPLE - 20, 25)
"""A worker is killed when so many bookings were acknowledged; the last people meet a server that is whole again."""


def assert_exactly_the_places_there_are_were_given(outcome):
    people, statuses, numbers = zip(*outcome.kept, strict=True)
    assert set(people) == EVERYBODY
    assert list(statuses) == ["confirmed"] * PLACES + ["waiting"] * (PEOPLE - PLACES)
    assert list(numbers) == list(range(1, PEOPLE + 1))
    assert outcome.states.count("booked") == PLACES
    assert sorted(outcome.positions) == list(range(1, PEOPLE - PLACES + 1))


def assert_nothing_is_wrong(app):
    found = app.test_cli_runner().invoke(args=["doctor"])
    assert (found.exit_code, found.exception) == (0, None), found.output


def one_rush(app, folder):
    outcome = rush(app, folder, PEOPLE, PLACES)
    assert outcome.wrong == []
    assert outcome.broken == 0
    assert outcome.acknowledged == EVERYBODY
    assert_exactly_the_places_there_are_were_given(outcome)
    assert_nothing_is_wrong(app)


@stricter_first
@pytest.mark.lengthy
def test_a_rush_gives_away_exactly_the_places_there_are(both, tmp_path):
    one_rush(both, tmp_path)


@pytest.mark.torture
@pytest.mark.parametrize("run", range(20))
def test_every_rush_of_twenty_gives_away_exactly_the_places_there_are(both, tmp_path, run):
    one_rush(both, tmp_path)


@pytest.mark.torture
@pytest.mark.parametrize("run", range(5))
def test_killing_workers_loses_no_acknowledged_booking_and_breaks_nothing(both, tmp_path, run):
    outcome = rush(both, tmp_path, PEOPLE, PLACES, KILL_AT)

    assert outcome.wrong == []
    assert outcome.broken > 0
    assert outcome.acknowledged <= {person for person, _, _ in outcome.kept}
    assert_exactly_the_places_there_are_were_given(outcome)
    assert_nothing_is_wrong(both)
