"""Every error has a page that says what happened and what to do, also when nothing else works."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import render_template

from cpd.shared.database import db
from cpd.shared.unit_of_work import TooBusyError

ERRORS = Path(__file__).resolve().parents[2] / "templates" / "errors"
PAGES = ("400", "403", "404", "405", "413", "429", "500", "503", "stale_form")
ALONE = ("500", "503")


def test_there_is_a_page_for_every_error():
    assert {path.stem for path in ERRORS.glob("*.html")} == {*PAGES, "alone"}


@pytest.mark.parametrize("page", PAGES)
def test_the_page_has_a_heading_and_a_way_on(app, page):
    with app.test_request_context("/"):
        text = render_template(f"errors/{page}.html", megabytes=5)

    assert text.count("<h1") == 1
    assert "Go" in text or "Wait" in text or "Try again" in text or 'href="/"' in text


@pytest.mark.parametrize("page", ALONE)
def test_the_page_appears_when_the_database_is_away(app, monkeypatch, page):
    def away(*_parts, **_more):
        raise ConnectionError

    monkeypatch.setattr(db.session, "execute", away)
    monkeypatch.setattr(db.session, "scalars", away)
    with app.test_request_context("/"):
        text = app.jinja_env.get_template(f"errors/{page}.html").render()
    assert "Nothing was changed." in text


@pytest.mark.parametrize(
    ("method", "path", "status", "said"),
    [
        ("get", "/no/such/page", 404, "Page not found"),
        ("get", "/sign-out", 405, "This page is not to be opened like this"),
        ("get", "/account?x=%00", 400, "That could not be understood"),
        ("post", "/sign-in", 413, "That file is too large"),
    ],
)
def test_an_error_is_answered_by_its_page(app, method, path, status, said):
    data = {"email": "x" * (app.config["MAX_CONTENT_LENGTH"] + 1)} if status == 413 else None
    answer = getattr(app.test_client(), method)(path, data=data)

    assert answer.status_code == status
    assert f">{said}</h1>" in answer.text


def test_whoever_comes_when_too_many_are_at_it_is_told_to_try_again(app, alice, sign_in, monkeypatch):
    def busy(*_parts, **_more):
        raise TooBusyError

    monkeypatch.setattr("cpd.home.views.booking.book_places", busy)
    answer = sign_in(alice).post("/sessions/1/book")

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert "Nothing was changed." in answer.text


def test_a_stale_form_says_what_to_do(app):
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        answer = app.test_client().post("/sign-in", data={"email": "a@demo.example", "password": "something"})
    finally:
        app.config["WTF_CSRF_ENABLED"] = False

    assert answer.status_code == 400
    assert "The page was open too long" in answer.text
