"""Which days the counts are of."""

from __future__ import annotations

from datetime import date

from cpd.requirements.months import months_after
from cpd.shared.forms import DateField, QueryForm

MONTHS_AT_MOST = 24
"""So many months are counted at once at most: a picture has room for twelve periods of two."""


class DaysForm(QueryForm):
    """From when to when advances and moves are counted; left empty, the month under way and the eleven before."""

    since = DateField("From")
    until = DateField("To")

    def span(self, today: date) -> tuple[date, date]:
        """Return the first and the last day asked for; of what is too long, the months before the last day."""
        valid = self.validate()
        until = (self.until.data if valid else None) or today
        since = (self.since.data if valid else None) or months_after(until.replace(day=1), -11)
        if since > until or months_after(since, MONTHS_AT_MOST) <= until:
            since = months_after(until.replace(day=1), -11)
        return since, until
