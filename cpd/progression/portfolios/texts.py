"""The text of a file that somebody hands in, as far as it can be had without opening it: plain text and Word's .docx.

Other kinds (PDF, pictures, tables, slides) are not looked into; the pages say so.
"""

from __future__ import annotations

import html
import io
import re
import zipfile

from cpd.shared.kept_files import BROKEN, MEGABYTE, media_type_of

MOST_READ = 4 * MEGABYTE
"""So much of a Word file's text is read, unpacked: no bomb goes off."""

WORD = "wordprocessingml.document"
PARTS = ("word/document.xml", "word/header1.xml", "word/footer1.xml", "word/footnotes.xml", "word/comments.xml")
END_OF_LINE = re.compile(r"</w:p>|<w:br[^<>]*>|<w:tab[^<>]*>")
TAG = re.compile(r"<[^<>]*>")


def text_of(content: bytes) -> str:
    """Return what can be read of a file; empty where it is of a kind that is not looked into, or is broken."""
    kind = str(media_type_of(content))
    if kind == "text/plain":
        return content.decode("utf-8-sig")
    return _text_of_word(content) if kind.endswith(WORD) else ""


def is_read(media_type: str | None) -> bool:
    """Say whether files of such a kind are looked into."""
    return media_type is not None and (media_type == "text/plain" or media_type.endswith(WORD))


def _text_of_word(content: bytes) -> str:
    """Take the words out of a Word file: its text, the first header and footer, notes and comments."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            there = set(archive.namelist())
            texts = [_part(archive, each) for each in PARTS if each in there]
    except BROKEN:
        return ""
    return "\n".join(html.unescape(TAG.sub("", END_OF_LINE.sub("\n", each))) for each in texts)


def _part(archive: zipfile.ZipFile, name: str) -> str:
    """Read a part of it, up to a limit."""
    with archive.open(name) as part:
        return part.read(MOST_READ).decode("utf-8", errors="replace")
