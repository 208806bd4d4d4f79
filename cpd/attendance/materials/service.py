"""Adding and removing materials of a session, and reading those that somebody may open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from sqlalchemy import select

from cpd.attendance.materials.models import Material
from cpd.attendance.materials.rules import UnsafeLink, checked_link, may_open, size_words
from cpd.attendance.presence import was_there
from cpd.shared import clock, history
from cpd.shared.database import LARGEST_ID, db
from cpd.shared.kept_files import KeptFile, SentFile, erase_file, keeping
from cpd.shared.unit_of_work import one_transaction, run_afterwards
from cpd.timetable import service as timetable

__all__ = [
    "MaterialFacts",
    "UnsafeLink",
    "add_link",
    "add_material",
    "file_of",
    "materials_for",
    "materials_of",
    "remove_material",
]


@dataclass(frozen=True, slots=True)
class MaterialFacts:
    """A material as pages show it: a link, or a file with its kind and size in words."""

    id: int
    title: str
    address: str
    is_link: bool
    about: str
    for_everybody: bool


def add_material(training_session_id: int, title: str, sent: SentFile, *, for_everybody: bool, by: int) -> int:
    """Attach a file to a session.

    Raises:
        ValueError: the file is one that is not taken.
        LookupError: there is no such session.
    """
    with keeping(sent) as kept:
        return _add_file(training_session_id, title, kept, for_everybody=for_everybody, by=by)


@one_transaction
def add_link(training_session_id: int, title: str, link: str, *, for_everybody: bool, by: int) -> int:
    """Attach a link to a session.

    Raises:
        UnsafeLink: it does not lead to another site over HTTPS.
        LookupError: there is no such session.
    """
    return _add(training_session_id, Material(link=checked_link(link)), title, for_everybody=for_everybody, by=by)


@one_transaction
def remove_material(training_session_id: int, material_id: int, *, by: int) -> None:
    """Remove a material; its file is erased. Raises LookupError where the session has no such material."""
    timetable.lock_sessions([training_session_id])
    wanted = select(Material).where(
        Material.id == min(material_id, LARGEST_ID), Material.training_session_id == training_session_id
    )
    material = db.session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
    if material is None:
        raise LookupError(f"There is no material {material_id} of session {training_session_id}")
    if material.removed_at is None:
        material.removed_at, material.removed_by_id = clock.now(), by
        if material.stored_as:
            run_afterwards(partial(erase_file, material.stored_as))
        _remember("removed", material, by)


def materials_of(training_session_id: int) -> list[MaterialFacts]:
    """List the materials of a session, the oldest first: one query."""
    wanted = select(Material).where(Material.training_session_id == training_session_id, Material.removed_at.is_(None))
    return [_facts(each) for each in db.session.scalars(wanted.order_by(Material.id))]


def materials_for(person_id: int, training_session_id: int, *, keeps: bool) -> Sequence[MaterialFacts]:
    """List the materials that somebody who may see the session may open: two queries at most."""
    found = materials_of(training_session_id)
    there = bool(found) and (keeps or was_there(person_id, training_session_id))
    return [each for each in found if may_open(for_everybody=each.for_everybody, was_there=there, keeps=keeps)]


def session_of(material_id: int) -> int | None:
    """Return the session of a material that is there, or None."""
    wanted = select(Material.training_session_id).where(
        Material.id == min(material_id, LARGEST_ID), Material.removed_at.is_(None), Material.stored_as.is_not(None)
    )
    return db.session.scalar(wanted)


def file_of(person_id: int, material_id: int, *, keeps: bool) -> KeptFile | None:
    """Return the file of a material that somebody who may see its session may open; None: she may not."""
    material = db.session.get(Material, material_id, populate_existing=True)
    if (
        material is None
        or material.removed_at
        or not (material.stored_as and material.filename and material.media_type)
    ):
        return None
    there = was_there(person_id, material.training_session_id)
    if not may_open(for_everybody=material.for_everybody, was_there=there, keeps=keeps):
        return None
    return KeptFile(material.stored_as, material.filename, material.media_type, material.size or 0)


@one_transaction
def _add_file(training_session_id: int, title: str, kept: KeptFile, *, for_everybody: bool, by: int) -> int:
    """Write down a file that is kept."""
    material = Material(stored_as=kept.stored_as, filename=kept.filename, media_type=kept.media_type, size=kept.size)
    return _add(training_session_id, material, title, for_everybody=for_everybody, by=by)


def _add(training_session_id: int, material: Material, title: str, *, for_everybody: bool, by: int) -> int:
    """Write a material under its session's lock."""
    training_session = timetable.lock_sessions([training_session_id])[training_session_id]
    material.organisation_id = training_session.organisation_id
    material.training_session_id = training_session_id
    material.title, material.for_everybody = title, for_everybody
    material.added_at, material.added_by_id = clock.now(), by
    db.session.add(material)
    db.session.flush()
    _remember("added", material, by)
    return material.id


def _remember(verb: str, material: Material, by: int) -> None:
    """Write the history of a material."""
    after = {"training_session_id": material.training_session_id, "for_everybody": material.for_everybody}
    history.note(verb, "material", material.id, actor_id=by, organisation_id=material.organisation_id, after=after)


def _facts(material: Material) -> MaterialFacts:
    """Show a row as pages do."""
    if material.link:
        return MaterialFacts(material.id, material.title, material.link, True, "Link", material.for_everybody)
    ending = (material.filename or "").rpartition(".")[2].upper()
    about = f"{ending}, {size_words(material.size or 0)}"
    return MaterialFacts(material.id, material.title, f"/materials/{material.id}", False, about, material.for_everybody)
