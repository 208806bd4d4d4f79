"""Reading evidence: what somebody has handed in, what waits for whom, and lists for documents, as plain values."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import aliased

from cpd.catalogue import service as catalogue
from cpd.people import service as people
from cpd.people.models import Person
from cpd.progression.pathways.rules import Readiness
from cpd.progression.pathways.service import readiness_of
from cpd.progression.portfolios import ahead as _ahead  # noqa: F401 - what is handed in counts as in hand from here on
from cpd.progression.portfolios.accepting import Named, assessors_named
from cpd.progression.portfolios.facts import EventFacts, EvidenceLine, HandedIn, ItemFacts, PortfolioFacts
from cpd.progression.portfolios.identifiers import Found
from cpd.progression.portfolios.models import EvidenceItem, Portfolio, PortfolioEvent
from cpd.progression.portfolios.pieces import found_in, found_in_comments, identifiers_in
from cpd.progression.portfolios.rules import OPEN, Happening, Piece, PortfolioStatus, accepts_as
from cpd.progression.portfolios.showing import KindShown, ShownPortfolio, kinds_shown, shown
from cpd.progression.portfolios.wording import FOUND, PLACES, role_words, statement_words
from cpd.schemes.pathway_shape import EvidenceKind
from cpd.shared import clock
from cpd.shared.asked_once import once_per_page
from cpd.shared.clock import in_london
from cpd.shared.database import LARGEST_ID, db
from cpd.shared.roles import Role

__all__ = [
    "EventFacts",
    "EvidenceLine",
    "HandedIn",
    "ItemFacts",
    "PortfolioFacts",
    "current_of",
    "events_of",
    "evidence_list_of",
    "evidence_of",
    "file_of",
    "find_item",
    "find_portfolio",
    "handed_in_of",
    "identifiers_in_words",
    "identifiers_of",
    "items_of",
    "kind_offered",
    "kinds_by_portfolio",
    "portfolios_of",
    "shown_of",
    "shown_portfolio",
    "waiting_count",
    "waiting_for",
]


def find_portfolio(portfolio_id: int) -> PortfolioFacts | None:
    """Return a portfolio, or None."""
    return next(iter(_portfolios(Portfolio.id == min(portfolio_id, LARGEST_ID))), None)


def portfolios_of(person_ids: Collection[int]) -> list[PortfolioFacts]:
    """List what people have prepared, handed in and had accepted, the newest first. One query."""
    return _portfolios(Portfolio.person_id.in_(person_ids))


def items_of(portfolio_ids: Collection[int]) -> dict[int, list[ItemFacts]]:
    """Return the pieces of portfolios as they are now, by portfolio, in their order. One query."""
    conditions = (EvidenceItem.portfolio_id.in_(portfolio_ids), EvidenceItem.superseded_at.is_(None))
    found: dict[int, list[ItemFacts]] = {each: [] for each in portfolio_ids}
    for item in _items(*conditions):
        found[item.portfolio_id].append(item)
    return found


def evidence_of(person_id: int) -> tuple[Readiness, list[KindShown]]:
    """Say which kinds of evidence somebody's scheme has and how each stands, what her next steps ask first.

    Where she is on no pathway, only what she has begun is listed. A fixed number of queries.
    """
    found = readiness_of([person_id], clock.today())[person_id]
    portfolios = portfolios_of([person_id])
    pieces = {each: len(items) for each, items in items_of([each.id for each in portfolios]).items()}
    rows = kinds_shown(found, portfolios, pieces)
    return found, [each for each in rows if each.portfolio_id] if found.why_not else rows


def current_of(person_id: int, evidence_kind: str) -> PortfolioFacts | None:
    """Return what somebody has of a kind: what is open, else what was accepted last, or None. One query."""
    hers = _portfolios(Portfolio.person_id == person_id, Portfolio.evidence_kind == evidence_kind)
    is_open = (each for each in hers if each.status in OPEN)
    return next(is_open, next((each for each in hers if each.status is PortfolioStatus.ACCEPTED), None))


def kind_offered(person_id: int, evidence_kind: str) -> EvidenceKind | None:
    """Return a kind of evidence that somebody can hand in by her rules, or None."""
    found = readiness_of([person_id], clock.today())[person_id]
    return found.terms.evidence.get(evidence_kind) if found.terms and not found.why_not else None


def identifiers_of(item: ItemFacts, organisation_id: int) -> tuple[Found, ...]:
    """List what in a piece may tell who somebody is, as it stands there."""
    return identifiers_in(item, organisation_id)


def identifiers_in_words(piece: Piece, organisation_id: int) -> list[tuple[str, str, str]]:
    """List what in a piece that is being typed may tell who somebody is: what, where, and as it stands there."""
    return [(FOUND[each.kind], PLACES[each.where], each.excerpt) for each in found_in(piece, organisation_id)]


def identifiers_in_comments(comments: str, organisation_id: int) -> list[tuple[str, str, str]]:
    """List the same of what a reviewer writes."""
    found = found_in_comments(comments, organisation_id)
    return [(FOUND[each.kind], PLACES[each.where], each.excerpt) for each in found]


def find_item(item_id: int) -> ItemFacts | None:
    """Return a piece as it is now, or None where there is none, or it was changed or taken out."""
    return next(iter(_items(EvidenceItem.id == min(item_id, LARGEST_ID), EvidenceItem.superseded_at.is_(None))), None)


def file_of(item_id: int, portfolio_ids: Collection[int]) -> ItemFacts | None:
    """Return a piece with its file, where it belongs to one of these portfolios; else None."""
    item = find_item(item_id)
    return item if item and item.portfolio_id in portfolio_ids and item.stored_as else None


def events_of(portfolio_id: int) -> list[EventFacts]:
    """List what was done with a portfolio, the first first. One query."""
    by = aliased(Person)
    wanted = (
        select(PortfolioEvent.happening, PortfolioEvent.happened_at, by.name, PortfolioEvent.comments)
        .outerjoin(by, by.id == PortfolioEvent.by_id)
        .where(PortfolioEvent.portfolio_id == portfolio_id)
        .order_by(PortfolioEvent.id)
    )
    return [EventFacts(Happening(row[0]), row[1], row[2] or "", row[3]) for row in db.session.execute(wanted)]


def kinds_by_portfolio(portfolios: Iterable[PortfolioFacts]) -> dict[int, EvidenceKind]:
    """Return what the scheme says of the kind of each, by the version under which it was begun. One query."""
    portfolios = list(portfolios)
    versions = catalogue.schemes_by_id({each.scheme_version_id for each in portfolios})
    kinds = {
        (version_id, kind.code): kind for version_id, scheme in versions.items() for kind in scheme.pack.evidence_kinds
    }
    return {each.id: kinds[each.scheme_version_id, each.evidence_kind] for each in portfolios}


def shown_portfolio(portfolio_id: int) -> ShownPortfolio | None:
    """Put a portfolio together for a page, whoever may read it; None where there is none. Four queries."""
    portfolio = find_portfolio(portfolio_id)
    return shown_of(portfolio) if portfolio else None


def shown_of(portfolio: PortfolioFacts) -> ShownPortfolio:
    """Put a portfolio together for a page. Three queries."""
    kind = kinds_by_portfolio([portfolio])[portfolio.id]
    return shown(portfolio, kind, items_of([portfolio.id])[portfolio.id], events_of(portfolio.id))


def handed_in_of(person_id: int, kinds: Collection[str] | None = None) -> list[HandedIn]:
    """List what somebody has handed in or had accepted, of some kinds or of all, the newest first. One query."""
    locked = (PortfolioStatus.HANDED_IN, PortfolioStatus.ACCEPTED)
    found = _portfolios(Portfolio.person_id == person_id, Portfolio.status.in_(locked))
    return [
        HandedIn(
            each.id,
            each.evidence_kind,
            each.title,
            each.is_portfolio,
            each.status,
            each.handed_in_at,
            f"/progression/evidence/{each.id}",
        )
        for each in found
        if each.handed_in_at and (kinds is None or each.evidence_kind in kinds)
    ]


def evidence_list_of(person_id: int, on: date) -> list[EvidenceLine]:
    """List each piece that counts for somebody and was accepted by a day, the earliest first. Two queries."""
    accepted = [
        each
        for each in _portfolios(Portfolio.person_id == person_id, Portfolio.status == PortfolioStatus.ACCEPTED)
        if each.decided_at and in_london(each.decided_at).date() <= on
    ]
    items = items_of([each.id for each in accepted])
    lines = [
        EvidenceLine(
            f"{each.title}: {item.title}" if each.is_portfolio and item.title != each.title else item.title,
            each.evidence_kind,
            item.happened_on,
            tuple(statement_words(ref, item.happened_on) for ref in item.statements),
            role_words(each.accepted_as or ""),
            in_london(each.decided_at).date(),
        )
        for each in accepted
        for item in items[each.id]
        if each.decided_at
    ]
    return sorted(lines, key=lambda line: (line.happened_on, line.title))


def waiting_for(viewer_id: int, organisation_id: int, roles: Collection[Role]) -> list[PortfolioFacts]:
    """List what was handed in and this viewer may accept, the longest waiting first. Four queries at most."""
    waiting = _handed_in_at(organisation_id)
    staff, named = set[int](), Named()
    if any(not each.accepted_by for each in waiting):
        staff = {each.id for each in people.team_of(viewer_id, organisation_id, clock.today())}
    if Role.ASSESSOR in roles:
        people_asking = {each.person_id for each in waiting if Role.ASSESSOR in each.accepted_by}
        named = assessors_named(people_asking, organisation_id) if people_asking else named
    found = [
        each
        for each in waiting
        if accepts_as(
            each.accepted_by,
            by=viewer_id,
            roles=roles,
            person_id=each.person_id,
            manager_id=viewer_id if each.person_id in staff else None,
            named=named.get(each.person_id, ()),
        )
    ]
    return sorted(found, key=lambda each: (each.handed_in_at or clock.now(), each.id))


def waiting_count(viewer_id: int, organisation_id: int, roles: Collection[Role]) -> int:
    """Count what was handed in and waits for this viewer, as a holder of a role and as a line manager."""
    return len(waiting_for(viewer_id, organisation_id, roles))


@once_per_page
def _handed_in_at(organisation_id: int) -> list[PortfolioFacts]:
    """Read what was handed in at an organisation and waits. One query."""
    return _portfolios(Portfolio.organisation_id == organisation_id, Portfolio.status == PortfolioStatus.HANDED_IN)


def _portfolios(*conditions: ColumnElement[bool]) -> list[PortfolioFacts]:
    """Read portfolios, the newest first. One query."""
    return [_portfolio(row) for row in db.session.execute(_WANTED.where(*conditions).order_by(Portfolio.id.desc()))]


def _portfolio(row: Any) -> PortfolioFacts:
    """Make plain values of a row."""
    said = dict(row._mapping)  # noqa: SLF001 - a public name of SQLAlchemy's, in spite of its looks
    said |= {name: said[name] or "" for name in ("opened_by", "decided_by")}
    return PortfolioFacts(**{**said, "status": PortfolioStatus(said["status"])})


def _items(*conditions: ColumnElement[bool]) -> list[ItemFacts]:
    """Read pieces in their order. One query."""
    wanted = select(*(getattr(EvidenceItem, name) for name in ItemFacts.__slots__)).where(*conditions)
    rows = db.session.execute(wanted.order_by(EvidenceItem.portfolio_id, EvidenceItem.item_number))
    return [ItemFacts(*row) for row in rows]


_opener, _decider = aliased(Person), aliased(Person)
_WANTED: Select[*tuple[Any, ...]] = (
    select(
        Portfolio.id,
        Portfolio.organisation_id,
        Portfolio.person_id,
        Person.name.label("person"),
        Portfolio.scheme_version_id,
        Portfolio.evidence_kind,
        Portfolio.title,
        Portfolio.is_portfolio,
        Portfolio.accepted_by,
        Portfolio.ticked,
        Portfolio.status,
        Portfolio.hand_ins,
        Portfolio.handed_in_at,
        Portfolio.opened_at,
        Portfolio.opened_by_id,
        _opener.name.label("opened_by"),
        Portfolio.decided_at,
        Portfolio.decided_by_id,
        _decider.name.label("decided_by"),
        Portfolio.accepted_as,
    )
    .join(Person, Person.id == Portfolio.person_id)
    .outerjoin(_opener, _opener.id == Portfolio.opened_by_id)
    .outerjoin(_decider, _decider.id == Portfolio.decided_by_id)
)
