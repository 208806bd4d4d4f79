"""Who is ready for a panel: whose evidence is accepted, so that Workforce Development can open the case."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select

from cpd.people import service as people
from cpd.people.models import Post
from cpd.progression.panels.case_facts import CaseFacts
from cpd.progression.panels.gathering import cases_where
from cpd.progression.panels.linked import evidence_accepted_on, is_opened_here, is_ready, levels_before
from cpd.progression.panels.models import PanelCase
from cpd.progression.panels.reading import terms_in_force
from cpd.progression.pathways.reading import readiness_of
from cpd.progression.pathways.rules import Readiness
from cpd.progression.pathways.terms import Terms
from cpd.shared import clock
from cpd.shared.database import db


@dataclass(frozen=True, slots=True)
class ReadyFacts:
    """Somebody whose evidence is accepted and who can be put before a panel; `before` is what it last came to."""

    person_id: int
    name: str
    team: str
    since: date | None
    before: str
    before_on: date | None


def ready_for(panel_code: str, organisation_id: int) -> list[ReadyFacts]:
    """List who can be put before a panel by Workforce Development, whoever comes for the first time first."""
    terms = terms_in_force(organisation_id)
    found = _ready_people(organisation_id, terms, [panel_code]).get(panel_code) if terms else None
    if not found:
        return []
    staff = {each.id: (each, team) for each, team in people.everybody_with_team(organisation_id, clock.today())}
    cases = cases_where(PanelCase.person_id.in_([each.person_id for each in found]), PanelCase.panel_code == panel_code)
    open_ = {each.person_id for each in cases if each.is_open}
    rows = [
        _ready(staff[each.person_id], each, _last(cases, panel_code, each.person_id), panel_code)
        for each in found
        if each.person_id not in open_
    ]
    return sorted(rows, key=lambda each: (each.before_on is not None, each.name, each.person_id))


def ready_counts(organisation_id: int, terms: Terms | None, cases: Iterable[CaseFacts]) -> dict[str, int]:
    """Count who can be put before each panel whose cases Workforce Development opens.

    `terms` are those in force, `cases` those now open.
    """
    found = _ready_people(organisation_id, terms, terms.panels) if terms else {}
    open_ = {(each.panel_code, each.person_id) for each in cases if each.is_open}
    return {code: sum((code, each.person_id) not in open_ for each in ready) for code, ready in found.items()}


def _ready_people(organisation_id: int, terms: Terms, panel_codes: Iterable[str]) -> dict[str, list[Readiness]]:
    """Return who is ready for panels, also who is before them already: a fixed number of queries.

    Only those are looked at whose career level such a panel judges.
    """
    codes = [code for code in panel_codes if is_opened_here(code, terms)]
    if not codes:
        return {}
    today = clock.today()
    before = frozenset(career_level for code in codes for career_level in levels_before(code, terms))
    asked = select(Post.person_id).where(
        Post.organisation_id == organisation_id,
        Post.career_level.in_(before),
        Post.superseded_at.is_(None),
        Post.starts_on <= today,
        or_(Post.ends_on.is_(None), Post.ends_on > today),
    )
    staff = list(db.session.scalars(asked.order_by(Post.person_id)))
    found = readiness_of(staff, today) if staff else {}
    return {code: [each for each in found.values() if is_ready(code, each)] for code in codes}


def _last(cases: Iterable[CaseFacts], panel_code: str, person_id: int) -> CaseFacts | None:
    """Return the last case of somebody that a panel has decided."""
    hers = [each for each in cases if each.decision and (each.panel_code, each.person_id) == (panel_code, person_id)]
    return hers[-1] if hers else None


def _ready(
    who: tuple[people.PersonFacts, str], found: Readiness, last: CaseFacts | None, panel_code: str
) -> ReadyFacts:
    """Say since when somebody can come before a panel."""
    person, team = who
    decision = last.decision if last else None
    since = evidence_accepted_on(panel_code, found)
    return ReadyFacts(
        person.id,
        person.name,
        team,
        since,
        decision.outcome if decision else "",
        decision.decided_on if decision else None,
    )
