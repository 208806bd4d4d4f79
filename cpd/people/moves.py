"""Everybody's posts in the order of time, for what is counted of an organisation's staff: stays, moves, advances."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import select

from cpd.people.models import Person, Post, Team
from cpd.people.rules import BY_DECISION, PostInTime
from cpd.shared.database import db


def posts_of_everybody(organisation_id: int) -> dict[int, list[PostInTime]]:
    """Return the posts of an organisation as far as is known now, by person, in the order of time. One query."""
    wanted = (
        select(
            Post.person_id,
            Person.name,
            Post.starts_on,
            Post.ends_on,
            Post.career_level,
            Team.name,
            Post.staff_type,
            Post.manager_id,
            Post.source,
        )
        .join(Person, Person.id == Post.person_id)
        .outerjoin(Team, Team.id == Post.team_id)
        .where(Post.organisation_id == organisation_id, Post.superseded_at.is_(None))
        .order_by(Person.name, Post.person_id, Post.starts_on)
    )
    found: dict[int, list[PostInTime]] = defaultdict(list)
    for person_id, name, starts_on, ends_on, career_level, team, staff_type, manager_id, source in db.session.execute(
        wanted
    ):
        found[person_id].append(
            PostInTime(
                person_id,
                name,
                starts_on,
                ends_on,
                career_level,
                team or "",
                staff_type,
                manager_id,
                source == BY_DECISION,
            )
        )
    return dict(found)
