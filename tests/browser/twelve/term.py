"""The term as it is lived: what each person of the story does, in the pages of the product and nowhere else."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING

from flask import Flask

from cpd.people import service as people
from cpd.shared.clock import LONDON
from cpd.shared.database import db
from tests.browser.twelve.markup import Element
from tests.browser.twelve.story import MARY, NED, OLIVE, OTHERS, REGISTERS, TERRY, TWELVE, Act, Correction, Register
from tests.browser.twelve.visitor import Visitor

if TYPE_CHECKING:
    from tests.browser.twelve.phone import Phones

NAMES = TWELVE | OTHERS
WORDS = {"attended": "Attended", "absent": "Absent", "excused": "Excused"}


def moment(words: str) -> datetime:
    """`2 Jan 10:00`, London time, in the year of the story."""
    return datetime.strptime(f"{words} 2019", "%d %b %H:%M %Y").replace(tzinfo=LONDON)


def session_in(words: str) -> str:
    """`M6 31 Jan`, of words that name a module and a day."""
    module, day, month = re.search(r"Module (\d).*?(\d+) (\w{3})\w* 2019", words).groups()
    return f"M{module} {day} {month}"


def sessions_in(words: str) -> list[str]:
    """`M1 10 Jan, M6 31 Jan`, one by one."""
    return [each for each in words.split(", ") if each]


class Term:
    """The council during the term: everybody's browser, and what the timetable says."""

    phones: Phones

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.visitors: dict[str, Visitor] = {}
        self.links: dict[str, str] = {}
        self.sessions = self._read_timetable()
        self.ids = self._read_teams()

    def cookie(self, who: str) -> str:
        """The cookie of somebody who has signed in; signing in itself is tried elsewhere."""
        with self.app.app_context():
            person = people.find_by_email(f"{who.lower()}@demo.example")
            db.session.remove()
        signer = self.app.session_interface.get_signing_serializer(self.app)
        return signer.dumps({"_user_id": person.get_id(), "_fresh": True})

    def at(self, words: str) -> None:
        """Move the clock on."""
        self.app.extensions["frozen_clock"] = moment(words)

    def visitor(self, who: str) -> Visitor:
        """Somebody's browser; that of the tutor from outside is signed in as nobody."""
        if who not in self.visitors:
            self.visitors[who] = Visitor(self.app, "" if who in ("", TERRY) else self.cookie(who))
        return self.visitors[who]

    def page_of(self, session: str) -> str:
        return f"/sessions/{self.sessions[session]}"

    def run(self, words: str) -> str:
        """Run a command, as the machine does."""
        result = self.app.test_cli_runner().invoke(args=words.split(), catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return result.output

    def _read_timetable(self) -> dict[str, int]:
        """Read in the timetable which session is meant by `M6 31 Jan`."""
        page = self.visitor(OLIVE).open("/timetable?per_page=500")
        found = {}
        for row in page.every("li", class_="app-session"):
            when = row.the("p", class_="app-session__when").the("strong").words
            day = re.match(r"\w+ (\d+ \w+)", when).group(1)
            found[f"{row.get('data-module')} {day}"] = int(row.get("data-session"))
        return found

    def _read_teams(self) -> dict[str, int]:
        """Read on the managers' pages which person is meant by a name."""
        found = {}
        for manager in (MARY, NED):
            for row in self.visitor(manager).open("/team").every("tr"):
                if row.get("data-person"):
                    found[row.the("th").words] = int(row.get("data-person"))
        return {who: found[name] for who, name in TWELVE.items()}

    # What people do -------------------------------------------------------------------------------------------

    def do(self, act: Act) -> None:
        """Let somebody do what the story says."""
        getattr(self, act.does.replace(" ", "_"))(self.visitor(act.who), act)

    def books(self, visitor: Visitor, act: Act) -> None:
        for session in sessions_in(act.what):
            visitor.open(self.page_of(session))
            page = visitor.press("Put it in my diary" if session.startswith(("M1", "M7")) else "Book this place")
            assert "You have a place. It is in your diary." in page.words
            assert page.the("div", class_="app-session-page").get("data-state") == "booked"

    def books_together(self, visitor: Visitor, act: Act) -> None:
        visitor.open(self.page_of(act.what))
        others = [str(self.sessions[each]) for each in sessions_in(act.more["with"])]
        page = visitor.press(f"Book all {len(others) + 1}", together=others)
        assert f"You have {len(others) + 1} places." in page.words

    def plans_the_whole_programme(self, visitor: Visitor, _act: Act) -> None:
        visitor.open("/")
        visitor.follow("Plan the whole programme")
        visitor.follow("Book these 6")
        page = visitor.press("Book all 6")
        assert "6 sessions are booked" in page.words

    def cannot_book(self, visitor: Visitor, act: Act) -> None:
        page = visitor.open(self.page_of(act.what))
        why = page.the("div", class_="app-why-not").words
        assert why.startswith("You cannot book this session yet")
        assert act.more["because"] in why

    def joins_the_waiting_list(self, visitor: Visitor, act: Act) -> None:
        visitor.open(self.page_of(act.what))
        page = visitor.press("Join the waiting list")
        assert "You are 1st on the waiting list." in page.words

    def has_got_a_place(self, visitor: Visitor, act: Act) -> None:
        [row] = [each for each in self.bookings(visitor) if each.get("data-session") == str(self.sessions[act.what])]
        assert row.get("data-state") == "booked"

    def has_lost(self, visitor: Visitor, act: Act) -> None:
        still = [each.get("data-session") for each in self.bookings(visitor)]
        assert not [each for each in sessions_in(act.what) if str(self.sessions[each]) in still]

    def moves_here(self, visitor: Visitor, act: Act) -> None:
        visitor.open(self.page_of(act.what))
        page = visitor.press("Move my place here")
        assert "Your place has moved." in page.words

    def puts_right(self, visitor: Visitor, act: Act) -> None:
        page = visitor.open("/my/bookings")
        offered = page.the("section", class_="app-lost").words
        assert act.what in offered, offered
        assert act.more["and"] in offered, offered
        page = visitor.press("Do all of this")
        assert not page.every("section", class_="app-lost")

    def sets_the_places(self, visitor: Visitor, act: Act) -> None:
        visitor.open(f"{self.page_of(act.what)}/list")
        page = visitor.press("Change the places", **act.more)
        assert f"0 of {act.more['capacity']} places taken" in page.words

    def recognises(self, visitor: Visitor, act: Act) -> None:
        visitor.open(f"/people/{self.ids[act.what]}")
        visitor.follow("Recognise learning from elsewhere")
        typed = {**act.more, "happened_on": act.more["day"].split()}
        del typed["day"]
        page = visitor.press("Recognise it", **typed)
        assert "It is recognised." in page.words

    def gives_links_to_the_registers(self, visitor: Visitor, act: Act) -> None:
        for session in sessions_in(act.what):
            visitor.open(f"{self.page_of(session)}/register")
            page = visitor.press("Make a link", name=act.more["to"])
            address = page.the("dd", class_="app-register__address").words
            self.links[session] = address.removeprefix(str(self.app.config["BASE_URL"]).rstrip("/"))

    def accepts_as_complete(self, visitor: Visitor, act: Act) -> None:
        visitor.open(f"{self.page_of(act.what)}/register")
        page = visitor.press(f"Accept as complete {NAMES[act.more['who']]}", reason=act.more["reason"])
        assert "It counts as complete." in page.words

    def shows_her_certificate(self, visitor: Visitor, act: Act) -> None:
        row = self.certificates(visitor)[act.what]
        [checked] = [each.get("href") for each in row.every("a") if each.words.startswith("Link for whoever checks it")]
        self.links[act.what] = checked
        [paper] = [each.get("href") for each in row.every("a") if each.get("href").endswith(".pdf")]
        self.links[f"{act.what}, on paper"] = paper
        assert "This certificate is valid" in self.visitor("").open(checked).words

    def reads_that_it_is_not_complete(self, visitor: Visitor, act: Act) -> None:
        page = visitor.open(self.page_of(act.what))
        said = page.the("div", data_attendance="not_completed").words
        assert "is not complete: you attended 1 of 2 days" in said
        assert "Wednesday 6 February: attended Thursday 7 February: absent" in said
        page = visitor.follow("Choose another date of Module 6: Practical Simulation")
        other = page.the(data_session=str(self.sessions[act.more["another"]]))
        assert other.get("data-state") == "open"

    def certificates(self, visitor: Visitor) -> dict[str, Element]:
        """The rows of somebody's certificates, by module and day (`M3 15 Jan`)."""
        rows = visitor.open("/my/certificates").every("tr", class_="govuk-table__row")
        return {session_in(each.words): each for each in rows if each.get("data-certificate")}

    def bookings(self, visitor: Visitor) -> list[Element]:
        return visitor.open("/my/bookings").every("li", class_="app-session")

    # Registers ------------------------------------------------------------------------------------------------

    def session_of(self, register: Register | Correction) -> str:
        """The session to which a day belongs: the last of its module that has begun by then."""
        on = moment(f"{register.on} 09:00")
        begun = [
            each for each in self.sessions if each.startswith(register.module) and moment(f"{each[3:]} 09:00") <= on
        ]
        return max(begun, key=lambda each: moment(f"{each[3:]} 09:00"))

    def open_register(self, keeper: str, register: Register | Correction) -> Element:
        """Open the register of a day as its keeper does: by her list or link, and then by the day."""
        session = self.session_of(register)
        visitor = self.visitor(keeper)
        page = visitor.open(self.links[session] if keeper == TERRY else f"{self.page_of(session)}/register")
        days = page.every("nav", class_="app-register__days")
        wanted = [each for one in days for each in one.every("a") if f" {register.on}," in each.words]
        return visitor.follow(wanted[0].words) if wanted else page

    def sign_in_by_code(self, register: Register) -> None:
        """Those who sign in themselves enter what stands on the screen."""
        screen = self.visitor(register.keeper).open(f"{self.page_of(self.session_of(register))}/code")
        code = screen.the("p", class_="app-code__letters").words.removeprefix("The code is ")
        for who in register.by_code.split():
            if who == register.on_the_phone:
                self.phones.sign_in(who, code)
                continue
            self.visitor(who).open("/attend")
            page = self.visitor(who).press("I am here", status=200, code=code)
            assert "You are signed in" in page.words

    def keep(self, register: Register) -> None:
        """Mark everybody whom the story names, and see that there is nobody else."""
        if register.by_code:
            self.sign_in_by_code(register)
        both = any(each.marked_with == register.module and each.on == register.on for each in REGISTERS)
        if register.keeper == register.on_the_phone:
            marked = self.phones.keep(register, both=both)
        else:
            marked = self._mark_by_hand(register)
        assert marked == self.marks_in(register)

    def _mark_by_hand(self, register: Register) -> dict[str, str]:
        """Mark a register without a script; returns how everybody is marked."""
        visitor = self.visitor(register.keeper)
        self.open_register(register.keeper, register)
        for status, word in WORDS.items():
            for who in getattr(register, status).split():
                self._mark(visitor, who, word)
        for who in register.without_booking.split():
            page = visitor.press("Add", who=f"{who.lower()}@demo.example")
            assert f"{NAMES[who]} is added and marked as attended." in page.words
        if register.part:
            who, minutes = register.part.split()
            visitor.press(f"Save part attended {NAMES[who]}", self.row(visitor.page, who), minutes=minutes)
        if register.everyone:
            visitor.press("Everyone attended who has no mark yet")
        return self.marks_on(visitor.page)

    def close(self, register: Register) -> None:
        """Close it once the day is over."""
        visitor = self.visitor(register.keeper)
        self.open_register(register.keeper, register)
        if not register.absent_at_closing:
            page = visitor.press("Close the register")
        else:
            asked = visitor.press("Close the register", status=409)
            assert [each.words for each in asked.the("main").every("li")] == [
                NAMES[who] for who in register.absent_at_closing.split()
            ]
            page = visitor.press("Mark them absent and close")
        assert "Closed on" in page.words

    def correct(self, correction: Correction) -> None:
        """Open a closed register again, put one mark right, and close it."""
        visitor = self.visitor(correction.by)
        self.open_register(correction.by, correction)
        page = visitor.press("Open it again", reason=correction.reason)
        assert correction.reason in page.words
        self._mark(visitor, correction.who, WORDS[correction.becomes])
        page = visitor.press("Close the register")
        assert "Closed on" in page.words

    def row(self, page: Element, who: str) -> Element:
        """The row of somebody on a register."""
        rows = {each.the("h3").words: each for each in page.every("li", class_="app-register__row")}
        return rows[NAMES[who]]

    def marks_on(self, page: Element) -> dict[str, str]:
        """How everybody on a register is marked, by the page."""
        short = {name: who for who, name in NAMES.items()}
        rows = page.the("ul", id="register").every("li", class_="app-register__row")
        return {short[each.the("h3").words]: each.get("data-status") for each in rows}

    def marks_in(self, register: Register) -> dict[str, str]:
        """How everybody on a register is marked before it is closed, by the story."""
        there = f"{register.attended} {register.everyone} {register.by_code} {register.without_booking}"
        marks = dict.fromkeys(there.split(), "attended")
        for status in ("absent", "excused"):
            marks |= dict.fromkeys(getattr(register, status).split(), status)
        marks |= dict.fromkeys(register.absent_at_closing.split(), "")
        return marks | ({register.part.split()[0]: "part_attended"} if register.part else {})

    def _mark(self, visitor: Visitor, who: str, word: str) -> None:
        visitor.press(f"{word} {NAMES[who]}", self.row(visitor.page, who))
