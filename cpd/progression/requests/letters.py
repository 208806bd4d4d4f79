"""The letter of a decision: what was decided by whom and why, frozen when it was decided, with its fingerprint."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from cpd.progression.pathways.words import plain
from cpd.progression.requests import reading
from cpd.progression.requests.models import DecisionLetter
from cpd.progression.requests.reading import RequestFacts, StepFacts
from cpd.progression.requests.rules import AGAINST_HER, RequestStatus, StepStatus, appeal_until
from cpd.progression.requests.wording import post_words, role_words, step_title, title_of
from cpd.schemes.pathway_shape import StepKind
from cpd.shared import clock
from cpd.shared.clock import in_london
from cpd.shared.database import db
from cpd.shared.pdf import pdf_of
from cpd.shared.wording import date_words

PAPER = Path(__file__).with_name("letter.typ")

RESULTS = {
    RequestStatus.ENACTED: "Your career level changes",
    RequestStatus.REFUSED: "Your request is not agreed",
    RequestStatus.NOT_YET: "Not yet: a support plan, and a day on which we look again",
}
TAKEN_BACK = "The change of your career level is taken back"
STAYS = "The change of your career level stays"


def write_letter(request_id: int) -> DecisionLetter:
    """Freeze a letter of the decision that has just been made; part of the deciding act's own transaction."""
    request = reading.request_of(request_id)
    number = len(request.letters) + 1
    decided_on = in_london(request.ended_at or clock.now()).date()
    until = appeal_until(decided_on, request.appeal_within_days) if request.status in AGAINST_HER else None
    facts = facts_of(request, number, decided_on=date_words(decided_on), until=date_words(until) if until else "")
    letter = DecisionLetter(
        organisation_id=request.organisation_id,
        request_id=request_id,
        person_id=request.person_id,
        number=number,
        result=request.status,
        facts=facts,
        sha256=fingerprint(facts),
        made_at=clock.now(),
        appeal_until=until,
    )
    db.session.add(letter)
    db.session.flush()
    return letter


def fingerprint(facts: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a letter's facts, written as JSON in one fixed way."""
    text = json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def letter_pdf(facts: Mapping[str, Any], sha256: str) -> bytes:
    """Set a letter as a tagged PDF, of nothing but what was frozen."""
    return pdf_of(PAPER, {**facts, "sha256": sha256})


def letters_altered() -> list[int]:
    """List the letters, by id, that no longer have their fingerprint."""
    rows = db.session.execute(
        select(DecisionLetter.id, DecisionLetter.facts, DecisionLetter.sha256)
        .order_by(DecisionLetter.id)
        .execution_options(yield_per=500)
    )
    return [number for number, facts, sha256 in rows if fingerprint(facts) != sha256]


def count_letters() -> int:
    """Count all letters."""
    return db.session.scalar(select(func.count(DecisionLetter.id))) or 0


def facts_of(request: RequestFacts, number: int, *, decided_on: str, until: str) -> dict[str, Any]:
    """Put into words what a letter says; every part is a text, a number, or a list of such."""
    return {
        "reference": f"{request.id}-{number}",
        "organisation": request.organisation,
        "name": request.person,
        "decided_on": decided_on,
        "heading": _heading(request),
        "about": title_of(request),
        "from": request.from_title,
        "to": request.to_title,
        "step": request.transition_title,
        "reasons": request.reasons,
        "decisions": [_decision(each, request) for each in request.steps if each.status in _DECIDED],
        "criteria": [
            {"title": each.title, "state": each.label[0], "words": list(each.words)}
            for each in request.standing
            if not each.is_flag
        ],
        "rules": f"{request.scheme_title}, version {request.scheme_version} of the scheme",
        "change": _change(request),
        "support_plan": request.support_plan,
        "review_on": date_words(request.review_on) if request.review_on else "",
        "next_steps": _next_steps(request),
        "appeal": _appeal(request, until),
    }


_DECIDED = (StepStatus.DONE, StepStatus.AGAINST)


def _heading(request: RequestFacts) -> str:
    if request.is_reversal:
        return TAKEN_BACK if request.status is RequestStatus.ENACTED else STAYS
    return RESULTS[request.status]


def _decision(step: StepFacts, request: RequestFacts) -> dict[str, str]:
    """Say of one step who decided what, in which role, when and why."""
    made, approval = request.enactment, step.approval
    what, who = plain(step.outcome), ""
    if approval:
        what = "Approved" if approval.approved else "Declined"
        who = _who(approval.decided_by, role_words(approval.role), approval.in_place_of)
    elif step.step_kind is StepKind.ENACTMENT:
        what = "Made" if made else "Declined"
        who = _who(made.enacted_by, role_words(step.role), made.in_place_of) if made else request.ended_by
    return {
        "title": step_title(step),
        "what": what,
        "who": who,
        "on": date_words(step.closed_at) if step.closed_at else "",
        "reasons": "" if step.reasons == request.reasons else step.reasons,  # these stand at the head of the letter
    }


def _who(name: str, role: str, in_place_of: str) -> str:
    """`Dora Director, Assistant Director`; whoever stands in says for whom."""
    return f"{name}, {role}" if not in_place_of else f"{name}, as {role} in place of {in_place_of}"


def _change(request: RequestFacts) -> dict[str, str]:
    """Say what the post was before, what it is after, and from which day; empty where nothing is changed."""
    made = request.enactment
    if made is None:
        return {}
    fte = f"{made.fte.normalize():f}"
    return {
        "before": post_words(request.from_title, made.from_grade, fte),
        "after": post_words(request.to_title, made.to_grade, fte),
        "from_day": date_words(made.effective_on),
    }


def _next_steps(request: RequestFacts) -> list[str]:
    """Say what comes next."""
    if request.is_reversal:
        return ["Talk with your line manager about what this means for you and for your development plan."]
    match request.status:
        case RequestStatus.ENACTED:
            return [
                "HR is told of the change and enters it. Ask HR what your pay will be.",
                "My progress shows what your pathway has after this level.",
            ]
        case RequestStatus.NOT_YET:
            return [
                "Go through the support plan with your line manager and put it into your development plan.",
                f"We look at it again on {date_words(request.review_on)}." if request.review_on else "",
                "You can ask again on My progress as soon as you are ready; the same rules hold.",
            ]
        case _:
            return [
                "Go through the reasons with your line manager, and agree what would help.",
                "You can ask again on My progress when you are ready; the same rules hold.",
            ]


def _appeal(request: RequestFacts, until: str) -> str:
    """Say how to appeal and until when, where there is something to appeal against."""
    if request.status not in AGAINST_HER:
        return ""
    if not until:
        return "The council's scheme names no time for an appeal. Ask Workforce Development how to raise a concern."
    return (
        f"You can appeal until {until}, that day included, on the page of this request. People who had no part in the "
        "decision look at it again."
    )
