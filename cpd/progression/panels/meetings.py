"""When panels meet and who comes: planned, changed and cancelled by Workforce Development; diaries keep up."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select

from cpd.people import service as people
from cpd.progression.panels import diaries, reading, telling
from cpd.progression.panels.facts import PanelRefused
from cpd.progression.panels.holding import attending_of, everybody_at, hold_meeting, judged_at, remember
from cpd.progression.panels.models import PanelCase, PanelMeeting, PanelMeetingMember
from cpd.progression.panels.revealing import reveal_if_all_have
from cpd.progression.panels.rules import CaseStatus, PanelFault, against_meeting
from cpd.progression.panels.wording import when_words
from cpd.schemes.pathway_shape import Panel, PanelKind
from cpd.shared import clock, history
from cpd.shared.clock import in_london
from cpd.shared.database import db
from cpd.shared.unit_of_work import one_transaction


@dataclass(frozen=True, slots=True)
class MeetingWanted:
    """When and where a panel is to meet, and who comes."""

    starts_at: datetime
    ends_at: datetime
    place: str
    attending: frozenset[int]


@one_transaction
def plan_meeting(organisation_id: int, panel_code: str, wanted: MeetingWanted, *, by: int | None) -> int:
    """Plan a meeting and put it into the diaries of those who come; returns its number.

    One that was held already can be written down too.

    Raises:
        PanelRefused: every reason against it.
    """
    panel = reading.panels_of(organisation_id).get(panel_code)
    if panel is None:
        raise PanelRefused([PanelFault.NO_PANEL])
    people.lock_organisation(organisation_id)  # of two who plan the same meeting the second sees the first's
    people.lock_persons(wanted.attending)
    faults = _faults(organisation_id, panel, wanted)
    _refuse_if([*faults, PanelFault.MEETS_THEN] if _meets_then(organisation_id, panel_code, wanted) else faults)
    meeting = PanelMeeting(
        organisation_id=organisation_id,
        panel_code=panel_code,
        starts_at=wanted.starts_at,
        ends_at=wanted.ends_at,
        place=wanted.place,
        turn=1,
        planned_at=clock.now(),
        planned_by_id=by,
    )
    db.session.add(meeting)
    db.session.flush()
    _seat(meeting.id, wanted.attending)
    diaries.keep_up(meeting, panel)
    _remember("planned", meeting, by=by)
    if meeting.starts_at > clock.now():
        telling.of_sitting(meeting, panel, wanted.attending)
    return meeting.id


@one_transaction
def change_meeting(meeting_id: int, wanted: MeetingWanted, *, by: int) -> None:
    """Move a meeting, or change its place or who comes; everybody whom it concerns is told, and diaries move.

    Raises:
        PanelRefused: every reason against it.
        LookupError: there is no such meeting.
    """
    meeting = hold_meeting(meeting_id, wanted.attending)
    panel = _panel_of(meeting)
    before, attended = when_words(meeting.starts_at, meeting.ends_at), attending_of(meeting_id)
    is_moved = (meeting.starts_at, meeting.ends_at) != (wanted.starts_at, wanted.ends_at)
    is_elsewhere = meeting.place != wanted.place
    _refuse_if(
        [
            *_against_touching(meeting, by),
            *_against_moving(meeting, wanted, is_moved=is_moved),
            *_faults(meeting.organisation_id, panel, wanted),
        ]
    )
    if not (is_moved or is_elsewhere) and attended == wanted.attending:
        return
    was = _in_history(meeting)
    meeting.starts_at, meeting.ends_at, meeting.place = wanted.starts_at, wanted.ends_at, wanted.place
    meeting.turn += 1
    _seat(meeting.id, wanted.attending)
    diaries.keep_up(meeting, panel, attended)
    _remember("changed", meeting, by=by, before=was)
    if is_moved or is_elsewhere:
        telling.of_sitting(meeting, panel, wanted.attending & attended, before if is_moved else "")
    _tell_of_change(meeting, panel, attended, wanted.attending, before if is_moved else None, is_elsewhere)


@one_transaction
def cancel_meeting(meeting_id: int, *, reason: str, by: int) -> None:
    """Cancel a meeting for a reason that everybody is told; its cases wait for another one.

    Raises:
        PanelRefused: every reason against it.
        LookupError: there is no such meeting.
    """
    meeting = hold_meeting(meeting_id)
    panel = _panel_of(meeting)
    faults = _against_touching(meeting, by)
    _refuse_if(faults if reason.strip() else [*faults, PanelFault.NO_REASON])
    concerned, attending = everybody_at(meeting_id), attending_of(meeting_id)
    meeting.turn += 1
    meeting.cancelled_at, meeting.cancelled_because = clock.now(), reason
    for case in judged_at(meeting_id):
        telling.that_the_meeting_is_off(case, meeting, panel, reason)
        case.meeting_id = None
        case.turn += 1
        remember("taken_off_meeting", case, by=by, reason=reason, before={"meeting_id": meeting_id})
    diaries.keep_up(meeting, panel, concerned)
    _remember("cancelled", meeting, by=by, reason=reason)
    telling.that_sitting_is_off(meeting, panel, attending, reason)


def _faults(organisation_id: int, panel: Panel, wanted: MeetingWanted) -> list[PanelFault]:
    """List what is wrong with a meeting: its time, and who comes to it."""
    faults = against_meeting(wanted.starts_at, wanted.ends_at, clock.now())
    if not wanted.attending:
        return [*faults, PanelFault.NOBODY_COMES]
    able = who_can_come(organisation_id, panel, wanted.starts_at)
    return faults if wanted.attending <= able else [*faults, PanelFault.NOT_A_MEMBER]


def who_can_come(organisation_id: int, panel: Panel, starts_at: datetime) -> set[int]:
    """Return who can be put on a meeting: its members on that day, or whoever writes young people's words down."""
    if panel.panel_kind is PanelKind.YOUNG_PEOPLE:
        return (
            {each.id for each in people.holders_of(organisation_id, panel.recorded_by)} if panel.recorded_by else set()
        )
    on = in_london(starts_at).date()
    return {each.person_id for each in reading.who_sits(organisation_id, on).get(panel.code, ())}


def _meets_then(organisation_id: int, panel_code: str, wanted: MeetingWanted) -> bool:
    """Say whether the panel has this very meeting already: a form that is sent twice plans it once."""
    there = select(PanelMeeting.id).where(
        PanelMeeting.organisation_id == organisation_id,
        PanelMeeting.panel_code == panel_code,
        PanelMeeting.starts_at == wanted.starts_at,
        PanelMeeting.place == wanted.place,
        PanelMeeting.cancelled_at.is_(None),
    )
    return db.session.scalar(there.limit(1)) is not None


def _against_touching(meeting: PanelMeeting, by: int) -> list[PanelFault]:
    """List what is against changing a meeting at all; nobody arranges who judges a case that she is close to (C-4)."""
    faults = (
        (PanelFault.CANCELLED, meeting.cancelled_at is not None),
        (PanelFault.HAS_DECISIONS, any(each.status == CaseStatus.DECIDED for each in judged_at(meeting.id))),
        (PanelFault.CLOSE_TO_A_CASE, reading.close_to_open_cases(by, PanelCase.meeting_id == meeting.id)),
    )
    return [fault for fault, holds in faults if holds]


def _against_moving(meeting: PanelMeeting, wanted: MeetingWanted, *, is_moved: bool) -> list[PanelFault]:
    """List what is against a new time: it must not lie before a case of it was opened."""
    on = in_london(wanted.starts_at).date()
    too_early = is_moved and any(on < each.opened_on for each in judged_at(meeting.id))
    return [PanelFault.BEFORE_IT_WAS_OPENED] if too_early else []


def _tell_of_change(
    meeting: PanelMeeting,
    panel: Panel,
    attended: Collection[int],
    attending: Collection[int],
    before: str | None,
    is_elsewhere: bool,
) -> None:
    """Tell whoever comes now and did not, or no longer comes; and those whose cases it has, when it is moved."""
    new, gone = set(attending) - set(attended), set(attended) - set(attending)
    telling.of_sitting(meeting, panel, new)
    telling.that_sitting_is_off(meeting, panel, gone, "Somebody else comes in your place")
    found = {each.id: each for each in reading.cases_of_meeting(meeting.id)}
    for case in judged_at(meeting.id):
        telling.of_the_case(found[case.id], case.turn, new)
        if before is not None or is_elsewhere:
            telling.of_the_meeting(case, meeting, panel, before or "")
        reveal_if_all_have(case)


def _panel_of(meeting: PanelMeeting) -> Panel:
    """Return the panel that meets, by the scheme in force. Raises PanelRefused where it has none any more."""
    panel = reading.panels_of(meeting.organisation_id).get(meeting.panel_code)
    if panel is None:
        raise PanelRefused([PanelFault.NO_PANEL])
    return panel


def _seat(meeting_id: int, attending: Collection[int]) -> None:
    """Write down who comes."""
    db.session.execute(delete(PanelMeetingMember).where(PanelMeetingMember.meeting_id == meeting_id))
    rows = [{"meeting_id": meeting_id, "person_id": each} for each in sorted(attending)]
    db.session.execute(insert(PanelMeetingMember), rows)


def _refuse_if(faults: list[PanelFault]) -> None:
    """Raise PanelRefused where there is any reason."""
    if faults:
        raise PanelRefused(faults)


def _in_history(meeting: PanelMeeting) -> dict[str, Any]:
    """Say how a meeting is planned, without names (B8)."""
    return {
        "panel": meeting.panel_code,
        "starts_at": meeting.starts_at.isoformat(),
        "ends_at": meeting.ends_at.isoformat(),
        "place": meeting.place,
        "attending": sorted(attending_of(meeting.id)),
    }


def _remember(
    verb: str, meeting: PanelMeeting, *, by: int | None, reason: str | None = None, before: dict[str, Any] | None = None
) -> None:
    """Write the history of a meeting."""
    history.note(
        verb,
        "panel_meeting",
        meeting.id,
        actor_id=by,
        organisation_id=meeting.organisation_id,
        reason=reason,
        before=before,
        after=_in_history(meeting),
    )
