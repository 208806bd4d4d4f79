"""Taking a file of completions into people's records: all of it, or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select

from cpd.catalogue import service as catalogue
from cpd.people.models import Organisation, Person
from cpd.record import service
from cpd.record.completions import Completion, Known, KnownModule, ReadCompletions, read_completions
from cpd.record.facts import FactSaid
from cpd.record.models import RecordFact
from cpd.requirements.record import FactKind
from cpd.shared import clock
from cpd.shared.database import db
from cpd.shared.reading import Note
from cpd.shared.tables import read_table
from cpd.shared.unit_of_work import one_transaction

IMPORT = "import"
REIMPORTED = "the imported file says so now"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a file: how many completions were taken (added or changed), and what was not taken and why."""

    taken: int
    unchanged: int
    held_back: tuple[Note, ...]
    refused: tuple[Note, ...]
    unknown_columns: tuple[str, ...] = ()


@dataclass(slots=True)
class _Work:
    """The completions of a file by what is to be done with them."""

    new: list[FactSaid] = field(default_factory=list)
    changed: list[tuple[int, FactSaid]] = field(default_factory=list)
    unchanged: int = 0


@one_transaction
def import_completions(filename: str, content: bytes, *, by: int | None, dry_run: bool = False) -> Outcome:
    """Take completions from a .csv, .xlsx, .xls or .ods file; a fixed number of queries whatever its rows.

    The same file again changes nothing. What was corrected or withdrawn since is held back, so that an old
    file does not undo what somebody put right. One refused row means that nothing is written.

    Raises:
        TableRefused: the file as a whole cannot be read.
    """
    read = read_completions(read_table(filename, content), _known())
    if read.refused:
        return Outcome(0, 0, tuple(read.held_back), tuple(read.refused), read.columns.unknown)
    work = _compared(read)
    if not dry_run:
        service.add_facts(work.new, by=by)
        service.correct_facts(work.changed, by=by, reason=REIMPORTED)
    taken = len(work.new) + len(work.changed)
    return Outcome(taken, work.unchanged, tuple(read.held_back), (), read.columns.unknown)


def _known() -> Known:
    """Load everybody and every module: what rows may speak of."""
    people = db.session.execute(select(Person.email, Person.id, Person.organisation_id))
    organisation_ids = db.session.scalars(select(Organisation.id)).all()
    modules = catalogue.modules_of(organisation_ids, withdrawn_too=True).values()
    return Known(
        {email: (person_id, organisation_id) for email, person_id, organisation_id in people},
        [
            KnownModule(
                module.code,
                module.organisation_id,
                tuple(
                    {
                        name
                        for name in (module.full_title, module.title, module.number_label, *module.other_names)
                        if name
                    }
                ),
            )
            for module in modules
        ],
        clock.today(),
    )


def _compared(read: ReadCompletions) -> _Work:
    """Compare a file with what the records say already, and hold back what was put right since."""
    there = _recorded(read.completions)
    work = _Work()
    for completion in read.completions:
        said = _said(completion)
        rows = there.get((said.person_id, said.subject, said.happened_on), [])
        in_force = [row for row in rows if row.superseded_at is None]
        imported = next((row for row in in_force if row.source_kind == IMPORT), None)
        if imported and imported.source != said.source:
            work.changed.append((imported.id, said))
        elif in_force:
            work.unchanged += 1
        elif rows:
            read.hold_back(
                completion.row, "completed_on", "this was corrected or withdrawn since and is not taken again"
            )
        else:
            work.new.append(said)
    return work


def _recorded(completions: Sequence[Completion]) -> dict[tuple[int, str, date], list[RecordFact]]:
    """Read what the records say, or once said, of these people's completions: one query."""
    rows = db.session.scalars(
        select(RecordFact).where(
            RecordFact.kind == FactKind.COMPLETED,
            RecordFact.person_id.in_({each.person_id for each in completions}),
            RecordFact.subject.in_({each.module for each in completions}),
        )
    )
    there: dict[tuple[int, str, date], list[RecordFact]] = {}
    for row in rows:
        there.setdefault((row.person_id, row.subject, row.happened_on), []).append(row)
    return there


def _said(completion: Completion) -> FactSaid:
    """Put a row of the file as a fact; of an imported completion only the day is known."""
    return FactSaid(
        person_id=completion.person_id,
        kind=FactKind.COMPLETED,
        subject=completion.module,
        happened_on=completion.completed_on,
        source_kind=IMPORT,
        source=completion.source,
    )
