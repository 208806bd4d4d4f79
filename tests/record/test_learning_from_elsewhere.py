"""Learning from elsewhere: it counts once accepted, as what was decided, until it is put right (AMB-24, AMB-25)."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from cpd.booking.models import Booking
from cpd.booking.places import settle_what_was_asked
from cpd.booking.service import BookingRefused, book_places
from cpd.catalogue.models import Equivalence
from cpd.record import service as record
from cpd.record.claims import reading, service
from cpd.record.claims.models import LearningClaim
from cpd.record.claims.rules import ClaimFault, ClaimKind, ClaimStatus, LearningSaid, Refusal, faults_of
from cpd.record.claims.service import ClaimRefused, ClaimWrong
from cpd.record.models import RecordFact
from cpd.record.service import FactRefused, FactSaid
from cpd.requirements.language import Completed
from cpd.requirements.record import FactKind
from cpd.shared.database import db
from cpd.shared.kept_files import SentFile, path_of
from cpd.shared.outbox import OutboxMessage
from tests.cast import LONG_AGO, london, saved

TODAY = date(2019, 1, 2)
DONE_ON = date(2018, 5, 4)
SAID = LearningSaid(
    kind=ClaimKind.E_LEARNING,
    title="Safe hands",
    provider="Skills Academy",
    starts_on=date(2018, 5, 3),
    ends_on=DONE_ON,
    minutes=150,
    module_id=None,
    words="How to hold a family in mind",
    link="https://learning.example/certificates/7",
)
PDF = SentFile("certificate.pdf", b"%PDF-1.7\n%%EOF")
BY_HAND = replace(SAID, kind=ClaimKind.BY_HAND, starts_on=DONE_ON, link="", words="certificate seen")


@pytest.fixture
def module(app_in_use, make_module):
    return make_module("M1", number_label="Module 1")


@pytest.fixture
def claim(alice):
    """What Alice has sent in."""
    return service.send_in(alice.id, SAID, PDF)


def counts_as_done(person, code="M1"):
    """Say whether a module is done by her record, as every page and rule asks it."""
    db.session.rollback()
    facts = record.records_of([person.id], TODAY)[person.id].facts
    return any(fact.subject == code and fact.kind in (FactKind.COMPLETED, FactKind.RECOGNISED) for fact in facts)


def told(person, kind):
    """What she was told of one kind, in order."""
    db.session.rollback()
    rows = db.session.scalars(
        select(OutboxMessage).filter_by(person_id=person.id, kind=kind).order_by(OutboxMessage.id)
    )
    return [row.facts for row in rows]


@pytest.mark.parametrize(
    ("said", "has_file", "faults"),
    [
        (SAID, False, []),
        (replace(SAID, link=""), True, []),
        (replace(SAID, link=""), False, [ClaimFault.NO_EVIDENCE]),
        (BY_HAND, False, []),
        (replace(SAID, link="http://learning.example/7"), False, [ClaimFault.NO_SAFE_LINK]),
        (replace(SAID, starts_on=date(2018, 5, 5)), False, [ClaimFault.ENDS_FIRST]),
        (replace(SAID, ends_on=TODAY), False, []),
        (replace(SAID, ends_on=date(2019, 1, 3)), False, [ClaimFault.AHEAD]),
        (replace(SAID, starts_on=date(1949, 12, 31)), False, [ClaimFault.TOO_LONG_AGO]),
        (replace(SAID, module_id=1), False, []),
        (replace(SAID, module_id=2, link=""), False, [ClaimFault.NO_EVIDENCE, ClaimFault.NO_SUCH_MODULE]),
    ],
    ids=[
        "a link is evidence",
        "so is a file",
        "one of them is needed",
        "by hand the words say what was seen",
        "only https",
        "ends before it starts",
        "over today",
        "not over yet",
        "a slip of the pen",
        "one of our modules",
        "all reasons at once",
    ],
)
def test_what_is_sent_in_must_be_over_and_shown(said, has_file, faults):
    assert faults_of(said, has_file=has_file, modules={1}, today=TODAY) == faults


def test_nothing_counts_until_it_is_accepted(both, alice, officer, module, claim):
    assert not counts_as_done(alice)

    service.accept(claim, seen=1, module_id=module.id, reason="The same content", by=officer.id)

    assert counts_as_done(alice)
    (fact,) = db.session.scalars(select(RecordFact))
    assert (fact.kind, fact.subject, fact.happened_on) == (FactKind.RECOGNISED, "M1", DONE_ON)
    assert fact.accepted_by_id == officer.id
    assert fact.source == "The same content; E-learning “Safe hands”, Skills Academy, 2 hours 30 minutes"
    (facts,) = told(alice, "learning_accepted")
    assert (facts["counts_as"], facts["by"], facts["reason"]) == ("Module 1", "Olive Officer", "The same content")


def test_as_other_learning_it_is_shown_and_opens_nothing(both, alice, officer, module, claim):
    service.accept(claim, seen=1, module_id=None, reason="", by=officer.id)

    assert not counts_as_done(alice)
    (fact,) = db.session.scalars(select(RecordFact))
    assert (fact.kind, fact.subject) == (FactKind.LEARNING, "Safe hands")
    (facts,) = told(alice, "learning_accepted")
    assert facts["counts_as"] == ""


def test_it_counts_as_a_module_only_for_a_reason(both, alice, officer, module, claim):
    with pytest.raises(FactRefused):
        service.accept(claim, seen=1, module_id=module.id, reason=" ", by=officer.id)

    assert not counts_as_done(alice)
    assert reading.find_claim(claim).status is ClaimStatus.SENT


def test_what_was_recognised_counts_as_nothing_further(both, alice, officer, organisation, module, make_module):
    short = make_module("PS-G", title="Genograms Practice Short")
    saved(
        Equivalence(
            organisation_id=organisation.id, module_id=module.id, other_module_id=short.id, recorded_at=LONG_AGO
        )
    )

    service.recognise(alice.id, replace(BY_HAND, module_id=short.id), None, reason="Seen", by=officer.id)

    assert counts_as_done(alice, "PS-G")
    assert not counts_as_done(alice, "M1")


def test_what_is_returned_can_be_mended_and_sent_in_again(both, alice, officer, module, claim):
    before = reading.find_claim(claim).stored_as
    service.send_back(claim, seen=1, comment="The name is cut off", by=officer.id)
    (facts,) = told(alice, "learning_returned")
    assert facts["reason"] == "The name is cut off"
    assert not counts_as_done(alice)

    service.mend(claim, replace(SAID, title="Safe hands 2"), SentFile("whole.pdf", b"%PDF-1.7 whole"))

    mended = reading.find_claim(claim)
    assert (mended.status, mended.sends, mended.title, mended.filename) == (
        ClaimStatus.SENT,
        2,
        "Safe hands 2",
        "whole.pdf",
    )
    assert path_of(mended.stored_as).exists()
    assert not path_of(before).exists()
    service.accept(claim, seen=2, module_id=module.id, reason="Now it is whole", by=officer.id)
    assert counts_as_done(alice)


def test_what_is_mended_without_a_new_file_keeps_the_old_one(both, alice, officer, claim):
    service.send_back(claim, seen=1, comment="Who ran it?", by=officer.id)

    service.mend(claim, replace(SAID, link=""), None)

    assert path_of(reading.find_claim(claim).stored_as).read_bytes() == PDF.content


def test_a_file_that_nobody_may_keep_leaves_nothing_behind(both, alice):
    with pytest.raises(ClaimWrong):
        service.send_in(alice.id, replace(SAID, module_id=99), PDF)

    assert db.session.scalars(select(LearningClaim)).all() == []


def test_nobody_decides_on_what_she_has_not_read(both, alice, officer, claim):
    service.send_back(claim, seen=1, comment="Who ran it?", by=officer.id)
    service.mend(claim, SAID, None)

    with pytest.raises(ClaimRefused) as refused:
        service.accept(claim, seen=1, module_id=None, reason="", by=officer.id)
    assert refused.value.reason is Refusal.CHANGED


def test_nobody_decides_on_her_own_learning(both, officer, module):
    own = service.send_in(officer.id, SAID, None)

    for act in (
        lambda: service.accept(own, seen=1, module_id=module.id, reason="I know it", by=officer.id),
        lambda: service.recognise(
            officer.id, replace(BY_HAND, module_id=module.id), None, reason="I know it", by=officer.id
        ),
    ):
        with pytest.raises(ClaimRefused) as refused:
            act()
        assert refused.value.reason is Refusal.OWN
    assert not counts_as_done(officer)


def at_once(app, *acts):
    """Let each act run in a thread of its own at one time; gives what each came to."""
    ready = threading.Barrier(len(acts))
    came_to = [None] * len(acts)

    def run(number, act):
        with app.app_context():
            ready.wait()
            try:
                act()
                came_to[number] = "done"
            except ClaimRefused as refused:
                came_to[number] = refused.reason
            db.session.remove()

    db.session.remove()
    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return came_to


def test_of_two_officers_at_once_one_decides_and_the_other_is_told(both, alice, officer, make_person, module, claim):
    officer_id, other_id, module_id = officer.id, make_person("Otto Other").id, module.id

    came_to = at_once(
        both,
        lambda: service.accept(claim, seen=1, module_id=module_id, reason="The same", by=officer_id),
        lambda: service.accept(claim, seen=1, module_id=None, reason="", by=other_id),
        lambda: service.send_back(claim, seen=1, comment="Who ran it?", by=other_id),
    )

    assert sorted(came_to) == [Refusal.DECIDED, Refusal.DECIDED, "done"]
    decided = reading.find_claim(claim)
    written = len(db.session.scalars(select(RecordFact)).all())
    assert written == (1 if decided.status is ClaimStatus.ACCEPTED else 0)
    kinds = [row.kind for row in db.session.scalars(select(OutboxMessage).filter_by(person_id=alice.id))]
    assert len(kinds) == 1


def test_of_two_corrections_at_once_one_is_made(both, alice, officer, make_person, module):
    officer_id, other_id, module_id = officer.id, make_person("Otto Other").id, module.id
    fact = service.recognise(alice.id, replace(BY_HAND, module_id=module_id), None, reason="Seen", by=officer_id)

    came_to = at_once(
        both,
        lambda: service.put_right(
            fact, module_id=module_id, happened_on=date(2018, 5, 5), reason="A slip", by=officer_id
        ),
        lambda: service.take_back(fact, reason="Another Alice", by=other_id),
    )

    assert sorted(came_to) == ["done", Refusal.NO_LONGER_IN_FORCE]


def test_it_can_be_recognised_by_hand_with_reason_and_evidence(both, alice, officer, module):
    service.recognise(alice.id, replace(BY_HAND, module_id=module.id), PDF, reason="It covers all of it", by=officer.id)

    assert counts_as_done(alice)
    (fact,) = db.session.scalars(select(RecordFact))
    assert fact.source.startswith("It covers all of it; “Safe hands”")
    assert fact.source.endswith("; certificate seen")
    (facts,) = told(alice, "learning_recognised")
    assert (facts["counts_as"], facts["by"]) == ("Module 1", "Olive Officer")
    assert reading.claims_of(alice.id) == []  # it is not hers to mend


def test_a_correction_keeps_what_was_said_before(both, alice, officer, module, make_module):
    second = make_module("M2", number_label="Module 2")
    fact = service.recognise(alice.id, replace(BY_HAND, module_id=module.id), None, reason="Seen", by=officer.id)

    new = service.put_right(
        fact, module_id=second.id, happened_on=date(2018, 5, 5), reason="It was Module 2", by=officer.id
    )

    assert (counts_as_done(alice, "M1"), counts_as_done(alice, "M2")) == (False, True)
    old = db.session.get(RecordFact, fact)
    assert (old.subject, old.supersede_reason, old.superseded_by_id) == ("M1", "It was Module 2", officer.id)
    (facts,) = told(alice, "record_corrected")
    assert (facts["before"], facts["now"]) == ("Module 1 on 4 May 2018", "Module 2 on 5 May 2018")
    service.take_back(new, reason="It never was", by=officer.id)
    assert not counts_as_done(alice, "M2")
    assert db.session.scalars(select(LearningClaim)).one().claim_status == ClaimStatus.WITHDRAWN


def test_a_correction_that_changes_nothing_is_none(both, alice, officer, module):
    fact = service.recognise(alice.id, replace(BY_HAND, module_id=module.id), None, reason="Seen", by=officer.id)

    with pytest.raises(ClaimRefused) as refused:
        service.put_right(fact, module_id=module.id, happened_on=DONE_ON, reason="Look again", by=officer.id)

    assert refused.value.reason is Refusal.SAME_AS_BEFORE
    assert counts_as_done(alice)


def test_what_a_register_says_is_put_right_in_the_register(both, alice, officer, module, make_session):
    said = FactSaid(
        person_id=alice.id,
        kind=FactKind.COMPLETED,
        subject="M1",
        happened_on=DONE_ON,
        source_kind=f"register:{make_session(module).id}",
        source="register of 4 May 2018",
    )
    fact = record.add_fact(said, by=None)

    with pytest.raises(ClaimRefused) as refused:
        service.take_back(fact, reason="She was not there", by=officer.id)

    assert refused.value.reason is Refusal.OF_A_REGISTER


def test_what_a_file_brought_in_can_be_put_right_by_hand(both, alice, officer, module):
    said = FactSaid(
        person_id=alice.id, kind=FactKind.COMPLETED, subject="M1", happened_on=DONE_ON, source_kind="import"
    )

    service.put_right(
        record.add_fact(said, by=None),
        module_id=module.id,
        happened_on=date(2018, 5, 5),
        reason="The list says the 5th",
        by=officer.id,
    )

    (fact,) = db.session.scalars(select(RecordFact).where(RecordFact.superseded_at.is_(None)))
    assert (fact.kind, fact.happened_on, fact.accepted_by_id) == (FactKind.COMPLETED, date(2018, 5, 5), None)


def test_recognised_learning_opens_the_next_module_and_its_withdrawal_is_followed_upwards(
    both, alice, officer, module, make_module, make_session
):
    session = make_session(make_module("M2", needs=Completed("M1")), london(2019, 1, 15, 9, 30))
    with pytest.raises(BookingRefused):
        book_places(alice.id, [session.id], by=alice.id)
    fact = service.recognise(alice.id, replace(BY_HAND, module_id=module.id), None, reason="Seen", by=officer.id)
    book_places(alice.id, [session.id], by=alice.id)

    service.take_back(fact, reason="Another Alice", by=officer.id)
    settle_what_was_asked()

    db.session.rollback()
    assert db.session.scalars(select(Booking)).one().lacks_basis_since is not None
    assert len(told(alice, "basis_lost")) == 1


def test_recognised_learning_that_must_be_repeated_lapses_as_if_it_were_done_here(both, alice, officer, make_module):
    module = make_module("SAFE", title="Safeguarding", validity_months=12)

    service.recognise(alice.id, replace(BY_HAND, module_id=module.id), None, reason="Seen", by=officer.id)

    (fact,) = record.records_of([alice.id], TODAY)[alice.id].facts
    assert fact.ends_on == date(2019, 5, 4)
