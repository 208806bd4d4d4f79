"""Preparing evidence, handing it in, judging it, and what counts because of it (W-1, W-2, W-9, AMB-08, G-16, C-2)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import pytest
import typst
from flask import current_app

from cpd.progression.early.reading import supports_of
from cpd.progression.early.rules import RelationshipKind
from cpd.progression.early.supporting import end_support, support
from cpd.progression.pathways.ahead import facts_ahead
from cpd.progression.portfolios import reading, service
from cpd.progression.portfolios.rules import OTHER, Fault, Happening, PortfolioStatus, Sight, accepts_as, sight_of
from cpd.progression.portfolios.wording import FAULTS, HAPPENINGS, STATES
from cpd.requirements.evaluator import State
from cpd.requirements.record import FactKind
from cpd.shared.database import db
from cpd.shared.history import AuditEvent
from cpd.shared.kept_files import SentFile, path_of
from cpd.shared.lost_files import tables_with_files
from cpd.shared.roles import Role
from tests.progression.careers import standing
from tests.progression.evidence import (
    ALL,
    FIRST,
    NAMED,
    OTHER_PDF,
    PDF,
    SECOND,
    SEEN,
    accepted,
    adopt_with_a_portfolio,
    facts_of,
    handed_in,
    items,
    portfolio_of,
    refused,
    status_of,
    told,
    word_file,
)


@pytest.fixture
def folders(app_in_use, organisation):
    """The invented careers with a portfolio are in force."""
    return adopt_with_a_portfolio()


@pytest.fixture
def assessor(make_person):
    return make_person("Asta Assessor", Role.ASSESSOR)


def line(person, code):
    """How one line of somebody's next step stands."""
    (way,) = standing(person).transitions
    return next(each.standing.state for each in way.lines if each.criterion.code == code)


def test_there_are_words_for_everything():
    assert set(FAULTS) == set(Fault)
    assert set(STATES) == set(PortfolioStatus)
    assert set(HAPPENINGS) == set(Happening)


def test_a_portfolio_is_built_up_handed_in_and_accepted(app, folders, nell, manager, assessor):
    portfolio_id = handed_in(nell, FIRST, SECOND)
    assert (status_of(nell), line(nell, "folder")) == ("handed_in", State.IN_HAND)
    assert (told(assessor), told(manager)) == (["evidence_to_look_at"], [])

    service.open_it(portfolio_id, by=assessor.id)
    service.accept(portfolio_id, seen=1, comments="Clear and thoughtful", by=assessor.id)

    assert (status_of(nell), line(nell, "folder")) == ("accepted", State.MET)
    assert facts_of(nell) == [("folder", "2019-01-02", True)]
    assert told(nell) == ["evidence_accepted"]
    assert [str(each.happening) for each in reading.events_of(portfolio_id)] == ["handed_in", "opened", "accepted"]


def test_what_is_handed_in_is_expected_within_four_weeks(app, folders, nell):
    portfolio_id = handed_in(nell, FIRST)
    (fact,) = [each for each in facts_ahead([nell.id])[nell.id] if each.kind is FactKind.PENDING]

    assert (fact.subject, fact.value, fact.happened_on) == ("folder", "evidence", date(2019, 1, 30))
    assert fact.reference == f"portfolio:{portfolio_id}"


def test_what_nobody_has_looked_at_for_long_is_expected_today(app, folders, nell, clock_at):
    handed_in(nell, FIRST)
    clock_at(2019, 3, 1, 9)
    (fact,) = [each for each in facts_ahead([nell.id])[nell.id] if each.kind is FactKind.PENDING]

    assert fact.happened_on == date(2019, 3, 1)


def test_a_single_piece_counts_from_its_own_day(app, folders, nell, manager):
    accepted(nell, manager, SEEN, kind="observation")

    assert facts_of(nell) == [("observation", "2018-12-03", True)]
    assert line(nell, "seen") is State.MET


def test_whoever_prepares_it_may_hand_it_in_with_parts_missing(app, folders, nell):
    portfolio_id = handed_in(nell, FIRST)

    assert [part.title for part in reading.shown_portfolio(portfolio_id).missing] == [
        "Direct observation, 2 times",
        "Critical reflection",
    ]


def test_what_is_ticked_of_a_whole_portfolio_is_there(app, folders, nell):
    service.add_piece(nell.id, "folder", ALL, PDF, ticked=["seen", "nothing of the list"])
    page = reading.shown_portfolio(portfolio_of(nell).id)

    assert page.portfolio.ticked == ["seen"]
    assert [(part.code, part.is_there) for part in page.parts] == [("seen", True), ("reflection", False)]


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"title": " "}, Fault.NO_TITLE),
        ({"words": ""}, Fault.NOTHING_IN_IT),
        ({"item_kind": "whole"}, Fault.NO_FILE_OR_LINK),
        ({"happened_on": date(2019, 1, 3)}, Fault.IN_THE_FUTURE),
        ({"link": "javascript:alert(1)"}, Fault.NO_SAFE_LINK),
        ({"item_kind": "nothing"}, Fault.NO_SUCH_PART),
        ({"statements": ("ECS-1",)}, Fault.NOT_VALID_THEN),
    ],
)
def test_a_piece_that_is_wrong_is_not_taken(app, folders, nell, changed, fault):
    assert refused(service.add_piece, nell.id, "folder", replace(FIRST, **changed), None) == [fault]
    assert portfolio_of(nell) is None


def test_only_evidence_of_the_scheme_is_taken_and_only_of_those_on_a_pathway(app, folders, nell, alice, make_person):
    assert refused(service.add_piece, nell.id, "nothing", FIRST, None) == [Fault.NO_SUCH_KIND]
    assert refused(service.add_piece, alice.id, "folder", FIRST, None) == [Fault.NOT_ON_A_WAY]
    agency = make_person("Gil Goahead", career_level="new", staff_type="agency")
    assert refused(service.add_piece, agency.id, "folder", FIRST, None) == [Fault.NOT_ON_A_WAY]


def test_there_is_one_whole_portfolio_and_one_single_piece(app, folders, nell):
    service.add_piece(nell.id, "folder", ALL, None)
    service.add_piece(nell.id, "observation", SEEN, None)

    assert refused(service.add_piece, nell.id, "folder", ALL, None) == [Fault.FULL]
    assert refused(service.add_piece, nell.id, "observation", SEEN, None) == [Fault.FULL]


def test_handed_in_it_is_locked_for_everybody(app, folders, nell, assessor):
    portfolio_id = handed_in(nell, FIRST)
    item_id = items(portfolio_id)[0].id

    assert refused(service.add_piece, nell.id, "folder", SECOND, None) == [Fault.LOCKED]
    assert refused(service.change_piece, item_id, SECOND, None, by=nell.id) == [Fault.LOCKED]
    assert refused(service.remove_piece, item_id, by=nell.id) == [Fault.LOCKED]
    assert refused(service.answer, item_id, "It is none", by=nell.id) == [Fault.LOCKED]
    assert refused(service.hand_in, nell.id, "folder") == [Fault.HANDED_IN_ALREADY]
    with pytest.raises(LookupError):
        service.change_piece(item_id, SECOND, None, by=assessor.id)


def test_she_takes_it_back_until_somebody_opens_it(app, folders, nell, assessor):
    portfolio_id = handed_in(nell, FIRST)
    service.take_back(portfolio_id, by=nell.id)
    assert (status_of(nell), line(nell, "folder")) == ("preparing", State.OUTSTANDING)
    assert refused(service.take_back, portfolio_id, by=nell.id) == [Fault.NOT_HANDED_IN]

    service.hand_in(nell.id, "folder")
    service.open_it(portfolio_id, by=assessor.id)
    assert refused(service.take_back, portfolio_id, by=nell.id) == [Fault.OPENED_ALREADY]
    assert told(assessor) == ["evidence_to_look_at"] * 2


def test_nobody_elses_can_be_taken_back(app, folders, nell, bob):
    portfolio_id = handed_in(nell, FIRST)
    with pytest.raises(LookupError):
        service.take_back(portfolio_id, by=bob.id)


def test_returned_with_comments_it_is_hers_again_and_its_history_stays(app, folders, nell, assessor):
    portfolio_id = handed_in(nell, FIRST)
    service.open_it(portfolio_id, by=assessor.id)
    assert refused(service.give_back, portfolio_id, seen=1, comments=" ", by=assessor.id) == [Fault.NO_COMMENTS]
    service.give_back(portfolio_id, seen=1, comments="Say what you learnt", by=assessor.id)
    assert (status_of(nell), told(nell)) == ("returned", ["evidence_returned"])

    service.change_piece(items(portfolio_id)[0].id, replace(FIRST, words="What I learnt"), None, by=nell.id)
    service.hand_in(nell.id, "folder")

    assert refused(service.accept, portfolio_id, seen=1, comments="", by=assessor.id) == [
        Fault.NOT_OPENED,
        Fault.CHANGED_MEANWHILE,
    ]
    service.open_it(portfolio_id, by=assessor.id)
    service.accept(portfolio_id, seen=2, comments="", by=assessor.id)
    happened = [(str(each.happening), each.comments) for each in reading.events_of(portfolio_id)]
    assert happened == [
        ("handed_in", ""),
        ("opened", ""),
        ("returned", "Say what you learnt"),
        ("handed_in", ""),
        ("opened", ""),
        ("accepted", ""),
    ]
    assert [row.words for row in items(portfolio_id)] == ["How I listened", "What I learnt"]


def test_only_whoever_the_scheme_names_judges_and_nobody_her_own(app, folders, nell, manager, assessor, make_person):
    portfolio_id = handed_in(nell, FIRST)
    single = handed_in(nell, SEEN, kind="observation")
    elsewhere = make_person("Else Where", Role.ASSESSOR, employer=_slough())

    assert refused(service.open_it, portfolio_id, by=manager.id) == [Fault.NOT_WHO_ACCEPTS]
    assert refused(service.open_it, single, by=assessor.id) == [Fault.NOT_WHO_ACCEPTS]
    assert refused(service.open_it, portfolio_id, by=nell.id) == [Fault.OWN]
    with pytest.raises(LookupError):
        service.open_it(portfolio_id, by=elsewhere.id)
    with pytest.raises(LookupError):
        service.accept(portfolio_id, seen=1, comments="", by=elsewhere.id)
    assert refused(service.accept, portfolio_id, seen=1, comments="", by=assessor.id) == [Fault.NOT_OPENED]


def _slough():
    from tests.cast import LONG_AGO, Organisation, saved

    return saved(Organisation(code="slough", name="Slough Borough Council", created_at=LONG_AGO))


def test_where_nobody_accepts_it_workforce_development_is_told(app, folders, nell, officer, make_person):
    handed_in(nell, FIRST)
    alone = make_person("Lone Worker", career_level="new")
    handed_in(alone, SEEN, kind="observation")

    assert told(officer) == ["evidence_without_acceptor"] * 2


def test_her_manager_records_what_she_has_seen_herself(app, folders, nell, manager, assessor, bob):
    portfolio_id = service.record_seen(nell.id, "observation", SEEN, answer="", by=manager.id)

    assert facts_of(nell) == [("observation", "2018-12-03", True)]
    assert (line(nell, "seen"), told(nell)) == (State.MET, ["evidence_recorded"])
    assert reading.find_portfolio(portfolio_id).decided_by == "Mary Manager"
    again = refused(service.record_seen, nell.id, "observation", SEEN, answer="", by=manager.id)
    assert again == [Fault.SAME_DAY]
    other_day = replace(SEEN, happened_on=date(2018, 12, 4))
    for who in (assessor, bob):
        assert Fault.NOT_WHO_ACCEPTS in refused(
            service.record_seen, nell.id, "observation", other_day, answer="", by=who.id
        )
    assert refused(service.record_seen, nell.id, "folder", other_day, answer="", by=assessor.id) == [
        Fault.IS_A_PORTFOLIO
    ]
    assert Fault.OWN in refused(service.record_seen, nell.id, "observation", other_day, answer="", by=nell.id)


def test_what_is_recorded_may_stand_beside_what_she_prepares(app, folders, nell, manager):
    service.add_piece(nell.id, "observation", SEEN, None)
    service.record_seen(nell.id, "observation", replace(SEEN, happened_on=date(2018, 12, 4)), answer="", by=manager.id)

    assert refused(service.hand_in, nell.id, "observation") == []
    assert facts_of(nell) == [("observation", "2018-12-04", True)]


def test_evidence_of_one_kind_and_day_counts_once(app, folders, nell, manager):
    accepted(nell, manager, SEEN, kind="observation")
    service.add_piece(nell.id, "observation", SEEN, None)

    assert refused(service.hand_in, nell.id, "observation") == [Fault.SAME_DAY]


def test_an_acceptance_that_was_a_mistake_is_taken_back(app, folders, nell, manager, bob):
    portfolio_id = accepted(nell, manager, SEEN, kind="observation")
    assert refused(service.reopen, portfolio_id, reason="", by=manager.id) == [Fault.NO_COMMENTS]
    assert refused(service.reopen, portfolio_id, reason="Why", by=bob.id) == [Fault.NOT_WHO_ACCEPTS]

    service.reopen(portfolio_id, reason="It was another person's", by=manager.id)

    assert facts_of(nell) == [("observation", "2018-12-03", False)]
    assert (status_of(nell, "observation"), line(nell, "seen")) == ("returned", State.OUTSTANDING)
    assert refused(service.reopen, portfolio_id, reason="Again", by=manager.id) == [Fault.NOT_ACCEPTED]
    assert told(nell) == ["evidence_accepted", "evidence_returned"]


def test_what_a_panel_defers_is_hers_to_change_again_and_counts_no_more(app, folders, nell, assessor):
    assert service.return_after_panel(nell.id, "folder", comments="More on assessment", by=assessor.id) is None
    portfolio_id = accepted(nell, assessor, FIRST)

    assert service.return_after_panel(nell.id, "folder", comments="More on assessment", by=assessor.id) == portfolio_id

    assert (status_of(nell), facts_of(nell)) == ("returned", [("folder", "2019-01-02", False)])
    assert reading.shown_portfolio(portfolio_id).comments == "More on assessment"
    service.change_piece(items(portfolio_id)[0].id, SECOND, None, by=nell.id)
    service.hand_in(nell.id, "folder")
    service.open_it(portfolio_id, by=assessor.id)
    service.accept(portfolio_id, seen=2, comments="", by=assessor.id)
    assert facts_of(nell)[-1] == ("folder", "2019-01-02", True)


def test_what_is_taken_back_while_the_next_is_prepared_is_set_aside(app, folders, nell, manager):
    portfolio_id = accepted(nell, manager, SEEN, kind="observation")
    service.add_piece(nell.id, "observation", replace(SEEN, happened_on=date(2018, 12, 4)), None)

    service.reopen(portfolio_id, reason="A mistake", by=manager.id)

    assert reading.find_portfolio(portfolio_id).status is PortfolioStatus.SET_ASIDE
    assert facts_of(nell) == [("observation", "2018-12-03", False)]


def test_the_file_of_an_earlier_version_is_kept_until_it_is_accepted(app, folders, nell, assessor):
    item_id = service.add_piece(nell.id, "folder", FIRST, PDF)
    changed = service.change_piece(item_id, FIRST, OTHER_PDF, by=nell.id)
    kept = service.change_piece(changed, replace(FIRST, title="Renamed"), None, by=nell.id)
    portfolio_id = portfolio_of(nell).id
    first, second, third = items(portfolio_id)
    assert (third.id, third.stored_as, third.filename) == (kept, second.stored_as, "later.pdf")
    assert all(path_of(each.stored_as).is_file() for each in (first, second))
    assert "evidence_item" in {table.name for table in tables_with_files()}

    service.hand_in(nell.id, "folder")
    service.open_it(portfolio_id, by=assessor.id)
    service.accept(portfolio_id, seen=1, comments="", by=assessor.id)

    assert not path_of(first.stored_as).is_file()
    assert path_of(third.stored_as).read_bytes() == OTHER_PDF.content
    assert [row.removed_at is not None for row in items(portfolio_id)] == [True, True, False]


def test_a_file_of_a_refused_piece_is_not_kept(app, folders, nell):
    from cpd.shared.kept_files import folder_of_files

    before = set(folder_of_files().iterdir())
    assert refused(service.add_piece, nell.id, "folder", replace(FIRST, title=""), PDF) == [Fault.NO_TITLE]
    assert set(folder_of_files().iterdir()) == before


def test_a_file_can_be_taken_out_where_something_else_is_there(app, folders, nell):
    item_id = service.add_piece(nell.id, "folder", FIRST, PDF)
    assert refused(service.change_piece, item_id, replace(FIRST, words=""), None, by=nell.id, without_file=True) == [
        Fault.NOTHING_IN_IT
    ]

    changed = service.change_piece(item_id, FIRST, None, by=nell.id, without_file=True)

    assert reading.find_item(changed).stored_as is None


def test_of_two_windows_the_second_is_refused(app, folders, nell):
    item_id = service.add_piece(nell.id, "folder", FIRST, None)
    service.change_piece(item_id, SECOND, None, by=nell.id)

    assert refused(service.change_piece, item_id, FIRST, None, by=nell.id) == [Fault.CHANGED_MEANWHILE]
    assert refused(service.remove_piece, item_id, by=nell.id) == [Fault.CHANGED_MEANWHILE]
    assert refused(service.answer, item_id, "It is none", by=nell.id) == [Fault.CHANGED_MEANWHILE]


def test_a_piece_that_is_taken_out_is_gone_and_its_history_stays(app, folders, nell):
    item_id = service.add_piece(nell.id, "folder", FIRST, None)
    service.remove_piece(item_id, by=nell.id)

    assert reading.items_of([portfolio_of(nell).id])[portfolio_of(nell).id] == []
    assert refused(service.hand_in, nell.id, "folder") == [Fault.EMPTY]
    assert [row.supersede_reason for row in items(portfolio_of(nell).id)] == ["Taken out"]


def test_what_may_tell_who_somebody_is_has_to_be_answered_or_mended_first(app, folders, nell):
    item_id = service.add_piece(nell.id, "folder", NAMED, None)
    (item,) = items(portfolio_of(nell).id)
    assert item.found == ["name:words", "postcode:words"]
    assert refused(service.hand_in, nell.id, "folder") == [Fault.UNANSWERED]
    assert refused(service.answer, item_id, " ", by=nell.id) == [Fault.NO_ANSWER]

    service.answer(item_id, "It is a character in a book", by=nell.id)
    assert refused(service.hand_in, nell.id, "folder") == []


def test_mending_it_takes_the_warning_away_and_a_new_one_asks_again(app, folders, nell):
    item_id = service.add_piece(nell.id, "folder", NAMED, None)
    service.answer(item_id, "A character in a book", by=nell.id)
    same = service.change_piece(item_id, replace(NAMED, title="Renamed"), None, by=nell.id)
    assert reading.find_item(same).answer == "A character in a book"

    worse = service.change_piece(same, replace(NAMED, words="Mrs Havisham in NE8 1HH, and Mr Pip"), None, by=nell.id)
    assert reading.find_item(worse).is_unanswered

    mended = service.change_piece(worse, FIRST, None, by=nell.id)
    assert reading.find_item(mended).found == []


def test_a_colleague_who_is_named_is_no_child_but_somebody_of_another_council_may_be(app, folders, nell, stranger):
    words = f"I went with {nell.name}. Then Jade Smith came, and {stranger.name}."
    service.add_piece(nell.id, "folder", replace(FIRST, words=words), None)
    (item,) = items(portfolio_of(nell).id)

    found = reading.identifiers_of(reading.find_item(item.id), nell.organisation_id)

    assert [each.excerpt for each in found] == ["Jade Smith", stranger.name]


@pytest.mark.parametrize(
    ("piece", "sent", "where"),
    [
        (replace(FIRST, title="Visit to Mrs Havisham"), None, ["name:title"]),
        (FIRST, replace(PDF, filename="Visit_Mrs_Havisham.pdf"), ["name:filename"]),
        (FIRST, word_file("I saw Mrs Havisham"), ["name:file"]),
        (FIRST, SentFile("visit.pdf", typst.compile(b"I saw Mrs Havisham")), ["name:file"]),
        (replace(FIRST, link="https://store.example/NE81HH"), None, ["postcode:link"]),
    ],
)
def test_titles_links_file_names_and_files_are_looked_through(app, folders, nell, piece, sent, where):
    service.add_piece(nell.id, "folder", piece, sent)
    (item,) = items(portfolio_of(nell).id)

    assert item.found == where
    assert [each.excerpt for each in reading.identifiers_of(reading.find_item(item.id), nell.organisation_id)] in (
        ["Mrs Havisham"],
        ["NE81HH"],
    )


def test_how_much_of_a_file_was_read_is_kept_and_said(app, folders, nell):
    unread = service.add_piece(nell.id, "folder", FIRST, PDF)
    read = service.add_piece(nell.id, "folder", SECOND, word_file("I saw them"))
    page = reading.shown_portfolio(portfolio_of(nell).id)
    assert [each.file_read for each in page.items] == ["We could not look for names and numbers in it.", ""]
    assert [each.id for each in page.unread] == [unread]

    stays = service.change_piece(unread, replace(FIRST, title="Renamed"), None, by=nell.id)
    assert not reading.find_item(stays).is_looked_into
    assert reading.find_item(service.change_piece(stays, FIRST, None, by=nell.id, without_file=True)).is_looked_into
    assert reading.find_item(read).is_looked_into


def test_another_file_in_which_something_is_found_is_asked_about_anew(app, folders, nell):
    item_id = service.add_piece(nell.id, "folder", FIRST, word_file("I saw Mrs Havisham"))
    service.answer(item_id, "A character in a book", by=nell.id)
    same = service.change_piece(item_id, replace(FIRST, title="Renamed"), None, by=nell.id)
    assert (reading.find_item(same).found, reading.find_item(same).is_unanswered) == (["name:file"], False)

    other = service.change_piece(same, FIRST, word_file("I saw Mr Pip"), by=nell.id)
    assert reading.find_item(other).is_unanswered


def test_what_a_reviewer_writes_is_looked_through_too(app, folders, nell, assessor):
    portfolio_id = handed_in(nell, FIRST)
    service.open_it(portfolio_id, by=assessor.id)
    said = {"seen": 1, "comments": "Say more of Mrs Havisham", "by": assessor.id}
    assert refused(service.give_back, portfolio_id, **said) == [Fault.NOT_CHECKED]
    assert refused(service.accept, portfolio_id, **said) == [Fault.NOT_CHECKED]

    service.accept(portfolio_id, **said, is_checked=True)
    reason = {"reason": "Mrs Havisham is in it", "by": assessor.id}
    assert refused(service.reopen, portfolio_id, **reason) == [Fault.NOT_CHECKED]
    assert refused(service.reopen, portfolio_id, **reason, is_checked=True) == []


ROLES = frozenset({Role.ASSESSOR})


@pytest.mark.parametrize(
    ("accepted_by", "by", "roles", "named", "expected"),
    [
        (["assessor"], 5, ROLES, [], "assessor"),
        (["assessor"], 5, ROLES, [5, 6], "assessor"),
        (["assessor"], 5, ROLES, [6], None),
        (["assessor", "principal_social_worker"], 5, {*ROLES, Role.PRINCIPAL_SOCIAL_WORKER}, [6],
         "principal_social_worker"),
        (["assessor"], 1, ROLES, [], None),
        (["assessor"], 2, frozenset(), [], None),
        ([], 2, ROLES, [6], "line_manager"),
        ([], 5, ROLES, [5], None),
    ],
    ids=["nobody is named", "named", "another is named", "by another role", "herself", "manager", "manager only", "no"],
)  # fmt: skip
def test_who_accepts_somebodys_evidence(accepted_by, by, roles, named, expected):
    assert accepts_as(accepted_by, by=by, roles=roles, person_id=1, manager_id=2, named=named) == expected


@pytest.mark.parametrize(
    ("status", "hand_ins", "manages", "accepts", "has_dealt", "expected"),
    [
        (PortfolioStatus.PREPARING, 0, True, True, True, Sight.NOTHING),
        (PortfolioStatus.HANDED_IN, 1, False, False, True, Sight.NOTHING),
        (PortfolioStatus.HANDED_IN, 1, False, True, False, Sight.ALL),
        (PortfolioStatus.ACCEPTED, 1, False, True, False, Sight.OUTLINE),
        (PortfolioStatus.ACCEPTED, 1, False, True, True, Sight.ALL),
        (PortfolioStatus.ACCEPTED, 1, True, False, False, Sight.ALL),
        (PortfolioStatus.RETURNED, 1, True, True, True, Sight.OUTLINE),
        (PortfolioStatus.PREPARING, 1, True, False, False, Sight.OUTLINE),
        (PortfolioStatus.SET_ASIDE, 1, False, True, True, Sight.OUTLINE),
    ],
)
def test_so_much_of_what_was_handed_in_is_seen(status, hand_ins, manages, accepts, has_dealt, expected):
    assert sight_of(status, hand_ins, manages=manages, accepts=accepts, has_dealt=has_dealt) is expected


def test_her_own_assessor_is_asked_and_no_other_unless_none_is_named(
    app, folders, nell, assessor, officer, make_person
):
    other = make_person("Otto Other", Role.ASSESSOR)
    support(nell.id, assessor.id, RelationshipKind.ASSESSOR, date(2018, 10, 1), by=officer.id)
    portfolio_id = handed_in(nell, FIRST)
    assert (told(assessor), told(other)) == (["evidence_to_look_at"], [])
    assert refused(service.open_it, portfolio_id, by=other.id) == [Fault.NOT_WHO_ACCEPTS]
    waiting = (reading.waiting_count(each.id, nell.organisation_id, ROLES) for each in (assessor, other))
    assert list(waiting) == [1, 0]

    (running,) = supports_of([nell.id])[nell.id]
    end_support(nell.id, running.id, date(2019, 1, 1), by=officer.id)
    assert refused(service.open_it, portfolio_id, by=other.id) == []


def test_what_somebody_records_is_looked_through_too(app, folders, nell, manager):
    named = replace(SEEN, words="A visit to Mrs Havisham")
    assert refused(service.record_seen, nell.id, "observation", named, answer=" ", by=manager.id) == [Fault.NO_ANSWER]

    service.record_seen(nell.id, "observation", named, answer="A book's", by=manager.id)
    assert items(portfolio_of(nell, "observation").id)[0].answer == "A book's"


def test_every_act_stands_in_the_history_without_what_was_written(app, folders, nell, assessor):
    service.add_piece(nell.id, "folder", NAMED, None)
    service.answer(items(portfolio_of(nell).id)[0].id, "A book's", by=nell.id)
    service.change_piece(items(portfolio_of(nell).id)[0].id, FIRST, None, by=nell.id)
    portfolio_id = handed_in(nell)
    service.open_it(portfolio_id, by=assessor.id)
    service.accept(portfolio_id, seen=1, comments="Good", by=assessor.id)
    rows = db.session.query(AuditEvent).filter_by(subject="portfolio", subject_id=portfolio_id).order_by(AuditEvent.id)

    assert [row.verb for row in rows] == [
        "begun",
        "piece_added",
        "identifiers_answered",
        "piece_changed",
        "handed_in",
        "opened",
        "accepted",
    ]
    said = " ".join(f"{row.before} {row.after} {row.reason}" for row in rows)
    assert not any(word in said for word in ("Havisham", "listened", "Good", "book"))


def test_lists_for_documents_are_plain_and_of_their_day(app, folders, nell, assessor, manager, clock_at):
    accepted(nell, manager, SEEN, kind="observation")
    clock_at(2019, 2, 4, 9)
    accepted(nell, assessor, FIRST, replace(SECOND, item_kind=OTHER))

    lines = reading.evidence_list_of(nell.id, date(2019, 2, 4))
    assert [(each.title, each.happened_on.isoformat(), each.accepted_by_role) for each in lines] == [
        ("Portfolio of the year: A first visit", "2018-11-05", "assessor"),
        ("Portfolio of the year: A meeting", "2018-11-20", "assessor"),
        ("Direct observation", "2018-12-03", "line manager"),
    ]
    assert lines[0].statements == ("PCF 1: Professionalism", "PQS 2: Listening and being understood")
    assert [each.evidence_kind for each in reading.evidence_list_of(nell.id, date(2019, 2, 3))] == ["observation"]


def test_what_is_handed_in_or_accepted_is_listed_by_kind(app, folders, nell, manager):
    service.add_piece(nell.id, "folder", FIRST, None)
    single = handed_in(nell, SEEN, kind="observation")

    (found,) = reading.handed_in_of(nell.id)
    assert (found.id, found.evidence_kind, found.is_portfolio, found.status) == (
        single,
        "observation",
        False,
        "handed_in",
    )
    assert found.href == f"/progression/evidence/{single}"
    assert reading.handed_in_of(nell.id, ["folder"]) == []


def test_a_files_piece_is_given_only_for_its_own_portfolio(app, folders, nell):
    item_id = service.add_piece(nell.id, "folder", FIRST, PDF)
    portfolio_id = portfolio_of(nell).id

    assert reading.file_of(item_id, [portfolio_id]).filename == "visit.pdf"
    assert reading.file_of(item_id, [portfolio_id + 1]) is None
    assert reading.file_of(2**40, [portfolio_id]) is None


def test_what_waits_is_counted_for_managers_and_for_roles(app, folders, nell, abel, manager, assessor, officer):
    handed_in(nell, FIRST)
    handed_in(nell, SEEN, kind="observation")
    handed_in(abel, SEEN, kind="observation")

    def count(person):
        return reading.waiting_count(person.id, person.organisation_id, person.roles)

    assert (count(manager), count(assessor), count(officer), count(nell)) == (2, 1, 0, 0)


def _at_once(*acts):
    """Do these at one time, each in a context of its own; return how each ended."""
    app = current_app._get_current_object()

    def run(act):
        with app.app_context():
            try:
                return act()
            except Exception as failed:  # noqa: BLE001 - whatever it is, it is looked at below
                return failed

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, acts))


def test_of_two_who_decide_at_once_one_wins(both, folders, nell, assessor, make_person):
    other = make_person("Otto Other", Role.ASSESSOR)
    portfolio_id = handed_in(nell, FIRST)
    service.open_it(portfolio_id, by=assessor.id)
    db.session.rollback()

    ended = _at_once(
        lambda: service.accept(portfolio_id, seen=1, comments="", by=assessor.id),
        lambda: service.give_back(portfolio_id, seen=1, comments="Not yet", by=other.id),
    )

    (failed,) = [each for each in ended if isinstance(each, Exception)]
    assert failed.faults == (Fault.DECIDED_ALREADY,)
    assert told(nell) in (["evidence_accepted"], ["evidence_returned"])


def test_two_first_pieces_at_once_begin_one_portfolio(both, folders, nell):
    ended = _at_once(
        lambda: service.add_piece(nell.id, "folder", FIRST, None),
        lambda: service.add_piece(nell.id, "folder", SECOND, None),
    )

    assert all(isinstance(each, int) for each in ended), ended
    portfolio_id = portfolio_of(nell).id
    assert [row.item_number for row in items(portfolio_id)] == [1, 2]
    assert len(reading.portfolios_of([nell.id])) == 1


def test_taking_back_and_opening_at_once_one_wins(both, folders, nell, assessor):
    portfolio_id = handed_in(nell, FIRST)
    db.session.rollback()

    ended = _at_once(
        lambda: service.take_back(portfolio_id, by=nell.id), lambda: service.open_it(portfolio_id, by=assessor.id)
    )

    (failed,) = [each for each in ended if isinstance(each, Exception)]
    assert failed.faults in ((Fault.OPENED_ALREADY,), (Fault.NOT_HANDED_IN,))
    assert (portfolio_of(nell).opened_at is None) == (status_of(nell) == "preparing")
