"""How protected time is said and drawn."""

from __future__ import annotations

import re
from datetime import date

import pytest

from cpd.shared.plots import Share, shares_picture
from cpd.study.protected.rules import Answer, Balance, Fault, Said, Week, WeekLine
from cpd.study.protected.words import behind_words, left_out_words, long, refusal_words, row_of, thanks, week_words


@pytest.mark.parametrize(
    ("first", "words"),
    [
        (date(2019, 1, 14), "14 to 18 January 2019"),
        (date(2019, 1, 28), "28 January to 1 February 2019"),
        (date(2018, 12, 31), "31 December 2018 to 4 January 2019"),
    ],
)
def test_a_week_is_named_by_its_working_days(first, words):
    assert week_words(Week(first)) == words


@pytest.mark.parametrize(
    ("balance", "words"),
    [
        (Balance(), "Nothing is due yet"),
        (Balance(222, 222), "Nothing: all of it was had"),
        (Balance(444, 222), "3 hours 42 minutes"),
        (Balance(666, 222, 222, 1), "7 hours 24 minutes, 3 hours 42 minutes of it in 1 week not recorded yet"),
        (Balance(444, 0, 444, 2), "2 weeks not recorded yet: 7 hours 24 minutes"),
    ],
)
def test_how_far_behind_is_said_with_what_is_not_known(balance, words):
    assert behind_words(balance) == words


@pytest.mark.parametrize(
    ("week", "words"),
    [
        (Week(date(2019, 1, 14), 222, 5), ""),
        (Week(date(2019, 4, 15), 178, 4, holidays=1), "1 bank holiday left out"),
        (Week(date(2018, 12, 24), 89, 2, holidays=2, days_away=1), "2 bank holidays and 1 day away left out"),
    ],
)
def test_what_is_left_out_is_said(week, words):
    assert left_out_words(week) == words


def test_a_week_not_said_is_no_no():
    week = Week(date(2019, 1, 14), 222, 5)

    said = {each: row_of(WeekLine(week, each)) for each in (None, Said(Answer.NO))}

    assert (said[None].said, said[None].had) == ("Not said yet", "\N{EN DASH}")
    assert (said[Said(Answer.NO)].said, said[Said(Answer.NO)].had) == ("Did not have it", "none")
    assert row_of(WeekLine(Week(date(2019, 1, 14)), None)).said == "Nothing due"


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (Said(Answer.HAD), "Recorded: 3 hours 42 minutes."),
        (Said(Answer.PART, 60), "Recorded: 1 hour."),
        (Said(Answer.NO), "Recorded: you did not have it."),
        (
            Said(Answer.PART),
            "Recorded as half of it: 1 hour 51 minutes. If it was more or less, change it below.",
        ),
    ],
)
def test_what_was_recorded_is_said_back(said, words):
    assert thanks(WeekLine(Week(date(2019, 1, 14), 222, 5), said)) == words


def test_every_refusal_says_what_to_do():
    week = Week(date(2019, 1, 14), 222, 5)
    words = {fault: refusal_words(fault, week) for fault in Fault}

    assert all(re.search(r"Choose|choose|Come back|ask|Enter", each) for each in words.values())
    assert long(222) in words[Fault.TOO_LONG]


def test_a_share_is_drawn_as_a_part_of_its_column():
    drawn = shares_picture("Weeks", "2 of 4", [Share("7 Jan", 100, 50), Share("14 Jan", 200, 0, "?")])

    columns = re.findall(r'app-plot__column--(\w+)".* height="([0-9.]+)"', str(drawn).replace("<rect", "\n<rect"))
    assert columns == [("before", "55.0"), ("after", "27.5"), ("before", "110.0")]
    assert re.findall(r">([^<>]+)</text>", str(drawn)) == ["7 Jan", "?", "14 Jan"]


def test_labels_stand_only_where_there_is_room():
    drawn = str(shares_picture("Weeks", "12", [Share(f"{day} Jan", 1, 1) for day in range(1, 13)]))

    assert re.findall(r">([^<>]+)</text>", drawn) == ["3 Jan", "6 Jan", "9 Jan", "12 Jan"]
