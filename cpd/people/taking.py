"""Writing what a file of people changes: every kind of row in one go, however many people there are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, update

from cpd.people import links
from cpd.people.held import Held, Register
from cpd.people.models import Person, Post, RoleGrant, Team
from cpd.people.rules import DatedPost, PersonKey, PostChange, has_left
from cpd.shared import clock, history, outbox
from cpd.shared.database import db
from cpd.shared.roles import Role
from cpd.shared.unit_of_work import publish

Ids = Mapping[PersonKey, int]
TeamKey = tuple[int, str]

SAYS_SO = "the people file says so"
ONE_STATEMENT = {"render_nulls": True}
"""Without this, each row with another empty value than the row before it would be a statement of its own."""


@dataclass(frozen=True, slots=True)
class Taking:
    """What one row changes: values of the person, posts, and the roles that she holds afterwards."""

    key: PersonKey
    held: Held | None
    values: dict[str, Any]
    posts: PostChange | None
    roles: frozenset[Role]

    @property
    def changes_something(self) -> bool:
        """Say whether anything is new."""
        return bool(self.held is None or self.values or self.posts or self.roles != self.held.grants.keys())


def take(takings: Sequence[Taking], known: Register, *, by: int | None) -> None:
    """Write what these rows change; history says who did it, and new people are sent a link.

    Whoever is known is held since before the register was read.
    """
    ids = {**known.ids, **_add_people([each for each in takings if each.held is None])}
    _change_people([each for each in takings if each.held and each.values])
    teams = {**known.teams, **_add_teams(takings, known)}
    _change_posts(takings, ids, teams, by)
    _change_roles(takings, ids, by)
    for each in takings:
        _remember(each, ids, teams, by)
        publish("people.changed", ids[each.key])
    _welcome(takings, known, ids)


def _add_people(takings: Sequence[Taking]) -> dict[PersonKey, int]:
    """Add those who are new, and return their ids."""
    now = clock.now()
    rows = [
        {"organisation_id": organisation_id, "employee_number": number, "created_at": now, **each.values}
        for each in takings
        for organisation_id, number in [each.key]
    ]
    if not rows:
        return {}
    added = insert(Person).returning(Person.id, Person.organisation_id, Person.employee_number)
    return {
        (employer_id, number): person_id
        for person_id, employer_id, number in db.session.execute(added, rows, execution_options=ONE_STATEMENT)
    }


def _change_people(takings: Sequence[Taking]) -> None:
    """Change names, addresses and dates; two may exchange their addresses, so each lets go of hers first."""
    people = [(each.held, each.values) for each in takings if each.held]
    if not people:
        return
    moving = [{"id": held.id, "email": f"changing {held.id}"} for held, values in people if "email" in values]
    if moving:
        db.session.execute(update(Person), moving)
    fields = ("email", "name", "qualified_on", "registered_on")
    rows = [{"id": held.id, **{field: getattr(held, field) for field in fields}, **values} for held, values in people]
    db.session.execute(update(Person), rows)


def _add_teams(takings: Sequence[Taking], known: Register) -> dict[TeamKey, int]:
    """Add the teams that the file is the first to name, and return their ids."""
    posts = [(each.key[0], post) for each in takings if each.posts for post in each.posts.added]
    named = {(organisation_id, post.terms.team) for organisation_id, post in posts if post.terms.team}
    rows = [
        {"organisation_id": organisation_id, "name": name}
        for organisation_id, name in sorted(named - known.teams.keys())
    ]
    if not rows:
        return {}
    added = insert(Team).returning(Team.organisation_id, Team.name, Team.id)
    return {(organisation_id, name): team_id for organisation_id, name, team_id in db.session.execute(added, rows)}


def _change_posts(takings: Sequence[Taking], ids: Ids, teams: Mapping[TeamKey, int], by: int | None) -> None:
    """Supersede posts, and add those that stand instead."""
    real = clock.real_now()
    changes = [(each.key, each.posts) for each in takings if each.posts]
    ended = [
        {"id": post.id, "superseded_at": real, "superseded_by_id": by, "supersede_reason": SAYS_SO}
        for _, change in changes
        for post in change.superseded
    ]
    added = [
        {
            "organisation_id": key[0],
            "person_id": ids[key],
            **_post(key, post, ids, teams),
            "source": post.source,
            "recorded_at": real,
            "recorded_by_id": by,
        }
        for key, change in changes
        for post in change.added
    ]
    if ended:
        db.session.execute(update(Post), ended)
    if added:
        db.session.execute(insert(Post), added, execution_options=ONE_STATEMENT)


def _post(key: PersonKey, post: DatedPost, ids: Ids, teams: Mapping[TeamKey, int]) -> dict[str, Any]:
    """Return a post by ids and codes."""
    terms = post.terms
    return {
        "team_id": teams[key[0], terms.team] if terms.team else None,
        "manager_id": ids[terms.manager] if terms.manager else None,
        "career_level": terms.career_level,
        "grade": terms.grade,
        "staff_type": terms.staff_type,
        "fte": terms.fte,
        "starts_on": post.starts_on,
        "ends_on": post.ends_on,
    }


def _change_roles(takings: Sequence[Taking], ids: Ids, by: int | None) -> None:
    """Give and take back roles; who gave one, and when, is kept."""
    now = clock.now()
    taken, given = [], []
    for each in takings:
        grants = each.held.grants if each.held else {}
        taken += [
            {"id": grant_id, "revoked_at": now, "revoked_by_id": by}
            for role, grant_id in grants.items()
            if role not in each.roles
        ]
        given += [
            {"person_id": ids[each.key], "role": role.value, "granted_at": now, "granted_by_id": by}
            for role in sorted(each.roles - grants.keys())
        ]
    if taken:
        db.session.execute(update(RoleGrant), taken)
    if given:
        db.session.execute(insert(RoleGrant), given, execution_options=ONE_STATEMENT)


def _remember(each: Taking, ids: Ids, teams: Mapping[TeamKey, int], by: int | None) -> None:
    """Write history by ids and codes alone: names and addresses stay out of it (B8)."""

    def shown(roles: Iterable[Role], post: DatedPost | None) -> dict[str, Any]:
        parts = _post(each.key, post, ids, teams) if post else {}
        return {
            "roles": sorted(role.value for role in roles),
            "post": {name: part if isinstance(part, int | None) else str(part) for name, part in parts.items()},
        }

    newest = each.held.newest if each.held else None
    history.note(
        "changed" if each.held else "added",
        "person",
        ids[each.key],
        actor_id=by,
        organisation_id=each.key[0],
        reason=SAYS_SO,
        before=shown(each.held.grants, newest) if each.held else None,
        after=shown(each.roles, each.posts.added[-1] if each.posts else newest) | {"changed": sorted(each.values)},
    )


def _welcome(takings: Sequence[Taking], known: Register, ids: Ids) -> None:
    """Send each new person a link to choose a password; not to those who have left already."""
    names = {organisation.id: organisation.name for organisation in known.organisations.values()}
    today = clock.today()
    new = {
        ids[each.key]: each.key[0]
        for each in takings
        if each.held is None and each.posts and not has_left([post.ends_on for post in each.posts.added], today)
    }
    for person_id, facts in links.make_links(new, links.WELCOME_LASTS).items():
        organisation_id = new[person_id]
        told = {**facts, "organisation": names[organisation_id]}
        outbox.tell(organisation_id, person_id, "welcome", "import", told)
