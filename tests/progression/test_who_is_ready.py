"""Who is ready for the next level: what is done, what is ahead, what is still to do, and what nobody here can know."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from cpd.booking.models import Booking
from cpd.catalogue.models import Module
from cpd.people.away import Away, AwayKind, record_away
from cpd.progression.pathways import reading, service
from cpd.progression.pathways.rules import NotOnAWay, Verdict
from cpd.requirements.evaluator import RecordIndex, State, standing_of
from cpd.requirements.record import FactKind
from cpd.shared.database import db
from tests.cast import LONG_AGO, london, saved
from tests.home.test_query_counts import queries
from tests.progression.careers import NEWER, adopt, completed, day, observed, put_on, say, standing

YEAR = day("2019-01-01")


def lines(person, on=None):
    """How each line of somebody's only way stands, by its code."""
    (way,) = standing(person, on).transitions
    return {line.criterion.code: line.standing.state for line in way.lines}


def module(code):
    return db.session.query(Module).filter_by(code=code).one()


@pytest.fixture
def book(make_session):
    """Give somebody a place on a session of a module: `book(nell, "C1", london(...))`."""

    def place(person, code, starts_at):
        training_session = make_session(module(code), starts_at)
        return saved(
            Booking(
                organisation_id=person.organisation_id,
                person_id=person.id,
                training_session_id=training_session.id,
                status="confirmed",
                booked_by_id=person.id,
                request_number=1,
                requested_at=LONG_AGO,
                confirmed_at=LONG_AGO,
            )
        )

    return place


def test_whoever_has_everything_is_ready_since_the_last_of_it(app, careers, nell):
    completed(nell, "C1")
    observed(nell)
    (way,) = standing(nell).transitions

    assert way.verdict is Verdict.READY
    assert way.ready_since == YEAR  # the year ended after everything else


@pytest.mark.parametrize(("on", "expected"), [("2018-12-31", Verdict.EXPECTED), ("2019-01-01", Verdict.READY)])
def test_the_day_before_the_year_is_over_is_not_a_year(app, careers, nell, on, expected):
    completed(nell, "C1")
    observed(nell)

    assert standing(nell, day(on)).transitions[0].verdict is expected


def test_what_only_time_is_missing_for_is_expected_on_the_day(app, careers, nell):
    completed(nell, "C1")
    observed(nell)
    (way,) = standing(nell, day("2018-09-03")).transitions

    assert (way.verdict, way.expected_on) == (Verdict.EXPECTED, YEAR)


def test_what_is_booked_is_in_hand_and_says_when(app, careers, nell, book):
    observed(nell)
    book(nell, "C1", london(2019, 3, 15, 9, 30))
    (way,) = standing(nell).transitions

    assert lines(nell) == {"year": State.MET, "court": State.IN_HAND, "seen": State.MET}
    assert (way.verdict, way.expected_on) == (Verdict.EXPECTED, day("2019-03-15"))


def test_whoever_lacks_anything_that_nothing_brings_has_something_to_do(app, careers, nell, book):
    book(nell, "C1", london(2019, 3, 15, 9, 30))
    (way,) = standing(nell).transitions

    assert (way.verdict, way.expected_on) == (Verdict.TO_DO, None)


def test_what_will_have_lapsed_by_then_is_not_expected(app, careers, nell):
    completed(nell, "C1")
    say(nell, FactKind.EVIDENCE, "observation", "2018-07-01", ends_on=day("2018-12-01"))

    assert standing(nell, day("2018-09-03")).transitions[0].verdict is Verdict.TO_DO


def test_workshops_are_counted_with_those_booked_and_are_in_nobodys_way(app, careers, nell, book):
    completed(nell, "C1")
    observed(nell)
    completed(nell, "W1")
    book(nell, "W2", london(2019, 3, 15, 9, 30))
    (way,) = standing(nell).transitions
    (flag,) = way.flags

    assert way.verdict is Verdict.READY
    assert [fact.subject for fact in flag.standing.by] == ["W1", "W2"]


def test_where_no_criteria_are_published_nobody_is_called_ready(app, careers, abel):
    assert standing(abel).transitions[0].verdict is Verdict.NO_CRITERIA


def test_what_lies_before_the_first_post_is_not_known(app, careers, abel):
    found = standing(abel)

    assert (found.level_since, found.is_first_known, found.passed) == (day("2018-01-01"), True, ())


def test_time_in_a_level_that_somebody_came_in_above_is_not_known_and_never_to_do(app, organisation, abel):
    adopt(
        (
            "        cites: [W-3]\n        steps:",
            "        cites: [W-3]\n        criteria:\n"
            "          - {code: past, title: A year as newly qualified, requirement: "
            "{time_in_career_level: {career_level: new, months: 12}}}\n        steps:",
        )
    )
    (line,) = standing(abel).transitions[0].lines

    assert line.standing.state is State.OUTSTANDING
    assert not line.is_known


def test_a_career_break_is_taken_off_where_the_rules_say_so(app, organisation, nell, officer):
    qualified = "requirement: {years_qualified: {years: 3, deduct_breaks: true}}"
    adopt(("requirement: {time_in_career_level: {career_level: new, months: 12}}", qualified))
    nell.qualified_on = day("2015-09-01")
    db.session.commit()
    record_away(nell.id, Away(AwayKind.CAREER_BREAK, day("2016-01-01"), day("2016-12-31")), by=officer.id)

    assert lines(nell)["year"] is State.OUTSTANDING
    assert lines(nell, day("2019-08-31"))["year"] is State.OUTSTANDING  # without the break it was 1 September 2018
    assert lines(nell, day("2019-09-01"))["year"] is State.MET


@pytest.mark.parametrize("staff_type", ["agency", "partner", "student", "apprentice"])
def test_other_than_employees_do_not_progress(app, careers, make_person, staff_type):
    person = make_person(career_level="new", staff_type=staff_type)

    assert standing(person).why_not is NotOnAWay.STAFF_TYPE


def test_why_somebody_is_on_no_way(app, make_person, organisation):
    person, other = make_person(), make_person(career_level="chief")
    assert standing(person).why_not is NotOnAWay.NO_SCHEME
    adopt()

    assert standing(person).why_not is NotOnAWay.NO_LEVEL
    assert standing(other).why_not is NotOnAWay.NO_PATHWAY
    assert standing(person, day("2017-12-31")).why_not is NotOnAWay.NO_POST


def test_everybody_is_read_by_her_own_rules(app, careers, nell, make_person):
    put_on(nell)
    adopt(NEWER, ("requirement: {completed: C1}", "requirement: {completed: W1}"))
    later = make_person("Later", career_level="new")
    for person in (nell, later):
        completed(person, "C1")

    assert lines(nell)["court"] is State.MET
    assert lines(later)["court"] is State.OUTSTANDING


def test_what_is_shown_is_the_evaluators_answer(app, careers, nell, book):
    completed(nell, "C1")
    book(nell, "W1", london(2019, 3, 15, 9, 30))
    look = reading.Look([nell.id], day("2019-01-02"))
    (way,) = look.readiness(nell.id).transitions

    for line in (*way.lines, *way.flags):
        asked = RecordIndex(look.record(nell.id))
        assert line.standing == standing_of(line.criterion.asked, asked, day("2019-01-02"))


def test_a_hundred_people_take_as_many_queries_as_one(both, careers, make_person):
    people = [make_person(career_level="new").id for _ in range(100)]
    put_on_all = service.settle_enrolments(people)
    today = date(2019, 1, 2)
    service.readiness_of(people[:1], today)
    with queries() as for_one:
        service.readiness_of(people[:1], today)
    with queries() as for_all:
        found = service.readiness_of(people, today)

    assert put_on_all == len(found) == 100
    assert len(for_one) == len(for_all) <= 12, "\n".join(for_all)


def test_time_goes_on_by_the_month(app, careers, nell):
    assert standing(nell).months_in_level == 12
    assert standing(nell, YEAR - timedelta(days=1)).months_in_level == 11
