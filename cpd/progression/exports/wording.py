"""HR's files in words: why something is refused."""

from __future__ import annotations

from cpd.progression.exports.rules import ExportFault

FAULTS = {
    ExportFault.NOTHING_WAITS: "No change waits any more: somebody has just taken the file. Look at the files below.",
    ExportFault.ENTERED_ALREADY: "This file is ticked as entered already. There is nothing more to do.",
    ExportFault.NOT_HR: "Only HR takes these files. Ask somebody there.",
}
"""Each reason with the next step, for whoever tried."""
