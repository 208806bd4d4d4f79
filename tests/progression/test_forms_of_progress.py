"""Forms that are forged, sent twice, absurd or about something of another council change nothing and never fail."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from itertools import product

import pytest

from cpd.people.models import Organisation
from cpd.progression.panels import service as panels
from cpd.progression.portfolios import service as portfolios
from cpd.progression.requests import service as requests
from cpd.progression.requests.course import RequestRefused
from cpd.progression.requests.rules import CoverWanted, RequestFault
from cpd.progression.vacancies import service as vacancies
from cpd.progression.vacancies.rules import VacancyWanted
from cpd.shared import clock
from cpd.shared.database import db
from cpd.shared.roles import Role
from tests.architecture.test_bad_input import HUGE, LONG
from tests.browser.world import content, differences
from tests.databases import stricter_first
from tests.packs import adopt_text
from tests.progression import requesting
from tests.progression.evidence import PDF
from tests.progression.judging import meet
from tests.progression.requesting import approve, ask, facts, opened, posts, request_ids
from tests.progression.somebody_elses import (
    SEEN,
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
from tests.progression.test_other_peoples_progress import PARTS, filled

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

MODE = "to_level: lead\n        transition_mode: "
LEAD_BY_VACANCY = (f"{MODE}approval", f"{MODE}vacancy")
STRANGE = ("", f"?page={HUGE}", "?page=-1&vacancy=%00&first=x&last=9999-99-99&status=x&transition=%00")
ABSURD = (HUGE, "2147483648", "-1", "0", "\x00", "٣", LONG, "9999-12-31", "0001-01-01")


def typed(on):
    """A day as the date field sends it."""
    return [str(on.day), str(on.month), str(on.year)]


# Standing in


def test_whoever_stands_in_for_an_approver_decides_nothing_about_herself(
    app, scheme_of_requests, wendy, director, officer, sign_in
):
    days = (clock.today(), clock.today() + timedelta(days=7))
    wanted = CoverWanted(Role.ASSISTANT_DIRECTOR, director.id, wendy.id, *days, "Away")
    requests.name_cover(wendy.organisation_id, wanted, by=officer.id)
    request_id = ask(wendy, "wise-lead")
    browser, before = sign_in(wendy), content()
    decision = {"decision": "approve", "reasons": "I am ready"}

    assert requests.waiting_count(wendy.id, wendy.organisation_id, frozenset()) == 0
    assert browser.post(f"/progression/requests/{request_id}", data=decision).location.startswith("/my/progress")
    for act in ("enact", "decline", "take-back"):
        assert browser.post(f"/progression/requests/{request_id}/{act}", data=decision).status_code in (403, 404)
    with pytest.raises(RequestRefused) as info:
        approve(request_id, wendy)
    assert info.value.faults == [RequestFault.OWN]
    assert differences(before, content()) == []


# Vacancies and days


@pytest.fixture
def two_kinds(app_in_use, organisation):
    """A step up and a step aside, each into a vacancy."""
    return requesting.adopt(LEAD_BY_VACANCY)


def post_of(organisation, by, career_level):
    wanted = VacancyWanted("A post", "Assessment", career_level, Decimal(1), clock.today(), None, "Ask here")
    return vacancies.open_vacancy(organisation.id, wanted, by=by.id)


@pytest.fixture
def elsewhere(app_in_use, make_person):
    """A vacancy of the same career level at another council."""
    text = requesting.PACK.replace("{code: gateshead, name: Gateshead", "{code: slough, name: Slough")
    version = adopt_text(text.replace("C1", "S1"))
    there = db.session.get(Organisation, version.organisation_id)
    return opened(there, make_person("Otto Operations", Role.OPERATIONS_MANAGER, employer=there))


def test_nobody_asks_for_a_vacancy_of_another_council_or_another_level(
    both, two_kinds, elsewhere, wendy, operations, organisation, sign_in
):
    other, right = post_of(organisation, operations, "lead"), post_of(organisation, operations, "head")
    browser, ours, before = sign_in(wendy), (right, other), content()
    for chosen in (elsewhere, other, 77, 0, -1, HUGE, "x"):
        page = browser.get("/my/progress/ask/wise-head", query_string={"vacancy": str(chosen)})
        assert (page.status_code, "checked" in page.text) == (200, False), chosen
        answer = browser.post("/my/progress/ask/wise-head", data={"vacancy": str(chosen)})
        assert answer.status_code == 422, chosen
    for chosen in (elsewhere, ours[1], 77, 2**31, int(HUGE)):
        with pytest.raises(RequestRefused) as info:
            requests.ask(wendy.id, "wise-head", vacancy_id=chosen)
        assert info.value.faults == [RequestFault.VACANCY_NOT_OPEN], chosen
    assert differences(before, content()) == []


def test_a_change_is_made_into_no_vacancy_of_another_council_or_another_level(
    both, two_kinds, elsewhere, wendy, operations, organisation, sign_in
):
    other, right = post_of(organisation, operations, "lead"), post_of(organisation, operations, "head")
    request_id = ask(wendy, "wise-head", vacancy_id=right)
    browser, by, before = sign_in(operations), operations.id, content()
    for chosen in (elsewhere, other, 77, HUGE, "x"):
        form = {"vacancy": str(chosen), "effective_on": typed(clock.today())}
        assert browser.post(f"/progression/requests/{request_id}/enact", data=form).status_code == 422, chosen
    for chosen, fault in (
        (elsewhere, RequestFault.VACANCY_NOT_OPEN),
        (other, RequestFault.NO_ROOM),
        (2**31, RequestFault.VACANCY_NOT_OPEN),
    ):
        with pytest.raises(RequestRefused) as info:
            requests.enact(request_id, effective_on=clock.today(), by=by, vacancy_id=chosen)
        assert info.value.faults == [fault]
    assert differences(before, content()) == []


@pytest.mark.parametrize(
    ("days", "said"), [(-1, "today at the earliest"), (366, "within a year"), (9000, "within a year")]
)
def test_a_change_for_a_day_gone_by_or_too_far_ahead_is_refused_beside_its_field(
    app, scheme_of_requests, wendy, director, operations, sign_in, days, said
):
    request_id = ask(wendy, "wise-lead")
    approve(request_id, director)
    browser, before = sign_in(operations), content()
    form = {"effective_on": typed(clock.today() + timedelta(days=days))}

    answer = browser.post(f"/progression/requests/{request_id}/enact", data=form)

    assert answer.status_code == 409
    assert said in answer.text
    assert differences(before, content()) == []


# Forged and doubled


@pytest.fixture
def hr(app_in_use, make_person):
    return make_person("Harriet Resources", Role.HR)


def own_addresses(app, method):
    """List every address of career progression that takes a method."""
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint.partition(".")[0] in PARTS]
    return sorted((str(rule), sorted(rule.arguments)) for rule in rules if method in rule.methods)


@stricter_first
def test_no_form_is_taken_without_its_token(both, theirs, abel, make_person, sign_in):
    both.config["WTF_CSRF_ENABLED"] = True
    readers, before, wrong = (sign_in(abel), sign_in(make_person("Olga Oneself", *Role))), content(), []
    forms = own_addresses(both, "POST")
    for browser, (pattern, names) in product(readers, forms):
        address = filled(pattern, {name: theirs.get(name, ["x"])[0] for name in names})
        answer = browser.post(address, data={"csrf_token": "forged", "reason": "x", "reasons": "x"})
        if answer.status_code not in (400, 403, 404):
            wrong.append((address, answer.status_code))
    both.config["WTF_CSRF_ENABLED"] = False

    assert len(forms) > 50
    assert wrong == []
    assert differences(before, content()) == []


def test_what_is_sent_twice_happens_once(both, scheme_of_requests, abel, manager, judge, wendy, officer, sign_in):
    def twice(person, address, **form):
        browser = sign_in(person)
        return [browser.post(address, data=form).status_code for _ in range(2)]

    portfolios.add_piece(abel.id, "observation", SEEN, PDF)
    assert twice(abel, "/my/evidence/observation/hand-in") == [303, 409]
    assert twice(manager, "/progression/evidence/1/open") == [303, 303]
    assert twice(manager, "/progression/evidence/1/decide", decision="accept", seen="1") == [303, 409]
    assert twice(abel, "/my/progress/ask/able-wise") == [303, 409]
    (request_id,) = request_ids(abel)
    (case_id,) = [each.case_id for each in facts(request_id).steps if each.panel_code]
    panels.give_meeting(case_id, meet("managers", judge, by=officer, at=clock.now()), by=officer.id)
    decision = {"outcome": "not_recommended", "reasons": "Not yet", "judges": [judge.id]}
    assert twice(officer, f"/progression/cases/{case_id}/decide", **decision) == [303, 409]
    assert twice(abel, f"/my/progress/requests/{request_id}/appeal", grounds="Look again") == [303, 409]


def test_a_change_and_its_file_are_made_once(both, scheme_of_requests, wendy, director, operations, hr, sign_in):
    request_id = ask(wendy, "wise-lead")
    sent = (
        (director, f"/progression/requests/{request_id}", {"decision": "approve", "reasons": "Ready"}),
        (operations, f"/progression/requests/{request_id}/enact", {"effective_on": typed(clock.today())}),
        (hr, "/progression/hr-export", {"last": "1"}),
        (hr, "/progression/hr-export/1/entered", {}),
        (operations, f"/progression/requests/{request_id}/take-back", {"reasons": "A wrong record"}),
    )
    for person, address, form in sent:
        browser = sign_in(person)
        answers = [browser.post(address, data=form).status_code for _ in range(2)]
        assert answers[0] == 303, address
        assert answers[1] in (404, 409), address
    assert [each[0] for each in posts(wendy)].count("lead") == 1


# Absurd


def forms_on(page):
    """Find the forms of a page that change something: where each goes, and the names of its fields."""
    for form in re.findall(r"<form[^>]*method=\"post\"[^>]*>.*?</form>", page, re.DOTALL):
        action = re.search(r"<form[^>]*action=\"([^\"]*)\"", form)
        names = set(re.findall(r"<(?:input|select|textarea)[^>]*\bname=\"([^\"]+)\"", form)) - {"csrf_token"}
        yield action[1] if action else "", sorted(names)


def breaks(app, theirs, readers, strange, absurd):
    """Ask for every page strangely and send every form absurdly; returns what failed, and the forms that were found."""
    app.config.update(PROPAGATE_EXCEPTIONS=False)
    wrong, found = [], {}
    for number, browser in enumerate(readers):
        for pattern, names in own_addresses(app, "GET"):
            for values in product(*(theirs.get(name, ["asye"])[:2] for name in names)):
                address = filled(pattern, dict(zip(names, values, strict=True)))
                for query in strange:
                    answer = browser.get(address + query)
                    if answer.status_code >= 500:
                        wrong.append((address + query, answer.status_code))
                    elif not query and answer.status_code == 200 and "html" in answer.content_type:
                        found |= {(number, action or address): fields for action, fields in forms_on(answer.text)}
    ends_something = re.compile(r"/(end|cancel|close|withdraw|remove|take-back|entered|reopen)$")
    for (number, address), fields in sorted(found.items(), key=lambda each: bool(ends_something.search(each[0][1]))):
        for value in absurd:
            answer = readers[number].post(address, data=dict.fromkeys(fields, value))
            if answer.status_code >= 500:
                wrong.append((address, value[:12], answer.status_code))
    app.config.update(PROPAGATE_EXCEPTIONS=None)
    return wrong, found


@stricter_first
def test_nothing_that_is_typed_or_asked_for_breaks_a_page(app, theirs, make_person, sign_in):
    olga = sign_in(make_person("Olga Oneself", *Role))
    wrong, found = breaks(app, theirs, [olga], STRANGE[:2], ABSURD[::4])

    assert len(found) > 15
    assert wrong == []


@pytest.mark.torture
def test_nothing_that_anybody_types_breaks_a_page(both, theirs, abel, wendy, judge, make_person, sign_in):
    readers = (sign_in(abel), sign_in(wendy), sign_in(judge), sign_in(make_person("Olga Oneself", *Role)))
    wrong, found = breaks(both, theirs, readers, STRANGE, ABSURD)

    assert len(found) > 30
    assert wrong == []
