"""What people type to sign in, to choose a password, and to say when somebody is away."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from cpd.people.rules import LONGEST_PASSWORD, SHORTEST_PASSWORD, Away, AwayFault, AwayKind, PasswordFault
from cpd.shared.forms import DateField, EmailField, Form, PasswordField, RadiosField, SelectChoice

FAULTS = {
    PasswordFault.TOO_SHORT: f"Password must be {SHORTEST_PASSWORD} characters or more",
    PasswordFault.TOO_LONG: f"Password must be {LONGEST_PASSWORD} characters or fewer",
    PasswordFault.LIKE_EMAIL: "Password must not be like your e-mail address",
    PasswordFault.EASY_TO_GUESS: "Password is easy to guess. Three words that do not belong together make a good one",
}
NEW_PASSWORD_HINT = (
    f"{SHORTEST_PASSWORD} characters or more. Three words that do not belong together are easy to remember "
    "and hard to guess."
)


def say_faults(faults: list[PasswordFault]) -> list[str]:
    """Put what is wrong with a password into words."""
    return [FAULTS[fault] for fault in faults]


class SignInForm(Form):
    """Sign in."""

    email = EmailField("E-mail address", required="Enter your e-mail address", shown_as={"autocomplete": "username"})
    password = PasswordField("Password", required="Enter your password")


class ForgottenPasswordForm(Form):
    """Ask for a link to choose a password."""

    email = EmailField("E-mail address", required="Enter your e-mail address")


class ChoosePasswordForm(Form):
    """Choose a password by a link."""

    password = PasswordField("Your new password", new=True, required="Enter a new password", hint=NEW_PASSWORD_HINT)


class ChangePasswordForm(Form):
    """Change one's own password."""

    current = PasswordField("Your password now", required="Enter the password that you have now")
    password = PasswordField("Your new password", new=True, required="Enter a new password", hint=NEW_PASSWORD_HINT)


AWAY_KINDS = {
    AwayKind.LEAVE: ("Leave", "Annual leave, sick leave, family leave: the reason is not kept"),
    AwayKind.PAUSE: (
        "Pause",
        "Of an early-career programme. One that Workforce Development recorded for leave is listed here already",
    ),
    AwayKind.CAREER_BREAK: ("Career break", ""),
}
"""Each kind of time away in words, with its hint."""

AWAY_FAULTS = {
    AwayFault.OWN: "You cannot record when you are away yourself. Ask your manager or a colleague in Workforce "
    "Development to do it.",
    AwayFault.ENDS_FIRST: "The last day must be the same as or after the first day",
    AwayFault.OVERLAPS: "Some of these days are recorded already. Change the time below that they belong to, or choose "
    "other days",
    AwayFault.NO_LONGER_IN_FORCE: "Somebody else has changed or removed this since you opened it. Look at the list and "
    "try again.",
}
"""Why time away is not taken, and what to do."""


class AwayForm(Form):
    """When somebody is away."""

    kind = RadiosField(
        "What is it?",
        required="Choose what it is",
        choices=[
            SelectChoice(str(kind), words, render_kw={"hint": hint} if hint else {})
            for kind, (words, hint) in AWAY_KINDS.items()
        ],
    )
    first_day = DateField("First day away", required="Enter the first day away", hint="For example, 18 1 2027")
    last_day = DateField("Last day away (optional)", hint="Leave it empty if it is not known yet")

    def said(self) -> Away:
        """Return what was typed."""
        assert isinstance(self.first_day.data, date), "a required date is there once the form is right"  # noqa: S101
        return Away(AwayKind(self.kind.data or ""), self.first_day.data, self.last_day.data)

    def say(self, faults: Sequence[AwayFault]) -> None:
        """Show what is wrong beside the dates."""
        for fault in faults:
            field = self.last_day if fault is AwayFault.ENDS_FIRST else self.first_day
            field.errors = [*field.errors, AWAY_FAULTS[fault]]
