"""HR's files in words: their days, and why something is refused."""

from __future__ import annotations

from datetime import date

from cpd.progression.exports.rules import ExportFault
from cpd.shared.wording import date_words

FAULTS = {
    ExportFault.NOTHING_WAITS: "No change waits any more: somebody has just taken the file. Look at the files below.",
    ExportFault.ENTERED_ALREADY: "This file is ticked as entered already. There is nothing more to do.",
    ExportFault.NOT_HR: "Only HR takes these files. Ask somebody there.",
}
"""Each reason with the next step, for whoever tried."""


def day_in_words(kept: str) -> str:
    """`1 March 2019`, of a day as it is written in a file (`2019-03-01`)."""
    return date_words(date.fromisoformat(kept))
