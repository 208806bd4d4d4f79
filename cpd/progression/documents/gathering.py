"""What goes into a frozen decision: who, by which rules, on what standing and evidence, decided by whom and why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from cpd.catalogue import service as catalogue
from cpd.catalogue.facts import Scheme
from cpd.catalogue.models import SchemeVersion
from cpd.people import service as people
from cpd.people.models import Organisation, Person
from cpd.progression.documents.freezing import role_words, rules_content, standing_content, transition_content
from cpd.progression.documents.panels import panel_content
from cpd.progression.documents.rules import FORM, Frozen, Occasion
from cpd.progression.panels import reading as panels
from cpd.progression.panels.linked import ways_with
from cpd.progression.pathways.terms import Terms, terms_of
from cpd.progression.portfolios import reading as portfolios
from cpd.progression.requests import reading as requests
from cpd.progression.requests.reading import RequestFacts, StepFacts
from cpd.schemes.pathway_shape import FAVOURABLE, PanelOutcome, StepKind, Transition
from cpd.shared.clock import in_london
from cpd.shared.database import db
from cpd.shared.wording import date_words

RESULTS = {
    "enacted": "The change was made",
    "refused": "Not agreed",
    "not_yet": "Not yet, with support",
}
REVERSED = "The change was taken back"


def content_of_case(case_id: int, on: date) -> Frozen:
    """Put together what a panel has decided."""
    case = panels.case_of(case_id)
    request = requests.find_request(case.request_id) if case.request_id else None
    scheme, content_hash = _scheme(case.scheme_version_id)
    terms = terms_of(scheme)
    post = people.posts_on([case.person_id], on).get(case.person_id)
    transition = _transition(terms, request, case.panel_code, post.career_level if post else "")
    panel = panel_content(case)
    return _content(
        Occasion.PANEL,
        case.person_id,
        (scheme, content_hash, transition),
        on,
        panels=[panel],
        decision={
            "result": panel["outcome"],
            "words": f"{panel['title']}: {panel['outcome_words']}",
            "decided_on": panel["decided_on"],
            "reasons": panel["reasons"],
            "support_plan": panel["support_plan"],
            "review_on": panel["review_on"],
            "next_step": _next_after(panel, request),
        },
        approvals=_approvals(request.steps) if request else [],
        enactment=None,
        case_number=case.id,
        request_number=case.request_id,
    )


def content_of_request(request_id: int, on: date) -> Frozen:
    """Put together how a request has ended."""
    request = requests.request_of(request_id)
    scheme, content_hash = _scheme(request.scheme_version_id)
    transition = _transition(terms_of(scheme), request, "", "")
    return _content(
        Occasion.REQUEST,
        request.person_id,
        (scheme, content_hash, transition),
        on,
        panels=[panel_content(each) for each in panels.cases_of_request(request_id) if each.decision],
        case_number=None,
        request_number=request.id,
        **what_was_decided(request),
    )


def what_was_decided(request: RequestFacts) -> Frozen:
    """Write down how a request has ended, by whom and why, and the fingerprint of the letter of it."""
    ended_at = request.ended_at or request.requested_at
    letter = request.letter
    appeal_until = letter.appeal_until if letter else None
    words = REVERSED if request.is_reversal and request.status == "enacted" else RESULTS[request.status]
    return {
        "decision": {
            "result": str(request.status),
            "words": words,
            "decided_on": in_london(ended_at).date().isoformat(),
            "reasons": request.reasons,
            "support_plan": request.support_plan,
            "review_on": request.review_on.isoformat() if request.review_on else None,
            "next_step": _next_after_request(request, appeal_until),
            "appeal_until": appeal_until.isoformat() if appeal_until else None,
            "ended_at": ended_at.isoformat(),
        },
        "approvals": _approvals(request.steps),
        "enactment": _enactment(request),
        "steps": [_step(each) for each in request.steps],
        "request": {
            "kind": str(request.request_kind),
            "requested_at": request.requested_at.isoformat(),
            "requested_by": request.requested_by,
            "words": request.words,
        },
        "letter": {"number": letter.number, "sha256": letter.sha256} if letter else None,
    }


def _content(
    occasion: Occasion,
    person_id: int,
    rules: tuple[Scheme, str, Transition | None],
    on: date,
    **decided: object,
) -> Frozen:
    """Join what both kinds of document have: the person, the rules, the standing and the evidence."""
    scheme, content_hash, transition = rules
    terms = terms_of(scheme)
    return {
        "form": FORM,
        "occasion": str(occasion),
        **_person(person_id, terms, on),
        "rules": rules_content(scheme, content_hash, transition),
        "transition": transition_content(transition, terms) if transition else None,
        "standing": standing_content(person_id, transition, terms, on) if transition else None,
        "evidence": [
            {
                "title": each.title,
                "kind": terms.title(each.evidence_kind),
                "on": each.happened_on.isoformat(),
                "statements": list(each.statements),
                "accepted_by": each.accepted_by_role,
                "accepted_on": each.accepted_on.isoformat(),
            }
            for each in portfolios.evidence_list_of(person_id, on)
        ],
        **decided,
    }


def _person(person_id: int, terms: Terms, on: date) -> Frozen:
    """Say who it is about, and what her post was on that day."""
    wanted = select(Person.name, Person.employee_number, Organisation.code, Organisation.name)
    row = db.session.execute(
        wanted.join(Organisation, Organisation.id == Person.organisation_id).where(Person.id == person_id)
    ).one()
    post = people.posts_on([person_id], on).get(person_id)
    return {
        "organisation": {"code": row[2], "name": row[3]},
        "person": {
            "person_id": person_id,
            "name": row[0],
            "employee_number": row[1],
            "career_level": terms.level_title(post.career_level) if post and post.career_level else "",
            "manager": _manager(post.manager_id if post else None),
        },
    }


def _manager(manager_id: int | None) -> str:
    """Name her line manager on that day, or nothing."""
    found = people.persons_by_id([manager_id]) if manager_id else {}
    return found[manager_id].name if manager_id in found else ""


def _scheme(scheme_version_id: int) -> tuple[Scheme, str]:
    """Return a version of the rules and what it hashes to."""
    content_hash = db.session.scalars(
        select(SchemeVersion.content_hash).where(SchemeVersion.id == scheme_version_id)
    ).one()
    return catalogue.schemes_by_id([scheme_version_id])[scheme_version_id], content_hash


def _transition(terms: Terms, request: RequestFacts | None, panel_code: str, career_level: str) -> Transition | None:
    """Find the step up in question: that of the request, or the one from her level that the panel judges."""
    if request:
        every = (each for pathway in terms.pathways.values() for each in pathway.transitions)
        return next((each for each in every if each.code == request.transition_code), None)
    ways = (way.transition for way in ways_with(panel_code, terms))
    return next((each for each in ways if each.from_level == career_level), None)


def _approvals(steps: Sequence[StepFacts]) -> list[Frozen]:
    """List what was approved and declined, in the order of the steps."""
    return [
        {
            "person_id": each.approval.decided_by_id,
            "name": each.approval.decided_by,
            "role": str(each.approval.role),
            "approved": each.approval.approved,
            "decided_at": each.approval.decided_at.isoformat(),
            "reasons": each.approval.reasons,
            "in_place_of": each.approval.in_place_of,
        }
        for each in steps
        if each.approval and each.step_kind is not StepKind.PANEL
    ]


def _step(step: StepFacts) -> Frozen:
    """Say of a step who had it, from when to when, and how it stands."""
    return {
        "kind": str(step.step_kind),
        "who": step.panel_title or role_words(str(step.role or "")),
        "status": str(step.status),
        "opened_at": step.opened_at.isoformat() if step.opened_at else None,
        "closed_at": step.closed_at.isoformat() if step.closed_at else None,
    }


def _enactment(request: RequestFacts) -> Frozen | None:
    """Write the change itself down (AMB-03)."""
    found = request.enactment
    if found is None:
        return None
    return {
        "person_id": found.enacted_by_id,
        "name": found.enacted_by,
        "from_grade": found.from_grade,
        "to_grade": found.to_grade,
        "from": request.from_title,
        "to": request.to_title,
        "fte": f"{found.fte.normalize():f}",
        "effective_on": found.effective_on.isoformat(),
        "enacted_at": found.enacted_at.isoformat(),
        "reasons": found.reasons,
        "in_place_of": found.in_place_of,
    }


def _next_after(panel: Frozen, request: RequestFacts | None) -> str:
    """Say what comes after a panel's decision."""
    if panel["outcome"] in FAVOURABLE:
        return "It goes on to the next step." if request else "The outcome stands on the record from now on."
    if panel["outcome"] == PanelOutcome.DEFERRED_WITH_SUPPORT:
        return "Follow the support plan; it is looked at again on the day of the review."
    return "Read the reasons with the line manager, and agree what would make a difference."


def _next_after_request(request: RequestFacts, appeal_until: date | None) -> str:
    """Say what comes after a request has ended."""
    if request.status == "enacted":
        return ""
    words = "Follow the support plan." if request.support_plan else "Read the reasons with the line manager."
    return f"{words} An appeal can be made until {date_words(appeal_until)}." if appeal_until else words
