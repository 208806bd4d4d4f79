"""Who may stand in for whom: the rules as a table, and what a cover is good for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import update

from cpd.people.models import Post, RoleGrant
from cpd.progression.requests import service
from cpd.progression.requests.course import RequestRefused
from cpd.progression.requests.rules import CoverFault, CoverWanted, RequestFault, faults_of_cover
from cpd.progression.requests.service import CoverRefused
from cpd.shared import clock
from cpd.shared.database import db
from cpd.shared.roles import Role
from tests.progression.requesting import adopt, approve, ask, facts, statuses, told

TODAY = date(2019, 1, 2)
WANTED = CoverWanted(Role.ASSISTANT_DIRECTOR, 1, 2, TODAY, date(2019, 1, 9), "Away")
RIGHT = {"by": 1, "is_officer": False, "holders": [1, 5], "is_here": True, "overlaps": False, "today": TODAY}


@pytest.mark.parametrize(
    ("wanted", "more", "expected"),
    [
        (WANTED, {}, []),
        (WANTED, {"by": 9, "is_officer": True}, []),
        (replace(WANTED, last_day=TODAY), {}, []),
        (replace(WANTED, holder_id=3), {"by": 3}, [CoverFault.NOT_A_HOLDER]),
        (WANTED, {"is_here": False}, [CoverFault.NOT_HERE]),
        (replace(WANTED, covered_by_id=1), {}, [CoverFault.HERSELF]),
        (WANTED, {"by": 9}, [CoverFault.NOT_YOURS_TO_NAME]),
        (WANTED, {"by": 2, "is_officer": True}, [CoverFault.NAMES_HERSELF]),
        (replace(WANTED, first_day=date(2019, 1, 10)), {}, [CoverFault.ENDS_FIRST]),
        (
            replace(WANTED, first_day=date(2018, 12, 1), last_day=date(2019, 1, 1)),
            {},
            [CoverFault.OVER_ALREADY],
        ),
        (replace(WANTED, reason=" "), {}, [CoverFault.NO_REASON]),
        (WANTED, {"overlaps": True}, [CoverFault.COVERED_ALREADY]),
    ],
    ids=[
        "the holder names somebody",
        "an officer names somebody for her",
        "for one day",
        "of somebody without the role",
        "somebody elsewhere",
        "herself for herself",
        "a colleague without a say",
        "an officer who names herself",
        "ends before it begins",
        "is over",
        "without a reason",
        "twice on the same days",
    ],
)
def test_who_may_stand_in(wanted, more, expected):
    assert faults_of_cover(wanted, **(RIGHT | more)) == expected


@pytest.fixture
def careers(app_in_use, organisation):
    return adopt()


@pytest.fixture
def director(app_in_use, make_person):
    return make_person("Dora Director", Role.ASSISTANT_DIRECTOR)


@pytest.fixture
def wise(app_in_use, make_person):
    return make_person("Wendy Wise", career_level="wise")


def name(director, cover, first="2019-01-02", last="2019-01-31", by=None):
    days = date.fromisoformat(first), date.fromisoformat(last)
    wanted = CoverWanted(Role.ASSISTANT_DIRECTOR, director.id, cover.id, *days, "Away")
    return service.name_cover(director.organisation_id, wanted, by=(by or director).id)


def refused(act, *args, **kwargs):
    with pytest.raises(RequestRefused) as info:
        act(*args, **kwargs)
    db.session.rollback()
    return info.value.faults


def test_whoever_stands_in_decides_on_those_days_only(both, careers, director, bob, wise, clock_at):
    request_id = ask(wise, "wise-lead")
    assert refused(approve, request_id, bob) == [RequestFault.NOT_THE_ROLE]
    name(director, bob, first="2019-01-03", last="2019-01-04")
    assert told(bob) == ["progression_cover"]
    assert refused(approve, request_id, bob) == [RequestFault.NOT_THE_ROLE]
    clock_at(2019, 1, 5, 0, 1)
    assert refused(approve, request_id, bob) == [RequestFault.NOT_THE_ROLE]
    clock_at(2019, 1, 4, 23, 59)
    assert service.waiting_count(bob.id, bob.organisation_id, frozenset()) == 1

    approve(request_id, bob)
    assert statuses(request_id)[1] == ["done", "open"]
    assert service.waiting_count(bob.id, bob.organisation_id, frozenset()) == 0


def test_whoever_is_stood_in_for_is_told_where_an_officer_named_that(app, careers, director, bob, alice, officer):
    name(director, bob, last="2019-01-09")
    assert told(director) == []
    name(director, alice, first="2019-01-10", by=officer)

    assert told(director) == ["progression_covered"]
    assert told(alice) == ["progression_cover"]


def test_a_cover_ends_with_the_role_of_whom_it_is_for(app, careers, director, bob, wise):
    request_id = ask(wise, "wise-lead")
    name(director, bob)
    db.session.query(RoleGrant).filter_by(person_id=director.id).update({"revoked_at": clock.now()})
    db.session.commit()

    assert refused(approve, request_id, bob) == [RequestFault.NOT_THE_ROLE]


def test_who_has_left_is_asked_for_no_decision(app, careers, director, bob, wise):
    name(director, bob)
    db.session.execute(update(Post).where(Post.person_id == bob.id).values(ends_on=TODAY))
    db.session.commit()
    ask(wise, "wise-lead")

    assert told(director) == ["progression_to_decide"]
    assert told(bob) == ["progression_cover"]


def test_nobody_is_decided_on_by_whom_she_named_herself(app, careers, make_person, bob):
    hers = make_person("Dina Director", Role.ASSISTANT_DIRECTOR, career_level="wise")
    name(hers, bob)
    request_id = ask(hers, "wise-lead")

    assert service.waiting_count(bob.id, bob.organisation_id, frozenset()) == 0
    assert refused(approve, request_id, bob) == [RequestFault.NOT_THE_ROLE]


def test_nobody_is_decided_on_by_whom_she_as_an_officer_named_for_somebody_else(
    app, careers, director, bob, make_person
):
    hers = make_person("Olga Officer", Role.WORKFORCE_DEVELOPMENT, career_level="wise")
    colleague = make_person("Owen Officer", Role.WORKFORCE_DEVELOPMENT)
    name(director, bob, by=hers)
    request_id = ask(hers, "wise-lead")

    assert "progression_to_decide" not in told(bob)
    assert service.waiting_count(bob.id, bob.organisation_id, frozenset()) == 0
    assert refused(approve, request_id, bob) == [RequestFault.NOT_THE_ROLE]
    name(director, bob, first="2019-02-01", last="2019-02-02", by=colleague)


def test_who_stands_in_for_two_decides_about_one_in_place_of_the_other(app, careers, director, bob, make_person):
    hers = make_person("Dina Director", Role.ASSISTANT_DIRECTOR, career_level="wise")
    name(hers, bob)
    name(director, bob)
    request_id = ask(hers, "wise-lead")

    assert service.waiting_count(bob.id, bob.organisation_id, frozenset()) == 1
    approve(request_id, bob)
    assert facts(request_id).steps[0].approval.in_place_of == "Dora Director"


def test_two_who_are_away_have_a_cover_each(app, careers, director, bob, alice, wise, make_person):
    name(director, bob)
    name(make_person("Dina Director", Role.ASSISTANT_DIRECTOR), alice)
    request_id = ask(wise, "wise-lead")

    assert [service.waiting_count(each.id, each.organisation_id, frozenset()) for each in (bob, alice)] == [1, 1]
    approve(request_id, alice)
    assert facts(request_id).steps[0].approval.in_place_of == "Dina Director"
    assert refused(approve, request_id, bob) == [RequestFault.NOT_ITS_TURN]


def test_whoever_stands_in_names_nobody_to_stand_in_for_the_cover(app, careers, director, bob, alice):
    name(director, bob)
    with pytest.raises(CoverRefused) as info:
        name(bob, alice, by=bob)
    assert info.value.faults == [CoverFault.NOT_A_HOLDER]
    db.session.rollback()


def test_one_who_stands_in_for_the_same_days_is_enough(app, careers, director, bob, alice):
    name(director, bob)
    with pytest.raises(CoverRefused):
        name(director, alice, first="2019-01-31", last="2019-02-02")
    db.session.rollback()
    name(director, alice, first="2019-02-01", last="2019-02-02")


def test_it_can_be_ended_at_once_by_the_holder_but_not_by_whoever_stands_in(app, careers, director, bob, wise):
    cover_id = name(director, bob)
    request_id = ask(wise, "wise-lead")
    with pytest.raises(CoverRefused):
        service.end_cover(cover_id, bob.organisation_id, by=bob.id)
    db.session.rollback()
    service.end_cover(cover_id, bob.organisation_id, by=director.id)
    assert refused(approve, request_id, bob) == [RequestFault.NOT_THE_ROLE]
