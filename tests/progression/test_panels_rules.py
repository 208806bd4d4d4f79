"""Who may judge whom, and whether enough remain: as sentences, and against trying every arrangement."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpd.progression.panels.rules import (
    CasePeople,
    CaseStatus,
    Conflict,
    Decision,
    PanelFault,
    Shortfall,
    Sitter,
    ToDecide,
    against_deciding,
    against_recommending,
    against_revealing,
    conflicts_of,
    free_of_conflict,
    outcomes_to_choose,
    roles_of_judges,
    seats_of,
    shortfall_of,
)
from cpd.progression.panels.wording import (
    CONFLICTS,
    FAULTS,
    HINTS,
    KINDS,
    NEXT_STEPS,
    OUTCOMES,
    RECORDINGS,
    day_off_words,
)
from cpd.schemes.pathway_shape import Panel, PanelKind, PanelOutcome, Recording
from cpd.shared.roles import Role
from tests.cast import london

PSW, SERVICE, OPERATIONS = Role.PRINCIPAL_SOCIAL_WORKER, Role.SERVICE_MANAGER, Role.OPERATIONS_MANAGER
HERSELF, MANAGER, PAT, PIP, OFFICER = 1, 2, 3, 4, 9
TODAY, NOW = date(2019, 1, 15), london(2019, 1, 15, 12)
CLOSE = CasePeople(HERSELF, MANAGER, frozenset())
INTERVIEW = Panel(
    code="interview",
    title="Interview",
    panel_kind=PanelKind.INTERVIEW,
    roles=(PSW, SERVICE),
    at_least=2,
    different_people=True,
)
MODERATION = Panel(code="moderation", title="Moderation", panel_kind=PanelKind.MODERATION, roles=(Role.PANEL_MEMBER,))
MANAGERS = Panel(
    code="managers",
    title="Managers",
    panel_kind=PanelKind.PROGRESSION,
    recording=Recording.RECOMMENDATIONS_FIRST,
    roles=(SERVICE, OPERATIONS),
    at_least=2,
)
YOUNG = Panel(code="young", title="Young people", panel_kind=PanelKind.YOUNG_PEOPLE, recorded_by=Role.PANEL_MEMBER)


def sits(person_id, *roles):
    return Sitter(person_id, frozenset(roles or [Role.PANEL_MEMBER]))


OPEN = ToDecide(
    panel=MODERATION,
    status=CaseStatus.OPEN,
    meeting_starts_at=london(2019, 1, 15, 9, 30),
    sitters=(sits(PAT), sits(MANAGER)),
    before=CLOSE,
    now=CLOSE,
    recorder_id=OFFICER,
    is_officer=True,
)
PASSED = Decision(outcome="pass", reasons="It shows it", judges=frozenset({PAT}))
DEFERRED = replace(PASSED, outcome="deferred_with_support", support_plan="A plan", review_on=date(2019, 6, 3))


@pytest.mark.parametrize(
    ("member", "close", "manager_may_sit", "why"),
    [
        (PAT, CLOSE, False, ()),
        (HERSELF, CLOSE, True, (Conflict.OWN,)),
        (MANAGER, CLOSE, False, (Conflict.LINE_MANAGER,)),
        (MANAGER, CLOSE, True, ()),
        (PAT, replace(CLOSE, interests=frozenset({PAT})), True, (Conflict.INTEREST,)),
        (
            MANAGER,
            replace(CLOSE, interests=frozenset({MANAGER})),
            False,
            (Conflict.LINE_MANAGER, Conflict.INTEREST),
        ),
        (PAT, CasePeople(HERSELF, None), False, ()),
    ],
    ids=[
        "a stranger",
        "herself",
        "her manager",
        "her manager where the panel lets her",
        "an interest",
        "two",
        "nobody's",
    ],
)
def test_this_is_a_conflict(member, close, manager_may_sit, why):
    assert conflicts_of(member, close, manager_may_sit=manager_may_sit) == why


def test_one_person_with_both_roles_is_not_two_people():
    both = sits(PAT, PSW, SERVICE)

    assert shortfall_of(INTERVIEW, [both]) == Shortfall(1, (SERVICE,))
    assert not shortfall_of(INTERVIEW, [both, sits(PIP, PSW)])
    assert roles_of_judges(INTERVIEW, [both, sits(PIP, PSW)]) == {PAT: SERVICE, PIP: PSW}
    assert shortfall_of(INTERVIEW, [sits(PAT, PSW), sits(PIP, PSW)]) == Shortfall(0, (SERVICE,))


def test_a_panel_that_asks_for_no_different_people_only_counts_them():
    assert shortfall_of(MANAGERS, [sits(PAT, SERVICE)]) == Shortfall(1)
    assert not shortfall_of(MANAGERS, [sits(PAT, SERVICE), sits(PIP, SERVICE)])
    assert not shortfall_of(YOUNG, [])


ROLES = [PSW, SERVICE, OPERATIONS, Role.PANEL_MEMBER]
SITTERS = st.lists(st.frozensets(st.sampled_from(ROLES)), max_size=5).map(
    lambda found: [Sitter(number, roles) for number, roles in enumerate(found, start=1)]
)


@given(wanted=st.lists(st.sampled_from(ROLES), unique=True, max_size=4), among=SITTERS)
def test_as_many_roles_get_a_person_of_their_own_as_in_the_best_of_all_arrangements(wanted, among):
    places = [None] * len(wanted) + among
    best = max(
        (
            sum(sitter is not None and role in sitter.roles for role, sitter in zip(wanted, order, strict=True))
            for order in permutations(places, len(wanted))
        ),
        default=0,
    )
    seated = seats_of(wanted, among)
    holding = {each.person_id: each.roles for each in among}

    assert len(seated) == best
    assert len(set(seated.values())) == len(seated)
    assert all(role in holding[person_id] for role, person_id in seated.items())


@given(among=SITTERS, own=st.integers(1, 5), manager=st.integers(0, 5), interests=st.frozensets(st.integers(1, 5)))
def test_whoever_is_left_to_judge_is_exactly_who_is_in_no_conflict(among, own, manager, interests):
    close = CasePeople(own, manager or None, interests)
    for may_sit in (True, False):
        free = free_of_conflict(among, close, manager_may_sit=may_sit)
        barred = {own} | interests | (set() if may_sit else {manager})
        assert [each.person_id for each in free] == [each.person_id for each in among if each.person_id not in barred]


@given(among=SITTERS)
def test_a_further_member_never_makes_the_shortfall_worse(among):
    for panel in (INTERVIEW, MANAGERS, MODERATION):
        for number in range(len(among)):
            fewer, more = shortfall_of(panel, among[:number]), shortfall_of(panel, among[: number + 1])
            assert more.people <= fewer.people
            assert len(more.roles) <= len(fewer.roles)


@pytest.mark.parametrize(
    ("state", "decision", "why"),
    [
        (OPEN, PASSED, []),
        (OPEN, DEFERRED, []),
        (replace(OPEN, status=CaseStatus.DECIDED), PASSED, [PanelFault.DECIDED_ALREADY]),
        (replace(OPEN, status=CaseStatus.WITHDRAWN), PASSED, [PanelFault.WITHDRAWN]),
        (replace(OPEN, meeting_starts_at=None), PASSED, [PanelFault.NO_MEETING]),
        (replace(OPEN, meeting_starts_at=london(2019, 1, 15, 12, 1)), PASSED, [PanelFault.MEETING_AHEAD]),
        (replace(OPEN, is_officer=False), PASSED, [PanelFault.NOT_THE_RECORDER]),
        (replace(OPEN, is_officer=False, recorder_id=PAT), PASSED, []),
        (replace(OPEN, recorder_id=HERSELF), PASSED, [PanelFault.RECORDER_IN_CONFLICT]),
        (OPEN, replace(PASSED, judges=frozenset()), [PanelFault.NOBODY_JUDGED]),
        (OPEN, replace(PASSED, judges=frozenset({PAT, PIP})), [PanelFault.NOT_THERE]),
        (OPEN, replace(PASSED, judges=frozenset({PAT, MANAGER})), [PanelFault.JUDGE_IN_CONFLICT]),
        (
            OPEN,
            replace(PASSED, judges=frozenset({MANAGER})),
            [PanelFault.JUDGE_IN_CONFLICT, PanelFault.TOO_FEW],
        ),
        (OPEN, replace(PASSED, reasons=" "), [PanelFault.NO_REASONS]),
        (OPEN, replace(PASSED, outcome="recommended"), [PanelFault.NOT_AN_OUTCOME]),
        (OPEN, replace(PASSED, outcome="withdrawn"), [PanelFault.NOT_AN_OUTCOME]),
        (OPEN, replace(DEFERRED, support_plan="", review_on=None), [PanelFault.NO_PLAN, PanelFault.NO_REVIEW_DAY]),
        (OPEN, replace(DEFERRED, review_on=TODAY), [PanelFault.REVIEW_TOO_EARLY]),
        (replace(OPEN, other_decision_that_day=True), PASSED, [PanelFault.DECIDED_THAT_DAY]),
        (replace(OPEN, is_anew=True), replace(PASSED, because="x"), [PanelFault.NOT_DECIDED]),
        (replace(OPEN, is_anew=True, status=CaseStatus.DECIDED), PASSED, [PanelFault.NO_REASON]),
        (replace(OPEN, is_anew=True, status=CaseStatus.DECIDED), replace(PASSED, because="An error"), []),
        (
            replace(OPEN, panel=INTERVIEW, sitters=(sits(PAT, PSW), sits(PIP, PSW))),
            replace(PASSED, judges=frozenset({PAT, PIP})),
            [PanelFault.ROLE_MISSING],
        ),
        (
            replace(OPEN, panel=YOUNG),
            PASSED,
            [PanelFault.NOT_THE_RECORDER, PanelFault.NAMES_A_YOUNG_PERSON],
        ),
        (
            replace(OPEN, panel=YOUNG, records_here=True, is_officer=False),
            replace(PASSED, names_nobody=True, judges=frozenset()),
            [],
        ),
        (
            replace(OPEN, panel=YOUNG, records_here=True),
            replace(PASSED, names_nobody=True, found=("Ms Smith",)),
            [PanelFault.TELLS_WHO_SOMEBODY_IS],
        ),
        (
            replace(OPEN, panel=YOUNG, records_here=True),
            replace(PASSED, names_nobody=True, found=("Ms Smith",), answer="The author of a book"),
            [],
        ),
    ],
)
def test_every_reason_against_a_decision_is_told(state, decision, why):
    assert against_deciding(state, decision, NOW, TODAY) == why


AMONG_MANAGERS = replace(
    OPEN, panel=MANAGERS, sitters=(sits(PAT, SERVICE), sits(PIP, OPERATIONS), sits(MANAGER, SERVICE))
)


@pytest.mark.parametrize(
    ("state", "member", "outcome", "reasons", "why"),
    [
        (AMONG_MANAGERS, PAT, "pass", "Good", []),
        (AMONG_MANAGERS, MANAGER, "pass", "Good", [PanelFault.IN_CONFLICT]),
        (AMONG_MANAGERS, OFFICER, "pass", "Good", [PanelFault.NOT_ASSIGNED]),
        (AMONG_MANAGERS, PAT, "withdrawn", "", [PanelFault.NOT_AN_OUTCOME, PanelFault.NO_REASONS]),
        (replace(AMONG_MANAGERS, is_revealed=True), PAT, "pass", "Good", [PanelFault.ALL_KNOWN]),
        (replace(AMONG_MANAGERS, status=CaseStatus.DECIDED), PAT, "pass", "Good", [PanelFault.DECIDED_ALREADY]),
        (OPEN, PAT, "pass", "Good", [PanelFault.NOT_THIS_WAY]),
    ],
)
def test_every_reason_against_a_recommendation_is_told(state, member, outcome, reasons, why):
    assert against_recommending(state, member, outcome, reasons) == why


def test_what_was_recommended_is_opened_by_who_has_recommended_or_the_secretary_and_says_who_is_missing():
    assert against_revealing(AMONG_MANAGERS, "Pip is ill") == []
    assert against_revealing(AMONG_MANAGERS, " ") == [PanelFault.NO_WORDS]
    assert against_revealing(replace(AMONG_MANAGERS, recorder_id=PAT, is_officer=False), "x") == [
        PanelFault.NOT_THE_RECORDER
    ]
    judge = replace(AMONG_MANAGERS, recorder_id=PAT, is_officer=True)  # an officer who judges is no secretary
    assert against_revealing(judge, "x") == [PanelFault.NOT_THE_RECORDER]
    assert against_revealing(replace(judge, recommended=frozenset({PAT})), "x") == []


def test_recommendations_come_before_the_decision():
    judged = replace(PASSED, judges=frozenset({PAT, PIP}))

    assert against_deciding(AMONG_MANAGERS, judged, NOW, TODAY) == [PanelFault.RECOMMENDATIONS_MISSING]
    assert against_deciding(replace(AMONG_MANAGERS, is_revealed=True), judged, NOW, TODAY) == []


def test_a_case_is_withdrawn_and_never_decided_to_be():
    assert outcomes_to_choose(MODERATION) == (
        PanelOutcome.PASS,
        PanelOutcome.FAIL,
        PanelOutcome.DEFERRED_WITH_SUPPORT,
    )


def test_everything_has_its_words():
    assert FAULTS.keys() == set(PanelFault)
    assert OUTCOMES.keys() == NEXT_STEPS.keys() == set(PanelOutcome)
    assert HINTS.keys() <= set(PanelOutcome)
    assert (KINDS.keys(), RECORDINGS.keys(), CONFLICTS.keys()) == (set(PanelKind), set(Recording), set(Conflict))


@pytest.mark.parametrize(
    ("on", "hint"),
    [
        (date(2019, 5, 24), ""),
        (date(2019, 5, 25), "Saturday 25 May 2019 is not a working day: look at it on the last one before."),
        (date(2019, 12, 25), "Wednesday 25 December 2019 is not a working day: look at it on the last one before."),
    ],
    ids=["a Friday", "a Saturday", "Christmas"],
)
def test_a_day_of_review_on_which_nobody_works_is_pointed_out_and_not_refused(on, hint):
    assert day_off_words(on) == hint
    assert against_deciding(OPEN, replace(DEFERRED, review_on=on), NOW, TODAY) == []
