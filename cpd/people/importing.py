"""Taking HR's file of people: all of it or nothing, or every row that is good.

The file is what holds. A row adds somebody, or supersedes what it says differently; who is absent from
it is listed and stays. A post that begins later ends the one before it; a correction of the same post
supersedes it, so that it can still be told what was believed before (W-6, AMB-10, AMB-39).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from cpd.people import held as register_of
from cpd.people import service, taking
from cpd.people.held import Held, Register
from cpd.people.reading import ReadPeople, ReadPerson
from cpd.people.rules import PersonKey, PostTerms, change_of_posts, circles, decided_level
from cpd.people.taking import Taking
from cpd.shared import clock
from cpd.shared.reading import Note
from cpd.shared.roles import Role
from cpd.shared.unit_of_work import one_transaction
from cpd.shared.wording import date_words

SAID_OF_PERSON = ("email", "name", "qualified_on", "registered_on")
SAID_OF_POST = ("team", "career_level", "staff_type", "fte")
SHOWN_OF_CIRCLE = 5


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a file: how many were taken (added or changed), and what was not taken and why.

    `absent` are the people of its organisations whom it does not name, each as `organisation number`.
    """

    taken: int
    unchanged: int
    held_back: tuple[Note, ...]
    refused: tuple[Note, ...]
    absent: tuple[str, ...] = ()
    unknown_columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _File:
    """A file beside what is known: what each check needs. `employer_id` is the only one that may be changed."""

    read: ReadPeople
    known: Register
    employer_id: int | None
    explains: bool
    may_give_roles: bool

    def key(self, row: ReadPerson) -> PersonKey:
        """Say of whom a row speaks."""
        return self.known.organisations[row.organisation].id, row.employee_number

    def note(self, row: ReadPerson, field: str, reason: str) -> Note:
        """Say what is wrong with a cell."""
        return Note(row.row, self.read.columns.heading(field), reason)


@one_transaction
def import_people(read: ReadPeople, *, by: int | None, dry_run: bool = False, take_good_rows: bool = False) -> Outcome:
    """Take a file of people, in a fixed number of queries whatever its rows.

    One refused row means that nothing is written, unless `take_good_rows`. Somebody signed in (`by`) changes
    her own organisation's people only, and their roles only as an administrator.
    Each new person is sent a link to choose a password.
    """
    known = register_of.load({row.organisation for row in read.people})
    sender = service.get_person(by) if by is not None else None
    file = _File(
        read,
        known,
        sender.organisation_id if sender else None,
        explains=take_good_rows,
        may_give_roles=sender is None or Role.ADMINISTRATOR in sender.roles,
    )
    rows, notes = _sifted(file)
    refused = tuple(sorted((*read.refused, *notes), key=lambda note: note.row))
    absent = tuple(_absent(file))
    if refused and not take_good_rows:
        return Outcome(0, 0, (), refused, absent, read.columns.unknown)
    takings = [_taking(file, row, clock.today()) for row in rows]
    changes = [each for each in takings if each.changes_something]
    if not dry_run:
        taking.take(changes, known, by=by)
    unchanged = len(takings) - len(changes)
    return Outcome(
        len(changes), unchanged, tuple(_against_decisions(file, rows)), refused, absent, read.columns.unknown
    )


def _sifted(file: _File) -> tuple[list[ReadPerson], list[Note]]:
    """Part the good rows from the others; a row that relies on a refused one is refused with it."""
    rows, refused = list(file.read.people), [*_in_wrong_organisation(file), *_with_roles_of_others(file)]
    while True:
        bad = {note.row for note in refused}
        rows = [row for row in rows if row.row not in bad]
        found = [*_with_taken_address(file, rows), *_without_manager(file, rows), *_in_circles(file, rows)]
        if not found:
            return rows, refused
        refused += found


def _against_decisions(file: _File, rows: Sequence[ReadPerson]) -> Iterator[Note]:
    """Tell of rows that know nothing of a decision: what else they say is taken, the decided level stays (AMB-03)."""
    for row in rows:
        held = file.known.people.get(file.key(row))
        decided = decided_level(held.posts, _terms(file, row, held).career_level, row.starts_on) if held else None
        if held is None or held.newest is None or decided is None:
            continue
        made_it = f"a decision made it {decided.career_level} from {date_words(decided.from_day)}"
        ends_on = _ends_on(file, row, held)
        if ends_on and ends_on <= decided.from_day:
            yield file.note(row, "leaves_on", f"{made_it}, which comes to nothing: the last day is before it")
            continue
        if file.read.says("staff_type") and row.staff_type != held.newest.terms.staff_type:
            way_on = f"who is {row.staff_type} now has it too, unless it is asked that the change be taken back"
            yield file.note(row, "staff_type", f"{made_it}: {way_on}")
        if file.read.says("career_level") and row.career_level != decided.career_level:
            way_on = (
                f"only a new decision leads back to {decided.before}"
                if row.career_level == decided.before
                else "another one counts in a row that begins after that day"
            )
            yield file.note(row, "career_level", f"{made_it}, which stays: enter {decided.career_level}; {way_on}")


def _in_wrong_organisation(file: _File) -> Iterator[Note]:
    """Refuse rows of organisations that are not known, or not hers who sends the file."""
    codes = ", ".join(sorted(file.known.organisations)) or "none yet"
    for row in file.read.people:
        organisation = file.known.organisations.get(row.organisation)
        if organisation is None:
            reason = f"there is no organisation {row.organisation} (known: {codes}); `flask import scheme` makes one"
            yield file.note(row, "organisation", reason)
        elif file.employer_id not in (None, organisation.id):
            yield file.note(row, "organisation", "you can only change the people of your own organisation")


def _with_roles_of_others(file: _File) -> Iterator[Note]:
    """Refuse changed roles from anybody but an administrator, or people could give themselves any power."""
    if file.may_give_roles or not file.read.says("roles"):
        return
    for row in file.read.people:
        held = file.known.people.get(file.key(row)) if row.organisation in file.known.organisations else None
        if row.roles != frozenset(held.grants if held else ()):
            reason = "only an administrator gives or takes roles; leave them as they are, or ask an administrator"
            yield file.note(row, "roles", reason)


def _with_taken_address(file: _File, rows: Sequence[ReadPerson]) -> Iterator[Note]:
    """Refuse an address that is somebody else's, unless she gives it up in the same file."""
    given_up = {
        held.email for row in rows if (held := file.known.people.get(file.key(row))) and held.email != row.email
    }
    for row in rows:
        owner = file.known.owners.get(row.email)
        if row.email in file.known.addresses_elsewhere:
            yield file.note(row, "email", "somebody in another organisation has this address")
        elif owner not in (None, file.key(row)) and row.email not in given_up:
            yield file.note(row, "email", f"employee {owner[1] if owner else ''} has this address")


def _without_manager(file: _File, rows: Sequence[ReadPerson]) -> Iterator[Note]:
    """Refuse managers whom nobody knows; they may stand later in the file, or be known already."""
    here = {file.key(row) for row in rows} | file.known.people.keys()
    for row in rows:
        manager = _manager_said(file, row)
        refused_at = file.read.rows_of.get((row.organisation, row.manager_employee_number))
        if manager is None or manager in here:
            continue
        if refused_at is None:
            yield file.note(row, "manager_employee_number", f"nobody at {row.organisation} has the number {manager[1]}")
        elif file.explains:
            yield file.note(row, "manager_employee_number", f"the manager's own row {refused_at} is refused")


def _in_circles(file: _File, rows: Sequence[ReadPerson]) -> Iterator[Note]:
    """Refuse rows by which people would manage one another in a circle."""
    manager_of = {key: held.newest.terms.manager for key, held in file.known.people.items() if held.newest}
    if file.read.says("manager_employee_number"):
        manager_of |= {file.key(row): _manager_said(file, row) for row in rows}
    in_circle = {key: circle for circle in circles(manager_of) for key in circle}
    for row in rows:
        if circle := in_circle.get(file.key(row)):
            yield file.note(row, "manager_employee_number", _say_circle(circle))


def _say_circle(circle: Sequence[PersonKey]) -> str:
    if len(circle) == 1:
        return "nobody can be her own manager"
    shown = [number for _, number in circle[:SHOWN_OF_CIRCLE]]
    shown.append("…" if len(circle) > SHOWN_OF_CIRCLE else shown[0])
    return f"these people would manage one another in a circle: {' → '.join(shown)}"


def _manager_said(file: _File, row: ReadPerson) -> PersonKey | None:
    """Return whom a row names as manager."""
    number = row.manager_employee_number
    return (file.known.organisations[row.organisation].id, number) if number else None


def _absent(file: _File) -> Iterable[str]:
    """List those whom the file might name and does not, leavers apart."""
    codes = {organisation.id: code for code, organisation in file.known.organisations.items()}
    today = clock.today()
    for (organisation_id, number), held in sorted(file.known.people.items()):
        working = held.newest and (held.newest.ends_on is None or held.newest.ends_on > today)
        if working and (codes[organisation_id], number) not in file.read.rows_of:
            yield f"{codes[organisation_id]} {number}"


def _taking(file: _File, row: ReadPerson, today: date) -> Taking:
    """Say what a row changes."""
    key = file.key(row)
    held = file.known.people.get(key)
    terms = _terms(file, row, held)
    roles = row.roles if file.read.says("roles") else frozenset(held.grants if held else ())
    values = {
        field: getattr(row, field)
        for field in SAID_OF_PERSON
        if held is None or (file.read.says(field) and getattr(row, field) != getattr(held, field))
    }
    posts = change_of_posts(held.posts if held else (), terms, row.starts_on, _ends_on(file, row, held), today)
    return Taking(key, held, values, posts, frozenset(roles))


def _terms(file: _File, row: ReadPerson, held: Held | None) -> PostTerms:
    """Return the terms of a row's post; what the file has no column for stays as it is, a grade with its level."""
    known = held.newest.terms if held and held.newest else PostTerms()
    said = {field: getattr(row, field) for field in SAID_OF_POST if file.read.says(field)}
    if file.read.says("manager_employee_number"):
        said["manager"] = _manager_said(file, row)
    if said.get("career_level", known.career_level) != known.career_level:
        said["grade"] = ""
    return replace(known, **said)


def _ends_on(file: _File, row: ReadPerson, held: Held | None) -> date | None:
    """Return the first day on which the post is over: the day after her last."""
    if file.read.says("leaves_on"):
        return row.leaves_on + timedelta(days=1) if row.leaves_on else None
    newest = held.newest if held else None
    if newest is None or newest.ends_on is None or (row.starts_on and newest.ends_on <= row.starts_on):
        return None
    return newest.ends_on
