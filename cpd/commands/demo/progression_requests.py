"""The demonstration's requests to progress: one waits for approval, others for a panel; and a colleague stands in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from cpd.people.models import Person
from cpd.progression.requests import reading, service
from cpd.progression.requests.rules import CoverWanted
from cpd.shared import clock
from cpd.shared.roles import Role

ASKED = (
    ("advanced@warwickshire.demo.example", "4a-to-4b", "I have led the learning set for two years."),
    ("case@coventry.demo.example", "grade-7-to-8", "My written account says how I meet the criteria of the role."),
    ("notyet@coventry.demo.example", "grade-7-to-8", ""),
    ("case@demo.example", "to-experienced", ""),
    ("planned@walsall.demo.example", "to-senior-social-worker", "We agreed on it in our development conversation."),
)
"""Who asks for which step, with which words; whoever is not ready is left out."""

AWAY, STANDS_IN = "service@slough.demo.example", "psw@slough.demo.example"
COVER_BEGINS, COVER_LASTS = timedelta(days=7), timedelta(days=13)


def load_requests(people: Mapping[str, Person]) -> None:
    """Let people ask for what they are ready for, and somebody stand in from next week on; once."""
    for address, step, words in ASKED:
        person = people.get(address)
        if person is None or reading.requests_of([person.id]):
            continue
        if not service.prospect_of(person.id, step).faults:
            service.ask(person.id, step, words=words)
    away, stands_in = people[AWAY], people[STANDS_IN]
    if not service.covers_of(away.organisation_id, clock.today()):
        first = clock.today() + COVER_BEGINS
        wanted = CoverWanted(
            Role.SERVICE_MANAGER, away.id, stands_in.id, first, first + COVER_LASTS, "Away; agreed with the service"
        )
        service.name_cover(away.organisation_id, wanted, by=away.id)
