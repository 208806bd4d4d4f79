"""How tests look at pages: in a real browser, wide and on a phone, with axe and an open ear for complaints.

A conftest.py imports the three fixtures. `served(app)` serves an application while the block runs. `page` is
Playwright's, in the machine's Chromium; every complaint of the browser is kept from the first page on.
`assert_page_is_accessible(page)` looks at the page that is open.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import pytest
from flask import Flask
from playwright.sync_api import Page, Request
from werkzeug.serving import WSGIRequestHandler, make_server

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium-headless-shell")
ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --disable-dev-shm-usage"
)
AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text()
ICAL = Path(__file__).parent / "vendor" / "ical.js"
"""A second reader of calendars: `page.evaluate(ICAL.read_text())`, then `ICAL` is known in the page."""

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
OF_THE_LAYOUT = ["color-contrast", "target-size", "scrollable-region-focusable", "link-in-text-block"]
"""The rules of axe whose answer depends on how wide the page is."""
WIDE = {"width": 1280, "height": 900}
PHONE = {"width": 320, "height": 640}

_complaints: WeakKeyDictionary[Page, list[str]] = WeakKeyDictionary()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Start the machine's own Chromium; without one the tests fail, they are never skipped."""
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": ARGUMENTS.split()}


@pytest.fixture(scope="session")
def base_url() -> None:
    """Tests give whole addresses. (pytest-playwright's own fixture of this name warns under pytest 9.2.)"""


@pytest.fixture
def page(page: Page) -> Page:
    """A page of a browser whose complaints are kept."""
    return watch(page)


def watch(page: Page) -> Page:
    """Keep what the browser complains of: console messages, failures of scripts, answers of 400 and more."""
    complaints = _complaints.setdefault(page, [])
    page.on("console", lambda message: complaints.append(f"console: {message.text}"))
    page.on("pageerror", lambda error: complaints.append(f"script: {error}"))
    page.on("requestfailed", lambda request: _was_left(request) or complaints.append(f"no answer: {request.url}"))
    page.on("response", lambda answer: answer.status >= 400 and complaints.append(f"{answer.status}: {answer.url}"))
    return page


def _was_left(request: Request) -> bool:
    """Say whether a request ended because the page was left before its answer came: nobody missed it."""
    return request.failure == "net::ERR_ABORTED"


def complaints_of(page: Page) -> list[str]:
    """Return what the browser has complained of so far."""
    return _complaints[page]


def forgive(page: Page) -> None:
    """Forget the complaints so far, where a test brought them about on purpose (a refused form is a 422)."""
    page.wait_for_load_state()  # else some of them are still to come
    _complaints[page].clear()


def assert_page_is_accessible(page: Page) -> None:
    """Fail unless the open page is clean for axe (WCAG 2.2 AA) on a wide screen and a phone, and nobody complained."""
    page.wait_for_load_state()  # after a tap on a link there is a new page, but not yet the whole of it
    usual = page.viewport_size
    for size, rules in ((PHONE, TAGS), (WIDE, OF_THE_LAYOUT)):
        page.set_viewport_size(size)
        assert _violations(page, rules) == []
        assert page.evaluate("document.documentElement.scrollWidth") == size["width"], f"wider than {size['width']} px"
    if usual:
        page.set_viewport_size(usual)
    assert complaints_of(page) == []


def _violations(page: Page, rules: list[str]) -> list[str]:
    """Run axe in the page as it stands, with these rules or all of these tags; list what it finds, a line a place."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    asked = {"runOnly": rules, "resultTypes": ["violations"], "preload": False, "selectors": False}
    results = page.evaluate("asked => axe.run(asked)", asked)
    return [
        f"{violation['id']} ({violation['help']}): {node['html'][:200]}"
        for violation in results["violations"]
        for node in violation["nodes"]
    ]


class _Silent(WSGIRequestHandler):
    """Answers without writing a line for each request."""

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - named by the base class
        """Write nothing."""


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Serve the application on a free port while the block runs; gives its address without a closing slash."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Silent)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
