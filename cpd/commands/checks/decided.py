"""Changes of career level and who decided: each level is the one decided, each decider held the role (AMB-03)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain, groupby
from typing import Any

from sqlalchemy import null, or_, select

from cpd.commands.checks.check import Check, rows_in
from cpd.people.models import Post, RoleGrant
from cpd.people.rules import BY_DECISION
from cpd.progression.requests.models import Approval, ApprovalCover, Enactment, ProgressionStep
from cpd.schemes.pathway_shape import StepKind
from cpd.shared.clock import in_london
from cpd.shared.database import db


@dataclass(frozen=True, slots=True)
class _Change:
    """An enactment, as far as posts follow it."""

    id: int
    person_id: int
    to_level: str
    to_grade: str
    effective_on: date


@dataclass(frozen=True, slots=True)
class _Act:
    """An approval or an enactment: by whom, as what, where `asked` is the role of its step; and in whose place."""

    words: str
    id: int
    asked: str
    role: str
    by: int
    at: datetime
    cover_id: int | None
    in_place_of_id: int | None
    recorded_at: datetime | None


def levels_without_their_decision() -> Iterator[str]:
    """Find posts that rest on a decision and say something else than it, and decisions that no post follows.

    Of two changes from one day the later one counts. HR may give the grade anew, but not another level on that day.
    """
    changes = _changes()
    concerned = select(Enactment.person_id)
    wanted = (
        select(Post)
        .where(Post.superseded_at.is_(None), or_(Post.source == BY_DECISION, Post.person_id.in_(concerned)))
        .order_by(Post.person_id, Post.starts_on)
    )
    for person_id, posts in groupby(db.session.scalars(wanted), lambda post: post.person_id):
        yield from _levels_of(list(posts), changes.get(person_id, ()))


def deciders_without_the_role() -> Iterator[str]:
    """Find approvals and enactments by somebody who did not hold the role of the step then, nor stood in for it."""
    covers = {row.id: row for row in db.session.scalars(select(ApprovalCover))}
    held: defaultdict[tuple[int, str], list[tuple[datetime, datetime | None]]] = defaultdict(list)
    grants = select(RoleGrant.person_id, RoleGrant.role, RoleGrant.granted_at, RoleGrant.revoked_at)
    for person_id, role, since, until in db.session.execute(grants):
        held[person_id, role].append((since, until))
    for act in _acts():
        if act.role != act.asked:
            yield f"{act.words} {act.id} was made in the role {act.role}, and its step asks for {act.asked}"
        elif not _could_decide(act, held, covers):
            yield f"{act.words} {act.id} is by person {act.by}, who had no right to it then as {act.asked}"


def _levels_of(posts: Sequence[Post], changes: Sequence[_Change]) -> Iterator[str]:
    """Hold the posts of one person against her changes, both in the order of time."""
    for post in posts:
        resting = [each for each in changes if each.effective_on <= post.starts_on]
        if post.source != BY_DECISION:
            change = _on_a_day_of(post, changes)
            if change and post.career_level != change.to_level:
                yield _differs(post, change)
        elif not resting:
            yield f"post {post.id} of person {post.person_id} has a career level by decision, but nobody made it"
        elif (post.career_level, post.grade) != (resting[-1].to_level, resting[-1].to_grade):
            yield _differs(post, resting[-1])
        elif not any(_on_a_day_of(each, resting[-1:]) for each in posts):
            yield f"post {post.id} of person {post.person_id} begins later than change {resting[-1].id} says"


def _changes() -> Mapping[int, Sequence[_Change]]:
    """Return what was enacted, by person, in the order in which it holds."""
    wanted = select(
        Enactment.id, Enactment.person_id, Enactment.to_level, Enactment.to_grade, Enactment.effective_on
    ).order_by(Enactment.person_id, Enactment.effective_on, Enactment.id)
    found: defaultdict[int, list[_Change]] = defaultdict(list)
    for row in db.session.execute(wanted):
        found[row.person_id].append(_Change(*row))
    return found


def _on_a_day_of(post: Post, changes: Iterable[_Change]) -> _Change | None:
    """Return the last change that began on a day of this post, or None."""
    within = [
        each
        for each in changes
        if post.starts_on <= each.effective_on and (post.ends_on is None or each.effective_on < post.ends_on)
    ]
    return within[-1] if within else None


def _differs(post: Post, change: _Change) -> str:
    has, made = f"{post.career_level} ({post.grade})", f"{change.to_level} ({change.to_grade})"
    return (
        f"post {post.id} of person {post.person_id} is at {has}, and change {change.id} made it {made} "
        f"from {change.effective_on}"
    )


def _acts() -> Iterator[_Act]:
    """List what was approved and declined, and what was enacted, each with the role of its step: two queries."""
    approvals = (
        select(
            Approval.id,
            ProgressionStep.role,
            Approval.approver_role,
            Approval.decided_by_id,
            Approval.decided_at,
            Approval.cover_id,
            Approval.in_place_of_id,
            Approval.recorded_at,
        )
        .join(ProgressionStep, ProgressionStep.id == Approval.step_id)
        .order_by(Approval.id)
    )
    enactments = (
        select(
            Enactment.id,
            ProgressionStep.role,
            ProgressionStep.role.label("as_role"),
            Enactment.enacted_by_id,
            Enactment.enacted_at,
            Enactment.cover_id,
            Enactment.in_place_of_id,
            null(),
        )
        .join(ProgressionStep, ProgressionStep.request_id == Enactment.request_id)
        .where(ProgressionStep.step_kind == StepKind.ENACTMENT)
        .order_by(Enactment.id)
    )
    return chain(
        (_act("approval", row) for row in db.session.execute(approvals)),
        (_act("enactment", row) for row in db.session.execute(enactments)),
    )


def _act(words: str, row: Any) -> _Act:
    return _Act(words, *row)


def _could_decide(
    act: _Act,
    held: Mapping[tuple[int, str], Sequence[tuple[datetime, datetime | None]]],
    covers: Mapping[int, ApprovalCover],
) -> bool:
    """Say whether somebody held the role at that moment, or stood in that day for somebody who did."""
    holder_id = act.by
    if act.cover_id is not None:
        cover = covers.get(act.cover_id)
        if cover is None or not _covers(cover, act):
            return False
        holder_id = cover.holder_id
    periods = held.get((holder_id, act.asked), ())
    return any(since <= act.at and (until is None or act.at <= until) for since, until in periods)


def _covers(cover: ApprovalCover, act: _Act) -> bool:
    """Say whether a cover is of this act: its role, its people, its day; and had not been ended, where that is known.

    When a cover ended is kept by the real clock, as when an approval was recorded is.
    """
    on = in_london(act.at).date()
    said = (cover.role, cover.covered_by_id, cover.holder_id) == (act.asked, act.by, act.in_place_of_id)
    ended = cover.superseded_at is not None and act.recorded_at is not None and cover.superseded_at < act.recorded_at
    return said and cover.first_day <= on <= cover.last_day and not ended


CHECKS = (
    Check("changes of career level", levels_without_their_decision, rows_in(Enactment), "changes"),
    Check("who decided", deciders_without_the_role, rows_in(Approval, Enactment), "decisions"),
)
