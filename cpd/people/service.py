"""Acts and questions about people that other capabilities rely on."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, func, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, aliased

from cpd.people.models import Organisation, Person, Post, RoleGrant, Team
from cpd.people.rules import PostFacts, closeness, may_see_person
from cpd.shared import clock
from cpd.shared.asked_once import once_per_page
from cpd.shared.database import LARGEST_ID, db
from cpd.shared.roles import Role

__all__ = [
    "Details",
    "PersonFacts",
    "PostFacts",
    "details_of",
    "ensure_organisation",
    "everybody_with_team",
    "find_by_email",
    "find_colleague",
    "find_colleagues",
    "find_person",
    "find_visible",
    "get_person",
    "has_team",
    "holders_of",
    "holds",
    "lock_persons",
    "managed_by",
    "managers_above",
    "may_see",
    "people_of",
    "persons_by_id",
    "plain_email",
    "posts_on",
    "search_people",
    "still_here",
    "team_of",
    "visible_to",
    "works_for",
]

FACTS = (Person.id, Person.name, Person.email, Person.employee_number)


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """Who somebody is, as lists show her."""

    id: int
    name: str
    email: str
    employee_number: str


@dataclass(frozen=True, slots=True)
class Details:
    """What HR says of a person, as her own page shows it; what belongs to a post is None without one that day."""

    name: str
    email: str
    employee_number: str
    organisation: str
    qualified_on: date | None
    registered_on: date | None
    team: str | None
    manager: str | None
    career_level: str | None
    staff_type: str | None
    fte: Decimal | None
    starts_on: date | None
    ends_on: date | None


def get_person(person_id: int) -> Person:
    """Return a person. Raises LookupError where there is none."""
    person = find_person(person_id)
    if person is None:
        raise LookupError(f"There is no person {person_id}")
    return person


def find_person(person_id: int) -> Person | None:
    """Return a person, or None."""
    return db.session.get(Person, person_id) if 0 < person_id <= LARGEST_ID else None


def find_by_email(email: str) -> Person | None:
    """Return whoever signs in with this address, in any spelling of its case, or None."""
    return db.session.scalars(select(Person).where(Person.email == plain_email(email))).unique().one_or_none()


def plain_email(email: str) -> str:
    """Write an address as it is kept: in lower case, each accent in one way."""
    return unicodedata.normalize("NFC", email.strip()).lower()


def find_colleague(organisation_id: int, named: str) -> int | None:
    """Return who works for an organisation under this e-mail address or employee number, or None."""
    return find_colleagues(organisation_id, [named]).get(named)


def find_colleagues(organisation_id: int, named: Collection[str]) -> dict[str, int]:
    """Return who works for an organisation under these e-mail addresses or employee numbers. One query.

    What names nobody is left out.
    """
    addresses, numbers = {each: plain_email(each) for each in named}, {each: each.strip() for each in named}
    wanted = select(Person.id, Person.email, Person.employee_number).where(
        Person.organisation_id == organisation_id,
        or_(Person.email.in_(addresses.values()), Person.employee_number.in_(numbers.values())),
    )
    rows = db.session.execute(wanted.order_by(Person.id)).all()
    by_number, by_email = {row[2]: row[0] for row in rows}, {row[1]: row[0] for row in rows}
    found = {each: by_email.get(addresses[each]) or by_number.get(numbers[each]) for each in named}
    return {each: person_id for each, person_id in found.items() if person_id}


def named_here(organisation_id: int, names: Collection[str]) -> set[str]:
    """Return which of these names somebody of an organisation has, written as it is kept. One query."""
    wanted = select(Person.name).where(Person.organisation_id == organisation_id, Person.name.in_(names))
    return set(db.session.scalars(wanted))


def works_for(person_id: int, organisation_id: int) -> bool:
    """Say whether somebody belongs to an organisation."""
    person = find_person(person_id)
    return person is not None and person.organisation_id == organisation_id


def lock_persons(person_ids: Collection[int]) -> None:
    """Hold these people's bookings and diaries until the act is over, lowest id first.

    Sessions are locked before persons, so that no two acts ever wait for each other.
    """
    wanted = select(Person.id).where(Person.id.in_(person_ids)).order_by(Person.id).with_for_update(of=Person)
    db.session.execute(wanted).all()


def lock_organisation(organisation_id: int) -> None:
    """Let one act of a kind at a time go on at an organisation; hold it before persons and sessions."""
    wanted = select(Organisation.id).where(Organisation.id == organisation_id).with_for_update(key_share=True)
    db.session.execute(wanted).all()


def posts_on(person_ids: Collection[int], on: date) -> dict[int, PostFacts]:
    """Return each person's post on a day; who has none that day is left out. One query."""
    rows = db.session.execute(_POSTS, {"person_ids": list(person_ids), "on": on})
    return {row[0]: PostFacts(*row) for row in rows}


def managers_above(person_ids: Collection[int], on: date) -> dict[int, frozenset[int]]:
    """Return who stands above each of these people in the line of management on a day, up to the top.

    One query. Each person asked for has a set, also who has nobody above her.
    """
    base = select(Post.person_id.label("person_id"), Post.manager_id.label("manager_id")).where(
        Post.person_id.in_(person_ids), Post.manager_id.is_not(None), _held_on(on)
    )
    line = base.cte("line", recursive=True)
    higher = select(line.c.person_id, Post.manager_id).join(Post, Post.person_id == line.c.manager_id)
    line = line.union(higher.where(Post.manager_id.is_not(None), _held_on(on)))
    found: dict[int, set[int]] = {each: set() for each in person_ids}
    for person_id, manager_id in db.session.execute(select(line.c.person_id, line.c.manager_id)):
        found[person_id].add(manager_id)
    return {each: frozenset(managers) for each, managers in found.items()}


def managed_by(person_id: int, on: date) -> list[PersonFacts]:
    """List whom somebody manages on a day, by name."""
    wanted = select(*FACTS).join(Post, Post.person_id == Person.id).where(Post.manager_id == person_id, _held_on(on))
    return _listed(wanted.order_by(Person.name, Person.id))


@once_per_page
def team_of(person_id: int, organisation_id: int, on: date) -> list[PersonFacts]:
    """List whose record somebody may see as their manager on a day, by name: her staff within her organisation."""
    wanted = select(*FACTS).join(Post, Post.person_id == Person.id).where(Post.manager_id == person_id, _held_on(on))
    mine = wanted.where(Person.organisation_id == organisation_id).distinct()
    return _listed(mine.order_by(Person.name, Person.id))


def has_team(
    person_id: InstrumentedAttribute[int], organisation_id: InstrumentedAttribute[int], on: date | ColumnElement[date]
) -> ColumnElement[bool]:
    """Say, as a condition, whether somebody manages anybody of her organisation on a day."""
    staff = aliased(Person)
    theirs = exists().where(Post.manager_id == person_id, Post.person_id == staff.id, _held_on(on))
    return theirs.where(staff.organisation_id == organisation_id)


def people_of(organisation_id: int, person_ids: Collection[int]) -> dict[int, PersonFacts]:
    """Return those of these people who belong to an organisation, by id."""
    wanted = select(*FACTS).where(Person.organisation_id == organisation_id, Person.id.in_(person_ids))
    return {each.id: each for each in _listed(wanted)}


def persons_by_id(person_ids: Collection[int]) -> dict[int, PersonFacts]:
    """Return these people by id, whoever employs them: for the list of a session that they come to. One query."""
    return {each.id: each for each in _listed(select(*FACTS).where(Person.id.in_(person_ids)))}


def search_people(organisation_id: int, words: str, limit: int = 20) -> list[PersonFacts]:
    """Find people by parts of name, address or employee number, nearly right spellings included, best first.

    Leavers are not found.
    """
    wanted = select(*FACTS).where(Person.organisation_id == organisation_id, still_here(clock.today()))
    ranked = [(closeness(words, each.name, each.email, each.employee_number), each) for each in _listed(wanted)]
    found = [(rank, each.name, each.id, each) for rank, each in ranked if rank is not None]
    return [each for *_, each in sorted(found, key=lambda row: row[:3])[:limit]]


def everybody_with_team(organisation_id: int, on: date) -> list[tuple[PersonFacts, str]]:
    """List who works for an organisation, each with the name of the team on a day; leavers are left out. One query."""
    held = select(Post.person_id, Team.name).join(Team, Team.id == Post.team_id).where(_held_on(on)).subquery()
    wanted = (
        select(*FACTS, held.c.name.label("team"))
        .outerjoin(held, held.c.person_id == Person.id)
        .where(Person.organisation_id == organisation_id, still_here(on))
        .order_by(Person.name, Person.id)
    )
    rows = db.session.execute(wanted)
    return [(PersonFacts(row.id, row.name, row.email, row.employee_number), row.team or "") for row in rows]


def holders_of(organisation_id: int, role: Role) -> list[PersonFacts]:
    """List who holds a role and still works here, by name."""
    wanted = (
        select(*FACTS)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(Person.organisation_id == organisation_id, RoleGrant.role == role, RoleGrant.revoked_at.is_(None))
        .where(still_here(clock.today()))
    )
    return _listed(wanted.order_by(Person.name, Person.id))


def holds(person_id: int, organisation_id: int, *roles: Role) -> bool:
    """Say whether somebody holds one of these roles at an organisation and still works here. One query."""
    wanted = (
        select(Person.id)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(Person.id == min(person_id, LARGEST_ID), Person.organisation_id == organisation_id)
        .where(RoleGrant.role.in_(roles), RoleGrant.revoked_at.is_(None), still_here(clock.today()))
    )
    return db.session.scalar(wanted.limit(1)) is not None


def details_of(person_id: int, on: date) -> Details:
    """Return what HR says of somebody on a day: one query. Raises LookupError where there is no such person."""
    manager = aliased(Person)
    wanted = (
        select(
            Person.name,
            Person.email,
            Person.employee_number,
            Organisation.name.label("organisation"),
            Person.qualified_on,
            Person.registered_on,
            Team.name.label("team"),
            manager.name.label("manager"),
            Post.career_level,
            Post.staff_type,
            Post.fte,
            Post.starts_on,
            Post.ends_on,
        )
        .join(Organisation, Organisation.id == Person.organisation_id)
        .outerjoin(Post, and_(Post.person_id == Person.id, _held_on(on)))
        .outerjoin(Team, Team.id == Post.team_id)
        .outerjoin(manager, manager.id == Post.manager_id)
        .where(Person.id == person_id)
    )
    row = db.session.execute(wanted).first()
    if row is None:
        raise LookupError(f"There is no person {person_id}")
    return Details(**row._asdict())


def may_see(viewer_id: int, organisation_id: int, roles: Collection[Role], person_id: int, on: date) -> bool:
    """Say whether the viewer may see a person's record on a day (see `rules.may_see_person`)."""
    person = find_person(person_id)
    if person is None:
        return False
    post = posts_on([person_id], on).get(person_id)
    return may_see_person(viewer_id, organisation_id, roles, person_id, person.organisation_id, post)


def find_visible(
    viewer_id: int, organisation_id: int, roles: Collection[Role], person_id: int, on: date
) -> PersonFacts | None:
    """Return somebody if the viewer may see her record on a day (see `rules.may_see_person`), or None. One query."""
    wanted = select(*FACTS).where(Person.id == min(person_id, LARGEST_ID))
    found = _listed(wanted.where(visible_to(viewer_id, organisation_id, roles, on)))
    return found[0] if found else None


def visible_to(viewer_id: int, organisation_id: int, roles: Collection[Role], on: date) -> ColumnElement[bool]:
    """Say which persons the viewer may see, as a condition on `Person`; the same answer as `may_see`."""
    staff = exists().where(Post.person_id == Person.id, Post.manager_id == viewer_id, _held_on(on))
    of_organisation = true() if Role.WORKFORCE_DEVELOPMENT in roles else staff
    return or_(Person.id == viewer_id, and_(Person.organisation_id == organisation_id, of_organisation))


def still_here(on: date | ColumnElement[date]) -> ColumnElement[bool]:
    """Say, as a condition on `Person`, who has not left: who has a post now or ahead, or never had one."""
    in_force = (Post.person_id == Person.id, Post.superseded_at.is_(None))
    return or_(~exists().where(*in_force), exists().where(*in_force, or_(Post.ends_on.is_(None), Post.ends_on > on)))


def ensure_organisation(code: str, name: str, theme: str) -> Organisation:
    """Make the organisation with this code, or give it this name and theme; it is held until the act is over."""
    wanted = select(Organisation).where(Organisation.code == code).with_for_update()
    organisation = db.session.scalars(wanted).one_or_none()
    if organisation is None:
        organisation = Organisation(code=code, created_at=clock.now())
        db.session.add(organisation)
    organisation.name, organisation.theme = name, theme
    db.session.flush()
    return organisation


def _held_on(on: date | ColumnElement[date]) -> ColumnElement[bool]:
    """Say, as a condition on `Post`, which posts are held on a day as far as is known now."""
    return and_(Post.superseded_at.is_(None), Post.starts_on <= on, or_(Post.ends_on.is_(None), Post.ends_on > on))


_POSTS = (
    select(
        Post.person_id,
        Post.organisation_id,
        Post.staff_type,
        Post.career_level,
        Post.team_id,
        func.coalesce(Team.name, ""),
        Post.manager_id,
        Person.name,
    )
    .join(Person, Person.id == Post.person_id)
    .outerjoin(Team, Team.id == Post.team_id)
    .where(Post.person_id.in_(bindparam("person_ids", expanding=True)), _held_on(bindparam("on")))
    .order_by(Post.starts_on)
)
"""Put together once, since every booking and every page asks it; in the order of the parts of `PostFacts`."""


def _listed(wanted: Select[int, str, str, str]) -> list[PersonFacts]:
    return [PersonFacts(row.id, row.name, row.email, row.employee_number) for row in db.session.execute(wanted)]
