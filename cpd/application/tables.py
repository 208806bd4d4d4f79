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
from cpd.progression.appeals import models as appeals
from cpd.progression.documents import models as documents
from cpd.progression.early import models as early_career
from cpd.progression.exports import models as change_exports
from cpd.progression.panels import models as panels
from cpd.progression.pathways import models as pathways
from cpd.progression.portfolios import models as portfolios
from cpd.progression.requests import models as progression_requests
from cpd.progression.vacancies import models as vacancies
from cpd.record import models as record
from cpd.record.claims import models as claims
from cpd.shared import clock, history, outbox, sealing, signing
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
    "appeals",
    "attendance",
    "award_places",
    "awards",
    "booking",
    "catalogue",
    "certificates",
    "change_exports",
    "claims",
    "clock",
    "cpd_records",
    "credit_ledger",
    "desk",
    "development_plans",
    "diary",
    "documents",
    "early_career",
    "evaluation",
    "funding",
    "history",
    "materials",
    "messages",
    "outbox",
    "panels",
    "pathways",
    "people",
    "portfolios",
    "progression_requests",
    "protected_time",
    "record",
    "sealing",
    "signing",
    "study_days",
    "timetable",
    "vacancies",
]
