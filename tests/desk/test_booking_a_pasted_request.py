"""Workforce Development pastes a request as it came in, looks at what was understood, and books it in one go."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask import render_template_string
from sqlalchemy import select

from cpd.booking.models import Booking
from cpd.booking.rules import Objection, Reason
from cpd.booking.service import book_places
from cpd.desk.models import PendingImport
from cpd.requirements.language import AllOf, Completed
from cpd.shared.clock import in_london
from cpd.shared.database import db
from cpd.shared.outbox import OutboxMessage
from tests.cast import london
from tests.catalogue.conftest import counted_queries
from tests.desk.conftest import errors_on

PAGE = "/workforce/requests/paste"
LETTER = """From: Alice Learner <{email}>
Sent: Monday 3 December 2018 14:05
To: Workforce Development

Please could you book me on to
Module 2 - 15th January
Module 3 - 15/1 at 1.30pm

Many thanks, Alice
"""


@pytest.fixture
def desk(officer, sign_in):
    return sign_in(officer)


@pytest.fixture
def morning(make_module, make_session):
    """Module 2 on the morning of 15 January."""
    return make_session(make_module("M2", number_label="Module 2"), london(2019, 1, 15, 9, 30))


@pytest.fixture
def afternoon(morning, make_module, make_session):
    """Module 3, which needs Module 2, on the same afternoon."""
    third = make_module("M3", number_label="Module 3", needs=AllOf((Completed("M2"),)))
    return make_session(third, london(2019, 1, 15, 13, 30))


@pytest.fixture
def paste(desk):
    """Paste a request; gives the address of its preview."""

    def pasted(text: str) -> str:
        answer = desk.post(PAGE, data={"text": text})
        assert answer.status_code == 303, errors_on(answer)
        return answer.location

    return pasted


def fields_on(page) -> dict[str, str]:
    """Give what would be sent if the form of the lines were sent as it stands."""
    fields = dict(re.findall(r'type="hidden" name="(person)" value="(\d+)"', page.text))
    for name in re.findall(r'name="(take_\d+)"[^>]*\schecked', page.text):
        fields[name] = "y"
    for name, options in re.findall(r'<select[^>]*name="(session_\d+)"[^>]*>(.*?)</select>', page.text, re.DOTALL):
        chosen = re.search(r'value="(\d*)"[^>]*selected', options)
        fields[name] = chosen[1] if chosen else ""
    return fields


def words_on(page) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


def bookings():
    db.session.rollback()
    return [(each.person_id, each.training_session_id, each.status) for each in db.session.scalars(select(Booking))]


def test_a_request_is_looked_at_and_booked_in_one_go(both, desk, alice, paste, morning, afternoon):
    address = paste(LETTER.format(email=alice.email))
    page = desk.get(address)
    assert "Request from Alice Learner" in page.text
    assert "Came in on 3 December 2018, 2:05pm" in words_on(page)
    assert "Free, on condition of the earlier ones" in page.text
    assert bookings() == []

    answer = desk.post(address, data=fields_on(page))

    assert answer.status_code == 303
    assert "2 of 2 booked for Alice Learner" in desk.get(answer.location).text
    assert bookings() == [(alice.id, morning.id, "confirmed"), (alice.id, afternoon.id, "confirmed")]
    (first, _) = db.session.scalars(select(Booking))
    assert in_london(first.requested_at) == london(2018, 12, 3, 14, 5)
    assert db.session.scalars(select(PendingImport)).all() == []
    assert "booked" in set(db.session.scalars(select(OutboxMessage.kind)))


def test_the_order_on_a_list_is_that_of_the_system_whatever_the_moment_of_receipt(
    app, desk, alice, bob, manager, paste, make_module, make_session
):
    full = make_session(make_module("M2", number_label="Module 2"), london(2019, 1, 15, 9, 30), places=1)
    for person in (manager, bob):
        book_places(person.id, [full.id], by=person.id)

    address = paste(LETTER.format(email=alice.email).replace("Module 3", ""))
    page = desk.get(address)
    assert "Full: goes on the waiting list" in page.text
    answer = desk.post(address, data=fields_on(page))

    assert "Waiting list: 2nd" in desk.get(answer.location).text


def test_a_line_that_is_not_understood_is_shown_and_corrected(app, desk, alice, paste, morning):
    address = paste(f"Module 2 - Wednesday 15 January\nWorkshop 9, 3 March\n{alice.email}")
    page = desk.get(address)
    assert "Not clear: 15 January 2019 is a Tuesday, not a Wednesday" in words_on(page)
    assert "“Workshop 9" in page.text or "Workshop 9, 3 March" in words_on(page)
    assert fields_on(page) == {"person": str(alice.id), "session_0": ""}

    desk.post(address, data={"person": alice.id, "take_0": "y", "session_0": morning.id})

    assert bookings() == [(alice.id, morning.id, "confirmed")]


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({}, "Tick at least one line to book"),
        ({"take_0": "y", "session_0": ""}, "Choose a session, or take the tick away"),
        ({"take_0": "y", "session_0": "999"}, "Choose from the list"),
    ],
)
def test_nothing_is_booked_without_a_session(app, desk, alice, paste, morning, fields, error):
    address = paste(f"Module 2 - 15 January\n{alice.email}")

    answer = desk.post(address, data={"person": alice.id, **fields})

    assert (answer.status_code, errors_on(answer), bookings()) == (422, [error], [])


def test_whoever_is_named_in_full_is_recognised_by_her_team(app, desk, alice, make_person, stranger, paste, morning):
    make_person("Alice Learner", employer=None)

    page = desk.get(paste("Module 2 15/1\nAlice Learner"))

    assert "The name in it fits several people" in page.text
    assert "Book what is ticked" not in page.text


def test_the_officer_says_whose_it_is_and_when_it_came_in(app, desk, bob, paste, morning):
    address = paste("Module 2 15/1")
    assert "Whose request is this?" in desk.get(address).text

    said = desk.post(f"{address}/about", data={"person": "Bob Coleague", "received": "1/1/2019 10:00"})
    page = desk.get(said.location)

    assert "Request from Bob Colleague" in page.text
    assert "1 January 2019, 10am" in words_on(page)


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"person": "zzzz"}, "Nobody here is called zzzz"),
        ({"person": "Learner"}, "Enter the e-mail address. It could be "),
        ({"received": "lately"}, '"lately" is not a date'),
        ({"received": "3/3/2030 10:00"}, "Enter a date and time in the past"),
    ],
)
def test_what_is_said_about_a_request_may_be_refused(app, desk, alice, make_person, paste, fields, error):
    make_person("Anne Learner")
    address = paste("Module 2 15/1")

    answer = desk.post(f"{address}/about", data=fields)

    assert answer.status_code == 422
    assert unescape(errors_on(answer)[0]).startswith(error)


def test_reasons_against_a_session_are_said_and_nothing_is_booked_for_them(app, desk, alice, paste, afternoon):
    address = paste(f"Module 3 on 15 January\n{alice.email}")
    page = desk.get(address)
    assert "Module 2 is missing" in words_on(page)
    fields = fields_on(page)
    assert "take_0" not in fields

    answer = desk.post(address, data=fields | {"take_0": "y"})

    assert (answer.status_code, bookings()) == (409, [])
    assert "Nothing was booked" in answer.text


def test_of_two_dates_of_a_module_the_first_is_proposed(app, desk, alice, paste, morning, make_session, make_module):
    make_session(db.session.get(type(make_module()), morning.module_id), london(2019, 1, 21, 9, 30))

    page = desk.get(paste(f"Module 2: 15 January or 21 January\n{alice.email}"))

    assert [name for name in fields_on(page) if name.startswith("take")] == ["take_0"]


def test_a_request_that_became_somebody_elses_is_not_booked(app, desk, alice, bob, paste, morning):
    address = paste(f"Module 2 - 15 January\n{alice.email}")

    answer = desk.post(address, data=fields_on(desk.get(address)) | {"person": bob.id})

    assert (answer.status_code, bookings()) == (409, [])


def test_a_request_sent_twice_is_booked_once(app, desk, alice, paste, morning):
    address = paste(f"Module 2 - 15 January\n{alice.email}")
    fields = fields_on(desk.get(address))

    assert [desk.post(address, data=fields).status_code for _ in range(2)] == [303, 404]


def test_only_the_officer_who_pasted_it_sees_a_request(app, make_person, sign_in, alice, paste, morning):
    from cpd.shared.roles import Role

    other = sign_in(make_person("Other Officer", Role.WORKFORCE_DEVELOPMENT))

    assert other.get(paste("Module 2 15/1")).status_code == 404
    assert sign_in(alice).get(PAGE).status_code == 403


def test_what_came_of_it_is_shown_of_her_own_people_only(app, desk, stranger, morning):
    for address in (f"person={stranger.id}&together={morning.id}", "", "person=x&together=y", "person=99999999999"):
        assert desk.get(f"/workforce/requests/booked?{address}").status_code == 404


@pytest.mark.parametrize("reason", Reason)
def test_each_reason_has_its_sentence(app, reason):
    objection = Objection(
        reason, title="Module 2", module="M2", starts_at=london(2019, 1, 15, 9), on=london(2019, 1, 15)
    )
    with app.test_request_context():
        said = render_template_string(
            '{% from "desk/pasted/reasons.html" import say %}{{ say(objection) }}', objection=objection
        )

    assert said.strip().endswith(".")


def test_no_line_adds_a_query(app, desk, alice, paste, make_module, make_session):
    for number in range(1, 9):
        make_session(make_module(f"M{number}", number_label=f"Module {number}"), london(2019, 1, 10 + number, 9, 30))

    def queries(count: int) -> int:
        lines = "\n".join(f"Module {number} {10 + number}/1" for number in range(1, count + 1))
        address = paste(f"{alice.email}\n{lines}")
        with counted_queries() as sent:
            assert desk.get(address).text.count("data-line") == count
        return len(sent)

    assert queries(2) == queries(8)
