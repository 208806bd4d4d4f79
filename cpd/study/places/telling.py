"""Who is told of what about award places: the person, her manager, and whoever decides."""

from __future__ import annotations

from typing import Any

from cpd.people import service as people
from cpd.schemes.award_places_shape import AwardPlaces
from cpd.shared import outbox
from cpd.shared.roles import Role
from cpd.study.managers import manager_of
from cpd.study.places.models import AwardPlaceApplication, AwardPlaceQuota
from cpd.study.places.rules import PlaceStatus
from cpd.study.places.wording import year_words

OUTCOMES = {
    PlaceStatus.SELECTED: "has a place",
    PlaceStatus.WAITING: "is on the waiting list for a place",
    PlaceStatus.DECLINED: "has no place this year",
    PlaceStatus.WITHDRAWN: "no longer applies for a place",
}
"""What a line manager is told of somebody in her team."""


def ask_for_comment(application: AwardPlaceApplication, quota: AwardPlaceQuota, manager_id: int) -> None:
    """Ask the manager what she thinks of an application."""
    facts = _facts(application, quota, f"/team/award-places/{application.id}")
    outbox.tell(application.organisation_id, manager_id, "award_place_comment", _key(application), facts)


def ask_for_decision(application: AwardPlaceApplication, quota: AwardPlaceQuota, terms: AwardPlaces) -> None:
    """Tell whoever decides that an application is ready; her own is for her colleagues."""
    facts = _facts(application, quota, f"/workforce/award-places/applications/{application.id}")
    for person_id in _deciders(application, terms):
        outbox.tell(application.organisation_id, person_id, "award_place_to_decide", _key(application), facts)


def tell_of_decision(application: AwardPlaceApplication, quota: AwardPlaceQuota) -> None:
    """Tell the person what was decided and why, and her manager what."""
    kind = {
        PlaceStatus.SELECTED: "award_place_selected",
        PlaceStatus.WAITING: "award_place_waiting",
        PlaceStatus.DECLINED: "award_place_declined",
    }[PlaceStatus(application.status)]
    facts = _facts(application, quota, _hers(application)) | {"reasons": application.decision}
    outbox.tell(application.organisation_id, application.person_id, kind, _key(application), facts)
    _tell_manager(application, quota)


def tell_of_place_passed_on(application: AwardPlaceApplication, quota: AwardPlaceQuota) -> None:
    """Tell her that a place has come to her from the waiting list, and her manager too."""
    facts = _facts(application, quota, _hers(application))
    outbox.tell(application.organisation_id, application.person_id, "award_place_passed_on", _key(application), facts)
    _tell_manager(application, quota)


def tell_of_end(application: AwardPlaceApplication, quota: AwardPlaceQuota, terms: AwardPlaces, by: int) -> None:
    """Tell everybody else that an application was withdrawn: her, her manager, and whoever decides."""
    if by != application.person_id:
        facts = _facts(application, quota, _hers(application)) | {"reasons": application.ended_reason}
        outbox.tell(application.organisation_id, application.person_id, "award_place_ended", _key(application), facts)
    facts = _facts(application, quota, f"/workforce/award-places/{quota.award}/{quota.first_day.isoformat()}")
    for person_id in _deciders(application, terms):
        if person_id != by:
            outbox.tell(application.organisation_id, person_id, "award_place_given_up", _key(application), facts)
    _tell_manager(application, quota)


def _tell_manager(application: AwardPlaceApplication, quota: AwardPlaceQuota) -> None:
    """Tell her manager how the application stands now."""
    manager_id = manager_of(application.person_id)
    if manager_id is not None:
        facts = _facts(application, quota, f"/team/award-places/{application.id}")
        facts["outcome"] = OUTCOMES[PlaceStatus(application.status)]
        key = f"{_key(application)}:{application.status}"
        outbox.tell(application.organisation_id, manager_id, "award_place_in_team", key, facts)


def _deciders(application: AwardPlaceApplication, terms: AwardPlaces) -> list[int]:
    """List who decides on an application: not the person herself."""
    holders = people.holders_of(application.organisation_id, Role(terms.decided_by))
    return [each.id for each in holders if each.id != application.person_id]


def _facts(application: AwardPlaceApplication, quota: AwardPlaceQuota, path: str) -> dict[str, Any]:
    """Say in a message whose application it is, for what, and where to read it."""
    return {
        "person": people.get_person(application.person_id).name,
        "award": quota.title,
        "year": year_words(quota.first_day, quota.last_day),
        "path": path,
    }


def _hers(application: AwardPlaceApplication) -> str:
    """Return the address of her own page about it."""
    return f"/my/award-places/{application.id}"


def _key(application: AwardPlaceApplication) -> str:
    """Name an application among the happenings of the outbox."""
    return f"award_place:{application.id}"
