"""Who sits on a panel: appointed from a day on and taken off it for a reason, by Workforce Development."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select

from cpd.people import service as people
from cpd.people.models import RoleGrant
from cpd.progression.panels import reading, telling
from cpd.progression.panels.facts import PanelRefused
from cpd.progression.panels.models import PanelCase, PanelDecision, PanelJudge, PanelMembership
from cpd.progression.panels.rules import PanelFault, against_appointing
from cpd.shared import clock, history
from cpd.shared.database import LARGEST_ID, db
from cpd.shared.unit_of_work import one_transaction
from cpd.shared.wording import date_words


@one_transaction
def appoint(
    organisation_id: int, panel_code: str, person_id: int, *, role: str, starts_on: date, reason: str, by: int | None
) -> int:
    """Give somebody a seat on a panel in one role from a day on, for a reason that she is told; returns its number.

    Raises:
        PanelRefused: every reason against it.
        LookupError: she does not work for the organisation.
    """
    people.lock_persons([person_id])
    if not people.works_for(person_id, organisation_id):
        raise LookupError(f"There is no person {person_id} here")
    panel = reading.panels_of(organisation_id).get(panel_code)
    if panel is None:
        raise PanelRefused([PanelFault.NO_PANEL])
    hers = select(RoleGrant.role).where(RoleGrant.person_id == person_id, RoleGrant.revoked_at.is_(None))
    sits = _seats(organisation_id, panel_code, person_id, role)
    panel = reading.as_still_judging(panel, organisation_id)
    faults = against_appointing(panel, role, set(db.session.scalars(hers)), sits=bool(sits), reason=reason)
    if by == person_id:
        faults.append(PanelFault.APPOINTS_HERSELF)
    if by is not None and _is_close_to_a_case(organisation_id, panel_code, by):
        faults.append(PanelFault.CLOSE_TO_A_CASE)
    if faults:
        raise PanelRefused(faults)
    seat = PanelMembership(
        organisation_id=organisation_id,
        panel_code=panel_code,
        person_id=person_id,
        role=role,
        starts_on=starts_on,
        appointed_at=clock.now(),
        appointed_by_id=by,
        appointed_because=reason,
    )
    db.session.add(seat)
    db.session.flush()
    _remember("appointed", seat, by=by, reason=reason)
    telling.of_the_seat(seat, panel)
    return seat.id


@one_transaction
def end_seat(membership_id: int, organisation_id: int, *, last_day: date, reason: str, by: int) -> None:
    """Take somebody off a panel after a last day, for a reason that she is told; what she judged stays.

    She sat on every day on which she judged: otherwise nobody could say any more that she did.

    Raises:
        PanelRefused: every reason against it.
        LookupError: the organisation has no such seat.
    """
    wanted = select(PanelMembership).where(PanelMembership.id == min(membership_id, LARGEST_ID)).with_for_update()
    seat = db.session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
    if seat is None or seat.organisation_id != organisation_id:
        raise LookupError(f"There is no seat {membership_id} here")
    faults = (
        (PanelFault.SITS_NO_MORE, seat.ends_on is not None),
        (PanelFault.ENDS_FIRST, last_day < seat.starts_on),
        (PanelFault.JUDGED_SINCE, _has_judged_after(seat, last_day)),
        (PanelFault.NO_REASON, not reason.strip()),
        (PanelFault.CLOSE_TO_A_CASE, _is_close_to_a_case(organisation_id, seat.panel_code, by)),
    )
    if found := [fault for fault, holds in faults if holds]:
        raise PanelRefused(found)
    seat.ends_on, seat.ended_because = last_day + timedelta(days=1), reason
    seat.ended_at, seat.ended_by_id = clock.now(), by
    _remember("ended", seat, by=by, reason=reason)
    panel = reading.panels_of(organisation_id).get(seat.panel_code)
    telling.that_the_seat_ends(seat, panel.title if panel else seat.panel_code, date_words(last_day))


def _is_close_to_a_case(organisation_id: int, panel_code: str, by: int) -> bool:
    """Say whether somebody is close to a case that the panel has to judge: then a colleague says who sits on it."""
    return reading.close_to_open_cases(
        by, PanelCase.organisation_id == organisation_id, PanelCase.panel_code == panel_code
    )


def _has_judged_after(seat: PanelMembership, last_day: date) -> bool:
    """Say whether somebody judged in a seat after a day, by a decision in force."""
    wanted = (
        select(PanelJudge.decision_id)
        .join(PanelDecision, PanelDecision.id == PanelJudge.decision_id)
        .join(PanelCase, PanelCase.id == PanelDecision.case_id)
        .where(
            PanelJudge.person_id == seat.person_id,
            PanelJudge.role == seat.role,
            PanelCase.panel_code == seat.panel_code,
            PanelDecision.organisation_id == seat.organisation_id,
            PanelDecision.superseded_at.is_(None),
            PanelDecision.decided_on > last_day,
        )
    )
    return db.session.scalar(wanted.limit(1)) is not None


def _seats(organisation_id: int, panel_code: str, person_id: int, role: str) -> list[int]:
    """List the seats of this kind that somebody has now or will have."""
    wanted = select(PanelMembership.id).where(
        PanelMembership.organisation_id == organisation_id,
        PanelMembership.panel_code == panel_code,
        PanelMembership.person_id == person_id,
        PanelMembership.role == role,
        (PanelMembership.ends_on.is_(None)) | (PanelMembership.ends_on > clock.today()),
    )
    return list(db.session.scalars(wanted))


def _remember(verb: str, seat: PanelMembership, *, by: int | None, reason: str) -> None:
    """Write the history of a seat, without names (B8)."""
    history.note(
        verb,
        "panel_membership",
        seat.id,
        actor_id=by,
        organisation_id=seat.organisation_id,
        reason=reason,
        after={
            "person_id": seat.person_id,
            "panel": seat.panel_code,
            "role": seat.role,
            "starts_on": seat.starts_on.isoformat(),
            "ends_on": seat.ends_on.isoformat() if seat.ends_on else None,
        },
    )
