"""Tables of the diary and of each person's secret feed address."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from cpd.shared.database import Base


class DiaryEntry(Base):
    """One dated thing in one person's diary.

    `uid` names it for ever, `sequence` rises with every change and on cancellation. `source` and
    `source_id` say what it rests on (`session` and the training session's id).
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    uid: Mapped[str] = mapped_column(unique=True)
    sequence: Mapped[int] = mapped_column(default=0)
    source: Mapped[str]
    source_id: Mapped[int]
    title: Mapped[str]
    location: Mapped[str] = mapped_column(default="")
    description: Mapped[str] = mapped_column(default="")
    path: Mapped[str] = mapped_column(default="")
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_after_it_starts"),
        Index("ix_diary_entry_person", "person_id", "starts_at"),
        Index("ix_diary_entry_source", "source", "source_id"),
    )


class FeedKey(Base):
    """The version of a person's feed address; raising it makes the old address useless.

    `invitations` is whether she wants each session day by e-mail as well, for a calendar that cannot subscribe.
    """

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    invitations: Mapped[bool] = mapped_column(default=False)


class TeamCalendar(Base):
    """What a manager chose for her team: the version of its feed's address, and how many may be away at once.

    Without `most_away` nobody is warned.
    """

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    most_away: Mapped[int | None]

    __table_args__ = (CheckConstraint("most_away >= 0", name="most_away_is_a_number_of_people"),)
