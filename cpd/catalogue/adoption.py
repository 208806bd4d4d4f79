"""Adopting a scheme pack: what is new is added, what changed is changed, what is absent is withdrawn.

A version once adopted is never changed, and nothing is ever deleted: a module that somebody has done keeps
its name when the council no longer offers it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import TypeVar

from sqlalchemy import delete, select

from cpd.catalogue.models import (
    Assumption,
    Equivalence,
    Module,
    OrganisationSetting,
    Programme,
    ProgrammeElement,
    SchemeVersion,
)
from cpd.catalogue.packed import (
    EQUIVALENCE_PARTS,
    Values,
    codes_of,
    equivalence_values,
    hash_of,
    module_values,
    programme_values,
)
from cpd.people import service as people
from cpd.people.models import Organisation
from cpd.schemes.problems import PackRefused, Problem
from cpd.schemes.shape import Pack
from cpd.schemes.yaml_text import Document, read_document
from cpd.shared import clock, history
from cpd.shared.database import db
from cpd.shared.unit_of_work import one_transaction, publish

OfferT = TypeVar("OfferT", Module, Programme)


@dataclass(frozen=True, slots=True)
class Changes:
    """Codes of modules or programmes, by what a new version does to them."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    withdrawn: tuple[str, ...] = ()

    @property
    def taken(self) -> int:
        """How many were added or changed."""
        return len(self.added) + len(self.changed)


@dataclass(frozen=True, slots=True)
class Adoption:
    """What came of adopting a pack; `version` is None when it was only tried."""

    version: SchemeVersion | None
    modules: Changes
    programmes: Changes


@dataclass(frozen=True, slots=True)
class _Stored:
    """What the database has of an organisation's scheme before a pack is adopted."""

    organisation_id: int | None
    newest: SchemeVersion | None
    modules: dict[str, Module]
    programmes: dict[str, Programme]
    elements: dict[str, list[Values]]


def adopt_pack(pack: Pack, text: str, *, by: int | None) -> SchemeVersion:
    """Adopt a pack as `adopt_scheme` does, and return the version now in force."""
    version = adopt_scheme(pack, text, by=by).version
    if version is None:
        raise AssertionError("Only a trial leaves no version")
    return version


@one_transaction
def adopt_scheme(pack: Pack, text: str, *, by: int | None, name: str | None = None, dry_run: bool = False) -> Adoption:
    """Make a pack the organisation's scheme; the same content again changes nothing.

    `text` is the pack as it was written, kept with its version; `name` is what messages call the file. A dry
    run says what would happen. Publishes `scheme.adopted` with the organisation's id and the pack, and
    `evaluation.dropped` with the id of each module whose sessions count without an evaluation from now on.

    Raises:
        PackRefused: the version is not a new one, or a code belongs to another organisation; every problem
            with its line.
    """
    stored = _stored(pack)
    lines = cache(lambda: read_document(text, name or f"{pack.organisation.code}.yaml"))  # asked only for what is wrong
    if problems := list(_problems(pack, stored, lines)):
        raise PackRefused(problems)
    adoption = _compared(pack, stored)
    if dry_run or adoption.version:
        return adoption
    organisation = people.ensure_organisation(pack.organisation.code, pack.organisation.name, pack.organisation.colour)
    version = _version(pack, text, organisation.id, by)
    _take(pack, version, stored, by)
    _remember(adoption, version, stored, by)
    publish("scheme.adopted", (organisation.id, pack))
    return replace(adoption, version=version)


def _stored(pack: Pack) -> _Stored:
    """Read what is there before; the organisation is held, so that two packs are adopted one after the other."""
    wanted = select(Organisation.id).where(Organisation.code == pack.organisation.code).with_for_update()
    organisation_id = db.session.scalar(wanted)
    newest = db.session.scalar(
        select(SchemeVersion)
        .where(SchemeVersion.organisation_id == organisation_id)
        .order_by(SchemeVersion.version.desc())
        .limit(1)
    )
    modules = db.session.scalars(select(Module).where(Module.organisation_id == organisation_id))
    programmes = db.session.scalars(select(Programme).where(Programme.organisation_id == organisation_id)).all()
    return _Stored(
        organisation_id,
        newest,
        {each.code: each for each in modules},
        {each.code: each for each in programmes},
        _stored_elements(programmes),
    )


def _stored_elements(programmes: Collection[Programme]) -> dict[str, list[Values]]:
    """Read the elements of programmes, each as a pack would have them."""
    code_of = {each.id: each.code for each in programmes}
    rows = db.session.execute(
        select(ProgrammeElement.programme_id, Module.code, ProgrammeElement.is_mandatory)
        .join(Module, Module.id == ProgrammeElement.module_id)
        .where(ProgrammeElement.programme_id.in_(code_of))
        .order_by(ProgrammeElement.position)
    )
    elements: dict[str, list[Values]] = {code: [] for code in code_of.values()}
    for programme_id, code, is_mandatory in rows:
        elements[code_of[programme_id]].append({"module": code, "is_mandatory": is_mandatory})
    return elements


def _problems(pack: Pack, stored: _Stored, lines: Callable[[], Document]) -> Iterator[Problem]:
    """List what forbids this pack here, each with the line on which it stands."""
    newest = stored.newest
    if newest and pack.version < newest.version:
        reason = f"version: {pack.version} is older than version {newest.version}, which is in force"
        yield lines().problem(("version",), reason)
    if newest and pack.version == newest.version and newest.content_hash != hash_of(pack):
        reason = f"version: {pack.version} is in force and says something else: give the changed pack a higher version"
        yield lines().problem(("version",), reason)
    yield from _codes_of_others(Module, codes_of(pack.modules), stored, lines)
    yield from _codes_of_others(Programme, codes_of(pack.programmes), stored, lines)


def _codes_of_others(
    table: type[OfferT], codes: Collection[str], stored: _Stored, lines: Callable[[], Document]
) -> Iterator[Problem]:
    """Find codes that another organisation has: a code means one thing in the whole installation."""
    section = f"{table.__tablename__}s"
    owners = _other_owners(table, codes, stored.organisation_id)
    for place, code in enumerate(codes):
        if code in owners:
            reason = f"{section}, {code}: the code belongs to {owners[code]} already, and codes are unique here"
            yield lines().problem((section, place, "code"), reason)


def _other_owners(table: type[OfferT], codes: Collection[str], organisation_id: int | None) -> dict[str, str]:
    """Name the other organisations that have these codes."""
    wanted = (
        select(table.code, Organisation.name)
        .join(Organisation, Organisation.id == table.organisation_id)
        .where(table.code.in_(codes), Organisation.id.is_distinct_from(organisation_id))
    )
    return {row[0]: row[1] for row in db.session.execute(wanted)}


def _compared(pack: Pack, stored: _Stored) -> Adoption:
    """Say what the pack changes: nothing at all where it is in force already."""
    if stored.newest and stored.newest.content_hash == hash_of(pack):
        modules, programmes = codes_of(pack.modules), codes_of(pack.programmes)
        return Adoption(stored.newest, Changes(unchanged=modules), Changes(unchanged=programmes))
    modules_wanted = {each.code: module_values(each) for each in pack.modules}
    programmes_wanted = {each.code: programme_values(each) for each in pack.programmes}
    return Adoption(
        None,
        _changes(stored.modules, modules_wanted),
        _changes(stored.programmes, programmes_wanted, stored.elements),
    )


def _changes(
    stored: Mapping[str, OfferT], wanted: Mapping[str, Values], elements: Mapping[str, list[Values]] | None = None
) -> Changes:
    """Compare what is stored with what a pack says."""
    same = {
        code
        for code, values in wanted.items()
        if code in stored and _as_stored(stored[code], values, elements) == values
    }
    return Changes(
        added=tuple(code for code in wanted if code not in stored),
        changed=tuple(code for code in wanted if code in stored and code not in same),
        unchanged=tuple(code for code in wanted if code in same),
        withdrawn=tuple(code for code, row in stored.items() if code not in wanted and row.withdrawn_at is None),
    )


def _as_stored(row: Module | Programme, values: Values, elements: Mapping[str, list[Values]] | None) -> Values:
    """Give a row in the form of the values that a pack has for it."""
    known = {name: getattr(row, name) for name in values if name != "elements"}
    return known if elements is None else known | {"elements": elements[row.code]}


def _take(pack: Pack, version: SchemeVersion, stored: _Stored, by: int | None) -> None:
    """Write everything that the pack says under its version."""
    wanted = {each.code: module_values(each) for each in pack.modules}
    modules = _written(Module, stored.modules, wanted, version)
    _take_evaluation(modules.values())
    module_ids = {code: row.id for code, row in modules.items()}
    _take_programmes(pack, module_ids, version, stored)
    _take_equivalences(pack, module_ids, version, by)
    _take_settings(pack, version.organisation_id)
    db.session.add_all(
        Assumption(
            organisation_id=version.organisation_id,
            scheme_version_id=version.id,
            ambiguity=each.id,
            sentence=each.sentence,
        )
        for each in pack.assumptions
    )


def _take_evaluation(modules: Iterable[Module]) -> None:
    """Keep from when on sessions count only once they are evaluated (S-7); who waits for a rule that goes is done."""
    for each in modules:
        if each.completion_after_evaluation and each.evaluation_asked_from is None:
            each.evaluation_asked_from = clock.now()
        elif each.evaluation_asked_from and not each.completion_after_evaluation:
            each.evaluation_asked_from = None
            publish("evaluation.dropped", each.id)


def _take_programmes(pack: Pack, module_ids: Mapping[str, int], version: SchemeVersion, stored: _Stored) -> None:
    """Write the programmes, and their elements anew."""
    wanted = {each.code: programme_values(each) for each in pack.programmes}
    elements = {code: values.pop("elements") for code, values in wanted.items()}
    programmes = _written(Programme, stored.programmes, wanted, version)
    anew = [programmes[code].id for code in elements]
    db.session.execute(delete(ProgrammeElement).where(ProgrammeElement.programme_id.in_(anew)))
    db.session.add_all(
        ProgrammeElement(
            programme_id=programmes[code].id,
            module_id=module_ids[element["module"]],
            position=position,
            is_mandatory=element["is_mandatory"],
        )
        for code, parts in elements.items()
        for position, element in enumerate(parts, start=1)
    )


def _written(
    table: type[OfferT], stored: Mapping[str, OfferT], wanted: Mapping[str, Values], version: SchemeVersion
) -> dict[str, OfferT]:
    """Add or change rows, and mark as withdrawn whatever the pack no longer has."""
    rows = dict(stored)
    for code, values in wanted.items():
        if code not in rows:
            rows[code] = table(organisation_id=version.organisation_id, code=code)
            db.session.add(rows[code])
        for name, value in {**values, "scheme_version_id": version.id}.items():
            setattr(rows[code], name, value)
    for code, row in rows.items():
        if code not in wanted and row.withdrawn_at is None:
            row.withdrawn_at = clock.now()
    db.session.flush()
    return rows


def _take_equivalences(pack: Pack, module_ids: Mapping[str, int], version: SchemeVersion, by: int | None) -> None:
    """Supersede what no longer counts as something else, and add what newly does (G-5)."""
    wanted = [equivalence_values(each, module_ids) for each in pack.equivalences]
    live = db.session.scalars(
        select(Equivalence).where(
            Equivalence.organisation_id == version.organisation_id, Equivalence.superseded_at.is_(None)
        )
    )
    for row in live:
        if (values := {name: getattr(row, name) for name in EQUIVALENCE_PARTS}) in wanted:
            wanted.remove(values)
        else:
            row.superseded_at, row.superseded_by_id = clock.real_now(), by
            row.supersede_reason = f"version {version.version} of the scheme"
    db.session.add_all(
        Equivalence(organisation_id=version.organisation_id, recorded_at=clock.real_now(), recorded_by_id=by, **values)
        for values in wanted
    )


def _take_settings(pack: Pack, organisation_id: int) -> None:
    """Write every setting out, so that a later usual value changes nothing for this organisation (AMB-35)."""
    rows = db.session.scalars(select(OrganisationSetting).where(OrganisationSetting.organisation_id == organisation_id))
    kept = {row.name: row for row in rows}
    for name, value in pack.settings.model_dump(mode="json").items():
        if name not in kept:
            kept[name] = OrganisationSetting(organisation_id=organisation_id, name=name)
            db.session.add(kept[name])
        kept[name].value = value


def _version(pack: Pack, text: str, organisation_id: int, by: int | None) -> SchemeVersion:
    """Keep the pack as it was adopted."""
    version = SchemeVersion(
        organisation_id=organisation_id,
        version=pack.version,
        content=text,
        content_hash=hash_of(pack),
        source_title=pack.source.title,
        source_body=pack.source.body,
        source_published=pack.source.published,
        terms=[[each.term, *each.other_names] for each in pack.terms],
        adopted_at=clock.now(),
        adopted_by_id=by,
    )
    db.session.add(version)
    db.session.flush()
    return version


def _remember(adoption: Adoption, version: SchemeVersion, stored: _Stored, by: int | None) -> None:
    """Write the history of the scheme."""
    history.note(
        "adopted",
        "scheme_version",
        version.id,
        actor_id=by,
        organisation_id=version.organisation_id,
        before={"version": stored.newest.version} if stored.newest else None,
        after={
            "version": version.version,
            **{f"modules_{what}": getattr(adoption.modules, what) for what in ("added", "changed", "withdrawn")},
            **{f"programmes_{what}": getattr(adoption.programmes, what) for what in ("added", "changed", "withdrawn")},
        },
    )
