"""Where a panel asks for the relevant service, only who stands above the person sits in that role (G-16)."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from cpd.people.models import Post
from cpd.progression.panels import reading, service
from cpd.progression.panels.rules import PanelFault
from cpd.progression.panels.showing import what_is_missing
from cpd.schemes.problems import PackRefused
from cpd.schemes.reading import read_pack
from cpd.shared.database import db
from tests.progression.judging import adopt_panels, case_for, meet, pack, refused, said, sit

OF_HER_SERVICE = ("    different_people: true\n", "    different_people: true\n    of_her_service: [service_manager]\n")


@pytest.fixture
def version(app_in_use, organisation):
    return adopt_panels(OF_HER_SERVICE)


@pytest.fixture
def psw(make_person):
    return make_person("Percy Principal")


@pytest.fixture
def head(make_person, manager):
    """The service manager above Mary, who manages Abel."""
    head = make_person("Sage Service")
    db.session.execute(update(Post).where(Post.person_id == manager.id).values(manager_id=head.id))
    db.session.commit()
    return head


@pytest.fixture
def stranger_to_it(make_person):
    """The service manager of another service."""
    return make_person("Otto Other")


@pytest.fixture
def interview(version, abel, psw, head, stranger_to_it, officer):
    """Put Abel before an interview to which these come, and return the case."""
    sit("interview", psw, role="principal_social_worker")
    sit("interview", head, stranger_to_it, role="service_manager")

    def put(*attending):
        return case_for(abel, "interview", version, meeting_id=meet("interview", *attending, by=officer), by=officer)

    return put


def test_the_service_manager_of_another_service_cannot_judge(interview, psw, stranger_to_it, officer, clock_at):
    case_id = interview(psw, stranger_to_it)
    clock_at(2019, 1, 15, 10)

    assert what_is_missing(reading.case_of(case_id)) == "1 more member and somebody as service manager of their service"
    faults = refused(service.decide, case_id, said("pass", psw, stranger_to_it), by=officer.id)
    assert PanelFault.NOT_THERE in faults


def test_she_sees_nothing_of_the_case(interview, psw, stranger_to_it, sign_in):
    case_id = interview(psw, stranger_to_it)

    assert sign_in(stranger_to_it).get(f"/progression/cases/{case_id}").status_code == 404
    assert sign_in(psw).get(f"/progression/cases/{case_id}").status_code == 200


def test_the_one_above_the_person_judges(interview, psw, head, officer, clock_at):
    case_id = interview(psw, head)
    clock_at(2019, 1, 15, 10)

    assert what_is_missing(reading.case_of(case_id)) == ""
    assert refused(service.decide, case_id, said("pass", psw, head), by=officer.id) == []


def test_a_pack_that_asks_it_of_a_role_that_does_not_sit_is_refused():
    wrong = pack(OF_HER_SERVICE).replace("of_her_service: [service_manager]", "of_her_service: [assistant_director]")

    with pytest.raises(PackRefused, match="asks for assistant_director of her service"):
        read_pack(wrong.encode(), "wrong.yaml")
