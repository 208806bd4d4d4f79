"""Reading development plans: a fixed number of queries, for one person or for a whole team (W-14, S-4)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, select

from cpd.catalogue import service as catalogue
from cpd.people import service as people
from cpd.people.service import PersonFacts
from cpd.record.entries import said_of
from cpd.requirements.record import FactKind
from cpd.schemes.framework import PCF, Framework, framework_on
from cpd.schemes.plan_shape import DevelopmentPlanRule
from cpd.shared import clock
from cpd.shared.database import db
from cpd.study.plans.models import AimProgress, DevelopmentPlan, LearningAgreement, PlanAim, PlanReview
from cpd.study.plans.rules import Agreed, Aim, Party, Plan, PlanStanding, PlanState, Progress, Review, standing_on


@dataclass(frozen=True, slots=True)
class Links:
    """What aims can be linked to, by code: modules, awards, and the domains of the PCF that is valid today."""

    modules: dict[str, str]
    awards: dict[str, str]
    pcf: Framework | None

    @property
    def domains(self) -> dict[str, str]:
        """The domains of the PCF by code."""
        return {each.code: each.title for each in self.pcf.statements} if self.pcf else {}


@dataclass(frozen=True, slots=True)
class Said:
    """How somebody says that an aim stands."""

    progress: Progress
    note: str
    said_on: date


@dataclass(frozen=True, slots=True)
class PlanPage:
    """All about one person's plan: how it stands, what its aims are linked to, and how each of them stands."""

    plan: Plan | None
    standing: PlanStanding
    rule: DevelopmentPlanRule | None
    links: Links
    progress: dict[int, Said]
    done_on: dict[str, date]
    names: dict[int, str]


@dataclass(frozen=True, slots=True)
class Member:
    """One of a team, and how her plan stands."""

    person: PersonFacts
    plan: Plan | None
    standing: PlanStanding


def rule_of(organisation_id: int) -> DevelopmentPlanRule | None:
    """Return how often the scheme in force has plans reviewed; None where it asks for none. One query."""
    scheme = catalogue.scheme_in_force(organisation_id)
    return scheme.pack.development_plan if scheme else None


def links_of(organisation_id: int) -> Links:
    """Read what aims can be linked to: two queries."""
    scheme = catalogue.scheme_in_force(organisation_id)
    modules = catalogue.modules_of([organisation_id], withdrawn_too=True).values()
    return Links(
        {each.code: each.full_title for each in modules},
        {each.code: each.title for each in scheme.pack.awards} if scheme else {},
        framework_on(PCF, clock.today()),
    )


def page_of(person_id: int) -> PlanPage:
    """Load one person's plan with all that is shown beside it: nine queries."""
    organisation_id = people.get_person(person_id).organisation_id
    plan, rule = plans_of([person_id]).get(person_id), rule_of(organisation_id)
    ids = {*(each.by_id for each in plan.agreed), *(each.by_id for each in plan.reviews)} if plan else set()
    return PlanPage(
        plan,
        _standing(plan, rule),
        rule,
        links_of(organisation_id),
        _progress_of(person_id),
        _done_on(person_id) if plan else {},
        {each.id: each.name for each in people.persons_by_id(ids).values()},
    )


def standing_of(person_id: int) -> PlanStanding:
    """Return how somebody's plan stands today: six queries."""
    organisation_id = people.get_person(person_id).organisation_id
    return _standing(plans_of([person_id]).get(person_id), rule_of(organisation_id))


def team_plans(manager_id: int, organisation_id: int) -> list[Member]:
    """List whom somebody manages with how each plan stands, what presses most first: six queries."""
    rule = rule_of(organisation_id)
    team = [each for each in people.team_of(manager_id, organisation_id, clock.today()) if each.id != manager_id]
    plans = plans_of([each.id for each in team])
    members = [Member(each, plans.get(each.id), _standing(plans.get(each.id), rule)) for each in team]
    order = list(PlanState)
    return sorted(members, key=lambda each: (order.index(each.standing.state), each.standing.due_on or date.max))


def plans_of(person_ids: Collection[int]) -> dict[int, Plan]:
    """Read people's plans with their aims, agreements and reviews: four queries."""
    versions = _versions(person_ids)
    newest = {row.person_id: row for row in versions}
    aims, agreed = _aims(row.id for row in newest.values()), _agreed([row.id for row in versions])
    reviews, owner = _reviews(versions), defaultdict(list)
    for row in versions:
        owner[row.person_id].append(row)
    return {
        person_id: _plan(row, owner[person_id], aims[row.id], agreed, reviews[person_id])
        for person_id, row in newest.items()
    }


def aim_numbers(person_id: int) -> set[int]:
    """Return every number that an aim of somebody's ever had: one query."""
    wanted = select(PlanAim.number).join(DevelopmentPlan, DevelopmentPlan.id == PlanAim.development_plan_id)
    return set(db.session.scalars(wanted.where(DevelopmentPlan.person_id == person_id)))


def _standing(plan: Plan | None, rule: DevelopmentPlanRule | None) -> PlanStanding:
    return standing_on(clock.today(), plan, rule.months if rule else None, rule.soon_days if rule else 0)


def _versions(person_ids: Collection[int]) -> list[Row[*tuple[Any, ...]]]:
    """Read every version of people's plans, the newest of each person last."""
    wanted = (
        select(
            DevelopmentPlan.id,
            DevelopmentPlan.person_id,
            DevelopmentPlan.version,
            DevelopmentPlan.needs,
            DevelopmentPlan.support,
            DevelopmentPlan.written_on,
        )
        .where(DevelopmentPlan.person_id.in_(person_ids))
        .order_by(DevelopmentPlan.person_id, DevelopmentPlan.version)
    )
    return list(db.session.execute(wanted))


def _aims(plan_ids: Iterable[int]) -> dict[int, list[Aim]]:
    wanted = (
        select(
            PlanAim.development_plan_id,
            PlanAim.number,
            PlanAim.aim,
            PlanAim.target_on,
            PlanAim.module_code,
            PlanAim.award_code,
            PlanAim.pcf_domains,
        )
        .where(PlanAim.development_plan_id.in_(list(plan_ids)))
        .order_by(PlanAim.number)
    )
    found: dict[int, list[Aim]] = defaultdict(list)
    for row in db.session.execute(wanted):
        found[row.development_plan_id].append(
            Aim(row.number, row.aim, row.target_on, row.module_code, row.award_code, tuple(row.pcf_domains))
        )
    return found


def _agreed(plan_ids: Collection[int]) -> dict[int, list[Agreed]]:
    wanted = (
        select(
            LearningAgreement.development_plan_id,
            LearningAgreement.party,
            LearningAgreement.agreed_by_id,
            LearningAgreement.agreed_on,
        )
        .where(LearningAgreement.development_plan_id.in_(plan_ids))
        .order_by(LearningAgreement.id)
    )
    found: dict[int, list[Agreed]] = defaultdict(list)
    for plan_id, party, by_id, on in db.session.execute(wanted):
        found[plan_id].append(Agreed(Party(party), by_id, on))
    return found


def _reviews(versions: Collection[Row[*tuple[Any, ...]]]) -> dict[int, list[Review]]:
    """Read the reviews by person, the latest first."""
    of = {row.id: row for row in versions}
    wanted = (
        select(PlanReview.development_plan_id, PlanReview.held_on, PlanReview.notes, PlanReview.recorded_by_id)
        .where(PlanReview.development_plan_id.in_(list(of)))
        .order_by(PlanReview.held_on.desc(), PlanReview.id.desc())
    )
    found: dict[int, list[Review]] = defaultdict(list)
    for plan_id, held_on, notes, by_id in db.session.execute(wanted):
        found[of[plan_id].person_id].append(Review(held_on, of[plan_id].version, notes, by_id))
    return found


def _plan(
    row: Row[*tuple[Any, ...]],
    versions: list[Row[*tuple[Any, ...]]],
    aims: list[Aim],
    agreed: dict[int, list[Agreed]],
    reviews: list[Review],
) -> Plan:
    """Put a plan together from its newest version and what is known of the earlier ones."""
    both = [max(each.on for each in agreed[one.id]) for one in versions if len(agreed[one.id]) == len(Party)]
    return Plan(
        id=row.id,
        person_id=row.person_id,
        version=row.version,
        needs=row.needs,
        support=row.support,
        written_on=row.written_on,
        aims=tuple(aims),
        agreed=tuple(agreed[row.id]),
        begun_on=versions[0].written_on,
        first_agreed_on=min(both, default=None),
        reviews=tuple(reviews),
    )


def _progress_of(person_id: int) -> dict[int, Said]:
    """Read how somebody says that her aims stand: one query."""
    wanted = select(AimProgress.aim_number, AimProgress.progress, AimProgress.note, AimProgress.said_on).where(
        AimProgress.person_id == person_id, AimProgress.superseded_at.is_(None)
    )
    return {number: Said(Progress(kind), note, on) for number, kind, note, on in db.session.execute(wanted)}


def _done_on(person_id: int) -> dict[str, date]:
    """Return when somebody last completed each module, or had it recognised: one query."""
    done = (FactKind.COMPLETED, FactKind.RECOGNISED)
    entries = [each.entry for each in said_of(person_id)]
    found = [each for each in entries if each.kind in done and each.is_in_force]
    return {each.subject: each.happened_on for each in reversed(found)}
