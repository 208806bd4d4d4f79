"""What the demonstration's people have done, booked and wait for: through the services, as in real use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from cpd.attendance.chasing import chase_open_registers
from cpd.booking.models import Booking
from cpd.booking.rules import LIVE
from cpd.booking.service import book_places, cancel_booking
from cpd.commands.demo.dates import FIRST_SESSION
from cpd.commands.demo.earlier import load_invented_sessions
from cpd.commands.demo.programme import open_programme, open_workshops, sessions_by_module
from cpd.commands.demo.progression import load_progression
from cpd.commands.demo.study import load_study
from cpd.messages.validity import write_validity
from cpd.people.models import Person
from cpd.record.service import FactSaid, add_facts
from cpd.requirements.record import FactKind
from cpd.shared import demonstration
from cpd.shared.database import db

EARLIER_TERM = {"M1": 13, "M2": 12, "M3": 12, "M4": 11, "M5": 11, "PS-GENOGRAMS": 7}
"""How many weeks before the first session each module was done; the short one lies in its window (G-5)."""

LEARNT = {
    "worker": ("M1", "M2", "M3"),
    "blocked": ("M1",),
    "ash": ("M1",),
    "flo": ("M1", "M2", "M3", "M4", "M5"),
    "gwen": ("PS-GENOGRAMS",),
    "hana": ("M1",),
    "lee": ("M1",),
}
OURS = "@demo.example"
WHERE_FROM = "An earlier term, invented for the demonstration"


@dataclass(frozen=True, slots=True)
class Asks:
    """That somebody asks for sessions in one act: each by its module and its place among the module's dates."""

    who: str
    sessions: Sequence[tuple[str, int]]
    needs: str = ""
    override_reason: str = ""


REPEATED = {"ash": ("MT-SAFEGUARDING", 154), "bay": ("MT-SAFEGUARDING", 160)}
"""Who did training that lapses after 36 months, and so many weeks before the first session: soon, and already."""

LOSES_A_BASIS = Asks("lee", [("M2", 2), ("M3", 2)])
WHOLE_ROUTE = (("M1", 0), ("M2", 1), ("M3", 1), ("M4", 1), ("M5", 1), ("M6", 0))
ASKED = (
    Asks("worker", [("M4", 1)]),
    Asks("ash", [("M2", 0), ("M3", 0)]),
    *(Asks(who, [("M2", 0)]) for who in ("bay", "dee", "eli", "gil")),
    Asks("cam", [("M2", 0)], needs="A chair near the door, and nothing with nuts"),
    Asks("hana", [("M2", 0)]),
    Asks("waiting", [("M2", 0)]),
    Asks("waiting", [("M1", 1)]),
    Asks("connie", WHOLE_ROUTE),
    Asks("gwen", [("M2", 1), ("M3", 1)]),
    Asks("flo", [("M6", 0)]),
    Asks("otis", [("M4", 1)], override_reason="Did Modules 1 and 2 with another employer; papers seen"),
    Asks("nqsw@warwickshire", [("ASYE-1", 0)]),
    LOSES_A_BASIS,
)


def load_story(weeks: int) -> None:
    """Open what is offered and let people ask for it, each act by itself; what was done already is left out."""
    people = {person.email: person for person in db.session.scalars(select(Person)).unique()}
    open_programme(people[address("workforce")], people[address("facilitator")])
    open_workshops(people[address("workforce@warwickshire")], weeks)
    learnt = [(who, module) for who, modules in LEARNT.items() for module in modules]
    add_facts([_learnt(people[address(who)], module, weeks - EARLIER_TERM[module]) for who, module in learnt], by=None)
    add_facts([_learnt(people[address(who)], module, weeks - ago) for who, (module, ago) in REPEATED.items()], by=None)
    sessions = sessions_by_module()
    for asks in ASKED:
        _ask(asks, people, sessions)
    _lose_a_basis(people[address(LOSES_A_BASIS.who)], sessions)
    load_invented_sessions(
        {email.removesuffix(OURS): each for email, each in people.items() if email.endswith(OURS)}, weeks
    )
    chase_open_registers()
    write_validity()
    load_study(people)
    load_progression(people)
    demonstration.finish()


def address(who: str) -> str:
    """Return the address of an account: Gateshead's stand at the top, other councils' below their names."""
    return f"{who}.demo.example" if "@" in who else who + OURS


def _ask(asks: Asks, people: Mapping[str, Person], sessions: Mapping[str, Sequence[int]]) -> None:
    """Ask as the person herself, or as Workforce Development where reasons are set aside; once only."""
    person = people[address(asks.who)]
    wanted = [sessions[module][place] for module, place in asks.sessions]
    by = people[address("workforce")] if asks.override_reason else person
    if not _bookings_of(person, wanted):
        book_places(person.id, wanted, by=by.id, override_reason=asks.override_reason, access_needs=asks.needs)


def _lose_a_basis(person: Person, sessions: Mapping[str, Sequence[int]]) -> None:
    """Give back the first of two places, on which the second rests."""
    module, place = LOSES_A_BASIS.sessions[0]
    for booking in _bookings_of(person, [sessions[module][place]]):
        if booking.status in LIVE:
            cancel_booking(booking.id, by=person.id, reason="On leave that day")


def _bookings_of(person: Person, training_session_ids: Sequence[int]) -> Sequence[Booking]:
    """Read what somebody has asked for already, whatever became of it."""
    wanted = select(Booking).where(
        Booking.person_id == person.id, Booking.training_session_id.in_(training_session_ids)
    )
    return db.session.scalars(wanted).all()


def _learnt(person: Person, module: str, weeks: int) -> FactSaid:
    """Say that somebody completed a module in an earlier, invented term, so many weeks from the first session."""
    return FactSaid(
        person_id=person.id,
        kind=FactKind.COMPLETED,
        subject=module,
        happened_on=FIRST_SESSION + timedelta(weeks=weeks),
        source_kind="import",
        source=WHERE_FROM,
    )
