"""Who supports a worker: one assessor at a time, others beside her, each from a day to another (C-7, S-11)."""

from __future__ import annotations

from datetime import date, timedelta

from cpd.people import service as people
from cpd.progression.early.enrolled import Enrolled, live_of
from cpd.progression.early.holding import add, end_rows, keep_diaries
from cpd.progression.early.models import SupportRelationship
from cpd.progression.early.reading import Support, supports_of
from cpd.progression.early.refusal import EarlyRefused
from cpd.progression.early.rules import Fault, RelationshipKind, against_supporting
from cpd.shared import clock, history, outbox
from cpd.shared.unit_of_work import one_transaction
from cpd.shared.wording import date_words


@one_transaction
def support(person_id: int, supporter_id: int, kind: RelationshipKind, first_day: date, *, by: int) -> int:
    """Let somebody support a worker from a day on, and return the relationship's id; both are told.

    A new assessor takes the place of the one before, whose last day is the day before hers.

    Raises:
        EarlyRefused: every reason against it.
        LookupError: one of them does not work here.
    """
    people.lock_persons([person_id, supporter_id])
    person = people.get_person(person_id)
    if not people.works_for(supporter_id, person.organisation_id):
        raise LookupError(f"Person {supporter_id} does not work here")
    held = supports_of([person_id]).get(person_id, [])
    faults = against_supporting(
        person_id,
        supporter_id,
        kind,
        first_day,
        [(each.supporter_id, each.kind, each.first_day, each.last_day) for each in held],
        is_here=supporter_id in people.posts_on([supporter_id], clock.today()),
    )
    if faults or by == person_id:
        raise EarlyRefused(faults or [Fault.OWN])
    before = [each for each in held if _gives_way(each, kind, first_day)]
    for each in before:
        _end(each, first_day - timedelta(days=1), "Another assessor", person.organisation_id, by)
    row = SupportRelationship(
        organisation_id=person.organisation_id,
        person_id=person_id,
        supporter_id=supporter_id,
        relationship_kind=kind,
        first_day=first_day,
        last_day=None,
    )
    number = add(row, by=by)
    after = {"person_id": person_id, "supporter_id": supporter_id, "kind": str(kind)}
    history.note("began", "support", number, actor_id=by, organisation_id=person.organisation_id, after=after)
    enrolled = live_of([person_id]).get(person_id)
    _tell(person_id, supporter_id, kind, first_day, number, enrolled)
    if enrolled:
        keep_diaries(enrolled, without=[each.supporter_id for each in before])
    return number


@one_transaction
def end_support(person_id: int, relationship_id: int, last_day: date, *, by: int) -> None:
    """Let a relationship end with a day, that day included.

    Raises:
        EarlyRefused: it ends before it begins.
        LookupError: there is no such relationship of this person's that still runs.
    """
    people.lock_persons([person_id])
    held = supports_of([person_id]).get(person_id, [])
    found = next((each for each in held if each.id == relationship_id and each.last_day is None), None)
    if found is None:
        raise LookupError(f"There is no relationship {relationship_id} of this person's")
    if last_day < found.first_day or by == person_id:
        raise EarlyRefused([Fault.ENDS_FIRST if by != person_id else Fault.OWN])
    _end(found, last_day, "It has ended", people.get_person(person_id).organisation_id, by)
    if enrolled := live_of([person_id]).get(person_id):
        keep_diaries(enrolled, without=[found.supporter_id])


def _gives_way(each: Support, kind: RelationshipKind, first_day: date) -> bool:
    """Say whether a relationship ends because there is a new assessor."""
    both = each.kind is kind is RelationshipKind.ASSESSOR
    return both and each.last_day is None and each.first_day < first_day


def _end(each: Support, last_day: date, reason: str, organisation_id: int, by: int) -> None:
    end_rows(SupportRelationship, SupportRelationship.id == each.id, by=by, reason=reason)
    row = SupportRelationship(
        organisation_id=organisation_id,
        person_id=each.person_id,
        supporter_id=each.supporter_id,
        relationship_kind=each.kind,
        first_day=each.first_day,
        last_day=last_day,
    )
    number = add(row, by=by)
    after = {"person_id": each.person_id, "last_day": last_day.isoformat()}
    history.note("ended", "support", number, actor_id=by, organisation_id=organisation_id, reason=reason, after=after)


def _tell(
    person_id: int, supporter_id: int, kind: RelationshipKind, first_day: date, number: int, enrolled: Enrolled | None
) -> None:
    """Tell both who supports whom, as what, and from when."""
    named = people.persons_by_id([person_id, supporter_id])
    organisation_id = people.get_person(person_id).organisation_id
    for told, other in ((person_id, supporter_id), (supporter_id, person_id)):
        own = told == person_id
        page = f"/progression/early-career/{enrolled.id}" if enrolled else "/progression/early-career"
        facts = {
            "other": named[other].name,
            "kind": str(kind),
            "from_day": date_words(first_day),
            "own": own,
            "path": "/my/early-career" if own else page,
        }
        outbox.tell(organisation_id, told, "early_support", f"{number}", facts)
