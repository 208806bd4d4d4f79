"""What every template can rely on."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask, render_template_string, url_for
from jinja2 import UndefinedError

from cpd.shared.assets import THEMES, asset_url, theme_of
from cpd.shared.pages import CalendarEntry, month_weeks, page_numbers, this_page
from tests.shared.gallery import make_gallery


@pytest.fixture(scope="module")
def app() -> Flask:
    return make_gallery()


@pytest.mark.parametrize(
    ("template", "facts"),
    [
        ("{{ nobody }}", {}),
        ("{% if nobody %}x{% endif %}", {}),
        ("{% for x in nobody %}x{% endfor %}", {}),
        ("{{ nobody == 1 }}", {}),
        ("{{ offer.titel }}", {"offer": date(2019, 1, 2)}),
    ],
    ids=["shown", "asked", "walked through", "compared", "an attribute"],
)
def test_a_name_that_is_not_there_is_an_error_and_not_a_blank(app, template, facts):
    with app.test_request_context(), pytest.raises(UndefinedError):
        render_template_string(template, **facts)


def test_a_part_that_a_mapping_lacks_is_a_blank_since_macros_ask_for_every_part(app):
    with app.test_request_context():
        assert render_template_string("{{ row.href }}{{ 'x' if row.href }}", row={"key": "When"}) == ""


@pytest.mark.parametrize(
    ("address", "changes", "expected"),
    [
        ("/timetable", {"page": 2}, "?page=2"),
        ("/timetable?module=M2&page=1", {"page": 2}, "?module=M2&page=2"),
        ("/timetable?after=31&after=1&after=2019", {"page": 2}, "?after=31&after=1&after=2019&page=2"),
        ("/timetable?module=M2&page=3", {"module": None, "page": None}, "?"),
        ("/timetable?q=%26page%3D9+%22%3E", {"page": 2}, "?q=%26page%3D9+%22%3E&page=2"),
        ("//elsewhere.example/?_external=1", {"page": 2}, "?_external=1&page=2"),
    ],
)
def test_a_link_to_another_page_of_a_list_keeps_what_was_asked(app, address, changes, expected):
    with app.test_request_context(address):
        assert this_page(**changes) == expected


@pytest.mark.parametrize(
    ("page", "pages", "expected"),
    [
        (1, 1, [1]),
        (1, 3, [1, 2, 3]),
        (1, 9, [1, 2, None, 9]),
        (4, 9, [1, 2, 3, 4, 5, None, 9]),
        (5, 9, [1, None, 4, 5, 6, None, 9]),
        (9, 9, [1, None, 8, 9]),
        (40, 9, [1, None, 9]),
    ],
)
def test_a_long_list_links_to_its_ends_and_to_the_pages_around(page, pages, expected):
    assert page_numbers(page, pages) == expected


def test_a_month_is_whole_weeks_from_monday_with_things_on_its_own_days_only():
    entry = CalendarEntry("9am", "Module 1", "/sessions/1", "open", "You can book")
    entries = {date(2019, 1, 31): [entry], date(2019, 2, 1): [entry]}
    weeks = month_weeks(2019, 1, entries, today=date(2019, 1, 2))
    days = [day for week in weeks for day in week]

    assert [len(week) for week in weeks] == [7] * 5
    assert (days[0].on, days[0].on.weekday(), days[0].in_month) == (date(2018, 12, 31), 0, False)
    assert [day.on for day in days if day.entries] == [date(2019, 1, 31)]
    assert [day.on for day in days if day.is_today] == [date(2019, 1, 2)]
    assert days[10].words == "Thursday 10 January"


def test_the_address_of_a_file_changes_with_its_content(app, tmp_path, monkeypatch):
    monkeypatch.setattr(app, "static_folder", str(tmp_path))
    with app.test_request_context():
        addresses = []
        for name, content in [("one.css", "a"), ("two.css", "b"), ("three.css", "a")]:
            (tmp_path / name).write_text(content)
            addresses.append(asset_url(name))
        fingerprints = [address.split("?v=")[1] for address in addresses]
        assert addresses[0].startswith(url_for("static", filename="one.css"))
        assert fingerprints[0] == fingerprints[2] != fingerprints[1]


@pytest.mark.parametrize(
    ("name", "theme"), [*((name, name) for name in THEMES), ("", "green"), (None, "green"), ("beige", "green")]
)
def test_a_theme_that_is_not_ours_becomes_the_usual_one(name, theme):
    assert theme_of(name) == theme


def test_the_password_of_the_demonstration_stands_on_its_pages_only(app):
    page = app.test_client().get("/").text
    assert "Invented people and places" in page


def test_signing_out_is_offered_to_whoever_is_signed_in(app):
    assert 'action="/sign-out"' in app.test_client().get("/").text
    assert 'action="/sign-out"' not in app.test_client().get("/?signed_out").text


def test_a_button_that_changes_something_carries_its_protection_and_its_fields(app):
    page = app.test_client().get("/").text
    form = page[page.index('name="together"') - 400 : page.index("together</button>")]
    assert 'name="csrf_token" value="' in form
    assert ['value="7"' in form, 'value="9"' in form] == [True, True]
