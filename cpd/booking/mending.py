"""Putting places right that have lost what they rest on: what to book and what to move."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import combinations

from cpd.booking.cascade import given_back
from cpd.booking.offers import Offer
from cpd.booking.planning import AT_ONCE, Asked, How, Outlook
from cpd.booking.prospects import Prospects, prospects_of
from cpd.booking.route import Route
from cpd.booking.rules import HeldBooking, Reason
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
