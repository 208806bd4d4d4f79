"""Everything that can be refused, and everything that has a kind, is said in words."""

from __future__ import annotations

from cpd.progression.early.course import Course, Pause, PauseKind, State, points_of
from cpd.progression.early.rules import Fault, Outcome, Party, RelationshipKind
from cpd.progression.early.timeline import describe, timeline_picture
from cpd.progression.early.words import (
    FAULTS,
    KINDS,
    LABELS,
    OUTCOMES,
    PARTIES,
    PAUSES,
    left_words,
    point_words,
    yours_words,
)
from tests.progression.early_years import day
from tests.progression.test_early_dates import ASYE, STARTS


def test_everything_has_words():
    for words, kinds in (
        (FAULTS, Fault),
        (KINDS, RelationshipKind),
        (LABELS, State),
        (OUTCOMES, Outcome),
        (PARTIES, Party),
        (PAUSES, PauseKind),
    ):
        assert words.keys() == set(kinds)


def test_every_refusal_is_a_sentence():
    assert all(each.endswith(".") for each in FAULTS.values())


def test_how_far_something_is_ahead_or_late_is_said():
    assert [left_words(days) for days in (14, 1, 0, -1, -3)] == [
        "in 14 days",
        "in 1 day",
        "today",
        "1 day late",
        "3 days late",
    ]


def test_an_assessor_is_told_how_much_of_what_is_late_is_theirs_to_do():
    assert [yours_words(*each) for each in ((2, 3), (1, 1), (3, 3), (0, 2))] == [
        "2 of them yours to do",
        "yours to do",
        "all yours to do",
        "none yours to do",
    ]


def test_each_state_says_its_day():
    pause = Pause(day("2019-02-01"))
    found = points_of(ASYE, Course(STARTS), {"agreement": STARTS}, day("2019-03-20"))
    said = {each.code: point_words(each) for each in found}
    paused = {each.code: point_words(each) for each in points_of(ASYE, Course(STARTS, (pause,)), {}, day("2019-02-03"))}

    assert said["agreement"] == "Done on 1 October 2018"
    assert said["three"] == "Was due on 1 January 2019"
    assert said["six"] == "Due by 1 April 2019"
    assert said["final"] == "From 3 September 2019, due by 1 October 2019"
    assert paused["six"] == "Would be due on 3 April 2019; moves with the pause"


def test_the_picture_is_drawn_twice_with_a_description_and_no_style():
    points = points_of(ASYE, Course(STARTS), {}, day("2019-01-02"))
    pauses = (Pause(day("2019-02-01"), day("2019-03-01")),)
    picture = timeline_picture("The <year>", STARTS, day("2019-10-01"), points, pauses, day("2019-01-02"))

    assert picture.count('role="img"') == 2
    assert "The &lt;year&gt;" in picture
    assert "style=" not in picture
    assert picture.count("Today") == 2
    assert describe(points) in picture
    assert describe([]) == "0 points: none to do. The list says each with its day."


def test_a_picture_of_a_programme_with_nothing_on_it_is_drawn_too():
    assert "<svg" in timeline_picture("Empty", STARTS, STARTS, [], [], STARTS)
