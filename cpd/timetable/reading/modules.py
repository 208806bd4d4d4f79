"""Which module a heading or a cell names."""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from cpd.shared.reading import Unreadable, clean, key, quoted
from cpd.timetable.reading.values import KnownModule

LISTED = 12

_HEADING = re.compile(r"(?:module|course|unit|workshop)\s+(?:[0-9]{1,2}[a-z]?|[ivx]{1,4}|[a-z])\b", re.IGNORECASE)
_NUMBER_AND_TITLE = re.compile(r"\s+-\s*|\s*-\s+|\s*[:|]\s*|\.\s+")
_NUMBERED = r"(?:module|course|unit|workshop)\s*[0-9]{1,2}[a-z]?"
_BRACKETS = re.compile(r"\s*\([^()]*\)")


class Modules:
    """The modules that a timetable may speak of, found by any of their names."""

    def __init__(self, known: Sequence[KnownModule]) -> None:
        self._known = known
        self._by_name: defaultdict[str, dict[str, KnownModule]] = defaultdict(dict)
        self._spelling: dict[str, str] = {}
        for module in known:
            for name in _names(module):
                self._by_name[key(name)][module.code] = module
                self._spelling.setdefault(clean(name).lower(), name)
        self._mention = _mention_of(self._spelling)

    def find(self, text: str) -> KnownModule | None:
        """Find the module of a name, or None; raises `Unreadable` where two modules have it."""
        found = self._by_name.get(key(text), {}) if key(text) else {}
        if len(found) > 1:
            raise Unreadable(f"{quoted(text)} could be {' or '.join(sorted(found))}: write the code")
        return next(iter(found.values()), None)

    def get(self, text: str) -> KnownModule:
        """Find the module of a name, of a number with its title, or of a title with a remark in brackets.

        Raises `Unreadable`, naming the nearest, where there is none.
        """
        if module := self.find(text) or self.find(_BRACKETS.sub("", clean(text))):
            return module
        named = {module.code: module for part in _NUMBER_AND_TITLE.split(clean(text)) if (module := self.find(part))}
        if len(named) > 1:
            raise Unreadable(f"{quoted(text)} names two modules: {' and '.join(sorted(named))}")
        if named and self.find(_NUMBER_AND_TITLE.split(clean(text))[0]):
            return next(iter(named.values()))
        raise Unreadable(f"{quoted(text)} is not a known module; {self._nearest(text)}")

    def mentions_in(self, line: str) -> Iterator[tuple[int, int]]:
        """Find where in a cleaned line of prose a module is named, or a number that no module has."""
        for found in self._mention.finditer(line):
            yield found.start(), found.end()

    def is_certain(self, text: str) -> bool:
        """Say whether a text is nothing but a module's name, so that nothing in it was passed over."""
        return self.find(text) is not None

    def title_belongs(self, title: str, module: KnownModule) -> bool:
        """Say whether a title is one of the module's names; raises `Unreadable` where it is another module's."""
        other = self.find(title) or self.find(_BRACKETS.sub("", clean(title)))
        if other and other.code != module.code:
            raise Unreadable(f"{quoted(title)} is {other.code}, but the row is of {module.code}", field="title")
        return other is not None

    def is_heading(self, text: str) -> bool:
        """Say whether a line of plain text stands there as a module's heading, known or not."""
        return self.find(text) is not None or _HEADING.match(clean(text)) is not None

    def _nearest(self, text: str) -> str:
        near = difflib.get_close_matches(clean(text).lower()[:80], self._spelling, n=1)
        if near:
            return f"the nearest is {quoted(self._spelling[near[0]])}"
        codes = [module.code for module in self._known]
        return f"the known ones are {', '.join(codes[:LISTED])}" + (" and others" if len(codes) > LISTED else "")


def _names(module: KnownModule) -> set[str]:
    label = module.number_label
    number = label.lower().removeprefix("module").strip()
    if label == number:
        label = f"Module {label}" if label else ""
    both = f"{label} - {module.title}" if label and module.title else ""
    names = {module.code, number, label, module.title, both, *module.other_names}
    names.add(_BRACKETS.sub("", module.title))
    return {name for name in names if key(name)}


def _mention_of(names: Iterable[str]) -> re.Pattern[str]:
    """Give what finds any of these names in a line, the longest first; bare numbers are left out."""
    words = [re.split(r"[^\w']+", name) for name in sorted(names, key=len, reverse=True) if not name.isdigit()]
    said = [r"\W*".join(map(re.escape, filter(None, parts))) for parts in words if any(parts)]
    return re.compile(rf"(?<![0-9A-Za-z])(?:{'|'.join([*said, _NUMBERED])})(?![0-9A-Za-z])", re.IGNORECASE)
