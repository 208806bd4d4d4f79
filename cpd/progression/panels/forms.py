"""What is typed about panels: seats, meetings, interests, recommendations and decisions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from wtforms import ValidationError

from cpd.progression.panels.rules import Decision, PanelFault
from cpd.progression.panels.wording import FAULTS, HINTS, OUTCOMES
from cpd.schemes.pathway_shape import PanelOutcome
from cpd.shared.clock import LONDON
from cpd.shared.forms import (
    CheckboxesField,
    DateField,
    Form,
    LongTextField,
    RadiosField,
    SelectChoice,
    SelectField,
    TextField,
    TickField,
)
from cpd.shared.reading import Unreadable
from cpd.timetable.reading.times import read_span, settle

FIELDS: dict[PanelFault, tuple[str, ...]] = {
    PanelFault.NO_REASON: ("because", "reason"),
    PanelFault.NO_WORDS: ("words",),
    PanelFault.NO_REASONS: ("reasons",),
    PanelFault.NO_PLAN: ("support_plan",),
    PanelFault.NO_REVIEW_DAY: ("review_on",),
    PanelFault.REVIEW_TOO_EARLY: ("review_on",),
    PanelFault.NOT_AN_OUTCOME: ("outcome",),
    PanelFault.NOBODY_JUDGED: ("judges",),
    PanelFault.NOT_THERE: ("judges",),
    PanelFault.JUDGE_IN_CONFLICT: ("judges",),
    PanelFault.TOO_FEW: ("judges",),
    PanelFault.ROLE_MISSING: ("judges",),
    PanelFault.NAMES_A_YOUNG_PERSON: ("names_nobody",),
    PanelFault.TELLS_WHO_SOMEBODY_IS: ("answer",),
    PanelFault.ENDS_FIRST: ("last_day",),
    PanelFault.JUDGED_SINCE: ("last_day",),
    PanelFault.NOBODY_COMES: ("attending",),
    PanelFault.NOT_A_MEMBER: ("attending",),
    PanelFault.TOO_FAR_AHEAD: ("on",),
    PanelFault.TOO_LONG_AGO: ("on",),
    PanelFault.BEFORE_IT_WAS_OPENED: ("on", "meeting"),
    PanelFault.NO_SPAN: ("time",),
    PanelFault.MEETS_THEN: ("time",),
    PanelFault.ROLE_NOT_HELD: ("who",),
    PanelFault.SITS_ALREADY: ("who",),
    PanelFault.APPOINTS_HERSELF: ("who",),
}
"""Beside which field each fault is shown, where the form has it."""


def _is_span(_form: Form, field: TextField) -> None:
    """Refuse a time that cannot be understood, with the reader's own reason."""
    try:
        settle(*read_span(field.data))
    except Unreadable as wrong:
        raise ValidationError(f"Enter the time like 9:30am to 12:30pm: {wrong.reason}") from wrong


class PanelForm(Form):
    """A form that shows why nothing was done beside its fields, and what is put right elsewhere above them."""

    def __init__(self, **filled: Any) -> None:
        """`filled` stands in the boxes when the page is opened, and is forgotten once something is sent."""
        super().__init__(data=None if self.is_submitted() else filled)

    def say(self, faults: Sequence[PanelFault]) -> int:
        """Show every reason; returns 422 where all of it is put right by typing something else, else 409."""
        of_fields = True
        for fault in faults:
            name = next((each for each in FIELDS.get(fault, ()) if each in self._fields), "")
            if name:
                field: Any = self._fields[name]
                field.errors = [*field.errors, FAULTS[fault]]
            else:
                of_fields = False
                self.form_errors.append(FAULTS[fault])
        return 422 if of_fields else 409


class SeatForm(PanelForm):
    """A seat on a panel."""

    who = SelectField("Who, in which role?", required="Choose who sits on the panel")
    starts_on = DateField("From which day?", required="Enter the first day", hint="For example, 27 3 2027")
    reason = LongTextField(
        "Why this person?",
        required="Write why: it is kept, and the person is told",
        shown_as={"rows": 3},
    )

    def offer(self, choices: Iterable[tuple[str, str]]) -> None:
        """Fill the list; each is sent as `7:panel_member`."""
        self.who.choices = [SelectChoice("", "Choose"), *(SelectChoice(*each) for each in choices)]

    @property
    def person_id(self) -> int:
        """Who was chosen."""
        return int((self.who.data or "0:").partition(":")[0])

    @property
    def role(self) -> str:
        """In which role."""
        return (self.who.data or "").partition(":")[2]


class EndSeatForm(PanelForm):
    """The end of a seat."""

    last_day = DateField("What is the last day?", required="Enter the last day", hint="For example, 27 3 2027")
    reason = LongTextField("Why?", required="Write why: it is kept, and the person is told", shown_as={"rows": 3})


class MeetingForm(PanelForm):
    """When and where a panel meets, and who comes."""

    on = DateField("On which day?", required="Enter the day", hint="For example, 27 3 2027")
    time = TextField(
        "From when to when?",
        required="Enter the time, like 9:30am to 12:30pm",
        hint="For example, 9:30am to 12:30pm",
        validators=[_is_span],
        shown_as={"classes": "govuk-input--width-20", "spellcheck": False},
    )
    place = TextField("Where?", required="Enter where it is", hint="A room, or a link for joining online", longest=500)
    attending = CheckboxesField("Who comes?", required="Choose at least one person who comes", coerce=int)

    def offer(self, people: Iterable[tuple[int, str]]) -> None:
        """Fill the list."""
        self.attending.choices = [SelectChoice(*each) for each in people]

    @property
    def span(self) -> tuple[datetime, datetime]:
        """The moments that were typed; call it only when the form is right."""
        begins, ends = settle(*read_span(self.time.data or ""))
        on = self.on.data
        assert isinstance(on, date), "a required date is there once the form is right"  # noqa: S101
        return datetime.combine(on, begins, LONDON), datetime.combine(on, ends, LONDON)


class ReasonForm(PanelForm):
    """Why something is cancelled, withdrawn or taken back."""

    reason = LongTextField(
        "Why?", required="Write why: it is kept, and whoever it concerns is told", shown_as={"rows": 3}
    )


class OwnReasonForm(PanelForm):
    """Why somebody withdraws her own case."""

    reason = LongTextField("Why? (optional)", hint="Workforce Development can read it.", shown_as={"rows": 3})


class ChooseMeetingForm(PanelForm):
    """At which meeting a case is judged."""

    meeting = RadiosField("At which meeting?", required="Choose a meeting", coerce=int)

    def offer(self, meetings: Iterable[tuple[int, str]]) -> None:
        """Fill the list."""
        self.meeting.choices = [SelectChoice(*each) for each in meetings]


class InterestForm(PanelForm):
    """An interest in a case, for a member herself."""

    words = LongTextField(
        "What is your interest?",
        required="Write in a sentence what your interest is",
        hint="One sentence, such as “I supervised this person until last year”. Workforce Development can read it.",
        shown_as={"rows": 3},
    )


class SomebodysInterestForm(InterestForm):
    """An interest in a case that Workforce Development enters of a member."""

    who = RadiosField("Whose interest?", required="Choose whose interest it is", coerce=int)

    def offer(self, people: Iterable[tuple[int, str]]) -> None:
        """Fill the list."""
        self.words.label.text = "What is the interest?"
        self.who.choices = [SelectChoice(*each) for each in people]


class RecommendForm(PanelForm):
    """What a member recommends."""

    outcome = RadiosField("What do you recommend?", required="Choose what you recommend")
    reasons = LongTextField(
        "Why?",
        required="Write your reasons",
        hint="The other members read it once all have recommended.",
        shown_as={"rows": 6},
    )

    def offer(self, outcomes: Iterable[PanelOutcome]) -> None:
        """Fill the list."""
        self.outcome.choices = _outcomes(outcomes)


class RevealForm(PanelForm):
    """Who has not recommended, and why."""

    words = LongTextField("Who is missing, and why?", required="Write who is missing, and why", shown_as={"rows": 3})


class DecideForm(PanelForm):
    """What the panel came to. What a panel does not need is left out of the form."""

    judges = CheckboxesField("Who judged?", coerce=int, hint="Only those who were there for this case")
    outcome = RadiosField("What was decided?", required="Choose what was decided")
    reasons = LongTextField(
        "The reasons",
        required="Write the reasons: they are what the person is sent",
        hint="The person is sent what you write here. If it is against what most recommended, say why.",
        shown_as={"rows": 8},
    )
    support_plan = LongTextField(
        "Support plan",
        hint="Only for “not yet”: what helps, who gives it, and by when. The person is sent it.",
        shown_as={"rows": 5},
    )
    review_on = DateField(
        "When is it looked at again?", hint="Only for “not yet”: a day after today, for example, 27 9 2027"
    )
    names_nobody = TickField("I have read it again: no young person is named")
    answer = LongTextField(
        "If it stays as it is: why does it tell nobody who a child or family is?",
        hint="Leave it empty if you have changed the words above.",
        shown_as={"rows": 2},
    )
    because = LongTextField(
        "Why is the decision changed?",
        hint="The person is sent what you write here. The earlier decision stays to be read.",
        shown_as={"rows": 3},
    )

    def offer(
        self,
        outcomes: Iterable[PanelOutcome],
        judges: Iterable[tuple[int, str]],
        *,
        of_the_young: bool,
        recommends_first: bool,
        is_anew: bool,
    ) -> None:
        """Fill the lists, and leave out what this panel does not ask."""
        self.outcome.choices = _outcomes(outcomes)
        self.judges.choices = [SelectChoice(*each) for each in judges]
        if of_the_young or recommends_first:
            del self.judges
        if not of_the_young:
            del self.names_nobody
        if not is_anew:
            del self.because

    def decision(self, found: tuple[str, ...] = ()) -> Decision:
        """Return what was typed; `found` is what in it may tell who somebody is."""
        typed = {name: self._fields[name].data for name in self._fields}
        return Decision(
            outcome=typed["outcome"] or "",
            reasons=typed["reasons"] or "",
            support_plan=typed["support_plan"] or "",
            review_on=typed["review_on"],
            judges=frozenset(typed.get("judges") or ()),
            because=typed.get("because") or "",
            names_nobody=bool(typed.get("names_nobody")),
            found=found,
            answer=typed.get("answer") or "",
        )


def _outcomes(outcomes: Iterable[PanelOutcome]) -> list[SelectChoice]:
    """Offer outcomes in words."""
    return [
        SelectChoice(str(each), OUTCOMES[each][0], render_kw={"hint": HINTS[each]} if each in HINTS else {})
        for each in outcomes
    ]
