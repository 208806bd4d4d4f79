"""Reminding whoever must act: fourteen and three days before something is due, and once when it is late."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from cpd.people import service as people
from cpd.progression.early.course import SELF_ASSESSMENT, Point, State, with_a_day
from cpd.progression.early.enrolled import Enrolled, enrolments_where
from cpd.progression.early.models import AgreementSignature, EarlyCareerEnrolment, SupportAgreement
from cpd.progression.early.reading import supports_of
from cpd.progression.early.rules import Party
from cpd.schemes.early_career_shape import ReviewPointKind
from cpd.shared import clock, outbox
from cpd.shared.database import db
from cpd.shared.outbox import OutboxMessage
from cpd.shared.unit_of_work import one_transaction
from cpd.shared.wording import date_words
from cpd.study.managers import managers_of

KIND = "early_review_due"
DAYS_BEFORE = (3, 14)
LATE_FOR = 60
"""Whoever comes to the list with something late for longer than these days is not written to any more."""


@dataclass(frozen=True, slots=True)
class _Due:
    """One reminder: to whom, of what, and which of them."""

    enrolled: Enrolled
    point: Point
    person_id: int
    which: str

    @property
    def key(self) -> str:
        """The same for ever: a day that is moved is reminded of anew."""
        return f"{self.enrolled.id}:{self.point.code}:{self.point.due_on.isoformat()}:{self.which}"


def remind_of_reviews() -> int:
    """Write the reminders that are due and were not written yet; returns how many. For the worker."""
    if not _due(clock.today()):
        return 0
    return _write()


@one_transaction
def _write() -> int:
    """Write them under the locks of those whom they are for."""
    today = clock.today()
    people.lock_persons({each.person_id for each in _due(today)})
    due = _due(today)
    for each in due:
        outbox.tell(each.enrolled.organisation_id, each.person_id, KIND, each.key, _facts(each, today))
    return len(due)


def _due(today: date) -> list[_Due]:
    """List what is to be written: seven queries, or one where nobody is on a programme."""
    found = enrolments_where(EarlyCareerEnrolment.is_live.is_(True), people.still_here(today))
    if not found:
        return []
    wanted = [each for enrolled in found for each in _reminders(enrolled, today)]
    if not wanted:
        return []
    actors = _Actors([enrolled for enrolled, _, _ in wanted], today)
    due = [
        _Due(enrolled, point, person_id, which)
        for enrolled, point, which in wanted
        for person_id in actors.of(enrolled, point)
    ]
    keys = {f"{KIND}:{each.key}:{each.person_id}": each for each in due}
    told = select(OutboxMessage.dedupe_key).where(OutboxMessage.dedupe_key.in_(keys))
    for key in db.session.scalars(told):
        keys.pop(key, None)
    return list(keys.values())


def _reminders(enrolled: Enrolled, today: date) -> Iterator[tuple[Enrolled, Point, str]]:
    """Say which points ask for a reminder today, and which one it is."""
    for point in with_a_day(enrolled.points(today), enrolled.course):
        left = (point.due_on - today).days
        if point.state is State.LATE and -left <= LATE_FOR:
            yield enrolled, point, "late"
        elif point.state is not State.LATE:
            which = next((days for days in DAYS_BEFORE if left <= days), None)
            if which is not None:
                yield enrolled, point, str(which)


class _Actors:
    """Who must act on what: the worker, her assessors, or her line manager where nobody assesses her."""

    def __init__(self, found: list[Enrolled], today: date) -> None:
        workers = {each.person_id for each in found}
        self._managers = managers_of(workers)
        self._assessors = {
            person_id: sorted({each.supporter_id for each in several if each.kind.assesses and each.holds_on(today)})
            for person_id, several in supports_of(workers).items()
        }
        self._signed = _signed([each.id for each in found])

    def of(self, enrolled: Enrolled, point: Point) -> list[int]:
        """Return who must do something about a point."""
        worker, manager = enrolled.person_id, self._managers.get(enrolled.person_id)
        assessors = self._assessors.get(worker, [])
        if point.kind == SELF_ASSESSMENT:
            return [worker]
        if point.kind == ReviewPointKind.AGREEMENT and enrolled.id in self._signed:
            missing = {*Party} - self._signed[enrolled.id]
            asked = {Party.WORKER: [worker], Party.ASSESSOR: assessors, Party.MANAGER: [manager] if manager else []}
            return sorted({each for party in missing for each in asked[party]})
        return assessors or ([manager] if manager else [])


def _signed(enrolment_ids: list[int]) -> dict[int, set[Party]]:
    """Return who has signed the agreement in force, where there is one: one query."""
    wanted = (
        select(SupportAgreement.enrolment_id, AgreementSignature.party)
        .outerjoin(AgreementSignature, AgreementSignature.agreement_id == SupportAgreement.id)
        .where(SupportAgreement.enrolment_id.in_(enrolment_ids), SupportAgreement.superseded_at.is_(None))
    )
    found: dict[int, set[Party]] = {}
    for enrolment_id, party in db.session.execute(wanted):
        found.setdefault(enrolment_id, set()).update({Party(party)} if party else ())
    return found


def _facts(due: _Due, today: date) -> dict[str, Any]:
    own = due.person_id == due.enrolled.person_id
    return {
        "person": due.enrolled.person,
        "programme": due.enrolled.programme.title,
        "point": due.point.title,
        "due_on": date_words(due.point.due_on),
        "days_left": (due.point.due_on - today).days,
        "own": own,
        "path": "/my/early-career" if own else f"/progression/early-career/{due.enrolled.id}",
    }
