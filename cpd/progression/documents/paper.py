"""A document on paper: a tagged PDF of the frozen content."""

from __future__ import annotations

from pathlib import Path

from cpd.progression.documents.showing import ShownDocument, paper_values
from cpd.shared.pdf import pdf_of

PAPER = Path(__file__).with_name("document.typ")


def document_pdf(shown: ShownDocument) -> bytes:
    """Set a document as a tagged PDF."""
    return pdf_of(PAPER, paper_values(shown))
