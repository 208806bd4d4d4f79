"""What is held and written: reviews, the agreement and its signatures, self-assessments, supervision (B3, S-2)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import func, select

from cpd.progression.early.course import SELF_ASSESSMENT
from cpd.progression.early.enrolled import Enrolled, find_enrolled
from cpd.progression.early.frameworks import statements_for
from cpd.progression.early.holding import add, assessors_of, end_rows, hold, keep_diaries, remember, tell_both
from cpd.progression.early.models import (
    AgreementSignature,
    ReviewPoint,
    SelfAssessment,
    SelfAssessmentAnswer,
    SupervisionSession,
    SupportAgreement,
)
from cpd.progression.early.reading import sessions_of
from cpd.progression.early.refusal import EarlyRefused
from cpd.progression.early.rules import (
    SCALE,
    Fault,
    Party,
    against_assessing,
    against_holding,
    against_supervision,
    party_of,
    signers,
)
from cpd.schemes.early_career_shape import ReviewPointKind
from cpd.shared import clock
from cpd.shared.database import db
from cpd.shared.unit_of_work import one_transaction
from cpd.study.managers import manager_of

CORRECTED = "Written anew"


@one_transaction
def hold_review(enrolment_id: int, code: str, held_on: date, *, summary: str, actions: str, shown: str, by: int) -> int:
    """Write down that a review was held, and return its id; what was written before is superseded.

    `shown` are the figures that it looked at, as they were on the page (AMB-36).

    Raises:
        EarlyRefused: every reason against it.
        LookupError: there is no such review, or it is the agreement, which is signed instead.
    """
    enrolled = hold(enrolment_id)
    today = clock.today()
    point = enrolled.point_then(code, held_on)
    if point is None or point.kind in (SELF_ASSESSMENT, ReviewPointKind.AGREEMENT):
        raise LookupError(f"There is no review {code} of this enrolment")
    faults = [] if enrolled.is_live or code in enrolled.held else [Fault.ENDED]
    faults += [Fault.OWN] if by == enrolled.person_id else []
    faults += against_holding(point, enrolled.course, held_on, today)
    if faults:
        raise EarlyRefused(faults)
    end_rows(
        ReviewPoint, ReviewPoint.enrolment_id == enrolment_id, ReviewPoint.point_code == code, by=by, reason=CORRECTED
    )
    row = ReviewPoint(
        enrolment_id=enrolment_id,
        point_code=code,
        held_on=held_on,
        summary=summary,
        agreed_actions=actions,
        shown=shown,
    )
    number = add(row, by=by)
    after = {"point": code, "held_on": held_on.isoformat()}
    remember("held", "review_point", number, enrolled, by=by, after=after)
    _done(enrolled)
    tell_both(enrolled, "early_review_held", str(number), {"point": point.title}, but=by)
    return number


@one_transaction
def write_agreement(enrolment_id: int, workload: str, supervision: str, learning: str, *, by: int) -> int:
    """Write a version of the agreement and return its id; whoever signed an earlier one signs anew.

    Raises EarlyRefused where the programme has ended, LookupError where it has no agreement.
    """
    enrolled = hold(enrolment_id)
    _agreement_code(enrolled)
    if not enrolled.is_live:
        raise EarlyRefused([Fault.ENDED])
    end_rows(SupportAgreement, SupportAgreement.enrolment_id == enrolment_id, by=by, reason=CORRECTED)
    latest = select(func.max(SupportAgreement.version)).where(SupportAgreement.enrolment_id == enrolment_id)
    version = (db.session.scalar(latest) or 0) + 1
    row = SupportAgreement(
        enrolment_id=enrolment_id, version=version, workload=workload, supervision=supervision, learning=learning
    )
    number = add(row, by=by)
    remember("written", "support_agreement", number, enrolled, by=by, after={"version": version})
    _done(enrolled)
    tell_both(enrolled, "early_agreement_to_sign", str(number), {}, but=by)
    return number


@one_transaction
def sign_agreement(enrolment_id: int, version: int, *, by: int) -> Party:
    """Sign the version that was read, for the party that is missing; returns for which.

    Raises:
        EarlyRefused: every reason against it.
        LookupError: she is none of the three.
    """
    enrolled = hold(enrolment_id)
    agreement = agreement_of(enrolment_id)
    who = signers(enrolled.person_id, assessors_of(enrolled.person_id), manager_of(enrolled.person_id))
    if not any(by in people for people in who.values()):
        raise LookupError(f"Person {by} is none of the three who sign")
    if agreement is None:
        raise EarlyRefused([Fault.NO_AGREEMENT])
    signed = {Party(party) for party in signatures_of(agreement.id)}
    party = party_of(by, who, signed)
    faults = [] if enrolled.is_live else [Fault.ENDED]
    faults += [Fault.OTHER_VERSION] if agreement.version != version else []
    faults += [Fault.SIGNED_ALREADY] if party is None else []
    if faults or party is None:
        raise EarlyRefused(faults)
    row = AgreementSignature(
        agreement_id=agreement.id,
        party=party,
        signed_by_id=by,
        signed_on=clock.today(),
        recorded_at=clock.real_now(),
    )
    db.session.add(row)
    db.session.flush()
    after = {"version": version, "party": str(party)}
    remember("signed", "support_agreement", agreement.id, enrolled, by=by, after=after)
    _done(enrolled)
    return party


@one_transaction
def assess_self(enrolment_id: int, code: str, answers: Mapping[str, int], words: str, *, by: int) -> int:
    """Keep how somebody sees herself by each statement valid today, and return its id; only she can.

    Raises:
        EarlyRefused: every reason against it.
        LookupError: there is no such self-assessment of hers.
    """
    enrolled = hold(enrolment_id)
    today = clock.today()
    point = enrolled.point(code, today)
    if point is None or point.kind != SELF_ASSESSMENT or by != enrolled.person_id:
        raise LookupError(f"There is no self-assessment {code} of hers")
    framework = statements_for(enrolled.programme, today)
    wanted = {each.code for each in framework.statements}
    fits = answers.keys() == wanted and all(1 <= each <= len(SCALE) for each in answers.values())
    if faults := against_assessing(point, today, is_live=enrolled.is_live, fits=fits):
        raise EarlyRefused(faults)
    mine = (SelfAssessment.enrolment_id == enrolment_id, SelfAssessment.point_code == code)
    end_rows(SelfAssessment, *mine, by=by, reason=CORRECTED)
    row = SelfAssessment(
        enrolment_id=enrolment_id,
        point_code=code,
        written_on=today,
        framework_code=framework.code,
        framework_version=framework.version,
        words=words,
    )
    number = add(row, by=by)
    db.session.add_all(
        SelfAssessmentAnswer(self_assessment_id=number, statement_code=each, answer=answer)
        for each, answer in answers.items()
    )
    db.session.flush()
    remember("written", "self_assessment", number, enrolled, by=by, after={"point": code})
    _done(enrolled)
    return number


@one_transaction
def record_supervision(enrolment_id: int, pattern_code: str, held_on: date, with_whom: str, *, by: int) -> int:
    """Keep that supervision was held on a day, and with whom; nothing of what was said. Returns its id.

    Raises EarlyRefused, or LookupError where the programme has no such supervision.
    """
    enrolled = hold(enrolment_id)
    if enrolled.programme.pattern(pattern_code) is None:
        raise LookupError(f"There is no supervision {pattern_code} in this programme")
    days = [day for _, code, day, _ in sessions_of([enrolment_id]).get(enrolment_id, ()) if code == pattern_code]
    over = enrolled.ended.on if enrolled.ended else None
    if faults := against_supervision(enrolled.course, held_on, days, clock.today(), ended_on=over):
        raise EarlyRefused(faults)
    row = SupervisionSession(enrolment_id=enrolment_id, pattern_code=pattern_code, held_on=held_on, with_whom=with_whom)
    number = add(row, by=by)
    after = {"kind": pattern_code, "held_on": held_on.isoformat()}
    remember("held", "supervision_session", number, enrolled, by=by, after=after)
    return number


@one_transaction
def withdraw_supervision(enrolment_id: int, session_id: int, *, by: int) -> None:
    """Take back supervision that was recorded by mistake. Raises LookupError where there is none such."""
    enrolled = hold(enrolment_id)
    which = (SupervisionSession.id == session_id, SupervisionSession.enrolment_id == enrolment_id)
    if not end_rows(SupervisionSession, *which, by=by, reason="Recorded by mistake"):
        raise LookupError(f"There is no supervision {session_id} of this enrolment")
    remember("withdrawn", "supervision_session", session_id, enrolled, by=by)


def agreement_of(enrolment_id: int) -> SupportAgreement | None:
    """Return the version of the agreement that is in force, or None. One query."""
    wanted = select(SupportAgreement).where(
        SupportAgreement.enrolment_id == enrolment_id, SupportAgreement.superseded_at.is_(None)
    )
    return db.session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()


def signatures_of(agreement_id: int) -> dict[str, tuple[int, date]]:
    """Return who signed one version, and when, by party. One query."""
    wanted = select(AgreementSignature.party, AgreementSignature.signed_by_id, AgreementSignature.signed_on)
    rows = db.session.execute(wanted.where(AgreementSignature.agreement_id == agreement_id))
    return {party: (person_id, on) for party, person_id, on in rows}


def review_of(enrolment_id: int, code: str) -> ReviewPoint | None:
    """Return a review as it is written now, or None. One query."""
    wanted = select(ReviewPoint).where(
        ReviewPoint.enrolment_id == enrolment_id, ReviewPoint.point_code == code, ReviewPoint.superseded_at.is_(None)
    )
    return db.session.scalars(wanted).one_or_none()


def reviews_of(enrolment_id: int) -> dict[str, ReviewPoint]:
    """Return every review as it is written now, by its code. One query."""
    wanted = select(ReviewPoint).where(ReviewPoint.enrolment_id == enrolment_id, ReviewPoint.superseded_at.is_(None))
    return {row.point_code: row for row in db.session.scalars(wanted)}


def self_assessments_of(enrolment_id: int) -> dict[str, tuple[SelfAssessment, dict[str, int]]]:
    """Return every self-assessment as it is written now, with its answers by statement. Two queries."""
    wanted = select(SelfAssessment).where(
        SelfAssessment.enrolment_id == enrolment_id, SelfAssessment.superseded_at.is_(None)
    )
    found: dict[str, tuple[SelfAssessment, dict[str, int]]] = {
        row.point_code: (row, {}) for row in db.session.scalars(wanted)
    }
    by_id: dict[int, dict[str, int]] = {row.id: answers for row, answers in found.values()}
    rows = db.session.execute(
        select(
            SelfAssessmentAnswer.self_assessment_id, SelfAssessmentAnswer.statement_code, SelfAssessmentAnswer.answer
        ).where(SelfAssessmentAnswer.self_assessment_id.in_(by_id))
    )
    for number, code, answer in rows:
        by_id[number][code] = answer
    return found


def _done(enrolled: Enrolled) -> None:
    """Keep diaries true once something was held."""
    now: Any = find_enrolled(enrolled.id)
    keep_diaries(now)


def _agreement_code(enrolled: Enrolled) -> str:
    for each in enrolled.programme.review_points:
        if each.review_point_kind is ReviewPointKind.AGREEMENT:
            return each.code
    raise LookupError("This programme has no agreement")
