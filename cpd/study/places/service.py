"""Applying for a yearly place on an award, commenting, deciding, and giving a place up (S-5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select

from cpd.people import service as people
from cpd.schemes.award_places_shape import AwardPlaces
from cpd.shared import clock, history
from cpd.shared.database import db
from cpd.shared.roles import Role
from cpd.shared.unit_of_work import one_transaction
from cpd.study.managers import manager_of
from cpd.study.places import telling
from cpd.study.places.models import AwardPlaceApplication, AwardPlaceQuota
from cpd.study.places.rules import (
    DECIDED,
    LIVE,
    PlaceDecision,
    PlaceFault,
    PlaceStatus,
    Standing,
    against_applying,
    against_commenting,
    against_deciding,
    against_ending,
    may_hold,
    year_of,
)
from cpd.study.places.settling import hold, hold_year, settle, terms_for, terms_of

__all__ = ["AwardPlaceSummary", "PlaceRefused", "apply", "comment", "decide", "give_up", "summary_of"]


class PlaceRefused(Exception):  # noqa: N818 - a refusal is an answer, not a failure
    """Nothing was done; `faults` are all the reasons."""

    def __init__(self, faults: list[PlaceFault]) -> None:
        super().__init__(", ".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class AwardPlaceSummary:
    """What somebody wants to know first: on how many awards there are places, and how her applications stand.

    `live` are titles of awards, each with the status of her application.
    """

    awards: int
    live: tuple[tuple[str, PlaceStatus], ...]


@one_transaction
def apply(person_id: int, award: str, first_day: date, statement: str) -> int:
    """Send in an application for a place in the year that begins on a day, and return its number.

    Her manager is asked for a comment; where she has none, whoever decides is told at once.

    Raises:
        PlaceRefused: every reason against it.
        LookupError: her organisation has no such places, or no year of theirs begins on that day.
    """
    people.lock_persons([person_id])
    person = people.get_person(person_id)
    terms = terms_of(person.organisation_id)[award]
    year = year_of(terms.year, first_day)
    if year.first_day != first_day:
        raise LookupError(f"No year begins on {first_day}")
    post = people.posts_on([person_id], clock.today()).get(person_id)
    quota = hold_year(person.organisation_id, terms, year)
    has_applied = _has_live(quota.id, person_id)
    staff_type = post.staff_type if post else None
    if faults := against_applying(terms, year, clock.today(), staff_type, statement, has_applied=has_applied):
        raise PlaceRefused(faults)
    application = AwardPlaceApplication(
        organisation_id=person.organisation_id,
        quota_id=quota.id,
        person_id=person_id,
        statement=statement,
        status=PlaceStatus.APPLIED,
        applied_at=clock.now(),
    )
    db.session.add(application)
    db.session.flush()
    _remember("applied", application, by=person_id)
    manager_id = manager_of(person_id)
    if manager_id is None:
        telling.ask_for_decision(application, quota, terms)
    else:
        telling.ask_for_comment(application, quota, manager_id)
    return application.id


@one_transaction
def comment(application_id: int, words: str, *, supports: bool, by: int) -> None:
    """Write down what her manager thinks of an application, and tell whoever decides.

    Raises:
        PlaceRefused: every reason against it.
        LookupError: there is no such application.
    """
    application, quota = hold(application_id)
    terms = terms_for(quota)
    manager_id = manager_of(application.person_id)
    if faults := against_commenting(_standing(application, quota, terms), manager_id, by, words, clock.today()):
        raise PlaceRefused(faults)
    application.status = PlaceStatus.COMMENTED
    application.manager_comment, application.manager_supports = words, supports
    application.commented_at, application.commented_by_id = clock.now(), by
    _remember("commented", application, by=by, after={"supports": supports})
    telling.ask_for_decision(application, quota, terms)


@one_transaction
def decide(application_id: int, decision: PlaceDecision, *, reasons: str, by: int) -> PlaceStatus:
    """Give a place, put on the waiting list, or give none, for reasons that she is told; returns how it stands then.

    The places of the year are held first, so of two people who give the last place at once one is refused.

    Raises:
        PlaceRefused: every reason against it.
        LookupError: there is no such application in the decider's organisation.
    """
    application, quota = _held_for(application_id, by)
    terms = terms_for(quota)
    standing, is_decider = _standing(application, quota, terms), _is_decider(by, quota, terms)
    if faults := against_deciding(standing, decision, by, reasons, clock.today(), is_decider=is_decider):
        raise PlaceRefused(faults)
    status = DECIDED[decision]
    if status is PlaceStatus.WAITING:
        application.waiting_number = _last_number(quota.id) + 1
    if status is PlaceStatus.SELECTED:
        application.selected_at = clock.now()
    application.status, application.decision = status, reasons
    application.decided_at, application.decided_by_id = clock.now(), by
    _remember(str(status), application, by=by, reason=reasons)
    settle(quota, terms)
    telling.tell_of_decision(application, quota)
    return status


@one_transaction
def give_up(application_id: int, *, reason: str, by: int) -> None:
    """Withdraw an application; a place that it held goes to the head of the waiting list in the same act.

    Whoever decides may do it too, for a reason: when somebody leaves, say.

    Raises:
        PlaceRefused: every reason against it.
        LookupError: there is no such application in this organisation.
    """
    application, quota = _held_for(application_id, by)
    terms = terms_for(quota)
    standing, is_decider = _standing(application, quota, terms), _is_decider(by, quota, terms)
    if faults := against_ending(standing, by, reason, clock.today(), is_decider=is_decider):
        raise PlaceRefused(faults)
    application.status = PlaceStatus.WITHDRAWN
    application.ended_at, application.ended_reason = clock.now(), reason
    _remember("withdrawn", application, by=by, reason=reason or None)
    settle(quota, terms)
    telling.tell_of_end(application, quota, terms, by)


def summary_of(person_id: int) -> AwardPlaceSummary | None:
    """Say what somebody wants to know first; None where her council has no such places. Three queries at most."""
    offered = terms_of(people.get_person(person_id).organisation_id)
    if not offered:
        return None
    wanted = (
        select(AwardPlaceQuota.title, AwardPlaceApplication.status)
        .join(AwardPlaceQuota, AwardPlaceQuota.id == AwardPlaceApplication.quota_id)
        .where(AwardPlaceApplication.person_id == person_id, AwardPlaceApplication.status.in_(LIVE))
        .where(AwardPlaceQuota.last_day >= clock.today())
        .order_by(AwardPlaceApplication.id)
    )
    live = tuple((title, PlaceStatus(status)) for title, status in db.session.execute(wanted))
    return AwardPlaceSummary(len(offered), live)


def _held_for(application_id: int, by: int) -> tuple[AwardPlaceApplication, AwardPlaceQuota]:
    """Hold an application of somebody's own organisation."""
    application, quota = hold(application_id)
    if not people.works_for(by, application.organisation_id):
        raise LookupError(f"There is no application {application_id} here")
    return application, quota


def _is_decider(by: int, quota: AwardPlaceQuota, terms: AwardPlaces) -> bool:
    """Say whether somebody holds now the role that decides."""
    return people.holds(by, quota.organisation_id, Role(terms.decided_by))


def _standing(application: AwardPlaceApplication, quota: AwardPlaceQuota, terms: AwardPlaces) -> Standing:
    """Say how a held application stands, as the rules ask."""
    post = people.posts_on([application.person_id], clock.today()).get(application.person_id)
    return Standing(
        status=PlaceStatus(application.status),
        last_day=quota.last_day,
        free=quota.places - quota.taken,
        person_id=application.person_id,
        may_hold=may_hold(terms, post.staff_type if post else None),
    )


def _has_live(quota_id: int, person_id: int) -> bool:
    """Say whether somebody applies for a year's places already, or has one."""
    wanted = select(AwardPlaceApplication.id).where(
        AwardPlaceApplication.quota_id == quota_id,
        AwardPlaceApplication.person_id == person_id,
        AwardPlaceApplication.status.in_(LIVE),
    )
    return db.session.scalar(wanted) is not None


def _last_number(quota_id: int) -> int:
    """Return the last number that was given on a year's waiting list."""
    wanted = select(func.max(AwardPlaceApplication.waiting_number)).where(AwardPlaceApplication.quota_id == quota_id)
    return db.session.scalar(wanted) or 0


def _remember(
    verb: str,
    application: AwardPlaceApplication,
    *,
    by: int,
    reason: str | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Write the history of an application, without names (B8)."""
    history.note(
        verb,
        "award_place_application",
        application.id,
        actor_id=by,
        organisation_id=application.organisation_id,
        reason=reason,
        after={"quota_id": application.quota_id, **(after or {})},
    )
