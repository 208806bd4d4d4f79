"""What the pages of a whole programme's plan show: read models in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from cpd.booking.offers import Offer, offers_to
from cpd.booking.places import positions_of
from cpd.booking.planning import Asked, Outlook, needed_for
from cpd.booking.prospects import prospects_of
from cpd.booking.route import NoRoute, Route
from cpd.booking.rules import Objection, Reason, State
from cpd.booking.wishes import wished_modules
from cpd.catalogue import service as catalogue
from cpd.catalogue.service import ModuleFacts, ProgrammeFacts
from cpd.home.route_plan import Link, PlanShown, Showing, StopShown, address_of
from cpd.home.route_words import asking_words, done_words
from cpd.home.service import TAKEN, Row, row_of

__all__ = ["BookPage", "RoutePage", "address_of", "book_page", "booked_page", "module_of", "route_page"]

A_YEAR = timedelta(days=366)
"""How far back it is looked up when a module was last held."""


@dataclass(frozen=True, slots=True)
class RoutePage:
    """The plan of a programme for one person: a plan, or what stops it, or neither where everything is done."""

    programme: ProgrammeFacts
    words: str
    done: int
    ahead: int
    total: int
    done_words: str
    plan: PlanShown | None
    stop: StopShown | None
    is_wished: bool
    struck: Sequence[Link]
    chosen: Sequence[Link]
    left_out: int
    waiting: Link | None


@dataclass(frozen=True, slots=True)
class BookLine:
    """One session that is asked for: what asking for it means, whether it is hers, and what stands against it."""

    row: Row
    words: str
    state: State
    objections: Sequence[Objection]


@dataclass(frozen=True, slots=True)
class BookPage:
    """The sessions of a plan together, before or after they were asked for."""

    programme: ProgrammeFacts
    lines: Sequence[BookLine]

    @property
    def got(self) -> Sequence[BookLine]:
        """Those that are hers now, or for which she waits."""
        return [line for line in self.lines if line.state in TAKEN or line.state is State.WAITING]

    @property
    def words(self) -> str:
        """`5 of 6 sessions are booked, 1 of them on the waiting list`."""
        waiting = sum(line.state is State.WAITING for line in self.got)
        of_all = "" if len(self.got) == len(self.lines) else f" of {len(self.lines)}"
        verb = "is" if len(self.got) == 1 else "are"
        booked = f"{len(self.got)}{of_all} {'session' if len(self.lines) == 1 else 'sessions'} {verb} booked"
        return booked + (f", {waiting} of them on the waiting list" if waiting else "")


def _programme(organisation_id: int, code: str) -> ProgrammeFacts | None:
    """Return a programme of an organisation, or None."""
    return next((each for each in catalogue.programmes_of([organisation_id]) if each.code == code), None)


def module_of(organisation_id: int, code: str, module_code: str) -> ModuleFacts | None:
    """Return a module that a programme is about: one of its own, or one that these cannot do without; else None."""
    programme = _programme(organisation_id, code)
    modules = {module.code: module for module in catalogue.modules_of([organisation_id]).values()}
    codes = needed_for([each.module_code for each in programme.elements], modules) if programme else []
    return modules[module_code] if module_code in codes else None


def route_page(person_id: int, organisation_id: int, code: str, asked: Asked) -> RoutePage | None:
    """Plan a programme from today, from what is done and booked; None where her organisation has no such programme."""
    programme = _programme(organisation_id, code)
    if programme is None:
        return None
    prospects = prospects_of([person_id], organisation_id, programme.duties, back=A_YEAR)
    outlook = prospects.outlook(person_id, programme.duties)
    outlook.offers = {each.session.id: each for each in _with_positions(outlook.offers.values())}
    found = outlook.best(asked)
    showing = Showing(programme, prospects, outlook, asked)
    stop = showing.stop(found) if isinstance(found, NoRoute) else None
    return RoutePage(
        programme,
        *_progress(outlook),
        showing.plan(found) if isinstance(found, Route) and outlook.todo else None,
        stop,
        stop is not None and stop.module.id in wished_modules(person_id),
        showing.struck(),
        showing.chosen(),
        len(asked.pinned - outlook.chosen(asked)),
        showing.waiting(),
    )


def book_page(person_id: int, organisation_id: int, code: str, session_ids: Collection[int]) -> BookPage | None:
    """Show what asking for sessions together would mean.

    None where her organisation has no such programme, or where one of the sessions is none of it.
    """
    found = _together(person_id, organisation_id, code, session_ids)
    if found is None:
        return None
    programme, offers = found
    codes = {each.module.code for each in offers}
    lines = []
    for offer in offers:
        lasting = [each for each in offer.objections if each.reason is not Reason.PREREQUISITE]
        against = [each for each in offer.objections if each in lasting or each.module not in codes]
        lines.append(BookLine(row_of(offer), asking_words(offer, against), offer.state, against))
    return BookPage(programme, lines)


def booked_page(
    person_id: int,
    organisation_id: int,
    code: str,
    session_ids: Collection[int],
    refused: Mapping[int, Sequence[Objection]] | None = None,
) -> BookPage | None:
    """Show what came of asking for sessions together: as they stand now, or why they were `refused`; None as above."""
    found = _together(person_id, organisation_id, code, session_ids)
    if found is None:
        return None
    lines = []
    for offer in found[1]:
        against = refused.get(offer.session.id, ()) if refused is not None else offer.objections
        lines.append(BookLine(row_of(offer), "", offer.state, () if offer.booking_id else against))
    return BookPage(found[0], lines)


def _together(
    person_id: int, organisation_id: int, code: str, session_ids: Collection[int]
) -> tuple[ProgrammeFacts, list[Offer]] | None:
    """Load a programme and some of its sessions as they stand to a person."""
    programme = _programme(organisation_id, code)
    if programme is None:
        return None
    prospects = prospects_of([person_id], organisation_id, [each.module_code for each in programme.elements])
    sessions = [each for each in prospects.sessions if each.id in session_ids]
    offers = _with_positions(offers_to(prospects.standpoints[person_id], sessions, prospects.terms))
    return (programme, offers) if len(offers) == len(set(session_ids)) else None


def _progress(outlook: Outlook) -> tuple[str, int, int, int, str]:
    """Say how far she is: in words and figures, and which modules are done."""
    done, ahead, total = len(outlook.done), len(outlook.held), len(outlook.done) + len(outlook.todo)
    booked = f", {ahead} booked" if ahead else ""
    modules = {module.code: module for module in outlook.terms.modules.values()}
    names = done_words([modules[code] for code in outlook.done])
    return f"{done} of {total} modules done{booked}", done, ahead, total, names


def _with_positions(offers: Collection[Offer]) -> list[Offer]:
    """Give the offers that are waited for their position on the list."""
    waiting = [each.booking_id for each in offers if each.state is State.WAITING and each.booking_id]
    positions = positions_of(waiting) if waiting else {}
    return [each._replace(position=positions.get(each.booking_id or 0)) for each in offers]
