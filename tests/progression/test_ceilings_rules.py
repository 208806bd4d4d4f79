"""A ceiling counts exact full-time equivalents, and a free post is of its level, open and not filled (C-3, W-8)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpd.progression.vacancies.rules import (
    Room,
    RoomObjection,
    RoomReason,
    VacancyFault,
    VacancyStatus,
    VacancyTerms,
    VacancyWanted,
    against_applying,
    against_closing,
    against_opening,
    against_taking,
    as_fte,
    ceiling_held,
    thousandths,
)
from cpd.progression.vacancies.wording import room_words, say_room
from cpd.schemes.pathway_shape import Step, StepKind, Transition, TransitionMode
from cpd.shared.roles import Role

FTE = Decimal
TO_ADVANCED = Transition(
    code="up",
    title="Up",
    from_level="able",
    to_level="advanced",
    transition_mode=TransitionMode.VACANCY,
    steps=(Step(step=StepKind.ENACTMENT, role=Role.OPERATIONS_MANAGER),),
)
BY_PANEL = TO_ADVANCED.model_copy(update={"transition_mode": TransitionMode.PANEL})
OPEN = VacancyTerms(VacancyStatus.OPEN, "advanced", date(2019, 3, 1), date(2019, 3, 31))
ROOMY = Room(None, FTE(0))


@pytest.mark.parametrize(
    ("ceiling", "taken", "fte", "fits"),
    [
        ("50", "49.4", "0.6", True),
        ("50", "49.5", "0.6", False),
        ("50", "49.4", "0.601", False),
        ("50", "50", "0.001", False),
        ("50", "0", "50", True),
        ("0.5", "0", "0.5", True),
        ("10", "31.4", "0.1", False),
    ],
    ids=[
        "exactly full",
        "a tenth too much",
        "a thousandth too much",
        "full",
        "all at once",
        "a half",
        "lowered below what is taken",
    ],
)
def test_what_fits_under_a_ceiling(ceiling, taken, fte, fits):
    room = Room(FTE(ceiling), FTE(taken))
    refused = against_taking(BY_PANEL, room, FTE(fte), None)

    assert refused == ([] if fits else [RoomObjection(RoomReason.CEILING_REACHED, room, FTE(fte))])


def test_without_a_ceiling_everybody_fits():
    assert against_taking(BY_PANEL, Room(None, FTE(1000)), FTE(1), None) == []


@pytest.mark.parametrize(
    ("vacancy", "reasons"),
    [
        (OPEN, []),
        (None, [RoomReason.NO_VACANCY]),
        (replace(OPEN, status=VacancyStatus.FILLED), [RoomReason.VACANCY_FILLED]),
        (replace(OPEN, status=VacancyStatus.CLOSED), [RoomReason.VACANCY_CLOSED]),
        (replace(OPEN, career_level="wise"), [RoomReason.VACANCY_OF_ANOTHER_LEVEL]),
    ],
    ids=["free", "none chosen", "filled", "closed", "of another level"],
)
def test_a_step_by_way_of_a_vacancy_leads_only_into_a_free_post_of_its_level(vacancy, reasons):
    assert [each.reason for each in against_taking(TO_ADVANCED, ROOMY, FTE(1), vacancy)] == reasons


def test_every_reason_is_said_at_once():
    full = Room(FTE(1), FTE(1))
    found = against_taking(TO_ADVANCED, full, FTE(1), replace(OPEN, status=VacancyStatus.FILLED), has_room=True)

    assert [each.reason for each in found] == [
        RoomReason.HAS_ROOM_ALREADY,
        RoomReason.CEILING_REACHED,
        RoomReason.VACANCY_FILLED,
    ]


@pytest.mark.parametrize(
    ("today", "reasons"),
    [
        ("2019-02-28", [RoomReason.VACANCY_NOT_OPEN_YET]),
        ("2019-03-01", []),
        ("2019-03-31", []),
        ("2019-04-01", [RoomReason.VACANCY_OVER]),
    ],
    ids=["the day before", "the first day", "the last day", "the day after"],
)
def test_people_apply_within_its_days_and_both_are_within(today, reasons):
    assert against_applying(OPEN, "advanced", date.fromisoformat(today)) == reasons


def test_without_a_last_day_it_stays_open():
    assert against_applying(replace(OPEN, open_until=None), "advanced", date(2029, 1, 1)) == []


WANTED = VacancyWanted(
    "Advanced social worker", "East team", "advanced", FTE("0.6"), date(2019, 3, 1), date(2019, 3, 31), "Ask here"
)
TODAY = date(2019, 3, 15)


@pytest.mark.parametrize(
    ("wanted", "faults"),
    [
        (WANTED, []),
        (replace(WANTED, open_until=None), []),
        (replace(WANTED, open_until=TODAY), []),
        (replace(WANTED, open_until=date(2019, 3, 14)), [VacancyFault.ENDED]),
        (replace(WANTED, open_until=date(2019, 2, 28)), [VacancyFault.ENDS_FIRST]),
        (replace(WANTED, fte=FTE("1.1")), [VacancyFault.NO_FTE]),
        (replace(WANTED, fte=FTE(0)), [VacancyFault.NO_FTE]),
        (replace(WANTED, fte=FTE("0.1234")), [VacancyFault.NO_FTE]),
        (replace(WANTED, career_level="able"), [VacancyFault.NOT_SUCH_A_LEVEL]),
        (
            replace(WANTED, title=" ", service="", how_to_apply=""),
            [VacancyFault.NO_TITLE, VacancyFault.NO_SERVICE, VacancyFault.NO_WAY_TO_APPLY],
        ),
    ],
    ids=[
        "right",
        "no last day",
        "until today",
        "ended yesterday",
        "ends before it begins",
        "more than a post",
        "no time at all",
        "parts of a thousandth",
        "a level without vacancies",
        "no words",
    ],
)
def test_what_a_vacancy_must_say(wanted, faults):
    assert against_opening(wanted, frozenset({"advanced"}), TODAY, may_keep=True) == faults


def test_only_who_keeps_them_opens_and_closes_vacancies_and_closes_for_a_reason():
    assert against_opening(WANTED, frozenset({"advanced"}), TODAY, may_keep=False) == [VacancyFault.NOT_HER_TASK]
    assert against_closing(VacancyStatus.OPEN, "", may_keep=True) == [VacancyFault.NO_REASON]
    assert against_closing(VacancyStatus.FILLED, "x", may_keep=True) == [VacancyFault.FILLED]
    assert against_closing(VacancyStatus.CLOSED, "x", may_keep=True) == [VacancyFault.CLOSED_ALREADY]
    assert against_closing(VacancyStatus.OPEN, "x", may_keep=False) == [VacancyFault.NOT_HER_TASK]


def test_room_is_said_in_figures():
    assert room_words(Room(FTE(50), FTE("31.4"))) == "31.4 of 50 FTE taken; 18.6 left"
    assert room_words(Room(FTE(10), FTE("31.45"))) == "31.45 of 10 FTE taken; 0 left"
    assert room_words(Room(None, FTE(2))) == "2 FTE taken; no ceiling"
    words = say_room(RoomObjection(RoomReason.CEILING_REACHED, Room(FTE(50), FTE("49.5")), FTE("0.6")))
    assert words.startswith("The ceiling of this step has no room for 0.6 FTE: 49.5 of 50 FTE taken; 0.5 left.")
    assert "Wait until room is given back" in words


fractions = st.decimals(min_value=0, max_value=1000, places=3)


@given(fractions)
def test_thousandths_keep_every_fte_exactly(fte):
    assert as_fte(thousandths(fte)) == fte


@given(st.decimals(min_value=0, max_value=1000, places=5))
def test_a_ceiling_is_never_higher_than_it_was_written(fte):
    assert as_fte(thousandths(fte)) <= fte


@given(fractions, fractions, fractions)
def test_whoever_is_let_in_never_takes_it_beyond_the_ceiling(ceiling, taken, fte):
    room = Room(ceiling, taken)
    if room.has_room_for(fte):
        assert taken + fte <= ceiling
        assert fte <= room.left
    else:
        assert taken + fte > ceiling


@given(st.integers(0, 9999), st.integers(0, 9999))
def test_what_the_database_holds_never_takes_room_from_anybody(ceiling, taken):
    assert ceiling_held(ceiling, taken) == max(ceiling, taken)
    assert ceiling_held(None, taken) is None
