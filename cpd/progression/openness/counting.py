"""How often panels, requests and appeals went which way in a year that is over: counts without names (C-4, L-7)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.orm import aliased

from cpd.progression.appeals.models import ProgressionAppeal
from cpd.progression.openness.rules import Band, Published, band_of, published, together
from cpd.progression.panels.models import PanelCase, PanelDecision
from cpd.progression.pathways.terms import Terms
from cpd.progression.requests.models import ProgressionRequest
from cpd.requirements.language import Outcome
from cpd.requirements.structure import leaves_of
from cpd.schemes.pathway_shape import Transition
from cpd.shared.clock import LONDON
from cpd.shared.database import db

APRIL = 4
WRITTEN_DOWN_WITHIN = timedelta(days=30)
"""So long after its end a year is published: until then what was decided late in it may still be written down."""

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
class ShownCounts:
    """A table of counts in words: each row what it counts and its cells. `so_far` is all that is said of a year yet."""

    title: str
    what: str
    head: Sequence[str]
    rows: Sequence[tuple[str, Sequence[str]]]
    so_far: str


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


def published_on(year: int) -> date:
    """Return the day from which the numbers of a year are published."""
    return financial_year(date(year, APRIL, 1))[1] + WRITTEN_DOWN_WITHIN


def counts_of_year(organisation_id: int, year: int, terms: Terms | None, today: date) -> list[ShownCounts]:
    """Count what panels, requests and appeals came to in a financial year. Four queries.

    Of a year that is not published yet it is only said about how many there were.
    """
    first, last = financial_year(date(year, APRIL, 1))
    panels = {code: each.title for code, each in terms.panels.items()} if terms else {}
    steps = steps_in_rows(terms) if terms else {}
    requests = _by_group(_of_requests(organisation_id, first, last), steps)
    appeals = {"": _of_appeals(organisation_id, first, last)}
    found: tuple[tuple[str, str, Outcomes, Mapping[str, Counter[str]], Mapping[str, str]], ...] = (
        ("What panels came to", "panel", PANEL_OUTCOMES, _of_panels(organisation_id, first, last), panels),
        ("How requests ended", "step", REQUEST_RESULTS, requests, dict(steps.values())),
        ("How appeals ended", "step", APPEAL_RESULTS, appeals, {"": "All steps"}),
    )
    return [_shown(*each, is_over=today >= published_on(year)) for each in found]


def steps_in_rows(terms: Terms) -> dict[str, tuple[str, str]]:
    """Return of each step the code and the title of the row in which it is counted.

    Steps that share a panel share a row: else what the panel came to would tell what became of the smaller one.
    """
    every = [each for pathway in terms.pathways.values() for each in pathway.transitions]
    groups = together(frozenset((f"step {each.code}", *_panels_of(each))) for each in every)
    found: dict[str, tuple[str, str]] = {}
    for group in groups:
        shared = [each for each in every if f"step {each.code}" in group]
        row = (shared[0].code, "; ".join(each.title for each in shared))
        found |= {each.code: row for each in shared}
    return found


def _panels_of(transition: Transition) -> Iterator[str]:
    """Name the panels that judge on the way of a step, or whose outcome it asks for."""
    yield from (f"panel {each.panel}" for each in transition.steps if each.panel)
    outcomes = (leaf for leaf in leaves_of(transition.requirement) if isinstance(leaf, Outcome))
    yield from (f"panel {each.panel}" for each in outcomes)


def _by_group(counts: Mapping[str, Counter[str]], steps: Mapping[str, tuple[str, str]]) -> dict[str, Counter[str]]:
    """Add up what is counted in the same row; a step that the scheme has no longer has its own."""
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for code, each in counts.items():
        found[steps.get(code, (code, ""))[0]] += each
    return found


def _of_panels(organisation_id: int, first: date, last: date) -> dict[str, Counter[str]]:
    """Count decisions by panel and outcome, and cases that were withdrawn.

    A decision that took the place of another counts alone, unless it was made after the year: what was published of
    a year stays as it is.
    """
    later = aliased(PanelDecision)
    replaced = exists().where(
        later.case_id == PanelDecision.case_id, later.id > PanelDecision.id, later.decided_on <= last
    )
    decided = (
        select(PanelCase.panel_code, PanelDecision.outcome, func.count())
        .join(PanelDecision, PanelDecision.case_id == PanelCase.id)
        .where(PanelCase.organisation_id == organisation_id, PanelDecision.decided_on.between(first, last), ~replaced)
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
    return _counted(decided, withdrawn)


def _of_requests(organisation_id: int, first: date, last: date) -> dict[str, Counter[str]]:
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


def _of_appeals(organisation_id: int, first: date, last: date) -> Counter[str]:
    """Count appeals that ended, by result."""
    ended_at = func.coalesce(ProgressionAppeal.decided_at, ProgressionAppeal.withdrawn_at)
    wanted = (
        select(ProgressionAppeal.status, func.count())
        .where(ProgressionAppeal.organisation_id == organisation_id, *_within(ended_at, first, last))
        .group_by(ProgressionAppeal.status)
    )
    return Counter({row[0]: row[1] for row in db.session.execute(wanted)})


def _counted(*wanted: Any) -> dict[str, Counter[str]]:
    """Read counts by code and outcome: one query each."""
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for code, outcome, count in (row for each in wanted for row in db.session.execute(each)):
        found[code][outcome] += count
    return found


def _within(moment: Any, first: date, last: date) -> tuple[Any, Any]:
    """Choose moments of days of the field, both within."""
    begin, end = (datetime.combine(each, time.min, LONDON) for each in (first, last + timedelta(days=1)))
    return moment >= begin, moment < end


def _shown(
    title: str,
    what: str,
    outcomes: Outcomes,
    counts: Mapping[str, Counter[str]],
    titles: Mapping[str, str],
    *,
    is_over: bool,
) -> ShownCounts:
    """Put counts into words; what is counted by no outcome that is shown is left out."""
    table = {code: [sum(each[one] for one in which) for _, which in outcomes] for code, each in counts.items()}
    table = {code: cells for code, cells in table.items() if any(cells)}
    order = [*(code for code in titles if code in table), *sorted(table.keys() - titles.keys())]
    seen = published({code: table[code] for code in order})
    rows = _rows(seen, titles, what) if is_over else []
    so_far = band_words(band_of(sum(sum(cells) for cells in table.values()))) if table and not is_over else ""
    return ShownCounts(title, what, [name for name, _ in outcomes], rows, so_far)


def _rows(seen: Published, titles: Mapping[str, str], what: str) -> list[tuple[str, Sequence[str]]]:
    """Put rows into words, those that are too small last, as one."""
    rows = [(titles.get(code, code), seen.rows[code]) for code in seen.rows]
    if seen.small:
        rows.append((f"Each other {what}, together" if rows else f"Every {what}, together", seen.small))
    return [(name, [band_words(each) for each in cells]) for name, cells in rows]


def band_words(band: Band) -> str:
    """`fewer than 5`, `10 to 14`."""
    return f"{band.least} to {band.most}" if band.least else f"fewer than {band.most + 1}"


def year_words(year: int) -> str:
    """`April 2018 to March 2019`."""
    return f"April {year} to March {year + 1}"


def year_choices(years: Iterable[int]) -> list[tuple[str, str]]:
    """Offer years in a list of choices."""
    return [(str(each), year_words(each)) for each in years]


def chosen_year(asked: int | None, years: Sequence[int], today: date) -> int:
    """Return the year that was asked for, where anything can be said of it; else the latest that is published."""
    if asked is not None and asked in years:
        return asked
    return next((each for each in years if today >= published_on(each)), years[0])
