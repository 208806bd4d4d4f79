"""Every process reads the same time, wherever the clock was set first."""

from __future__ import annotations

from datetime import date

import pytest
from flask import current_app

from cpd.shared import clock
from cpd.shared.unit_of_work import unit_of_work


@pytest.fixture
def a_new_process(both):
    """Forget what this process knows of the clock, and let it start by the setting given."""

    def start(setting: str) -> None:
        both.extensions.pop("frozen_clock", None)
        both.extensions.pop("clock_anchor", None)
        both.config["CPD_NOW"] = setting

    yield start
    both.extensions.pop("clock_anchor", None)
    both.config["CPD_NOW"] = ""


def test_the_first_act_of_all_may_set_the_clock(a_new_process):
    a_new_process("2019-01-02T09:00")

    with unit_of_work():
        assert clock.today() == date(2019, 1, 2)


def test_another_process_reads_the_same_time(a_new_process):
    a_new_process("2019-01-02T09:00")
    clock.now()

    a_new_process("")

    assert clock.today() == date(2019, 1, 2)


def test_a_new_setting_sets_it_anew(a_new_process):
    a_new_process("2019-01-02T09:00")
    clock.now()

    a_new_process("2019-03-13T09:00")

    assert clock.today() == date(2019, 3, 13)
    assert current_app.extensions["clock_anchor"]
