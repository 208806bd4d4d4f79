"""The posts that people have held, for whatever is counted over time; and a post's career level, once it is decided."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from itertools import takewhile

from sqlalchemy import or_, select

from cpd.people import service as people
from cpd.people.models import Post
from cpd.people.rules import BY_DECISION, PostHeld
from cpd.shared import clock, history
from cpd.shared.database import db
from cpd.shared.unit_of_work import one_transaction, publish

__all__ = ["BY_DECISION", "PostHeld", "change_career_level", "posts_held"]

KEPT = ("organisation_id", "person_id", "team_id", "manager_id", "staff_type", "fte")
"""What of a post a change of career level leaves as it is."""


@one_transaction
def change_career_level(
    person_id: int,
    *,
    career_level: str,
    grade: str,
    from_day: date,
    by: int,
    reason: str,
    for_staff: Collection[str] | None = None,
) -> int:
    """Let somebody hold another career level and grade from a day on, and return the id of the post that begins then.

    The post that she holds on that day ends there, unless it begins then; posts that follow at the same level have the
    new one too, and from one on that is already known to be at another level everything stays as it is. So it does
    from one on of another staff type than `for_staff` (None: all), for whom the level is not meant.
    Nothing is edited: what was believed before stays, superseded. Whether it may be so is decided elsewhere (AMB-03).

    Raises:
        LookupError: she has no post on that day.
    """
    people.lock_persons([person_id])
    wanted = (
        select(Post)
        .where(Post.person_id == person_id, Post.superseded_at.is_(None))
        .where(or_(Post.ends_on.is_(None), Post.ends_on > from_day))
        .order_by(Post.starts_on)
    )
    ahead = db.session.scalars(wanted).all()
    if not ahead or ahead[0].starts_on > from_day:
        raise LookupError(f"Person {person_id} has no post on {from_day}")
    first = ahead[0]
    posts = list(
        takewhile(
            lambda each: each.career_level == first.career_level and (each is first or _is_for(each, for_staff)), ahead
        )
    )
    for post in posts:
        post.superseded_at, post.superseded_by_id, post.supersede_reason = clock.real_now(), by, reason
    db.session.flush()
    before = posts[0]
    if before.starts_on < from_day:
        _add(before, before.career_level, before.grade, before.starts_on, from_day, before.source, by)
    made = [
        _add(each, career_level, grade, max(each.starts_on, from_day), each.ends_on, BY_DECISION, by) for each in posts
    ]
    db.session.flush()
    history.note(
        "career_level_changed",
        "person",
        person_id,
        actor_id=by,
        organisation_id=before.organisation_id,
        reason=reason,
        before={"career_level": before.career_level, "grade": before.grade},
        after={"career_level": career_level, "grade": grade, "from": str(from_day), "post_id": made[0].id},
    )
    publish("people.changed", person_id)
    return made[0].id


def _is_for(post: Post, staff_types: Collection[str] | None) -> bool:
    """Say whether a post is of one of these kinds of staff (None: all)."""
    return staff_types is None or post.staff_type in staff_types


def _add(
    like: Post, career_level: str, grade: str, starts_on: date, ends_on: date | None, source: str, by: int
) -> Post:
    """Add a post like another one, but for its career level and its days."""
    post = Post(
        **{name: getattr(like, name) for name in KEPT},
        career_level=career_level,
        grade=grade,
        starts_on=starts_on,
        ends_on=ends_on,
        source=source,
        recorded_at=clock.real_now(),
        recorded_by_id=by,
    )
    db.session.add(post)
    return post


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
