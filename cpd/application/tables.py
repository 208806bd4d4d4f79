"""Every capability's tables: the database must know them all before the first query."""

from cpd.booking import models as booking
from cpd.catalogue import models as catalogue
from cpd.desk import models as desk
from cpd.diary import models as diary
from cpd.messages import models as messages
from cpd.people import models as people
from cpd.record import models as record
from cpd.shared import clock, history, outbox
from cpd.timetable import models as timetable

__all__ = [
    "booking",
    "catalogue",
    "clock",
    "desk",
    "diary",
    "history",
    "messages",
    "outbox",
    "people",
    "record",
    "timetable",
]
