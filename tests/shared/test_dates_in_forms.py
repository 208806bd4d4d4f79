"""A date in three boxes: read however it is written, and refused at the box that is wrong."""

from __future__ import annotations

import re
from datetime import date

import pytest

from cpd.shared.forms import DateField, error_list
from tests.shared.filling_in import GOOD, filled, form_of, sent
from tests.shared.gallery import EveryFieldForm


@pytest.mark.parametrize(
    ("typed", "message", "box"),
    [
        ([], "Enter the date of the session", "day"),
        (["", "", ""], "Enter the date of the session", "day"),
        ([" ", "", " "], "Enter the date of the session", "day"),
        (["31"], "Date of the session must include a month and year", "month"),
        (["31", "1"], "Date of the session must include a year", "year"),
        (["31", "", "2019"], "Date of the session must include a month", "month"),
        (["", "1", "2019"], "Date of the session must include a day", "day"),
        (["30", "2", "2019"], "Date of the session must be a real date", "day"),
        (["29", "2", "2019"], "Date of the session must be a real date", "day"),
        (["31", "13", "2019"], "Date of the session must be a real date", "day"),
        (["x", "1", "2019"], "Date of the session must be a real date", "day"),
        (["²", "1", "2019"], "Date of the session must be a real date", "day"),
        (["3" * 5000, "1", "2019"], "Date of the session must be a real date", "day"),
        (["31", "1", "19"], "Date of the session must have a year of 4 numbers, such as 2027", "year"),
        (["31", "1", "0001"], "Date of the session must be between 1900 and 2199", "year"),
        (["31", "1", "9999"], "Date of the session must be between 1900 and 2199", "year"),
        (["2019-02-30"], "Date of the session must be a real date", "day"),
        (["\0", "1", "2019"], "Date of the session must be a real date", "day"),
    ],
    ids=repr,
)
def test_a_wrong_date_is_refused_at_its_wrong_box(gallery_app, typed, message, box):
    form = filled(gallery_app, EveryFieldForm, {**GOOD, "held_on": typed})
    errors = {error["href"]: error["text"] for error in error_list(form) if "held_on" in error.get("href", "")}
    assert errors == {f"#held_on-{box}": message}
    assert sent(gallery_app, held_on=typed).status_code == 422


@pytest.mark.parametrize(
    "typed",
    [
        ["31", "1", "2019"],
        [" 31", "01 ", "2019"],
        ["31", "Jan", "2019"],
        ["31", "january", "2019"],
        ["2019-01-31"],
        ["31", "1", "2019", "7"],
    ],
    ids=repr,
)
def test_a_date_is_read_however_it_is_written(gallery_app, typed):
    assert filled(gallery_app, EveryFieldForm, {**GOOD, "held_on": typed}).held_on.data == date(2019, 1, 31)


def test_a_date_that_need_not_be_given_may_be_left_empty_but_not_half_empty(gallery_app):
    kind = form_of(DateField("Ends on"))
    assert filled(gallery_app, kind, {"it": ["", "", ""]}).errors == {}
    assert filled(gallery_app, kind, {}).it.data is None
    assert filled(gallery_app, kind, {"it": ["", "2", "2019"]}).errors == {"it": ["Ends on must include a day"]}


def test_the_boxes_of_a_date_keep_what_was_typed_and_only_the_wrong_one_is_marked(gallery_app):
    page = sent(gallery_app, held_on=["31", "", "2019"]).text
    day, month, year = (
        re.search(rf'<input[^>]*id="held_on-{part}"[^>]*>', page)[0] for part in ("day", "month", "year")
    )
    assert 'value="31"' in day
    assert 'value="2019"' in year
    assert ["govuk-input--error" in box for box in (day, month, year)] == [False, True, False]


def test_a_date_that_is_known_stands_in_its_boxes(gallery_app):
    with gallery_app.test_request_context():
        boxes = form_of(DateField("Ends on"))(data={"it": date(2027, 3, 28)}).it()
    assert re.findall(r'value="(\d+)"', boxes) == ["28", "3", "2027"]
