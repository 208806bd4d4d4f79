"""Keeping the regulator's CPD record: writing, drafting, reflecting with a peer, sharing and being reminded (B1)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from cpd.commands.worker import JOBS
from cpd.people.models import Post
from cpd.record.service import FactSaid, add_fact, correct_fact, withdraw_fact
from cpd.requirements.record import FactKind
from cpd.shared import clock
from cpd.shared.database import db
from cpd.shared.history import AuditEvent
from cpd.shared.outbox import OutboxMessage
from cpd.study.regulator import reading, service
from cpd.study.regulator.models import CpdRecord, PeerReflection
from cpd.study.regulator.reminding import remind_of_cpd
from cpd.study.regulator.rules import Fault, PeerTalk, PieceSaid
from cpd.study.regulator.service import CpdRefused

GENOGRAMS = PieceSaid(
    "Training or a workshop", "Genograms, for drawing a family", date(2026, 3, 2), "To ask who is missing", "I ask it"
)
COURT = PieceSaid("Reading or research", "A guide to court skills", date(2026, 4, 2), "To say what I saw", "I say it")
TALK = PeerTalk("My line manager or supervisor", date(2026, 4, 9), "That I hurry", "Minnie, in supervision")


@pytest.fixture(autouse=True)
def _in_october(app_in_use, clock_at) -> None:
    clock_at(2026, 10, 1, 9)


def done(person, on: date) -> FactSaid:
    return FactSaid(
        person_id=person.id, kind=FactKind.COMPLETED, subject="WA-NVR", happened_on=on, source_kind="import"
    )


@pytest.fixture
def completed(registered) -> Callable[..., int]:
    """Let her complete a module: returns the number of the fact."""

    def complete(on: date = date(2026, 2, 3)) -> int:
        return add_fact(done(registered, on), by=None)

    return complete


def standing(person):
    return service.summary_of(person.id)


def told(person, kind: str) -> list[dict]:
    wanted = select(OutboxMessage.facts).where(OutboxMessage.person_id == person.id, OutboxMessage.kind == kind)
    return list(db.session.scalars(wanted.order_by(OutboxMessage.id)))


def test_two_pieces_one_with_a_peer_and_the_year_is_done(app, registered):
    service.write_piece(registered.id, COURT)
    number = service.write_piece(registered.id, GENOGRAMS)
    assert (standing(registered).counted, standing(registered).is_done) == (2, False)

    service.reflect(registered.id, number, TALK)

    assert standing(registered).is_done
    service.remove_reflection(registered.id, number)
    assert standing(registered).reflections_left == 1


def test_nothing_is_asked_of_somebody_who_is_not_registered_or_not_yet(app, ward, registered):
    assert standing(ward) is None

    registered.registered_on = date(2026, 10, 2)
    db.session.commit()

    assert standing(registered) is None


def test_where_the_scheme_names_no_regulator_nothing_is_asked(app, alice):
    alice.registered_on = date(2015, 9, 1)
    db.session.commit()

    assert standing(alice) is None


def test_what_is_still_to_come_cannot_be_written_down(app, registered):
    with pytest.raises(CpdRefused) as refused:
        service.write_piece(registered.id, replace(COURT, happened_on=date(2026, 10, 2)))
    assert refused.value.faults == [Fault.AHEAD]

    number = service.write_piece(registered.id, replace(COURT, happened_on=date(2026, 10, 1)))
    with pytest.raises(CpdRefused) as refused:
        service.reflect(registered.id, number, replace(TALK, discussed_on=date(2026, 10, 2)))
    assert refused.value.faults == [Fault.DISCUSSED_AHEAD]


def test_each_version_is_kept(app, registered):
    number = service.write_piece(registered.id, replace(GENOGRAMS, learnt=""))
    service.change_piece(registered.id, number, GENOGRAMS)
    service.change_piece(registered.id, number, GENOGRAMS)  # nothing new
    service.reflect(registered.id, number, TALK)
    service.reflect(registered.id, number, replace(TALK, learnt="That I hurry less"))

    assert reading.find_piece(registered.id, number).said == GENOGRAMS
    assert [each.said.learnt for each in reading.versions_of(registered.id, number)] == [""]
    kept = db.session.execute(select(PeerReflection.learnt, PeerReflection.supersede_reason)).all()
    assert kept == [("That I hurry", "corrected"), ("That I hurry less", None)]


def test_a_piece_that_is_removed_does_not_count_and_its_number_is_not_given_again(app, registered, county_manager):
    number = service.write_piece(registered.id, GENOGRAMS)
    service.reflect(registered.id, number, TALK)
    service.share(registered.id, number)
    service.remove_piece(registered.id, number)

    assert (standing(registered).counted, standing(registered).reflected) == (0, 0)
    assert reading.shared_with(county_manager.id, county_manager.organisation_id) == []
    assert service.write_piece(registered.id, COURT) == number + 1
    with pytest.raises(LookupError):
        service.change_piece(registered.id, number, COURT)


def test_a_piece_is_drafted_with_one_button_and_what_she_learnt_is_left_to_her(app, registered, completed):
    fact_id = completed()
    (offered,) = reading.my_cpd(registered.id).attended
    number = service.draft_from(registered.id, offered.fact_id)

    piece = reading.find_piece(registered.id, number)
    assert piece.said == PieceSaid(
        "Training or a workshop", "Non-Violent Resistance, 3 February 2026", date(2026, 2, 3)
    )
    assert piece.record_fact_id == fact_id
    assert not piece.is_finished
    assert standing(registered).counted == 0
    assert reading.my_cpd(registered.id).attended == ()
    assert service.draft_from(registered.id, fact_id) == number  # the button pressed twice


def test_a_corrected_completion_is_not_offered_again(app, registered, completed):
    fact_id = completed()
    service.draft_from(registered.id, fact_id)
    correct_fact(fact_id, done(registered, date(2026, 2, 4)), by=None, reason="The day was wrong")

    assert reading.my_cpd(registered.id).attended == ()


def test_nothing_is_drafted_from_what_is_withdrawn_or_not_hers(app, registered, ward, completed):
    fact_id = completed()
    with pytest.raises(LookupError):
        service.draft_from(ward.id, fact_id)
    withdraw_fact(fact_id, by=None, reason="It was somebody else")

    assert reading.my_cpd(registered.id).attended == ()
    with pytest.raises(LookupError):
        service.draft_from(registered.id, fact_id)


def test_a_draft_that_is_removed_can_be_begun_again(app, registered, completed):
    fact_id = completed()
    service.remove_piece(registered.id, service.draft_from(registered.id, fact_id))

    assert service.draft_from(registered.id, fact_id) == 2


def test_the_database_refuses_a_second_piece_of_one_number(both, registered):
    service.write_piece(registered.id, COURT)
    again = {"organisation_id": registered.organisation_id, "person_id": registered.id, "number": 1}
    parts = {
        "cpd_type": "",
        "description": "",
        "happened_on": COURT.happened_on,
        "learnt": "",
        "impact": "",
        "fingerprint": "",
    }
    db.session.add(CpdRecord(**again, **parts, recorded_at=clock.real_now()))

    with pytest.raises(IntegrityError):
        db.session.commit()
    db.session.rollback()


def test_only_the_manager_reads_what_is_shared_until_it_is_taken_back(
    app, registered, ward, county_manager, county_officer
):
    here = registered.organisation_id
    first = service.write_piece(registered.id, GENOGRAMS)
    service.write_piece(registered.id, COURT)
    assert reading.shared_with(county_manager.id, here) == []

    service.share(registered.id, first)
    service.share(registered.id, first)

    (shared,) = reading.shared_with(county_manager.id, here)
    assert (shared.person.name, shared.piece.said) == ("Rhea Registered", GENOGRAMS)
    assert reading.shared_with(county_officer.id, here) == reading.shared_with(ward.id, here) == []
    assert told(county_manager, "cpd_shared") == [
        {"person": "Rhea Registered", "path": f"/people/{registered.id}/cpd/{first}"}
    ]
    service.unshare(registered.id, first)
    assert reading.shared_with(county_manager.id, here) == []


def test_the_next_manager_reads_nothing_that_was_shared_with_the_last_one(
    app, registered, ward, county_manager, county_officer
):
    number = service.write_piece(registered.id, GENOGRAMS)
    service.share(registered.id, number)
    post = db.session.scalars(select(Post).where(Post.person_id == registered.id)).one()
    post.manager_id = ward.id
    db.session.commit()

    here = registered.organisation_id
    assert reading.shared_with(county_manager.id, here) == reading.shared_with(ward.id, here) == []
    service.share(registered.id, number)
    assert [each.piece.number for each in reading.shared_with(ward.id, here)] == [number]


def test_without_a_manager_there_is_nobody_to_share_with(app, make_person, county):
    alone = make_person("Lone Learner", employer=county)
    number = service.write_piece(alone.id, GENOGRAMS)

    with pytest.raises(CpdRefused) as refused:
        service.share(alone.id, number)
    assert refused.value.faults == [Fault.NO_MANAGER]


def test_nothing_of_what_she_writes_stands_in_the_history(app, registered):
    number = service.write_piece(registered.id, GENOGRAMS)
    service.reflect(registered.id, number, TALK)
    service.share(registered.id, number)
    service.unshare(registered.id, number)
    service.remove_piece(registered.id, number)

    found = db.session.execute(
        select(AuditEvent.verb, AuditEvent.before, AuditEvent.after, AuditEvent.reason)
        .where(AuditEvent.subject == "cpd_record")
        .order_by(AuditEvent.id)
    ).all()
    verbs = ["written", "reflected", "shared", "unshared", "removed"]
    assert found == [(verb, None, None, None) for verb in verbs]


def test_she_is_reminded_once_for_each_day_until_she_is_done(app, registered, ward, county_manager, clock_at):
    clock_at(2026, 9, 30, 9)
    assert remind_of_cpd() == 0

    clock_at(2026, 10, 1, 9)
    assert (remind_of_cpd(), remind_of_cpd()) == (1, 0)
    assert told(registered, "cpd_reminder") == [
        {
            "regulator": "Social Work England",
            "ends_on": "30 November 2026",
            "days_left": 60,
            "pieces": 2,
            "counted": 0,
            "reflections_left": 1,
            "path": "/my/cpd",
        }
    ]
    clock_at(2026, 10, 31, 9)
    assert remind_of_cpd() == 1
    number = service.write_piece(registered.id, GENOGRAMS)
    service.write_piece(registered.id, COURT)
    service.reflect(registered.id, number, TALK)
    clock_at(2026, 11, 23, 9)

    assert remind_of_cpd() == 0
    assert told(ward, "cpd_reminder") == told(county_manager, "cpd_reminder") == []


TWIN = replace(GENOGRAMS, description="  genograms, for DRAWING a family", happened_on=date(2026, 5, 2))


@pytest.mark.parametrize(
    ("pieces", "reflected"),
    [
        ([], []),
        ([GENOGRAMS], [1]),
        ([GENOGRAMS, COURT], []),
        ([GENOGRAMS, TWIN], [1, 2]),
        ([GENOGRAMS, TWIN, COURT], [2]),
        ([GENOGRAMS, replace(COURT, learnt=" ")], [1, 2]),
        ([GENOGRAMS, replace(COURT, happened_on=date(2025, 11, 30))], [1]),
        ([GENOGRAMS, COURT, TWIN], [1, 2, 3]),
    ],
)
def test_whoever_is_reminded_is_whose_page_says_that_something_is_left(both, registered, pieces, reflected):
    for said in pieces:
        service.write_piece(registered.id, said)
    for number in reflected:
        service.reflect(registered.id, number, TALK)

    left = not standing(registered).is_done
    assert remind_of_cpd() == left


def test_late_reminders_are_not_made_up_for(app, registered, clock_at):
    clock_at(2026, 11, 28, 9)

    assert (remind_of_cpd(), remind_of_cpd()) == (1, 0)
    assert [facts["days_left"] for facts in told(registered, "cpd_reminder")] == [2]


def test_leave_stops_no_reminder_and_leaving_does(app, registered, county_manager):
    from cpd.people.away import Away, AwayKind, record_away

    leave = Away(AwayKind.LEAVE, date(2026, 9, 1), date(2026, 12, 24))
    record_away(registered.id, leave, by=county_manager.id)
    assert remind_of_cpd() == 1

    post = db.session.scalars(select(Post).where(Post.person_id == registered.id)).one()
    post.ends_on = date(2026, 10, 1)
    db.session.query(OutboxMessage).delete()
    db.session.commit()
    assert remind_of_cpd() == 0


def test_the_worker_reminds():
    assert remind_of_cpd in [job for _, job in JOBS]
