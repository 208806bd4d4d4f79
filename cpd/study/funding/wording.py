"""Funding in words: how a request stands, what it costs, and why something is refused."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from cpd.shared.wording import date_words
from cpd.study.funding.rules import LARGEST_COST, FundingFault, FundingStatus

STATES = {
    FundingStatus.ASKED: ("Asked for, no comment yet", "waiting"),
    FundingStatus.COMMENTED: ("Asked for, to be decided", "waiting"),
    FundingStatus.APPROVED: ("Approved", "done"),
    FundingStatus.DECLINED: ("Declined", "neutral"),
    FundingStatus.WITHDRAWN: ("Withdrawn", "neutral"),
    FundingStatus.NOT_HELD: ("Did not take place", "neutral"),
}
"""How a request stands: the words and the tone of its status tag."""

FAULTS = {
    FundingFault.NO_POST: "You have no post here today. Ask HR to put your post right, then ask again.",
    FundingFault.NOT_FOR_HER: "This funding is for employees of the council. Ask your own employer, agency or "
    "university what it offers.",
    FundingFault.NOT_OFFERED: "Your council takes no such requests here. Ask Workforce Development how to apply.",
    FundingFault.STARTED: "The training must not have begun: enter a day from today on",
    FundingFault.ENDS_FIRST: "The last day must be the same as or after the first day",
    FundingFault.NO_COST: "Enter what it costs in pounds and pence, such as 450 or 449.50",
    FundingFault.COSTS_TOO_MUCH: f"The cost can be £{LARGEST_COST:,} at most. For more, talk to the Assistant Director",
    FundingFault.NO_SAFE_LINK: "The link must be a whole address that begins with https://",
    FundingFault.NO_WORDS: "Words are missing. Go back and write them: they are what is sent.",
    FundingFault.NOT_HER_MANAGER: "Only the line manager can comment. Ask HR if the line manager is wrong.",
    FundingFault.NOT_THE_DECIDER: "An Assistant Director decides on this. Ask one of them.",
    FundingFault.OWN: "You cannot decide on your own request. Ask another Assistant Director.",
    FundingFault.COMMENTED_ALREADY: "The manager has commented already. Tell the Assistant Director if something "
    "is missing.",
    FundingFault.DECIDED_ALREADY: "This request was decided already. Read what was decided.",
    FundingFault.OVER: "This training is over, so what was approved stays. If you did not go, tell the "
    "Assistant Director.",
    FundingFault.NOT_APPROVED: "This request is not decided yet. Decide on it first.",
    FundingFault.ENDED_ALREADY: "This request was withdrawn or declined already, or the training did not take place. "
    "Ask anew if it is still wanted.",
}
"""Each reason with the next step, for whoever tried."""


def money(cost: Decimal) -> str:
    """`£1,250`, `£449.50`."""
    return f"£{cost:,.2f}".removesuffix(".00")


def when_words(starts_on: date, ends_on: date) -> str:
    """`3 May 2019`, `3 May 2019 to 5 May 2019`."""
    return date_words(starts_on) if starts_on == ends_on else f"{date_words(starts_on)} to {date_words(ends_on)}"


def year_words(starts_in: int) -> str:
    """`April 2018 to March 2019`."""
    return f"April {starts_in} to March {starts_in + 1}"
