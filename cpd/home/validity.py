"""Training that must be repeated, as pages show it: until when it is valid, and what renews it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from cpd.booking.facts import Standpoint, Terms
from cpd.booking.rules import HeldBooking, Status
from cpd.catalogue.service import ModuleFacts
from cpd.record.rules import Held, Validity, held_of
from cpd.shared.clock import in_london
from cpd.shared.wording import date_words

LABELS = {
    Validity.VALID: ("Valid", "done"),
    Validity.RUNS_OUT: ("Runs out soon", "waiting"),
    Validity.LAPSED: ("Lapsed", "attention"),
}
ORDER = (Validity.LAPSED, Validity.RUNS_OUT, Validity.VALID)


@dataclass(frozen=True, slots=True)
class Repeated:
    """A module that somebody has done and that lapses; `refresher` is her place on a session of it still to come."""

    module: ModuleFacts
    held: Held
    refresher: HeldBooking | None

    @property
    def label(self) -> tuple[str, str]:
        """The words and the tone of its status tag (components/status_tag.html)."""
        return LABELS[self.held.validity]

    @property
    def is_pressing(self) -> bool:
        """Whether it has lapsed or runs out soon."""
        return self.held.validity is not Validity.VALID

    @property
    def needs_booking(self) -> bool:
        """Whether she should book a refresher: it is pressing, and she is not booked on one that ends in time."""
        return self.is_pressing and not self.is_renewed_in_time

    @property
    def is_renewed_in_time(self) -> bool:
        """Whether she is booked on a refresher that ends before it runs out."""
        return self.refresher is not None and ends_on(self.refresher) < self.held.lapses_on

    @property
    def until_words(self) -> str:
        """`Valid until 3 March 2027`, `Was valid until 3 March 2024`."""
        lapsed = self.held.validity is Validity.LAPSED
        return f"{'Was valid' if lapsed else 'Valid'} until {date_words(self.held.last_day)}"

    @property
    def words(self) -> str:
        """`Valid until 3 March 2027; a refresher renews it`, or that she is booked on one."""
        if self.refresher:
            return f"{self.until_words}; booked on a refresher on {date_words(self.refresher.starts_at)}"
        return f"{self.until_words}; a refresher renews it"


def repeated_by(standpoint: Standpoint, terms: Terms, organisation_id: int) -> list[Repeated]:
    """List what somebody has done that must be repeated, the most pressing first."""
    modules = {
        module.code: module
        for module in terms.modules.values()
        if module.organisation_id == organisation_id and not module.withdrawn
    }
    soon = max(terms.settings[organisation_id].validity_reminder_days, default=0)
    facts = [fact for fact in standpoint.record.facts if fact.subject in modules]
    found = [
        Repeated(modules[code], held, _refresher(modules[code], standpoint.bookings, terms))
        for code, held in held_of(facts, terms.today, soon).items()
    ]
    return sorted(found, key=lambda each: (ORDER.index(each.held.validity), each.held.lapses_on, each.module.code))


def ends_on(held: HeldBooking) -> date:
    """Return the last day of the session of a booking."""
    return in_london(held.ends_at).date()


def _refresher(module: ModuleFacts, bookings: Iterable[HeldBooking], terms: Terms) -> HeldBooking | None:
    """Find her place on a session of a module that is not over."""
    placed = (
        held
        for held in bookings
        if held.module_id == module.id
        and held.status is Status.CONFIRMED
        and held.session_live
        and held.ends_at > terms.now
    )
    return min(placed, key=lambda held: held.starts_at, default=None)
