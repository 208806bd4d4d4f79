"""The change itself: shown before and after, made by a person on a day, and taken back only by a new decision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import or_, select

from cpd.catalogue import service as catalogue
from cpd.people import service as people
from cpd.people.models import Post
from cpd.people.posts import BY_DECISION, change_career_level
from cpd.progression.pathways.terms import terms_of
from cpd.progression.requests import course, reading
from cpd.progression.requests.course import Decision, RequestRefused
from cpd.progression.requests.covering import seat_in
from cpd.progression.requests.frozen import lines_of, look_again
from cpd.progression.requests.models import Enactment, ProgressionRequest, ProgressionStep
from cpd.progression.requests.raising import live_request_of, write_down
from cpd.progression.requests.rules import (
    REVERSERS,
    Act,
    Deciding,
    RequestFault,
    RequestKind,
    RequestStatus,
    Seat,
    against_deciding,
    against_the_day,
    steps_to_reverse,
)
from cpd.progression.vacancies import service as vacancies
from cpd.progression.vacancies.service import NoRoom
from cpd.schemes.pathway_shape import StepKind
from cpd.schemes.values import StaffType
from cpd.shared import clock
from cpd.shared.database import db
from cpd.shared.roles import Role
from cpd.shared.unit_of_work import one_transaction


@dataclass(frozen=True, slots=True)
class BeforeAndAfter:
    """What a post is before a change and after it; where HR's file gave no grade, it is the pack's for the level."""

    from_level: str
    from_grade: str
    to_level: str
    to_grade: str
    fte: Decimal
    staff_type: str
    since: date
    """Since when she holds the level without a break."""


def before_and_after(request_id: int, on: date) -> BeforeAndAfter | None:
    """Say what a request's change would be on a day; None where she has no post that day.

    Raises:
        LookupError: there is no such request.
    """
    request = db.session.get(ProgressionRequest, request_id)
    if request is None:
        raise LookupError(f"There is no request {request_id}")
    return _before_and_after(request, on)


@one_transaction
def enact(request_id: int, *, effective_on: date, by: int, reasons: str = "", vacancy_id: int | None = None) -> int:
    """Make the change: from a day on, a new dated post with the level and the grade; returns the enactment's id.

    It takes room under the step's ceiling and its vacancy (`vacancy_id` in place of the one applied for), or gives
    them back where a change is taken back. All of it happens or nothing does.

    Raises:
        RequestRefused: every reason against it.
        LookupError: there is no such request in the organisation of whoever makes it.
    """
    request, steps = course.hold(request_id)
    if not people.works_for(by, request.organisation_id):
        raise LookupError(f"There is no request {request_id} here")
    turn = course.turn_of(steps)
    role = Role(turn.role) if turn and turn.role else None
    seat = seat_in(by, request.organisation_id, role, clock.today(), about=request.person_id) if role else None
    change = _check(request, turn, seat, effective_on, by)
    vacancy_id = vacancy_id or request.vacancy_id
    _settle_room(request, change, vacancy_id, by)
    reason = f"Decided by request {request.id}"
    post_id = change_career_level(
        request.person_id,
        career_level=change.to_level,
        grade=change.to_grade,
        from_day=effective_on,
        for_staff=None if request.reverses_id else _staff_of(request),
        by=by,
        reason=reason,
    )
    made = Enactment(
        organisation_id=request.organisation_id,
        request_id=request.id,
        person_id=request.person_id,
        transition_code=request.transition_code,
        from_level=change.from_level,
        from_grade=change.from_grade,
        to_level=change.to_level,
        to_grade=change.to_grade,
        fte=change.fte,
        effective_on=effective_on,
        post_id=post_id,
        vacancy_id=vacancy_id,
        reverses_id=_reversed(request).id if request.request_kind == RequestKind.REVERSAL else None,
        reasons=reasons,
        enacted_at=clock.now(),
        enacted_by_id=by,
        cover_id=seat.cover_id if seat else None,
        in_place_of_id=seat.in_place_of_id if seat else None,
    )
    db.session.add(made)
    db.session.flush()
    course.go(request, steps, Act.ENACT, Decision(by, reasons))
    return made.id


@one_transaction
def ask_for_reversal(request_id: int, *, reasons: str, by: int) -> int:
    """Ask that a change that was made be taken back, for reasons; returns the id of that request.

    It is decided and made like any other: nothing changes until then.

    Raises:
        RequestRefused: every reason against it.
        LookupError: there is no such request in the organisation of whoever asks.
    """
    request, _ = course.hold(request_id)
    if not people.works_for(by, request.organisation_id):
        raise LookupError(f"There is no request {request_id} here")
    made = db.session.scalars(select(Enactment).where(Enactment.request_id == request_id)).one_or_none()
    if faults := _against_reversal(request, made, reasons, by):
        raise RequestRefused(faults)
    assert made is not None  # noqa: S101 - nothing spoke against it
    transition = reading.transition_of(request.scheme_version_id, request.transition_code)
    back = ProgressionRequest(
        organisation_id=request.organisation_id,
        person_id=request.person_id,
        request_kind=RequestKind.REVERSAL,
        transition_code=request.transition_code,
        transition_mode=request.transition_mode,
        pathway_code=request.pathway_code,
        from_level=made.to_level,
        to_level=made.from_level,
        scheme_version_id=request.scheme_version_id,
        reverses_id=request.id,
        status=RequestStatus.OPEN,
        standing=[],
        words=reasons,
        requested_at=clock.now(),
        requested_by_id=by,
        reasons="",
        support_plan="",
    )
    return write_down(back, steps_to_reverse(transition.steps), by=by)


def _check(
    request: ProgressionRequest, turn: ProgressionStep | None, seat: Seat | None, effective_on: date, by: int
) -> BeforeAndAfter:
    """Refuse with every reason why the change cannot be made on that day, or say what it is."""
    is_reversal = request.request_kind == RequestKind.REVERSAL
    is_open = request.status == RequestStatus.OPEN
    fits = turn is not None and turn.step_kind == StepKind.ENACTMENT
    again = look_again(request, lines_of(request.standing), clock.today()) if fits else None
    deciding = Deciding(
        is_open=is_open,
        fits=fits,
        person_id=request.person_id,
        by=by,
        seat=seat,
        goes_on=True,
        reasons="",
        fell_away=bool(again and again.fallen),
        still_at_level=again.still_at_level if again else True,
    )
    faults = against_deciding(deciding, reasons_needed=False)
    change = _before_and_after(request, effective_on) if is_open and fits else None
    if is_open and fits:
        since = change.since if change and not is_reversal else None
        held = change.from_level if change else None
        faults += against_the_day(effective_on, clock.today(), held, since, request.from_level)
        if is_reversal and effective_on < _reversed(request).effective_on:
            faults.append(RequestFault.BEFORE_THE_CHANGE)
        if change and not is_reversal and change.staff_type not in _staff_of(request):
            faults.append(RequestFault.OTHER_STAFF_THEN)
        if _is_decided_after(request, effective_on):
            faults.append(RequestFault.CHANGED_SINCE if is_reversal else RequestFault.CHANGE_AHEAD)
    if faults or change is None:
        raise RequestRefused(faults, again.fallen if again else ())
    return change


def _settle_room(request: ProgressionRequest, change: BeforeAndAfter, vacancy_id: int | None, by: int) -> None:
    """Take room for the change, or give back what the change that is taken back had taken."""
    if request.reverses_id is not None:
        vacancies.give_room_back(request.reverses_id, by=by)
        return
    transition = reading.transition_of(request.scheme_version_id, request.transition_code)
    try:
        vacancies.take_room(
            request.id, request.person_id, transition, request.organisation_id, change.fte, vacancy_id, by=by
        )
    except NoRoom as refused:
        raise RequestRefused([RequestFault.NO_ROOM], refused.reasons) from refused
    except LookupError as missing:
        raise RequestRefused([RequestFault.VACANCY_NOT_OPEN]) from missing


def _before_and_after(request: ProgressionRequest, on: date) -> BeforeAndAfter | None:
    """Say what the change would be on a day, from the post that she holds then."""
    posts = _posts_from(request.person_id)
    held = next((each for each in posts if each.starts_on <= on and (each.ends_on is None or each.ends_on > on)), None)
    if held is None:
        return None
    since = held.starts_on
    for each in reversed([post for post in posts if post.starts_on < held.starts_on]):
        if each.ends_on != since or each.career_level != held.career_level:
            break
        since = each.starts_on
    if request.request_kind == RequestKind.REVERSAL:
        to_grade = _reversed(request).from_grade
    else:
        to_grade = _grade_of(request.scheme_version_id, request.to_level)
    from_grade = held.grade or _grade_of(request.scheme_version_id, held.career_level)
    return BeforeAndAfter(held.career_level, from_grade, request.to_level, to_grade, held.fte, held.staff_type, since)


def _posts_from(person_id: int) -> list[Post]:
    """Return all posts of somebody as far as is known now, in the order of time."""
    wanted = select(Post).where(Post.person_id == person_id, Post.superseded_at.is_(None)).order_by(Post.starts_on)
    return list(db.session.scalars(wanted.execution_options(populate_existing=True)))


def _is_decided_after(request: ProgressionRequest, on: date) -> bool:
    """Say whether another level is decided on from a later day, which a change on this day would undo unsaid."""
    return any(
        each.starts_on > on and each.source == BY_DECISION and each.career_level != request.from_level
        for each in _posts_from(request.person_id)
    )


def _staff_of(request: ProgressionRequest) -> tuple[StaffType, ...]:
    """Say what kinds of staff progress on a request's pathway, by its own version of the rules (A6)."""
    terms = terms_of(catalogue.schemes_by_id([request.scheme_version_id])[request.scheme_version_id])
    return terms.pathways[request.pathway_code].staff_types


def _grade_of(scheme_version_id: int, career_level: str) -> str:
    """Return the grade that a version of the pack gives a level (AMB-38); empty where it gives none."""
    pack = catalogue.schemes_by_id([scheme_version_id])[scheme_version_id].pack
    return next((each.grade or "" for each in pack.career_levels if each.code == career_level), "")


def _reversed(request: ProgressionRequest) -> Enactment:
    """Return the change that a reversal takes back."""
    return db.session.scalars(select(Enactment).where(Enactment.request_id == request.reverses_id)).one()


def _against_reversal(request: ProgressionRequest, made: Enactment | None, reasons: str, by: int) -> list[RequestFault]:
    """List every reason why a change cannot be asked to be taken back."""
    if made is None or request.request_kind == RequestKind.REVERSAL:
        return [RequestFault.NOT_ENACTED]
    again = db.session.scalar(select(Enactment.id).where(Enactment.reverses_id == made.id))
    live = live_request_of(request.person_id, request.transition_code)
    from_day = max(made.effective_on, clock.today())
    later = select(Post.id).where(
        Post.person_id == request.person_id,
        Post.superseded_at.is_(None),
        or_(Post.ends_on.is_(None), Post.ends_on > from_day),
        Post.career_level != made.to_level,
        Post.starts_on >= made.effective_on,
    )
    asks = people.holds(by, request.organisation_id, *REVERSERS)
    faults = (
        (RequestFault.MAY_NOT_ASK_FOR_IT, not asks),
        (RequestFault.OWN, by == request.person_id),
        (RequestFault.NO_REASONS, not reasons.strip()),
        (RequestFault.REVERSED_ALREADY, again is not None),
        (RequestFault.LIVE_ALREADY, live is not None),
        (RequestFault.CHANGED_SINCE, again is None and db.session.scalar(later.limit(1)) is not None),
    )
    return [fault for fault, holds in faults if holds]
