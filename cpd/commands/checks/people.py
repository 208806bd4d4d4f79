"""Posts, roles, records and what is kept about people for a while only."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased

from cpd.booking.models import AccessNeed
from cpd.catalogue.models import Equivalence, Module
from cpd.commands.checks.check import Check, rows_in
from cpd.desk.models import PendingImport
from cpd.desk.uploads import KEPT
from cpd.people.models import Person, Post, RoleGrant, TimeAway
from cpd.record.models import RecordFact
from cpd.requirements.record import FactKind
from cpd.shared import clock
from cpd.shared.database import db
from cpd.shared.roles import Role
from cpd.study.protected.models import ProtectedTimeEntry

SUPERSEDED = (Post, TimeAway, ProtectedTimeEntry, RecordFact, Equivalence)


def overlapping_posts() -> Iterator[str]:
    """Find people with two posts on one day."""
    other = aliased(Post)
    rows = db.session.execute(
        select(Post.person_id, Post.id, other.id)
        .join(other, and_(other.person_id == Post.person_id, other.id > Post.id))
        .where(
            Post.superseded_at.is_(None),
            other.superseded_at.is_(None),
            or_(Post.ends_on.is_(None), Post.ends_on > other.starts_on),
            or_(other.ends_on.is_(None), other.ends_on > Post.starts_on),
        )
        .order_by(Post.person_id, Post.id)
    )
    for person_id, one, two in rows:
        yield f"person {person_id} has posts {one} and {two} on one day"


def posts_that_end_before_they_begin() -> Iterator[str]:
    """Find posts with no day: who left before one of them may still be taken for somebody who works here."""
    rows = db.session.execute(
        select(Post.person_id, Post.id, Post.starts_on, Post.ends_on)
        .where(Post.superseded_at.is_(None), Post.ends_on <= Post.starts_on)
        .order_by(Post.person_id, Post.id)
    )
    for person_id, post_id, starts_on, ends_on in rows:
        yield f"person {person_id} has post {post_id} from {starts_on}, which is over on {ends_on}"


def overlapping_times_away() -> Iterator[str]:
    """Find people of whom two times away speak of one day."""
    other = aliased(TimeAway)
    rows = db.session.execute(
        select(TimeAway.person_id, TimeAway.id, other.id)
        .join(other, and_(other.person_id == TimeAway.person_id, other.id > TimeAway.id))
        .where(
            TimeAway.superseded_at.is_(None),
            other.superseded_at.is_(None),
            or_(TimeAway.last_day.is_(None), TimeAway.last_day >= other.first_day),
            or_(other.last_day.is_(None), other.last_day >= TimeAway.first_day),
        )
        .order_by(TimeAway.person_id, TimeAway.id)
    )
    for person_id, one, two in rows:
        yield f"person {person_id} is away twice on one day: {one} and {two}"


def unknown_roles() -> Iterator[str]:
    """Find roles that this version does not know."""
    wanted = select(RoleGrant.person_id, RoleGrant.role).where(RoleGrant.role.not_in(list(Role)))
    for person_id, role in db.session.execute(wanted.order_by(RoleGrant.id)):
        yield f"person {person_id} has the role {role}, which is not known"


def strange_facts() -> Iterator[str]:
    """Find facts of a kind that is not known, or kept for another organisation than their person's."""
    rows = db.session.execute(
        select(RecordFact.id, RecordFact.kind, RecordFact.person_id, RecordFact.organisation_id, Person.organisation_id)
        .join(Person, Person.id == RecordFact.person_id)
        .where(or_(RecordFact.organisation_id != Person.organisation_id, RecordFact.kind.not_in(list(FactKind))))
        .order_by(RecordFact.id)
    )
    for fact_id, kind, person_id, organisation_id, employer_id in rows:
        if organisation_id != employer_id:
            yield f"fact {fact_id} is organisation {organisation_id}'s, and person {person_id} is {employer_id}'s"
        if kind not in set(FactKind):
            yield f"fact {fact_id} is of the kind {kind}, which is not known"


def wrong_equivalences() -> Iterator[str]:
    """Find equivalences that end before they begin, of a module with itself, or across organisations (G-5)."""
    other = aliased(Module)
    rows = db.session.execute(
        select(Equivalence.id, Equivalence.valid_from, Equivalence.valid_to, Module.id, other.id)
        .join(Module, Module.id == Equivalence.module_id)
        .join(other, other.id == Equivalence.other_module_id)
        .where(
            or_(
                Equivalence.valid_from > Equivalence.valid_to,
                Module.id == other.id,
                Module.organisation_id != Equivalence.organisation_id,
                other.organisation_id != Equivalence.organisation_id,
            )
        )
        .order_by(Equivalence.id)
    )
    for equivalence_id, since, until, module_id, other_id in rows:
        if since and until and since > until:
            yield f"equivalence {equivalence_id} holds from {since} until {until}"
        elif module_id == other_id:
            yield f"equivalence {equivalence_id} says that module {module_id} counts as itself"
        else:
            yield f"equivalence {equivalence_id} joins modules of two organisations"


def half_superseded() -> Iterator[str]:
    """Find rows that were superseded without a reason or before they were recorded, and reasons without an end."""
    for table in SUPERSEDED:
        ended = table.superseded_at.is_not(None)
        rows = db.session.execute(
            select(table.id, ended, table.supersede_reason)
            .where(
                or_(
                    and_(ended, func.coalesce(table.supersede_reason, "") == ""),
                    and_(~ended, or_(table.supersede_reason.is_not(None), table.superseded_by_id.is_not(None))),
                    table.superseded_at < table.recorded_at,
                )
            )
            .order_by(table.id)
        )
        for number, has_ended, reason in rows:
            if not has_ended:
                words = "says why it was superseded, and is in force"
            else:
                words = "was superseded before it was recorded" if reason else "was superseded without a reason"
            yield f"{table.__tablename__} {number} {words}"


def overdue_needs() -> Iterator[str]:
    """Find what people said about access and diet that should be erased by now (B8)."""
    wanted = select(AccessNeed.booking_id, AccessNeed.erase_after).where(AccessNeed.erase_after <= clock.now())
    for booking_id, due_at in db.session.execute(wanted.order_by(AccessNeed.booking_id)):
        yield f"what was said with booking {booking_id} was to be erased on {due_at:%d %B %Y}"


def forgotten_files() -> Iterator[str]:
    """Find files that somebody sent to the desk and that should be erased by now: they hold names, too."""
    wanted = select(PendingImport.id, PendingImport.created_at).where(
        PendingImport.created_at <= clock.real_now() - KEPT
    )
    for number, sent_at in db.session.execute(wanted.order_by(PendingImport.id)):
        yield f"file {number} was sent on {sent_at:%d %B %Y} and was to be erased after a day"


CHECKS = (
    Check("posts", overlapping_posts, rows_in(Post), "posts"),
    Check("days of posts", posts_that_end_before_they_begin, rows_in(Post), "posts"),
    Check("times away", overlapping_times_away, rows_in(TimeAway), "times away"),
    Check("roles", unknown_roles, rows_in(RoleGrant), "roles"),
    Check("facts", strange_facts, rows_in(RecordFact), "facts"),
    Check("equivalences", wrong_equivalences, rows_in(Equivalence), "equivalences"),
    Check("superseded rows", half_superseded, rows_in(*SUPERSEDED), "rows"),
    Check("access needs", overdue_needs, rows_in(AccessNeed), "access needs"),
    Check("files sent", forgotten_files, rows_in(PendingImport), "files"),
)
