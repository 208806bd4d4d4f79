"""Papers as PDF: tagged, so that a screen reader finds its headings and tables (PDF/UA-1).

A paper is a Typst file and the values that it shows. What people wrote is handed over as data and never as markup, and
nothing is fetched from anywhere.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def pdf_of(paper: Path, values: Mapping[str, Any]) -> bytes:
    """Set a paper with these values, which JSON can hold; it reads them from `sys.inputs.values`.

    Where somebody wrote a sign that the typeface lacks, the paper is as it would be otherwise, but cannot call itself
    PDF/UA.
    """
    try:
        return _set(paper, values, {"pdf_standards": "ua-1"})
    except RuntimeError as refused:  # what `typst.TypstError` is
        if "could not be displayed" not in str(refused):
            raise
        return _set(paper, values, {})


def _set(paper: Path, values: Mapping[str, Any], options: Mapping[str, Any]) -> bytes:
    """Set a paper, with further options of the typesetter."""
    import typst  # slow to load, and few need it

    said = {"values": json.dumps(values)}
    content: bytes = typst.compile(paper, root=paper.parent, sys_inputs=said, ignore_system_fonts=True, **options)
    return content
