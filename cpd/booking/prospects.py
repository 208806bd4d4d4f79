"""Loading what plans are made of: for one person or for everybody, in the same few queries."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from cpd.booking.facts import Standpoint, Terms, standpoints_of, terms_for
from cpd.booking.planning import Outlook, needed_for, outlook_of
from cpd.catalogue.service import ModuleFacts
from cpd.shared.clock import LONDON
from cpd.timetable import service as timetable
from cpd.timetable.facts import SessionFacts
from cpd.timetable.service import Wanted


@dataclass(frozen=True, slots=True)
class Prospects:
    """The rules, the published sessions of some modules and of those they need, and where people stand."""

    terms: Terms
    sessions: list[SessionFacts]
    standpoints: dict[int, Standpoint]

    def outlook(self, person_id: int, wanted: Collection[str], among: Collection[int] | None = None) -> Outlook:
        """Put together the ways of one of these people through some of these modules; `among` few sessions and hers."""
        standpoint = self.standpoints[person_id]
        mine = {held.training_session_id for held in standpoint.bookings}
        ahead = [each for each in self.sessions if each.ends_at > self.terms.now or each.id in mine]
        sessions = ahead if among is None else [each for each in ahead if each.id in among or each.id in mine]
        return outlook_of(standpoint, sessions, self.terms, wanted)

    def sessions_of(self, module: ModuleFacts) -> list[SessionFacts]:
        """List the sessions of a module, past ones too as far as they were asked for."""
        return [each for each in self.sessions if each.module_id == module.id]


def prospects_of(
    person_ids: Collection[int],
    organisation_id: int,
    wanted: Collection[str],
    *,
    back: timedelta = timedelta(0),
    on: date | None = None,
) -> Prospects:
    """Load what the plans of an organisation's people are made of.

    Args:
        person_ids: whose plans.
        organisation_id: whose people they are; they see its sessions and those opened to it.
        wanted: the codes of the modules to plan.
        back: how far back sessions are looked up, to say when a module was last held.
        on: the day from which is planned, in place of today.
    """
    terms = _on(terms_for([organisation_id]), on)
    by_code = {module.code: module for module in terms.modules.values()}
    ids = [by_code[code].id for code in needed_for(wanted, by_code)]
    found = timetable.list_sessions(Wanted(organisation_id, module_ids=ids, since=terms.now - back))
    sessions = [each for each in found if each.status == "published"]
    if others := {each.organisation_id for each in sessions} - {organisation_id}:
        terms = _on(terms_for({organisation_id, *others}), on)
    standpoints = standpoints_of(person_ids, terms)
    booked = {held for each in standpoints.values() for held in each.bookings if held.module_id in ids}
    if missing := {held.training_session_id for held in booked} - {each.id for each in sessions}:
        sessions = sorted([*timetable.sessions_by_id(missing), *sessions], key=lambda each: (each.starts_at, each.id))
    return Prospects(terms, sessions, standpoints)


def _on(terms: Terms, on: date | None) -> Terms:
    """Look at the rules as they stand when a day begins, or now."""
    return terms if on is None else replace(terms, now=_start_of(on), today=on)


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time.min, LONDON)
