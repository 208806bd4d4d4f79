"""After a session, in real pages: the evaluation in four taps, the certificate and its check, the slides."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from cpd.attendance.certificates.service import certificates_of
from cpd.attendance.evaluation.asking import ask_for_evaluations
from cpd.attendance.evaluation.service import Answer, give_evaluation
from cpd.attendance.materials.service import add_link
from cpd.attendance.models import EvaluationRequest
from cpd.attendance.registers import Keeper
from cpd.attendance.service import close_register, mark_everyone
from cpd.catalogue.models import Programme
from cpd.commands.demo.story import address
from cpd.people import service as people
from cpd.shared.database import db
from cpd.shared.unit_of_work import unit_of_work
from cpd.timetable.models import SessionDay
from tests.browser.world import known_ids
from tests.cast import london
from tests.conftest import EVE_OF_TERM
from tests.pages import PHONE, assert_page_is_accessible, complaints_of, forgive

pytestmark = pytest.mark.browser

WHO = "cam"
OTHERS = ("bay", "dee", "eli", "gil")


@pytest.fixture
def over(fresh_site):
    """The demonstration after the first Module 2: its register is closed, and all but Cam have evaluated it."""
    fresh_site.app.extensions["frozen_clock"] = london(2019, 1, 15, 12, 40)
    session_id = known_ids(fresh_site.app)["M2"][0]
    with fresh_site.app.app_context():
        keeper = Keeper(people.find_by_email(address("facilitator")).id)
        person = people.find_by_email(address(WHO))
        organisation_id = person.organisation_id
        day = db.session.scalars(select(SessionDay.id).where(SessionDay.training_session_id == session_id)).one()
        db.session.rollback()
        mark_everyone([day], by=keeper)
        close_register(day, by=keeper)
        add_link(session_id, "Slides", "https://www.example.com/slides", for_everybody=False, by=keeper.person_id)
        ask_for_evaluations()
        for number, who in enumerate(OTHERS):
            other = people.find_by_email(address(who)).id
            answer = Answer(1 + number % 2, 4, 5, "Draw genograms in every first visit")
            give_evaluation(other, organisation_id, session_id, answer)
        with unit_of_work() as session:
            programme = session.scalars(select(Programme).where(Programme.code == "systemic")).one()
            asked = {"organisation_id": organisation_id, "person_id": person.id, "programme_id": programme.id}
            session.add(EvaluationRequest(**asked, asked_at=london(2019, 1, 15, 12, 40)))
        db.session.remove()
    yield fresh_site
    fresh_site.app.extensions["frozen_clock"] = EVE_OF_TERM


def certificate_of(site, who):
    with site.app.app_context():
        [certificate] = certificates_of(people.find_by_email(address(who)).id)
        db.session.remove()
    return certificate


def opened(site, who, path, **more):
    page = site.visit(who, **more)
    page.set_viewport_size(PHONE)
    page.goto(site.url + site.path(path))
    return page


@pytest.mark.parametrize("script", [True, False], ids=["with a script", "without one"])
def test_an_evaluation_is_four_taps_from_the_home_page(over, script):
    page = opened(over, WHO, "/", script=script)
    page.get_by_role("link", name="Module 2, Tuesday 15 January").click()
    page.get_by_role("button", name="Send my answers").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose how confident you were before")
    if script:
        forgive(page)
        assert_page_is_accessible(page)
    for question, value in (
        ("How confident were you in this before?", "2"),
        ("How confident are you now?", "4"),
        ("How useful is it for your work?", "5"),
    ):
        page.get_by_role("group", name=question).get_by_label(value, exact=True).check()
    page.get_by_role("button", name="Send my answers").click()
    expect(page.get_by_role("alert")).to_contain_text("Your answers are kept without your name")
    if script:
        forgive(page)
        assert_page_is_accessible(page)
        page.goto(over.url + over.path("/sessions/{M2[0]}/evaluation"))
        expect(page.get_by_role("heading", level=1)).to_have_text("You have answered already")
        forgive(page)
        assert_page_is_accessible(page)


def test_results_are_a_plot_and_a_table_once_there_are_five(over):
    page = opened(over, "workforce", "/evaluations?module=M2")
    expect(page.get_by_text("Nothing to show yet")).to_be_visible()
    assert_page_is_accessible(page)
    with over.app.app_context():
        cam = people.find_by_email(address(WHO))
        give_evaluation(cam.id, cam.organisation_id, over.known["M2"][0], Answer(2, 5, 4))
        db.session.remove()
    page.reload()
    expect(page.get_by_role("img", name="How many people chose each value, before and after")).to_be_visible()
    expect(page.get_by_text("by 5 people")).to_be_visible()
    page.get_by_text("The same as a table").click()
    expect(page.get_by_role("table", name="How many people chose each value")).to_be_visible()
    assert_page_is_accessible(page)
    assert_page_is_accessible(opened(over, "facilitator", "/evaluations"))


def test_the_question_after_a_programme(over):
    page = opened(over, WHO, "/")
    page.get_by_role("link", name="have you used it?").click()
    assert_page_is_accessible(page)
    page.get_by_label("Often").check()
    page.get_by_role("button", name="Send my answer").click()
    expect(page.get_by_role("alert")).to_contain_text("Your answer is kept without your name")


def test_a_certificate_is_saved_and_checked_by_anybody(over):
    page = opened(over, WHO, "/sessions/{M2[0]}")
    assert_page_is_accessible(page)
    with page.expect_download() as saved:
        page.get_by_role("link", name="Download your certificate (PDF)").click()
    assert saved.value.suggested_filename.endswith(".pdf")
    certificate = certificate_of(over, WHO)
    assert_page_is_accessible(opened(over, WHO, "/my/certificates"))

    anybody = opened(over, "", f"/certificates/{certificate.code}")
    expect(anybody.get_by_role("heading", level=1)).to_have_text("This certificate is valid")
    assert certificate.name not in anybody.content()
    anybody.get_by_label("Name on the certificate").fill(certificate.name)
    anybody.get_by_role("button", name="Check the name").click()
    expect(anybody.get_by_role("status")).to_contain_text("This is the name")
    assert_page_is_accessible(anybody)
    anybody.goto(f"{over.url}/certificates/NONE")
    expect(anybody.get_by_role("heading", level=1)).to_have_text("There is no such certificate")
    forgive(anybody)
    assert_page_is_accessible(anybody)


def test_slides_are_attached_and_saved(over, tmp_path):
    slides = tmp_path / "Slides of Module 2.pdf"
    slides.write_bytes(b"%PDF-1.7\n")
    page = opened(over, "facilitator", "/sessions/{M2[0]}")
    page.get_by_role("link", name="Add or remove materials").click()
    page.get_by_label("What is it?").fill("Handout")
    page.get_by_label("File").set_input_files(slides)
    page.get_by_role("button", name="Attach it").click()
    expect(page.get_by_role("alert")).to_contain_text("Handout is attached")
    assert_page_is_accessible(page)
    page.get_by_role("button", name="Attach it").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter what it is, such as Slides")
    forgive(page)
    assert_page_is_accessible(page)

    learner = opened(over, WHO, "/sessions/{M2[0]}", script=False)
    with learner.expect_download() as saved:
        learner.get_by_role("link", name="Handout").click()
    assert saved.value.suggested_filename == "Slides of Module 2.pdf"
    assert complaints_of(learner) == []
