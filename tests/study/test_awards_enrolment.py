"""Being enrolled on an award, holding it from the right day, and losing it when a credit falls away."""

from __future__ import annotations

from datetime import date
from threading import Barrier, Thread

import pytest
from sqlalchemy import select

from cpd.people.models import Post
from cpd.record.service import records_of, withdraw_fact
from cpd.requirements.evaluator import State, standing_of
from cpd.requirements.language import Outcome
from cpd.shared.database import db
from cpd.shared.history import AuditEvent
from cpd.shared.roles import Role
from cpd.study.awards import reading, service
from cpd.study.awards.rules import Fault, Status
from cpd.study.awards.service import AwardRefused
from cpd.study.credits import service as ledger
from tests.cast import LONG_AGO
from tests.home.test_query_counts import queries
from tests.study.awarding import CERTIFICATE, adopt, award, council, day, enrolment, expect, outcomes, place, said, told

TODAY = date(2019, 1, 2)


@pytest.fixture
def worker(county, make_person):
    return make_person("Wendy Worker", employer=county, career_level="nqsw")


@pytest.fixture
def officer(county, make_person):
    return make_person("Olga Officer", Role.WORKFORCE_DEVELOPMENT, employer=county)


def enrol(person, officer, award_code=CERTIFICATE, on="2018-09-03", **more):
    return service.enrol(person.id, award_code, enrolled_on=day(on), by=officer.id, **more)


def test_the_certificate_is_held_from_the_day_of_the_last_credits(app, worker, officer):
    enrol(worker, officer)
    award(officer, worker, "asye-apel", "2018-10-01")
    award(officer, worker, "WA-RESEARCH", "2018-12-20")
    assert (place(worker).counted.done, enrolment(worker).status) == (40, Status.ENROLLED)

    award(officer, worker, "WA-PE-1", "2018-11-05")

    found = enrolment(worker)
    assert (found.status, found.completed_on) == (Status.COMPLETED, day("2018-12-20"))
    assert outcomes(worker) == [(CERTIFICATE, "awarded", day("2018-12-20"))]
    assert told(worker) == ["award_enrolled", "award_completed"]


def test_a_career_level_can_ask_who_holds_the_certificate(app, worker, officer):
    holds = Outcome(CERTIFICATE, "awarded")
    enrol(worker, officer)
    for source in ("asye-apel", "WA-PE-1"):
        award(officer, worker, source)
    assert standing_of(holds, records_of([worker.id], TODAY)[worker.id], TODAY).state is State.OUTSTANDING

    award(officer, worker, "WA-PE-2", "2018-12-20")

    standing = standing_of(holds, records_of([worker.id], TODAY)[worker.id], TODAY)
    assert (standing.state, standing.met_on) == (State.MET, day("2018-12-20"))


def test_an_award_falls_with_a_credit_and_comes_back_with_another(app, worker, officer):
    enrol(worker, officer)
    for source in ("asye-apel", "WA-PE-1"):
        award(officer, worker, source)
    entry = award(officer, worker, "WA-PE-2")

    ledger.withdraw(entry, reason="The board has put it right", by=officer.id)
    assert (enrolment(worker).status, outcomes(worker)) == (Status.ENROLLED, [])
    assert enrolment(worker).completed_on is None
    award(officer, worker, "WA-RESEARCH", "2018-12-21")

    assert outcomes(worker) == [(CERTIFICATE, "awarded", day("2018-12-21"))]
    assert told(worker) == ["award_enrolled", "award_completed", "award_reopened", "award_completed"]


def test_a_board_s_day_put_right_puts_the_award_s_day_right(app, worker, officer):
    enrol(worker, officer)
    for source in ("asye-apel", "WA-PE-1"):
        award(officer, worker, source)
    entry = award(officer, worker, "WA-PE-2", "2018-12-20")

    ledger.correct(entry, said(worker, "WA-PE-2", "2018-12-10", reason="The letter says the 10th"), by=officer.id)

    assert enrolment(worker).completed_on == day("2018-12-10")
    assert outcomes(worker) == [(CERTIFICATE, "awarded", day("2018-12-10"))]
    assert told(worker) == ["award_enrolled", "award_completed", "award_dated_anew"]


def test_an_award_that_somebody_takes_off_the_record_is_written_there_again(app, worker, officer):
    """Credits decide: nobody takes an award away by hand whose credits are all there."""
    enrol(worker, officer)
    for source in ("asye-apel", "WA-PE-1", "WA-PE-2"):
        award(officer, worker, source)

    withdraw_fact(enrolment(worker).record_fact_id, by=officer.id, reason="A slip")

    assert outcomes(worker) == [(CERTIFICATE, "awarded", day("2018-12-01"))]


def test_credits_from_before_the_enrolment_count_at_once(app, worker, officer):
    for source in ("asye-apel", "WA-PE-1", "WA-PE-2"):
        award(officer, worker, source)
    assert outcomes(worker) == []

    enrol(worker, officer, on="2019-01-02")

    assert outcomes(worker) == [(CERTIFICATE, "awarded", day("2018-12-01"))]


def test_expected_credits_are_in_hand_and_complete_nothing(app, worker, officer):
    enrol(worker, officer)
    award(officer, worker, "WA-PE-1")
    award(officer, worker, "WA-PE-2")
    expect(officer, worker, "asye-apel")

    found = place(worker)
    assert (found.counted.done, found.counted.in_hand, found.standing.state) == (40, 20, State.IN_HAND)
    assert enrolment(worker).status is Status.ENROLLED


def test_who_did_the_assessed_year_here_has_the_usual_way(app, worker, officer):
    enrol(worker, officer)

    assert enrolment(worker).composition == ""


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        (["3b"], "hired-above"),
        (["3a", "3b"], "hired-above"),
        (["nqsw"], ""),
        (["nqsw", "3a"], ""),
        (["3a", "nqsw"], ""),
        ([""], ""),
        (["X9"], ""),
    ],
    ids=["above", "above and up", "in the year", "from the year up", "back to the year", "not known", "no such level"],
)
def test_posts_here_decide_how_the_award_is_made_up(app, county, officer, make_person, levels, expected):
    person = make_person("Pia Posts", employer=county, career_level=levels[0])
    for number, career_level in enumerate(levels[1:]):
        first = db.session.scalars(select(Post).where(Post.person_id == person.id)).first()
        first.ends_on = date(2018, 6, 1)
        db.session.add(
            Post(
                organisation_id=county.id,
                person_id=person.id,
                career_level=career_level,
                starts_on=date(2018, 6 + number, 1),
                recorded_at=LONG_AGO,
            )
        )
    db.session.commit()

    enrol(person, officer)

    assert enrolment(person).composition == expected


def test_an_officer_may_choose_how_it_is_made_up(app, worker, officer):
    enrol(worker, officer, composition="hired-above")

    assert enrolment(worker).composition == "hired-above"


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        ({"award_code": "doctorate"}, [Fault.NO_SUCH_AWARD]),
        ({"composition": "in-my-own-way"}, [Fault.NO_SUCH_COMPOSITION]),
        ({"on": "2019-01-03"}, [Fault.AHEAD]),
        ({"award_code": "doctorate", "on": "2019-01-03"}, [Fault.NO_SUCH_AWARD, Fault.AHEAD]),
    ],
    ids=["no such award", "no such way", "ahead", "two reasons"],
)
def test_an_enrolment_is_refused_for_every_reason(app, worker, officer, changes, faults):
    with pytest.raises(AwardRefused) as refused:
        enrol(worker, officer, **changes)

    assert list(refused.value.faults) == faults
    assert reading.enrolments_where() == []


def test_nobody_is_enrolled_twice_but_again_after_an_end(app, worker, officer):
    first = enrol(worker, officer)
    with pytest.raises(AwardRefused) as refused:
        enrol(worker, officer)
    assert refused.value.faults == (Fault.ENROLLED_ALREADY,)

    service.end_enrolment(first, reason="She has moved away", by=officer.id)
    enrol(worker, officer)

    assert [each.status for each in reading.enrolments_where()] == [Status.WITHDRAWN, Status.ENROLLED]


def test_two_officers_enrol_somebody_once(both, county, make_person, app_in_use):
    """Both press the button at one moment: one enrols her, the other is told that she is."""
    officer = make_person("Olga Officer", Role.WORKFORCE_DEVELOPMENT, employer=county)
    person = make_person("Wendy Worker", employer=county, career_level="nqsw")
    begin, answers = Barrier(2), []

    def press():
        with app_in_use.app_context():
            begin.wait()
            try:
                service.enrol(person.id, CERTIFICATE, enrolled_on=TODAY, by=officer.id)
                answers.append("enrolled")
            except AwardRefused as refused:
                answers.append(refused.faults)

    threads = [Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(map(str, answers)) == sorted(["enrolled", str((Fault.ENROLLED_ALREADY,))])


def test_an_end_needs_a_reason_and_an_award_that_is_held_does_not_end(app, worker, officer):
    number = enrol(worker, officer)
    with pytest.raises(AwardRefused, match="no_reason"):
        service.end_enrolment(number, reason=" ", by=officer.id)
    for source in ("asye-apel", "WA-PE-1", "WA-PE-2"):
        award(officer, worker, source)

    with pytest.raises(AwardRefused, match="not_enrolled"):
        service.end_enrolment(number, reason="A slip", by=officer.id)
    assert outcomes(worker) != []


def test_what_has_ended_is_not_completed_any_more(app, worker, officer):
    service.end_enrolment(enrol(worker, officer), reason="She has moved away", by=officer.id)

    for source in ("asye-apel", "WA-PE-1", "WA-PE-2"):
        award(officer, worker, source)

    assert outcomes(worker) == []


def test_each_act_is_in_the_history(app, worker, officer):
    number = enrol(worker, officer)
    service.end_enrolment(number, reason="She has moved away", by=officer.id)

    wanted = select(AuditEvent.verb, AuditEvent.actor_id, AuditEvent.reason).where(
        AuditEvent.subject == "award_enrolment"
    )
    assert [tuple(row) for row in db.session.execute(wanted)] == [
        ("enrolled", officer.id, None),
        ("withdrawn", officer.id, "She has moved away"),
    ]


@pytest.fixture
def borough(app):
    adopt("slough")
    return council("slough")


def test_an_award_that_no_report_describes_is_recorded_by_hand(app, borough, make_person):
    """Slough gives places on a Graduate Diploma and does not say what it is made of (S-5, AMB-19)."""
    person = make_person("Sky Slough", employer=borough)
    officer = make_person("Wes Workforce", Role.WORKFORCE_DEVELOPMENT, employer=borough)
    number = enrol(person, officer, "graduate-diploma")
    assert (enrolment(person, "graduate-diploma").status, place(person, "graduate-diploma")) == (Status.ENROLLED, None)

    service.record_award(number, awarded_on=day("2018-12-14"), reason="Certificate seen", by=officer.id)
    assert outcomes(person) == [("graduate-diploma", "awarded", day("2018-12-14"))]
    service.take_award_back(number, reason="Somebody else's certificate", by=officer.id)

    assert outcomes(person) == []
    assert told(person) == ["award_enrolled", "award_completed", "award_reopened"]


@pytest.mark.parametrize(
    ("on", "reason", "by_herself", "fault"),
    [
        ("2019-01-03", "Seen", False, Fault.AHEAD),
        ("2018-09-02", "Seen", False, Fault.BEFORE_ENROLMENT),
        ("2018-12-14", " ", False, Fault.NO_REASON),
        ("2018-12-14", "Seen", True, Fault.OWN),
    ],
    ids=["ahead", "before the enrolment", "no reason", "her own"],
)
def test_recording_an_award_by_hand_is_refused(app, borough, make_person, on, reason, by_herself, fault):
    person = make_person("Sky Slough", Role.WORKFORCE_DEVELOPMENT, employer=borough)
    officer = make_person("Wes Workforce", Role.WORKFORCE_DEVELOPMENT, employer=borough)
    number = enrol(person, officer, "graduate-diploma")

    with pytest.raises(AwardRefused) as refused:
        service.record_award(number, awarded_on=day(on), reason=reason, by=person.id if by_herself else officer.id)

    assert refused.value.faults == (fault,)
    assert outcomes(person) == []


def test_where_credits_decide_nobody_records_the_award_by_hand(app, worker, officer):
    number = enrol(worker, officer)

    with pytest.raises(AwardRefused, match="decided_by_credits"):
        service.record_award(number, awarded_on=TODAY, reason="I know her", by=officer.id)


def test_an_officer_does_nothing_about_her_own_award(app, make_person):
    """She neither enrols herself nor ends it nor moves herself to newer rules: a colleague does."""
    adopt()
    officer = make_person("Olga Officer", Role.WORKFORCE_DEVELOPMENT, employer=council())
    colleague = make_person("Cora Colleague", Role.WORKFORCE_DEVELOPMENT, employer=council())
    with pytest.raises(AwardRefused) as refused:
        enrol(officer, officer)
    assert refused.value.faults == (Fault.OWN,)
    number = enrol(officer, colleague)
    other = enrol(colleague, officer)
    adopt("warwickshire", ("version: 4\n", "version: 5\n"))
    before = enrolment(officer)

    for act in (
        lambda: service.end_enrolment(number, reason="I have no time", by=officer.id),
        lambda: service.move_to_rules_in_force(
            [number, other], officer.organisation_id, reason="They are better", by=officer.id
        ),
    ):
        with pytest.raises(AwardRefused) as refused:
            act()
        assert refused.value.faults == (Fault.OWN,)
    assert enrolment(officer) == before
    assert enrolment(colleague).scheme_version_id == before.scheme_version_id
    service.end_enrolment(number, reason="She has no time", by=colleague.id)
    assert enrolment(officer).status is Status.WITHDRAWN


def test_the_record_of_everybody_else_is_not_read_for_one_person_s_credits(app, worker, officer):
    enrol(worker, officer)
    entry_id = award(officer, worker, "asye-apel", learning_ended_on=day("2018-07-01"))
    with queries() as asked:
        place(worker)
        ledger.withdraw(entry_id, reason="The wrong person", by=officer.id)

    of_facts = [each for each in asked if each.startswith("SELECT") and "record_fact" in each]
    assert len(of_facts) > 2
    assert [each for each in of_facts if "source_kind" in each and "record_fact.person_id" not in each] == []


def test_the_summary_says_how_far_and_what_is_left(app, worker, officer):
    assert service.summary_of(worker.id) is None
    enrol(worker, officer)
    award(officer, worker, "asye-apel")
    award(officer, worker, "WA-PE-1")

    found = service.summary_of(worker.id)

    assert (found.figure, found.peps_stage) == ("40 of 60 credits", 1)
    assert found.next_step == "Practice Educator stage two (20) or Research Module (20)"
