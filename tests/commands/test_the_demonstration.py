"""`flask demo` loads, once, what real use would have made; in production it has no place."""

from __future__ import annotations

import csv
import shutil
import sqlite3
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from cpd.application import create_app
from cpd.attendance.evaluation.results import Wanted, results_of
from cpd.attendance.lists import my_registers, registers_left_open
from cpd.attendance.mine import lacking_evaluation
from cpd.booking.models import Booking
from cpd.booking.offers import view_of
from cpd.booking.places import positions_of
from cpd.booking.rules import Reason, State, Status
from cpd.commands.demo import council, story
from cpd.commands.demo.dates import WINDOW, shift_dates, weeks_until
from cpd.commands.demo.earlier import REFRESHER, TO_MARK
from cpd.desk import service as desk
from cpd.people import service as people
from cpd.people.models import Organisation, Person
from cpd.record.rules import Validity, held_of
from cpd.record.service import records_of
from cpd.shared import clock, demonstration
from cpd.shared.clock import in_london
from cpd.shared.database import db
from cpd.shared.history import AuditEvent
from cpd.timetable import service as timetable

PRINTED = Path(council.__file__).with_name("gateshead-systemic-2019.csv")
ROLES = {
    "worker": set(),
    "nqsw": set(),
    "waiting": set(),
    "blocked": set(),
    "manager": set(),
    "workforce": {"workforce_development"},
    "facilitator": {"facilitator"},
    "assessor": {"assessor"},
    "panel": {"panel_member"},
    "psw": {"principal_social_worker"},
    "service": {"service_manager"},
    "operations": {"operations_manager"},
    "director": {"assistant_director"},
    "hr": {"hr"},
    "auditor": {"auditor"},
    "admin": {"administrator"},
}
SIGN_IN = len(council.PEOPLE.read_text().splitlines()) - 1
"""How many people HR's file has, below its headings."""

LOADED = f"Loaded 5 councils, {SIGN_IN} people, 51 sessions, 40 bookings"
ELSEWHERE = [f"{who}@{council}.demo.example" for council in council.COUNCILS[1:] for who in ("worker", "workforce")]


@pytest.fixture
def loaded(app, instance, flask):
    """The demonstration, loaded on 2 January 2019: then its dates are those that were printed."""
    kept = instance / "demonstration.sqlite"
    if kept.exists():
        shutil.copy(kept, instance / "test.sqlite")
        app.extensions["demonstration"] = True
        return app
    assert flask("demo")[0] == 0
    with closing(sqlite3.connect(instance / "test.sqlite")) as connection:
        connection.execute(f"VACUUM INTO '{kept}'")
    return app


def somebody(who):
    return people.find_by_email(story.address(who))


def all_sessions(**more):
    organisation_id = db.session.scalar(select(Organisation.id).where(Organisation.code == "gateshead"))
    return timetable.list_sessions(timetable.Wanted(organisation_id, drafts=True, since=clock.now(), **more))


def offers_to(who):
    """What stands for somebody: per module, its sessions in order."""
    found = {}
    for offer in view_of(somebody(who).id, all_sessions()).offers:
        found.setdefault(offer.module.code, []).append(offer)
    return found


def test_the_first_session_lies_7_to_13_days_ahead_on_the_weekday_printed():
    for today in (date(2018, 6, 1) + timedelta(days=days) for days in range(1000)):
        moved = date.fromisoformat(shift_dates("2019-01-10", weeks_until(today)))
        assert timedelta(days=7) <= moved - today <= timedelta(days=13)
        assert moved.strftime("%A") == "Thursday"


def test_of_a_scheme_only_the_window_moves():
    pack = "published: 2019-03-07\nvalid_from: 2018-11-01\nvalid_to: 2018-12-31\n"

    assert shift_dates(pack, 2, WINDOW) == "published: 2019-03-07\nvalid_from: 2018-11-15\nvalid_to: 2019-01-14\n"


def test_it_is_clean_and_a_second_time_changes_nothing(both, flask, finds_nothing):
    code, lines = flask("demo")
    assert (code, lines) == (0, [LOADED])
    finds_nothing()
    history = db.session.scalar(select(func.count(AuditEvent.id)))

    assert flask("demo") == (0, ["The demonstration is here already: nothing was changed"])
    assert db.session.scalar(select(func.count(AuditEvent.id))) == history
    assert flask("worker", "--once") == (0, ["nothing was due"])


@pytest.mark.parametrize(
    "name",
    [
        "book_places",
        *(
            pytest.param(name, marks=pytest.mark.torture)
            for name in ("open_workshops", "add_facts", "cancel_booking", "load_invented_sessions", "write_validity")
        ),
    ],
)
def test_what_was_broken_off_is_taken_up_again(app, flask, finds_nothing, monkeypatch, name):
    def broken(*_args, **_more):
        raise OSError("the power went")

    with monkeypatch.context() as patched:
        patched.setattr(story, name, broken)
        assert isinstance(app.test_cli_runner().invoke(args=["demo"]).exception, OSError)
    assert db.session.get_one(demonstration.Demonstration, 1).loaded_at is None

    assert flask("demo") == (0, [LOADED])
    finds_nothing()


def test_every_hour_is_as_printed_across_the_change_of_the_clocks(app, flask, clock_at):
    clock_at(2019, 2, 25, 9)
    flask("demo")

    weeks = timedelta(weeks=weeks_until(date(2019, 2, 25)))
    with PRINTED.open() as file:
        rows = list(csv.DictReader(file))
    printed = {(row["module"], datetime.fromisoformat(f"{row['start_date']}T{row['start_time']}")) for row in rows}
    begins = {
        (code, in_london(offer.session.starts_at))
        for code, offers in offers_to("nqsw").items()
        for offer in offers
        if code != REFRESHER.module
    }
    assert {(code, at.replace(tzinfo=None) - weeks) for code, at in begins} == printed
    assert {at.utcoffset() for _, at in begins} == {timedelta(0), timedelta(hours=1)}


def test_the_programme_stands_as_printed_with_invented_places_that_say_so(loaded):
    refresher = REFRESHER.starts_at(weeks_until(clock.today()))
    sessions = [each for each in all_sessions() if each.starts_at != refresher]

    assert len(sessions) == 38
    assert sum(len(each.days) for each in sessions) == 42
    assert {each.status for each in sessions} == {"published"}
    by_module = offers_to("nqsw")
    assert by_module["M1"][0].session.days[0].place == "Bridges Room, Civic Centre"
    for code, offers in by_module.items():
        capacities = {(offer.session.capacity, offer.session.capacity_invented) for offer in offers}
        drop_in = code in ("M1", "M7")
        assert capacities == {(None, False)} if drop_in else all(places and invented for places, invented in capacities)


def test_warwickshires_workshops_say_that_their_dates_are_invented(loaded):
    officer = somebody("workforce@warwickshire")
    workshops = timetable.list_sessions(timetable.Wanted(officer.organisation_id))

    assert len(workshops) == 8
    assert all("invented" in each.note and each.capacity_invented for each in workshops)


@pytest.mark.parametrize("address", [*(f"{who}@demo.example" for who in ROLES), *ELSEWHERE])
def test_every_account_signs_in_and_the_page_says_what_it_is(loaded, address):
    client = loaded.test_client()

    answer = client.post("/sign-in", data={"email": address, "password": "demonstration"})

    assert answer.status_code == 303
    assert "Demonstration" in client.get("/").get_data(as_text=True)


def test_the_page_lists_accounts_of_all_five_councils_and_each_is_somebody(loaded):
    page = loaded.test_client().get("/sign-in").text

    listed = demonstration.accounts()
    assert list(listed) == ["Gateshead", "Warwickshire", "Coventry", "Slough", "Walsall"]
    for address, who in (each for accounts in listed.values() for each in accounts):
        assert f"<li>{address}: " in page, who
        assert people.find_by_email(address).password_hash, address


def test_each_council_has_somebody_in_every_role_of_its_progression(loaded):
    for name in council.COUNCILS[1:]:
        for account in ("psw", "service", "operations", "director", "assessor", "panel", "hr", "auditor"):
            assert {str(role) for role in somebody(f"{account}@{name}").roles} == ROLES[account], f"{account}@{name}"


def test_the_accounts_have_their_roles(loaded):
    assert {who: {str(role) for role in somebody(who).roles} for who in ROLES} == ROLES
    learners = [somebody(who).id for who in ("worker", "nqsw", "waiting", "blocked")]
    posts = people.posts_on(learners, date(2019, 1, 2)).values()
    assert {post.manager_id for post in posts} == {somebody("manager").id}


def test_somebody_new_has_a_link_and_no_password_yet(loaded):
    assert db.session.scalars(select(Person.email).where(Person.password_hash.is_(None))).all() == [council.NEWCOMER]


def test_the_worker_is_half_way(loaded):
    offers = offers_to("worker")

    done = {code for code, each in offers.items() if {one.state for one in each} == {State.DONE}}
    assert done == {"M1", "M2", "M3"}
    assert [one.state for one in offers["M4"]].count(State.BOOKED) == 1
    assert State.OPEN in {one.state for one in offers["M5"]}


def test_the_new_worker_has_nothing_yet_and_can_begin(loaded):
    offers = offers_to("nqsw")

    assert {one.state for one in offers["M1"]} == {State.DROP_IN}
    assert {one.state for one in offers["M2"]} == {State.OPEN, State.FULL}
    assert {one.state for one in offers["M3"]} == {State.REFUSED}


def test_somebody_waits_second_for_a_full_session(loaded):
    first = offers_to("waiting")["M2"][0]

    assert (first.state, first.places_left, first.position) == (State.WAITING, 0, 2)


def test_the_blocked_one_is_told_each_module_still_to_do(loaded):
    missing = {each.module for each in offers_to("blocked")["M6"][0].objections if each.reason is Reason.PREREQUISITE}

    assert missing == {"M2", "M3", "M4", "M5"}


def test_one_has_module_1_recognised(loaded):
    (fact,) = [offers_to("gwen")["M1"][0].objections[0]]

    assert fact.reason is Reason.ALREADY_RECOGNISED
    assert fact.on == date(2018, 11, 22)


def test_the_desk_shows_a_place_that_lost_what_it_rests_on(loaded):
    (lost,) = desk.lost_bases(somebody("workforce").organisation_id)

    assert (lost.listed.name, lost.module.code, lost.listed.lacks) == ("Lee Lostbasis", "M3", ("Module 2",))


def test_the_facilitator_sees_the_lists_of_several_sessions(loaded, sign_in):
    fay = somebody("facilitator")
    hers = [each.id for each in all_sessions() if timetable.facilitates(fay.id, each.id)]

    assert len(hers) == 6
    page = sign_in(fay).get(f"/sessions/{hers[0]}/list").get_data(as_text=True)
    assert "A chair near the door" in page


def test_results_are_shown_of_the_session_with_enough_answers_and_of_no_other(loaded, sign_in):
    organisation_id = somebody("workforce").organisation_id
    found = {
        each.module.code: (each.asked, each.answered, bool(each.results))
        for each in results_of(Wanted(organisation_id))
    }

    assert found == {"PS-ACES": (6, 5, True), "PS-RESILIENCE": (3, 2, False), "MT-SAFEGUARDING": (2, 1, False)}
    page = sign_in(somebody("workforce")).get("/evaluations").text
    assert "Bring it up in group supervision" in page
    assert "Fewer than five answers" in page


def test_training_of_one_runs_out_soon_and_of_another_has_lapsed(loaded, sign_in):
    today = clock.today()
    facts = records_of([somebody(who).id for who in ("ash", "bay", "hana")], today).values()
    ash, bay, hana = (held_of(record.facts, today, 60)["MT-SAFEGUARDING"].validity for record in facts)

    assert (ash, bay, hana) == (Validity.RUNS_OUT, Validity.LAPSED, Validity.VALID)
    team = sign_in(somebody("manager")).get("/team").text
    assert team.count("Safeguarding Children") == 2
    module = sign_in(somebody("ash")).get("/modules/MT-SAFEGUARDING").text
    assert "Invented for the demonstration" in module
    assert "Open: 12 places left" in module
    assert "The council’s report “" not in module


def test_one_attended_what_counts_once_it_is_evaluated(loaded, sign_in):
    [number] = lacking_evaluation(somebody("cam").id).values()
    assert f'href="/sessions/{number}/evaluation"' in sign_in(somebody("cam")).get("/").text


def test_the_facilitator_has_the_open_register_of_an_earlier_week(loaded, sign_in):
    fay = somebody("facilitator")
    page = my_registers(fay.id, clock.now())

    [open_one] = page.left_open
    assert (open_one.module.code, open_one.expected) == ("PS-PARENTING", 4)
    assert "invented" in open_one.session.note
    assert [each.day.id for each in registers_left_open(fay.organisation_id, clock.now())] == [open_one.day.id]
    assert "Dee Diary" in sign_in(fay).get(open_one.path).text


def test_the_earlier_session_is_always_over_and_never_more_than_a_week_ago():
    for today in (date(2018, 6, 1) + timedelta(days=days) for days in range(1000)):
        on = TO_MARK.starts_at(weeks_until(today)).date()
        assert timedelta(days=1) <= today - on <= timedelta(days=7)


def test_it_is_never_loaded_in_production(both, flask, monkeypatch):
    monkeypatch.setitem(both.config, "PRODUCTION", True)

    assert flask("demo") == (1, ["The demonstration is never loaded in production: nothing was changed"])
    assert db.session.scalar(select(func.count(Organisation.id))) == 0


def test_production_does_not_start_where_it_stands(loaded):
    with pytest.raises(RuntimeError, match="production needs one of its own"):
        create_app(in_production(loaded))


def in_production(app):
    return {name: app.config[name] for name in ("SQLALCHEMY_DATABASE_URI", "CPD_INSTANCE", "SECRET_KEY")} | {
        "PRODUCTION": True
    }


def test_production_starts_without_one(app):
    assert create_app(in_production(app)).extensions["demonstration"] is False


def test_making_the_application_makes_no_database(instance):
    create_app({"SQLALCHEMY_DATABASE_URI": f"sqlite:///{instance / 'none.sqlite'}", "CPD_INSTANCE": instance})

    assert not (instance / "none.sqlite").exists()


def test_production_asks_again_where_the_database_did_not_answer_at_its_start(loaded, instance):
    missing = f"sqlite:///{instance / 'nowhere' / 'missing.sqlite'}"
    starting = create_app({**in_production(loaded), "SQLALCHEMY_DATABASE_URI": missing})
    assert "demonstration" not in starting.extensions

    (instance / "nowhere").mkdir(exist_ok=True)
    shutil.copy(instance / "demonstration.sqlite", instance / "nowhere" / "missing.sqlite")

    assert starting.test_client().get("/help").status_code == 500
    with starting.app_context():
        db.engine.dispose()


def test_a_large_one_is_the_same_each_time_and_clean(both, flask, finds_nothing):
    code, lines = flask("demo", "--people", 160, "--sessions", 6)
    assert (code, lines) == (0, [f"Loaded 5 councils, {SIGN_IN + 160} people, 6 sessions, 75 bookings"])
    finds_nothing()

    by_number = {person.name: person for person in db.session.scalars(select(Person)).unique()}
    first, second = timetable.sessions_by_id([1, 2])
    assert by_number["Person 00001"].email == "person00001@demo.example"
    assert {each.capacity for each in all_sessions()} == {20}
    assert view_of(by_number["Person 00001"].id, [first, second]).offers[0].state is State.OPEN
    assert [first.places_taken, second.places_taken] == [0, 20]
    bookings = select(Booking).where(Booking.training_session_id == 2).order_by(Booking.request_number)
    rows = db.session.scalars(bookings).all()
    assert [row.person_id for row in rows] == [by_number[f"Person {number:05}"].id for number in range(81, 106)]
    waiting = [row.id for row in rows if row.status == Status.WAITING]
    assert positions_of(waiting) == dict(zip(waiting, range(1, 6), strict=True))


def test_a_large_one_with_few_people_fills_what_it_can(app, flask, finds_nothing):
    assert flask("demo", "--people", 1, "--sessions", 30)[0] == 0

    finds_nothing()
    assert max(each.places_taken for each in all_sessions()) == 1


def test_the_first_session_of_a_large_one_is_open_to_everybody(app, flask):
    flask("demo", "--people", 40, "--sessions", 1)

    (session,) = all_sessions()
    numbered = db.session.scalars(select(Person.id).where(Person.email.like("person%"))).all()
    assert {view_of(person_id, [session]).offers[0].state for person_id in numbered} == {State.OPEN}


def test_another_one_needs_another_database(app, flask):
    flask("demo", "--people", 1, "--sessions", 1)

    refused = (1, ["Another demonstration is here already: nothing was changed. Use an empty database"])
    assert flask("demo") == refused
    assert flask("demo", "--people", 2, "--sessions", 1) == refused
    assert flask("demo", "--people", 1, "--sessions", 1)[0] == 0


@pytest.mark.parametrize("words", [["--people", 5], ["--sessions", 5], ["--people", 0, "--sessions", 1]])
def test_a_large_one_needs_both_numbers(app, flask, words):
    assert flask("demo", *words)[0] == 2
    assert db.session.get(demonstration.Demonstration, 1) is None
