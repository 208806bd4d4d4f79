"""What people type about a booking of their own, on a page of theirs or behind the link in a mail."""

from __future__ import annotations

from typing import Any

from cpd.booking.rules import LONGEST_ASKS
from cpd.booking.wording import CANCEL_REASONS, reason_kept
from cpd.shared.forms import Form, LongTextField, RadiosField, SelectChoice, TextField

LONGEST_OTHER = 100


class AskForm(Form):
    """Ask Workforce Development for a place."""

    asks = LongTextField("Why do you need it?", required="Say why you need it", longest=LONGEST_ASKS)


class GiveBackForm(Form):
    """Give a place back, with one tap to say why; only after the cut-off it must be said (AMB-35)."""

    reason = RadiosField(
        "Why can you not come? (optional)",
        hint="Nobody needs details.",
        choices=[SelectChoice(code, words) for code, words in CANCEL_REASONS.items()],
    )
    words = TextField("If it is something else, in a few words (optional)", longest=LONGEST_OTHER)

    def __init__(self, *, late: bool, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if late:
            self.reason.label.text = "Why can you not come?"
            self.reason.required = "Choose why you cannot come"
            self.reason.description = "It is late to give a place back, so it is marked as late. Nobody needs details."

    def kept(self) -> str:
        """Return what is kept of the reason."""
        return reason_kept(self.reason.data or "", self.words.data or "")
