"""The link in a mail by which a place is given back without signing in.

Its address is signed with the installation's secret and names the booking. To open it changes nothing, for
mail scanners open every link; one button on its page does it. It is of no use once the session has begun.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import select

from cpd.booking import service as booking
from cpd.booking.deadlines import would_be_late
from cpd.booking.models import Booking
from cpd.booking.rules import LIVE, Status
from cpd.catalogue import service as catalogue
from cpd.shared import clock
from cpd.shared.database import db
from cpd.timetable import service as timetable
from cpd.timetable.facts import SessionFacts


@dataclass(frozen=True, slots=True)
class Place:
    """What a link is about, and whether it can be given back (`open`), was (`over`), or the session has `begun`.

    `is_asked` says that it is only asked for; what `is_late` is marked when it is given back (AMB-35).
    """

    booking_id: int
    title: str
    session: SessionFacts
    is_waiting: bool
    is_asked: bool
    state: Literal["open", "over", "begun"]

    @property
    def is_late(self) -> bool:
        """Whether giving it back now is late, so that she must say why."""
        return self.state == "open" and would_be_late(self.booking_id)

    @property
    def asks_why(self) -> bool:
        """Whether she is asked why: not for a position, nor for what she only asked for."""
        return self.state == "open" and not self.is_waiting and not self.is_asked


def address_of(booking_id: int) -> str:
    """Return the address at which a place can be given back."""
    base = str(current_app.config["BASE_URL"]).rstrip("/")
    return f"{base}/cancel/{_signer().dumps(booking_id)}"


def find_place(token: str) -> Place | None:
    """Return what a link is about; None where it was never given out."""
    try:
        booking_id = _signer().loads(token)
    except BadData:
        return None
    wanted = select(Booking.training_session_id, Booking.status).where(Booking.id == booking_id)
    found = db.session.execute(wanted).one_or_none()
    if found is None:
        return None
    (session,) = timetable.sessions_by_id([found.training_session_id])
    module = catalogue.modules_by_id([session.module_id])[session.module_id]
    state: Literal["open", "over", "begun"] = "open" if found.status in LIVE else "over"
    if state == "open" and clock.now() >= session.starts_at:
        state = "begun"
    waiting, asked = found.status == Status.WAITING, found.status == Status.REQUESTED
    return Place(booking_id, module.full_title, session, waiting, asked, state)


def give_back(place: Place, reason: str) -> None:
    """Give the place back as its owner would. Raises booking.CancellingRefused where it is too late."""
    owner = booking.owner_of(place.booking_id)
    if owner is None:
        raise LookupError(f"There is no booking {place.booking_id}")
    booking.cancel_booking(place.booking_id, by=owner, reason=reason)


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="a link to give a place back")
