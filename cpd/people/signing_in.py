"""Who is signed in, how somebody proves that it is she, and how she comes by a password."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import ColumnElement, Date, Select, bindparam, false, select, update

from cpd.people import attempts, links, passwords, service
from cpd.people.models import Person
from cpd.people.rules import PasswordFault, faults_of_password
from cpd.shared import clock, history, outbox
from cpd.shared.database import LARGEST_ID, db
from cpd.shared.unit_of_work import one_transaction


class Reason(StrEnum):
    """Why somebody was not signed in."""

    WRONG = "wrong"
    LEFT = "left"


class SignInRefused(Exception):  # noqa: N818 - a refusal, as everywhere in this project
    """Somebody was not signed in. That she has left is only said to who knows her password."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


class PasswordRefused(Exception):  # noqa: N818 - a refusal, as everywhere in this project
    """A new password is not good enough; every reason is listed."""

    def __init__(self, faults: list[PasswordFault]) -> None:
        super().__init__(", ".join(faults))
        self.faults = faults


class LinkRefused(LookupError):  # noqa: N818 - a refusal, as everywhere in this project
    """A link to choose a password is wrong, used or too old."""


def question_of_each_request(facilitates: ColumnElement[bool] | None = None) -> Select[Person, bool, bool]:
    """Put together, once, what each request asks first: a person by `person_id`, if she is here `on` a day.

    `facilitates` is the condition, of a floor above, by which she facilitates anything.
    """
    on = bindparam("on", type_=Date())
    is_manager = service.has_team(Person.id, Person.organisation_id, on)
    is_facilitator = false() if facilitates is None else facilitates
    wanted = select(Person, is_manager, is_facilitator)
    return wanted.where(Person.id == bindparam("person_id"), service.still_here(on))


def load_signed_in(cookie_id: str, question: Select[Person, bool, bool]) -> Person | None:
    """Return who a sign-in cookie names, unless her password has changed since or she has left. One query."""
    person_id, _, version = cookie_id.partition(":")
    if not (person_id.isascii() and person_id.isdecimal() and version.isascii() and version.isdecimal()):
        return None
    if not (len(person_id) <= len(str(LARGEST_ID)) and int(person_id) <= LARGEST_ID):
        return None
    asked = {"person_id": int(person_id), "on": clock.today()}
    found = db.session.execute(question, asked).unique().one_or_none()
    if found is None or str(found[0].session_version) != version:
        return None
    person: Person = found[0]
    person.is_manager, person.is_facilitator = found[1], found[2]
    return person


def sign_in(email: str, password: str, address: str) -> Person:
    """Return who has this e-mail address and password. It takes as long for an account that does not exist.

    Raises:
        TooManyAttempts: too many wrong passwords for this account, or from this address.
        SignInRefused: the password is wrong, or it is right and she no longer works here.
    """
    account = service.plain_email(email)
    attempts.begin(attempts.SIGNING_IN, account, address)
    person_id, password_hash, here = _account(account)
    db.session.rollback()  # give the connection back: what follows is slow
    if not passwords.is_right(password, password_hash) or person_id is None or password_hash is None:
        raise SignInRefused(Reason.WRONG)
    attempts.forget(attempts.SIGNING_IN, account)
    if not here:
        raise SignInRefused(Reason.LEFT)
    if passwords.is_outdated(password_hash):
        _keep_better_hash(person_id, password_hash, passwords.hash_password(password))
    return service.get_person(person_id)


def ask_for_password(email: str, address: str) -> None:
    """Send a link to choose a password, at most three times an hour; whether there is an account stays unsaid.

    Raises:
        TooManyAttempts: too many asked from this address, whoever was named.
    """
    account = service.plain_email(email)
    try:
        attempts.begin(attempts.ASKING_FOR_PASSWORD, account, address)
    except attempts.TooManyAttempts as too_many:
        if too_many.everywhere:
            raise
        return
    _send_link(account)


@one_transaction
def _send_link(account: str) -> None:
    """Write the link and its message, where there is somebody to send them to."""
    person_id, _, here = _account(account)
    if person_id is None or not here:
        return
    organisation_id = service.get_person(person_id).organisation_id
    facts = links.make_links([person_id], links.RESET_LASTS)[person_id]
    outbox.tell(organisation_id, person_id, "password_reset", facts["nonce"], facts)
    history.note("asked_for_password", "person", person_id, actor_id=None, organisation_id=organisation_id)


def person_of_link(token: str) -> Person:
    """Return who may choose a password by this link now. Raises LinkRefused."""
    person_id = links.person_of(token)
    here = select(Person).where(Person.id == person_id, service.still_here(clock.today()))
    person = db.session.scalars(here).unique().one_or_none()
    if person is None:
        raise LinkRefused("There is no such link any more")
    return person


def choose_password(token: str, password: str) -> Person:
    """Set a password by a link, which is then used up, and return whose it is.

    Raises:
        LinkRefused: the link is wrong, used (by another request at this moment, too) or too old.
        PasswordRefused: the password is not good enough; the link can still be used.
    """
    person = person_of_link(token)
    _check(password, person.email)
    return _choose_password(token, person.id, passwords.hash_password(password))


@one_transaction
def _choose_password(token: str, person_id: int, password_hash: str) -> Person:
    service.lock_persons([person_id])
    if not links.use_up(token):
        raise LinkRefused("There is no such link any more")
    return _set_password(person_id, password_hash)


def change_password(person_id: int, current: str, new: str, address: str) -> Person:
    """Change somebody's own password; every other sign-in of hers ends.

    Raises:
        TooManyAttempts: the current password was wrong too often.
        SignInRefused: the current password is wrong.
        PasswordRefused: the new one is not good enough.
    """
    email = service.get_person(person_id).email
    _check(new, email)
    sign_in(email, current, address)
    return _change_password(person_id, passwords.hash_password(new))


@one_transaction
def _change_password(person_id: int, password_hash: str) -> Person:
    service.lock_persons([person_id])
    return _set_password(person_id, password_hash)


def _set_password(person_id: int, password_hash: str) -> Person:
    """Keep a new password: other sign-ins and unused links end, and she is told, unless it is her first."""
    person = service.get_person(person_id)
    db.session.refresh(person)
    if person.password_hash is not None:
        key = f"version:{person.session_version}"
        outbox.tell(person.organisation_id, person_id, "password_changed", key, {})
    person.password_hash = password_hash
    person.session_version += 1
    links.end_links(person_id)
    attempts.forget(attempts.SIGNING_IN, person.email)
    history.note("chose_password", "person", person_id, actor_id=person_id, organisation_id=person.organisation_id)
    return person


@one_transaction
def _keep_better_hash(person_id: int, old: str, new: str) -> None:
    """Keep the same password's hash at today's cost, unless it was changed meanwhile."""
    db.session.execute(
        update(Person).where(Person.id == person_id, Person.password_hash == old).values(password_hash=new)
    )


def _account(account: str) -> tuple[int | None, str | None, bool]:
    """Return an account's id, its hash, and whether she still works here. One query whoever is asked for."""
    here = service.still_here(clock.today())
    wanted = select(Person.id, Person.password_hash, here).where(Person.email == account)
    row = db.session.execute(wanted).one_or_none()
    return (row[0], row[1], bool(row[2])) if row else (None, None, False)


def _check(password: str, email: str) -> None:
    if faults := faults_of_password(password, email):
        raise PasswordRefused(faults)
