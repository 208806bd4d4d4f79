"""What study days do when the floors below change."""

from __future__ import annotations

from sqlalchemy.orm import Session

from cpd.study.days import service


def follow_time_away(_session: Session, said: list[tuple[int, int]]) -> None:
    """Time away was recorded, of whom and by whom: no approved study day of hers lies in it any more."""
    for person_id, by in dict(said).items():
        service.end_while_away(person_id, by=by)
