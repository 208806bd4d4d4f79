"""What is typed about early-career programmes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from wtforms.validators import StopValidation

from cpd.progression.early.course import PauseKind
from cpd.progression.early.rules import SCALE, Outcome, RelationshipKind
from cpd.progression.early.words import KINDS, OUTCOMES, PAUSES
from cpd.schemes.framework import Framework
from cpd.shared.clock import LONDON
from cpd.shared.forms import (
    CheckboxesField,
    DateField,
    Form,
    HiddenField,
    IntegerField,
    LongTextField,
    QueryForm,
    RadiosField,
    SelectChoice,
    SelectField,
    TextField,
)
from cpd.shared.reading import Unreadable
from cpd.timetable.reading.times import read_span, settle

LATER = [SelectChoice("", "None")]


class ReviewForm(Form):
    """A review that was held."""

    held_on = DateField("When was it held?", required="Enter when it was held", hint="For example, 27 3 2027")
    summary = LongTextField(
        "What did it come to?",
        required="Write what it came to",
        hint="The worker, the assessor, the line manager and Workforce Development read it. No names of families.",
        shown_as={"rows": 6},
    )
    actions = LongTextField(
        "What was agreed? (optional)", hint="What happens next, and who does it", shown_as={"rows": 4}
    )


class AgreementForm(Form):
    """What the three agree on."""

    workload = LongTextField(
        "Workload",
        required="Write what is agreed on the workload",
        hint="For example, how it is reduced, and for how long",
        shown_as={"rows": 4},
    )
    supervision = LongTextField(
        "Supervision and protected time",
        required="Write what is agreed on supervision and protected time",
        shown_as={"rows": 4},
    )
    learning = LongTextField(
        "Learning needs and support",
        required="Write what is agreed on learning and support",
        shown_as={"rows": 4},
    )


class SignForm(Form):
    """Sign the version that was read."""

    version = HiddenField("Version")

    @property
    def said(self) -> int:
        """Return the version; 0 where it is none."""
        typed = self.version.data or ""
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else 0  # noqa: PLR2004 - a number


def self_assessment_form(framework: Framework, answers: Mapping[str, int], words: str) -> Form:
    """Make the form of a self-assessment: four words for each statement valid then, and room for more."""
    choices = [SelectChoice(str(number), text) for number, text in enumerate(SCALE, start=1)]
    fields: dict[str, Any] = {
        f"statement_{number}": RadiosField(
            statement.title,
            required=f"Choose how you see yourself: {statement.title}",
            choices=choices,
            default=str(answers[statement.code]) if statement.code in answers else None,
        )
        for number, statement in enumerate(framework.statements)
    }
    fields["words"] = LongTextField(
        "What do you want to work on? (optional)",
        hint="Only you, your assessor and your line manager read this. No names of children or families.",
        default=words,
        shown_as={"rows": 5},
    )
    return type("SelfAssessmentForm", (Form,), fields)()  # type: ignore[no-any-return]


def answers_in(form: Form, framework: Framework) -> dict[str, int]:
    """Return the answers by statement."""
    return {each.code: int(form[f"statement_{number}"].data) for number, each in enumerate(framework.statements)}


class SupervisionForm(Form):
    """Supervision that was held; nothing of what was said."""

    kind = RadiosField("What was it?", required="Choose what it was")
    held_on = DateField("When was it held?", required="Enter when it was held", hint="For example, 27 3 2027")
    with_whom = TextField("With whom?", required="Enter with whom", hint="A name, or several")


class PauseForm(Form):
    """A time out of the programme."""

    kind = RadiosField(
        "Why is there a pause?",
        required="Choose why there is a pause",
        hint="No more than this is kept.",
        choices=[SelectChoice(str(kind), words) for kind, words in PAUSES.items()],
    )
    first_day = DateField("First day of the pause", required="Enter the first day", hint="For example, 27 3 2027")
    back_on = DateField("First day back (optional)", hint="Leave it empty if it is not known yet")

    @property
    def why(self) -> PauseKind:
        """Return what was chosen."""
        return PauseKind(str(self.kind.data))


class RejoinForm(Form):
    """Back from a pause, perhaps with a later cohort."""

    back_on = DateField("First day back", required="Enter the first day back", hint="For example, 27 3 2027")
    cohort = SelectField("Which cohort does the person go on with?", coerce=int)

    def offer(self, cohorts: Iterable[tuple[int, str]]) -> None:
        """Fill the list."""
        self.cohort.choices = [SelectChoice("", "The same as before"), *(SelectChoice(*each) for each in cohorts)]


class ExtendForm(Form):
    """Longer, for a reason."""

    weeks = IntegerField("By how many weeks?", least=1, most=104, required="Enter by how many weeks")
    agreed_on = DateField("When was it agreed?", required="Enter when it was agreed", hint="For example, 27 3 2027")
    reason = LongTextField(
        "Why?",
        required="Write why",
        hint="For example, part-time work. The worker, the assessor and the manager are told.",
        shown_as={"rows": 3},
    )


class TermsForm(Form):
    """When it began, and with which cohort."""

    starts_on = DateField("When did it begin?", required="Enter when it began", hint="For example, 27 3 2027")
    cohort = SelectField("With which cohort?", coerce=int)
    reason = LongTextField("Why is it changed?", required="Write why", shown_as={"rows": 3})

    def offer(self, cohorts: Iterable[tuple[int, str]]) -> None:
        """Fill the list."""
        self.cohort.choices = [*LATER, *(SelectChoice(*each) for each in cohorts)]


class EndForm(Form):
    """How it ended, where no panel says so."""

    outcome = RadiosField("How did it end?", required="Choose how it ended")
    ended_on = DateField("When?", required="Enter when", hint="For example, 27 3 2027")
    reason = LongTextField("Why?", required="Write why", hint="The worker is told.", shown_as={"rows": 3})

    def offer(self, *, has_panel: bool) -> None:
        """Leave passed and not passed to the panel where there is one."""
        offered = [Outcome.WITHDRAWN] if has_panel else [*Outcome]
        self.outcome.choices = [SelectChoice(str(each), OUTCOMES[each]) for each in offered]


class WhyForm(Form):
    """Why something is taken back."""

    reason = LongTextField("Why?", required="Write why", shown_as={"rows": 3})


class SupportForm(Form):
    """Who supports a worker, as what, from when."""

    who = TextField(
        "Who?", required="Enter who", hint="A work e-mail address or an employee number", shown_as={"spellcheck": False}
    )
    kind = RadiosField(
        "As what?",
        required="Choose as what",
        choices=[SelectChoice(str(kind), words) for kind, words in KINDS.items()],
    )
    first_day = DateField("From which day?", required="Enter from which day", hint="For example, 27 3 2027")

    @property
    def as_what(self) -> RelationshipKind:
        """Return what was chosen."""
        return RelationshipKind(str(self.kind.data))


class LastDayForm(Form):
    """The last day of something."""

    last_day = DateField("Which is the last day?", required="Enter the last day", hint="For example, 27 3 2027")


class CohortForm(Form):
    """A new cohort."""

    programme = RadiosField("Of which programme?", required="Choose the programme")
    title = TextField("What is it called?", required="Enter what it is called", hint="For example, September 2027")
    starts_on = DateField("When does it begin?", required="Enter when it begins", hint="For example, 27 3 2027")


class EnrolForm(Form):
    """Several people onto one programme."""

    people = CheckboxesField("Who?", required="Choose at least one person", coerce=int)
    cohort = SelectField("With which cohort?", coerce=int)
    starts_on = DateField("When does it begin? (optional)")

    def offer(self, people: Iterable[tuple[int, str]], cohorts: Iterable[tuple[int, str]]) -> None:
        """Fill the lists."""
        self.people.choices = [SelectChoice(*each) for each in people]
        self.cohort.choices = [*LATER, *(SelectChoice(*each) for each in cohorts)]


class SetForm(Form):
    """A new learning set."""

    title = TextField("What is it called?", required="Enter what it is called", hint="For example, Learning set North")
    led_by = TextField(
        "Who leads it? (optional)", hint="A work e-mail address or an employee number", shown_as={"spellcheck": False}
    )


class MembersForm(Form):
    """Who belongs to a learning set."""

    people = CheckboxesField("Who belongs to it?", coerce=int)


def _check_span(_form: Any, field: Any) -> None:
    """Refuse a time that cannot be understood."""
    try:
        settle(*read_span(field.data))
    except Unreadable as wrong:
        raise StopValidation(f"Enter the time like 9:30am to 12:30pm: {wrong.reason}") from wrong


class MeetingForm(Form):
    """A meeting of a learning set."""

    on = DateField("Which day?", required="Enter the day", hint="For example, 27 3 2027")
    time = TextField(
        "At which time?", required="Enter the time", hint="For example, 9:30am to 12:30pm", validators=[_check_span]
    )
    place = TextField("Where?", required="Enter where", hint="A room, or a link")

    @property
    def span(self) -> tuple[datetime, datetime]:
        """Return when it begins and ends."""
        on = self.on.data
        assert isinstance(on, date), "a required date is there once the form is right"  # noqa: S101
        begins, ends = settle(*read_span(self.time.data or ""))
        return datetime.combine(on, begins, LONDON), datetime.combine(on, ends, LONDON)


class AttendanceForm(Form):
    """Who was at a meeting."""

    people = CheckboxesField("Who was there?", coerce=int)


class CompletedForm(QueryForm):
    """From which day to which somebody completed."""

    since = DateField("From", required="Enter the first day")
    until = DateField("To", required="Enter the last day")
