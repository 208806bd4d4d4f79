"""The label of a session for a person, in a few words and a tone: what a row of the timetable says."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from cpd.booking.offers import Offer
from cpd.booking.rules import Objection, Reason, State
from cpd.shared.wording import and_words, counted, date_words, ordinal, short_day, span_words
from cpd.timetable.facts import SessionFacts

SHORT = {
    Reason.NOT_PUBLISHED: "Draft: not published",
    Reason.SESSION_CANCELLED: "Cancelled",
    Reason.BEGUN: "Over",
    Reason.CLOSED: "Booking has closed",
    Reason.ALREADY_DONE: "Done",
    Reason.ALREADY_RECOGNISED: "Recognised as done",
    Reason.ALREADY_BOOKED: "You have a place",
    Reason.ALREADY_WAITING: "You are on the waiting list",
    Reason.NOT_IN_AUDIENCE: "Not for your role",
    Reason.NEEDS_APPROVAL: "Needs approval",
}


def label(offer: Offer) -> tuple[str, str]:
    """Return the words and the tone (components/status_tag.html) of a session as it stands to a person."""
    left = offer.places_left
    places = f": {counted(left, 'place')} left" if left is not None else ""
    match offer.state:  # the commonest first: a timetable asks this 500 times
        case State.REFUSED | State.CLOSED:
            return _refused(offer), "neutral"
        case State.OPEN:
            return f"Open{places}", "open"
        case State.CONDITIONAL:
            return f"Open on condition{places}", "open"
        case State.FULL:
            return "Full: you can wait", "waiting"
        case State.DROP_IN:
            return "Just come", "open"
        case State.OFFERED:
            return "A place is offered to you", "attention"
        case State.WAITING:
            return f"Waiting list: {ordinal(offer.position or 1)}", "waiting"
        case State.BOOKED:
            return _booked(offer)
        case State.DONE:
            return _short(offer, Reason.ALREADY_DONE, Reason.ALREADY_RECOGNISED), "done"


def _booked(offer: Offer) -> tuple[str, str]:
    """Say that she has it, or has asked for it, and whether it still rests on something."""
    if offer.answer_by:
        return f"Asked for, Workforce Development answers by {short_day(offer.answer_by)}", "waiting"
    if offer.lacks:
        missing = "is missing" if len(offer.lacks) == 1 else "are missing"
        return f"Booked, but {_todo(offer.lacks)} {missing}", "attention"
    if offer.module.booking_mode == "drop_in":
        return "In your diary", "booked"
    return ("Booked on condition" if offer.rests_on else "You have a place"), "booked"


def _refused(offer: Offer) -> str:
    """Give the first reason in a few words."""
    first = offer.objections[0]
    match first.reason:
        case Reason.NOT_YET_OPEN if first.on:
            return f"Opens on {date_words(first.on)}"
        case Reason.BOOKED_ON_ANOTHER if first.starts_at:
            return f"You have a place on {short_day(first.starts_at)}"
        case Reason.CLASH:
            return f"Clashes with {first.title if first.session_id else f'your {first.title.lower()}'}"
        case Reason.PREREQUISITE:
            return f"Still to do: {_todo(offer.objections)}"
    return SHORT[first.reason]


def _short(offer: Offer, *wanted: Reason) -> str:
    """Give the label of the first of these reasons that stands."""
    return next((SHORT[each.reason] for each in offer.objections if each.reason in wanted), SHORT[wanted[0]])


def _todo(objections: tuple[Objection, ...]) -> str:
    """Name what is still to do."""
    return and_words(each.title for each in objections if each.reason is Reason.PREREQUISITE)


def when_short(session: SessionFacts) -> str:
    """`Tue 15 Jan`, `Thu 31 Jan and Fri 1 Feb`."""
    return and_words(in_short(day.starts_at, day.ends_at)[0] for day in session.days)


@lru_cache(maxsize=4096)
def in_short(starts_at: datetime, ends_at: datetime) -> tuple[str, str]:
    """`Tue 15 Jan` and `9:30am to 12:30pm`; remembered, as one list after the other says the same."""
    return short_day(starts_at), span_words(starts_at, ends_at)
