"""The small world that the tests of pages share: the demonstration as it stands on 2 January 2019.

Its dates are then the printed ones. `Site` is that world behind a real server, with a browser context for
each account, so that nobody signs in twice.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from flask import Flask
from playwright.sync_api import Browser, Page
from sqlalchemy import select

from cpd.booking.models import Booking
from cpd.booking.requests import ask_for_place
from cpd.booking.rules import LIVE
from cpd.catalogue.models import Module
from cpd.commands.demo.programme import sessions_by_module
from cpd.commands.demo.story import address
from cpd.desk import service as desk
from cpd.people import service as people
from cpd.people.models import Organisation, Person, TimeAway
from cpd.progression.appeals.models import ProgressionAppeal
from cpd.progression.documents.models import DecisionDocument
from cpd.progression.early.models import EarlyCareerEnrolment, LearningSet
from cpd.progression.panels.models import PanelCase, PanelMeeting, PanelMembership
from cpd.progression.portfolios.models import EvidenceItem, Portfolio
from cpd.progression.requests.models import ProgressionRequest
from cpd.progression.vacancies.models import Vacancy
from cpd.record.claims import service as claims
from cpd.record.claims.models import LearningClaim
from cpd.record.claims.rules import ClaimKind, LearningSaid
from cpd.record.models import RecordFact
from cpd.shared.database import db
from cpd.shared.kept_files import SentFile
from cpd.shared.unit_of_work import unit_of_work
from cpd.study.awards.models import AwardEnrolment
from cpd.study.credits.models import CreditAward, PriorLearningClaim
from cpd.study.days.models import StudyDayRequest
from cpd.study.funding.models import FundingRequest
from cpd.study.places.models import AwardPlaceApplication
from cpd.timetable.models import TrainingSession
from tests.conftest import EVE_OF_TERM, _make
from tests.pages import WIDE, forgive, served, watch

PASSWORD = "demonstration"
OF_PEOPLE: dict[str, Any] = {
    "claim": LearningClaim,
    "fact": RecordFact,
    "study_day": StudyDayRequest,
    "away": TimeAway,
    "enrolment": AwardEnrolment,
    "award_place": AwardPlaceApplication,
    "funding": FundingRequest,
    "credit": CreditAward,
    "prior_learning": PriorLearningClaim,
    "portfolio": Portfolio,
    "seat": PanelMembership,
    "case": PanelCase,
    "asked_to": ProgressionRequest,
    "appeal": ProgressionAppeal,
    "early": EarlyCareerEnrolment,
    "document": DecisionDocument,
}
OF_COUNCILS: dict[str, Any] = {"vacancy": Vacancy, "learning_set": LearningSet}

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


def known_ids(app: Flask) -> dict[str, Any]:
    """Give the sessions of each module in order, and by the name of her account each person and her first booking."""
    with app.app_context():
        wanted = select(Person.email, Booking.id).join(Person, Person.id == Booking.person_id)
        rows = db.session.execute(wanted.where(Booking.status.in_(LIVE)).order_by(Booking.id.desc())).all()
        everybody = db.session.execute(select(Person.email, Person.id)).all()
        known = {**sessions_by_module(), "booking": _by_account(rows), "person": _by_account(everybody)}
        known |= {name: _by_account(_of_everybody(table)) for name, table in OF_PEOPLE.items()}
        known |= {name: _of_councils(table) for name, table in OF_COUNCILS.items()}
        items = select(Person.email, EvidenceItem.id).join(Portfolio, Portfolio.id == EvidenceItem.portfolio_id)
        rows = db.session.execute(items.join(Person, Person.id == Portfolio.person_id)).all()
        known["item"] = _by_account(rows)
        meetings = select(PanelMeeting.panel_code, PanelMeeting.id).order_by(PanelMeeting.id.desc())
        known["meeting"] = dict(db.session.execute(meetings).all())
        db.session.remove()
    return known


def _of_councils(table: Any) -> dict[str, int]:
    """Name the first row of a table by the council to which it belongs."""
    wanted = select(Organisation.code, table.id).join(Organisation, Organisation.id == table.organisation_id)
    return dict(db.session.execute(wanted.order_by(table.id.desc())).all())


def _of_everybody(table: Any) -> list[tuple[str, int]]:
    """Read whose the rows of a table are; the latest of each person comes last."""
    wanted = select(Person.email, table.id).join(Person, Person.id == table.person_id).order_by(table.id)
    return [(email, number) for email, number in db.session.execute(wanted)]


def _by_account(rows: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Name numbers by the accounts to which they belong."""
    return {email.removesuffix(".demo.example").removesuffix("@demo.example"): number for email, number in rows}


def cookie_of(app: Flask, who: str) -> str:
    """Make the cookie of somebody who is signed in; the form itself is tried where signing in is tested."""
    with app.app_context():
        person = people.find_by_email(address(who))
        db.session.remove()
    signer = app.session_interface.get_signing_serializer(app)
    return signer.dumps({"_user_id": person.get_id(), "_fresh": True})


def put_back(app: Flask, kept: Path, used: Path) -> None:
    """Let a SQLite database be what it was when it was kept."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    lay(kept, used)


def lay(kept: Path, used: Path) -> None:
    """Put a kept file in the place of one that nobody needs any more; a new file, for the old one may still be open."""
    for ending in ("", "-wal", "-shm"):
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
    lay(instance / "empty.sqlite", folder / "used.sqlite")
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
    result = app.test_cli_runner().invoke(args=["demo"], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    keep(app, used, kept)


def add_what_is_rare(app: Flask) -> None:
    """Add what the demonstration lacks: a cancelled session, a draft, and places that are offered and asked for.

    Nothing offers a place yet, and no pack asks for approval, so these are written past the services.
    """
    with app.app_context():
        sessions = sessions_by_module()
        officer = people.find_by_email(address("workforce"))
        desk.cancel_session(sessions["M4"][5], by=officer.id, reason="The facilitator is ill")
        with unit_of_work() as session:
            session.get_one(TrainingSession, sessions["M5"][5]).status = "draft"
            offered = select(Booking).where(Booking.training_session_id == sessions["M6"][0])
            flo = people.find_by_email(address("flo"))
            session.scalars(offered.where(Booking.person_id == flo.id)).one().status = "offered"
            session.get_one(
                Module, session.get_one(TrainingSession, sessions["ASYE-2"][0]).module_id
            ).approval_needed = True
        asker = people.find_by_email(address("worker@warwickshire"))
        ask_for_place(asker.id, sessions["ASYE-2"][0], "I supervise two of them this year", by=asker.id)
        _send_in_learning(officer.id)
        db.session.remove()


def _send_in_learning(officer_id: int) -> None:
    """Send in learning from elsewhere: one waits, one is returned, one is accepted."""
    said = LearningSaid(
        kind=ClaimKind.E_LEARNING,
        title="Holding a family in mind",
        provider="Skills Academy",
        starts_on=date(2018, 5, 3),
        ends_on=date(2018, 5, 4),
        minutes=150,
        module_id=None,
        words="How to hold a whole family in mind",
        link="https://learning.example/certificates/" + "7" * 60,
    )
    short = replace(said, link="https://a.example/7")  # it stands in a box, which shows no more than it is wide
    file = SentFile("certificate.pdf", b"%PDF-1.7")
    claims.send_in(people.find_by_email(address("worker")).id, said, file)
    nqsw, gwen = (claims.send_in(people.find_by_email(address(who)).id, short, file) for who in ("nqsw", "gwen"))
    claims.send_back(nqsw, seen=1, comment="The name is cut off", by=officer_id)
    claims.accept(gwen, seen=1, module_id=None, reason="", by=officer_id)


class Site:
    """The world behind a server: its address, its sessions by module, and a browser for each account."""

    def __init__(self, app: Flask, url: str, browser: Browser) -> None:
        self.app = app
        self.url = url
        self.browser = browser
        self.pages: dict[tuple[str, bool], Page] = {}
        self.known = known_ids(app)

    def path(self, pattern: str) -> str:
        """Fill ids into an address: `/sessions/{M2[0]}` is the first of Module 2, `{booking[worker]}` her first."""
        return pattern.format(**self.known)

    def visit(self, who: str = "", *, script: bool = True) -> Page:
        """Give the page on which somebody is signed in: `worker`, `worker@coventry`, or nobody. Each has one."""
        if (who, script) not in self.pages:
            context = self.browser.new_context(java_script_enabled=script, viewport=WIDE)
            if who:
                context.add_cookies([{"name": "session", "value": cookie_of(self.app, who), "url": self.url}])
            self.pages[who, script] = watch(context.new_page())
        page = self.pages[who, script]
        forgive(page)
        page.set_viewport_size(WIDE)
        return page

    def sign_in(self, page: Page, who: str) -> None:
        """Sign in by the form that is open."""
        page.get_by_label("E-mail address").fill(address(who))
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()

    def close(self) -> None:
        """Close every browser context."""
        for page in self.pages.values():
            page.context.close()


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
