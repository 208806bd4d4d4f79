"""Awards in plain words: figures, lines, ways left, and why something does not count or was refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from cpd.requirements.evaluator import Standing, State
from cpd.requirements.language import Credits
from cpd.requirements.record import Fact
from cpd.shared.wording import and_words, date_words
from cpd.study.awards.prior_learning import source_of
from cpd.study.awards.reading import AwardView
from cpd.study.awards.rules import Fault, LeftOut, Offer, Place, Status, in_common
from cpd.study.awards.stages import PracticeEducatorStatus, StagePlace

MOST_WAYS = 6

STATUSES = {
    Status.ENROLLED: ("Enrolled", "booked"),
    Status.COMPLETED: ("Award held", "done"),
    Status.WITHDRAWN: ("Enrolment ended", "neutral"),
}
"""The words and the tone of an enrolment's tag."""

FAULTS = {
    Fault.NO_SUCH_AWARD: "Your council's scheme has no such award. Choose one from the list.",
    Fault.NO_SUCH_COMPOSITION: "The award cannot be made up in that way. Choose one from the list.",
    Fault.ENROLLED_ALREADY: "This person is enrolled on the award already, or holds it. Look at the enrolment instead.",
    Fault.AHEAD: "The day is in the future. Enter today or a day before.",
    Fault.BEFORE_ENROLMENT: "The award is dated before the enrolment. Enter a later day.",
    Fault.NO_REASON: "Give a reason: it is kept, and the person is told.",
    Fault.NOT_ENROLLED: "Somebody has changed this enrolment since you opened it. Look at it as it is now.",
    Fault.DECIDED_BY_CREDITS: "Credits decide on this award. Record the credits, and the award follows by itself.",
    Fault.SAME_RULES: "There is nobody left to move: everybody chosen is under the rules in force, or holds the award.",
    Fault.OWN: "This is about yourself. Ask a colleague in Workforce Development to do it.",
}

LEFT_OUT = {
    LeftOut.ACADEMIC_LEVEL: "its academic level is too low for this award",
    LeftOut.NOT_A_PART: "it is not a part of this award",
    LeftOut.OVER_CAP: "it is more prior learning than counts towards this award; ask Workforce Development what the "
    "university would accept",
    LeftOut.NOT_NEEDED: "what it could count for is complete without it, and nothing counts twice",
    LeftOut.TOO_OLD: "the learning is too old without proof that it is current; ask Workforce Development what to show",
}


def number(amount: Decimal | int) -> str:
    """`20`, `7.5`: an amount without noughts that say nothing."""
    return f"{Decimal(amount).normalize():f}"


def figure_words(view: AwardView) -> str:
    """`40 of 60 credits, 20 more expected`; of what credits do not decide, only how it stands."""
    if view.place is None:
        held = view.enrolment is not None and view.enrolment.status is Status.COMPLETED
        return "Award held" if held else "Recorded once the university has given it"
    return counted_words(view.place)


def counted_words(place: Place) -> str:
    """`40 of 60 credits, 20 more expected`."""
    counted = place.counted
    words = f"{number(counted.done)} of {number(counted.total)} credits"
    return f"{words}, {number(counted.in_hand)} more expected" if counted.in_hand else words


def line_title(line: Standing, titles: Mapping[str, str]) -> str:
    """`Practice Educator stage two or Research Module`; empty for a line that is not about credits."""
    asked = line.requirement
    if not isinstance(asked, Credits):
        return ""
    if not asked.sources:
        return f"Any credits at academic level {asked.academic_level}"
    sources = dict.fromkeys(map(source_of, asked.sources))
    return and_words((titles.get(each, each) for each in sources), last="or")


def line_words(line: Standing, titles: Mapping[str, str]) -> list[str]:
    """Say what a line of credits rests on, and what is missing: one sentence each."""
    words = [fact_words(fact, titles) for fact in line.by]
    if line.state is State.OUTSTANDING and line.shortfall and isinstance(line.requirement, Credits):
        missing = number(line.shortfall.missing)
        words.append(f"{missing} {'more ' if line.by else ''}credits are needed.")
    return words


def fact_words(fact: Fact, titles: Mapping[str, str]) -> str:
    """`Research Module: 20 credits at level 7, awarded on 3 July 2019.`, or expected."""
    verb = "expected on" if fact.still_ahead else "awarded on"
    what = f"{number(fact.amount or 0)} credits at level {fact.academic_level}"
    source = source_of(fact.subject)
    title = titles.get(source, source) + (", by prior learning" if source != fact.subject else "")
    return f"{title}: {what}, {verb} {date_words(fact.happened_on)}."


def line_label(line: Standing) -> tuple[str, str]:
    """The words and the tone of a line's tag."""
    if line.state is State.MET:
        return "Done", "done"
    return ("Expected", "waiting") if line.state is State.IN_HAND else ("Still to do", "neutral")


def left_out_words(place: Place, titles: Mapping[str, str]) -> list[str]:
    """Say of each award of credits that does not count here why not."""
    return [f"{fact_words(fact, titles).rstrip('.')}: {LEFT_OUT[why]}." for fact, why in place.left_out]


def ways_words(ways: Sequence[tuple[Offer, ...]], titles: Mapping[str, str]) -> str:
    """`Practice Educator stage one (20), and then Practice Educator stage two (20) or Research Module (20)`.

    Empty where there is nothing left to do, or no way.
    """
    common, rest = in_common(ways)
    first = and_words(_offer(each, titles) for each in common) if common else ""
    choices = [and_words(_offer(each, titles) for each in way) for way in rest[:MOST_WAYS]]
    joint = ", or " if any(len(way) > 1 for way in rest) else " or "
    then = joint.join(choices)
    if len(rest) > MOST_WAYS:
        then += f", or one of {len(rest) - MOST_WAYS} other ways"
    return ", and ".join(part for part in (first, then) if part)


def waits_words(place: Place, today: date) -> str:
    """`Nothing more to do: the last credits are expected on 22 March 2027`; empty where that is not so.

    Where that day is past, it says that the result is missing, and whom to ask.
    """
    expected_on = place.standing.expected_on if place.standing.state is State.IN_HAND else None
    if expected_on is None:
        return ""
    if expected_on < today:
        missing = f"The last credits were expected on {date_words(expected_on)}, and there is no result yet"
        return f"{missing}: ask Workforce Development"
    return f"Nothing more to do: the last credits are expected on {date_words(expected_on)}"


def educator_words(status: PracticeEducatorStatus) -> str:
    """`Practice educator, stage one, since 3 July 2019`; or that there is no stage yet."""
    held = status.highest
    if held is None:
        return "No practice educator stage yet"
    since = f" since {date_words(held.holds.met_on)}" if held.holds.met_on else ""
    lapsed = "" if held.is_current else ", not current at present"
    return f"{held.stage.title},{since}{lapsed}" if since else f"{held.stage.title}{lapsed}"


def stage_label(place: StagePlace) -> tuple[str, str]:
    """The words and the tone of a stage's tag."""
    if place.holds.is_met:
        return ("Held", "done") if place.is_current else ("Held, not current", "attention")
    return ("Credits expected", "waiting") if place.holds.state is State.IN_HAND else ("Not held", "neutral")


def verdict_of(now: AwardView, then: AwardView | None) -> tuple[str, str]:
    """Say whether other rules would be better or worse for somebody: words and tone, no change where they are alike."""
    if then is None:
        return "The award is no longer in the scheme", "attention"
    if now.place is None or then.place is None:
        return ("No change", "neutral") if now.place is then.place else ("Decided in another way", "attention")
    before, after = _rank(now.place), _rank(then.place)
    if before == after:
        return "No change", "neutral"
    return ("Gains", "done") if after > before else ("Loses", "attention")


def _rank(place: Place) -> tuple[int, Decimal, Decimal]:
    order = (State.OUTSTANDING, State.IN_HAND, State.MET)
    counted = place.counted
    return order.index(place.standing.state), -(counted.total - counted.done), -counted.missing


def _offer(offer: Offer, titles: Mapping[str, str]) -> str:
    return f"{titles.get(offer.code, offer.code)} ({number(offer.credits)})"
