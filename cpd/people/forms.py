"""What people type to sign in and to choose a password."""

from __future__ import annotations

from cpd.people.rules import LONGEST_PASSWORD, SHORTEST_PASSWORD, PasswordFault
from cpd.shared.forms import EmailField, Form, PasswordField

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
