"""Taking a file of bookings that were given before this system was used: all of it, or nothing (G-6).

What was promised stays promised: nobody's prerequisites or role are judged anew, and nobody is told what
she knows already. Her diary has it all the same. What lacks its basis afterwards is for the cascade.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from cpd.booking import telling
from cpd.booking.cascade import look_again
from cpd.booking.facts import Standpoint, Terms, place_request
from cpd.booking.meant import Offering, offering_of
from cpd.booking.models import Booking
from cpd.booking.places import BROUGHT_IN, ask_to_settle_for, gather, next_number, remember, settle
from cpd.booking.reading import Known, KnownPerson, ReadBooking, ReadBookings, read_bookings
from cpd.booking.rules import LIVE, HeldBooking, Status
from cpd.people import service as people
from cpd.people.models import Person
from cpd.shared import clock
from cpd.shared.database import db
from cpd.shared.reading import Note
from cpd.shared.tables import TableRefused, read_table
from cpd.shared.unit_of_work import one_transaction, only_tried
from cpd.shared.wording import day_words
from cpd.timetable import service as timetable
from cpd.timetable.facts import SessionFacts


@dataclass(frozen=True, slots=True)
class TakenRow:
    """A row as it was understood; `is_new` is False where the booking was there already.

    `status` is what the booking is once the file is taken: somebody who waited may have got a place.
    `lacks_basis` is whether it lacks what it rests on, of which she is told.
    """

    row: int
    name: str
    title: str
    session: SessionFacts
    said: Status
    status: Status
    is_new: bool
    lacks_basis: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a file: how many bookings were taken, and what was not taken and why."""

    taken: int
    unchanged: int
    held_back: tuple[Note, ...]
    refused: tuple[Note, ...]
    unknown_columns: tuple[str, ...] = ()
    rows: tuple[TakenRow, ...] = ()


class BookingsRefused(Exception):  # noqa: N818 - a refusal is an answer, not a failure
    """At least one row was refused, so nothing is written."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(f"{len(outcome.refused)} refused")
        self.outcome = outcome


@one_transaction
def take_bookings(filename: str, content: bytes, *, by: int | None) -> Outcome:
    """Take bookings from a .csv, .xlsx, .xls or .ods file, in a number of queries that no row adds to.

    Confirmed ones get their places in the order in which they were received, then the others wait in theirs,
    behind those who wait already. The same file again changes nothing. Somebody signed in (`by`) brings in
    her own organisation's people only.

    Raises:
        BookingsRefused: a row was refused.
        TableRefused: the file as a whole cannot be read.
    """
    read = read_bookings(read_table(filename, content), _known(by))
    if read.findings.refused:
        raise BookingsRefused(_outcome(read, [], 0))
    if not read.bookings:
        return _outcome(read, [], 0)
    return _Taking(read, f"brought in from {filename}", by).take()


def try_bookings(filename: str, content: bytes, *, by: int | None) -> Outcome:
    """Say what taking a file would do; nothing is written. Raises `TableRefused`."""
    try:
        with only_tried():
            outcome = take_bookings(filename, content, by=by)
    except BookingsRefused as refused:
        return refused.outcome
    return outcome


class _Taking:
    """The taking of one file, under the locks of its sessions and people."""

    def __init__(self, read: ReadBookings, reason: str, by: int | None) -> None:
        self.read = read
        self.reason = reason
        self.by = by
        persons = {each.person.id for each in read.bookings}
        self.locked = timetable.lock_sessions({each.session.id for each in read.bookings})
        self.crowd = gather(self.locked.values(), persons)
        self.sessions = {each.id: each for each in timetable.sessions_by_id(self.locked)}  # in order of time
        self.new: dict[int, Booking] = {}
        self.there: list[ReadBooking] = []

    def take(self) -> Outcome:
        """Give places to those who were promised them, then put the others on the lists."""
        self._settle()  # whoever is owed a place already comes first
        fresh = self._compared()
        promised = [each for each in fresh if each.status is Status.CONFIRMED]
        self._judge(promised)
        if self.read.findings.refused:
            raise BookingsRefused(_outcome(self.read, [], 0))
        self._number(fresh)
        self._add(promised)
        self.crowd.promised.update(self.new[each.row].id for each in promised)
        self._settle()
        if any(self.new[each.row].status != Status.CONFIRMED for each in promised):
            raise TableRefused("Somebody on a waiting list is owed a place first. Try again in a minute.")
        self._add([each for each in fresh if each.status is Status.WAITING])
        self._settle()
        persons = sorted({each.person.id for each in fresh})
        look_again(persons)
        ask_to_settle_for(persons, besides=self.locked.keys())
        return _outcome(self.read, self._rows(), len(fresh))

    def _settle(self) -> None:
        for each in self.sessions:
            settle(self.locked[each], self.crowd)

    def _compared(self) -> list[ReadBooking]:
        """Part what is new from what is there already, and hold back what has changed since."""
        ended = _ended(self.read.bookings)
        first: dict[tuple[int, int], int] = {}
        fresh = []
        for booking in self.read.bookings:
            key = booking.person.id, booking.session.id
            held = self._held(booking)
            if first.setdefault(key, booking.row) != booking.row:
                self.read.refuse(booking.row, "email", f"row {first[key]} is of the same person and session")
            elif held and booking.status is Status.CONFIRMED and held.status is Status.WAITING:
                self.read.hold_back(
                    booking.row,
                    "status",
                    "this person waits for the session here: give the place on the session's list",
                )
            elif held:
                self.there.append(booking)
            elif key in ended:
                self.read.hold_back(booking.row, "status", "this booking has ended since and is not taken again")
            elif self._can_be_booked(booking):
                fresh.append(booking)
        return fresh

    def _held(self, booking: ReadBooking) -> HeldBooking | None:
        """Return the live booking that she has on the session of a row."""
        mine = self.crowd.standpoints[booking.person.id].bookings
        return next((each for each in mine if each.training_session_id == booking.session.id), None)

    def _can_be_booked(self, booking: ReadBooking) -> bool:
        """Look whether there is something to book; what is over is held back."""
        session = self.sessions[booking.session.id]
        if session.status != "published":
            words = "cancelled" if session.status == "cancelled" else "a draft: publish it first"
            self.read.refuse(booking.row, "start_date", f"this session is {words}")
        elif session.starts_at <= self.crowd.terms.now:
            self.read.hold_back(
                booking.row, "start_date", "this session has begun; bring in who has done it with the completions"
            )
        elif booking.status is Status.WAITING and self._is_drop_in(session):
            self.read.refuse(booking.row, "status", "nobody waits for a session that needs no booking: write confirmed")
        else:
            return True
        return False

    def _judge(self, promised: Sequence[ReadBooking]) -> None:
        """Refuse what cannot all be true: more places than there are, two things at one time, a module twice."""
        standpoints = dict(self.crowd.standpoints)
        free = {
            each.id: None if each.capacity is None else each.capacity - each.places_taken
            for each in self.locked.values()
        }
        for booking in promised:
            session = self.sessions[booking.session.id]
            standpoint = standpoints[booking.person.id]
            reason = _objection(standpoint, session, self.crowd.terms)
            left = free[session.id]
            takes_place = not self._is_drop_in(session)
            if reason:
                self.read.refuse(booking.row, "start_date", reason)
            elif takes_place and left is not None and left <= 0:
                words = f"the session has {session.capacity} places, and all of them are taken before this row"
                self.read.refuse(booking.row, "status", words)
            else:
                free[session.id] = left if left is None or not takes_place else left - 1
                standpoints[booking.person.id] = _with_place(standpoint, booking, session, self.crowd.terms)

    def _number(self, fresh: Sequence[ReadBooking]) -> None:
        """Make the bookings, with numbers by the moment of receipt behind those already there."""
        for each in fresh:
            session = self.sessions[each.session.id]
            drop_in = self._is_drop_in(session)
            self.new[each.row] = Booking(
                organisation_id=session.organisation_id,
                person_id=each.person.id,
                training_session_id=session.id,
                status=Status.CONFIRMED if drop_in else Status.WAITING,
                takes_place=not drop_in,
                request_number=next_number(self.locked[session.id]),
                requested_at=each.received_at,
                confirmed_at=self.crowd.terms.now if drop_in else None,
                booked_by_id=self.by or each.person.id,
            )

    def _add(self, rows: Sequence[ReadBooking]) -> None:
        """Write bookings, and put what is simply in the diary there."""
        for each in rows:
            if each.status is Status.WAITING:
                self.new[each.row].replaces_id = self._place_beside(each)
        db.session.add_all([self.new[each.row] for each in rows])
        db.session.flush()
        dropping_in: defaultdict[int, list[Booking]] = defaultdict(list)
        for each in rows:
            booking, session = self.new[each.row], self.sessions[each.session.id]
            verb = BROUGHT_IN if each.status is Status.CONFIRMED else "asked"
            remember(booking, verb, by=self.by, reason=self.reason)
            if each.status is Status.WAITING or not booking.takes_place:
                self._stand(booking, session)
            if not booking.takes_place:
                dropping_in[session.id].append(booking)
        for session_id, bookings in dropping_in.items():
            session = self.sessions[session_id]
            telling.enter_in_diaries(bookings, session, self.crowd.terms.modules[session.module_id])

    def _stand(self, booking: Booking, session: SessionFacts) -> None:
        """Let the act know of a booking that settling does not give."""
        days = [(day.starts_at, day.ends_at) for day in session.days]
        standpoint = self.crowd.standpoints[booking.person_id]
        module = self.crowd.terms.modules[session.module_id]
        self.crowd.standpoints[booking.person_id] = standpoint.having(telling.held(booking, session), days, module)

    def _place_beside(self, row: ReadBooking) -> int | None:
        """Return the booking of her place on another session of the module: she would exchange it for this one."""
        session = self.sessions[row.session.id]
        another = place_request(self.crowd.standpoints[row.person.id], session, self.crowd.terms).another
        return another.id if another else None

    def _is_drop_in(self, session: SessionFacts) -> bool:
        return self.crowd.terms.modules[session.module_id].booking_mode == "drop_in"

    def _rows(self) -> list[TakenRow]:
        """List what was understood, in the order of the file."""
        rows = []
        for each in sorted(self.read.bookings, key=lambda booking: booking.row):
            new, held = self.new.get(each.row), self._held(each)
            if new is None and each not in self.there:
                continue
            session = self.sessions[each.session.id]
            title = self.crowd.terms.modules[session.module_id].full_title
            status = Status(new.status) if new else held.status if held else each.status
            lacks = new is not None and new.lacks_basis_since is not None
            rows.append(TakenRow(each.row, each.person.name, title, session, each.status, status, bool(new), lacks))
        return rows


def _known(by: int | None) -> Known:
    """Load everybody, and what each organisation's people may book: what rows may speak of."""
    wanted = select(Person.email, Person.id, Person.organisation_id, Person.name)
    if by is not None:
        wanted = wanted.where(Person.organisation_id == people.get_person(by).organisation_id)
    known = {row.email: KnownPerson(row.id, row.organisation_id, row.name) for row in db.session.execute(wanted)}
    organisations = {each.organisation_id for each in known.values()}
    return Known(known, {each: _offering_of(each) for each in organisations}, clock.now())


def _offering_of(organisation_id: int) -> Offering:
    """Load what one organisation's people may book; drafts and what is over stand there to be named."""
    return offering_of(timetable.list_sessions(timetable.Wanted(organisation_id, drafts=True)), organisation_id)


def _ended(bookings: Collection[ReadBooking]) -> set[tuple[int, int]]:
    """Read which of these people's bookings of these sessions have ended: one query."""
    wanted = select(Booking.person_id, Booking.training_session_id).where(
        Booking.person_id.in_({each.person.id for each in bookings}),
        Booking.training_session_id.in_({each.session.id for each in bookings}),
        Booking.status.not_in(LIVE),
    )
    return {(row.person_id, row.training_session_id) for row in db.session.execute(wanted)}


def _objection(standpoint: Standpoint, session: SessionFacts, terms: Terms) -> str:
    """Say why a place cannot be true beside what else she has, or nothing."""
    request = place_request(standpoint, session, terms)
    if request.clashes:
        clash = request.clashes[0]
        on = f" on {day_words(clash.starts_at)}" if clash.starts_at else ""
        return f"it clashes with {clash.title} in the same diary{on}"
    if request.another and not request.is_drop_in:
        return f"there is a place on another session of this module, on {day_words(request.another.starts_at)}"
    return ""


def _with_place(standpoint: Standpoint, row: ReadBooking, session: SessionFacts, terms: Terms) -> Standpoint:
    """Return where she would stand with the place of a row."""
    module = terms.modules[session.module_id]
    held = HeldBooking(
        -row.row,
        session.id,
        session.module_id,
        Status.CONFIRMED,
        module.booking_mode != "drop_in",
        False,
        session.starts_at,
        session.ends_at,
        True,
        row.received_at,
    )
    return standpoint.having(held, [(day.starts_at, day.ends_at) for day in session.days], module)


def _outcome(read: ReadBookings, rows: Sequence[TakenRow], taken: int) -> Outcome:
    return Outcome(
        taken,
        sum(not each.is_new for each in rows),
        tuple(read.findings.held_back),
        tuple(read.findings.refused),
        read.columns.unknown,
        tuple(rows),
    )
