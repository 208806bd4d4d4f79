"""Keeping up: whoever's post is on a pathway is put on it when people or schemes change, in that act's transaction."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from cpd.progression.pathways.service import settle_enrolments, settle_organisations


def follow_people(_session: Session, person_ids: list[int]) -> None:
    """Somebody's post changed: it may now be on a pathway, or on another one."""
    settle_enrolments(set(person_ids))


def follow_schemes(_session: Session, adopted: list[tuple[int, Any]]) -> None:
    """A new version is in force: who is on no pathway yet is put on it; the others keep the version they are under."""
    settle_organisations({organisation_id for organisation_id, pack in adopted if pack.career_pathways})
