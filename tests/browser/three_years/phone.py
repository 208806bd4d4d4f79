"""What she does on her telephone, in a real browser with scripts: she asks for a day, writes, sees the award."""

from __future__ import annotations

from playwright.sync_api import Browser, Page, expect

from tests.browser.three_years.career import Career
from tests.browser.three_years.story import TESS
from tests.pages import PHONE, assert_page_is_accessible, complaints_of, watch


class Phone:
    """Her telephone."""

    def __init__(self, career: Career, browser: Browser, url: str) -> None:
        self.career = career
        self.browser = browser
        self.url = url
        self.opened: Page | None = None

    @property
    def page(self) -> Page:
        """Her browser, signed in."""
        if self.opened is None:
            context = self.browser.new_context(viewport=PHONE)
            name = self.career.app.config["SESSION_COOKIE_NAME"]
            context.add_cookies([{"name": name, "value": self.career.cookie(TESS), "url": self.url}])
            self.opened = watch(context.new_page())
        return self.opened

    def ask_for_a_day(self, on: str, purpose: str) -> None:
        """From what is mine to the form and back."""
        page = self.page
        page.goto(f"{self.url}/my")
        page.get_by_role("link", name="Study days").click()
        page.get_by_role("link", name="Ask for a day").or_(page.get_by_role("button", name="Ask for a day")).click()
        page.get_by_label("Study day").check()
        self._date("Which day?", on)
        page.get_by_label("The whole day").check()
        page.get_by_label("What for? (optional)").fill(purpose)
        self._fits()
        page.get_by_role("button", name="Ask for it").click()
        expect(page.get_by_text("You have asked for it. You are told when it is answered.")).to_be_visible()
        expect(page.locator("[data-figure=asked]").first).to_contain_text("Asked for: 1 day")

    def write_a_piece(self, *, type: str, description: str, on: str, learnt: str, impact: str) -> None:  # noqa: A002
        """The regulator's questions, one below the other."""
        page = self.page
        page.goto(f"{self.url}/my")
        page.get_by_role("link", name="CPD for the regulator").click()
        page.get_by_role("link", name="Write a piece").or_(page.get_by_role("button", name="Write a piece")).click()
        page.get_by_label(type).check()
        page.get_by_label("What it was, and why it is relevant").fill(description)
        self._date("Date", on)
        page.get_by_label("What I learnt").fill(learnt)
        page.get_by_label("The positive impact on my practice").fill(impact)
        self._fits()
        page.get_by_role("button", name="Keep it").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(description)
        expect(page.get_by_text("Counts", exact=True)).to_be_visible()

    def see_the_award(self) -> None:
        """She opens what she has worked for."""
        page = self.page
        page.goto(f"{self.url}/my")
        page.get_by_role("link", name="Awards", exact=True).click()
        page.get_by_role("link", name="See it line by line").click()
        expect(page.locator(".app-progress__words")).to_have_text("60 of 60 credits")
        expect(page.locator("main")).to_contain_text("Award held since 16 July 2025")
        expect(page.locator("[data-line=Done]")).to_have_count(3)
        self._fits()

    def complaints(self) -> list[str]:
        """What the browser complained of."""
        return complaints_of(self.page)

    def close(self) -> None:
        """Put the telephone away."""
        if self.opened:
            self.opened.context.close()

    def _date(self, legend: str, on: str) -> None:
        group = self.page.get_by_role("group", name=legend)
        for label, typed in zip(("Day", "Month", "Year"), on.split(), strict=True):
            group.get_by_label(label).fill(typed)

    def _fits(self) -> None:
        assert_page_is_accessible(self.page)
        assert self.page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
