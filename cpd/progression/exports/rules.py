"""What HR's file says of one change of career level, and when a file can be taken or ticked off. Plain Python."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

HEADINGS = (
    "employee_number",
    "name",
    "change",
    "from_level",
    "from_grade",
    "to_level",
    "to_grade",
    "effective_on",
    "fte",
    "decision_reference",
    "approved_by",
    "enacted_by",
    "enacted_on",
)
"""The columns of the file, in their order: HR's own program may rely on them."""

DATES = (HEADINGS.index("effective_on"), HEADINGS.index("enacted_on"))
NUMBERS = (HEADINGS.index("fte"),)


class ChangeKind(StrEnum):
    """What happened; a change that is taken back is a line of its own."""

    PROGRESSION = "progression"
    REVERSAL = "reversal"


class ExportFault(StrEnum):
    """Why nothing was done; the words stand in `wording`."""

    NOTHING_WAITS = "nothing_waits"
    ENTERED_ALREADY = "entered_already"
    NOT_HR = "not_hr"


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the file, in the order of `HEADINGS`; `approved_by` names panels and roles, never people."""

    employee_number: str
    name: str
    kind: ChangeKind
    from_level: str
    from_grade: str
    to_level: str
    to_grade: str
    effective_on: date
    fte: Decimal
    decision_reference: str
    approved_by: str
    enacted_by: str
    enacted_on: date

    @property
    def cells(self) -> list[str]:
        """The line as text, the same for ever: days as 2019-03-01, full-time equivalents as 0.6."""
        return [_text(part) for part in astuple(self)]


def _text(part: object) -> str:
    """Write one cell."""
    if isinstance(part, Decimal):
        return f"{part.normalize():f}"
    return part.isoformat() if isinstance(part, date) else str(part)
