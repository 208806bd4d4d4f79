"""What those who came thought of it: four taps, once, without a name, and never shown for fewer than five (S-7)."""

from __future__ import annotations

import csv
import io
import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from cpd.attendance.evaluation.asking import ask_for_evaluations, ask_whether_used
from cpd.attendance.evaluation.models import Evaluation, LaterEvaluation
from cpd.attendance.evaluation.results import Wanted, results_csv, results_of, results_page
from cpd.attendance.evaluation.rules import (
    FEWEST_SHOWN,
    Refusal,
    Results,
    Tally,
    Used,
    finished_between,
    refusal_of,
    shown_uses,
    tallied,
)
from cpd.attendance.evaluation.service import (
    Answer,
    EvaluationRefused,
    evaluations_waiting,
    give_evaluation,
    give_later_evaluation,
)
from cpd.attendance.models import EvaluationRequest
from cpd.attendance.registers import Keeper
from cpd.attendance.rules import AttendanceStatus
from cpd.attendance.service import add_drop_in, close_register, mark, mark_everyone, reopen_register
from cpd.catalogue.models import Programme, ProgrammeElement
from cpd.record.service import FactSaid, add_fact
from cpd.requirements.record import FactKind
from cpd.shared.database import db
from cpd.shared.outbox import OutboxMessage
from cpd.shared.roles import Role
from cpd.timetable.models import SessionFacilitator
from tests.attendance.conftest import crowd_on, days_of
from tests.cast import LONG_AGO, london, saved
from tests.home.test_query_counts import queries

ENDS = london(2019, 1, 15, 12, 30)
FOUR_TAPS = {"confidence_before": "2", "confidence_after": "4", "usefulness": "5"}
USEFUL = Answer(2, 4, 5, "Draw genograms")


@pytest.mark.parametrize(
    ("now", "facts", "expected"),
    [
        (ENDS, {"was_there": True, "has_answered": False}, None),
        (ENDS - timedelta(seconds=1), {"was_there": True, "has_answered": False}, Refusal.NOT_OVER),
        (ENDS, {"was_there": False, "has_answered": False}, Refusal.NOT_THERE),
        (ENDS, {"was_there": True, "has_answered": True}, Refusal.ALREADY_GIVEN),
        (ENDS, {"was_there": False, "has_answered": True}, Refusal.ALREADY_GIVEN),
    ],
    ids=["as it ends", "a second before", "was not there", "twice", "corrected since she answered"],
)
def test_an_evaluation_is_taken_or_refused(now, facts, expected):
    assert refusal_of(ENDS, now, **facts) is expected


def test_answers_are_counted_and_their_means_worked_out():
    found = tallied([(1, 3, 5, 2), (3, 5, 5, 2)])

    assert found == Results(Tally((2, 0, 2, 0, 0)), Tally((0, 0, 2, 0, 2)), Tally((0, 0, 0, 0, 4)))
    assert (found.answers, found.before.mean_words, found.gain) == (4, "2.0", "+2.0")
    assert (found + found).answers == 8
    assert Results().gain == "+0.0"


@pytest.mark.parametrize(("sometimes", "is_shown"), [(FEWEST_SHOWN - 1, False), (FEWEST_SHOWN, True)])
def test_what_fewer_than_five_have_said_is_not_shown(sometimes, is_shown):
    assert (shown_uses({Used.SOMETIMES: sometimes}) is not None) is is_shown


def test_a_programme_is_asked_about_three_months_after_its_end():
    assert finished_between(date(2019, 5, 31)) == (date(2019, 2, 17), date(2019, 2, 28))


@pytest.fixture
def over(held, alice, fay, clock_at):
    """Module 2, attended by Alice and not by Bob, with its register closed."""
    clock_at(2019, 1, 15, 12, 40)
    [day] = days_of(held)
    mark([day], alice.id, AttendanceStatus.ATTENDED, by=Keeper(fay.id))
    close_register(day, by=Keeper(fay.id), absent_rest=True)
    return held


def answers():
    db.session.rollback()
    return list(db.session.scalars(select(Evaluation)))


def told(kind):
    db.session.rollback()
    wanted = select(OutboxMessage.person_id).where(OutboxMessage.kind == kind)
    return sorted(db.session.scalars(wanted))


def all_attend(training_session, people, fay):
    """Let a crowd attend a session, and close its register."""
    db.session.rollback()
    crowd = crowd_on(training_session, people)
    for day in days_of(training_session):
        mark_everyone([day], by=Keeper(fay.id))
        close_register(day, by=Keeper(fay.id))
    return crowd


def all_say(training_session, people, answer=USEFUL):
    for person_id in people:
        give_evaluation(person_id, training_session.organisation_id, training_session.id, answer)
    db.session.rollback()


def test_an_answer_is_kept_once_and_leads_back_to_nobody(both, over, alice):
    give_evaluation(alice.id, alice.organisation_id, over.id, USEFUL)
    with pytest.raises(EvaluationRefused) as refused:
        give_evaluation(alice.id, alice.organisation_id, over.id, USEFUL)

    assert refused.value.reason is Refusal.ALREADY_GIVEN
    [said] = answers()
    assert (said.confidence_before, said.confidence_after, said.usefulness) == (2, 4, 5)
    columns = {column.name for column in Evaluation.__table__.columns}
    assert {name for name in columns if "person" in name or name.endswith(("_at", "_on", "_by_id"))} == set()
    assert {key.column.table.name for key in Evaluation.__table__.foreign_keys} == {"organisation", "training_session"}


def test_whoever_was_not_there_cannot_evaluate(app, over, bob, stranger):
    with pytest.raises(EvaluationRefused) as refused:
        give_evaluation(bob.id, bob.organisation_id, over.id, USEFUL)
    assert refused.value.reason is Refusal.NOT_THERE
    with pytest.raises(LookupError):
        give_evaluation(stranger.id, stranger.organisation_id, over.id, USEFUL)
    assert answers() == []


def test_part_of_a_day_is_enough_to_say_something(app, held, alice, fay, clock_at):
    clock_at(2019, 1, 15, 12, 40)
    mark(days_of(held), alice.id, AttendanceStatus.PART_ATTENDED, 60, by=Keeper(fay.id))
    give_evaluation(alice.id, alice.organisation_id, held.id, USEFUL)
    assert len(answers()) == 1


def test_it_is_asked_for_once_when_the_registers_are_closed(both, make_held, alice, bob, fay, clock_at):
    session = make_held("M6", days=2)
    db.session.rollback()
    first, second = days_of(session)
    clock_at(2019, 1, 15, 12, 40)
    add_drop_in([first], alice.id, by=Keeper(fay.id))
    close_register(first, by=Keeper(fay.id))
    clock_at(2019, 1, 16, 12, 40)
    assert ask_for_evaluations() == 0  # the second day's is open
    close_register(second, by=Keeper(fay.id), absent_rest=True)
    assert (ask_for_evaluations(), ask_for_evaluations()) == (1, 0)
    assert told("evaluation") == [alice.id]
    assert [each.path for each in evaluations_waiting(alice.id)] == [f"/sessions/{session.id}/evaluation"]
    give_evaluation(alice.id, alice.organisation_id, session.id, USEFUL)
    db.session.rollback()
    assert evaluations_waiting(alice.id) == []


def test_who_has_answered_before_is_not_asked(app, over, alice):
    give_evaluation(alice.id, alice.organisation_id, over.id, USEFUL)
    assert ask_for_evaluations() == 0


def test_who_was_not_there_after_all_is_asked_no_more(app, over, alice, bob, fay):
    assert ask_for_evaluations() == 1
    [day] = days_of(over)
    reopen_register(day, by=Keeper(fay.id), reason="It was Bob")
    mark([day], alice.id, AttendanceStatus.ABSENT, by=Keeper(fay.id))
    mark([day], bob.id, AttendanceStatus.ATTENDED, by=Keeper(fay.id))
    close_register(day, by=Keeper(fay.id))

    assert ask_for_evaluations() == 1
    assert evaluations_waiting(alice.id) == []
    assert len(evaluations_waiting(bob.id)) == 1


def test_nobody_is_asked_about_what_was_long_ago(app, over, clock_at):
    clock_at(2019, 1, 29, 12, 31)
    assert ask_for_evaluations() == 0


@pytest.fixture
def finished(organisation, scheme, alice, bob, make_module):
    """A programme of two modules, which Alice finished on 1 February; Bob did one of them."""
    programme = saved(
        Programme(
            organisation_id=organisation.id, scheme_version_id=scheme.id, code="systemic", title="Systemic practice"
        )
    )
    for position, code in enumerate(("P1", "P2")):
        module = make_module(code)
        saved(ProgrammeElement(programme_id=programme.id, module_id=module.id, position=position, is_mandatory=True))
    return programme


def has_done(person, code, on):
    said = FactSaid(
        person_id=person.id, kind=FactKind.COMPLETED, subject=code, happened_on=on, source_kind="import", source="x"
    )
    add_fact(said, by=None)


def test_three_months_after_a_programme_one_question_is_asked_once(both, finished, alice, bob, clock_at):
    clock_at(2019, 3, 1, 9)
    has_done(alice, "P1", date(2019, 1, 10))
    has_done(alice, "P2", date(2019, 2, 1))
    has_done(bob, "P2", date(2019, 2, 1))
    clock_at(2019, 4, 30, 9)
    assert ask_whether_used() == 0
    clock_at(2019, 5, 1, 9)
    assert (ask_whether_used(), ask_whether_used()) == (1, 0)
    assert told("evaluation_later") == [alice.id]
    assert [each.path for each in evaluations_waiting(alice.id)] == ["/my/evaluations/systemic"]

    give_later_evaluation(alice.id, "systemic", Used.OFTEN, "In supervision")
    with pytest.raises(EvaluationRefused):
        give_later_evaluation(alice.id, "systemic", Used.NEVER, "")
    with pytest.raises(LookupError):
        give_later_evaluation(bob.id, "systemic", Used.NEVER, "")
    db.session.rollback()
    assert [each.used for each in db.session.scalars(select(LaterEvaluation))] == ["often"]


def test_results_are_shown_from_five_answers_on(both, make_held, fay, clock_at):
    session = make_held("M2")
    clock_at(2019, 1, 15, 12, 40)
    crowd = all_attend(session, 6, fay)
    ask_for_evaluations()
    all_say(session, crowd[:4])
    wanted = Wanted(session.organisation_id)
    [found] = results_of(wanted)
    assert (found.asked, found.results) == (6, None)
    page = results_page(wanted, officer=True)
    assert (page.in_all.answers, page.words, [rows for _, rows in page.groups]) == (0, [], [[], [], []])

    all_say(session, crowd[4:5], Answer(1, 1, 1))
    page = results_page(wanted, officer=True)
    assert (page.in_all.answers, len(page.words)) == (5, 4)
    assert {title: [name for name, _ in rows] for title, rows in page.groups} == {
        "By module": ["Module M2"],
        "By facilitator": ["Fay Facilitator"],
        "By month": ["January 2019"],
    }


def test_no_filter_parts_one_answer_from_the_others(app, make_held, make_module, fay, clock_at):
    """Whatever is chosen, what is shown is made of whole sessions of five or more, and so is any difference."""
    module = make_module("M2", number_label="Module 2")
    large, small = (make_held(module=module, starts_at=london(2019, 1, day, 9, 30)) for day in (15, 16))
    clock_at(2019, 1, 16, 12, 40)
    for session, people in ((large, 5), (small, 1)):
        crowd = all_attend(session, people, fay)
        all_say(session, crowd)
    counts = set()
    for since, until in ((None, None), (date(2019, 1, 15), date(2019, 1, 15)), (date(2019, 1, 16), None)):
        page = results_page(Wanted(large.organisation_id, fay.id, "M2", since, until), officer=True)
        counts.add(page.in_all.answers)
        assert len(page.words) == page.in_all.answers
    assert counts == {0, 5}


def sessions_on(page):
    assert page.status_code == 200
    return [int(number) for number in re.findall(r'data-session="(\d+)"', page.text)]


def test_a_facilitator_sees_the_results_of_her_own_sessions_only(
    app, make_held, fay, officer, make_person, sign_in, clock_at
):
    mine = make_held("M2")
    others = make_held("M3", starts_at=london(2019, 1, 15, 9, 30))
    other = make_person("Otto Other", Role.FACILITATOR)
    facilitators = select(SessionFacilitator).where(SessionFacilitator.training_session_id == others.id)
    db.session.scalars(facilitators).one().person_id = other.id
    db.session.commit()
    clock_at(2019, 1, 15, 12, 40)
    for session in (mine, others):
        all_say(session, all_attend(session, 5, fay))

    for query in ("", f"?facilitator={other.id}", "?facilitator=x"):
        assert sessions_on(sign_in(fay).get(f"/evaluations{query}")) == [mine.id]
        assert "Module M3" not in sign_in(fay).get(f"/evaluations.csv{query}").text
    everything = sign_in(officer).get("/evaluations")
    assert sorted(sessions_on(everything)) == sorted((mine.id, others.id))
    assert "Otto Other" in everything.text
    assert sessions_on(sign_in(officer).get(f"/evaluations?facilitator={other.id}")) == [others.id]
    assert sessions_on(sign_in(officer).get("/evaluations?facilitator=x")) == []


def test_results_are_a_table_for_a_spreadsheet_without_what_may_not_be_shown(app, make_held, fay, clock_at):
    shown, hidden = make_held("M2"), make_held("M3", starts_at=london(2019, 1, 14, 9, 30))
    clock_at(2019, 1, 15, 12, 40)
    for session, people in ((shown, 5), (hidden, 2)):
        all_say(session, all_attend(session, people, fay))
    rows = list(csv.DictReader(io.StringIO(results_csv(results_of(Wanted(shown.organisation_id))).decode("utf-8-sig"))))

    assert [(row["module"], row["asked"], row["answered"]) for row in rows] == [
        ("M2", "5", "5"),
        ("M3", "2", "fewer than 5"),
    ]
    assert [row["usefulness_5"] for row in rows] == ["5", None]


def test_results_ask_as_often_for_many_sessions_as_for_one(
    app, make_held, make_module, officer, fay, sign_in, clock_at
):
    module = make_module("M2", number_label="Module 2")
    client, counts = sign_in(officer), []
    clock_at(2019, 1, 20, 12, 40)
    for sessions in (1, 4):
        for _ in range(sessions):
            session = make_held(module=module)
            all_say(session, all_attend(session, 5, fay))
        client.get("/evaluations")
        with queries() as seen:
            assert client.get("/evaluations").status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 12


def test_somebody_evaluates_in_four_taps(app, over, alice, sign_in):
    ask_for_evaluations()
    client, path = sign_in(alice), f"/sessions/{over.id}/evaluation"
    assert f'href="{path}"' in client.get("/").text
    assert f'href="{path}"' in client.get(f"/sessions/{over.id}").text
    assert client.get(path).text.count('type="radio"') == 15
    missing = client.post(path, data={"confidence_before": "2", "usefulness": "6"})
    assert missing.status_code == 422
    assert "Choose how confident you are now" in missing.text
    assert "Choose how useful it is for your work" in missing.text

    thanked = client.post(path, data=FOUR_TAPS, follow_redirects=True)
    assert "Your answers are kept without your name" in thanked.text
    again = client.get(path)
    assert (again.status_code, 'data-reason="already_given"' in again.text) == (409, True)
    assert client.post(path, data=FOUR_TAPS).status_code == 409
    assert path not in client.get("/").text
    assert len(answers()) == 1


def test_pages_refuse_whoever_was_not_there_or_asked(app, over, bob, stranger, finished, sign_in):
    path = f"/sessions/{over.id}/evaluation"
    refused = sign_in(bob).post(path, data=FOUR_TAPS)
    assert (refused.status_code, 'data-reason="not_there"' in refused.text) == (409, True)
    assert sign_in(stranger).get(path).status_code == 404
    assert sign_in(bob).get("/my/evaluations/systemic").status_code == 404
    assert sign_in(bob).get("/evaluations").status_code == 403
    assert answers() == []


def test_the_later_question_is_answered_on_its_page(app, finished, alice, sign_in, clock_at):
    clock_at(2019, 5, 1, 9)
    has_done(alice, "P1", date(2019, 1, 10))
    has_done(alice, "P2", date(2019, 2, 1))
    ask_whether_used()
    client, path = sign_in(alice), "/my/evaluations/systemic"
    assert "Systemic practice: have you used it?" in client.get("/").text
    assert client.post(path, data={}).status_code == 422
    assert client.post(path, data={"used": "often", "example": "In court"}).status_code == 303
    assert client.get(path).status_code == 409


def test_who_was_asked_and_has_answered_says_not_what(app, over, alice):
    give_evaluation(alice.id, alice.organisation_id, over.id, USEFUL)
    db.session.rollback()
    [request] = db.session.scalars(select(EvaluationRequest)).all()
    assert request.has_answered
    assert {column.name for column in EvaluationRequest.__table__.columns} == {
        "id",
        "organisation_id",
        "person_id",
        "training_session_id",
        "programme_id",
        "asked_at",
        "has_answered",
    }
    assert request.asked_at > LONG_AGO
