"""A certificate for each completion: on paper, checked by a link that shows no more than it must, withdrawn with it."""

from __future__ import annotations

import re
import zlib
from datetime import date

import pytest
from sqlalchemy import select

from cpd.attendance.accepting import accept_as_complete
from cpd.attendance.certificates.models import Certificate
from cpd.attendance.certificates.rules import State, fresh_code, hours_words, session_of, source_words, state_of
from cpd.attendance.certificates.service import (
    attendance_on,
    certificate_by_code,
    certificates_of,
    is_name_on,
)
from cpd.attendance.evaluation.service import Answer, give_evaluation
from cpd.attendance.registers import Keeper
from cpd.attendance.rules import AttendanceStatus
from cpd.attendance.service import close_register, mark, mark_everyone, reopen_register
from cpd.booking.service import book_places
from cpd.catalogue.models import OrganisationSetting
from cpd.record.service import FactSaid, add_fact
from cpd.requirements.record import FactKind
from cpd.shared.database import db
from cpd.shared.roles import Role
from tests.attendance.conftest import days_of
from tests.cast import saved


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(0, "0 minutes"), (1, "1 minute"), (60, "1 hour"), (90, "1 hour 30 minutes"), (840, "14 hours")],
)
def test_hours_are_said_as_people_say_them(minutes, words):
    assert hours_words(minutes) == words


@pytest.mark.parametrize(
    ("is_superseded", "waits", "expected"),
    [
        (False, False, State.VALID),
        (False, True, State.WITHHELD),
        (True, False, State.WITHDRAWN),
        (True, True, State.WITHDRAWN),
    ],
    ids=["in force", "waits for the evaluation", "corrected", "corrected, and nothing is asked any more"],
)
def test_how_a_certificate_stands(is_superseded, waits, expected):
    assert state_of(is_superseded=is_superseded, waits_for_evaluation=waits) is expected


def test_a_code_is_drawn_by_lot():
    codes = {fresh_code() for _ in range(100)}
    assert len(codes) == 100
    assert {len(code) for code in codes} == {16}


@pytest.mark.parametrize(
    ("source_kind", "words"),
    [("register:17", "register of 15 January 2019"), ("accepted:17", "Accepted as complete by Workforce Development")],
    ids=["by its register", "accepted for a reason that is nobody else's business"],
)
def test_the_source_of_a_completion_names_its_session_and_is_said_in_words(source_kind, words):
    assert session_of(source_kind) == 17
    assert source_words(source_kind, "register of 15 January 2019") == words


def test_what_is_accepted_as_complete_has_a_certificate_without_the_reason(
    app, make_held, alice, officer, fay, clock_at
):
    session = make_held("M6", days=2)
    book_places(alice.id, [session.id], by=alice.id)
    first, second = days_of(session)
    clock_at(2019, 1, 16, 12, 40)
    mark([first], alice.id, AttendanceStatus.ATTENDED, by=Keeper(fay.id))
    for day in (first, second):
        close_register(day, by=Keeper(fay.id), absent_rest=True)
    assert certificates_of(alice.id) == []
    accept_as_complete(session.id, alice.id, by=officer.id, reason="She was ill, and has read it all")
    db.session.rollback()
    [certificate] = certificates_of(alice.id)

    assert certificate.source == "Accepted as complete by Workforce Development"
    assert attendance_on(certificate).minutes == 180


@pytest.fixture
def completed(held, alice, fay, clock_at):
    """Module 2, completed by Alice."""
    clock_at(2019, 1, 15, 12, 40)
    [day] = days_of(held)
    mark([day], alice.id, AttendanceStatus.ATTENDED, by=Keeper(fay.id))
    close_register(day, by=Keeper(fay.id), absent_rest=True)
    db.session.rollback()
    return held


@pytest.fixture
def after_evaluation(organisation):
    """The council gives out certificates only after the evaluation."""
    setting = OrganisationSetting(organisation_id=organisation.id, name="certificate_after_evaluation", value=True)
    return saved(setting)


def correct(held, person, status, fay):
    [day] = days_of(held)
    reopen_register(day, by=Keeper(fay.id), reason="A slip")
    mark([day], person.id, status, by=Keeper(fay.id))
    close_register(day, by=Keeper(fay.id))
    db.session.rollback()


def test_each_completion_has_a_certificate_and_nothing_else_has(both, completed, alice, bob):
    [certificate] = certificates_of(alice.id)
    assert (certificate.title, certificate.completed_on.isoformat()) == ("Module M2", "2019-01-15")
    assert (certificate.state, certificate.source) == (State.VALID, "register of 15 January 2019")
    assert certificates_of(bob.id) == []


def test_a_certificate_says_when_somebody_was_there_and_for_how_long(app, make_held, alice, fay, clock_at):
    session = make_held("M6", days=2)
    book_places(alice.id, [session.id], by=alice.id)
    for number, day in enumerate(days_of(session)):
        clock_at(2019, 1, 15 + number, 12, 40)
        mark_everyone([day], by=Keeper(fay.id))
        close_register(day, by=Keeper(fay.id))
    db.session.rollback()
    [certificate] = certificates_of(alice.id)
    attendance = attendance_on(certificate)

    assert (len(attendance.days), attendance.minutes) == (2, 360)


def test_a_correction_withdraws_the_certificate_and_a_new_one_is_issued_for_what_is_true(both, completed, alice, fay):
    [first] = certificates_of(alice.id)
    correct(completed, alice, AttendanceStatus.ABSENT, fay)
    assert [each.state for each in certificates_of(alice.id)] == [State.WITHDRAWN]
    assert certificate_by_code(first.code).state is State.WITHDRAWN
    correct(completed, alice, AttendanceStatus.ATTENDED, fay)

    newest, oldest = certificates_of(alice.id)
    assert (newest.state, oldest.state, oldest.code) == (State.VALID, State.WITHDRAWN, first.code)
    assert newest.code != first.code


def test_closing_again_without_a_change_keeps_the_certificate(app, completed, alice, fay):
    [day] = days_of(completed)
    reopen_register(day, by=Keeper(fay.id), reason="Looked again")
    close_register(day, by=Keeper(fay.id))
    db.session.rollback()
    assert [each.state for each in certificates_of(alice.id)] == [State.VALID]


def test_where_the_council_says_so_it_waits_for_the_evaluation(both, completed, after_evaluation, alice, sign_in):
    client = sign_in(alice)
    [certificate] = certificates_of(alice.id)
    path = f"/my/certificates/{certificate.id}.pdf"
    assert certificate.state is State.WITHHELD
    assert certificate_by_code(certificate.code) is None
    refused = client.get(path)
    assert refused.status_code == 409
    assert f'href="/sessions/{completed.id}/evaluation"' in refused.text
    assert "Your certificate is there once" in client.get(f"/sessions/{completed.id}").text

    give_evaluation(alice.id, alice.organisation_id, completed.id, Answer(1, 2, 3))
    assert client.get(path).mimetype == "application/pdf"
    assert certificate_by_code(certificate.code).state is State.VALID


def text_of(pdf: bytes) -> bytes:
    """Unpack the streams of a PDF."""
    found = []
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL):
        try:
            found.append(zlib.decompress(stream.strip(b"\r\n")))
        except zlib.error:
            found.append(stream)
    return pdf + b"".join(found)


def test_the_paper_is_a_tagged_pdf_that_bears_its_link(app, completed, alice, sign_in):
    [certificate] = certificates_of(alice.id)
    answer = sign_in(alice).get(f"/my/certificates/{certificate.id}.pdf")

    assert (answer.status_code, answer.data[:5]) == (200, b"%PDF-")
    assert "attachment" in answer.headers["Content-Disposition"]
    assert alice.name.split()[0] not in answer.headers["Content-Disposition"]
    inside = text_of(answer.data)
    for said in (b"/MarkInfo", b"pdfuaid", b"/Lang", certificate.link.encode()):
        assert said in inside


def test_nobody_gets_anothers_certificate(app, completed, alice, bob, officer, sign_in):
    [certificate] = certificates_of(alice.id)
    for other in (bob, officer):
        assert sign_in(other).get(f"/my/certificates/{certificate.id}.pdf").status_code == 404
        assert certificate.code not in sign_in(other).get("/my/certificates").text
    assert app.test_client().get(f"/my/certificates/{certificate.id}.pdf").status_code == 302


def test_whoever_has_the_link_learns_no_more_than_she_must(app, completed, alice, fay):
    [certificate] = certificates_of(alice.id)
    anybody, path = app.test_client(), f"/certificates/{certificate.code}"
    page = anybody.get(path)
    assert 'data-certificate="valid"' in page.text
    for shown in ("Module M2", "15 January 2019", "Gateshead Council"):
        assert shown in page.text
    for hidden in (alice.name, alice.email, alice.employee_number, "Learner", f"/sessions/{completed.id}"):
        assert hidden not in page.text

    correct(completed, alice, AttendanceStatus.ABSENT, fay)
    page = anybody.get(path)
    assert 'data-certificate="withdrawn"' in page.text
    assert "This certificate was withdrawn" in page.text


@pytest.mark.parametrize(
    ("name", "matches"),
    [("Alice Learner", "yes"), ("  alice   LEARNER ", "yes"), ("Alice", "no"), ("Bob Colleague", "no")],
)
def test_the_name_on_a_certificate_can_be_checked(app, completed, alice, name, matches):
    [certificate] = certificates_of(alice.id)
    page = app.test_client().post(f"/certificates/{certificate.code}", data={"name": name})
    assert (page.status_code, f'data-matches="{matches}"' in page.text) == (200, True)
    assert is_name_on(certificate, name) is (matches == "yes")


def test_a_code_that_was_never_given_out_is_not_known(app, completed, alice):
    anybody = app.test_client()
    [certificate] = certificates_of(alice.id)
    for code in (fresh_code(), certificate.code[:-1], certificate.code.lower(), "%25"):
        unknown = anybody.get(f"/certificates/{code}")
        assert (unknown.status_code, "There is no such certificate" in unknown.text) == (404, True)
    assert anybody.post(f"/certificates/{certificate.code}", data={"name": ""}).status_code == 422


def test_my_certificates_are_listed(app, completed, alice, bob, fay, sign_in):
    [certificate] = certificates_of(alice.id)
    assert f'href="/my/certificates/{certificate.id}.pdf"' in sign_in(alice).get("/my/certificates").text
    assert f'href="/my/certificates/{certificate.id}.pdf"' in sign_in(alice).get(f"/sessions/{completed.id}").text
    assert "You have no certificates yet" in sign_in(bob).get("/my/certificates").text
    correct(completed, alice, AttendanceStatus.ABSENT, fay)
    assert "Withdrawn" in sign_in(alice).get("/my/certificates").text
    refused = sign_in(alice).get(f"/my/certificates/{certificate.id}.pdf")
    assert (refused.status_code, "The register of Module M2 was corrected" in refused.text) == (409, True)


def test_many_completions_are_certified_at_once(app, make_held, fay, clock_at):
    from tests.attendance.conftest import crowd_on

    session = make_held("M3")
    clock_at(2019, 1, 15, 12, 40)
    db.session.rollback()
    crowd = crowd_on(session, 20)
    [day] = days_of(session)
    mark_everyone([day], by=Keeper(fay.id))
    close_register(day, by=Keeper(fay.id))
    db.session.rollback()
    assert len(db.session.scalars(select(Certificate.code)).all()) == len(crowd)


def test_workforce_development_prints_a_certificate_for_somebody_who_asks(app, completed, alice, officer, sign_in):
    [certificate] = certificates_of(alice.id)
    client, path = sign_in(officer), f"/people/{alice.id}/certificates"
    assert f'href="{path}"' in client.get(f"/people/{alice.id}").text
    assert f'href="{path}/{certificate.id}.pdf"' in client.get(path).text
    paper = client.get(f"{path}/{certificate.id}.pdf")
    assert (paper.status_code, paper.data[:5]) == (200, b"%PDF-")


def test_whoever_prints_for_others_prints_only_what_its_person_could(
    app, completed, after_evaluation, alice, bob, fay, officer, sign_in
):
    [certificate] = certificates_of(alice.id)
    client = sign_in(officer)
    withheld = client.get(f"/people/{alice.id}/certificates/{certificate.id}.pdf")
    assert (withheld.status_code, "waits for their evaluation" in withheld.text) == (409, True)
    assert f"/sessions/{completed.id}/evaluation" not in withheld.text
    assert "waits for their evaluation" in client.get(f"/people/{alice.id}/certificates").text.lower()
    assert client.get(f"/people/{bob.id}/certificates/{certificate.id}.pdf").status_code == 404


def test_nobody_else_sees_somebodys_certificates(app, completed, alice, bob, manager, stranger, make_person, sign_in):
    elsewhere = make_person("Wes Workforce", Role.WORKFORCE_DEVELOPMENT, employer=stranger.organisation)
    [certificate] = certificates_of(alice.id)
    for path in (f"/people/{alice.id}/certificates", f"/people/{alice.id}/certificates/{certificate.id}.pdf"):
        assert sign_in(elsewhere).get(path).status_code == 404
        for person in (bob, manager):
            assert sign_in(person).get(path).status_code == 403
    assert "/certificates" not in sign_in(manager).get(f"/people/{alice.id}").text


def test_what_came_from_a_file_has_no_certificate_and_the_pages_say_so(app, alice, officer, sign_in):
    said = FactSaid(
        person_id=alice.id,
        kind=FactKind.COMPLETED,
        subject="M2",
        happened_on=date(2018, 5, 3),
        source_kind="import",
        source="An earlier list",
    )
    add_fact(said, by=None)
    assert certificates_of(alice.id) == []
    for person, page in ((alice, "/my/certificates"), (alice, "/my/record"), (officer, f"/people/{alice.id}")):
        assert "What came from a file of earlier training, or was recognised" in sign_in(person).get(page).text
