"""One browser for everybody of the five councils: each signs in by the form once, and then opens, types and presses."""

from __future__ import annotations

import re
from datetime import date, datetime
from urllib.parse import urlsplit

from flask import Flask
from playwright.sync_api import Browser, Locator, Page, expect

from cpd.commands.demo.story import address
from cpd.shared.clock import LONDON
from tests.browser.world import PASSWORD
from tests.pages import complaints_of, forgive, watch

OK, REFUSED = 200, 409
PATIENCE = 10_000
"""So many milliseconds are waited for what a page should have."""


class Hand:
    """Somebody at the browser, signed in."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url

    def open(self, path: str) -> Hand:
        """Open a page, which must be there for her."""
        status = self._go(path)
        assert status == OK, f"{path}: {status} {self.words[:500]}"
        return self

    def follow(self, words: str | re.Pattern[str], *, near: str = "") -> Hand:
        """Follow a link; `near` are words of the row, the card or the section in which it stands."""
        where = self._near(near) if near else self.page.get_by_role("main")
        where.locator("a").filter(has_text=words).first.click()  # some look like buttons, and say so
        self.page.wait_for_load_state()
        return self

    def fill(self, **typed: str | date | bool) -> Hand:
        """Type into boxes by the names that other programs rely on: texts, dates, choices, ticks and lists."""
        for name, value in typed.items():
            boxes = self.page.locator(f"main [name='{name}']")
            first = boxes.first
            kind = first.evaluate("box => box.type || box.tagName.toLowerCase()")
            if isinstance(value, date):
                for place, part in enumerate((value.day, value.month, value.year)):
                    boxes.nth(place).fill(str(part))
            elif kind in ("radio", "checkbox"):
                self.page.locator(f"main [name='{name}'][value='{'y' if value is True else value}']").check()
            elif kind.startswith("select"):
                first.select_option(label=str(value))
            else:
                first.fill(str(value))
        return self

    def press(self, words: str | re.Pattern[str], *, near: str = "") -> Hand:
        """Press a button, and wait for the page to which it leads."""
        where = self._near(near) if near else self.page.get_by_role("main")
        where.get_by_role("button", name=words).first.click()
        self.page.wait_for_load_state()
        return self

    def sees(self, *words: str) -> Hand:
        """Expect that the page says this."""
        for each in words:
            expect(self.page.get_by_role("main")).to_contain_text(each)
        return self

    def sees_no(self, *words: str) -> Hand:
        """Expect that the page does not say this."""
        for each in words:
            expect(self.page.get_by_role("main")).not_to_contain_text(each)
        return self

    def is_refused(self, *words: str) -> Hand:
        """Expect a sentence why nothing was done, and forgive the browser for noticing it."""
        self.sees(*words)
        assert any(each.startswith(f"{REFUSED}: ") for each in complaints_of(self.page)), complaints_of(self.page)
        forgive(self.page)
        return self

    def cannot_open(self, path: str, status: int) -> Hand:
        """Expect that a page is not for her."""
        found = self._go(path)
        assert found == status, f"{path}: {found}"
        forgive(self.page)
        return self

    @property
    def path(self) -> str:
        """Where she is."""
        return urlsplit(self.page.url).path

    @property
    def words(self) -> str:
        """What the page says."""
        return self.page.locator("body").inner_text()

    def _go(self, path: str) -> int:
        answer = self.page.goto(self.url + path)
        return answer.status if answer else 0

    def _near(self, words: str) -> Locator:
        """Find the first row of a table that says this, else the smallest part of the page that does."""
        rows = self.page.locator("main tr").filter(has_text=words)
        if rows.count():
            return rows.first
        parts = self.page.locator("main :is(li, section, .app-card, .govuk-summary-list__row, .govuk-summary-card)")
        return parts.filter(has_text=words).last


class Councils:
    """The five councils side by side: the clock, the commands, and everybody's browser."""

    def __init__(self, app: Flask, browser: Browser, url: str) -> None:
        self.app = app
        self.browser = browser
        self.url = url
        self.hands: dict[str, Hand] = {}

    def at(self, day: str, hour: int = 10) -> None:
        """Move the clock to a day (`2019-03-14`), and let the worker do what is due by then."""
        on = date.fromisoformat(day)
        self.app.extensions["frozen_clock"] = datetime(on.year, on.month, on.day, hour, tzinfo=LONDON)
        self.run("worker", "--once")

    def run(self, *words: str) -> str:
        """Run a command, as the machine does."""
        result = self.app.test_cli_runner().invoke(args=list(words), catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return result.output

    def hand(self, who: str) -> Hand:
        """Give somebody's browser: `worker@slough`. The first time she signs in by the form."""
        if who not in self.hands:
            page = watch(self.browser.new_context().new_page())
            page.set_default_timeout(PATIENCE)
            page.goto(f"{self.url}/sign-in")
            page.get_by_label("E-mail address").fill(address(who))
            page.get_by_label("Password", exact=True).fill(PASSWORD)
            page.get_by_role("button", name="Sign in").click()
            page.wait_for_url(f"{self.url}/")
            self.hands[who] = Hand(page, self.url)
        return self.hands[who]

    def complaints(self) -> list[str]:
        """List what all their browsers complained of."""
        return [f"{who}: {each}" for who, hand in self.hands.items() for each in complaints_of(hand.page)]

    def close(self) -> None:
        """Close every browser context."""
        for hand in self.hands.values():
            hand.page.context.close()
