"""Whom a timetable names as facilitators: accounts are linked, and what is not clear stays a name."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from cpd.shared.database import db
from cpd.timetable.facilitators import Account, Accounts
from cpd.timetable.models import SessionFacilitator
from tests.timetable.conftest import AFTERNOON, MORNING, notes, session_of

ACCOUNTS = Accounts(
    [
        Account(1, "fay@demo.example", "Fay Facilitator"),
        Account(2, "fred@demo.example", "Fred Facilitator"),
        Account(3, "sam@demo.example", "Sam Same"),
        Account(4, "sam2@demo.example", "Sam Same"),
    ]
)


@pytest.mark.parametrize(
    ("cell", "names", "ids"),
    [
        ("Fay Facilitator", "Fay Facilitator", {1}),
        ("FAY@demo.example", "Fay Facilitator", {1}),
        ("fay@demo.example; Fred Facilitator", "Fay Facilitator; Fred Facilitator", {1, 2}),
        ("Fay Facilitator and Tina Tutor", "Fay Facilitator and Tina Tutor", {1}),
        ("Tina Tutor", "Tina Tutor", set()),
        ("Fay", "Fay", set()),
        ("Sam Same", "Sam Same", set()),
        ("sam2@demo.example", "Sam Same", {4}),
        ("who@demo.example", "who@demo.example", set()),
    ],
    ids=[
        "by her name",
        "by her address, in any case",
        "two, by address and by name",
        "one with an account and one without",
        "a name without an account",
        "half a name links nobody",
        "two people of one name",
        "the address says which of them",
        "nobody's address",
    ],
)
def test_a_cell_means(cell, names, ids):
    named = ACCOUNTS.named(cell)

    assert (named.names, named.ids) == (names, ids)


def facilitators(module):
    wanted = select(SessionFacilitator.person_id).where(SessionFacilitator.training_session_id == session_of(module).id)
    return set(db.session.scalars(wanted))


@pytest.fixture
def fay(systemic, make_person):
    return make_person("Fay Facilitator")


@pytest.fixture
def fred(systemic, make_person):
    return make_person("Fred Facilitator")


def test_whoever_is_named_keeps_the_register(both, take, fay, fred):
    take(f"{MORNING},,,Fay Facilitator", f"{AFTERNOON},,,{fred.email}")

    assert (facilitators("M2"), facilitators("M3")) == ({fay.id}, {fred.id})
    assert session_of("M3").facilitator_names == "Fred Facilitator"
    assert take(f"{MORNING},,,Fay Facilitator", f"{AFTERNOON},,,{fred.email}").unchanged == 2


def test_another_name_changes_who_keeps_it_and_an_empty_cell_nobody(app, take, fay, fred):
    take(f"{MORNING},,,Fay Facilitator")
    assert take(f"{MORNING},,,").unchanged == 1
    assert facilitators("M2") == {fay.id}

    assert take(f"{MORNING},,,Tina Tutor").updated == 1
    assert facilitators("M2") == set()


def test_somebody_added_by_hand_stays_while_the_names_stay(app, take, fay, fred):
    take(f"{MORNING},,,Fay Facilitator")
    db.session.add(SessionFacilitator(training_session_id=session_of("M2").id, person_id=fred.id))
    db.session.commit()

    assert take(f"{MORNING},,,Fay Facilitator").unchanged == 1
    assert facilitators("M2") == {fay.id, fred.id}


def test_who_got_an_account_since_is_linked_by_the_same_file(app, take, make_person):
    take(f"{MORNING},,,Fay Facilitator")
    fay = make_person("Fay Facilitator")

    assert take(f"{MORNING},,,Fay Facilitator").updated == 1
    assert facilitators("M2") == {fay.id}


def test_two_of_one_name_are_a_name_with_a_note(app, take, make_person):
    for _ in range(2):
        make_person("Sam Same")

    outcome = take(f"{MORNING},,,Sam Same")

    assert notes(outcome.warnings) == [
        "row 2, column facilitator: 2 people here are called Sam Same: nobody is linked. Give the e-mail address"
    ]
    assert (facilitators("M2"), session_of("M2").facilitator_names) == (set(), "Sam Same")


def test_somebody_of_another_organisation_is_a_name(app, take, make_person, make_organisation):
    make_person("Tina Tutor", employer=make_organisation("elsewhere", "Elsewhere Council"))
    take(f"{MORNING},,,Tina Tutor")

    assert facilitators("M2") == set()


def test_the_queries_do_not_grow_with_the_names(app, take, make_person, counted_queries):
    people = [make_person(f"Facilitator {number}") for number in range(6)]
    with counted_queries() as one:
        take(f"{MORNING},,,{people[0].name}", dry_run=True)
    with counted_queries() as many:
        take(f"{MORNING},,,{'; '.join(each.name for each in people)}", f"{AFTERNOON},,,{people[1].email}", dry_run=True)

    assert len(many) == len(one)
