"""What somebody has to do and to see about career progression, what waits for her first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cpd.home.mine import Mine
from cpd.progression.appeals import reading as appeals
from cpd.progression.early import reading as early_career
from cpd.progression.exports import reading as exports
from cpd.progression.panels import reading as panels
from cpd.progression.portfolios import reading as portfolios
from cpd.progression.requests import service as requests
from cpd.shared.permissions import EVERYONE, PERMISSIONS, Action
from cpd.shared.roles import Role
from cpd.shared.wording import counted

Count = Callable[[int, int, frozenset[Role]], int]
"""How much waits for whoever it is: her id, her organisation's id and her roles."""

DECIDERS = frozenset(
    {Role.SERVICE_MANAGER, Role.PRINCIPAL_SOCIAL_WORKER, Role.OPERATIONS_MANAGER, Role.ASSISTANT_DIRECTOR}
)
JUDGES = DECIDERS | {Role.WORKFORCE_DEVELOPMENT, Role.PANEL_MEMBER}
SUPPORTERS = frozenset({Role.ASSESSOR, Role.WORKFORCE_DEVELOPMENT})


@dataclass(frozen=True, slots=True)
class Station:
    """One page of progression: for whom it is, what it holds, and how much waits there for the reader.

    `roles` narrows an action down that is everybody's; `one` and `many` name what waits.
    """

    title: str
    path: str
    action: Action
    holds: str
    roles: frozenset[Role] = EVERYONE
    count: Count | None = None
    one: str = ""
    many: str = ""

    def is_for(self, roles: frozenset[Role]) -> bool:
        """Say whether the page is for somebody with these roles."""
        needed = (PERMISSIONS[self.action], self.roles)
        return all(each is EVERYONE or not each.isdisjoint(roles) for each in needed)

    def shown_to(self, viewer_id: int, organisation_id: int, roles: frozenset[Role]) -> Mine:
        """Put it into words for somebody."""
        number = self.count(viewer_id, organisation_id, roles) if self.count else 0
        if not number:
            return Mine(self.title, self.path, (self.holds,))
        words = f"{counted(number, self.one, self.many)} {'waits' if number == 1 else 'wait'} for you"
        return Mine(self.title, self.path, (words,), waits=True)


def progression_of(viewer_id: int, organisation_id: int, roles: frozenset[Role]) -> list[Mine]:
    """List the pages of progression that somebody may open, in the order of a case. A fixed number of queries."""
    return [each.shown_to(viewer_id, organisation_id, roles) for each in STATIONS if each.is_for(roles)]


def waiting_of(viewer_id: int, organisation_id: int, roles: frozenset[Role]) -> list[Mine]:
    """List only what waits for somebody; of whoever has no part in it nothing is asked."""
    counting = [each for each in STATIONS if each.count and each.is_for(roles)]
    found = (each.shown_to(viewer_id, organisation_id, roles) for each in counting)
    return [each for each in found if each.waits]


def _changes_to_export(_viewer_id: int, organisation_id: int, _roles: frozenset[Role]) -> int:
    """Count the changes that HR has not taken yet."""
    return exports.count_waiting(organisation_id)


def _appeals(viewer_id: int, organisation_id: int, roles: frozenset[Role]) -> int:
    """Count the appeals that somebody is to give to people, or to decide."""
    is_officer = Role.WORKFORCE_DEVELOPMENT in roles
    return appeals.count_undecided(organisation_id, None if is_officer else viewer_id)


STATIONS: tuple[Station, ...] = (
    Station(
        "Requests to progress",
        "/progression/requests",
        Action.DECIDE_ON_PROGRESS,
        "What was asked for, at which step it is, and what was decided",
        DECIDERS | {Role.WORKFORCE_DEVELOPMENT},
        requests.waiting_count,
        "decision",
    ),
    Station(
        "Cases of my panels",
        "/progression/my-cases",
        Action.JUDGE_CASES,
        "The cases given to you, and the next meeting",
        JUDGES,
        panels.waiting_count,
        "case",
    ),
    Station(
        "Evidence to look at",
        "/progression/evidence",
        Action.ACCEPT_EVIDENCE,
        "What was handed in to your role",
        count=portfolios.waiting_count,
        one="portfolio or piece of evidence",
        many="portfolios or pieces of evidence",
    ),
    Station(
        "Early career",
        "/progression/early-career",
        Action.SEE_EARLY_CAREER,
        "Newly qualified workers: reviews, workshops and supervision",
        SUPPORTERS,
        early_career.waiting_count,
        "late review",
    ),
    Station(
        "Appeals",
        "/progression/appeals",
        Action.SEE_APPEALS,
        "Appeals against decisions, and who decides on them",
        count=_appeals,
        one="appeal",
    ),
    Station(
        "Approved changes",
        "/progression/hr-export",
        Action.EXPORT_CHANGES,
        "Changes of career level to be entered in HR's system",
        count=_changes_to_export,
        one="change",
    ),
    Station("Panels", "/progression/panels", Action.KEEP_PANELS, "Members, meetings, and cases to be given a meeting"),
    Station("Cover", "/progression/cover", Action.NAME_COVER, "Who decides while somebody is away"),
    Station("Vacancies", "/progression/vacancies", Action.SEE_VACANCIES, "Posts that are free, and who can apply"),
    Station("Ceilings", "/progression/ceilings", Action.SEE_VACANCIES, "How many posts of a level are taken and left"),
    Station("Career progress", "/workforce/progress", Action.SEE_PROGRESS, "Who is ready, and what each still lacks"),
    Station(
        "Staying and moving on",
        "/progression/retention",
        Action.SEE_RETENTION,
        "Who may leave with nothing planned; who advanced and who moved",
    ),
    Station(
        "How decisions are made",
        "/progression/openness",
        Action.SEE_OPENNESS,
        "Published criteria, who sits on panels, and what was decided, without names",
    ),
    Station(
        "Audit",
        "/progression/audit",
        Action.AUDIT_PROGRESSION,
        "Decisions without names, and whether the history is whole",
    ),
)
"""In the order of what presses; what is only to be seen stands last."""
