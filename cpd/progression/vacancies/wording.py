"""Vacancies and ceilings in words: how much is left, and why something is refused."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from cpd.progression.vacancies.rules import Room, RoomObjection, RoomReason, VacancyFault, VacancyStatus
from cpd.shared.wording import date_words

STATES = {
    VacancyStatus.OPEN: ("Open", "done"),
    VacancyStatus.FILLED: ("Filled", "neutral"),
    VacancyStatus.CLOSED: ("Closed", "neutral"),
}
"""How a vacancy stands: the words and the tone of its status tag."""

ROOM_REASONS = {
    RoomReason.NO_VACANCY: "This step leads only into a post that is free, and no vacancy was chosen. Choose one of "
    "the open vacancies, or ask HR when the next one comes.",
    RoomReason.VACANCY_FILLED: "This vacancy is filled already. Choose another open vacancy, or ask HR when the next "
    "one comes.",
    RoomReason.VACANCY_CLOSED: "This vacancy was closed. Choose another open vacancy, or ask HR why it was closed.",
    RoomReason.VACANCY_NOT_OPEN_YET: "This vacancy is not open yet. Come back on its first day.",
    RoomReason.VACANCY_OVER: "The last day for this vacancy has passed. Choose another open vacancy, or ask HR "
    "whether it can be opened for longer.",
    RoomReason.VACANCY_OF_ANOTHER_LEVEL: "This vacancy is of another career level than this step leads to. Choose a "
    "vacancy of the level that it leads to.",
    RoomReason.HAS_ROOM_ALREADY: "This request has its room already. Look at the request: it was enacted.",
}
"""Each reason with the next step, for whoever tried; that of a full ceiling has figures (`say_room`)."""

VACANCY_FAULTS = {
    VacancyFault.NO_TITLE: "Enter what the post is called",
    VacancyFault.NO_SERVICE: "Enter the team or service of the post",
    VacancyFault.NO_WAY_TO_APPLY: "Write how to apply",
    VacancyFault.NOT_SUCH_A_LEVEL: "Choose a career level to which a step of the scheme leads by a vacancy",
    VacancyFault.NO_FTE: "Enter full-time equivalents above 0 and up to 1, such as 1 or 0.6",
    VacancyFault.ENDS_FIRST: "The last day must be the same as or after the first day",
    VacancyFault.ENDED: "The last day must be today or later",
    VacancyFault.FILLED: "This vacancy is filled. Open a new one if there is another post.",
    VacancyFault.CLOSED_ALREADY: "This vacancy was closed already. Open a new one if the post is free again.",
    VacancyFault.NO_REASON: "Write why it is closed",
    VacancyFault.NOT_HER_TASK: "HR and the operations manager keep vacancies. Ask one of them.",
}
"""Each reason with the next step, for whoever tried."""


def fte_words(fte: Decimal) -> str:
    """`50`, `0.6`, `31.45`: full-time equivalents as people write them."""
    return f"{fte.normalize():,f}"


def room_words(room: Room) -> str:
    """`31.4 of 50 FTE taken; 18.6 left`."""
    taken = f"{fte_words(room.taken)} FTE taken"
    if room.ceiling is None or room.left is None:
        return f"{taken}; no ceiling"
    return f"{fte_words(room.taken)} of {fte_words(room.ceiling)} FTE taken; {fte_words(room.left)} left"


def say_room(objection: RoomObjection) -> str:
    """Say why there is no room, and what to do next."""
    if objection.reason is not RoomReason.CEILING_REACHED or objection.room is None or objection.fte is None:
        return ROOM_REASONS[objection.reason]
    return (
        f"The ceiling of this step has no room for {fte_words(objection.fte)} FTE: {room_words(objection.room)}. "
        "Nothing was changed. Wait until room is given back, or ask the Assistant Director for a higher ceiling."
    )


def days_words(open_from: date, open_until: date | None) -> str:
    """`1 March 2019 to 31 March 2019`, `From 1 March 2019, until it is filled or closed`."""
    if open_until is None:
        return f"From {date_words(open_from)}, until it is filled or closed"
    return f"{date_words(open_from)} to {date_words(open_until)}"
