"""Enrolling, pausing, coming back, giving longer and ending: what each act does, and every reason against it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Barrier
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from cpd.diary.models import DiaryEntry
from cpd.people.models import Post
from cpd.progression.early import learning_sets, reviews, service
from cpd.progression.early.course import PauseKind
from cpd.progression.early.enrolled import find_enrolled
from cpd.progression.early.models import PausePeriod
from cpd.progression.early.reading import summary_of, supported_by, waiting_count
from cpd.progression.early.refusal import EarlyRefused
from cpd.progression.early.rules import Fault, Outcome, RelationshipKind
from cpd.progression.early.supporting import end_support, support
from cpd.record import service as record
from cpd.requirements.record import FactKind
from cpd.shared.clock import in_london
from cpd.shared.database import db
from cpd.shared.history import AuditEvent
from cpd.shared.roles import Role
from tests.cast import london
from tests.progression.careers import say
from tests.progression.early_fixtures import assessor, first_years, mentor, ned, nell, year
from tests.progression.early_years import adopt, day, due, live, paused, put_on, state, told

__all__ = ["assessor", "first_years", "mentor", "ned", "nell", "year"]


def at_once(app, *acts):
    """Do these things at the same moment, each in a context of its own; returns what each came to."""
    ready = Barrier(len(acts))
    db.session.remove()

    def one(act):
        with app.app_context():
            ready.wait()
            try:
                return act()
            finally:
                db.session.remove()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


def refused(act, *arguments, **named):
    with pytest.raises(EarlyRefused) as refusal:
        act(*arguments, **named)
    db.session.rollback()
    return refusal.value.faults


def diary_of(person):
    db.session.rollback()
    wanted = select(DiaryEntry).where(DiaryEntry.person_id == person.id, DiaryEntry.cancelled_at.is_(None))
    rows = db.session.scalars(wanted.order_by(DiaryEntry.starts_at, DiaryEntry.title))
    return [f"{in_london(row.starts_at):%Y-%m-%d} {row.title}" for row in rows]


def test_several_are_enrolled_at_once_by_the_rules_of_the_day(both, first_years, nell, ned, officer):
    enrolments = put_on(nell, ned, by=officer)

    assert {each.person for each in enrolments} == {"Ned Newly", "Nell Newly"}
    assert live(nell).scheme_version_id == first_years.id
    assert told(nell) == told(ned) == ["early_enrolled"]


def test_one_who_cannot_start_keeps_all_from_starting_and_each_reason_is_said(app, first_years, nell, abel_, officer):
    with pytest.raises(EarlyRefused) as refusal:
        put_on(nell, abel_, by=officer)

    assert refusal.value.people == {abel_.id: [Fault.NO_LEVEL]}
    assert live(nell) is None


@pytest.fixture
def abel_(make_person, manager):
    return make_person("Abel Able", career_level="able", manager=manager)


def test_a_programme_begins_on_the_first_working_day_in_the_level_unless_another_is_said(
    app, first_years, nell, officer
):
    assert put_on(nell, by=officer, starts_on=None)[0].course.starts_on == day("2018-01-01")


def test_the_scheme_can_count_from_registration(app, organisation, nell, officer):
    adopt(("    months: [12, 12]\n", "    months: [12, 12]\n    starts_with: registration\n"))
    with pytest.raises(EarlyRefused) as refusal:
        put_on(nell, by=officer, starts_on=None)
    assert refusal.value.people == {nell.id: [Fault.NO_START]}

    nell.registered_on = day("2018-09-03")
    db.session.commit()
    assert put_on(nell, by=officer, starts_on=None)[0].course.starts_on == day("2018-09-03")


@pytest.mark.parametrize(
    ("programme", "starts_on", "offered"),
    [
        ("ecdp", "2027-08-31", False),
        ("ecdp", "2027-09-01", True),
        ("asye", "2028-08-31", True),
        ("asye", "2028-09-01", False),
    ],
)
def test_two_programmes_stand_side_by_side_for_a_year(app, first_years, nell, officer, programme, starts_on, offered):
    if offered:
        assert put_on(nell, by=officer, programme=programme, starts_on=starts_on)
        return
    with pytest.raises(EarlyRefused) as refusal:
        put_on(nell, by=officer, programme=programme, starts_on=starts_on)
    assert refusal.value.people == {nell.id: [Fault.NOT_OFFERED]}


def test_nobody_is_on_two_programmes_and_of_two_who_enrol_her_one_wins(both, first_years, nell, officer):
    def enrol():
        try:
            put_on(nell, by=officer)
        except EarlyRefused as refusal:
            return refusal.people
        return "enrolled"

    results = at_once(both, enrol, enrol)

    assert sorted(map(str, results)) == sorted(["enrolled", str({nell.id: [Fault.ENROLLED_ALREADY]})])


def test_an_older_version_of_the_pack_stays_hers(app, year, nell):
    three = "{code: three, title: Three-month review, month: 3}"
    adopt(("version: 2", "version: 3"), (three, "{code: four, title: Four-month review, month: 4}"))

    assert [each.code for each in live(nell).programme.review_points][1] == "three"


def test_a_pause_moves_what_is_due_and_tells_those_concerned(both, year, nell, assessor, manager, officer):
    paused(year, "2018-12-10", "2018-12-20", by=officer)

    assert (due(year, "three"), due(year, "final")) == ("2019-01-11", "2019-10-11")
    assert told(nell)[-1] == told(assessor)[-1] == told(manager)[-1] == "early_dates_moved"


def test_a_returner_joins_a_later_cohort(app, year, nell, officer, organisation, clock_at):
    later = service.make_cohort(organisation.id, "asye", "September 2019", day("2019-09-01"), by=officer.id)
    paused(year, "2018-12-10", by=officer)
    assert state(year, "three") == "paused"
    clock_at(2019, 9, 2, 9)
    service.rejoin(year.id, day("2019-09-02"), later, by=officer.id)

    now = live(nell)
    assert (now.cohort, now.course.starts_on) == ("September 2019", day("2018-10-01"))
    assert due(year, "three") == "2019-09-24"  # 266 days later
    rows = db.session.scalars(select(PausePeriod).order_by(PausePeriod.id)).all()
    assert [(row.back_on, row.superseded_at is None) for row in rows] == [(None, False), (day("2019-09-02"), True)]


@pytest.mark.parametrize(
    ("first", "back", "fault"),
    [
        ("2018-09-30", "2018-10-02", Fault.BEFORE_THE_START),
        ("2018-11-10", "2018-11-10", Fault.BACK_FIRST),
        ("2018-11-19", "2018-11-25", Fault.OVERLAPS),
        ("2018-11-01", "2018-11-11", Fault.OVERLAPS),
        ("2018-11-01", None, Fault.OVERLAPS),
        ("2020-02-01", "2020-02-03", Fault.AHEAD),
    ],
)
def test_a_pause_that_does_not_fit_is_refused(app, year, officer, first, back, fault):
    paused(year, "2018-11-10", "2018-11-20", by=officer)

    assert refused(paused, year, first, back, by=officer) == [fault]


def test_one_pause_may_follow_another_directly(app, year, officer):
    paused(year, "2018-11-10", "2018-11-20", by=officer)
    paused(year, "2018-11-20", "2018-11-25", by=officer)

    assert due(year, "three") == "2019-01-16"


def test_of_two_who_pause_her_at_once_one_is_refused(both, year, officer):
    whoever = SimpleNamespace(id=officer.id)

    def act():
        try:
            return paused(year, "2018-11-10", by=whoever) > 0
        except EarlyRefused:
            return False

    assert sorted(at_once(both, act, act)) == [False, True]


def test_a_pause_that_was_a_slip_is_taken_back_for_a_reason(app, year, officer):
    number = paused(year, "2018-12-10", "2018-12-20", by=officer)

    assert refused(service.withdraw_pause, year.id, number, reason=" ", by=officer.id) == [Fault.NO_REASON]
    service.withdraw_pause(year.id, number, reason="It was somebody else", by=officer.id)
    assert due(year, "three") == "2019-01-01"


def test_an_extension_needs_a_reason_and_moves_the_end_only(both, year, nell, officer):
    assert refused(service.extend, year.id, 4, day("2019-01-02"), reason="", by=officer.id) == [Fault.NO_REASON]
    assert refused(service.extend, year.id, 105, day("2019-01-02"), reason="x", by=officer.id) == [Fault.TOO_LONG]
    service.extend(year.id, 10, day("2019-01-02"), reason="She works three days a week", by=officer.id)

    assert (due(year, "six"), due(year, "final"), due(year, "self-end")) == ("2019-04-01", "2019-12-10", "2019-12-10")


def test_part_time_work_alone_moves_nothing(app, year, nell):
    db.session.query(Post).filter_by(person_id=nell.id).update({"fte": 0.5})
    db.session.commit()

    assert due(year, "final") == "2019-10-01"


def outcome(person, value, on, subject="moderation"):
    return say(person, FactKind.OUTCOME, subject, on, value=value)


def test_the_panels_word_ends_the_programme_and_taken_back_lets_it_go_on(both, year, nell, clock_at):
    clock_at(2019, 10, 20, 9)
    fact = outcome(nell, "pass", "2019-10-15")
    assert live(nell) is None
    assert state(year, "final") == "over"
    assert diary_of(nell) == []

    record.withdraw_fact(fact, by=None, reason="It was another case")
    assert live(nell).ended is None
    assert state(year, "final") == "late"


def test_not_yet_goes_on_and_a_later_word_counts(app, year, nell, clock_at):
    clock_at(2019, 12, 20, 9)
    outcome(nell, "deferred_with_support", "2019-10-15")
    assert live(nell)
    outcome(nell, "fail", "2019-12-16")
    assert live(nell) is None


def test_a_word_from_before_the_start_ends_nothing(app, first_years, nell, officer):
    outcome(nell, "fail", "2018-06-01")
    put_on(nell, by=officer)
    outcome(nell, "pass", "2018-06-01", subject="somebody-else")

    assert live(nell)


def test_what_a_panel_says_of_a_second_go_leaves_the_first_as_it_ended(both, year, nell, officer, clock_at):
    clock_at(2019, 10, 20, 9)
    failed = outcome(nell, "fail", "2019-10-15")
    [second] = put_on(nell, by=officer, starts_on="2019-10-20")

    say(nell, FactKind.COMPLETED, "W1", "2019-10-18")
    assert live(nell).id == second.id
    clock_at(2020, 10, 20, 9)
    passed = outcome(nell, "pass", "2020-10-15")
    assert live(nell) is None
    assert endings(year, second) == [("failed", "2019-10-15"), ("passed", "2020-10-15")]

    record.withdraw_fact(failed, by=None, reason="It was another case")
    assert live(nell) is None
    record.withdraw_fact(passed, by=None, reason="It was another case")
    assert live(nell).id == second.id
    outcome(nell, "pass", "2019-10-15")
    assert endings(year, second) == [("passed", "2019-10-15"), None]


def endings(*found):
    """How programmes have ended, and when."""
    db.session.rollback()
    ended = [find_enrolled(each.id).ended for each in found]
    return [(str(each.outcome), each.on.isoformat()) if each else None for each in ended]


def test_passed_is_the_panels_to_say_and_withdrawn_can_be_recorded(app, year, nell, officer):
    on = day("2019-01-02")

    assert refused(service.end, year.id, Outcome.PASSED, on, reason="x", by=officer.id) == [Fault.BY_THE_PANEL]
    service.end(year.id, Outcome.WITHDRAWN, on, reason="She has left", by=officer.id)
    assert live(nell) is None
    assert told(nell)[-1] == "early_ended"
    assert refused(paused, year, "2018-11-10", by=officer) == [Fault.ENDED]


def test_without_a_panel_the_outcome_is_recorded_and_another_programme_can_follow(app, first_years, abel_, officer):
    [second] = put_on(abel_, by=officer, programme="second", starts_on="2018-10-01")
    service.end(second.id, Outcome.PASSED, day("2019-01-02"), reason="Moderated on 2 January", by=officer.id)

    assert put_on(abel_, by=officer, programme="second", starts_on="2019-01-02")


def test_two_who_keep_a_learning_set_at_once_are_in_nobodys_way(both, first_years, nell, ned, officer, make_person):
    officers = [officer.id, make_person("Wanda Workforce", Role.WORKFORCE_DEVELOPMENT).id]
    here, starts_at = officer.organisation_id, london(2019, 2, 1, 9)
    two = [nell.id, ned.id]

    def make(by):
        cohort = service.make_cohort(here, "asye", "Spring", day("2019-03-01"), by=by)
        return cohort, learning_sets.make_set(here, "Set South", None, by=by)

    made = at_once(both, *(partial(make, each) for each in officers))
    assert made[0] == made[1]
    number = made[0][1]

    def arrange(by):
        try:
            return learning_sets.arrange_meeting(number, starts_at, starts_at + timedelta(hours=2), "Room 1", by=by)
        except EarlyRefused as refusal:
            return refusal.faults

    came_to = at_once(both, *(partial(arrange, each) for each in officers))
    assert [Fault.HELD_ALREADY] in came_to
    at_once(both, *(partial(learning_sets.set_members, number, two, by=each) for each in officers))
    found = learning_sets.find_set(number)
    assert sorted(each.id for each in found.members) == two
    assert len(found.meetings) == 1


def test_nobody_acts_on_her_own_dates(app, year, nell):
    assert refused(paused, year, "2018-11-10", by=nell) == [Fault.OWN]
    assert refused(service.extend, year.id, 1, day("2019-01-02"), reason="x", by=nell.id) == [Fault.OWN]


def test_her_start_is_put_right_for_a_reason(app, year, nell, officer):
    assert refused(service.change_terms, year.id, day("2018-11-01"), None, reason="", by=officer.id) == [
        Fault.NO_REASON
    ]
    service.change_terms(year.id, day("2018-11-01"), None, reason="She began a month later", by=officer.id)

    assert due(year, "three") == "2019-02-01"


def test_what_is_due_stands_early_on_its_day_in_the_diaries_of_both(app, year, nell, assessor, manager):
    assert "2019-01-01 Three-month review due" in diary_of(nell)
    assert "2019-10-01 Self-assessment at the end due" in diary_of(nell)
    assert diary_of(assessor) == [
        "2018-10-29 Support and assessment agreement due: Nell Newly",
        "2019-01-01 Three-month review due: Nell Newly",
        "2019-04-01 Six-month review due: Nell Newly",
        "2019-07-01 Nine-month review due: Nell Newly",
        "2019-10-01 Final review due: Nell Newly",
    ]
    assert diary_of(manager) == []


def test_a_new_assessor_takes_over_with_the_diary(both, year, nell, assessor, mentor, officer):
    support(nell.id, mentor.id, RelationshipKind.ASSESSOR, day("2019-01-01"), by=officer.id)

    assert supported_by(assessor.id, day("2019-01-01")) == []
    assert supported_by(assessor.id, day("2018-12-31")) == [nell.id]
    assert supported_by(mentor.id, day("2019-01-01")) == [nell.id]
    assert diary_of(assessor) == []
    assert diary_of(mentor)


def test_there_is_one_assessor_at_a_time(app, year, nell, assessor, mentor, officer, make_person):
    early = (nell.id, mentor.id, RelationshipKind.ASSESSOR, day("2018-10-01"))

    assert refused(support, *early, by=officer.id) == [Fault.ASSESSOR_ALREADY]
    assert refused(support, nell.id, assessor.id, RelationshipKind.ASSESSOR, day("2019-01-01"), by=officer.id) == [
        Fault.SUPPORTS_ALREADY
    ]
    assert refused(support, nell.id, nell.id, RelationshipKind.BUDDY, day("2019-01-01"), by=officer.id) == [
        Fault.HERSELF
    ]


def test_of_two_new_assessors_at_once_one_holds(both, first_years, nell, assessor, mentor, officer):
    def begin(person):
        def act():
            try:
                return support(nell.id, person.id, RelationshipKind.ASSESSOR, day("2018-11-01"), by=officer.id) > 0
            except EarlyRefused:
                return False

        return act

    assert sorted(at_once(both, begin(assessor), begin(mentor))) == [False, True]


def test_mentors_and_buddies_are_no_assessors(app, year, nell, mentor, officer):
    number = support(nell.id, mentor.id, RelationshipKind.MENTOR, day("2018-10-01"), by=officer.id)
    from cpd.progression.early import reading

    assert supported_by(mentor.id, day("2019-01-01")) == []
    assert reading.supported_by(mentor.id, day("2019-01-01"), assessing_only=False) == [nell.id]
    end_support(nell.id, number, day("2018-12-31"), by=officer.id)
    assert reading.supported_by(mentor.id, day("2019-01-01"), assessing_only=False) == []


def test_a_summary_says_what_is_next_and_how_much_is_late(app, year, nell, assessor, ned, organisation):
    found = summary_of([nell.id, ned.id], day("2019-01-02"))

    assert found.keys() == {nell.id}
    assert (found[nell.id].next_due, found[nell.id].late_count) == (day("2018-10-29"), 3)
    assert (waiting_count(assessor.id, organisation.id, []), waiting_count(nell.id, organisation.id, [])) == (2, 1)


def test_the_history_has_ids_and_no_words_of_anybody(app, year, nell, officer):
    paused(year, "2018-11-10", "2018-11-20", by=officer)
    db.session.rollback()
    events = db.session.scalars(select(AuditEvent).where(AuditEvent.subject == "pause_period")).all()

    assert [event.after for event in events] == [
        {
            "person_id": nell.id,
            "enrolment_id": year.id,
            "first_day": "2018-11-10",
            "back_on": "2018-11-20",
            "kind": str(PauseKind.LEAVE),
        }
    ]


def test_a_second_go_does_not_begin_before_the_first_had_ended(app, year, nell, officer):
    service.end(year.id, Outcome.WITHDRAWN, day("2019-01-02"), reason="Another council", by=officer.id)
    for starts_on in (None, "2018-10-01", "2019-01-01"):  # the usual day is that of the first go
        with pytest.raises(EarlyRefused) as refusal:
            put_on(nell, by=officer, starts_on=starts_on)
        assert refusal.value.people == {nell.id: [Fault.BEFORE_THE_LAST_ENDED]}

    [second] = put_on(nell, by=officer, starts_on="2019-01-02")
    back = (second.id, day("2018-12-01"), None)
    assert refused(service.change_terms, *back, reason="Earlier", by=officer.id) == [Fault.BEFORE_THE_LAST_ENDED]


def test_an_ending_that_was_a_slip_is_taken_back(both, year, nell, officer, clock_at):
    assert refused(service.take_back_ending, year.id, reason="x", by=officer.id) == [Fault.NOT_ENDED]
    service.end(year.id, Outcome.WITHDRAWN, day("2019-01-02"), reason="The wrong person", by=officer.id)
    assert diary_of(nell) == []
    assert refused(service.take_back_ending, year.id, reason=" ", by=officer.id) == [Fault.NO_REASON]
    assert refused(service.take_back_ending, year.id, reason="x", by=nell.id) == [Fault.OWN]

    service.take_back_ending(year.id, reason="It was the wrong person", by=officer.id)
    assert live(nell).id == year.id
    assert diary_of(nell)
    assert told(nell)[-1] == "early_dates_moved"

    clock_at(2019, 10, 20, 9)
    outcome(nell, "fail", "2019-10-15")
    assert refused(service.take_back_ending, year.id, reason="x", by=officer.id) == [Fault.BY_THE_PANEL]


def test_an_ending_stays_once_another_programme_has_begun(app, year, nell, officer):
    service.end(year.id, Outcome.WITHDRAWN, day("2019-01-02"), reason="A break", by=officer.id)
    put_on(nell, by=officer, starts_on="2019-01-02")

    assert refused(service.take_back_ending, year.id, reason="x", by=officer.id) == [Fault.ON_ANOTHER]


def test_a_review_held_before_a_pause_is_written_down_after_it(app, year, nell, assessor, officer, clock_at):
    clock_at(2019, 7, 1, 9)
    paused(year, "2019-01-05", "2019-06-05", by=officer)
    held = {"summary": "Going well", "actions": "", "shown": "", "by": assessor.id}
    assert due(year, "three") == "2019-01-01"
    assert due(year, "six") == "2019-08-30"
    assert refused(reviews.hold_review, year.id, "six", day("2019-01-04"), **held) == [Fault.TOO_EARLY]
    reviews.hold_review(year.id, "three", day("2019-01-03"), **held)

    service.withdraw_pause(year.id, find_enrolled(year.id).course.pauses[0].id, reason="x", by=officer.id)
    paused(year, "2019-03-20", "2019-06-05", by=officer)
    reviews.hold_review(year.id, "six", day("2019-03-12"), **held)  # then due on 1 April


def test_in_a_pause_nothing_is_offered_whose_time_has_not_come(app, year, nell, officer, clock_at, sign_in):
    clock_at(2019, 1, 20, 9)
    paused(year, "2019-01-10", by=officer)
    page = sign_in(nell).get("/my/early-career").text

    assert "self-assessments/self-start" in page
    assert "self-assessments/self-end" not in page


def test_of_taking_a_cohort_away_and_joining_it_at_once_one_wins(both, first_years, nell, officer, organisation):
    cohort_id = service.make_cohort(organisation.id, "asye", "One", day("2018-10-01"), by=officer.id)
    who, by = nell.id, officer.id

    def tried(act, *arguments, **named):
        try:
            act(*arguments, **named)
        except (EarlyRefused, LookupError) as refusal:
            return type(refusal)
        return "done"

    terms = {"organisation_id": organisation.id, "cohort_id": cohort_id}
    removed, joined = at_once(
        both,
        partial(tried, service.remove_cohort, **terms, by=by),
        partial(tried, service.enrol, [who], "asye", **terms, starts_on=day("2018-10-01"), by=by),
    )

    assert (removed, joined) in [("done", LookupError), (EarlyRefused, "done")]
