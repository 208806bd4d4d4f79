"""Who comments on what somebody asks for: her line manager on the day."""

from __future__ import annotations

from cpd.people import service as people
from cpd.shared import clock


def manager_of(person_id: int) -> int | None:
    """Return who manages somebody today, or None: nobody is her own manager, and nobody elsewhere learns of her."""
    post = people.posts_on([person_id], clock.today()).get(person_id)
    if post is None or post.manager_id is None or post.manager_id == person_id:
        return None
    return post.manager_id if people.works_for(post.manager_id, post.organisation_id) else None
