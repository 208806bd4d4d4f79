"""What some of them do on a telephone, in a real browser with scripts: a facilitator's register, a worker's day."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.browser.twelve.expected import Outcome
from tests.browser.twelve.paper import words_of
from tests.browser.twelve.story import FAY, Register
from tests.browser.twelve.term import NAMES, WORDS, Term
from tests.pages import PHONE, complaints_of, watch


class Phones:
    """A telephone for each of them who uses one."""

    def __init__(self, term: Term, browser: Browser, url: str) -> None:
        self.term = term
        self.browser = browser
        self.url = url
        self.pages: dict[str, Page] = {}

    def of(self, who: str) -> Page:
        """Somebody's telephone, signed in."""
        if who not in self.pages:
            context = self.browser.new_context(viewport=PHONE, accept_downloads=True)
            name = self.term.app.config["SESSION_COOKIE_NAME"]
            context.add_cookies([{"name": name, "value": self.term.cookie(who), "url": self.url}])
            self.pages[who] = watch(context.new_page())
        return self.pages[who]

    def sign_in(self, who: str, code: str) -> None:
        """Her day: she opens the service, sees what is next and where, and signs in by what is on the screen."""
        page = self.of(who)
        page.goto(self.url)
        expect(page.locator("[aria-labelledby=next]")).to_contain_text("Your next session")
        expect(page.locator("[aria-labelledby=next]")).to_contain_text("Module 1: Genograms")
        page.goto(f"{self.url}/attend")
        page.get_by_label("Code").fill(code)
        page.get_by_role("button", name="I am here").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("You are signed in")
        page.get_by_role("link", name="See the session").click()
        expect(page.locator("[data-attendance]")).to_contain_text("It counts once the register is closed")

    def keep(self, register: Register, *, both: bool) -> dict[str, str]:
        """Mark a register tap by tap, with that of the afternoon; returns how everybody is marked."""
        page = self.of(FAY)
        page.goto(f"{self.url}/my/registers")
        label = f"Module {register.module[1]}"
        page.get_by_role("button", name=re.compile(f"Mark the register of {label}")).click()
        if both:
            page.get_by_role("link", name="Mark both at once").click()
        for status, word in WORDS.items():
            for who in getattr(register, status).split():
                row = page.locator(".app-register__row").filter(has_text=NAMES[who])
                row.get_by_role("button", name=f"{word} {NAMES[who]}", exact=True).click()
                expect(row).to_contain_text(re.compile(rf"{word}\s+by {NAMES[FAY]}"))
        expect(page.locator("#register-count")).to_contain_text("everybody is marked")
        rows = page.locator(".app-register__row").all()
        short = {name: who for who, name in NAMES.items()}
        return {short[each.get_by_role("heading").inner_text()]: each.get_attribute("data-status") for each in rows}

    def read_record(self, who: str, outcome: Outcome) -> None:
        """She reads her record, why something on it was withdrawn, and takes her last certificate along."""
        page = self.of(who)
        page.goto(f"{self.url}/my/record")
        expect(page.locator(".app-progress__words")).to_have_text(outcome.progress)
        for number, line in enumerate(outcome.record, start=1):
            for words in line:
                expect(page.locator(f"[data-module=M{number}] dd")).to_contain_text(words)
        page.get_by_text("Why it was withdrawn").click()
        expect(page.get_by_text("because: Liz was called away at noon.")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
        page.get_by_role("link", name="My certificates").click()
        expect(page.get_by_role("row").filter(has_text="15 January 2019").filter(has_text="Module 3")).to_contain_text(
            "Withdrawn"
        )
        with page.expect_download() as taken:
            page.get_by_role("link", name="Download the certificate of Module 6").click()
        words = words_of(Path(taken.value.path()).read_bytes())
        assert f"{NAMES[who]} attended and completed Module 6: Practical Simulation" in words

    def complaints(self) -> list[str]:
        """What all their browsers complained of."""
        return [each for page in self.pages.values() for each in complaints_of(page)]

    def close(self) -> None:
        """Put every telephone away."""
        for page in self.pages.values():
            page.context.close()
