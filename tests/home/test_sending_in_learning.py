"""A worker sends in her learning from elsewhere on pages, and sees how it stands."""

from __future__ import annotations

import io

import pytest

from cpd.record.claims import service
from cpd.record.claims.reading import claims_of
from cpd.record.claims.rules import ClaimStatus
from cpd.shared.database import db
from cpd.shared.kept_files import MEGABYTE
from tests.home.test_query_counts import asks_as_often, queries
from tests.record.test_learning_from_elsewhere import PDF, SAID

__all__ = ["asks_as_often"]

TYPED = {
    "kind": "external_course",
    "title": "Trauma and attachment",
    "starts_on": ["3", "5", "2018"],
    "words": "How trauma shows itself",
    "link": "https://learning.example/7",
}


def sent_in_by(person):
    """What she has sent in, as it stands in the database now."""
    db.session.rollback()
    return claims_of(person.id)


def file(content=b"%PDF-1.7\n%%EOF", name="certificate.pdf"):
    return io.BytesIO(content), name


def test_she_sends_in_what_she_learned_and_sees_that_it_is_not_checked_yet(both, alice, sign_in, make_module):
    module = make_module("M1", number_label="Module 1")
    browser = sign_in(alice)

    answer = browser.post(
        "/my/record/send-in",
        data=TYPED
        | {"ends_on": ["4", "5", "2018"], "hours": "6", "module": str(module.id), "certificate": file(), "link": ""},
    )

    assert (answer.status_code, answer.headers["Location"]) == (303, "/my/record")
    page = browser.get("/my/record").text
    assert "Trauma and attachment" in page
    assert "Sent in, not checked yet" in page
    (claim,) = sent_in_by(alice)
    one = browser.get(f"/my/record/send-in/{claim.id}").text
    assert all(words in one for words in ("3 May 2018 to 4 May 2018", "6 hours", "Module 1", "certificate.pdf"))
    evidence = browser.get(f"/my/record/send-in/{claim.id}/evidence")
    assert evidence.data == b"%PDF-1.7\n%%EOF"
    assert evidence.headers["Content-Disposition"] == "attachment; filename=certificate.pdf"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"kind": ""}, "Choose what kind of learning it is"),
        ({"kind": "by_hand"}, "Choose what kind of learning it is"),
        ({"title": ""}, "Enter what it was called"),
        ({"starts_on": ""}, "Enter when it was"),
        ({"starts_on": ["3", "1", "2019"]}, "enter a day that is not in the future"),
        ({"ends_on": ["2", "5", "2018"]}, "The last day must be the same as or after the first day"),
        ({"words": ""}, "Say in a sentence what you learned"),
        ({"link": ""}, "Choose a certificate or enter a link to one"),
        ({"link": "http://learning.example/7"}, "The link must be a whole address that begins with https://"),
        ({"link": "javascript:alert(1)"}, "The link must be a whole address that begins with https://"),
        ({"module": "999"}, "Choose from the list"),
        ({"minutes": "60"}, "Minutes (optional) must be between 0 and 59"),
        ({"certificate": file(b"MZ\x90 this is a program")}, "The file must be a PDF, a picture"),
        ({"certificate": file(b"")}, "The file is empty"),
    ],
)
def test_what_is_wrong_stands_beside_the_box_and_nothing_is_sent_in(app, alice, sign_in, typed, words):
    answer = sign_in(alice).post("/my/record/send-in", data=TYPED | typed)

    assert answer.status_code == 422
    assert words in answer.text
    assert sent_in_by(alice) == []


@pytest.mark.parametrize(("bytes_more", "status"), [(0, 422), (MEGABYTE, 413)], ids=["a little", "much more"])
def test_a_file_larger_than_10_mb_is_refused(app, alice, sign_in, bytes_more, status):
    content = b"%PDF-1.7" + b"x" * (10 * MEGABYTE + bytes_more)
    head = b'--part\r\nContent-Disposition: form-data; name="certificate"; filename="c.pdf"\r\n\r\n'

    answer = sign_in(alice).post(
        "/my/record/send-in",
        data=head + content + b"\r\n--part--\r\n",
        content_type="multipart/form-data; boundary=part",
    )

    assert (answer.status_code, "The file must be 10 MB or smaller" in answer.text) == (status, status == 422)
    assert sent_in_by(alice) == []


def test_she_mends_what_was_returned_and_sends_it_in_again(app, alice, officer, sign_in):
    claim = service.send_in(alice.id, SAID, PDF)
    service.send_back(claim, seen=1, comment="The name is cut off", by=officer.id)
    browser = sign_in(alice)
    assert "The name is cut off" in browser.get("/my/record").text
    form = browser.get(f"/my/record/send-in/{claim}").text
    assert all(value in form for value in ('value="Safe hands"', 'value="2018"', "How to hold a family in mind"))

    answer = browser.post(f"/my/record/send-in/{claim}", data=TYPED)

    assert answer.status_code == 303
    (mended,) = sent_in_by(alice)
    assert (mended.status, mended.title, mended.filename) == (
        ClaimStatus.SENT,
        "Trauma and attachment",
        "certificate.pdf",
    )
    again = browser.post(f"/my/record/send-in/{claim}", data=TYPED | {"title": "Twice"})
    assert "Twice" not in again.text


def test_she_sees_as_what_it_was_accepted_by_whom_and_why(app, alice, officer, sign_in, make_module):
    claim = service.send_in(alice.id, SAID, None)
    module = make_module("M1", number_label="Module 1")
    service.accept(claim, seen=1, module_id=module.id, reason="The same content", by=officer.id)
    browser = sign_in(alice)

    assert "Accepted as Module 1 by Olive Officer" in browser.get(f"/my/record/send-in/{claim}").text
    assert "Recognised by Olive Officer, because: The same content" in browser.get("/my/record").text
    page = browser.get("/modules/M1").text
    assert "Recognised: 4 May 2018" in page
    assert "Recognised by Olive Officer" in page


def test_other_learning_stands_on_the_record_by_its_title(app, alice, officer, sign_in):
    claim = service.send_in(alice.id, SAID, None)
    service.accept(claim, seen=1, module_id=None, reason="", by=officer.id)

    page = sign_in(alice).get("/my/record").text

    assert "Safe hands: accepted as other learning" in page
    assert "Accepted by Olive Officer: E-learning “Safe hands”, Skills Academy, 2 hours 30 minutes." in page


def test_a_session_of_a_recognised_module_says_that_it_is_not_needed(
    app, alice, officer, sign_in, make_module, make_session
):
    module = make_module("M1", number_label="Module 1")
    session = make_session(module)
    claim = service.send_in(alice.id, SAID, None)
    service.accept(claim, seen=1, module_id=module.id, reason="The same content", by=officer.id)

    page = sign_in(alice).get(f"/sessions/{session.id}").text

    assert "This module is recognised as done, from 4 May 2018" in page


@pytest.mark.parametrize("ending", ["", "/evidence"])
def test_nobody_else_sees_what_she_sent_in_not_even_her_manager(app, alice, bob, manager, stranger, sign_in, ending):
    claim = service.send_in(alice.id, SAID, PDF)

    answers = [
        sign_in(each).get(f"/my/record/send-in/{claim}{ending}").status_code for each in (bob, manager, stranger)
    ]

    assert answers == [404, 404, 404]
    assert "Safe hands" not in sign_in(manager).get(f"/people/{alice.id}").text


def test_the_form_asks_as_often_for_many_as_for_few(app, alice, asks_as_often):
    def fill(numbers):
        for number in numbers:
            service.send_in(alice.id, SAID, None) if number else None

    asks_as_often(alice, "/my/record/send-in", fill)


def test_the_record_asks_as_often_for_many_that_are_not_checked_as_for_few(app, alice, sign_in):
    browser = sign_in(alice)
    service.send_in(alice.id, SAID, None)
    browser.get("/my/record")
    with queries() as for_one:
        browser.get("/my/record")
    for _ in range(20):
        service.send_in(alice.id, SAID, None)

    with queries() as for_many:
        assert browser.get("/my/record").text.count("Safe hands") >= 21

    assert len(for_many) == len(for_one)
