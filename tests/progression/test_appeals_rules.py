"""Until when an appeal is in time, and who decides on it: nobody with a part in what it is against (C-4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpd.progression.appeals.rules import (
    AgainstWhat,
    AppealFault,
    AppealStatus,
    Around,
    Reminder,
    against_appealing,
    against_assigning,
    against_deciding,
    against_deciding_it,
    reminder_due,
)
from cpd.progression.appeals.wording import FAULTS
from cpd.progression.requests.rules import appeal_until
from cpd.shared.roles import Role

# When it was decided | within how many days | when she appeals | in time?
GOLDEN = """
2019-01-02 | 28 | 2019-01-02 | yes  the day itself
2019-01-02 | 28 | 2019-01-29 | yes  the day before the last
2019-01-02 | 28 | 2019-01-30 | yes  the last day
2019-01-02 | 28 | 2019-01-31 | no   the day after
2019-02-01 | 28 | 2019-03-01 | yes  over the end of February
2020-02-01 | 28 | 2020-02-29 | yes  in a leap year
2020-02-01 | 28 | 2020-03-01 | no   in a leap year, the day after
2019-03-04 | 28 | 2019-04-01 | yes  over the change to summer time
2019-03-04 | 28 | 2019-04-02 | no   over the change to summer time, the day after
2019-01-02 | 1  | 2019-01-03 | yes  within one day
2019-01-02 | 1  | 2019-01-04 | no   one day too late
"""
ROWS = [row.split(" | ") for row in GOLDEN.strip().splitlines()]
OPEN = AgainstWhat(is_against_her=True, until=date(2019, 1, 30), is_appealed=False, asked_again=False)
TODAY = date(2019, 1, 15)
HER, MANAGER, DIRECTOR, OPERATIONS, PRINCIPAL, OFFICER = 1, 2, 3, 4, 5, 6
AROUND = Around(HER, MANAGER, frozenset({DIRECTOR}))


@pytest.mark.parametrize(("decided", "days", "today", "expected"), ROWS, ids=[row[3][4:].strip() for row in ROWS])
def test_an_appeal_is_in_time_up_to_its_last_day(decided, days, today, expected):
    what = replace(OPEN, until=appeal_until(date.fromisoformat(decided), int(days)))
    faults = against_appealing(what, "Because", date.fromisoformat(today))

    assert faults == ([] if expected.startswith("yes") else [AppealFault.TOO_LATE])


@pytest.mark.parametrize(
    ("what", "grounds", "faults"),
    [
        (OPEN, "Because", []),
        (OPEN, "  ", [AppealFault.NO_GROUNDS]),
        (replace(OPEN, is_against_her=False), "Because", [AppealFault.NOTHING_AGAINST_HER]),
        (replace(OPEN, until=None), "Because", [AppealFault.NO_TIME_NAMED]),
        (
            replace(OPEN, is_appealed=True, asked_again=True),
            "Because",
            [AppealFault.APPEALED_ALREADY, AppealFault.ASKED_AGAIN],
        ),
    ],
    ids=["in order", "no grounds", "nothing against her", "no time in the scheme", "appealed and asked again"],
)
def test_what_an_appeal_needs(what, grounds, faults):
    assert against_appealing(what, grounds, TODAY) == faults


@pytest.mark.parametrize(
    ("candidate", "roles", "faults"),
    [
        (PRINCIPAL, {Role.PRINCIPAL_SOCIAL_WORKER}, []),
        (OPERATIONS, {Role.OPERATIONS_MANAGER, Role.HR}, []),
        (DIRECTOR, {Role.ASSISTANT_DIRECTOR}, [AppealFault.HAD_A_PART]),
        (MANAGER, {Role.OPERATIONS_MANAGER}, [AppealFault.MANAGES_HER]),
        (HER, {Role.PRINCIPAL_SOCIAL_WORKER}, [AppealFault.IS_THE_PERSON]),
        (OFFICER, {Role.WORKFORCE_DEVELOPMENT, Role.SERVICE_MANAGER}, [AppealFault.NOT_ENTITLED]),
    ],
    ids=["outside it", "outside it, with another role", "decided before", "her manager", "herself", "another role"],
)
def test_who_decides_on_an_appeal(candidate, roles, faults):
    assert against_deciding_it(AROUND, candidate, roles) == faults


@given(st.integers(1, 9), st.sets(st.sampled_from(list(Role))), st.frozensets(st.integers(1, 9)))
def test_nobody_with_a_part_ever_decides_whatever_roles_she_holds(candidate, roles, part):
    if candidate in part:
        assert AppealFault.HAD_A_PART in against_deciding_it(Around(HER, MANAGER, part), candidate, roles)


def test_an_officer_gives_it_to_somebody_but_never_her_own():
    def assigning(status=AppealStatus.SENT, *, by=OFFICER, officer=True, decide_by=TODAY, candidate=()):
        return against_assigning(
            status, AROUND, by=by, is_officer=officer, decide_by=decide_by, today=TODAY, candidate=candidate
        )

    assert assigning() == []
    assert assigning(AppealStatus.ASSIGNED) == []  # to somebody else
    assert assigning(AppealStatus.DISMISSED) == [AppealFault.ENDED]
    assert assigning(by=HER) == [AppealFault.OWN]
    assert assigning(officer=False) == [AppealFault.NOT_AN_OFFICER]
    assert assigning(decide_by=date(2019, 1, 14)) == [AppealFault.DAY_IS_PAST]
    assert assigning(candidate=[AppealFault.HAD_A_PART]) == [AppealFault.HAD_A_PART]


def test_only_whoever_it_was_given_to_decides_and_gives_reasons():
    assert against_deciding(AppealStatus.ASSIGNED, DIRECTOR, DIRECTOR, "Because", ()) == []
    assert against_deciding(AppealStatus.ASSIGNED, DIRECTOR, OPERATIONS, "Because", ()) == [
        AppealFault.NOT_GIVEN_TO_HER
    ]
    assert against_deciding(AppealStatus.SENT, None, DIRECTOR, "Because", ()) == [AppealFault.NOT_GIVEN_TO_HER]
    assert against_deciding(AppealStatus.UPHELD, DIRECTOR, DIRECTOR, "Because", ()) == [AppealFault.ENDED]
    assert against_deciding(AppealStatus.ASSIGNED, DIRECTOR, DIRECTOR, " ", [AppealFault.HAD_A_PART]) == [
        AppealFault.HAD_A_PART,
        AppealFault.NO_REASONS,
    ]


@pytest.mark.parametrize(
    ("status", "decide_by", "today", "due"),
    [
        ("sent", None, "2019-01-04", None),
        ("sent", None, "2019-01-05", Reminder.TO_ASSIGN),
        ("assigned", "2019-01-31", "2019-01-27", None),
        ("assigned", "2019-01-31", "2019-01-28", Reminder.TO_DECIDE),
        ("assigned", "2019-01-31", "2019-01-31", Reminder.TO_DECIDE),
        ("assigned", "2019-01-31", "2019-02-01", Reminder.LATE),
        ("dismissed", "2019-01-31", "2019-02-01", None),
    ],
)
def test_when_somebody_is_reminded(status, decide_by, today, due):
    day = date.fromisoformat
    by = day(decide_by) if decide_by else None
    assert reminder_due(AppealStatus(status), day("2019-01-02"), by, day(today)) == due


def test_every_reason_has_its_sentence():
    assert set(FAULTS) == set(AppealFault)
