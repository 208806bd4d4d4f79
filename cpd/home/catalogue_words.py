"""The catalogue in a few words: windows, dates of reports, names of modules, and how a module stands to a person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from cpd.booking.offers import Offer
from cpd.booking.rules import Reason, State
from cpd.catalogue.rules import Route
from cpd.catalogue.service import ModuleFacts
from cpd.home.words import label
from cpd.requirements.evaluator import Standing
from cpd.requirements.language import AllOf, Completed
from cpd.shared.wording import MONTHS, and_words, counted, date_words


def short_name(module: ModuleFacts) -> str:
    """`Module 1`, or the title of a module without a number."""
    return module.number_label or module.full_title


def names_of(modules: Iterable[ModuleFacts]) -> str:
    """`Module 1` alone, `Modules 3, 4 and 5` together; modules without number by their titles."""
    names = [short_name(module) for module in modules]
    kinds = {name.rpartition(" ")[0] for name in names}
    numbers = [name.rpartition(" ")[2] for name in names]
    if len(names) > 1 and len(kinds) == 1 and all(number.isdecimal() for number in numbers):
        return f"{kinds.pop()}s {and_words(numbers)}"
    return and_words(names)


def remarks_on(route: Route, modules: Mapping[str, ModuleFacts]) -> dict[str, list[str]]:
    """Say of each step what it needs, and whether it may be left out where others may not (AMB-26)."""
    in_order, with_duties = bool(route.edges), any(step.is_mandatory for step in route.steps)
    remarks = {}
    for step in route.steps:
        needs = needs_words(step.module, modules)
        free = "Needs nothing before" if in_order else "At any time"
        said = [f"Needs {needs}" if needs else free if step.module.asks_nothing else "Has conditions of its own"]
        remarks[step.module.code] = said + (["Not mandatory"] if with_duties and not step.is_mandatory else [])
    return remarks


def needs_words(module: ModuleFacts, modules: Mapping[str, ModuleFacts]) -> str:
    """`Modules 1 and 2`, where a module simply needs others; empty where more has to be said."""
    asked = module.requirement
    lines = asked.lines if isinstance(asked, AllOf) else (asked,)
    needed = [modules[line.module] for line in lines if isinstance(line, Completed) and line.module in modules]
    unbounded = all(line == Completed(line.module) for line in lines if isinstance(line, Completed))
    return names_of(needed) if needed and unbounded and len(needed) == len(lines) else ""


def first_words(standing: Standing, modules: Mapping[str, ModuleFacts]) -> str:
    """`Needs Modules 3 and 4 first`: what is still to do before; empty where that is more than other modules."""
    asked = [leaf.requirement for leaf in standing.outstanding_leaves()]
    needed = [modules[leaf.module] for leaf in asked if isinstance(leaf, Completed) and leaf.module in modules]
    return f"Needs {names_of(needed)} first" if needed and len(needed) == len(asked) else ""


def open_words(module: ModuleFacts, bookable: Sequence[Offer]) -> str:
    """Say what somebody can do about a module that is open to her."""
    with_places = [offer for offer in bookable if offer.state is not State.FULL]
    if module.is_drop_in:
        return f"Just come: {counted(len(bookable), 'date')}"
    return f"You can book: {counted(len(with_places), 'date')}" if with_places else "Full: you can wait"


def closed_words(offers: Sequence[Offer], first: str) -> str:
    """Say why nothing of a module can be booked: what is still to do, or how its next session stands."""
    if not offers:
        return first or "No dates yet"
    refused = next((offer for offer in offers if offer.state is State.REFUSED), offers[0])
    if first and refused.objections and refused.objections[0].reason is Reason.PREREQUISITE:
        return first
    return label(refused)[0]


def facts_shown(module: ModuleFacts, dates: int) -> list[dict[str, str]]:
    """List what somebody needs to know of a module, as pairs; what is not known is left out."""
    pairs = [
        ("For whom", module.audience.words or "Everybody"),
        ("Length", module.length or "Not published"),
        ("How to book", _booking_words(module, dates)),
        ("To complete it", _completion_words(module)),
        ("Repeat", f"Again after {counted(module.validity_months, 'month')}" if module.validity_months else ""),
        ("What to bring", module.what_to_bring),
        ("Please note", module.note),
    ]
    return [{"key": key, "value": value} for key, value in pairs if value]


def window_words(valid_from: date | None, valid_to: date | None) -> str:
    """`in November or December 2018`, `between 8 November 2018 and 7 January 2019`, `since 1 May 2018`."""
    if valid_from and valid_to:
        return _months(valid_from, valid_to) or f"between {date_words(valid_from)} and {date_words(valid_to)}"
    if valid_from:
        return f"since {date_words(valid_from)}"
    return f"until {date_words(valid_to)}" if valid_to else "at any time"


def published_words(published: str) -> str:
    """`7 March 2019`, or `September 2014` where a report gives no day."""
    year, month, *day = (int(part) for part in published.split("-"))
    return date_words(date(year, month, day[0])) if day else f"{MONTHS[month - 1]} {year}"


def _booking_words(module: ModuleFacts, dates: int) -> str:
    """Say how somebody gets a place (AMB-21, AMB-34)."""
    if not dates:
        return "No need to book: just come" if module.is_drop_in else "Once there are dates"
    if module.is_drop_in:
        return "No need to book: just come. You can put a date in your diary."
    if module.approval_needed:
        return "Workforce Development must agree to it first. Ask for a place on one of its dates."
    return "Book a place on one of its dates. Places are given in the order of asking."


def _completion_words(module: ModuleFacts) -> str:
    """Say what completes it, where more or less is asked than to attend all of it (AMB-27, S-7)."""
    minutes = module.completion_minutes
    attended = f"Attend at least {minutes} minutes" if minutes else "Attend all of it"
    if module.evaluation_asked_from:
        return f"{attended}, then say what you think of it: four taps, without your name"
    return attended if minutes else ""


def _months(valid_from: date, valid_to: date) -> str:
    """Name the one or two whole months of a year that a window is; empty where it is none."""
    after = valid_to + timedelta(days=1)
    months = (after.year - valid_from.year) * 12 + after.month - valid_from.month
    if (valid_from.day, after.day) != (1, 1) or valid_from.year != valid_to.year or months > 2:  # noqa: PLR2004 - or two
        return ""
    return f"in {and_words(MONTHS[valid_from.month - 1 : valid_to.month], 'or')} {valid_to.year}"
