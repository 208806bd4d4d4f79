"""Places that have lost what they rest on, as their person sees them: what is missing, until when, and what to do."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from cpd.booking.cascade import given_back
from cpd.booking.mending import Step, plan_to_mend
from cpd.booking.offers import Offer, View, offers_to, view_of
from cpd.booking.rules import Reason
from cpd.booking.service import live_session_ids
from cpd.shared import clock
from cpd.shared.wording import and_words, day_words, days_words, time_words
from cpd.timetable import service as timetable

MOST_WAYS = 3


@dataclass(frozen=True, slots=True)
class Way:
    """One button that puts a place right: where it is sent, what it says, and the session that it moves to, if any."""

    action: str
    words: str
    to: int | None


@dataclass(frozen=True, slots=True)
class LostPlace:
    """A place that lacks its basis; `until` is when it goes to the next person, empty where it is too late for that."""

    offer: Offer
    missing: str
    until: str
    ways: Sequence[Way]


@dataclass(frozen=True, slots=True)
class Todo:
    """One part of putting everything right: what a form sends, and what it says."""

    value: str
    words: str


@dataclass(frozen=True, slots=True)
class Lost:
    """All places that lack their basis, and what puts them right in one go; nothing where that cannot be done."""

    places: Sequence[LostPlace]
    todo: Sequence[Todo]


def lost_places(person_id: int, organisation_id: int) -> Lost:
    """Show what she has that lacks its basis, with the ways on: a fixed number of queries."""
    now = clock.now()
    own = timetable.sessions_not_over(live_session_ids(person_id), now)
    view = view_of(person_id, own, [organisation_id])
    lost = [offer for offer in view.offers if offer.lacks]
    if not lost:
        return Lost((), ())
    codes = {each.module for offer in lost for each in offer.lacks} | {offer.module.code for offer in lost}
    ids = [module.id for module in view.terms.modules.values() if module.code in codes]
    gone = {session_id for _, session_id in given_back([person_id])}
    sessions = timetable.sessions_of_modules(ids, organisation_id, now)
    offers = offers_to(view.standpoint, [each for each in sessions if each.id not in gone], view.terms)
    places = [_place(offer, offers, view) for offer in lost]
    return Lost(places, [_todo(step) for step in plan_to_mend(person_id, organisation_id, lost)])


def missing_words(offer: Offer) -> str:
    """Name what a place lacks."""
    return and_words(each.title or "something that it needs" for each in offer.lacks)


def until_words(offer: Offer) -> str:
    """`Tuesday 29 January at 9:30am`; empty where nothing is released any more."""
    return f"{day_words(offer.release_at)} at {time_words(offer.release_at)}" if offer.release_at else ""


def _place(lost: Offer, offers: Collection[Offer], view: View) -> LostPlace:
    """Put one place into words, with the single steps that put it right."""
    codes = {each.module for each in lost.lacks}
    in_time = [
        offer for offer in offers if offer.module.code in codes and offer.session.ends_at <= lost.session.starts_at
    ]
    ways = [way for offer in in_time if (way := _way_to_have(offer, view))] if len(codes) == 1 else []
    without = view.standpoint.without(lost.booking_id or 0)
    others = [each.session for each in offers if each.module.id == lost.module.id and each.session != lost.session]
    later = [each for each in offers_to(without, others, view.terms) if not each.objections and each.places_left != 0]
    ways += [_move(lost.booking_id or 0, offer, "Move it") for offer in later]
    return LostPlace(lost, missing_words(lost), until_words(lost), ways[:MOST_WAYS])


def _way_to_have(offer: Offer, view: View) -> Way | None:
    """Say how she can have what is missing on this date: by booking it, or by moving her later place of it here."""
    if not offer.objections:
        verb = "Wait for" if offer.places_left == 0 else "Book"
        words = f"{verb} {offer.module.full_title} on {_when(offer)}"
        return Way(f"/sessions/{offer.session.id}/book", words, None)
    [first, *more] = offer.objections
    if more or first.reason is not Reason.BOOKED_ON_ANOTHER or not first.booking_id or offer.places_left == 0:
        return None
    [anew] = offers_to(view.standpoint.without(first.booking_id), [offer.session], view.terms)
    return None if anew.objections else _move(first.booking_id, offer, f"Move {offer.module.full_title}")


def _move(booking_id: int, to: Offer, verb: str) -> Way:
    return Way(f"/bookings/{booking_id}/move", f"{verb} to {_when(to)}", to.session.id)


def _todo(step: Step) -> Todo:
    """Put one part of the plan into words."""
    value = f"{step.booking_id or ''}:{step.offer.session.id}"
    if step.before is None:
        return Todo(value, f"Book {step.offer.module.full_title}: {_when(step.offer)}")
    before = day_words(step.before.starts_at)
    return Todo(value, f"Move {step.offer.module.full_title}: from {before} to {_when(step.offer)}")


def _when(offer: Offer) -> str:
    """`Monday 21 January, 9:30am to 12:30pm`."""
    return days_words((day.starts_at, day.ends_at) for day in offer.session.days)
