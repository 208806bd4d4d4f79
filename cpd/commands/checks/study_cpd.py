"""CPD records and development plans: one version in force, no loose ends, agreed to by the right two."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from cpd.commands.checks.check import Check, rows_in
from cpd.people.models import Person
from cpd.shared import clock
from cpd.shared.database import db
from cpd.study.plans.models import AimProgress, DevelopmentPlan, LearningAgreement, PlanAim, PlanReview
from cpd.study.plans.rules import Party
from cpd.study.regulator.models import CpdRecord, CpdSharing, PeerReflection
from cpd.study.regulator.rules import PieceSaid

OF_A_PIECE = (PeerReflection, CpdSharing)
OF_PEOPLE = (CpdRecord, PeerReflection, CpdSharing, DevelopmentPlan, AimProgress)


def pieces_in_force_twice() -> Iterator[str]:
    """Find pieces, reflections and sharings of which two versions are in force."""
    for table in (CpdRecord, *OF_A_PIECE):
        rows = db.session.execute(
            select(table.person_id, table.number, func.count())
            .where(table.superseded_at.is_(None))
            .group_by(table.person_id, table.number)
            .having(func.count() > 1)
            .order_by(table.person_id, table.number)
        )
        for person_id, number, times in rows:
            yield f"{table.__tablename__} of piece {number} of person {person_id} is in force {times} times"


def loose_ends_of_pieces() -> Iterator[str]:
    """Find reflections and sharings of pieces that are not there, which somebody could still read or count."""
    for table in OF_A_PIECE:
        piece = exists().where(
            CpdRecord.person_id == table.person_id,
            CpdRecord.number == table.number,
            CpdRecord.superseded_at.is_(None),
        )
        rows = db.session.execute(select(table.id, table.number).where(table.superseded_at.is_(None), ~piece))
        for row_id, number in rows.all():
            yield f"{table.__tablename__} {row_id} is about piece {number}, which is not there"


def pieces_that_cannot_be() -> Iterator[str]:
    """Find pieces of a day that is still to come, and what is shared outside the organisation."""
    ahead = select(CpdRecord.id, CpdRecord.happened_on).where(
        CpdRecord.superseded_at.is_(None), CpdRecord.happened_on > clock.today()
    )
    for row_id, happened_on in db.session.execute(ahead.order_by(CpdRecord.id)):
        yield f"cpd_record {row_id} is of {happened_on}, which is still to come"
    reader = aliased(Person)
    outside = (
        select(CpdSharing.id, CpdSharing.shared_with_id)
        .join(reader, reader.id == CpdSharing.shared_with_id)
        .where(CpdSharing.superseded_at.is_(None), reader.organisation_id != CpdSharing.organisation_id)
    )
    for row_id, reader_id in db.session.execute(outside.order_by(CpdSharing.id)):
        yield f"cpd_sharing {row_id} is with person {reader_id}, who works for another organisation"


def fingerprints_of_other_words() -> Iterator[str]:
    """Find pieces that are counted by another sense than their words have."""
    wanted = select(
        CpdRecord.id,
        CpdRecord.fingerprint,
        CpdRecord.cpd_type,
        CpdRecord.description,
        CpdRecord.happened_on,
        CpdRecord.learnt,
        CpdRecord.impact,
    )
    for row in db.session.execute(wanted.order_by(CpdRecord.id)):
        if row.fingerprint != PieceSaid(*row[2:]).fingerprint:
            yield f"cpd_record {row.id} is counted by other words than it has"


def of_another_organisation() -> Iterator[str]:
    """Find rows that say another organisation than their person's."""
    for table in OF_PEOPLE:
        rows = db.session.execute(
            select(table.id)
            .join(Person, Person.id == table.person_id)
            .where(Person.organisation_id != table.organisation_id)
            .order_by(table.id)
        )
        yield from (f"{table.__tablename__} {row.id} is another organisation's than its person" for row in rows)


def plans_out_of_order() -> Iterator[str]:
    """Find people whose versions are not numbered one after another, or of which not the last alone is in force."""
    versions: dict[int, list[tuple[int, bool]]] = defaultdict(list)
    rows = db.session.execute(
        select(DevelopmentPlan.person_id, DevelopmentPlan.version, DevelopmentPlan.superseded_at.is_(None)).order_by(
            DevelopmentPlan.person_id, DevelopmentPlan.version
        )
    )
    for person_id, version, is_in_force in rows:
        versions[person_id].append((version, bool(is_in_force)))
    for person_id, found in versions.items():
        if found != [(number, number == len(found)) for number in range(1, len(found) + 1)]:
            yield f"the versions of the plan of person {person_id} are out of order"


def agreements_by_the_wrong_one() -> Iterator[str]:
    """Find agreements as the worker by somebody else, as the manager by the worker herself, and reviews by neither."""
    herself = LearningAgreement.agreed_by_id == DevelopmentPlan.person_id
    wrong = or_(
        and_(LearningAgreement.party == Party.WORKER, ~herself),
        and_(LearningAgreement.party == Party.MANAGER, herself),
        LearningAgreement.organisation_id != DevelopmentPlan.organisation_id,
    )
    rows = db.session.execute(
        select(LearningAgreement.id, LearningAgreement.party)
        .join(DevelopmentPlan, DevelopmentPlan.id == LearningAgreement.development_plan_id)
        .where(wrong)
        .order_by(LearningAgreement.id)
    )
    for row_id, party in rows:
        yield f"learning_agreement {row_id} as the {party} is not by the {party}"


def reviews_of_nothing_agreed() -> Iterator[str]:
    """Find reviews before both had agreed to any version of the plan."""
    earlier = aliased(DevelopmentPlan)
    both = (
        select(func.max(LearningAgreement.agreed_on).label("on"), earlier.person_id)
        .join(earlier, earlier.id == LearningAgreement.development_plan_id)
        .group_by(LearningAgreement.development_plan_id, earlier.person_id)
        .having(func.count() == len(Party))
        .subquery()
    )
    agreed = exists().where(both.c.person_id == DevelopmentPlan.person_id, both.c.on <= PlanReview.held_on)
    rows = db.session.execute(
        select(PlanReview.id, PlanReview.held_on)
        .join(DevelopmentPlan, DevelopmentPlan.id == PlanReview.development_plan_id)
        .where(~agreed)
        .order_by(PlanReview.id)
    )
    for row_id, held_on in rows:
        yield f"plan_review {row_id} of {held_on} was held before both had agreed to a plan"


CHECKS = (
    Check("CPD versions", pieces_in_force_twice, rows_in(CpdRecord, *OF_A_PIECE), "rows"),
    Check("CPD loose ends", loose_ends_of_pieces, rows_in(*OF_A_PIECE), "rows"),
    Check("CPD pieces", pieces_that_cannot_be, rows_in(CpdRecord, CpdSharing), "rows"),
    Check("CPD fingerprints", fingerprints_of_other_words, rows_in(CpdRecord), "rows"),
    Check("CPD and plans by organisation", of_another_organisation, rows_in(*OF_PEOPLE), "rows"),
    Check("plan versions", plans_out_of_order, rows_in(DevelopmentPlan, PlanAim), "rows"),
    Check("learning agreements", agreements_by_the_wrong_one, rows_in(LearningAgreement), "agreements"),
    Check("plan reviews", reviews_of_nothing_agreed, rows_in(PlanReview), "reviews"),
)
