"""What can be done with panels: their members, meetings and cases, and what they recommend and decide."""

from __future__ import annotations

from cpd.progression.panels import ahead as ahead  # noqa: PLC0414 - its facts are asked for from here on
from cpd.progression.panels.cases import (
    declare_interest,
    give_meeting,
    open_case,
    open_ready_case,
    take_interest_back,
    withdraw_case,
)
from cpd.progression.panels.deciding import decide, decide_anew, recommend, reveal
from cpd.progression.panels.facts import CaseDecided, PanelRefused
from cpd.progression.panels.meetings import MeetingWanted, cancel_meeting, change_meeting, plan_meeting, who_can_come
from cpd.progression.panels.members import appoint, end_seat
from cpd.progression.panels.reading import waiting_count
from cpd.progression.panels.reminding import remind_of_panel_reviews
from cpd.progression.panels.rules import Decision, PanelFault

__all__ = [
    "CaseDecided",
    "Decision",
    "MeetingWanted",
    "PanelFault",
    "PanelRefused",
    "appoint",
    "cancel_meeting",
    "change_meeting",
    "decide",
    "decide_anew",
    "declare_interest",
    "end_seat",
    "give_meeting",
    "open_case",
    "open_ready_case",
    "plan_meeting",
    "recommend",
    "remind_of_panel_reviews",
    "reveal",
    "take_interest_back",
    "waiting_count",
    "who_can_come",
    "withdraw_case",
]
