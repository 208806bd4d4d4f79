"""Who is in conflict, or may read only part of something, reads no more of it on any page, file or signed text."""

from __future__ import annotations

from itertools import product

import pytest

from cpd.progression.early import reviews
from cpd.progression.early.frameworks import statements_for
from cpd.progression.early.rules import RelationshipKind
from cpd.progression.early.supporting import support
from cpd.progression.panels import service as panels
from cpd.progression.portfolios import service as portfolios
from cpd.shared import clock
from cpd.shared.roles import Role
from tests.browser.world import content, differences
from tests.progression.careers import put_on
from tests.progression.early_fixtures import assessor, first_years, mentor, year
from tests.progression.evidence import PDF
from tests.progression.judging import adopt_panels, case_for, meet, said, sit
from tests.progression.requesting import facts
from tests.progression.somebody_elses import SEEN, judge, principal, refused, scheme_of_requests, wendy
from tests.progression.test_other_peoples_progress import PARTS, filled

__all__ = ["assessor", "first_years", "judge", "mentor", "principal", "refused", "scheme_of_requests", "wendy", "year"]

WORDS_OF_SAM, WORDS_OF_DORA = "Leads others well", "Too few complex cases"


def pages(browser, app, numbers):
    """Open each page of career progression, with these numbers in addresses or else 1; give address and text."""
    for rule in sorted(app.url_map.iter_rules(), key=str):
        if rule.endpoint.partition(".")[0] not in PARTS or "GET" not in rule.methods:
            continue
        names = sorted(rule.arguments)
        for values in product(*(numbers.get(name, [1]) for name in names)):
            address = filled(str(rule), dict(zip(names, values, strict=True)))
            yield address, browser.get(address, follow_redirects=True).data.decode(errors="ignore")


# Recommendations


@pytest.fixture
def before_managers(app_in_use, organisation, abel, manager, officer, make_person, clock_at):
    """Abel's case before the panel of managers; Sam has recommended, Dora has not, Ida has an interest."""
    version = adopt_panels()
    put_on(abel)
    people = {
        "sam": make_person("Sam Service", Role.SERVICE_MANAGER),
        "dora": make_person("Dora Director", Role.ASSISTANT_DIRECTOR),
        "ida": make_person("Ida Interest", Role.SERVICE_MANAGER),
    }
    sit("managers", people["sam"], people["ida"], manager, role="service_manager")
    sit("managers", people["dora"], role="assistant_director")
    meeting_id = meet("managers", *people.values(), manager, by=officer)
    case_id = case_for(abel, "managers", version, meeting_id=meeting_id, by=officer)
    panels.declare_interest(case_id, people["ida"].id, "We share a house", by=people["ida"].id)
    clock_at(2019, 1, 15, 10)
    panels.recommend(case_id, people["sam"].id, "recommended", WORDS_OF_SAM)
    return case_id, people


def of_case(case_id, person):
    return {"case_id": [case_id], "person_id": [person.id], "code": ["managers"], "what": ["case"]}


def test_what_one_member_recommends_nobody_else_reads_before_all_have(
    app, before_managers, abel, manager, officer, alice, make_person, sign_in
):
    case_id, people = before_managers
    others = make_person("Rita Roles", *(set(Role) - {Role.WORKFORCE_DEVELOPMENT}))
    readers = (people["dora"], people["ida"], abel, manager, officer, alice, others)
    told = [
        (reader.name, address)
        for reader in readers
        for address, text in pages(sign_in(reader), app, of_case(case_id, abel))
        if WORDS_OF_SAM in text
    ]

    assert told == []
    assert WORDS_OF_SAM in sign_in(people["sam"]).get(f"/progression/cases/{case_id}").text


def test_single_recommendations_are_read_by_no_line_manager_and_nobody_in_conflict_afterwards(
    app, before_managers, abel, manager, officer, alice, make_person, sign_in
):
    case_id, people = before_managers
    panels.recommend(case_id, people["dora"].id, "not_recommended", WORDS_OF_DORA)
    decision = said("recommended", people["sam"], people["dora"], reasons="On balance ready")
    wilma = make_person("Wilma Workforce", Role.WORKFORCE_DEVELOPMENT)
    panels.declare_interest(case_id, wilma.id, "A cousin", by=wilma.id)
    panels.decide(case_id, decision, by=officer.id)
    others = make_person("Rita Roles", Role.FACILITATOR, Role.HR, Role.AUDITOR, Role.ADMINISTRATOR, Role.PANEL_MEMBER)
    told = [
        (reader.name, address)
        for reader in (manager, people["ida"], wilma, alice, others)
        for address, text in pages(sign_in(reader), app, of_case(case_id, abel))
        if WORDS_OF_SAM in text or WORDS_OF_DORA in text or "We share a house" in text
    ]

    assert told == []
    page = sign_in(manager).get("/progression/documents/1")  # she is a service manager besides, and was to judge
    assert "On balance ready" in page.text
    assert sign_in(manager).get("/progression/documents/1.json").status_code == 404


def test_whoever_is_in_conflict_reaches_no_page_and_no_act_of_the_case(app, before_managers, abel, manager, sign_in):
    case_id, people = before_managers
    browsers = [sign_in(each) for each in (manager, people["ida"])]
    before = content()
    for person in browsers:
        for act in ("", "/recommend", "/reveal", "/decide", "/decide-anew", "/interest", "/meeting", "/withdraw"):
            assert person.get(f"/progression/cases/{case_id}{act}").status_code in (403, 404)
            assert person.post(f"/progression/cases/{case_id}{act}", data={"words": "x"}).status_code in (403, 404, 405)

    assert differences(before, content()) == []


# What she writes of herself, and her files


def test_a_self_assessment_is_read_by_her_assessor_and_manager_and_not_by_the_desk(
    app, year, nell, assessor, manager, mentor, officer, alice, make_person, sign_in
):
    framework = statements_for(year.programme, clock.today())
    answers = {each.code: 2 for each in framework.statements}
    reviews.assess_self(year.id, "self-start", answers, "I am unsure in court", by=nell.id)
    support(nell.id, mentor.id, RelationshipKind.MENTOR, clock.today(), by=officer.id)
    numbers = {"enrolment_id": [year.id], "person_id": [nell.id], "code": ["self-start", "three"]}
    roles = make_person("Rita Roles", *(set(Role) - {Role.WORKFORCE_DEVELOPMENT}))

    told = [
        (reader.name, address)
        for reader in (officer, mentor, alice, roles)
        for address, text in pages(sign_in(reader), app, numbers)
        if "unsure in court" in text
    ]
    assert told == []
    for reader in (nell, assessor, manager):
        address = f"/progression/early-career/{year.id}/self-assessments/self-start"
        assert "unsure in court" in sign_in(reader).get(address).text


def test_a_file_is_given_out_only_with_what_it_belongs_to(app, refused, wendy, manager, judge, officer, sign_in):
    portfolios.add_piece(wendy.id, "observation", SEEN, PDF)
    portfolios.hand_in(wendy.id, "observation")
    (case_id,) = [each.case_id for each in facts(refused).steps if each.panel_code]

    assert sign_in(manager).get("/progression/evidence/1/items/1/file").status_code == 200
    assert sign_in(manager).get("/progression/evidence/1/items/2/file").status_code == 404
    assert sign_in(manager).get("/progression/evidence/2/items/1/file").status_code == 404
    assert sign_in(wendy).get("/my/evidence/items/1/file").status_code == 404
    assert sign_in(wendy).get("/my/evidence/items/2/file").status_code == 200
    for person in (judge, officer):
        assert sign_in(person).get(f"/progression/cases/{case_id}/items/2/file").status_code == 404
