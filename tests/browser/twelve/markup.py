"""A page as a tree of its elements, for whoever reads it without a browser."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset(["area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"])


@dataclass(eq=False)
class Element:
    """One element: what it is, its attributes, and what it holds, elements and words."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    inside: list[Element | str] = field(default_factory=list)
    parent: Element | None = field(default=None, repr=False)

    @property
    def words(self) -> str:
        """All words inside, with one space between them."""
        return " ".join("".join(self._pieces()).split())

    def get(self, name: str) -> str:
        return self.attributes.get(name, "")

    def every(self, tag: str = "", **attributes: str) -> list[Element]:
        """The elements inside with this tag and these attributes (`data_module="M1"`); a class is one of several."""
        wanted = {name.strip("_").replace("_", "-"): value for name, value in attributes.items()}
        return [each for each in self._descendants() if each._is(tag, wanted)]

    def the(self, tag: str = "", **attributes: str) -> Element:
        """The only such element."""
        found = self.every(tag, **attributes)
        assert len(found) == 1, f"{len(found)} of {tag} {attributes} in: {self.words}"
        return found[0]

    def around(self, tag: str) -> Element:
        """The nearest such element around this one."""
        outside = self.parent
        while outside is not None and outside.tag != tag:
            outside = outside.parent
        assert outside is not None, f"no {tag} around {self.words}"
        return outside

    def _is(self, tag: str, wanted: dict[str, str]) -> bool:
        if tag and self.tag != tag:
            return False
        classes = self.get("class").split()
        return all(
            value in classes if name == "class" else self.attributes.get(name) == value
            for name, value in wanted.items()
        )

    def _descendants(self) -> Iterator[Element]:
        for each in self.inside:
            if isinstance(each, Element):
                yield each
                yield from each._descendants()

    def _pieces(self) -> Iterator[str]:
        for each in self.inside:
            if isinstance(each, str):
                yield each
            elif each.tag not in ("script", "style"):
                yield from each._pieces()
                if each.tag not in ("a", "span", "strong"):
                    yield " "


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.top = self.open = Element("page")

    def handle_starttag(self, tag, attrs):
        made = Element(tag, {name: value or "" for name, value in attrs}, parent=self.open)
        self.open.inside.append(made)
        if tag not in VOID:
            self.open = made

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open.tag == tag, f"</{tag}> closes <{self.open.tag}>"
            self.open = self.open.parent or self.top

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_data(self, data):
        self.open.inside.append(data)


def page_of(text: str) -> Element:
    """Read a page; it must close what it opens, in order."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    assert reader.open is reader.top, f"<{reader.open.tag}> is never closed"
    return reader.top
