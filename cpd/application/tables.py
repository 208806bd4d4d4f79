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
from cpd.record import models as record
from cpd.record.claims import models as claims
from cpd.shared import clock, history, outbox
from cpd.timetable import models as timetable

__all__ = [
    "attendance",
    "booking",
    "catalogue",
    "certificates",
    "claims",
    "clock",
    "desk",
    "diary",
    "evaluation",
    "history",
    "materials",
    "messages",
    "outbox",
    "people",
    "record",
    "timetable",
]
