"""A career level that people decided on: it begins on its day, what was before stays, and an older file leaves it."""

from __future__ import annotations

from datetime import date

import pytest

from cpd.people.posts import BY_DECISION, change_career_level
from cpd.shared.database import db
from cpd.shared.history import AuditEvent
from tests.people.conftest import ALICE, MARY, person, posts_of, row, take

MARCH = date(2019, 3, 1)


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
        "row 3, column career_level: a decision made it 3a from 1 March 2019, which stays; "
        "a row that begins after that day can change it"
    ]
    assert spells()[-1] == ("3a", "K", MARCH, None)


def test_whatever_else_an_older_row_says_is_taken():
    decide()
    outcome = take(MARY, row(ALICE, fte="0.8"))

    assert (outcome.taken, len(outcome.held_back)) == (1, 1)
    assert spells()[-1] == ("3a", "K", MARCH, None)
    assert [str(post.fte) for post in posts_of("N2")] == ["0.600", "0.800"]


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
