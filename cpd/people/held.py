"""What is known of people before a file of people is taken: loaded in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from cpd.people.models import Organisation, Person, Post, RoleGrant, Team
from cpd.people.rules import DatedPost, PersonKey, PostTerms
from cpd.shared.database import db
from cpd.shared.roles import Role


@dataclass(frozen=True, slots=True)
class Held:
    """Somebody as she is known: `posts` in the order of time, `grants` the id of each role's grant."""

    id: int
    email: str
    name: str
    qualified_on: date | None
    registered_on: date | None
    posts: tuple[DatedPost, ...]
    grants: Mapping[Role, int]

    @property
    def newest(self) -> DatedPost | None:
        """The post that she came to last."""
        return self.posts[-1] if self.posts else None


@dataclass(frozen=True, slots=True)
class Register:
    """Everybody in the organisations of which a file speaks, and whatever is asked about all the others.

    `ids` also knows the managers who work elsewhere; `owners` says whose an address is, and
    `addresses_elsewhere` which are taken in other organisations.
    """

    organisations: Mapping[str, Organisation]
    people: Mapping[PersonKey, Held]
    ids: Mapping[PersonKey, int]
    teams: Mapping[tuple[int, str], int]
    owners: Mapping[str, PersonKey]
    addresses_elsewhere: frozenset[str]


def load(codes: Collection[str]) -> Register:
    """Load what is known; the organisations named are held, so that two files are taken one after the other.

    So are their people, before anything of them is read: what is decided meanwhile waits for the file, or the file
    for it. Neither is held against bookings, which only point at them.
    """
    organisations = {each.code.casefold(): each for each in db.session.scalars(select(Organisation))}
    named = [organisations[code].id for code in codes if code in organisations]
    hold = select(Organisation.id).where(Organisation.id.in_(named)).order_by(Organisation.id)
    db.session.execute(hold.with_for_update(key_share=True)).all()
    people_of = select(Person.id).where(Person.organisation_id.in_(named)).order_by(Person.id)
    db.session.execute(people_of.with_for_update(key_share=True)).all()
    posts, managers = _posts(named)
    grants = _grants(named)
    people = {
        (row.organisation_id, row.employee_number): Held(
            row.id, row.email, row.name, row.qualified_on, row.registered_on, tuple(posts[row.id]), grants[row.id]
        )
        for row in db.session.execute(_people(named))
    }
    teams = select(Team.organisation_id, Team.name, Team.id).where(Team.organisation_id.in_(named))
    elsewhere = select(Person.email).where(Person.organisation_id.not_in(named))
    return Register(
        organisations,
        people,
        managers | {key: held.id for key, held in people.items()},
        {(employer_id, name): team_id for employer_id, name, team_id in db.session.execute(teams)},
        {held.email: key for key, held in people.items()},
        frozenset(db.session.scalars(elsewhere)),
    )


def _people(organisation_ids: Collection[int]) -> Any:
    return select(
        Person.id,
        Person.organisation_id,
        Person.employee_number,
        Person.email,
        Person.name,
        Person.qualified_on,
        Person.registered_on,
    ).where(Person.organisation_id.in_(organisation_ids))


def _posts(organisation_ids: Collection[int]) -> tuple[dict[int, list[DatedPost]], dict[PersonKey, int]]:
    """Load the posts in force, by person, and the ids of the managers whom they name."""
    manager = aliased(Person)
    terms = (Post.career_level, Post.grade, Post.staff_type, Post.fte)
    wanted = (
        select(Post.id, Post.person_id, Post.starts_on, Post.ends_on, Post.manager_id, Post.source, Team.name, *terms)
        .add_columns(manager.organisation_id, manager.employee_number)
        .outerjoin(Team, Team.id == Post.team_id)
        .outerjoin(manager, manager.id == Post.manager_id)
        .where(Post.organisation_id.in_(organisation_ids), Post.superseded_at.is_(None))
        .order_by(Post.starts_on)
    )
    posts: dict[int, list[DatedPost]] = defaultdict(list)
    managers: dict[PersonKey, int] = {}
    for row in db.session.execute(wanted):
        key = (row.organisation_id, row.employee_number) if row.manager_id else None
        said = PostTerms(row.name or "", key, row.career_level, row.grade, row.staff_type, row.fte)
        posts[row.person_id].append(DatedPost(said, row.starts_on, row.ends_on, row.id, row.source))
        if key:
            managers[key] = row.manager_id
    return posts, managers


def _grants(organisation_ids: Collection[int]) -> dict[int, dict[Role, int]]:
    wanted = (
        select(RoleGrant.person_id, RoleGrant.role, RoleGrant.id)
        .join(Person, Person.id == RoleGrant.person_id)
        .where(Person.organisation_id.in_(organisation_ids), RoleGrant.revoked_at.is_(None))
    )
    grants: dict[int, dict[Role, int]] = defaultdict(dict)
    for person_id, role, grant_id in db.session.execute(wanted):
        grants[person_id][Role(role)] = grant_id
    return grants
