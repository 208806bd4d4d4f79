"""Every capability's tables: the database must know them all before the first query."""

from cpd.attendance import models as attendance
from cpd.attendance.certificates import models as certificates
from cpd.attendance.evaluation import models as evaluation
from cpd.attendance.materials import models as materials
from cpd.booking import models as booking
from cpd.catalogue import models as catalogue
from cpd.desk import models as desk
from cpd.diary import models as diary
from cpd.messages import models as messages
from cpd.people import models as people
from cpd.progression.pathways import models as pathways
from cpd.record import models as record
from cpd.record.claims import models as claims
from cpd.shared import clock, history, outbox
from cpd.study.awards import models as awards
from cpd.study.credits import models as credit_ledger
from cpd.study.days import models as study_days
from cpd.study.funding import models as funding
from cpd.study.places import models as award_places
from cpd.study.plans import models as development_plans
from cpd.study.protected import models as protected_time
from cpd.study.regulator import models as cpd_records
from cpd.timetable import models as timetable

__all__ = [
    "attendance",
    "award_places",
    "awards",
    "booking",
    "catalogue",
    "certificates",
    "claims",
    "clock",
    "cpd_records",
    "credit_ledger",
    "desk",
    "development_plans",
    "diary",
    "evaluation",
    "funding",
    "history",
    "materials",
    "messages",
    "outbox",
    "pathways",
    "people",
    "protected_time",
    "record",
    "study_days",
    "timetable",
]
