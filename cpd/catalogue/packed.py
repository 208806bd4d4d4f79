"""A pack in the form of the catalogue's tables: which columns hold what. Plain Python, no database."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from typing import Any

from cpd.schemes import shape
from cpd.schemes.requirement_shape import requirement_to_json
from cpd.schemes.shape import Pack

Values = dict[str, Any]
EQUIVALENCE_PARTS = ("module_id", "other_module_id", "valid_from", "valid_to", "note", "cites")


def codes_of(offers: Collection[shape.Module] | Collection[shape.Programme]) -> tuple[str, ...]:
    """Give the codes of modules or programmes in the order of the pack."""
    return tuple(each.code for each in offers)


def hash_of(pack: Pack) -> str:
    """Say in short what a pack says; comments and the order of keys do not count, nor do keys born later."""
    said = pack.model_dump(mode="json", exclude_unset=True)
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def module_values(module: shape.Module) -> Values:
    """Give the columns of a module as its pack has them."""
    audience = module.audience
    return {
        "number_label": module.number_label or "",
        "title": module.title or "",
        "other_names": list(module.other_names),
        "covers": module.covers or "",
        "module_kind": str(module.module_kind),
        "module_format": str(module.module_format),
        "length_minutes": module.length_minutes,
        "length_days": module.length_days,
        "booking_mode": str(module.booking_mode),
        "audience": {
            "staff_types": [str(each) for each in audience.staff_types],
            "career_levels": list(audience.career_levels),
            "words": audience.words or ", ".join(audience.job_roles),
        },
        "approval_needed": module.approval_needed,
        "validity_months": module.validity_months,
        "completion_minutes": module.completion_minutes,
        "completion_after_evaluation": module.completion_after_evaluation,
        "prerequisite": requirement_to_json(module.requirement),
        "default_venue": module.default_venue or "",
        "what_to_bring": module.what_to_bring or "",
        "note": module.note or "",
        "cites": list(module.cites),
        "withdrawn_at": None,
    }


def programme_values(programme: shape.Programme) -> Values:
    """Give the columns of a programme as its pack has them, and its elements."""
    return {
        "title": programme.title,
        "summary": programme.summary or "",
        "cites": list(programme.cites),
        "withdrawn_at": None,
        "elements": [each.model_dump() for each in programme.elements],
    }


def equivalence_values(equivalence: shape.Equivalence, module_ids: Mapping[str, int]) -> Values:
    """Give the columns of an equivalence as its pack has them."""
    parts = (
        module_ids[equivalence.module],
        module_ids[equivalence.other],
        equivalence.valid_from,
        equivalence.valid_to,
        equivalence.note or "",
        list(equivalence.cites),
    )
    return dict(zip(EQUIVALENCE_PARTS, parts, strict=True))
