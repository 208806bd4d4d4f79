"""The register, the code and the links as people use them: what works, who is refused, and what is said."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest

from cpd.attendance.outside import links_to
from cpd.attendance.registers import day_to_show, marks_of
from cpd.attendance.rules import AttendanceStatus
from cpd.attendance.service import close_register, mark, mark_everyone
from cpd.attendance.signing_in import code_shown
from cpd.booking.service import book_places
from cpd.requirements.language import Completed
from cpd.shared.database import db
from tests.attendance.conftest import completions, crowd_on, days_of
from tests.cast import london
from tests.home.test_query_counts import queries

SCRIPT = {"Accept": "application/json"}


@pytest.fixture
def on_the_day(clock_at):
    return clock_at(2019, 1, 15, 9, 35)


@pytest.fixture
def path(held):
    return f"/sessions/{held.id}/register"


def status_of(held, person):
    db.session.rollback()
    [day] = days_of(held)
    found = marks_of([day]).get((day, person.id))
    return str(found.status) if found else None


def test_a_facilitator_marks_and_comes_back_to_the_same_row(app, held, path, alice, fay, sign_in, on_the_day):
    client, [day] = sign_in(fay), days_of(held)
    page = client.get(path)
    assert page.status_code == 200
    assert "2 people: 2 still to mark" in " ".join(page.text.split())

    marked = client.post(f"{path}/mark", data={"day": day, "person": alice.id, "status": "attended"})
    assert (marked.status_code, marked.location) == (303, f"{path}?day={day}#person-{alice.id}")
    assert "2 people: 1 attended, 1 still to mark" in " ".join(client.get(marked.location).text.split())
    assert status_of(held, alice) == "attended"


def test_a_script_gets_the_row_and_the_count(app, held, path, alice, fay, sign_in, on_the_day):
    [day] = days_of(held)
    fields = {"day": day, "person": alice.id, "status": "part_attended", "minutes": "90"}
    answer = sign_in(fay).post(f"{path}/mark", data=fields, headers=SCRIPT)

    assert answer.json["count"] == "2 people: 1 part attended, 1 still to mark"
    assert 'data-status="part_attended"' in answer.json["row"]
    assert "Part attended: 90 of 180 minutes" in answer.json["row"]
    wrong = sign_in(fay).post(f"{path}/mark", data={**fields, "minutes": "180"}, headers=SCRIPT)
    assert (wrong.status_code, wrong.json) == (422, {"error": "Enter the minutes there, between 1 and 179"})


def test_minutes_that_do_not_fit_are_said_beside_their_box(app, held, path, alice, fay, sign_in, on_the_day):
    [day] = days_of(held)
    page = sign_in(fay).post(f"{path}/mark", data={"day": day, "person": alice.id, "status": "part_attended"})

    assert page.status_code == 422
    assert f'href="#minutes-{alice.id}"' in page.text
    assert f'id="minutes-{alice.id}-error"' in page.text
    assert status_of(held, alice) is None


def test_what_a_register_does_not_take_is_refused_with_its_reason(app, held, path, alice, fay, sign_in, clock_at):
    client, [day] = sign_in(fay), days_of(held)
    clock_at(2019, 1, 14, 12, 0)
    refused = client.post(f"{path}/mark", data={"day": day, "person": alice.id, "status": "attended"})
    assert refused.status_code == 409
    assert "This register opens on Tuesday 15 January." in refused.text
    clock_at(2019, 1, 15, 9, 35)
    refused = client.post(f"{path}/mark", data={"day": day, "person": fay.id, "status": "attended"})
    assert 'data-reason="not_on_it"' in refused.text
    refused = client.post(f"{path}/close", data={"day": day})
    assert "It can be closed from 12:30pm" in refused.text
    refused = client.post(f"{path}/mark", data={"day": day, "person": fay.id, "status": "attended"}, headers=SCRIPT)
    assert (refused.status_code, refused.json["error"][:15]) == (409, "This person is ")


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"status": "attended"},
        {"person": "x", "status": "attended"},
        {"person": "9" * 30, "status": "attended"},
        {"person": "1", "status": "asleep"},
        {"person": "1", "status": "attended", "minutes": "many"},
        {"person": "1", "status": "attended", "tap": "x" * 65},
    ],
)
def test_a_mark_that_is_none_changes_nothing(app, held, path, fay, alice, sign_in, on_the_day, fields):
    [day] = days_of(held)
    assert sign_in(fay).post(f"{path}/mark", data={"day": day, **fields}).status_code == 422
    assert marks_of([day]) == {}


@pytest.mark.parametrize("day", ["", "0", "999", "x", "9" * 30])
def test_a_day_that_is_none_of_this_session_is_not_found(app, held, path, fay, sign_in, on_the_day, day):
    client = sign_in(fay)
    assert client.get(f"{path}?day={day}").status_code == 404
    assert client.post(f"{path}/everyone", data={"day": day}).status_code in (404, 422)


def test_somebody_who_came_without_a_booking_is_added_by_address_or_name(
    app, held, path, fay, make_person, stranger, sign_in, on_the_day
):
    client, [day] = sign_in(fay), days_of(held)
    wanda, one, other = (make_person(name) for name in ("Wanda Walkin", "Sam Same", "Sam Sameson"))
    assert client.post(f"{path}/add", data={"day": day, "who": wanda.email.upper()}).status_code == 303
    assert client.post(f"{path}/add", data={"day": day, "who": "sam same"}).status_code == 303
    several = client.post(f"{path}/add", data={"day": day, "who": "sam"})
    assert (several.status_code, "Sam Sameson" in several.text) == (422, True)
    assert client.post(f"{path}/add", data={"day": day, "who": "sam", "person": other.id}).status_code == 303
    for nobody in ("", "Nobody Known", stranger.email):
        assert client.post(f"{path}/add", data={"day": day, "who": nobody}).status_code == 422

    assert {status_of(held, each) for each in (wanda, one, other)} == {"attended"}
    assert "No booking" in client.get(path).text


def test_closing_asks_about_those_without_a_mark(app, held, path, alice, bob, fay, sign_in, clock_at):
    client, [day] = sign_in(fay), days_of(held)
    clock_at(2019, 1, 15, 12, 40)
    client.post(f"{path}/mark", data={"day": day, "person": bob.id, "status": "attended"})
    asked = client.post(f"{path}/close", data={"day": day})
    assert (asked.status_code, "Alice Learner" in asked.text, "Bob" in asked.text) == (409, True, False)
    closed = client.post(f"{path}/close", data={"day": day, "absent_rest": "y"}, follow_redirects=True)
    assert "Closed on Tuesday 15 January at 12:40pm by Fay Facilitator" in closed.text
    assert [row[0] for row in completions()] == [bob.id]

    assert client.post(f"{path}/reopen", data={"day": day, "reason": ""}).status_code == 422
    opened = client.post(f"{path}/reopen", data={"day": day, "reason": "Alice came late"}, follow_redirects=True)
    assert "Alice came late. Close it once it is right." in opened.text


def test_the_register_says_who_is_on_condition_and_of_what(
    app, held, make_held, make_module, alice, fay, sign_in, clock_at
):
    afternoon = make_held(module=make_module("M3", needs=Completed("M2")), starts_at=london(2019, 1, 15, 13, 30))
    book_places(alice.id, [afternoon.id], by=alice.id)
    [morning] = days_of(held)
    clock_at(2019, 1, 15, 13, 0)
    path = f"/sessions/{afternoon.id}/register"
    assert "On condition of Module M2" in sign_in(fay).get(path).text
    close_register(morning, by=keeper_of(fay), absent_rest=True)
    assert "Still to do: Module M2" in sign_in(fay).get(path).text


def keeper_of(person):
    from cpd.attendance.registers import Keeper

    return Keeper(person.id)


def test_registers_with_the_same_people_are_marked_as_one(
    app, held, path, make_held, alice, bob, fay, sign_in, clock_at
):
    afternoon = make_held("M3", starts_at=london(2019, 1, 15, 13, 30))
    for person in (alice, bob):
        book_places(person.id, [afternoon.id], by=person.id)
    [am], [pm] = days_of(held), days_of(afternoon)
    clock_at(2019, 1, 15, 9, 35)
    client = sign_in(fay)
    assert f"{path}?day={am}&amp;together={pm}" in client.get(path).text
    client.post(f"{path}/everyone", data={"day": am, "together": [pm, 999]})

    assert {status_of(each, person) for each in (held, afternoon) for person in (alice, bob)} == {"attended"}


def test_registers_with_other_people_are_not(app, held, path, make_held, alice, fay, sign_in, clock_at):
    afternoon = make_held("M3", starts_at=london(2019, 1, 15, 13, 30))
    book_places(alice.id, [afternoon.id], by=alice.id)
    [am], [pm] = days_of(held), days_of(afternoon)
    clock_at(2019, 1, 15, 9, 35)
    client = sign_in(fay)
    client.post(f"{path}/everyone", data={"day": am, "together": [pm]})

    assert "at the same time" not in client.get(f"{path}?together={pm}").text
    assert status_of(afternoon, alice) is None


def test_only_its_facilitators_and_its_own_desk_see_a_register(
    app, held, path, alice, stranger, officer, make_person, sign_in, on_the_day
):
    from cpd.shared.roles import Role

    other = make_person("Other Facilitator", Role.FACILITATOR)
    elsewhere = make_person("Other Officer", Role.WORKFORCE_DEVELOPMENT, employer=stranger.organisation)
    answers = {each.name: sign_in(each).get(path).status_code for each in (officer, alice, other, elsewhere)}

    assert answers == {"Olive Officer": 200, "Alice Learner": 404, "Other Facilitator": 404, "Other Officer": 404}


def links(held):
    db.session.rollback()
    return links_to(held.id)


def test_a_link_from_outside_leads_to_that_register_and_nothing_else(
    app, held, path, make_held, alice, bob, officer, make_person, sign_in, clock_at
):
    client, [day], [other_day] = sign_in(officer), days_of(held), days_of(make_held("M9"))
    make_person("Wanda Walkin")
    assert client.post(f"{path}/links", data={"name": ""}).status_code == 422
    assert client.post(f"{path}/links", data={"name": "Terry Tutor"}).status_code == 303
    [link] = links(held)
    assert link.path in client.get(path).text
    clock_at(2019, 1, 15, 12, 40)
    outside = app.test_client()

    page = outside.get(link.path)
    assert (page.status_code, "Alice Learner" in page.text, "Terry Tutor" in page.text) == (200, True, False)
    outside.post(f"{link.path}/mark", data={"day": day, "person": alice.id, "status": "attended"})
    assert "by Terry Tutor at 12:40pm" in outside.get(link.path).text
    assert outside.post(f"{link.path}/add", data={"day": day, "who": "Wanda Walkin"}).status_code == 422
    for elsewhere in (path, f"/sessions/{held.id}", f"/sessions/{held.id}/code", f"/sessions/{held.id}/list"):
        assert outside.get(elsewhere).status_code == 302
    assert outside.get(f"{link.path}?day={other_day}").status_code == 404
    assert outside.post(f"{link.path}/close", data={"day": day, "absent_rest": "y"}).status_code == 303
    assert outside.post(f"{link.path}/reopen", data={"day": day, "reason": "x"}).status_code in (404, 405)
    assert [row[0] for row in completions()] == [alice.id]

    assert client.post(f"{path}/links/{link.id + 1}/revoke").status_code == 404
    assert client.post(f"{path}/links/{link.id}/revoke").status_code == 303
    gone = outside.get(link.path)
    assert (gone.status_code, "This link no longer works" in gone.text) == (410, True)
    assert outside.post(f"{link.path}/everyone", data={"day": day}).status_code == 410
    assert outside.get("/register/made-up").status_code == 404
    assert outside.get(link.path.replace(".", ".x")).status_code == 404


def test_a_link_from_outside_ends_two_weeks_after_the_session(app, held, path, officer, sign_in, clock_at):
    sign_in(officer).post(f"{path}/links", data={"name": "Terry Tutor"})
    [link] = links(held)
    clock_at(2019, 1, 29, 12, 30)
    assert app.test_client().get(link.path).status_code == 200
    clock_at(2019, 1, 29, 12, 31)
    assert app.test_client().get(link.path).status_code == 410


def test_the_code_is_shown_and_signs_somebody_in(app, held, alice, bob, fay, sign_in, clock_at):
    [day] = days_of(held)
    clock_at(2019, 1, 14, 9, 0)
    assert "There is a code from Tuesday 15 January on" in sign_in(fay).get(f"/sessions/{held.id}/code").text
    assert sign_in(fay).get(f"/sessions/{held.id}/code.svg").status_code == 404
    clock_at(2019, 1, 15, 9, 35)
    page = sign_in(fay).get(f"/sessions/{held.id}/code?day={day}")
    code = "".join(re.search(r"The code is </span>(\w{3}) (\w{3})<", page.text).groups())
    assert code == code_shown(day).code
    picture = sign_in(fay).get(f"/sessions/{held.id}/code.svg?day={day}")
    assert (picture.mimetype, b"<svg" in picture.data, b"style=" in picture.data) == ("image/svg+xml", True, False)

    client = sign_in(alice)
    assert f'value="{code}"' in client.get(f"/attend/{code}").text
    assert status_of(held, alice) is None  # looking at the page changes nothing
    for _ in range(2):
        assert "You are signed in" in client.post("/attend", data={"code": f" {code.lower()} "}).text
    assert status_of(held, alice) == "attended"
    assert "signed in with the code at 9:35am" in " ".join(
        sign_in(fay).get(f"/sessions/{held.id}/register").text.split()
    )
    assert client.post("/attend", data={"code": ""}).status_code == 422
    refused = client.post("/attend", data={"code": "AAAAAA"})
    assert (refused.status_code, 'data-reason="not_valid"' in refused.text) == (409, True)
    refused = sign_in(fay).post("/attend", data={"code": code})
    assert (refused.status_code, 'data-reason="no_booking"' in refused.text) == (409, True)


def test_her_own_page_says_that_one_of_two_days_is_not_complete(app, make_held, alice, fay, sign_in, clock_at):
    session = make_held("M6", days=2)
    book_places(alice.id, [session.id], by=alice.id)
    first, second = days_of(session)
    clock_at(2019, 1, 15, 12, 40)
    mark_everyone([first], by=keeper_of(fay))
    close_register(first, by=keeper_of(fay))
    client = sign_in(alice)
    assert "It counts once the registers are closed" in client.get(f"/sessions/{session.id}").text
    clock_at(2019, 1, 16, 12, 40)
    close_register(second, by=keeper_of(fay), absent_rest=True)

    page = client.get(f"/sessions/{session.id}").text
    assert "Module M6 is not complete: you attended 1 of 2 days" in page
    assert 'href="/modules/M6"' in page


def test_a_register_of_sixty_asks_as_often_as_one_of_five(app, make_held, make_module, fay, sign_in, on_the_day):
    session = make_held(module=make_module("M3", needs=Completed("M2")), places=100)
    client, [day] = sign_in(fay), days_of(session)
    path = f"/sessions/{session.id}/register"

    def asked():
        db.session.rollback()
        person = crowd_on(session, 5 if not session.places_taken else 55)[0]
        client.post(f"{path}/mark", data={"day": day, "person": person, "status": "excused"})  # now it has a register
        counts = []
        for act in (
            lambda: client.get(path),
            lambda: client.post(f"{path}/mark", data={"day": day, "person": person, "status": "attended"}),
            lambda: client.post(
                f"{path}/mark", data={"day": day, "person": person, "status": "absent"}, headers=SCRIPT
            ),
            lambda: client.post(f"{path}/everyone", data={"day": day}),
        ):
            with queries() as seen:
                assert act().status_code in (200, 303)
            counts.append(len(seen))
        return counts

    few, many = asked(), asked()
    assert few == many
    assert few[0] <= 20


def test_closing_a_register_of_sixty_asks_as_often_as_one_of_five(app, make_held, fay, clock_at):
    counts = []
    for places in (5, 60):
        session = make_held(f"N{places}", places=places, starts_at=london(2019, 1, 15 + places % 7, 9, 30))
        crowd_on(session, places)
        [day] = days_of(session)
        clock_at(2019, 1, 22, 12, 40)
        mark_everyone([day], by=keeper_of(fay))
        db.session.rollback()
        with queries() as seen:
            close_register(day, by=keeper_of(fay))
        counts.append(len([each for each in seen if each.startswith("SELECT")]))

    assert counts[0] == counts[1]


def test_the_page_of_a_session_that_is_over_offers_nothing_that_is_too_late(
    app, held, alice, bob, fay, keeper, sign_in, clock_at
):
    page = sign_in(alice).get(f"/sessions/{held.id}").text
    assert "You have a place" in page
    assert "I can’t come" in page
    clock_at(2019, 1, 15, 12, 40)
    page = sign_in(alice).get(f"/sessions/{held.id}").text
    for late in ("You have a place", "I can’t come", "Add to my calendar"):
        assert late not in page
    assert "once its register is closed" in page
    [day] = days_of(held)
    mark([day], bob.id, AttendanceStatus.ATTENDED, by=keeper)
    close_register(day, by=keeper, absent_rest=True)
    for person, words in ((alice, "Not complete"), (bob, "Done")):
        page = sign_in(person).get(f"/sessions/{held.id}").text
        assert words in page
        assert "I can’t come" not in page


def test_the_code_is_offered_on_the_day_and_not_later(app, held, fay, sign_in, clock_at):
    for parts, is_offered in (((2019, 1, 15, 9), True), ((2019, 1, 15, 20), True), ((2019, 1, 16, 9), False)):
        clock_at(*parts)
        page = sign_in(fay).get(f"/sessions/{held.id}/register").text
        assert (f"/sessions/{held.id}/code" in page) is is_offered


TWO_DAYS = SimpleNamespace(
    days=[
        SimpleNamespace(id=1, starts_at=london(2019, 1, 31, 9, 30), ends_at=london(2019, 1, 31, 16, 30)),
        SimpleNamespace(id=2, starts_at=london(2019, 2, 1, 9, 30), ends_at=london(2019, 2, 1, 16, 30)),
    ]
)


@pytest.mark.parametrize(
    ("now", "shown"),
    [
        pytest.param(london(2019, 1, 30, 18, 0), 1, id="the eve"),
        pytest.param(london(2019, 1, 31, 9, 0), 1, id="day 1"),
        pytest.param(london(2019, 1, 31, 17, 0), 1, id="the evening of day 1"),
        pytest.param(london(2019, 2, 1, 8, 0), 2, id="day 2"),
        pytest.param(london(2019, 2, 1, 17, 0), 2, id="the evening of day 2"),
        pytest.param(london(2019, 2, 4, 9, 0), 2, id="days later"),
    ],
)
def test_the_register_of_today_is_shown_also_when_its_hours_are_over(now, shown):
    assert day_to_show(TWO_DAYS, None, now).id == shown
