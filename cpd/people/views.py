"""Signing in and out, choosing a password, and what is known of oneself."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import UserMixin, login_user, logout_user

from cpd.people import signing_in
from cpd.people.attempts import TooManyAttempts
from cpd.people.forms import ChangePasswordForm, ChoosePasswordForm, ForgottenPasswordForm, SignInForm, say_faults
from cpd.people.rules import local_path
from cpd.people.signing_in import LinkRefused, PasswordRefused, Reason, SignInRefused
from cpd.shared import demonstration
from cpd.shared.access import public, requires, viewer
from cpd.shared.permissions import Action
from cpd.shared.wording import counted

blueprint = Blueprint("people", __name__)

WRONG = "The e-mail address or the password is not right"
CURRENT_WRONG = "The password that you have now is not right"


@blueprint.get("/sign-in")
@public
def sign_in() -> ResponseReturnValue:
    """Ask who it is; whoever is signed in goes on to where she was going."""
    if viewer.is_authenticated:
        return redirect(_next_page())
    return _ask_to_sign_in(SignInForm())


@blueprint.post("/sign-in")
@public
def sign_in_now() -> ResponseReturnValue:
    """Sign somebody in and take her to where she was going, or say what to do."""
    form = SignInForm()
    if not form.validate_on_submit():
        return _ask_to_sign_in(form, 422)
    try:
        person = signing_in.sign_in(form.email.data or "", form.password.data or "", _address())
    except TooManyAttempts as too_many:
        form.email.errors = [_say_wait(too_many.minutes)]
        return _ask_to_sign_in(form, 429)
    except SignInRefused as refused:
        if refused.reason is Reason.LEFT:
            return render_template("people/left.html"), 409
        form.email.errors = [WRONG]
        return _ask_to_sign_in(form, 422)
    _enter(person)
    return redirect(_next_page(), code=303)


@blueprint.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    """Sign out, and forget everything that the browser was told."""
    logout_user()
    session.clear()
    flash("You have signed out.")
    return redirect(url_for("people.sign_in"), code=303)


@blueprint.get("/forgotten-password")
@public
def forgotten_password() -> ResponseReturnValue:
    """Ask for which account a password is wanted."""
    return render_template("people/forgotten_password.html", form=ForgottenPasswordForm())


@blueprint.post("/forgotten-password")
@public
def ask_for_password() -> ResponseReturnValue:
    """Send a link, if there is somebody to send it to; the answer is the same in either case."""
    form = ForgottenPasswordForm()
    if not form.validate_on_submit():
        return render_template("people/forgotten_password.html", form=form), 422
    try:
        signing_in.ask_for_password(form.email.data or "", _address())
    except TooManyAttempts as too_many:
        form.email.errors = [_say_wait(too_many.minutes)]
        return render_template("people/forgotten_password.html", form=form), 429
    return redirect(url_for("people.password_asked_for"), code=303)


@blueprint.get("/forgotten-password/sent")
@public
def password_asked_for() -> ResponseReturnValue:
    """Say where to look for the link, and what to do when none comes."""
    return render_template("people/password_asked_for.html")


@blueprint.get("/password/<token>")
@public
def choose_password(token: str) -> ResponseReturnValue:
    """Let somebody choose a password by her link; looking at it does not use it up."""
    return _ask_for_new_password(token, ChoosePasswordForm())


@blueprint.post("/password/<token>")
@public
def choose_password_now(token: str) -> ResponseReturnValue:
    """Keep the password, sign her in, and show her the start page."""
    form = ChoosePasswordForm()
    if not form.validate_on_submit():
        return _ask_for_new_password(token, form, 422)
    try:
        person = signing_in.choose_password(token, form.password.data or "")
    except PasswordRefused as refused:
        form.password.errors = say_faults(refused.faults)
        return _ask_for_new_password(token, form, 422)
    except LinkRefused:
        return render_template("people/link_over.html"), 404
    _enter(person)
    flash("Your password is set, and you are signed in.")
    return redirect(url_for("home.start"), code=303)


@blueprint.get("/account/password")
@requires(Action.MANAGE_OWN_ACCOUNT)
def change_password() -> ResponseReturnValue:
    """Ask for the password now and the new one."""
    return render_template("people/change_password.html", form=ChangePasswordForm())


@blueprint.post("/account/password")
@requires(Action.MANAGE_OWN_ACCOUNT)
def change_password_now() -> ResponseReturnValue:
    """Change my password; I stay signed in here, and everywhere else I am signed out."""
    form = ChangePasswordForm()
    status = 422
    if form.validate_on_submit():
        try:
            person = signing_in.change_password(
                viewer.id, form.current.data or "", form.password.data or "", _address()
            )
        except PasswordRefused as refused:
            form.password.errors = say_faults(refused.faults)
        except TooManyAttempts as too_many:
            form.current.errors, status = [_say_wait(too_many.minutes)], 429
        except SignInRefused:
            form.current.errors = [CURRENT_WRONG]
        else:
            _enter(person)
            flash("Your password is changed. You are signed out everywhere else.")
            return redirect(url_for("home.account"), code=303)
    return render_template("people/change_password.html", form=form), status


def _ask_to_sign_in(form: SignInForm, status: int = 200) -> ResponseReturnValue:
    """Show the page; it carries along where she was going."""
    accounts = demonstration.accounts() if current_app.extensions.get("demonstration") else {}
    next_page = local_path(request.values.get("next"))
    return render_template("people/sign_in.html", form=form, next_page=next_page, accounts=accounts), status


def _ask_for_new_password(token: str, form: ChoosePasswordForm, status: int = 200) -> ResponseReturnValue:
    try:
        person = signing_in.person_of_link(token)
    except LinkRefused:
        return render_template("people/link_over.html"), 404
    page = render_template(
        "people/choose_password.html", form=form, email=person.email, is_first=not person.password_hash
    )
    return page, status


def _enter(person: UserMixin) -> None:
    """Sign somebody in with a fresh cookie, so that nobody can have prepared it."""
    session.clear()
    login_user(person)


def _next_page() -> str:
    """Return where she was going, if that is a page of ours that can be looked at; else the start page."""
    address = local_path(request.values.get("next"))
    page = urlsplit(address).path
    pages = current_app.url_map.bind("")
    return address if pages.test(page, method="GET") and page != url_for("people.sign_in") else url_for("home.start")


def _address() -> str:
    """Return from where this request comes; behind a proxy, that is what the proxy says."""
    return request.remote_addr or ""


def _say_wait(minutes: int) -> str:
    """Say when to try again, whether or not there is such an account."""
    return f"There were too many tries. Wait {counted(minutes, 'minute')}, then try again"
