"""How a request goes from step to step: the whole table, and against a plain model whatever is done in what order."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpd.progression.requests.rules import (
    ACT_OF,
    ENDS,
    FITTING,
    Act,
    Course,
    RequestFault,
    RequestStatus,
    after,
    against_the_day,
    appeal_until,
    fallen,
)
from cpd.schemes.pathway_shape import PanelOutcome, StepKind
from tests.progression.requesting import day

PANEL, APPROVAL, ENACTMENT = StepKind.PANEL, StepKind.APPROVAL, StepKind.ENACTMENT
STEPS = (PANEL, APPROVAL, ENACTMENT)
OPEN, ENACTED, REFUSED, NOT_YET, WITHDRAWN = RequestStatus

NO = None
TABLE = {
    # recommend, reject, defer, draw back, approve, decline, enact, withdraw
    (0, OPEN): [(1, OPEN), (0, REFUSED), (0, NOT_YET), (0, WITHDRAWN), NO, NO, NO, (0, WITHDRAWN)],
    (1, OPEN): [NO, NO, NO, NO, (2, OPEN), (1, REFUSED), NO, (1, WITHDRAWN)],
    (2, OPEN): [NO, NO, NO, NO, NO, (2, REFUSED), (2, ENACTED), (2, WITHDRAWN)],
    (0, REFUSED): [(1, OPEN), (0, REFUSED), (0, NOT_YET), (0, WITHDRAWN), NO, NO, NO, NO],
    (0, NOT_YET): [(1, OPEN), (0, REFUSED), (0, NOT_YET), (0, WITHDRAWN), NO, NO, NO, NO],
    (0, WITHDRAWN): [NO] * 8,
    (1, REFUSED): [NO] * 8,
    (1, WITHDRAWN): [NO] * 8,
    (2, REFUSED): [NO] * 8,
    (2, ENACTED): [NO] * 8,
    (2, WITHDRAWN): [NO] * 8,
}
"""Where a request is and how it stands, times what is done: where it is then. The steps are a panel, an approval and
the enactment. A panel that has ended a request may decide anew; what was enacted or withdrawn stays."""


@pytest.mark.parametrize(
    ("before", "act", "then"),
    [(before, act, then) for before, row in TABLE.items() for act, then in zip(Act, row, strict=True)],
    ids=str,
)
def test_the_whole_table(before, act, then):
    place, status = before
    expected = None if then is None else Course(STEPS, *then)

    assert after(Course(STEPS, place, status), act) == expected


def test_a_panel_that_decides_anew_takes_a_request_back_that_has_gone_on():
    gone_on = Course(STEPS, 2)

    assert after(gone_on, Act.REJECT, 0) == Course(STEPS, 0, REFUSED)
    assert after(gone_on, Act.DEFER, 0) == Course(STEPS, 0, NOT_YET)
    assert after(gone_on, Act.RECOMMEND, 0) is None  # it stays as it was
    assert after(replace(gone_on, status=ENACTED), Act.REJECT, 0) is None  # only by a reversal
    assert after(gone_on, Act.APPROVE, 1) is None  # only panels decide anew


def test_every_outcome_of_a_panel_means_something_that_fits_a_panel():
    assert set(ACT_OF) == set(PanelOutcome)
    assert set(ACT_OF.values()) == FITTING[PANEL]


@given(
    st.lists(st.sampled_from([PANEL, APPROVAL]), max_size=4),
    st.lists(st.tuples(st.sampled_from(list(Act)), st.integers(0, 4)), max_size=30),
)
def test_whatever_is_done_nothing_is_enacted_that_was_not_agreed_at_each_step_before(kinds, acts):
    steps = (*kinds, ENACTMENT)
    course, agreed = Course(steps), [False] * len(steps)
    for act, place in acts:
        at = min(place, len(steps) - 1)
        then = after(course, act, at)
        if then is None:
            continue
        assert course.status is OPEN or course.status in (REFUSED, NOT_YET)
        if act is not Act.WITHDRAW:
            agreed[at:] = [act not in ENDS or act is Act.ENACT] + [False] * (len(steps) - at - 1)
            assert then.place == (at if then.status is not OPEN else at + 1)
        if then.status is OPEN:
            assert agreed[: then.place] == [True] * then.place
            assert not any(agreed[then.place :])
        if then.status is ENACTED:
            assert all(agreed)
        course = then
    assert after(replace(course, status=ENACTED), Act.WITHDRAW) is None


@pytest.mark.parametrize(
    ("decided", "within", "until"),
    [
        ("2019-01-02", 28, "2019-01-30"),
        ("2019-02-01", 28, "2019-03-01"),
        ("2020-02-01", 28, "2020-02-29"),
        ("2018-12-31", 1, "2019-01-01"),
        ("2019-01-02", None, None),
    ],
)
def test_until_when_an_appeal_is_in_time(decided, within, until):
    assert appeal_until(day(decided), within) == (day(until) if until else None)


PAST, FAR, NO_POST, OTHER, TOO_SOON = (
    RequestFault.IN_THE_PAST,
    RequestFault.TOO_FAR_AHEAD,
    RequestFault.NO_POST_THEN,
    RequestFault.OTHER_LEVEL_THEN,
    RequestFault.BEFORE_HER_LEVEL,
)


@pytest.mark.parametrize(
    ("today", "effective_on", "held", "since", "faults"),
    [
        ("2019-01-02", "2019-01-01", "able", "2018-01-01", [PAST]),
        ("2019-01-02", "2019-01-02", "able", "2018-01-01", []),
        ("2019-01-02", "2020-01-02", "able", "2018-01-01", []),
        ("2019-01-02", "2020-01-03", "able", "2018-01-01", [FAR]),
        ("2019-01-02", "9999-12-31", "able", "2018-01-01", [FAR]),
        ("2020-02-29", "2021-02-28", "able", "2018-01-01", []),
        ("2020-02-29", "2021-03-02", "able", "2018-01-01", [FAR]),
        ("2019-01-02", "0001-01-01", None, None, [PAST, NO_POST]),
        ("2019-01-02", "2019-03-01", "wise", "2018-01-01", [OTHER]),
        ("2019-01-02", "2019-01-02", "able", "2019-01-02", [TOO_SOON]),
        ("2019-01-02", "2019-01-03", "able", "2019-01-02", []),
    ],
)
def test_from_which_day_a_change_can_be_made(today, effective_on, held, since, faults):
    held_since = day(since) if since else None

    assert against_the_day(day(effective_on), day(today), held, held_since, "able") == faults


def test_lines_that_were_met_and_are_not_or_are_gone_have_fallen():
    before = [("a", True), ("b", True), ("c", False), ("d", True)]

    assert fallen(before, {"a": True, "b": False, "c": False}) == ["b", "d"]
