"""Who comments and decides on what somebody asks for: her line manager on the day, as long as she works here."""

from __future__ import annotations

from collections.abc import Collection

from cpd.people import service as people
from cpd.shared import clock


def manager_of(person_id: int) -> int | None:
    """Return who manages somebody today, or None; see `managers_of`."""
    return managers_of([person_id])[person_id]


def managers_of(person_ids: Collection[int]) -> dict[int, int | None]:
    """Return who manages each of these people today, or None. Two queries.

    Nobody is her own manager, nobody elsewhere learns of her, and whoever has no post here today manages nobody.
    """
    posts = people.posts_on(person_ids, clock.today())
    asked = {post.manager_id for post in posts.values() if post.manager_id}
    here = {each: post.organisation_id for each, post in people.posts_on(asked, clock.today()).items()}
    managers = {
        each: post.manager_id
        for each, post in posts.items()
        if post.manager_id and post.manager_id != each and here.get(post.manager_id) == post.organisation_id
    }
    return {each: managers.get(each) for each in person_ids}
