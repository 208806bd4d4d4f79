"""The demonstration's decisions: one change that was made, two that were declined, and two that wait for approval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta

from cpd.people.models import Person
from cpd.progression.panels import reading as panels
from cpd.progression.panels import service as panel_service
from cpd.progression.panels.service import Decision, MeetingWanted
from cpd.progression.portfolios import judging as evidence
from cpd.progression.portfolios.rules import ONLY, Piece
from cpd.progression.requests import enacting, reading, service
from cpd.progression.requests.raising import ask
from cpd.progression.vacancies import service as vacancies
from cpd.record.facts import FactSaid
from cpd.record.service import add_fact
from cpd.requirements.record import FactKind
from cpd.shared import clock
from cpd.shared.clock import LONDON

TEN, LASTS, DAY = time(10), timedelta(hours=2), timedelta(days=1)
SEEN = "Clear, calm and well prepared; we talked it through afterwards."
ROOM = "Room 3"


def load_decided(people: Mapping[str, Person]) -> None:
    """Let each come about in its own past, once; whoever has a request already is left as she is."""
    for address, tell in (
        ("advanced@coventry.demo.example", _is_made),
        ("ready@warwickshire.demo.example", _waits_for_the_director),
        ("ready@slough.demo.example", _waits_for_the_head_of_service),
        ("lou@slough.demo.example", _is_declined),
        ("ivo@slough.demo.example", _is_declined),
    ):
        person = people.get(address)
        if person is not None and not reading.requests_of([person.id]):
            tell(person, _Council(people, address.partition("@")[2]))


class _Council:
    """The people of one council by the names of their accounts."""

    def __init__(self, people: Mapping[str, Person], domain: str) -> None:
        self.people = people
        self.domain = domain

    def __getitem__(self, name: str) -> Person:
        return self.people[f"{name}@{self.domain}"]


def _is_made(person: Person, council: _Council) -> None:
    """Both panels recommended her and the change was made: she takes room under the ceiling (C-1, C-3)."""
    with clock.set_back_to(_at(-125)):
        seen = Piece(ONLY, "Written account", clock.today() - 3 * DAY, words="How I meet each criterion.")
        evidence.record_seen(person.id, "role-criteria", seen, answer="", by=council["manager"].id)
        request_id = ask(person.id, "grade-7-to-8")
    young = _meets(council, "young-people", person, -110, ["panel"])
    _decided(
        council,
        young,
        person,
        -110,
        Decision(outcome="recommended", reasons="They felt heard.", names_nobody=True),
        by="panel",
    )
    judges = ["service", "director"]
    managers = _meets(council, "managers", person, -95, judges)
    _recommended(council, managers, person, -95, judges, "recommended")
    _decided(
        council,
        managers,
        person,
        -95,
        Decision(outcome="recommended", reasons="Both panel members recommend it."),
        by="workforce",
    )
    with clock.set_back_to(_at(-80)):
        enacting.enact(request_id, effective_on=clock.today(), by=council["operations"].id)


def _waits_for_the_director(person: Person, council: _Council) -> None:
    """The panel passed her, so her request was raised by itself; the Assistant Director has it now (W-7, W-10)."""
    with clock.set_back_to(_at(-30)):
        _open_case(council, "epd-moderation", person)
    meeting = _meets(council, "epd-moderation", person, -20, ["panel", "psw"])
    passed = Decision(
        outcome="pass",
        reasons="A reflective portfolio of mixed and complex work.",
        judges=_ids(council, ["panel", "psw"]),
    )
    _decided(council, meeting, person, -20, passed, by="workforce")


def _waits_for_the_head_of_service(person: Person, council: _Council) -> None:
    """She passed the year and the module, and asked; the Head of Service has it now (S-8)."""
    on = clock.today() - 120 * DAY
    module = "SL-CONSOLIDATION"
    said = FactSaid(
        person_id=person.id,
        kind=FactKind.COMPLETED,
        subject=module,
        happened_on=on,
        source_kind="import",
        source="University",
    )
    add_fact(said, by=None)
    with clock.set_back_to(_at(-35)):
        _open_case(council, "asye-panel", person)
    meeting = _meets(council, "asye-panel", person, -25, ["panel", "psw"])
    passed = Decision(outcome="pass", reasons="A good year, well supported.", judges=_ids(council, ["panel", "psw"]))
    _decided(council, meeting, person, -25, passed, by="workforce")
    with clock.set_back_to(_at(-6)):
        ask(person.id, "to-social-worker", words="I would like to stay in the team.")


def _is_declined(person: Person, council: _Council) -> None:
    """Somebody applied for the post that is free, and the Head of Service declined; an appeal is in time."""
    seen = Piece(ONLY, "Written evidence", clock.today() - 9 * DAY, words="How my practice meets each domain.")
    evidence.record_seen(person.id, "pcf-advanced", seen, answer="", by=council["manager"].id)
    free = vacancies.open_vacancies(person.organisation_id, "consultant-practitioner")
    request_id = ask(person.id, "to-consultant-practitioner", vacancy_id=free[0].id)
    reasons = "The evidence is sound. Somebody who has led a hub before is needed in this post first."
    service.decide(request_id, approved=False, reasons=reasons, by=council["service"].id)


def _open_case(council: _Council, panel: str, person: Person) -> None:
    """Put somebody before a panel, by the rules in force."""
    terms = panels.terms_in_force(person.organisation_id)
    if terms is None:
        raise LookupError("The demonstration's councils all have schemes")
    version, officer = terms.scheme_version_id, council["workforce"]
    panel_service.open_case(person.id, panel, scheme_version_id=version, request_id=None, by=officer.id)


def _meets(council: _Council, panel: str, person: Person, days: int, comes: Sequence[str]) -> int:
    """Plan a meeting of a panel and put somebody's case on it; returns its id."""
    officer, starts_at = council["workforce"], _at(days)
    with clock.set_back_to(_at(days - 5)):
        wanted = MeetingWanted(starts_at, starts_at + LASTS, ROOM, _ids(council, comes))
        meeting_id = panel_service.plan_meeting(officer.organisation_id, panel, wanted, by=officer.id)
        for case in panels.open_cases(officer.organisation_id):
            if case.panel_code == panel and case.person_id == person.id:
                panel_service.give_meeting(case.id, meeting_id, by=officer.id)
    return meeting_id


def _recommended(
    council: _Council, meeting_id: int, person: Person, days: int, judges: Sequence[str], outcome: str
) -> None:
    """Let members recommend after the meeting."""
    with clock.set_back_to(_at(days) + LASTS):
        for name in judges:
            panel_service.recommend(_case_of(meeting_id, person), council[name].id, outcome, SEEN)


def _decided(council: _Council, meeting_id: int, person: Person, days: int, decision: Decision, *, by: str) -> None:
    """Let the decision on somebody be written down after the meeting."""
    with clock.set_back_to(_at(days) + LASTS):
        panel_service.decide(_case_of(meeting_id, person), decision, by=council[by].id)


def _case_of(meeting_id: int, person: Person) -> int:
    return next(each.id for each in panels.cases_of_meeting(meeting_id) if each.person_id == person.id)


def _ids(council: _Council, names: Sequence[str]) -> frozenset[int]:
    return frozenset(council[name].id for name in names)


def _at(days: int) -> datetime:
    """Ten o'clock so many days from today; of a weekend the Friday before."""
    on = clock.today() + days * DAY
    on -= max(0, on.weekday() - 4) * DAY
    return datetime.combine(on, TEN, LONDON)
