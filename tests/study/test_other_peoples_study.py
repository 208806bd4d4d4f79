"""Addresses of somebody else's study days, credits, awards, places and funding: nobody gets in who may not.

Each address of the application with such a number in it is asked for, so a new one is tried as soon as it is there.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from cpd.people.away import record_away
from cpd.people.rules import Away, AwayKind
from cpd.shared.roles import Role
from cpd.study.awards import service as awards
from cpd.study.credits import claiming
from cpd.study.credits import service as ledger
from cpd.study.credits.rules import CreditStatus
from cpd.study.days import service as days
from cpd.study.days.rules import AskedFor, DayPart
from cpd.study.funding import service as funding
from cpd.study.places import service as places
from tests.architecture.test_bad_input import HUGE, NUL, SURROGATE
from tests.browser.world import content, differences
from tests.databases import stricter_first
from tests.study.awarding import CERTIFICATE
from tests.study.test_credits_claims import PDF, PORTFOLIO
from tests.study.test_credits_ledger import said
from tests.study.test_funding import COURSE, LEAFLET

pytestmark = stricter_first

PARTS = ("study_days", "protected_time", "credits", "awards", "places", "funding")
NOTHING_THERE = ("0", "2147483648", HUGE, NUL, SURROGATE, "2019-02-30", "0001-01-01", "9999-12-31")
REFUSED = {403, 404, 405}
CLEARLY_REFUSED = REFUSED | {400, 409, 422}


@pytest.fixture
def theirs(
    both, ward, wanda, county_manager, county_officer, slough_worker, make_person, county
) -> dict[str, list[int]]:
    """One of everything of two other councils, by the name of its number in an address."""
    sky = slough_worker("Sky")
    asked = days.ask(ward.id, AskedFor("study", date(2019, 1, 7), DayPart.WHOLE, "Portfolio"))
    paid = funding.ask(ward.id, COURSE, LEAFLET)
    return {
        "person_id": [ward.id, sky.id],
        "away_id": [record_away(ward.id, Away(AwayKind.LEAVE, date(2019, 3, 4), None), by=county_manager.id)],
        "request_id": [asked, paid],
        "claim_id": [claiming.begin(ward.id, replace(PORTFOLIO, words="Mine"), PDF, hand_in=True)],
        "entry_id": [ledger.enter(said(ward, CreditStatus.AWARDED, "WA-PE-1"), by=county_officer.id)],
        "enrolment_id": [
            awards.enrol(ward.id, CERTIFICATE, enrolled_on=date(2018, 9, 1), by=county_officer.id, composition="")
        ],
        "application_id": [places.apply(sky.id, "graduate-diploma", date(2018, 4, 1), "I want to learn it")],
    }


@pytest.fixture
def of_everything(both, make_person):
    """Somebody of a third council who holds every role there is."""
    return make_person("Nosy Neighbour", *Role)


def addresses(app, names) -> list[tuple[str, str]]:
    """List what can be asked for with numbers or words of these names, as method and pattern."""
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint.partition(".")[0] in (*PARTS, "people")]
    found = [(method, rule) for rule in rules for method in rule.methods & {"GET", "POST"}]
    return sorted((method, str(rule)) for method, rule in found if rule.arguments and rule.arguments <= set(names))


def filled(pattern: str, values: dict[str, object]) -> str:
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda part: str(values[part[1]]), pattern)


def got_in(browser, app, theirs) -> list[tuple[str, str, int]]:
    """Ask for each address with each number of its kind; return those that were not refused."""
    wrong = []
    for method, pattern in addresses(app, theirs):
        for number in range(2):
            values = {name: numbers[min(number, len(numbers) - 1)] for name, numbers in theirs.items()}
            address = filled(pattern, values)
            answer = browser.open(address, method=method)
            if answer.status_code not in REFUSED:
                wrong.append((method, address, answer.status_code))
    return wrong


def test_nobody_of_another_council_sees_or_changes_anything_whatever_her_roles(both, theirs, of_everything, sign_in):
    browser, before = sign_in(of_everything), content()

    assert len(addresses(both, theirs)) > 40
    assert got_in(browser, both, theirs) == []
    assert differences(before, content()) == []


def test_no_colleague_sees_or_changes_anything(both, theirs, wanda, sign_in):
    browser, before = sign_in(wanda), content()

    assert got_in(browser, both, theirs) == []
    assert differences(before, content()) == []


def test_numbers_and_words_that_name_nothing_are_refused(both, theirs, county, make_person, sign_in):
    browser = sign_in(make_person("Olga Oneself", *Role, employer=county))
    both.config.update(PROPAGATE_EXCEPTIONS=False)
    names = {*theirs, "kind", "code", "week", "award", "day"}
    before, wrong = content(), []
    for method, pattern in addresses(both, names):
        for value in NOTHING_THERE:
            address = filled(pattern, dict.fromkeys(names, value))
            answer = browser.open(address, method=method)
            if answer.status_code not in CLEARLY_REFUSED:
                wrong.append((method, address[:80], answer.status_code))
    both.config.update(PROPAGATE_EXCEPTIONS=None)

    assert wrong == []
    assert differences(before, content()) == []
