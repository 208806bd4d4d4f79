"""What people ask of a plan, made into typed values."""

from __future__ import annotations

from datetime import date
from typing import Any

from wtforms import SelectMultipleField
from wtforms.validators import StopValidation

from cpd.home.forms import SessionIdsField
from cpd.shared.forms import DateField, Form, HiddenField, QueryForm, TickField

MOST_DAYS = 20


class DaysField(SelectMultipleField):
    """Days as 2019-01-15, sent by name as often as there are days."""

    def __init__(self, label: str = "", **kwargs: Any) -> None:
        wrong = "Choose days by the form on this page"
        super().__init__(label, coerce=date.fromisoformat, validate_choice=False, invalid_value_message=wrong, **kwargs)

    def pre_validate(self, _form: object) -> None:
        """Refuse more days than a plan takes."""
        if len(set(self.data or [])) > MOST_DAYS:
            raise StopValidation(f"A plan can leave out at most {MOST_DAYS} days")

    def first_box(self) -> str:
        """Return the id of the box that an error leads to: there is none of its own."""
        return "main-content"


class PlanForm(QueryForm):
    """What a plan has to keep to: days to leave out (one more in `day`), sessions chosen, and whether to wait."""

    not_on = DaysField()
    pin = SessionIdsField()
    waiting = TickField("Plan full sessions too")
    day = DateField("A day on which you cannot come", hint="For example, 15 1 2019")


class ChosenForm(QueryForm):
    """Which sessions to look at together."""

    together = SessionIdsField()


class BookAllForm(Form):
    """Ask for sessions together: all of them or none, or as many as can be had."""

    together = SessionIdsField()
    all_or_none = TickField("Only book them if all of them can be booked")


class WishForm(Form):
    """Ask to be told when a module has a date."""

    module = HiddenField("Module", required="Choose a module")
