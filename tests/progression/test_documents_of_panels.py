"""Every decision of a panel is frozen with who judged, what each recommended and why; who manages her reads less."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from cpd.commands.checks.documents import CHECKS
from cpd.progression.documents import reading
from cpd.progression.documents.rules import Occasion
from cpd.progression.panels import service
from cpd.shared.database import db
from cpd.shared.roles import Role
from tests.progression.careers import put_on
from tests.progression.judging import NOT_YET, adopt_panels, case_for, meet, said, sit


@pytest.fixture
def version(app_in_use, organisation):
    return adopt_panels()


@pytest.fixture
def pat(make_person):
    return make_person("Pat Panel", Role.PANEL_MEMBER)


@pytest.fixture
def pip(make_person):
    return make_person("Pip Jones", Role.PANEL_MEMBER)


@pytest.fixture
def open_(version, nell, pat, pip, officer, clock_at):
    """Nell's case before the moderation panel, whose meeting has just begun."""
    put_on(nell)
    sit("moderation", pat, pip)
    meeting_id = meet("moderation", pat, pip, by=officer)
    case_id = case_for(nell, "moderation", version, meeting_id=meeting_id, by=officer)
    clock_at(2019, 1, 15, 10)
    return case_id


@pytest.fixture
def decided(open_, pat, pip, officer):
    service.decide(open_, said("pass", pat, pip), by=officer.id)
    return open_


def documents(person):
    db.session.rollback()
    return reading.documents_of(person.id)


def faults():
    db.session.rollback()
    return [fault for check in CHECKS for fault in check.faults()]


def test_a_decision_is_frozen_in_the_transaction_that_decides(both, decided, nell):
    (found,) = documents(nell)
    (panel,) = found.content["panels"]

    assert reading.checked(found).is_well
    assert (found.occasion, found.panel_case_id, found.request_id) == (Occasion.PANEL, decided, None)
    assert (panel["title"], panel["outcome"], panel["reasons"]) == (
        "Moderation panel",
        "pass",
        "The portfolio shows it",
    )
    assert [(each["name"], each["role"]) for each in panel["judges"]] == [
        ("Pat Panel", "panel_member"),
        ("Pip Jones", "panel_member"),
    ]
    assert found.content["decision"]["words"] == "Moderation panel: Pass"
    assert found.content["transition"]["code"] == "new-able"
    judged = next(each for each in found.content["standing"]["lines"] if each["code"] == "judged")
    assert (judged["state"], judged["words"]) == ("met", ["Moderation panel: pass on 15 January 2019."])
    assert faults() == []


def test_a_decision_anew_makes_a_document_that_replaces_the_first(app, decided, nell, pat, pip, officer):
    service.decide_anew(
        decided, said("deferred_with_support", pat, pip, because="A page was missing", **NOT_YET), by=officer.id
    )
    newest, first = documents(nell)

    assert (newest.replaces_id, first.replaced_by_id) == (first.id, newest.id)
    assert newest.content["decision"]["review_on"] == "2019-06-03"
    assert newest.content["panels"][0]["earlier"] == [
        {"outcome": "pass", "decided_on": "2019-01-15", "because": "A page was missing"}
    ]
    assert first.content["decision"]["result"] == "pass"
    assert all(reading.checked(each).is_well for each in (newest, first))
    assert faults() == []


def test_a_case_that_was_withdrawn_was_not_decided(app, open_, nell, officer):
    service.withdraw_case(open_, reason="She asked for it", by=officer.id)

    assert documents(nell) == []
    assert faults() == []


def test_the_doctor_finds_a_case_without_its_document(app, decided):
    db.session.execute(text("DELETE FROM decision_document"))
    db.session.commit()

    assert faults() == [f"panel case {decided} is decided and has no document"]


@pytest.fixture
def recommended(version, abel, manager, officer, make_person, clock_at):
    """Abel's case before the panel of managers, of whom each recommends first; who has an interest stays away."""
    put_on(abel)
    sam, dora, ida = (
        make_person(name, role)
        for name, role in (
            ("Sam Service", Role.SERVICE_MANAGER),
            ("Dora Director", Role.ASSISTANT_DIRECTOR),
            ("Ida Interest", Role.SERVICE_MANAGER),
        )
    )
    sit("managers", sam, ida, role="service_manager")
    sit("managers", dora, role="assistant_director")
    meeting_id = meet("managers", sam, dora, ida, by=officer)
    case_id = case_for(abel, "managers", version, meeting_id=meeting_id, by=officer)
    service.declare_interest(case_id, ida.id, "We share a house", by=ida.id)
    clock_at(2019, 1, 15, 10)
    service.recommend(case_id, sam.id, "recommended", "Leads others well")
    service.recommend(case_id, dora.id, "not_recommended", "Too few complex cases")
    service.decide(case_id, said("recommended", sam, dora, reasons="On balance ready"), by=officer.id)
    return sam, dora, ida


def test_recommendations_are_read_by_those_who_may_and_not_by_the_manager(
    app, recommended, abel, manager, officer, make_person, sign_in
):
    sam, dora, ida = recommended
    (found,) = documents(abel)
    path = f"/progression/documents/{found.id}"

    for reader in (abel, sam, dora, officer):
        page = sign_in(reader).get(path).text
        assert "Too few complex cases" in page, reader.name
        assert "We share a house" in page
    page = sign_in(manager).get(path).text
    assert "On balance ready" in page
    assert "Too few complex cases" not in page
    assert "We share a house" not in page
    assert "left out here" in page
    for nobody in (ida, make_person("Pam Other", Role.PANEL_MEMBER)):
        assert sign_in(nobody).get(path).status_code == 404


def test_young_people_have_no_names_in_a_document(app, version, abel, officer, make_person, clock_at):
    put_on(abel)
    worker = make_person("Wim Worker", Role.PANEL_MEMBER)
    meeting_id = meet("young", worker, by=officer)
    case_id = case_for(abel, "young", version, meeting_id=meeting_id, by=officer)
    clock_at(2019, 1, 15, 10)
    service.decide(case_id, said("recommended", reasons="They felt listened to", names_nobody=True), by=worker.id)
    (found,) = documents(abel)
    (panel,) = found.content["panels"]

    assert (panel["judges"], panel["recommendations"]) == ([], [])
    assert panel["reasons"] == "They felt listened to"
    assert panel["written_down_by"] == "Wim Worker"


def test_the_address_of_a_case_leads_to_its_newest_document(app, decided, nell, officer, pat, pip, sign_in):
    service.decide_anew(decided, said("fail", pat, pip, because="Read again"), by=officer.id)
    newest = documents(nell)[0]

    answer = sign_in(nell).get(f"/progression/documents/of-case/{decided}")

    assert answer.location == f"/progression/documents/{newest.id}"
    assert "There is a newer decision" in sign_in(nell).get(f"/progression/documents/{newest.replaces_id}").text


def test_a_decided_case_shows_how_it_was_when_it_was_decided_and_apart_from_that_today(app, open_, pat, pip, sign_in):
    browser, page = sign_in(pat), f"/progression/cases/{open_}"
    assert "As it was on" not in browser.get(page).text

    service.decide(open_, said("pass", pat, pip), by=pat.id)

    shown = browser.get(page).text
    assert shown.index("As it was on 15 January 2019") < shown.index("What was done and still to do on 15 January 2019")
    assert f"/progression/documents/of-case/{open_}" in shown
    assert "Today, to become" in shown


def test_the_paper_of_a_panel_is_a_pdf_for_every_reader(app, recommended, abel, manager, sign_in):
    (found,) = documents(abel)
    for reader in (abel, manager):
        assert sign_in(reader).get(f"/progression/documents/{found.id}.pdf").data.startswith(b"%PDF-")
