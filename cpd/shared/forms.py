"""Forms as people meet them: GOV.UK components, plain messages, and nothing typed that can break a page.

A field's `required` is the sentence shown when it is left empty ("Enter your e-mail address"); without it
the field may stay empty. What was typed is only given a shape here ("a date", "a whole number"); whether it
is allowed is for the rules.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, ClassVar, NoReturn

import wtforms
from email_validator import EmailNotValidError, validate_email
from flask import request
from flask_wtf import FlaskForm
from flask_wtf.file import FileAllowed, FileSize
from flask_wtf.file import FileField as UploadField
from wtforms import SelectChoice
from wtforms.validators import StopValidation, ValidationError

from cpd.shared.widgets import PARTS, ButtonWidget, DateWidget, GroupWidget, SelectWidget, TickWidget, Widget

LARGEST_NUMBER = 2**31 - 1
LONGEST_LINE = 200
LONGEST_TEXT = 2000
YEARS = range(1900, 2200)
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
BAD_CHARACTER = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffd]")
"""What no text has; the last one stands where something was sent that is no text at all."""

MEGABYTE = 1024 * 1024
NOT_LISTED = "Choose from the list"

__all__ = [
    "LARGEST_NUMBER",
    "CheckboxesField",
    "DateField",
    "EmailField",
    "FileField",
    "Form",
    "HiddenField",
    "IntegerField",
    "LongTextField",
    "PasswordField",
    "QueryForm",
    "RadiosField",
    "SelectChoice",
    "SelectField",
    "SubmitField",
    "TextField",
    "TickField",
    "error_list",
]


class Form(FlaskForm):
    """A form that is posted, with its protection against forged ones."""


class QueryForm(FlaskForm):
    """A form in the page's address, such as a filter: it changes nothing, so it needs no protection."""

    class Meta:
        """Read from the address, without a token."""

        csrf = False

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(formdata=request.args, **kwargs)


def error_list(*forms: FlaskForm) -> list[dict[str, str]]:
    """List the first error of each field for the summary, each with the box to which it leads."""
    errors = [{"text": str(message)} for form in forms for message in form.form_errors]
    for field in (field for form in forms for field in form):
        if field.errors:
            box = {} if isinstance(field, wtforms.HiddenField) else {"href": f"#{field.first_box()}"}
            errors.append({"text": str(field.errors[0]), **box})
    return errors


class _Shown:
    """What all fields share: how they are named, hinted, required and shown."""

    def __init__(
        self,
        label: str,
        *,
        required: str | None = None,
        hint: str = "",
        shown_as: Mapping[str, Any] | None = None,
        validators: Sequence[Callable[..., None]] = (),
        **kwargs: Any,
    ) -> None:
        """Make the field.

        Args:
            label: the question.
            required: the sentence shown when nothing is entered; None lets it stay empty.
            hint: one sentence of help under the question.
            shown_as: further parameters of the GOV.UK component, such as `{"classes": "govuk-input--width-5"}`.
            validators: further checks of shape, run after the field's own.
        """
        self.required = required
        self.shown_as = dict(shown_as or {})
        checks = [self._check_filled, *self.checks(), *validators]
        super().__init__(label, validators=checks, description=hint, **kwargs)  # type: ignore[call-arg]

    def checks(self) -> Sequence[Callable[..., None]]:
        """Return the checks that every field of this kind makes once something was entered."""
        return ()

    def is_empty(self) -> bool:
        """Say whether nothing was entered."""
        return not self.data  # type: ignore[attr-defined]

    def _check_filled(self, _form: FlaskForm, _field: wtforms.Field) -> None:
        """Ask for what is required; stop where there is nothing more to check."""
        if self.process_errors:  # type: ignore[attr-defined]
            raise StopValidation
        if self.is_empty():
            raise StopValidation(self.required)

    def shown_value(self) -> str | None:
        """Return what stands in the box."""
        return str(self._value())  # type: ignore[attr-defined]

    def first_box(self) -> str:
        """Return the id of the box that an error leads to."""
        return str(self.id)  # type: ignore[attr-defined]


class _Text(_Shown):
    """Text of a bounded length without characters that no database or page takes."""

    longest_usually: ClassVar[int] = LONGEST_LINE

    def __init__(self, label: str, *, longest: int | None = None, **kwargs: Any) -> None:
        self.longest = longest or self.longest_usually
        kwargs.setdefault("filters", [_one_line])
        super().__init__(label, **kwargs)

    def checks(self) -> Sequence[Callable[..., None]]:
        """Refuse text that is too long or holds control characters."""
        return (self._check_text,)

    def pre_validate(self, form: FlaskForm) -> None:
        """Make the checks of text even where the field may stay empty."""
        super().pre_validate(form)  # type: ignore[misc]
        if BAD_CHARACTER.search(self.data or ""):  # type: ignore[attr-defined]
            raise StopValidation(f"{self._name()} contains a character that cannot be used; type it again")

    def _check_text(self, _form: FlaskForm, _field: wtforms.Field) -> None:
        if len(self.data or "") > self.longest:  # type: ignore[attr-defined]
            raise StopValidation(f"{self._name()} must be {self.longest:,} characters or fewer")

    def _name(self) -> str:
        return str(self.label.text)  # type: ignore[attr-defined]


class TextField(_Text, wtforms.StringField):
    """One line of text; spaces around it and double ones are left out."""

    widget = Widget("input")


class EmailField(_Text, wtforms.StringField):
    """An e-mail address, as it was typed (whoever stores it decides about capitals)."""

    widget = Widget("input", type="email", autocomplete="email", spellcheck=False)

    def checks(self) -> Sequence[Callable[..., None]]:
        """Refuse what cannot be an e-mail address."""
        return (*super().checks(), _check_email)


class PasswordField(_Text, wtforms.PasswordField):
    """A password: exactly as typed, spaces included, and never shown again."""

    widget = Widget("password-input")

    def __init__(self, label: str, *, new: bool = False, **kwargs: Any) -> None:
        kwargs.setdefault("shown_as", {"autocomplete": "new-password" if new else "current-password"})
        super().__init__(label, filters=[], **kwargs)

    def shown_value(self) -> None:
        """Never give a password back to the page."""


class LongTextField(_Text, wtforms.TextAreaField):
    """Several lines, with a count of the characters left."""

    longest_usually = LONGEST_TEXT

    widget = Widget("character-count")

    def __init__(self, label: str, **kwargs: Any) -> None:
        super().__init__(label, filters=[_lines], **kwargs)
        self.shown_as.setdefault("maxlength", self.longest)


class HiddenField(_Text, wtforms.HiddenField):
    """Something the page carries along; it has no box, so its error leads nowhere."""

    widget = wtforms.widgets.HiddenInput()


class IntegerField(_Shown, wtforms.IntegerField):
    """A whole number between two bounds, both allowed."""

    widget = Widget("input", inputmode="numeric", spellcheck=False, classes="govuk-input--width-5")

    def __init__(self, label: str, *, least: int = 0, most: int = LARGEST_NUMBER, **kwargs: Any) -> None:
        self.least = least
        self.most = most
        super().__init__(label, **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number, or say what it must be."""
        typed = valuelist[0].strip() if valuelist else ""
        self.data = None
        if not typed:
            return
        if not re.fullmatch(r"-?[0-9]{1,18}", typed):
            raise ValueError(f"{self.label.text} must be a whole number")
        if not self.least <= int(typed) <= self.most:
            raise ValueError(f"{self.label.text} must be {self._bounds(int(typed))}")
        self.data = int(typed)

    def is_empty(self) -> bool:
        """Say whether nothing was entered (0 is something)."""
        return self.data is None

    def _bounds(self, typed: int) -> str:
        if self.most == LARGEST_NUMBER and typed < self.least:
            return f"{self.least:,} or more"
        return f"between {self.least:,} and {self.most:,}"


class _Choices(_Shown):
    """A choice from a list; what is not on the list is refused in the same words as no choice."""

    def __init__(self, label: str, *, choices: Any = (), coerce: Callable[[Any], Any] = str, **kwargs: Any) -> None:
        wrong = kwargs.get("required") or NOT_LISTED
        kwargs |= {"invalid_choice_message": wrong, "invalid_value_message": wrong}
        super().__init__(label, choices=choices, coerce=_blank_or(coerce), **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was chosen; nothing chosen is None, or no choices at all."""
        self.data = None
        super().process_formdata(valuelist)  # type: ignore[misc]

    def pre_validate(self, form: FlaskForm) -> None:
        """Look whether the choice is on the list; whether one is required is looked at afterwards."""
        if not self.is_empty():
            super().pre_validate(form)  # type: ignore[misc]

    def is_empty(self) -> bool:
        """Say whether nothing was chosen (0 is something)."""
        return self.data in (None, [], [None])


class RadiosField(_Choices, wtforms.RadioField):
    """One of a few choices, all in view. A choice's `render_kw={"hint": …}` stands under it."""

    widget = GroupWidget("radios")


class SelectField(_Choices, wtforms.SelectField):
    """One of many choices. A choice's `optgroup` is the group under which it stands."""

    widget = SelectWidget("select")


class CheckboxesField(_Choices, wtforms.SelectMultipleField):
    """Any of a few choices; none is an empty list."""

    widget = GroupWidget("checkboxes")

    def __init__(self, label: str, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.invalid_choice_message = (self.required or NOT_LISTED).replace("%", "%%")  # WTForms fills this one in

    def process_data(self, value: Sequence[Any] | None) -> None:
        """Take nothing as no choices."""
        super().process_data(value or [])


class TickField(_Shown, wtforms.BooleanField):
    """One box to tick."""

    widget = TickWidget("checkboxes")


class DateField(_Shown, wtforms.Field):
    """A date in three boxes of one name (day, month, year); one value in the form 2019-01-31 will do too."""

    widget = DateWidget("date-input")

    def __init__(self, label: str, **kwargs: Any) -> None:
        self.wrong_parts: tuple[str, ...] = ()
        super().__init__(label, **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:  # noqa: ARG002 - typed_parts has them
        """Read the date, or say which part of it is missing or wrong."""
        self.data = None
        parts = self.typed_parts()
        missing = [name for name, typed in zip(PARTS, parts, strict=True) if not typed]
        if len(missing) == len(PARTS):
            return
        if missing:
            self._refuse(missing, f"must include a {' and '.join(missing)}")
        self.data = self._read(*parts)

    def typed_parts(self) -> tuple[str, str, str]:
        """Return day, month and year as they stand in the boxes, however many were sent."""
        if self.raw_data:
            typed = [str(part).strip() for part in self.raw_data]
            iso = re.fullmatch(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", typed[0]) if len(typed) == 1 else None
            day, month, year = (iso[3], iso[2], iso[1]) if iso else [*typed, "", "", ""][:3]
            return day, month, year
        if isinstance(self.data, date):
            return str(self.data.day), str(self.data.month), str(self.data.year)
        return "", "", ""

    def first_box(self) -> str:
        """Return the id of the first box that is wrong."""
        return f"{self.id}-{self.wrong_parts[0] if self.wrong_parts else 'day'}"

    def _read(self, day: str, month: str, year: str) -> date:
        if month[:3].lower() in MONTHS:
            month = str(MONTHS.index(month[:3].lower()) + 1)
        if not re.fullmatch(r"[0-9]{4}", year):
            self._refuse(["year"], "must have a year of 4 numbers, such as 2027")
        if int(year) not in YEARS:
            self._refuse(["year"], f"must be between {YEARS[0]} and {YEARS[-1]}")
        if not (re.fullmatch(r"[0-9]{1,2}", month) and re.fullmatch(r"[0-9]{1,2}", day)):
            self._refuse(PARTS, "must be a real date")
        try:
            return date(int(year), int(month), int(day))
        except ValueError:
            self._refuse(PARTS, "must be a real date")

    def _refuse(self, parts: Sequence[str], words: str) -> NoReturn:
        self.wrong_parts = tuple(parts)
        raise ValueError(f"{self.label.text} {words}")

    def _value(self) -> str:
        return " ".join(self.typed_parts())


class FileField(_Shown, UploadField):
    """A file of one of some kinds and no larger than so many megabytes."""

    widget = Widget("file-upload")

    def __init__(self, label: str, *, kinds: Sequence[str], megabytes: int = 5, **kwargs: Any) -> None:
        self.kinds = tuple(kinds)
        self.megabytes = megabytes
        super().__init__(label, **kwargs)

    def checks(self) -> Sequence[Callable[..., None]]:
        """Refuse other kinds of file, and larger ones."""
        named = " or ".join(f".{kind}" for kind in self.kinds)
        return (
            FileAllowed(self.kinds, f"The file must be {named}"),
            FileSize(self.megabytes * MEGABYTE, message=f"The file must be smaller than {self.megabytes} MB"),
        )

    def shown_value(self) -> None:
        """Give nothing back: a browser never fills a file in again."""


class SubmitField(_Shown, wtforms.SubmitField):
    """The button that sends the form; its label says what will happen."""

    widget = ButtonWidget("button")


def _one_line(text: str | None) -> str:
    return " ".join(unicodedata.normalize("NFC", text or "").split())


def _lines(text: str | None) -> str:
    """Count a new line as one character, as the page's own count does."""
    return unicodedata.normalize("NFC", text or "").replace("\r\n", "\n").strip()


def _blank_or(coerce: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Let a choice with an empty value mean that nothing was chosen."""
    return lambda value: None if value in ("", None) else coerce(value)


def _check_email(_form: FlaskForm, field: wtforms.Field) -> None:
    try:
        validate_email(field.data, check_deliverability=False, test_environment=True)
    except EmailNotValidError as wrong:
        raise ValidationError("Enter an e-mail address in the correct format, like name@example.com") from wrong
