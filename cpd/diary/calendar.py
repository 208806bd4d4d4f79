"""The calendar file (RFC 5545): the same events always give the same bytes.

`icalendar` folds the lines. The lines themselves are written here, because its components take twenty
times as long (a feed is asked for by every subscribed calendar, day and night), and because its
escaping turns a backslash before a capital N into a line break.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from cpd.shared.clock import LONDON

LONGEST_LINE = 74
LINE_END = "\r\n"
HOUR_THAT_RETURNS = 1  # at two in the morning of the last Sunday of October it is one o'clock again

HEAD = ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//CPD//Training diary//EN", "CALSCALE:GREGORIAN")
REFRESH = ("REFRESH-INTERVAL;VALUE=DURATION:PT12H", "X-PUBLISHED-TTL:PT12H")
LONDON_ZONE = (
    "BEGIN:VTIMEZONE",
    "TZID:Europe/London",
    "BEGIN:DAYLIGHT",
    "TZOFFSETFROM:+0000",
    "TZOFFSETTO:+0100",
    "TZNAME:BST",
    "DTSTART:19810329T010000",
    "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
    "END:DAYLIGHT",
    "BEGIN:STANDARD",
    "TZOFFSETFROM:+0100",
    "TZOFFSETTO:+0000",
    "TZNAME:GMT",
    "DTSTART:19961027T020000",
    "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
    "END:STANDARD",
    "END:VTIMEZONE",
)
"""The United Kingdom's clock changes as they have been since 1996; the changes are given in local time before them."""

ESCAPES = str.maketrans(
    {chr(control): None for control in (*range(32), 127) if chr(control) not in "\t\r\n"}
    | {"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": "\\n"}
)
"""How TEXT is written; control characters have no place in it."""


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """One diary entry as a calendar shows it. `url` is a whole address, or empty."""

    uid: str
    sequence: int
    title: str
    location: str
    description: str
    url: str
    starts_at: datetime
    ends_at: datetime
    cancelled: bool
    created_at: datetime
    changed_at: datetime


def calendar_of(events: Iterable[CalendarEvent], name: str) -> bytes:
    """Return the events as a calendar file with this name, in the order given."""
    head = (*HEAD, _line("X-WR-CALNAME", name), *REFRESH, *LONDON_ZONE)
    return LINE_END.join((*head, *map(_event, events), "END:VCALENDAR", "")).encode()


@dataclass(frozen=True, slots=True)
class Party:
    """Who invites or is invited: a name as people write it, and an e-mail address."""

    name: str
    email: str


def invitation_of(event: CalendarEvent, organiser: Party, invited: Party, stamped_at: datetime) -> bytes:
    """Return the message that puts one event into somebody's own calendar, or takes it out (RFC 5546).

    A cancelled event gives a CANCEL, else it is a REQUEST; she has said yes already, by booking. `stamped_at` is
    when this message was written.
    """
    method = "METHOD:CANCEL" if event.cancelled else "METHOD:REQUEST"
    parties = (
        _folded(f"ORGANIZER;CN={_quoted(organiser.name)}:mailto:{organiser.email}"),
        _folded(
            f"ATTENDEE;CN={_quoted(invited.name)};CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;RSVP=FALSE"
            f":mailto:{invited.email}"
        ),
    )
    body = _event(event, stamped_at, parties)
    return LINE_END.join((*HEAD, method, *LONDON_ZONE, body, "END:VCALENDAR", "")).encode()


def _event(event: CalendarEvent, stamped_at: datetime | None = None, more: Iterable[str] = ()) -> str:
    """Write one event. A cancelled one says so in its title too, as not every calendar shows STATUS.

    In a feed an event is stamped with its last change, so that the same events give the same bytes.
    """
    changed = _utc(event.changed_at)
    lines = [
        "BEGIN:VEVENT",
        _folded(f"UID:{_text(event.uid)}"),
        f"SEQUENCE:{event.sequence}",
        f"DTSTAMP:{_utc(stamped_at) if stamped_at else changed}",
        f"CREATED:{_utc(event.created_at)}",
        f"LAST-MODIFIED:{changed}",
        *more,
        f"DTSTART{_moment(event.starts_at)}",
        f"DTEND{_moment(event.ends_at)}",
        _line("SUMMARY", f"Cancelled: {event.title}" if event.cancelled else event.title),
        *(
            _line(name, words)
            for name, words in (("LOCATION", event.location), ("DESCRIPTION", event.description))
            if words
        ),
        *([_folded(f"URL:{event.url}")] if event.url else []),
        "STATUS:CANCELLED" if event.cancelled else "STATUS:CONFIRMED",
        "TRANSP:TRANSPARENT" if event.cancelled else "TRANSP:OPAQUE",
        "END:VEVENT",
    ]
    return LINE_END.join(lines)


@lru_cache(maxsize=4096)
def _line(name: str, words: str) -> str:
    """Write a line of what people wrote. It is kept: a session's title, place and notes are in many diaries."""
    return _folded(f"{name}:{_text(words)}")


def _text(words: str) -> str:
    """Escape what people wrote."""
    return words.replace(LINE_END, "\n").translate(ESCAPES)


def _quoted(words: str) -> str:
    """Write what people wrote as a parameter: it has no escape for a quotation mark or a line break."""
    plain = "".join(letter for letter in words.replace('"', "'") if letter.isprintable())
    return f'"{plain}"'


def _moment(moment: datetime) -> str:
    """Write a moment on London's clock; in the hour that happens twice, in UTC, for no local time could name it."""
    local = moment.astimezone(LONDON)
    if local.hour == HOUR_THAT_RETURNS and local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset():
        return f":{_utc(moment)}"
    return f";TZID=Europe/London:{_digits(local)}"


def _utc(moment: datetime) -> str:
    """Write a moment in UTC."""
    return f"{_digits(moment.astimezone(UTC))}Z"


def _digits(moment: datetime) -> str:
    """Write 20190110T093000: `strftime` takes three times as long."""
    return moment.isoformat()[:19].replace("-", "").replace(":", "")


def _folded(line: str) -> str:
    """Fold a line that is too long in bytes."""
    if len(line) <= LONGEST_LINE and line.isascii():
        return line
    from icalendar.parser import Contentline  # slow to load, and most lines are short

    folded: bytes = Contentline(line).to_ical()  # type: ignore[no-untyped-call]
    return folded.decode()
