"""The words in a file that somebody hands in, so that names and numbers in it are found, and how much of it was read.

Plain text, PDF and Office documents are looked into; pictures are not, also where they stand in a document.
"""

from __future__ import annotations

import html
import io
import json
import re
import subprocess
import sys
import threading
import zipfile
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from cpd.progression.portfolios.pdf_words import MOST_SECONDS
from cpd.shared.kept_files import BROKEN, ENDINGS, media_type_of

MOST_READ = 1_000_000
"""So many letters of a file are looked through: some four hundred close pages."""

PARTS = {
    "docx": re.compile(r"word/(document|header\d*|footer\d*|footnotes|endnotes|comments)\.xml"),
    "xlsx": re.compile(r"xl/(sharedStrings|worksheets/[^/]+|comments\d*|threadedComments/[^/]+)\.xml"),
    "pptx": re.compile(r"ppt/(slides|notesSlides|comments)/[^/]+\.xml"),
    "odt": re.compile(r"(content|styles)\.xml"),
    "ods": re.compile(r"content\.xml"),
    "odp": re.compile(r"content\.xml"),
}
"""Where the words stand in each kind of document."""

ABOUT = re.compile(r"docProps/core\.xml|meta\.xml")
"""Where its title, subject and keywords stand."""

END_OF_LINE = re.compile(
    r"</(?:w:p|a:p|si|c|text|text:p|text:h|table:table-cell|dc:\w+|cp:\w+|meta:[\w-]+)>"
    r"|<(?:w:br|a:br|w:tab|w:cr|text:tab|text:line-break)\b[^<>]*>"
)
BLANK = re.compile(r"<text:s\b[^<>]*>")
TAG = re.compile(r"<[^<>]*>")

PDF_WORDS = Path(__file__).with_name("pdf_words.py")
STARTING = 5
"""Seconds that a process may take to start, beside those for reading."""

_turns = threading.BoundedSemaphore(2)
"""So many PDFs are read at once by one process of the server."""


class FileRead(StrEnum):
    """How much of a file was looked into. The values are stored."""

    ALL = "all"
    PART = "part"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Text:
    """The words in a file, and how much of it they are."""

    words: str = ""
    read: FileRead = FileRead.NONE


def text_of(content: bytes) -> Text:
    """Return what can be read of a file; nothing where its kind is not looked into, or it is broken or locked."""
    kind = ENDINGS.get(str(media_type_of(content)))
    if kind == "txt":
        return _whole(content.decode("utf-8-sig"))
    if kind == "pdf":
        return _text_of_pdf(content)
    return _text_of_document(content, PARTS[kind]) if kind in PARTS else Text()


def _whole(words: str) -> Text:
    return Text(words[:MOST_READ], FileRead.ALL if len(words) <= MOST_READ else FileRead.PART)


def _text_of_pdf(content: bytes) -> Text:
    """Take the words out of a PDF, in a process that is ended where it takes too long or too much."""
    command = (sys.executable, "-I", str(PDF_WORDS), str(MOST_READ))
    try:
        with _turns:
            done = subprocess.run(  # noqa: S603 - our own program, and nothing in the command was typed
                command, input=content, capture_output=True, timeout=MOST_SECONDS + STARTING, check=True
            )
        said = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError):
        return Text()
    words = str(said["words"])
    if said["all"]:
        return Text(words, FileRead.ALL)
    return Text(words, FileRead.PART if words.strip() else FileRead.NONE)


def _text_of_document(content: bytes, parts: re.Pattern[str]) -> Text:
    """Take the words out of an Office document: its text, headers and footers, notes, comments and its title.

    Nothing is parsed, so no entity grows; each part is unpacked only as far as it is read, so no bomb goes off.
    """
    found: list[str] = []
    left = MOST_READ
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                if parts.fullmatch(name) or ABOUT.fullmatch(name):
                    words = _words_in(archive, name)
                    found.append(words[:left])
                    left -= len(words)
                if left < 0:
                    break
    except BROKEN:
        return Text("\n".join(found), FileRead.PART if found else FileRead.NONE)
    return Text("\n".join(found), FileRead.ALL if left >= 0 else FileRead.PART)


def _words_in(archive: zipfile.ZipFile, name: str) -> str:
    """Read one part of it, without its marks; of marks there may be twenty times as much as of words."""
    with archive.open(name) as part:
        marked = part.read(20 * MOST_READ).decode("utf-8", errors="replace")
    return html.unescape(TAG.sub("", BLANK.sub(" ", END_OF_LINE.sub("\n", marked))))
