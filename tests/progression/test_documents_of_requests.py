"""Every end of a request is frozen: signed, never changed, and readable by those whom it concerns and nobody else."""

from __future__ import annotations

import io
import json
import re
from datetime import timedelta
from html import unescape

import pytest
from pypdf import PdfReader
from sqlalchemy import insert, select, text, update
from sqlalchemy.exc import DBAPIError

from cpd.commands.checks.documents import CHECKS
from cpd.progression.documents import reading
from cpd.progression.documents.models import DecisionDocument
from cpd.progression.documents.rules import Occasion
from cpd.progression.pathways import service as pathways
from cpd.progression.requests import service
from cpd.requirements.record import FactKind
from cpd.shared import clock, signing
from cpd.shared.database import db
from cpd.shared.history import AuditEvent
from cpd.shared.roles import Role
from tests.home.test_query_counts import asks_as_often
from tests.people.conftest import counted_queries
from tests.progression.careers import say
from tests.progression.requesting import adopt, approve, ask, enact, request_ids

__all__ = ["asks_as_often"]


@pytest.fixture
def council(app_in_use, organisation):
    return adopt()


@pytest.fixture
def director(app_in_use, make_person):
    return make_person("Dara Director", Role.ASSISTANT_DIRECTOR)


@pytest.fixture
def operations(app_in_use, make_person):
    return make_person("Opal Operations", Role.OPERATIONS_MANAGER)


@pytest.fixture
def nell(council, make_person, manager):
    """Newly qualified since a year ago."""
    person = make_person("Nell Newly", career_level="new", manager=manager)
    pathways.settle_enrolments([person.id])
    return person


@pytest.fixture
def wise(council, make_person, manager):
    """An experienced social worker."""
    person = make_person("Wanda Wise", career_level="wise", manager=manager)
    pathways.settle_enrolments([person.id])
    return person


@pytest.fixture
def enacted(nell, operations):
    """The change of Nell's level, made; returns the number of the request."""
    say(nell, FactKind.COMPLETED, "C1", "2018-06-01")
    (number,) = request_ids(nell)
    enact(number, operations, reasons="She has done it all")
    return number


@pytest.fixture
def declined(wise, director):
    """Wanda's request, declined; returns its number."""
    number = ask(wise, "wise-lead")
    approve(number, director, approved=False, reasons="Show two more years of leading")
    return number


def documents(person):
    db.session.rollback()
    return reading.documents_of(person.id)


def faults():
    db.session.rollback()
    return [fault for check in CHECKS for fault in check.faults()]


def test_a_change_that_was_made_is_frozen_with_its_standing_and_its_rules(both, enacted, nell, operations):
    (found,) = documents(nell)
    content = found.content

    assert reading.checked(found).is_well
    assert (found.occasion, found.request_id, found.panel_case_id) == (Occasion.REQUEST, enacted, None)
    assert content["person"]["name"] == "Nell Newly"
    assert content["decision"]["result"] == "enacted"
    assert content["enactment"]["name"] == "Opal Operations"
    assert (content["enactment"]["from_grade"], content["enactment"]["to_grade"]) == ("J", "K")
    assert [(each["code"], each["state"]) for each in content["standing"]["lines"]] == [
        ("year", "met"),
        ("court", "met"),
    ]
    assert content["standing"]["verdict"] == "ready"
    assert content["rules"]["version"] == 2
    assert len(content["rules"]["sha256"]) == 64
    assert "completed on 1 June 2018" in content["standing"]["lines"][1]["words"][0]


def test_a_refusal_is_frozen_with_reasons_and_who_gave_them(app, declined, wise, director):
    (found,) = documents(wise)
    content = found.content

    assert reading.checked(found).is_well
    assert content["decision"]["words"] == "Not agreed"
    assert content["decision"]["reasons"] == "Show two more years of leading"
    assert [(each["name"], each["approved"]) for each in content["approvals"]] == [("Dara Director", False)]
    assert content["standing"]["verdict"] == "no_criteria"


def test_what_was_withdrawn_was_not_decided_and_is_not_frozen(app, wise):
    service.withdraw(ask(wise, "wise-lead"), reason="Not now", by=wise.id)

    assert documents(wise) == []
    assert faults() == []


def test_the_same_end_told_twice_makes_one_document(app, enacted, nell):
    from cpd.progression.documents.service import follow_requests
    from cpd.progression.requests.facts import RequestDecided
    from cpd.shared.unit_of_work import unit_of_work

    said = RequestDecided(
        enacted, nell.id, nell.organisation_id, "new-able", "enacted", "progression", "", None, None, None
    )
    with unit_of_work() as session:
        follow_requests(session, [said, said])

    assert len(documents(nell)) == 1


def test_a_later_end_makes_a_document_that_names_the_one_before(app, declined, wise):
    from cpd.progression.documents.service import follow_requests
    from cpd.progression.requests.facts import RequestDecided
    from cpd.progression.requests.models import ProgressionRequest
    from cpd.shared.unit_of_work import unit_of_work

    said = RequestDecided(
        declined, wise.id, wise.organisation_id, "wise-lead", "refused", "progression", "", None, None, None
    )
    with unit_of_work() as session:
        session.execute(update(ProgressionRequest).values(reasons="Put better"))
        follow_requests(session, [said])

    newest, first = documents(wise)
    assert newest.replaces_id == first.id
    assert first.replaced_by_id == newest.id
    assert newest.content["replaces"] == {"number": first.id, "sha256": first.content_hash}
    assert first.content["decision"]["reasons"] == "Show two more years of leading"
    assert faults() == []


def test_the_history_keeps_each_fingerprint(app, enacted, nell):
    (found,) = documents(nell)
    row = db.session.scalars(select(AuditEvent).where(AuditEvent.subject == "decision_document")).one()

    assert row.after["sha256"] == found.content_hash


def test_the_database_refuses_to_change_a_document(both, enacted):
    with pytest.raises(DBAPIError, match="append-only"):
        db.session.execute(text("UPDATE decision_document SET content = '{}'"))
    db.session.rollback()


def put(person, **values):
    """Put another row in a document's place, as somebody could who owns the database."""
    row = db.session.scalars(select(DecisionDocument).where(DecisionDocument.person_id == person.id)).one()
    kept = {column.name: getattr(row, column.name) for column in DecisionDocument.__table__.columns} | values
    db.session.delete(row)
    db.session.flush()
    db.session.expunge_all()
    db.session.add(DecisionDocument(**kept))
    db.session.commit()


def test_the_doctor_is_content_with_what_was_decided(both, enacted, nell, wise, declined):
    assert faults() == []
    assert [check.count() for check in CHECKS] == [2, 2]


def test_the_doctor_finds_a_document_whose_text_was_altered(app, enacted, nell):
    (found,) = documents(nell)
    put(nell, content=found.text.replace("She has done it all", "Nobody looked"))

    assert "document 1 is not what was signed: its text or its fingerprint was altered" in faults()


def test_the_doctor_finds_a_document_signed_by_nobody(app, enacted, nell):
    (found,) = documents(nell)
    altered = found.text.replace("She has done it all", "Nobody looked")
    put(nell, content=altered, content_hash=reading.sha256(altered))

    assert "document 1 is not signed by its key" in faults()


def test_the_doctor_finds_a_decision_without_its_document(app, enacted, nell):
    db.session.execute(text("DELETE FROM decision_document"))
    db.session.commit()

    assert faults() == [f"request {enacted} has ended and has no document"]


def test_an_earlier_key_still_checks_what_it_signed(app, enacted, nell, wise, director):
    fresh = signing.replace_key()
    approve(ask(wise, "wise-lead"), director, approved=False, reasons="Not yet")
    (old,), (new,) = documents(nell), documents(wise)

    assert old.key_fingerprint != new.key_fingerprint == fresh
    assert reading.checked(old).is_well
    assert reading.checked(new).is_well
    assert {each.fingerprint for each in signing.public_keys()} == {old.key_fingerprint, fresh}


def test_the_private_key_is_for_nobody_else_to_read(app, enacted):
    assert signing.key_file().stat().st_mode & 0o777 == 0o600


ADDRESSES = ("/progression/documents/1", "/progression/documents/1.pdf", "/progression/documents/of-request/{}")


def test_who_reads_the_document(
    app, enacted, nell, manager, operations, director, officer, alice, stranger, make_person, sign_in
):
    readers = {
        nell: 200,
        manager: 200,
        operations: 200,
        officer: 200,
        director: 404,
        alice: 404,
        stranger: 404,
        make_person("Ada Auditor", Role.AUDITOR): 404,
        make_person("Ann Admin", Role.ADMINISTRATOR): 404,
    }
    for person, expected in readers.items():
        browser = sign_in(person)
        assert browser.get("/progression/documents/1").status_code == expected, person.name
        assert browser.get("/progression/documents/1.pdf").status_code == expected, person.name
        whole = expected if person is not manager else 404
        assert browser.get("/progression/documents/1.json").status_code == whole, person.name


def test_the_page_shows_the_decision_the_lines_and_the_check(app, enacted, nell, sign_in):
    page = sign_in(nell).get("/progression/documents/1").text

    for words in (
        "The change was made",
        "Newly qualified to Social worker",
        "J to K",
        "A year in the level",
        "Court skills",
        "2 of 2 criteria done",
        "Career level before the decision",
        "Opal Operations",
        "Version of the scheme",
        "Signature is right",
        "same result",
    ):
        assert words in page, words


def test_the_address_of_a_request_leads_to_its_newest_document(app, enacted, nell, sign_in):
    answer = sign_in(nell).get(f"/progression/documents/of-request/{enacted}")

    assert (answer.status_code, answer.location) == (302, "/progression/documents/1")
    assert sign_in(nell).get("/progression/documents/of-request/99").status_code == 404


def test_my_documents_and_those_of_somebody_whom_i_manage(app, enacted, nell, manager, alice, officer, sign_in):
    assert "The change was made" in sign_in(nell).get("/my/documents").text
    assert "No decision yet" in sign_in(alice).get("/my/documents").text
    assert "The change was made" in sign_in(manager).get(f"/people/{nell.id}/documents").text
    assert "The change was made" in sign_in(officer).get(f"/people/{nell.id}/documents").text
    assert "No decision yet" in sign_in(manager).get(f"/people/{alice.id}/documents").text
    assert sign_in(alice).get(f"/people/{nell.id}/documents").status_code == 404
    assert sign_in(nell).get(f"/people/{nell.id}/documents").status_code == 302


def test_the_paper_is_a_tagged_pdf(app, enacted, nell, sign_in):
    answer = sign_in(nell).get("/progression/documents/1.pdf")

    assert answer.data.startswith(b"%PDF-")
    assert b"pdfuaid" in answer.data
    assert answer.headers["Content-Disposition"] == 'attachment; filename="decision-1.pdf"'


def test_the_paper_says_what_the_page_says_in_an_order_that_can_be_read_aloud(app, enacted, nell, sign_in):
    """Headings in their ranks, a header cell for each column, language and title, and every fact of the page."""
    browser = sign_in(nell)
    paper = PdfReader(io.BytesIO(browser.get("/progression/documents/1.pdf").data))
    root = paper.trailer["/Root"]
    tags = list(tags_in(root["/StructTreeRoot"]["/K"]))
    page = browser.get("/progression/documents/1").text
    sections = page[page.index("<section>") : page.rindex("</section>")]
    facts = [unescape(each).strip() for each in re.findall(r">([^<>]+)<", sections)]

    assert (root["/Lang"], root["/MarkInfo"]["/Marked"], root["/ViewerPreferences"]["/DisplayDocTitle"]) == (
        "en-GB",
        True,
        True,
    )
    assert paper.metadata.title == "Outcome of a request to progress: Nell Newly"
    assert [each for each in tags if each.startswith("/H")] == ["/H1", *["/H2"] * (tags.count("/H2"))]
    assert sections.count("<h2") + 1 == tags.count("/H2")  # and how to check it
    assert page.count('scope="col"') == tags.count("/TH")
    on_paper = "".join("".join(each.extract_text() for each in paper.pages).split())
    assert [each for each in facts if "".join(each.split()) not in on_paper] == []


def tags_in(part):
    """Walk a PDF's structure in the order of reading."""
    part = part.get_object()
    if isinstance(part, list):
        for each in part:
            yield from tags_in(each)
    elif hasattr(part, "get"):
        if "/S" in part:
            yield part["/S"]
        if "/K" in part:
            yield from tags_in(part["/K"])


def test_the_paper_takes_whatever_people_write(app, wise, director, nell, operations, sign_in):
    number = ask(wise, "wise-lead")
    approve(
        number,
        director,
        approved=False,
        reasons="#set page(width: 1pt) *bold* _x_ $y$ \\ @ref <a> “quoted” – ok\n\nSecond",
    )
    page = sign_in(wise).get("/progression/documents/1").text

    assert sign_in(wise).get("/progression/documents/1.pdf").data.startswith(b"%PDF-")
    assert "&lt;a&gt;" in page


def test_the_check_knows_a_paper_by_number_and_code(app, enacted, nell, alice, stranger, sign_in):
    (found,) = documents(nell)
    code = found.content_hash[:16].upper()
    asked = f"/progression/documents/check?number={found.id}&code="

    page = sign_in(alice).get(asked + code).text
    assert 'data-check="well"' in page
    assert "Nell" not in page
    assert 'data-check="unknown"' in sign_in(alice).get(asked + "0" * 16).text
    assert 'data-check="unknown"' in sign_in(stranger).get(asked + code).text
    assert sign_in(alice).get("/progression/documents/check").status_code == 200
    assert sign_in(alice).get("/progression/documents/check?number=x&code=").status_code == 422


def test_the_public_key_is_shown(app, enacted, alice, sign_in):
    page = sign_in(alice).get("/progression/documents/key").text

    assert signing.public_keys()[0].fingerprint in page


def test_the_downloaded_file_is_checked_without_the_database(app, enacted, nell, sign_in, tmp_path, flask_lines):
    file = tmp_path / "decision.json"
    file.write_bytes(sign_in(nell).get("/progression/documents/1.json").data)
    code, lines = flask_lines("document", "check", file)
    assert code == 0
    assert lines[-1] == "Document 1 is as it was signed, and the same standing comes out."

    altered = json.loads(file.read_text())
    altered["document"] = altered["document"].replace("She has done it all", "Nobody looked")
    file.write_text(json.dumps(altered))
    code, lines = flask_lines("document", "check", file)
    assert code == 1
    assert "The text was changed after it was signed." in lines


def test_a_file_signed_with_another_key_is_told_by_the_key_that_was_kept(
    app, enacted, nell, sign_in, tmp_path, flask_lines
):
    file = tmp_path / "decision.json"
    file.write_bytes(sign_in(nell).get("/progression/documents/1.json").data)
    code, lines = flask_lines("document", "check", file, "--key", "0" * 64)

    assert code == 1
    assert "It is signed with another key than the one that was kept elsewhere." in lines


@pytest.mark.parametrize("content", ["", "{}", "[]", "no json", '{"document": 3}'])
def test_a_file_that_is_no_document_says_so(app, tmp_path, flask_lines, content):
    file = tmp_path / "decision.json"
    file.write_text(content)
    code, lines = flask_lines("document", "check", file)

    assert code == 1
    assert lines == ["This is no file of a document: download it again where the document stands."]


@pytest.fixture
def flask_lines(app_in_use):
    """Run a command: its exit code and its lines."""

    def run(*words):
        db.session.remove()
        result = app_in_use.test_cli_runner().invoke(args=[str(word) for word in words])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result.exit_code, result.stdout.splitlines()

    return run


def test_lists_and_pages_take_a_fixed_number_of_queries(app, enacted, declined, nell, wise, officer, sign_in):
    def queries(person, path):
        browser = sign_in(person)
        browser.get(path)
        with counted_queries() as sent:
            assert browser.get(path).status_code == 200
        return len(sent)

    assert queries(nell, "/my/documents") <= 4
    assert queries(officer, f"/people/{nell.id}/documents") <= 7
    assert queries(nell, "/progression/documents/1") <= 6


def test_more_documents_take_no_more_queries(app, enacted, nell, officer, asks_as_often):
    (row,) = db.session.execute(select(*DecisionDocument.__table__.columns)).mappings()

    def fill(numbers):
        first = documents(nell)[0].id
        for number in range(first, first + len(numbers)):
            db.session.execute(insert(DecisionDocument).values({**row, "id": number + 1, "replaces_id": number}))
        db.session.commit()

    asks_as_often(nell, "/my/documents", fill, 4)
    asks_as_often(officer, f"/people/{nell.id}/documents", fill, 7)


def test_what_is_decided_later_changes_no_document(app, enacted, nell, clock_at):
    (before,) = documents(nell)
    clock_at(2019, 3, 1, 9)
    say(nell, FactKind.EVIDENCE, "observation", "2019-02-01")
    (after,) = documents(nell)

    assert after.text == before.text
    assert clock.today() - before.made_on > timedelta(days=30)
