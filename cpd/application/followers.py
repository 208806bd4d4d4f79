"""Who follows what: the one visible list. Each runs in the act's own transaction, lowest floor first."""

from __future__ import annotations

from cpd.booking import following as booking
from cpd.booking import wishes
from cpd.shared.unit_of_work import Follower
from cpd.timetable import venues

FOLLOWERS = [
    Follower("scheme.adopted", 6, venues.follow_schemes),
    Follower("people.changed", 7, booking.follow_people),
    Follower("scheme.adopted", 7, booking.follow_schemes),
    Follower("record.changed", 7, booking.follow_records),
    Follower("timetable.changed", 7, booking.follow_timetable),
    Follower("timetable.changed", 7, wishes.follow_timetable),
]
