"""The retention point in words."""

from __future__ import annotations

from datetime import date

from cpd.progression.pathways.words import verdict_words
from cpd.progression.retention.reading import AtThePoint
from cpd.progression.retention.rules import Change, ChangeKind, Period, Stage
from cpd.requirements.months import MONTHS_IN_A_YEAR, months_between
from cpd.schemes.retention_shape import RetentionPoint
from cpd.shared.wording import counted, date_words

STAGES = {Stage.AT_IT: "At the point", Stage.COMING_UP: "Coming up to it"}
KINDS = {ChangeKind.ADVANCED: "Advanced", ChangeKind.MOVED: "Moved"}


def point_words(point: RetentionPoint) -> str:
    """`between 2 and 3 years`; months where they are no whole years."""
    first, last = point.months
    if first % MONTHS_IN_A_YEAR or last % MONTHS_IN_A_YEAR:
        return f"between {first} and {last} months"
    return f"between {first // MONTHS_IN_A_YEAR} and {last // MONTHS_IN_A_YEAR} years"


def stay_words(since: date, today: date) -> str:
    """`2 years 4 months`."""
    years, months = divmod(months_between(since, today), MONTHS_IN_A_YEAR)
    parts = [counted(years, "year")] if years else []
    parts += [counted(months, "month")] if months or not years else []
    return " ".join(parts)


def plan_words(found: AtThePoint) -> str:
    """Say what is planned: a request under way, or how she stands to what is next."""
    best = found.readiness.best
    if found.is_asked_for:
        return "A request is under way"
    if best is None or found.readiness.terms is None:
        return "Nothing further is published from here"
    title = found.readiness.terms.level_title(best.transition.to_level)
    return f"{title}: {verdict_words(best)}"


def spoken_words(found: AtThePoint, point: RetentionPoint) -> str:
    """`On 3 September 2018`, or that there was none."""
    if found.spoken_on:
        return f"On {date_words(found.spoken_on)}"
    return f"None in the last {counted(point.conversation_within_months, 'month')}"


def change_words(change: Change, titles: dict[str, str]) -> str:
    """`From Social worker to Senior Social Worker, as told by HR`, `From North Team to South Team`."""
    before, after = (titles.get(each, each) for each in (change.before, change.after))
    if change.kind is ChangeKind.MOVED:
        return f"From {change.before} to {change.after}"
    whence = "by a decision recorded here" if change.by_decision else "as told by HR"
    return f"From {before} to {after}, {whence}"


def periods_words(periods: list[Period]) -> str:
    """Sum the periods up for whoever does not see the picture."""
    return " ".join(f"From {date_words(each.first)}: {each.advanced} advanced, {each.moved} moved." for each in periods)
