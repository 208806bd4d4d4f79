"""How often panels, requests and appeals went which way in a year: counts without names (C-4, L-7)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import func, select

from cpd.progression.appeals.models import ProgressionAppeal
from cpd.progression.openness.rules import FEWEST, NONE_OR_FEW, Published, Span, published
from cpd.progression.panels.models import PanelCase, PanelDecision
from cpd.progression.pathways.terms import Terms
from cpd.progression.requests.models import ProgressionRequest
from cpd.shared.clock import LONDON
from cpd.shared.database import db

APRIL = 4

PANEL_OUTCOMES = (
    ("Recommended or passed", ("pass", "recommended")),
    ("Not yet, with support", ("deferred_with_support",)),
    ("Not recommended", ("fail", "not_recommended")),
    ("Withdrawn", ("withdrawn",)),
)
REQUEST_RESULTS = (
    ("Change made", ("enacted",)),
    ("Not yet, with support", ("not_yet",)),
    ("Not agreed", ("refused",)),
    ("Withdrawn", ("withdrawn",)),
)
APPEAL_RESULTS = (
    ("Upheld", ("upheld",)),
    ("Dismissed", ("dismissed",)),
    ("Withdrawn", ("withdrawn",)),
)
Outcomes = Sequence[tuple[str, tuple[str, ...]]]


@dataclass(frozen=True, slots=True)
class ShownRow:
    """One row of a table of counts in words; `whole` is how many in all, where it may be shown, for the picture."""

    title: str
    cells: Sequence[str]
    together: str
    favourable: int
    other: int
    whole: int | None


@dataclass(frozen=True, slots=True)
class ShownCounts:
    """A table of counts in words, with the sums in its last row."""

    title: str
    what: str
    head: Sequence[str]
    rows: Sequence[ShownRow]
    sums: Sequence[str]


def financial_year(on: date) -> tuple[date, date]:
    """Return the first and the last day of the financial year in which a day lies."""
    first = date(on.year if on.month >= APRIL else on.year - 1, APRIL, 1)
    return first, date(first.year + 1, APRIL, 1) - timedelta(days=1)


def years_offered(organisation_id: int, today: date) -> list[int]:
    """List the years (by that in which they begin) of which anything can be said, the latest first. One query."""
    first = db.session.scalar(
        select(func.min(ProgressionRequest.requested_at)).where(ProgressionRequest.organisation_id == organisation_id)
    )
    opened = db.session.scalar(
        select(func.min(PanelCase.opened_on)).where(PanelCase.organisation_id == organisation_id)
    )
    known = [each for each in (first.astimezone(LONDON).date() if first else None, opened) if each]
    now = financial_year(today)[0].year
    begin = min((financial_year(each)[0].year for each in known), default=now)
    return list(range(now, min(begin, now) - 1, -1))


def counts_of_year(organisation_id: int, year: int, terms: Terms | None) -> list[ShownCounts]:
    """Count what panels, requests and appeals came to in a financial year. Four queries."""
    first, last = financial_year(date(year, APRIL, 1))
    panels = {code: each.title for code, each in terms.panels.items()} if terms else {}
    steps = (
        {each.code: each.title for pathway in terms.pathways.values() for each in pathway.transitions} if terms else {}
    )
    tables = (
        ("What panels came to", "panel", PANEL_OUTCOMES, _of_panels(organisation_id, first, last), panels),
        ("How requests ended", "step", REQUEST_RESULTS, _of_requests(organisation_id, first, last), steps),
        ("How appeals ended", "step", APPEAL_RESULTS, _of_appeals(organisation_id, first, last), steps),
    )
    return [_shown(*each) for each in tables]


def _of_panels(organisation_id: int, first: date, last: date) -> Counter[tuple[str, str]]:
    """Count decisions in force by panel and outcome, and cases that were withdrawn."""
    decided = (
        select(PanelCase.panel_code, PanelDecision.outcome, func.count())
        .join(PanelDecision, PanelDecision.case_id == PanelCase.id)
        .where(
            PanelCase.organisation_id == organisation_id,
            PanelCase.status == "decided",
            PanelDecision.superseded_at.is_(None),
            PanelDecision.decided_on.between(first, last),
        )
        .group_by(PanelCase.panel_code, PanelDecision.outcome)
    )
    withdrawn = (
        select(PanelCase.panel_code, PanelCase.status, func.count())
        .where(
            PanelCase.organisation_id == organisation_id,
            PanelCase.status == "withdrawn",
            *_within(PanelCase.withdrawn_at, first, last),
        )
        .group_by(PanelCase.panel_code, PanelCase.status)
    )
    return _counted(decided) + _counted(withdrawn)


def _of_requests(organisation_id: int, first: date, last: date) -> Counter[tuple[str, str]]:
    """Count requests to progress that ended, by step and result; what takes a change back is none."""
    wanted = (
        select(ProgressionRequest.transition_code, ProgressionRequest.status, func.count())
        .where(
            ProgressionRequest.organisation_id == organisation_id,
            ProgressionRequest.request_kind == "progression",
            *_within(ProgressionRequest.ended_at, first, last),
        )
        .group_by(ProgressionRequest.transition_code, ProgressionRequest.status)
    )
    return _counted(wanted)


def _of_appeals(organisation_id: int, first: date, last: date) -> Counter[tuple[str, str]]:
    """Count appeals that ended, by step and result."""
    ended_at = func.coalesce(ProgressionAppeal.decided_at, ProgressionAppeal.withdrawn_at)
    wanted = (
        select(ProgressionRequest.transition_code, ProgressionAppeal.status, func.count())
        .join(ProgressionRequest, ProgressionRequest.id == ProgressionAppeal.request_id)
        .where(ProgressionAppeal.organisation_id == organisation_id, *_within(ended_at, first, last))
        .group_by(ProgressionRequest.transition_code, ProgressionAppeal.status)
    )
    return _counted(wanted)


def _counted(wanted: Any) -> Counter[tuple[str, str]]:
    return Counter({(code, outcome): count for code, outcome, count in db.session.execute(wanted)})


def _within(moment: Any, first: date, last: date) -> tuple[Any, Any]:
    """Choose moments of days of the field, both within."""
    begin, end = (datetime.combine(each, time.min, LONDON) for each in (first, last + timedelta(days=1)))
    return moment >= begin, moment < end


def _shown(
    title: str, what: str, outcomes: Outcomes, counts: Counter[tuple[str, str]], titles: Mapping[str, str]
) -> ShownCounts:
    """Put counts into words, with what is too small hidden."""
    order = list(titles)
    codes = sorted(
        {code for code, _ in counts}, key=lambda code: (order.index(code) if code in order else len(order), code)
    )
    table = [[sum(counts[code, each] for each in which) for _, which in outcomes] for code in codes]
    seen = published(table)
    rows = [_row(titles.get(code, code), seen, number) for number, code in enumerate(codes)]
    says_more = len(codes) > 1 and any(NONE_OR_FEW not in row for row in seen.rows)
    sums = [span_words(each) for each in (*seen.column_sums, seen.total)] if says_more else []
    return ShownCounts(title, what, [name for name, _ in outcomes], rows, sums)


def _row(title: str, seen: Published, number: int) -> ShownRow:
    """Put one row into words; the picture shows only what is known exactly."""
    cells, together = seen.rows[number], seen.row_sums[number]
    known = all(each.is_exact for each in cells)
    return ShownRow(
        title,
        [span_words(each) for each in cells],
        span_words(together),
        cells[0].least if known else 0,
        cells[1].least if known else 0,
        together.least if known else None,
    )


def span_words(span: Span) -> str:
    """`12`, `fewer than 5`, `13 to 16`; `not shown` where even whether it is nought is hidden."""
    if span.is_exact:
        return str(span.least)
    if span == NONE_OR_FEW:
        return "not shown"
    return f"fewer than {FEWEST}" if span.most < FEWEST else f"{span.least} to {span.most}"


def year_words(year: int) -> str:
    """`April 2018 to March 2019`."""
    return f"April {year} to March {year + 1}"


def year_choices(years: Iterable[int]) -> list[tuple[str, str]]:
    """Offer years in a list of choices."""
    return [(str(each), year_words(each)) for each in years]


def chosen_year(asked: int | None, years: Sequence[int]) -> int:
    """Return the year that was asked for, where anything can be said of it; else the present one."""
    return asked if asked is not None and asked in years else years[0]
