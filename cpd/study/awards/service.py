"""Enrolling people on awards, ending that, recording what a university gives, and moving people to other rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import exists, select

from cpd.catalogue import service as catalogue
from cpd.people import service as people
from cpd.record import service as record
from cpd.record.facts import FactSaid
from cpd.requirements.record import FactKind
from cpd.schemes.award_shape import Award
from cpd.shared import clock
from cpd.shared.database import db
from cpd.shared.unit_of_work import one_transaction
from cpd.shared.wording import date_words
from cpd.study.awards import reading
from cpd.study.awards.following import complete, remember, reopen, settle, tell
from cpd.study.awards.models import AwardEnrolment
from cpd.study.awards.prior_learning import CURRENCY_OF
from cpd.study.awards.reading import AwardView
from cpd.study.awards.rules import (
    Composition,
    Fault,
    Status,
    against_enrolling,
    composition_for,
    composition_of,
)
from cpd.study.awards.terms import terms_of
from cpd.study.awards.words import figure_words, ways_words

__all__ = [
    "AwardRefused",
    "AwardSummary",
    "end_enrolment",
    "enrol",
    "move_to_rules_in_force",
    "prove_currency",
    "record_award",
    "summary_of",
    "take_award_back",
]


class AwardRefused(Exception):  # noqa: N818 - a refusal is an answer, not a failure
    """Nothing was done about an award; `faults` are all the reasons."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__(", ".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class AwardSummary:
    """What a tired person wants first of one award that she is enrolled on, and her practice educator's stage."""

    award: str
    code: str
    figure: str
    next_step: str
    peps_stage: int


@one_transaction
def enrol(person_id: int, award_code: str, *, enrolled_on: date, by: int | None, composition: str | None = None) -> int:
    """Enrol somebody on an award by the rules now in force, and return the enrolment's id; she is told.

    `composition` None chooses it by her posts (AMB-42). Credits that she has already count: they may complete it.

    Raises:
        AwardRefused: every reason.
        LookupError: there is no such person.
    """
    person = people.get_person(person_id)
    people.lock_persons([person_id])
    version_id, award, chosen = _chosen(person_id, person.organisation_id, award_code, composition)
    has_one = _has_one(person_id, award_code)
    is_own, today = person_id == by, clock.today()
    if faults := against_enrolling(award, chosen, enrolled_on, today, has_one=has_one, is_own=is_own):
        raise AwardRefused(*faults)
    row = AwardEnrolment(
        organisation_id=person.organisation_id,
        person_id=person_id,
        award_code=award_code,
        scheme_version_id=version_id,
        composition=chosen.code if chosen else "",
        enrolled_on=enrolled_on,
        status=Status.ENROLLED,
        enrolled_by_id=by,
        changed_at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()
    remember("enrolled", row, by=by)
    tell("award_enrolled", row, _view(row), "enrolled", {"on": date_words(enrolled_on)})
    settle([person_id], by=by)
    return row.id


@one_transaction
def end_enrolment(enrolment_id: int, *, reason: str, by: int) -> None:
    """End an enrolment that came to nothing, for a reason; her credits stay hers, and she is told.

    Raises:
        AwardRefused: there is no reason, she is not enrolled any more or holds the award, or it is the officer herself.
        LookupError: there is no such enrolment.
    """
    row = _held(enrolment_id, reason, by)
    view = _view(row)
    row.status, row.reason, row.changed_at = Status.WITHDRAWN, reason, clock.now()
    remember("withdrawn", row, by=by, reason=reason)
    tell("award_ended", row, view, "ended", {"reason": reason})


@one_transaction
def record_award(enrolment_id: int, *, awarded_on: date, reason: str, by: int) -> None:
    """Record that the university has given an award of which no report says what it is made of; she is told.

    Raises:
        AwardRefused: every reason; where credits decide, they alone do.
        LookupError: there is no such enrolment.
    """
    row = _held(enrolment_id, reason, by)
    view = _view(row)
    faults = (
        (Fault.DECIDED_BY_CREDITS, view.place is not None),
        (Fault.AHEAD, awarded_on > clock.today()),
        (Fault.BEFORE_ENROLMENT, awarded_on < row.enrolled_on),
    )
    if found := [fault for fault, holds in faults if holds]:
        raise AwardRefused(*found)
    complete(row, view, awarded_on, by=by, reason=reason)


@one_transaction
def take_award_back(enrolment_id: int, *, reason: str, by: int) -> None:
    """Take back an award that was recorded by hand and should not stand; raises as `record_award` does."""
    row = _held(enrolment_id, reason, by, status=Status.COMPLETED)
    view = _view(row)
    if view.place is not None:
        raise AwardRefused(Fault.DECIDED_BY_CREDITS)
    reopen(row, view, by=by, reason=reason)


@one_transaction
def move_to_rules_in_force(enrolment_ids: Sequence[int], organisation_id: int, *, reason: str, by: int) -> int:
    """Move people to the rules now in force, for a reason, and return how many; each is told where she stands.

    Whoever is under them already, holds her award or is enrolled no more is left as she is.

    Raises:
        AwardRefused: there is no reason, the rules in force have no such award, there is nobody to move, or the
            officer is among them.
    """
    scheme = catalogue.scheme_in_force(organisation_id)
    if not reason.strip():
        raise AwardRefused(Fault.NO_REASON)
    rows = [each for each in _lock(enrolment_ids) if each.organisation_id == organisation_id]
    rows = [each for each in rows if scheme and each.scheme_version_id != scheme.id and each.status == Status.ENROLLED]
    if not rows or scheme is None:
        raise AwardRefused(Fault.SAME_RULES)
    if any(each.person_id == by for each in rows):
        raise AwardRefused(Fault.OWN)
    terms = terms_of(scheme)
    if any(each.award_code not in terms.awards for each in rows):
        raise AwardRefused(Fault.NO_SUCH_AWARD)
    for row in rows:
        _move(row, reading.moved_to(_facts(row), terms), reason, by)
    settle({row.person_id for row in rows}, by=by)
    return len(rows)


@one_transaction
def prove_currency(person_id: int, activity: str, *, proved_on: date, proof: str, by: int) -> None:
    """Record proof that one piece of prior learning is current, so that it counts however old it is (B6).

    `activity` is what the ledger of credits calls it; other learning of the same kind is as old as it was.

    Raises:
        AwardRefused: nobody said what the proof is, the day is ahead, or it is the officer's own learning.
    """
    faults = (
        (Fault.NO_REASON, not proof.strip()),
        (Fault.AHEAD, proved_on > clock.today()),
        (Fault.OWN, person_id == by),
    )
    if found := [fault for fault, holds in faults if holds]:
        raise AwardRefused(*found)
    record.add_fact(
        FactSaid(
            person_id=person_id,
            kind=FactKind.EVIDENCE,
            subject=CURRENCY_OF + activity,
            happened_on=proved_on,
            source_kind="hand",
            source=proof,
            accepted_by_id=by,
        ),
        by=by,
    )


def summary_of(person_id: int) -> AwardSummary | None:
    """Say in a line where somebody stands on the award that she is enrolled on, or None where there is none."""
    mine = reading.awards_of(person_id, people.get_person(person_id).organisation_id)
    for view in mine.views:
        if view.enrolment:
            next_step = ways_words(view.ways, view.terms.titles)
            figure = figure_words(view)
            return AwardSummary(view.award.title, view.award.code, figure, next_step, mine.educator.peps_stage)
    return None


def _chosen(
    person_id: int, organisation_id: int, award_code: str, composition: str | None
) -> tuple[int, Award | None, Composition | None]:
    """Find an award in the rules in force and how it is made up: as chosen, or by her posts; with the version's id."""
    scheme = catalogue.scheme_in_force(organisation_id)
    if scheme is None:
        return 0, None, None
    terms = terms_of(scheme)
    award = terms.awards.get(award_code)
    if award is None:
        return scheme.id, None, None
    if composition is None:
        hers = record.records_of([person_id], clock.today())[person_id]
        composition = composition_for(award, hers, terms.career_levels)
    return scheme.id, award, composition_of(award, composition)


def _move(row: AwardEnrolment, moved: reading.Enrolment, reason: str, by: int) -> None:
    """Put one enrolment under other rules."""
    before = {"scheme_version_id": row.scheme_version_id, "composition": row.composition}
    row.scheme_version_id, row.composition = moved.scheme_version_id, moved.composition
    row.reason, row.changed_at = reason, clock.now()
    db.session.flush()
    remember("moved", row, by=by, reason=reason, before=before)
    view = _view(row)
    said = {"reason": reason, "figure": figure_words(view)}
    tell("award_rules_changed", row, view, str(row.scheme_version_id), said)


def _has_one(person_id: int, award_code: str) -> bool:
    """Say whether somebody is enrolled on an award or holds it."""
    live = exists().where(
        AwardEnrolment.person_id == person_id,
        AwardEnrolment.award_code == award_code,
        AwardEnrolment.status != Status.WITHDRAWN,
    )
    return bool(db.session.scalar(select(live)))


def _lock(enrolment_ids: Sequence[int]) -> list[AwardEnrolment]:
    """Hold people, then their enrolments, and return these as they are now."""
    wanted = select(AwardEnrolment).where(AwardEnrolment.id.in_(enrolment_ids)).order_by(AwardEnrolment.id)
    people.lock_persons({row.person_id for row in db.session.scalars(wanted)})
    return list(db.session.scalars(wanted.with_for_update().execution_options(populate_existing=True)))


def _held(enrolment_id: int, reason: str, by: int, status: Status = Status.ENROLLED) -> AwardEnrolment:
    """Hold an enrolment of somebody else to do something about it for a reason."""
    rows = _lock([enrolment_id])
    if not rows:
        raise LookupError(f"There is no enrolment {enrolment_id}")
    faults = (
        (Fault.OWN, rows[0].person_id == by),
        (Fault.NOT_ENROLLED, rows[0].status != status),
        (Fault.NO_REASON, not reason.strip()),
    )
    if found := [fault for fault, holds in faults if holds]:
        raise AwardRefused(*found)
    return rows[0]


def _facts(row: AwardEnrolment) -> reading.Enrolment:
    return reading.enrolments_where(AwardEnrolment.id == row.id)[0]


def _view(row: AwardEnrolment) -> AwardView:
    return reading.view_of(_facts(row))
