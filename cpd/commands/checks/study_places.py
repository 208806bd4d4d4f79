"""Places on awards and funding: no more are taken than there are, nobody waits while one is free, files are there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from sqlalchemy import case, func, select

from cpd.commands.checks.check import Check, rows_in
from cpd.people.models import RoleGrant
from cpd.shared import clock
from cpd.shared.database import db
from cpd.shared.lost_files import misfitting_files
from cpd.study.funding.models import FundingRequest
from cpd.study.funding.rules import DECIDES
from cpd.study.places.models import AwardPlaceApplication, AwardPlaceQuota
from cpd.study.places.rules import PlaceStatus, owed
from cpd.study.places.settling import as_waiting, terms_for


def miscounted_places() -> Iterator[str]:
    """Find years whose places are not taken by as many people as it says, or by more than there are."""
    holds = func.count(case((AwardPlaceApplication.status == PlaceStatus.SELECTED, 1)))
    wanted = (
        select(AwardPlaceQuota.id, AwardPlaceQuota.places, AwardPlaceQuota.taken, holds)
        .outerjoin(AwardPlaceApplication, AwardPlaceApplication.quota_id == AwardPlaceQuota.id)
        .group_by(AwardPlaceQuota.id, AwardPlaceQuota.places, AwardPlaceQuota.taken)
        .order_by(AwardPlaceQuota.id)
    )
    for number, places, taken, selected in db.session.execute(wanted):
        if taken != selected or not 0 <= taken <= places:
            yield f"award places {number}: {taken} of {places} are taken, and {selected} people have one"


def waiting_in_vain() -> Iterator[str]:
    """Find people who wait for a place on an award while one is free that they may have."""
    waiting: defaultdict[int, list[AwardPlaceApplication]] = defaultdict(list)
    rows = select(AwardPlaceApplication).where(AwardPlaceApplication.status == PlaceStatus.WAITING)
    for row in db.session.scalars(rows.order_by(AwardPlaceApplication.id)):
        waiting[row.quota_id].append(row)
    years = select(AwardPlaceQuota).where(AwardPlaceQuota.id.in_(waiting), AwardPlaceQuota.last_day >= clock.today())
    for quota in db.session.scalars(years.order_by(AwardPlaceQuota.id)):
        asked = as_waiting(terms_for(quota), waiting[quota.id])
        for application_id in owed(asked, quota.places - quota.taken):
            yield f"application {application_id} waits for award places {quota.id}, of which one is free"


def strangers_applying() -> Iterator[str]:
    """Find applications for another organisation's places."""
    wanted = (
        select(AwardPlaceApplication.id, AwardPlaceApplication.organisation_id, AwardPlaceQuota.organisation_id)
        .join(AwardPlaceQuota, AwardPlaceQuota.id == AwardPlaceApplication.quota_id)
        .where(AwardPlaceApplication.organisation_id != AwardPlaceQuota.organisation_id)
        .order_by(AwardPlaceApplication.id)
    )
    for number, hers, theirs in db.session.execute(wanted):
        yield f"application {number} of organisation {hers} is for places of organisation {theirs}"


def decided_by_nobody_entitled() -> Iterator[str]:
    """Find funding that was decided by somebody who never was an Assistant Director, or by the person herself."""
    directors = select(RoleGrant.person_id).where(RoleGrant.role == DECIDES)
    wanted = (
        select(FundingRequest.id, FundingRequest.decided_by_id)
        .where(FundingRequest.decided_at.is_not(None), FundingRequest.decided_by_id.not_in(directors))
        .order_by(FundingRequest.id)
    )
    for number, decided_by in db.session.execute(wanted):
        yield f"funding {number} was decided by person {decided_by}, who never was an Assistant Director"


def lost_files() -> Iterator[str]:
    """Find files of requests that are not there, or are not as long as they were."""
    wanted = select(FundingRequest.id, FundingRequest.stored_as, FundingRequest.size)
    return misfitting_files(
        wanted.where(FundingRequest.stored_as.is_not(None)).order_by(FundingRequest.id), "funding request"
    )


CHECKS = (
    Check("award places", miscounted_places, rows_in(AwardPlaceQuota), "years"),
    Check("award places waited for", waiting_in_vain, rows_in(AwardPlaceApplication), "applications"),
    Check("award places of one's own", strangers_applying, rows_in(AwardPlaceApplication), "applications"),
    Check("funding decided", decided_by_nobody_entitled, rows_in(FundingRequest), "requests"),
    Check("files of funding", lost_files, rows_in(FundingRequest), "requests"),
)
