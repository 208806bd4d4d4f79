"""Appealing against a decision, finding somebody who had no part in it, deciding anew, and reminding (C-4)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from cpd.people import service as people
from cpd.progression.appeals import reading, telling
from cpd.progression.appeals.letters import freeze_letter
from cpd.progression.appeals.models import ProgressionAppeal
from cpd.progression.appeals.part import around, keep_earlier_judges_out, roles_for_appeals
from cpd.progression.appeals.rules import (
    LIVE,
    AppealFault,
    AppealStatus,
    Reminder,
    against_appealing,
    against_assigning,
    against_deciding,
    against_deciding_it,
    reminder_due,
)
from cpd.progression.requests import reading as requests
from cpd.progression.requests import service as request_service
from cpd.progression.requests.rules import RequestFault
from cpd.progression.requests.service import RequestRefused
from cpd.shared import clock, history
from cpd.shared.database import LARGEST_ID, db
from cpd.shared.outbox import OutboxMessage
from cpd.shared.roles import Role
from cpd.shared.seal_chain import canonical, sha256
from cpd.shared.unit_of_work import one_transaction

__all__ = ["AppealRefused", "appeal", "assign", "decide", "remind_of_appeals", "withdraw"]


class AppealRefused(Exception):  # noqa: N818 - a refusal is an answer, not a failure
    """Nothing was done about an appeal; `faults` are all the reasons."""

    def __init__(self, faults: Sequence[AppealFault]) -> None:
        super().__init__(", ".join(faults))
        self.faults = list(faults)


@one_transaction
def appeal(request_id: int, *, grounds: str, by: int) -> int:
    """Appeal against what was decided on one's own request, for grounds; returns the appeal's number.

    Raises:
        AppealRefused: every reason against it.
        LookupError: there is no such request of hers.
    """
    people.lock_persons([by])
    request = requests.find_request(request_id)
    if request is None or request.person_id != by:
        raise LookupError(f"There is no request {request_id} of hers")
    if faults := against_appealing(reading.against_what(request), grounds, clock.today()):
        raise AppealRefused(faults)
    letter = request.letter
    assert letter is not None and letter.appeal_until is not None  # noqa: S101, PT018 - nothing spoke against it
    row = ProgressionAppeal(
        organisation_id=request.organisation_id,
        person_id=by,
        request_id=request.id,
        letter_id=letter.id,
        grounds=grounds,
        status=AppealStatus.SENT,
        appealed_on=clock.today(),
        appealed_at=clock.now(),
        in_time_until=letter.appeal_until,
    )
    db.session.add(row)
    db.session.flush()
    _remember("appealed", row, by=by, grounds=sha256(canonical(grounds)))
    telling.ask_to_assign(row)
    return row.id


@one_transaction
def assign(appeal_id: int, decider_id: int, *, decide_by: date, by: int) -> None:
    """Give an appeal to somebody who had no part in what it is against, to be decided by a day; or to somebody else.

    The same again changes nothing, and nobody is told twice.

    Raises:
        AppealRefused: every reason against it.
        LookupError: there is no such appeal in the officer's organisation.
    """
    row = _hold(appeal_id, by)
    around_it = around(row.person_id, row.request_id)
    faults = against_assigning(
        AppealStatus(row.status),
        around_it,
        by=by,
        is_officer=_is_officer(by, row.organisation_id),
        decide_by=decide_by,
        today=clock.today(),
        candidate=against_deciding_it(around_it, decider_id, roles_for_appeals(decider_id, row.organisation_id)),
    )
    if faults:
        raise AppealRefused(faults)
    if (row.decider_id, row.decide_by) == (decider_id, decide_by):
        return
    before = {"decider_id": row.decider_id, "decide_by": str(row.decide_by)} if row.decider_id else None
    had_it = row.decider_id if row.decider_id != decider_id else None
    row.status, row.decider_id, row.decide_by = AppealStatus.ASSIGNED, decider_id, decide_by
    row.assigned_at, row.assigned_by_id = clock.now(), by
    db.session.flush()
    _remember("assigned", row, by=by, before=before, decider_id=decider_id, decide_by=str(decide_by))
    telling.tell_of_assignment(row, had_it)


@one_transaction
def decide(appeal_id: int, *, upheld: bool, reasons: str, by: int) -> int | None:
    """Uphold an appeal or dismiss it, for reasons; of two who decide at once one does.

    Where it is upheld, the request is taken up again at the step where it was not agreed, and a panel's case is heard
    by others; returns the id of that request. The person has a letter of it.

    Raises:
        AppealRefused: every reason against it.
        LookupError: there is no such appeal in the decider's organisation.
    """
    row = _hold(appeal_id, by)
    around_it = around(row.person_id, row.request_id)
    roles = roles_for_appeals(by, row.organisation_id)
    still = against_deciding_it(around_it, by, roles)
    if faults := against_deciding(AppealStatus(row.status), row.decider_id, by, reasons, still):
        raise AppealRefused(faults)
    if upheld:
        row.new_request_id = _take_up_again(row, reasons, by)
    row.status = AppealStatus.UPHELD if upheld else AppealStatus.DISMISSED
    row.decided_at, row.reasons = clock.now(), reasons
    freeze_letter(row, roles)
    db.session.flush()
    new_id, letter = row.new_request_id, row.letter_sha256
    _remember(str(row.status), row, by=by, reason=reasons, new_request_id=new_id, letter=letter)
    telling.tell_of_decision(row)
    return row.new_request_id


@one_transaction
def withdraw(appeal_id: int, *, by: int) -> None:
    """Withdraw one's own appeal while it is not decided; within the time one can appeal anew.

    Raises:
        AppealRefused: it was decided or withdrawn already.
        LookupError: there is no such appeal of hers.
    """
    row = _hold(appeal_id, by)
    if row.person_id != by:
        raise LookupError(f"There is no appeal {appeal_id} of hers")
    if row.status not in LIVE:
        raise AppealRefused([AppealFault.ENDED])
    row.status, row.withdrawn_at = AppealStatus.WITHDRAWN, clock.now()
    db.session.flush()
    _remember("withdrawn", row, by=by)
    telling.tell_of_withdrawal(row)


def remind_of_appeals() -> int:
    """Remind of each appeal that waits too long, once for each reason; for the worker. Returns how many appeals."""
    wanted = select(ProgressionAppeal.id).where(ProgressionAppeal.status.in_(LIVE)).order_by(ProgressionAppeal.id)
    return sum(_remind(appeal_id) for appeal_id in db.session.scalars(wanted).all())


@one_transaction
def _remind(appeal_id: int) -> bool:
    """Remind of one appeal, where that is due and was not done."""
    row = db.session.get_one(ProgressionAppeal, appeal_id, with_for_update=True, populate_existing=True)
    due = reminder_due(AppealStatus(row.status), row.appealed_on, row.decide_by, clock.today())
    if due is None or _was_reminded(row, due):
        return False
    telling.remind(row, due)
    return True


def _was_reminded(row: ProgressionAppeal, due: Reminder) -> bool:
    """Say whether a reminder went out for this day and whoever decides now."""
    key = f"appeal_reminder:appeal:{row.id}:{due}:{row.decide_by.isoformat() if row.decide_by else ''}"
    wanted = select(OutboxMessage.id).where(
        OutboxMessage.kind == "appeal_reminder",
        OutboxMessage.dedupe_key.startswith(f"{key}:{row.decider_id or ''}:", autoescape=True),
    )
    return db.session.scalar(wanted.limit(1)) is not None


def _take_up_again(row: ProgressionAppeal, reasons: str, by: int) -> int:
    """Take up the request again, and let whoever judged it before not judge it anew."""
    try:
        new_id = request_service.open_again(row.request_id, reason=reasons, by=by)
    except RequestRefused as refused:
        waits = RequestFault.SAME_PANEL in refused.faults
        raise AppealRefused([AppealFault.SAME_PANEL if waits else AppealFault.MOVED_ON]) from refused
    keep_earlier_judges_out(new_id, by=by)
    return new_id


def _hold(appeal_id: int, by: int) -> ProgressionAppeal:
    """Hold an appeal and whoever appealed until the act is over. Raises LookupError where there is none here."""
    number = min(appeal_id, LARGEST_ID)
    person_id = db.session.scalar(select(ProgressionAppeal.person_id).where(ProgressionAppeal.id == number))
    if person_id is None:
        raise LookupError(f"There is no appeal {appeal_id}")
    people.lock_persons([person_id])
    row = db.session.get_one(ProgressionAppeal, number, with_for_update=True, populate_existing=True)
    if not people.works_for(by, row.organisation_id):
        raise LookupError(f"There is no appeal {appeal_id} here")
    return row


def _is_officer(person_id: int, organisation_id: int) -> bool:
    """Say whether somebody is of Workforce Development."""
    return people.holds(person_id, organisation_id, Role.WORKFORCE_DEVELOPMENT)


def _remember(
    verb: str,
    row: ProgressionAppeal,
    *,
    by: int,
    reason: str | None = None,
    before: dict[str, Any] | None = None,
    **after: Any,
) -> None:
    """Write the history of an appeal, without names (B8)."""
    history.note(
        verb,
        "progression_appeal",
        row.id,
        actor_id=by,
        organisation_id=row.organisation_id,
        reason=reason,
        before=before,
        after={"request_id": row.request_id, "letter_id": row.letter_id, **after},
    )
