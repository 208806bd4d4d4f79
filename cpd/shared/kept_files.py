"""Files that people hand in, such as certificates and slides: which are taken, where they lie, and giving them out.

What a file is follows from its content, never from its name. It lies in the installation's own folder, outside what is
served as it stands, under a name drawn by lot; it is only ever given out as a download. A table that keeps files names
them in a column `stored_as`: by that `lost_files` knows which are still wanted.
"""

from __future__ import annotations

import io
import os
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePath
from secrets import token_hex
from typing import Any, TypeVar, overload

from flask import Flask, Response, abort, current_app, request, send_file

from cpd.shared.tables import MAX_BYTES

View = TypeVar("View", bound=Callable[..., Any])

MEGABYTE = 1024 * 1024
MOST_MEGABYTES = 10
AROUND = MEGABYTE // 4
"""Room for what a form says besides its file."""

LONGEST_NAME = 100
FOLDER = "files"
EARLIER_FOLDER = "materials"

OFFICE = "application/vnd.openxmlformats-officedocument"
OPEN_DOCUMENT = "application/vnd.oasis.opendocument"

ENDINGS = {
    "application/pdf": "pdf",
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/gif": "gif",
    "image/webp": "webp",
    f"{OFFICE}.wordprocessingml.document": "docx",
    f"{OFFICE}.spreadsheetml.sheet": "xlsx",
    f"{OFFICE}.presentationml.presentation": "pptx",
    f"{OPEN_DOCUMENT}.text": "odt",
    f"{OPEN_DOCUMENT}.spreadsheet": "ods",
    f"{OPEN_DOCUMENT}.presentation": "odp",
    "text/plain": "txt",
}
"""The kinds of file that are taken, and with which ending each is given out."""

BEGINNINGS = (
    (re.compile(rb"%PDF-"), "application/pdf"),
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "image/png"),
    (re.compile(rb"\xff\xd8\xff"), "image/jpeg"),
    (re.compile(rb"GIF8[79]a"), "image/gif"),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), "image/webp"),
)
PARTS = {
    "word/document.xml": f"{OFFICE}.wordprocessingml.document",
    "xl/workbook.xml": f"{OFFICE}.spreadsheetml.sheet",
    "ppt/presentation.xml": f"{OFFICE}.presentationml.presentation",
}
"""What each kind of Office file holds."""

MOST_PARTS = 5000
"""An Office document with more parts than these is none."""

PROGRAM = re.compile(r"vbaProject|vbaData|^Basic/|^Scripts/|/activeX/")
"""What a part of an Office document is called that holds a program."""

NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
BROKEN = (zipfile.BadZipFile, OSError, ValueError, EOFError, RuntimeError, KeyError, zlib.error, struct.error)
"""What reading a broken archive may raise."""

AS_DOWNLOAD = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


class FileFault(StrEnum):
    """Why a file is not taken; the words stand in `sent_files`."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    OF_NO_KIND = "of_no_kind"
    HAS_MACROS = "has_macros"


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file as somebody has sent it."""

    filename: str
    content: bytes


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file that is kept: `stored_as` is its name in the folder, `filename` what people call it, `size` in bytes."""

    stored_as: str
    filename: str
    media_type: str
    size: int


def fault_of(content: bytes) -> FileFault | None:
    """Say why a file cannot be taken, or None where it can."""
    if not content:
        return FileFault.EMPTY
    if len(content) > MOST_MEGABYTES * MEGABYTE:
        return FileFault.TOO_LARGE
    kind = media_type_of(content)
    return kind if isinstance(kind, FileFault) else None


def media_type_of(content: bytes) -> str | FileFault:
    """Say of which kind a file is by its content, or why it is taken for none."""
    for beginning, kind in BEGINNINGS:
        if beginning.match(content):
            return kind
    if content.startswith(b"PK\x03\x04"):
        try:
            return _kind_of_archive(content)
        except BROKEN:
            return FileFault.OF_NO_KIND
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return FileFault.OF_NO_KIND
    return FileFault.OF_NO_KIND if NO_TEXT.search(text) else "text/plain"


def _kind_of_archive(content: bytes) -> str | FileFault:
    """Say which document a zip archive is. Only its list of names is read, so that no bomb goes off."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = set(archive.namelist())
        if len(names) > MOST_PARTS:
            return FileFault.OF_NO_KIND
        if any(PROGRAM.search(name) for name in names):
            return FileFault.HAS_MACROS
        if "[Content_Types].xml" in names:
            return next((kind for part, kind in PARTS.items() if part in names), FileFault.OF_NO_KIND)
        with archive.open("mimetype") as declared:
            kind = declared.read(LONGEST_NAME).decode("ascii")
    return kind if kind.startswith(OPEN_DOCUMENT) and kind in ENDINGS else FileFault.OF_NO_KIND


def takes_files(view: View) -> View:
    """Declare that a page takes files, so that what is sent to it may be larger than elsewhere."""
    view.takes_files = True  # type: ignore[attr-defined]
    return view


def allow_files(app: Flask) -> None:
    """Let pages that take files be sent more than others, before anything reads what was sent."""

    @app.url_value_preprocessor
    def _allow(endpoint: str | None, _values: dict[str, Any] | None) -> None:
        if _takes_files(endpoint):
            request.max_content_length = MOST_MEGABYTES * MEGABYTE + AROUND


def most_taken() -> int:
    """Say how many megabytes the page that was asked for takes at once: of a file to keep, or of a table to read."""
    return MOST_MEGABYTES if _takes_files(request.endpoint) else MAX_BYTES // MEGABYTE


def _takes_files(endpoint: str | None) -> bool:
    return endpoint is not None and getattr(current_app.view_functions[endpoint], "takes_files", False)


@overload
def keeping(sent: SentFile) -> AbstractContextManager[KeptFile]: ...


@overload
def keeping(sent: SentFile | None) -> AbstractContextManager[KeptFile | None]: ...


@contextmanager
def keeping(sent: SentFile | None) -> Iterator[Any]:
    """Keep a file while the block writes down that it is there; where the block fails, it is gone again.

    The block holds the whole transaction: a file is not part of any. Nothing sent is nothing kept.

    Raises:
        ValueError: the file is one that is not taken (`fault_of`).
    """
    if sent is None:
        yield None
        return
    kept = _keep(sent)
    try:
        yield kept
    except BaseException:
        erase_file(kept.stored_as)
        raise


def gather_files(app: Flask) -> None:
    """Move the files of materials, which once lay in a folder of their own, to all others; once, then that is gone."""
    earlier: Path = app.config["CPD_INSTANCE"] / EARLIER_FOLDER
    if not earlier.is_dir():
        return
    (app.config["CPD_INSTANCE"] / FOLDER).mkdir(mode=0o700, exist_ok=True)
    with suppress(FileNotFoundError):  # another process does the same at the same time
        for path in earlier.iterdir():
            path.replace(app.config["CPD_INSTANCE"] / FOLDER / path.name)
        earlier.rmdir()


def erase_file(stored_as: str) -> None:
    """Erase a kept file; one that is gone already is fine."""
    path_of(stored_as).unlink(missing_ok=True)


def path_of(stored_as: str) -> Path:
    """Say where a kept file lies."""
    return folder_of_files() / stored_as


def folder_of_files() -> Path:
    """Say in which folder kept files lie; it is there."""
    instance: Path = current_app.config["CPD_INSTANCE"]
    folder = instance / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def give_out(stored_as: str | None, filename: str | None, media_type: str | None) -> Response:
    """Answer with a kept file as a download, which no browser shows or runs; 404 where none was kept, or it is gone."""
    if not (stored_as and filename and media_type):
        abort(404)
    try:
        content = io.BytesIO(path_of(stored_as).read_bytes())
    except FileNotFoundError:
        current_app.logger.exception("A kept file is missing")
        abort(404)
    response = send_file(content, mimetype=media_type, as_attachment=True, download_name=filename, etag=False)
    response.headers.update(AS_DOWNLOAD)
    return response


def _keep(sent: SentFile) -> KeptFile:
    """Write a file to the folder, whole or not at all."""
    if fault := fault_of(sent.content):
        raise ValueError(f"A file that is not taken was to be kept: {fault}")
    media_type = str(media_type_of(sent.content))
    kept = KeptFile(token_hex(16), _plain_name(sent.filename, media_type), media_type, len(sent.content))
    path = path_of(kept.stored_as)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(sent.content)
        file.flush()
        os.fsync(file.fileno())
    return kept


def _plain_name(filename: str, media_type: str) -> str:
    """Return the name under which a file is given out: what can be shown of its own, and the ending of what it is."""
    stem = PurePath(filename.replace("\\", "/")).stem
    plain = "".join(letter for letter in stem if letter.isprintable() and letter not in '/:*?"<>|').strip(" .")
    return f"{plain[:LONGEST_NAME] or 'file'}.{ENDINGS[media_type]}"
