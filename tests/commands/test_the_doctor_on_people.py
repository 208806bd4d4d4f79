"""`flask doctor` finds every post, fact, message and guard that is not as it must be."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import delete, insert, text, update
from sqlalchemy.exc import DBAPIError

from cpd.booking.models import AccessNeed
from cpd.catalogue.models import Equivalence
from cpd.commands.checks.noted import people_against_the_history
from cpd.desk.models import PendingImport
from cpd.people.models import Post, RoleGrant
from cpd.record.models import RecordFact
from cpd.record.service import FactSaid, add_fact, withdraw_fact
from cpd.requirements.record import FactKind
from cpd.shared import clock
from cpd.shared.database import db
from cpd.shared.demonstration import Demonstration
from cpd.shared.outbox import OutboxMessage
from tests.cast import LONG_AGO, london
from tests.commands.conftest import alone, ask, change, without_constraints
from tests.people.conftest import take

ORPHAN = "INSERT INTO session_opening (training_session_id, organisation_id) VALUES (99, 1)"
"""A row that points at a session that is not there."""

LEVEL = "a career level and grade that the history does not tell of"
ROLES = "other roles than the history tells of"


@pytest.fixture
def fact(app_in_use, alice, make_module):
    """That Alice has completed something."""
    said = FactSaid(
        person_id=alice.id,
        kind=FactKind.COMPLETED,
        subject=make_module("T").code,
        happened_on=date(2018, 11, 5),
        source_kind="hand",
    )
    return add_fact(said, by=None)


@pytest.fixture
def make_equivalence(app_in_use, organisation, make_module):
    def make(module=None, other=None, **window):
        values = {
            "organisation_id": organisation.id,
            "module_id": (module or make_module()).id,
            "other_module_id": (other or make_module()).id,
            "note": "",
            "cites": [],
            "recorded_at": LONG_AGO,
        }
        change(insert(Equivalence).values(**values, **window))

    return make


def another_post(person, starts_on, ends_on=None):
    return insert(Post).values(
        organisation_id=person.organisation_id,
        person_id=person.id,
        career_level="",
        grade="",
        staff_type="employee",
        fte=1,
        starts_on=starts_on,
        ends_on=ends_on,
        source="",
        recorded_at=LONG_AGO,
    )


def test_two_posts_on_one_day(both, alice, bob, finds, finds_nothing):
    hers = db.session.query(Post.id).filter_by(person_id=alice.id).scalar()
    change(
        update(Post).where(Post.person_id == alice.id).values(ends_on=date(2019, 1, 1)),
        another_post(alice, date(2019, 1, 1)),
    )
    finds_nothing()

    change(update(Post).where(Post.id == hers).values(ends_on=date(2019, 1, 2)))

    second = db.session.query(Post.id).filter_by(person_id=alice.id, starts_on=date(2019, 1, 1)).scalar()
    finds(f"posts: person {alice.id} has posts {hers} and {second} on one day")


def test_a_post_that_ends_before_it_begins(both, alice, finds):
    change(
        update(Post).where(Post.person_id == alice.id).values(ends_on=date(2019, 3, 1)),
        another_post(alice, date(2019, 3, 1), date(2019, 1, 11)),
    )
    wrong = db.session.query(Post.id).filter_by(person_id=alice.id, starts_on=date(2019, 3, 1)).scalar()

    finds(f"days of posts: person {alice.id} has post {wrong} from 2019-03-01, which is over on 2019-01-11")


def test_a_role_that_is_not_known(both, officer, finds):
    change(update(RoleGrant).values(role="wizard"))

    finds(f"roles: person {officer.id} has the role wizard, which is not known")


def test_a_fact_of_another_organisation_or_of_no_known_kind(both, fact, stranger, alice, finds):
    change(update(RecordFact).values(organisation_id=stranger.organisation_id, kind="guessed"))

    finds(
        f"what the history tells of: fact {fact} is not as the history has it: kind",
        f"facts: fact {fact} is organisation {stranger.organisation_id}'s, and person {alice.id} is "
        f"{alice.organisation_id}'s",
        f"facts: fact {fact} is of the kind guessed, which is not known",
    )


def test_a_window_the_wrong_way_round(both, make_equivalence, finds, finds_nothing):
    make_equivalence(valid_from=date(2018, 11, 1), valid_to=date(2018, 11, 1))
    make_equivalence(valid_from=date(2018, 11, 1))
    finds_nothing()

    change(update(Equivalence).where(Equivalence.id == 1).values(valid_to=date(2018, 10, 31)))

    finds("equivalences: equivalence 1 holds from 2018-11-01 until 2018-10-31")


def test_a_module_that_counts_as_itself_or_for_another_council(both, make_equivalence, make_module, stranger, finds):
    module = make_module()
    make_equivalence(module, module)
    make_equivalence(module)
    change(update(Equivalence).where(Equivalence.id == 2).values(organisation_id=stranger.organisation_id))

    finds(
        f"equivalences: equivalence 1 says that module {module.id} counts as itself",
        "equivalences: equivalence 2 joins modules of two organisations",
    )


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        ({"supersede_reason": None}, "was superseded without a reason"),
        ({"superseded_at": LONG_AGO}, "was superseded before it was recorded"),
        ({"superseded_at": None}, "says why it was superseded, and is in force"),
    ],
    ids=["no reason", "too early", "in force"],
)
def test_a_row_that_is_half_superseded(both, fact, officer, finds, finds_nothing, values, fault):
    withdraw_fact(fact, by=officer.id, reason="It was somebody else")
    finds_nothing()

    change(update(RecordFact).values(**values))

    noted = f"what the history tells of: fact {fact} is not as the history has it: in_force"
    in_force = values == {"superseded_at": None}
    finds(*([noted] if in_force else []), f"superseded rows: record_fact {fact} {fault}")


def test_needs_that_are_kept_too_long_and_the_worker_that_erases_them(
    both, alice, make_session, clock_at, flask, finds, finds_nothing
):
    booking = ask(alice, make_session(starts_at=london(2019, 1, 15, 9)), access_needs="A chair near the door")
    clock_at(2019, 1, 22, 11)
    finds_nothing()

    clock_at(2019, 1, 22, 12)
    finds(f"access needs: what was said with booking {booking} was to be erased on 22 January 2019")

    code, (line,) = flask("worker", "--once")
    assert (code, line.split("; ")[0]) == (0, "1 access needs erased")
    finds_nothing()


def test_a_file_that_was_sent_and_forgotten(both, officer, finds, finds_nothing):
    sent_at = clock.real_now()
    file = {"person_id": officer.id, "kind": "people", "filename": "people.csv", "content": b"", "options": {}}
    change(insert(PendingImport).values(created_at=sent_at, **file))
    finds_nothing()

    sent_at -= timedelta(days=1)
    change(update(PendingImport).values(created_at=sent_at))

    finds(f"files sent: file 1 was sent on {sent_at:%d %B %Y} and was to be erased after a day")


def test_somebody_who_was_not_told_of_her_place(both, full, alice, finds):
    change(delete(OutboxMessage).where(OutboxMessage.person_id == alice.id))

    finds(f"messages: person {alice.id} was not told of her place (booking 1)")


def test_a_drop_in_is_told_to_nobody(both, alice, make_module, make_session, finds_nothing):
    ask(alice, make_session(make_module(booking_mode="drop_in"), places=None))

    finds_nothing()


def test_two_messages_with_one_key(app, full, finds):
    without_constraints("outbox_message")
    booked = OutboxMessage.__table__.select().where(OutboxMessage.kind == "booked")
    twin = dict(db.session.execute(booked).mappings().one())
    change(insert(OutboxMessage).values(**twin | {"id": 99}))

    finds(f"messages: 2 messages have the key {twin['dedupe_key']}")


def test_history_that_nobody_guards(both, full, finds, finds_nothing):
    lite = db.engine.dialect.name == "sqlite"
    change("DROP TRIGGER audit_event_no_delete" if lite else "ALTER TABLE audit_event DISABLE TRIGGER USER")
    try:
        deleted = "history: history can be deleted: a trigger of audit_event is missing"
        changed = "history: history can be changed: a trigger of audit_event is missing"
        finds(*([deleted] if lite else [changed, deleted]))
    finally:
        if not lite:
            change("ALTER TABLE audit_event ENABLE TRIGGER USER")


def test_a_trial_of_the_guard_leaves_nothing_behind(both, full, flask):
    def history():
        return db.session.execute(db.text("SELECT count(*), max(id) FROM audit_event")).one()

    before = history()
    flask("doctor")

    assert history() == before


def test_a_row_that_points_at_nothing(app, full, finds):
    alone("PRAGMA foreign_keys=OFF", ORPHAN, "PRAGMA foreign_keys=ON")

    finds("foreign keys: session_opening row 1 points at a row of training_session that is not there")


def test_a_key_that_was_never_checked(both, full, finds, finds_nothing):
    if db.engine.dialect.name == "sqlite":
        with pytest.raises(DBAPIError):
            change(ORPHAN)
        db.session.rollback()
        return
    key = "ALTER TABLE session_opening {} CONSTRAINT fk_session_opening_training_session_id"
    change(
        key.format("DROP"),
        key.format("ADD") + " FOREIGN KEY (training_session_id) REFERENCES training_session (id) NOT VALID",
    )
    try:
        finds("foreign keys: the key fk_session_opening_training_session_id of session_opening has not been checked")
    finally:
        change(key.format("VALIDATE"))
    finds_nothing()


def test_tables_of_another_version_are_all_that_is_said(both, flask):
    head = db.session.scalar(text("SELECT version_num FROM alembic_version"))
    change("UPDATE alembic_version SET version_num = '0001'")
    try:
        code, lines = flask("doctor")
    finally:
        change(text("UPDATE alembic_version SET version_num = :head").bindparams(head=head))

    assert (code, lines) == (
        1,
        [f"migrations: the database is at 0001, this version needs {head}: run flask db upgrade"],
    )


def test_a_demonstration_in_production(both, full, finds, monkeypatch):
    change(insert(Demonstration).values(id=1, weeks=0, began_at=clock.now()))
    monkeypatch.setitem(both.config, "PRODUCTION", True)

    finds("demonstration: a demonstration stands in the database of production")


def test_needs_are_erased_seven_days_after_the_session(both, alice, make_session):
    session = make_session(starts_at=london(2019, 1, 15, 9))
    ask(alice, session, access_needs="No nuts")

    kept = db.session.query(AccessNeed.erase_after).scalar()
    assert kept - session.ends_at == timedelta(days=7)


def test_a_level_a_grade_and_a_role_that_no_file_gave(app_in_use, organisation):
    header = "organisation,employee_number,email,name,roles,career_level,grade,staff_type,starts_on"
    take("gateshead,N1,mary@demo.example,Mary Manager,hr,wise,L,employee,2017-04-01", header=header)
    found = {}
    for statement in (
        "UPDATE post SET source = 'by hand'",
        "UPDATE post SET career_level = 'lead'",
        "UPDATE post SET grade = 'P'",
        "UPDATE role_grant SET role = 'administrator'",
        "DELETE FROM role_grant",
    ):
        db.session.execute(text(statement))
        found[statement] = [fault.split(" has ")[1] for fault in people_against_the_history()]
        db.session.rollback()

    assert list(found.values()) == [[], [LEVEL], [LEVEL], [ROLES], [ROLES]]
