"""One of everything that career progression keeps, at two councils: a test file takes it by importing the names."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from cpd.people.models import Organisation
from cpd.progression.appeals.models import ProgressionAppeal
from cpd.progression.documents.models import DecisionDocument
from cpd.progression.early import learning_sets, reviews
from cpd.progression.early import service as early
from cpd.progression.early.models import SupportRelationship
from cpd.progression.early.rules import RelationshipKind
from cpd.progression.early.supporting import support
from cpd.progression.exports import service as exports
from cpd.progression.panels import service as panels
from cpd.progression.panels.models import PanelCase, PanelMeeting, PanelMembership
from cpd.progression.portfolios import service as portfolios
from cpd.progression.portfolios.models import EvidenceItem, Portfolio
from cpd.progression.portfolios.rules import ONLY, Piece
from cpd.progression.requests import service as requests
from cpd.progression.requests.models import ProgressionRequest
from cpd.progression.requests.rules import CoverWanted
from cpd.shared import clock
from cpd.shared.database import LARGEST_ID, db
from cpd.shared.roles import Role
from tests.cast import london
from tests.packs import adopt_text
from tests.progression import early_years
from tests.progression.appealing import adopt, appeal, assign
from tests.progression.evidence import PDF
from tests.progression.judging import meet, said, sit
from tests.progression.requesting import approve, ask, enact, facts, opened

SEEN = Piece(ONLY, "A visit to a family", date(2018, 12, 3), words="A visit, calm and clear")


@pytest.fixture
def scheme_of_requests(app_in_use, organisation):
    """A step by a panel of managers, one by approval, one into a vacancy; an appeal within 28 days."""
    return adopt()


@pytest.fixture
def director(app_in_use, make_person):
    return make_person("Dora Director", Role.ASSISTANT_DIRECTOR)


@pytest.fixture
def principal(app_in_use, make_person):
    return make_person("Paula Principal", Role.PRINCIPAL_SOCIAL_WORKER)


@pytest.fixture
def judge(app_in_use, make_person):
    """Somebody who sits on the panel of managers."""
    person = make_person("Judy Judge", Role.SERVICE_MANAGER)
    sit("managers", person, role="service_manager")
    return person


@pytest.fixture
def wendy(app_in_use, make_person, manager):
    return make_person("Wendy Wise", career_level="wise", manager=manager)


@pytest.fixture
def refused(scheme_of_requests, abel, manager, judge, officer, principal):
    """Abel was observed, asked, was not recommended, and has appealed; returns his request."""
    portfolios.add_piece(abel.id, "observation", SEEN, PDF)
    seen = portfolios.hand_in(abel.id, "observation")
    portfolios.open_it(seen, by=manager.id)
    portfolios.accept(seen, seen=1, comments="", by=manager.id)
    request_id = ask(abel, "able-wise")
    (case_id,) = [each.case_id for each in facts(request_id).steps if each.panel_code == "managers"]
    panels.give_meeting(case_id, meet("managers", judge, by=officer, at=clock.now()), by=officer.id)
    panels.decide(case_id, said("not_recommended", judge), by=officer.id)
    assign(appeal(request_id, abel), principal, officer)
    return request_id


@pytest.fixture
def enacted(scheme_of_requests, wendy, director, operations, make_person):
    """Wendy is a lead social worker by approval, and HR has taken it as a file; returns her request."""
    request_id = ask(wendy, "wise-lead")
    approve(request_id, director)
    enact(request_id, operations)
    hr = make_person("Harriet Resources", Role.HR)
    exports.take_file(wendy.organisation_id, last_id=LARGEST_ID, by=hr.id)
    return request_id


@pytest.fixture
def at_work(refused, enacted, wendy, judge, officer, operations, director, organisation):
    """Besides, a meeting is planned, evidence waits, somebody stands in, and a post is free."""
    meet("managers", judge, by=officer, at=clock.now() + timedelta(days=7))
    portfolios.add_piece(wendy.id, "observation", SEEN, PDF)
    portfolios.hand_in(wendy.id, "observation")
    days = (clock.today(), clock.today() + timedelta(days=7))
    wanted = CoverWanted(Role.ASSISTANT_DIRECTOR, director.id, operations.id, *days, "Away")
    cover_id = requests.name_cover(organisation.id, wanted, by=officer.id)
    return cover_id, opened(organisation, operations)


@pytest.fixture
def first_year(app_in_use, make_person):
    """Newly qualified at another council: everything that an early-career programme keeps of her."""
    version = adopt_text(early_years.PACK.replace("{code: gateshead, name: Gateshead", "{code: slough, name: Slough"))
    there = db.session.get(Organisation, version.organisation_id)
    boss = make_person("Bo Boss", employer=there)
    nina = make_person("Nina Newly", career_level="new", manager=boss, employer=there)
    asa = make_person("Asa Assessor", Role.ASSESSOR, employer=there)
    wes = make_person("Wes Workforce", Role.WORKFORCE_DEVELOPMENT, employer=there)
    support(nina.id, asa.id, RelationshipKind.ASSESSOR, date(2018, 10, 1), by=wes.id)
    cohort = early.make_cohort(there.id, "asye", "Autumn", date(2018, 10, 1), by=wes.id)
    (enrolled,) = early_years.put_on(nina, by=wes, cohort_id=cohort)
    pause = early_years.paused(enrolled, "2018-11-05", "2018-11-12", by=wes)
    met = reviews.record_supervision(enrolled.id, "manager", date(2018, 10, 8), "Bo", by=boss.id)
    reviews.write_agreement(enrolled.id, "Ten cases", "Weekly", "A day a month", by=asa.id)
    reviews.sign_agreement(enrolled.id, 1, by=asa.id)
    learning_set = learning_sets.make_set(there.id, "The first set", asa.id, by=wes.id)
    learning_sets.set_members(learning_set, [nina.id], by=wes.id)
    day = (london(2019, 1, 9, 10), london(2019, 1, 9, 12))
    meeting = learning_sets.arrange_meeting(learning_set, *day, "Town hall", by=wes.id)
    return {
        "person_id": nina.id,
        "enrolment_id": enrolled.id,
        "pause_id": pause,
        "session_id": met,
        "support_id": _all(SupportRelationship)[0],
        "set_id": learning_set,
        "meeting_id": meeting,
        "cohort_id": cohort,
    }


@pytest.fixture
def theirs(both, at_work, first_year, abel, wendy):
    """One of everything of two councils, by the name of its number in an address."""
    cover_id, vacancy_id = at_work
    numbers = {
        "person_id": [abel.id, wendy.id],
        "item_id": _all(EvidenceItem),
        "portfolio_id": _all(Portfolio),
        "case_id": _all(PanelCase),
        "meeting_id": _all(PanelMeeting),
        "membership_id": _all(PanelMembership),
        "request_id": _all(ProgressionRequest),
        "appeal_id": _all(ProgressionAppeal),
        "document_id": _all(DecisionDocument),
        "number": [1, 2],
        "number_": [1],
        "cover_id": [cover_id],
        "vacancy_id": [vacancy_id],
        "export_id": [1],
        "what": ["case", "request"],
        "code": ["three", "self-start", "able-wise", "managers"],
        "evidence_kind": ["observation"],
    }
    for name, number in first_year.items():
        numbers[name] = sorted({*numbers.get(name, ()), number})
    return numbers


def _all(table) -> list[int]:
    """List the numbers of a table's rows; there must be some, or a test would try nothing."""
    db.session.rollback()
    found = list(db.session.scalars(select(table.id).order_by(table.id)))
    assert found, table
    return found
