"""A mail as it is sent: the same words as text and as simple HTML; an invitation carries its calendar message too."""

from __future__ import annotations

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from typing import Any
from urllib.parse import urlsplit

from flask import current_app

from cpd.diary.calendar import CalendarEvent, Party, invitation_of
from cpd.messages.rules import Method
from cpd.messages.words import Words
from cpd.shared import clock

SENT_BY = "Training and CPD"


def sender() -> Party:
    """Return who writes, as MAIL_FROM says (`Name <address>`)."""
    base = str(current_app.config["BASE_URL"])
    name, email = parseaddr(str(current_app.config.get("MAIL_FROM") or ""))
    return Party(name or SENT_BY, email or f"no-reply@{urlsplit(base).hostname or 'localhost'}")


def words_mail(mail_id: str, to: Party, words: Words) -> EmailMessage:
    """Make the mail that says these words. Raises ValueError where no mail can be addressed like that."""
    message = _headed(mail_id, to, words)
    _write(message, words)
    return message


def invitation_mail(mail_id: str, to: Party, words: Words, calendar: bytes, method: Method) -> EmailMessage:
    """Make the mail that brings a calendar message, in both places where programs look for it."""
    message = _headed(mail_id, to, words)
    _write(message, words)
    text = calendar.decode()
    message.add_alternative(text, subtype="calendar", charset="utf-8", cte="base64", params={"method": str(method)})
    message.make_mixed()
    message.add_attachment(calendar, maintype="application", subtype="ics", filename="invitation.ics")
    return message


def calendar_message(facts: dict[str, Any], to: Party) -> bytes:
    """Make the calendar message of an invitation from the diary entry as it was when it was written."""
    ((starts_at, ends_at, location),) = facts["days"]
    base = str(current_app.config["BASE_URL"]).rstrip("/")
    moment = datetime.fromisoformat
    event = CalendarEvent(
        uid=facts["uid"],
        sequence=facts["sequence"],
        title=facts["module"],
        location=location,
        description=facts["description"],
        url=f"{base}{facts['path']}" if facts["path"] else "",
        starts_at=moment(starts_at),
        ends_at=moment(ends_at),
        cancelled=facts["method"] == Method.CANCEL,
        created_at=moment(facts["created_at"]),
        changed_at=moment(facts["changed_at"]),
    )
    return invitation_of(event, sender(), to, moment(facts["stamped_at"]))


def _headed(mail_id: str, to: Party, words: Words) -> EmailMessage:
    """Begin a mail: to whom, from whom, and that a program wrote it, so that no program answers (RFC 3834)."""
    message = EmailMessage(policy=SMTP)
    message["Message-ID"] = mail_id
    message["Date"] = format_datetime(clock.real_now())
    message["From"] = _address(sender())
    message["To"] = _address(to)
    message["Subject"] = words.subject
    message["Auto-Submitted"] = "auto-generated"
    return message


def _write(message: EmailMessage, words: Words) -> None:
    """Write the words, as text and as HTML."""
    template = current_app.jinja_env.get_template("messages/mail.html")
    message.set_content(f"{words.body}\n", cte="quoted-printable")
    page = template.render(subject=words.subject, paragraphs=words.paragraphs)
    message.add_alternative(page, subtype="html", cte="quoted-printable")


def _address(party: Party) -> Address:
    """Write an address for a header. A name is kept to one line; a domain with accents gets its plain spelling.

    Raises:
        ValueError: it is no address.
    """
    local, _, domain = party.email.rpartition("@")
    if not local or not domain:
        raise ValueError("There is no e-mail address to write to")
    name = "".join(letter for letter in party.name if letter.isprintable())
    return Address(name, local, domain.encode("idna").decode())
