"""What follows from a booking for its person: her diary, and the messages to her and her line manager."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from cpd.booking.facts import Standpoint
from cpd.booking.models import Booking
from cpd.booking.rules import HeldBooking, Status
from cpd.catalogue.service import ModuleFacts
from cpd.diary import service as diary
from cpd.diary.service import Entry
from cpd.requirements.record import Fact
from cpd.shared import outbox
from cpd.timetable.facts import SessionFacts


def held(booking: Booking, session: SessionFacts) -> HeldBooking:
    """Show a row as the value that rules take."""
    return HeldBooking(
        booking.id,
        session.id,
        session.module_id,
        Status(booking.status),
        booking.takes_place,
        booking.override_reason is not None,
        session.starts_at,
        session.ends_at,
        session.status == "published",
        booking.requested_at,
        booking.answer_by,
        booking.asks is not None and booking.agreed_by_id is None,
        booking.release_at,
    )


def days_of(session: SessionFacts) -> list[list[str]]:
    """Keep when and where each day of a session is."""
    return [[day.starts_at.isoformat(), day.ends_at.isoformat(), day.place] for day in session.days]


def facts_for_words(session: SessionFacts, module: ModuleFacts, **more: Any) -> dict[str, Any]:
    """Keep in a message what was true when it was written."""
    return {
        "module": module.full_title,
        "session_id": session.id,
        "days": days_of(session),
        **more,
    }


def tell(
    kind: str,
    booking: Booking,
    session: SessionFacts,
    module: ModuleFacts,
    standpoint: Standpoint,
    *,
    rests_on: Sequence[Fact] = (),
    act: str = "",
    **more: Any,
) -> None:
    """Tell her what happened to her booking; her line manager is informed (AMB-34: no agreement is asked).

    `act` tells one happening of a kind from the next where there can be several for one booking.
    """
    titles = list(dict.fromkeys(fact.subject for fact in rests_on))
    facts = facts_for_words(session, module, conditions=titles, **more)
    key = f"booking:{booking.id}:{booking.request_number}:{act}"
    outbox.tell(booking.organisation_id, booking.person_id, kind, key, facts)
    post = standpoint.post
    if post and post.manager_id is not None:
        facts |= {"happened": kind, "person": post.person_name}
        outbox.tell(booking.organisation_id, post.manager_id, "manager_informed", f"{key}:{kind}", facts)


def enter_in_diaries(bookings: Collection[Booking], session: SessionFacts, module: ModuleFacts) -> set[int]:
    """Put each day of a session into the diaries of those who have a place, once and with the latest facts.

    Returns the persons in whose diaries something changed.
    """
    entries = [_entry(booking, session, module, number) for booking in bookings for number in range(len(session.days))]
    return diary.replace([booking.person_id for booking in bookings], "session", session.id, entries)


def _entry(booking: Booking, session: SessionFacts, module: ModuleFacts, number: int) -> Entry:
    """Word one day of a session for one person's diary."""
    day = session.days[number]
    part = f" (day {number + 1} of {len(session.days)})" if len(session.days) > 1 else ""
    return Entry(
        person_id=booking.person_id,
        organisation_id=booking.organisation_id,
        key=f"session-day-{day.id}-person-{booking.person_id}",
        source="session",
        source_id=session.id,
        title=f"{module.full_title}{part}",
        location=day.place,
        description=module.what_to_bring,
        path=f"/sessions/{session.id}",
        starts_at=day.starts_at,
        ends_at=day.ends_at,
    )
