"""Panels in words: outcomes, who can judge, what is missing, and why something is refused."""

from __future__ import annotations

from datetime import date, datetime

from cpd.progression.panels.case_facts import CaseFacts
from cpd.progression.panels.rules import CaseStatus, Conflict, PanelFault, Shortfall
from cpd.progression.pathways.words import role_name
from cpd.progression.portfolios.identifiers import Found
from cpd.progression.portfolios.wording import FOUND
from cpd.schemes.pathway_shape import Panel, PanelKind, PanelOutcome, Recording
from cpd.shared.wording import and_words, counted, date_words, day_words, span_words
from cpd.timetable.bank_holidays import bank_holidays

Label = tuple[str, str]

OUTCOMES: dict[str, Label] = {
    PanelOutcome.PASS: ("Passed", "done"),
    PanelOutcome.RECOMMENDED: ("Recommended", "done"),
    PanelOutcome.FAIL: ("Not passed", "attention"),
    PanelOutcome.NOT_RECOMMENDED: ("Not recommended", "attention"),
    PanelOutcome.DEFERRED_WITH_SUPPORT: ("Not yet, with support", "waiting"),
    PanelOutcome.WITHDRAWN: ("Withdrawn", "neutral"),
}
"""Each outcome with the tone of its tag."""

HINTS: dict[str, str] = {
    PanelOutcome.DEFERRED_WITH_SUPPORT: "With a support plan and a day on which it is looked at again",
}

NEXT_STEPS: dict[str, str] = {
    PanelOutcome.PASS: "It is on your record. You need not do anything more about this panel.",
    PanelOutcome.RECOMMENDED: "It is on your record. You need not do anything more about this panel.",
    PanelOutcome.FAIL: "Talk to your line manager about what was missing. You can come again once it is there.",
    PanelOutcome.NOT_RECOMMENDED: "Talk to your line manager about what was missing. You can come again once it is "
    "there.",
    PanelOutcome.DEFERRED_WITH_SUPPORT: "Go through the support plan with your line manager, and begin with its first "
    "point.",
    PanelOutcome.WITHDRAWN: "Nothing was judged. You can come again when you want to.",
}
"""What the person does next."""

KINDS = {
    PanelKind.MODERATION: "Moderation of portfolios",
    PanelKind.PROGRESSION: "Progression panel",
    PanelKind.YOUNG_PEOPLE: "Young people's panel",
    PanelKind.INTERVIEW: "Interview",
}

RECORDINGS = {
    Recording.ONE_FORM: "Its secretary writes the decision down in one form.",
    Recording.RECOMMENDATIONS_FIRST: "Each member recommends without seeing what the others recommend; then the panel "
    "decides.",
}

CONFLICTS = {
    Conflict.OWN: "it is their own case",
    Conflict.LINE_MANAGER: "current line manager",
    Conflict.INTEREST: "declared an interest",
}

FAULTS = {
    PanelFault.NO_PANEL: "The council's scheme has no such panel. Choose one from the list of panels.",
    PanelFault.NO_MEMBERS_HERE: "Young people have no accounts here, so this panel has no members in the system. Plan "
    "a meeting instead, with whoever writes down what they say.",
    PanelFault.WRONG_ROLE: "The scheme gives this role no seat on the panel. Choose one of its roles.",
    PanelFault.ROLE_NOT_HELD: "This person does not hold the role. Ask HR to enter it in the file of people, then "
    "appoint them.",
    PanelFault.SITS_ALREADY: "This person sits on the panel in this role already. End that seat first, if it is to "
    "change.",
    PanelFault.SITS_NO_MORE: "This seat has ended already. Look at the list again.",
    PanelFault.APPOINTS_HERSELF: "You cannot appoint yourself. Ask a colleague in Workforce Development to do it.",
    PanelFault.CLOSE_TO_A_CASE: "A case that is to be judged is your own, of somebody you manage, or one in which you "
    "have an interest. Ask a colleague in Workforce Development to do it.",
    PanelFault.MEETS_THEN: "This panel already has a meeting at this time and place. Look at its meetings, and change "
    "that one if it is not right.",
    PanelFault.ENDS_FIRST: "The last day must be the first day or later",
    PanelFault.JUDGED_SINCE: "This member has judged a case after that day. The last day must be the day of that "
    "meeting or later",
    PanelFault.NO_REASON: "Write why: it is kept, and whoever it concerns is told",
    PanelFault.NOBODY_COMES: "Choose at least one person who comes",
    PanelFault.NOT_A_MEMBER: "Somebody chosen does not sit on the panel on that day. Look at who sits on it.",
    PanelFault.TOO_FAR_AHEAD: "The meeting must be within the next two years",
    PanelFault.TOO_LONG_AGO: "A meeting can be written down for a year after it was held. For an older one, ask the "
    "administrator.",
    PanelFault.NO_SPAN: "The meeting must end after it begins",
    PanelFault.CANCELLED: "This meeting is cancelled. Plan another one.",
    PanelFault.HAS_DECISIONS: "Something was decided at this meeting already, so it stays as it was. Plan another one "
    "for what is still open.",
    PanelFault.ANOTHER_PANEL: "That meeting is another panel's. Choose one of this panel's.",
    PanelFault.BEFORE_IT_WAS_OPENED: "That meeting was before the case was opened. Choose a later one.",
    PanelFault.NOT_OPEN: "This case is not open any more. Read what became of it.",
    PanelFault.NOT_HERS: "Only the person, or Workforce Development at their wish, can withdraw it.",
    PanelFault.NOT_READY: "This person is not ready for the panel: the evidence is not accepted, or the panel has "
    "passed it. Look at their progress.",
    PanelFault.NOT_ASSIGNED: "This case is not assigned to you. Ask Workforce Development if you should judge it.",
    PanelFault.IN_CONFLICT: "You cannot judge this case: it is your own, you are the line manager, or you have an "
    "interest in it. Ask Workforce Development to find somebody else.",
    PanelFault.DECLARED_ALREADY: "This interest is declared already. There is nothing more to do.",
    PanelFault.NO_WORDS: "Write it in a sentence: it is kept with the case",
    PanelFault.NOT_THIS_WAY: "This panel writes its decision down in one form, without recommendations first.",
    PanelFault.ALL_KNOWN: "What was recommended is known to all by now, so nothing more can be recommended. Say it in "
    "the meeting.",
    PanelFault.NOT_AN_OUTCOME: "Choose what was decided",
    PanelFault.NO_REASONS: "Write the reasons: they are what the person is sent",
    PanelFault.NO_PLAN: "Write the support plan: what helps, who gives it, and by when",
    PanelFault.NO_REVIEW_DAY: "Enter the day on which it is looked at again",
    PanelFault.REVIEW_TOO_EARLY: "The day on which it is looked at again must be after today",
    PanelFault.NO_MEETING: "This case has no meeting yet. Give it one, then write down what was decided there.",
    PanelFault.MEETING_AHEAD: "The meeting has not begun yet. Write the decision down afterwards.",
    PanelFault.NOT_THE_RECORDER: "You cannot write this down: Workforce Development or a member who sits on the case "
    "does, and for young people whoever takes part with them.",
    PanelFault.RECORDER_IN_CONFLICT: "You are too close to this case to write anything down. Ask a colleague in "
    "Workforce Development.",
    PanelFault.NOBODY_JUDGED: "Choose who judged",
    PanelFault.NOT_THERE: "Somebody chosen is not down for this meeting. Put them on the meeting first.",
    PanelFault.JUDGE_IN_CONFLICT: "Somebody chosen was in conflict with the case, so their judgement cannot count.",
    PanelFault.TOO_FEW: "Too few people judged for this panel. Find a meeting at which enough of them can.",
    PanelFault.ROLE_MISSING: "Each role of this panel needs a person of its own; where the scheme asks for the "
    "relevant service, somebody above the person in the line of management. Find a meeting to which they come.",
    PanelFault.RECOMMENDATIONS_MISSING: "Not everybody has recommended yet. Wait for them, or say who is missing and "
    "why; then decide.",
    PanelFault.DECIDED_ALREADY: "Somebody has written a decision down already. Read it; it is only changed by a new "
    "decision with a reason.",
    PanelFault.NOT_DECIDED: "This case is not decided yet, so there is no decision to change.",
    PanelFault.WITHDRAWN: "This case was withdrawn. There is nothing left to decide.",
    PanelFault.DECIDED_THAT_DAY: "This panel has decided on this person on that day already. Change that decision "
    "instead, with a reason.",
    PanelFault.NAMES_A_YOUNG_PERSON: "Read it again and tick that no young person is named: they have no names here",
    PanelFault.TELLS_WHO_SOMEBODY_IS: "Something in it may tell who somebody is. Take it out, or say why it does not",
}
"""Each reason with the next step, for whoever tried."""


def label_of(case: CaseFacts) -> Label:
    """Say in a tag how a case stands."""
    if case.status is not CaseStatus.OPEN:
        return OUTCOMES[case.outcome]
    if case.meeting is None:
        return "No meeting yet", "attention"
    if case.can_be_decided:
        return "To be decided", "attention"
    return f"Meeting on {date_words(case.meeting.starts_at)}", "waiting"


def duty_of(case: CaseFacts, person_id: int) -> Label:
    """Say in a tag what somebody must do about a case, or how it stands."""
    return ("Recommend", "attention") if person_id in case.to_recommend else label_of(case)


def found_words(found: Found) -> str:
    """`“Jade Smith” in the reasons looks like a name`."""
    return f"“{found.excerpt}” in {found.where} looks like {FOUND[found.kind]}"


def when_words(starts_at: datetime, ends_at: datetime) -> str:
    """`Tuesday 15 January 2019, 9:30am to midday`."""
    return f"{day_words(starts_at, year=True)}, {span_words(starts_at, ends_at)}"


def shortfall_words(short: Shortfall, panel: Panel) -> str:
    """`2 more members, and somebody as service manager of their service`; empty where nobody is missing."""
    parts = [f"{counted(short.people, 'more member')}"] if short.people else []
    of_service = {each: " of their service" if each in panel.of_her_service else "" for each in short.roles}
    parts += [f"somebody as {role_name(role)}{words}" for role, words in of_service.items()]
    return and_words(parts) if parts else ""


def conflict_words(case: CaseFacts) -> list[str]:
    """Say who comes to the meeting and cannot judge: `Pat Panel: current line manager`."""
    found = ((each.person_id, case.conflicts(each.person_id)) for each in case.sitters)
    return [
        f"{case.names[person_id]}: {and_words(CONFLICTS[each] for each in conflicts)}"
        for person_id, conflicts in found
        if conflicts
    ]


def day_off_words(on: date) -> str:
    """`Saturday 25 May 2019 is not a working day: …`; empty for a working day. Such a day is allowed all the same."""
    is_working_day = on.weekday() < SATURDAY and on not in bank_holidays(on.year)
    title = day_words(on, year=True)
    return "" if is_working_day else f"{title} is not a working day: look at it on the last one before."


SATURDAY = 5


def next_step(outcome: str) -> str:
    """Say what the person does next."""
    return NEXT_STEPS[outcome]
