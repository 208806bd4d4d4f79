"""Packs for tests: the same few are adopted again and again, so each text is read once for each process."""

from __future__ import annotations

from functools import lru_cache

from cpd.catalogue import service as catalogue
from cpd.catalogue.models import SchemeVersion
from cpd.schemes.reading import PACKS, read_pack

_read = lru_cache(maxsize=256)(read_pack)


def pack_text(council: str) -> str:
    """Give the text of a council's real pack."""
    return (PACKS / f"{council}.yaml").read_text()


def adopt_text(text: str) -> SchemeVersion:
    """Adopt a pack as it is written; return the version."""
    return catalogue.adopt_pack(_read(text), text, by=None)
