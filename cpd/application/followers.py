"""Who follows what: the one visible list. Each runs in the act's own transaction, lowest floor first."""

from __future__ import annotations

from cpd.attendance.certificates import service as certificates
from cpd.booking import cascade, wishes
from cpd.booking import following as booking
from cpd.shared.unit_of_work import Follower
from cpd.timetable import venues

FOLLOWERS = [
    Follower("scheme.adopted", 6, venues.follow_schemes),
    Follower("people.changed", 7, booking.follow_people),
    Follower("scheme.adopted", 7, booking.follow_schemes),
    Follower("record.changed", 7, booking.follow_records),
    Follower("timetable.changed", 7, booking.follow_timetable),
    Follower("timetable.changed", 7, wishes.follow_timetable),
    Follower("standing.changed", 7, cascade.follow_standings),
    Follower("record.changed", 8, certificates.follow_records),
]
