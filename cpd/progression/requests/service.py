"""Acts on requests to progress: asking, deciding, making the change, withdrawing, and taking a change back."""

from __future__ import annotations

from collections.abc import Sequence

from cpd.people import service as people
from cpd.progression.requests import course, judging, reading
from cpd.progression.requests.course import Decision, RequestRefused
from cpd.progression.requests.covering import (
    CoverRefused,
    covers_of,
    deciders_in,
    end_cover,
    name_cover,
    roles_without_anybody,
    seat_in,
    seats_of,
)
from cpd.progression.requests.enacting import ask_for_reversal, before_and_after, enact
from cpd.progression.requests.frozen import lines_of, look_again
from cpd.progression.requests.models import Approval, ProgressionRequest, ProgressionStep
from cpd.progression.requests.raising import (
    ask,
    live_request_of,
    panels_to_pass,
    prospect_of,
    raise_ready,
    raise_what_time_made_ready,
    write_down,
)
from cpd.progression.requests.rules import (
    AGAINST_HER,
    Act,
    Deciding,
    RequestFault,
    RequestKind,
    RequestStatus,
    Seat,
    StepStatus,
    against_deciding,
)
from cpd.record import service as record
from cpd.record.facts import FactSaid
from cpd.requirements.record import FactKind
from cpd.schemes.pathway_shape import Step, StepKind
from cpd.shared import clock
from cpd.shared.database import db
from cpd.shared.roles import Role
from cpd.shared.unit_of_work import one_transaction

__all__ = [
    "CoverRefused",
    "RequestRefused",
    "ask",
    "ask_for_reversal",
    "before_and_after",
    "covers_of",
    "decide",
    "deciders_in",
    "enact",
    "end_cover",
    "look_again",
    "name_cover",
    "open_again",
    "prospect_of",
    "raise_ready",
    "raise_what_time_made_ready",
    "roles_without_anybody",
    "seats_of",
    "waiting_count",
    "withdraw",
]


@one_transaction
def decide(request_id: int, *, approved: bool, reasons: str, by: int) -> None:
    """Approve the step whose turn it is, or decline it and with it the request; of two who decide at once one does.

    Declining is also for whoever is to make the change and cannot answer for it. An approval is a fact on the record.

    Raises:
        RequestRefused: every reason against it.
        LookupError: there is no such request in the decider's organisation.
    """
    request, steps = course.hold(request_id)
    if not people.works_for(by, request.organisation_id):
        raise LookupError(f"There is no request {request_id} here")
    turn = course.turn_of(steps)
    fits = turn is not None and (
        turn.step_kind == StepKind.APPROVAL or (turn.step_kind == StepKind.ENACTMENT and not approved)
    )
    seat = _seat(request, turn, by)
    again = look_again(request, lines_of(request.standing), clock.today()) if approved and fits else None
    deciding = Deciding(
        is_open=request.status == RequestStatus.OPEN,
        fits=fits,
        person_id=request.person_id,
        by=by,
        seat=seat,
        goes_on=approved,
        reasons=reasons,
        fell_away=bool(again and again.fallen),
        still_at_level=again.still_at_level if again else True,
        declined_before=by in reading.who_declined(request.again_of_id),
        asked_for_it=_asked_for_it(request, turn, by),
    )
    if faults := against_deciding(deciding):
        raise RequestRefused(faults, again.fallen if again else ())
    assert turn is not None and seat is not None  # noqa: S101, PT018 - nothing spoke against deciding
    if turn.step_kind == StepKind.APPROVAL:
        _write_approval(request, turn, seat, approved=approved, reasons=reasons, by=by)
    course.go(request, steps, Act.APPROVE if approved else Act.DECLINE, Decision(by, reasons))


@one_transaction
def withdraw(request_id: int, *, reason: str = "", by: int) -> None:
    """Withdraw a request until the change is made: her own, or a reversal by whoever asked for it.

    Raises:
        RequestRefused: it has ended already.
        LookupError: there is no such request of hers.
    """
    found = reading.request_of(request_id)
    whose = found.requested_by_id if found.is_reversal else found.person_id
    if whose != by:
        raise LookupError(f"There is no request {request_id} of hers")
    if found.turn and found.turn.case_id is not None:  # before the person is held, as panels do
        judging.close_case(found.turn.case_id, reason=reason, by=by)
    request, steps = course.hold(request_id)
    if request.status != RequestStatus.OPEN:
        raise RequestRefused([RequestFault.NOT_OPEN])
    turn = course.turn_of(steps)
    if turn is not None and turn.case_id is not None:  # the panel was quicker, and the next one has the case now
        judging.close_case(turn.case_id, reason=reason, by=by)
    course.go(request, steps, Act.WITHDRAW, Decision(by, reason))


@one_transaction
def open_again(request_id: int, *, reason: str, by: int) -> int:
    """Take up a request again that was not agreed, after an appeal: a new one from the refused step on; returns its id.

    Whoever declined the one before, or one before that, does not decide on the new one.

    Raises:
        RequestRefused: it was not refused, another one is under way, or another is to pass a panel that it passes.
        LookupError: there is no such request.
    """
    request, steps = course.hold(request_id)
    if request.status not in AGAINST_HER:
        raise RequestRefused([RequestFault.NOT_REFUSED])
    if live_request_of(request.person_id, request.transition_code) is not None:
        raise RequestRefused([RequestFault.LIVE_ALREADY])
    refused_at = next(each.place for each in steps if each.status == StepStatus.AGAINST)
    panels = {(request.person_id, each.panel_code) for each in steps[refused_at:]}
    if not panels.isdisjoint(panels_to_pass([request.person_id])):
        raise RequestRefused([RequestFault.SAME_PANEL])
    again = ProgressionRequest(
        **{name: getattr(request, name) for name in _KEPT},
        again_of_id=request.id,
        status=RequestStatus.OPEN,
        words=reason,
        requested_at=clock.now(),
        requested_by_id=by,
        reasons="",
        support_plan="",
    )
    return write_down(again, [_step(each) for each in steps[refused_at:]], by=by)


_KEPT = (
    "organisation_id",
    "person_id",
    "request_kind",
    "transition_code",
    "transition_mode",
    "pathway_code",
    "from_level",
    "to_level",
    "scheme_version_id",
    "vacancy_id",
    "reverses_id",
    "standing",
)


def waiting_count(viewer_id: int, organisation_id: int, roles: Sequence[Role] | frozenset[Role]) -> int:
    """Count what waits for somebody's decision, in her own roles and where she stands in. Two queries."""
    seats = seats_of(viewer_id, organisation_id, roles, clock.today())
    return reading.count_waiting(viewer_id, organisation_id, seats)


def _step(row: ProgressionStep) -> Step:
    """Give a step back as the pack has it."""
    role = Role(row.role) if row.role else None
    return Step(step=StepKind(row.step_kind), panel=row.panel_code, role=role, words=row.words or None)


def _seat(request: ProgressionRequest, turn: ProgressionStep | None, by: int) -> Seat | None:
    """Return in which seat somebody decides on the step whose turn it is, or None."""
    if turn is None or turn.role is None:
        return None
    return seat_in(by, request.organisation_id, Role(turn.role), clock.today(), about=request.person_id)


def _asked_for_it(request: ProgressionRequest, turn: ProgressionStep | None, by: int) -> bool:
    """Say whether somebody is to approve what she asked to be taken back."""
    is_reversal = request.request_kind == RequestKind.REVERSAL
    return is_reversal and request.requested_by_id == by and turn is not None and turn.step_kind == StepKind.APPROVAL


def _write_approval(
    request: ProgressionRequest, turn: ProgressionStep, seat: Seat, *, approved: bool, reasons: str, by: int
) -> None:
    """Write down what somebody decided in a role; an approval of going on is a fact on the person's record."""
    fact_id, found = None, reading.request_of(request.id)
    if approved and request.request_kind == RequestKind.PROGRESSION:
        said = FactSaid(
            person_id=request.person_id,
            kind=FactKind.APPROVAL,
            subject=str(seat.role),
            happened_on=clock.today(),
            source_kind=f"request:{request.id}",
            source=f"Request to progress {request.id}: {found.transition_title}",
        )
        fact_id = record.add_fact(said, by=by)
    db.session.add(
        Approval(
            organisation_id=request.organisation_id,
            request_id=request.id,
            step_id=turn.id,
            person_id=request.person_id,
            approver_role=seat.role,
            approved=approved,
            reasons=reasons,
            decided_by_id=by,
            decided_at=clock.now(),
            cover_id=seat.cover_id,
            in_place_of_id=seat.in_place_of_id,
            fact_id=fact_id,
            recorded_at=clock.real_now(),
            recorded_by_id=by,
        )
    )
    db.session.flush()
