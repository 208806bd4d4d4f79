"""What members recommend and what the panel comes to: written down once, and changed only by a new decision."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sqlalchemy import insert, select

from cpd.people import service as people
from cpd.progression.panels import reading, telling
from cpd.progression.panels.case_facts import CaseFacts
from cpd.progression.panels.facts import DECIDED, SOURCE, CaseDecided, PanelRefused
from cpd.progression.panels.holding import hold_case, remember
from cpd.progression.panels.linked import portfolios_for
from cpd.progression.panels.models import PanelCase, PanelDecision, PanelJudge, PanelRecommendation
from cpd.progression.panels.revealing import reveal_if_all_have
from cpd.progression.panels.rules import (
    CasePeople,
    CaseStatus,
    Decision,
    PanelFault,
    ToDecide,
    against_deciding,
    against_recommending,
    against_revealing,
    free_of_conflict,
    roles_of_judges,
)
from cpd.progression.portfolios import service as portfolios
from cpd.record import service as record
from cpd.record.facts import FactSaid
from cpd.requirements.record import FactKind
from cpd.schemes.pathway_shape import PanelOutcome, Recording
from cpd.shared import clock
from cpd.shared.database import db
from cpd.shared.roles import Role
from cpd.shared.unit_of_work import one_transaction, publish


@one_transaction
def recommend(case_id: int, member_id: int, outcome: str, reasons: str) -> bool:
    """Write down what a member recommends and why; until all have, she can say it anew and sees nobody else's.

    Returns whether it was the last one, so that all of it is known now.

    Raises:
        PanelRefused: every reason against it.
        LookupError: there is no such case.
    """
    row = hold_case(case_id)
    case = reading.case_of(case_id)
    _refuse_if(against_recommending(to_decide(case, member_id), member_id, outcome, reasons))
    now = clock.real_now()
    wanted = select(PanelRecommendation).where(
        PanelRecommendation.case_id == case_id,
        PanelRecommendation.person_id == member_id,
        PanelRecommendation.superseded_at.is_(None),
    )
    for earlier in db.session.scalars(wanted):
        earlier.superseded_at, earlier.superseded_by_id = now, member_id
        earlier.supersede_reason = "Said anew by the member"
    db.session.flush()
    about = {"case_id": case_id, "person_id": member_id, "outcome": outcome, "reasons": reasons}
    db.session.add(PanelRecommendation(**about, recorded_at=now, recorded_by_id=member_id))
    remember("recommended", row, by=member_id)
    return reveal_if_all_have(row)


@one_transaction
def reveal(case_id: int, words: str, *, by: int) -> None:
    """Let what was recommended be known before all have recommended: who is missing, and why.

    Raises:
        PanelRefused: every reason against it.
        LookupError: there is no such case.
    """
    row = hold_case(case_id)
    _refuse_if(against_revealing(to_decide(reading.case_of(case_id), by), words))
    row.revealed_at, row.missing = clock.now(), words
    remember("revealed", row, by=by, reason=words)


@one_transaction
def decide(case_id: int, decision: Decision, *, by: int) -> int:
    """Write down what a panel came to; returns the decision's number. Of two who write at once the second is refused.

    It is a fact on the person's record as of the day of the meeting, she is told, and a portfolio that was not yet
    good enough goes back to her.

    Raises:
        PanelRefused: every reason against it.
        LookupError: there is no such case.
    """
    return _decide(case_id, decision, by, is_anew=False)


@one_transaction
def decide_anew(case_id: int, decision: Decision, *, by: int) -> int:
    """Put a new decision in the place of an earlier one, for a reason; the earlier one stays to be read.

    Raises:
        PanelRefused: every reason against it.
        LookupError: there is no such case.
    """
    return _decide(case_id, decision, by, is_anew=True)


def to_decide(case: CaseFacts, by: int, *, is_anew: bool = False) -> ToDecide:
    """Say how a case stands when somebody writes something down about it."""
    return ToDecide(
        panel=case.panel,
        status=case.status,
        meeting_starts_at=case.meeting.starts_at if case.meeting else None,
        sitters=case.sitters,
        before=_close_on(case, case.meeting.on if case.meeting else clock.today()),
        now=case.close,
        recommended=case.recommended,
        is_revealed=case.revealed_at is not None,
        recorder_id=by,
        is_officer=_holds(case, by, Role.WORKFORCE_DEVELOPMENT),
        records_here=case.panel.recorded_by is not None and _holds(case, by, case.panel.recorded_by),
        other_decision_that_day=case.meeting is not None and _decided_otherwise(case, case.meeting.on),
        is_anew=is_anew,
    )


def _decide(case_id: int, decision: Decision, by: int, *, is_anew: bool) -> int:
    """Write a decision down, the first or a new one."""
    row = hold_case(case_id)
    case = reading.case_of(case_id)
    state = to_decide(case, by, is_anew=is_anew)
    if case.panel.recording is Recording.RECOMMENDATIONS_FIRST:
        decision = replace(decision, judges=_who_recommended(case, state))
    _refuse_if(against_deciding(state, decision, clock.now(), clock.today()))
    assert case.meeting, "without a meeting it is refused"  # noqa: S101
    said = FactSaid(
        person_id=case.person_id,
        kind=FactKind.OUTCOME,
        subject=case.panel_code,
        happened_on=case.meeting.on,
        value=decision.outcome,
        source_kind=SOURCE,
        source=case.panel_title,
    )
    before = case.decision
    if before is None:
        fact_id = record.add_fact(said, by=by)
    else:
        _supersede(before.id, by, decision.because)
        fact_id = record.correct_fact(before.fact_id, said, by=by, reason=decision.because)
    made = _write(row, case, decision, fact_id, by)
    _write_judges(made, state, decision)
    row.status = CaseStatus.DECIDED
    row.revealed_at = row.revealed_at or clock.now()
    db.session.flush()
    old = {"decision_id": before.id, "outcome": before.outcome} if before else None
    reason = decision.because if before else decision.reasons
    more = {"answer": decision.answer} if decision.found else {}
    remember(
        "decided_anew" if before else "decided", row, by=by, reason=reason, before=old, outcome=made.outcome, **more
    )
    _follow(row, case, made, decision, by)
    return made.id


def _write(row: PanelCase, case: CaseFacts, decision: Decision, fact_id: int, by: int) -> PanelDecision:
    """Add the decision; what only belongs to "not yet" stands only there."""
    assert case.meeting, "without a meeting it is refused"  # noqa: S101
    defers = decision.outcome == PanelOutcome.DEFERRED_WITH_SUPPORT
    made = PanelDecision(
        organisation_id=row.organisation_id,
        case_id=row.id,
        meeting_id=case.meeting.id,
        decided_on=case.meeting.on,
        outcome=decision.outcome,
        reasons=decision.reasons,
        support_plan=decision.support_plan if defers else "",
        review_on=decision.review_on if defers else None,
        fact_id=fact_id,
        recorded_at=clock.real_now(),
        recorded_by_id=by,
    )
    db.session.add(made)
    db.session.flush()
    return made


def _write_judges(made: PanelDecision, state: ToDecide, decision: Decision) -> None:
    """Write down who judged, each in the role in which she did."""
    judges = [each for each in state.sitters if each.person_id in decision.judges]
    roles = roles_of_judges(state.panel, judges)
    if roles:
        rows = [
            {"decision_id": made.id, "person_id": person_id, "role": str(role)}
            for person_id, role in sorted(roles.items())
        ]
        db.session.execute(insert(PanelJudge), rows)


def _follow(row: PanelCase, case: CaseFacts, made: PanelDecision, decision: Decision, by: int) -> None:
    """Do what follows from a decision: the portfolio goes back, people are told, and the floors above follow.

    Where "not yet" is only said anew, it went back then: what she has handed in since stays. Where it is taken back,
    what was accepted before counts again.
    """
    deferred = PanelOutcome.DEFERRED_WITH_SUPPORT
    was_deferred = case.decision is not None and case.decision.outcome == deferred
    for kind in portfolios_for(case.panel_code, case.terms):
        if made.outcome == deferred and not was_deferred:
            portfolios.return_after_panel(case.person_id, kind, comments=made.support_plan, by=by)
        elif was_deferred and made.outcome != deferred:
            portfolios.stand_as_before_panel(case.person_id, kind, reason=decision.because, by=by)
    telling.of_the_decision(case, made, decision.because if case.decision else "")
    publish(
        DECIDED,
        CaseDecided(
            row.id,
            row.person_id,
            row.organisation_id,
            row.panel_code,
            made.outcome,
            row.request_id,
            made.reasons,
            made.support_plan,
            made.review_on,
            is_anew=case.decision is not None,
        ),
    )


def _supersede(decision_id: int, by: int, because: str) -> None:
    """End a decision; it stays to be read."""
    old = db.session.get_one(PanelDecision, decision_id)
    old.superseded_at, old.superseded_by_id, old.supersede_reason = clock.real_now(), by, because
    db.session.flush()


def _who_recommended(case: CaseFacts, state: ToDecide) -> frozenset[int]:
    """Return who judged where each recommends first: whoever has, came to the meeting and was in no conflict."""
    free = free_of_conflict(case.sitters, state.before, manager_may_sit=case.panel.manager_may_sit)
    return frozenset(each.person_id for each in free) & case.recommended


def _close_on(case: CaseFacts, on: date) -> CasePeople:
    """Say who stood close to a case on a day."""
    return replace(case.close, manager_id=reading.manager_on(case.person_id, on))


def _decided_otherwise(case: CaseFacts, on: date) -> bool:
    """Say whether the panel has decided another case of the same person on the same day."""
    wanted = (
        select(PanelDecision.id)
        .join(PanelCase, PanelCase.id == PanelDecision.case_id)
        .where(
            PanelCase.person_id == case.person_id,
            PanelCase.panel_code == case.panel_code,
            PanelCase.id != case.id,
            PanelDecision.decided_on == on,
            PanelDecision.superseded_at.is_(None),
        )
    )
    return db.session.scalar(wanted.limit(1)) is not None


def _holds(case: CaseFacts, person_id: int, role: Role) -> bool:
    """Say whether somebody holds a role where the case is."""
    return people.holds(person_id, case.organisation_id, role)


def _refuse_if(faults: list[PanelFault]) -> None:
    """Raise PanelRefused where there is any reason."""
    if faults:
        raise PanelRefused(faults)
