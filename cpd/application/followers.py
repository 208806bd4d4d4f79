"""Who follows what: the one visible list. Each runs in the act's own transaction, lowest floor first."""

from __future__ import annotations

from cpd.attendance import completing
from cpd.attendance.certificates import service as certificates
from cpd.booking import cascade, wishes
from cpd.booking import following as booking
from cpd.progression.documents import service as documents
from cpd.progression.early import following as early_career
from cpd.progression.exports import following as change_exports
from cpd.progression.pathways import following as pathways
from cpd.progression.requests import following as progression_requests
from cpd.progression.vacancies import service as vacancies
from cpd.shared.unit_of_work import Follower
from cpd.study.awards import following as awards
from cpd.study.days import following as study_days
from cpd.study.places import settling as award_places
from cpd.timetable import venues

FOLLOWERS = [
    Follower("scheme.adopted", 6, venues.follow_schemes),
    Follower("people.changed", 7, booking.follow_people),
    Follower("scheme.adopted", 7, booking.follow_schemes),
    Follower("record.changed", 7, booking.follow_records),
    Follower("timetable.changed", 7, booking.follow_timetable),
    Follower("timetable.changed", 7, wishes.follow_timetable),
    Follower("standing.changed", 7, cascade.follow_standings),
    Follower("evaluation.dropped", 8, completing.follow_rules),
    Follower("record.changed", 8, certificates.follow_records),
    Follower("record.changed", 8, awards.follow_records),
    Follower("scheme.adopted", 8, award_places.follow_schemes),
    Follower("people.changed", 8, award_places.follow_people),
    Follower("people.away", 8, study_days.follow_time_away),
    Follower("people.changed", 9, pathways.follow_people),
    Follower("scheme.adopted", 9, pathways.follow_schemes),
    Follower("record.changed", 9, early_career.follow_records),
    Follower("scheme.adopted", 9, vacancies.follow_schemes),
    Follower("vacancy.gone", 9, progression_requests.follow_vacancies),
    Follower("panel.decided", 9, progression_requests.follow_panels),
    Follower("record.changed", 9, progression_requests.follow_records),
    Follower("people.changed", 9, progression_requests.follow_people),
    Follower("panel.decided", 9, documents.follow_panels),
    Follower("progression.decided", 9, documents.follow_requests),
    Follower("progression.decided", 9, change_exports.follow_requests),
]
