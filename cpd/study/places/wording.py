"""Award places in words: which year, how an application stands, and why something is refused."""

from __future__ import annotations

from datetime import date

from cpd.requirements.record import Fact
from cpd.shared.wording import date_words
from cpd.study.places.rules import PlaceDecision, PlaceFault, PlaceStatus

STATES = {
    PlaceStatus.APPLIED: ("Sent in, no comment yet", "waiting"),
    PlaceStatus.COMMENTED: ("Sent in, to be decided", "waiting"),
    PlaceStatus.SELECTED: ("Has a place", "done"),
    PlaceStatus.WAITING: ("On the waiting list", "waiting"),
    PlaceStatus.DECLINED: ("No place this year", "neutral"),
    PlaceStatus.WITHDRAWN: ("Withdrawn", "neutral"),
}
"""How an application stands: the words and the tone of its status tag."""

CHOICES = {
    PlaceDecision.SELECT: "Give a place",
    PlaceDecision.WAIT: "Put on the waiting list",
    PlaceDecision.DECLINE: "Give no place",
}

FAULTS = {
    PlaceFault.NO_POST: "You have no post here today. Ask HR to put your post right, then apply.",
    PlaceFault.NOT_AN_EMPLOYEE: "These places are for employees of the council. Ask your own employer, agency or "
    "university what it offers.",
    PlaceFault.APPLIED_ALREADY: "You have applied for this already. You can withdraw that application and send "
    "a new one.",
    PlaceFault.NOT_OPEN_YET: "Applications for that year are not taken yet. Come back on the day they open.",
    PlaceFault.CLOSED: "Applications for this year are closed. Apply again when the next year opens.",
    PlaceFault.YEAR_OVER: "That year is over, and nothing about its places can be changed. Look at the year under way.",
    PlaceFault.NO_WORDS: "Reasons are missing. Go back and write them: they are what is sent.",
    PlaceFault.DECIDED_ALREADY: "This application was decided already. Read what was decided.",
    PlaceFault.COMMENTED_ALREADY: "The manager has commented already. Tell Workforce Development if something "
    "is missing.",
    PlaceFault.NOT_HER_MANAGER: "Only the line manager can comment. Ask HR if the line manager is wrong.",
    PlaceFault.NOT_THE_DECIDER: "Somebody else decides on these places. Ask Workforce Development who.",
    PlaceFault.OWN: "You cannot decide on your own application. Ask a colleague in the same role.",
    PlaceFault.NO_PLACE_LEFT: "The last place was given to somebody else. Put this application on the waiting list, or "
    "give no place.",
    PlaceFault.A_PLACE_IS_FREE: "A place is free, so nobody waits. Give the place, or give no place.",
    PlaceFault.NO_LONGER_AN_EMPLOYEE: "This person is not an employee today, so cannot have a place. Give no place, "
    "and say why.",
    PlaceFault.ENDED_ALREADY: "This application was withdrawn or declined already. There is nothing more to do.",
}
"""Each reason with the next step, for whoever tried."""


def credit_words(title: str, fact: Fact) -> str:
    """`Practice Educator stage one: 20 credits at level 7, 3 May 2018`."""
    amount = f"{fact.amount.normalize():f} credits" if fact.amount is not None else "credits"
    rung = f" at level {fact.academic_level}" if fact.academic_level else ""
    return f"{title}: {amount}{rung}, {date_words(fact.happened_on)}"


def year_words(first_day: date, last_day: date) -> str:
    """`1 April 2018 to 31 March 2019`."""
    return f"{date_words(first_day)} to {date_words(last_day)}"
