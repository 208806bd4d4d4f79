"""Who is on which pathway, by which rules: by her post, by hand, and moved to newer rules for a reason."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from cpd.progression.pathways import reading, service
from cpd.progression.pathways.models import PathwayEnrolment
from cpd.progression.pathways.rules import Change, Fault, LineChange
from cpd.progression.pathways.service import EnrolmentRefused
from cpd.shared.database import db
from cpd.shared.history import AuditEvent
from cpd.shared.roles import Role
from cpd.shared.unit_of_work import publish, unit_of_work
from tests.cast import LONG_AGO, saved
from tests.progression.careers import NEWER, adopt, completed, day, enrolments, observed, post_of, put_on, told

WITHOUT_COURT = ("          - {code: court, title: Court skills, requirement: {completed: C1}}\n", "")
HARDER = ("requirement: {evidence: observation}", "requirement: {evidence: {kind: observation, count: 2}}")


def test_employees_are_on_their_pathway_as_soon_as_the_scheme_is_adopted(both, organisation, nell, abel, make_person):
    agency = make_person(career_level="new", staff_type="agency")
    version = adopt()

    assert enrolments(nell) == [("social-work", version.id, True)]
    assert enrolments(abel) == [("social-work", version.id, True)]
    assert enrolments(agency) == []


def test_a_newer_scheme_leaves_everybody_under_the_rules_of_her_enrolment(app, careers, nell):
    put_on(nell)
    adopt(NEWER, HARDER)

    assert enrolments(nell) == [("social-work", careers.id, True)]


def test_whoever_comes_is_put_on_her_pathway_when_people_change(app, careers, nell):
    with unit_of_work():
        publish("people.changed", nell.id)

    assert enrolments(nell) == [("social-work", careers.id, True)]


def test_a_post_on_another_pathway_moves_her_and_what_she_was_on_stays(app, careers, nell):
    put_on(nell)
    post_of(nell).career_level = "family"
    db.session.commit()
    put_on(nell)

    assert enrolments(nell) == [("social-work", careers.id, False), ("family", careers.id, True)]
    assert put_on(nell) == 0


def test_a_step_up_on_the_same_pathway_keeps_the_enrolment(app, careers, nell):
    put_on(nell)
    post_of(nell).career_level = "able"
    db.session.commit()

    assert put_on(nell) == 0


def test_a_post_that_was_known_before_it_began_is_found_on_its_day(app, careers, make_person, clock_at):
    person = make_person(career_level="new")
    post_of(person).starts_on = day("2019-02-01")
    db.session.commit()
    assert service.enrol_whose_posts_began() == 0

    clock_at(2019, 2, 1, 8)
    assert service.enrol_whose_posts_began() == 1
    assert service.enrol_whose_posts_began() == 0


def test_nobody_is_on_two_pathways_at_once(both, careers, nell):
    put_on(nell)
    again = PathwayEnrolment(
        organisation_id=nell.organisation_id,
        person_id=nell.id,
        pathway_code="family",
        scheme_version_id=careers.id,
        enrolled_on=day("2019-01-02"),
        recorded_at=LONG_AGO,
    )

    with pytest.raises(IntegrityError):
        saved(again)


def test_the_preview_says_who_gains_who_loses_and_by_which_line(app, careers, nell, make_person):
    lucky = make_person("Lucky Newly", career_level="new")
    put_on(nell, lucky)
    for person in (nell, lucky):
        observed(person)
    completed(nell, "C1")
    adopt(NEWER, WITHOUT_COURT)
    rows = {each.now.person_id: each for each in reading.under_other_rules(nell.organisation_id)}

    assert rows[lucky.id].change is Change.GAINS
    assert [(change, line.code) for change, line in rows[lucky.id].lines] == [(LineChange.DROPPED_TO_DO, "court")]
    assert rows[nell.id].change is Change.SAME
    assert [(change, line.code) for change, line in rows[nell.id].lines] == [(LineChange.DROPPED_MET, "court")]


def test_the_preview_names_losses(app, careers, nell):
    put_on(nell)
    completed(nell, "C1")
    observed(nell)
    adopt(NEWER, HARDER)
    (row,) = reading.under_other_rules(nell.organisation_id)

    assert row.change is Change.LOSES
    assert [(change, line.code) for change, line in row.lines] == [(LineChange.WORSE, "seen")]


def test_moving_people_needs_a_reason_and_tells_them(app, careers, nell, officer):
    put_on(nell)
    newest = adopt(NEWER, HARDER)
    with pytest.raises(EnrolmentRefused) as refused:
        service.move_to_rules_in_force([nell.id], nell.organisation_id, reason=" ", by=officer.id)
    assert refused.value.faults == (Fault.NO_REASON,)

    assert service.move_to_rules_in_force([nell.id], nell.organisation_id, reason="Agreed", by=officer.id) == 1
    assert enrolments(nell) == [("social-work", careers.id, False), ("social-work", newest.id, True)]
    assert told(nell) == ["pathway_rules_changed"]
    last = db.session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert (last.verb, last.subject, last.actor_id, last.reason) == ("moved", "pathway_enrolment", officer.id, "Agreed")
    assert reading.count_under_other_rules(nell.organisation_id) == 0


def test_an_officer_does_not_move_herself(app, organisation, make_person):
    officer = make_person("Nora Newly", Role.WORKFORCE_DEVELOPMENT, career_level="new")
    adopt()
    adopt(NEWER, HARDER)
    with pytest.raises(EnrolmentRefused) as refused:
        service.move_to_rules_in_force([officer.id], officer.organisation_id, reason="Agreed", by=officer.id)

    assert refused.value.faults == (Fault.OWN,)


def test_another_organisations_people_are_not_moved(app, careers, nell, officer, make_organisation):
    put_on(nell)
    adopt(NEWER, HARDER)
    other = make_organisation("slough", "Slough Borough Council")
    with pytest.raises(EnrolmentRefused):
        service.move_to_rules_in_force([nell.id], other.id, reason="Agreed", by=officer.id)

    assert enrolments(nell) == [("social-work", careers.id, True)]


def test_whoever_has_no_pathway_by_the_new_rules_cannot_be_moved(app, careers, make_person, officer):
    person = make_person(career_level="family")
    put_on(person)
    adopt(NEWER, ("  - code: family\n    title: Family support\n    levels: [family]\n    cites: [W-1]\n", ""))
    (row,) = reading.under_other_rules(person.organisation_id)
    with pytest.raises(EnrolmentRefused):
        service.move_to_rules_in_force([person.id], person.organisation_id, reason="Agreed", by=officer.id)

    assert row.change is Change.NOWHERE
