"""Tables of organisations, teams, persons, dated posts, roles and sign-in."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from flask_login import UserMixin
from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cpd.shared.database import Base
from cpd.shared.roles import Role
from cpd.shared.superseding import Superseded

NOT_SUPERSEDED = text("superseded_at IS NULL")


class Organisation(Base):
    """A council or another employer. Its code is unique in an installation."""

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    theme: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]


class Team(Base):
    """A team within an organisation."""

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    name: Mapped[str]

    __table_args__ = (UniqueConstraint("organisation_id", "name"),)


class Person(Base, UserMixin):
    """Somebody with a record here. `email` is kept in lower case and signs her in."""

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    employee_number: Mapped[str]
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    qualified_on: Mapped[date | None]
    registered_on: Mapped[date | None]
    password_hash: Mapped[str | None]
    session_version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]

    organisation: Mapped[Organisation] = relationship(lazy="joined", innerjoin=True)
    grants: Mapped[list[RoleGrant]] = relationship(
        lazy="joined",
        primaryjoin="and_(Person.id == RoleGrant.person_id, RoleGrant.revoked_at.is_(None))",
        viewonly=True,
    )

    __table_args__ = (
        UniqueConstraint("organisation_id", "employee_number"),
        Index("ix_person_name", "organisation_id", "name"),
    )

    is_manager = False
    """Whether she manages anybody today; told when she is loaded as the one who is signed in."""

    is_facilitator = False
    """Whether she facilitates any session; told at the same time."""

    def get_id(self) -> str:
        """Name her in the sign-in cookie; a new password raises the version and signs out everywhere."""
        return f"{self.id}:{self.session_version}"

    @property
    def roles(self) -> frozenset[Role]:
        """The roles she holds now."""
        return frozenset(Role(grant.role) for grant in self.grants)


class Post(Base, Superseded):
    """What somebody is employed as from `starts_on` until the day before `ends_on` (None: still).

    `career_level` is the council's code on its pathway, `staff_type` one of employee, agency,
    student, apprentice, partner; `fte` is exact (AMB-39).
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))
    manager_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    career_level: Mapped[str] = mapped_column(default="")
    grade: Mapped[str] = mapped_column(default="")
    staff_type: Mapped[str] = mapped_column(default="employee")
    fte: Mapped[Decimal] = mapped_column(Numeric(4, 3), default=Decimal(1))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    source: Mapped[str] = mapped_column(default="")

    __table_args__ = (
        Index(
            "uq_post_start",
            "person_id",
            "starts_on",
            unique=True,
            sqlite_where=NOT_SUPERSEDED,
            postgresql_where=NOT_SUPERSEDED,
        ),
        Index("ix_post_manager", "manager_id"),
        Index("ix_post_team", "team_id"),
    )


class TimeAway(Base, Superseded):
    """Days on which somebody is away, the first and the last included (None: still away).

    Of why she is away nothing is kept but its kind: the reason may be special category data (B8).
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    away_kind: Mapped[str]
    first_day: Mapped[date]
    last_day: Mapped[date | None]

    __table_args__ = (
        CheckConstraint("last_day IS NULL OR last_day >= first_day", name="ends_after_it_starts"),
        CheckConstraint("away_kind IN ('leave', 'pause', 'career_break')", name="of_a_known_kind"),
        Index(
            "uq_time_away_start",
            "person_id",
            "first_day",
            unique=True,
            sqlite_where=NOT_SUPERSEDED,
            postgresql_where=NOT_SUPERSEDED,
        ),
    )


class RoleGrant(Base):
    """A role given to a person, and when and by whom it was given and taken back."""

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    role: Mapped[str]
    granted_at: Mapped[datetime]
    granted_by_id: Mapped[int | None]
    revoked_at: Mapped[datetime | None]
    revoked_by_id: Mapped[int | None]

    __table_args__ = (
        Index(
            "uq_role_grant_held",
            "person_id",
            "role",
            unique=True,
            sqlite_where=text("revoked_at IS NULL"),
            postgresql_where=text("revoked_at IS NULL"),
        ),
    )


class PasswordLink(Base):
    """A link to set or reset a password: used once, for a while only; just its hash is kept."""

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    token_hash: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_password_link_person", "person_id"),)


class Attempt(Base):
    """Something tried that is limited on real time: signing in, or asking for a new password.

    `account` and `address` are keyed hashes (of what was tried, too), so that nothing here names
    anybody: what people type as their e-mail address is sometimes their password.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    account: Mapped[str]
    address: Mapped[str]
    tried_at: Mapped[datetime]

    __table_args__ = (
        Index("ix_attempt_account", "account", "tried_at"),
        Index("ix_attempt_address", "address", "tried_at"),
    )
