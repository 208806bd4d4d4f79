"""The places of one year, held and settled: whoever is owed one comes first (S-5).

Every act on an award's year holds its row until it is over, so that no two people decide at the same time.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from cpd.catalogue import service as catalogue
from cpd.people import service as people
from cpd.schemes.award_places_shape import AwardPlaces
from cpd.shared import clock, history
from cpd.shared.database import LARGEST_ID, db
from cpd.shared.unit_of_work import one_transaction
from cpd.study.places import telling
from cpd.study.places.models import AwardPlaceApplication, AwardPlaceQuota
from cpd.study.places.rules import AwardYear, PlaceStatus, Waiting, may_hold, owed, places_given


def terms_of(organisation_id: int) -> dict[str, AwardPlaces]:
    """Return the places that an organisation's scheme in force offers, by award."""
    scheme = catalogue.scheme_in_force(organisation_id)
    return {each.award: each for each in scheme.pack.award_places} if scheme else {}


def terms_for(quota: AwardPlaceQuota) -> AwardPlaces:
    """Return the terms of a year's places; where the scheme offers them no more, they stay as they were."""
    known = terms_of(quota.organisation_id).get(quota.award)
    return known or AwardPlaces(award=quota.award, title=quota.title, places=quota.places)


def hold_year(organisation_id: int, terms: AwardPlaces, year: AwardYear) -> AwardPlaceQuota:
    """Hold the places of one year until the act is over; the first who asks for them writes them down."""
    wanted = select(AwardPlaceQuota).where(
        AwardPlaceQuota.organisation_id == organisation_id,
        AwardPlaceQuota.award == terms.award,
        AwardPlaceQuota.first_day == year.first_day,
    )
    held = wanted.with_for_update().execution_options(populate_existing=True)
    quota = db.session.scalars(held).one_or_none()
    if quota is not None:
        return quota
    quota = AwardPlaceQuota(
        organisation_id=organisation_id,
        award=terms.award,
        title=terms.title,
        first_day=year.first_day,
        last_day=year.last_day,
        places=terms.places,
        taken=0,
    )
    try:
        with db.session.begin_nested():
            db.session.add(quota)
    except IntegrityError:  # somebody else was the first
        return db.session.scalars(held).one()
    return quota


def hold(application_id: int) -> tuple[AwardPlaceApplication, AwardPlaceQuota]:
    """Hold an application with the places of its year. Raises LookupError where there is none."""
    wanted = select(AwardPlaceApplication.quota_id).where(AwardPlaceApplication.id == min(application_id, LARGEST_ID))
    quota_id = db.session.scalar(wanted)
    if quota_id is None:
        raise LookupError(f"There is no application {application_id}")
    quota = _hold_quota(quota_id)
    return db.session.get_one(AwardPlaceApplication, application_id, populate_existing=True), quota


def settle(quota: AwardPlaceQuota, terms: AwardPlaces) -> int:
    """Count the places that are taken, and give what is free to those whose turn it is; returns how many those are.

    The only code that writes how many places there are and are taken. A year that is over stays as it was.
    """
    if clock.today() > quota.last_day:
        return 0
    held, waiting = _in_year(quota.id, PlaceStatus.SELECTED), _in_year(quota.id, PlaceStatus.WAITING)
    quota.title, places = terms.title, places_given(terms.places, len(held))
    in_turn = owed(as_waiting(terms, waiting), places - len(held))
    rows = {each.id: each for each in waiting}
    for application_id in in_turn:
        _pass_on(rows[application_id], quota)
    quota.places, quota.taken = places, len(held) + len(in_turn)
    return len(in_turn)


def as_waiting(terms: AwardPlaces, applications: Collection[AwardPlaceApplication]) -> list[Waiting]:
    """Give the applications of a waiting list as the rules ask for them. One query, where there are any."""
    able = able_to_hold(terms, {each.person_id for each in applications}) if applications else set()
    return [Waiting(each.id, each.waiting_number or 0, each.person_id in able) for each in applications]


def able_to_hold(terms: AwardPlaces, person_ids: Collection[int]) -> set[int]:
    """Return who of these people may hold a place today. One query."""
    posts = people.posts_on(person_ids, clock.today())
    return {each for each, post in posts.items() if may_hold(terms, post.staff_type)}


def follow_schemes(_session: Session, adopted: list[tuple[int, Any]]) -> None:
    """A new version of a scheme is in force: more places go to those who wait, at once."""
    organisations = {organisation_id for organisation_id, _ in adopted}
    wanted = select(AwardPlaceQuota.id).where(
        AwardPlaceQuota.organisation_id.in_(organisations), AwardPlaceQuota.last_day >= clock.today()
    )
    _settle_all(db.session.scalars(wanted.order_by(AwardPlaceQuota.id)).all())


def follow_people(_session: Session, person_ids: list[int]) -> None:
    """Somebody's post changed: who waits, and was passed over, may now be the one whose turn it is."""
    changed = set(person_ids)
    wanted = select(AwardPlaceApplication.quota_id, AwardPlaceApplication.person_id).where(
        AwardPlaceApplication.status == PlaceStatus.WAITING
    )
    _settle_all(sorted({quota_id for quota_id, person_id in db.session.execute(wanted) if person_id in changed}))


def settle_award_places() -> int:
    """Pass on what no act has passed on, because a post began or ended by its date; returns how many places."""
    wanted = select(AwardPlaceQuota.id).where(
        AwardPlaceQuota.last_day >= clock.today(),
        AwardPlaceQuota.taken < AwardPlaceQuota.places,
        AwardPlaceQuota.id.in_(
            select(AwardPlaceApplication.quota_id).where(AwardPlaceApplication.status == PlaceStatus.WAITING)
        ),
    )
    return sum(_settle_one(each) for each in db.session.scalars(wanted.order_by(AwardPlaceQuota.id)).all())


@one_transaction
def _settle_one(quota_id: int) -> int:
    """Settle one year in a transaction of its own."""
    return _settle_all([quota_id])


def _settle_all(quota_ids: Collection[int]) -> int:
    """Settle years, each under its lock, the lowest id first."""
    given = 0
    for quota_id in quota_ids:
        quota = _hold_quota(quota_id)
        given += settle(quota, terms_for(quota))
    return given


def _hold_quota(quota_id: int) -> AwardPlaceQuota:
    """Hold the places of one year until the act is over."""
    wanted = select(AwardPlaceQuota).where(AwardPlaceQuota.id == quota_id).with_for_update()
    return db.session.scalars(wanted.execution_options(populate_existing=True)).one()


def _in_year(quota_id: int, status: PlaceStatus) -> list[AwardPlaceApplication]:
    """Read the applications of a year that stand so; the waiting list in its order."""
    wanted = select(AwardPlaceApplication).where(
        AwardPlaceApplication.quota_id == quota_id, AwardPlaceApplication.status == status
    )
    return list(db.session.scalars(wanted.order_by(AwardPlaceApplication.waiting_number, AwardPlaceApplication.id)))


def _pass_on(application: AwardPlaceApplication, quota: AwardPlaceQuota) -> None:
    """Give a place to somebody on the waiting list, and tell her."""
    application.status = PlaceStatus.SELECTED
    application.selected_at = clock.now()
    history.note(
        "place_passed_on",
        "award_place_application",
        application.id,
        actor_id=None,
        organisation_id=application.organisation_id,
        after={"waiting_number": application.waiting_number},
    )
    telling.tell_of_place_passed_on(application, quota)
