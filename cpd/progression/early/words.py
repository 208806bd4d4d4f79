"""How early-career programmes are said to people: states, faults, kinds."""

from __future__ import annotations

from cpd.progression.early.course import PauseKind, Period, Point, State
from cpd.progression.early.rules import Fault, Outcome, Party, RelationshipKind
from cpd.schemes.early_career_shape import Frequency
from cpd.shared.wording import counted, date_words

LABELS = {
    State.DONE: ("Done", "done"),
    State.LATE: ("Late", "attention"),
    State.DUE: ("Due now", "open"),
    State.AHEAD: ("Not due yet", "neutral"),
    State.PAUSED: ("Paused", "waiting"),
    State.LEFT_OUT: ("Left out", "neutral"),
    State.OVER: ("Not needed any more", "neutral"),
}
"""How a point stands: the words of its tag, and the tag's tone."""

KINDS = {
    RelationshipKind.ASSESSOR: "Assessor",
    RelationshipKind.PRINCIPAL_PRACTITIONER: "Principal Practitioner",
    RelationshipKind.PRACTICE_EDUCATOR: "Practice Educator",
    RelationshipKind.MENTOR: "Mentor",
    RelationshipKind.BUDDY: "Buddy",
}

PAUSES = {
    PauseKind.LEAVE: "Leave: sickness, bereavement or parental leave",
    PauseKind.SUPPORT: "The support that was promised was not there",
    PauseKind.OTHER: "Something else",
}

OUTCOMES = {Outcome.PASSED: "Passed", Outcome.FAILED: "Not passed", Outcome.WITHDRAWN: "Withdrawn"}
PARTIES = {Party.WORKER: "The worker", Party.ASSESSOR: "The assessor", Party.MANAGER: "The line manager"}
FREQUENCIES = {Frequency.WEEKLY: "weekly", Frequency.FORTNIGHTLY: "fortnightly", Frequency.MONTHLY: "monthly"}

FAULTS = {
    Fault.NOT_OFFERED: "The programme is not offered on that day. Choose another day, or another programme.",
    Fault.NO_LEVEL: "The career level is not one for this programme. Ask HR to put the post right, or choose another.",
    Fault.ENROLLED_ALREADY: "There is a programme already. One runs at a time: end that first.",
    Fault.ENDED: "The programme has ended, so nothing more can be changed.",
    Fault.PAUSED_ALREADY: "There is a pause already that is not over. Say first when it ended.",
    Fault.NOT_PAUSED: "There is no pause that is still open.",
    Fault.BEFORE_THE_START: "That is before the programme began. Choose a later day, or put the start right first.",
    Fault.OVERLAPS: "Another pause is on some of the same days. Choose other days, or take the other one back.",
    Fault.BACK_FIRST: "The day back must be after the first day of the pause.",
    Fault.AHEAD: "That day is still ahead. Enter it once it is past.",
    Fault.NO_REASON: "Write why: a reason is needed.",
    Fault.TOO_LONG: "An extension is at most 104 weeks. Enter fewer.",
    Fault.TOO_EARLY: "It is too early for this one. Its page says from which day it can be held.",
    Fault.SIGNED_ALREADY: "You have signed this agreement already.",
    Fault.NO_AGREEMENT: "No agreement is written yet. Write it first, then sign it.",
    Fault.OTHER_VERSION: "The agreement was written anew in the meantime. Read it again, then sign it.",
    Fault.NOT_EVERY_STATEMENT: "Choose one of the four for every statement.",
    Fault.HELD_ALREADY: "That is written down already for this day.",
    Fault.HERSELF: "Nobody can be their own support. Choose somebody else.",
    Fault.NOT_HERE: "That person has no post here today. Choose somebody who has.",
    Fault.ASSESSOR_ALREADY: "There is an assessor from then on. Choose a later day, or end the other one first.",
    Fault.SUPPORTS_ALREADY: "That person does so already.",
    Fault.ENDS_FIRST: "It must end after it begins.",
    Fault.BY_THE_PANEL: "The panel says whether it is passed. Only that somebody withdrew can be written here.",
    Fault.NOBODY: "Choose at least one person.",
    Fault.IN_THE_PAUSE: "That day lies in a pause. Choose another, or put the pause right.",
    Fault.OWN: "This is your own programme. Somebody else has to do this.",
    Fault.BEFORE_THE_LAST_ENDED: "An earlier programme ended after that day. Enter a day on or after its end.",
    Fault.COHORT_IN_USE: "Somebody is or was in this cohort, so it stays. Whoever is in it can be moved to another.",
    Fault.NOT_ENDED: "The programme has not ended, so there is nothing to take back.",
    Fault.ON_ANOTHER: "Another programme has begun since. End that one first.",
    Fault.NO_START: "The usual first day is not known. Enter the day on which it begins.",
}
"""Why nothing was done, and what to do instead."""


def point_words(point: Point) -> str:
    """Say when something is due or was done."""
    if point.state is State.DONE and point.held_on:
        return f"Done on {date_words(point.held_on)}"
    due = date_words(point.due_on)
    if point.state is State.LATE:
        return f"Was due on {due}"
    if point.rests:
        return f"Was due on {due}, before the pause; it can wait until the pause is over"
    if point.state is State.PAUSED:
        return f"Would be due on {due}; moves with the pause"
    if point.state is State.DUE:
        return f"Due by {due}"
    if point.state is State.AHEAD:
        return f"From {date_words(point.opens_on)}, due by {due}"
    return f"Was optional, by {due}" if point.state is State.LEFT_OUT else ""


def left_words(days: int) -> str:
    """Say how long something is still ahead, or for how long it has been late."""
    if days == 0:
        return "today"
    return f"in {counted(days, 'day')}" if days > 0 else f"{counted(-days, 'day')} late"


def yours_words(yours: int, late: int) -> str:
    """Say how much of what is late whoever assesses somebody has to do: `2 of them yours`."""
    if yours == late:
        return "yours to do" if late == 1 else "all yours to do"
    return f"{yours} of them yours to do" if yours else "none yours to do"


def period_words(period: Period) -> str:
    """Say which stretch of days a period of supervision was."""
    return f"from {date_words(period.first_day)}, {FREQUENCIES[period.frequency]}"
