"""`flask doctor` finds award places that are miscounted or waited for in vain, and funding that nobody may decide."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import update

from cpd.shared.kept_files import path_of
from cpd.shared.roles import Role
from cpd.study.funding import reading as funding_reading
from cpd.study.funding import service as funding
from cpd.study.funding.models import FundingRequest
from cpd.study.places import service
from cpd.study.places.models import AwardPlaceApplication, AwardPlaceQuota
from cpd.study.places.rules import PlaceDecision
from tests.commands.conftest import change
from tests.study.conftest import county, slough, slough_manager, slough_officer, slough_worker
from tests.study.test_funding import COURSE, LEAFLET

__all__ = ["county", "slough", "slough_manager", "slough_officer", "slough_worker"]


@pytest.fixture
def full(app_in_use, slough_worker, slough_officer):
    """Three places are taken, and one person waits; returns the applications."""
    applications = [
        service.apply(slough_worker(name).id, "practice-educator", date(2018, 4, 1), "Why")
        for name in ("Ann", "Ben", "Cyd", "Dot")
    ]
    for each, decision in zip(applications, [PlaceDecision.SELECT] * 3 + [PlaceDecision.WAIT], strict=True):
        service.decide(each, decision, reasons="Because", by=slough_officer.id)
    return applications


@pytest.fixture
def approved(app_in_use, make_person, county):
    """Funding that a director approved, with its file."""
    director = make_person("Dara", Role.ASSISTANT_DIRECTOR, employer=county)
    request_id = funding.ask(make_person("Ward", employer=county).id, COURSE, LEAFLET)
    funding.decide(request_id, approved=True, reasons="Yes", by=director.id)
    return request_id


def test_it_is_content_with_places_and_funding_at_every_stage(both, full, approved, slough_officer, finds_nothing):
    service.give_up(full[0], reason="She has left", by=slough_officer.id)

    finds_nothing()


def test_places_that_are_taken_by_fewer_people_than_it_says(both, full, finds):
    change(update(AwardPlaceApplication).where(AwardPlaceApplication.id == full[0]).values(status="withdrawn"))

    finds("award places: award places 1: 3 of 3 are taken, and 2 people have one")


def test_somebody_who_waits_while_a_place_is_free(both, full, finds):
    change(update(AwardPlaceQuota).values(places=4))

    finds(f"award places waited for: application {full[3]} waits for award places 1, of which one is free")


def test_somebody_who_may_have_none_waits_without_a_fault(both, full, finds_nothing):
    change("UPDATE post SET staff_type = 'agency'", update(AwardPlaceQuota).values(places=4))

    finds_nothing()


def test_a_waiting_list_of_a_year_that_is_over_is_left_alone(both, full, finds_nothing, clock_at):
    change(update(AwardPlaceQuota).values(places=4))
    clock_at(2019, 4, 1, 9)

    finds_nothing()


def test_an_application_for_the_places_of_another_council(both, full, organisation, slough, finds):
    change(
        update(AwardPlaceApplication).where(AwardPlaceApplication.id == full[3]).values(organisation_id=organisation.id)
    )

    finds(
        f"award places of one's own: application {full[3]} of organisation {organisation.id} is for places of "
        f"organisation {slough.id}"
    )


def test_funding_that_was_decided_by_somebody_else(both, approved, alice, finds):
    change(update(FundingRequest).values(decided_by_id=alice.id))

    finds(f"funding decided: funding {approved} was decided by person {alice.id}, who never was an Assistant Director")


def test_a_file_that_is_gone(both, approved, finds):
    stored_as = funding_reading.find_request(approved).stored_as
    path_of(stored_as).unlink()

    finds(f"files of funding: the file {stored_as} of funding request {approved} is missing")
