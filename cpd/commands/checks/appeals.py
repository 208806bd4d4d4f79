"""Appeals and HR's files: decided in time and by others than before, and each change in its own council's file."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from cpd.commands.checks.check import Check, rows_in
from cpd.progression.appeals.letters import letters_altered
from cpd.progression.appeals.models import ProgressionAppeal
from cpd.progression.appeals.part import judged_twice, took_part
from cpd.progression.exports.models import ChangeExport, ExportedChange
from cpd.progression.requests.models import DecisionLetter, Enactment, ProgressionRequest
from cpd.shared.database import db


def appeals_out_of_order() -> Iterator[str]:
    """Find appeals against a letter of another request or person, or with another last day than the letter names."""
    wanted = (
        select(ProgressionAppeal, DecisionLetter, ProgressionRequest)
        .join(DecisionLetter, DecisionLetter.id == ProgressionAppeal.letter_id)
        .join(ProgressionRequest, ProgressionRequest.id == ProgressionAppeal.request_id)
        .order_by(ProgressionAppeal.id)
    )
    for row, letter, request in db.session.execute(wanted):
        if letter.request_id != row.request_id or {letter.person_id, request.person_id} != {row.person_id}:
            yield f"appeal {row.id} is against a letter of another request or person"
        elif letter.appeal_until != row.in_time_until:
            yield f"appeal {row.id} was in time until another day than its letter names"
        elif request.organisation_id != row.organisation_id:
            yield f"appeal {row.id} is in another organisation than its request"


def appeals_decided_by_somebody_with_a_part() -> Iterator[str]:
    """Find appeals decided by somebody who had a part in what they are against, and cases that she judged again."""
    wanted = select(ProgressionAppeal).where(ProgressionAppeal.decided_at.is_not(None)).order_by(ProgressionAppeal.id)
    for row in db.session.scalars(wanted).all():
        if row.decider_id in took_part(row.request_id):
            yield f"appeal {row.id} was decided by person {row.decider_id}, who had a part in the decision"
        if row.new_request_id is not None:
            for person_id in judged_twice(row.new_request_id):
                yield f"request {row.new_request_id} was judged by person {person_id} before and after an appeal"


def changes_in_strange_files() -> Iterator[str]:
    """Find changes that stand in another organisation's file, and files that hold no change."""
    wanted = (
        select(ExportedChange.enactment_id, ChangeExport.id, ChangeExport.organisation_id, Enactment.organisation_id)
        .join(ChangeExport, ChangeExport.id == ExportedChange.export_id)
        .join(Enactment, Enactment.id == ExportedChange.enactment_id)
        .order_by(ExportedChange.enactment_id)
    )
    for change, number, theirs, ours in db.session.execute(wanted):
        if theirs != ours:
            yield f"change {change} of organisation {ours} stands in file {number} of organisation {theirs}"
    full = select(ExportedChange.export_id)
    for number in db.session.scalars(select(ChangeExport.id).where(ChangeExport.id.not_in(full))):
        yield f"file {number} holds no change"


def letters_of_appeals_astray() -> Iterator[str]:
    """Find letters of appeals that are not what they were."""
    for number in letters_altered():
        yield f"the letter of appeal {number} is not what it was: its fingerprint does not fit"


CHECKS = (
    Check("appeals", appeals_out_of_order, rows_in(ProgressionAppeal), "appeals"),
    Check("appeals decided by others", appeals_decided_by_somebody_with_a_part, rows_in(ProgressionAppeal), "appeals"),
    Check("letters of appeals", letters_of_appeals_astray, rows_in(ProgressionAppeal), "appeals"),
    Check("HR's files", changes_in_strange_files, rows_in(ChangeExport, ExportedChange), "rows"),
)
