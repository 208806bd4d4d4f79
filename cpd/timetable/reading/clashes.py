"""Two rows that cannot both be right: the same session twice, and one room wanted twice at one time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from cpd.shared.dates import say
from cpd.shared.reading import Findings, key
from cpd.timetable.reading.drafts import Draft
from cpd.timetable.reading.values import LONDON, ReadDay, ReadSession


def without_doubles(
    sessions: Sequence[tuple[Draft, ReadSession]], findings: Findings
) -> list[tuple[Draft, ReadSession]]:
    """Refuse a reference that an earlier row has, and a module's second session from the same moment.

    Without a reference, the module and its start are what a session is known by, so only references
    of their own tell two apart.
    """
    references: dict[str, int] = {}
    starts: dict[tuple[str, object], ReadSession] = {}
    kept = []
    for draft, session in sessions:
        same_reference = references.setdefault(session.session_ref, session.row) if session.session_ref else session.row
        same_start = starts.setdefault((session.module, session.days[0].starts_at), session)
        if same_reference != session.row:
            reason = f"rows {same_reference} and {session.row} have the same reference, {session.session_ref}"
            findings.refuse(draft.row, draft.column("session_ref"), reason)
        elif same_start is not session and not (same_start.session_ref and session.session_ref):
            pair = f"rows {same_start.row} and {session.row}"
            reason = f"{pair} are the same session: {session.module} on {_when(session.days[0])}"
            findings.refuse(draft.row, draft.column("start_date"), reason)
        else:
            kept.append((draft, session))
    return kept


def without_clashes(
    sessions: Sequence[tuple[Draft, ReadSession]], findings: Findings
) -> list[tuple[Draft, ReadSession]]:
    """Refuse the later of two rows that want one room at one time; one may start when the other ends."""
    in_room: defaultdict[tuple[str, str], list[tuple[ReadDay, ReadSession]]] = defaultdict(list)
    for _, session in sessions:
        for day in session.days:
            if day.room:
                in_room[day.venue, key(day.room)].append((day, session))
    clashes: dict[int, str] = {}
    for days in in_room.values():
        for row, reason in _clashes(days):
            clashes.setdefault(row, reason)
    for draft, session in sessions:
        if session.row in clashes:
            findings.refuse(draft.row, draft.column("room"), clashes[session.row])
    return [(draft, session) for draft, session in sessions if session.row not in clashes]


def _clashes(days: list[tuple[ReadDay, ReadSession]]) -> list[tuple[int, str]]:
    """List the later row of every two neighbours in time that overlap, and the reason, for one room."""
    found = []
    ordered = sorted(days, key=lambda held: (held[0].starts_at, held[1].row))
    latest, holder = ordered[0]
    for day, session in ordered[1:]:
        if day.starts_at < latest.ends_at and session is not holder:
            rows = sorted((holder.row, session.row))
            reason = f"rows {rows[0]} and {rows[1]} both want {day.room} on {_when(day)}"
            found.append((rows[1], reason))
        if day.ends_at > latest.ends_at:
            latest, holder = day, session
    return found


def _when(day: ReadDay) -> str:
    start, end = day.starts_at.astimezone(LONDON), day.ends_at.astimezone(LONDON)
    return f"{say(start.date())}, {start:%H:%M} to {end:%H:%M}"
