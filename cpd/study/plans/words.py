"""How development plans are said: how each stands, who still has to agree, and why something is refused."""

from __future__ import annotations

from dataclasses import dataclass

from cpd.shared.wording import and_words, date_words
from cpd.study.plans.reading import Links, PlanPage
from cpd.study.plans.rules import Aim, Fault, Party, Plan, PlanStanding, PlanState, Progress

FAULTS = {
    Fault.NO_PLAN: "There is no plan yet. It begins with an aim.",
    Fault.NO_AIMS: "The plan has no aim yet. Add one first.",
    Fault.CHANGED: "The plan was changed after you opened the page. Read it as it is now, and agree then.",
    Fault.AGREED_ALREADY: "This version is agreed already. There is nothing more to do.",
    Fault.NOT_AGREED: "The plan was never agreed by both of you. Agree to it first; the review comes after that.",
    Fault.REVIEW_AHEAD: "The date is still to come. Enter the day on which you met, today at the latest",
    Fault.REVIEW_TOO_EARLY: "The plan was not agreed by then. Enter the day on which you met, after you both agreed",
}
OF_THE_DATE = frozenset({Fault.REVIEW_AHEAD, Fault.REVIEW_TOO_EARLY})
STATES = {
    PlanState.OVERDUE: ("Review overdue", "attention"),
    PlanState.NONE: ("No plan yet", "attention"),
    PlanState.TO_AGREE: ("Not agreed yet", "waiting"),
    PlanState.DUE_SOON: ("Review due soon", "waiting"),
    PlanState.CURRENT: ("Agreed", "done"),
}
PROGRESS = {Progress.NOT_BEGUN: "Not begun", Progress.BEGUN: "Begun", Progress.REACHED: "Reached"}
TONES = {Progress.NOT_BEGUN: "open", Progress.BEGUN: "waiting", Progress.REACHED: "done"}


@dataclass(frozen=True, slots=True)
class LinkShown:
    """What an aim is linked to: its name, where it stands, and that it is done."""

    title: str
    path: str
    done: str = ""


@dataclass(frozen=True, slots=True)
class AimShown:
    """An aim in words."""

    number: int
    aim: str
    target: str
    links: tuple[LinkShown, ...]
    domains: tuple[str, ...]
    progress: str
    tone: str
    note: str


def standing_words(standing: PlanStanding) -> str:
    """`Review overdue since 3 March 2019`, `Agreed, review by 3 March 2020`."""
    words = STATES[standing.state][0]
    if standing.due_on is None:
        return words
    if standing.state is PlanState.OVERDUE:
        return f"{words} since {date_words(standing.due_on)}"
    return f"{words}, review by {date_words(standing.due_on)}"


def waiting_words(plan: Plan, *, mine: bool) -> str:
    """Say who still has to agree to this version."""
    names = {
        Party.WORKER: "you" if mine else "the person whose plan it is",
        Party.MANAGER: "your line manager" if mine else "you",
    }
    waiting = [names[party] for party in plan.waits_for]
    return f"Still to agree: {and_words(waiting)}." if waiting else ""


def agreed_words(page: PlanPage) -> list[str]:
    """`Alice Learner on 3 March 2019`, for each who agreed to this version."""
    return [f"{page.names[each.by_id]} on {date_words(each.on)}" for each in page.plan.agreed] if page.plan else []


def aims_shown(page: PlanPage) -> list[AimShown]:
    """Put the aims into words, what is to be reached first before others."""
    aims = sorted(page.plan.aims, key=lambda each: (each.target_on, each.number)) if page.plan else []
    return [_aim_shown(aim, page) for aim in aims]


def _aim_shown(aim: Aim, page: PlanPage) -> AimShown:
    said = page.progress.get(aim.number)
    progress = said.progress if said else Progress.NOT_BEGUN
    return AimShown(
        aim.number,
        aim.aim,
        date_words(aim.target_on),
        tuple(_links(aim, page)),
        tuple(domain_words(code, page.links) for code in aim.pcf_domains),
        PROGRESS[progress],
        TONES[progress],
        said.note if said else "",
    )


def domain_words(code: str, links: Links) -> str:
    """`PCF 6: Critical reflection and analysis`; the code alone where the framework has it no longer."""
    title = links.domains.get(code)
    return f"PCF {code}: {title}" if title else f"PCF {code}"


def _links(aim: Aim, page: PlanPage) -> list[LinkShown]:
    found = []
    if aim.module_code:
        done_on = page.done_on.get(aim.module_code)
        done = f"done on {date_words(done_on)}" if done_on else ""
        title = page.links.modules.get(aim.module_code, aim.module_code)
        found.append(LinkShown(title, f"/modules/{aim.module_code}", done))
    if aim.award_code:
        found.append(LinkShown(page.links.awards.get(aim.award_code, aim.award_code), "/my/awards"))
    return found
