"""Who may judge whom, whether enough people remain, and what a decision must say. Plain Python.

A member is in conflict with a case where she is its person, is her current direct line manager (unless the panel lets
the manager sit) or has declared an interest. Then she sees nothing of it, and does not judge (C-4).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from cpd.schemes.pathway_shape import Panel, PanelKind, PanelOutcome, Recording
from cpd.shared.roles import Role

REMINDED_BEFORE = timedelta(days=14)
"""So long before a day of review the person and her manager are reminded of it."""

PLANNED_AHEAD = timedelta(days=731)
WRITTEN_DOWN_AFTER = timedelta(days=366)


class CaseStatus(StrEnum):
    """How a case stands."""

    OPEN = "open"
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"


class Conflict(StrEnum):
    """Why somebody sees nothing of a case and cannot judge it."""

    OWN = "own"
    LINE_MANAGER = "line_manager"
    INTEREST = "interest"


class PanelFault(StrEnum):
    """Why nothing was done; the words stand in `wording`."""

    NO_PANEL = "no_panel"
    NO_MEMBERS_HERE = "no_members_here"
    WRONG_ROLE = "wrong_role"
    ROLE_NOT_HELD = "role_not_held"
    SITS_ALREADY = "sits_already"
    SITS_NO_MORE = "sits_no_more"
    APPOINTS_HERSELF = "appoints_herself"
    CLOSE_TO_A_CASE = "close_to_a_case"
    MEETS_THEN = "meets_then"
    ENDS_FIRST = "ends_first"
    JUDGED_SINCE = "judged_since"
    NO_REASON = "no_reason"
    NOBODY_COMES = "nobody_comes"
    NOT_A_MEMBER = "not_a_member"
    TOO_FAR_AHEAD = "too_far_ahead"
    TOO_LONG_AGO = "too_long_ago"
    NO_SPAN = "no_span"
    CANCELLED = "cancelled"
    HAS_DECISIONS = "has_decisions"
    ANOTHER_PANEL = "another_panel"
    BEFORE_IT_WAS_OPENED = "before_it_was_opened"
    NOT_OPEN = "not_open"
    NOT_HERS = "not_hers"
    NOT_READY = "not_ready"
    NOT_ASSIGNED = "not_assigned"
    IN_CONFLICT = "in_conflict"
    DECLARED_ALREADY = "declared_already"
    NO_WORDS = "no_words"
    NOT_THIS_WAY = "not_this_way"
    ALL_KNOWN = "all_known"
    NOT_AN_OUTCOME = "not_an_outcome"
    NO_REASONS = "no_reasons"
    NO_PLAN = "no_plan"
    NO_REVIEW_DAY = "no_review_day"
    REVIEW_TOO_EARLY = "review_too_early"
    NO_MEETING = "no_meeting"
    MEETING_AHEAD = "meeting_ahead"
    NOT_THE_RECORDER = "not_the_recorder"
    RECORDER_IN_CONFLICT = "recorder_in_conflict"
    NOBODY_JUDGED = "nobody_judged"
    NOT_THERE = "not_there"
    JUDGE_IN_CONFLICT = "judge_in_conflict"
    TOO_FEW = "too_few"
    ROLE_MISSING = "role_missing"
    RECOMMENDATIONS_MISSING = "recommendations_missing"
    DECIDED_ALREADY = "decided_already"
    NOT_DECIDED = "not_decided"
    WITHDRAWN = "withdrawn"
    DECIDED_THAT_DAY = "decided_that_day"
    NAMES_A_YOUNG_PERSON = "names_a_young_person"
    TELLS_WHO_SOMEBODY_IS = "tells_who_somebody_is"


@dataclass(frozen=True, slots=True)
class CasePeople:
    """Who stands close to a case: whose it is, who manages her on the day asked, and who declared an interest."""

    person_id: int
    manager_id: int | None = None
    interests: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Sitter:
    """Somebody who comes to a meeting, and the roles in which she sits on the panel that day."""

    person_id: int
    roles: frozenset[str]


@dataclass(frozen=True, slots=True)
class Shortfall:
    """What is missing for a case to be judged: so many people, and these roles."""

    people: int = 0
    roles: tuple[Role, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.people or self.roles)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What is written down of a decision.

    `judges` are the ids of those who judged; where each recommends first, it is those who have. `because` says why an
    earlier decision is superseded, `names_nobody` that no young person is named; `found` is what may tell who somebody
    is, and `answer` why it does not.
    """

    outcome: str
    reasons: str
    support_plan: str = ""
    review_on: date | None = None
    judges: frozenset[int] = frozenset()
    because: str = ""
    names_nobody: bool = False
    found: tuple[str, ...] = ()
    answer: str = ""

    def with_found(self, found: tuple[str, ...]) -> Decision:
        """Return the same with what in it may tell who somebody is."""
        return replace(self, found=found)


@dataclass(frozen=True, slots=True)
class ToDecide:
    """A case as it stands when somebody writes a decision down.

    `sitters` come to its meeting; `recommended` have recommended, and `is_revealed` says that all of it is known.
    `before` are close to it on the meeting's day and
    `now` today. `is_officer` says that the recorder belongs to Workforce Development, `records_here` that she holds
    the role that writes this panel's decisions down.
    """

    panel: Panel
    status: CaseStatus
    meeting_starts_at: datetime | None
    sitters: tuple[Sitter, ...]
    before: CasePeople
    now: CasePeople
    recommended: frozenset[int] = frozenset()
    is_revealed: bool = False
    recorder_id: int = 0
    is_officer: bool = False
    records_here: bool = False
    other_decision_that_day: bool = False
    is_anew: bool = False


def conflicts_of(member_id: int, people: CasePeople, *, manager_may_sit: bool) -> tuple[Conflict, ...]:
    """Say why somebody cannot judge a case; nothing means that she can."""
    conflicts = (
        (Conflict.OWN, member_id == people.person_id),
        (Conflict.LINE_MANAGER, member_id == people.manager_id and not manager_may_sit),
        (Conflict.INTEREST, member_id in people.interests),
    )
    return tuple(conflict for conflict, holds in conflicts if holds)


def free_of_conflict(sitters: Iterable[Sitter], people: CasePeople, *, manager_may_sit: bool) -> tuple[Sitter, ...]:
    """Return who of a meeting can judge a case: these are the members whom it is assigned to."""
    return tuple(each for each in sitters if not conflicts_of(each.person_id, people, manager_may_sit=manager_may_sit))


def of_the_service(panel: Panel, sitters: Iterable[Sitter], above: Collection[int]) -> tuple[Sitter, ...]:
    """Leave out roles in which only somebody of the person's own service sits, for whoever is of another (G-16).

    `above` are those who stand above the person in the line of management.
    """
    elsewhere = frozenset(map(str, panel.of_her_service))
    kept = (each if each.person_id in above else Sitter(each.person_id, each.roles - elsewhere) for each in sitters)
    return tuple(each for each in kept if each.roles)


def seats_of(roles: Sequence[Role], sitters: Iterable[Sitter]) -> dict[Role, int]:
    """Give as many roles as possible a person of their own, and say who has which (AMB-44).

    Each role in turn takes a free person, or one whose own role another free person can take over, so that no
    better arrangement is left.
    """
    among = sorted(sitters, key=lambda each: each.person_id)
    taken: dict[int, Role] = {}
    for role in roles:
        _seat(role, among, taken, set())
    return {role: person_id for person_id, role in taken.items()}


def _seat(role: Role, among: Sequence[Sitter], taken: dict[int, Role], asked: set[int]) -> bool:
    """Find somebody for a role, letting others change theirs; says whether there is anybody."""
    for each in among:
        if role not in each.roles or each.person_id in asked:
            continue
        asked.add(each.person_id)
        if each.person_id not in taken or _seat(taken[each.person_id], among, taken, asked):
            taken[each.person_id] = role
            return True
    return False


def shortfall_of(panel: Panel, sitters: Collection[Sitter]) -> Shortfall:
    """Say what is missing for these people to judge; young people's panels ask for nobody with an account (C-1)."""
    if panel.panel_kind is PanelKind.YOUNG_PEOPLE:
        return Shortfall()
    seated = seats_of(panel.roles, sitters) if panel.different_people else dict.fromkeys(panel.roles, 0)
    able = sum(bool(each.roles.intersection(panel.roles)) for each in sitters)
    return Shortfall(max(0, panel.at_least - able), tuple(role for role in panel.roles if role not in seated))


def roles_of_judges(panel: Panel, sitters: Collection[Sitter]) -> dict[int, Role]:
    """Say in which role each judged: that in which she was needed, else the first of hers in the panel's order."""
    seated = seats_of(panel.roles, sitters) if panel.different_people else {}
    needed = {person_id: role for role, person_id in seated.items()}
    first = {each.person_id: next((role for role in panel.roles if role in each.roles), None) for each in sitters}
    return {person_id: role for person_id, own in first.items() if (role := needed.get(person_id) or own)}


def outcomes_to_choose(panel: Panel) -> tuple[PanelOutcome, ...]:
    """List what a panel can decide; a case is withdrawn at the person's wish, which is no decision of the panel's."""
    return tuple(each for each in panel.outcomes if each is not PanelOutcome.WITHDRAWN)


def against_recommending(case: ToDecide, member_id: int, outcome: str, reasons: str) -> list[PanelFault]:
    """List every reason against a recommendation: she sits, is in no conflict, and has not seen the others'."""
    conflicts = conflicts_of(member_id, case.now, manager_may_sit=case.panel.manager_may_sit)
    faults = (
        (PanelFault.NOT_THIS_WAY, case.panel.recording is not Recording.RECOMMENDATIONS_FIRST),
        (PanelFault.NOT_ASSIGNED, member_id not in {each.person_id for each in case.sitters}),
        (PanelFault.IN_CONFLICT, bool(conflicts)),
        (PanelFault.DECIDED_ALREADY, case.status is CaseStatus.DECIDED),
        (PanelFault.WITHDRAWN, case.status is CaseStatus.WITHDRAWN),
        (PanelFault.ALL_KNOWN, case.is_revealed),
        (PanelFault.NOT_AN_OUTCOME, outcome not in outcomes_to_choose(case.panel)),
        (PanelFault.NO_REASONS, not reasons.strip()),
    )
    return [fault for fault, holds in faults if holds]


def against_revealing(case: ToDecide, words: str) -> list[PanelFault]:
    """List every reason against opening what was recommended before all have: it is said who is missing, and why."""
    secretary = case.is_officer and case.recorder_id not in {each.person_id for each in case.sitters}
    faults = (
        (PanelFault.NOT_THIS_WAY, case.panel.recording is not Recording.RECOMMENDATIONS_FIRST),
        (PanelFault.NOT_THE_RECORDER, not secretary and case.recorder_id not in case.recommended),
        (PanelFault.RECORDER_IN_CONFLICT, bool(_conflicts_of_recorder(case))),
        (PanelFault.DECIDED_ALREADY, case.status is CaseStatus.DECIDED),
        (PanelFault.WITHDRAWN, case.status is CaseStatus.WITHDRAWN),
        (PanelFault.ALL_KNOWN, case.is_revealed),
        (PanelFault.NO_WORDS, not words.strip()),
    )
    return [fault for fault, holds in faults if holds]


def against_deciding(case: ToDecide, decision: Decision, now: datetime, today: date) -> list[PanelFault]:
    """List every reason against writing a decision down: how the case stands, who writes, who judged, what it says."""
    return [
        *_against_now(case, decision, now),
        *_against_recorder(case),
        *_against_judges(case, decision),
        *_against_words(case.panel, decision, today),
    ]


def _against_now(case: ToDecide, decision: Decision, now: datetime) -> list[PanelFault]:
    """List what is against deciding a case as it stands; an earlier decision is superseded only for a reason."""
    starts_at = case.meeting_starts_at
    faults = (
        (PanelFault.DECIDED_ALREADY, case.status is CaseStatus.DECIDED and not case.is_anew),
        (PanelFault.NOT_DECIDED, case.status is CaseStatus.OPEN and case.is_anew),
        (PanelFault.WITHDRAWN, case.status is CaseStatus.WITHDRAWN),
        (PanelFault.NO_MEETING, starts_at is None),
        (PanelFault.MEETING_AHEAD, starts_at is not None and starts_at > now),
        (PanelFault.DECIDED_THAT_DAY, case.other_decision_that_day),
        (PanelFault.NO_REASON, case.is_anew and not decision.because.strip()),
    )
    return [fault for fault, holds in faults if holds]


def _against_recorder(case: ToDecide) -> list[PanelFault]:
    """List what is against whoever writes it down: she may, and is in no conflict herself."""
    sits = case.recorder_id in {each.person_id for each in case.sitters}
    named = case.panel.recorded_by is not None
    may = case.records_here if named else case.is_officer or sits
    faults = (
        (PanelFault.NOT_THE_RECORDER, not may),
        (PanelFault.RECORDER_IN_CONFLICT, bool(_conflicts_of_recorder(case))),
    )
    return [fault for fault, holds in faults if holds]


def _conflicts_of_recorder(case: ToDecide) -> tuple[Conflict, ...]:
    """Say why whoever writes something down is in conflict with the case today."""
    return conflicts_of(case.recorder_id, case.now, manager_may_sit=case.panel.manager_may_sit)


def _against_judges(case: ToDecide, decision: Decision) -> list[PanelFault]:
    """List what is against those who judged: they came, are in no conflict, are enough, and each role has its own."""
    if case.panel.panel_kind is PanelKind.YOUNG_PEOPLE:
        return []
    sitting = {each.person_id: each for each in case.sitters}
    judges = [sitting[each] for each in sorted(decision.judges) if each in sitting]
    free = free_of_conflict(judges, case.before, manager_may_sit=case.panel.manager_may_sit)
    short = shortfall_of(case.panel, free)
    first = case.panel.recording is Recording.RECOMMENDATIONS_FIRST
    faults = (
        (PanelFault.NOBODY_JUDGED, not decision.judges),
        (PanelFault.NOT_THERE, len(judges) < len(decision.judges)),
        (PanelFault.JUDGE_IN_CONFLICT, len(free) < len(judges)),
        (PanelFault.TOO_FEW, bool(decision.judges) and bool(short.people)),
        (PanelFault.ROLE_MISSING, bool(decision.judges) and bool(short.roles)),
        (PanelFault.RECOMMENDATIONS_MISSING, first and not case.is_revealed),
    )
    return [fault for fault, holds in faults if holds]


def _against_words(panel: Panel, decision: Decision, today: date) -> list[PanelFault]:
    """List what a decision lacks: reasons always; with "not yet" a support plan and a day of review ahead (AMB-15)."""
    defers = decision.outcome == PanelOutcome.DEFERRED_WITH_SUPPORT
    of_the_young = panel.panel_kind is PanelKind.YOUNG_PEOPLE
    review_on = decision.review_on
    faults = (
        (PanelFault.NOT_AN_OUTCOME, decision.outcome not in outcomes_to_choose(panel)),
        (PanelFault.NO_REASONS, not decision.reasons.strip()),
        (PanelFault.NO_PLAN, defers and not decision.support_plan.strip()),
        (PanelFault.NO_REVIEW_DAY, defers and review_on is None),
        (PanelFault.REVIEW_TOO_EARLY, defers and review_on is not None and review_on <= today),
        (PanelFault.NAMES_A_YOUNG_PERSON, of_the_young and not decision.names_nobody),
        (PanelFault.TELLS_WHO_SOMEBODY_IS, bool(decision.found) and not decision.answer.strip()),
    )
    return [fault for fault, holds in faults if holds]


def against_appointing(panel: Panel, role: str, held: Collection[str], *, sits: bool, reason: str) -> list[PanelFault]:
    """List every reason against a seat on a panel: it has this role, she holds it, and has no such seat yet."""
    young = panel.panel_kind is PanelKind.YOUNG_PEOPLE
    faults = (
        (PanelFault.NO_MEMBERS_HERE, young),
        (PanelFault.WRONG_ROLE, not young and role not in panel.roles),
        (PanelFault.ROLE_NOT_HELD, role in panel.roles and role not in held),
        (PanelFault.SITS_ALREADY, sits),
        (PanelFault.NO_REASON, not reason.strip()),
    )
    return [fault for fault, holds in faults if holds]


def against_meeting(starts_at: datetime, ends_at: datetime, now: datetime) -> list[PanelFault]:
    """List what is against a meeting at this time; one that is over can still be written down for a year."""
    faults = (
        (PanelFault.NO_SPAN, ends_at <= starts_at),
        (PanelFault.TOO_FAR_AHEAD, starts_at > now + PLANNED_AHEAD),
        (PanelFault.TOO_LONG_AGO, starts_at < now - WRITTEN_DOWN_AFTER),
    )
    return [fault for fault, holds in faults if holds]
