"""Somebody's record to take along: as a PDF, and as a table for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from cpd.home.record import Happening, Line, RecordPage
from cpd.home.words import when_short
from cpd.shared.pdf import pdf_of
from cpd.shared.tables import safe_cell
from cpd.shared.wording import date_words

PAPER = Path(__file__).with_name("record.typ")
HEADINGS = ("date", "module", "about", "what", "valid_until", "source", "withdrawn", "before")


def record_pdf(page: RecordPage, name: str, organisation: str, today: date) -> bytes:
    """Set a record as a tagged PDF."""
    return pdf_of(
        PAPER,
        {
            "title": f"Training record of {name}",
            "organisation": organisation,
            "about": ", ".join(part for part in (organisation, page.team) if part),
            "made_on": date_words(today),
            "programmes": [
                {"title": each.programme.title, "words": f"{each.words}.", "rows": _rows(lines)}
                for each, lines in page.programmes
            ]
            + ([{"title": "Other training", "words": "", "rows": _rows(page.others)}] if page.others else []),
            "repeated": [[each.module.full_title, each.label[0], f"{each.words}."] for each in page.repeated],
            "ahead": [[offer.module.full_title, when_short(offer.session), words] for offer, words, _ in page.ahead],
            "happened": [[date_words(each.on), each.title, _what(each), _known(each)] for each in page.happened],
        },
    )


def record_csv(page: RecordPage) -> bytes:
    """Write every fact of a record as a table that a spreadsheet opens; no cell can be taken for a formula."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADINGS)
    writer.writerows([safe_cell(cell) for cell in _cells(each)] for each in page.happened)
    return text.getvalue().encode("utf-8-sig")


def _rows(lines: Iterable[Line]) -> list[list[str]]:
    """Put modules into rows."""
    return [[line.module.full_title, line.words, "\n".join(line.more)] for line in lines]


def _what(happening: Happening) -> str:
    """Say what happened, or that it is not believed any more."""
    return f"Withdrawn: {happening.what.lower()}" if happening.is_withdrawn else happening.what


def _known(happening: Happening) -> str:
    """Say how a fact is known, until when it holds, and what was put right."""
    return " ".join(_sentences(happening))


def _sentences(happening: Happening) -> Iterator[str]:
    yield happening.source
    if happening.valid_until:
        yield f"Valid until {date_words(happening.valid_until)}."
    for said, ended in happening.before:
        yield f"{ended} It said before: {said}" if not happening.is_withdrawn else ended


def _cells(happening: Happening) -> tuple[str, ...]:
    """Give the cells of a row, in the order of the headings."""
    return (
        happening.on.isoformat(),
        happening.code,
        happening.title,
        happening.what,
        happening.valid_until.isoformat() if happening.valid_until else "",
        happening.source,
        "yes" if happening.is_withdrawn else "",
        " ".join(f"{said} {ended}" for said, ended in happening.before),
    )
