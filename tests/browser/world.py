"""The small world that the tests of pages share: the demonstration as it stands on 2 January 2019.

Its dates are then the printed ones. `Site` is that world behind a real server, with a browser context for
each account, so that nobody signs in twice.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page
from sqlalchemy import select

from cpd.commands.demo.programme import sessions_by_module
from cpd.commands.demo.story import address
from cpd.shared.database import db
from tests.conftest import EVE_OF_TERM, _make
from tests.pages import WIDE, served, watch

PASSWORD = "demonstration"  # noqa: S105 - it stands in the banner of every page

Content = dict[str, list[tuple]]


def content(*, without: tuple[str, ...] = ()) -> Content:
    """Read every row of every table, to see whether something was changed."""
    db.session.remove()
    with db.engine.connect() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]
            for table in db.metadata.sorted_tables
            if table.name not in without
        }


def differences(before: Content, after: Content) -> list[str]:
    """Name the tables whose rows are not what they were."""
    return [name for name in before if before[name] != after[name]]


def put_back(app: Flask, kept: Path, used: Path) -> None:
    """Let a SQLite database be what it was when it was kept."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    for ending in ("-wal", "-shm"):
        Path(f"{used}{ending}").unlink(missing_ok=True)
    shutil.copy(kept, used)


def keep(app: Flask, used: Path, kept: Path) -> None:
    """Keep a SQLite database as it is now."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    kept.unlink(missing_ok=True)
    with sqlite3.connect(used) as connection:
        connection.execute(f"VACUUM INTO '{kept}'")


def make_world(instance: Path, name: str) -> Flask:
    """Make an application of its own on an empty database, with forms protected as in life."""
    folder = instance / name
    folder.mkdir(exist_ok=True)
    shutil.copy(instance / "empty.sqlite", folder / "used.sqlite")
    app = _make(f"sqlite:///{folder / 'used.sqlite'}", folder)
    app.config.update(WTF_CSRF_ENABLED=True, PROPAGATE_EXCEPTIONS=False)
    app.extensions["frozen_clock"] = EVE_OF_TERM
    return app


def load_demonstration(app: Flask, instance: Path) -> None:
    """Load the demonstration, once per process; after that it is copied."""
    kept = instance / "demonstration.sqlite"
    used = app.config["CPD_INSTANCE"] / "used.sqlite"
    if kept.exists():
        put_back(app, kept, used)
        app.extensions["demonstration"] = True
        return
    result = app.test_cli_runner().invoke(args=["demo"])
    assert result.exit_code == 0, result.output
    keep(app, used, kept)


class Site:
    """The world behind a server: its address, its sessions by module, and a browser for each account."""

    def __init__(self, app: Flask, url: str, browser: Browser) -> None:
        self.app = app
        self.url = url
        self.browser = browser
        self.contexts: dict[tuple[str, bool], BrowserContext] = {}
        with app.app_context():
            self.sessions = sessions_by_module()
            db.session.remove()

    def visit(self, who: str = "", *, script: bool = True) -> Page:
        """Open a page on which somebody is signed in: `worker`, `worker@coventry`, or nobody."""
        if (who, script) not in self.contexts:
            context = self.browser.new_context(java_script_enabled=script, viewport=WIDE)
            self.contexts[who, script] = context
            if who:
                self.sign_in(context.new_page(), who)
        return watch(self.contexts[who, script].new_page())

    def sign_in(self, page: Page, who: str) -> None:
        """Sign in by the form."""
        page.goto(f"{self.url}/sign-in")
        page.get_by_label("E-mail address").fill(address(who))
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(f"{self.url}/")

    def path(self, pattern: str) -> str:
        """Fill the id of a session into an address: `/sessions/{M2[0]}` is the first of Module 2."""
        return pattern.format(**self.sessions)

    def close(self) -> None:
        """Close every browser context."""
        for context in self.contexts.values():
            context.close()


@contextmanager
def site_of(app: Flask, browser: Browser) -> Iterator[Site]:
    """Serve a world while the block runs; links in messages and calendars then lead to it."""
    with served(app) as url:
        app.config["BASE_URL"] = url
        site = Site(app, url, browser)
        try:
            yield site
        finally:
            site.close()
            with app.app_context():
                db.engine.dispose()
