"""The history and what it is about: nothing that it tells of is gone or says otherwise, nothing is there unnoted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute

from cpd.commands.checks.check import Check, rows_in
from cpd.people.models import Post, RoleGrant
from cpd.progression.appeals.models import ProgressionAppeal
from cpd.progression.documents.models import DecisionDocument
from cpd.progression.exports.models import ChangeExport, ExportedChange
from cpd.progression.panels.models import PanelCase, PanelMeeting, PanelMembership
from cpd.progression.pathways.models import PathwayEnrolment
from cpd.progression.portfolios.models import Portfolio
from cpd.progression.requests.models import ApprovalCover, ProgressionRequest
from cpd.progression.vacancies.models import ProgressionCeiling, Vacancy
from cpd.record.models import RecordFact
from cpd.shared.database import Base, db
from cpd.shared.history import AuditEvent
from cpd.shared.seal_chain import canonical, sha256

AT_A_TIME = 500


@dataclass(slots=True)
class Noted:
    """What the history tells of one thing: its last act and why, and the newest of everything said of it."""

    verb: str = ""
    reason: str = ""
    after: dict[str, Any] = field(default_factory=dict)


Parts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Subject:
    """A kind of thing whose rows are never deleted: its number, and what its `columns` must hold as it is `said`.

    What `said` leaves out was not told by the history yet when the row was written. Of what has no `columns` the
    history has to know only once somebody did something with it.
    """

    number: InstrumentedAttribute[int]
    words: str
    columns: Sequence[ColumnElement[Any]] = ()
    said: Callable[[Noted], Parts] = lambda _: {}


def _of_request(noted: Noted) -> Parts:
    is_open = noted.verb in ("raised", "went_on")
    return {
        "status": "open" if is_open else noted.verb,
        "reasons": "" if is_open else noted.reason,
        **_named(noted, person_id="person_id", request_kind="kind", transition_code="transition"),
        **_named(noted, scheme_version_id="scheme_version_id", standing="standing"),
    }


def _of_appeal(noted: Noted) -> Parts:
    return {
        "status": "sent" if noted.verb == "appealed" else noted.verb,
        **({"reasons": noted.reason} if noted.verb in ("upheld", "dismissed") else {}),
        **_named(noted, request_id="request_id", letter_id="letter_id", decider_id="decider_id"),
        **_named(noted, new_request_id="new_request_id", grounds="grounds", letter_sha256="letter"),
    }


def _of_fact(noted: Noted) -> Parts:
    parts = ("person_id", "kind", "subject", "happened_on", "value", "source_kind")
    return {"in_force": noted.verb == "recorded", **_named(noted, **{part: part for part in parts})}


def _of_cover(noted: Noted) -> Parts:
    parts = ("role", "holder_id", "covered_by_id", "first_day", "last_day")
    return {"in_force": noted.verb == "cover_named", **_named(noted, **{part: part for part in parts})}


def _of_case(noted: Noted) -> Parts:
    return _named(noted, person_id="person_id", panel_code="panel", status="status")


def _of_portfolio(noted: Noted) -> Parts:
    return _named(noted, person_id="person_id", evidence_kind="evidence_kind", status="status")


def _of_document(noted: Noted) -> Parts:
    return _named(noted, content_hash="sha256")


def _named(noted: Noted, **names: str) -> Parts:
    """Return what the history says, by column; nothing of a column of which it says nothing."""
    return {column: noted.after[name] for column, name in names.items() if name in noted.after}


def _columns(table: type[Base], *names: str) -> list[ColumnElement[Any]]:
    return [getattr(table, name) for name in names]


def _in_force(table: type[RecordFact | ApprovalCover]) -> ColumnElement[bool]:
    return table.superseded_at.is_(None).label("in_force")


SUBJECTS: Mapping[str, Subject] = {
    "progression_request": Subject(
        ProgressionRequest.id,
        "progression request",
        _columns(
            ProgressionRequest,
            *("status", "reasons", "person_id", "request_kind", "transition_code", "scheme_version_id", "standing"),
        ),
        _of_request,
    ),
    "progression_appeal": Subject(
        ProgressionAppeal.id,
        "appeal",
        _columns(
            ProgressionAppeal,
            *("status", "reasons", "request_id", "letter_id", "decider_id", "new_request_id"),
            *("grounds", "letter_sha256"),
        ),
        _of_appeal,
    ),
    "record_fact": Subject(
        RecordFact.id,
        "fact",
        [
            *_columns(RecordFact, "person_id", "kind", "subject", "happened_on", "value", "source_kind"),
            _in_force(RecordFact),
        ],
        _of_fact,
    ),
    "approval_cover": Subject(
        ApprovalCover.id,
        "cover",
        [
            *_columns(ApprovalCover, "role", "holder_id", "covered_by_id", "first_day", "last_day"),
            _in_force(ApprovalCover),
        ],
        _of_cover,
    ),
    "panel_case": Subject(
        PanelCase.id, "panel case", _columns(PanelCase, "person_id", "panel_code", "status"), _of_case
    ),
    "portfolio": Subject(
        Portfolio.id, "portfolio", _columns(Portfolio, "person_id", "evidence_kind", "status"), _of_portfolio
    ),
    "decision_document": Subject(
        DecisionDocument.id, "document", _columns(DecisionDocument, "content_hash"), _of_document
    ),
    "change_export": Subject(ChangeExport.id, "HR's file"),
    "panel_meeting": Subject(PanelMeeting.id, "panel meeting"),
    "panel_membership": Subject(PanelMembership.id, "seat on a panel"),
    "pathway_enrolment": Subject(PathwayEnrolment.id, "place on a pathway"),
    "vacancy": Subject(Vacancy.id, "vacancy"),
    "progression_ceiling": Subject(ProgressionCeiling.id, "ceiling"),
}


def rows_against_the_history() -> Iterator[str]:
    """Find what the history tells of and is gone or says otherwise, and what is there and the history knows nothing of.

    One query for the history, and one for each kind of thing.
    """
    history = _history()
    for name, subject in SUBJECTS.items():
        noted = history[name]
        for row in db.session.execute(select(subject.number, *subject.columns).order_by(subject.number)):
            told = noted.pop(row.id, None)
            if told is None:
                if subject.columns:
                    yield f"{subject.words} {row.id} is there, and the history knows nothing of it"
            elif differs := _differing(subject.said(told), row._asdict()):
                yield f"{subject.words} {row.id} is not as the history has it: {', '.join(differs)}"
        yield from (f"{subject.words} {number} is gone: the history tells of it" for number in sorted(noted))


def files_against_the_history() -> Iterator[str]:
    """Find files of HR whose lines are not those that were taken."""
    lines: dict[int, list[list[Any]]] = {}
    wanted = select(ExportedChange.export_id, ExportedChange.cells)
    for export_id, cells in db.session.execute(wanted.order_by(ExportedChange.export_id, ExportedChange.place)):
        lines.setdefault(export_id, []).append(cells)
    taken = select(AuditEvent.subject_id, AuditEvent.after).where(
        AuditEvent.subject == "change_export", AuditEvent.verb == "taken"
    )
    for export_id, after in db.session.execute(taken.order_by(AuditEvent.id)):
        kept = (after or {}).get("sha256")
        if kept and sha256(canonical(lines.get(export_id, []))) != kept:
            yield f"HR's file {export_id} does not hold the lines that were taken"


def people_against_the_history() -> Iterator[str]:
    """Find people whose newest post has a level and grade that neither HR's file nor a decision ever gave, or roles.

    Of people whom the history does not tell of nothing is said. Three queries.
    """
    given: defaultdict[int, set[tuple[str, str]]] = defaultdict(set)
    roles: dict[int, list[str]] = {}
    wanted = select(AuditEvent.subject_id, AuditEvent.before, AuditEvent.after).where(
        AuditEvent.subject == "person", AuditEvent.verb.in_(("added", "changed", "career_level_changed"))
    )
    for person_id, before, after in db.session.execute(wanted.order_by(AuditEvent.id)):
        for said in (before or {}, after or {}):
            post = said.get("post") or said
            given[person_id].add((post.get("career_level", ""), post.get("grade", "")))
            if "roles" in said:
                roles[person_id] = said["roles"]
    posts = select(Post.person_id, Post.career_level, Post.grade).where(Post.superseded_at.is_(None))
    newest = {row[0]: (row[1], row[2]) for row in db.session.execute(posts.order_by(Post.person_id, Post.starts_on))}
    for person_id in sorted(given.keys() & newest.keys()):
        if newest[person_id] not in given[person_id]:
            yield f"person {person_id} has a career level and grade that the history does not tell of"
    held: defaultdict[int, list[str]] = defaultdict(list)
    grants = select(RoleGrant.person_id, RoleGrant.role).where(RoleGrant.revoked_at.is_(None))
    for person_id, role in db.session.execute(grants):
        held[person_id].append(role)
    for person_id in sorted(roles.keys()):
        if sorted(held[person_id]) != sorted(roles[person_id]):
            yield f"person {person_id} has other roles than the history tells of"


def _history() -> dict[str, dict[int, Noted]]:
    """Read what the history tells, by kind and number: one query, a few rows at a time."""
    found: dict[str, dict[int, Noted]] = {name: {} for name in SUBJECTS}
    wanted = (
        select(AuditEvent.subject, AuditEvent.subject_id, AuditEvent.verb, AuditEvent.reason, AuditEvent.after)
        .where(AuditEvent.subject.in_(SUBJECTS))
        .order_by(AuditEvent.id)
    )
    with db.session.execute(wanted, execution_options={"yield_per": AT_A_TIME}) as rows:
        for subject, number, verb, reason, after in rows:
            noted = found[subject].setdefault(number, Noted())
            noted.verb, noted.reason = verb, reason or ""
            noted.after.update(after or {})
    return found


def _differing(said: Parts, row: Parts) -> list[str]:
    """Name the columns that do not hold what the history says."""
    return [name for name, value in said.items() if _plain(name, row[name]) != value]


def _plain(name: str, value: Any) -> Any:
    """Write a value as the history has it: days as text, what is long by its fingerprint."""
    if name in ("standing", "grounds"):
        return sha256(canonical(value))
    return value.isoformat() if isinstance(value, date) else value


def _count() -> int:
    wanted = select(func.count()).select_from(AuditEvent).where(AuditEvent.subject.in_(SUBJECTS))
    return db.session.scalar(wanted) or 0


CHECKS = (
    Check("what the history tells of", rows_against_the_history, _count, "entries"),
    Check("what the history tells of people", people_against_the_history, rows_in(Post, RoleGrant), "posts and roles"),
    Check("lines of HR's files", files_against_the_history, rows_in(ExportedChange), "lines"),
)
