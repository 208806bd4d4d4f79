"""The words of a PDF as our typesetter writes it: what somebody gets who copies them out of it."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

OBJECT = re.compile(rb"^(\d+) 0 obj\n(.*?)\nendobj$", re.DOTALL | re.MULTILINE)
STREAM = re.compile(rb"\nstream\n(.*)\nendstream", re.DOTALL)
PART = re.compile(rb"/(?P<font>f\d+) [\d.]+ Tf|(?P<begin>\[)|\((?P<text>)|<(?P<hex>[0-9A-Fa-f]*)>|(?P<end>TJ)")
ESCAPED = re.compile(rb"\\([0-7]{3}|.)", re.DOTALL)
LETTERS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def words_of(pdf: bytes) -> str:
    """Read the words of every page in the order in which they were set, with one space between them."""
    objects = {int(number): content for number, content in OBJECT.findall(pdf)}
    fonts = {
        name.decode(): _signs(_unpacked(objects[_reference(rb"/ToUnicode", objects[int(number)])]))
        for content in objects.values()
        for listed in re.findall(rb"/Font<<(.*?)>>", content)
        for name, number in re.findall(rb"/(f\d+) (\d+) 0 R", listed)
    }
    pages = next(content for content in objects.values() if b"/Type/Pages/" in content)
    [kids] = re.findall(rb"/Kids\[(.*?)\]", pages)
    said = []
    for number in re.findall(rb"(\d+) 0 R", kids):
        for font, codes in _lines(_unpacked(objects[_reference(rb"/Contents", objects[int(number)])])):
            said.append("".join(fonts[font][int.from_bytes(codes[at : at + 2])] for at in range(0, len(codes), 2)))
    return " ".join(" ".join(said).split())


def _reference(name: bytes, content: bytes) -> int:
    """The number of the object to which an entry refers."""
    return int(re.findall(name + rb" (\d+) 0 R", content)[0])


def _unpacked(content: bytes) -> bytes:
    return zlib.decompress(STREAM.findall(content)[0])


def _signs(table: bytes) -> dict[int, str]:
    """Which sign each code of a font stands for."""
    pairs = re.findall(rb"<([0-9A-F]{4})> <([0-9A-F]+)>\n", table.partition(b"endcodespacerange")[2])
    return {int(code, 16): bytes.fromhex(signs.decode()).decode("utf-16-be") for code, signs in pairs}


def _lines(content: bytes) -> Iterator[tuple[str, bytes]]:
    """What is set on a page, line by line: in which font, and the codes of its signs."""
    font, codes, at = "", b"", 0
    while part := PART.search(content, at):
        at = part.end()
        if part["font"]:
            font = part["font"].decode()
        elif part["begin"]:
            codes = b""
        elif part["end"]:
            yield font, codes
        elif part["hex"] is not None:
            codes += bytes.fromhex(part["hex"].decode())
        else:
            text, at = _text(content, at)
            codes += text


def _text(content: bytes, at: int) -> tuple[bytes, int]:
    """The text in brackets that begins here, and where it ends; brackets within it come in pairs."""
    depth, since = 1, at
    while depth:
        sign = content[at : at + 1]
        depth += {b"(": 1, b")": -1}.get(sign, 0)
        at += 2 if sign == b"\\" else 1
    return ESCAPED.sub(_unescaped, content[since : at - 1]), at


def _unescaped(found: re.Match[bytes]) -> bytes:
    sign = found.group(1)
    return bytes([int(sign, 8)]) if len(sign) > 1 else LETTERS.get(sign, sign)
