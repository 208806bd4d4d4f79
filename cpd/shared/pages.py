"""What every template can rely on: GOV.UK's macros, addresses of files, pictures, and links to this very page."""

from __future__ import annotations

import calendar
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import Flask, request
from jinja2 import ChoiceLoader, FileSystemLoader, PackageLoader, PrefixLoader, Undefined

from cpd.shared.assets import THEMES, asset_url, theme_of
from cpd.shared.forms import error_list
from cpd.shared.pictures import progress_bar, route_picture

NAMES_LEFT_OUT = frozenset({"caller", "null", "undefined"})  # GOV.UK's macros use these without having them
NUMBERS_AROUND = 1


def _strict(method: str) -> Callable[..., Any]:
    """Return a method that fails for a name nobody gave, and does what Jinja usually does for a missing part."""
    usual = getattr(Undefined, method)

    def strict_or_usual(self: KnownNames, *args: Any) -> Any:
        if self.is_optional():
            return usual(self, *args)
        return self._fail_with_undefined_error()

    return strict_or_usual


class KnownNames(Undefined):
    """A name that a template does not know is an error, and so is an attribute that an object lacks.

    Only a part that a mapping lacks is a blank: GOV.UK's macros take their parameters as one mapping and
    ask it for every part that there could be.
    """

    def is_optional(self) -> bool:
        """Say whether this may be left out."""
        return isinstance(self._undefined_obj, Mapping) or self._undefined_name in NAMES_LEFT_OUT

    __str__ = _strict("__str__")
    __iter__ = _strict("__iter__")
    __len__ = _strict("__len__")
    __bool__ = _strict("__bool__")
    __eq__ = _strict("__eq__")
    __ne__ = _strict("__ne__")
    __hash__ = _strict("__hash__")


def prepare_templates(app: Flask, *folders: Path) -> None:
    """Let the templates in these folders extend GOV.UK's, and give them what this module's first line lists."""
    govuk = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    app.jinja_loader = ChoiceLoader([FileSystemLoader(folders), govuk])
    app.jinja_options = {**app.jinja_options, "trim_blocks": True, "lstrip_blocks": True, "undefined": KnownNames}
    app.jinja_env.globals.update(
        asset=asset_url,
        error_list=error_list,
        page_numbers=page_numbers,
        progress_bar=progress_bar,
        route_picture=route_picture,
        theme_colours=THEMES,
        theme_of=theme_of,
        this_page=this_page,
    )


def this_page(**changes: str | int | Sequence[str] | None) -> str:
    """Return the address of the page being shown with some of its query changed; None leaves a name out."""
    query: dict[str, Any] = {name: request.args.getlist(name) for name in request.args}
    query |= changes
    return "?" + urlencode({name: value for name, value in query.items() if value is not None}, doseq=True)


def page_numbers(page: int, pages: int) -> list[int | None]:
    """List the page numbers worth a link: the first, the last and those around this one; None is a gap."""
    near = range(page - NUMBERS_AROUND, page + NUMBERS_AROUND + 1)
    shown = [number for number in range(1, pages + 1) if number in (1, pages) or number in near]
    numbers: list[int | None] = []
    for before, number in zip([0, *shown], shown, strict=False):
        if number - before == 2:  # noqa: PLR2004 - a gap of one page is that page
            numbers.append(before + 1)
        elif number - before > 1:
            numbers.append(None)
        numbers.append(number)
    return numbers


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """What a month shows of one thing on a day: when in words, what, where to read more, and how it stands.

    `tone` is one of a status tag's (components/status_tag.html); `standing` says the same in words.
    """

    time: str
    text: str
    href: str
    tone: str
    standing: str


@dataclass(frozen=True, slots=True)
class MonthDay:
    """One square of a month's table."""

    on: date
    in_month: bool
    is_today: bool
    entries: Sequence[CalendarEntry]

    @property
    def words(self) -> str:
        """The date as people say it: Thursday 10 January."""
        return f"{self.on:%A} {self.on.day} {self.on:%B}"


def month_weeks(
    year: int, month: int, entries: Mapping[date, Sequence[CalendarEntry]], today: date
) -> list[list[MonthDay]]:
    """Lay a month out in weeks from Monday to Sunday, with the days around it that fill the first and last week.

    Days outside the month stay empty: they have a month of their own.
    """
    return [
        [MonthDay(on, on.month == month, on == today, entries.get(on, ()) if on.month == month else ()) for on in week]
        for week in calendar.Calendar().monthdatescalendar(year, month)
    ]
