"""Claims for prior learning: from the worker to Workforce Development, to the university, and into the ledger."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from cpd.record import service as record
from cpd.requirements.language import Outcome
from cpd.requirements.record import FactKind
from cpd.shared import clock
from cpd.shared.database import db
from cpd.shared.kept_files import SentFile, path_of
from cpd.shared.outbox import OutboxMessage
from cpd.study.awards.reading import awards_of
from cpd.study.awards.showing import shown_award
from cpd.study.credits import claiming, service
from cpd.study.credits.claim_rules import ClaimFault, ClaimSaid, ClaimStatus, Refusal
from cpd.study.credits.claiming import ClaimWrong, StepRefused
from cpd.study.credits.offer import said_about, sources_of
from cpd.study.credits.reading import (
    claims_of,
    claims_to_send_on,
    expected_counts,
    expected_from,
    find_claim,
    ledger_of,
)
from cpd.study.credits.rules import CreditFault, CreditStatus, PriorLearning
from cpd.study.credits.service import CreditsRefused

PDF = SentFile("portfolio.pdf", b"%PDF-1.7\n%%EOF")
TODAY, BOARD = date(2019, 1, 2), date(2019, 2, 1)
PORTFOLIO = ClaimSaid(kind="asye-apel", learning_ended_on=date(2018, 12, 1))
ELSEWHERE = ClaimSaid(
    kind="apcl",
    title="Leading practice",
    provider="Severn University",
    learning_ended_on=date(2013, 12, 1),
    link="https://severn.example/7",
)


@pytest.fixture
def send_on(county_officer):
    """Send a claim that was handed in once to the university."""

    def send(claim_id, seen=1, **more):
        terms = {"university": "Midlands University", "submitted_on": TODAY, "decision_expected_on": BOARD}
        terms |= {"credits_": Decimal(20), "academic_level": 7, "by": county_officer.id}
        claiming.send_on(claim_id, seen=seen, **(terms | more))

    return send


def status_of(claim_id):
    db.session.rollback()
    return find_claim(claim_id).status


def credits_on_the_record(person):
    facts = record.records_of([person.id], clock.today())[person.id].facts
    return [(fact.subject, fact.happened_on, fact.amount) for fact in facts if fact.kind is FactKind.CREDIT]


def told(person):
    return [row.kind for row in db.session.query(OutboxMessage).filter_by(person_id=person.id).order_by("id")]


def test_a_portfolio_is_refused_once_and_then_awarded_and_that_is_explained(
    both, ward, county_officer, send_on, clock_at
):
    first = claiming.begin(ward.id, PORTFOLIO, PDF, hand_in=True)
    send_on(first)
    assert service.summary_of(ward.id).expected == 20
    assert credits_on_the_record(ward) == []
    clock_at(2019, 2, 1, 12)
    claiming.decide(first, awarded=False, board_on=BOARD, reason="One observation is missing", by=county_officer.id)
    assert status_of(first) is ClaimStatus.REFUSED

    second = claiming.begin(ward.id, PORTFOLIO, PDF, hand_in=True)
    send_on(second, decision_expected_on=date(2019, 6, 1))
    clock_at(2019, 6, 3, 12)
    claiming.decide(second, awarded=True, board_on=date(2019, 6, 1), by=county_officer.id)

    assert (status_of(first), status_of(second)) == (ClaimStatus.REFUSED, ClaimStatus.AWARDED)
    assert [claim.is_followed for claim in claims_of(ward.id)] == [False, True]
    (portfolio,) = ledger_of(ward.id)
    assert [each.status for each in (portfolio.newest, *portfolio.before)] == [
        "awarded",
        "expected",
        "refused",
        "expected",
    ]
    assert portfolio.before[1].reason == "One observation is missing"
    assert credits_on_the_record(ward) == [("asye-apel", date(2019, 6, 1), 20)]
    assert told(ward) == [
        "prior_learning_sent_on",
        "credits_refused",
        "prior_learning_sent_on",
        "credits_awarded",
    ]
    with pytest.raises(ClaimWrong) as wrong:
        claiming.begin(ward.id, PORTFOLIO, PDF, hand_in=True)
    assert wrong.value.faults == [ClaimFault.ALREADY_AWARDED]


def test_a_claim_is_kept_for_later_changed_and_handed_in(app, ward, county):
    claim_id = claiming.begin(ward.id, replace(PORTFOLIO, words="Draft"), None, hand_in=False)
    assert (status_of(claim_id), claims_to_send_on(county.id)) == (ClaimStatus.DRAFT, 0)

    claiming.mend(claim_id, replace(PORTFOLIO, words="Three observations"), PDF, hand_in=True)

    claim = find_claim(claim_id)
    assert (claim.status, claim.words, claim.filename) == (ClaimStatus.READY, "Three observations", "portfolio.pdf")
    assert claims_to_send_on(county.id) == 1
    with pytest.raises(StepRefused) as refused:
        claiming.mend(claim_id, PORTFOLIO, None, hand_in=True)
    assert refused.value.reason is Refusal.MOVED_ON


def test_a_new_file_takes_the_place_of_the_old_one(app, ward):
    claim_id = claiming.begin(ward.id, PORTFOLIO, PDF, hand_in=False)
    before = path_of(find_claim(claim_id).stored_as)

    claiming.mend(claim_id, PORTFOLIO, SentFile("better.pdf", b"%PDF-1.7\nbetter"), hand_in=True)

    db.session.rollback()
    after = find_claim(claim_id)
    assert (before.exists(), path_of(after.stored_as).exists(), after.filename) == (False, True, "better.pdf")


@pytest.mark.parametrize(
    ("said", "file", "faults"),
    [
        (replace(PORTFOLIO, kind="systemic"), PDF, [ClaimFault.NO_SUCH_KIND]),
        (replace(PORTFOLIO, kind="WA-PE-1"), PDF, [ClaimFault.NO_SUCH_KIND]),
        (replace(PORTFOLIO, learning_ended_on=date(2019, 1, 3)), PDF, [ClaimFault.AHEAD]),
        (replace(PORTFOLIO, learning_ended_on=TODAY), PDF, []),
        (replace(PORTFOLIO, learning_ended_on=date(1949, 12, 31)), PDF, [ClaimFault.TOO_LONG_AGO]),
        (PORTFOLIO, None, [ClaimFault.NO_EVIDENCE]),
        (replace(PORTFOLIO, link="http://a.example"), PDF, [ClaimFault.NO_SAFE_LINK]),
        (replace(ELSEWHERE, title="", provider=""), None, [ClaimFault.NO_TITLE, ClaimFault.NO_PROVIDER]),
        (replace(ELSEWHERE, module_code="ASYE-1"), None, [ClaimFault.NO_SUCH_MODULE]),
        (replace(ELSEWHERE, module_code="WA-PE-1"), None, []),
        (ELSEWHERE, None, []),
    ],
)
def test_what_is_handed_in_must_be_whole_and_every_fault_is_named(app, ward, said, file, faults):
    if not faults:
        assert claiming.begin(ward.id, said, file, hand_in=True)
        return
    with pytest.raises(ClaimWrong) as wrong:
        claiming.begin(ward.id, said, file, hand_in=True)
    assert wrong.value.faults == faults
    assert claims_of(ward.id) == []


def test_there_is_one_claim_at_a_time_for_the_same_learning_however_it_is_spelt(app, ward, wanda):
    claiming.begin(ward.id, ELSEWHERE, None, hand_in=False)

    with pytest.raises(ClaimWrong) as wrong:
        claiming.begin(ward.id, replace(ELSEWHERE, title="LEADING  practice"), None, hand_in=False)

    assert wrong.value.faults == [ClaimFault.OPEN_ALREADY]
    assert claiming.begin(ward.id, replace(ELSEWHERE, title="Leading teams"), None, hand_in=False)
    assert claiming.begin(wanda.id, ELSEWHERE, None, hand_in=False)


def test_a_module_taken_elsewhere_and_here_is_credited_once(app, ward, county, county_officer, send_on):
    stage_one = sources_of(county.id)["WA-PE-1"]
    taught = said_about(
        stage_one, ward.id, status=CreditStatus.AWARDED, board_on=TODAY, university="Midlands University"
    )
    claim_id = claiming.begin(ward.id, replace(ELSEWHERE, module_code="WA-PE-1"), None, hand_in=True)
    send_on(claim_id)
    with pytest.raises(CreditsRefused) as refused:
        service.enter(taught, by=county_officer.id)
    assert refused.value.faults == [CreditFault.OPEN_CLAIM]
    claiming.withdraw(claim_id, by=ward.id)
    service.enter(taught, by=county_officer.id)

    with pytest.raises(ClaimWrong) as wrong:
        claiming.begin(ward.id, replace(ELSEWHERE, module_code="WA-PE-1"), None, hand_in=True)

    assert wrong.value.faults == [ClaimFault.ALREADY_AWARDED]
    assert service.summary_of(ward.id).awarded == 20


@pytest.fixture
def same_as_ours(county_officer, send_on):
    """Have the university credit somebody with a module from elsewhere that is the same as stage one."""

    def credited(person):
        claim_id = claiming.begin(person.id, replace(ELSEWHERE, module_code="WA-PE-1"), None, hand_in=True)
        send_on(claim_id)
        assert expected_from(person.organisation_id, "WA-PE-1") == []
        assert expected_counts(person.organisation_id) == {}
        claiming.decide(claim_id, awarded=True, board_on=TODAY, by=county_officer.id)
        return awards_of(person.id, person.organisation_id)

    return credited


def test_a_module_taken_elsewhere_that_is_the_same_as_ours_counts_as_ours(app, county, make_person, same_as_ours):
    """B6: once the university has credited it, nobody sends her to take it again; until then no board of ours waits."""
    person = make_person("Ada Above", employer=county, career_level="3b")

    mine = same_as_ours(person)

    assert credits_on_the_record(person) == [("WA-PE-1", TODAY, 20)]
    certificate = mine.view("pg-certificate")
    assert mine.educator.peps_stage == 1
    assert (certificate.place.counted.done, certificate.place.counted.missing) == (20, 40)
    assert [[each.code for each in way] for way in certificate.ways] == [["WA-PE-2", "WA-RESEARCH"]]
    shown = shown_award(certificate, is_own=True, in_force=0).lines[0]
    said = "Practice Educator stage one, by prior learning: 20 credits at level 7, awarded on 2 January 2019."
    assert (shown.title, shown.words) == ("Practice Educator stage one", [said])


def test_where_it_is_more_prior_learning_than_counts_nobody_is_sent_to_take_the_module_again(app, ward, same_as_ours):
    """B6: the portfolio is all the prior learning that the usual way has room for, so the university is to be asked."""
    mine = same_as_ours(ward)

    certificate = shown_award(mine.view("pg-certificate"), is_own=True, in_force=0)
    assert mine.educator.peps_stage == 1
    assert (certificate.figure, certificate.ways, certificate.is_stuck) == ("0 of 60 credits", "", True)
    assert [words.split(": ")[2] for words in certificate.left_out] == [
        "it is more prior learning than counts towards this award; ask Workforce Development what the university "
        "would accept."
    ]
    assert [link.href for line in certificate.lines for link in line.links if "WA-PE-1" in link.href] == []


def test_a_claim_withdrawn_while_the_university_has_it_is_expected_no_more(app, ward, send_on):
    claim_id = claiming.begin(ward.id, PORTFOLIO, PDF, hand_in=True)
    send_on(claim_id)

    claiming.withdraw(claim_id, by=ward.id)

    assert status_of(claim_id) is ClaimStatus.WITHDRAWN
    assert service.summary_of(ward.id).expected == 0
    with pytest.raises(StepRefused) as refused:
        claiming.withdraw(claim_id, by=ward.id)
    assert refused.value.reason is Refusal.MOVED_ON


def test_somebody_elses_claim_cannot_be_withdrawn(app, ward, wanda):
    claim_id = claiming.begin(ward.id, PORTFOLIO, PDF, hand_in=True)

    with pytest.raises(LookupError):
        claiming.withdraw(claim_id, by=wanda.id)


def test_a_claim_given_back_is_handed_in_again_and_what_was_read_before_is_not_sent_on(
    app, ward, county_officer, send_on
):
    claim_id = claiming.begin(ward.id, PORTFOLIO, PDF, hand_in=True)
    claiming.send_back(claim_id, seen=1, comment="Page 3 is missing", by=county_officer.id)
    assert (status_of(claim_id), find_claim(claim_id).answer) == (ClaimStatus.DRAFT, "Page 3 is missing")
    claiming.mend(claim_id, PORTFOLIO, None, hand_in=True)

    with pytest.raises(StepRefused) as refused:
        send_on(claim_id, seen=1)

    assert refused.value.reason is Refusal.CHANGED
    send_on(claim_id, seen=2)
    assert status_of(claim_id) is ClaimStatus.SUBMITTED
    assert told(ward) == ["prior_learning_returned", "prior_learning_sent_on"]


def test_nobody_decides_on_her_own_claim(app, county_officer, send_on, county):
    claim_id = claiming.begin(county_officer.id, PORTFOLIO, PDF, hand_in=True)

    for step in (
        lambda: send_on(claim_id),
        lambda: claiming.send_back(claim_id, seen=1, comment="No", by=county_officer.id),
        lambda: claiming.decide(claim_id, awarded=True, board_on=TODAY, by=county_officer.id),
    ):
        with pytest.raises(StepRefused) as refused:
            step()
        assert refused.value.reason is Refusal.OWN


def test_a_refusal_has_a_reason_and_a_decision_is_of_a_day_that_has_been(app, ward, county_officer, send_on):
    claim_id = claiming.begin(ward.id, PORTFOLIO, PDF, hand_in=True)
    send_on(claim_id)

    with pytest.raises(ValueError, match="Say why"):
        claiming.decide(claim_id, awarded=False, board_on=TODAY, reason=" ", by=county_officer.id)
    with pytest.raises(CreditsRefused) as refused:
        claiming.decide(claim_id, awarded=True, board_on=BOARD, by=county_officer.id)

    assert refused.value.faults == [CreditFault.IN_THE_FUTURE]
    assert status_of(claim_id) is ClaimStatus.SUBMITTED


def test_a_corrected_answer_moves_its_claim_too(app, ward, county_officer, send_on):
    claim_id = claiming.begin(ward.id, PORTFOLIO, PDF, hand_in=True)
    send_on(claim_id)
    claiming.decide(claim_id, awarded=True, board_on=TODAY, by=county_officer.id)
    (portfolio,) = ledger_of(ward.id)

    service.withdraw(portfolio.newest.id, reason="It was another Ward", by=county_officer.id)

    assert status_of(claim_id) is ClaimStatus.WITHDRAWN
    assert credits_on_the_record(ward) == []


def test_what_must_come_first_is_asked_when_it_is_handed_in(app, ward, monkeypatch):
    real = sources_of(ward.organisation_id)
    asks = real | {"asye-apel": replace(real["asye-apel"], needs=Outcome("asye-moderation", "passed"))}
    monkeypatch.setattr(claiming, "sources_of", lambda _organisation_id: asks)
    claim_id = claiming.begin(ward.id, PORTFOLIO, PDF, hand_in=False)
    with pytest.raises(ClaimWrong) as wrong:
        claiming.mend(claim_id, PORTFOLIO, None, hand_in=True)
    assert wrong.value.faults == [ClaimFault.NEEDS_OUTSTANDING]

    record.add_fact(
        record.FactSaid(
            person_id=ward.id,
            kind=FactKind.OUTCOME,
            subject="asye-moderation",
            value="passed",
            happened_on=TODAY,
            source_kind="hand",
        ),
        by=None,
    )
    claiming.mend(claim_id, PORTFOLIO, None, hand_in=True)

    assert status_of(claim_id) is ClaimStatus.READY


def test_awards_can_ask_what_was_prior_learning_and_when_it_ended(app, ward, county_officer, send_on):
    claim_id = claiming.begin(ward.id, ELSEWHERE, None, hand_in=True)
    send_on(claim_id)
    claiming.decide(claim_id, awarded=True, board_on=TODAY, by=county_officer.id)
    (fact,) = [each for each in record.records_of([ward.id], TODAY)[ward.id].facts if each.kind is FactKind.CREDIT]

    learning = PriorLearning("apcl:leading practice", "Leading practice", date(2013, 12, 1))
    assert service.prior_learning_of([ward.id]) == {fact.reference: learning}
