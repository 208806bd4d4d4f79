"""A year's CPD record to take away: as a table, and as a tagged PDF, question by question in the form's order (B1).

Neither names a peer, nor anybody else but her whose record it is.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from cpd.schemes.cpd_shape import CpdRules
from cpd.shared.pdf import pdf_of
from cpd.shared.tables import safe_cell
from cpd.study.regulator.rules import Piece, RegistrationYear
from cpd.study.regulator.words import answers_of, year_words

PAPER = Path(__file__).with_name("record.typ")


def cpd_csv(pieces: Sequence[Piece], rules: CpdRules) -> bytes:
    """Write finished pieces as a table: a column for each question; no cell can be taken for a formula."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(safe_cell(question.label) for question in rules.form)
    for piece in pieces:
        writer.writerow(safe_cell(answer.text) for answer in answers_of(piece, rules))
    return text.getvalue().encode("utf-8-sig")


def cpd_pdf(pieces: Sequence[Piece], rules: CpdRules, year: RegistrationYear, name: str) -> bytes:
    """Set finished pieces as a tagged PDF."""
    values = {
        "name": name,
        "regulator": rules.title,
        "year": year_words(year),
        "pieces": [
            [{"question": each.question, "answer": each.text or "\N{EN DASH}"} for each in answers_of(piece, rules)]
            for piece in pieces
        ],
    }
    return pdf_of(PAPER, values)
