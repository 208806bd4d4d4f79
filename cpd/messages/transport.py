"""Talking to the mail server that MAIL_URL names.

`smtp://host:port`, `starttls://…` (encrypted after the greeting) or `smtps://…` (encrypted from the start), each
with `user:password@` before the host where the server asks for it.
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from types import MappingProxyType
from urllib.parse import unquote, urlsplit

PORTS: Mapping[str, int] = MappingProxyType({"smtp": 25, "starttls": 587, "smtps": 465})
SECONDS = 15
"""How long the server may take for each answer: a whole talk stays well within a lease."""

FIRST_FINAL = 500
"""Answers from here on mean: never (RFC 5321); those below, not now."""


class Unsent(Exception):  # noqa: N818 - an answer of the server, not a failure of ours
    """A mail was not taken: `for_good` where it never will be, `unreachable` where no mail would be taken now."""

    def __init__(self, reason: str, *, for_good: bool = False, unreachable: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.for_good = for_good
        self.unreachable = unreachable


@dataclass(frozen=True, slots=True)
class MailAddress:
    """Where the mail server is and how it wants to be spoken to."""

    scheme: str
    host: str
    port: int
    user: str
    password: str


def parse_mail_url(url: str) -> MailAddress:
    """Read MAIL_URL. Raises ValueError with what is wrong; the password is never part of it."""
    parts = urlsplit(url)
    if parts.scheme not in PORTS or not parts.hostname:
        raise ValueError("MAIL_URL must look like smtp://host:port, starttls://host:port or smtps://host:port")
    try:
        port = parts.port
    except ValueError as wrong:
        raise ValueError("MAIL_URL has a port that is none") from wrong
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return MailAddress(parts.scheme, parts.hostname, port or PORTS[parts.scheme], user, password)


class MailServer:
    """The mail server, spoken to when first needed, and until `close`."""

    def __init__(self, url: str, own_name: str) -> None:
        self._address = parse_mail_url(url)
        self._own_name = own_name
        self._talk: smtplib.SMTP | None = None

    def send(self, message: EmailMessage) -> None:
        """Hand a mail over. Raises Unsent."""
        talk = self._talk = self._talk or self._connect()
        try:
            talk.send_message(message)
        except smtplib.SMTPRecipientsRefused as refused:
            ((code, said),) = refused.recipients.values()
            raise self._unsent(code, said) from None
        except smtplib.SMTPResponseException as answer:
            raise self._unsent(answer.smtp_code, answer.smtp_error) from None
        except smtplib.SMTPNotSupportedError as unable:
            self.close()
            raise Unsent(str(unable), for_good=True) from None
        except (smtplib.SMTPException, OSError) as broken:
            self.close()
            raise Unsent(f"The mail server broke off: {type(broken).__name__}") from None

    def close(self) -> None:
        """End the talk, politely where the server still listens."""
        talk, self._talk = self._talk, None
        if talk is not None:
            try:
                talk.quit()
            except (smtplib.SMTPException, OSError):
                talk.close()

    def _unsent(self, code: int, said: bytes | str) -> Unsent:
        """Say what the server answered; after an answer that it did not like, we begin anew."""
        self.close()
        words = said.decode(errors="replace") if isinstance(said, bytes) else said
        plain = " ".join("".join(letter if letter.isprintable() else " " for letter in words).split())
        return Unsent(f"The mail server answered {code} {plain}"[:500], for_good=code >= FIRST_FINAL)

    def _connect(self) -> smtplib.SMTP:
        """Greet the server and sign in where it asks for it. Raises Unsent: then no mail would be taken."""
        where = self._address
        talk = None
        try:
            talk = self._greet(where)
            if where.scheme == "starttls":
                talk.starttls(context=ssl.create_default_context())
            if where.user:
                talk.login(where.user, where.password)
        except (smtplib.SMTPException, OSError) as away:
            if talk is not None:
                talk.close()
            answer = f"{away.smtp_code}" if isinstance(away, smtplib.SMTPResponseException) else type(away).__name__
            raise Unsent(f"The mail server does not let us in: {answer}", unreachable=True) from None
        return talk

    def _greet(self, where: MailAddress) -> smtplib.SMTP:
        """Open the line."""
        if where.scheme == "smtps":
            secure = ssl.create_default_context()
            return smtplib.SMTP_SSL(where.host, where.port, self._own_name, timeout=SECONDS, context=secure)
        return smtplib.SMTP(where.host, where.port, self._own_name, timeout=SECONDS)
