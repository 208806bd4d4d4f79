"""What is left to do and to take along when a session is over: its evaluation, its certificate."""

from __future__ import annotations

from dataclasses import dataclass

from cpd.attendance.certificates.service import CertificateFacts, certificate_of_session
from cpd.attendance.evaluation.service import has_evaluated
from cpd.attendance.mine import MyAttendance
from cpd.attendance.presence import THERE
from cpd.shared import clock
from cpd.timetable.facts import SessionFacts


@dataclass(frozen=True, slots=True)
class Afterwards:
    """Whether somebody who was at a session is invited to evaluate it, and her certificate where she has one.

    Where it counts only then she is asked already, before everything else.
    """

    can_evaluate: bool
    certificate: CertificateFacts | None


def afterwards_of(person_id: int, session: SessionFacts, attendance: MyAttendance | None) -> Afterwards | None:
    """Return what is left for somebody after a session; None before its end and for who was not there."""
    if attendance is None or session.ends_at > clock.now():
        return None
    if not any(each.mark and each.mark.status in THERE for each in attendance.days):
        return None
    is_invited = not attendance.can_evaluate and not has_evaluated(person_id, session.id)
    return Afterwards(is_invited, certificate_of_session(person_id, session.id))
