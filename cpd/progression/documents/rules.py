"""What a frozen decision holds, whether the same comes out when it is worked out anew, and who may read it.

Plain Python. The content of a document is plain JSON, whose form is `FORM`. It holds the facts that the transition's
criteria ask about and the transition itself as the pack had it, so that nothing else is needed to work it out anew.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from cpd.progression.pathways.rules import LineStanding, TransitionStanding, standing_to
from cpd.progression.pathways.terms import Way
from cpd.requirements.evaluator import RecordIndex
from cpd.requirements.language import ApprovedBy, Attended, Completed, Credits, Evidence, Outcome
from cpd.requirements.record import Fact, FactKind, Record
from cpd.requirements.structure import leaves_of
from cpd.schemes.pathway_shape import StepKind, Transition
from cpd.shared.roles import Role

Frozen = dict[str, Any]
"""What JSON can hold."""

FORM = "decision-document/1"
CODE_LENGTH = 16
GROUP = 4

ALWAYS_ASKED = frozenset({FactKind.CAREER_LEVEL, FactKind.CAREER_BREAK, FactKind.QUALIFIED, FactKind.REGISTERED})


class Occasion(StrEnum):
    """When a document is made."""

    PANEL = "panel"
    REQUEST = "request"


class Reading(StrEnum):
    """How much of a document somebody may read."""

    WHOLE = "whole"
    DECISION = "decision"
    """Without what single members recommended: for her line manager."""


def way_of(transition: Transition) -> Way:
    """Put a transition into the form in which it is asked."""
    criteria = tuple(each for each in transition.criteria if not each.is_flag)
    flags = tuple(each for each in transition.criteria if each.is_flag)
    return Way(transition, transition.requirement, criteria, flags, tuple(each.asked for each in flags))


def asked_facts(way: Way, facts: Iterable[Fact]) -> list[Fact]:
    """Choose the facts that a transition's criteria ask about: no document holds more about a person than it needs."""
    kinds: set[FactKind] = set(ALWAYS_ASKED)
    subjects: set[str] = set()
    programmes: set[str] = set()
    for leaf in (leaf for asked in (way.requirement, *way.flags_asked) for leaf in leaves_of(asked)):
        match leaf:
            case Completed():
                subjects.add(leaf.module)
            case Attended():
                programmes.add(leaf.programme)
            case Credits():
                kinds.add(FactKind.CREDIT)
                kinds.add(FactKind.PENDING)
            case Outcome():
                subjects.add(leaf.panel)
            case Evidence():
                subjects.add(leaf.kind)
            case ApprovedBy():
                subjects.add(leaf.role)
    return [fact for fact in facts if fact.kind in kinds or fact.subject in subjects or fact.programme in programmes]


def fact_to_json(fact: Fact) -> Frozen:
    """Write a fact down; what it does not say is left out."""
    said = {
        "kind": str(fact.kind),
        "subject": fact.subject,
        "happened_on": fact.happened_on.isoformat(),
        "happened_at": fact.happened_at.isoformat() if fact.happened_at else None,
        "ends_on": fact.ends_on.isoformat() if fact.ends_on else None,
        "value": fact.value,
        "amount": str(fact.amount) if fact.amount is not None else None,
        "academic_level": fact.academic_level,
        "programme": fact.programme,
        "ahead": fact.ahead or None,
        "reference": fact.reference,
        "session_id": fact.session_id,
    }
    return {key: value for key, value in said.items() if value not in (None, "")}


def fact_from_json(said: Mapping[str, Any]) -> Fact:
    """Read a fact again. Raises KeyError, TypeError or ValueError where it is none."""
    return Fact(
        FactKind(said["kind"]),
        said.get("subject", ""),
        date.fromisoformat(said["happened_on"]),
        datetime.fromisoformat(said["happened_at"]) if "happened_at" in said else None,
        date.fromisoformat(said["ends_on"]) if "ends_on" in said else None,
        said.get("value", ""),
        Decimal(said["amount"]) if "amount" in said else None,
        said.get("academic_level"),
        said.get("programme", ""),
        bool(said.get("ahead")),
        said.get("reference", ""),
        said.get("session_id"),
    )


def bare_line(line: LineStanding) -> Frozen:
    """Write down how one criterion stands, without words: what must come out again."""
    return {
        "code": line.criterion.code,
        "state": str(line.standing.state),
        "met_on": _day(line.standing.met_on),
        "expected_on": _day(line.expected_on),
        "is_known": line.is_known,
        "by": [fact.reference for fact in line.standing.by],
    }


def frozen_standing(found: TransitionStanding, from_level: str, on: date, facts: Iterable[Fact]) -> Frozen:
    """Write down how somebody stood to a transition, by which facts, and what the pack said of it, without words."""
    return {
        "on": on.isoformat(),
        "from_level": from_level,
        "verdict": str(found.verdict),
        "ready_since": _day(found.ready_since),
        "expected_on": _day(found.expected_on),
        "lines": [bare_line(each) for each in found.lines],
        "flags": [bare_line(each) for each in found.flags],
        "facts": [fact_to_json(each) for each in asked_facts(found.way, facts)],
        "transition": found.transition.model_dump(mode="json", exclude_none=True),
    }


def what_differs(content: Mapping[str, Any]) -> list[str]:
    """Work a frozen standing out anew from its own facts and rules, and name each line that comes out differently.

    An empty list: the same comes out. A document without a standing (no criteria stood in the rules then) has nothing
    to differ. Raises ValueError where it cannot be read at all.
    """
    frozen = content.get("standing")
    if frozen is None:
        return []
    try:
        way = way_of(Transition.model_validate_json(json.dumps(frozen["transition"])))
        facts = tuple(fact_from_json(each) for each in frozen["facts"])
        on = date.fromisoformat(frozen["on"])
        anew = standing_to(way, frozen["from_level"], RecordIndex(Record(0, facts)), on)
        return [*_differing(frozen["lines"], anew.lines), *_differing(frozen["flags"], anew.flags)] or (
            [] if frozen["verdict"] == str(anew.verdict) else ["verdict"]
        )
    except (KeyError, TypeError, AttributeError) as unreadable:
        raise ValueError("The standing in this document cannot be read") from unreadable


def check_code(content_hash: str) -> str:
    """`9F86 D081 884C 7D65`: the beginning of a document's hash, to be read out and typed."""
    code = content_hash[:CODE_LENGTH].upper()
    return " ".join(code[start : start + GROUP] for start in range(0, CODE_LENGTH, GROUP))


def is_code_of(content_hash: str, typed: str) -> bool:
    """Say whether somebody typed a document's check code, or its whole fingerprint, however it was spaced."""
    plain = "".join(letter for letter in typed.lower() if letter.isalnum())
    return plain in (content_hash, content_hash[:CODE_LENGTH])


def reading_of(
    viewer_id: int, roles: Collection[Role], content: Mapping[str, Any], person_id: int, *, is_manager: bool
) -> Reading | None:
    """Say how much of a document somebody of the same organisation may read; None: it is not there for her.

    The whole: the person, who judged or decided, who has to approve or enact by the transition's steps, and Workforce
    Development. Her line manager, whatever else she does: the decision. Who has an interest, whoever she is: nothing.
    """
    if viewer_id == person_id or viewer_id in _who_decided(content):
        return Reading.WHOLE
    if _has_interest(viewer_id, content):
        return None
    if is_manager:
        return Reading.DECISION
    reads_all = {Role.WORKFORCE_DEVELOPMENT, *_deciding_roles(content)}
    return None if reads_all.isdisjoint(roles) else Reading.WHOLE


def for_reading(content: Frozen, reading: Reading) -> Frozen:
    """Leave out what somebody may not read."""
    if reading is Reading.WHOLE:
        return content
    panels = [{**each, "recommendations": [], "interests": []} for each in content.get("panels", [])]
    return {**content, "panels": panels}


def _differing(frozen: Sequence[Mapping[str, Any]], anew: Sequence[LineStanding]) -> list[str]:
    """Name the lines that are not the same again."""
    lines = [bare_line(each) for each in anew]
    kept = [{key: line.get(key) for key in lines[0]} for line in frozen] if lines else list(frozen)
    if len(kept) != len(lines):
        return ["lines"]
    return [line["code"] for line, before in zip(lines, kept, strict=True) if line != before]


def _who_decided(content: Mapping[str, Any]) -> set[int]:
    """Return the ids of everybody who judged, approved, declined or enacted."""
    judges = {each["person_id"] for panel in content.get("panels", []) for each in panel.get("judges", [])}
    approvers = {each["person_id"] for each in content.get("approvals", [])}
    enactment = content.get("enactment")
    return judges | approvers | ({enactment["person_id"]} if enactment else set())


def _has_interest(viewer_id: int, content: Mapping[str, Any]) -> bool:
    """Say whether somebody declared an interest in the case: she sees nothing of it (C-4)."""
    return any(
        each.get("person_id") == viewer_id for panel in content.get("panels", []) for each in panel.get("interests", [])
    )


def _deciding_roles(content: Mapping[str, Any]) -> set[str]:
    """Return the roles that approve or enact by the transition's steps."""
    standing = content.get("standing")
    steps = standing["transition"].get("steps", []) if standing else []
    return {each["role"] for each in steps if each["step"] in (StepKind.APPROVAL, StepKind.ENACTMENT)}


def _day(on: date | None) -> str | None:
    return on.isoformat() if on else None
