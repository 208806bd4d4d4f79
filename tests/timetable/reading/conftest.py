from datetime import UTC
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from cpd.timetable.reading import Known, KnownModule, KnownRoom, KnownVenue, read_pasted, read_timetable

DATA = Path(__file__).parents[2] / "data"


@pytest.fixture(scope="session")
def known():
    """Gateshead's modules and venues, as its report names them."""
    return Known(
        modules=(
            KnownModule("M1", "Module 1", "Genograms", default_venue="civic-centre"),
            *(KnownModule(f"M{number}", f"Module {number}", default_venue="dryden") for number in (2, 3, 4, 5)),
            KnownModule("M6", "Module 6", "Practical Simulation", default_venue="coach-lane"),
            KnownModule("M7", "Module 7", "Non-Violent Resistance (NVR)", ("NVR",), default_venue="civic-centre"),
            KnownModule("W1", "", "Working with Neglect"),
        ),
        venues=(
            KnownVenue(
                "civic-centre",
                "Civic Centre",
                rooms=(
                    KnownRoom("bridges", "Bridges Room"),
                    KnownRoom("bewicks-b", "Bewicks B"),
                    KnownRoom("lamesley", "Lamesley Room"),
                ),
            ),
            KnownVenue(
                "dryden",
                "Dryden Road PDC",
                ("Dryden", "Dryden Road"),
                (KnownRoom("room-2", "Room 2"), KnownRoom("room-3", "Room 3"), KnownRoom("emily-davis", "Emily Davis")),
            ),
            KnownVenue(
                "coach-lane",
                "Northumbria University, Coach Lane Campus",
                ("UNN", "UNN Coach Lane Campus", "University of Northumbria", "Coach Lane Campus"),
            ),
        ),
    )


@pytest.fixture(scope="session")
def read_csv(known):
    """Read a CSV given as its lines."""

    def read(*lines, year=2019, mapping=None):
        return read_timetable("t.csv", "\n".join(lines).encode(), known, year=year, mapping=mapping)

    return read


@pytest.fixture(scope="session")
def read_lines(known):
    """Read pasted lines."""

    def read(*lines, year=2019):
        return read_pasted("\n".join(lines), known, year=year)

    return read


@pytest.fixture(scope="session")
def session_of(read_lines):
    """Read one session line below Module 4's heading and give its session."""

    def read(line, year=2019):
        timetable = read_lines("Module 4", line, year=year)
        assert not timetable.refused
        assert not timetable.held_back
        (session,) = timetable.sessions
        return session

    return read


@pytest.fixture(scope="session")
def days_of(session_of):
    """Read one session line and give its days as (date, start, end) in London, as text."""

    def read(line, year=2019):
        return [in_london(day) for day in session_of(line, year).days]

    return read


@pytest.fixture(scope="session")
def refusal_of(read_lines):
    """Read one session line below Module 4's heading and give the one reason why it is refused."""

    def read(line, year=2019):
        timetable = read_lines("Module 4", line, year=year)
        assert not timetable.sessions
        (note,) = timetable.refused
        assert note.row == 2
        return note

    return read


@pytest.fixture(scope="session")
def data():
    return DATA


def in_london(day):
    start, end = (moment.astimezone(ZoneInfo("Europe/London")) for moment in (day.starts_at, day.ends_at))
    assert day.starts_at.tzinfo is UTC
    assert start.date() == end.date()
    return f"{start:%Y-%m-%d}", f"{start:%H:%M}", f"{end:%H:%M}"
