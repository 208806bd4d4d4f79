"""Learning sets: who belongs to one, when it meets, in her diary, and who was there (W-1, W-2)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from cpd.diary import service as diary
from cpd.people import service as people
from cpd.people.models import Person
from cpd.people.service import PersonFacts
from cpd.progression.early.holding import add, end_rows, hold_names
from cpd.progression.early.models import LearningSet, LearningSetAttendance, LearningSetMeeting, LearningSetMember
from cpd.progression.early.refusal import EarlyRefused
from cpd.progression.early.rules import Fault
from cpd.shared import clock, history, outbox
from cpd.shared.database import LARGEST_ID, db
from cpd.shared.unit_of_work import one_transaction
from cpd.shared.wording import day_words, span_words

SOURCE = "learning_set"


@dataclass(frozen=True, slots=True)
class Meeting:
    """One meeting, and who of the members was there: True, False, or not yet said."""

    id: int
    starts_at: datetime
    ends_at: datetime
    place: str
    attended: dict[int, bool]

    @property
    def when(self) -> str:
        """Say the day and the time."""
        return f"{day_words(self.starts_at, year=True)}, {span_words(self.starts_at, self.ends_at)}"


@dataclass(frozen=True, slots=True)
class SetFacts:
    """A learning set with its members by name and its meetings, the latest first; cancelled ones are left out."""

    id: int
    organisation_id: int
    title: str
    led_by_id: int | None
    led_by: str
    members: tuple[PersonFacts, ...]
    meetings: tuple[Meeting, ...]


@one_transaction
def make_set(organisation_id: int, title: str, led_by_id: int | None, *, by: int) -> int:
    """Make a learning set and return its id; one of that name is returned as it is."""
    hold_names(organisation_id)
    if led_by_id is not None and not people.works_for(led_by_id, organisation_id):
        raise LookupError(f"Person {led_by_id} does not work here")
    wanted = select(LearningSet.id).where(LearningSet.organisation_id == organisation_id, LearningSet.title == title)
    found = db.session.scalar(wanted)
    if found is not None:
        return found
    number = add(LearningSet(organisation_id=organisation_id, title=title, led_by_id=led_by_id), by=by)
    history.note("made", "learning_set", number, actor_id=by, organisation_id=organisation_id)
    return number


@one_transaction
def set_members(learning_set_id: int, person_ids: Collection[int], *, by: int) -> None:
    """Let a learning set have just these members; meetings ahead come into their diaries, or leave them.

    Raises LookupError where somebody does not work here, or there is no such set.
    """
    found = _hold(learning_set_id)
    before = {each.id for each in found.members}
    wanted = set(person_ids)
    people.lock_persons(before | wanted)
    if people.people_of(found.organisation_id, wanted).keys() != wanted:
        raise LookupError("Somebody of these does not work here")
    gone = (LearningSetMember.learning_set_id == learning_set_id, LearningSetMember.person_id.in_(before - wanted))
    if before - wanted:
        end_rows(LearningSetMember, *gone, by=by, reason="No longer a member")
    for person_id in sorted(wanted - before):
        add(LearningSetMember(learning_set_id=learning_set_id, person_id=person_id), by=by)
    after = {"members": sorted(wanted)}
    history.note(
        "changed", "learning_set", learning_set_id, actor_id=by, organisation_id=found.organisation_id, after=after
    )
    now = _find(learning_set_id)
    for meeting in now.meetings:
        if meeting.starts_at > clock.now():
            _keep_diaries(now, meeting, before | wanted)


@one_transaction
def arrange_meeting(learning_set_id: int, starts_at: datetime, ends_at: datetime, place: str, *, by: int) -> int:
    """Arrange a meeting, put it into the members' diaries and tell them; returns its id.

    Raises:
        EarlyRefused: it ends before it begins, or there is one at that time already.
        LookupError: there is no such set.
    """
    found = _hold(learning_set_id)
    people.lock_persons([each.id for each in found.members])
    faults = [Fault.ENDS_FIRST] if ends_at <= starts_at else []
    taken = select(LearningSetMeeting.id).where(
        LearningSetMeeting.learning_set_id == learning_set_id,
        LearningSetMeeting.starts_at == starts_at,
        LearningSetMeeting.cancelled_at.is_(None),
    )
    faults += [Fault.HELD_ALREADY] if db.session.scalar(taken) else []
    if faults:
        raise EarlyRefused(faults)
    row = LearningSetMeeting(learning_set_id=learning_set_id, starts_at=starts_at, ends_at=ends_at, place=place)
    number = add(row, by=by)
    history.note("arranged", "learning_set_meeting", number, actor_id=by, organisation_id=found.organisation_id)
    meeting = Meeting(number, starts_at, ends_at, place, {})
    if starts_at > clock.now():
        _keep_diaries(found, meeting, {each.id for each in found.members})
        _tell(found, meeting, "arranged", but=by)
    return number


@one_transaction
def cancel_meeting(learning_set_id: int, meeting_id: int, *, by: int) -> None:
    """Cancel a meeting that is still ahead; it leaves the diaries, and members are told.

    Raises LookupError where there is none such ahead.
    """
    found = _hold(learning_set_id)
    people.lock_persons([each.id for each in found.members])
    meeting = _meeting(found, meeting_id)
    if meeting.starts_at <= clock.now():
        raise LookupError(f"Meeting {meeting_id} has begun")
    gone = update(LearningSetMeeting).where(LearningSetMeeting.id == meeting_id).values(cancelled_at=clock.now())
    db.session.execute(gone.execution_options(synchronize_session=False))
    diary.withdraw([each.id for each in found.members], SOURCE, [meeting_id])
    history.note("cancelled", "learning_set_meeting", meeting_id, actor_id=by, organisation_id=found.organisation_id)
    _tell(found, meeting, "cancelled", but=by)


@one_transaction
def tick_attendance(learning_set_id: int, meeting_id: int, present: Collection[int], *, by: int) -> None:
    """Say who of the members was at a meeting that has begun; said again, the last word holds.

    Raises:
        EarlyRefused: it has not begun.
        LookupError: there is no such meeting.
    """
    found = _hold(learning_set_id)
    people.lock_persons([each.id for each in found.members])
    meeting = _meeting(found, meeting_id)
    if meeting.starts_at > clock.now():
        raise EarlyRefused([Fault.AHEAD])
    said = {each.id: each.id in set(present) for each in found.members}
    changed = {each: was for each, was in said.items() if meeting.attended.get(each) != was}
    if not changed:
        return
    rows = (LearningSetAttendance.meeting_id == meeting_id, LearningSetAttendance.person_id.in_(changed))
    end_rows(LearningSetAttendance, *rows, by=by, reason="Said anew")
    for person_id, was in sorted(changed.items()):
        add(LearningSetAttendance(meeting_id=meeting_id, person_id=person_id, attended=was), by=by)
    after = {"attended": sorted(each for each, was in said.items() if was)}
    history.note(
        "ticked", "learning_set_meeting", meeting_id, actor_id=by, organisation_id=found.organisation_id, after=after
    )


def find_set(learning_set_id: int) -> SetFacts | None:
    """Return one learning set, or None."""
    found = _sets([min(learning_set_id, LARGEST_ID)])
    return found[0] if found else None


def sets_of_organisation(organisation_id: int) -> list[SetFacts]:
    """List the learning sets of an organisation, by name: four queries."""
    return _sets(db.session.scalars(select(LearningSet.id).where(LearningSet.organisation_id == organisation_id)).all())


def sets_of_person(person_id: int) -> list[SetFacts]:
    """List the learning sets that somebody belongs to or leads, by name: four queries."""
    member = select(LearningSetMember.learning_set_id).where(
        LearningSetMember.person_id == person_id, LearningSetMember.superseded_at.is_(None)
    )
    leads = select(LearningSet.id).where(LearningSet.led_by_id == person_id)
    return _sets(db.session.scalars(member.union(leads)).all())


def _sets(ids: Collection[int]) -> list[SetFacts]:
    if not ids:
        return []
    members: defaultdict[int, list[PersonFacts]] = defaultdict(list)
    who = (
        select(LearningSetMember.learning_set_id, Person.id, Person.name, Person.email, Person.employee_number)
        .join(Person, Person.id == LearningSetMember.person_id)
        .where(LearningSetMember.learning_set_id.in_(ids), LearningSetMember.superseded_at.is_(None))
        .order_by(Person.name, Person.id)
    )
    for set_id, number, name, email, employee_number in db.session.execute(who):
        members[set_id].append(PersonFacts(number, name, email, employee_number))
    meetings = _meetings(ids)
    rows = db.session.execute(
        select(LearningSet.id, LearningSet.organisation_id, LearningSet.title, LearningSet.led_by_id, Person.name)
        .outerjoin(Person, Person.id == LearningSet.led_by_id)
        .where(LearningSet.id.in_(ids))
        .order_by(LearningSet.title)
    )
    return [
        SetFacts(row[0], row[1], row[2], row[3], row[4] or "", tuple(members[row[0]]), tuple(meetings.get(row[0], ())))
        for row in rows
    ]


def _meetings(ids: Collection[int]) -> dict[int, list[Meeting]]:
    """Return the meetings of learning sets, the latest first, with who was there: two queries."""
    wanted = select(LearningSetMeeting).where(
        LearningSetMeeting.learning_set_id.in_(ids), LearningSetMeeting.cancelled_at.is_(None)
    )
    rows = db.session.scalars(wanted.order_by(LearningSetMeeting.starts_at.desc())).all()
    attended: defaultdict[int, dict[int, bool]] = defaultdict(dict)
    said = select(
        LearningSetAttendance.meeting_id, LearningSetAttendance.person_id, LearningSetAttendance.attended
    ).where(
        LearningSetAttendance.meeting_id.in_([row.id for row in rows]), LearningSetAttendance.superseded_at.is_(None)
    )
    for meeting_id, person_id, was in db.session.execute(said):
        attended[meeting_id][person_id] = was
    found: defaultdict[int, list[Meeting]] = defaultdict(list)
    for row in rows:
        found[row.learning_set_id].append(Meeting(row.id, row.starts_at, row.ends_at, row.place, attended[row.id]))
    return found


def _hold(learning_set_id: int) -> SetFacts:
    """Hold a learning set until the act is over, and after it its members; return it as it is then.

    Raises LookupError where there is none.
    """
    held = select(LearningSet.id).where(LearningSet.id == min(learning_set_id, LARGEST_ID))
    db.session.execute(held.with_for_update(key_share=True))
    return _find(learning_set_id)


def _find(learning_set_id: int) -> SetFacts:
    found = find_set(learning_set_id)
    if found is None:
        raise LookupError(f"There is no learning set {learning_set_id}")
    return found


def _meeting(found: SetFacts, meeting_id: int) -> Meeting:
    meeting = next((each for each in found.meetings if each.id == meeting_id), None)
    if meeting is None:
        raise LookupError(f"There is no meeting {meeting_id} of this learning set")
    return meeting


def _keep_diaries(found: SetFacts, meeting: Meeting, concerned: Collection[int]) -> None:
    """Make a meeting stand in the members' diaries, and in nobody else's."""
    entries = [
        diary.Entry(
            person_id=each.id,
            organisation_id=found.organisation_id,
            key=f"learning-set-meeting-{meeting.id}-person-{each.id}",
            source=SOURCE,
            source_id=meeting.id,
            title=f"Learning set: {found.title}",
            location=meeting.place,
            description="",
            path="/my/early-career",
            starts_at=meeting.starts_at,
            ends_at=meeting.ends_at,
        )
        for each in found.members
    ]
    diary.replace(concerned, SOURCE, meeting.id, entries)


def _tell(found: SetFacts, meeting: Meeting, act: str, *, but: int) -> None:
    for each in found.members:
        if each.id != but:
            facts = {"title": found.title, "when": meeting.when, "place": meeting.place, "act": act}
            outbox.tell(found.organisation_id, each.id, "learning_set_meeting", f"{meeting.id}:{act}", facts)
