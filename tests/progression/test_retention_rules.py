"""Who is at the point at which people tend to leave, and what is a step up and what a move (L-2, L-3)."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpd.people.rules import PostInTime
from cpd.progression.retention.rules import (
    ChangeKind,
    Stage,
    changes_in,
    is_held,
    periods,
    stage_of,
    with_us_since,
)
from cpd.requirements.evaluator import standing_of
from cpd.requirements.language import Bounds, Evidence
from cpd.requirements.record import Fact, FactKind, Record
from cpd.schemes.pathway_shape import CareerPathway
from cpd.schemes.reading import PACKS, read_pack
from cpd.schemes.retention_shape import RetentionPoint

POINT = RetentionPoint(months=(24, 36), soon_months=6, conversation="conversation", cites=())
PATHWAYS: tuple[CareerPathway, ...] = read_pack(PACKS / "walsall.yaml").career_pathways
CAME = date(2016, 9, 5)
WORKER, SENIOR, BESIDE = "social-worker", "senior-social-worker", "practice-supervisor"


def post(starts, ends=None, career_level=WORKER, team="North", *, by_decision=False):
    begins, over = date.fromisoformat(starts), date.fromisoformat(ends) if ends else None
    return PostInTime(1, "Tia Testing", begins, over, career_level, team, "employee", None, by_decision)


@pytest.mark.parametrize(
    ("today", "stage"),
    [
        (date(2018, 3, 4), None),
        (date(2018, 3, 5), Stage.COMING_UP),
        (date(2018, 9, 4), Stage.COMING_UP),
        (date(2018, 9, 5), Stage.AT_IT),
        (date(2019, 9, 4), Stage.AT_IT),
        (date(2019, 9, 5), None),
    ],
    ids=[
        "the day before six months before",
        "six months before two years",
        "the day before two years",
        "the day of two years",
        "the day before three years",
        "the day of three years",
    ],
)
def test_the_point_begins_and_ends_on_these_days(today, stage):
    assert stage_of(CAME, POINT, today) is stage


@pytest.mark.parametrize(
    ("posts", "since"),
    [
        ([post("2016-09-05")], "2016-09-05"),
        ([post("2016-09-05", "2018-01-01"), post("2018-01-01", team="South")], "2016-09-05"),
        ([post("2016-09-05", "2018-01-01"), post("2018-01-02")], "2018-01-02"),
        ([post("2016-09-05", "2018-01-01")], None),
        ([post("2019-02-01")], None),
        ([post("2016-09-05", "2019-02-01"), post("2019-02-01", team="South")], "2016-09-05"),
        ([], None),
    ],
    ids=["one post", "one after another", "a day between", "left", "not begun", "the next is known", "no post"],
)
def test_time_with_the_council_is_unbroken_employment(posts, since):
    expected = date.fromisoformat(since) if since else None
    assert with_us_since(posts, date(2019, 1, 2)) == expected


@pytest.mark.parametrize(
    ("spoken", "today", "counts"),
    [
        ([], date(2019, 1, 2), None),
        ([date(2018, 1, 2)], date(2019, 1, 2), date(2018, 1, 2)),
        ([date(2018, 1, 1)], date(2019, 1, 2), None),
        ([date(2017, 5, 1), date(2018, 9, 3)], date(2019, 1, 2), date(2018, 9, 3)),
        ([date(2019, 1, 3)], date(2019, 1, 2), None),
    ],
    ids=["none", "twelve months ago to the day", "a day longer ago", "the latest", "not held yet"],
)
def test_a_conversation_counts_for_twelve_months(spoken, today, counts):
    assert is_held(spoken, POINT, today) == counts

    line = Evidence("conversation", bounds=Bounds(within_months=POINT.conversation_within_months))
    facts = tuple(Fact(FactKind.EVIDENCE, "conversation", each) for each in spoken)
    assert standing_of(line, Record(1, facts), today).is_met == (counts is not None), "the way up says otherwise"


@pytest.mark.parametrize(
    ("before", "after", "kinds"),
    [
        (post("2016-09-05", "2018-06-04"), post("2018-06-04", team="South"), [ChangeKind.MOVED]),
        (post("2016-09-05", "2018-06-04"), post("2018-06-04", career_level=SENIOR), [ChangeKind.ADVANCED]),
        (
            post("2016-09-05", "2018-06-04"),
            post("2018-06-04", career_level=SENIOR, team="South"),
            [ChangeKind.ADVANCED],
        ),
        (post("2016-09-05", "2018-06-04"), post("2018-06-04", career_level=BESIDE), [ChangeKind.ADVANCED]),
        (post("2016-09-05", "2018-06-04", career_level=SENIOR), post("2018-06-04"), []),
        (post("2016-09-05", "2018-06-04", career_level=""), post("2018-06-04"), []),
        (post("2016-09-05", "2018-06-04"), post("2018-06-05", team="South"), []),
        (post("2016-09-05", "2018-06-04", team=""), post("2018-06-04"), []),
        (post("2016-09-05", "2018-06-04"), post("2018-06-04"), []),
    ],
    ids=[
        "another team at the same level is a move",
        "a higher level is a step up",
        "both at once is a step up and no move",
        "a route beside is a step up where a way leads there",
        "back to the level before is neither",
        "a level given where none was known is neither",
        "somebody who comes back has not moved",
        "from no team to one is no move",
        "more hours at the same place are neither",
    ],
)
def test_a_new_post_is_a_step_up_or_a_move_or_neither(before, after, kinds):
    found = changes_in([before, after], PATHWAYS, date(2018, 1, 1), date(2018, 12, 31))

    assert [each.kind for each in found] == kinds


def test_only_changes_of_the_days_asked_for_are_counted():
    posts = [post("2016-09-05", "2018-06-04"), post("2018-06-04", team="South")]

    for since, until, number in (("2018-06-04", "2018-06-04", 1), ("2018-06-05", "2018-12-31", 0)):
        days = date.fromisoformat(since), date.fromisoformat(until)
        assert len(list(changes_in(posts, PATHWAYS, *days))) == number


@given(st.lists(st.tuples(st.sampled_from(["A", "B", "C"]), st.integers(1, 200)), min_size=1, max_size=6))
def test_every_change_is_counted_in_just_one_period(moves):
    day, posts = date(2018, 1, 1).toordinal(), []
    for team, days in moves:
        posts.append(post(date.fromordinal(day).isoformat(), date.fromordinal(day + days).isoformat(), team=team))
        day += days
    first, last = date(2018, 1, 1), date(2019, 12, 31)
    changes = list(changes_in(posts, PATHWAYS, first, last))

    counted = periods(changes, first, last)

    assert sum(each.moved for each in counted) == len(changes)
    assert [each.first for each in counted[1:]] == [each.end for each in counted[:-1]]
    for each in counted:
        assert each.moved == sum(each.first <= change.on < each.end for change in changes)
