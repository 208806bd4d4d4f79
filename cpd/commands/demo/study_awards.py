"""The demonstration's awards: one worker on the usual way, and one who joined above the assessed year."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from cpd.people.models import Person
from cpd.shared import clock
from cpd.study.awards import reading, service
from cpd.study.awards.models import AwardEnrolment
from cpd.study.credits import service as credit_ledger
from cpd.study.credits.offer import said_about, sources_of
from cpd.study.credits.rules import CreditStatus

CERTIFICATE = "pg-certificate"
UNIVERSITY = "Invented University"
USUAL, ABOVE = "worker@warwickshire.demo.example", "above@warwickshire.demo.example"
OFFICER = "workforce@warwickshire.demo.example"
MODULES = (("WA-PE-1", -400), ("WA-PE-2", -40))
"""What the one who joined above has been awarded, and so many days from today."""


def load_awards(people: Mapping[str, Person]) -> None:
    """Enrol both, once, and give the one who joined above her modules; `people` are the demonstration's, by address."""
    officer = people[OFFICER]
    for person, days_ago in ((people[USUAL], 690), (people[ABOVE], 450)):
        if not reading.enrolments_where(AwardEnrolment.person_id == person.id):
            enrolled_on = clock.today() - timedelta(days=days_ago)
            service.enrol(person.id, CERTIFICATE, enrolled_on=enrolled_on, by=officer.id)
    above = people[ABOVE]
    sources = sources_of(above.organisation_id)
    for code, days in MODULES:
        board_on = clock.today() + timedelta(days=days)
        said = said_about(
            sources[code], above.id, status=CreditStatus.AWARDED, board_on=board_on, university=UNIVERSITY
        )
        credit_ledger.enter(said, by=officer.id)
