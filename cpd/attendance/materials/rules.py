"""Which files and links are taken as materials, by what is in them and never by their names. Plain Python."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import PurePath
from urllib.parse import urlsplit

MEGABYTES = 10
LARGEST = MEGABYTES * 1024 * 1024
LONGEST_NAME = 100
MOST_PARTS = 5000
"""An office document with more parts than these is none."""

TOLD_WITHIN = timedelta(days=60)
"""Nobody is told of what is added to a session that was longer ago."""


class Refusal(StrEnum):
    """Why a material is not taken; the sentences stand in `materials/forms.py`."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    OTHER_KIND = "other_kind"
    WITH_MACROS = "with_macros"
    NO_LINK = "no_link"


class MaterialRefused(Exception):  # noqa: N818 - a refusal is an answer, not a failure
    """A file or link is not taken, and why."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file: the ending under which it is given out, and its media type."""

    ending: str
    media_type: str


OFFICE = {
    "word/document.xml": Kind("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "ppt/presentation.xml": Kind("pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    "xl/workbook.xml": Kind("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
"""Office documents by the part that each must have."""

OPEN_DOCUMENTS = {
    kind.media_type: kind
    for kind in (
        Kind("odt", "application/vnd.oasis.opendocument.text"),
        Kind("odp", "application/vnd.oasis.opendocument.presentation"),
        Kind("ods", "application/vnd.oasis.opendocument.spreadsheet"),
    )
}
BEGINNINGS = (
    (re.compile(rb"%PDF-\d"), Kind("pdf", "application/pdf")),
    (re.compile(rb"\x89PNG\r\n\x1a\n"), Kind("png", "image/png")),
    (re.compile(rb"\xff\xd8\xff"), Kind("jpg", "image/jpeg")),
    (re.compile(rb"GIF8[79]a"), Kind("gif", "image/gif")),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), Kind("webp", "image/webp")),
)
PLAIN_TEXT = Kind("txt", "text/plain; charset=utf-8")
NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")


def kind_of(content: bytes) -> Kind:
    """Say what a file is, by its content: a PDF, a picture, an office document without macros, or plain text.

    Raises:
        MaterialRefused: it is empty, too large, or nothing of these.
    """
    if not content:
        raise MaterialRefused(Refusal.EMPTY)
    if len(content) > LARGEST:
        raise MaterialRefused(Refusal.TOO_LARGE)
    if content.startswith(b"PK\x03\x04"):
        return _office_kind(content)
    found = next((kind for beginning, kind in BEGINNINGS if beginning.match(content)), None)
    if found is None and not _is_text(content):
        raise MaterialRefused(Refusal.OTHER_KIND)
    return found or PLAIN_TEXT


def plain_name(filename: str, kind: Kind) -> str:
    """Return the name under which a file is given out: what was printable in its own, and the ending of what it is."""
    name = PurePath(filename.replace("\\", "/")).name
    stem = "".join(letter for letter in PurePath(name).stem if letter.isprintable() and letter not in '/\\:*?"<>|')
    return f"{stem.strip(' .')[:LONGEST_NAME] or 'file'}.{kind.ending}"


def checked_link(link: str) -> str:
    """Return a link that leads to another site over HTTPS. Raises MaterialRefused for anything else."""
    try:
        parts = urlsplit(link)
        is_right = parts.scheme == "https" and "." in (parts.hostname or "") and parts.username is None
        _ = parts.port
    except ValueError:
        is_right = False
    if not is_right or not re.fullmatch(r"[!-~]+", link) or re.search(r'["<>\\^`{|}]', link):
        raise MaterialRefused(Refusal.NO_LINK)
    return link


def may_open(*, for_everybody: bool, was_there: bool, keeps: bool) -> bool:
    """Say whether somebody who may see the session may open a material: who attended, or everybody (C-8)."""
    return for_everybody or was_there or keeps


def size_words(size: int) -> str:
    """`12 KB`, `3.4 MB`."""
    kilobytes = max(1, round(size / 1024))
    return f"{kilobytes} KB" if kilobytes < 1000 else f"{size / 1024 / 1024:.1f} MB"  # noqa: PLR2004 - a megabyte soon


def _office_kind(content: bytes) -> Kind:
    """Say which office document an archive is. Raises MaterialRefused for any other archive."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()[: MOST_PARTS + 1]
            said = archive.open("mimetype").read(LONGEST_NAME).decode("ascii") if "mimetype" in names else ""
    except (
        zipfile.BadZipFile,
        UnicodeDecodeError,
        NotImplementedError,
        RuntimeError,
        EOFError,
        OSError,
        ValueError,
    ) as wrong:
        raise MaterialRefused(Refusal.OTHER_KIND) from wrong
    kind = (
        next((kind for part, kind in OFFICE.items() if part in names), None) if "[Content_Types].xml" in names else None
    )
    kind = kind or OPEN_DOCUMENTS.get(said)
    if kind is None or len(names) > MOST_PARTS:
        raise MaterialRefused(Refusal.OTHER_KIND)
    if _has_macros(names):
        raise MaterialRefused(Refusal.WITH_MACROS)
    return kind


def _has_macros(names: Collection[str]) -> bool:
    """Say whether an office document holds a program."""
    return any(re.search(r"vbaProject|vbaData|^Basic/|^Scripts/|/activeX/", name) for name in names)


def _is_text(content: bytes) -> bool:
    """Say whether a file is plain text and nothing else."""
    try:
        return NO_TEXT.search(content.decode("utf-8")) is None
    except UnicodeDecodeError:
        return False
