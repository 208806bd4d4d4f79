"""What people type about requests to progress."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from cpd.progression.requests.reading import Chosen
from cpd.progression.requests.rules import CoverFault, RequestFault, RequestStatus
from cpd.progression.requests.wording import COVER_FAULTS, FAULTS, STATES
from cpd.shared.forms import (
    DateField,
    Form,
    LongTextField,
    QueryForm,
    RadiosField,
    SelectChoice,
    SelectField,
    TextField,
)

ANY = SelectChoice("", "Any")
WHERE = {
    RequestFault.IN_THE_PAST: "effective_on",
    RequestFault.TOO_FAR_AHEAD: "effective_on",
    RequestFault.BEFORE_HER_LEVEL: "effective_on",
    RequestFault.NO_POST_THEN: "effective_on",
    RequestFault.OTHER_LEVEL_THEN: "effective_on",
    RequestFault.OTHER_STAFF_THEN: "effective_on",
    RequestFault.BEFORE_THE_CHANGE: "effective_on",
    RequestFault.NO_REASONS: "reasons",
    RequestFault.NO_VACANCY_CHOSEN: "vacancy",
    RequestFault.VACANCY_NOT_OPEN: "vacancy",
}
"""Beside which field each reason is shown, where the form has it."""

COVER_WHERE = {
    CoverFault.NOT_A_HOLDER: "holder",
    CoverFault.NOT_HERE: "covered_by",
    CoverFault.HERSELF: "covered_by",
    CoverFault.NOT_YOURS_TO_NAME: "holder",
    CoverFault.NAMES_HERSELF: "covered_by",
    CoverFault.ENDS_FIRST: "last_day",
    CoverFault.OVER_ALREADY: "last_day",
    CoverFault.NO_REASON: "reason",
    CoverFault.COVERED_ALREADY: "first_day",
}


class RequestForm(Form):
    """A form about a request, which can show why something was refused."""

    def say(self, faults: Iterable[RequestFault], more: Sequence[str] = ()) -> None:
        """Show each reason beside its field, or above the form where it belongs to none."""
        for fault in faults:
            field: Any = self._fields.get(WHERE.get(fault, ""))
            if field is None:
                self.form_errors.append(" ".join([FAULTS[fault], *more]))
            else:
                field.errors = [*field.errors, " ".join([FAULTS[fault], *more])]


class AskForm(RequestForm):
    """Ask to go on by a step; for a vacancy, which one."""

    vacancy = RadiosField(
        "Which vacancy do you apply for?", required="Choose the vacancy that you apply for", coerce=int
    )
    words = LongTextField(
        "Is there anything the people who decide should know? (optional)",
        hint="Do not name children, families or other people you work with.",
        shown_as={"rows": 4},
    )

    def offer(self, vacancies: Iterable[tuple[int, str]] | None) -> None:
        """Fill the list of vacancies; None leaves the question out."""
        if vacancies is None:
            del self.vacancy
        else:
            self.vacancy.choices = [SelectChoice(*each) for each in vacancies]

    def choose(self, vacancy_id: int | None) -> None:
        """Choose a vacancy beforehand: the one from whose page she comes."""
        field: Any = self.vacancy
        field.data = vacancy_id

    @property
    def vacancy_id(self) -> int | None:
        """Which vacancy was chosen, if it was asked."""
        return self.vacancy.data if "vacancy" in self._fields else None


class DecideRequestForm(RequestForm):
    """Approve or decline, with reasons."""

    decision = RadiosField(
        "What do you decide?",
        required="Choose what you decide",
        choices=[
            SelectChoice("approve", "Approve: it goes on to the next step"),
            SelectChoice("decline", "Decline: it ends here, with a letter"),
        ],
    )
    reasons = LongTextField(
        "Why?",
        required=FAULTS[RequestFault.NO_REASONS],
        hint="One sentence is enough to approve. The person reads it in the letter.",
        shown_as={"rows": 5},
    )


class DeclineForm(RequestForm):
    """Do not make the change, with reasons."""

    reasons = LongTextField(
        "Why is the change not made?",
        required=FAULTS[RequestFault.NO_REASONS],
        hint="The person reads it in the letter.",
        shown_as={"rows": 5},
    )


class EnactForm(RequestForm):
    """From which day the change holds, and into which vacancy."""

    effective_on = DateField(
        "From which day does it hold?",
        required="Enter the day from which it holds",
        hint="Today or later, within a year. For example, 1 4 2027",
    )
    vacancy = SelectField("Into which vacancy?", required="Choose the vacancy", coerce=int)
    reasons = LongTextField("A note for the letter (optional)", shown_as={"rows": 3})

    def offer(self, vacancies: Iterable[tuple[int, str]] | None, chosen: int | None) -> None:
        """Fill the list of vacancies, with the one applied for chosen; None leaves the question out."""
        if vacancies is None:
            del self.vacancy
            return
        self.vacancy.choices = [SelectChoice(*each) for each in vacancies]
        if not self.is_submitted():
            field: Any = self.vacancy
            field.data = chosen

    @property
    def vacancy_id(self) -> int | None:
        """Which vacancy was chosen, if it was asked."""
        return self.vacancy.data if "vacancy" in self._fields else None


class ReversalForm(RequestForm):
    """Why a change should be taken back."""

    reasons = LongTextField(
        "Why should it be taken back?",
        required=FAULTS[RequestFault.NO_REASONS],
        hint="Whoever decides reads it, and so does the person.",
        shown_as={"rows": 5},
    )


class WithdrawForm(RequestForm):
    """Withdraw a request."""

    reasons = LongTextField(
        "Why? (optional)", hint="The people who would have decided can read it.", shown_as={"rows": 3}
    )


class QueueForm(QueryForm):
    """Which requests to show."""

    transition = SelectField("Which step")
    status = SelectField("Status")

    def offer(self, transitions: Iterable[tuple[str, str]]) -> None:
        """Fill the lists."""
        self.transition.choices = [ANY, *(SelectChoice(*each) for each in transitions)]
        self.status.choices = [
            SelectChoice("", "Decided or withdrawn"),
            *(SelectChoice(str(each), STATES[each][0]) for each in RequestStatus),
        ]

    @property
    def chosen(self) -> Chosen:
        """What was chosen; what is not on the lists is left out."""
        self.validate()
        return Chosen(*("" if field.errors else field.data or "" for field in (self.transition, self.status)))

    @property
    def chosen_words(self) -> list[tuple[str, str]]:
        """What was chosen, each with the name of its list."""
        picked = (("transition", self.chosen.transition), ("status", self.chosen.status))
        return [
            (name, next(str(each.label) for each in self[name].choices if str(each.value) == value))
            for name, value in picked
            if value
        ]


class CoverForm(Form):
    """Who stands in for whom, when and why."""

    holder = SelectField("Who is away?", required="Choose who is away")
    covered_by = TextField(
        "Who stands in?",
        required="Enter the e-mail address or employee number of the colleague who stands in",
        hint="E-mail address or employee number",
        shown_as={"spellcheck": False},
    )
    first_day = DateField("First day", required="Enter the first day")
    last_day = DateField("Last day", required="Enter the last day", hint="This day is included")
    reason = LongTextField(
        "Why?",
        required=COVER_FAULTS[CoverFault.NO_REASON],
        hint="“Away” is enough: do not write why somebody is away.",
        shown_as={"rows": 2},
    )

    def offer(self, holders: Iterable[tuple[str, str]]) -> None:
        """Fill the list of those who hold a role."""
        self.holder.choices = [SelectChoice("", "Choose"), *(SelectChoice(*each) for each in holders)]

    def say(self, faults: Iterable[CoverFault]) -> None:
        """Show each reason beside its field."""
        for fault in faults:
            field: Any = self._fields[COVER_WHERE[fault]]
            field.errors = [*field.errors, COVER_FAULTS[fault]]
