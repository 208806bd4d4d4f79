"""A social worker applies for a yearly place, her manager comments, and it is given, waited for or declined (S-5)."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select, update

from cpd.catalogue import service as catalogue
from cpd.people.models import Post, RoleGrant
from cpd.schemes.reading import PACKS, read_pack
from cpd.shared import clock
from cpd.shared.database import db
from cpd.shared.history import AuditEvent
from cpd.shared.outbox import OutboxMessage
from cpd.shared.roles import Role
from cpd.shared.unit_of_work import publish, unit_of_work
from cpd.study.places import reading, service
from cpd.study.places.models import AwardPlaceQuota
from cpd.study.places.rules import PlaceDecision, PlaceFault, PlaceStatus
from cpd.study.places.service import PlaceRefused
from cpd.study.places.settling import settle_award_places

AWARD = "practice-educator"
THIS_YEAR = date(2018, 4, 1)
WHY = "I want to teach students"
SELECT, WAIT, DECLINE = PlaceDecision


@pytest.fixture
def applies(slough_worker):
    """Let somebody apply: returns the person and the number of her application."""

    def make(name, **more):
        person = slough_worker(name, **more)
        return person, service.apply(person.id, AWARD, THIS_YEAR, WHY)

    return make


@pytest.fixture
def decides(slough_officer):
    def make(application_id, decision, reasons="Because it fits"):
        return service.decide(application_id, decision, reasons=reasons, by=slough_officer.id)

    return make


@pytest.fixture
def full(applies, decides):
    """All three places are taken."""
    held = [applies(name) for name in ("Ann", "Ben", "Cyd")]
    for _, application_id in held:
        decides(application_id, SELECT)
    return held


def standing(application_id):
    db.session.rollback()
    found = reading.find_application(application_id)
    return found.status, found.position


def quota():
    db.session.rollback()
    row = db.session.scalars(select(AwardPlaceQuota)).one()
    return row.taken, row.places


def told(person, kind=None):
    wanted = select(OutboxMessage.kind).where(OutboxMessage.person_id == person.id).order_by(OutboxMessage.id)
    return [each for each in db.session.scalars(wanted) if kind in (None, each)]


def facts_of(person, kind):
    wanted = select(OutboxMessage.facts).where(OutboxMessage.person_id == person.id, OutboxMessage.kind == kind)
    return db.session.scalars(wanted).one()


def refused(act, *args, **kwargs):
    with pytest.raises(PlaceRefused) as refusal:
        act(*args, **kwargs)
    db.session.rollback()
    return refusal.value.faults


def adopt(places):
    """Take Slough's pack with another number of Practice Educator places, as its next version."""
    path = PACKS / "slough.yaml"
    head, tail = path.read_text().split("award_places:")
    first, second = tail.split("  - award: practice-educator")
    second = second.replace("places: 3", f"places: {places}")
    text = f"{head}award_places:{first}  - award: practice-educator{second}".replace("version: 4", "version: 5")
    catalogue.adopt_pack(read_pack(text, "slough.yaml"), text, by=None)


def test_her_manager_is_asked_and_then_whoever_decides(app, applies, slough_manager, slough_officer):
    sky, application_id = applies("Sky")
    assert told(slough_manager) == ["award_place_comment"]
    assert told(slough_officer) == []

    service.comment(application_id, "She is ready", supports=True, by=slough_manager.id)

    assert told(slough_officer) == ["award_place_to_decide"]
    found = reading.find_application(application_id)
    assert (found.status, found.manager_supports, found.manager_comment) == (
        PlaceStatus.COMMENTED,
        True,
        "She is ready",
    )
    assert found.commented_by == "Mina Manager"
    assert told(sky) == []


def test_who_has_no_manager_goes_straight_to_whoever_decides(app, make_person, slough, slough_officer):
    alone = make_person("Alone", employer=slough)

    service.apply(alone.id, AWARD, THIS_YEAR, WHY)

    assert told(slough_officer) == ["award_place_to_decide"]


def test_a_manager_who_works_elsewhere_learns_nothing_of_her(app, make_person, slough, slough_officer, manager):
    person = make_person("Sky", employer=slough, manager=manager)

    service.apply(person.id, AWARD, THIS_YEAR, WHY)

    assert told(manager) == []
    assert told(slough_officer) == ["award_place_to_decide"]


def test_she_and_her_manager_are_told_what_was_decided_and_she_why(app, applies, decides, slough_manager):
    sky, application_id = applies("Sky")

    assert decides(application_id, SELECT, "You teach well") is PlaceStatus.SELECTED

    assert told(sky) == ["award_place_selected"]
    facts = facts_of(sky, "award_place_selected")
    assert (facts["reasons"], facts["award"], facts["year"]) == (
        "You teach well",
        "Practice Educator award",
        "1 April 2018 to 31 March 2019",
    )
    assert facts_of(slough_manager, "award_place_in_team")["outcome"] == "has a place"
    assert "reasons" not in facts_of(slough_manager, "award_place_in_team")
    assert quota() == (1, 3)
    verbs = select(AuditEvent.verb).where(AuditEvent.subject == "award_place_application").order_by(AuditEvent.id)
    assert db.session.scalars(verbs).all() == ["applied", "selected"]


@pytest.mark.parametrize("staff_type", ["agency", "student", "apprentice", "partner"])
def test_only_employees_can_apply(app, slough_worker, staff_type):
    person = slough_worker("Gil", staff_type=staff_type)

    assert refused(service.apply, person.id, AWARD, THIS_YEAR, WHY) == [PlaceFault.NOT_AN_EMPLOYEE]
    assert db.session.scalars(select(AwardPlaceQuota)).all() == []


def test_nobody_applies_twice_but_she_can_withdraw_and_apply_anew(app, applies):
    sky, application_id = applies("Sky")
    assert refused(service.apply, sky.id, AWARD, THIS_YEAR, WHY) == [PlaceFault.APPLIED_ALREADY]

    service.give_up(application_id, reason="", by=sky.id)
    again = service.apply(sky.id, AWARD, THIS_YEAR, "Better words")

    assert standing(application_id) == (PlaceStatus.WITHDRAWN, 0)
    assert standing(again) == (PlaceStatus.APPLIED, 0)
    assert service.apply(sky.id, "graduate-diploma", THIS_YEAR, WHY) > again  # another award is another matter


@pytest.mark.parametrize(("award", "day"), [("doctorate", THIS_YEAR), (AWARD, date(2018, 5, 1))])
def test_there_is_no_other_award_and_no_other_year(app, slough_worker, award, day):
    person = slough_worker("Sky")

    with pytest.raises(LookupError):
        service.apply(person.id, award, day, WHY)


def test_a_place_beyond_the_last_is_refused_and_the_waiting_list_is_the_way_on(app, full, applies, decides):
    dot, application_id = applies("Dot")

    assert refused(decides, application_id, SELECT) == [PlaceFault.NO_PLACE_LEFT]
    assert quota() == (3, 3)
    assert decides(application_id, WAIT) is PlaceStatus.WAITING

    assert standing(application_id) == (PlaceStatus.WAITING, 1)
    assert told(dot) == ["award_place_waiting"]


def test_nobody_waits_while_a_place_is_free(app, applies, decides):
    _, application_id = applies("Ann")

    assert refused(decides, application_id, WAIT) == [PlaceFault.A_PLACE_IS_FREE]
    assert standing(application_id) == (PlaceStatus.APPLIED, 0)


def test_a_place_given_up_passes_to_the_head_of_the_list_in_the_same_act(
    app, full, applies, decides, slough_officer, slough_manager
):
    (ann, anns), *_ = full
    _, dots = applies("Dot")
    eve, eves = applies("Eve")
    decides(eves, WAIT)  # the order of the list is that in which they were put on it
    decides(dots, WAIT)
    assert (standing(eves), standing(dots)) == ((PlaceStatus.WAITING, 1), (PlaceStatus.WAITING, 2))

    service.give_up(anns, reason="I move away", by=ann.id)

    assert standing(anns) == (PlaceStatus.WITHDRAWN, 0)
    assert standing(eves) == (PlaceStatus.SELECTED, 0)
    assert standing(dots) == (PlaceStatus.WAITING, 1)
    assert quota() == (3, 3)
    assert told(eve) == ["award_place_waiting", "award_place_passed_on"]
    assert told(slough_officer, "award_place_given_up") == ["award_place_given_up"]
    outcomes = select(OutboxMessage.facts).where(OutboxMessage.person_id == slough_manager.id)
    said = [facts["outcome"] for facts in db.session.scalars(outcomes.order_by(OutboxMessage.id)) if "outcome" in facts]
    assert said[-2:] == ["has a place", "no longer applies for a place"]
    assert reading.find_application(eves).passed_on


def test_a_place_given_up_stays_open_where_nobody_waits(app, full):
    (ann, anns), *_ = full

    service.give_up(anns, reason="", by=ann.id)

    assert quota() == (2, 3)


def test_whoever_left_is_passed_over_and_keeps_her_turn_for_when_she_is_back(app, full, applies, decides):
    (ann, anns), (ben, bens), _ = full
    dot, dots = applies("Dot")
    _, eves = applies("Eve")
    decides(dots, WAIT)
    decides(eves, WAIT)
    hires(dot, "agency")

    service.give_up(anns, reason="", by=ann.id)

    assert standing(dots) == (PlaceStatus.WAITING, 1)
    assert standing(eves) == (PlaceStatus.SELECTED, 0)
    service.give_up(bens, reason="", by=ben.id)
    assert (quota(), standing(dots)) == ((2, 3), (PlaceStatus.WAITING, 1))
    hires(dot, "employee")
    with unit_of_work():
        publish("people.changed", dot.id)
    assert (quota(), standing(dots)) == ((3, 3), (PlaceStatus.SELECTED, 0))


def test_the_worker_passes_on_what_a_date_alone_has_made_possible(app, full, applies, decides):
    (ann, anns), *_ = full
    dot, dots = applies("Dot")
    decides(dots, WAIT)
    hires(dot, "agency")
    service.give_up(anns, reason="", by=ann.id)
    assert settle_award_places() == 0
    hires(dot, "employee")

    assert settle_award_places() == 1

    assert standing(dots) == (PlaceStatus.SELECTED, 0)
    assert settle_award_places() == 0


def hires(person, staff_type):
    """Write past the service how somebody is employed."""
    db.session.execute(update(Post).where(Post.person_id == person.id).values(staff_type=staff_type))
    db.session.commit()


def test_nobody_gets_a_place_who_is_no_employee_today(app, applies, decides):
    dot, dots = applies("Dot")
    hires(dot, "agency")

    assert refused(decides, dots, SELECT) == [PlaceFault.NO_LONGER_AN_EMPLOYEE]
    assert decides(dots, DECLINE) is PlaceStatus.DECLINED


def test_a_larger_quota_goes_to_those_who_wait_at_once(app, full, applies, decides):
    waiting = [applies(name) for name in ("Dot", "Eve", "Flo")]
    for _, application_id in waiting:
        decides(application_id, WAIT)

    adopt(5)

    assert quota() == (5, 5)
    assert [standing(each)[0] for _, each in waiting] == ["selected", "selected", "waiting"]
    assert told(waiting[0][0]) == ["award_place_waiting", "award_place_passed_on"]


def test_a_smaller_quota_takes_no_place_away_but_gives_none_on(app, full, applies, decides):
    (ann, anns), (ben, bens), _ = full
    _, dots = applies("Dot")
    decides(dots, WAIT)

    adopt(2)

    assert quota() == (3, 3)
    service.give_up(anns, reason="", by=ann.id)
    assert (quota(), standing(dots)[0]) == ((2, 2), PlaceStatus.WAITING)
    service.give_up(bens, reason="", by=ben.id)
    assert (quota(), standing(dots)[0]) == ((2, 2), PlaceStatus.SELECTED)


def test_once_the_year_is_over_nothing_changes_any_more(app, full, applies, decides, clock_at, slough_manager):
    (ann, anns), *_ = full
    dot, dots = applies("Dot")
    decides(dots, WAIT)
    _, eves = applies("Eve")
    clock_at(2019, 4, 1, 9)

    assert refused(service.give_up, anns, reason="", by=ann.id) == [PlaceFault.YEAR_OVER]
    assert PlaceFault.YEAR_OVER in refused(decides, eves, DECLINE)
    assert PlaceFault.YEAR_OVER in refused(service.comment, eves, "Yes", supports=True, by=slough_manager.id)
    assert refused(service.apply, slough_manager.id, AWARD, THIS_YEAR, WHY) == [PlaceFault.YEAR_OVER]
    adopt(9)
    assert (quota(), standing(dots)) == ((3, 3), (PlaceStatus.WAITING, 1))
    assert service.apply(dot.id, AWARD, date(2019, 4, 1), WHY)  # the new year has places of its own


@pytest.mark.parametrize("reasons", ["", "  \n"])
def test_every_decision_needs_its_reasons(app, applies, decides, reasons):
    _, application_id = applies("Ann")

    assert refused(decides, application_id, SELECT, reasons) == [PlaceFault.NO_WORDS]


def test_nobody_decides_on_her_own_application_or_without_the_role(
    app, slough, slough_officer, slough_manager, applies, make_person
):
    own = service.apply(slough_officer.id, AWARD, THIS_YEAR, WHY)
    _, hers = applies("Ann")

    assert refused(service.decide, own, SELECT, reasons="Me", by=slough_officer.id) == [PlaceFault.OWN]
    assert refused(service.decide, hers, SELECT, reasons="Her", by=slough_manager.id) == [PlaceFault.NOT_THE_DECIDER]
    director = make_person("Dara", Role.ASSISTANT_DIRECTOR, employer=slough)
    assert refused(service.decide, hers, SELECT, reasons="Her", by=director.id) == [PlaceFault.NOT_THE_DECIDER]
    assert service.decide(
        own, SELECT, reasons="Her", by=make_person("Otto", Role.WORKFORCE_DEVELOPMENT, employer=slough).id
    )


def test_an_officer_of_another_council_finds_no_such_application(app, applies, officer):
    _, application_id = applies("Ann")

    with pytest.raises(LookupError):
        service.decide(application_id, SELECT, reasons="Her", by=officer.id)
    with pytest.raises(LookupError):
        service.give_up(application_id, reason="Why", by=officer.id)


def test_a_role_that_was_taken_back_decides_no_more(app, applies, slough_officer):
    _, application_id = applies("Ann")
    db.session.execute(update(RoleGrant).where(RoleGrant.person_id == slough_officer.id).values(revoked_at=clock.now()))
    db.session.commit()

    faults = refused(service.decide, application_id, SELECT, reasons="Her", by=slough_officer.id)

    assert faults == [PlaceFault.NOT_THE_DECIDER]


def test_what_is_decided_is_not_decided_again_but_whoever_waits_can_be_declined(app, full, applies, decides):
    _, anns = full[0]
    dot, dots = applies("Dot")
    decides(dots, WAIT)

    assert refused(decides, anns, DECLINE) == [PlaceFault.DECIDED_ALREADY]
    assert PlaceFault.DECIDED_ALREADY in refused(decides, dots, SELECT)
    assert decides(dots, DECLINE, "The course has begun") is PlaceStatus.DECLINED
    assert refused(decides, dots, SELECT) == [PlaceFault.DECIDED_ALREADY]
    assert told(dot) == ["award_place_waiting", "award_place_declined"]


def test_only_her_manager_comments_once_and_before_it_is_decided(app, applies, decides, slough_manager, slough_officer):
    sky, skys = applies("Sky")
    _, bobs = applies("Bob")
    assert refused(service.comment, skys, "Good", supports=True, by=slough_officer.id) == [PlaceFault.NOT_HER_MANAGER]
    assert refused(service.comment, skys, "Good", supports=True, by=sky.id) == [PlaceFault.NOT_HER_MANAGER]
    assert refused(service.comment, skys, " ", supports=True, by=slough_manager.id) == [PlaceFault.NO_WORDS]

    service.comment(skys, "Not this year", supports=False, by=slough_manager.id)
    decides(bobs, SELECT)  # a missing comment stops nobody

    again = refused(service.comment, skys, "Yes, this year", supports=True, by=slough_manager.id)
    late = refused(service.comment, bobs, "Yes", supports=True, by=slough_manager.id)
    assert (again, late) == ([PlaceFault.COMMENTED_ALREADY], [PlaceFault.DECIDED_ALREADY])


def test_whoever_decides_ends_an_application_only_for_a_reason_and_she_is_told(
    app, full, applies, decides, slough_officer
):
    (ann, anns), *_ = full
    _, dots = applies("Dot")
    decides(dots, WAIT)

    assert refused(service.give_up, anns, reason=" ", by=slough_officer.id) == [PlaceFault.NO_WORDS]
    service.give_up(anns, reason="She has left", by=slough_officer.id)

    assert facts_of(ann, "award_place_ended")["reasons"] == "She has left"
    assert told(slough_officer, "award_place_given_up") == []  # she did it herself
    assert standing(dots)[0] is PlaceStatus.SELECTED
    assert refused(service.give_up, anns, reason="", by=ann.id) == [PlaceFault.ENDED_ALREADY]


def test_nobody_else_withdraws_her_application(app, applies, slough_manager):
    _, application_id = applies("Ann")

    faults = refused(service.give_up, application_id, reason="No", by=slough_manager.id)

    assert faults == [PlaceFault.NOT_THE_DECIDER]


def test_what_somebody_wants_to_know_first(app, full, slough_worker, alice):
    ann, _ = full[0]

    assert service.summary_of(ann.id).live == (("Practice Educator award", PlaceStatus.SELECTED),)
    newcomer = service.summary_of(slough_worker("Eve").id)
    assert (newcomer.awards, newcomer.live) == (2, ())
    assert service.summary_of(alice.id) is None


def test_an_award_that_the_scheme_offers_no_more_keeps_the_places_that_were_given(app, full, slough_officer):
    (ann, anns), *_ = full
    path = PACKS / "slough.yaml"
    text = path.read_text().split("award_places:")[0].replace("version: 4", "version: 5")
    catalogue.adopt_pack(read_pack(text, "slough.yaml"), text, by=None)

    assert quota() == (3, 3)
    with pytest.raises(LookupError):
        service.apply(slough_officer.id, AWARD, THIS_YEAR, WHY)
    service.give_up(anns, reason="", by=ann.id)
    assert quota() == (2, 3)
