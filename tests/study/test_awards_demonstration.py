"""The demonstration's awards: somebody half-way, and somebody who joined above the assessed year."""

from __future__ import annotations

from cpd.commands.demo.study_awards import ABOVE, OFFICER, USUAL, load_awards
from cpd.shared.roles import Role
from cpd.study.awards import reading
from tests.study.awarding import enrolment, place


def test_the_demonstration_has_both_ways_and_loading_it_again_changes_nothing(app, county, make_person):
    people = {
        USUAL: make_person("Ward Warwick", employer=county),
        ABOVE: make_person("Avery Above", employer=county, career_level="3b"),
        OFFICER: make_person("Wilma Workforce", Role.WORKFORCE_DEVELOPMENT, employer=county),
    }

    load_awards(people)
    load_awards(people)

    assert [each.composition for each in reading.enrolments_where()] == ["hired-above", ""]
    assert (enrolment(people[ABOVE]).composition, place(people[ABOVE]).counted.done) == ("hired-above", 40)
    ways = reading.awards_of(people[ABOVE].id, county.id).view("pg-certificate").ways
    assert [[each.code for each in way] for way in ways] == [["WA-RESEARCH"], ["apcl"]]
