"""What a manager reads of her team: for what each is ready, what lapses, and who is away when. Only of hers."""

from __future__ import annotations

import re
from datetime import date

import pytest
from icalendar import Calendar

from cpd.booking.service import book_places, cancel_booking
from cpd.diary import team as diaries
from cpd.home.team import team_page, week_of
from cpd.people.models import Post
from cpd.record import service as record
from cpd.record.service import FactSaid
from cpd.requirements.language import AllOf, Completed
from cpd.requirements.record import FactKind
from cpd.shared.database import db
from tests.cast import london
from tests.home.test_my_record import make_programme

__all__ = ["make_programme"]


def learn(person, *codes, on=date(2018, 11, 5)):
    said = {"kind": FactKind.COMPLETED, "source_kind": "import", "happened_on": on}
    record.add_facts([FactSaid(person_id=person.id, subject=code, **said) for code in codes], by=None)


@pytest.fixture
def modules(app, make_module, make_programme):
    """Modules 1 to 4; the last needs the three others."""
    first = [make_module(f"M{number}", number_label=f"Module {number}") for number in (1, 2, 3)]
    needs = AllOf(tuple(Completed(each.code) for each in first))
    last = make_module("M4", number_label="Module 4", needs=needs)
    make_programme("Systemic", *first, last)
    return [*first, last]


def label_of(manager, person):
    [member] = [each for each in team_page(manager.id, manager.organisation_id) if each.person.id == person.id]
    return member.progress[0].label


@pytest.mark.parametrize(
    ("done", "booked", "expected"),
    [
        ((), (), ("Still to do: Module 1, Module 2 and Module 3", "neutral")),
        (("M1",), (), ("Still to do: Module 2 and Module 3", "neutral")),
        (("M1", "M2", "M3"), (), ("Ready for Module 4", "open")),
        (("M1", "M2"), ("M3",), ("Ready for Module 4 once what is booked is attended", "booked")),
        (("M1",), ("M3",), ("Still to do: Module 2", "neutral")),
        (("M1", "M2", "M3"), ("M4",), ("All booked; 3 of 4 done", "booked")),
        (("M1", "M2", "M3", "M4"), (), ("All done", "done")),
        (("M1", "M2", "M4"), (), ("Still to do: Module 3", "neutral")),
    ],
    ids=[
        "nothing",
        "one",
        "all that it needs",
        "the last of it booked",
        "one booked",
        "booked",
        "done",
        "out of order",
    ],
)
def test_a_manager_reads_for_what_somebody_is_ready(app, alice, manager, modules, make_session, done, booked, expected):
    learn(alice, *done) if done else None
    for number, code in enumerate(booked):
        module = next(each for each in modules if each.code == code)
        book_places(alice.id, [make_session(module, london(2019, 1, 15 + number, 9, 30)).id], by=alice.id)

    assert label_of(manager, alice) == expected


def test_a_team_has_a_line_for_each_with_her_next_session(
    app, alice, bob, manager, officer, modules, make_session, sign_in
):
    session = make_session(modules[0], london(2019, 1, 15, 9, 30))
    book_places(alice.id, [session.id], by=alice.id)

    page = sign_in(manager).get("/team").text

    assert re.findall(r'data-person="(\d+)"', page) == [str(alice.id), str(bob.id)]
    assert "Module 1<br>Tue 15 Jan" in page
    assert "Olive Officer" not in page


def test_what_lapses_and_what_lacks_its_basis_is_told(app, alice, manager, modules, make_module, make_session, sign_in):
    make_module("SAFE", title="Safeguarding", validity_months=12)
    learn(alice, "SAFE", on=date(2018, 1, 2))
    learn(alice, "M1", "M2")
    third, fourth = (
        make_session(module, london(2019, 2, day, 9, 30)) for module, day in zip(modules[2:], (5, 19), strict=True)
    )
    booked = book_places(alice.id, [third.id, fourth.id], by=alice.id)
    cancel_booking(booked[0].booking_id, by=alice.id, reason="court")

    page = sign_in(manager).get("/team").text

    assert "Was valid until 1 January 2019; a refresher renews it" in page
    assert "Module 4, Tue 19 Feb:" in page
    assert "Lacks what it rests on" in page


def test_only_a_manager_has_a_team_in_her_navigation(app, alice, manager, officer, sign_in):
    alice, manager, officer = (sign_in(each).get("/").text for each in (alice, manager, officer))

    assert ["My team" in page for page in (alice, manager, officer)] == [False, True, False]
    assert "My record" in alice


def test_whoever_manages_nobody_is_told_what_the_page_is_for(app, alice, sign_in):
    pages = [sign_in(alice).get(path).text for path in ("/team", "/team/week")]

    assert all("Nobody is in your team" in page for page in pages)


def test_her_team_is_who_names_her_today_directly_and_within_her_organisation(
    app, alice, bob, manager, make_person, make_organisation, sign_in
):
    make_person("Grace Grandchild", manager=alice)
    make_person("Elsa Elsewhere", manager=manager, employer=make_organisation("slough", "Slough"))
    db.session.query(Post).filter_by(person_id=bob.id).one().ends_on = date(2019, 1, 2)
    db.session.commit()

    page = sign_in(manager).get("/team").text

    assert "Alice Learner" in page
    assert not any(name in page for name in ("Bob Colleague", "Grace Grandchild", "Elsa Elsewhere"))


@pytest.fixture
def week(app, alice, bob, make_module, make_session):
    """Alice is away on Tuesday morning, Bob all Tuesday, and Alice on Saturday."""
    sessions = [
        (alice, make_session(make_module("A", title="Genograms"), london(2019, 1, 15, 9, 30))),
        (bob, make_session(make_module("B", title="Resistance"), london(2019, 1, 15, 9, 30), hours=7)),
        (alice, make_session(make_module("C", title="Saturday school"), london(2019, 1, 19, 13, 0), hours=2)),
    ]
    for person, session in sessions:
        book_places(person.id, [session.id], by=person.id, access_needs="A chair near the door")
    return sessions


def cells_of(page) -> dict[str, list[str]]:
    """The words of each day's two halves."""
    rows = re.findall(r'<th scope="row"[^>]*>(.*?)</th>(.*?)</tr>', page, re.DOTALL)
    plain = {day: re.findall(r"<td[^>]*>(.*?)</td>", rest, re.DOTALL) for day, rest in rows}
    return {day: [" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in cells] for day, cells in plain.items()}


def test_a_team_week_says_who_is_away_in_which_half_day(week, manager, sign_in):
    cells = cells_of(sign_in(manager).get("/team/week?from=2019-01-17").text)

    assert list(cells) == [
        "Monday 14 January",
        "Tuesday 15 January",
        "Wednesday 16 January",
        "Thursday 17 January",
        "Friday 18 January",
        "Saturday 19 January",
    ]
    assert cells["Monday 14 January"] == ["Nobody", "Nobody"]
    morning, afternoon = cells["Tuesday 15 January"]
    assert morning.startswith("2 of 2 away Alice Learner: Genograms")
    assert "Bob Colleague: Resistance" in morning
    assert afternoon.startswith("1 of 2 away Bob Colleague")
    assert cells["Saturday 19 January"][0] == "Nobody"


@pytest.mark.parametrize("since", ["", "tomorrow", "2019-13-01", "0001-01-01", "9999-12-31", "1"])
def test_a_week_that_is_none_is_this_week(since):
    assert week_of(since, date(2019, 1, 2)) == date(2018, 12, 31)


def test_she_is_warned_above_the_number_that_she_sets(week, manager, sign_in):
    browser = sign_in(manager)
    assert "More than" not in browser.get("/team/week?from=2019-01-14").text

    saved = browser.post("/team/week", data={"most": "1", "since": "2019-01-14"})

    assert (saved.status_code, saved.headers["Location"]) == (303, "/team/week?from=2019-01-14")
    page = browser.get("/team/week?from=2019-01-14").text
    assert "More than 1 of your 2 people are away on Tuesday morning." in page
    assert 'data-warnings="1"' in page
    browser.post("/team/week", data={"most": "", "since": "2019-01-14"})
    assert "More than" not in browser.get("/team/week?from=2019-01-14").text


@pytest.mark.parametrize("typed", ["many", "-1", "99999999999999999999", "1.5"])
def test_a_number_that_is_none_is_refused_with_a_sentence(week, manager, sign_in, typed):
    answer = sign_in(manager).post("/team/week", data={"most": typed, "since": "2019-01-14"})

    assert answer.status_code == 422
    assert "Most people away at once must be" in answer.text
    assert diaries.most_away(manager.id) is None


def feed_of(browser):
    """The calendar that stands at the address on her page, and the address."""
    address = re.search(r"http://127.0.0.1:5000(/calendar/team/[^\"<]+)", browser.get("/team/calendar").text).group(1)
    return browser.get(address), address


def test_her_own_calendar_shows_who_of_her_team_is_at_what(week, manager, sign_in):
    answer, _ = feed_of(sign_in(manager))

    events = Calendar.from_ical(answer.data).walk("VEVENT")
    assert [str(each["SUMMARY"]) for each in events] == [
        "Alice Learner: Genograms",
        "Bob Colleague: Resistance",
        "Alice Learner: Saturday school",
    ]
    assert len({str(each["UID"]) for each in events}) == 3
    assert b"chair" not in answer.data


def test_a_cancelled_place_is_cancelled_in_it_too(week, alice, manager, sign_in):
    person, session = week[0]
    held = sign_in(alice).get("/my/bookings").text
    number = re.search(rf'data-session="{session.id}".*?data-booking="(\d+)"', held, re.DOTALL).group(1)
    cancel_booking(int(number), by=person.id, reason="court")

    answer, _ = feed_of(sign_in(manager))

    event = Calendar.from_ical(answer.data).walk("VEVENT")[0]
    assert (str(event["SUMMARY"]), str(event["STATUS"])) == ("Cancelled: Alice Learner: Genograms", "CANCELLED")
    assert event["SEQUENCE"] == 1


def test_a_new_address_ends_the_old_one_and_keeps_her_warning(week, manager, sign_in):
    browser = sign_in(manager)
    diaries.choose_most_away(manager.id, 3)
    _, old = feed_of(browser)

    assert browser.post("/team/calendar").status_code == 303

    assert browser.get(old).status_code == 404
    assert feed_of(browser)[0].status_code == 200
    assert diaries.most_away(manager.id) == 3


def test_whoever_left_her_team_is_in_her_calendar_no_more_and_without_a_team_there_is_none(
    week, alice, bob, manager, sign_in
):
    browser = sign_in(manager)
    _, address = feed_of(browser)
    posts = {person.id: db.session.query(Post).filter_by(person_id=person.id).one() for person in (alice, bob)}

    posts[bob.id].ends_on = date(2019, 1, 2)
    db.session.commit()
    assert b"Bob" not in browser.get(address).data
    posts[alice.id].ends_on = date(2019, 1, 2)
    db.session.commit()

    assert browser.get(address).status_code == 404


def test_her_own_feed_is_no_address_of_a_team(week, alice, manager, sign_in):
    own = re.search(r"/calendar/([^\"<]+)\.ics", sign_in(manager).get("/my/calendar").text).group(1)

    assert sign_in(manager).get(f"/calendar/team/{own}.ics").status_code == 404
    assert sign_in(alice).get("/team/calendar").status_code == 302
