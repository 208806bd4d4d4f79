"""A day was missed and it counts all the same: who may say so, what it does, and how it is taken back (AMB-27)."""

from __future__ import annotations

import pytest
from sqlalchemy import event, select

from cpd.attendance.accepting import accept_as_complete, withdraw_acceptance
from cpd.attendance.registers import Keeper
from cpd.attendance.rules import AttendanceStatus, Refusal
from cpd.attendance.service import RegisterRefused, add_drop_in, close_register, mark, mark_everyone, reopen_register
from cpd.booking.facts import standpoints_of, terms_for
from cpd.booking.models import Booking
from cpd.booking.service import book_places
from cpd.commands.checks.attendance import CHECKS
from cpd.messages.words import words_of
from cpd.record.entries import said_of
from cpd.record.models import RecordFact
from cpd.requirements.language import Completed
from cpd.shared import clock
from cpd.shared.database import db
from cpd.shared.outbox import OutboxMessage
from tests.attendance.conftest import completions, days_of
from tests.cast import london

ATTENDED, ABSENT = AttendanceStatus.ATTENDED, AttendanceStatus.ABSENT
WHY = "She worked through the second day with her supervisor"


@pytest.fixture
def missed(make_held, alice, bob, keeper, clock_at):
    """Module 6, both registers closed: Bob was there on both days, Alice on the first only."""
    training_session = make_held("M6", days=2)
    for person in (alice, bob):
        book_places(person.id, [training_session.id], by=person.id)
    first, second = days_of(training_session)
    clock_at(2019, 1, 16, 18, 0)
    mark_everyone([first], by=keeper)
    close_register(first, by=keeper)
    mark([second], bob.id, ATTENDED, by=keeper)
    close_register(second, by=keeper, absent_rest=True)
    return training_session


def in_force(person):
    """What has been completed, and who accepted it why."""
    db.session.rollback()
    wanted = select(RecordFact).where(RecordFact.person_id == person.id, RecordFact.superseded_at.is_(None))
    return [(each.subject, each.accepted_by_id, each.source) for each in db.session.scalars(wanted)]


def told(person):
    db.session.rollback()
    wanted = select(OutboxMessage).where(OutboxMessage.person_id == person.id).order_by(OutboxMessage.id)
    return [each for each in db.session.scalars(wanted) if "complete" in each.kind or "accept" in each.kind]


def doctor():
    return [fault for check in CHECKS for fault in check.faults()]


def test_it_counts_with_who_and_why_and_she_is_told(both, missed, alice, officer):
    accept_as_complete(missed.id, alice.id, by=officer.id, reason=WHY)

    assert in_force(alice) == [("M6", officer.id, WHY)]
    message = told(alice)[-1]
    assert WHY in words_of(message.kind, message.facts, name="Alice", link_shown=True).body
    assert doctor() == []


def test_it_opens_what_comes_after_and_taking_it_back_closes_it_again(
    app, missed, make_held, make_module, alice, officer
):
    following = make_held(module=make_module("M7", needs=Completed("M6")), starts_at=london(2019, 2, 6, 9, 30))

    def standing():
        db.session.rollback()
        terms = terms_for([alice.organisation_id])
        module = terms.modules[following.module_id]
        return str(
            standpoints_of([alice.id], terms)[alice.id].standing(module, following.starts_at, clock.today()).state
        )

    assert standing() == "outstanding"
    accept_as_complete(missed.id, alice.id, by=officer.id, reason=WHY)
    assert standing() == "met"
    book_places(alice.id, [following.id], by=alice.id)
    withdraw_acceptance(missed.id, alice.id, by=officer.id, reason="It was somebody else")

    assert standing() == "outstanding"
    booked = select(Booking.lacks_basis_since).where(Booking.training_session_id == following.id)
    assert db.session.scalar(booked) is not None
    assert [each.kind for each in told(alice)] == ["not_complete", "accepted_as_complete", "acceptance_withdrawn"]


def test_twice_changes_nothing(app, missed, alice, officer):
    for _ in range(2):
        accept_as_complete(missed.id, alice.id, by=officer.id, reason=WHY)

    assert len(in_force(alice)) == 1
    assert len(told(alice)) == 2


def test_what_was_taken_back_stays_as_something_that_was_said(app, missed, alice, officer):
    accept_as_complete(missed.id, alice.id, by=officer.id, reason=WHY)
    withdraw_acceptance(missed.id, alice.id, by=officer.id, reason="It was somebody else")

    assert in_force(alice) == []
    [said] = said_of(alice.id)
    assert (said.entry.supersede_reason, said.entry.accepted_by) == ("It was somebody else", officer.name)


def test_it_stands_while_a_register_is_open_again_and_nothing_counts_twice_when_that_makes_it_complete(
    app, missed, alice, officer, keeper
):
    accept_as_complete(missed.id, alice.id, by=officer.id, reason=WHY)
    _, second = days_of(missed)
    reopen_register(second, by=keeper, reason="Alice came after all")
    assert len(in_force(alice)) == 1
    mark([second], alice.id, ATTENDED, by=keeper)
    close_register(second, by=keeper)

    assert [accepted_by for _, accepted_by, _ in in_force(alice)] == [None]
    assert alice.id in [person_id for person_id, *_ in completions()]
    assert doctor() == []


def test_it_stands_when_the_corrected_register_still_leaves_her_incomplete(app, missed, alice, bob, officer, keeper):
    accept_as_complete(missed.id, alice.id, by=officer.id, reason=WHY)
    first, _ = days_of(missed)
    reopen_register(first, by=keeper, reason="Bob left early")
    close_register(first, by=keeper)

    assert in_force(alice) == [("M6", officer.id, WHY)]
    assert [each.kind for each in told(alice)] == ["not_complete", "accepted_as_complete"]


@pytest.mark.parametrize(
    ("who", "reason", "expected"),
    [
        ("alice", " ", (Refusal.NO_REASON,)),
        ("bob", WHY, (Refusal.COMPLETE,)),
        ("manager", WHY, (Refusal.NEVER_THERE,)),
        ("manager", "", (Refusal.NO_REASON, Refusal.NEVER_THERE)),
    ],
    ids=["without a reason", "whoever has completed it", "whoever was never there", "every reason at once"],
)
def test_it_is_refused(app, missed, officer, request, who, reason, expected):
    with pytest.raises(RegisterRefused) as refused:
        accept_as_complete(missed.id, request.getfixturevalue(who).id, by=officer.id, reason=reason)

    assert refused.value.reasons == expected


def test_it_is_refused_while_a_register_is_open(app, missed, alice, officer, keeper):
    reopen_register(days_of(missed)[1], by=keeper, reason="Somebody is missing")

    with pytest.raises(RegisterRefused) as refused:
        accept_as_complete(missed.id, alice.id, by=officer.id, reason=WHY)
    assert Refusal.NOT_ALL_CLOSED in refused.value.reasons


def test_what_nobody_accepted_cannot_be_taken_back(app, missed, alice, officer):
    with pytest.raises(RegisterRefused) as refused:
        withdraw_acceptance(missed.id, alice.id, by=officer.id, reason="A mistake")
    assert refused.value.reasons == (Refusal.NOT_ACCEPTED,)


def test_the_doctor_finds_what_counts_twice_and_what_rests_on_no_register(app, missed, alice, bob, officer):
    accept_as_complete(missed.id, alice.id, by=officer.id, reason=WHY)
    [fact] = db.session.scalars(select(RecordFact).where(RecordFact.person_id == alice.id))
    fact.person_id = bob.id
    db.session.commit()
    assert doctor() == [f"person {bob.id} completed session {missed.id} by its registers and by acceptance: twice"]

    fact.source_kind = "accepted:999"
    db.session.commit()
    assert doctor() == [f"fact {fact.id} comes from accepted:999, and there is no such register"]


def test_an_officer_accepts_and_takes_it_back_on_the_closed_register(app, missed, alice, officer, sign_in):
    client, path = sign_in(officer), f"/sessions/{missed.id}/register"
    fields = {"day": days_of(missed)[1], "person": alice.id}

    nothing_said = client.post(f"{path}/accept", data={**fields, "reason": ""})
    assert nothing_said.status_code == 422
    assert "Enter the reason" in nothing_said.text
    assert f'id="reason-{alice.id}"' in nothing_said.text
    assert client.post(f"{path}/accept", data={**fields, "reason": WHY}).status_code == 303
    assert f"Accepted by {officer.name}, because: {WHY}" in client.get(path).text
    assert client.post(f"{path}/accept/withdraw", data={**fields, "reason": "A mistake"}).status_code == 303
    refused = client.post(f"{path}/accept/withdraw", data={**fields, "reason": "A mistake"})
    assert refused.status_code == 409
    assert "Nobody has accepted this" in refused.text


def test_a_facilitator_sees_it_and_may_not_do_it(app, missed, alice, fay, officer, sign_in):
    accept_as_complete(missed.id, alice.id, by=officer.id, reason=WHY)
    client, path = sign_in(fay), f"/sessions/{missed.id}/register"

    page = client.get(path).text
    assert f"Accepted by {officer.name}" in page
    assert "Take it back<" not in page
    assert client.post(f"{path}/accept", data={"person": alice.id, "reason": WHY}).status_code == 403


def test_she_sees_on_the_session_and_on_her_record_by_whom_and_why(app, missed, alice, officer, sign_in):
    accept_as_complete(missed.id, alice.id, by=officer.id, reason=WHY)
    client = sign_in(alice)

    session = client.get(f"/sessions/{missed.id}").text
    assert "counts as complete, although you missed part of it" in session
    assert "Choose another date" not in session
    assert f"Accepted by {officer.name}, because: {WHY}." in client.get("/my/record").text


def test_the_register_asks_as_often_however_many_have_missed_it(app, make_held, alice, officer, keeper, clock_at):
    from cpd.attendance.accepting import not_complete_on
    from cpd.attendance.registers import register_page
    from cpd.timetable import service as timetable
    from tests.attendance.conftest import crowd_on

    def queries(count):
        training_session = make_held(f"C{count}")
        [day] = days_of(training_session)
        crowd_on(training_session, count)
        clock_at(2019, 1, 15, 18, 0)
        close_register(day, by=keeper, absent_rest=True)
        [session] = timetable.sessions_by_id([training_session.id])
        page = register_page(session, session.days[0], Keeper(None, officer=True), clock.now())
        sent = []
        note = lambda _c, _u, statement, *_r: sent.append(statement)  # noqa: E731
        event.listen(db.engine, "before_cursor_execute", note)
        try:
            assert len(not_complete_on(page)) == count
        finally:
            event.remove(db.engine, "before_cursor_execute", note)
        return len(sent)

    assert queries(1) == queries(8)


def test_whoever_came_without_a_booking_and_missed_a_day_is_told_once(both, make_held, make_person, keeper, clock_at):
    training_session = make_held("M6", days=2)
    wanda = make_person("Wanda Walkin")
    first, second = days_of(training_session)
    clock_at(2019, 1, 16, 18, 0)
    add_drop_in([first], wanda.id, by=keeper)
    close_register(first, by=keeper)
    assert told(wanda) == []
    close_register(second, by=keeper)
    assert [each.kind for each in told(wanda)] == ["not_complete"]
    reopen_register(second, by=keeper, reason="The time was wrong")
    close_register(second, by=keeper)
    assert [each.kind for each in told(wanda)] == ["not_complete"]

    reopen_register(second, by=keeper, reason="She was there on both")
    add_drop_in([second], wanda.id, by=keeper)
    close_register(second, by=keeper)
    assert [each.kind for each in told(wanda)] == ["not_complete", "complete_after_all"]


def test_whoever_was_added_by_mistake_is_told_nothing(app, make_held, make_person, keeper, clock_at):
    training_session = make_held("M6")
    wanda = make_person("Wanda Walkin")
    [day] = days_of(training_session)
    clock_at(2019, 1, 15, 18, 0)
    add_drop_in([day], wanda.id, by=keeper)
    mark([day], wanda.id, ABSENT, by=keeper)
    close_register(day, by=keeper)

    assert told(wanda) == []
