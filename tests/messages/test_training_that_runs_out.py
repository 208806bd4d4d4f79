"""People are told of training that runs out, in good time and once; their managers when it has lapsed."""

from __future__ import annotations

from datetime import date

import pytest

from cpd.booking.service import book_places
from cpd.catalogue.models import OrganisationSetting
from cpd.messages.rules import Stage, stage_of
from cpd.messages.validity import write_validity
from cpd.people.models import Post
from cpd.record import service as record
from cpd.record.service import FactSaid
from cpd.requirements.language import Completed
from cpd.requirements.record import FactKind
from cpd.shared.database import db
from tests.cast import london, saved
from tests.messages.conftest import messages_of
from tests.people.conftest import counted_queries

LAPSES = date(2019, 6, 1)
USUAL = (60, 30, 7)


@pytest.mark.parametrize(
    ("today", "refresher", "expected"),
    [
        (date(2019, 4, 1), None, None),
        (date(2019, 4, 2), None, Stage(60)),
        (date(2019, 5, 1), None, Stage(60)),
        (date(2019, 5, 2), None, Stage(30)),
        (date(2019, 5, 25), None, Stage(7)),
        (date(2019, 5, 31), None, Stage(7)),
        (date(2019, 6, 1), None, Stage(0)),
        (date(2019, 5, 2), date(2019, 5, 31), None),
        (date(2019, 5, 2), date(2019, 6, 1), Stage(30)),
        (date(2019, 6, 1), date(2019, 6, 20), Stage(0)),
    ],
    ids=[
        "61 days before",
        "60 days before",
        "31 days before",
        "30 days before",
        "7 days before",
        "its last day",
        "lapsed",
        "booked in time",
        "booked too late",
        "lapsed though booked",
    ],
)
def test_what_somebody_is_told_by_a_day(today, refresher, expected):
    assert stage_of(LAPSES, today, USUAL, refresher) == expected


@pytest.fixture
def safeguarding(app_in_use, make_module):
    return make_module("SAFE", title="Safeguarding", validity_months=12)


def learn(person, on, code="SAFE"):
    said = {"kind": FactKind.COMPLETED, "subject": code, "source_kind": "import"}
    record.add_fact(FactSaid(person_id=person.id, happened_on=on, **said), by=None)


def tell() -> int:
    db.session.rollback()
    return write_validity()


def told(person) -> list[tuple[str, str]]:
    """The notices that somebody got."""
    return [(each.kind, each.facts["until"]) for each in messages_of(person) if each.kind.startswith("validity")]


def test_she_is_told_60_30_and_7_days_before_and_once_when_it_has_lapsed(both, alice, manager, safeguarding, clock_at):
    learn(alice, date(2018, 6, 1))
    counts = []
    for day in ((4, 1), (4, 2), (4, 3), (5, 2), (5, 25), (5, 31), (6, 1), (6, 2)):
        clock_at(2019, *day, 9, 0)
        counts.append((tell(), tell()))

    assert [first for first, _ in counts] == [0, 1, 0, 1, 1, 0, 1, 0]
    assert {second for _, second in counts} == {0}
    assert told(alice) == [("validity_ends", "31 May 2019")] * 3 + [("validity_lapsed", "31 May 2019")]
    assert told(manager) == [("validity_lapsed_in_team", "31 May 2019")]


def test_several_things_that_lapse_are_one_mail(both, alice, manager, safeguarding, make_module, clock_at):
    make_module("FIRE", title="Fire safety", validity_months=12)
    for code in ("SAFE", "FIRE"):
        learn(alice, date(2018, 6, 1), code)
    clock_at(2019, 6, 1, 9, 0)

    assert tell() == 2
    assert len({each.mail_id for each in messages_of(alice) if each.kind == "validity_lapsed"}) == 1


def test_who_is_booked_on_a_refresher_in_time_is_not_reminded(both, alice, safeguarding, make_session, clock_at):
    learn(alice, date(2018, 6, 1))
    clock_at(2019, 4, 1, 9, 0)
    session = make_session(safeguarding, london(2019, 5, 20, 9, 30))
    book_places(alice.id, [session.id], by=alice.id)
    clock_at(2019, 4, 2, 9, 0)

    assert tell() == 0


def test_who_is_booked_too_late_is_told_so(both, alice, safeguarding, make_session, clock_at):
    learn(alice, date(2018, 6, 1))
    clock_at(2019, 4, 1, 9, 0)
    book_places(alice.id, [make_session(safeguarding, london(2019, 6, 20, 9, 30)).id], by=alice.id)
    clock_at(2019, 5, 2, 9, 0)

    assert tell() == 1
    assert [each.facts["refresher_on"] for each in messages_of(alice) if each.kind == "validity_ends"] == [
        "20 June 2019"
    ]


def test_who_has_renewed_it_is_told_nothing(both, alice, safeguarding, clock_at):
    learn(alice, date(2018, 6, 1))
    clock_at(2019, 4, 1, 9, 0)
    learn(alice, date(2019, 3, 20))
    clock_at(2019, 6, 1, 9, 0)

    assert tell() == 0


def test_what_lapsed_long_before_it_was_brought_in_is_told_to_nobody(both, alice, safeguarding):
    learn(alice, date(2015, 6, 1))

    assert tell() == 0


def test_who_has_left_is_told_nothing(both, alice, safeguarding, clock_at):
    learn(alice, date(2018, 6, 1))
    db.session.query(Post).filter_by(person_id=alice.id).one().ends_on = date(2019, 3, 1)
    db.session.commit()
    clock_at(2019, 5, 2, 9, 0)

    assert tell() == 0


def test_a_council_sets_how_many_days_before(both, alice, organisation, safeguarding, clock_at):
    saved(OrganisationSetting(organisation_id=organisation.id, name="validity_reminder_days", value=[14]))
    learn(alice, date(2018, 6, 1))
    clock_at(2019, 5, 17, 9, 0)
    assert tell() == 0
    clock_at(2019, 5, 18, 9, 0)

    assert tell() == 1


def test_a_place_that_rests_on_what_has_lapsed_lacks_its_basis(
    both, alice, safeguarding, make_module, make_session, clock_at
):
    learn(alice, date(2018, 6, 1))
    further = make_module("NEXT", title="Going further", needs=Completed("SAFE"))
    clock_at(2019, 5, 26, 9, 0)
    book_places(alice.id, [make_session(further, london(2019, 6, 20, 9, 30)).id], by=alice.id)
    clock_at(2019, 6, 1, 9, 0)

    tell()

    assert [each.facts["missing"] for each in messages_of(alice) if each.kind == "basis_lost"] == [["Safeguarding"]]


def test_the_worker_asks_as_often_for_many_people_as_for_one(app, make_person, safeguarding, clock_at):
    people = [make_person() for _ in range(12)]
    clock_at(2019, 6, 1, 9, 0)
    learn(people[0], date(2018, 6, 20))
    assert tell() == 1
    with counted_queries() as for_one:
        write_validity()
    for person in people[1:]:
        learn(person, date(2018, 6, 20))
    assert tell() == 11
    db.session.rollback()
    with counted_queries() as for_many:
        write_validity()

    assert len(for_many) == len(for_one)
