"""HR's file, as CSV and as a workbook: what begins like a formula stays text."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime

from cpd.progression.exports.rules import DATES, HEADINGS, NUMBERS
from cpd.shared.tables import safe_cell

SHEET = "Changes"


def csv_of(lines: Iterable[Sequence[str]]) -> bytes:
    """Write a line for each change below the headings."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADINGS)
    writer.writerows([safe_cell(cell) for cell in line] for line in lines)
    return text.getvalue().encode("utf-8-sig")


def workbook_of(lines: Iterable[Sequence[str]]) -> bytes:
    """Write the same as an XLSX workbook, with days as dates and full-time equivalents as numbers."""
    import xlsxwriter  # slow to load, and few need it

    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(content, options) as workbook:
        sheet = workbook.add_worksheet(SHEET)
        bold = workbook.add_format({"bold": True})
        day = workbook.add_format({"num_format": "yyyy-mm-dd"})
        for column, heading in enumerate(HEADINGS):
            sheet.write_string(0, column, heading, bold)
        for number, line in enumerate(lines, start=1):
            for column, cell in enumerate(line):
                if column in DATES:
                    sheet.write_datetime(number, column, datetime.fromisoformat(cell), day)
                elif column in NUMBERS:
                    sheet.write_number(number, column, float(cell))
                else:
                    sheet.write_string(number, column, cell)
        sheet.freeze_panes(1, 0)
        sheet.autofit()
    return content.getvalue()
