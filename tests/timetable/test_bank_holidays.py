"""The bank holidays of England and Wales, as they were and will be."""

from __future__ import annotations

from datetime import date

import pytest

from cpd.timetable.bank_holidays import bank_holidays


@pytest.mark.parametrize(
    ("year", "days"),
    [
        (2019, "1/1 19/4 22/4 6/5 27/5 26/8 25/12 26/12"),
        (2020, "1/1 10/4 13/4 8/5 25/5 31/8 25/12 28/12"),
        (2021, "1/1 2/4 5/4 3/5 31/5 30/8 27/12 28/12"),
        (2022, "3/1 15/4 18/4 2/5 2/6 3/6 29/8 19/9 26/12 27/12"),
        (2023, "2/1 7/4 10/4 1/5 8/5 29/5 28/8 25/12 26/12"),
        (2027, "1/1 26/3 29/3 3/5 31/5 30/8 27/12 28/12"),
    ],
    ids=["an ordinary year", "VE Day", "Christmas on a weekend", "jubilee and funeral", "coronation", "still ahead"],
)
def test_a_year_has_these_bank_holidays(year, days):
    expected = [date(year, int(month), int(day)) for day, month in (each.split("/") for each in days.split())]

    assert sorted(bank_holidays(year)) == expected


def test_a_holiday_that_falls_on_a_weekend_is_called_by_its_name():
    assert bank_holidays(2021)[date(2021, 12, 27)] == "Christmas Day (substitute day)"
    assert bank_holidays(2021)[date(2021, 12, 28)] == "Boxing Day (substitute day)"
