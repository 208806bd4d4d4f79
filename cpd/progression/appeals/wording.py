"""Appeals in words: how one stands, and why something is refused."""

from __future__ import annotations

from cpd.progression.appeals.rules import AppealFault, AppealStatus

STATES = {
    AppealStatus.SENT: ("Sent, not yet with anybody", "waiting"),
    AppealStatus.ASSIGNED: ("Being decided", "waiting"),
    AppealStatus.UPHELD: ("Upheld", "done"),
    AppealStatus.DISMISSED: ("Dismissed", "neutral"),
    AppealStatus.WITHDRAWN: ("Withdrawn", "neutral"),
}
"""How an appeal stands: the words and the tone of its status tag."""

OUTCOMES = {
    AppealStatus.UPHELD: "Your appeal is upheld. Your request is taken up again at the step where it was not agreed, "
    "by people who had no part in that decision.",
    AppealStatus.DISMISSED: "Your appeal is dismissed. The decision stands. You can ask again on My progress when you "
    "are ready; the same rules hold.",
}
"""What an outcome means for whoever appealed."""

FAULTS = {
    AppealFault.NOTHING_AGAINST_HER: "There is no decision against you here to appeal against. Look at the request: it "
    "is under way, agreed or withdrawn.",
    AppealFault.NO_TIME_NAMED: "The council's scheme names no time for an appeal against this step. Ask Workforce "
    "Development how to raise a concern.",
    AppealFault.TOO_LATE: "The last day for an appeal has passed. Ask again on My progress when you are ready, or ask "
    "Workforce Development how to raise a concern.",
    AppealFault.APPEALED_ALREADY: "You have appealed against this decision already. Look at your appeal.",
    AppealFault.ASKED_AGAIN: "You have asked for this step again since, and that is being decided. Wait for it, or "
    "withdraw that request and then appeal.",
    AppealFault.NO_GROUNDS: "Write why you appeal",
    AppealFault.NOT_AN_OFFICER: "Workforce Development finds out who decides. Ask one of them.",
    AppealFault.OWN: "This is your own appeal. Ask a colleague in Workforce Development to do it.",
    AppealFault.ENDED: "This appeal was decided or withdrawn already. Read what was decided.",
    AppealFault.NOT_ENTITLED: "An Assistant Director, a Principal Social Worker or an operations manager decides on "
    "appeals, as long as they hold the role. Choose one of them.",
    AppealFault.HAD_A_PART: "Whoever decides must have had no part in the decision before. Choose somebody else.",
    AppealFault.IS_THE_PERSON: "Nobody decides on their own appeal. Choose somebody else.",
    AppealFault.MANAGES_HER: "Her line manager cannot decide on it. Choose somebody else.",
    AppealFault.DAY_IS_PAST: "The day by which it is decided must be today or later",
    AppealFault.NOT_GIVEN_TO_HER: "This appeal is with somebody else now. Ask Workforce Development.",
    AppealFault.NO_REASONS: "Write your reasons",
    AppealFault.SAME_PANEL: "Another request of theirs is still to go before the same panel, and a panel judges one at "
    "a time. Uphold the appeal once that is decided; Workforce Development can set a later day for it.",
    AppealFault.MOVED_ON: "The request has moved on since: it was decided anew, or asked for again. Read the request, "
    "then dismiss the appeal for that reason, or ask the person to withdraw it.",
}
"""Each reason with the next step, for whoever tried."""
