"""200 people want 20 places at once: exactly 20 get one, 180 wait in order, and nobody sees an error."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.torture.rush import rushed

PEOPLE, PLACES = 200, 20


def one_rush(app: Flask, folder) -> None:
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    with rushed(app, url, folder, PEOPLE, PLACES) as (wrong, bookings):
        assert wrong == []
        assert [status for status, _ in bookings] == ["confirmed"] * PLACES + ["waiting"] * (PEOPLE - PLACES)
        assert [number for _, number in bookings] == list(range(1, PEOPLE + 1))


def test_a_rush_gives_away_exactly_the_places_there_are(both, tmp_path):
    one_rush(both, tmp_path)


@pytest.mark.torture
@pytest.mark.parametrize("run", range(20))
def test_every_rush_of_twenty_gives_away_exactly_the_places_there_are(both, tmp_path, run):
    one_rush(both, tmp_path)
