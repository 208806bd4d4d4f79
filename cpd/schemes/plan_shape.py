"""The section of a pack on personal development plans: how often they are reviewed (W-14, S-4)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from cpd.schemes.values import Citation, Months, Shape


class DevelopmentPlanRule(Shape):
    """That every social worker has a plan, and after how many months at the latest it is reviewed again."""

    months: Months = 12
    soon_days: Annotated[int, Field(ge=0, le=365)] = 30
    """So many days before that it is shown as due soon."""
    cites: tuple[Citation, ...] = ()
