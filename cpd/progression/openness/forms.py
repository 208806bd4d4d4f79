"""Which year is counted, and of which days decisions are listed."""

from __future__ import annotations

from datetime import date

from cpd.progression.openness.counting import financial_year
from cpd.shared.forms import DateField, QueryForm


class DaysForm(QueryForm):
    """From when to when decisions are listed; left empty, the financial year under way."""

    since = DateField("From")
    until = DateField("To")

    def span(self, today: date) -> tuple[date, date]:
        """Return the first and the last day asked for; what is no span is the year under way."""
        usual = financial_year(today)
        valid = self.validate()
        first = (self.since.data if valid else None) or usual[0]
        last = (self.until.data if valid else None) or max(usual[1], first)
        return (first, last) if first <= last else usual
