"""Files between their preview and their taking: kept for whoever sent them, for a day at most."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import PurePath
from typing import Any

from sqlalchemy import delete, select

from cpd.desk.models import PendingImport
from cpd.shared import clock
from cpd.shared.database import db
from cpd.shared.unit_of_work import one_transaction

KEPT = timedelta(days=1)
MOST_KEPT = 5
"""How many files of one person are kept at once; the oldest goes first."""

LONGEST_NAME = 100


class UploadGone(Exception):  # noqa: N818 - a refusal is an answer, not a failure
    """A file is not to be taken any more: it was taken already, or its programme has been withdrawn."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that somebody has sent, with what she chose for it."""

    id: int
    filename: str
    content: bytes
    options: Mapping[str, Any]


@one_transaction
def keep_upload(person_id: int, kind: str, filename: str, content: bytes, options: Mapping[str, Any]) -> int:
    """Keep a file until it is taken, and return its number; what is too old or too many goes."""
    erase_old_uploads()
    mine = select(PendingImport.id).where(PendingImport.person_id == person_id).order_by(PendingImport.id.desc())
    too_many = db.session.scalars(mine.offset(MOST_KEPT - 1)).all()
    db.session.execute(delete(PendingImport).where(PendingImport.id.in_(too_many)))
    kept = PendingImport(
        person_id=person_id,
        kind=kind,
        filename=_plain_name(filename),
        content=content,
        options=dict(options),
        created_at=clock.real_now(),
    )
    db.session.add(kept)
    db.session.flush()
    return kept.id


def find_upload(person_id: int, kind: str, upload_id: int) -> Upload | None:
    """Return a file that she has sent, or None where there is none or its day is over."""
    wanted = select(PendingImport.id, PendingImport.filename, PendingImport.content, PendingImport.options).where(
        PendingImport.id == upload_id,
        PendingImport.person_id == person_id,
        PendingImport.kind == kind,
        PendingImport.created_at > clock.real_now() - KEPT,
    )
    row = db.session.execute(wanted).one_or_none()
    return Upload(*row) if row else None


@one_transaction
def change_options(upload_id: int, options: Mapping[str, Any]) -> None:
    """Keep what was chosen anew for a file."""
    upload = db.session.get(PendingImport, upload_id, with_for_update=True)
    if upload is not None:
        upload.options = {**upload.options, **options}


@one_transaction
def forget_upload(upload_id: int) -> None:
    """Erase a file that has been taken. Raises `UploadGone` where somebody was quicker."""
    erased = db.session.execute(delete(PendingImport).where(PendingImport.id == upload_id).returning(PendingImport.id))
    if erased.one_or_none() is None:
        raise UploadGone


@one_transaction
def erase_old_uploads() -> int:
    """Erase the files that nobody took within a day; returns how many."""
    old = delete(PendingImport).where(PendingImport.created_at <= clock.real_now() - KEPT)
    return len(db.session.scalars(old.returning(PendingImport.id)).all())


def _plain_name(filename: str) -> str:
    """Keep of a file's name what can be shown; its ending stays, for it says the kind."""
    name = "".join(letter for letter in PurePath(filename).name if letter.isprintable())
    return name[-LONGEST_NAME:]
