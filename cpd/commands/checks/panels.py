"""Panels: every decision has its fact and its judges, none of them in conflict, and meetings stand in diaries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from sqlalchemy import select

from cpd.commands.checks.check import Check, rows_in
from cpd.diary.models import DiaryEntry
from cpd.people import service as people
from cpd.progression.panels.case_facts import CaseFacts, DecisionFacts
from cpd.progression.panels.facts import SOURCE
from cpd.progression.panels.gathering import cases_where, meetings_where
from cpd.progression.panels.models import PanelCase, PanelDecision, PanelMeeting
from cpd.progression.panels.rules import CasePeople, CaseStatus, Sitter, conflicts_of, shortfall_of
from cpd.record.models import RecordFact
from cpd.requirements.record import FactKind
from cpd.schemes.pathway_shape import PanelKind
from cpd.shared.database import db


def undecided_decisions() -> Iterator[str]:
    """Find cases that are decided without a decision in force, or have one and are not decided."""
    for case in cases_where():
        if (case.status is CaseStatus.DECIDED) != (case.decision is not None):
            has = "has no decision in force" if case.decision is None else "has a decision in force"
            yield f"panel case {case.id} is {case.status} and {has}"


def misfitting_facts() -> Iterator[str]:
    """Find decisions that the record says otherwise or not at all, and outcomes on records without a decision."""
    wanted = select(RecordFact).where(
        RecordFact.kind == FactKind.OUTCOME, RecordFact.source_kind == SOURCE, RecordFact.superseded_at.is_(None)
    )
    facts = {row.id: row for row in db.session.scalars(wanted)}
    for case in cases_where():
        if case.decision is None:
            continue
        fact = facts.pop(case.decision.fact_id, None)
        decided = (case.person_id, case.panel_code, case.outcome, case.decision.decided_on)
        if fact is None or (fact.person_id, fact.subject, fact.value, fact.happened_on) != decided:
            yield f"panel case {case.id} is decided, and the record of person {case.person_id} does not say so"
    for fact in facts.values():
        yield f"fact {fact.id} is an outcome of a panel that has decided nothing of the kind"


def judges_in_conflict() -> Iterator[str]:
    """Find decisions that somebody judged who was too close: herself, the line manager that day, or by an interest."""
    decided = [(case, each) for case in cases_where() for each in case.decisions]
    managers = _managers(decided)
    for case, decision in decided:
        interests = frozenset(each.person_id for each in case.interests if each.declared_at < decision.recorded_at)
        close = CasePeople(case.person_id, managers.get((case.person_id, decision.decided_on)), interests)
        for judge in decision.judges:
            if found := conflicts_of(judge.person_id, close, manager_may_sit=case.panel.manager_may_sit):
                yield f"panel decision {decision.id} was judged by person {judge.person_id} in conflict: {found[0]}"


def judged_by_too_few() -> Iterator[str]:
    """Find decisions that fewer judged than the panel asks for, or one person for two of its roles (AMB-44)."""
    for case in cases_where():
        for decision in case.decisions:
            sitters = [Sitter(each.person_id, frozenset({each.role})) for each in decision.judges]
            if shortfall_of(case.panel, sitters):
                yield f"panel decision {decision.id} was judged by too few, or by one person for two roles"
            if decision.judges and case.panel.panel_kind is PanelKind.YOUNG_PEOPLE:
                yield f"panel decision {decision.id} names judges, and is young people's"


def missing_from_diaries() -> Iterator[str]:
    """Find meetings that do not stand in the diary of somebody who comes, or stand there at another time."""
    wanted = select(DiaryEntry.source_id, DiaryEntry.person_id, DiaryEntry.starts_at, DiaryEntry.ends_at).where(
        DiaryEntry.source == SOURCE, DiaryEntry.cancelled_at.is_(None)
    )
    entries = {(row.source_id, row.person_id): (row.starts_at, row.ends_at) for row in db.session.execute(wanted)}
    for meeting in meetings_where():
        for person_id in sorted(meeting.attending):
            there = entries.pop((meeting.id, person_id), None)
            if there != (None if meeting.is_cancelled else (meeting.starts_at, meeting.ends_at)):
                yield f"panel meeting {meeting.id} does not stand so in the diary of person {person_id}"
    invited = {(each.meeting.id, each.person_id) for each in cases_where() if _is_invited(each) and each.meeting}
    for meeting_id, person_id in sorted(entries.keys() - invited):
        yield f"panel meeting {meeting_id} stands in the diary of person {person_id}, who does not come"


def _is_invited(case: CaseFacts) -> bool:
    """Say whether the person herself comes to the meeting on her case."""
    return case.panel.panel_kind is PanelKind.INTERVIEW and case.status is not CaseStatus.WITHDRAWN


def _managers(decided: list[tuple[CaseFacts, DecisionFacts]]) -> dict[tuple[int, date], int | None]:
    """Return who managed people on the days on which panels decided on them: one query for each day."""
    days: defaultdict[date, set[int]] = defaultdict(set)
    for case, decision in decided:
        days[decision.decided_on].add(case.person_id)
    return {
        (person_id, on): post.manager_id
        for on, person_ids in days.items()
        for person_id, post in people.posts_on(person_ids, on).items()
    }


CHECKS = (
    Check("panel cases", undecided_decisions, rows_in(PanelCase), "cases"),
    Check("outcomes of panels", misfitting_facts, rows_in(PanelDecision), "decisions"),
    Check("judges in conflict", judges_in_conflict, rows_in(PanelDecision), "decisions"),
    Check("judges of panels", judged_by_too_few, rows_in(PanelDecision), "decisions"),
    Check("meetings of panels", missing_from_diaries, rows_in(PanelMeeting), "meetings"),
)
