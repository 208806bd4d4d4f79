"""Pathways in plain words: verdicts, lines with what they rest on, what would change, and why something is refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from cpd.progression.pathways.rules import (
    Change,
    Fault,
    LineChange,
    LineStanding,
    NotOnAWay,
    Readiness,
    TransitionStanding,
    Verdict,
)
from cpd.progression.pathways.terms import Terms
from cpd.progression.pathways.under_way import Course, Courses, Now, course_of, evidence_under_way
from cpd.requirements.evaluator import Standing, State, Unit
from cpd.requirements.language import (
    AllOf,
    AnyOf,
    ApprovedBy,
    AtLeast,
    Attended,
    Branch,
    Completed,
    Credits,
    Distinct,
    Evidence,
    Outcome,
    Requirement,
    TimeInCareerLevel,
    YearsQualified,
)
from cpd.requirements.record import Fact, FactKind
from cpd.schemes.pathway_shape import Step, StepKind, Transition
from cpd.shared.roles import Role
from cpd.shared.wording import MONTHS, and_words, counted, date_words

MOST_FACTS = 3
ROLES_BY_NAME: Mapping[str, str] = {
    Role.ASSISTANT_DIRECTOR: "Assistant Director",
    Role.PRINCIPAL_SOCIAL_WORKER: "Principal Social Worker",
    Role.WORKFORCE_DEVELOPMENT: "Workforce Development",
    Role.HR: "HR",
}
"""Roles that keep their capital letters within a sentence."""

BRANCHES: Mapping[type[Branch], str] = {
    AllOf: "All of these",
    AnyOf: "One of these is enough",
    Distinct: "All of these, and nothing counts twice",
}
Label = tuple[str, str]

FAULTS = {
    Fault.NO_REASON: "Give a reason: it is kept, and the person is told.",
    Fault.SAME_RULES: "There is nobody left to move: everybody chosen is under the rules in force, or has no pathway "
    "by them. Look at the list again.",
    Fault.OWN: "This is about yourself. Ask a colleague in Workforce Development to do it.",
}

WHY_NOT = {
    NotOnAWay.NO_POST: (
        "There is no post here today",
        "Career progression begins with a post. If there should be one, ask HR to enter it.",
    ),
    NotOnAWay.NO_SCHEME: (
        "The council has not published a career pathway here",
        "Training, records and awards go on as before. Ask Workforce Development when a pathway is planned.",
    ),
    NotOnAWay.STAFF_TYPE: (
        "Career progression here is for the council's own employees",
        (
            "Agency, partner, student and apprentice staff take part in training and have a record of it. Their level "
            "is set by whoever employs or places them. If the kind of post is wrong, ask HR."
        ),
    ),
    NotOnAWay.NO_LEVEL: (
        "This post is not on a career pathway",
        "There is nothing to do. If it should be on one, ask HR to enter its career level.",
    ),
    NotOnAWay.NO_PATHWAY: (
        "The council's scheme has no pathway for this career level",
        "Ask Workforce Development whether one is planned, and HR if the career level is wrong.",
    ),
}
"""Why somebody does not progress (B8), and what she can do about it."""

STAFF_WORDS = {
    "employee": "Employee",
    "agency": "Agency worker",
    "student": "Student",
    "apprentice": "Apprentice",
    "partner": "Partner organisation's staff",
}

CHANGES = {
    Change.SAME: ("No change", "neutral"),
    Change.GAINS: ("Gains", "done"),
    Change.LOSES: ("Loses", "attention"),
    Change.BOTH: ("Gains and loses", "attention"),
    Change.NOWHERE: ("No pathway by the new rules", "attention"),
}

WHAT_CHANGES = {
    Change.LOSES: ("loses", "lose"),
    Change.NOWHERE: ("has no pathway by them", "have no pathway by them"),
    Change.BOTH: ("gains and loses", "gain and lose"),
    Change.GAINS: ("gains", "gain"),
    Change.SAME: ("sees no change", "see no change"),
}

LINE_CHANGES = {
    LineChange.NEW_TO_DO: "Loses: “{}” is asked now, and is not done",
    LineChange.NEW_MET: "“{}” is asked now, and is done",
    LineChange.DROPPED_TO_DO: "Gains: “{}” is no longer asked",
    LineChange.DROPPED_MET: "“{}” was done, and is no longer asked",
    LineChange.BETTER: "Gains: “{}” is nearer to done",
    LineChange.WORSE: "Loses: “{}” is further from done",
}


def month_words(on: date) -> str:
    """`June 2019`."""
    return f"{MONTHS[on.month - 1]} {on.year}"


def number(amount: Decimal | int) -> str:
    """`20`, `7.5`: an amount without noughts that say nothing."""
    return f"{Decimal(amount).normalize():f}"


def verdict_label(found: TransitionStanding) -> Label:
    """Say in a tag how somebody stands to a transition."""
    match found.verdict:
        case Verdict.READY:
            return "Ready", "done"
        case Verdict.NO_CRITERIA:
            return "No criteria published", "neutral"
        case Verdict.EXPECTED if found.expected_on:
            return f"Expected ready on {date_words(found.expected_on)}", "waiting"
        case _:
            return f"Still to do: {found.count(State.OUTSTANDING)} of {len(found.lines)}", "neutral"


def verdict_words(found: TransitionStanding) -> str:
    """`2 of 5 still to do`, `ready`: the same within a sentence."""
    if found.verdict is Verdict.TO_DO:
        return f"{found.count(State.OUTSTANDING)} of {len(found.lines)} still to do"
    return lowered(verdict_label(found)[0])


def figure_words(found: TransitionStanding) -> str:
    """`3 of 5 done, 1 booked or expected`."""
    ahead = sum(line.standing.state is not State.MET and line.expected_on is not None for line in found.lines)
    words = f"{found.count(State.MET)} of {len(found.lines)} done"
    return f"{words}, {ahead} booked or expected" if ahead else words


def standing_words(found: Readiness, courses: Courses | None = None) -> str:
    """`To Experienced social worker: 3 of 5 done`, for a message; who is not on a way is told why.

    With `courses` it says of a step that was asked for what became of that.
    """
    if found.why_not:
        return WHY_NOT[found.why_not][0]
    if not found.transitions or found.terms is None:
        return "Nothing further is published from this career level"
    terms = found.terms
    said = []
    for each in found.transitions:
        course = course_of(each, courses or {})
        words = lowered(course_label(course)[0]) if course else verdict_words(each)
        said.append(f"to {terms.level_title(each.transition.to_level)}: {words}")
    return "; ".join(said)


def course_label(course: Course) -> Label:
    """Say in a tag what became of something that was set going."""
    then = date_words(course.then) if course.then else ""
    match course.now:
        case Now.ASKED:
            return f"With {course.who}{f', {then}' if then else ''}", "waiting"
        case Now.AGREED:
            return f"Agreed: from {then}", "done"
        case Now.NOT_YET:
            return f"Not yet, with support: looked at again on {then}", "attention"
        case Now.REFUSED:
            return f"Not agreed on {date_words(course.on)}", "attention"
        case Now.RETURNED:
            return "Returned with comments", "attention"
        case Now.HANDED_IN:
            return "Handed in", "waiting"


def course_words(course: Course, *, is_own: bool) -> list[str]:
    """Say the same in sentences, with what comes next."""
    on, then = date_words(course.on), date_words(course.then) if course.then else ""
    match course.now:
        case Now.ASKED:
            return [f"It is with {course.who}{f': the meeting is on {then}' if then else f' since {on}'}."]
        case Now.AGREED:
            return [f"Agreed: {'you are ' if is_own else ''}{course.title} from {then}."]
        case Now.NOT_YET:
            plan = [f"{'Your' if is_own else 'The'} support plan: {course.plan}"] if course.plan else []
            return [f"Not yet, with support ({on}). It is looked at again on {then}.", *plan]
        case Now.REFUSED:
            return [f"Not agreed on {on}. {'You can read why, and ask again.' if is_own else ''}".strip()]
        case Now.RETURNED:
            return [
                f"Returned on {on} with comments. {'Read them, change it, hand it in again.' if is_own else ''}".strip()
            ]
        case Now.HANDED_IN:
            opened = f"It was opened on {then}." if then else f"The {course.who} has not opened it yet."
            return [f"Handed in on {on}. {opened}"]


def lowered(words: str) -> str:
    """The same within a sentence."""
    return f"{words[:1].lower()}{words[1:]}"


def line_label(line: LineStanding, courses: Courses | None = None) -> Label:
    """Say in a tag how one criterion stands: Done, Booked, Expected, Returned, Still to do, or not known here."""
    state = line.standing.state
    if state is State.MET:
        return "Done", "done"
    if course := evidence_under_way(line, courses or {}):
        return course_label(course)
    if not line.is_known:
        return "Not known here", "neutral"
    if line.expected_on is None:
        return "Still to do", "neutral"
    if any(fact.session_id is not None for fact in line.standing.rests_on()):
        return "Booked, counts once you attend", "booked"
    return f"Expected in {month_words(line.expected_on)}", "waiting"


def short_label(line: LineStanding, courses: Courses | None = None) -> Label:
    """The same for a cell of the matrix: `Done`, `Booked`, `Returned`, `June 2019`, `To do`."""
    words, tone = line_label(line, courses)
    return SHORT.get(words, words.removeprefix("Expected in ")), tone


SHORT = {
    "Booked, counts once you attend": "Booked",
    "Still to do": "To do",
    "Not known here": "Not known",
    "Returned with comments": "Returned",
}


def flag_words(line: LineStanding) -> str:
    """`6 of 8`; where a flag counts nothing, how it stands."""
    standing = line.standing
    if isinstance(standing.requirement, Attended):
        done = len({fact.subject for fact in standing.by if not fact.still_ahead})
        ahead = len({fact.subject for fact in standing.by}) - done
        return f"{done} of {standing.requirement.count}{f', {ahead} booked' if ahead else ''}"
    if isinstance(standing.requirement, AllOf):
        done, ahead = (sum(each.state is state for each in standing.lines) for state in (State.MET, State.IN_HAND))
        return f"{done} of {len(standing.lines)}{f', {ahead} booked' if ahead else ''}"
    if standing.shortfall and standing.shortfall.needed > 1:
        return f"{number(standing.shortfall.done)} of {number(standing.shortfall.needed)}"
    return line_label(line)[0]


def leaf_words(asked: Requirement, terms: Terms) -> str:
    """Say what one line asks, by the titles that the council uses."""
    if isinstance(asked, Branch):
        return f"At least {asked.count} of these" if isinstance(asked, AtLeast) else BRANCHES[type(asked)]
    if isinstance(asked, TimeInCareerLevel | YearsQualified):
        return _time_asked(asked, terms)
    match asked:
        case Completed():
            return terms.title(asked.module)
        case Attended():
            return f"{counted(asked.count, 'module')} of {terms.title(asked.programme)}"
        case Credits():
            return _credits_asked(asked, terms)
        case Outcome():
            given = "" if asked.panel in terms.awards else f", “{plain(asked.outcome).lower()}”"
            return f"{terms.title(asked.panel)}{given}"
        case Evidence():
            return f"{terms.title(asked.kind)}{f': {asked.count}' if asked.count > 1 else ''}"
        case ApprovedBy():
            return f"Approval by the {role_name(asked.role)}"


def facts_words(standing: Standing, terms: Terms) -> list[str]:
    """Say what a line rests on and what it lacks: one sentence each, of many facts the latest."""
    facts = list(standing.by)[-MOST_FACTS:]
    words = [_fact_words(fact, terms) for fact in facts if fact.kind not in _COUNTED_BY_TIME]
    if len(standing.by) > len(facts):
        words.append(f"And {len(standing.by) - len(facts)} more before.")
    return words + _lacks(standing)


def next_words(asked: Requirement, terms: Terms) -> str:
    """Say what to do about a line where the council's scheme does not; empty where a link says it."""
    match asked:
        case Evidence() if kind := terms.evidence.get(asked.kind):
            roles = and_words((role_name(role) for role in kind.accepted_by), last="or")
            return f"{kind.covers or 'Put it together and hand it in.'} Accepted by the {roles or 'line manager'}."
        case Outcome() if asked.panel in terms.panels:
            return f"{terms.title(asked.panel)} decides on it."
        case ApprovedBy():
            return f"The {role_name(asked.role)} approves it; there is nothing else to do."
        case _:
            return ""


def steps_words(transition: Transition, terms: Terms) -> list[str]:
    """Say who decides, in the order of deciding (AMB-03)."""
    return [_step_words(step, terms) for step in transition.steps]


def time_words(found: TransitionStanding, months: int) -> str:
    """`Usually after 12 to 18 months; 14 months so far`: a reminder, never a limit (AMB-04)."""
    expected = found.transition.expected_months
    if expected is None:
        return ""
    first, last = expected
    usual = counted(first, "month") if first == last else f"{first} to {last} months"
    return (
        f"Usually after {usual} in the level before; {counted(months, 'month')} so far. This is a guide, not a limit."
    )


def plain(code: str) -> str:
    """`Assistant director`."""
    words = code.replace("_", " ").replace("-", " ")
    return words[:1].upper() + words[1:]


def role_name(role: str) -> str:
    """`Assistant Director`, `service manager`: a role within a sentence."""
    return ROLES_BY_NAME.get(role, plain(role).lower())


_COUNTED_BY_TIME = (FactKind.CAREER_LEVEL,)


def _fact_words(fact: Fact, terms: Terms) -> str:
    """`Module 1: Genograms, completed on 3 July 2018.`; what is ahead says so."""
    title, on = terms.title(fact.subject), date_words(fact.happened_on)
    if fact.still_ahead:
        what = f"{title}, {number(fact.amount)} credits" if fact.amount else title
        return f"{what}, {'booked for' if fact.session_id is not None else 'expected on'} {on}."
    match fact.kind:
        case FactKind.CREDIT:
            return f"{title}: {number(fact.amount or 0)} credits at level {fact.academic_level}, awarded on {on}."
        case FactKind.OUTCOME:
            return f"{title}: {plain(fact.value).lower()} on {on}."
        case FactKind.QUALIFIED | FactKind.REGISTERED:
            return f"{plain(fact.kind)} on {on}."
        case FactKind.APPROVAL:
            return f"Approved by the {role_name(fact.subject)} on {on}."
        case FactKind.EVIDENCE:
            return f"{title}, dated {on}, accepted."
        case _:
            verb = {FactKind.COMPLETED: "completed", FactKind.RECOGNISED: "recognised, done"}.get(fact.kind, "accepted")
            return f"{title}, {verb} on {on}."


def _time_asked(asked: TimeInCareerLevel | YearsQualified, terms: Terms) -> str:
    """`3 years since qualifying, career breaks not counted`."""
    if isinstance(asked, TimeInCareerLevel):
        return f"{counted(asked.months, 'month')} as {terms.level_title(asked.career_level)}"
    since = "first registration" if asked.counted_from == "registered" else "qualifying"
    breaks = ", career breaks not counted" if asked.deduct_breaks else ""
    return f"{counted(asked.years, 'year')} since {since}{breaks}"


def _credits_asked(asked: Credits, terms: Terms) -> str:
    """`20 credits at academic level 7 from Research Module`."""
    sources = and_words((terms.title(each) for each in asked.sources), last="or")
    words = f"{number(asked.credits)} credits at academic level {asked.academic_level}"
    return f"{words} from {sources}" if sources else words


def _lacks(standing: Standing) -> list[str]:
    """Say how much is missing; of time alone, when it will be reached."""
    missing = standing.shortfall
    if standing.state is State.MET or missing is None or missing.needed == 1:
        return []
    if missing.unit is Unit.MONTHS:
        if missing.reached_on is None:
            return []
        return [f"{missing.done} of {missing.needed} months; reached on {date_words(missing.reached_on)}."]
    units = {Unit.CREDITS: "credits", Unit.MODULES: "modules", Unit.ITEMS: "pieces", Unit.LINES: "lines"}
    ahead = f", {number(missing.in_hand)} booked or expected" if missing.in_hand else ""
    return [f"{number(missing.done)} of {number(missing.needed)} {units[missing.unit]}{ahead}."]


def _step_words(step: Step, terms: Terms) -> str:
    if step.step is StepKind.PANEL:
        return step.words or f"{terms.title(step.panel or '')} decides"
    said = role_name(step.role or "")
    role, more = f"{said[:1].upper()}{said[1:]}", f", {step.words[:1].lower()}{step.words[1:]}" if step.words else ""
    return f"{role} {'approves' if step.step is StepKind.APPROVAL else 'makes the change'}{more}"


def changes_words(changes: Sequence[Change]) -> str:
    """`5 people lose, 1 person gains, 3 people see no change`: how many of each, the worst first."""
    numbers = [(changes.count(change), said) for change, said in WHAT_CHANGES.items() if change in changes]
    return ", ".join(f"{counted(number, 'person', 'people')} {said[number != 1]}" for number, said in numbers)


def change_words(lines: Sequence[tuple[LineChange, str]]) -> list[str]:
    """Say by which lines somebody gains or loses."""
    return [LINE_CHANGES[change].format(title) for change, title in lines]
