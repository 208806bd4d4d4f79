"""Somebody asks for training outside the pathway, her manager comments, and an Assistant Director decides (W-13)."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import func, select

from cpd.schemes.funding_shape import Funding
from cpd.shared.database import db
from cpd.shared.history import AuditEvent
from cpd.shared.kept_files import SentFile, path_of
from cpd.shared.outbox import OutboxMessage
from cpd.shared.roles import Role
from cpd.study.funding import reading, service
from cpd.study.funding.models import FundingRequest
from cpd.study.funding.rules import FundingFault, FundingStatus, TrainingWanted, faults_of, financial_year
from cpd.study.funding.service import FundingRefused
from cpd.study.funding.wording import money, year_words

TABLES = (Path(__file__).with_name("golden") / "funding.md").read_text().split("\n## ")
COURSE = TrainingWanted(
    title="Dyadic developmental therapy",
    provider="A university",
    cost=Decimal("449.50"),
    starts_on=date(2019, 2, 4),
    ends_on=date(2019, 2, 8),
    reasons="For three families that I work with",
    link="https://courses.example/7",
)
LEAFLET = SentFile("leaflet.pdf", b"%PDF-1.7\n%%EOF")


def cases(heading: str, *columns: str):
    """Read the table under a heading, one test for each row."""
    text = next(part for part in TABLES if part.startswith(heading))
    rows = [[cell.strip() for cell in line[1:-1].split("|")] for line in text.splitlines() if line.startswith("| ")]
    assert rows[0] == ["case", *columns]
    return [pytest.param(*row[1:], id=row[0]) for row in rows[1:]]


@pytest.mark.parametrize(
    ("staff", "cost", "begins", "ends", "link", "refused"),
    cases("What is refused", "staff", "cost", "begins", "ends", "link", "refused because"),
)
def test_every_reason_against_a_request_is_told(staff, cost, begins, ends, link, refused):
    wanted = replace(
        COURSE,
        cost=Decimal(cost),
        starts_on=date.fromisoformat(begins),
        ends_on=date.fromisoformat(ends),
        link=link,
    )

    assert ", ".join(faults_of(wanted, Funding(covers="Training"), staff or None, date(2019, 1, 2))) == refused


@pytest.mark.parametrize(("begins", "year"), cases("Which financial year it costs", "begins", "year"))
def test_a_cost_counts_in_the_financial_year_in_which_the_training_begins(begins, year):
    assert year_words(financial_year(date.fromisoformat(begins))) == year


@pytest.mark.parametrize(
    ("cost", "words"), [("1250", "£1,250"), ("449.5", "£449.50"), ("0.05", "£0.05"), ("100000", "£100,000")]
)
def test_money_is_said_as_people_say_it(cost, words):
    assert money(Decimal(cost)) == words


@pytest.fixture
def director(make_person, county):
    return make_person("Dara Director", Role.ASSISTANT_DIRECTOR, employer=county)


@pytest.fixture
def asked(ward):
    return service.ask(ward.id, COURSE, None)


def told(person):
    db.session.rollback()
    wanted = select(OutboxMessage.kind).where(OutboxMessage.person_id == person.id).order_by(OutboxMessage.id)
    return db.session.scalars(wanted).all()


def status_of(request_id):
    db.session.rollback()
    return reading.find_request(request_id).status


def refused(act, *args, **kwargs):
    with pytest.raises(FundingRefused) as refusal:
        act(*args, **kwargs)
    db.session.rollback()
    return refusal.value.faults


def test_from_asking_to_approval_everybody_concerned_is_told(both, asked, ward, county_manager, director, make_person):
    other = make_person("Dana Director", Role.ASSISTANT_DIRECTOR, employer=director.organisation)
    assert told(county_manager) == ["funding_comment"]
    assert told(director) == []

    service.comment(asked, "It would help the whole team", supports=True, by=county_manager.id)
    assert (told(director), told(other)) == (["funding_to_decide"], ["funding_to_decide"])
    service.decide(asked, approved=True, reasons="Three families need it", by=other.id)  # one stands in for another

    found = reading.find_request(asked)
    assert (found.status, found.decided_by, found.decision) == (
        FundingStatus.APPROVED,
        "Dana Director",
        "Three families need it",
    )
    assert (found.cost, found.money) == (Decimal("449.50"), "£449.50")
    assert told(ward) == ["funding_approved"]
    assert told(county_manager) == ["funding_comment", "funding_in_team"]
    verbs = select(AuditEvent.verb).where(AuditEvent.subject == "funding_request").order_by(AuditEvent.id)
    assert db.session.scalars(verbs).all() == ["asked", "commented", "approved"]


def test_without_a_manager_the_directors_are_told_at_once(app, make_person, county, director):
    service.ask(make_person("Alone", employer=county).id, COURSE, None)

    assert told(director) == ["funding_to_decide"]


def test_where_nobody_can_decide_workforce_development_is_told(app, asked, county_manager, county_officer):
    service.comment(asked, "Yes", supports=True, by=county_manager.id)

    assert told(county_officer) == ["funding_without_decider"]


def test_a_director_never_decides_on_her_own_request(app, county, director, county_officer, make_person):
    own = service.ask(director.id, COURSE, None)
    assert told(director) == []
    assert told(county_officer) == ["funding_without_decider"]

    assert refused(service.decide, own, approved=True, reasons="Me", by=director.id) == [FundingFault.OWN]
    other = make_person("Dana Director", Role.ASSISTANT_DIRECTOR, employer=county)
    service.decide(own, approved=False, reasons="Not this year", by=other.id)
    assert status_of(own) is FundingStatus.DECLINED


def test_only_an_assistant_director_of_her_council_decides_and_with_reasons(
    app, asked, county_officer, county_manager, director, make_person
):
    assert refused(service.decide, asked, approved=True, reasons="Yes", by=county_manager.id) == [
        FundingFault.NOT_THE_DECIDER
    ]
    assert refused(service.decide, asked, approved=True, reasons=" ", by=director.id) == [FundingFault.NO_WORDS]
    with pytest.raises(LookupError):
        service.decide(asked, approved=True, reasons="Yes", by=make_person("Elsewhere", Role.ASSISTANT_DIRECTOR).id)
    assert status_of(asked) is FundingStatus.ASKED


def test_of_two_directors_at_once_one_decides_and_the_other_is_told(both, asked, director, make_person, county):
    other = make_person("Dana Director", Role.ASSISTANT_DIRECTOR, employer=county)
    acts = [(True, director.id), (False, other.id)]
    came_to, ready = {}, threading.Barrier(2)

    def decide(approved, by):
        with both.app_context():
            ready.wait()
            try:
                service.decide(asked, approved=approved, reasons="Because", by=by)
                came_to[approved] = []
            except FundingRefused as refusal:
                came_to[approved] = refusal.faults
            db.session.remove()

    db.session.remove()
    threads = [threading.Thread(target=decide, args=act) for act in acts]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert sorted(came_to.values()) == [[], [FundingFault.DECIDED_ALREADY]]
    assert (
        db.session.scalar(select(func.count()).where(OutboxMessage.kind.in_(["funding_approved", "funding_declined"])))
        == 1
    )


def test_only_her_manager_comments_and_once(app, asked, ward, county_manager, county_officer, director):
    assert refused(service.comment, asked, "Yes", supports=True, by=county_officer.id) == [FundingFault.NOT_HER_MANAGER]
    assert refused(service.comment, asked, "Yes", supports=True, by=ward.id) == [FundingFault.NOT_HER_MANAGER]
    service.comment(asked, "Yes", supports=True, by=county_manager.id)
    assert refused(service.comment, asked, "No", supports=False, by=county_manager.id) == [
        FundingFault.COMMENTED_ALREADY
    ]


def test_what_was_approved_and_is_over_stays_in_the_sums_of_its_year(app, asked, ward, director, county, clock_at):
    service.decide(asked, approved=True, reasons="Worth it", by=director.id)
    before = reading.totals_of(county.id)
    clock_at(2019, 2, 9, 9)

    assert refused(service.withdraw, asked, by=ward.id) == [FundingFault.OVER]

    assert reading.totals_of(county.id) == before
    assert before[0].approved == "£449.50"


def test_what_was_approved_can_be_withdrawn_up_to_its_last_day(app, asked, ward, director, clock_at):
    service.decide(asked, approved=True, reasons="Worth it", by=director.id)
    clock_at(2019, 2, 8, 16)

    service.withdraw(asked, by=ward.id)

    assert reading.find_request(asked).status is FundingStatus.WITHDRAWN


def test_she_withdraws_what_was_approved_and_it_costs_nothing_any_more(app, asked, ward, wanda, director, county):
    service.decide(asked, approved=True, reasons="Yes", by=director.id)
    assert [(each.year, each.approved) for each in reading.totals_of(county.id)] == [
        ("April 2018 to March 2019", "£449.50")
    ]
    with pytest.raises(LookupError):
        service.withdraw(asked, by=wanda.id)

    service.withdraw(asked, by=ward.id)

    assert reading.totals_of(county.id) == []
    assert told(director)[-1] == "funding_withdrawn"
    assert refused(service.withdraw, asked, by=ward.id) == [FundingFault.ENDED_ALREADY]
    assert refused(service.decide, asked, approved=True, reasons="Yes", by=director.id) == [FundingFault.ENDED_ALREADY]


def test_each_financial_year_is_added_up_to_the_penny(app, ward, wanda, director, county, alice):
    amounts = [("0.10", 3, 31), ("0.20", 3, 31), ("33.33", 4, 1), ("66.67", 4, 1), ("900", 4, 1)]
    requests = [
        service.ask(
            each.id,
            replace(COURSE, cost=Decimal(cost), starts_on=date(2019, month, day), ends_on=date(2019, 5, 1)),
            None,
        )
        for each in (ward,)
        for cost, month, day in amounts
    ]
    for request_id in requests[:4]:
        service.decide(request_id, approved=True, reasons="Yes", by=director.id)
    declined = service.ask(wanda.id, COURSE, None)
    service.decide(declined, approved=False, reasons="No", by=director.id)

    assert [(each.year, each.approved, each.requests, each.undecided) for each in reading.totals_of(county.id)] == [
        ("April 2019 to March 2020", "£100", 2, "£900"),
        ("April 2018 to March 2019", "£0.30", 2, "£0"),
    ]
    assert reading.totals_of(alice.organisation_id) == []


def test_what_somebody_wants_to_know_first(app, asked, ward, director, alice):
    service.decide(service.ask(ward.id, COURSE, None), approved=True, reasons="Yes", by=director.id)

    summary = service.summary_of(ward.id)

    assert (summary.undecided, summary.approved) == (1, Decimal("449.50"))
    assert service.summary_of(alice.id) is None


def test_a_file_is_kept_with_the_request_and_not_at_all_where_it_is_refused(app, ward):
    request_id = service.ask(ward.id, COURSE, LEAFLET)
    stored_as = reading.find_request(request_id).stored_as
    assert path_of(stored_as).read_bytes() == LEAFLET.content
    before = set(path_of(stored_as).parent.iterdir())

    assert refused(service.ask, ward.id, replace(COURSE, starts_on=date(2019, 1, 1)), LEAFLET) == [FundingFault.STARTED]

    assert set(path_of(stored_as).parent.iterdir()) == before


def test_a_council_that_takes_no_requests_says_so(app, alice):
    assert refused(service.ask, alice.id, COURSE, None) == [FundingFault.NOT_OFFERED]
    assert db.session.scalars(select(FundingRequest)).all() == []


def test_training_that_did_not_take_place_costs_nothing_any_more_also_once_it_is_over(
    both, asked, ward, county_manager, director, county, clock_at
):
    service.decide(asked, approved=True, reasons="Worth it", by=director.id)
    clock_at(2019, 2, 9, 9)
    assert reading.totals_of(county.id)[0].approved == "£449.50"

    service.say_not_held(asked, reason="The provider cancelled it", by=director.id)

    assert reading.totals_of(county.id) == []
    assert service.summary_of(ward.id).approved == Decimal(0)
    assert status_of(asked) is FundingStatus.NOT_HELD
    assert told(ward) == ["funding_approved", "funding_not_held"]
    assert told(county_manager)[-2:] == ["funding_in_team", "funding_in_team"]
    event = db.session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc()).limit(1)).one()
    assert (event.verb, event.reason, event.actor_id) == ("not_held", "The provider cancelled it", director.id)
    assert reading.not_held(asked).said_by == "Dara Director"
    assert refused(service.withdraw, asked, by=ward.id) == [FundingFault.ENDED_ALREADY]
    assert refused(service.say_not_held, asked, reason="Again", by=director.id) == [FundingFault.ENDED_ALREADY]


def test_only_another_director_says_that_approved_training_did_not_take_place(
    app, asked, ward, county, director, county_officer, make_person
):
    assert refused(service.say_not_held, asked, reason="No", by=director.id) == [FundingFault.NOT_APPROVED]
    service.decide(asked, approved=True, reasons="Worth it", by=director.id)
    assert refused(service.say_not_held, asked, reason="No", by=county_officer.id) == [FundingFault.NOT_THE_DECIDER]
    assert refused(service.say_not_held, asked, reason=" ", by=director.id) == [FundingFault.NO_WORDS]
    with pytest.raises(LookupError):
        service.say_not_held(asked, reason="No", by=make_person("Elsewhere", Role.ASSISTANT_DIRECTOR).id)
    db.session.rollback()
    own = service.ask(director.id, COURSE, None)
    other = make_person("Dana Director", Role.ASSISTANT_DIRECTOR, employer=county)
    service.decide(own, approved=True, reasons="Worth it", by=other.id)

    assert refused(service.say_not_held, own, reason="No", by=director.id) == [FundingFault.OWN]
    assert reading.totals_of(county.id)[0].approved == "£899"
