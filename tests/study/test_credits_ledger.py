"""The ledger of credits: nothing in it changes, the record follows it, and sums are what a recomputation gives."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, insert, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from cpd.record import service as record
from cpd.record.models import RecordFact
from cpd.requirements.evaluator import State, standing_of
from cpd.requirements.language import Credits
from cpd.requirements.record import FactKind, Record
from cpd.shared import clock
from cpd.shared.database import db
from cpd.shared.outbox import OutboxMessage
from cpd.shared.unit_of_work import unit_of_work
from cpd.study.credits import service
from cpd.study.credits.models import CreditAward
from cpd.study.credits.offer import said_about, sources_of
from cpd.study.credits.reading import expected_counts, expected_from, ledger_of
from cpd.study.credits.rules import (
    CreditFault,
    CreditSaid,
    CreditStatus,
    EarnedBy,
    activity_of_module,
    awarded_by_recomputation,
)
from cpd.study.credits.service import CreditsRefused
from tests.home.test_query_counts import queries

TODAY = date(2019, 1, 2)
EXPECTED, AWARDED, REFUSED, WITHDRAWN = CreditStatus


def said(person, status=AWARDED, code="WA-PE-1", **more) -> CreditSaid:
    usual = CreditSaid(
        person_id=person.id,
        activity=activity_of_module(code),
        source=code,
        earned_by=EarnedBy.MODULE,
        title=code,
        credits=Decimal(20),
        academic_level=7,
        university="Midlands University",
        board_on=TODAY,
        status=status,
    )
    return replace(usual, **more)


def counted(*people):
    """What the record of each comes to."""
    db.session.rollback()
    records = record.records_of([person.id for person in people], clock.today())
    return [
        sum((fact.amount for fact in records[person.id].facts if fact.kind is FactKind.CREDIT), Decimal(0))
        for person in people
    ]


@pytest.mark.parametrize("act", ["UPDATE credit_award SET credits = 60", "DELETE FROM credit_award"])
def test_the_ledger_can_be_neither_changed_nor_shortened(both, ward, county_officer, act):
    service.enter(said(ward), by=county_officer.id)

    with pytest.raises(DBAPIError, match="append-only"):
        db.session.execute(text(act))
    db.session.rollback()
    assert counted(ward) == [20]


def test_the_database_lets_no_activity_have_two_heads(both, ward, county_officer):
    service.enter(said(ward), by=county_officer.id)
    row = db.session.scalars(select(CreditAward)).one()
    copied = {column.name: getattr(row, column.name) for column in CreditAward.__table__.columns if column.name != "id"}

    with pytest.raises(IntegrityError), unit_of_work() as session:
        session.execute(insert(CreditAward).values(copied))


def test_of_two_officers_who_enter_the_same_result_at_once_one_is_told(both, app_in_use, ward, county_officer):
    """Each enters other words for one award, so that only one of them can stand."""
    person, officer = ward.id, county_officer.id
    universities = ["Midlands University", "University of the Midlands"]
    entries = [replace(said(ward), university=each) for each in universities]
    db.session.remove()
    barrier, outcomes = threading.Barrier(2), []

    def enter(entry):
        with app_in_use.app_context():
            barrier.wait()
            try:
                outcomes.append(service.enter(entry, by=officer) and "entered")
            except CreditsRefused as refused:
                outcomes.append(refused.faults)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=enter, args=(entry,)) for entry in entries]
    [each.start() for each in threads]
    [each.join() for each in threads]

    assert sorted(outcomes, key=str) == [[CreditFault.ALREADY_AWARDED], "entered"]
    assert db.session.scalar(select(func.count(CreditAward.id)).where(CreditAward.person_id == person)) == 1


def test_the_credits_of_a_corrected_award_are_on_the_record_once(app, ward, county_officer):
    entry = service.enter(said(ward), by=county_officer.id)

    service.correct(entry, said(ward, credits=Decimal(15), reason="15, says the letter"), by=county_officer.id)

    assert counted(ward) == [15]
    facts = db.session.scalars(select(RecordFact).where(RecordFact.person_id == ward.id).order_by(RecordFact.id)).all()
    assert [(fact.amount, fact.superseded_at is None, fact.supersede_reason) for fact in facts] == [
        (20, False, "15, says the letter"),
        (15, True, None),
    ]


def test_awarded_to_the_wrong_person_it_is_withdrawn_and_counts_no_more(app, ward, county_officer):
    entry = service.enter(said(ward), by=county_officer.id)

    service.withdraw(entry, reason="It was another Ward", by=county_officer.id)

    assert counted(ward) == [0]
    (activity,) = ledger_of(ward.id)
    assert (activity.newest.status, activity.newest.reason) == (WITHDRAWN, "It was another Ward")
    kinds = db.session.scalars(select(OutboxMessage.kind).order_by(OutboxMessage.id)).all()
    assert kinds == ["credits_awarded", "credits_corrected"]


def test_only_the_newest_entry_is_corrected(app, ward, county_officer):
    entry = service.enter(said(ward, EXPECTED), by=county_officer.id)
    service.enter(said(ward), by=county_officer.id)

    for act in (
        lambda: service.correct(entry, said(ward, REFUSED, reason="Old page"), by=county_officer.id),
        lambda: service.withdraw(entry, reason="Old page", by=county_officer.id),
    ):
        with pytest.raises(CreditsRefused) as refused:
            act()
        assert refused.value.faults == [CreditFault.CHANGED_MEANWHILE]


def test_a_correction_has_a_reason_and_is_about_the_same_thing(app, ward, wanda, county_officer):
    entry = service.enter(said(ward), by=county_officer.id)

    with pytest.raises(CreditsRefused) as refused:
        service.correct(entry, said(ward, REFUSED, reason=" "), by=county_officer.id)
    assert refused.value.faults == [CreditFault.NO_REASON]
    with pytest.raises(LookupError):
        service.correct(entry, said(wanda, reason="Her"), by=county_officer.id)
    with pytest.raises(LookupError):
        service.correct(999, said(ward, reason="None"), by=county_officer.id)


def test_nobody_enters_corrects_or_withdraws_her_own_credits(app, ward, county_officer):
    entry = service.enter(said(county_officer), by=ward.id)

    for act in (
        lambda: service.enter(said(county_officer, code="WA-PE-2"), by=county_officer.id),
        lambda: service.correct(entry, said(county_officer, REFUSED, reason="Why"), by=county_officer.id),
        lambda: service.withdraw(entry, reason="Why", by=county_officer.id),
    ):
        with pytest.raises(CreditsRefused) as refused:
            act()
        assert refused.value.faults == [CreditFault.OWN]


def test_one_board_decides_for_many_and_one_fault_stops_all(app, ward, wanda, county_officer):
    service.enter(said(wanda, board_on=TODAY - timedelta(days=1)), by=county_officer.id)

    with pytest.raises(CreditsRefused) as refused:
        service.enter_all([said(ward), said(wanda)], by=county_officer.id)

    assert refused.value.by_person == {wanda.id: [CreditFault.ALREADY_AWARDED]}
    assert counted(ward, wanda) == [0, 20]
    service.enter_all([said(ward), said(wanda, REFUSED, "WA-RESEARCH")], by=county_officer.id)
    assert counted(ward, wanda) == [20, 20]


def test_a_board_for_many_asks_the_database_as_often_as_for_two(app, county, make_person, county_officer):
    by, asked = county_officer.id, []
    for size in (1, 2, 30):  # what is asked once per process is known after the first
        results = [said(make_person(employer=county)) for _ in range(size)]
        with queries() as statements:
            service.enter_all(results, by=by)
        asked.append([statement for statement in statements if statement.startswith("SELECT")])

    assert len(asked[1]) == len(asked[2]), "\n".join(asked[2])


def test_expected_credits_put_a_line_in_hand_and_never_meet_it(app, ward, county_officer):
    """AMB-37: the evaluator is the only judge, and an expected award is a decision still to come."""
    line = Credits(Decimal(20), 7, ("WA-PE-1",))
    service.enter(said(ward, EXPECTED, board_on=date(2019, 6, 1)), by=county_officer.id)

    facts = record.records_of([ward.id], TODAY)[ward.id].facts
    standing = standing_of(line, Record(ward.id, (*facts, *service.expected_facts([ward.id])[ward.id])), TODAY)

    assert standing.state is State.IN_HAND
    assert standing_of(line, Record(ward.id, facts), TODAY).state is State.OUTSTANDING


def test_who_is_expected_by_a_board_is_listed_by_name_for_her_own_council(app, ward, wanda, stranger, county_officer):
    for person in (ward, wanda, stranger):
        service.enter(said(person, EXPECTED, board_on=date(2019, 6, 1)), by=county_officer.id)

    assert [each.person for each in expected_from(ward.organisation_id, "WA-PE-1")] == ["Wanda Worker", "Ward Worker"]
    assert expected_counts(ward.organisation_id) == {"WA-PE-1": (2, date(2019, 6, 1))}


def test_what_the_scheme_does_not_say_must_be_said(app, ward, county, county_officer):
    """Slough's report gives its consolidation module no credits, so nobody may guess them."""
    elsewhere = replace(sources_of(county.id)["WA-PE-1"], credits=None, academic_level=None)
    unsaid = said_about(elsewhere, ward.id, status=AWARDED, board_on=TODAY, university="Midlands University")

    with pytest.raises(CreditsRefused) as refused:
        service.enter(unsaid, by=county_officer.id)

    assert refused.value.faults == [CreditFault.NO_CREDITS, CreditFault.NO_LEVEL]


ACTS = st.tuples(
    st.sampled_from(["enter", "correct", "withdraw"]),
    st.sampled_from(list(CreditStatus)[:3]),
    st.sampled_from(["WA-PE-1", "WA-PE-2", "asye-apel"]),
    st.decimals(Decimal("0.01"), Decimal(60), places=2),
    st.integers(6, 7),
    st.integers(0, 1),
)


@settings(
    max_examples=15,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(acts=st.lists(ACTS, min_size=1, max_size=12))
def test_any_entries_corrections_and_reversals_keep_every_sum_equal(app, ward, wanda, county_officer, acts):
    """The ledger's sum, the record's sum and a plain recomputation from all that was ever entered are one."""
    people = (ward, wanda)
    for act, status, code, credits_, academic_level, who in acts:
        entry = said(people[who], status, code, credits=credits_, academic_level=academic_level, reason="Because")
        newest = next((each.newest.id for each in ledger_of(entry.person_id) if each.newest.source == code), 0)
        try:
            if act == "enter":
                service.enter(entry, by=county_officer.id)
            elif act == "correct" and newest:
                service.correct(newest, entry, by=county_officer.id)
            elif act == "withdraw" and newest:
                service.withdraw(newest, reason="Because", by=county_officer.id)
        except CreditsRefused as refused:
            assert refused.faults  # noqa: PT017 - refused or not, the sums are what is looked at

    all_said = [service._as_said(row) for row in db.session.scalars(select(CreditAward).order_by(CreditAward.id))]
    plain = awarded_by_recomputation(all_said)
    assert [service.summary_of(person.id).awarded for person in people] == [plain.get(each.id, 0) for each in people]
    assert counted(*people) == [plain.get(person.id, 0) for person in people]
