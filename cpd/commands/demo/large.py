"""A large demonstration, the same each time: people by number, and sessions of 20 places.

Every second session is full with a waiting list, taken by people from the second half; the others are open, the first
of them to everybody. Rows are written in bulk, but places are given by the one function that gives them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import cycle, islice
from typing import Any

from sqlalchemy import insert, select

from cpd.booking import telling
from cpd.booking.facts import terms_for
from cpd.booking.models import Booking
from cpd.booking.places import Crowd, next_number, settle
from cpd.booking.rules import Status
from cpd.catalogue import service as catalogue
from cpd.people.models import Organisation, Person, Post, Team
from cpd.record.models import RecordFact
from cpd.requirements.record import FactKind
from cpd.shared import clock, demonstration
from cpd.shared.clock import LONDON
from cpd.shared.database import Base, db
from cpd.shared.history import AuditEvent
from cpd.shared.unit_of_work import one_transaction
from cpd.timetable import service as timetable
from cpd.timetable.models import Room, SessionDay, TrainingSession, Venue

COUNCIL = "gateshead"
TEAM_SIZE = 20
PLACES = 20
WAITING = 5
MOST_BOOKED = 10_000
"""How many people fill sessions at most: their records are loaded at once."""

OPEN = ("PS-ACES", "M2", "M3", "M4", "M5", "M6")
FULL = ("CO-PAMS", "CO-JEWISH-CULTURE", "CO-AIM", "CO-ARGUE", "CO-CAPACITY", "CO-CIN-CP", "CO-LAC", "CO-AGE-TRIPLE")
PROGRAMME = ("M1", "M2", "M3", "M4", "M5")
HALVES = ((time(9, 30), time(12, 30)), (time(13, 30), time(16, 30)))
WHOLE_DAY = (time(9, 30), time(16, 30))
FIRST_POST = date(2015, 9, 1)
SATURDAY = 5
INVENTED = "Invented for the demonstration"

Days = tuple[tuple[datetime, datetime], ...]


@dataclass(frozen=True, slots=True)
class Offer:
    """One session to be made: of which module, its days, in which room and venue, and whether people fill it."""

    module: str
    days: Days
    place: tuple[int | None, int | None]
    is_full: bool


@dataclass(slots=True)
class Pool:
    """The people who fill sessions, in turn; nobody twice on a module or at one time."""

    person_ids: Sequence[int]
    next: int = 0
    taken: dict[int, set[object]] = field(default_factory=lambda: defaultdict(set))

    def take(self, count: int, module: str, starts_at: datetime) -> list[int]:
        """Choose the next people who are free; fewer where there are not so many."""
        chosen: list[int] = []
        for _ in self.person_ids:
            if len(chosen) == count:
                break
            person_id = self.person_ids[self.next % len(self.person_ids)]
            self.next += 1
            if self.taken[person_id].isdisjoint({module, starts_at}):
                self.taken[person_id] |= {module, starts_at}
                chosen.append(person_id)
        return chosen


@one_transaction
def load_large(people: int, sessions: int, password_hash: str) -> None:
    """Make so many people and sessions, all of them or none."""
    organisation_id = _organisation_id()
    person_ids = _make_people(people, organisation_id, password_hash)
    made = _make_sessions(sessions, organisation_id)
    full = {number: offer for number, offer in made.items() if offer.is_full}
    _fill(full, organisation_id, person_ids[len(person_ids) // 2 :][:MOST_BOOKED])
    demonstration.finish()


def _make_people(count: int, organisation_id: int, password_hash: str) -> Sequence[int]:
    """Make people by number in teams of 20, the first of each its manager; the second half is on its way."""
    teams = [{"organisation_id": organisation_id, "name": f"Team {n + 1:03}"} for n in range(-(-count // TEAM_SIZE))]
    people = [_person(number, organisation_id, password_hash) for number in range(1, count + 1)]
    team_ids = _insert(Team, teams)
    ids = _insert(Person, people)
    _insert(Post, [_post(place, ids, team_ids, organisation_id) for place in range(count)])
    on_their_way = range(count // 2, count)
    facts = [_fact(ids[n], code, organisation_id) for n in on_their_way for code in PROGRAMME[: n % 6]]
    _insert(AuditEvent, [_noted(*each) for each in zip(_insert(RecordFact, facts), facts, strict=True)])
    return ids


def _make_sessions(count: int, organisation_id: int) -> dict[int, Offer]:
    """Make sessions on weekdays from next week on, two a day in each room."""
    offers = list(islice(_offers(organisation_id), count))
    module_ids = {module.code: module.id for module in catalogue.modules_of([organisation_id]).values()}
    rows = [_session(offer, module_ids[offer.module], organisation_id) for offer in offers]
    made = dict(zip(_insert(TrainingSession, rows), offers, strict=True))
    _insert(SessionDay, [_day(number, offer, day) for number, offer in made.items() for day in offer.days])
    return made


def _insert(table: type[Base], rows: Sequence[dict[str, Any]]) -> Sequence[int]:
    """Insert rows in bulk, and return their ids in order."""
    added = insert(table).returning(table.__table__.c.id, sort_by_parameter_order=True)
    return db.session.scalars(added, rows).all() if rows else []


def _fill(full: dict[int, Offer], organisation_id: int, person_ids: Sequence[int]) -> None:
    """Put people on the lists of sessions, and settle each: 20 get a place, and those after them wait."""
    pool = Pool(person_ids)
    crowd = Crowd(terms_for([organisation_id]))
    crowd.load(pool.person_ids)
    for training_session in timetable.lock_sessions(full).values():
        offer = full[training_session.id]
        bookings = [
            _request(person_id, training_session)
            for person_id in pool.take(PLACES + WAITING, offer.module, offer.days[0][0])
        ]
        db.session.add_all(bookings)
        db.session.flush()
        crowd.newcomers |= {booking.id for booking in bookings}
        settle(training_session, crowd)
        _tell_who_waits(bookings, training_session, crowd)


def _tell_who_waits(bookings: Sequence[Booking], training_session: TrainingSession, crowd: Crowd) -> None:
    """Tell those who got no place at which position they wait."""
    session = timetable.facts_of(training_session)
    module = crowd.terms.modules[session.module_id]
    waiting = [booking for booking in bookings if booking.status == Status.WAITING]
    for position, booking in enumerate(waiting, start=1):
        telling.tell("waiting", booking, session, module, crowd.standpoints[booking.person_id], position=position)


def _offers(organisation_id: int) -> Iterator[Offer]:
    """Plan sessions without end: one that is open, then one that is full."""
    rooms = _rooms(organisation_id)
    kinds = (
        kind for pair in zip(cycle(OPEN), cycle(FULL), strict=False) for kind in zip(pair, (False, True), strict=True)
    )
    for on in _weekdays():
        for half in HALVES:
            for room in rooms:
                module, is_full = next(kinds)
                if module == "M6":  # two whole days at the university
                    yield Offer(
                        module, (_span(on, WHOLE_DAY), _span(_weekday_after(on), WHOLE_DAY)), (None, None), is_full
                    )
                else:
                    yield Offer(module, (_span(on, half),), room, is_full)


def _rooms(organisation_id: int) -> list[tuple[int | None, int | None]]:
    """List the council's rooms, each with its venue."""
    wanted = select(Room.id, Room.venue_id).join(Venue, Venue.id == Room.venue_id)
    rows = db.session.execute(wanted.where(Venue.organisation_id == organisation_id).order_by(Room.id))
    return [(row[0], row[1]) for row in rows] or [(None, None)]


def _weekdays() -> Iterator[date]:
    """List the weekdays from the first Monday that is a week ahead."""
    on = clock.today() + timedelta(days=7)
    on += timedelta(days=-on.weekday() % 7)
    while True:
        yield on
        on = _weekday_after(on)


def _weekday_after(on: date) -> date:
    """Return the next day that is no weekend."""
    on += timedelta(days=1)
    return on if on.weekday() < SATURDAY else on + timedelta(days=7 - on.weekday())


def _span(on: date, hours: tuple[time, time]) -> tuple[datetime, datetime]:
    """Return when something begins and ends that is given on the wall clock."""
    return datetime.combine(on, hours[0], LONDON), datetime.combine(on, hours[1], LONDON)


def _organisation_id() -> int:
    return db.session.scalars(select(Organisation.id).where(Organisation.code == COUNCIL)).one()


def _person(number: int, organisation_id: int, password_hash: str) -> dict[str, Any]:
    return {
        "organisation_id": organisation_id,
        "employee_number": f"P{number:05}",
        "email": f"person{number:05}@demo.example",
        "name": f"Person {number:05}",
        "password_hash": password_hash,
        "created_at": clock.now(),
    }


def _post(place: int, person_ids: Sequence[int], team_ids: Sequence[int], organisation_id: int) -> dict[str, Any]:
    first = place - place % TEAM_SIZE
    return {
        "organisation_id": organisation_id,
        "person_id": person_ids[place],
        "team_id": team_ids[place // TEAM_SIZE],
        "manager_id": person_ids[first] if place != first else None,
        "starts_on": FIRST_POST,
        "source": INVENTED,
        "recorded_at": clock.real_now(),
    }


def _fact(person_id: int, module: str, organisation_id: int) -> dict[str, Any]:
    return {
        "organisation_id": organisation_id,
        "person_id": person_id,
        "kind": FactKind.COMPLETED,
        "subject": module,
        "happened_on": clock.today() - timedelta(weeks=20 - PROGRAMME.index(module)),
        "source_kind": "import",
        "source": INVENTED,
        "recorded_at": clock.real_now(),
    }


def _noted(fact_id: int, fact: dict[str, Any]) -> dict[str, Any]:
    """Return the entry of the history about a fact, as recording it would have made."""
    said = {name: fact[name] for name in ("person_id", "kind", "subject", "source_kind")}
    return {
        "organisation_id": fact["organisation_id"],
        "happened_at": clock.now(),
        "recorded_at": fact["recorded_at"],
        "verb": "recorded",
        "subject": "record_fact",
        "subject_id": fact_id,
        "after": {**said, "happened_on": fact["happened_on"].isoformat()},
    }


def _session(offer: Offer, module_id: int, organisation_id: int) -> dict[str, Any]:
    return {
        "organisation_id": organisation_id,
        "module_id": module_id,
        "status": "published",
        "capacity": PLACES,
        "capacity_invented": True,
        "starts_at": offer.days[0][0],
        "ends_at": offer.days[-1][1],
        "note": INVENTED,
        "created_at": clock.now(),
    }


def _day(training_session_id: int, offer: Offer, day: tuple[datetime, datetime]) -> dict[str, Any]:
    room_id, venue_id = offer.place
    starts_at, ends_at = day
    return {
        "training_session_id": training_session_id,
        "starts_at": starts_at,
        "ends_at": ends_at,
        "room_id": room_id,
        "venue_id": venue_id,
    }


def _request(person_id: int, training_session: TrainingSession) -> Booking:
    return Booking(
        organisation_id=training_session.organisation_id,
        person_id=person_id,
        training_session_id=training_session.id,
        status=Status.WAITING,
        takes_place=True,
        request_number=next_number(training_session),
        requested_at=clock.now(),
        booked_by_id=person_id,
    )
