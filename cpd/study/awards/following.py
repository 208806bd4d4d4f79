"""Keeping up with records: an award is completed on the day of its last credits, and taken back when they fall away.

It runs in the transaction of the act that changed the record, and tells the record in turn, for later career levels
ask who holds an award.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cpd.record import service as record
from cpd.record.facts import FactSaid
from cpd.record.models import RecordFact
from cpd.requirements.record import FactKind
from cpd.shared import clock, history, outbox
from cpd.shared.database import db
from cpd.shared.wording import date_words
from cpd.study.awards import reading
from cpd.study.awards.models import AwardEnrolment
from cpd.study.awards.reading import AwardView
from cpd.study.awards.rules import AWARDED, Status

CREDITS_GONE = "Credits that it rests on are no longer there"
ALL_THERE = "All its credits are awarded"


def follow_records(_session: Session, person_ids: Collection[int]) -> None:
    """Complete awards whose credits are all there now, and take back those whose credits are not (W-5, AMB-37)."""
    settle(set(person_ids))


def settle(person_ids: Collection[int], *, by: int | None = None) -> None:
    """Bring the enrolments of people into line with their records; nothing changes where they are."""
    rows = db.session.scalars(
        select(AwardEnrolment)
        .where(AwardEnrolment.person_id.in_(person_ids), AwardEnrolment.status != Status.WITHDRAWN)
        .order_by(AwardEnrolment.id)
        .execution_options(populate_existing=True)
    ).all()
    if not rows:
        return
    in_force = _in_force([row.record_fact_id for row in rows if row.record_fact_id])
    enrolments = reading.enrolments_where(AwardEnrolment.id.in_([row.id for row in rows]))
    views = {each.enrolment.id: each for each in reading.views_of(enrolments, clock.today()) if each.enrolment}
    for row in rows:
        if row.id in views:
            _bring_into_line(row, views[row.id], in_force, by)


def complete(row: AwardEnrolment, view: AwardView, on: date, *, by: int | None, reason: str = ALL_THERE) -> None:
    """Write on the record that somebody holds an award since a day, and tell her."""
    fact_id = record.add_fact(_said(row, view, on, reason), by=by)
    before = _as_it_is(row)
    row.status, row.completed_on, row.record_fact_id = Status.COMPLETED, on, fact_id
    row.reason, row.changed_at = reason, clock.now()
    db.session.flush()
    remember("completed", row, by=by, before=before, reason=reason)
    credits_ = f"{view.award.credits:f}" if view.award.credits else ""
    tell("award_completed", row, view, str(fact_id), {"on": date_words(on), "credits": credits_})


def reopen(row: AwardEnrolment, view: AwardView, *, by: int | None, reason: str, fact_stands: bool = True) -> None:
    """Take an award back: she is enrolled again, and told why."""
    fact_id, before = row.record_fact_id, _as_it_is(row)
    row.status, row.completed_on, row.record_fact_id = Status.ENROLLED, None, None
    row.reason, row.changed_at = reason, clock.now()
    db.session.flush()
    if fact_stands and fact_id is not None:
        record.withdraw_fact(fact_id, by=by, reason=reason)
    remember("reopened", row, by=by, before=before, reason=reason)
    tell("award_reopened", row, view, str(fact_id), {"reason": reason})


def tell(kind: str, row: AwardEnrolment, view: AwardView, key: str, facts: Mapping[str, Any]) -> None:
    """Tell somebody about her award."""
    said = {"award": view.award.title, "code": row.award_code, **facts}
    outbox.tell(row.organisation_id, row.person_id, kind, f"{row.id}:{key}", said)


def remember(
    verb: str, row: AwardEnrolment, *, by: int | None, reason: str = "", before: Mapping[str, Any] | None = None
) -> None:
    """Write the history of an enrolment, without names (B8)."""
    history.note(
        verb,
        "award_enrolment",
        row.id,
        actor_id=by,
        organisation_id=row.organisation_id,
        reason=reason or None,
        before=dict(before) if before else None,
        after={"person_id": row.person_id, "award": row.award_code, **_as_it_is(row)},
    )


def _bring_into_line(row: AwardEnrolment, view: AwardView, in_force: Collection[int], by: int | None) -> None:
    """Complete, date anew or take back one award."""
    stands = row.record_fact_id in in_force
    if view.place is None:  # given by the university: what is taken off the record is taken back here
        if row.status == Status.COMPLETED and not stands:
            reopen(row, view, by=by, reason=CREDITS_GONE, fact_stands=False)
        return
    met_on = view.place.standing.met_on if view.place.standing.is_met else None
    if met_on is None:
        if row.status == Status.COMPLETED:
            reopen(row, view, by=by, reason=CREDITS_GONE, fact_stands=stands)
    elif row.status == Status.ENROLLED or not stands:
        complete(row, view, met_on, by=by)
    elif met_on != row.completed_on:
        _date_anew(row, view, met_on, by)


def _date_anew(row: AwardEnrolment, view: AwardView, on: date, by: int | None) -> None:
    """Put the day right on which the last credits were awarded; the fact of before stays, superseded."""
    before, reason = _as_it_is(row), "The day of its last credits was put right"
    fact_id = row.record_fact_id or 0
    row.record_fact_id = record.correct_fact(fact_id, _said(row, view, on, ALL_THERE), by=by, reason=reason)
    row.completed_on, row.changed_at, row.reason = on, clock.now(), reason
    db.session.flush()
    remember("dated_anew", row, by=by, before=before, reason=reason)
    told_before = date_words(date.fromisoformat(before["completed_on"]))
    tell("award_dated_anew", row, view, str(row.record_fact_id), {"on": date_words(on), "before": told_before})


def _said(row: AwardEnrolment, view: AwardView, on: date, reason: str) -> FactSaid:
    return FactSaid(
        person_id=row.person_id,
        kind=FactKind.OUTCOME,
        subject=row.award_code,
        happened_on=on,
        value=AWARDED,
        source_kind=f"award:{row.id}",
        source=f"{view.award.title}: {reason}",
    )


def _in_force(fact_ids: Collection[int]) -> set[int]:
    """Return those of some facts that still stand."""
    wanted = select(RecordFact.id).where(RecordFact.id.in_(fact_ids), RecordFact.superseded_at.is_(None))
    return set(db.session.scalars(wanted))


def _as_it_is(row: AwardEnrolment) -> dict[str, Any]:
    return {
        "status": str(row.status),
        "scheme_version_id": row.scheme_version_id,
        "composition": row.composition,
        "completed_on": row.completed_on.isoformat() if row.completed_on else None,
    }
