"""What lives in the tables is what was signed: the newest document of each decision, held against its rows."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any

from cpd.commands.checks.check import Check
from cpd.progression.documents import reading
from cpd.progression.documents.gathering import what_was_decided
from cpd.progression.documents.panels import panel_content
from cpd.progression.documents.rules import Frozen, Occasion
from cpd.progression.panels.case_facts import CaseFacts
from cpd.progression.panels.gathering import cases_where
from cpd.progression.requests.loading import requests_where
from cpd.progression.requests.reading import RequestFacts
from cpd.progression.requests.rules import WITH_A_LETTER

OF_PANELS = frozenset({"code", "outcome", "decided_on", "reasons", "support_plan", "review_on"})
OF_EACH_WHO_JUDGED: Mapping[str, Collection[str]] = {
    "judges": {"person_id", "role"},
    "recommendations": {"person_id", "outcome", "reasons"},
    "earlier": {"outcome", "decided_on", "because"},
}
OF_REQUESTS: Mapping[str, Collection[str]] = {
    "decision": {"result", "reasons", "support_plan", "review_on", "appeal_until", "ended_at"},
    "request": {"kind", "requested_at", "words"},
    "approvals": {"person_id", "role", "approved", "decided_at", "reasons"},
    "enactment": {
        *("person_id", "from_grade", "to_grade", "from", "to", "fte", "effective_on", "enacted_at", "reasons"),
    },
    "steps": {"kind", "status", "opened_at", "closed_at"},
    "letter": {"number", "sha256"},
}
"""By part of a document what of it is held against the rows: no names and no sentences of ours, which may change."""


def rows_against_the_documents() -> Iterator[str]:
    """Find decisions that the tables tell otherwise than the newest document that was signed of them.

    A fixed number of queries; the documents are read a few at a time.
    """
    cases = {each.id: each for each in cases_where()}
    requests = {each.id: each for each in requests_where()}
    for document in reading.every_document():
        try:
            content = document.content
        except ValueError:  # which is told with the signatures
            continue
        is_newest = document.replaced_by_id is None
        if document.occasion is Occasion.PANEL:
            about, case = f"panel case {document.panel_case_id}", cases.get(document.panel_case_id or 0)
            differs = _case_differs(content, case) if is_newest else []
        else:
            about, request = f"request {document.request_id}", requests.get(document.request_id or 0)
            differs = _request_differs(content, request, is_newest=is_newest)
        if differs:
            yield f"document {document.id} was signed, and {about} says otherwise: {', '.join(differs)}"


def _case_differs(signed: Frozen, case: CaseFacts | None) -> list[str]:
    """Name what a panel's case and its decision in force tell otherwise than what was signed."""
    if case is None or case.decision is None:
        return ["decision"]
    (panel,) = signed["panels"]
    live = panel_content(case)
    differs = [name for name in sorted(OF_PANELS) if panel.get(name) != live[name]]
    differs += [
        name
        for name, keys in OF_EACH_WHO_JUDGED.items()
        if _in_any_order(_only(panel.get(name, []), keys)) != _in_any_order(_only(live[name], keys))
    ]
    return [*_about_differs(signed, case.person_id, case.scheme_version_id), *differs]


def _request_differs(signed: Frozen, request: RequestFacts | None, *, is_newest: bool) -> list[str]:
    """Name what a request that has ended tells otherwise than what was signed.

    One that a panel's new decision has opened again has no newer document yet: of that the history tells. An earlier
    document still has its letter.
    """
    if request is None:
        return ["request"]
    letters = [{"number": each.number, "sha256": each.sha256} for each in request.letters]
    if signed.get("letter") and signed["letter"] not in letters:
        return ["letter"]
    if not is_newest:
        return []
    differs = _about_differs(signed, request.person_id, request.scheme_version_id)
    transition = signed.get("transition")
    if transition and (transition["code"], transition["mode"]) != (request.transition_code, request.transition_mode):
        differs.append("transition")
    made = request.enactment
    if made and (made.from_level, made.to_level) != (request.from_level, request.to_level):
        differs.append("levels")
    if request.status not in WITH_A_LETTER:
        return differs
    live = what_was_decided(request)
    return differs + [
        name
        for name, keys in OF_REQUESTS.items()
        if name in signed and _only(signed[name], keys) != _only(live[name], keys)
    ]


def _about_differs(signed: Frozen, person_id: int, scheme_version_id: int) -> list[str]:
    """Name whether it is about somebody else, or by other rules."""
    held = (
        ("person", signed["person"]["person_id"], person_id),
        ("rules", signed["rules"]["scheme_version_id"], scheme_version_id),
    )
    return [name for name, then, now in held if then != now]


def _only(said: Any, keys: Collection[str]) -> Any:
    """Keep of a part, or of each of its lines, what is held against the rows; moments as moments, whatever the zone."""
    if isinstance(said, list):
        return [_only(each, keys) for each in said]
    if not isinstance(said, dict):
        return said
    return {key: _plain(key, value) for key, value in said.items() if key in keys}


def _plain(key: str, value: Any) -> Any:
    return datetime.fromisoformat(value) if key.endswith("_at") and value else value


def _in_any_order(lines: list[Frozen]) -> list[str]:
    return sorted(repr(sorted(line.items())) for line in lines)


CHECKS = (Check("rows as they were signed", rows_against_the_documents, reading.count_documents, "documents"),)
