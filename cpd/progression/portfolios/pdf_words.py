"""A process of its own that takes the words out of one PDF: standard input to JSON on standard output.

A PDF may be made so that reading it takes for ever, or all of the memory. So it is read where that harms nobody: the
process bounds its own time and memory, and whoever starts it waits no longer than it has said (`texts`).
"""

from __future__ import annotations

import io
import json
import logging
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from pypdf import PageObject, PdfReader

MOST_SECONDS = 10
ENOUGH_SECONDS = 8
"""After so many the next page is not begun, and what was read until then is the answer."""

MOST_MEMORY = 768 * 1024 * 1024
MOST_PAGES = 500


def words_in(content: bytes, longest: int) -> dict[str, Any]:
    """Return `words` and whether they are `all` of it: no page without words, none left out, nothing cut off."""
    began = time.process_time()
    reader = PdfReader(io.BytesIO(content))
    if reader.is_encrypted and not reader.decrypt(""):
        return {"words": "", "all": False}
    found = [*_about(reader)]
    pages = reader.pages[:MOST_PAGES]
    complete = len(reader.pages) <= MOST_PAGES
    left = longest - sum(map(len, found))
    for page in pages:
        on_page = page.extract_text()
        complete = complete and bool(on_page.strip() or not _is_drawn_on(page))
        found.append("\n".join((on_page, *_notes(page))))
        left -= len(found[-1])
        if left < 0 or time.process_time() - began > ENOUGH_SECONDS:
            return {"words": "\n".join(found)[:longest], "all": False}
    return {"words": "\n".join(found), "all": complete}


def _is_drawn_on(page: PageObject) -> bool:
    """Say whether anything is on a page: without words it is a picture, such as a scanned page."""
    contents = page.get_contents()
    return contents is not None and bool(contents.get_data().strip())


def _about(reader: PdfReader) -> Iterator[str]:
    """Give what stands on no page: its title, subject and keywords, and what the fields of a form are filled with."""
    about: dict[str, Any] = reader.metadata or {}
    yield from (str(about[name]) for name in ("/Title", "/Subject", "/Keywords") if about.get(name))
    yield from (str(each.get("/V")) for each in (reader.get_fields() or {}).values() if each.get("/V"))


def _notes(page: PageObject) -> Iterator[str]:
    """Give what somebody wrote beside the text of a page."""
    for each in page.annotations or ():
        if words := each.get_object().get("/Contents"):
            yield str(words)


def main() -> None:
    """Read one PDF within bounds; what goes wrong ends the process, and the answer is missing."""
    import resource

    with suppress(ValueError, OSError):  # a system that knows no such limit still has the time limit
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    logging.disable()
    json.dump(words_in(sys.stdin.buffer.read(), int(sys.argv[1])), sys.stdout)


if __name__ == "__main__":
    main()
