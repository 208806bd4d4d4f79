"""What the desk's tests share: Gateshead's programme from its real pack, and sending files to the desk."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pytest

from tests.timetable.conftest import counted_queries, systemic

__all__ = ["counted_queries", "systemic"]


@pytest.fixture
def send() -> Callable:
    """Send a file to a page of the desk: `send(desk, "timetable", "t.csv", b"…")`; gives the answer."""

    def sent(desk, kind: str, name: str, content: bytes, **more):
        return desk.post(f"/workforce/import/{kind}", data={"file": (io.BytesIO(content), name), **more})

    return sent


def errors_on(answer) -> list[str]:
    """List what the summary of errors says."""
    summary = re.search(r"There is a problem(.*?)</ul>", answer.text, re.DOTALL)
    return [text.strip() for text in re.findall(r"<li>\s*(?:<a[^>]*>)?([^<]+)", summary[1])] if summary else []


def rows_on(page, heading: str) -> dict[int, str]:
    """Give the text of each row of the table with this heading, by the row of the file."""
    table = re.search(rf"<caption[^>]*>{re.escape(heading)}(.*?)</table>", page.text, re.DOTALL)
    found = re.findall(r'data-row="(\d+)">(.*?)</tr>', table[1], re.DOTALL) if table else []
    return {int(row): " ".join(re.sub(r"<[^>]+>", " ", cells).split()) for row, cells in found}
