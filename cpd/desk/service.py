"""Workforce Development's desk: who comes to a session, who has lost a basis, and acts that span floors."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from cpd.attendance.lists import count_left_open
from cpd.booking.facts import Terms, named, place_request, standpoints_of, terms_for
from cpd.booking.models import AccessNeed, Booking
from cpd.booking.places import waiting_counts
from cpd.booking.requests import open_requests
from cpd.booking.rules import LIVE, Objection, Reason, Status, objections_to
from cpd.booking.wording import say_reason
from cpd.catalogue.service import ModuleFacts
from cpd.desk.conditions import lacking_count
from cpd.people.models import Person
from cpd.requirements.record import Fact
from cpd.shared import clock
from cpd.shared.clock import in_london
from cpd.shared.database import db
from cpd.shared.unit_of_work import one_transaction
from cpd.shared.wording import days_words
from cpd.timetable import service as timetable
from cpd.timetable.facts import SessionFacts

SOON = 20
HEADINGS = ("Name", "E-mail", "Team", "Booking", "Position", "Rests on", "Missing", "Needs on the day", "Asked on")


@dataclass(frozen=True, slots=True)
class Listed:
    """One person on a session's list; `rests_on` and `lacks` name modules, `position` counts the waiting list."""

    person_id: int
    booking_id: int
    name: str
    email: str
    team: str
    status: str
    position: int | None
    rests_on: tuple[str, ...]
    lacks: tuple[str, ...]
    needs: str
    passed_over: str
    override_reason: str
    requested_on: str
    takes_place: bool


@dataclass(frozen=True, slots=True)
class Gone:
    """A booking that has ended: whose, since when, why in words, and whether the place was given back late."""

    name: str
    ended_on: date
    why: str
    was_late: bool
    was_declined: bool


@dataclass(frozen=True, slots=True)
class SessionList:
    """Who is booked on a session, who is on condition, and who waits, in order; and who no longer comes."""

    session: SessionFacts
    module: ModuleFacts
    coming: Sequence[Listed]
    waiting: Sequence[Listed]
    gone: Sequence[Gone]


@dataclass(frozen=True, slots=True)
class LostBasis:
    """A place that has lost what it rests on: whose, on which session, and what is missing."""

    listed: Listed
    session: SessionFacts
    module: ModuleFacts


@dataclass(frozen=True, slots=True)
class DeskPage:
    """What needs attention: how many places lost a basis, how many people ask for one, how many registers are open.

    Then drafts, and the next sessions. Each of these comes with how many wait for it.
    """

    lost: int
    asked: int
    open_registers: int
    drafts: Sequence[tuple[SessionFacts, ModuleFacts]]
    soon: Sequence[tuple[SessionFacts, ModuleFacts, int]]


def desk_page(organisation_id: int) -> DeskPage:
    """Put together what needs attention first, and the next sessions with how many wait for each."""
    sessions = timetable.list_sessions(timetable.Wanted(organisation_id, since=clock.now(), drafts=True))
    own = [each for each in sessions if each.organisation_id == organisation_id]
    modules = terms_for([organisation_id]).modules
    soon = [each for each in own if each.status == "published"][:SOON]
    waiting = waiting_counts([each.id for each in soon])
    return DeskPage(
        lacking_count(organisation_id),
        len(open_requests(organisation_id)),
        count_left_open(organisation_id, clock.now()),
        [(each, modules[each.module_id]) for each in own if each.status == "draft"],
        [(each, modules[each.module_id], waiting.get(each.id, 0)) for each in soon],
    )


def session_list(organisation_id: int, training_session_id: int) -> SessionList | None:
    """Show who comes to a session that this organisation holds; None where it holds none such."""
    session = timetable.find_session(training_session_id, organisation_id)
    if session is None or session.organisation_id != organisation_id:
        return None
    terms = terms_for([organisation_id])
    listed = _listed([session], terms)
    module = terms.modules[session.module_id]
    coming = [each for each, _ in listed if each.status != Status.WAITING]
    waiting = [each for each, _ in listed if each.status == Status.WAITING]
    return SessionList(session, module, coming, waiting, _gone(session.id))


def lost_bases(organisation_id: int) -> list[LostBasis]:
    """List every place ahead that would lack what it rests on as things stand in this act: to look before one acts."""
    sessions = timetable.list_sessions(timetable.Wanted(organisation_id, since=clock.now()))
    own = {each.id: each for each in sessions if each.organisation_id == organisation_id}
    terms = terms_for([organisation_id])
    return [
        LostBasis(listed, own[session_id], terms.modules[own[session_id].module_id])
        for listed, session_id in _listed(list(own.values()), terms)
        if listed.lacks
    ]


def workbook_of(page: SessionList) -> bytes:
    """Write a session's list as an XLSX workbook; names that begin like a formula stay text."""
    import xlsxwriter  # slow to load, and few need it

    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(content, options) as workbook:
        sheet = workbook.add_worksheet("Who is coming")
        bold = workbook.add_format({"bold": True})
        days = days_words((day.starts_at, day.ends_at) for day in page.session.days)
        sheet.write_string(0, 0, f"{page.module.full_title}: {days}", bold)
        for column, heading in enumerate(HEADINGS):
            sheet.write_string(2, column, heading, bold)
        for number, each in enumerate((*page.coming, *page.waiting), start=3):
            for column, value in enumerate(_cells(each)):
                sheet.write_string(number, column, value)
        sheet.freeze_panes(3, 0)
        sheet.autofit()
    return content.getvalue()


@one_transaction
def cancel_session(training_session_id: int, *, by: int, reason: str) -> None:
    """Cancel a session: everybody on it is told, and every diary says so.

    Raises:
        LookupError: there is no such session.
        ValueError: it is cancelled already, or over.
    """
    training_session = timetable.lock_sessions([training_session_id])[training_session_id]
    if training_session.status == "cancelled" or training_session.ends_at <= clock.now():
        raise ValueError("This session is cancelled already, or over")
    training_session.status = "cancelled"
    training_session.cancelled_reason = reason
    for day in training_session.days:
        day.holds_room = False
    timetable.note_change(training_session, "cancelled", by=by, reason=reason)


def words_for_status(listed: Listed) -> str:
    """Say how somebody stands on a list."""
    if listed.status == Status.WAITING:
        return "Waiting"
    if listed.status == Status.REQUESTED:
        return "Asked for"
    if not listed.takes_place:
        return "In the diary"
    return "On condition" if listed.rests_on else "Has a place"


def _cells(each: Listed) -> tuple[str, ...]:
    """Put one person into the columns of the workbook."""
    position = str(each.position or "")
    rests_on, lacks = ", ".join(each.rests_on), ", ".join(each.lacks)
    return (
        each.name,
        each.email,
        each.team,
        words_for_status(each),
        position,
        rests_on,
        lacks,
        each.needs,
        each.requested_on,
    )


def _listed(sessions: Sequence[SessionFacts], terms: Terms) -> list[tuple[Listed, int]]:
    """Read everybody with a live booking on these sessions, in the order of requests: a fixed number of queries."""
    by_id = {each.id: each for each in sessions}
    wanted = (
        select(Booking, Person.name, Person.email, AccessNeed.needs)
        .join(Person, Person.id == Booking.person_id)
        .outerjoin(AccessNeed, AccessNeed.booking_id == Booking.id)
        .where(Booking.training_session_id.in_(by_id), Booking.status.in_(LIVE))
        .order_by(Booking.training_session_id, Booking.request_number)
    )
    rows = db.session.execute(wanted).all()
    standpoints = standpoints_of({booking.person_id for booking, *_ in rows}, terms)
    positions: dict[int, int] = {}
    listed = []
    for booking, name, email, needs in rows:
        session = by_id[booking.training_session_id]
        waiting = booking.status == Status.WAITING
        if waiting:
            positions[session.id] = positions.get(session.id, 0) + 1
        standpoint = standpoints[booking.person_id].without(booking.id)
        request = place_request(standpoint, session, terms)
        objections = named(objections_to(request, terms.now, terms.today), terms)
        free = waiting or booking.override_reason or not booking.takes_place
        listed.append(
            (
                Listed(
                    booking.person_id,
                    booking.id,
                    name,
                    email,
                    standpoint.post.team_name if standpoint.post else "",
                    booking.status,
                    positions[session.id] if waiting else None,
                    () if free else _titles(request.standing.rests_on(), terms.modules),
                    () if free else _missing(objections),
                    needs or "",
                    booking.passed_over_reason or "",
                    booking.override_reason or "",
                    booking.requested_at.date().isoformat(),
                    booking.takes_place,
                ),
                session.id,
            )
        )
    return listed


def _gone(training_session_id: int) -> list[Gone]:
    """Read the bookings of a session that have ended, the latest first."""
    wanted = (
        select(Booking, Person.name)
        .join(Person, Person.id == Booking.person_id)
        .where(Booking.training_session_id == training_session_id, Booking.status.not_in(LIVE))
        .order_by(Booking.ended_at.desc(), Booking.id.desc())
    )
    return [
        Gone(
            name,
            in_london(booking.ended_at).date(),
            say_reason(booking.cancel_reason or ""),
            booking.cancelled_late,
            booking.status == Status.DECLINED,
        )
        for booking, name in db.session.execute(wanted)
        if booking.ended_at
    ]


def _titles(facts: Sequence[Fact], modules: dict[int, ModuleFacts]) -> tuple[str, ...]:
    """Name the modules that these bookings ahead are of."""
    titles = {module.code: module.full_title for module in modules.values()}
    return tuple(dict.fromkeys(titles.get(fact.subject, fact.subject) for fact in facts))


def _missing(objections: Sequence[Objection]) -> tuple[str, ...]:
    """Name what a place lacks."""
    return tuple(each.title for each in objections if each.reason is Reason.PREREQUISITE)
