"""The plan of a programme in words: when it finishes, why then, how each step is taken, and what stops it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from cpd.booking.offers import Offer
from cpd.booking.planning import How, Step, is_full
from cpd.booking.route import NoRoute, Route
from cpd.booking.rules import Objection, Reason
from cpd.catalogue.service import ModuleFacts
from cpd.home.catalogue_words import names_of, short_name
from cpd.home.words import label
from cpd.shared.clock import in_london
from cpd.shared.wording import and_words, counted, date_words, day_words, ordinal, short_day, time_words
from cpd.timetable.facts import SessionFacts

MOST_DATES = 3

HOW = {
    How.BOOK: ("To book", "open"),
    How.JUST_COME: ("Just come: it goes into your diary", "open"),
    How.WAIT: ("Full: you would wait for a place", "waiting"),
    How.ASK: ("Ask Workforce Development for it", "attention"),
    How.MOVE: ("Move your place here", "attention"),
    How.THEN: ("Can be booked once you have what it needs", "neutral"),
}


def finish_of(route: Route) -> date:
    """Return the day on which a route is finished."""
    return in_london(route.finishes_at).date()


def explained(route: Route, last: Step, dates: Sequence[SessionFacts], module: ModuleFacts) -> list[str]:
    """Say why a plan finishes when it does: what takes longest, and when that is held.

    `last` is its last step, of a module whose sessions that she could have are `dates`, the earliest first.
    """
    name = short_name(module)
    if last.how is How.KEPT:
        return [f"Your place on {name} is what takes longest."]
    ahead = [each for each in dates if each.starts_at >= last.stop.starts_at][:MOST_DATES]
    days = [plain_day(each.starts_at) for each in ahead]
    only = "its next dates are" if len(days) > 1 else "the only date left for it is"
    sentences = [f"{name} is what takes longest: {only} {and_words(days)}."]
    missed = [plain_day(each.starts_at) for each in dates if each.starts_at < last.stop.starts_at]
    if missed:
        sentences.append(f"{and_words(missed)} would be too soon: not everything else fits in before.")
    return sentences if len(route.stops) > 1 else sentences[:1]


def effect_words(found: Route | NoRoute, now: Route) -> str:
    """Say what a choice does to the finish."""
    if isinstance(found, NoRoute):
        return "you could not finish"
    days = (finish_of(found) - finish_of(now)).days
    if days == 0:
        return "finishes the same day"
    return f"finishes {counted(abs(days), 'day')} {'later' if days > 0 else 'earlier'}"


def how_words(step: Step, *, is_over: bool) -> tuple[str, str]:
    """Return the words and the tone (components/status_tag.html) for how a step is taken."""
    offer = step.offer
    if step.how is How.KEPT:
        return ("Counts once your attendance is recorded", "booked") if is_over else label(offer)
    if step.how is How.WAITING:
        return f"You are {ordinal(offer.position or 1)} on the waiting list", "waiting"
    if step.how is How.LATER:
        opens_on = next(each.on for each in offer.objections if each.reason is Reason.NOT_YET_OPEN)
        return f"Booking opens on {date_words(opens_on)}" if opens_on else "Booking is not open yet", "neutral"
    words, tone = HOW[step.how]
    if step.how is How.BOOK and offer.places_left is not None:
        words += f": {counted(offer.places_left, 'place')} left"
    return words, tone


def note_words(step: Step) -> str:
    """Say a step in the picture: `Tue 15 Jan, 9:30am`, and that it is booked or waited for."""
    before = {How.KEPT: "Booked: ", How.WAIT: "Wait: ", How.WAITING: "Waiting: "}.get(step.how, "")
    return f"{before}{short_day(step.stop.starts_at)}, {time_words(step.stop.starts_at)}"


def done_words(modules: Sequence[ModuleFacts]) -> str:
    """`You have done Modules 1 and 2.`; empty where nothing is done."""
    return f"You have done {names_of(modules)}." if modules else ""


def when_words(session: SessionFacts) -> str:
    """`Tuesday 15 January and Wednesday 16 January, 9:30am, Room 2`."""
    days = and_words(day_words(day.starts_at) for day in session.days)
    first = session.days[0]
    return ", ".join(part for part in (days, time_words(first.starts_at), first.place) if part)


def last_words(name: str, last: SessionFacts | None, *, is_over: bool) -> str:
    """Say when a module was, or is, held for the last time (`Module 2 was last on 13 March 2019`)."""
    if last is None:
        return f"{name} has no dates yet."
    return f"{name} {'was' if is_over else 'is'} last on {date_words(last.starts_at)}."


def why_words(name: str, offers: Sequence[Offer], usable: int, struck: int, *, clashing: bool) -> str:
    """Say why none of the dates that a module still has will do, so many of them usable or struck out by herself."""
    if not offers:
        return ""
    if any(each.reason is Reason.NOT_IN_AUDIENCE for each in offers[0].objections):
        return f"{name} is not meant for your role. Ask Workforce Development if you need it."
    if clashing:
        return "Its dates clash with those of the other modules that you still need."
    if usable:
        return "Its dates come before everything that it needs can be done."
    if struck == len(offers):
        return "You cannot come on any of its days."
    if all(is_full(each) for each in offers):
        return "All its dates are full."
    return "You cannot have any of its dates."


def date_label(offer: Offer, *, usable: bool, struck: bool, clashing: bool) -> tuple[str, str]:
    """Say of one date of the module that stops a plan why it will not do."""
    if struck:
        return "You cannot come that day", "neutral"
    if usable:
        return ("Clashes with the others" if clashing else "Before what it needs is done"), "neutral"
    return ("Full", "neutral") if is_full(offer) else label(offer)


def asking_words(offer: Offer, against: Sequence[Objection]) -> str:
    """Say what asking for a session will mean."""
    if against:
        return "Cannot be booked"
    if offer.module.is_drop_in:
        return "Just come: it goes into your diary"
    if is_full(offer):
        return "Full: you join the waiting list"
    return "A place, on condition of what comes before it" if offer.objections or offer.rests_on else "A place"


def plain_day(at: datetime) -> str:
    """`13 March`."""
    return date_words(at).rpartition(" ")[0]
