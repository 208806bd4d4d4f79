"""What else a manager keeps an eye on in her team, what waits for her first."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from cpd.catalogue import service as catalogue
from cpd.home.mine import Mine
from cpd.people import service as people
from cpd.progression.portfolios import reading as portfolios
from cpd.shared import clock
from cpd.shared.database import db
from cpd.shared.wording import counted
from cpd.study.days import reading as study_days
from cpd.study.funding import reading as funding
from cpd.study.places import reading as award_places


def matters_of(manager_id: int, person_ids: Collection[int], organisation_id: int) -> list[Mine]:
    """List what there is to see and to answer about a team, as far as the council has it. A fixed number of queries."""
    counted_at_once = select(
        study_days.unanswered_of(person_ids),
        award_places.uncommented_of(person_ids),
        funding.uncommented_of(person_ids),
    )
    days, applied, asked = db.session.execute(counted_at_once).one()
    scheme = catalogue.scheme_in_force(organisation_id)
    if scheme is None:
        return []
    pack = scheme.pack
    evidence = _evidence(manager_id, organisation_id) if pack.evidence_kinds else None
    matters = (
        (pack.study_days, _matter("Study days", "/team/study-days", days, "answer")),
        (pack.award_places, _matter("Award places", "/team/award-places", applied, "comment")),
        (pack.funding, _matter("Funding for training", "/team/funding", asked, "comment")),
        (pack.evidence_kinds, evidence),
        (pack.career_pathways, _see("Career progress", "/team/progress", "Who is ready, and what each still lacks")),
        (
            pack.career_pathways,
            _see("Requests to progress", "/team/requests", "What was asked for, and what was decided"),
        ),
        (
            pack.early_career_programmes,
            _see("Early career", "/team/early-career", "Reviews, workshops and supervision"),
        ),
        (pack.protected_time, _see("Protected time", "/team/protected-time", "Who is falling behind")),
        (pack.development_plan, _see("Development plans", "/team/plans", "Whose is due for review")),
        (pack.cpd_rules, _see("CPD shared with you", "/team/cpd", "What they wrote for the regulator")),
    )
    return [matter for offered, matter in matters if offered and matter]


def _evidence(manager_id: int, organisation_id: int) -> Mine:
    """What was handed in to her as line manager."""
    count = portfolios.waiting_count(manager_id, organisation_id, ())
    if not count:
        return _see("Evidence", "/team/evidence", "Nothing waits for you")
    words = f"{counted(count, 'piece of evidence', 'pieces of evidence')} {'waits' if count == 1 else 'wait'} for you"
    return Mine("Evidence", "/team/evidence", (words,), waits=True)


def waiting_in_team(manager_id: int, organisation_id: int) -> list[Mine]:
    """List only what waits for a manager in her team. A fixed number of queries."""
    staff = people.team_of(manager_id, organisation_id, clock.today())
    return [each for each in matters_of(manager_id, [one.id for one in staff], organisation_id) if each.waits]


def _see(title: str, path: str, words: str) -> Mine:
    """Something to look at, where nothing waits."""
    return Mine(title, path, (words,))


def _matter(title: str, path: str, count: int, what: str) -> Mine:
    """`2 requests wait for your answer`."""
    if not count:
        return Mine(title, path, ("Nothing waits for you",))
    words = f"{counted(count, 'request')} {'waits' if count == 1 else 'wait'} for your {what}"
    return Mine(title, path, (words,), waits=True)
