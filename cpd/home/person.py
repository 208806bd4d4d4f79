"""How somebody gets on with career progression, shortly, for the top of the page about that person."""

from __future__ import annotations

from cpd.home.career_words import career_words
from cpd.home.mine import Mine
from cpd.progression.early import enrolled as early_career
from cpd.progression.pathways import service as pathways
from cpd.progression.pathways.under_way import under_way
from cpd.progression.portfolios import reading as portfolios
from cpd.progression.requests import reading as requests
from cpd.progression.requests.wording import title_of, turn_words
from cpd.shared import clock
from cpd.shared.wording import counted


def progression_of_person(person_id: int, *, as_manager: bool) -> list[Mine]:
    """List how somebody stands, what was asked for, the evidence and the first years, each with its page.

    For a line manager, and else for Workforce Development, who open requests under different addresses. Whoever is on
    no pathway has one row, which says why. A fixed number of queries.
    """
    readiness = pathways.readiness_of([person_id], clock.today())[person_id]
    words = career_words(readiness, under_way([person_id])[person_id])
    found = [Mine("Career progress", f"/people/{person_id}/progress", (words,))]
    found += _requests(person_id, "/team/requests" if as_manager else "/progression/requests")
    if readiness.terms and readiness.terms.evidence and not readiness.why_not:
        number = len(portfolios.handed_in_of(person_id))
        words = f"{counted(number, 'piece')} handed in or accepted" if number else "Nothing handed in yet"
        found.append(Mine("Portfolio and evidence", f"/people/{person_id}/evidence", (words,)))
    if programme := early_career.live_of([person_id]).get(person_id):
        path = f"/progression/early-career/{programme.id}"
        found.append(Mine(programme.programme.title, path, ("Reviews, workshops and supervision",)))
    return found


def _requests(person_id: int, path: str) -> list[Mine]:
    """Name what is open, and else what ended last."""
    found = requests.requests_of([person_id])
    shown = [each for each in found if each.is_open] or found[:1]
    return [Mine(f"Request: {title_of(each)}", f"{path}/{each.id}", (turn_words(each),)) for each in shown]
