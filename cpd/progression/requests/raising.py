"""Raising requests: by whoever asks, or by the system where the pack says automatic (W-7); and letting them lapse."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import aliased

from cpd.catalogue import service as catalogue
from cpd.people import service as people
from cpd.people.models import Organisation, Post
from cpd.progression.pathways import reading as pathways
from cpd.progression.pathways.models import PathwayEnrolment
from cpd.progression.pathways.rules import Readiness, TransitionStanding, Verdict
from cpd.progression.pathways.terms import terms_of
from cpd.progression.requests import course, judging, telling
from cpd.progression.requests.course import Decision, RequestRefused
from cpd.progression.requests.frozen import freeze
from cpd.progression.requests.models import Enactment, ProgressionRequest, ProgressionStep, RaisingDay
from cpd.progression.requests.rules import (
    Act,
    Asking,
    Held,
    RequestFault,
    RequestKind,
    RequestStatus,
    StepStatus,
    against_asking,
    has_lapsed,
)
from cpd.progression.vacancies import service as vacancies
from cpd.progression.vacancies.service import NoRoom
from cpd.schemes.pathway_shape import Step, TransitionMode
from cpd.shared import clock, history
from cpd.shared.database import db
from cpd.shared.seal_chain import canonical, sha256
from cpd.shared.unit_of_work import one_transaction

AT_ONCE = 200
"""So many people are looked at in one act of the worker's."""
LAPSED = "The post or the career level that this request rests on is held no longer, so it leads nowhere any more."
MET = (Verdict.READY, Verdict.NO_CRITERIA)


@dataclass(frozen=True, slots=True)
class Prospect:
    """What asking for one step would come to today: how she stands, and every reason against it."""

    found: Readiness
    standing: TransitionStanding | None
    faults: list[RequestFault]
    live_id: int | None

    @property
    def is_for_a_vacancy(self) -> bool:
        """Whether she applies for a vacancy."""
        return bool(self.standing and self.standing.transition.transition_mode is TransitionMode.VACANCY)


def prospect_of(person_id: int, transition_code: str, *, vacancy_id: int | None = None) -> Prospect:
    """Look at what asking would come to; without a vacancy chosen, that is not held against her yet."""
    return _prospect(person_id, transition_code, vacancy_id, must_have_chosen=False)


@one_transaction
def ask(person_id: int, transition_code: str, *, vacancy_id: int | None = None, words: str = "") -> int:
    """Raise somebody's request to go on by a step, and return its id; her manager is informed.

    Raises:
        RequestRefused: every reason against it.
    """
    people.lock_persons([person_id])
    prospect = _prospect(person_id, transition_code, vacancy_id, must_have_chosen=True)
    if prospect.faults or prospect.standing is None:
        raise RequestRefused(prospect.faults)
    if vacancy_id is not None and prospect.found.terms:
        _check_vacancy(vacancy_id, prospect)
    return _raise(prospect.found, prospect.standing, by=person_id, words=words, vacancy_id=vacancy_id)


@one_transaction
def raise_ready(person_ids: Collection[int]) -> int:
    """Raise the request of everybody who is ready for an automatic step and never had one for it (W-7).

    Whoever was refused, has withdrawn or was taken back asks again herself. Returns how many were raised; three
    queries where none of these people is on an automatic step.
    """
    candidates = _on_automatic_steps(person_ids)
    if not candidates:
        return 0
    people.lock_persons(candidates)
    had = _requested(candidates)
    raised = 0
    to_pass = panels_to_pass(candidates)
    for person_id, found in pathways.readiness_of(sorted(candidates), clock.today()).items():
        for standing in found.transitions:
            is_automatic = standing.transition.transition_mode is TransitionMode.AUTOMATIC
            is_new = standing.transition.code not in had[person_id]
            if not is_automatic or not is_new or standing.verdict is not Verdict.READY:
                continue
            panels = _panels_of(person_id, standing)
            if panels.isdisjoint(to_pass):
                _raise(found, standing, by=None)
                to_pass |= panels
                raised += 1
    return raised


def raise_what_time_made_ready() -> int:
    """Raise, once a day for each organisation, what time alone has made ready, and let lapse what it has ended."""
    organisations = list(db.session.scalars(select(Organisation.id).order_by(Organisation.id)))
    days = dict(db.session.execute(select(RaisingDay.organisation_id, RaisingDay.looked_on)).all())
    today = clock.today()
    return sum(_look_through(each) for each in organisations if days.get(each) != today)


@one_transaction
def let_lapse(person_ids: Collection[int]) -> int:
    """Withdraw open requests that lead nowhere any more, as `has_lapsed` says; returns how many."""
    wanted = select(
        ProgressionRequest.id,
        ProgressionRequest.person_id,
        ProgressionRequest.organisation_id,
        ProgressionRequest.request_kind,
        ProgressionRequest.from_level,
        ProgressionRequest.scheme_version_id,
    ).where(ProgressionRequest.person_id.in_(person_ids), ProgressionRequest.status == RequestStatus.OPEN)
    open_ = db.session.execute(wanted.order_by(ProgressionRequest.person_id, ProgressionRequest.id)).all()
    if not open_:
        return 0
    schemes = catalogue.schemes_by_id({row.scheme_version_id for row in open_})
    posts = _posts_from_today({row.person_id for row in open_})
    lapsed = 0
    for row in open_:
        terms = terms_of(schemes[row.scheme_version_id])
        held = [
            (each.starts_on, Held(each.career_level, terms.pathway_for(each.staff_type, each.career_level) is not None))
            for each in posts[row.person_id]
            if each.organisation_id == row.organisation_id
        ]
        now = next((each for starts_on, each in held if starts_on <= clock.today()), None)
        ahead = [each for starts_on, each in held if starts_on > clock.today()]
        if has_lapsed(RequestKind(row.request_kind), row.from_level, now, ahead):
            lapsed += _let_lapse(row.id)
    return lapsed


def _let_lapse(request_id: int) -> bool:
    """Withdraw a request that leads nowhere any more, and the case that its panel has."""
    request, steps = course.hold(request_id)
    turn = course.turn_of(steps)
    if turn is not None and turn.case_id is not None:
        judging.close_case(turn.case_id, reason=LAPSED, by=None)
    return course.go(request, steps, Act.WITHDRAW, Decision(None, LAPSED))


def add_steps(request: ProgressionRequest, steps: Iterable[Step]) -> list[ProgressionStep]:
    """Write the steps of a new request, all still ahead."""
    rows = [
        ProgressionStep(
            request_id=request.id,
            organisation_id=request.organisation_id,
            place=place,
            step_kind=step.step,
            panel_code=step.panel,
            role=step.role,
            words=step.words or "",
            status=StepStatus.AHEAD,
            outcome="",
            reasons="",
        )
        for place, step in enumerate(steps)
    ]
    db.session.add_all(rows)
    db.session.flush()
    return rows


def write_down(request: ProgressionRequest, steps: Iterable[Step], *, by: int | None) -> int:
    """Write a new request with its steps, tell of it, and open the first; returns its id."""
    db.session.add(request)
    db.session.flush()
    rows = add_steps(request, steps)
    history.note(
        "raised",
        "progression_request",
        request.id,
        actor_id=by,
        organisation_id=request.organisation_id,
        reason=request.words or None,
        after={
            "person_id": request.person_id,
            "kind": request.request_kind,
            "transition": request.transition_code,
            "scheme_version_id": request.scheme_version_id,
            "standing": sha256(canonical(request.standing)),
        },
    )
    telling.tell_that_it_was_raised(request.id)
    course.begin(request, rows, by=by)
    return request.id


def live_request_of(person_id: int, transition_code: str) -> int | None:
    """Return the request of somebody's for a step that is open, or None. One query."""
    return db.session.scalar(
        select(ProgressionRequest.id).where(
            ProgressionRequest.person_id == person_id,
            ProgressionRequest.transition_code == transition_code,
            ProgressionRequest.status == RequestStatus.OPEN,
        )
    )


def panels_to_pass(person_ids: Collection[int]) -> set[tuple[int, str]]:
    """Return the panels that open requests of these people are still to pass, as person and panel. One query."""
    wanted = (
        select(ProgressionRequest.person_id, ProgressionStep.panel_code)
        .join(ProgressionStep, ProgressionRequest.id == ProgressionStep.request_id)
        .where(
            ProgressionRequest.person_id.in_(person_ids),
            ProgressionRequest.status == RequestStatus.OPEN,
            ProgressionStep.panel_code.is_not(None),
            ProgressionStep.status.in_((StepStatus.AHEAD, StepStatus.OPEN)),
        )
    )
    return {(person_id, code) for person_id, code in db.session.execute(wanted) if code}


def _panels_of(person_id: int, standing: TransitionStanding) -> set[tuple[int, str]]:
    """Return the panels that a step up passes, as `panels_to_pass` has them."""
    return {(person_id, each.panel) for each in standing.transition.steps if each.panel}


def _prospect(person_id: int, transition_code: str, vacancy_id: int | None, *, must_have_chosen: bool) -> Prospect:
    """Put together what counts when somebody asks."""
    today = clock.today()
    found = pathways.readiness_of([person_id], today)[person_id]
    standing = found.to(transition_code)
    live_id = live_request_of(person_id, transition_code) if standing else None
    is_vacancy = bool(standing and standing.transition.transition_mode is TransitionMode.VACANCY)
    asking = Asking(
        is_on_a_way=found.why_not is None,
        leads_on=standing is not None,
        is_met=bool(standing and standing.verdict in MET),
        is_live=live_id is not None,
        change_is_ahead=_change_is_ahead(person_id),
        shares_a_panel=standing is not None
        and live_id is None
        and not _panels_of(person_id, standing).isdisjoint(panels_to_pass([person_id])),
        is_for_a_vacancy=is_vacancy,
        chose_a_vacancy=vacancy_id is not None or (is_vacancy and not must_have_chosen),
    )
    return Prospect(found, standing, against_asking(asking), live_id)


def _check_vacancy(vacancy_id: int, prospect: Prospect) -> None:
    """Refuse a vacancy that takes no applications for this step."""
    post, standing = prospect.found.post, prospect.standing
    assert post is not None and standing is not None  # noqa: S101, PT018 - nothing spoke against asking
    try:
        vacancies.check_open(vacancy_id, post.organisation_id, standing.transition)
    except NoRoom as refused:
        raise RequestRefused([RequestFault.VACANCY_NOT_OPEN], refused.reasons) from refused
    except LookupError as missing:
        raise RequestRefused([RequestFault.VACANCY_NOT_OPEN]) from missing


def _raise(
    found: Readiness, standing: TransitionStanding, *, by: int | None, words: str = "", vacancy_id: int | None = None
) -> int:
    """Write somebody's request down, with how she stands now."""
    assert found.post and found.terms and found.pathway  # noqa: S101, PT018 - who stands to a step has all of these
    transition = standing.transition
    request = ProgressionRequest(
        organisation_id=found.post.organisation_id,
        person_id=found.person_id,
        request_kind=RequestKind.PROGRESSION,
        transition_code=transition.code,
        transition_mode=transition.transition_mode,
        pathway_code=found.pathway.code,
        from_level=transition.from_level,
        to_level=transition.to_level,
        scheme_version_id=found.terms.scheme_version_id,
        vacancy_id=vacancy_id,
        status=RequestStatus.OPEN,
        standing=freeze(standing, found.terms),
        words=words,
        requested_at=clock.now(),
        requested_by_id=by,
        reasons="",
        support_plan="",
    )
    return write_down(request, transition.steps, by=by)


def _on_automatic_steps(person_ids: Collection[int]) -> set[int]:
    """Find those of these people who are on a level from which a step leads on by itself. Three queries."""
    posts = people.posts_on(person_ids, clock.today())
    enrolments = pathways.enrolments_where(PathwayEnrolment.person_id.in_(posts)) if posts else []
    terms = pathways.versions_of(enrolments) if enrolments else {}
    return {
        each.person_id
        for each in enrolments
        if any(
            way.transition.transition_mode is TransitionMode.AUTOMATIC
            for way in terms[each.scheme_version_id].ways.get(
                (each.pathway_code, posts[each.person_id].career_level), ()
            )
        )
    }


def _requested(person_ids: Collection[int]) -> dict[int, set[str]]:
    """Return for which steps these people ever had a request. One query."""
    wanted = select(ProgressionRequest.person_id, ProgressionRequest.transition_code).where(
        ProgressionRequest.person_id.in_(person_ids)
    )
    found: defaultdict[int, set[str]] = defaultdict(set)
    for person_id, code in db.session.execute(wanted):
        found[person_id].add(code)
    return found


def _change_is_ahead(person_id: int) -> bool:
    """Say whether a change of somebody's level is decided on that has not begun and was not taken back."""
    later = aliased(Enactment)
    wanted = select(Enactment.id).where(
        Enactment.person_id == person_id,
        Enactment.effective_on > clock.today(),
        ~exists().where(later.reverses_id == Enactment.id),
        Enactment.reverses_id.is_(None),
    )
    return db.session.scalar(wanted.limit(1)) is not None


def _posts_from_today(person_ids: Collection[int]) -> defaultdict[int, list[Post]]:
    """Return the posts of people that have not ended, by person in the order of time. One query."""
    wanted = select(Post).where(
        Post.person_id.in_(person_ids),
        Post.superseded_at.is_(None),
        or_(Post.ends_on.is_(None), Post.ends_on > clock.today()),
    )
    found: defaultdict[int, list[Post]] = defaultdict(list)
    for each in db.session.scalars(wanted.order_by(Post.starts_on).execution_options(populate_existing=True)):
        found[each.person_id].append(each)
    return found


def _look_through(organisation_id: int) -> int:
    """Look through everybody on a pathway or with an open request at one organisation, a part in each act; note it."""
    on_a_way = select(PathwayEnrolment.person_id).where(
        PathwayEnrolment.organisation_id == organisation_id, PathwayEnrolment.superseded_at.is_(None)
    )
    asking = select(ProgressionRequest.person_id).where(
        ProgressionRequest.organisation_id == organisation_id, ProgressionRequest.status == RequestStatus.OPEN
    )
    ids = sorted(set(db.session.scalars(on_a_way.union(asking))))
    number = 0
    for first in range(0, len(ids), AT_ONCE):
        part = ids[first : first + AT_ONCE]
        number += let_lapse(part) + raise_ready(part)
    _note_the_day(organisation_id)
    return number


@one_transaction
def _note_the_day(organisation_id: int) -> None:
    """Note that an organisation was looked through today; of two workers the second finds what the first noted."""
    people.lock_organisation(organisation_id)
    held = select(RaisingDay).where(RaisingDay.organisation_id == organisation_id).with_for_update()
    row = db.session.scalars(held.execution_options(populate_existing=True)).one_or_none()
    if row is None:
        db.session.add(RaisingDay(organisation_id=organisation_id, looked_on=clock.today()))
    else:
        row.looked_on = clock.today()
