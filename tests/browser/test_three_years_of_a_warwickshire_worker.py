"""A Warwickshire worker is taken through three years in real pages, and every page shows the sums counted by hand.

The story is in `three_years/story.py`; what every page must say after each of its days stands in tables in
`three_years/sums.md`, written from the story with paper and pencil.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import UTC

import pytest

from cpd.shared.database import db
from cpd.shared.wording import day_words
from tests.browser.three_years.career import Career, day_of
from tests.browser.three_years.phone import Phone
from tests.browser.three_years.story import MARY, NED, OLIVE, TESS
from tests.browser.three_years.sums import TABLES, days, differences, ledger_of_hers, record_of, seen_by, told
from tests.browser.world import make_world
from tests.pages import served

pytestmark = pytest.mark.browser

READERS = {"She": TESS, "Mary": MARY, "Olive": OLIVE, "Ned": NED}


@pytest.fixture
def career(sqlite_app, instance, tmp_path, browser, monkeypatch) -> Iterator[Career]:
    """Warwickshire on 1 December 2022. As in life, both clocks show the same."""
    app = make_world(instance, "three_years")
    monkeypatch.setattr("cpd.shared.clock.real_now", lambda: app.extensions["frozen_clock"].astimezone(UTC))
    with served(app) as url:
        app.config["BASE_URL"] = url
        career = Career(app, tmp_path)
        career.phone = Phone(career, browser, url)
        yield career
        career.phone.close()
    with app.app_context():
        db.engine.dispose()


def test_a_worker_is_taken_through_three_years_and_every_page_shows_the_sums_counted_by_hand(career):
    for day in days():
        career.live(day)
        assert list(differences(career, day)) == []

    see_that_the_record_and_the_ledger_say_how_it_came_to_that(career)
    see_that_people_were_told_the_truth(career)
    see_that_each_sees_what_is_theirs_to_see(career)
    see_that_no_protected_time_is_promised(career)
    see_that_the_regulator_s_pieces_can_be_taken_along(career)
    assert career.phone.complaints() == []
    assert "nothing wrong" in career.run("doctor")


def see_that_the_record_and_the_ledger_say_how_it_came_to_that(career):
    for who in (TESS, MARY, OLIVE):
        assert record_of(career, who) == TABLES["Her record"], who
    assert ledger_of_hers(career) == TABLES["What became of each credit"]


def see_that_people_were_told_the_truth(career):
    for who, title in ((TESS, "What she was told"), (MARY, "What Mary was told")):
        expected = [(day_words(day_of(row["On"])), row["Subject"]) for row in TABLES[title]]
        messages = told(career, who)
        assert [(at, subject) for at, subject, _ in messages] == expected
        for row, (*_, words) in zip(TABLES[title], messages, strict=True):
            assert row["It says"] in words


def see_that_each_sees_what_is_theirs_to_see(career):
    for row in TABLES["Who sees what"]:
        seen = {name: seen_by(career, who, row["Page"]) for name, who in READERS.items()}
        assert {"Page": row["Page"], **seen} == row


def see_that_no_protected_time_is_promised(career):
    """Warwickshire's report promises none, so none is counted; where a council has it is tried elsewhere."""
    page = career.visitor(TESS).open("/my/protected-time")
    assert "No protected development time" in page.words
    assert "Protected time" not in career.visitor(TESS).open("/my").the("main").words


def see_that_the_regulator_s_pieces_can_be_taken_along(career):
    table = career.visitor(TESS).file("/my/cpd/2022-12-01.csv").decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(table)))[1:]
    assert rows == [list(row.values()) for row in TABLES["What the regulator's form is filled in with"]]
