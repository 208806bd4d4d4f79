"""The section of a pack on the point at which people tend to leave, and the conversation that is held before (L-3)."""

from __future__ import annotations

from cpd.schemes.pathway_shape import MonthsFromTo
from cpd.schemes.values import Citation, Code, Months, Shape


class RetentionPoint(Shape):
    """Between which months with the council somebody is at risk of leaving, and what is done about it."""

    months: MonthsFromTo
    """From the first of them on, and before the second is full."""
    soon_months: Months = 6
    """So many months before the first of them somebody is coming up to it."""
    conversation: Code
    """The kind of evidence by which a development conversation stands on the record."""
    conversation_within_months: Months = 12
    """How long a conversation counts as held."""
    cites: tuple[Citation, ...] = ()
