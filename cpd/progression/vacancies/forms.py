"""What is typed about vacancies."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from secrets import token_hex
from typing import Any

from wtforms.validators import StopValidation

from cpd.progression.vacancies.reading import VacancyFacts
from cpd.progression.vacancies.rules import VacancyFault, VacancyWanted
from cpd.progression.vacancies.wording import VACANCY_FAULTS, fte_words
from cpd.schemes.shape import CareerLevel
from cpd.shared.forms import DateField, Form, HiddenField, LongTextField, SelectChoice, SelectField, TextField

FTE = re.compile(r"[01]?\.[0-9]{1,6}|[01]")
FIELDS = {
    VacancyFault.NO_TITLE: "title",
    VacancyFault.NO_SERVICE: "service",
    VacancyFault.NO_WAY_TO_APPLY: "how_to_apply",
    VacancyFault.NOT_SUCH_A_LEVEL: "career_level",
    VacancyFault.NO_FTE: "fte",
    VacancyFault.ENDS_FIRST: "open_until",
    VacancyFault.ENDED: "open_until",
}
"""Beside which field each fault is shown."""


def _check_fte(_form: Any, field: Any) -> None:
    """Take full-time equivalents as people write them."""
    if not FTE.fullmatch(field.data):
        raise StopValidation(VACANCY_FAULTS[VacancyFault.NO_FTE])


class VacancyForm(Form):
    """A post that is free, and how to apply for it."""

    title = TextField("What is the post?", required="Enter what the post is called")
    service = TextField("In which team or service?", required="Enter the team or service of the post")
    career_level = SelectField("Which career level?", required="Choose a career level")
    fte = TextField(
        "How many full-time equivalents?",
        required="Enter full-time equivalents, such as 1 or 0.6",
        hint="1 is full time. For example, 0.6",
        validators=[_check_fte],
        shown_as={"classes": "govuk-input--width-5", "inputmode": "decimal", "spellcheck": False},
    )
    open_from = DateField(
        "From which day can people apply?", required="Enter the first day", hint="People can apply on that day too."
    )
    open_until = DateField(
        "Until which day can people apply? (optional)",
        hint="People can apply on that day too. Leave it empty if the post stays open until it is filled or closed.",
    )
    how_to_apply = LongTextField(
        "How do people apply?",
        required="Write how to apply",
        hint="For example, what to send and whom to ask. Everybody in the council can read it.",
        shown_as={"rows": 4},
    )
    note = LongTextField("What else should people know? (optional)", shown_as={"rows": 3})
    form_key = HiddenField("The form", default=lambda: token_hex(16))

    def offer(self, levels: Iterable[CareerLevel]) -> None:
        """List the career levels of which there can be vacancies, each with its grade."""
        named = [(each.code, f"{each.title}, grade {each.grade}" if each.grade else each.title) for each in levels]
        self.career_level.choices = [SelectChoice("", "Choose one"), *(SelectChoice(*each) for each in named)]

    def fill(self, vacancy: VacancyFacts) -> None:
        """Put what a vacancy says now into the boxes."""
        for name in ("title", "service", "career_level", "open_from", "open_until", "how_to_apply", "note"):
            self._fields[name].data = getattr(vacancy, name)
        self.fte.data = fte_words(vacancy.fte)

    def wanted(self) -> VacancyWanted:
        """Return what was typed."""
        open_from = self.open_from.data
        assert isinstance(open_from, date), "a required date is there once the form is right"  # noqa: S101
        return VacancyWanted(
            title=self.title.data or "",
            service=self.service.data or "",
            career_level=self.career_level.data or "",
            fte=Decimal(self.fte.data or "0"),
            open_from=open_from,
            open_until=self.open_until.data,
            how_to_apply=self.how_to_apply.data or "",
            note=self.note.data or "",
        )

    def say(self, faults: Sequence[VacancyFault]) -> None:
        """Show what is wrong beside the fields, and what is put right elsewhere above them."""
        for fault in faults:
            if fault in FIELDS:
                field: Any = self._fields[FIELDS[fault]]
                field.errors = [*field.errors, VACANCY_FAULTS[fault]]
            else:
                self.form_errors.append(VACANCY_FAULTS[fault])


class CloseVacancyForm(Form):
    """Why a vacancy is closed."""

    reason = LongTextField(
        "Why is it closed?",
        required="Write why it is closed",
        hint="For example, that the post was given up. Everybody who looks the vacancy up can read it.",
        shown_as={"rows": 3},
    )
