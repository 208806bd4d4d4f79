"""The link of a facilitator from outside: it leads to the registers of one session and to nothing else.

Its address is signed with the installation's secret and names the link's row, so nobody who reads the database can
make one. Workforce Development takes it back at any time; two weeks after the session it ends by itself.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import select

from cpd.attendance.models import RegisterLink
from cpd.attendance.rules import LINK_LASTS
from cpd.shared import clock, history
from cpd.shared.database import db
from cpd.shared.unit_of_work import one_transaction
from cpd.timetable import service as timetable
from cpd.timetable.facts import SessionFacts


@dataclass(frozen=True, slots=True)
class Link:
    """A link: for whom it is, the path at which it leads to a register, and whether it was taken back."""

    id: int
    name: str
    path: str
    is_revoked: bool


@dataclass(frozen=True, slots=True)
class Visit:
    """Where a link leads: None for the session where it leads nowhere any more."""

    link_id: int
    session: SessionFacts | None


def links_to(training_session_id: int) -> list[Link]:
    """List the links to the registers of a session: one query."""
    wanted = select(RegisterLink).where(RegisterLink.training_session_id == training_session_id)
    return [
        Link(each.id, each.name, f"/register/{_signer().dumps(each.id)}", each.revoked_at is not None)
        for each in db.session.scalars(wanted.order_by(RegisterLink.id))
    ]


def visit(token: str) -> Visit | None:
    """Return where a link leads; None where it was never given out."""
    try:
        link = db.session.get(RegisterLink, _signer().loads(token), populate_existing=True)
    except BadData:
        return None
    if link is None:
        return None
    (session,) = timetable.sessions_by_id([link.training_session_id])
    is_over = link.revoked_at is not None or clock.now() > session.ends_at + LINK_LASTS
    return Visit(link.id, None if is_over else session)


@one_transaction
def make_link(training_session_id: int, name: str, *, by: int) -> None:
    """Make a link to the registers of a session for somebody from outside. Raises LookupError."""
    training_session = timetable.lock_sessions([training_session_id])[training_session_id]
    link = RegisterLink(
        organisation_id=training_session.organisation_id,
        training_session_id=training_session_id,
        name=name,
        made_at=clock.now(),
        made_by_id=by,
    )
    db.session.add(link)
    db.session.flush()
    _remember(link, "made", by)


@one_transaction
def revoke_link(training_session_id: int, link_id: int, *, by: int) -> None:
    """Take a link back; it leads nowhere from now on. Raises LookupError where the session has no such link."""
    timetable.lock_sessions([training_session_id])
    wanted = select(RegisterLink).where(
        RegisterLink.id == link_id, RegisterLink.training_session_id == training_session_id
    )
    link = db.session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
    if link is None:
        raise LookupError(f"There is no link {link_id} to session {training_session_id}")
    if link.revoked_at is None:
        link.revoked_at = clock.now()
        _remember(link, "revoked", by)


def _remember(link: RegisterLink, verb: str, by: int) -> None:
    """Write the history of a link."""
    after = {"training_session_id": link.training_session_id}
    history.note(verb, "register_link", link.id, actor_id=by, organisation_id=link.organisation_id, after=after)


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="a link to a register")
