"""A page that asks the same twice has one answer; an act always asks."""

from __future__ import annotations

import pytest

from cpd.shared.asked_once import once_per_page
from cpd.shared.database import db
from cpd.shared.unit_of_work import unit_of_work


@pytest.fixture
def question():
    """A question, and how often it was asked."""
    asked = []

    @once_per_page
    def double(number, *, plus=0):
        db.session.connection()
        asked.append(number)
        return number * 2 + plus

    return double, asked


def test_a_page_asks_once(app, question):
    double, asked = question
    with app.test_request_context("/"):
        assert [double(1), double(1), double(2), double(1, plus=1)] == [2, 2, 4, 3]

    assert asked == [1, 2, 1]


def test_another_page_asks_again(app, question):
    double, asked = question
    for _ in range(2):
        with app.test_request_context("/"):
            double(1)

    assert asked == [1, 1]


def test_what_was_read_before_a_change_is_not_the_answer_after_it(app, question):
    double, asked = question
    with app.test_request_context("/"):
        double(1)
        with unit_of_work():
            double(1)
            double(1)
        double(1)

    assert asked == [1, 1, 1, 1]


@pytest.mark.parametrize("method", ["POST", None], ids=["a form is sent", "a command"])
def test_an_act_always_asks(app, question, method):
    double, asked = question
    if method is None:
        double(1)
        double(1)
    else:
        with app.test_request_context("/", method=method):
            double(1)
            double(1)

    assert asked == [1, 1]
