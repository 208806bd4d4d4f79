"""Changes that HR has to enter, and the files that were taken, in a fixed number of queries whatever the rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import aliased

from cpd.people.models import Person
from cpd.progression.exports.models import ChangeExport, ExportedChange
from cpd.progression.exports.rules import Change, ChangeKind
from cpd.progression.requests import reading as requests
from cpd.progression.requests.models import Enactment
from cpd.progression.requests.reading import EnactmentFacts, RequestFacts
from cpd.progression.requests.rules import StepStatus
from cpd.progression.requests.wording import role_words
from cpd.schemes.pathway_shape import StepKind
from cpd.shared.clock import in_london
from cpd.shared.database import LARGEST_ID, db
from cpd.shared.wording import counted

PER_PAGE = 25


@dataclass(frozen=True, slots=True)
class Waiting:
    """A change that stands in no file yet; `made_by` is the name of whoever made it."""

    enactment_id: int
    request_id: int
    made_by: str
    change: Change


@dataclass(frozen=True, slots=True)
class ExportFacts:
    """One file: its number, when and by whom it was taken, how many changes it has, and whether HR has entered them."""

    id: int
    organisation_id: int
    number: int
    taken_at: datetime
    taken_by: str
    changes: int
    entered_at: datetime | None
    entered_by: str

    @property
    def label(self) -> tuple[str, str]:
        """The words and the tone of its status tag."""
        return ("Entered in HR's system", "done") if self.entered_at else ("To be entered", "waiting")

    @property
    def changes_words(self) -> str:
        """`3 changes`."""
        return counted(self.changes, "change")


@dataclass(frozen=True, slots=True)
class ExportsPage:
    """One page of files, the latest first."""

    exports: list[ExportFacts]
    page: int
    pages: int


def waiting_changes(organisation_id: int, last_id: int = LARGEST_ID) -> list[Waiting]:
    """List the changes that stand in no file yet, up to one, in the order in which they were made: seven queries."""
    wanted = (
        select(Enactment.id, Enactment.request_id, Enactment.person_id)
        .where(
            Enactment.organisation_id == organisation_id,
            Enactment.id <= last_id,
            ~exists().where(ExportedChange.enactment_id == Enactment.id),
        )
        .order_by(Enactment.id)
    )
    rows = db.session.execute(wanted).all()
    if not rows:
        return []
    found = {each.id: each for each in requests.requests_of({row.person_id for row in rows})}
    return [
        Waiting(row.id, row.request_id, request.enactment.enacted_by, _change(request, request.enactment))
        for row in rows
        if (request := found[row.request_id]).enactment
    ]


def count_waiting(organisation_id: int) -> int:
    """Count the changes that stand in no file yet. One query."""
    wanted = select(func.count(Enactment.id)).where(
        Enactment.organisation_id == organisation_id, ~exists().where(ExportedChange.enactment_id == Enactment.id)
    )
    return db.session.scalar(wanted) or 0


def page_of_exports(organisation_id: int, page: int) -> ExportsPage:
    """Read one page of an organisation's files, the latest first. Two queries."""
    ours = ChangeExport.organisation_id == organisation_id
    number = db.session.scalar(select(func.count(ChangeExport.id)).where(ours)) or 0
    pages = max(1, -(-number // PER_PAGE))
    page = min(max(page, 1), pages)
    wanted = _exports().where(ours).order_by(ChangeExport.number.desc())
    return ExportsPage(_read(wanted.limit(PER_PAGE).offset((page - 1) * PER_PAGE)), page, pages)


def find_export(export_id: int, organisation_id: int) -> ExportFacts | None:
    """Return one of an organisation's files, or None. One query."""
    ours = ChangeExport.organisation_id == organisation_id
    return next(iter(_read(_exports().where(ChangeExport.id == min(export_id, LARGEST_ID), ours))), None)


def lines_of(export_id: int) -> list[list[str]]:
    """Return the lines of a file as they were written. One query."""
    wanted = select(ExportedChange.cells).where(ExportedChange.export_id == export_id).order_by(ExportedChange.place)
    return [[str(cell) for cell in cells] for cells in db.session.scalars(wanted)]


def _change(request: RequestFacts, made: EnactmentFacts | None) -> Change:
    """Say what the file says of a change."""
    assert made is not None, "a request that is enacted has its change"  # noqa: S101
    letter = request.letter
    return Change(
        employee_number=request.employee_number,
        name=request.person,
        kind=ChangeKind.REVERSAL if request.is_reversal else ChangeKind.PROGRESSION,
        from_level=request.from_title,
        from_grade=made.from_grade,
        to_level=request.to_title,
        to_grade=made.to_grade,
        effective_on=made.effective_on,
        fte=made.fte,
        decision_reference=f"{request.id}-{letter.number}" if letter else str(request.id),
        approved_by=_approved_by(request),
        enacted_by=_enacted_by(request),
        enacted_on=in_london(made.enacted_at).date(),
    )


def _approved_by(request: RequestFacts) -> str:
    """Name the panels and roles that approved, in their order; where none did, the role that made the change."""
    done = [each for each in request.steps if each.status is StepStatus.DONE]
    named = [each.panel_title or _capital(role_words(each.role)) for each in done if not _enacts(each.step_kind)]
    return "; ".join(named) or _enacted_by(request)


def _enacted_by(request: RequestFacts) -> str:
    """Name the role that made the change."""
    return next((_capital(role_words(each.role)) for each in request.steps if _enacts(each.step_kind)), "")


def _enacts(kind: StepKind) -> bool:
    return kind is StepKind.ENACTMENT


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


_taker, _enterer = aliased(Person), aliased(Person)


def _exports() -> Select[ChangeExport, str, str, int]:
    """Ask for files with who took and entered them, and how many changes each has."""
    number = select(func.count()).where(ExportedChange.export_id == ChangeExport.id).scalar_subquery()
    return (
        select(ChangeExport, _taker.name, func.coalesce(_enterer.name, ""), number)
        .join(_taker, _taker.id == ChangeExport.taken_by_id)
        .outerjoin(_enterer, _enterer.id == ChangeExport.entered_by_id)
    )


def _read(wanted: Select[ChangeExport, str, str, int]) -> list[ExportFacts]:
    """Read files as plain values."""
    return [
        ExportFacts(row.id, row.organisation_id, row.number, row.taken_at, taken_by, number, row.entered_at, entered_by)
        for row, taken_by, entered_by, number in db.session.execute(wanted)
    ]
