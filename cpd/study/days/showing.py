"""Study days as pages show them: each figure with the days behind it, and each day with what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from cpd.people.service import PersonFacts
from cpd.shared.wording import date_words, day_words, time_words
from cpd.study.days.allowances import Balance
from cpd.study.days.reading import Account
from cpd.study.days.rules import DayStatus, LedgerEntry, Objection, StudyDay
from cpd.study.days.words import DONE, LABELS, bar_words, in_days, left_words, rule_words, time_of, when_words

FIGURES = {"asked": "Asked for", "approved": "Approved", "taken": "Taken"}
ENDINGS = {
    DayStatus.ASKED: "Take it back",
    DayStatus.APPROVED: "Cancel it",
    DayStatus.TAKEN: "I did not take it",
}


@dataclass(frozen=True, slots=True)
class DayShown:
    """One study day in a list: `action` and `href` are what can be done with it, empty where nothing can."""

    id: int
    person_id: int
    title: str
    when: str
    half_days: str
    purpose: str
    label: tuple[str, str]
    steps: tuple[str, ...]
    action: str
    href: str

    @property
    def without_action(self) -> DayShown:
        """The same on its own page, which needs no link to it."""
        return replace(self, action="", href="")


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a balance in words, and the days whose entries it is the sum of."""

    key: str
    label: str
    words: str
    days: tuple[DayShown, ...]
    rule: str = ""


@dataclass(frozen=True, slots=True)
class BalanceShown:
    """A balance: what is left, then each figure. `parts` are taken, approved and entitled, None without a number."""

    key: str
    title: str
    time: str
    left: str
    bar: str
    parts: tuple[int, int, int] | None
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class AccountShown:
    """Somebody's study days: today's balances, what waits or is ahead, other times, and what was ended.

    `uncounted` were taken and belong to no allowance now, because a post or the scheme has changed since.
    """

    balances: tuple[BalanceShown, ...]
    ahead: tuple[DayShown, ...]
    others: tuple[BalanceShown, ...]
    uncounted: tuple[DayShown, ...]
    ended: tuple[DayShown, ...]


@dataclass(frozen=True, slots=True)
class ObjectionShown:
    """What stands against an act: the name of the fault, and in words what its sentence needs."""

    fault: str
    title: str
    when: str
    left: str
    status: str


def objections_shown(objections: Iterable[Objection]) -> list[ObjectionShown]:
    """Put what a sentence needs into words."""
    return [
        ObjectionShown(
            str(each.fault),
            each.title,
            f"{day_words(each.starts_at)} at {time_words(each.starts_at)}" if each.starts_at else "",
            in_days(max(each.left or 0, 0)),
            LABELS[each.status][0].lower() if each.status else "",
        )
        for each in objections
    ]


class Shower:
    """Puts one person's study days into words, for herself (`mine`) or for whoever decides."""

    def __init__(self, account: Account, names: Mapping[int, PersonFacts], *, mine: bool) -> None:
        self.account = account
        self.names = names
        self.mine = mine

    def account_shown(self, today: date) -> AccountShown:
        """Show everything."""
        ahead = (day for day in self.account.days if day.status in (DayStatus.ASKED, DayStatus.APPROVED))
        taken = (day for day in reversed(self.account.days) if day.status is DayStatus.TAKEN)
        ended = (day for day in reversed(self.account.days) if not day.is_live)
        return AccountShown(
            tuple(self.balance(each) for each in self.account.balances_on(today)),
            self._days(ahead),
            tuple(self.balance(each) for each in self.account.other_balances(today)),
            self._days(day for day in taken if self.account.balance_on(day.kind, day.on) is None),
            self._days(ended),
        )

    def balance(self, balance: Balance) -> BalanceShown:
        """Show one balance."""
        allowance = balance.allowance
        entitled = allowance.half_days
        rule = rule_words(allowance, self.account.level_titles.get(allowance.career_level, ""))
        amounts = (("asked", balance.asked), ("approved", balance.approved), ("taken", balance.taken))
        return BalanceShown(
            f"{allowance.kind}-{allowance.first_day.isoformat()}",
            allowance.title,
            time_of(allowance),
            left_words(balance),
            bar_words(balance),
            None if entitled is None else (balance.taken, balance.approved, entitled),
            (
                Figure("entitled", "Entitled", "not set" if entitled is None else in_days(entitled), (), rule),
                *(Figure(key, FIGURES[key], in_days(amount), self._behind(balance, key)) for key, amount in amounts),
            ),
        )

    def day(self, day: StudyDay) -> DayShown:
        """Show one study day."""
        action, href = self._action(day)
        return DayShown(
            day.id,
            day.person_id,
            self.account.kind_title(day.kind),
            when_words(day),
            in_days(day.half_days),
            day.purpose,
            LABELS[day.status],
            tuple(self._step(each, day) for each in day.entries),
            action,
            href,
        )

    def _behind(self, balance: Balance, key: str) -> tuple[DayShown, ...]:
        """Show the days that a figure is the sum of."""
        return self._days(day for day in balance.days if day.status == key)

    def _days(self, days: Iterable[StudyDay]) -> tuple[DayShown, ...]:
        return tuple(self.day(each) for each in days)

    def _action(self, day: StudyDay) -> tuple[str, str]:
        """Name what the reader can do with a day, and where."""
        if self.mine:
            action = ENDINGS.get(day.status, "")
            return action, f"/my/study-days/{day.id}/end" if action else ""
        return "Answer" if day.asked else "See it", f"/people/{day.person_id}/study-days/{day.id}"

    def _step(self, entry: LedgerEntry, day: StudyDay) -> str:
        """`Approved by Mary Manager on 3 January 2019, beyond what was left: the portfolio is due`."""
        by = "" if self.mine and entry.by_id == day.person_id else f" by {self.names[entry.by_id].name}"
        words = f"{DONE[entry.act]}{by} on {date_words(entry.at)}"
        if entry.is_override:
            return f"{words}, beyond what was left: {entry.reason}"
        return f"{words}: {entry.reason}" if entry.reason else words
