"""Awards: whoever has all credits holds the award since the right day, nobody else does, and the record says so."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from cpd.catalogue.models import SchemeVersion
from cpd.commands.checks.check import Check, rows_in
from cpd.record.models import RecordFact
from cpd.requirements.record import FactKind
from cpd.shared import clock
from cpd.shared.database import db
from cpd.study.awards import reading
from cpd.study.awards.models import AwardEnrolment
from cpd.study.awards.reading import AwardView
from cpd.study.awards.rules import AWARDED, Status


def misplaced_awards() -> Iterator[str]:
    """Find enrolments that do not stand as their credits say, each worked out anew from the record."""
    live = reading.enrolments_where(AwardEnrolment.status != Status.WITHDRAWN)
    versions = dict(db.session.execute(select(SchemeVersion.id, SchemeVersion.organisation_id)).all())
    for each in live:
        if versions[each.scheme_version_id] != each.organisation_id:
            yield f"award enrolment {each.id} is by the rules of another council"
    views = {view.enrolment.id: view for view in reading.views_of(live, clock.today()) if view.enrolment}
    for each in live:
        if each.id not in views:
            yield f"award enrolment {each.id} is on an award that its version of the scheme does not have"
        elif fault := _fault_of(views[each.id]):
            yield fault


def misfitting_outcomes() -> Iterator[str]:
    """Find awards held whose fact does not say so, and facts of awards that nobody holds."""
    facts = {
        row.id: (row.person_id, row.subject, row.value, row.happened_on)
        for row in db.session.scalars(
            select(RecordFact).where(
                RecordFact.kind == FactKind.OUTCOME,
                RecordFact.source_kind.startswith("award:"),
                RecordFact.superseded_at.is_(None),
            )
        )
    }
    held = reading.enrolments_where(AwardEnrolment.status == Status.COMPLETED)
    for each in held:
        expected = (each.person_id, each.award_code, AWARDED, each.completed_on)
        if facts.pop(each.record_fact_id or 0, None) != expected:
            yield f"award enrolment {each.id} is completed on {each.completed_on}, and the record does not say so"
    for number in sorted(facts):
        yield f"fact {number} says that person {facts[number][0]} holds {facts[number][1]}, and no enrolment does"


def _fault_of(view: AwardView) -> str | None:
    """Say what is wrong with an enrolment whose award has lines; without, the university alone decides."""
    if view.place is None or view.enrolment is None:
        return None
    standing, number = view.place.standing, view.enrolment.id
    if standing.is_met != (view.enrolment.status is Status.COMPLETED):
        return f"award enrolment {number} is {view.enrolment.status}, and its credits say {standing.state}"
    if standing.is_met and standing.met_on != view.enrolment.completed_on:
        return f"award enrolment {number} is completed on {view.enrolment.completed_on}, and not on {standing.met_on}"
    return None


CHECKS = (
    Check("awards", misplaced_awards, rows_in(AwardEnrolment), "enrolments"),
    Check("awards on records", misfitting_outcomes, rows_in(AwardEnrolment), "enrolments"),
)
