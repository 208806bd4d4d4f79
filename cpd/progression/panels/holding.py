"""Holding cases and meetings for an act, and writing down what was done: persons first, then meetings, then cases."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import select

from cpd.people import service as people
from cpd.progression.panels.models import PanelCase, PanelMeeting, PanelMeetingMember
from cpd.progression.panels.rules import CaseStatus
from cpd.schemes.pathway_shape import PanelKind
from cpd.shared import history
from cpd.shared.database import LARGEST_ID, db


def hold_case(case_id: int, *, with_members: bool = False) -> PanelCase:
    """Hold a case and its person until the act is over, and those who come to its meeting where diaries change.

    Raises LookupError where there is no such case.
    """
    wanted = select(PanelCase.person_id, PanelCase.meeting_id).where(PanelCase.id == min(case_id, LARGEST_ID))
    row = db.session.execute(wanted).one_or_none()
    if row is None:
        raise LookupError(f"There is no case {case_id}")
    attending = attending_of(row.meeting_id) if with_members and row.meeting_id else set[int]()
    people.lock_persons({row.person_id, *attending})
    held = select(PanelCase).where(PanelCase.id == case_id).with_for_update()
    return db.session.scalars(held.execution_options(populate_existing=True)).one()


def hold_meeting(meeting_id: int, also: Collection[int] = ()) -> PanelMeeting:
    """Hold a meeting until the act is over, and before it everybody in whose diary it stands or will stand.

    Raises LookupError where there is no such meeting.
    """
    people.lock_persons({*everybody_at(meeting_id), *also})
    wanted = select(PanelMeeting).where(PanelMeeting.id == min(meeting_id, LARGEST_ID)).with_for_update()
    meeting = db.session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
    if meeting is None:
        raise LookupError(f"There is no meeting {meeting_id}")
    people.lock_persons({*everybody_at(meeting_id), *also})  # who was put on it in between
    return meeting


def attending_of(meeting_id: int) -> set[int]:
    """Return who is to come to a meeting as a member or to write down what is said."""
    wanted = select(PanelMeetingMember.person_id).where(PanelMeetingMember.meeting_id == meeting_id)
    return set(db.session.scalars(wanted))


def judged_at(meeting_id: int) -> list[PanelCase]:
    """List the cases of a meeting that were not withdrawn, the first first."""
    wanted = select(PanelCase).where(
        PanelCase.meeting_id == min(meeting_id, LARGEST_ID), PanelCase.status != CaseStatus.WITHDRAWN
    )
    return list(db.session.scalars(wanted.order_by(PanelCase.id)))


def everybody_at(meeting_id: int) -> set[int]:
    """Return everybody whom a meeting concerns: who comes, and whose cases it has."""
    meeting_id = min(meeting_id, LARGEST_ID)
    return attending_of(meeting_id) | {each.person_id for each in judged_at(meeting_id)}


def invites_the_person(kind: PanelKind) -> bool:
    """Say whether the person whose case it is comes to the meeting: only to an interview (G-16)."""
    return kind is PanelKind.INTERVIEW


def remember(
    verb: str,
    case: PanelCase,
    *,
    by: int | None,
    reason: str | None = None,
    before: dict[str, Any] | None = None,
    **after: Any,
) -> None:
    """Write the history of a case, without names (B8)."""
    about = {"person_id": case.person_id, "panel": case.panel_code, "status": str(case.status)}
    history.note(
        verb,
        "panel_case",
        case.id,
        actor_id=by,
        organisation_id=case.organisation_id,
        reason=reason,
        before=before,
        after=about | after,
    )
