"""People who each do several things at once, in two tabs of one browser, over five sessions that rest on one another.

What a tab has seen may long be out of date: the other tab, or somebody else, has booked, moved or cancelled since.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from flask import Flask

from cpd.catalogue.models import Module, SchemeVersion
from cpd.catalogue.packed import hash_of
from cpd.people.models import Organisation
from cpd.requirements.language import NOTHING, Completed
from cpd.schemes.reading import read_adopted
from cpd.schemes.requirement_shape import requirement_to_json
from cpd.shared.database import db
from cpd.timetable.models import SessionDay, TrainingSession
from tests.cast import BARE_PACK, EVERYBODY, LONG_AGO, london
from tests.serving import Server, Visitor, serving
from tests.torture.rush import email, fill_people

PEOPLE, TABS = 10, 2
FORESEEN = {200, 303, 404, 409, 422}
FAULT = 500
ROW = re.compile(r'data-session="(\d+)"[^>]*data-booking="(\d+)"')
MODULES = {"FIRST": NOTHING, "SECOND": Completed("FIRST"), "THIRD": Completed("SECOND")}
SESSIONS = (
    ("FIRST", london(2019, 1, 15, 9, 30), 4),
    ("FIRST", london(2019, 1, 16, 9, 30), 5),
    ("SECOND", london(2019, 1, 15, 13, 30), 4),
    ("SECOND", london(2019, 1, 16, 11, 0), 5),
    ("THIRD", london(2019, 1, 18, 9, 30), 3),
)
"""Each session's module, when it starts, and its places; each lasts two hours. The second and the fourth clash."""

OTHER_DATE = {0: 1, 1: 0, 2: 3, 3: 2, 4: 4}
"""Where a booking is moved to; the last session has no other date, and nobody moves to where she is."""


@dataclass
class Tab:
    """One tab: it acts on what it saw when it last looked."""

    visitor: Visitor
    sessions: list[int]
    chance: Random
    answers: Counter[tuple[str, int]] = field(default_factory=Counter)
    seen: dict[int, int] = field(default_factory=dict)
    """The bookings on its page, by session."""

    def work(self, steps: int) -> Counter[tuple[str, int]]:
        """Do so many things; returns how often each was answered how."""
        acts = [*[self._book] * 3, self._book_together, *[self._move] * 2, self._cancel]
        self._look()
        for _ in range(steps):
            if self.chance.random() < 1 / 2:
                self._look()
            self.chance.choice(acts)()
        return self.answers

    def _look(self) -> None:
        """Open the page of bookings."""
        page = self.visitor.get("/my/bookings")
        self.answers["look", page.status_code] += 1
        self.seen = {int(session): int(booking) for session, booking in ROW.findall(page.text)}

    def _book(self) -> None:
        self._send("book", f"/sessions/{self.chance.choice(self.sessions)}/book")

    def _book_together(self) -> None:
        """Book one of FIRST and one of SECOND: all or nothing."""
        first, second = self.chance.choice(self.sessions[:2]), self.chance.choice(self.sessions[2:4])
        self._send("book together", f"/sessions/{second}/book", together=first)

    def _move(self) -> None:
        """Change a booking for the other date of its module."""
        if self.seen:
            session, booking = self.chance.choice(sorted(self.seen.items()))
            to = self.sessions[OTHER_DATE[self.sessions.index(session)]]
            self._send("move", f"/bookings/{booking}/move", to=to)

    def _cancel(self) -> None:
        if self.seen:
            self._send("cancel", f"/bookings/{self.chance.choice(sorted(self.seen.values()))}/cancel")

    def _send(self, act: str, path: str, **fields: object) -> None:
        """Send a form with the token of the page that is open; the page stays open."""
        page = self.visitor.page
        answer = self.visitor.post(path, follow=False, **fields)
        self.visitor.page = page
        self.answers[act, answer.status_code] += 1


def fill(app: Flask) -> list[int]:
    """Put the people and their five linked sessions into an empty database; returns the sessions' ids."""
    with app.app_context():
        organisation = Organisation(code="gateshead", name="Gateshead Council", created_at=LONG_AGO)
        db.session.add(organisation)
        db.session.flush()
        fill_people(organisation.id, PEOPLE)
        whose = {"organisation_id": organisation.id}
        pack = BARE_PACK.format(code=organisation.code, name=organisation.name)
        scheme = SchemeVersion(
            **whose, version=1, content=pack, content_hash=hash_of(read_adopted(pack)), adopted_at=LONG_AGO
        )
        db.session.add(scheme)
        db.session.flush()
        modules = {
            code: Module(
                **whose, scheme_version_id=scheme.id, code=code, title=code.title(),
                prerequisite=requirement_to_json(needs), audience=EVERYBODY,
            )
            for code, needs in MODULES.items()
        }  # fmt: skip
        db.session.add_all(modules.values())
        db.session.flush()
        sessions = [_session(whose, modules[code].id, starts_at, places) for code, starts_at, places in SESSIONS]
        db.session.add_all(sessions)
        db.session.commit()
        ids = [each.id for each in sessions]
        db.session.remove()
        db.engine.dispose()
    return ids


def _session(whose: dict[str, int], module_id: int, starts_at: datetime, places: int) -> TrainingSession:
    """Make one session."""
    times = {"starts_at": starts_at, "ends_at": starts_at + timedelta(hours=2)}
    what = {**whose, "module_id": module_id, "status": "published", "created_at": LONG_AGO, "capacity": places}
    return TrainingSession(**what, **times, days=[SessionDay(**times)])


def torture(app: Flask, folder: Path, steps: int) -> Counter[tuple[str, int]]:
    """Let everybody do things in all tabs at once until `steps` are done; returns how often what was answered how."""
    sessions = fill(app)
    with serving(app.config["SQLALCHEMY_DATABASE_URI"], folder) as server:
        tabs = [tab for number in range(1, PEOPLE + 1) for tab in _tabs_of(server, number, sessions)]
        with ThreadPoolExecutor(len(tabs)) as pool:
            working = [pool.submit(tab.work, steps // len(tabs)) for tab in tabs]
            answers = sum((each.result() for each in working), Counter())
        assert all(code < FAULT for _, code in answers), f"{answers}\n{server.first_fault()}"
        for tab in tabs:
            tab.visitor.close()
    return answers


def _tabs_of(server: Server, number: int, sessions: list[int]) -> Iterable[Tab]:
    """Sign somebody in, and open her tabs: they share her cookies."""
    first = Visitor(server.url)
    first.sign_in(email(number))
    for tab in range(TABS):
        visitor = Visitor(server.url)
        visitor.session.cookies = first.session.cookies
        yield Tab(visitor, sessions, Random(number * TABS + tab))  # noqa: S311 - what is done, not a secret
    first.close()
