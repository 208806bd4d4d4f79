"""Who is at the retention point or coming up to it, and who advanced or moved: a fixed number of queries for all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from cpd.catalogue import service as catalogue
from cpd.people import moves
from cpd.people import service as people
from cpd.people.rules import PostInTime
from cpd.progression.pathways.reading import readiness_of
from cpd.progression.pathways.rules import Readiness, Verdict
from cpd.progression.pathways.terms import Terms, terms_of
from cpd.progression.requests.reading import open_requests
from cpd.progression.retention.rules import Change, Stage, changes_in, is_held, post_on, stage_of, with_us_since
from cpd.record.service import records_of
from cpd.requirements.record import Fact, FactKind
from cpd.schemes.retention_shape import RetentionPoint


@dataclass(frozen=True, slots=True)
class AtThePoint:
    """Somebody at the point or coming up to it, and what is planned with her.

    `spoken_on` is the day of the latest development conversation that counts; `is_asked_for` says that a request to
    progress is under way.
    """

    post: PostInTime
    stage: Stage
    since: date
    manager: str
    readiness: Readiness
    is_asked_for: bool
    spoken_on: date | None

    @property
    def is_planned(self) -> bool:
        """Whether a step up is asked for, or she is ready or expected to be by what is booked and pending."""
        best = self.readiness.best
        return self.is_asked_for or (best is not None and best.verdict in (Verdict.READY, Verdict.EXPECTED))

    @property
    def lacks_everything(self) -> bool:
        """Whether no step up is planned with her and nobody has had the conversation (L-3)."""
        return not self.is_planned and self.spoken_on is None


def terms_in_force(organisation_id: int) -> Terms | None:
    """Return what the scheme in force says of careers, None where there is none."""
    scheme = catalogue.scheme_in_force(organisation_id)
    return terms_of(scheme) if scheme else None


def point_of(organisation_id: int) -> RetentionPoint | None:
    """Return the retention point of the scheme in force, None where it names none."""
    scheme = catalogue.scheme_in_force(organisation_id)
    return scheme.pack.retention_point if scheme else None


def at_the_point(organisation_id: int, point: RetentionPoint, today: date) -> list[AtThePoint]:
    """List who is at the point or coming up to it, with whom nothing is planned first, then the longest here.

    Only those whose post is on a pathway: they can progress, so it is they whom a plan keeps.
    """
    posts = moves.posts_of_everybody(organisation_id)
    here = {person_id: _since_and_stage(theirs, point, today) for person_id, theirs in posts.items()}
    near = {person_id: (found[0], found[1]) for person_id, found in here.items() if found}
    standings = readiness_of(near, today)
    asked_for = {each.person_id for each in open_requests(organisation_id) if not each.is_reversal}
    spoken = _conversations(near, point, today)
    held = {person_id: post for person_id in near if (post := post_on(posts[person_id], today))}
    managers = people.persons_by_id({each.manager_id for each in held.values() if each.manager_id})
    found = [
        AtThePoint(
            held[person_id],
            stage,
            since,
            managers[manager_id].name if (manager_id := held[person_id].manager_id) in managers else "",
            standings[person_id],
            person_id in asked_for,
            spoken.get(person_id),
        )
        for person_id, (since, stage) in near.items()
        if not standings[person_id].why_not
    ]
    order = list(Stage)
    return sorted(found, key=lambda each: (not each.lacks_everything, order.index(each.stage), each.since))


def changes_between(organisation_id: int, terms: Terms, since: date, until: date) -> list[Change]:
    """List the steps up and moves of an organisation's staff, both days included, the latest first. One query."""
    pathways = tuple(terms.pathways.values())
    posts = moves.posts_of_everybody(organisation_id).values()
    found = [change for theirs in posts for change in changes_in(theirs, pathways, since, until)]
    return sorted(found, key=lambda each: (each.on, each.person_name), reverse=True)


def _since_and_stage(posts: Sequence[PostInTime], point: RetentionPoint, today: date) -> tuple[date, Stage] | None:
    since = with_us_since(posts, today)
    stage = stage_of(since, point, today) if since else None
    return (since, stage) if since and stage else None


def _conversations(person_ids: Mapping[int, object], point: RetentionPoint, today: date) -> dict[int, date]:
    """Return when somebody last spoke with these people about their development, as far as it counts."""
    found = {}
    for person_id, record in records_of(person_ids, today).items():
        if day := is_held((each.happened_on for each in record.facts if _is_conversation(each, point)), point, today):
            found[person_id] = day
    return found


def _is_conversation(fact: Fact, point: RetentionPoint) -> bool:
    return fact.kind is FactKind.EVIDENCE and fact.subject == point.conversation and not fact.still_ahead
