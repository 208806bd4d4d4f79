"""The real term for tests: Gateshead's scheme and its timetable of January to March 2019, published."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from html import unescape
from pathlib import Path

from sqlalchemy import select

from cpd.catalogue import service as catalogue
from cpd.catalogue.models import Module
from cpd.catalogue.service import ProgrammeFacts
from cpd.desk.importing import take_timetable
from cpd.shared.clock import in_london
from cpd.shared.database import db
from cpd.timetable.files import open_file, read_opened
from cpd.timetable.models import SessionDay, TrainingSession
from tests.cast import LONG_AGO, saved
from tests.packs import adopt_text, pack_text

TIMETABLE = Path(__file__).parents[1] / "data" / "gateshead-systemic-2019.csv"


def take_the_term(*, publish: bool = True) -> ProgrammeFacts:
    """Adopt the real scheme and take the real timetable, by the services that do so in life."""
    adopt_text(pack_text("gateshead"))
    programme = catalogue.programme_by_code("systemic")
    read = read_opened(open_file(TIMETABLE.name, TIMETABLE.read_bytes()), programme, year=2019)
    taken = take_timetable(programme, read, by=None, publish=publish)
    assert str(taken) == "38 sessions, 42 session days taken; 0 held back; 0 refused"
    return programme


def session_on(module: str, month: int, day: int) -> TrainingSession:
    """Return the session of a module that begins on a day of 2019."""
    db.session.rollback()
    wanted = select(TrainingSession).join(Module, Module.id == TrainingSession.module_id).where(Module.code == module)
    found = [each for each in db.session.scalars(wanted) if in_london(each.starts_at).timetuple()[1:3] == (month, day)]
    assert len(found) == 1, f"{module} is not held on {day}/{month}"
    return found[0]


def hold(module: str, starts_at: datetime, *, hours: int = 3, places: int | None = 20, status: str = "published"):
    """Hold a further session of a module."""
    row = db.session.scalars(select(Module).where(Module.code == module)).one()
    ends_at = starts_at + timedelta(hours=hours)
    return saved(
        TrainingSession(
            organisation_id=row.organisation_id,
            module_id=row.id,
            status=status,
            capacity=places,
            starts_at=starts_at,
            ends_at=ends_at,
            created_at=LONG_AGO,
            days=[SessionDay(starts_at=starts_at, ends_at=ends_at)],
        )
    )


def words_of(page) -> str:
    """Return the words of a page's main part, pictures left out."""
    main = page.text.partition('id="main-content">')[2].partition("</main>")[0]
    words = re.sub("<svg.*?</svg>|<[^>]+>", " ", main, flags=re.DOTALL)
    return re.sub(r" ([.,:])", r"\1", " ".join(unescape(words).split()))


def links_of(page) -> dict[str, str]:
    """Return where the links of a page lead, by their words."""
    found = re.findall(r'<a [^>]*href="([^"]+)"[^>]*>(.*?)</a>', page.text, flags=re.DOTALL)
    return {" ".join(unescape(re.sub("<[^>]+>", " ", words)).split()): unescape(href) for href, words in found}


def plan_of(page) -> list[tuple[str, str]]:
    """Return the modules and days of the plan on a page, in its order."""
    rows = re.findall(
        r'<li class="app-session" data-session="\d+" data-module="(\w+)".*?<strong>(.*?)</strong>', page.text, re.DOTALL
    )
    return [(module, day) for module, day in rows]
