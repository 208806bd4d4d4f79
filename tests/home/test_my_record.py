"""Somebody's record: what is done and from where that is known, what lapses, and what was put right."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest

from cpd.booking.service import book_places
from cpd.catalogue.models import Equivalence, Programme, ProgrammeElement
from cpd.people.models import Post
from cpd.record import service as record
from cpd.record.service import FactSaid
from cpd.requirements.language import AllOf, Completed
from cpd.requirements.record import FactKind
from cpd.shared.database import db
from tests.cast import LONG_AGO, london, saved


@pytest.fixture
def make_programme(organisation, scheme):
    """Make a programme of modules, all mandatory."""

    def make(title, *modules):
        programme = saved(
            Programme(organisation_id=organisation.id, scheme_version_id=scheme.id, code=title.lower(), title=title)
        )
        for position, module in enumerate(modules):
            saved(
                ProgrammeElement(programme_id=programme.id, module_id=module.id, position=position, is_mandatory=True)
            )
        return programme

    return make


@pytest.fixture
def modules(make_module, make_programme):
    """Modules 1 and 2, and Module 3 that needs both, as a programme."""
    first, second = (make_module(f"M{number}", number_label=f"Module {number}") for number in (1, 2))
    third = make_module("M3", number_label="Module 3", needs=AllOf((Completed("M1"), Completed("M2"))))
    make_programme("Systemic", first, second, third)
    return first, second, third


def learn(person, code, on, *, by=None, **more):
    """Write down that somebody completed a module."""
    said = {"kind": FactKind.COMPLETED, "source_kind": "import", "source": "Old spreadsheet"} | more
    return record.add_fact(FactSaid(person_id=person.id, subject=code, happened_on=on, **said), by=by)


def test_a_record_says_how_far_she_is_and_what_comes_next(app, alice, sign_in, modules, make_session):
    learn(alice, "M1", date(2018, 11, 5))
    session = make_session(modules[1], london(2019, 1, 15, 9, 30))
    book_places(alice.id, [session.id], by=alice.id)

    page = sign_in(alice).get("/my/record").text

    assert "1 of 3 done, 1 booked; next: Module 3" in page
    assert "Done on 5 November 2018" in page
    assert "Old spreadsheet." in page
    assert "Tuesday 15 January" in page


def test_what_is_still_to_do_is_shown_with_its_dates(app, alice, sign_in, modules, make_session):
    dates = [make_session(modules[0], london(2019, 1, day, 9, 30)) for day in (15, 16, 17, 18)]

    page = sign_in(alice).get("/my/record").text

    assert "0 of 3 done; next: Module 1" in page
    assert [f'href="/sessions/{each.id}"' in page for each in dates] == [True, True, True, False]
    assert "1 other date<" in page
    assert "Needs Modules 1 and 2 first" in page


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"source_kind": "register:{}", "source": "register of 5 November 2018"}, "Register of 5 November 2018."),
        ({"source": "Old spreadsheet."}, "Old spreadsheet."),
        ({"source": ""}, "Brought in from a file on "),
    ],
    ids=["register", "file", "file without a note"],
)
def test_each_fact_says_from_where_it_is_known(app, alice, sign_in, modules, make_session, more, words):
    session = make_session(modules[0], london(2018, 11, 5, 9, 30))
    source = {"source_kind": more.get("source_kind", "import").format(session.id)}
    learn(alice, "M1", date(2018, 11, 5), **more | source)

    page = sign_in(alice).get("/my/record").text

    assert page.count(words) >= 2  # with its module, and in order of time
    assert "..<" not in page


def test_what_was_recognised_by_hand_names_who_did_it_and_why(app, alice, officer, sign_in, modules):
    learn(
        alice,
        "M2",
        date(2018, 6, 1),
        kind=FactKind.RECOGNISED,
        source_kind="hand",
        source="did it in Durham, certificate seen",
        accepted_by_id=officer.id,
        by=officer.id,
    )

    page = sign_in(alice).get("/my/record").text

    assert "Recognised on 1 June 2018" in page
    assert "Recognised by Olive Officer, because: did it in Durham, certificate seen." in page


def test_what_follows_by_rule_names_the_other_learning(app, alice, organisation, sign_in, modules, make_module):
    short = make_module("PS-G", title="Genograms Practice Short")
    saved(
        Equivalence(
            organisation_id=organisation.id,
            module_id=modules[0].id,
            other_module_id=short.id,
            valid_from=date(2018, 11, 1),
            valid_to=date(2018, 12, 31),
            recorded_at=LONG_AGO,
        )
    )
    learn(alice, "PS-G", date(2018, 11, 20))

    page = sign_in(alice).get("/my/record").text

    assert "Recognised by rule, because Genograms Practice Short was completed on 20 November 2018." in page
    assert "1 of 3 done; next: Module 2" in page


def test_a_correction_shows_what_it_said_before_who_changed_it_and_why(app, alice, officer, sign_in, modules):
    number = learn(alice, "M1", date(2018, 11, 5))
    right = FactSaid(
        person_id=alice.id,
        kind=FactKind.COMPLETED,
        subject="M1",
        happened_on=date(2018, 11, 6),
        source_kind="hand",
        source="seen on the list",
    )
    record.correct_fact(number, right, by=officer.id, reason="the list says the 6th")

    page = sign_in(alice).get("/my/record").text

    assert "Done on 6 November 2018" in page
    assert "What it said before" in page
    assert "by Olive Officer, because: the list says the 6th." in page
    assert "It said before: Module 1: completed on 5 November 2018." in page


def test_what_was_withdrawn_is_shown_as_such_and_does_not_count(app, alice, officer, sign_in, modules):
    number = learn(alice, "M1", date(2018, 11, 5))
    record.withdraw_fact(number, by=officer.id, reason="it was another Alice")

    page = sign_in(alice).get("/my/record").text

    assert "0 of 3 done" in page
    assert "withdrawn: it does not count" in page
    assert "by Olive Officer, because: it was another Alice." in page


@pytest.mark.parametrize(
    ("done_on", "state", "words"),
    [
        (date(2018, 6, 1), "valid", "Valid until 31 May 2019; a refresher renews it"),
        (date(2018, 3, 4), "valid", "Valid until 3 March 2019; a refresher renews it"),
        (date(2018, 3, 3), "runs_out", "Valid until 2 March 2019; a refresher renews it"),
        (date(2018, 1, 3), "runs_out", "Valid until 2 January 2019; a refresher renews it"),
        (date(2018, 1, 2), "lapsed", "Was valid until 1 January 2019; a refresher renews it"),
    ],
    ids=["long", "61 days", "60 days", "its last day", "the day after"],
)
def test_training_that_must_be_repeated_says_until_when_it_is_valid(
    app, alice, sign_in, make_module, done_on, state, words
):
    make_module("SAFE", title="Safeguarding", validity_months=12)
    learn(alice, "SAFE", done_on)

    page = sign_in(alice).get("/my/record").text

    assert f'data-validity="{state}"' in page
    assert words in page


def test_the_start_page_says_what_runs_out_and_nothing_of_what_is_valid_for_long(app, alice, sign_in, make_module):
    for code, title, on in (("SAFE", "Safeguarding", date(2018, 2, 1)), ("FIRE", "Fire safety", date(2018, 12, 1))):
        make_module(code, title=title, validity_months=12)
        learn(alice, code, on)

    page = sign_in(alice).get("/").text

    assert "Valid until 31 January 2019; a refresher renews it" in page
    assert "Fire safety" not in page


def test_a_refresher_can_be_booked_from_90_days_before_and_renews(app, alice, sign_in, make_module, make_session):
    module = make_module("SAFE", title="Safeguarding", validity_months=12)
    session = make_session(module, london(2019, 1, 15, 9, 30))
    learn(alice, "SAFE", date(2018, 4, 3))  # lapses on 3 April, 91 days ahead
    browser = sign_in(alice)
    assert 'data-state="done"' in browser.get("/timetable").text
    assert browser.post(f"/sessions/{session.id}/book").status_code == 409

    app.extensions["frozen_clock"] = london(2019, 1, 3, 9, 0)

    assert browser.post(f"/sessions/{session.id}/book").status_code == 303
    assert "booked on a refresher on 15 January 2019" in browser.get("/my/record").text
    app.extensions["frozen_clock"] = london(2019, 1, 16, 9, 0)
    learn(alice, "SAFE", date(2019, 1, 15), source_kind="register:1", source="register of 15 January 2019")
    page = browser.get("/my/record").text
    assert "Valid until 14 January 2020" in page
    again = make_session(module, london(2019, 2, 5, 9, 30))
    assert browser.post(f"/sessions/{again.id}/book").status_code == 409


def test_what_has_lapsed_opens_nothing_until_it_is_renewed(app, alice, sign_in, make_module, make_session):
    make_module("SAFE", title="Safeguarding", validity_months=12)
    further = make_session(make_module("NEXT", needs=Completed("SAFE")), london(2019, 1, 15, 9, 30))
    learn(alice, "SAFE", date(2018, 1, 2))
    browser = sign_in(alice)

    assert browser.post(f"/sessions/{further.id}/book").status_code == 409
    learn(alice, "SAFE", date(2019, 1, 2))

    assert browser.post(f"/sessions/{further.id}/book").status_code == 303


def test_a_record_can_be_taken_along_as_a_tagged_pdf(app, alice, sign_in, modules):
    learn(alice, "M1", date(2018, 11, 5), source="#strong[=1+1] & <b> \\ Łódź")

    answer = sign_in(alice).get("/my/record.pdf")

    assert answer.content_type == "application/pdf"
    assert answer.data.startswith(b"%PDF")
    assert all(sign in answer.data for sign in (b"/MarkInfo", b"/StructTreeRoot", b"pdfuaid"))


def test_a_sign_that_the_typeface_lacks_stops_no_pdf(app, alice, sign_in, modules):
    learn(alice, "M1", date(2018, 11, 5), source="well done 😀")

    answer = sign_in(alice).get("/my/record.pdf")

    assert answer.data.startswith(b"%PDF")
    assert b"/StructTreeRoot" in answer.data


def test_a_record_as_a_table_holds_no_formula(app, alice, sign_in, modules):
    learn(alice, "M1", date(2018, 11, 5), source_kind="hand", source='=HYPERLINK("https://evil.example")')

    answer = sign_in(alice).get("/my/record.csv")

    [row] = csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig")))
    assert (row["date"], row["module"], row["about"], row["what"]) == ("2018-11-05", "M1", "Module 1", "Completed")
    assert row["source"].startswith("'=")


@pytest.mark.parametrize("ending", ["", "/record.pdf", "/record.csv"])
def test_her_manager_and_workforce_development_see_her_record_and_nobody_else(
    app, alice, bob, manager, officer, stranger, sign_in, modules, ending
):
    learn(alice, "M1", date(2018, 11, 5))
    path = f"/people/{alice.id}{ending}"

    answers = [sign_in(each).get(path).status_code for each in (manager, officer, bob, stranger)]

    assert answers == [200, 200, 404, 404]


def test_whoever_is_no_longer_her_manager_does_not_see_her_record(app, alice, manager, sign_in):
    post = db.session.query(Post).filter_by(person_id=alice.id).one()
    post.ends_on = date(2019, 1, 2)
    db.session.commit()

    assert sign_in(manager).get(f"/people/{alice.id}").status_code == 404


def test_her_own_address_among_people_leads_to_her_record(app, alice, sign_in):
    answer = sign_in(alice).get(f"/people/{alice.id}")

    assert (answer.status_code, answer.headers["Location"]) == (302, "/my/record")


def test_nobody_has_a_record_at_an_address_without_a_person(app, officer, sign_in):
    assert sign_in(officer).get("/people/999999").status_code == 404
