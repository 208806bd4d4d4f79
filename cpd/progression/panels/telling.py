"""Who is told of what about panels: the person, her manager, and the members."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from cpd.progression.panels.case_facts import CaseFacts
from cpd.progression.panels.holding import invites_the_person
from cpd.progression.panels.models import PanelCase, PanelDecision, PanelMeeting, PanelMembership
from cpd.progression.panels.wording import OUTCOMES, next_step, when_words
from cpd.progression.pathways.words import role_name
from cpd.schemes.pathway_shape import Panel, PanelKind, Recording
from cpd.shared import outbox
from cpd.shared.wording import date_words
from cpd.study.managers import manager_of

MY_PANELS, MY_CASES = "/my/panels", "/progression/my-cases"


def of_the_seat(seat: PanelMembership, panel: Panel) -> None:
    """Tell somebody that she sits on a panel from a day on, and why."""
    facts = {
        "panel": panel.title,
        "role": role_name(seat.role),
        "on": date_words(seat.starts_on),
        "reason": seat.appointed_because,
        "path": MY_CASES,
    }
    outbox.tell(seat.organisation_id, seat.person_id, "panel_appointed", f"seat:{seat.id}", facts)


def that_the_seat_ends(seat: PanelMembership, title: str, last_day: str) -> None:
    """Tell somebody that she sits on a panel no longer, and why."""
    facts = {"panel": title, "role": role_name(seat.role), "on": last_day, "reason": seat.ended_because}
    outbox.tell(seat.organisation_id, seat.person_id, "panel_seat_ended", f"seat:{seat.id}", facts)


def of_sitting(meeting: PanelMeeting, panel: Panel, person_ids: Iterable[int], before: str = "") -> None:
    """Tell those who come to a meeting of day and place; `before` is when it was before it was moved."""
    facts = _meeting(meeting, panel) | {"before": before, "path": MY_CASES}
    for person_id in sorted(person_ids):
        outbox.tell(meeting.organisation_id, person_id, "panel_sitting", _turn(meeting), facts)


def that_sitting_is_off(meeting: PanelMeeting, panel: Panel, person_ids: Iterable[int], reason: str) -> None:
    """Tell those who were to come that they need not, and why."""
    facts = _meeting(meeting, panel) | {"reason": reason}
    for person_id in sorted(person_ids):
        outbox.tell(meeting.organisation_id, person_id, "panel_sitting_off", _turn(meeting), facts)


def of_the_meeting(case: PanelCase, meeting: PanelMeeting, panel: Panel, before: str = "") -> None:
    """Tell the person when and where the panel meets on her case, and whether she comes."""
    facts = _meeting(meeting, panel) | {"before": before, "invited": _invited(panel), "path": MY_PANELS}
    key = f"{_case(case)}:{case.turn}:{_turn(meeting)}"
    outbox.tell(case.organisation_id, case.person_id, "panel_meeting", key, facts)


def that_the_meeting_is_off(case: PanelCase, meeting: PanelMeeting, panel: Panel, reason: str) -> None:
    """Tell the person that the panel does not meet on her case then, and why."""
    facts = _meeting(meeting, panel) | {"reason": reason, "invited": _invited(panel), "path": MY_PANELS}
    key = f"{_case(case)}:{case.turn}:{_turn(meeting)}"
    outbox.tell(case.organisation_id, case.person_id, "panel_meeting_off", key, facts)


def of_the_case(case: CaseFacts, turn: int, only: Collection[int] | None = None) -> None:
    """Tell the members to whom a case is assigned, and who is to write down what young people say.

    `turn` is the case's own; `only` tells some of them, such as those who have come to the meeting since.
    """
    meeting = case.meeting
    if meeting is None or not case.is_open:
        return
    facts = {
        "panel": case.panel.title,
        "person": case.person,
        "when": when_words(meeting.starts_at, meeting.ends_at),
        "recommend": case.panel.recording is Recording.RECOMMENDATIONS_FIRST,
        "for_the_young": case.panel.panel_kind is PanelKind.YOUNG_PEOPLE,
        "path": f"/progression/cases/{case.id}",
    }
    those = {each.person_id for each in case.assigned}
    if case.panel.panel_kind is PanelKind.YOUNG_PEOPLE:
        those = {each for each in meeting.attending if not case.conflicts(each)}
    key = f"case:{case.id}:{turn}:meeting:{meeting.id}:{meeting.turn}"
    for person_id in sorted(those if only is None else those.intersection(only)):
        outbox.tell(case.organisation_id, person_id, "panel_case_assigned", key, facts)


def of_the_decision(case: CaseFacts, decision: PanelDecision, because: str) -> None:
    """Tell the person what was decided, why, and what comes next; and her manager what."""
    facts = {
        "panel": case.panel.title,
        "outcome": OUTCOMES[decision.outcome][0],
        "reasons": decision.reasons,
        "support_plan": decision.support_plan,
        "review_on": date_words(decision.review_on) if decision.review_on else "",
        "because": because,
        "next_step": next_step(decision.outcome),
        "path": MY_PANELS,
    }
    key = f"decision:{decision.id}"
    outbox.tell(case.organisation_id, case.person_id, "panel_decided", key, facts)
    manager_id = manager_of(case.person_id)
    if manager_id is not None:
        shown = ("panel", "outcome", "review_on")
        of_team = {name: facts[name] for name in shown} | _of_person(case.person_id, case.person)
        outbox.tell(case.organisation_id, manager_id, "panel_decided_in_team", key, of_team)


def that_it_is_withdrawn(case: CaseFacts, reason: str) -> None:
    """Tell the person that somebody else withdrew her case at her wish."""
    facts = {"panel": case.panel.title, "reason": reason, "path": MY_PANELS}
    outbox.tell(case.organisation_id, case.person_id, "panel_case_withdrawn", f"case:{case.id}", facts)


def that_a_judge_has_an_interest(case: CaseFacts, judge_id: int, officers: Iterable[int], interest_id: int) -> None:
    """Tell those officers who are not close to a case themselves that somebody who judged it has an interest in it."""
    facts = {
        "panel": case.panel.title,
        "person": case.person,
        "judge": case.names[judge_id],
        "path": f"/progression/cases/{case.id}",
    }
    for officer_id in officers:
        if officer_id != judge_id and not case.conflicts(officer_id):
            key = f"interest:{interest_id}"
            outbox.tell(case.organisation_id, officer_id, "panel_judge_has_interest", key, facts)


def of_the_review(case: CaseFacts, decision: PanelDecision) -> None:
    """Remind the person and her manager of the day on which it is looked at again."""
    assert decision.review_on, "only what was deferred has a day of review"  # noqa: S101
    facts = {"panel": case.panel.title, "review_on": date_words(decision.review_on)}
    key, plan = f"decision:{decision.id}", {"support_plan": decision.support_plan, "path": MY_PANELS}
    outbox.tell(case.organisation_id, case.person_id, "panel_review_due", key, facts | plan)
    manager_id = manager_of(case.person_id)
    if manager_id is not None:
        of_team = facts | _of_person(case.person_id, case.person)
        outbox.tell(case.organisation_id, manager_id, "panel_review_due_in_team", key, of_team)


def _of_person(person_id: int, name: str) -> dict[str, Any]:
    return {"person": name, "path": f"/people/{person_id}/progress"}


def _meeting(meeting: PanelMeeting, panel: Panel) -> dict[str, Any]:
    """Say when and where a panel meets."""
    return {"panel": panel.title, "when": when_words(meeting.starts_at, meeting.ends_at), "place": meeting.place}


def _invited(panel: Panel) -> bool:
    return invites_the_person(PanelKind(panel.panel_kind))


def _turn(meeting: PanelMeeting) -> str:
    """Name a meeting as it now is among the happenings of the outbox."""
    return f"meeting:{meeting.id}:{meeting.turn}"


def _case(case: PanelCase) -> str:
    return f"case:{case.id}"
