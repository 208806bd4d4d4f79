"""How people word the headings of a timetable's columns."""

from __future__ import annotations

from collections.abc import Mapping

from cpd.shared.tables import Columns, Row, TableRefused, list_headings, match_columns

_WORDINGS = {
    "module": "module code, course code, module number, module no, course, course name, session name",
    "title": "course title, module title, module name, session title, training, training title, event, event title,"
    " workshop, name, topic, subject",
    "start_date": "date, dates, date and time, dates and times, date time, when, session date, session dates,"
    " first date, date from",
    "start_time": "time, times, session time, session times, time from, starts at",
    "end_date": "last date, finish date, date to, date until",
    "end_time": "finish time, time to, time until, ends at",
    "venue": "location, venue and room, venue room, place, building, site, where, address",
    "room": "room name, room number, room no",
    "session_ref": "session reference, reference, ref, session id, session code, event id",
    "capacity": "places, number of places, no of places, max places, maximum places, maximum, max, spaces, seats",
    "booking_opens": "booking opens on, bookings open, booking from, open from",
    "booking_closes": "booking closes on, bookings close, closing date, book by, booking deadline",
    "facilitator": "facilitators, facilitated by, trainer, trainers, tutor, tutors, led by, presenter",
    "weekday": "day, day of week, day of the week",
}
WORDINGS: Mapping[str, tuple[str, ...]] = {field: tuple(said.split(", ")) for field, said in _WORDINGS.items()}
FIELDS = tuple(WORDINGS)

_OTHERWISE = {"end_date": "start_date", "end_time": "start_time"}  # one cell may hold both
_STARTS = ("from", "start", "starts", "begins")
_ENDS = ("to", "until", "end", "ends", "finish", "finishes")


def columns_of(header: Row, saved: Mapping[str, str] | None) -> Columns:
    """Find a timetable's columns; raises `TableRefused` where a session could not be told from them.

    `From` and `To` are times beside a column of dates, and dates where there is none; `Day` is a
    weekday beside a column of dates, and the date where there is none.
    """
    columns = match_columns(header.cells, _wordings("start_time", "end_time"), saved=saved)
    if "start_date" not in columns.positions:
        by_dates = _wordings("start_date", "end_date")
        by_dates["start_date"] += by_dates["weekday"]
        by_dates["weekday"] = ()
        columns = match_columns(header.cells, by_dates, saved=saved)
    lacking = [] if {"module", "title"} & columns.positions.keys() else ["module"]
    lacking += [] if "start_date" in columns.positions else ["start_date"]
    if lacking:
        named = list_headings(header.cells)
        raise TableRefused(f"There is no column for {' and '.join(lacking)}. The columns are: {named}.")
    return columns


def heading_of(headings: Mapping[str, str], field: str) -> str:
    """Give the heading under which a field stands in the file, or our own name where it has no column."""
    return headings.get(field) or headings.get(_OTHERWISE.get(field, ""), field)


def _wordings(starts: str, ends: str) -> dict[str, tuple[str, ...]]:
    """Give the wordings, with those that may be either dates or times given to these two fields."""
    wordings = dict(WORDINGS)
    wordings[starts] += _STARTS
    wordings[ends] += _ENDS
    return wordings
