"""How a request to progress goes from step to step, and why somebody may not ask, decide or enact. Plain Python.

The pack gives the steps in their order; each is decided by its panel or its role, and only the enactment, by a
person, changes a career level (AMB-03, W-11).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from cpd.requirements.months import months_after
from cpd.schemes.pathway_shape import PanelOutcome, Step, StepKind
from cpd.shared.roles import Role


class RequestKind(StrEnum):
    """What a request is for."""

    PROGRESSION = "progression"
    REVERSAL = "reversal"
    """A change that was made is to be taken back, by a decision of its own."""


class RequestStatus(StrEnum):
    """How a request stands."""

    OPEN = "open"
    ENACTED = "enacted"
    REFUSED = "refused"
    NOT_YET = "not_yet"
    """Deferred with a support plan and a day on which it is looked at again (C-2, AMB-15)."""
    WITHDRAWN = "withdrawn"


class StepStatus(StrEnum):
    """How one step stands."""

    AHEAD = "ahead"
    OPEN = "open"
    DONE = "done"
    AGAINST = "against"
    """The request ended here."""


class Act(StrEnum):
    """What may be done about a request."""

    RECOMMEND = "recommend"
    """The panel's outcome takes her on."""
    REJECT = "reject"
    DEFER = "defer"
    DRAW_BACK = "draw_back"
    """The panel's case was withdrawn."""
    APPROVE = "approve"
    DECLINE = "decline"
    ENACT = "enact"
    WITHDRAW = "withdraw"


ACT_OF: Mapping[PanelOutcome, Act] = {
    PanelOutcome.PASS: Act.RECOMMEND,
    PanelOutcome.RECOMMENDED: Act.RECOMMEND,
    PanelOutcome.FAIL: Act.REJECT,
    PanelOutcome.NOT_RECOMMENDED: Act.REJECT,
    PanelOutcome.DEFERRED_WITH_SUPPORT: Act.DEFER,
    PanelOutcome.WITHDRAWN: Act.DRAW_BACK,
}
"""What each outcome of a panel means for a request."""

FITTING: Mapping[StepKind, frozenset[Act]] = {
    StepKind.PANEL: frozenset({Act.RECOMMEND, Act.REJECT, Act.DEFER, Act.DRAW_BACK}),
    StepKind.APPROVAL: frozenset({Act.APPROVE, Act.DECLINE}),
    StepKind.ENACTMENT: frozenset({Act.ENACT, Act.DECLINE}),
}
"""What may be decided at each kind of step."""

ENDS: Mapping[Act, RequestStatus] = {
    Act.REJECT: RequestStatus.REFUSED,
    Act.DECLINE: RequestStatus.REFUSED,
    Act.DEFER: RequestStatus.NOT_YET,
    Act.DRAW_BACK: RequestStatus.WITHDRAWN,
    Act.WITHDRAW: RequestStatus.WITHDRAWN,
    Act.ENACT: RequestStatus.ENACTED,
}
"""The acts that end a request, and as what."""

AGAINST_HER = (RequestStatus.REFUSED, RequestStatus.NOT_YET)
WITH_A_LETTER = (RequestStatus.ENACTED, *AGAINST_HER)
"""The endings of which a letter is written."""


@dataclass(frozen=True, slots=True)
class Course:
    """Where a request is: the kinds of its steps, whose turn it is or at which it ended, and how it stands."""

    kinds: tuple[StepKind, ...]
    place: int = 0
    status: RequestStatus = RequestStatus.OPEN


def after(course: Course, act: Act, place: int | None = None) -> Course | None:
    """Say where a request is after an act, None where the act is not possible or changes nothing.

    `place` is the step that is decided on, by itself the one whose turn it is. A panel may decide anew on a case that
    it has decided: that takes a request back that has gone on and is not yet enacted, and opens one that ended there.
    What was enacted or withdrawn stays (it is reversed only by a request of its own).
    """
    at = course.place if place is None else place
    is_open = course.status is RequestStatus.OPEN
    if act is Act.WITHDRAW:
        return replace(course, status=RequestStatus.WITHDRAWN) if is_open else None
    if act not in FITTING[course.kinds[at]]:
        return None
    is_its_turn = at == course.place and (is_open or course.status in AGAINST_HER)
    if act in (Act.APPROVE, Act.DECLINE, Act.ENACT) and not is_open:
        return None
    if is_its_turn:
        return replace(course, status=ENDS[act]) if act in ENDS else replace(course, place=at + 1, status=_OPEN)
    went_on_from_it = is_open and at < course.place
    if went_on_from_it and course.kinds[at] is StepKind.PANEL and act in ENDS:
        return replace(course, place=at, status=ENDS[act])
    return None


_OPEN = RequestStatus.OPEN


class RequestFault(StrEnum):
    """Why something about a request is refused; the words for people stand in `wording`."""

    NOT_ON_A_WAY = "not_on_a_way"
    NO_SUCH_STEP = "no_such_step"
    STILL_TO_DO = "still_to_do"
    LIVE_ALREADY = "live_already"
    CHANGE_AHEAD = "change_ahead"
    SAME_PANEL = "same_panel"
    NO_VACANCY_CHOSEN = "no_vacancy_chosen"
    NO_VACANCY_NEEDED = "no_vacancy_needed"
    VACANCY_NOT_OPEN = "vacancy_not_open"
    NOT_OPEN = "not_open"
    NOT_ITS_TURN = "not_its_turn"
    NOT_THE_ROLE = "not_the_role"
    OWN = "own"
    DECLINED_BEFORE = "declined_before"
    ASKED_FOR_IT = "asked_for_it"
    NO_REASONS = "no_reasons"
    FELL_AWAY = "fell_away"
    LEVEL_CHANGED = "level_changed"
    IN_THE_PAST = "in_the_past"
    TOO_FAR_AHEAD = "too_far_ahead"
    BEFORE_HER_LEVEL = "before_her_level"
    NO_POST_THEN = "no_post_then"
    OTHER_LEVEL_THEN = "other_level_then"
    OTHER_STAFF_THEN = "other_staff_then"
    NO_ROOM = "no_room"
    NOT_ENACTED = "not_enacted"
    REVERSED_ALREADY = "reversed_already"
    CHANGED_SINCE = "changed_since"
    BEFORE_THE_CHANGE = "before_the_change"
    MAY_NOT_ASK_FOR_IT = "may_not_ask_for_it"
    NOT_REFUSED = "not_refused"


@dataclass(frozen=True, slots=True)
class Asking:
    """What counts when somebody asks to go on: does a way lead on, is it met, what else is under way.

    `shares_a_panel` says that another request of hers is still to pass a panel that this one passes too.
    """

    is_on_a_way: bool
    leads_on: bool
    is_met: bool
    is_live: bool
    change_is_ahead: bool
    shares_a_panel: bool
    is_for_a_vacancy: bool
    chose_a_vacancy: bool


def against_asking(asking: Asking) -> list[RequestFault]:
    """List every reason why a request cannot be raised; an empty list means that it can.

    Criteria that nobody has published are met (AMB-43); a change that is decided on and not yet in force comes first.
    A panel has one case of hers at a time, so that what it decides is decided on one request.
    """
    if not asking.is_on_a_way:
        return [RequestFault.NOT_ON_A_WAY]
    if not asking.leads_on:
        return [RequestFault.NO_SUCH_STEP]
    needs_one, has_one = asking.is_for_a_vacancy, asking.chose_a_vacancy
    reasons = (
        (RequestFault.LIVE_ALREADY, asking.is_live),
        (RequestFault.CHANGE_AHEAD, asking.change_is_ahead),
        (RequestFault.SAME_PANEL, asking.shares_a_panel),
        (RequestFault.STILL_TO_DO, not asking.is_met),
        (RequestFault.NO_VACANCY_CHOSEN, needs_one and not has_one),
        (RequestFault.NO_VACANCY_NEEDED, has_one and not needs_one),
    )
    return [fault for fault, holds in reasons if holds]


@dataclass(frozen=True, slots=True)
class Seat:
    """In which role somebody decides: her own, or for a holder who is away, by a cover that somebody named."""

    role: Role
    cover_id: int | None = None
    in_place_of_id: int | None = None
    named_by_id: int | None = None

    @property
    def not_about(self) -> frozenset[int]:
        """About whom she does not decide in it: for whom she stands in, and whoever named her."""
        return frozenset(each for each in (self.in_place_of_id, self.named_by_id) if each is not None)


def seat_about(seats: Iterable[Seat], person_id: int) -> Seat | None:
    """Return the first of these seats in which a decision about a person can be made, or None.

    Nobody is decided on by whoever stands in for her, or was named by her.
    """
    return next((each for each in seats if person_id not in each.not_about), None)


@dataclass(frozen=True, slots=True)
class Deciding:
    """What counts when somebody decides on a step, in a seat from which she can decide about this person.

    `fits` says whether the act is one of the step whose turn it is; `fell_away` whether a line that was met when the
    request was raised is met no longer; `still_at_level` whether she still holds the level that the request is from.
    `asked_for_it` says that she asked herself that a change be taken back, and is to approve that now.
    """

    is_open: bool
    fits: bool
    person_id: int
    by: int
    seat: Seat | None
    goes_on: bool
    reasons: str
    fell_away: bool = False
    still_at_level: bool = True
    declined_before: bool = False
    asked_for_it: bool = False


def against_deciding(deciding: Deciding, *, reasons_needed: bool = True) -> list[RequestFault]:
    """List every reason why somebody cannot decide on a step.

    Nobody decides about herself. To go on, all that the request rests on must still stand; to decline is always
    possible.
    """
    if not deciding.is_open:
        return [RequestFault.NOT_OPEN]
    if not deciding.fits:
        return [RequestFault.NOT_ITS_TURN]
    faults = (
        (RequestFault.OWN, deciding.by == deciding.person_id),
        (RequestFault.NOT_THE_ROLE, deciding.seat is None),
        (RequestFault.DECLINED_BEFORE, deciding.declined_before),
        (RequestFault.ASKED_FOR_IT, deciding.asked_for_it),
        (RequestFault.NO_REASONS, reasons_needed and not deciding.reasons.strip()),
        (RequestFault.FELL_AWAY, deciding.goes_on and deciding.fell_away),
        (RequestFault.LEVEL_CHANGED, deciding.goes_on and not deciding.still_at_level),
    )
    return [fault for fault, holds in faults if holds]


MONTHS_AHEAD = 12
"""So far ahead a change can be made at most."""


def against_the_day(
    effective_on: date, today: date, career_level: str | None, since: date | None, expected: str
) -> list[RequestFault]:
    """List what speaks against a change on a day.

    `career_level` is what she holds that day (None: no post), `since` when she began in it, `expected` the level that
    the change is from. A change begins today at the earliest and on the same day of next year at the latest, for what
    it rests on is looked at now; and never before the level that it is from.
    """
    faults = (
        (RequestFault.IN_THE_PAST, effective_on < today),
        (RequestFault.TOO_FAR_AHEAD, effective_on > months_after(today, MONTHS_AHEAD)),
        (RequestFault.NO_POST_THEN, career_level is None),
        (RequestFault.OTHER_LEVEL_THEN, career_level is not None and career_level != expected),
        (RequestFault.BEFORE_HER_LEVEL, since is not None and effective_on <= since),
    )
    return [fault for fault, holds in faults if holds]


@dataclass(frozen=True, slots=True)
class Held:
    """A post as far as a request asks: its career level, and whether whoever has it progresses by the request's rules.

    Agency staff, partners and students do not (A6).
    """

    career_level: str
    progresses: bool


def has_lapsed(kind: RequestKind, from_level: str, now: Held | None, ahead: Iterable[Held]) -> bool:
    """Say whether a request leads nowhere any more: she holds its level no longer, does not progress, or has left.

    `now` is her post of today where the request is, `ahead` are those still to begin: a gap between two posts ends
    nothing. A change that begins later can be taken back before it has begun.
    """
    if kind is RequestKind.REVERSAL:
        return from_level not in {each.career_level for each in (now, *ahead) if each}
    if now is None:
        return not any(True for _ in ahead)
    return now.career_level != from_level or not now.progresses


REVERSERS = (Role.WORKFORCE_DEVELOPMENT, Role.OPERATIONS_MANAGER, Role.ASSISTANT_DIRECTOR)
"""Who may ask that a change be taken back."""


def steps_to_reverse(steps: Iterable[Step]) -> tuple[Step, Step]:
    """Say who decides on taking a change back, and who carries it out.

    The role that approves such changes decides, or else the Assistant Director; the operations manager carries it out.
    """
    approver = next((each.role for each in steps if each.step is StepKind.APPROVAL), Role.ASSISTANT_DIRECTOR)
    return (
        Step(step=StepKind.APPROVAL, role=approver),
        Step(step=StepKind.ENACTMENT, role=Role.OPERATIONS_MANAGER),
    )


def appeal_until(decided_on: date, within_days: int | None) -> date | None:
    """Return the last day on which an appeal is in time, None where the pack has none."""
    return None if within_days is None else decided_on + timedelta(days=within_days)


def fallen(before: Sequence[tuple[str, bool]], now: Mapping[str, bool]) -> list[str]:
    """List the lines, by code, that were met when the request was raised and are met no longer.

    A line that the record no longer knows counts as fallen.
    """
    return [code for code, was_met in before if was_met and not now.get(code, False)]


class CoverFault(StrEnum):
    """Why somebody cannot stand in for another."""

    NOT_A_HOLDER = "not_a_holder"
    NOT_HERE = "not_here"
    HERSELF = "herself"
    NOT_YOURS_TO_NAME = "not_yours_to_name"
    NAMES_HERSELF = "names_herself"
    ENDS_FIRST = "ends_first"
    OVER_ALREADY = "over_already"
    NO_REASON = "no_reason"
    COVERED_ALREADY = "covered_already"


@dataclass(frozen=True, slots=True)
class CoverWanted:
    """Who stands in for which holder of a role, on which days (both included), and why."""

    role: Role
    holder_id: int
    covered_by_id: int
    first_day: date
    last_day: date
    reason: str


def faults_of_cover(
    wanted: CoverWanted,
    *,
    by: int,
    is_officer: bool,
    holders: Iterable[int],
    is_here: bool,
    overlaps: bool,
    today: date,
) -> list[CoverFault]:
    """List what is wrong with a cover.

    The holder names it herself, or Workforce Development does for her; an officer never names herself, or she would
    give herself a power.
    """
    faults = (
        (CoverFault.NOT_A_HOLDER, wanted.holder_id not in set(holders)),
        (CoverFault.NOT_HERE, not is_here),
        (CoverFault.HERSELF, wanted.covered_by_id == wanted.holder_id),
        (CoverFault.NOT_YOURS_TO_NAME, by != wanted.holder_id and not is_officer),
        (CoverFault.NAMES_HERSELF, by == wanted.covered_by_id and by != wanted.holder_id),
        (CoverFault.ENDS_FIRST, wanted.last_day < wanted.first_day),
        (CoverFault.OVER_ALREADY, wanted.last_day < today),
        (CoverFault.NO_REASON, not wanted.reason.strip()),
        (CoverFault.COVERED_ALREADY, overlaps),
    )
    return [fault for fault, holds in faults if holds]
