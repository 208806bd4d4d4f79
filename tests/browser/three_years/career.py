"""The three years as they are lived: what each does in the pages, and what no page does yet by the service."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import Flask

from cpd.people import service as people
from cpd.record import service as record
from cpd.record.facts import FactSaid
from cpd.requirements.record import FactKind
from cpd.schemes.reading import PACKS
from cpd.shared.clock import LONDON
from cpd.shared.database import db
from tests.browser.three_years.story import (
    ACTS,
    MANAGED_BY,
    MARY,
    NAMES,
    PORTFOLIO,
    ROLES,
    TESS,
    UNIVERSITY,
    WORKSHOP,
)
from tests.browser.twelve.markup import Element
from tests.browser.twelve.visitor import Visitor

if TYPE_CHECKING:
    from tests.browser.three_years.phone import Phone

COLUMNS = (
    "organisation,employee_number,email,name,team,manager_employee_number,roles,career_level,staff_type,"
    "qualified_on,registered_on,starts_on"
)
SENIOR = "4a"


def day_of(words: str) -> date:
    """`20 February 2023`."""
    return datetime.strptime(words, "%d %B %Y").replace(tzinfo=LONDON).date()


class Career:
    """The council during three years: everybody's browser, and the clock."""

    phone: Phone

    def __init__(self, app: Flask, folder: Path) -> None:
        self.app = app
        self.folder = folder
        self.visitors: dict[str, Visitor] = {}
        self.seen: dict[Any, Any] = {}
        self.at(date(2022, 12, 1), 8)
        self.run("import", "scheme", PACKS / "warwickshire.yaml")

    def live(self, today: date) -> None:
        """Let happen what the story has for a day, then the evening's run of the worker."""
        for number, act in enumerate(each for each in ACTS if day_of(each.on) == today):
            self.at(today, 10, number)
            getattr(self, act.does.replace(" ", "_"))(self.visitor(act.who), **act.what)
        self.at(today, 18)
        self.run("worker", "--once")

    def at(self, day: date, hour: int, minute: int = 0) -> None:
        """Move the clock on."""
        self.app.extensions["frozen_clock"] = datetime(day.year, day.month, day.day, hour, minute, tzinfo=LONDON)

    def run(self, *words: str | Path) -> str:
        """Run a command, as the machine does."""
        result = self.app.test_cli_runner().invoke(args=list(map(str, words)), catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return result.output

    def visitor(self, who: str) -> Visitor:
        """Somebody's browser; before HR's first file nobody is known."""
        if who not in self.visitors:
            cookie = self.cookie(who)
            if not cookie:
                return Visitor(self.app)
            self.visitors[who] = Visitor(self.app, cookie)
        return self.visitors[who]

    def cookie(self, who: str) -> str:
        """The cookie of somebody who has signed in (signing in itself is tried elsewhere); empty for nobody."""
        with self.app.app_context():
            person = people.find_by_email(f"{who.lower()}@demo.example")
            db.session.remove()
        if person is None:
            return ""
        signer = self.app.session_interface.get_signing_serializer(self.app)
        return signer.dumps({"_user_id": person.get_id(), "_fresh": True})

    @cached_property
    def hers(self) -> str:
        """Where others see her: `/people/5`, as her manager's list of her team has it."""
        page = self.visitor(MARY).open("/team")
        return next(each.get("href") for each in page.every("a") if each.words == NAMES[TESS])

    @cached_property
    def feed(self) -> str:
        """The address of her calendar feed, as she copies it once."""
        page = self.visitor(TESS).open("/my/calendar")
        return urlsplit(next(each.get("href") for each in page.every("a") if each.get("href").endswith(".ics"))).path

    # What HR's nightly file does, and what no page does yet -----------------------------------------------------

    def takes_the_file_of_posts(self, _visitor: Visitor, *, career_level: str, since: str) -> None:
        """HR's file: everybody as they are, and her post at a career level since a day."""
        numbers = {who: f"W{number}" for number, who in enumerate(NAMES)}
        rows = [COLUMNS]
        for who, name in NAMES.items():
            level, begins = (career_level, since) if who == TESS else (SENIOR, "2022-01-01")
            registered = "2022-07-15,2022-11-28" if who == TESS else ","
            manager, roles = numbers.get(MANAGED_BY.get(who, ""), ""), ROLES.get(who, "")
            rows.append(
                f"warwickshire,{numbers[who]},{who.lower()}@demo.example,{name},Assessment Team,{manager},{roles},"
                f"{level},employee,{registered},{begins}"
            )
        self.folder.joinpath("people.csv").write_text("\n".join(rows))
        said = self.run("import", "people", self.folder / "people.csv")
        assert said.rstrip().endswith("0 refused"), said

    def publishes_the_workshop(self, visitor: Visitor) -> None:
        """By video: the council's scheme names no venue."""
        visitor.open("/workforce/sessions/new")
        visitor.press(
            "Save as a draft",
            module="Workshop 1",
            on_0=["13", "3", "2023"],
            time_0="9:30am to 4:30pm",
            online_0="y",
            online_link="https://meeting.example/workshop",
            facilitators="fay@demo.example",
        )
        page = visitor.press("Publish it")
        assert "published" in page.words

    def records_what_the_panel_said(self, _visitor: Visitor, *, on: str) -> None:
        """By hand: the moderation panel has no pages yet."""
        with self.app.app_context():
            said = FactSaid(
                person_id=people.find_by_email("tess@demo.example").id,
                kind=FactKind.OUTCOME,
                subject="asye-portfolio",
                happened_on=date.fromisoformat(on),
                value="passed",
                source_kind="hand",
                source="Minutes of the moderation panel",
            )
            record.add_fact(said, by=people.find_by_email("olive@demo.example").id)
            db.session.remove()

    # Plan -------------------------------------------------------------------------------------------------------

    def writes_a_plan(self, visitor: Visitor, *, aim: str, by: str, module: str) -> None:
        visitor.open("/my/plan")
        visitor.follow("Add an aim")
        page = visitor.press("Keep it", aim=aim, target_on=by.split(), module_code=module)
        assert aim in page.words

    def agrees_to_the_plan(self, visitor: Visitor) -> None:
        visitor.open("/my/plan" if visitor is self.visitors.get(TESS) else f"{self.hers}/plan")
        page = visitor.press("I agree to this plan")
        assert "You have agreed to this plan." in page.words

    def reviews_the_plan(self, visitor: Visitor, *, on: str, notes: str) -> None:
        visitor.open("/my/plan" if visitor is self.visitors.get(TESS) else f"{self.hers}/plan")
        visitor.follow("Write down a review")
        page = visitor.press("Keep it", held_on=on.split(), notes=notes)
        assert notes in page.words

    # Study days -------------------------------------------------------------------------------------------------

    def asks_for_a_day_by_telephone(self, _visitor: Visitor, *, on: str, purpose: str) -> None:
        self.phone.ask_for_a_day(on, purpose)

    def asks_for_a_day(self, visitor: Visitor, *, all_the_same: bool = False, **asked: str) -> None:
        """With `all_the_same` on the page that has refused it."""
        page = visitor.press("Ask for it", all_the_same="y") if all_the_same else self._ask(visitor, **asked)
        assert "You have asked for it." in page.words

    def cannot_ask_for_a_day(
        self, visitor: Visitor, *, on: str, because: str, part: str = "whole", kind: str = "study"
    ) -> None:
        page = self._ask(visitor, on=on, part=part, kind=kind, status=409)
        assert because in page.the("div", role="alert").words

    def _ask(self, visitor: Visitor, *, on: str, part: str, kind: str, status: int = 303) -> Element:
        visitor.open("/my/study-days")
        visitor.follow("Ask for a day")
        return visitor.press("Ask for it", on=on.split(), part=part, kind=kind, status=status)

    def approves(self, visitor: Visitor) -> None:
        self._answer(visitor)
        page = visitor.press("Approve it")
        assert "It is approved and in the diary of Tess Threeyears." in page.words

    def declines(self, visitor: Visitor, *, reason: str) -> None:
        page = self._answer(visitor)
        assert "That is more than is left (no days)." in page.words
        page = visitor.press("Decline it", reason=reason)
        assert "It is declined. Tess Threeyears is told why." in page.words

    def _answer(self, visitor: Visitor) -> Element:
        """Open what waits for an answer."""
        page = visitor.open("/team/study-days")
        links = [each.get("href") for each in page.every("a") if each.words.startswith("Answer")]
        assert len(links) == 1, page.words
        return visitor.open(links[0])

    def cancels_a_day(self, visitor: Visitor, *, day: str) -> None:
        page = visitor.open("/my/study-days")
        link = next(each for each in page.every("a") if each.words.startswith(f"Cancel it: {day}"))
        visitor.open(link.get("href"))
        visitor.press("Cancel it")

    # The workshop -----------------------------------------------------------------------------------------------

    def books_the_workshop(self, visitor: Visitor) -> None:
        visitor.open(f"/sessions/{self._workshop(visitor)}")
        page = visitor.press("Book this place")
        assert "You have a place." in page.words

    def closes_the_register(self, visitor: Visitor) -> None:
        """After the workshop is over."""
        self.app.extensions["frozen_clock"] += timedelta(hours=7)
        visitor.open(f"/sessions/{self._workshop(visitor)}/register")
        visitor.press(f"Attended {NAMES[TESS]}")
        page = visitor.press("Close the register")
        assert "Closed on" in page.words

    def _workshop(self, visitor: Visitor) -> str:
        return visitor.open("/timetable?per_page=500").the("li", data_module=WORKSHOP).get("data-session")

    # The regulator's record --------------------------------------------------------------------------------------

    def begins_a_piece_with_the_workshop(self, visitor: Visitor) -> None:
        visitor.open("/my/cpd")
        page = visitor.press("Begin a piece with Workshop 1")
        assert "The piece is begun." in page.words

    def finishes_the_piece(self, visitor: Visitor, *, learnt: str, impact: str) -> None:
        page = visitor.open("/my/cpd")
        link = next(each for each in page.every("li") if each.get("data-piece")).every("a")[0]
        visitor.open(link.get("href"))
        visitor.follow("Write on")
        page = visitor.press("Keep it", learnt=learnt, impact=impact)
        assert "Counts" in page.words

    def writes_a_piece_by_telephone(self, _visitor: Visitor, **piece: str) -> None:
        self.phone.write_a_piece(**piece)

    def reflects_with_a_peer(self, visitor: Visitor, *, piece: str, peer: str, on: str, learnt: str) -> None:
        visitor.open("/my/cpd")
        visitor.follow(piece)
        visitor.follow("Add a peer reflection")
        page = visitor.press("Keep it", peer=peer, discussed_on=on.split(), peer_learnt=learnt)
        assert "Your peer reflection is kept." in page.words

    def shares_a_piece(self, visitor: Visitor, *, piece: str) -> None:
        visitor.open("/my/cpd")
        visitor.follow(piece)
        page = visitor.press("Share it with your line manager")
        assert "Your line manager can read it now." in page.words

    def writes_both_pieces(self, visitor: Visitor, *, on: str, about: str) -> None:
        """As in the first year, in one go."""
        for title in (f"What I read on {about}", f"A discussion on {about}"):
            visitor.open("/my/cpd")
            visitor.follow("Write a piece")
            visitor.press(
                "Keep it",
                cpd_type="Reading or research",
                description=title,
                happened_on=on.split(),
                learnt=f"{title}: what I took from it",
                impact="I do it differently now",
            )
        self.reflects_with_a_peer(
            visitor, piece=title, peer="My line manager or supervisor", on=on, learnt="To ask sooner"
        )

    # Credits and the certificate -----------------------------------------------------------------------------------

    def claims_the_portfolio(self, visitor: Visitor, *, ended: str) -> None:
        visitor.open("/my/credits")
        visitor.follow("Claim credits for prior learning")
        visitor.follow(PORTFOLIO)
        page = visitor.press("Hand it in", learning_ended_on=ended.split(), link="https://portfolio.example/tess")
        assert "It is handed in." in page.words

    def sends_the_claim_on(self, visitor: Visitor, *, answer: str) -> None:
        self._open_claim(visitor)
        page = visitor.press("It is sent", university=UNIVERSITY, board_on=answer.split())
        assert "It is with the university." in page.words

    def enters_the_answer(self, visitor: Visitor, *, decision: str, on: str, reason: str = "") -> None:
        self._open_claim(visitor)
        page = visitor.press("Enter it", decision=decision, board_on=on.split(), reason=reason)
        assert "It is entered." in page.words

    def _open_claim(self, visitor: Visitor) -> None:
        page = visitor.open("/workforce/credits")
        link = next(each for each in page.every("a") if "/workforce/credits/claims/" in each.get("href"))
        visitor.open(link.get("href"))

    def enrols_her(self, visitor: Visitor, *, on: str) -> None:
        page = visitor.open(f"{self.hers}/awards")
        visitor.follow(next(each.words for each in page.every("a") if each.words.startswith("enrol")))
        page = visitor.press("Enrol", enrolled_on=on.split())
        assert "The person is enrolled, and told." in page.words

    def enters_what_is_expected(self, visitor: Visitor, *, module: str, board: str) -> None:
        page = visitor.open(f"{self.hers}/credits/enter")
        page.the("input", name="status", value="expected").attributes["checked"] = ""
        page = visitor.press("Enter it", source=module, board_on=board.split(), university=UNIVERSITY)
        assert "It is entered." in page.words

    def enters_a_board(self, visitor: Visitor, *, module: str, on: str) -> None:
        page = visitor.open(f"/workforce/credits/board/{module}")
        name = next(each.get("name") for each in page.every("input") if each.get("name").startswith("result_"))
        page = visitor.press("Enter the results", board_on=on.split(), **{name: "passed"})
        assert "1 person has the credits, 0 not. All are told." in page.words

    def corrects_the_board(self, visitor: Visitor, *, module: str, on: str, reason: str) -> None:
        visitor.open(f"{self.hers}/credits")
        visitor.follow(f"Correct {module}")
        page = visitor.press("Correct it", board_on=on.split(), reason=reason)
        assert "It is corrected." in page.words

    def sees_what_is_left(self, visitor: Visitor) -> None:
        page = visitor.open("/my/awards/pg-certificate")
        assert "Nothing more to do: the last credits are expected on 16 July 2025." in page.words

    def sees_that_the_result_is_overdue(self, visitor: Visitor) -> None:
        page = visitor.open("/my/credits")
        assert "Was expected by 16 July 2025, no result yet" in page.words
        page = visitor.open("/my/awards/pg-certificate")
        assert "The last credits were expected on 16 July 2025, and there is no result yet" in page.words
        page = visitor.open("/my")
        assert "Was expected by 16 July 2025, no result yet" in page.words
        assert "Next award board" not in page.words

    def sees_the_award_by_telephone(self, _visitor: Visitor) -> None:
        self.phone.see_the_award()
