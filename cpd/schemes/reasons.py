"""What pydantic found wrong with a pack's shape, in plain words and at its line."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from cpd.schemes.problems import Problem
from cpd.schemes.values import PATTERNS_IN_WORDS, Shape
from cpd.schemes.yaml_text import Document, Path

NAMING_KEYS = ("code", "id", "term", "module")
"""By which of its keys an item of a list is called in a message."""

MOST_FAULTS = 500
_LONGEST_QUOTE = 60
_MOST_SUGGESTIONS = 500


def shape_problems(error: ValidationError, document: Document) -> list[Problem]:
    """Give the faults of shape as problems with their lines and places; of a hopeless file the first ones only."""
    faults = error.errors()
    problems = [document.problem(fault["loc"], _sentence(fault, document.value)) for fault in faults[:MOST_FAULTS]]
    if left_out := faults[MOST_FAULTS:]:
        problems.append(document.problem(left_out[0]["loc"], f"and {len(left_out)} more faults of this kind"))
    return problems


def called(value: Any, path: Path) -> str:
    """Name the place in the pack as a person would: `modules, M4, booking_mode`."""
    names = []
    for part in path:
        value = _part(value, part)
        names.append(part if isinstance(part, str) else _item_name(value, part))
    return ", ".join(names)


def quoted(value: Any) -> str:
    """Show what was written, shortly and on one line."""
    if isinstance(value, dict):
        return "several keys"
    if isinstance(value, list):
        return "a list"
    written = "nothing" if value is None else repr(value) if isinstance(value, str) else json.dumps(value)
    return written if len(written) <= _LONGEST_QUOTE else f"{written[:_LONGEST_QUOTE]}…"


def did_you_mean(wrong: str, known: Mapping[str, Any] | set[str]) -> str:
    """Offer the nearest known word, if one is near."""
    nearest = get_close_matches(wrong, sorted(known), n=1) if len(known) <= _MOST_SUGGESTIONS else []
    return f"; did you mean {nearest[0]}?" if nearest else ""


def _part(value: Any, part: str | int) -> Any:
    try:
        return value[part]
    except (KeyError, IndexError, TypeError):
        return None


def _item_name(item: Any, place: int) -> str:
    names = [item[key] for key in NAMING_KEYS if isinstance(item, dict) and isinstance(item.get(key), str)]
    return names[0] if names else f"number {place + 1}"


def _sentence(fault: ErrorDetails, value: Any) -> str:
    """Say what is wrong with which part."""
    *around, last = fault["loc"] or ("the pack",)
    if fault["type"] == "missing":
        return _at(called(value, tuple(around)), f"{last} is missing")
    if fault["type"] == "extra_forbidden":
        known = {name for shape in _all_shapes(Shape) for name in shape.model_fields}
        return _at(called(value, tuple(around)), f"{last!r} is not known here{did_you_mean(str(last), known)}")
    return _at(called(value, fault["loc"]) or "the pack", _what_it_must_be(fault))


def _at(place: str, reason: str) -> str:
    return f"{place}: {reason}" if place else reason


def _what_it_must_be(fault: ErrorDetails) -> str:
    context = fault.get("ctx", {})
    if fault["type"] == "value_error":
        return str(context["error"])
    if fault["type"] == "too_short":
        return "must not be an empty list"
    if fault["type"] == "string_pattern_mismatch":
        return f"{PATTERNS_IN_WORDS[context['pattern']]}, not {quoted(fault['input'])}"
    if in_words := _IN_WORDS.get(fault["type"]):
        return f"{in_words(context)}, not {quoted(fault['input'])}"
    return f"{fault['msg'][:1].lower()}{fault['msg'][1:]}, not {quoted(fault['input'])}"


def _all_shapes(shape: type[Shape]) -> Iterator[type[Shape]]:
    for narrower in shape.__subclasses__():
        yield narrower
        yield from _all_shapes(narrower)


_IN_WORDS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "string_type": lambda _: "must be text (put a number in quotes)",
    "string_too_long": lambda context: f"must have at most {context['max_length']} characters",
    "string_too_short": lambda _: "must not be empty",
    "int_type": lambda _: "must be a whole number",
    "bool_type": lambda _: "must be true or false",
    "greater_than_equal": lambda context: f"must be {context['ge']} or more",
    "less_than_equal": lambda context: f"must be {context['le']} or less",
    "tuple_type": lambda _: "must be a list",
    "model_type": lambda _: "must have keys of its own",
    "enum": lambda context: f"must be {context['expected']}",
    "literal_error": lambda context: f"must be {context['expected']}",
}
