"""Putting places right that have lost what they rest on: what to book and what to move, and all of it in one act."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import combinations

from cpd.booking.cascade import given_back
from cpd.booking.models import Booking
from cpd.booking.offers import Offer
from cpd.booking.places import gather
from cpd.booking.planning import AT_ONCE, Asked, How, Outlook
from cpd.booking.prospects import Prospects, prospects_of
from cpd.booking.route import Route
from cpd.booking.rules import HeldBooking, Objection, Reason, Status
from cpd.booking.service import BookingRefused, book_places, move_booking
from cpd.people import service as people
from cpd.shared.database import db
from cpd.shared.unit_of_work import one_transaction
from cpd.timetable import service as timetable
from cpd.timetable.facts import SessionFacts

DOABLE = AT_ONCE | {How.MOVE, How.THEN}


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do: book a session, or move the place of `booking_id` there from the session `before`."""

    offer: Offer
    booking_id: int | None
    before: SessionFacts | None


def plan_to_mend(person_id: int, organisation_id: int, lost: Collection[Offer]) -> list[Step]:
    """Find what puts these places of hers right: as few of them moved as can be, and finished as early as can be.

    Empty where nothing that she can do at once does it.
    """
    wanted = {offer.module.code for offer in lost}
    prospects = prospects_of([person_id], organisation_id, wanted)
    gone = {session_id for _, session_id in given_back([person_id])}
    sessions = [each for each in prospects.sessions if each.id not in gone]
    ids = {offer.booking_id for offer in lost}
    places = [held for held in prospects.standpoints[person_id].bookings if held.id in ids]
    for count in range(len(places) + 1):
        for moving in combinations(places, count):
            if steps := _steps(_without(moving, prospects, person_id, sessions, wanted), moving, sessions):
                return steps
    return []


@one_transaction
def mend(person_id: int, moves: Sequence[tuple[int, int]], session_ids: Sequence[int], *, by: int) -> None:
    """Move places (booking, session) and book sessions in one act, or nothing and every reason why not.

    What can only be done once something else is done comes after it.

    Raises:
        BookingRefused: nothing was changed.
        CancellingRefused: one of the bookings had ended already, or its session has begun.
        LookupError: there is no such session, or a booking is not hers.
    """
    now_on = {number: db.session.get(Booking, number) for number, _ in moves}
    held = [booking.training_session_id for booking in now_on.values() if booking and booking.person_id == person_id]
    if len(held) < len(now_on):
        raise LookupError("There is no such booking of hers")
    wanted: list[tuple[int | None, int]] = [*((None, each) for each in session_ids), *moves]
    locked = timetable.lock_sessions({*held, *(to for _, to in wanted)}, people.get_person(person_id).organisation_id)
    gather(locked.values(), [person_id], frees=True)
    todo = sorted(wanted, key=lambda each: locked[each[1]].starts_at)
    while todo:
        refused: dict[int, list[Objection]] = {}
        left = [each for each in todo if not _do(person_id, each[0], each[1], by, refused)]
        if len(left) == len(todo):
            raise BookingRefused(refused)
        todo = left


def _do(person_id: int, booking_id: int | None, to: int, by: int, refused: dict[int, list[Objection]]) -> bool:
    """Take one step, or say what stands against it now. A session that has become full ends it all."""
    try:
        if booking_id is None:
            [done] = book_places(person_id, [to], by=by)
        else:
            done = move_booking(booking_id, to, by=by)
    except BookingRefused as reasons:
        if any(each.reason is Reason.FULL for against in reasons.objections.values() for each in against):
            raise
        refused.update(reasons.objections)
        return False
    if done.status is Status.WAITING:
        raise BookingRefused({to: [Objection(Reason.FULL)]})
    return True


def _without(
    moving: Collection[HeldBooking],
    prospects: Prospects,
    person_id: int,
    sessions: Sequence[SessionFacts],
    wanted: Collection[str],
) -> Outlook:
    """Look at her ways as if these places were to be found anew, on other dates."""
    standpoint = prospects.standpoints[person_id]
    for held in moving:
        standpoint = standpoint.without(held.id)
    old = {held.training_session_id for held in moving}
    others = [each for each in sessions if each.id not in old]
    return Outlook(standpoint, others, prospects.terms, wanted)


def _steps(outlook: Outlook, moving: Collection[HeldBooking], sessions: Sequence[SessionFacts]) -> list[Step]:
    """Turn the best way into what is to be done; nothing where a part of it cannot be done at once."""
    route = outlook.best(Asked())
    if not isinstance(route, Route):
        return []
    by_id = {each.id: each for each in sessions}
    old = {held.module_id: held for held in moving}
    steps = []
    for step in outlook.steps(route):
        if step.how is How.KEPT:
            continue
        held = old.get(step.offer.module.id)
        if step.how not in DOABLE or any(each.reason is not Reason.PREREQUISITE for each in step.offer.objections):
            return []
        steps.append(Step(step.offer, held.id if held else None, by_id[held.training_session_id] if held else None))
    return steps
