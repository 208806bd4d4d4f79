"""Who decides in a role today: its holders, and those who stand in for one of them who is away."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, exists, select, update
from sqlalchemy.orm import aliased

from cpd.people import service as people
from cpd.people.away import away_between
from cpd.people.models import Person, RoleGrant
from cpd.progression.requests.models import ApprovalCover, ProgressionStep
from cpd.progression.requests.rules import CoverFault, CoverWanted, Seat, StepStatus, faults_of_cover, seat_about
from cpd.shared import clock, history, outbox
from cpd.shared.database import LARGEST_ID, db
from cpd.shared.roles import Role
from cpd.shared.unit_of_work import one_transaction
from cpd.shared.wording import date_words


class CoverRefused(Exception):  # noqa: N818 - a refusal is an answer, not a failure
    """Nobody was named; `faults` are all the reasons."""

    def __init__(self, faults: Collection[CoverFault]) -> None:
        super().__init__(", ".join(faults))
        self.faults = list(faults)


@dataclass(frozen=True, slots=True)
class CoverFacts:
    """A cover: who stands in for whom in which role, when and why."""

    id: int
    organisation_id: int
    role: Role
    holder_id: int
    holder: str
    covered_by_id: int
    covered_by: str
    first_day: date
    last_day: date
    reason: str


Seats = dict[Role, tuple[Seat, ...]]


def seats_of(person_id: int, organisation_id: int, roles: Collection[Role], on: date) -> Seats:
    """Return in which seats somebody decides on a day, by role: her own first, then for whom she stands in. One query.

    Who stands in for two holders of one role has two seats in it: about the one she decides in place of the other.
    """
    seats: Seats = {role: (Seat(role),) for role in roles}
    wanted = select(ApprovalCover.role, ApprovalCover.id, ApprovalCover.holder_id, ApprovalCover.recorded_by_id).where(
        ApprovalCover.covered_by_id == person_id,
        ApprovalCover.organisation_id == organisation_id,
        _in_force(on),
        _holder_still_holds(),
    )
    for name, *cover in db.session.execute(wanted.order_by(ApprovalCover.id)):
        role = Role(name)
        seats[role] = (*seats.get(role, ()), Seat(role, *cover))
    return seats


def seat_in(person_id: int, organisation_id: int, role: Role, on: date, *, about: int) -> Seat | None:
    """Return how somebody decides about a person in one role on a day, as far as is known now, or None."""
    if people.holds(person_id, organisation_id, role):
        return Seat(role)
    return seat_about(seats_of(person_id, organisation_id, (), on).get(role, ()), about)


def deciders_about(person_id: int, organisation_id: int, role: Role, on: date) -> list[int]:
    """List who can decide about a person in a role on a day: `deciders_in` without her and whom she chose."""
    not_theirs = and_(ApprovalCover.holder_id != person_id, ApprovalCover.recorded_by_id.is_distinct_from(person_id))
    return [each for each in deciders_in(organisation_id, role, on, not_theirs) if each != person_id]


def deciders_in(organisation_id: int, role: Role, on: date, *covers: ColumnElement[bool]) -> list[int]:
    """List who decides in a role on a day: its holders, and whoever stands in and is still here. Two queries.

    `covers` are further conditions on the covers that count.
    """
    holders = [each.id for each in people.holders_of(organisation_id, role)]
    wanted = (
        select(ApprovalCover.covered_by_id)
        .join(Person, Person.id == ApprovalCover.covered_by_id)
        .where(
            ApprovalCover.organisation_id == organisation_id,
            ApprovalCover.role == role,
            ApprovalCover.holder_id.in_(holders),
            _in_force(on),
            people.still_here(on),
            *covers,
        )
    )
    return list(dict.fromkeys([*holders, *db.session.scalars(wanted.order_by(ApprovalCover.id))]))


def roles_without_anybody(organisation_id: int, on: date) -> dict[Role, list[str]]:
    """Return the roles for which something waits and in which nobody can decide on a day, each with who is away.

    A role that nobody holds has an empty list. A fixed number of queries but for two for each role that waits.
    """
    waiting = select(ProgressionStep.role).where(
        ProgressionStep.organisation_id == organisation_id,
        ProgressionStep.status == StepStatus.OPEN,
        ProgressionStep.role.is_not(None),
    )
    found: dict[Role, list[str]] = {}
    for role in sorted(Role(str(each)) for each in db.session.scalars(waiting.distinct())):
        holders = people.holders_of(organisation_id, role)
        deciders = deciders_in(organisation_id, role, on)
        away = away_between(deciders, on, on)
        if all(away[each] for each in deciders):
            found[role] = [each.name for each in holders]
    return found


def covers_of(organisation_id: int, on: date) -> list[CoverFacts]:
    """List the covers that hold on a day or later, by the day on which they begin. One query."""
    holder, cover = aliased(Person), aliased(Person)
    wanted = (
        select(
            ApprovalCover.id,
            ApprovalCover.organisation_id,
            ApprovalCover.role,
            ApprovalCover.holder_id,
            holder.name.label("holder"),
            ApprovalCover.covered_by_id,
            cover.name.label("covered_by"),
            ApprovalCover.first_day,
            ApprovalCover.last_day,
            ApprovalCover.reason,
        )
        .join(holder, holder.id == ApprovalCover.holder_id)
        .join(cover, cover.id == ApprovalCover.covered_by_id)
        .where(ApprovalCover.organisation_id == organisation_id, ApprovalCover.superseded_at.is_(None))
        .where(ApprovalCover.last_day >= on)
        .order_by(ApprovalCover.first_day, ApprovalCover.id)
    )
    return [CoverFacts(**{**row._asdict(), "role": Role(row.role)}) for row in db.session.execute(wanted)]


@one_transaction
def name_cover(organisation_id: int, wanted: CoverWanted, *, by: int) -> int:
    """Let somebody stand in for a holder of a role, and return the cover's id.

    She is told, and so is the holder where she did not name her herself.

    Raises:
        CoverRefused: every reason against it.
    """
    people.lock_persons([wanted.holder_id, wanted.covered_by_id])
    faults = faults_of_cover(
        wanted,
        by=by,
        is_officer=people.holds(by, organisation_id, Role.WORKFORCE_DEVELOPMENT),
        holders=[each.id for each in people.holders_of(organisation_id, wanted.role)],
        is_here=_is_here(wanted.covered_by_id, organisation_id),
        overlaps=_overlaps(organisation_id, wanted),
        today=clock.today(),
    )
    if faults:
        raise CoverRefused(faults)
    row = ApprovalCover(
        organisation_id=organisation_id,
        role=wanted.role,
        holder_id=wanted.holder_id,
        covered_by_id=wanted.covered_by_id,
        first_day=wanted.first_day,
        last_day=wanted.last_day,
        reason=wanted.reason,
        recorded_at=clock.real_now(),
        recorded_by_id=by,
    )
    db.session.add(row)
    db.session.flush()
    _remember("cover_named", row, by, wanted.reason)
    facts = {
        "role": str(wanted.role).replace("_", " "),
        "holder": people.get_person(wanted.holder_id).name,
        "from_day": date_words(wanted.first_day),
        "until": date_words(wanted.last_day),
    }
    outbox.tell(organisation_id, wanted.covered_by_id, "progression_cover", f"cover:{row.id}", facts)
    if by != wanted.holder_id:
        said = {"cover": people.get_person(wanted.covered_by_id).name, "by": people.get_person(by).name}
        facts |= said | {"reason": wanted.reason}
        outbox.tell(organisation_id, wanted.holder_id, "progression_covered", f"cover:{row.id}", facts)
    return row.id


@one_transaction
def end_cover(cover_id: int, organisation_id: int, *, by: int) -> None:
    """End a cover at once: by its holder, or by Workforce Development. What was decided under it stays.

    Raises:
        CoverRefused: it is not hers to end.
        LookupError: the organisation has no such cover in force.
    """
    wanted = select(ApprovalCover).where(
        ApprovalCover.id == min(cover_id, LARGEST_ID), ApprovalCover.organisation_id == organisation_id
    )
    row = db.session.scalars(wanted.with_for_update().execution_options(populate_existing=True)).one_or_none()
    if row is None or row.superseded_at is not None:
        raise LookupError(f"There is no cover {cover_id} here")
    if by != row.holder_id and not people.holds(by, organisation_id, Role.WORKFORCE_DEVELOPMENT):
        raise CoverRefused([CoverFault.NOT_YOURS_TO_NAME])
    ended = {"superseded_at": clock.real_now(), "superseded_by_id": by, "supersede_reason": "Ended before its last day"}
    db.session.execute(update(ApprovalCover).where(ApprovalCover.id == row.id).values(ended))
    _remember("cover_ended", row, by, None)


def _in_force(on: date) -> ColumnElement[bool]:
    """Say, as a condition on covers, which hold on a day."""
    return and_(ApprovalCover.superseded_at.is_(None), ApprovalCover.first_day <= on, ApprovalCover.last_day >= on)


def _holder_still_holds() -> ColumnElement[bool]:
    """Say, as a condition on covers, whose holder still has the role and works here."""
    return exists().where(
        RoleGrant.person_id == ApprovalCover.holder_id,
        RoleGrant.role == ApprovalCover.role,
        RoleGrant.revoked_at.is_(None),
        Person.id == ApprovalCover.holder_id,
        people.still_here(clock.today()),
    )


def _is_here(person_id: int, organisation_id: int) -> bool:
    """Say whether somebody works for the organisation, and has not left."""
    wanted = select(Person.id).where(
        Person.id == min(person_id, LARGEST_ID),
        Person.organisation_id == organisation_id,
        people.still_here(clock.today()),
    )
    return db.session.scalar(wanted) is not None


def _overlaps(organisation_id: int, wanted: CoverWanted) -> bool:
    """Say whether somebody stands in for the same holder on some of these days already."""
    there = select(ApprovalCover.id).where(
        ApprovalCover.organisation_id == organisation_id,
        ApprovalCover.role == wanted.role,
        ApprovalCover.holder_id == wanted.holder_id,
        ApprovalCover.superseded_at.is_(None),
        ApprovalCover.first_day <= wanted.last_day,
        ApprovalCover.last_day >= wanted.first_day,
    )
    return db.session.scalar(there.limit(1)) is not None


def _remember(verb: str, row: ApprovalCover, by: int, reason: str | None) -> None:
    """Write the history of a cover, without names (B8)."""
    said: Mapping[str, str | int] = {
        "role": row.role,
        "holder_id": row.holder_id,
        "covered_by_id": row.covered_by_id,
        "first_day": str(row.first_day),
        "last_day": str(row.last_day),
    }
    history.note(
        verb,
        "approval_cover",
        row.id,
        actor_id=by,
        organisation_id=row.organisation_id,
        reason=reason,
        after=dict(said),
    )
