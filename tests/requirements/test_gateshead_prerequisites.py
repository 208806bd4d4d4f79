"""Who may book which of Gateshead's systemic-practice modules (G-1 to G-5, AMB-23, AMB-24)."""

from datetime import timedelta

import pytest

from cpd.requirements.evaluator import State, standing_of
from cpd.requirements.language import NOTHING, AllOf, Completed
from tests.requirements.making import at, booked, day, done, named, recognised, record

FIRST_TWO = AllOf((Completed("M1"), Completed("M2")))
FIRST_FIVE = AllOf(tuple(Completed(f"M{number}") for number in range(1, 6)))
NEEDS = {
    "M1": NOTHING,
    "M2": NOTHING,
    "M3": FIRST_TWO,
    "M4": FIRST_TWO,
    "M5": FIRST_TWO,
    "M6": FIRST_FIVE,
    "M7": NOTHING,
}
NEW_YEAR = day("2019-01-02")
END_OF_TERM = day("2019-03-31")
M3_STARTS = at("2019-01-15 13:30")


def ask(module, *facts, on=END_OF_TERM, before=None):
    return standing_of(NEEDS[module], record(*facts), on, before=before)


def all_done(*modules):
    return [done(module, f"2019-01-{number:02}") for number, module in enumerate(modules, 10)]


@pytest.mark.parametrize(
    ("module", "modules_done", "missing"),
    **named(
        ("G-1: the first module needs nothing", "M1", [], []),
        ("G-1: nor does the second, so either comes first", "M2", [], []),
        ("G-1: without anything, both first modules are missing", "M3", [], ["M1", "M2"]),
        ("G-1: module 1 alone is not enough", "M4", ["M1"], ["M2"]),
        ("G-1: module 2 alone is not enough", "M5", ["M2"], ["M1"]),
        ("G-2: after both, module 3 is open", "M3", ["M1", "M2"], []),
        ("G-2: after both, module 5 is open before 3 and 4", "M5", ["M2", "M1"], []),
        ("G-3: module 6 with four of five done", "M6", ["M1", "M2", "M3", "M5"], ["M4"]),
        ("G-3: module 6 with all five done", "M6", ["M5", "M4", "M3", "M2", "M1"], []),
        ("G-3: module 7 does not stand in for one of the five", "M6", ["M1", "M2", "M3", "M4", "M7"], ["M5"]),
        ("G-4: module 7 can be done at any point", "M7", [], []),
    ),
)
def test_what_is_missing_is_named(module, modules_done, missing):
    standing = ask(module, *all_done(*modules_done))

    assert [leaf.requirement.module for leaf in standing.outstanding_leaves()] == missing
    assert standing.is_met == (not missing)


@pytest.mark.parametrize(
    ("m2", "expected"),
    **named(
        ("it ends an hour before module 3 starts", booked("M2", "2019-01-15 12:30"), State.IN_HAND),
        ("it ends at the very moment module 3 starts", booked("M2", "2019-01-15 13:30"), State.IN_HAND),
        ("it ends one minute after module 3 has started", booked("M2", "2019-01-15 13:31"), State.OUTSTANDING),
        ("it ends the day before", booked("M2", "2019-01-14 16:30"), State.IN_HAND),
        ("it is booked for a week later", booked("M2", "2019-01-21 12:30"), State.OUTSTANDING),
        ("its time is not known, so it may last all day", booked("M2", "2019-01-15"), State.OUTSTANDING),
        ("its time is not known, but it is the day before", booked("M2", "2019-01-14"), State.IN_HAND),
        ("it was attended that same morning", done("M2", "2019-01-15 12:30"), State.MET),
        ("it is in the record for that day without a time", done("M2", "2019-01-15"), State.MET),
    ),
)
def test_module_2_opens_module_3_on_the_same_day_if_it_is_over_in_time(m2, expected):
    """AMB-23, G-12: somebody who did module 1 asks for module 3 on 15 January at 13:30."""
    standing = ask("M3", done("M1", "2019-01-10 14:00"), m2, on=day("2019-01-15"), before=M3_STARTS)

    assert standing.state is expected


def test_the_boundary_is_exact_to_the_microsecond():
    ends_at = booked("M2", "2019-01-15 13:30")
    just_before = M3_STARTS - timedelta(microseconds=1)

    assert ask("M3", done("M1", "2019-01-10"), ends_at, before=M3_STARTS).state is State.IN_HAND
    assert ask("M3", done("M1", "2019-01-10"), ends_at, before=just_before).state is State.OUTSTANDING


def test_the_whole_fastest_route_can_be_booked_ahead_and_each_step_rests_on_what_it_needs():
    """G-10, G-12: from 10 January to 1 February 2019, asked on 2 January with nothing done."""
    route = [
        ("M1", "2019-01-10 12:00", "2019-01-10 14:00", []),
        ("M2", "2019-01-15 09:30", "2019-01-15 12:30", []),
        ("M3", "2019-01-15 13:30", "2019-01-15 16:30", ["M1", "M2"]),
        ("M4", "2019-01-18 09:30", "2019-01-18 12:30", ["M1", "M2"]),
        ("M5", "2019-01-18 13:30", "2019-01-18 16:30", ["M1", "M2"]),
        ("M6", "2019-01-31 09:30", "2019-02-01 16:30", ["M1", "M2", "M3", "M4", "M5"]),
    ]
    bookings = []
    for module, starts, ends, needed in route:
        standing = ask(module, *bookings, on=NEW_YEAR, before=at(starts))
        assert [fact.subject for fact in standing.rests_on()] == needed
        assert not standing.outstanding_leaves()
        bookings.append(booked(module, ends))


def test_a_booking_on_condition_says_from_when_and_on_what():
    standing = ask("M3", done("M1", "2019-01-10"), booked("M2", "2019-01-15 12:30", session_id=7), before=M3_STARTS)

    assert standing.state is State.IN_HAND
    assert standing.expected_at == at("2019-01-15 12:30")
    assert standing.expected_on == day("2019-01-15")
    assert [(fact.reference, fact.session_id) for fact in standing.rests_on()] == [("booking:M2", 7)]
    assert [leaf.requirement for leaf in standing.in_hand_leaves()] == [Completed("M2")]


def test_what_is_recognised_counts_as_completed_and_is_shown_as_recognised():
    """G-5, AMB-24: the Genograms practice short of November 2018 stands for module 1, also for module 6."""
    genograms = recognised("M1", "2018-11-20")

    module_3 = ask("M3", genograms, done("M2", "2019-01-15"))
    assert module_3.is_met
    assert module_3.by == (genograms, done("M2", "2019-01-15"))
    assert ask("M6", genograms, *all_done("M2", "M3", "M4", "M5")).is_met


def test_what_was_not_done_yet_did_not_count_then():
    """A question about a day in the past is answered as of that day."""
    facts = [done("M1", "2019-01-10"), done("M2", "2019-01-15")]

    assert ask("M3", *facts, on=day("2019-01-14")).state is State.OUTSTANDING
    assert ask("M3", *facts, on=day("2019-01-15")).state is State.MET


def test_done_beats_booked_and_the_earlier_booking_beats_the_later():
    again = booked("M1", "2019-02-06 11:00", reference="booking:2")
    sooner = booked("M1", "2019-01-16 11:00", reference="booking:1")

    assert ask("M3", done("M1", "2019-01-10"), again, done("M2", "2019-01-15")).rests_on() == ()
    assert ask("M3", again, sooner, done("M2", "2019-01-15")).rests_on() == (sooner,)
