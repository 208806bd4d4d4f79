"""Two clocks. The business clock decides what is past; real time serves leases, tokens and limits.

`CPD_NOW` (never in production) sets where the business clock starts; it then runs on. The anchor is
stored once per database, so that every process reads the same time.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from cpd.shared.database import Base, db

LONDON = ZoneInfo("Europe/London")


class ClockAnchor(Base):
    """Where the business clock was set, and at what real moment (one row, id 1)."""

    id: Mapped[int] = mapped_column(primary_key=True)
    setting: Mapped[str]
    business_at: Mapped[datetime]
    real_at: Mapped[datetime]


def real_now() -> datetime:
    """Return the real moment, aware, in UTC."""
    return datetime.now(UTC)


def now() -> datetime:
    """Return the business moment, aware, in UTC."""
    frozen: datetime | None = current_app.extensions.get("frozen_clock")
    if frozen is not None:
        return frozen
    if current_app.config["PRODUCTION"]:
        return real_now()
    if "clock_anchor" not in current_app.extensions:
        current_app.extensions["clock_anchor"] = _anchor()
    business_at, real_at = current_app.extensions["clock_anchor"]
    moment: datetime = real_now() + (business_at - real_at)
    return moment


@contextmanager
def set_back_to(moment: datetime) -> Iterator[None]:
    """Let the business clock stand at an earlier moment while the block runs: only the demonstration makes a past."""
    before = current_app.extensions.get("frozen_clock")
    current_app.extensions["frozen_clock"] = moment.astimezone(UTC)
    try:
        yield
    finally:
        current_app.extensions["frozen_clock"] = before


def today() -> date:
    """Return the business date in the United Kingdom."""
    return now().astimezone(LONDON).date()


def in_london(moment: datetime) -> datetime:
    """Show a stored moment on the wall clock of the field."""
    return moment.astimezone(LONDON)


def parse_setting(text: str) -> datetime:
    """Read `CPD_NOW`: an ISO time; without a zone it is London time. Raises ValueError."""
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=LONDON)).astimezone(UTC)


def _anchor() -> tuple[datetime, datetime]:
    """Read the stored anchor, or store the one that the environment asks for."""
    setting = current_app.config.get("CPD_NOW") or ""
    wanted = select(ClockAnchor.setting, ClockAnchor.business_at, ClockAnchor.real_at).where(ClockAnchor.id == 1)
    with db.engine.connect() as connection:
        found = connection.execute(wanted).one_or_none()
    if found is not None and setting in ("", found.setting):
        return found.business_at, found.real_at
    real = real_now()
    if not setting:
        return real, real
    fresh = {"setting": setting, "business_at": parse_setting(setting), "real_at": real}
    try:
        with db.engine.connect().execution_options(cpd_write=True) as connection, connection.begin():
            if found is None:
                connection.execute(insert(ClockAnchor).values(id=1, **fresh))
            else:
                connection.execute(update(ClockAnchor).where(ClockAnchor.id == 1).values(**fresh))
    except IntegrityError:  # another process stored it first
        return _anchor()
    return parse_setting(setting), real
