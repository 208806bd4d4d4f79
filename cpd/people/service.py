"""Acts and questions about people that other capabilities rely on."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select

from cpd.people.models import Person, Post, Team
from cpd.shared.database import LARGEST_ID, db


@dataclass(frozen=True, slots=True)
class PostFacts:
    """What a person is employed as on one day, as far as rules ask."""

    person_id: int
    organisation_id: int
    staff_type: str
    career_level: str
    team_id: int | None
    team_name: str
    manager_id: int | None


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
    return db.session.scalars(select(Person).where(Person.email == email.strip().lower())).unique().one_or_none()


def lock_persons(person_ids: Collection[int]) -> None:
    """Hold these people's bookings and diaries until the act is over, lowest id first.

    Sessions are locked before persons, so that no two acts ever wait for each other.
    """
    wanted = select(Person.id).where(Person.id.in_(person_ids)).order_by(Person.id).with_for_update(of=Person)
    db.session.execute(wanted).all()


def posts_on(person_ids: Collection[int], on: date) -> dict[int, PostFacts]:
    """Return each person's post on a day; who has none that day is left out. One query."""
    wanted = (
        select(Post.person_id, Post.organisation_id, Post.staff_type, Post.career_level, Post.team_id, Team.name, Post.manager_id)
        .outerjoin(Team, Team.id == Post.team_id)
        .where(
            Post.person_id.in_(person_ids),
            Post.superseded_at.is_(None),
            Post.starts_on <= on,
            or_(Post.ends_on.is_(None), Post.ends_on > on),
        )
        .order_by(Post.starts_on)
    )
    return {
        row.person_id: PostFacts(
            row.person_id, row.organisation_id, row.staff_type, row.career_level, row.team_id, row.name or "", row.manager_id
        )
        for row in db.session.execute(wanted)
    }
