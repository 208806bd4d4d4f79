"""Addresses of somebody else's evidence, cases, requests, documents and first years: nobody gets in who may not.

Each address of the application with such a number in it is asked for, so a new one is tried as soon as it is there.
"""

from __future__ import annotations

import re
from itertools import product

import pytest

from cpd.shared.roles import Role
from tests.architecture.test_bad_input import HUGE, NUL, SURROGATE
from tests.browser.world import content, differences
from tests.databases import stricter_first
from tests.progression.somebody_elses import (
    at_work,
    director,
    enacted,
    first_year,
    judge,
    principal,
    refused,
    scheme_of_requests,
    theirs,
    wendy,
)

__all__ = [
    "at_work",
    "director",
    "enacted",
    "first_year",
    "judge",
    "principal",
    "refused",
    "scheme_of_requests",
    "theirs",
    "wendy",
]

pytestmark = stricter_first

PARTS = (
    "pathways",
    "portfolios",
    "panels",
    "vacancies",
    "requests",
    "appeals",
    "exports",
    "documents",
    "openness",
    "early_career",
    "retention",
)
WORDS = {"code", "evidence_kind", "what", "programme_code", "transition_code"}
"""What in an address is a word; an address of nothing else shows what is the viewer's own, or everybody's."""

NOTHING_THERE = ("0", "2147483648", HUGE, NUL, SURROGATE, "2019-02-30")
REFUSED = {403, 404, 405}
CLEARLY_REFUSED = REFUSED | {400, 409, 422}
OPEN_TO_ALL = {"/progression/vacancies/<int:vacancy_id>"}
"""What everybody of a council may see."""


@pytest.fixture
def of_everything(both, make_person, make_organisation):
    """Somebody of a third council who holds every role there is."""
    return make_person("Nosy Neighbour", *Role, employer=make_organisation("walsall", "Walsall Council"))


def addresses(app, parts=PARTS) -> list[tuple[str, str, list[str]]]:
    """List what can be asked for with a number of somebody's, as method, pattern and the names in it."""
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint.partition(".")[0] in parts]
    found = [(method, str(rule), rule.arguments) for rule in rules for method in rule.methods & {"GET", "POST"}]
    return sorted((method, path, sorted(names)) for method, path, names in found if names - WORDS)


def filled(pattern: str, values: dict[str, object]) -> str:
    return re.sub(r"<(?:[^:<>]+:)?(\w+)>", lambda part: str(values[part[1]]), pattern)


def got_in(browser, app, theirs, *, parts=PARTS, but=()) -> list[tuple[str, str, int]]:
    """Ask for each address with each number of its kind; return those that were not refused."""
    wrong = []
    for method, pattern, names in addresses(app, parts):
        for values in product(*(theirs[name] for name in names)):
            address = filled(pattern, dict(zip(names, values, strict=True)))
            answer = browser.open(address, method=method)
            if answer.status_code not in REFUSED and (method, pattern) not in but:
                wrong.append((method, address, answer.status_code))
    return wrong


def test_nobody_of_another_council_sees_or_changes_anything_whatever_her_roles(both, theirs, of_everything, sign_in):
    browser, before = sign_in(of_everything), content()

    assert len(addresses(both)) > 90
    assert got_in(browser, both, theirs) == []
    assert differences(before, content()) == []


def test_no_colleague_sees_or_changes_anything(both, theirs, alice, sign_in):
    browser, before = sign_in(alice), content()

    assert got_in(browser, both, theirs, but={("GET", each) for each in OPEN_TO_ALL}) == []
    assert differences(before, content()) == []


def test_no_list_names_anybody_of_another_council_and_none_that_a_colleague_reads_names_a_candidate(
    both, theirs, of_everything, alice, sign_in
):
    readers = {"neighbour": sign_in(of_everything), "colleague": sign_in(alice)}
    lists = {str(rule) for rule in both.url_map.iter_rules() if rule.endpoint.partition(".")[0] in PARTS}
    named = [
        (who, path, name)
        for (who, browser), path in product(readers.items(), sorted(each for each in lists if "<" not in each))
        for text in [browser.get(path).data.decode(errors="ignore")]
        for name in ("Abel Able", "Wendy Wise", "Nina Newly")
        if name in text
    ]

    assert len(lists) > 90
    assert named == []


def test_who_looks_after_other_things_gets_nothing_of_what_is_judged(both, theirs, make_person, sign_in):
    roles = (Role.FACILITATOR, Role.HR, Role.AUDITOR, Role.ADMINISTRATOR)
    browser, before = sign_in(make_person("Otto Other", *roles)), content()

    judging = ("portfolios", "panels", "requests", "appeals", "documents", "early_career", "pathways")
    assert got_in(browser, both, theirs, parts=judging) == []
    assert differences(before, content()) == []


def test_numbers_that_name_nothing_are_refused(both, theirs, make_person, sign_in):
    browser = sign_in(make_person("Olga Oneself", *Role))
    both.config.update(PROPAGATE_EXCEPTIONS=False)
    before, wrong = content(), []
    for method, pattern, names in addresses(both):
        for value, real in product(NOTHING_THERE, (False, True)):
            values = dict.fromkeys(names, value)
            if real:  # the first is there, what belongs to it is not
                values[names[0]] = theirs[names[0]][0]
            if real and len(names) == 1:
                continue
            answer = browser.open(filled(pattern, values), method=method)
            if answer.status_code not in CLEARLY_REFUSED:
                wrong.append((method, filled(pattern, values)[:90], answer.status_code))
    both.config.update(PROPAGATE_EXCEPTIONS=None)

    assert wrong == []
    assert differences(before, content()) == []
