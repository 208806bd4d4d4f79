"""Requests in words: how each stands, who has it, what was decided, and why something is refused."""

from __future__ import annotations

from cpd.progression.pathways.words import plain, role_name
from cpd.progression.requests.reading import RequestFacts, StepFacts
from cpd.progression.requests.rules import CoverFault, RequestFault, RequestStatus, StepStatus
from cpd.schemes.pathway_shape import StepKind
from cpd.shared.roles import Role
from cpd.shared.wording import date_words

Label = tuple[str, str]

STATES: dict[RequestStatus, Label] = {
    RequestStatus.OPEN: ("Under way", "waiting"),
    RequestStatus.ENACTED: ("Agreed", "done"),
    RequestStatus.REFUSED: ("Not agreed", "neutral"),
    RequestStatus.NOT_YET: ("Not yet, with support", "attention"),
    RequestStatus.WITHDRAWN: ("Withdrawn", "neutral"),
}
"""How a request stands: the words and the tone of its status tag."""

FAULTS = {
    RequestFault.NOT_ON_A_WAY: "There is no pathway here for this post. My progress says why, and whom to ask.",
    RequestFault.NO_SUCH_STEP: "This step does not lead on from the career level held today. Look at My progress for "
    "the steps that do.",
    RequestFault.STILL_TO_DO: "Some of what this step asks is still to do. See below what comes next; once all is done "
    "the request can be made here.",
    RequestFault.LIVE_ALREADY: "This was asked for already and is under way. Follow it under “My requests”.",
    RequestFault.CHANGE_AHEAD: "A change of career level is decided on and begins soon. Wait until it has begun, then "
    "see what is next.",
    RequestFault.SAME_PANEL: "Another request is still to go before the same panel, and a panel judges one at a time. "
    "Wait until it has decided, or withdraw that request.",
    RequestFault.NO_VACANCY_CHOSEN: "Choose the vacancy to apply for. Where none is open, ask the operations manager "
    "when there will be one.",
    RequestFault.NO_VACANCY_NEEDED: "This step needs no vacancy. Ask again from My progress.",
    RequestFault.VACANCY_NOT_OPEN: "This vacancy does not take applications now. Choose one that is open.",
    RequestFault.NOT_OPEN: "This request is not open any more: somebody has decided on it, or it was withdrawn. Read "
    "what was decided below.",
    RequestFault.NOT_ITS_TURN: "This is not what the request waits for now: somebody has just decided on this step, or "
    "another comes first. Look at the steps below.",
    RequestFault.NOT_THE_ROLE: "Only somebody who holds the role of this step, or stands in for a holder who is away, "
    "can decide on it. Workforce Development can name who stands in.",
    RequestFault.OWN: "Nobody decides about themselves. Another holder of the role must do it, or somebody whom "
    "Workforce Development names.",
    RequestFault.DECLINED_BEFORE: "You declined the request that this one takes up again after an appeal. Another "
    "holder of the role must decide now.",
    RequestFault.ASKED_FOR_IT: "You asked for this change to be taken back. Another holder of the role must decide on "
    "it. If nobody else holds the role, ask Workforce Development to name somebody who stands in.",
    RequestFault.NO_REASONS: "Write your reasons: they are printed in the letter and kept on the record",
    RequestFault.FELL_AWAY: "Something that this request rests on is no longer met. It is shown on this page. Wait "
    "until it is met again or decided anew, or decline with that reason.",
    RequestFault.LEVEL_CHANGED: "The career level held today is not the one that this request leads on from. Decline, "
    "and say so.",
    RequestFault.IN_THE_PAST: "The change can begin today at the earliest: nothing is changed for days gone by",
    RequestFault.TOO_FAR_AHEAD: "The change must begin within a year from today. Enter an earlier day, or make the "
    "change nearer the time",
    RequestFault.BEFORE_HER_LEVEL: "The change must begin after the day on which the present level began",
    RequestFault.NO_POST_THEN: "There is no post on that day. Choose an earlier day, or ask HR to put the post right",
    RequestFault.OTHER_LEVEL_THEN: "On that day another career level is held. Choose another day, or ask HR",
    RequestFault.OTHER_STAFF_THEN: "On that day the post is of a kind that does not progress, such as agency. Choose "
    "an earlier day, or ask HR",
    RequestFault.NO_ROOM: "There is no room for this change now.",
    RequestFault.NOT_ENACTED: "Only a change that was made can be taken back.",
    RequestFault.REVERSED_ALREADY: "This change was taken back already.",
    RequestFault.CHANGED_SINCE: "The career level has changed again since. Take the later change back first.",
    RequestFault.BEFORE_THE_CHANGE: "It can be taken back from the day on which the change began, not earlier",
    RequestFault.MAY_NOT_ASK_FOR_IT: "Workforce Development, the operations manager or the Assistant Director can ask "
    "for this. Tell one of them.",
    RequestFault.NOT_REFUSED: "Only a request that was not agreed can be taken up again.",
}
"""Each reason with the next step."""

COVER_FAULTS = {
    CoverFault.NOT_A_HOLDER: "Choose somebody who holds this role: only a holder can be stood in for",
    CoverFault.NOT_HERE: "Enter the e-mail address or employee number of somebody who works here",
    CoverFault.HERSELF: "Choose somebody else to stand in: nobody can stand in for themselves",
    CoverFault.NOT_YOURS_TO_NAME: "Only the person who is away or Workforce Development can do this. Ask one of them",
    CoverFault.NAMES_HERSELF: "You cannot name yourself. Ask the person who is away, or a colleague in Workforce "
    "Development",
    CoverFault.ENDS_FIRST: "The last day must be the same as or after the first day",
    CoverFault.OVER_ALREADY: "The last day must be today or later",
    CoverFault.NO_REASON: "Write why somebody must stand in",
    CoverFault.COVERED_ALREADY: "Somebody stands in on some of these days already. End that cover first",
}


def role_words(role: Role | str | None) -> str:
    """`Assistant Director`, `operations manager`."""
    return "" if role is None else role_name(role)


def title_of(request: RequestFacts) -> str:
    """`To become: Advanced social worker`; taking a change back says so."""
    if request.is_reversal:
        return f"Taking back: {request.from_title}, back to {request.to_title}"
    return f"To become: {request.to_title}"


def label_of(request: RequestFacts) -> Label:
    """Say in a tag how a request stands."""
    if request.is_reversal and request.status is RequestStatus.ENACTED:
        return "Taken back", "neutral"
    if request.enactment and request.enactment.is_reversed:
        return "Agreed, then taken back", "attention"
    return STATES[request.status]


def turn_words(request: RequestFacts) -> str:
    """`Waits for the Assistant Director since 2 January 2019`; once it has ended when, or what is new."""
    if request.turn and request.turn.opened_at:
        return f"Waits for {who_words(request.turn)} since {date_words(request.turn.opened_at)}"
    made = request.enactment
    if made and not made.is_reversed:
        return f"{request.to_title} from {date_words(made.effective_on)}"
    return f"Ended on {date_words(request.ended_at)}" if request.ended_at else ""


def who_words(step: StepFacts) -> str:
    """Name who decides at a step: a panel by its title, anybody else by the role."""
    if step.step_kind is not StepKind.PANEL:
        return f"the {role_words(step.role)}"
    title = step.panel_title
    return f"the {title if title[:2].isupper() else title[:1].lower() + title[1:]}"


def step_title(step: StepFacts) -> str:
    """`Approval by the Assistant Director`."""
    match step.step_kind:
        case StepKind.PANEL:
            return step.panel_title
        case StepKind.APPROVAL:
            return f"Approval by the {role_words(step.role)}"
        case _:
            return f"The change, made by the {role_words(step.role)}"


def step_words(step: StepFacts, request: RequestFacts) -> str:
    """Say how one step stands: what was decided and when, since when it waits, or that it is yet to come."""
    closed = date_words(step.closed_at) if step.closed_at else ""
    match step.status:
        case StepStatus.AHEAD:
            return "Yet to come" if request.is_open else "Not reached"
        case StepStatus.OPEN:
            return f"Waits since {date_words(step.opened_at)}" if step.opened_at else "Waits"
        case StepStatus.DONE:
            return f"{_done_words(step)} on {closed}{_from_words(step, request)}"
        case _:
            return f"{_against_words(step, request)} on {closed}"


def _done_words(step: StepFacts) -> str:
    if step.step_kind is StepKind.PANEL:
        return plain(step.outcome) if step.outcome else "Decided"
    return "Approved" if step.step_kind is StepKind.APPROVAL else "Made"


def _from_words(step: StepFacts, request: RequestFacts) -> str:
    """`, from 1 March 2019`, of the change itself."""
    if step.step_kind is not StepKind.ENACTMENT or request.enactment is None:
        return ""
    return f", from {date_words(request.enactment.effective_on)}"


def _against_words(step: StepFacts, request: RequestFacts) -> str:
    if request.status is RequestStatus.WITHDRAWN:
        return "Withdrawn"
    return plain(step.outcome) if step.step_kind is StepKind.PANEL and step.outcome else "Declined"


def post_words(level_title: str, grade: str, fte_words: str = "") -> str:
    """`Experienced social worker, grade L, 0.6 FTE`."""
    shown = grade if grade.casefold().startswith("grade") or not grade else f"grade {grade}"
    return ", ".join(part for part in (level_title, shown, f"{fte_words} FTE" if fte_words else "") if part)
