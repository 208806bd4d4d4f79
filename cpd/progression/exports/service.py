"""Taking HR's file of changes, and ticking it off once its changes are entered."""

from __future__ import annotations

from sqlalchemy import func, select

from cpd.people import service as people
from cpd.people.models import Organisation
from cpd.progression.exports import reading
from cpd.progression.exports.models import ChangeExport, ExportedChange
from cpd.progression.exports.rules import ExportFault
from cpd.shared import clock, history
from cpd.shared.database import LARGEST_ID, db
from cpd.shared.roles import Role
from cpd.shared.seal_chain import canonical, sha256
from cpd.shared.unit_of_work import one_transaction


class ExportRefused(Exception):  # noqa: N818 - a refusal is an answer, not a failure
    """Nothing was done about a file; `fault` is the reason."""

    def __init__(self, fault: ExportFault) -> None:
        super().__init__(fault)
        self.fault = fault


@one_transaction
def take_file(organisation_id: int, *, last_id: int, by: int) -> int:
    """Put every change that stands in no file yet, up to the last one that was looked at, into a new one.

    Of two who take it at once one gets the changes. Returns the file's id; it can be taken again and stays the same.

    Raises:
        ExportRefused: no change waits, or she is not of HR.
    """
    _check_hr(by, organisation_id)
    held = select(Organisation.id).where(Organisation.id == organisation_id)
    db.session.execute(held.with_for_update(key_share=True))  # what others write in the organisation goes on
    waiting = reading.waiting_changes(organisation_id, min(last_id, LARGEST_ID))
    if not waiting:
        raise ExportRefused(ExportFault.NOTHING_WAITS)
    last = select(func.max(ChangeExport.number)).where(ChangeExport.organisation_id == organisation_id)
    export = ChangeExport(
        organisation_id=organisation_id,
        number=(db.session.scalar(last) or 0) + 1,
        taken_at=clock.now(),
        taken_by_id=by,
    )
    db.session.add(export)
    db.session.flush()
    db.session.add_all(
        ExportedChange(enactment_id=each.enactment_id, export_id=export.id, place=place, cells=each.change.cells)
        for place, each in enumerate(waiting, start=1)
    )
    db.session.flush()
    lines = sha256(canonical([each.change.cells for each in waiting]))
    _remember("taken", export, by, changes=[each.enactment_id for each in waiting], sha256=lines)
    return export.id


@one_transaction
def tick_as_entered(export_id: int, organisation_id: int, *, by: int) -> None:
    """Say that the changes of a file are entered in HR's own system.

    Raises:
        ExportRefused: that was said already, or she is not of HR.
        LookupError: the organisation has no such file.
    """
    _check_hr(by, organisation_id)
    wanted = select(ChangeExport).where(
        ChangeExport.id == min(export_id, LARGEST_ID), ChangeExport.organisation_id == organisation_id
    )
    held = wanted.with_for_update().execution_options(populate_existing=True)
    export = db.session.scalars(held).one_or_none()
    if export is None:
        raise LookupError(f"There is no file {export_id} here")
    if export.entered_at is not None:
        raise ExportRefused(ExportFault.ENTERED_ALREADY)
    export.entered_at, export.entered_by_id = clock.now(), by
    _remember("entered", export, by)


def _check_hr(person_id: int, organisation_id: int) -> None:
    """Refuse whoever is not of HR here."""
    if not people.holds(person_id, organisation_id, Role.HR):
        raise ExportRefused(ExportFault.NOT_HR)


def _remember(verb: str, export: ChangeExport, by: int, **after: object) -> None:
    """Write the history of a file, without names (B8)."""
    history.note(
        verb,
        "change_export",
        export.id,
        actor_id=by,
        organisation_id=export.organisation_id,
        after={"number": export.number, **after},
    )
