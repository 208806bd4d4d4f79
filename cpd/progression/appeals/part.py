"""Who had a part in a decision, so that somebody else decides on an appeal against it (C-4)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator

from sqlalchemy import or_, select

from cpd.people import service as people
from cpd.progression.appeals.models import ProgressionAppeal
from cpd.progression.appeals.rules import DECIDES, AppealFault, Around, against_deciding_it
from cpd.progression.panels.case_facts import CaseFacts
from cpd.progression.panels.gathering import cases_where
from cpd.progression.panels.holding import remember
from cpd.progression.panels.models import PanelCase, PanelInterest
from cpd.progression.requests.models import Approval, Enactment, ProgressionRequest, ProgressionStep
from cpd.progression.requests.reading import line_of
from cpd.progression.requests.wording import role_words
from cpd.shared import clock
from cpd.shared.database import db
from cpd.shared.roles import Role
from cpd.study.managers import manager_of

JUDGED_BEFORE = "Judged this case before; an appeal against what was decided then was upheld"


def around(person_id: int, request_id: int) -> Around:
    """Say who stands around an appeal against what was decided on a request."""
    return Around(person_id, manager_of(person_id), took_part(request_id) - {person_id})


def took_part(request_id: int) -> frozenset[int]:
    """Return everybody who had a part in what was decided on a request and on those that it takes up again."""
    return frozenset(each for number in line_of(request_id) for each in _took_part(number))


def judged_twice(request_id: int) -> list[int]:
    """List who judged before the same panel on a request that takes another up again and on that other one."""
    new, *earlier = line_of(request_id)
    before = {(case.panel.code, each) for number in earlier for case in _cases_of(number) for each in _judged(case)}
    now = {(case.panel.code, each) for case in _cases_of(new) for each in _judged(case)}
    return sorted({person_id for _, person_id in before & now})


def keep_earlier_judges_out(new_request_id: int, *, by: int) -> None:
    """Let a case that is heard again be heard by others: whoever judged it before has an interest in it (C-4)."""
    new, *earlier = line_of(new_request_id)
    judged: defaultdict[str, set[int]] = defaultdict(set)
    for number in earlier:
        for case in _cases_of(number):
            judged[case.panel.code].update(_judged(case))
    for case in _cases_of(new):
        known = {each.person_id for each in case.interests}
        for person_id in sorted(judged[case.panel.code] - known):
            db.session.add(
                PanelInterest(
                    case_id=case.id,
                    person_id=person_id,
                    words=JUDGED_BEFORE,
                    recorded_at=clock.real_now(),
                    recorded_by_id=by,
                )
            )
            remember("interest_declared", db.session.get_one(PanelCase, case.id), by=by, member_id=person_id)
    db.session.flush()


def candidates(around_it: Around, organisation_id: int) -> tuple[list[tuple[int, str]], list[tuple[str, AppealFault]]]:
    """List who can decide on an appeal, and who holds a role for it but cannot, with the reason; each by name."""
    able, unable = {}, {}
    for person_id, (name, roles) in _holders(organisation_id).items():
        faults = against_deciding_it(around_it, person_id, roles)
        if faults:
            unable[person_id] = (name, faults[0])
        else:
            able[person_id] = (person_id, f"{name}, {role_list(roles)}")
    return sorted(able.values(), key=lambda each: each[1]), sorted(unable.values())


def roles_for_appeals(person_id: int, organisation_id: int) -> frozenset[Role]:
    """Return in which roles somebody may decide on appeals here."""
    held = _holders(organisation_id).get(person_id)
    return held[1] if held else frozenset()


def _holders(organisation_id: int) -> dict[int, tuple[str, frozenset[Role]]]:
    """Return everybody who holds a role that decides on appeals: a query for each role."""
    found: dict[int, tuple[str, frozenset[Role]]] = {}
    for role in DECIDES:
        for each in people.holders_of(organisation_id, role):
            _, roles = found.get(each.id, ("", frozenset[Role]()))
            found[each.id] = (each.name, roles | {role})
    return found


def role_list(roles: Collection[Role]) -> str:
    """`assistant director and operations manager`."""
    return " and ".join(role_words(role) for role in DECIDES if role in roles)


def _cases_of(request_id: int) -> list[CaseFacts]:
    """List the cases of a request: those that it was a reason for, and those at its steps whoever was that."""
    at_steps = select(ProgressionStep.case_id).where(ProgressionStep.request_id == request_id)
    return cases_where(or_(PanelCase.request_id == request_id, PanelCase.id.in_(at_steps)))


def _took_part(request_id: int) -> Iterator[int]:
    """Go through everybody who approved, declined, enacted, ended, judged, recommended or had an interest.

    Whoever upheld the appeal from which a request came had a part in it as well.
    """
    for wanted in (
        select(Approval.decided_by_id).where(Approval.request_id == request_id),
        select(Enactment.enacted_by_id).where(Enactment.request_id == request_id),
        select(ProgressionRequest.ended_by_id).where(ProgressionRequest.id == request_id),
        select(ProgressionAppeal.decider_id).where(
            ProgressionAppeal.new_request_id == request_id, ProgressionAppeal.decider_id.is_not(None)
        ),
    ):
        yield from (each for each in db.session.scalars(wanted) if each is not None)
    for case in _cases_of(request_id):
        yield from _judged(case)
        yield from (each.person_id for each in case.interests)


def _judged(case: CaseFacts) -> Iterator[int]:
    """Go through everybody who judged or recommended on a case, also what was superseded."""
    yield from (judge.person_id for decision in case.decisions for judge in decision.judges)
    yield from (each.person_id for each in case.recommendations)
