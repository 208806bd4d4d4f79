"""Training that runs out: its person is told some days before and once when it has lapsed, and then her manager too.

Nobody is reminded who is booked on a refresher that ends before. What lapsed long ago, before this service knew of it,
is shown on pages and told to nobody.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select

from cpd.booking.models import Booking
from cpd.booking.rules import Status
from cpd.catalogue import service as catalogue
from cpd.catalogue.models import Equivalence, Module
from cpd.catalogue.service import ModuleFacts
from cpd.messages.rules import Stage, stage_of
from cpd.people import service as people
from cpd.people.models import Person
from cpd.record import service as record
from cpd.record.models import RecordFact
from cpd.record.rules import Held, held_of
from cpd.requirements.months import months_after
from cpd.shared import clock, outbox
from cpd.shared.clock import in_london
from cpd.shared.database import db
from cpd.shared.outbox import OutboxMessage
from cpd.shared.unit_of_work import one_transaction, publish
from cpd.shared.wording import date_words
from cpd.timetable.models import TrainingSession

TOLD_AFTERWARDS = timedelta(days=30)
"""For so long after something has lapsed its person is still told, if nobody could tell her before."""

MARGIN = timedelta(days=3)  # months of the calendar differ in length
MANY = 1000


@dataclass(frozen=True, slots=True)
class Due:
    """That somebody is to be told, by a kind of message, how one module stands.

    `refresher_on` is the first day of a session of it on which she has a place.
    """

    kind: str
    person_id: int
    module: ModuleFacts
    held: Held
    stage: Stage
    refresher_on: date | None

    @property
    def key(self) -> str:
        """What makes it the message that it is: the module, until when it held, and how long before she is told."""
        return f"{self.module.code}:{self.held.lapses_on.isoformat()}:{self.stage.days}"


def write_validity() -> int:
    """Tell people what of their training runs out or has lapsed; returns to how many times somebody was told."""
    modules = _lapsing_modules()
    due = _due(modules, _concerned(modules)) if modules else []
    return _write({each.person_id for each in due}) if due else 0


@one_transaction
def _write(person_ids: Collection[int]) -> int:
    """Tell these people, under their locks, so that nobody is told twice; their managers of what has lapsed."""
    people.lock_persons(person_ids)
    modules = _lapsing_modules()
    due = _due(modules, person_ids)
    posts = people.posts_on({each.person_id for each in due}, clock.today())
    for each in due:
        organisation_id, facts = each.module.organisation_id, _facts(each)
        kind = each.kind
        outbox.tell(organisation_id, each.person_id, kind, each.key, facts)
        if not each.stage.has_lapsed:
            continue
        publish("standing.changed", each.person_id)  # places that rest on it have lost that
        post = posts.get(each.person_id)
        if post and post.manager_id:
            about = {**facts, "person": post.person_name, "person_id": each.person_id}
            key = f"{each.key}:{each.person_id}"
            outbox.tell(organisation_id, post.manager_id, "validity_lapsed_in_team", key, about)
    return len(due)


def _facts(due: Due) -> dict[str, Any]:
    """Give what the words say."""
    return {
        "module": due.module.full_title,
        "module_code": due.module.code,
        "until": date_words(due.held.last_day),
        "refresher_on": date_words(due.refresher_on) if due.refresher_on else "",
    }


def _lapsing_modules() -> dict[int, ModuleFacts]:
    """Read the modules that must be repeated from time to time. At most two queries."""
    wanted = select(Module.id).where(Module.validity_months.is_not(None), Module.withdrawn_at.is_(None))
    ids = db.session.scalars(wanted).all()
    return catalogue.modules_by_id(ids) if ids else {}


def _concerned(modules: Mapping[int, ModuleFacts]) -> list[int]:
    """Find who has done one of these modules, or what counts as it, so long ago that it may run out now."""
    today = clock.today()
    longest = max((days for each in _days_before(modules).values() for days in each), default=0)
    others: defaultdict[int, set[str]] = defaultdict(set)
    counting = (
        select(Equivalence.module_id, Module.code)
        .join(Module, Module.id == Equivalence.other_module_id)
        .where(Equivalence.module_id.in_(modules), Equivalence.superseded_at.is_(None))
    )
    for module_id, code in db.session.execute(counting):
        others[module_id].add(code)
    window = (today - TOLD_AFTERWARDS, today + timedelta(days=longest))
    old = [_old_enough({each.code, *others[each.id]}, each, *window) for each in modules.values()]
    wanted = (
        select(RecordFact.person_id)
        .join(Person, Person.id == RecordFact.person_id)
        .where(RecordFact.superseded_at.is_(None), or_(*old, RecordFact.ends_on.between(*window)))
        .where(people.still_here(today))
    )
    return list(db.session.scalars(wanted.distinct().order_by(RecordFact.person_id)))


def _old_enough(codes: Collection[str], module: ModuleFacts, since: date, until: date) -> ColumnElement[bool]:
    """Choose facts about these modules that lapse between two days, or nearly so."""
    months = -(module.validity_months or 0)
    first, last = months_after(since, months) - MARGIN, months_after(until, months) + MARGIN
    return and_(RecordFact.subject.in_(codes), RecordFact.happened_on.between(first, last))


def _days_before(modules: Mapping[int, ModuleFacts]) -> dict[int, tuple[int, ...]]:
    """Return for each council that holds such modules how many days before somebody is told. One query for each."""
    owners = {each.organisation_id for each in modules.values()}
    return {each: catalogue.settings_of(each).validity_reminder_days for each in owners}


def _due(modules: Mapping[int, ModuleFacts], person_ids: Collection[int]) -> list[Due]:
    """List what these people are to be told now and were not told before: a fixed number of queries."""
    due = {f"{each.kind}:{each.key}:{each.person_id}": each for each in _all_due(modules, person_ids)}
    known = set(_known(list(due)))
    return [each for key, each in due.items() if key not in known]


def _all_due(modules: Mapping[int, ModuleFacts], person_ids: Collection[int]) -> Iterator[Due]:
    """Go through what somebody should have been told by now, by the rule (`messages.rules.stage_of`)."""
    today = clock.today()
    days = _days_before(modules)
    by_code = {module.code: module for module in modules.values()}
    owners = _owners(person_ids)
    records = record.records_of(person_ids, today)
    refreshers = _refreshers(modules, person_ids)
    for person_id, employer_id in owners.items():
        for code, held in held_of(records[person_id].facts, today, 0).items():
            module = by_code.get(code)
            if module is None or module.organisation_id != employer_id:
                continue
            starts_on, ends_on = refreshers.get((person_id, module.id), (None, None))
            stage = stage_of(held.lapses_on, today, days[employer_id], ends_on)
            if stage and held.lapses_on > today - TOLD_AFTERWARDS:
                kind = "validity_lapsed" if stage.has_lapsed else "validity_ends"
                yield Due(kind, person_id, module, held, stage, starts_on)


def _owners(person_ids: Collection[int]) -> dict[int, int]:
    """Return for whom each of these people works."""
    wanted = select(Person.id, Person.organisation_id).where(Person.id.in_(person_ids)).order_by(Person.id)
    return {row[0]: row[1] for row in db.session.execute(wanted)}


def _refreshers(
    modules: Mapping[int, ModuleFacts], person_ids: Collection[int]
) -> dict[tuple[int, int], tuple[date, date]]:
    """Find the first and the last day of the next session of each module on which somebody has a place. One query."""
    wanted = (
        select(Booking.person_id, TrainingSession.module_id, TrainingSession.starts_at, TrainingSession.ends_at)
        .join(TrainingSession, TrainingSession.id == Booking.training_session_id)
        .where(
            Booking.person_id.in_(person_ids),
            TrainingSession.module_id.in_(modules),
            Booking.status == Status.CONFIRMED,
            Booking.attended.is_(None),
            TrainingSession.status == "published",
            TrainingSession.ends_at > clock.now(),
        )
        .order_by(TrainingSession.ends_at.desc())  # the earliest is written last
    )
    rows = db.session.execute(wanted)
    return {(row[0], row[1]): (in_london(row[2]).date(), in_london(row[3]).date()) for row in rows}


def _known(keys: Sequence[str]) -> Iterator[str]:
    """Find which of these messages were written already."""
    for first in range(0, len(keys), MANY):
        wanted = select(OutboxMessage.dedupe_key).where(OutboxMessage.dedupe_key.in_(keys[first : first + MANY]))
        yield from db.session.scalars(wanted)
