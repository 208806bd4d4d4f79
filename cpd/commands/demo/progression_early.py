"""Early-career programmes in the demonstration: years half-way, one that is late, one that pauses, a returner."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from cpd.people import service as people_service
from cpd.people.models import Person
from cpd.people.posts import posts_held
from cpd.progression.early import learning_sets, reviews, service
from cpd.progression.early.course import SELF_ASSESSMENT, PauseKind, periods_of
from cpd.progression.early.enrolled import Enrolled, current_of, find_enrolled
from cpd.progression.early.frameworks import statements_for
from cpd.progression.early.reading import programmes_of
from cpd.progression.early.rules import RelationshipKind
from cpd.progression.early.supporting import support
from cpd.schemes.early_career_shape import ReviewPointKind
from cpd.shared import clock
from cpd.shared.clock import LONDON
from cpd.study.managers import manager_of

WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Year:
    """One person's programme, which began with the career level, and how far it is kept up."""

    who: str
    programme: str
    assessor: str
    kind: RelationshipKind = RelationshipKind.ASSESSOR
    reviews: int = 99
    """So many of the reviews that were due are held; the rest is late."""
    paused_weeks_ago: int = 0
    back: bool = False
    mentor: str = ""
    extra_weeks: int = 0


PRINCIPAL = RelationshipKind.PRINCIPAL_PRACTITIONER
YEARS = (
    Year("nqsw@demo.example", "asye", "assessor@demo.example", mentor="worker@demo.example"),
    Year("una@demo.example", "asye", "assessor@demo.example"),
    Year("todo@demo.example", "asye", "assessor@demo.example", reviews=2, extra_weeks=13),
    Year("nqsw@warwickshire.demo.example", "asye", "assessor@warwickshire.demo.example", PRINCIPAL, reviews=0),
    Year("expected@warwickshire.demo.example", "asye", "assessor@warwickshire.demo.example", PRINCIPAL),
    Year("epd@warwickshire.demo.example", "epd", "assessor@warwickshire.demo.example", PRINCIPAL),
    Year("nqsw@slough.demo.example", "asye", "assessor@slough.demo.example", mentor="mel@slough.demo.example"),
    Year("returner@slough.demo.example", "asye", "assessor@slough.demo.example", paused_weeks_ago=40, back=True),
    Year("nqsw@walsall.demo.example", "asye", "assessor@walsall.demo.example", paused_weeks_ago=3),
    Year("year@walsall.demo.example", "asye", "assessor@walsall.demo.example"),
)
"""People who are not among the demonstration's, or at no council with the programme, are left out."""


def load_early(people: Mapping[str, Person]) -> None:
    """Put each on her programme and keep it up as far as the table says; who is on one already is left as she is."""
    for year in YEARS:
        her, officer = people.get(year.who), people.get(_at(year.who, "workforce"))
        if her is None or officer is None or current_of(her.id) is not None:
            continue
        codes = {each.code for each in programmes_of(her.organisation_id)}
        post = people_service.posts_on([her.id], clock.today()).get(her.id)
        if year.programme in codes and post is not None and post.career_level:
            since = min(
                each.starts_on for each in posts_held([her.id])[her.id] if each.career_level == post.career_level
            )
            _load(year, people, her, officer, since)
    _load_set(people)


def _load(year: Year, people: Mapping[str, Person], her: Person, officer: Person, began: date) -> None:
    today = clock.today()
    cohort = service.make_cohort(
        her.organisation_id, year.programme, f"{began:%B %Y}", began.replace(day=1), by=officer.id
    )
    for address, kind in ((year.assessor, year.kind), (year.mentor, RelationshipKind.MENTOR)):
        if address in people:
            support(her.id, people[address].id, kind, began, by=officer.id)
    [number] = service.enrol(
        [her.id],
        year.programme,
        organisation_id=her.organisation_id,
        cohort_id=cohort,
        starts_on=began,
        by=officer.id,
    )
    if year.paused_weeks_ago:
        first = today - year.paused_weeks_ago * WEEK
        service.pause(number, first, None, PauseKind.LEAVE, by=officer.id)
        if year.back:
            later = service.make_cohort(
                her.organisation_id, year.programme, f"{today:%B %Y}", today.replace(day=1), by=officer.id
            )
            service.rejoin(number, first + 26 * WEEK, later, by=officer.id)
    if year.extra_weeks:
        reason = "Works four days a week"
        service.extend(number, year.extra_weeks, today, reason=reason, by=officer.id)
    enrolled = find_enrolled(number)
    assessor = people.get(year.assessor)
    if enrolled and assessor:
        _keep_up(year, enrolled, assessor)


def _keep_up(year: Year, enrolled: Enrolled, assessor: Person) -> None:
    """Hold what was due until today, as far as the table says, and most of the supervision."""
    today, held = clock.today(), 0
    manager = manager_of(enrolled.person_id)
    for point in enrolled.points(today):
        if point.due_on > today or held >= year.reviews:
            continue
        if point.kind == SELF_ASSESSMENT:
            codes = [each.code for each in statements_for(enrolled.programme, today).statements]
            answers = {code: 2 + place % 2 for place, code in enumerate(codes)}
            reviews.assess_self(enrolled.id, point.code, answers, "Court work", by=enrolled.person_id)
        elif point.kind == ReviewPointKind.AGREEMENT:
            words = (
                "Nine tenths of the usual caseload",
                "Weekly at first; half a day a week for study",
                "Court skills",
            )
            reviews.write_agreement(enrolled.id, *words, by=assessor.id)
            for person_id in (enrolled.person_id, assessor.id, manager):
                if person_id:
                    reviews.sign_agreement(enrolled.id, 1, by=person_id)
        else:
            held += 1
            found = "Practice is sound and grows. Records are written in good time."
            said = {"summary": found, "actions": "Sit in on a day at court.", "shown": ""}
            reviews.hold_review(enrolled.id, point.code, min(point.due_on, today), **said, by=assessor.id)
    _supervise(enrolled, assessor, manager, today)


def _supervise(enrolled: Enrolled, assessor: Person, manager_id: int | None, today: date) -> None:
    """Write down supervision in four periods of five."""
    manager = people_service.get_person(manager_id).name if manager_id else "Line manager"
    for pattern in enrolled.programme.supervision:
        with_whom = pattern.with_whom.replace("The line manager", manager).replace("the line manager", manager)
        for place, period in enumerate(periods_of(pattern, enrolled.programme, enrolled.course, today)):
            on = period.first_day + timedelta(days=2)
            if on < min(period.ends_on, today) and place % 5 != 3:  # noqa: PLR2004 - one of five is missed
                reviews.record_supervision(enrolled.id, pattern.code, on, with_whom, by=assessor.id)


def _load_set(people: Mapping[str, Person]) -> None:
    """Let Warwickshire have a learning set with a meeting behind it and one ahead."""
    wanted = ("workforce", "assessor", "nqsw", "epd", "expected")
    found = [people.get(f"{each}@warwickshire.demo.example") for each in wanted]
    everybody = [each for each in found if each]
    if len(everybody) < len(wanted) or learning_sets.sets_of_organisation(everybody[0].organisation_id):
        return
    officer, leader, *members = everybody
    number = learning_sets.make_set(officer.organisation_id, "Learning set North", leader.id, by=officer.id)
    learning_sets.set_members(number, [each.id for each in members], by=officer.id)
    for weeks in (-3, 2):
        wednesday = clock.today() + timedelta(days=2 - clock.today().weekday()) + weeks * WEEK
        starts_at = datetime.combine(wednesday, time(14), LONDON)
        meeting = learning_sets.arrange_meeting(
            number, starts_at, starts_at + timedelta(hours=1, minutes=30), "Shire Hall, Room 3", by=leader.id
        )
        if weeks < 0:
            learning_sets.tick_attendance(number, meeting, [each.id for each in members[:2]], by=leader.id)


def _at(address: str, name: str) -> str:
    """Return somebody's address at the same council."""
    return f"{name}@{address.partition('@')[2]}"
