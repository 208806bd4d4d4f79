"""Reading a scheme pack: the whole of it, or a refusal that names everything wrong with file, line and reason."""

from __future__ import annotations

import json
import pathlib
from typing import Any

from pydantic import ValidationError

from cpd.schemes.checks import cross_problems, draft_of
from cpd.schemes.early_career_checks import early_career_problems
from cpd.schemes.pathway_checks import pathway_problems
from cpd.schemes.problems import PackRefused, Problem
from cpd.schemes.reasons import shape_problems
from cpd.schemes.shape import Pack
from cpd.schemes.yaml_text import MAX_BYTES, Document, read_document

PACKS = pathlib.Path(__file__).parent / "packs"
"""Where the packs that come with the product stand, one `<organisation>.yaml` each."""


def read_pack(source: pathlib.Path | bytes | str, name: str | None = None) -> Pack:
    """Read a pack from a file, or from its content as bytes or text.

    `name` is what messages call the file; a path is called by its own name. Raises PackRefused, and
    nothing else, with every problem found.
    """
    if isinstance(source, pathlib.Path):
        name = name or source.name
        source = _content(source, name)
    document = read_document(source, name or "pack")
    if not isinstance(document.value, dict):
        kind = "a list" if isinstance(document.value, list) else "empty" if document.value is None else "a single value"
        raise PackRefused([document.problem((), f"is {kind}: a pack has keys, the first being organisation")])
    return _pack(document)


def read_adopted(content: str) -> Pack:
    """Read a pack that was adopted once: it was checked when it came in, and no check born later undoes that.

    Raises ValueError where it has not the shape of a pack any more.
    """
    return Pack.model_validate_json(json.dumps(read_document(content, "pack").value))


def _content(path: pathlib.Path, name: str) -> bytes:
    """Read no more of a file than a pack may have, and one byte to notice."""
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "its name is not one"
        raise PackRefused([Problem(name, 1, 1, f"cannot be read: {reason}")]) from None


def _pack(document: Document) -> Pack:
    """Check each part by itself and all of them together."""
    draft = draft_of(document)
    problems = [*document.problems, *cross_problems(draft), *pathway_problems(draft), *early_career_problems(draft)]
    try:
        pack = Pack.model_validate_json(json.dumps(document.value))
    except ValidationError as error:
        raise PackRefused([*problems, *shape_problems(error, document)]) from None
    if problems:
        raise PackRefused(problems)
    return pack


def pack_schema() -> dict[str, Any]:
    """Give the JSON Schema of a pack, for editors that help with writing one."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **Pack.model_json_schema()}
