"""What is taught and by which rules: reading the schemes now in force, each in one query."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import fields
from functools import lru_cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Row, Text, and_, bindparam, cast, func, select
from sqlalchemy.orm import aliased

from cpd.catalogue.adoption import Adoption, adopt_pack, adopt_scheme
from cpd.catalogue.facts import (
    AssumptionFacts,
    AudienceFacts,
    ElementFacts,
    EquivalenceFacts,
    ModuleFacts,
    ProgrammeFacts,
    Scheme,
    SchemeFacts,
)
from cpd.catalogue.models import (
    Assumption,
    Equivalence,
    Module,
    OrganisationSetting,
    Programme,
    ProgrammeElement,
    SchemeVersion,
)
from cpd.schemes.reading import read_adopted
from cpd.schemes.requirement_shape import requirement_from_json
from cpd.schemes.shape import Pack, Settings
from cpd.shared.asked_once import once_per_page
from cpd.shared.database import db

__all__ = [
    "Adoption",
    "AssumptionFacts",
    "AudienceFacts",
    "ElementFacts",
    "EquivalenceFacts",
    "ModuleFacts",
    "ProgrammeFacts",
    "Scheme",
    "SchemeFacts",
    "adopt_pack",
    "adopt_scheme",
    "equivalences_of",
    "find_scheme",
    "module_by_code",
    "modules_by_id",
    "modules_of",
    "programme_by_code",
    "programmes_of",
    "scheme_in_force",
    "schemes_by_id",
    "settings_of",
]

MODULE_COLUMNS = (
    Module.id,
    Module.organisation_id,
    Module.scheme_version_id,
    Module.code,
    Module.number_label,
    Module.title,
    cast(Module.other_names, Text),
    Module.covers,
    Module.module_kind,
    Module.module_format,
    Module.length_minutes,
    Module.length_days,
    Module.booking_mode,
    cast(Module.audience, Text),
    Module.approval_needed,
    Module.validity_months,
    Module.completion_minutes,
    cast(Module.prerequisite, Text),
    Module.default_venue,
    Module.what_to_bring,
    Module.note,
    cast(Module.cites, Text),
    Module.withdrawn_at.is_not(None),
    Module.evaluation_asked_from,
)
"""In the order of the parts of `ModuleFacts`; what is kept as JSON is read as its text."""

MODULE_PARTS = tuple(part.name for part in fields(ModuleFacts))


def modules_of(organisation_ids: Collection[int], *, withdrawn_too: bool = False) -> dict[int, ModuleFacts]:
    """Read the modules of organisations by id, in the order in which their packs have them: one query.

    Withdrawn ones are left out, unless somebody asks about the past too.
    """
    return _modules_in(db.session.execute(_MODULES_OF[withdrawn_too], {"organisation_ids": list(organisation_ids)}))


def modules_by_id(module_ids: Collection[int]) -> dict[int, ModuleFacts]:
    """Read these modules, withdrawn ones too: what somebody has done or booked keeps its name. One query."""
    return _modules_where(Module.id.in_(module_ids)) if module_ids else {}


def module_by_code(code: str) -> ModuleFacts | None:
    """Return the module with this code, which is unique in the installation, or None; not a withdrawn one."""
    return next(iter(_modules_where(Module.code == code, Module.withdrawn_at.is_(None)).values()), None)


def programmes_of(organisation_ids: Collection[int]) -> tuple[ProgrammeFacts, ...]:
    """Read the programmes of organisations with their elements: one query."""
    return _programmes_in(db.session.execute(_PROGRAMMES_OF, {"organisation_ids": list(organisation_ids)}))


def programme_by_code(code: str) -> ProgrammeFacts | None:
    """Return the programme with this code, which is unique in the installation, or None; not a withdrawn one."""
    return next(iter(_programmes_in(db.session.execute(_PROGRAMMES.where(Programme.code == code)))), None)


def equivalences_of(organisation_ids: Collection[int]) -> tuple[EquivalenceFacts, ...]:
    """Read what counts as something else now (G-5): one query."""
    other = aliased(Module)
    rows = db.session.execute(
        select(
            Equivalence.id,
            Equivalence.module_id,
            Module.code,
            Equivalence.other_module_id,
            other.code,
            Equivalence.valid_from,
            Equivalence.valid_to,
            Equivalence.note,
            Equivalence.cites,
        )
        .join(Module, Module.id == Equivalence.module_id)
        .join(other, other.id == Equivalence.other_module_id)
        .where(Equivalence.organisation_id.in_(organisation_ids), Equivalence.superseded_at.is_(None))
        .order_by(Equivalence.id)
    )
    return tuple(EquivalenceFacts(*row[:-1], tuple(row[-1])) for row in rows)


def find_scheme(organisation_id: int) -> SchemeFacts | None:
    """Return what stands behind an organisation's catalogue: its newest version. One query."""
    newest = (
        select(func.max(SchemeVersion.version))
        .where(SchemeVersion.organisation_id == organisation_id)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(SchemeVersion, Assumption.ambiguity, Assumption.sentence)
        .outerjoin(Assumption, Assumption.scheme_version_id == SchemeVersion.id)
        .where(SchemeVersion.organisation_id == organisation_id, SchemeVersion.version == newest)
        .order_by(Assumption.id)
    ).all()
    if not rows:
        return None
    scheme: SchemeVersion = rows[0][0]
    return SchemeFacts(
        scheme.id,
        scheme.organisation_id,
        scheme.version,
        scheme.source_title,
        scheme.source_body,
        scheme.source_published,
        tuple(tuple(words) for words in scheme.terms),
        tuple(AssumptionFacts(ambiguity, sentence) for _, ambiguity, sentence in rows if ambiguity),
    )


@once_per_page
def scheme_in_force(organisation_id: int) -> Scheme | None:
    """Return the newest version of an organisation's pack, or None where it has none: one query, two the first time."""
    newest = select(SchemeVersion.id, SchemeVersion.content_hash).where(
        SchemeVersion.organisation_id == organisation_id
    )
    row = db.session.execute(newest.order_by(SchemeVersion.version.desc()).limit(1)).first()
    return Scheme(row[0], _pack(row[1], row[0])) if row else None


def schemes_by_id(scheme_version_ids: Collection[int]) -> dict[int, Scheme]:
    """Return versions of packs as they were adopted: what somebody enrolled on stays what it was. One query at most."""
    return dict(_schemes_by_id(frozenset(scheme_version_ids))) if scheme_version_ids else {}


@once_per_page
def _schemes_by_id(scheme_version_ids: frozenset[int]) -> dict[int, Scheme]:
    """Read versions of packs."""
    wanted = select(SchemeVersion.id, SchemeVersion.content_hash).where(SchemeVersion.id.in_(scheme_version_ids))
    rows = db.session.execute(wanted).all()
    return {version_id: Scheme(version_id, _pack(content_hash, version_id)) for version_id, content_hash in rows}


def settings_of(organisation_id: int) -> Settings:
    """Return an organisation's settings (AMB-35); what its pack does not say is as usual. One query."""
    wanted = select(OrganisationSetting.name, OrganisationSetting.value).where(
        OrganisationSetting.organisation_id == organisation_id
    )
    kept = {name: value for name, value in db.session.execute(wanted) if name in Settings.model_fields}
    return Settings(**kept)


@lru_cache(maxsize=64)
def _pack(content_hash: str, scheme_version_id: int) -> Pack:  # noqa: ARG001 - the hash tells versions apart
    """Read a pack once for each process: a version that was adopted never changes, and its hash says what it says."""
    wanted = select(SchemeVersion.content).where(SchemeVersion.id == scheme_version_id)
    return read_adopted(db.session.scalars(wanted).one())


def _modules_where(*conditions: ColumnElement[bool]) -> dict[int, ModuleFacts]:
    return _modules_in(db.session.execute(_MODULES.where(*conditions)))


def _modules_in(rows: Iterable[Row[*tuple[Any, ...]]]) -> dict[int, ModuleFacts]:
    return {row[0]: _module(*row) for row in rows}


@lru_cache(maxsize=4096)
def _module(*parts: Any) -> ModuleFacts:
    """Make a module from its row. The same row gives the same module, so not every page needs to read it anew.

    What is remembered depends on the row alone: however many processes there are, none can be out of date.
    """
    facts = dict(zip(MODULE_PARTS, parts, strict=True))
    audience = json.loads(facts["audience"])
    staff_types, career_levels = tuple(audience["staff_types"]), tuple(audience["career_levels"])
    facts["audience"] = AudienceFacts(staff_types, career_levels, audience["words"])
    facts["requirement"] = requirement_from_json(json.loads(facts["requirement"]))
    facts |= {name: tuple(json.loads(facts[name])) for name in ("other_names", "cites")}
    return ModuleFacts(**facts)


def _programmes_in(rows: Iterable[Row[*tuple[Any, ...]]]) -> tuple[ProgrammeFacts, ...]:
    elements: dict[tuple[Any, ...], list[ElementFacts]] = defaultdict(list)
    for row in rows:
        elements[tuple(row[:7])].append(ElementFacts(*row[7:]))
    return tuple(
        ProgrammeFacts(
            number, organisation_id, version_id, code, title, summary, tuple(json.loads(cites)), tuple(parts)
        )
        for (number, organisation_id, version_id, code, title, summary, cites), parts in elements.items()
    )


_MODULES = select(*MODULE_COLUMNS).order_by(Module.id)
_PROGRAMMES = (
    select(
        Programme.id,
        Programme.organisation_id,
        Programme.scheme_version_id,
        Programme.code,
        Programme.title,
        Programme.summary,
        cast(Programme.cites, Text),
        Module.id,
        Module.code,
        ProgrammeElement.position,
        ProgrammeElement.is_mandatory,
    )
    .join(ProgrammeElement, ProgrammeElement.programme_id == Programme.id)
    .join(Module, and_(Module.id == ProgrammeElement.module_id, Module.withdrawn_at.is_(None)))
    .where(Programme.withdrawn_at.is_(None))
    .order_by(Programme.id, ProgrammeElement.position)
)
_OF_ORGANISATIONS: BindParameter[int] = bindparam("organisation_ids", expanding=True)
_MODULES_OF = {
    True: _MODULES.where(Module.organisation_id.in_(_OF_ORGANISATIONS)),
    False: _MODULES.where(Module.organisation_id.in_(_OF_ORGANISATIONS), Module.withdrawn_at.is_(None)),
}
"""By whether withdrawn ones are wanted too. Put together once, since every booking and every page asks them."""

_PROGRAMMES_OF = _PROGRAMMES.where(Programme.organisation_id.in_(_OF_ORGANISATIONS))
