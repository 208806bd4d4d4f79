"""From the text of a pack to plain values, with the line on which each of them stands.

Only the plain part of YAML is taken: mappings, lists and single values. Anchors, tags, tabs and
several documents in one file are refused, so that what is read is what stands there. Words are
words: only true and false are yes or no, and only figures are numbers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, NoReturn

import yaml

from cpd.schemes.problems import PackRefused, Problem

Path = tuple[str | int, ...]

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 40
MOST_CHARACTERS_LISTED = 20

_FORBIDDEN = re.compile("[^\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_WHOLE_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
_DECIMAL_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})\.[0-9]{1,17}")
_WORDS = {"": None, "~": None, "null": None, "true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Document:
    """What a file says, and where: `marks` gives line and column of every key and every item of a list."""

    file: str
    value: Any
    marks: dict[Path, tuple[int, int]]
    problems: tuple[Problem, ...]

    def problem(self, path: Path, reason: str) -> Problem:
        """Say what is wrong at the path, or at the nearest part around it that stands in the file."""
        while path not in self.marks:
            path = path[:-1]
        return Problem(self.file, *self.marks[path], reason)


def read_document(content: bytes | str, file: str) -> Document:
    """Read one YAML document; raises PackRefused where it cannot be understood at all.

    A key given twice is noted among the document's problems, and the rest is still read.
    """
    text = _decoded(content, file)
    reader = _Reader(text, file)
    return reader.document()


def _decoded(content: bytes | str, file: str) -> str:
    """Turn the bytes into text fit for reading, with plain line ends."""
    size = len(content) if isinstance(content, bytes) else len(content.encode(errors="surrogatepass"))
    if size > MAX_BYTES:
        raise PackRefused([Problem(file, 1, 1, f"is larger than {MAX_BYTES // 1024} KB")])
    try:
        text = content if isinstance(content, str) else content.decode()
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1  # type: ignore[arg-type]
        raise PackRefused([Problem(file, line, 1, "is not UTF-8 text: save the file as UTF-8")]) from None
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    problems = []
    for found in _FORBIDDEN.finditer(text):
        line, column = text.count("\n", 0, found.start()) + 1, found.start() - text.rfind("\n", 0, found.start())
        problems.append(Problem(file, line, column, _about_character(found[0])))
        if len(problems) == MOST_CHARACTERS_LISTED:
            break
    if problems:
        raise PackRefused(problems)
    return text


def _about_character(character: str) -> str:
    if character == "\t":
        return "a tab stands here: use spaces"
    return f"the character U+{ord(character):04X} is not allowed"


class _Reader:
    """Reads the events of PyYAML's parser into values, in one pass."""

    def __init__(self, text: str, file: str) -> None:
        self.file = file
        self.loader = yaml.SafeLoader(text)
        self.marks: dict[Path, tuple[int, int]] = {(): (1, 1)}
        self.problems: list[Problem] = []

    def document(self) -> Document:
        """Read the whole stream, which must hold exactly one document."""
        self._next()  # the stream's start
        if isinstance(self._next(), yaml.StreamEndEvent):
            raise PackRefused([Problem(self.file, 1, 1, "is empty")])
        value = self._value(self._next(), ())
        self._next()  # the document's end
        if not isinstance(second := self._next(), yaml.StreamEndEvent):
            self._refuse(second, "a second document starts here: one file holds one pack")
        return Document(self.file, value, self.marks, tuple(self.problems))

    def _next(self) -> yaml.Event:
        """Give the parser's next event, or refuse what is not YAML at all."""
        try:
            event: yaml.Event = self.loader.get_event()  # type: ignore[no-untyped-call]
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark or self.loader.get_mark()
            reason = error.problem or error.context or "something is wrong here"
        except (ValueError, IndexError, OverflowError):  # an escape such as "\UFFFFFFFF"
            mark, reason = self.loader.get_mark(), "something is wrong here"
        else:
            return event
        problem = Problem(self.file, mark.line + 1, mark.column + 1, f"is not correct YAML: {reason}")
        raise PackRefused([*self.problems, problem])

    def _value(self, event: Any, path: Path) -> Any:
        if isinstance(event, yaml.AliasEvent) or event.anchor:
            self._refuse(event, "uses an anchor or an alias (& or *): write it out instead")
        if event.tag:
            self._refuse(event, "uses a tag (!): write a plain value instead")
        if isinstance(event, yaml.ScalarEvent):
            return self._single(event)
        if len(path) >= MAX_DEPTH:
            self._refuse(event, f"is nested more than {MAX_DEPTH} deep")
        return self._list(path) if isinstance(event, yaml.SequenceStartEvent) else self._mapping(path)

    def _list(self, path: Path) -> list[Any]:
        items: list[Any] = []
        while not isinstance(event := self._next(), yaml.SequenceEndEvent):
            here = (*path, len(items))
            self._mark(event, here)
            items.append(self._value(event, here))
        return items

    def _mapping(self, path: Path) -> dict[str, Any]:
        pairs: dict[str, Any] = {}
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            key = self._key(event)
            here = (*path, key)
            if key in pairs:
                reason = f"{key!r} is given twice: first in line {self.marks[here][0]}"
                self.problems.append(Problem(self.file, *_position(event), reason))
                self._value(self._next(), (*path, f"{key}, again"))  # read over, marking nothing that counts
            else:
                self._mark(event, here)
                pairs[key] = self._value(self._next(), here)
        return pairs

    def _key(self, event: Any) -> str:
        if not isinstance(event, yaml.ScalarEvent) or event.anchor or event.tag:
            self._refuse(event, "a key must be a plain word")
        key: str = event.value
        return key

    def _single(self, event: Any) -> Any:
        text: str = event.value
        if found := _FORBIDDEN.search(text):
            self._refuse(event, _about_character(found[0]))
        if not event.implicit[0]:  # written in quotes or as a block
            return text
        if _WHOLE_NUMBER.fullmatch(text):
            return int(text)
        if _DECIMAL_NUMBER.fullmatch(text):
            return float(text)
        return _WORDS.get(text, text)

    def _mark(self, event: Any, path: Path) -> None:
        self.marks[path] = _position(event)

    def _refuse(self, event: Any, reason: str) -> NoReturn:
        raise PackRefused([*self.problems, Problem(self.file, *_position(event), reason)])


def _position(event: Any) -> tuple[int, int]:
    return event.start_mark.line + 1, event.start_mark.column + 1
