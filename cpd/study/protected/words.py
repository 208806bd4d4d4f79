"""How protected time is said: lengths, weeks, answers, and why one is refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from markupsafe import Markup

from cpd.record.claims.wording import length_words
from cpd.shared.plots import Share, shares_picture
from cpd.shared.wording import and_words, counted, date_words
from cpd.study.protected.rules import Answer, Balance, Fault, Standing, Week, WeekLine

WEEKS_DRAWN = 12
WEEKS_ASKED = 2
"""So many of the weeks not said are asked for at once; the others are folded away."""

NOT_KNOWN = "\N{EN DASH}"

ANSWERS = {Answer.HAD: "Had it", Answer.PART: "Part of it", Answer.NO: "No"}
SAID = {Answer.HAD: "Had it", Answer.PART: "Part of it", Answer.NO: "Did not have it"}
TONES = {Answer.HAD: "done", Answer.PART: "waiting", Answer.NO: "attention"}


def refusal_words(fault: Fault, week: Week) -> str:
    """Say why an answer is not taken, and what to do."""
    return {
        Fault.NOT_A_WEEK: "There is no such week. Choose one of the weeks on your page.",
        Fault.AHEAD: f"This week begins on {date_words(week.first)}. Come back then.",
        Fault.NOTHING_DUE: "There was no protected time in this week, so there is nothing to say. If that is wrong, "
        "ask your manager to look at the days that you were away, or HR to look at your post.",
        Fault.TOO_LONG: f"You had at most {long(week.minutes)} in this week. Enter that much or less, or choose Had it",
        Fault.NO_TIME: "Enter how long it was, or choose No",
    }[fault]


def long(minutes: int) -> str:
    """`3 hours 42 minutes`, and `none` for nothing."""
    return length_words(minutes) or "none"


def week_words(week: Week) -> str:
    """`14 to 18 January 2019`, the working days of a week."""
    first, last = week.first, week.first + timedelta(days=4)
    if first.year != last.year:
        return f"{date_words(first)} to {date_words(last)}"
    if first.month != last.month:
        return f"{first.day} {first:%B} to {date_words(last)}"
    return f"{first.day} to {date_words(last)}"


def left_out_words(week: Week) -> str:
    """`1 bank holiday and 2 days away left out`; empty where nothing is."""
    parts = [counted(week.holidays, "bank holiday")] if week.holidays else []
    parts += [f"{counted(week.days_away, 'day')} away"] if week.days_away else []
    return f"{and_words(parts)} left out" if parts else ""


@dataclass(frozen=True, slots=True)
class WeekRow:
    """One week as pages show it: its days, what was due and why less, and what was said, with its tone."""

    week: str
    days: str
    due: str
    left_out: str
    had: str
    said: str
    tone: str
    is_open: bool


def row_of(line: WeekLine) -> WeekRow:
    """Put a week into words."""
    if line.said:
        said, tone = SAID[line.said.answer], TONES[line.said.answer]
    else:
        said, tone = ("Not said yet", "open") if line.is_open else ("Nothing due", "neutral")
    return WeekRow(
        line.week.first.isoformat(),
        week_words(line.week),
        long(line.week.minutes),
        left_out_words(line.week),
        NOT_KNOWN if line.is_open else long(line.had),
        said,
        tone,
        line.is_open,
    )


def thanks(line: WeekLine) -> str:
    """Say what was recorded, and where a part is only taken to be half, that it can be said exactly."""
    if not line.said or line.said.answer is Answer.NO:
        return "Recorded: you did not have it."
    if line.said.answer is Answer.HAD or line.said.minutes is not None:
        return f"Recorded: {long(line.had)}."
    return f"Recorded as half of it: {long(line.had)}. If it was more or less, change it below."


def behind_words(balance: Balance) -> str:
    """Say how far behind somebody is, and how much of it nobody has said anything of."""
    if not balance.left:
        return "Nothing: all of it was had" if balance.due else "Nothing is due yet"
    if not balance.weeks_not_said:
        return long(balance.left)
    not_recorded = f"{counted(balance.weeks_not_said, 'week')} not recorded yet"
    if balance.not_said == balance.left:
        return f"{not_recorded}: {long(balance.left)}"
    return f"{long(balance.left)}, {long(balance.not_said)} of it in {not_recorded}"


def plot_of(standing: Standing) -> Markup:
    """Draw the latest weeks: what was due, with what was had of it filled; a question mark where nothing was said."""
    lines = standing.lines[:WEEKS_DRAWN][::-1]
    shares = [
        Share(
            f"{line.week.first.day} {line.week.first:%b}",
            line.week.minutes,
            line.had,
            "?" if line.is_open else "",
        )
        for line in lines
    ]
    due, had = sum(line.week.minutes for line in lines), sum(line.had for line in lines)
    words = f"In {counted(len(lines), 'week')} {long(due)} were due; {long(had)} of it are known to have been had"
    return shares_picture("Protected time in each of the latest weeks", words, shares)
