"""Who sees whom, what a good password is, when a limit is reached, and who fits what was typed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpd.people.forms import FAULTS
from cpd.people.rules import (
    COMMON_PASSWORDS,
    DatedPost,
    PasswordFault,
    PostFacts,
    PostTerms,
    change_of_posts,
    circles,
    closeness,
    faults_of_password,
    has_left,
    local_path,
    may_see_person,
    opens_again_at,
)
from cpd.shared.roles import Role

TODAY = date(2019, 1, 2)
EMAIL = "alice.learner@demo.example"
POST = PostFacts(2, 1, "employee", "ASYE", 7, "Assessment Team 1", 3)
NOBODYS = PostFacts(2, 1, "employee", "ASYE", 7, "Assessment Team 1", None)


@pytest.mark.parametrize(
    ("viewer_id", "employer_id", "roles", "post", "expected"),
    [
        (2, 1, set(), None, True),
        (3, 1, set(), POST, True),
        (3, 1, set(), NOBODYS, False),
        (3, 1, set(), None, False),
        (4, 1, {Role.WORKFORCE_DEVELOPMENT}, POST, True),
        (4, 9, {Role.WORKFORCE_DEVELOPMENT}, POST, False),
        (3, 9, set(), POST, False),
        (4, 1, set(Role) - {Role.WORKFORCE_DEVELOPMENT}, POST, False),
    ],
    ids=[
        "herself",
        "her manager that day",
        "her manager no longer",
        "nobody's post that day",
        "Workforce Development",
        "Workforce Development of another council",
        "a manager in another council",
        "every other role",
    ],
)
def test_who_may_see_a_persons_record(viewer_id, employer_id, roles, post, expected):
    assert may_see_person(viewer_id, employer_id, roles, 2, 1, post) is expected


@pytest.mark.parametrize(
    ("password", "faults"),
    [
        ("tractor window lemon", []),
        ("correct horse battery", []),
        ("password of the week", []),
        ("Zürich im Nebel 😀", []),
        ("tractor lem", [PasswordFault.TOO_SHORT]),
        ("x1 " * 67, [PasswordFault.TOO_LONG, PasswordFault.EASY_TO_GUESS]),
        (EMAIL.upper(), [PasswordFault.LIKE_EMAIL]),
        ("alice.learner", [PasswordFault.LIKE_EMAIL]),
        ("Alice.Learner2019!", [PasswordFault.LIKE_EMAIL]),
        ("password1234", [PasswordFault.EASY_TO_GUESS]),
        ("P@ssw0rd!!!!", [PasswordFault.EASY_TO_GUESS]),
        ("passwordpassword", [PasswordFault.EASY_TO_GUESS]),
        ("Demonstration", [PasswordFault.EASY_TO_GUESS]),
        ("123456789012", [PasswordFault.EASY_TO_GUESS]),
        ("098765432109", [PasswordFault.EASY_TO_GUESS]),
        ("abcdefghijklm", [PasswordFault.EASY_TO_GUESS]),
        ("qwertyuiopasdf", [PasswordFault.EASY_TO_GUESS]),
        ("aaaaaaaaaaaaaaaa", [PasswordFault.EASY_TO_GUESS]),
        ("abababababab", [PasswordFault.EASY_TO_GUESS]),
        ("", [PasswordFault.TOO_SHORT, PasswordFault.EASY_TO_GUESS]),
    ],
)
def test_what_is_wrong_with_a_password(password, faults):
    assert faults_of_password(password, EMAIL) == faults


def test_every_common_word_is_easy_to_guess_however_it_is_lengthened():
    for word in COMMON_PASSWORDS:
        assert PasswordFault.EASY_TO_GUESS in faults_of_password(word + word, EMAIL), word


def test_every_fault_has_its_sentence():
    assert FAULTS.keys() == set(PasswordFault)


NINE = datetime(2019, 1, 2, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        ([], None),
        ([0, 1], None),
        ([0, 1, 2], 15),
        ([2, 0, 1], 15),
        ([0, 1, 2, 3], 16),
    ],
)
def test_one_more_may_be_tried_once_enough_tries_are_past(minutes, expected):
    tries = [NINE + timedelta(minutes=each) for each in minutes]
    opens = opens_again_at(tries, 3, timedelta(minutes=15))
    assert opens == (None if expected is None else NINE + timedelta(minutes=expected))


@pytest.mark.parametrize(
    ("ends", "expected"),
    [
        ([], False),
        ([None], False),
        ([date(2019, 1, 3)], False),
        ([TODAY], True),
        ([date(2018, 6, 1), None], False),
        ([date(2018, 6, 1), date(2019, 1, 1)], True),
    ],
)
def test_somebody_has_left_when_all_her_posts_are_over(ends, expected):
    assert has_left(ends, TODAY) is expected


@pytest.mark.parametrize("address", ["/", "/timetable", "/timetable?view=month&from=2019-01-01#top", "/a//b", "/a%20b"])
def test_addresses_of_our_own_are_kept(address):
    assert local_path(address) == address


@pytest.mark.parametrize(
    "address", [None, "", "a", "//a", "/\\a", "\\a", "http://a", "/a b", "/a\n", "\n/a", "/é", "/\x7f"]
)
def test_other_addresses_lead_to_the_start_page(address):
    assert local_path(address) == "/"


@pytest.mark.parametrize(
    ("edges", "expected"),
    [
        ({}, []),
        ({"a": None, "b": "a", "c": "a"}, []),
        ({"a": "a"}, [["a"]]),
        ({"a": "b", "b": "c", "c": "a", "d": "a"}, [["a", "b", "c"]]),
        ({"d": "a", "a": "b", "b": "a", "x": "y", "y": "x"}, [["a", "b"], ["x", "y"]]),
        ({"a": "gone"}, []),
    ],
)
def test_circles_of_managers_are_found(edges, expected):
    keys = {each: (1, each) for each in "abcdxy"} | {"gone": (1, "gone"), None: None}
    manager_of = {keys[person]: keys[manager] for person, manager in edges.items()}
    assert [[number for _, number in circle] for circle in circles(manager_of)] == expected


@pytest.mark.parametrize(
    ("typed", "rank"),
    [
        ("E1042", 0),
        ("alice.oneill@demo.example", 0),
        ("alice", 1),
        ("ALICE ON", 1),
        ("O'Neill", 1),
        ("Oneill Alíce", 1),
        ("neill", 2),
        ("1042", 2),
        ("alcie", 3),
        ("Alise Oneil", 3),
        ("bob", None),
        ("alice bob", None),
        ("", None),
        ("  ", None),
        ("%", None),
    ],
)
def test_how_well_somebody_fits_what_was_typed(typed, rank):
    assert closeness(typed, "Alíce O\u2019Neill", "alice.oneill@demo.example", "E1042") == rank


days = st.dates(date(2018, 1, 1), date(2020, 12, 31))
terms = st.builds(PostTerms, team=st.sampled_from(["One", "Two"]))


@given(
    rows=st.lists(st.tuples(terms, st.none() | days, st.none() | days), min_size=1, max_size=6),
    today=days,
)
def test_posts_never_overlap_and_the_same_row_again_changes_nothing(rows, today):
    held: list[DatedPost] = []
    number = 0
    for said, starts_on, ends_on in rows:
        if starts_on and ends_on and ends_on <= starts_on:
            continue
        change = change_of_posts(held, said, starts_on, ends_on, today)
        if change:
            gone = {post.id for post in change.superseded}
            kept = [post for post in held if post.id not in gone]
            for post in change.added:
                number += 1
                kept.append(DatedPost(post.terms, post.starts_on, post.ends_on, number))
            held = sorted(kept, key=lambda post: post.starts_on)
        assert change_of_posts(held, said, starts_on, ends_on, today) is None
        assert held[-1].terms == said
        assert held[-1].ends_on == ends_on
        for one, other in pairwise(held):
            assert one.ends_on is not None
            assert one.starts_on < one.ends_on <= other.starts_on
