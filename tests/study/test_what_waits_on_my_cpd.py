"""My CPD: what waits for the reader stands first, with the day by which it is wanted."""

from __future__ import annotations

import pytest

from cpd.home.mine import mine
from cpd.study.protected.rules import Answer, Said
from cpd.study.protected.service import say_week, standing_of
from cpd.study.regulator import service as regulator
from tests.study.test_cpd_record import COURT, GENOGRAMS, TALK
from tests.study.test_days_pages import words_of


def named(person, title):
    found = [each for each in mine(person.id) if each.title == title]
    return found[0] if found else None


@pytest.mark.parametrize(("month", "day", "waits"), [(8, 31, False), (9, 1, True), (11, 30, True)])
def test_the_regulator_s_pieces_wait_once_renewal_is_open(app, registered, clock_at, month, day, waits):
    clock_at(2026, month, day, 9)

    cpd = named(registered, "CPD for the regulator")

    assert cpd.words == ("0 of 2 pieces: 2 pieces still to record, 1 with a peer reflection by 30 November 2026",)
    assert cpd.waits is waits


def test_what_waits_stands_first_and_nothing_waits_once_it_is_done(app, registered, clock_at, sign_in):
    clock_at(2026, 10, 1, 9)
    browser = sign_in(registered)
    assert "My CPD Waiting for you CPD for the regulator 0 of 2" in words_of(browser.get("/my"))

    regulator.write_piece(registered.id, COURT)
    regulator.reflect(registered.id, regulator.write_piece(registered.id, GENOGRAMS), TALK)

    words = words_of(browser.get("/my"))
    assert "Waiting for you" not in words
    assert "CPD for the regulator 2 of 2 pieces: done for this year" in words


def test_protected_time_waits_until_each_week_is_said(app, nell):
    assert named(nell, "Protected time").waits

    for line in standing_of(nell.id).lines:
        if line.is_open:
            say_week(nell.id, line.week.first, Said(Answer.NO))

    assert not named(nell, "Protected time").waits
    assert named(nell, "Protected time").words[0].startswith("Behind by ")


def test_somebody_without_protected_time_reads_nothing_of_it(app, registered):
    assert named(registered, "Protected time") is None
