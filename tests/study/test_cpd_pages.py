"""The pages of the CPD record: mine, what I take away, and what was shared with me; nobody else's (B1)."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from datetime import date

import pytest

from cpd.record.service import FactSaid, add_fact
from cpd.requirements.record import FactKind
from cpd.schemes.reading import PACKS, read_pack
from cpd.study.regulator import reading, service
from cpd.study.regulator.rules import Fault, PeerTalk, PieceSaid
from cpd.study.regulator.words import FAULTS
from tests.home.test_query_counts import queries
from tests.study.test_cpd_record import COURT, GENOGRAMS, TALK
from tests.study.test_days_pages import words_of

PIECE = {
    "cpd_type": "Training or a workshop",
    "description": "Genograms",
    "happened_on": ["2", "3", "2026"],
    "learnt": "To ask who is missing",
    "impact": "I ask it",
}
PEER = {
    "peer": "My line manager or supervisor",
    "with_whom": "Minnie, in supervision",
    "discussed_on": ["9", "4", "2026"],
    "peer_learnt": "That I hurry",
}


@pytest.fixture(autouse=True)
def _in_october(app_in_use, clock_at) -> None:
    clock_at(2026, 10, 1, 9)


@pytest.fixture
def shared(registered) -> int:
    """Both pieces, one with a peer and shared."""
    service.write_piece(registered.id, COURT)
    number = service.write_piece(registered.id, GENOGRAMS)
    service.reflect(registered.id, number, TALK)
    service.share(registered.id, number)
    return number


def test_the_page_says_first_what_is_left(app, registered, sign_in):
    browser = sign_in(registered)
    assert "2 pieces still to record, 1 with a peer reflection" in words_of(browser.get("/my/cpd"))

    service.write_piece(registered.id, GENOGRAMS)
    service.write_piece(registered.id, replace(GENOGRAMS, happened_on=date(2026, 5, 2)))
    service.write_piece(registered.id, replace(COURT, impact=""))
    words = words_of(browser.get("/my/cpd"))

    assert "1 piece still to record, 1 with a peer reflection 1 of 2 pieces recorded" in words
    assert "Renewal Open until 30 November 2026: 60 days left" in words
    assert "It says the same as the one of 2 March 2026. Two identical pieces count as one" in words
    assert "Still to write: what it changed." in words
    assert "At least 2 different pieces, at least 1 of them with a peer reflection." in words


def test_a_piece_is_written_reflected_on_and_copied_through_the_pages(app, registered, sign_in):
    browser = sign_in(registered)
    assert "Never write the name of a child" in words_of(browser.get("/my/cpd/new"))
    assert browser.post("/my/cpd/new", data=PIECE).headers["Location"] == "/my/cpd/1"
    assert "Never write the name of a child" in words_of(browser.get("/my/cpd/1/peer"))
    assert browser.post("/my/cpd/1/peer", data=PEER).status_code == 303

    page = browser.get("/my/cpd/1").text
    asked = [label.strip() for label in re.findall(r'<label [^>]*for="answer-\d">([^<]+)', page)]
    given = re.findall(r"<textarea[^>]*readonly>([^<]*)", page)
    assert asked == [each.label for each in read_pack(PACKS / "warwickshire.yaml").cpd_rules.form]
    assert given == [
        "Training or a workshop",
        "Genograms",
        "2 March 2026",
        "To ask who is missing",
        "I ask it",
        "That I hurry",
    ]
    assert "line manager or supervisor (Minnie, in supervision)" in words_of(browser.get("/my/cpd/1"))
    assert 'value="Minnie, in supervision"' in browser.get("/my/cpd/1/peer").text


def test_a_piece_can_be_kept_unfinished_and_changed(app, registered, sign_in):
    browser = sign_in(registered)
    assert browser.post("/my/cpd/new", data=PIECE | {"learnt": "", "impact": ""}).status_code == 303
    assert "Not finished" in words_of(browser.get("/my/cpd/1"))
    assert browser.post("/my/cpd/1/change", data=PIECE).status_code == 303

    assert "Counts" in words_of(browser.get("/my/cpd/1"))
    assert "How it read before Written on" in words_of(browser.get("/my/cpd/1"))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"cpd_type": "Sleeping"}, "Choose what type it is"),
        ({"description": " "}, "Say what it was"),
        ({"happened_on": ["31", "2", "2026"]}, "Date must be a real date"),
        ({"happened_on": ["2", "10", "2026"]}, FAULTS[Fault.AHEAD]),
    ],
)
def test_what_is_wrong_with_a_piece_stands_beside_the_field(app, registered, sign_in, typed, said):
    browser = sign_in(registered)
    for page in ("/my/cpd/new", "/my/cpd/1/change"):
        if page != "/my/cpd/new":
            service.write_piece(registered.id, COURT)
        answer = browser.post(page, data=PIECE | typed)
        assert (answer.status_code, answer.text.count(said)) == (422, 2)


def test_a_talk_that_is_still_to_come_is_refused_beside_the_date(app, registered, sign_in):
    service.write_piece(registered.id, COURT)
    answer = sign_in(registered).post("/my/cpd/1/peer", data=PEER | {"discussed_on": ["2", "10", "2026"]})

    assert (answer.status_code, answer.text.count(FAULTS[Fault.DISCUSSED_AHEAD])) == (422, 2)


def test_a_piece_begins_with_what_she_attended(app, registered, sign_in):
    fact = FactSaid(
        person_id=registered.id,
        kind=FactKind.LEARNING,
        subject="A conference on neglect",
        happened_on=date(2026, 2, 3),
        source_kind="claim",
    )
    number = add_fact(fact, by=None)
    browser = sign_in(registered)
    assert "A conference on neglect, 3 February 2026 Begin a piece" in words_of(browser.get("/my/cpd"))

    answer = browser.post("/my/cpd/draft", data={"fact": number})
    assert answer.headers["Location"] == "/my/cpd/1/change"
    assert "A conference on neglect, 3 February 2026" in browser.get("/my/cpd/1/change").text
    for wrong in ("", "x", "999", "9" * 30):
        assert browser.post("/my/cpd/draft", data={"fact": wrong}).status_code == 404


def test_a_year_is_taken_away_question_by_question_without_a_peers_name(app, registered, shared, sign_in):
    service.write_piece(registered.id, replace(COURT, description="Not finished", learnt=""))
    service.write_piece(registered.id, replace(COURT, description="=1+1", happened_on=date(2025, 11, 30)))
    browser = sign_in(registered)

    table = list(csv.reader(io.StringIO(browser.get("/my/cpd/2025-12-01.csv").data.decode("utf-8-sig"))))
    assert [row[1] for row in table[1:]] == ["Genograms, for drawing a family", "A guide to court skills"]
    assert table[1][5] == "That I hurry"
    assert "Minnie" not in str(table)
    assert "'=1+1" in browser.get("/my/cpd/2024-12-01.csv").text
    paper = browser.get("/my/cpd/2025-12-01.pdf")
    assert (paper.content_type, paper.data[:5]) == ("application/pdf", b"%PDF-")
    assert paper.headers["Content-Disposition"] == 'attachment; filename="cpd-record-2026.pdf"'
    assert browser.get("/my/cpd/2020-12-01.pdf").status_code == 404


def test_the_manager_reads_what_was_shared_and_nothing_else(app, registered, county_manager, shared, sign_in):
    browser = sign_in(county_manager)
    words = words_of(browser.get("/team/cpd"))
    assert "Rhea Registered" in words
    assert "court skills" not in words

    page = browser.get(f"/people/{registered.id}/cpd/{shared}")
    assert "That I hurry" in page.text
    assert "Minnie, in supervision" not in page.text  # whom she talked to is hers alone
    assert browser.get(f"/people/{registered.id}/cpd/1").status_code == 404
    sign_in(registered).post(f"/my/cpd/{shared}/unshare")
    assert browser.get(f"/people/{registered.id}/cpd/{shared}").status_code == 404
    assert "Nobody has shared a piece with you" in words_of(browser.get("/team/cpd"))


def test_workforce_development_colleagues_and_other_councils_read_nothing(
    app, registered, shared, county_officer, ward, stranger, sign_in
):
    for somebody in (county_officer, ward, stranger):
        browser = sign_in(somebody)
        assert browser.get(f"/people/{registered.id}/cpd/{shared}").status_code == 404
        assert "Rhea" not in browser.get("/team/cpd").text
        for page in (f"/my/cpd/{shared}", f"/my/cpd/{shared}/change", f"/my/cpd/{shared}/peer"):
            assert browser.get(page).status_code == 404
        for act in ("share", "unshare", "remove", "peer/remove"):
            assert browser.post(f"/my/cpd/{shared}/{act}").status_code == 404
    assert reading.find_piece(registered.id, shared).shared_with_id is not None


def test_sharing_without_a_manager_is_refused_with_the_next_step(app, make_person, county, sign_in):
    alone = make_person("Lone Learner", employer=county)
    service.write_piece(alone.id, COURT)
    answer = sign_in(alone).post("/my/cpd/1/share")

    assert answer.status_code == 409
    assert FAULTS[Fault.NO_MANAGER] in words_of(answer)


def test_taking_a_piece_off_is_asked_about_first(app, registered, shared, sign_in):
    browser = sign_in(registered)
    assert "Take this piece off your record?" in words_of(browser.get(f"/my/cpd/{shared}/remove"))
    assert browser.post(f"/my/cpd/{shared}/remove").status_code == 303

    assert browser.get(f"/my/cpd/{shared}").status_code == 404


def test_who_is_not_registered_reads_why_nothing_is_asked(app, ward, alice, sign_in):
    words = words_of(sign_in(ward).get("/my/cpd"))

    assert "You are not registered with Social Work England as far as HR’s record says" in words
    assert "to record 0 of 2" not in words
    assert "names no regulator" in words_of(sign_in(alice).get("/my/cpd"))


def test_before_the_regulators_first_year_no_rule_is_kept(app, registered, sign_in, clock_at):
    clock_at(2019, 1, 2, 9)
    words = words_of(sign_in(registered).get("/my/cpd"))

    assert "No rule is kept here for this year. What you write is kept all the same." in words


def test_the_pages_ask_as_often_for_many_pieces_as_for_one(app, registered, county_manager, sign_in):
    her = registered.id

    def fill(numbers):
        for number in numbers:
            said = PieceSaid("Reading or research", f"Guide {number}", date(2026, 3, 2), "Much", f"{number}")
            piece = service.write_piece(her, said)
            service.reflect(her, piece, PeerTalk("Somebody", date(2026, 3, 3), "More"))
            service.share(her, piece)

    pages = [(sign_in(registered), "/my/cpd"), (sign_in(county_manager), "/team/cpd")]
    fill(range(2))
    for browser, path in pages:
        assert browser.get(path).status_code == 200  # what is asked once per process is known from here on
    few = [_asked(*page) for page in pages]
    fill(range(2, 30))
    many = [_asked(*page) for page in pages]

    assert many == few
    assert max(many) <= 10


def _asked(browser, path) -> int:
    with queries() as asked:
        assert browser.get(path).status_code == 200
    return len(asked)
