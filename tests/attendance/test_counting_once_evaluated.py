"""A module may ask for its evaluation too: what somebody attended counts once she has said what she thinks (S-7)."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import delete, select, update

from cpd.attendance.accepting import accept_as_complete
from cpd.attendance.certificates.models import Certificate
from cpd.attendance.certificates.service import certificates_of
from cpd.attendance.evaluation.asking import ask_for_evaluations
from cpd.attendance.evaluation.models import Evaluation
from cpd.attendance.evaluation.service import Answer, evaluations_waiting, give_evaluation
from cpd.attendance.mine import lacking_evaluation
from cpd.attendance.models import EvaluationRequest
from cpd.attendance.rules import AttendanceStatus, DayMark, Outcome, Refusal, outcome_of
from cpd.attendance.service import RegisterRefused, add_drop_in, close_register, mark, mark_everyone, reopen_register
from cpd.booking.facts import standpoints_of, terms_for
from cpd.booking.models import Booking
from cpd.booking.service import book_places
from cpd.catalogue.models import Module
from cpd.commands.checks.attendance import CHECKS
from cpd.messages.words import words_of
from cpd.record.models import RecordFact
from cpd.requirements.language import Completed
from cpd.shared import clock
from cpd.shared.database import db
from cpd.shared.outbox import OutboxMessage
from tests.attendance.conftest import FIRST, completions, crowd_on, days_of
from tests.cast import LONG_AGO, london
from tests.catalogue.conftest import adopt
from tests.home.test_query_counts import queries

USEFUL = Answer(2, 4, 5, "Ask more questions")
FOUR_TAPS = {"confidence_before": "2", "confidence_after": "4", "usefulness": "5"}
ATTENDED, ABSENT = AttendanceStatus.ATTENDED, AttendanceStatus.ABSENT
RULE = {"completion_after_evaluation": True, "evaluation_asked_from": LONG_AGO}


def day(status=None, *, closed=True):
    return DayMark(180, closed, status)


@pytest.mark.parametrize(
    ("days", "minutes", "expected"),
    [
        ([day(ATTENDED), day(ATTENDED)], None, Outcome.NOT_EVALUATED),
        ([day(ATTENDED), day(ABSENT)], 180, Outcome.NOT_EVALUATED),
        ([day(ATTENDED), day(ABSENT)], None, Outcome.NOT_COMPLETED),
        ([day(ATTENDED), day(ATTENDED, closed=False)], None, Outcome.OPEN),
    ],
    ids=["every day", "minutes enough", "a day missed", "a register still open"],
)
def test_an_evaluation_makes_up_for_nothing_and_is_missed_only_where_the_rest_is_there(days, minutes, expected):
    assert outcome_of(days, minutes, lacks_evaluation=True) is expected
    assert outcome_of(days, minutes) is (Outcome.COMPLETED if expected is Outcome.NOT_EVALUATED else expected)


@pytest.fixture
def held(make_held, make_module, alice, bob):
    """Module 2, which counts once it is evaluated, with Alice and Bob on it."""
    training_session = make_held(module=make_module("M2", number_label="Module 2", **RULE))
    for person in (alice, bob):
        book_places(person.id, [training_session.id], by=person.id)
    return training_session


@pytest.fixture
def over(held, keeper, clock_at):
    """The same, attended by both, with its register closed."""
    clock_at(2019, 1, 15, 12, 40)
    [first] = days_of(held)
    mark_everyone([first], by=keeper)
    close_register(first, by=keeper)
    return held


def evaluate(person, training_session):
    give_evaluation(person.id, person.organisation_id, training_session.id, USEFUL)


def attended(person, training_session):
    db.session.rollback()
    booking = select(Booking.attended).where(Booking.training_session_id == training_session.id)
    return db.session.scalar(booking.where(Booking.person_id == person.id))


def standing(person, training_session):
    """How somebody stands to a session's prerequisites now, and whether her place has lost its basis."""
    db.session.rollback()
    terms = terms_for([person.organisation_id])
    on = standpoints_of([person.id], terms)[person.id]
    state = on.standing(terms.modules[training_session.module_id], training_session.starts_at, clock.today()).state
    lost = select(Booking.lacks_basis_since).where(
        Booking.person_id == person.id, Booking.training_session_id == training_session.id
    )
    return str(state), db.session.scalar(lost) is not None


def told(person):
    """What somebody was told of registers and evaluations: the messages, the first first."""
    db.session.rollback()
    kinds = ("not_complete", "complete_after_all", "evaluation")
    wanted = select(OutboxMessage).where(OutboxMessage.person_id == person.id, OutboxMessage.kind.in_(kinds))
    return list(db.session.scalars(wanted.order_by(OutboxMessage.id)))


def faults():
    db.session.rollback()
    return [fault for check in CHECKS for fault in check.faults()]


def test_what_was_attended_counts_once_it_is_evaluated_and_dated_as_the_session(both, over, alice, bob, clock_at):
    assert (completions(), attended(alice, over), told(alice)) == ([], None, [])
    assert lacking_evaluation(alice.id) == {"M2": over.id}
    clock_at(2019, 2, 20, 9)
    evaluate(alice, over)

    assert completions() == [(alice.id, "M2", "2019-01-15", "register of 15 January 2019")]
    assert (attended(alice, over), attended(bob, over)) == (True, None)
    assert (lacking_evaluation(alice.id), lacking_evaluation(bob.id)) == ({}, {"M2": over.id})
    assert [each.title for each in certificates_of(alice.id)] == ["Module 2"]
    assert faults() == []


def test_what_rests_on_it_is_kept_while_the_evaluation_is_open(
    app, held, make_held, make_module, alice, bob, keeper, clock_at
):
    module = make_module("M3", needs=Completed("M2"))
    afternoon = make_held(module=module, starts_at=london(2019, 1, 29, 13, 30))
    for person in (alice, bob):
        book_places(person.id, [afternoon.id], by=person.id)
    clock_at(2019, 1, 15, 12, 40)
    [first] = days_of(held)
    mark([first], alice.id, ATTENDED, by=keeper)
    close_register(first, by=keeper, absent_rest=True)

    assert (standing(alice, afternoon), standing(bob, afternoon)) == (("in_hand", False), ("outstanding", True))
    evaluate(alice, held)
    assert standing(alice, afternoon) == ("met", False)


def test_an_evaluation_given_before_the_register_is_closed_counts_when_it_is(app, held, alice, bob, keeper, clock_at):
    clock_at(2019, 1, 15, 12, 40)
    [first] = days_of(held)
    mark_everyone([first], by=keeper)
    evaluate(alice, held)
    assert completions() == []
    close_register(first, by=keeper)

    assert [row[0] for row in completions()] == [alice.id]


def test_a_correction_takes_it_back_and_its_evaluation_stays_given(app, over, alice, keeper):
    evaluate(alice, over)
    [first] = days_of(over)
    for status, done in ((ABSENT, []), (ATTENDED, [alice.id])):
        reopen_register(first, by=keeper, reason="A name was wrong")
        mark([first], alice.id, status, by=keeper)
        close_register(first, by=keeper)
        assert [row[0] for row in completions()] == done
        assert faults() == []


def test_whoever_was_there_after_all_hears_that_only_the_evaluation_is_missing(app, held, alice, keeper, clock_at):
    clock_at(2019, 1, 15, 12, 40)
    [first] = days_of(held)
    close_register(first, by=keeper, absent_rest=True)
    reopen_register(first, by=keeper, reason="Alice came late")
    mark([first], alice.id, ATTENDED, by=keeper)
    close_register(first, by=keeper)
    evaluate(alice, held)

    assert [each.kind for each in told(alice)] == ["not_complete", "complete_after_all"]
    words = words_of("complete_after_all", told(alice)[1].facts, name="Alice", link_shown=True)
    assert words.subject == "Module 2 counts once you have said what you think"
    assert f"/sessions/{held.id}/evaluation" in words.body
    assert "is complete" not in words.body


def test_whoever_comes_without_a_booking_is_asked_too(app, held, make_person, keeper, clock_at):
    wanda = make_person("Wanda Walkin")
    clock_at(2019, 1, 15, 12, 40)
    [first] = days_of(held)
    add_drop_in([first], wanda.id, by=keeper)
    close_register(first, by=keeper, absent_rest=True)
    assert completions() == []
    evaluate(wanda, held)

    assert [row[0] for row in completions()] == [wanda.id]


def test_she_is_asked_for_as_long_as_it_does_not_count(app, over, alice, clock_at):
    clock_at(2019, 4, 30, 9)
    assert ask_for_evaluations() == 2
    [asked] = told(alice)
    words = words_of("evaluation", asked.facts, name="Alice", link_shown=True)
    assert words.subject == "Module 2 counts once you have said what you think"
    assert "It counts as done once you have said what you think of it." in words.body
    clock_at(2019, 12, 1, 9)
    assert [(each.path, each.counts_then) for each in evaluations_waiting(alice.id)] == [
        (f"/sessions/{over.id}/evaluation", True)
    ]
    evaluate(alice, over)
    assert evaluations_waiting(alice.id) == []


def test_whoever_missed_part_is_not_told_that_an_evaluation_makes_it_count(app, held, alice, keeper, clock_at):
    clock_at(2019, 1, 15, 12, 40)
    [first] = days_of(held)
    mark([first], alice.id, AttendanceStatus.PART_ATTENDED, 90, by=keeper)
    close_register(first, by=keeper, absent_rest=True)
    ask_for_evaluations()

    assert [each.counts_then for each in evaluations_waiting(alice.id)] == [False]
    words = words_of("evaluation", told(alice)[-1].facts, name="Alice", link_shown=True)
    assert (words.subject, "counts" in words.body) == ("What did you think of Module 2?", False)
    clock_at(2019, 12, 1, 9)
    assert evaluations_waiting(alice.id) == []
    evaluate(alice, held)
    assert completions() == []


def test_her_pages_say_that_it_counts_then_and_where(app, over, alice, manager, sign_in):
    ask_for_evaluations()
    path = f"/sessions/{over.id}/evaluation"
    client = sign_in(alice)
    session_page = client.get(f"/sessions/{over.id}").text
    assert 'data-attendance="not_evaluated"' in session_page
    assert "It counts once you have said what you think of it" in session_page
    assert session_page.count(f'href="{path}"') == 1
    for page in ("/", "/my/record"):
        assert f'href="{path}"' in client.get(page).text
    assert "Attended; counts once evaluated" in client.get("/my/record").text
    assert "It counts as done once you have answered." in client.get(path).text
    assert "then say what you think of it" in client.get("/modules/M2").text

    thanked = client.post(path, data=FOUR_TAPS, follow_redirects=True).text
    assert "Module 2 is complete and stands on your record" in thanked
    assert 'data-attendance="completed"' in thanked
    assert "Done on 15 January 2019" in client.get("/my/record").text
    assert path not in client.get("/").text


def test_her_manager_reads_what_is_missing_and_is_offered_no_evaluation(app, over, alice, manager, sign_in):
    page = sign_in(manager).get(f"/people/{alice.id}").text
    assert "Attended; counts once evaluated" in page
    assert "/evaluation" not in page


def test_the_register_says_when_it_counts(app, held, fay, keeper, sign_in, clock_at):
    clock_at(2019, 1, 15, 12, 40)
    [first] = days_of(held)
    client, path = sign_in(fay), f"/sessions/{held.id}/register"
    assert "has completed Module 2, once they have said what they think of it." in client.get(path).text
    mark_everyone([first], by=keeper)
    close_register(first, by=keeper)
    assert "once they have said what they think of it" in client.get(path).text


def test_nobody_can_accept_what_only_lacks_an_evaluation(app, over, alice, officer):
    with pytest.raises(RegisterRefused) as refused:
        accept_as_complete(over.id, alice.id, by=officer.id, reason="She is busy")
    assert refused.value.reasons == (Refusal.ATTENDED_ALL,)


def test_only_that_she_answered_is_linked_to_her(app, over, alice, bob):
    evaluate(alice, over)
    evaluate(bob, over)
    db.session.rollback()
    tables = (Evaluation.__table__.columns, RecordFact.__table__.columns)
    assert {column.name for column in tables[0]} & {"person_id", "record_fact_id", "given_at"} == set()
    facts = db.session.scalars(select(RecordFact)).all()
    assert not any(USEFUL.will_change in str(vars(fact)) for fact in facts)
    assert [fact.source for fact in facts] == ["register of 15 January 2019"] * 2


PACK = """
organisation: {code: gateshead, name: Gateshead Council}
version: %d
source: {title: A report, body: A committee, published: 2019-03, cites: [G-1]}
modules: [{code: M2, title: Questions, module_format: taught, completion_after_evaluation: %s}]
"""


@pytest.fixture
def adopted(app, scheme, clock_at):
    """A pack in whose version 2 Module 2 asks for no evaluation; adopt a later one by `adopted(3, "true")`."""

    def take(version, asks):
        db.session.rollback()
        adopt(PACK % (version, asks))
        return db.session.scalars(select(Module).where(Module.code == "M2")).one()

    clock_at(2019, 1, 2, 9)
    take(2, "false")
    return take


def test_what_was_over_before_the_rule_came_in_counts_without(adopted, make_held, alice, keeper, clock_at):
    module = adopted(2, "false")
    session = make_held(module=module, starts_at=FIRST)
    crowd_on(session, 1)
    clock_at(2019, 1, 15, 18)
    assert adopted(3, "true").evaluation_asked_from == london(2019, 1, 15, 18)
    [first] = days_of(session)
    mark_everyone([first], by=keeper)
    close_register(first, by=keeper)

    assert len(completions()) == 1
    assert faults() == []


def test_a_rule_that_stays_keeps_its_beginning(adopted, clock_at):
    adopted(3, "true")
    clock_at(2019, 1, 20, 9)
    assert adopted(4, "true").evaluation_asked_from == london(2019, 1, 2, 9)


def test_when_the_rule_goes_whoever_waited_for_it_has_completed(adopted, make_held, keeper, clock_at):
    session = make_held(module=adopted(3, "true"), starts_at=FIRST)
    [person_id] = crowd_on(session, 1)
    clock_at(2019, 1, 15, 18)
    [first] = days_of(session)
    mark_everyone([first], by=keeper)
    close_register(first, by=keeper)
    assert completions() == []
    assert adopted(4, "false").evaluation_asked_from is None

    assert [row[:3] for row in completions()] == [(person_id, "M2", "2019-01-15")]
    assert faults() == []


def test_the_doctor_finds_a_completion_without_its_evaluation(app, over, alice):
    evaluate(alice, over)
    db.session.execute(update(EvaluationRequest).values(has_answered=False))
    db.session.commit()
    assert faults() == [
        f"person {alice.id} has a completion by session {over.id} that its registers do not bear out",
        f"booking {booking_of(alice, over)} says attended: True, its registers say not_evaluated",
    ]
    db.session.execute(update(EvaluationRequest).values(has_answered=True))
    for table in (Certificate, RecordFact):
        db.session.execute(delete(table))
    db.session.commit()
    assert f"person {alice.id} completed session {over.id} by its registers, and the record lacks it" in faults()


def booking_of(person, training_session):
    wanted = select(Booking.id).where(Booking.training_session_id == training_session.id)
    return db.session.scalar(wanted.where(Booking.person_id == person.id))


def test_an_evaluation_asks_the_database_as_often_in_a_large_session(app, held, make_person, alice, keeper, clock_at):
    clock_at(2019, 1, 15, 12, 40)
    crowd = crowd_on(held, 10)
    [first] = days_of(held)
    mark_everyone([first], by=keeper)
    close_register(first, by=keeper)
    asked, organisation_id, session_id = [], alice.organisation_id, held.id
    for person_id in crowd[:2]:
        db.session.rollback()
        with queries() as seen:
            give_evaluation(person_id, organisation_id, session_id, USEFUL)
        asked.append([re.sub(r"\d+", "", each) for each in seen])
        crowd_on(held, 4)
        reopen_register(first, by=keeper, reason="More came")
        mark_everyone([first], by=keeper)
        close_register(first, by=keeper)

    assert len(asked[0]) == len(asked[1])


def test_the_record_asks_as_often_for_many_sessions_as_for_one(app, make_held, make_module, alice, keeper, clock_at):
    clock_at(2019, 1, 15, 12, 40)
    counts = []
    for code in ("A1", "A2", "A3"):
        session = make_held(module=make_module(code, **RULE))
        [first] = days_of(session)
        add_drop_in([first], alice.id, by=keeper)
        close_register(first, by=keeper)
        with queries() as seen:
            lacking_evaluation(alice.id)
        counts.append(len(seen))

    assert set(lacking_evaluation(alice.id)) == {"A1", "A2", "A3"}
    assert len(set(counts)) == 1
