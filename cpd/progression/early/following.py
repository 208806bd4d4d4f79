"""Keeping up with records: a panel's word ends the programme that names the panel, in the act that recorded it."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from cpd.progression.early.models import EarlyCareerEnrolment
from cpd.progression.early.service import settle_endings
from cpd.shared.database import db


def follow_records(_session: Session, person_ids: Collection[int]) -> None:
    """End or reopen the programmes of those whose record changed; one query where none of them is on one."""
    wanted = select(EarlyCareerEnrolment.person_id).where(EarlyCareerEnrolment.person_id.in_(set(person_ids)))
    if concerned := set(db.session.scalars(wanted)):
        settle_endings(concerned)
