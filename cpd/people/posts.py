"""The posts that people have held, for whatever is counted over time."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from cpd.people.models import Post
from cpd.people.rules import PostHeld
from cpd.shared.database import db

__all__ = ["PostHeld", "posts_held"]


def posts_held(person_ids: Collection[int]) -> dict[int, list[PostHeld]]:
    """Return every post of these people as far as is known now, past and ahead, in the order of time. One query.

    Each person asked for has a list.
    """
    wanted = (
        select(Post.person_id, Post.starts_on, Post.ends_on, Post.career_level, Post.fte)
        .where(Post.person_id.in_(person_ids), Post.superseded_at.is_(None))
        .order_by(Post.starts_on)
    )
    found: dict[int, list[PostHeld]] = {person_id: [] for person_id in person_ids}
    for person_id, starts_on, ends_on, career_level, fte in db.session.execute(wanted):
        found[person_id].append(PostHeld(starts_on, ends_on, career_level, fte))
    return found
