"""Writing a development plan, agreeing to it, saying how its aims stand, and reviewing it (W-14, S-4).

Each change of what was agreed is a new version, to which both agree anew; how an aim stands, and a review, are none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import update

from cpd.people import service as people
from cpd.shared import clock, history, outbox
from cpd.shared.database import db
from cpd.shared.unit_of_work import one_transaction
from cpd.shared.wording import date_words
from cpd.study.managers import manager_of
from cpd.study.plans import rules
from cpd.study.plans.models import AimProgress, DevelopmentPlan, LearningAgreement, PlanAim, PlanReview
from cpd.study.plans.reading import aim_numbers, plans_of, standing_of
from cpd.study.plans.rules import Aim, Fault, Party, Plan, PlanStanding, Progress

CHANGED = "changed"


class PlanRefused(Exception):  # noqa: N818 - a refusal is an answer, not a failure
    """Nothing was changed; `faults` are all the reasons."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(", ".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Written:
    """What a version of a plan says."""

    needs: str = ""
    support: str = ""
    aims: tuple[Aim, ...] = ()


def summary_of(person_id: int) -> PlanStanding:
    """Return how somebody's plan stands today: six queries."""
    return standing_of(person_id)


@one_transaction
def write(person_id: int, needs: str, support: str) -> None:
    """Write down what she needs to learn and what she is given for it; the aims stay as they are."""
    _change(person_id, lambda written: replace(written, needs=needs, support=support))


@one_transaction
def set_aim(person_id: int, aim: Aim) -> int:
    """Add an aim (number 0) or change one, and return its number.

    Raises:
        LookupError: there is no such aim.
    """
    people.lock_persons([person_id])
    plan = plans_of([person_id]).get(person_id)
    if aim.number:
        _aim(plan, aim.number)
    aim = replace(aim, number=aim.number or rules.next_number(aim_numbers(person_id)))
    _change(person_id, lambda written: replace(written, aims=rules.with_aim(written.aims, aim)))
    return aim.number


@one_transaction
def drop_aim(person_id: int, number: int) -> None:
    """Take an aim out of the plan; earlier versions keep it.

    Raises:
        LookupError: there is no such aim.
    """
    people.lock_persons([person_id])
    _aim(plans_of([person_id]).get(person_id), number)
    _change(person_id, lambda written: replace(written, aims=rules.without_aim(written.aims, number)))


@one_transaction
def agree(person_id: int, version: int, *, by: int) -> None:
    """Agree to the version of the plan that was read; the other one is told.

    Raises:
        PlanRefused: every reason against it.
        LookupError: `by` is neither the person nor her line manager of today.
    """
    people.lock_persons([person_id])
    party = _party(person_id, by)
    plan = plans_of([person_id]).get(person_id)
    if faults := rules.faults_of_agreeing(plan, version, party):
        raise PlanRefused(faults)
    assert plan  # noqa: S101 - else it was refused
    organisation_id = people.get_person(person_id).organisation_id
    row = LearningAgreement(
        organisation_id=organisation_id,
        development_plan_id=plan.id,
        party=party,
        agreed_by_id=by,
        agreed_on=clock.today(),
        recorded_at=clock.real_now(),
    )
    db.session.add(row)
    db.session.flush()
    _remember("agreed", plan.id, organisation_id, by, {"version": version, "party": str(party)})
    kind = "plan_agreed" if plan.waits_for == [party] else "plan_to_agree"
    _tell_the_other(person_id, by, kind, f"agreement:{row.id}", {})


@one_transaction
def say_progress(person_id: int, number: int, progress: Progress, note: str) -> None:
    """Say how an aim stands; the earlier saying is superseded.

    Raises:
        LookupError: there is no such aim.
    """
    people.lock_persons([person_id])
    plan = plans_of([person_id]).get(person_id)
    _aim(plan, number)
    now, organisation_id = clock.real_now(), people.get_person(person_id).organisation_id
    db.session.execute(
        update(AimProgress)
        .where(AimProgress.person_id == person_id, AimProgress.aim_number == number)
        .where(AimProgress.superseded_at.is_(None))
        .values(superseded_at=now, superseded_by_id=person_id, supersede_reason=CHANGED)
    )
    row = AimProgress(
        organisation_id=organisation_id,
        person_id=person_id,
        aim_number=number,
        progress=progress,
        note=note,
        said_on=clock.today(),
        recorded_at=now,
        recorded_by_id=person_id,
    )
    db.session.add(row)
    db.session.flush()
    said = {"aim": number, "progress": str(progress)}
    history.note("said", "aim_progress", row.id, actor_id=person_id, organisation_id=organisation_id, after=said)


@one_transaction
def review(person_id: int, held_on: date, notes: str, *, by: int) -> None:
    """Write down a review; the other one is told.

    Raises:
        PlanRefused: every reason against it.
        LookupError: `by` is neither the person nor her line manager of today.
    """
    people.lock_persons([person_id])
    _party(person_id, by)
    plan = plans_of([person_id]).get(person_id)
    if faults := rules.faults_of_review(plan, held_on, clock.today()):
        raise PlanRefused(faults)
    assert plan  # noqa: S101 - else it was refused
    organisation_id = people.get_person(person_id).organisation_id
    row = PlanReview(
        organisation_id=organisation_id,
        development_plan_id=plan.id,
        held_on=held_on,
        notes=notes,
        recorded_at=clock.real_now(),
        recorded_by_id=by,
    )
    db.session.add(row)
    db.session.flush()
    _remember("reviewed", plan.id, organisation_id, by, {"held_on": held_on.isoformat()})
    _tell_the_other(person_id, by, "plan_reviewed", f"review:{row.id}", {"held_on": date_words(held_on)})


def _change(person_id: int, change: Callable[[Written], Written]) -> None:
    """Keep a new version of a plan under its person's lock; where nothing changes there is none."""
    people.lock_persons([person_id])
    plan = plans_of([person_id]).get(person_id)
    before = Written(plan.needs, plan.support, plan.aims) if plan else None
    written = change(before or Written())
    if written == before:
        return
    if plan:
        _end(plan, person_id)
    _keep(person_id, plan.version + 1 if plan else 1, written)


def _end(plan: Plan, by: int) -> None:
    ended: dict[str, Any] = {"superseded_at": clock.real_now(), "superseded_by_id": by, "supersede_reason": CHANGED}
    db.session.execute(update(DevelopmentPlan).where(DevelopmentPlan.id == plan.id).values(**ended))


def _keep(person_id: int, version: int, written: Written) -> None:
    """Add a version with its aims."""
    organisation_id = people.get_person(person_id).organisation_id
    row = DevelopmentPlan(
        organisation_id=organisation_id,
        person_id=person_id,
        version=version,
        needs=written.needs,
        support=written.support,
        written_on=clock.today(),
        recorded_at=clock.real_now(),
        recorded_by_id=person_id,
    )
    db.session.add(row)
    db.session.flush()
    db.session.add_all(
        PlanAim(
            development_plan_id=row.id,
            number=aim.number,
            aim=aim.aim,
            target_on=aim.target_on,
            module_code=aim.module_code,
            award_code=aim.award_code,
            pcf_domains=list(aim.pcf_domains),
        )
        for aim in written.aims
    )
    db.session.flush()
    _remember("written", row.id, organisation_id, person_id, {"version": version})


def _aim(plan: Plan | None, number: int) -> Aim:
    found = next((each for each in plan.aims if each.number == number), None) if plan else None
    if found is None:
        raise LookupError(f"There is no aim {number} in this plan")
    return found


def _party(person_id: int, by: int) -> Party:
    """Say as which of the two somebody acts."""
    if by == person_id:
        return Party.WORKER
    if by == manager_of(person_id):
        return Party.MANAGER
    raise LookupError(f"There is no plan of person {person_id} for this one to act on")


def _tell_the_other(person_id: int, by: int, kind: str, key: str, facts: dict[str, Any]) -> None:
    """Tell the manager what the worker did, or the other way round."""
    person = people.get_person(person_id)
    other = manager_of(person_id) if by == person_id else person_id
    if other is None:
        return
    path = "/my/plan" if other == person_id else f"/people/{person_id}/plan"
    said = {"by": people.get_person(by).name, "own": other == person_id, "path": path}
    outbox.tell(person.organisation_id, other, kind, key, said | facts)


def _remember(verb: str, plan_id: int, organisation_id: int, by: int, after: dict[str, Any]) -> None:
    history.note(verb, "development_plan", plan_id, actor_id=by, organisation_id=organisation_id, after=after)
