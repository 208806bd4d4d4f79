"""The demonstration's panels: who sits, meetings ahead, cases to be judged, and decisions of the last half year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from cpd.people.models import Person
from cpd.progression.panels import reading, service
from cpd.progression.panels.service import Decision, MeetingWanted
from cpd.shared import clock
from cpd.shared.clock import LONDON

TEN, LASTS = time(10), timedelta(hours=3)
NEEDED, HEAD, OPERATIONS, DIRECTOR, MEMBER = (
    "principal_social_worker",
    "service_manager",
    "operations_manager",
    "assistant_director",
    "panel_member",
)
Seats = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class PanelStory:
    """A council's panel: who sits on it in which role, and in how many days it meets with whom and where."""

    council: str
    panel: str
    seats: Seats
    in_days: int
    comes: Sequence[str]
    place: str


MODERATORS: Seats = (("panel", MEMBER), ("panel2", MEMBER), ("psw", NEEDED))
STORIES = (
    PanelStory("warwickshire.", "asye-moderation", MODERATORS, 20, ("panel", "panel2"), "Shire Hall, Room 2"),
    PanelStory("warwickshire.", "epd-moderation", MODERATORS, 20, ("panel", "psw"), "Shire Hall, Room 2"),
    PanelStory(
        "warwickshire.",
        "level-4-interview",
        (("panel", MEMBER), ("service", HEAD), ("operations", OPERATIONS)),
        27,
        ("panel", "operations"),
        "Shire Hall, Room 5",
    ),
    PanelStory("coventry.", "young-people", (), 6, ("panel",), "The young people's centre"),
    PanelStory(
        "coventry.",
        "managers",
        (("service", HEAD), ("service2", HEAD), ("operations", OPERATIONS), ("director", DIRECTOR)),
        13,
        ("service2", "operations", "director"),
        "Council House, Room 12",
    ),
    PanelStory(
        "",
        "experienced-interview",
        (("psw", NEEDED), ("service", HEAD), ("service2", HEAD)),
        9,
        ("psw", "service2"),
        "Civic Centre, Bridges Room",
    ),
    PanelStory("slough.", "asye-panel", (("panel", MEMBER), ("psw", NEEDED)), 15, ("panel", "psw"), "Room 4"),
    PanelStory("walsall.", "asye-panel", MODERATORS, 16, ("panel", "panel2"), "Civic Centre, Room 8"),
    PanelStory(
        "walsall.",
        "progression-panel",
        (("panel", MEMBER), ("psw", NEEDED), ("service", HEAD)),
        8,
        ("panel", "psw", "service"),
        "Civic Centre, Room 8",
    ),
)

DEFERRED_DAYS_AGO = 150
PLAN = (
    "Lead two complex assessments with the senior practitioner beside you. Two observed visits. "
    "Talk it through every month in supervision."
)


def load_panels(people: Mapping[str, Person]) -> None:
    """Give panels their members, let one decide in the past, and put open cases on meetings ahead; once."""
    for story in STORIES:
        officer = people.get(f"workforce@{story.council}demo.example")
        if officer is None or story.panel not in reading.panels_of(officer.organisation_id):
            continue
        _seat(story, people, officer)
        if not [each for each in reading.meetings_of(officer.organisation_id, _long_ago()) if _is_of(each, story)]:
            _meet(story, people, officer)
    _defer(people)
    _recommend(people)


def _seat(story: PanelStory, people: Mapping[str, Person], officer: Person) -> None:
    """Appoint who sits on a panel, two years ago."""
    sits = {(each.person_id, each.role) for each in reading.seats_here(officer.organisation_id) if _is_of(each, story)}
    for name, role in story.seats:
        member = people.get(f"{name}@{story.council}demo.example")
        if member is not None and (member.id, role) not in sits:
            service.appoint(
                officer.organisation_id,
                story.panel,
                member.id,
                role=role,
                starts_on=clock.today() - timedelta(days=700),
                reason="Agreed by the management team",
                by=officer.id,
            )


def _meet(story: PanelStory, people: Mapping[str, Person], officer: Person) -> None:
    """Plan the next meeting, and put the panel's open cases on it."""
    comes = [people[each] for name in story.comes if (each := f"{name}@{story.council}demo.example") in people]
    meeting_id = _plan(story, comes, officer, _at_ten(story.in_days))
    for case in reading.open_cases(officer.organisation_id):
        if case.panel_code == story.panel and case.meeting is None:
            service.give_meeting(case.id, meeting_id, by=officer.id)


def _defer(people: Mapping[str, Person]) -> None:
    """Let one council's managers have said "not yet", with a support plan, to look again when they meet next."""
    wanted = [f"{name}@coventry.demo.example" for name in ("notyet", "workforce", "service2", "operations", "director")]
    if any(each not in people for each in wanted):
        return
    person, officer, *judges = (people[each] for each in wanted)
    story = next(each for each in STORIES if each.panel == "managers")
    terms = reading.terms_in_force(officer.organisation_id)
    if terms is None or any(each.decision for each in reading.cases_of_person(person.id)):
        return
    held_at, review_on = _at_ten(-DEFERRED_DAYS_AGO), _at_ten(story.in_days).date()
    with clock.set_back_to(held_at - timedelta(days=20)):
        case_id = service.open_case(
            person.id, story.panel, scheme_version_id=terms.scheme_version_id, request_id=None, by=officer.id
        )
        service.give_meeting(case_id, _plan(story, judges, officer, held_at), by=officer.id)
    with clock.set_back_to(held_at + LASTS):
        for judge in judges:
            reasons = "Sound practice; complex work is still done with a lot of help."
            service.recommend(case_id, judge.id, "deferred_with_support", reasons)
        decision = Decision(
            outcome="deferred_with_support",
            reasons="Assessments are clear and kind. What is missing is leading complex work without help.",
            support_plan=PLAN,
            review_on=review_on,
        )
        service.decide(case_id, decision, by=officer.id)


def _recommend(people: Mapping[str, Person]) -> None:
    """Let one member have recommended on a case that two others have still to look at."""
    member = people.get("panel@walsall.demo.example")
    if member is None:
        return
    for case in reading.open_cases(member.organisation_id):
        if member.id in case.to_recommend and not case.recommendations:
            service.recommend(case.id, member.id, "pass", "Leads complex work well, and helps others to.")


def _plan(story: PanelStory, comes: Sequence[Person], officer: Person, starts_at: datetime) -> int:
    attending = frozenset(each.id for each in comes)
    wanted = MeetingWanted(starts_at, starts_at + LASTS, story.place, attending)
    return service.plan_meeting(officer.organisation_id, story.panel, wanted, by=officer.id)


def _is_of(each: reading.MeetingFacts | reading.SeatFacts, story: PanelStory) -> bool:
    """Say whether a meeting or a seat is of this panel."""
    return each.panel_code == story.panel


def _at_ten(days: int) -> datetime:
    """Ten o'clock so many days from today; a weekend's day is the Monday after."""
    on = clock.today() + timedelta(days=days)
    on += timedelta(days=max(0, 7 - on.weekday()) if on.weekday() > 4 else 0)  # noqa: PLR2004 - Friday
    return datetime.combine(on, TEN, LONDON)


def _long_ago() -> datetime:
    return clock.now() - timedelta(days=400)
