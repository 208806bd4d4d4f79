"""Twelve people are taken through the programme in real pages, day by day, and their records say what happened.

The story, with every line of every register, is in `story.py`; what must stand on the records in the end is in
`expected.py`, written by hand from the story. Everything between is done in the pages: by telephone in a browser
where somebody has hers in her hand, else by the forms as the pages show them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC

import pytest

from cpd.shared.database import db
from tests.browser.twelve.expected import (
    CERTIFICATES_ON_PAPER,
    LACKING_MIDWAY,
    OTHER_TEAM_MIDWAY,
    OUTCOMES,
    RECORDS_ON_PAPER,
    TEAM_MIDWAY,
)
from tests.browser.twelve.paper import words_of
from tests.browser.twelve.phone import Phones
from tests.browser.twelve.play import live, open_council
from tests.browser.twelve.reading import expected_of, sessions_ahead, shown_of, team_of, told
from tests.browser.twelve.story import LAST_DAY, MARY, MIDWAY, NED, TWELVE
from tests.browser.twelve.term import Term, moment
from tests.browser.world import make_world
from tests.pages import served

pytestmark = pytest.mark.browser


@pytest.fixture
def term(sqlite_app, instance, tmp_path, browser, monkeypatch) -> Iterator[Term]:
    """The council on 2 January, before anything is booked. As in life, both clocks show the same."""
    app = make_world(instance, "twelve_people")
    monkeypatch.setattr("cpd.shared.clock.real_now", lambda: app.extensions["frozen_clock"].astimezone(UTC))
    open_council(app, tmp_path)
    with served(app) as url:
        app.config["BASE_URL"] = url
        term = Term(app)
        term.phones = Phones(term, browser, url)
        yield term
        term.phones.close()
    with app.app_context():
        db.engine.dispose()


def test_twelve_people_are_taken_through_the_programme_and_their_records_say_what_the_registers_say(term):
    live(term, until=MIDWAY)
    see_that_managers_read_who_is_ready(term)
    see_that_calendars_and_bookings_agree(term)

    live(term, until=LAST_DAY)
    see_that_each_record_says_what_the_registers_say(term)
    see_that_they_were_told(term)
    see_that_papers_say_the_same(term)
    see_that_a_withdrawn_certificate_is_worth_nothing(term)
    term.phones.read_record("Liz", OUTCOMES["Liz"])
    assert term.phones.complaints() == []
    assert "nothing wrong" in term.run("doctor")


def see_that_managers_read_who_is_ready(term):
    for manager, ready in ((MARY, TEAM_MIDWAY), (NED, OTHER_TEAM_MIDWAY)):
        wanted = {who: (words, LACKING_MIDWAY.get(who, "Nothing")) for who, words in ready.items()}
        assert team_of(term.visitor(manager)) == wanted


def see_that_calendars_and_bookings_agree(term):
    for who in TWELVE:
        feed, bookings = sessions_ahead(term, who, moment(MIDWAY))
        assert feed == bookings, who


def see_that_each_record_says_what_the_registers_say(term):
    for who, outcome in OUTCOMES.items():
        shown, must_be = shown_of(term, who), expected_of(outcome)
        for part, said in must_be.items():
            assert shown[part] == said, f"{part} of {who}"


def see_that_they_were_told(term):
    for who, outcome in OUTCOMES.items():
        assert set(outcome.told) <= set(told(term, who)), who


def see_that_papers_say_the_same(term):
    for (who, name), words in CERTIFICATES_ON_PAPER.items():
        visitor = term.visitor(who)
        row = term.certificates(visitor)[name]
        path = next(each.get("href") for each in row.every("a") if each.get("href").endswith(".pdf"))
        assert words in words_of(visitor.file(path))
    for who in RECORDS_ON_PAPER:
        paper = words_of(term.visitor(who).file("/my/record.pdf"))
        outcome = expected_of(OUTCOMES[who])
        for words in (outcome["progress"], *outcome["record"], *(known for *_, known in outcome["facts"])):
            assert words in paper, who


def see_that_a_withdrawn_certificate_is_worth_nothing(term):
    page = term.visitor("").open(term.links["M3 15 Jan"])
    assert "This certificate was withdrawn" in page.the("h1").words
    assert TWELVE["Liz"] not in page.words
    refused = term.visitor("Liz").open(term.links["M3 15 Jan, on paper"], status=409)
    assert "The register of Module 3 was corrected on 11 February 2019" in refused.words
