"""Putting people on the pathway that their post is on, and moving them to newer rules, for a reason."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import exists, insert, select, update

from cpd.catalogue import service as catalogue
from cpd.people import service as people
from cpd.people.models import Person, Post
from cpd.people.service import PostFacts
from cpd.progression.pathways import reading
from cpd.progression.pathways.models import PathwayEnrolment
from cpd.progression.pathways.reading import readiness_of
from cpd.progression.pathways.rules import Enrolment, Fault, Readiness, Verdict, still_fits, why_not_on_a_way
from cpd.progression.pathways.terms import Terms, terms_of
from cpd.progression.pathways.words import standing_words
from cpd.shared import clock, history, outbox
from cpd.shared.database import db
from cpd.shared.unit_of_work import one_transaction

__all__ = [
    "EnrolmentRefused",
    "Readiness",
    "Verdict",
    "enrol_whose_posts_began",
    "move_to_rules_in_force",
    "readiness_of",
    "settle_enrolments",
    "settle_organisations",
]

BY_HER_POST = "Her post is on another pathway"
POSTS_LOOKED_AT = timedelta(days=14)
"""A post that was known before it began is found within so many days of its beginning."""


class EnrolmentRefused(Exception):  # noqa: N818 - a refusal is an answer, not a failure
    """Nothing was done about an enrolment; `faults` are all the reasons."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__(", ".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class _Wanted:
    """On which pathway somebody is to be from now on, by which version."""

    post: PostFacts
    pathway_code: str
    scheme_version_id: int
    instead_of: Enrolment | None


@one_transaction
def move_to_rules_in_force(person_ids: Collection[int], organisation_id: int, *, reason: str, by: int) -> int:
    """Move people to the rules now in force, for a reason, and return how many; each is told where she stands then.

    Whoever is under them already, or has no pathway for her post by them, is left as she is.

    Raises:
        EnrolmentRefused: there is no reason, there is nobody to move, or the officer is among them.
    """
    scheme = catalogue.scheme_in_force(organisation_id)
    faults = [] if reason.strip() else [Fault.NO_REASON]
    faults += [Fault.OWN] if by in person_ids else []
    people.lock_persons(person_ids)
    wanted = [] if scheme is None else _movable(person_ids, organisation_id, terms_of(scheme))
    faults += [] if wanted else [Fault.SAME_RULES]
    if faults:
        raise EnrolmentRefused(*faults)
    ids = _write(wanted, reason=reason, by=by)
    _tell(dict(zip((each.post.person_id for each in wanted), ids, strict=True)), reason)
    return len(wanted)


@one_transaction
def settle_enrolments(person_ids: Collection[int]) -> int:
    """Put whoever has a post on a pathway on it, by the rules now in force; returns how many changed.

    Who is on one keeps it and its version as long as her post is on it by those very rules: newer ones are an act of
    Workforce Development's. Whose post has left every pathway keeps her enrolment, and is told why she does not
    progress. A fixed number of queries, and one more for each organisation.
    """
    if not person_ids:
        return 0
    people.lock_persons(person_ids)
    posts = people.posts_on(person_ids, clock.today())
    held = {each.person_id: each for each in reading.enrolments_where(PathwayEnrolment.person_id.in_(person_ids))}
    versions = reading.versions_of(held.values())
    in_force = reading.terms_in_force({each.organisation_id for each in posts.values()})
    wanted = []
    for post in posts.values():
        enrolment, terms = held.get(post.person_id), in_force.get(post.organisation_id)
        if enrolment and still_fits(enrolment, versions.get(enrolment.scheme_version_id), post):
            continue
        if terms is None or why_not_on_a_way(post, terms):
            continue
        pathway = terms.pathway_for(post.staff_type, post.career_level)
        if pathway:
            wanted.append(_Wanted(post, pathway.code, terms.scheme_version_id, enrolment))
    _write(wanted, reason=BY_HER_POST, by=None)
    return len(wanted)


def settle_organisations(organisation_ids: Collection[int]) -> int:
    """Put everybody whose post is on a pathway of these organisations on it, where she is on none."""
    wanted = select(Person.id).where(Person.organisation_id.in_(organisation_ids), people.still_here(clock.today()))
    return settle_enrolments(db.session.scalars(wanted).all())


def enrol_whose_posts_began() -> int:
    """Put people on a pathway whose posts were known before they began; for the worker. Returns how many."""
    today = clock.today()
    settled = exists().where(PathwayEnrolment.person_id == Post.person_id, PathwayEnrolment.superseded_at.is_(None))
    wanted = select(Post.person_id).where(
        Post.superseded_at.is_(None),
        Post.starts_on <= today,
        Post.starts_on > today - POSTS_LOOKED_AT,
        Post.career_level != "",
        ~settled,
    )
    found = set(db.session.scalars(wanted))
    return settle_enrolments(found) if found else 0


def _movable(person_ids: Collection[int], organisation_id: int, newest: Terms) -> list[_Wanted]:
    """Find who can be moved to the newest rules, each with the pathway that she is on by them."""
    look = reading.Look(person_ids, clock.today())
    wanted = []
    for person_id in sorted(set(person_ids)):
        enrolment = look.enrolments.get(person_id)
        if enrolment is None or enrolment.organisation_id != organisation_id:
            continue
        then = look.readiness(person_id, newest)
        if enrolment.scheme_version_id != newest.scheme_version_id and then.pathway and then.post:
            wanted.append(_Wanted(then.post, then.pathway.code, newest.scheme_version_id, enrolment))
    return wanted


def _write(wanted: Sequence[_Wanted], *, reason: str, by: int | None) -> list[int]:
    """End what these people were on and put them on what they are to be on; returns the new ids in the same order."""
    if not wanted:
        return []
    ended = [each.instead_of.id for each in wanted if each.instead_of]
    now = clock.real_now()
    if ended:
        values = {"superseded_at": now, "superseded_by_id": by, "supersede_reason": reason}
        db.session.execute(update(PathwayEnrolment).where(PathwayEnrolment.id.in_(ended)).values(values))
    rows = [
        {
            "organisation_id": each.post.organisation_id,
            "person_id": each.post.person_id,
            "pathway_code": each.pathway_code,
            "scheme_version_id": each.scheme_version_id,
            "enrolled_on": clock.today(),
            "recorded_at": now,
            "recorded_by_id": by,
        }
        for each in wanted
    ]
    made = insert(PathwayEnrolment).returning(PathwayEnrolment.id, PathwayEnrolment.person_id)
    ids = {person_id: enrolment_id for enrolment_id, person_id in db.session.execute(made, rows)}
    for each in wanted:
        _remember(each, ids[each.post.person_id], reason, by)
    return [ids[each.post.person_id] for each in wanted]


def _tell(enrolment_ids: Mapping[int, int], reason: str) -> None:
    """Tell people by which rules they are on their pathway now, and where they stand; by person, the enrolment."""
    for person_id, found in readiness_of(enrolment_ids, clock.today()).items():
        if found.pathway and found.post:
            facts = {"pathway": found.pathway.title, "standing": standing_words(found), "reason": reason}
            key = str(enrolment_ids[person_id])
            outbox.tell(found.post.organisation_id, person_id, "pathway_rules_changed", key, facts)


def _remember(wanted: _Wanted, enrolment_id: int, reason: str, by: int | None) -> None:
    """Write the history of an enrolment, without names (B8)."""
    before = wanted.instead_of
    history.note(
        "moved" if before else "enrolled",
        "pathway_enrolment",
        enrolment_id,
        actor_id=by,
        organisation_id=wanted.post.organisation_id,
        reason=reason if before or by else None,
        before={"pathway": before.pathway_code, "scheme_version_id": before.scheme_version_id} if before else None,
        after={
            "person_id": wanted.post.person_id,
            "pathway": wanted.pathway_code,
            "scheme_version_id": wanted.scheme_version_id,
        },
    )
