"""What the demonstration's people have done, booked and wait for: through the services, as in real use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from cpd.booking.places import settle_what_was_asked
from cpd.booking.service import Booked, book_places, cancel_booking
from cpd.commands.demo.dates import FIRST_SESSION
from cpd.commands.demo.programme import open_programme, open_workshops, sessions_by_module
from cpd.people.models import Person
from cpd.record.service import FactSaid, add_facts
from cpd.requirements.record import FactKind
from cpd.shared import demonstration
from cpd.shared.database import db
from cpd.shared.unit_of_work import one_transaction

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
WHERE_FROM = "An earlier term, invented for the demonstration"


@dataclass(frozen=True, slots=True)
class Asks:
    """That somebody asks for sessions in one act: each by its module and its place among the module's dates."""

    who: str
    sessions: Sequence[tuple[str, int]]
    needs: str = ""
    override_reason: str = ""


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
)
LOSES_A_BASIS = Asks("lee", [("M2", 2), ("M3", 2)])
AT_WARWICKSHIRE = Asks("nqsw@warwickshire", [("ASYE-1", 0)])


def load_story(weeks: int) -> None:
    """Open what is offered and let people ask for it: all of it or nothing, then settle what follows."""
    _tell(weeks)
    settle_what_was_asked()


@one_transaction
def _tell(weeks: int) -> None:
    """Write the whole story in one transaction, and that the demonstration is loaded."""
    people = {person.email: person for person in db.session.scalars(select(Person)).unique()}
    open_programme(people[address("workforce")], people[address("facilitator")])
    open_workshops(people[address("workforce@warwickshire")], weeks)
    add_facts(
        [_learnt(people[address(who)], module, weeks) for who, modules in LEARNT.items() for module in modules], by=None
    )
    sessions = sessions_by_module()
    for asks in (*ASKED, AT_WARWICKSHIRE):
        _ask(asks, people, sessions)
    first, _ = _ask(LOSES_A_BASIS, people, sessions)
    cancel_booking(first.booking_id, by=people[address("lee")].id, reason="On leave that day")
    demonstration.finish()


def address(who: str) -> str:
    """Return the address of an account: Gateshead's stand at the top, other councils' below their names."""
    return f"{who}.demo.example" if "@" in who else f"{who}@demo.example"


def _ask(asks: Asks, people: Mapping[str, Person], sessions: Mapping[str, Sequence[int]]) -> list[Booked]:
    """Ask as the person herself, or as Workforce Development where reasons are set aside."""
    person = people[address(asks.who)]
    by = people[address("workforce")] if asks.override_reason else person
    return book_places(
        person.id,
        [sessions[module][place] for module, place in asks.sessions],
        by=by.id,
        override_reason=asks.override_reason,
        access_needs=asks.needs,
    )


def _learnt(person: Person, module: str, weeks: int) -> FactSaid:
    """Say that somebody completed a module in an earlier, invented term."""
    return FactSaid(
        person_id=person.id,
        kind=FactKind.COMPLETED,
        subject=module,
        happened_on=FIRST_SESSION + timedelta(weeks=weeks - EARLIER_TERM[module]),
        source_kind="import",
        source=WHERE_FROM,
    )
