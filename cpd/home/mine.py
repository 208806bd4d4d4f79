"""What is mine, on one page: each thing that I have here with the one figure that somebody tired wants first."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from cpd.diary.service import busy
from cpd.home.career_words import career_words
from cpd.progression.early import reading as early_career
from cpd.progression.pathways import service as pathways
from cpd.progression.pathways.service import Readiness
from cpd.progression.pathways.under_way import Now, under_way
from cpd.progression.pathways.words import course_words
from cpd.progression.portfolios import reading as portfolios
from cpd.progression.portfolios.rules import PortfolioStatus
from cpd.progression.requests import reading as requests
from cpd.progression.requests.wording import title_of, turn_words
from cpd.shared import clock
from cpd.shared.wording import and_words, counted, date_words, day_words
from cpd.study.awards import service as awards
from cpd.study.credits import service as academic_credits
from cpd.study.credits.words import credits_words
from cpd.study.days import service as study_days
from cpd.study.days.words import left_words, when_words
from cpd.study.funding import service as funding
from cpd.study.funding.wording import money
from cpd.study.places import service as award_places
from cpd.study.places.wording import STATES
from cpd.study.plans import service as plans
from cpd.study.plans.rules import PlanState
from cpd.study.plans.words import standing_words
from cpd.study.protected import service as protected_time
from cpd.study.protected.words import behind_words
from cpd.study.regulator import service as regulator
from cpd.study.regulator.words import summary_words

EVIDENCE = {
    PortfolioStatus.RETURNED: "returned to you",
    PortfolioStatus.PREPARING: "in preparation",
    PortfolioStatus.HANDED_IN: "handed in",
    PortfolioStatus.ACCEPTED: "accepted",
}
"""How evidence stands, what waits for her first."""


@dataclass(frozen=True, slots=True)
class Mine:
    """One thing: where it stands, how it stands with it in a few words, and whether it waits for the reader."""

    title: str
    path: str
    words: tuple[str, ...]
    waits: bool = False


def mine(person_id: int) -> list[Mine]:
    """List what somebody has, what comes next first; what her council does not offer is left out.

    A fixed number of queries.
    """
    readiness = pathways.readiness_of([person_id], clock.today())[person_id]
    found = (
        Mine("Bookings", "/my/bookings", _bookings(person_id)),
        Mine("Record and certificates", "/my/record", ("What you have done, and what it counts for",)),
        Mine("Career progress", "/my/progress", (career_words(readiness, under_way([person_id])[person_id]),)),
        _requests(person_id),
        _evidence(person_id, readiness),
        _early_career(person_id),
        _cpd(person_id),
        _plan(person_id),
        Mine("Study days", "/my/study-days", _study_days(person_id)),
        _protected_time(person_id),
        Mine("Credits", "/my/credits", _credits(person_id)),
        Mine("Awards", "/my/awards", _awards(person_id)),
        Mine("Award places", "/my/award-places", _award_places(person_id)),
        Mine("Funding for training", "/my/funding", _funding(person_id)),
    )
    return [each for each in found if each.words]


def in_my_career(person_id: int) -> list[Mine]:
    """List what somebody needs to know of her own progression as soon as she signs in. A fixed number of queries.

    What was returned, what was asked for and what came of it; and what is late in her first years.
    """
    since = clock.today() - SHOWN_FOR
    found = []
    for course in under_way([person_id])[person_id].values():
        ends = max(course.on, course.then) if course.then else course.on
        is_over = course.now in (Now.AGREED, Now.REFUSED) and ends < since
        if course.now is not Now.HANDED_IN and not is_over:
            words = tuple(course_words(course, is_own=True))
            found.append(Mine(course.title, course.href, words, waits=course.now in (Now.RETURNED, Now.NOT_YET)))
    early = _early_career(person_id)
    return sorted([*found, *([early] if early.waits else [])], key=lambda each: not each.waits)


SHOWN_FOR = timedelta(days=28)
"""So long an ending stands on the start page."""


def _bookings(person_id: int) -> tuple[str, ...]:
    """Name the next session in her diary, and say how many days of training are ahead."""
    ahead = [each for each in busy([person_id], clock.now())[person_id] if each.source == "session"]
    if not ahead:
        return ("Nothing booked",)
    first = f"Next: {ahead[0].title}, {day_words(ahead[0].starts_at)}"
    return (first, f"{counted(len(ahead), 'day')} ahead") if len(ahead) > 1 else (first,)


def _requests(person_id: int) -> Mine:
    """Say whose turn it is with what she asked for, and else what became of it last."""
    found = requests.requests_of([person_id])
    shown = [each for each in found if each.is_open] or found[:1]
    words = (f"{title_of(each)}. {turn_words(each)}" for each in shown)
    return Mine("Requests to progress", "/my/progress/requests", tuple(words))


def _evidence(person_id: int, readiness: Readiness) -> Mine:
    """Say what she prepares and what was handed in; what was returned waits for her."""
    if readiness.why_not or readiness.terms is None or not readiness.terms.evidence:
        return Mine("Evidence", "/my/evidence", ())
    number = Counter(each.status for each in portfolios.portfolios_of([person_id]))
    said = [f"{number[status]} {words}" for status, words in EVIDENCE.items() if number[status]]
    waits = bool(number[PortfolioStatus.RETURNED])
    return Mine("Evidence", "/my/evidence", (and_words(said).capitalize() or "Nothing handed in yet",), waits=waits)


def _early_career(person_id: int) -> Mine:
    """Say what is due next in her programme; what is late waits for her."""
    summary = early_career.summary_of([person_id], clock.today()).get(person_id)
    if summary is None:
        return Mine("Early career", "/my/early-career", ())
    due = (
        f"Next due by {date_words(summary.next_due)}" if summary.next_due else f"Ends on {date_words(summary.ends_on)}"
    )
    said = "Paused" if summary.is_paused else f"{summary.late_count} late" if summary.late_count else due
    return Mine(summary.title, "/my/early-career", (said,), waits=bool(summary.late_count))


def _cpd(person_id: int) -> Mine:
    """Say how many pieces she has, and what is still to write by when (B1); it waits for her once renewal is open."""
    standing = regulator.summary_of(person_id)
    if standing is None:
        return Mine("CPD for the regulator", "/my/cpd", ())
    year, words = standing.year, summary_words(standing)
    if not standing.is_done:
        words += f" by {date_words(year.last_day)}"
    waits = not standing.is_done and year.opens_on <= clock.today()
    return Mine("CPD for the regulator", "/my/cpd", (words,), waits=waits)


def _plan(person_id: int) -> Mine:
    """Say how her plan stands; it waits for her when its review is overdue (W-14)."""
    standing = plans.summary_of(person_id)
    waits = standing.state is PlanState.OVERDUE
    return Mine("Development plan", "/my/plan", (standing_words(standing),), waits=waits)


def _study_days(person_id: int) -> tuple[str, ...]:
    """Say what is left of each kind, what waits for an answer and which day comes next."""
    summary = study_days.summary_of(person_id)
    said = [f"{each.allowance.title}: {left_words(each)}" for each in summary.balances]
    if summary.waiting:
        said.append(f"{counted(summary.waiting, 'request')} not answered yet")
    if summary.next_day:
        said.append(f"Next: {when_words(summary.next_day)}")
    return tuple(said)


def _protected_time(person_id: int) -> Mine:
    """Say how far behind she is; it waits for her while she has not said of a week whether she had it."""
    balance = protected_time.summary_of(person_id)
    if balance is None:
        return Mine("Protected time", "/my/protected-time", ())
    words = behind_words(balance)
    words = f"Behind by {words}" if balance.left else words
    return Mine("Protected time", "/my/protected-time", (words,), waits=bool(balance.weeks_not_said))


def _credits(person_id: int) -> tuple[str, ...]:
    """Say what is awarded, and apart from it what is only expected (AMB-37)."""
    summary = academic_credits.summary_of(person_id)
    said = [f"{credits_words(summary.awarded)} awarded"] if summary.levels else ["None yet"]
    if summary.expected:
        said.append(f"{credits_words(summary.expected)} expected")
    if summary.no_result_since:
        said.append(f"Was expected by {date_words(summary.no_result_since)}, no result yet")
    if summary.next_board_on:
        said.append(f"Next award board: {date_words(summary.next_board_on)}")
    return tuple(said)


def _awards(person_id: int) -> tuple[str, ...]:
    """Say where she stands on the award that she is enrolled on."""
    summary = awards.summary_of(person_id)
    if summary is None:
        return ()
    return (f"{summary.award}: {summary.figure}", *((summary.next_step,) if summary.next_step else ()))


def _award_places(person_id: int) -> tuple[str, ...]:
    """Say how her applications stand."""
    summary = award_places.summary_of(person_id)
    if summary is None:
        return ()
    said = [f"{title}: {STATES[status][0].lower()}" for title, status in summary.live]
    return tuple(said) or (f"{counted(summary.awards, 'award')} with funded places each year",)


def _funding(person_id: int) -> tuple[str, ...]:
    """Say what waits for an answer."""
    summary = funding.summary_of(person_id)
    if summary is None:
        return ()
    waiting = f"{counted(summary.undecided, 'request')} not decided yet" if summary.undecided else ""
    approved = f"{money(summary.approved)} approved" if summary.approved else ""
    return (and_words([each for each in (waiting, approved) if each]) or "For training outside your pathway",)
