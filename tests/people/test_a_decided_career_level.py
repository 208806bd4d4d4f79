"""A career level that people decided on: it begins on its day, what was before stays, and an older file leaves it."""

from __future__ import annotations

import threading
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from cpd.people import service as people
from cpd.people import taking
from cpd.people.models import Person
from cpd.people.posts import BY_DECISION, change_career_level
from cpd.people.rules import BY_FILE, DatedPost, PostTerms, change_of_posts
from cpd.shared.database import db
from cpd.shared.history import AuditEvent
from tests.people.conftest import ALICE, MARY, person, posts_of, row, take

TODAY, BEGAN, MARCH, DAYS_LATER = date(2019, 1, 2), date(2018, 9, 3), date(2019, 3, 1), date(2019, 3, 4)
ANEW = ("3a", "K", MARCH, None)
"""How she stands from March on, once it is decided."""


@pytest.fixture(autouse=True)
def _council(request):
    request.getfixturevalue("both" if "both" in request.fixturenames else "app")
    request.getfixturevalue("organisation")
    take(MARY, ALICE)


def decide(from_day=MARCH, career_level="3a"):
    return change_career_level(
        person("N2").id, career_level=career_level, grade="K", from_day=from_day, by=person("N1").id, reason="Passed"
    )


def spells(number="N2"):
    return [(post.career_level, post.grade, post.starts_on, post.ends_on) for post in posts_of(number)]


def test_the_post_before_ends_where_the_new_level_begins(both):
    made = decide()

    assert spells() == [("ASYE", "", date(2018, 9, 3), MARCH), ("3a", "K", MARCH, None)]
    new = posts_of("N2")[1]
    assert (new.id, new.source, new.recorded_by_id) == (made, BY_DECISION, person("N1").id)
    assert (new.team_id, new.manager_id, new.fte) == tuple(
        getattr(posts_of("N2")[0], name) for name in ("team_id", "manager_id", "fte")
    )
    [believed] = posts_of("N2", superseded=True)
    assert (believed.career_level, believed.ends_on, believed.supersede_reason) == ("ASYE", None, "Passed")


def test_a_level_decided_for_the_day_on_which_the_post_begins_leaves_no_empty_post():
    decide(date(2018, 9, 3))

    assert spells() == [("3a", "K", date(2018, 9, 3), None)]


def test_a_post_that_follows_has_the_new_level_too():
    take(MARY, row(ALICE, starts_on="2019-09-02", team="Other Team"))
    decide()

    assert spells() == [
        ("ASYE", "", date(2018, 9, 3), MARCH),
        ("3a", "K", MARCH, date(2019, 9, 2)),
        ("3a", "K", date(2019, 9, 2), None),
    ]


def test_a_level_that_is_known_for_later_stays(both):
    take(MARY, row(ALICE, starts_on="2019-09-02", career_level="4a"))
    decide()

    assert spells() == [
        ("ASYE", "", date(2018, 9, 3), MARCH),
        ("3a", "K", MARCH, date(2019, 9, 2)),
        ("4a", "", date(2019, 9, 2), None),
    ]
    assert posts_of("N2")[2].source != BY_DECISION


def test_nobody_without_a_post_that_day_gets_a_level():
    with pytest.raises(LookupError, match="no post on 2018-09-02"):
        decide(date(2018, 9, 2))
    assert [spell[0] for spell in spells()] == ["ASYE"]


def test_history_says_who_changed_it_and_why():
    made = decide()

    event = db.session.query(AuditEvent).filter_by(verb="career_level_changed").one()
    assert (event.actor_id, event.reason) == (person("N1").id, "Passed")
    assert event.after == {"career_level": "3a", "grade": "K", "from": "2019-03-01", "post_id": made}


def test_a_file_that_is_older_than_the_decision_leaves_the_level_and_says_so(both):
    decide()
    outcome = take(MARY, ALICE)

    assert (outcome.taken, outcome.unchanged) == (0, 2)
    assert [str(note) for note in outcome.held_back] == [
        "row 3, column career_level: a decision made it 3a from 1 March 2019, which stays: enter 3a; "
        "only a new decision leads back to ASYE"
    ]
    assert spells()[-1] == ("3a", "K", MARCH, None)


def test_whatever_else_an_older_row_says_is_taken_each_night_the_same(both):
    decide()
    first = take(MARY, row(ALICE, fte="0.8"))
    second = take(MARY, row(ALICE, fte="0.8"))
    third = take(MARY, row(ALICE, fte="0.7"))

    assert [(each.taken, len(each.held_back)) for each in (first, second, third)] == [(1, 1), (0, 1), (1, 1)]
    assert spells() == [("ASYE", "", BEGAN, MARCH), ("3a", "K", MARCH, None)]
    assert [str(post.fte) for post in posts_of("N2")] == ["0.700", "0.700"]
    assert [post.source for post in posts_of("N2")] == [BY_FILE, BY_DECISION]


@pytest.mark.parametrize(
    ("change", "seen", "told"),
    [
        ({"team": "Other Team"}, "team_id", ["career_level"]),
        ({"staff_type": "agency"}, "staff_type", ["staff_type", "career_level"]),
    ],
    ids=["another team", "agency staff, of which HR is told once that they have it too"],
)
def test_what_changes_before_the_decided_day_changes_on_its_own_day(change, seen, told):
    decide()
    changed = row(ALICE, starts_on="2019-02-01", **change)

    assert [note.column for note in take(MARY, changed).held_back] == told
    assert [note.column for note in take(MARY, changed).held_back] == ["career_level"]
    assert spells() == [("ASYE", "", BEGAN, date(2019, 2, 1)), ("ASYE", "", date(2019, 2, 1), MARCH), ANEW]
    before, after, decided = (getattr(post, seen) for post in posts_of("N2"))
    assert before != after == decided


def test_a_change_without_a_start_holds_from_today_and_not_from_the_decided_day():
    decide()
    take(MARY, row(ALICE, starts_on="", fte="0.8"))

    assert spells() == [("ASYE", "", BEGAN, TODAY), ("ASYE", "", TODAY, MARCH), ANEW]
    assert [str(post.fte) for post in posts_of("N2")] == ["0.600", "0.800", "0.800"]


@pytest.mark.parametrize("starts_on", ["2018-09-03", ""], ids=["with a start", "without a start"])
def test_who_leaves_before_the_decided_day_has_left(both, clock_at, starts_on):
    decide()
    outcome = take(MARY, row(ALICE, starts_on=starts_on, leaves_on="2019-01-10"))

    assert [str(note) for note in outcome.held_back] == [
        "row 3, column leaves_on: a decision made it 3a from 1 March 2019, which comes to nothing: "
        "the last day is before it"
    ]
    assert spells() == [("ASYE", "", BEGAN, date(2019, 1, 11))]
    clock_at(2019, 2, 1, 9)
    assert not db.session.scalar(
        select(Person.id).where(Person.employee_number == "N2", people.still_here(date(2019, 2, 1)))
    )
    assert take(MARY, row(ALICE, starts_on=starts_on, leaves_on="2019-01-10")).taken == 0


def test_a_new_row_that_still_has_the_level_before_does_not_take_the_decided_one_back(both):
    decide()
    stale = row(ALICE, starts_on="2019-03-04", team="Other Team")
    outcomes = [take(MARY, stale), take(MARY, stale)]

    assert [(each.taken, len(each.held_back)) for each in outcomes] == [(1, 1), (0, 1)]
    assert spells() == [("ASYE", "", BEGAN, MARCH), ("3a", "K", MARCH, DAYS_LATER), ("3a", "K", DAYS_LATER, None)]


def test_once_a_later_row_has_told_the_new_level_the_file_says_what_follows():
    decide()
    take(MARY, row(ALICE, career_level="3a", starts_on="2019-03-04"))
    outcome = take(MARY, row(ALICE, starts_on="2019-06-03"))

    assert outcome.held_back == ()
    assert [spell[0] for spell in spells()] == ["ASYE", "3a", "3a", "ASYE"]


def test_who_left_and_came_back_has_the_level_of_the_new_post():
    decide()
    take(MARY, row(ALICE, leaves_on="2019-12-31"))
    outcome = take(MARY, row(ALICE, starts_on="2021-01-04"))

    assert outcome.held_back == ()
    assert spells()[-1] == ("ASYE", "", date(2021, 1, 4), None)


def test_a_start_that_is_put_right_does_not_date_the_decision_back():
    decide(BEGAN)
    take(MARY, row(ALICE, starts_on="2018-08-01"))

    assert spells() == [("ASYE", "", date(2018, 8, 1), BEGAN), ("3a", "K", BEGAN, None)]


def test_what_the_file_says_of_the_newest_level_leaves_the_one_before_as_it_was():
    decide()
    take(MARY, row(ALICE, career_level="3a", fte="0.8"))

    assert spells() == [("ASYE", "", BEGAN, MARCH), ANEW]


def test_the_grade_of_one_level_is_not_that_of_another():
    decide()
    take(MARY, row(ALICE, career_level="3b", starts_on="2019-06-03"))

    assert [spell[:2] for spell in spells()] == [("ASYE", ""), ("3a", "K"), ("3b", "")]


def test_a_level_is_not_meant_for_a_later_post_of_other_staff():
    take(MARY, row(ALICE, starts_on="2019-09-02", staff_type="agency"))
    change_career_level(
        person("N2").id,
        career_level="3a",
        grade="K",
        from_day=MARCH,
        by=person("N1").id,
        reason="Passed",
        for_staff=["employee"],
    )

    assert [spell[0] for spell in spells()] == ["ASYE", "3a", "ASYE"]


def test_a_file_and_a_decision_at_the_same_moment_both_hold(both, monkeypatch):
    """The file has been read, and a decision wants in before it is written."""
    mary_id, alice_id = person("N1").id, person("N2").id
    db.session.remove()
    read = threading.Event()
    write = taking.take
    decided = []

    def slowly(*args, **more):
        read.set()
        thread.join(0.3)
        write(*args, **more)

    def decide_meanwhile():
        read.wait(5)
        with both.app_context():
            decided.append(
                change_career_level(alice_id, career_level="3a", grade="K", from_day=MARCH, by=mary_id, reason="Passed")
            )
            db.session.remove()

    thread = threading.Thread(target=decide_meanwhile)
    monkeypatch.setattr(taking, "take", slowly)
    thread.start()
    outcome = take(MARY, row(ALICE, fte="0.8"))
    thread.join(10)

    assert (outcome.taken, len(decided)) == (1, 1)
    db.session.rollback()
    assert spells() == [("ASYE", "", BEGAN, MARCH), ANEW]
    assert [str(post.fte) for post in posts_of("N2")] == ["0.800", "0.800"]


DAYS = st.dates(date(2018, 1, 1), date(2020, 12, 31))
ROWS = st.tuples(
    st.none() | DAYS,
    st.sampled_from(["ASYE", "3a"]),
    st.sampled_from(["One", "Two"]),
    st.sampled_from(["employee", "agency"]),
)


@given(st.lists(ROWS, min_size=1, max_size=6))
def test_whatever_nights_files_say_of_the_level_before_the_decided_one_is_held_from_its_day_on(nights):
    before = DatedPost(PostTerms("One", career_level="ASYE"), BEGAN, MARCH, source=BY_FILE)
    held = [before, DatedPost(PostTerms("One", career_level="3a", grade="K"), MARCH, None, source=BY_DECISION)]
    for starts_on, career_level, team, staff_type in nights:
        if any(post.source == BY_FILE and post.starts_on > MARCH for post in held):
            break  # a file has told the new level since, and says what follows
        terms = PostTerms(team, career_level=career_level, staff_type=staff_type, grade="K")
        change = change_of_posts(held, terms, starts_on, None, TODAY)
        if change:
            held = [post for post in held if post not in change.superseded]
            held = sorted([*held, *change.added], key=lambda post: post.starts_on)
        assert change_of_posts(held, terms, starts_on, None, TODAY) is None
        assert all(one.ends_on == two.starts_on for one, two in pairwise(held))
        assert all((post.terms.career_level == "3a") == (post.starts_on >= MARCH) for post in held)
        assert held[-1].ends_on is None


def test_a_file_that_knows_of_the_decision_changes_nothing():
    decide()

    assert take(MARY, row(ALICE, career_level="3a")).held_back == ()
    assert spells()[-1] == ("3a", "K", MARCH, None)


def test_a_row_that_begins_after_the_decision_holds():
    decide()
    outcome = take(MARY, row(ALICE, career_level="3b", starts_on="2019-06-03"))

    assert (outcome.taken, outcome.held_back) == (1, ())
    assert [spell[0] for spell in spells()] == ["ASYE", "3a", "3b"]


def test_a_row_without_a_start_cannot_take_a_decided_level_back():
    decide()
    outcome = take(MARY, row(ALICE, starts_on=""))

    assert len(outcome.held_back) == 1
    assert spells()[-1][0] == "3a"


def test_somebody_who_leaves_leaves_her_decided_level_too():
    decide()
    take(MARY, row(ALICE, leaves_on="2019-12-31"))

    assert spells()[-1] == ("3a", "K", MARCH, date(2020, 1, 1))
