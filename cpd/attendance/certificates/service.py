"""Issuing certificates with each completion, and reading them: for whoever holds one, and for whoever checks one."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import current_app
from sqlalchemy import Select, exists, or_, select
from sqlalchemy.orm import Session

from cpd.attendance.certificates.models import Certificate
from cpd.attendance.certificates.rules import (
    BY_ACCEPTANCE,
    BY_REGISTERS,
    State,
    fresh_code,
    session_of,
    source_words,
    state_of,
)
from cpd.attendance.completing import days_of
from cpd.attendance.models import EvaluationRequest
from cpd.attendance.presence import THERE
from cpd.attendance.registers import marks_of, registers_of
from cpd.catalogue import service as catalogue
from cpd.catalogue.models import Module
from cpd.people.models import Organisation, Person
from cpd.people.rules import folded
from cpd.record.models import RecordFact
from cpd.requirements.record import FactKind
from cpd.shared import clock
from cpd.shared.database import db
from cpd.timetable import service as timetable
from cpd.timetable.models import TrainingSession


@dataclass(frozen=True, slots=True)
class CertificateFacts:
    """A certificate: of which module, completed when and with whom, issued when, and how it stands."""

    id: int
    code: str
    training_session_id: int
    organisation_id: int
    organisation: str
    person_id: int
    name: str
    title: str
    completed_on: date
    source: str
    issued_at: datetime
    withdrawn_at: datetime | None
    state: State

    @property
    def link(self) -> str:
        """The address at which anybody can check it."""
        return f"{str(current_app.config['BASE_URL']).rstrip('/')}/certificates/{self.code}"


@dataclass(frozen=True, slots=True)
class Attendance:
    """On which days somebody was there, and how many minutes in all."""

    days: Sequence[datetime]
    minutes: int


def follow_records(session: Session, person_ids: Collection[int]) -> None:
    """Issue a certificate for each completion of a session that has none: two queries, and one to write.

    A certificate states what a register here has seen, so what comes from a file or is recognised has none.
    """
    wanted = select(RecordFact.id, RecordFact.source_kind).where(
        RecordFact.person_id.in_(set(person_ids)), *completions_without_certificate()
    )
    facts = {fact_id: session_of(source_kind) for fact_id, source_kind in session.execute(wanted)}
    if not facts:
        return
    hosts = select(TrainingSession.id, TrainingSession.organisation_id).where(TrainingSession.id.in_(facts.values()))
    organisations = {row.id: row.organisation_id for row in session.execute(hosts)}
    now = clock.now()
    session.add_all(
        Certificate(
            organisation_id=organisations[session_id],
            record_fact_id=fact_id,
            training_session_id=session_id,
            code=fresh_code(),
            issued_at=now,
        )
        for fact_id, session_id in sorted(facts.items())
    )
    session.flush()


def completions_without_certificate() -> tuple[Any, ...]:
    """Choose completions of sessions that are in force and have no certificate."""
    return (
        RecordFact.kind == FactKind.COMPLETED,
        or_(*(RecordFact.source_kind.startswith(f"{kind}:") for kind in (BY_REGISTERS, BY_ACCEPTANCE))),
        RecordFact.superseded_at.is_(None),
        ~exists().where(Certificate.record_fact_id == RecordFact.id),
    )


def certificates_of(person_id: int) -> list[CertificateFacts]:
    """List somebody's certificates, the newest first; those withdrawn too."""
    return _certificates(_wanted().where(RecordFact.person_id == person_id))


def certificate_of_session(person_id: int, training_session_id: int) -> CertificateFacts | None:
    """Return somebody's certificate of a session that is not withdrawn, or None."""
    found = _certificates(
        _wanted().where(
            RecordFact.person_id == person_id,
            RecordFact.superseded_at.is_(None),
            Certificate.training_session_id == training_session_id,
        )
    )
    return found[0] if found else None


def find_certificate(person_id: int, certificate_id: int) -> CertificateFacts | None:
    """Return one of somebody's certificates, or None."""
    found = _certificates(_wanted().where(RecordFact.person_id == person_id, Certificate.id == certificate_id))
    return found[0] if found else None


def certificate_by_code(code: str) -> CertificateFacts | None:
    """Return the certificate with this code as whoever checks it may know it, or None where it was never given out."""
    found = _certificates(_wanted().where(Certificate.code == code))
    return found[0] if found and found[0].state is not State.WITHHELD else None


def is_name_on(certificate: CertificateFacts, name: str) -> bool:
    """Say whether this is the name on a certificate, however it is written."""
    return folded(" ".join(name.split())) == folded(certificate.name)


def attendance_on(certificate: CertificateFacts) -> Attendance:
    """Read on which days the holder of a certificate was there, and for how long: three queries."""
    (session,) = timetable.sessions_by_id([certificate.training_session_id])
    day_ids = [day.id for day in session.days]
    marks = marks_of(day_ids)
    person_id = certificate.person_id
    days = days_of(session, registers_of(day_ids), marks, [person_id])[person_id]
    there = [day.starts_at for day in session.days if _is_there(marks, day.id, person_id)]
    return Attendance(there, sum(day.minutes_there for day in days))


def _is_there(marks: Mapping[tuple[int, int], Any], day_id: int, person_id: int) -> bool:
    """Say whether somebody was there on a day."""
    mark = marks.get((day_id, person_id))
    return mark is not None and mark.status in THERE


def _wanted() -> Select[*tuple[Any, ...]]:
    """Ask for certificates with all that they say."""
    has_evaluated = exists().where(
        EvaluationRequest.training_session_id == Certificate.training_session_id,
        EvaluationRequest.person_id == RecordFact.person_id,
        EvaluationRequest.has_answered.is_(True),
    )
    return (
        select(
            Certificate,
            RecordFact,
            Person.name,
            Organisation.name,
            Module.number_label,
            Module.title,
            Module.code,
            has_evaluated,
        )
        .join(RecordFact, RecordFact.id == Certificate.record_fact_id)
        .join(Person, Person.id == RecordFact.person_id)
        .join(Organisation, Organisation.id == Certificate.organisation_id)
        .join(TrainingSession, TrainingSession.id == Certificate.training_session_id)
        .join(Module, Module.id == TrainingSession.module_id)
        .order_by(RecordFact.happened_on.desc(), Certificate.id.desc())
    )


def _certificates(wanted: Select[*tuple[Any, ...]]) -> list[CertificateFacts]:
    """Read certificates: one query, and one for each organisation's setting."""
    rows = db.session.execute(wanted.execution_options(populate_existing=True)).all()
    waits = {
        each: catalogue.settings_of(each).certificate_after_evaluation
        for each in {row[0].organisation_id for row in rows}
    }
    return [
        CertificateFacts(
            certificate.id,
            certificate.code,
            certificate.training_session_id,
            certificate.organisation_id,
            organisation,
            fact.person_id,
            name,
            ": ".join(part for part in (label, title) if part) or code,
            fact.happened_on,
            source_words(fact.source_kind, fact.source),
            certificate.issued_at,
            fact.superseded_at,
            state_of(
                is_superseded=fact.superseded_at is not None,
                waits_for_evaluation=waits[certificate.organisation_id] and not has_evaluated,
            ),
        )
        for certificate, fact, name, organisation, label, title, code, has_evaluated in rows
    ]
