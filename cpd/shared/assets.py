"""The files that every page loads, and the colours in which an organisation's pages can appear."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from urllib.parse import quote

from flask import current_app, url_for

THEMES = MappingProxyType(
    {
        "green": "#00594c",
        "blue": "#1b4d7e",
        "teal": "#005f73",
        "purple": "#54318f",
        "red": "#8c1d2f",
        "slate": "#37474f",
    }
)
"""Each theme's name and its colour, as `assets/_themes.scss` has them."""

DEFAULT_THEME = "green"


def asset_url(path: str) -> str:
    """Return the address of a static file; it changes with the content, so browsers may keep the file for ever."""
    return f"{url_for('static', filename=path)}?v={quote(_fingerprint(_file(path)))}"


def is_kept_for_ever(path: str, version: str | None) -> bool:
    """Say whether a file was asked for by the address of its present content, and not of an older or newer one."""
    file = _file(path)
    return version is not None and file.is_file() and version == _fingerprint(file)


def theme_of(name: str | None) -> str:
    """Return the theme of this name, or the usual one when there is none of it."""
    return name if name and name in THEMES else DEFAULT_THEME


def _file(path: str) -> Path:
    return Path(current_app.static_folder or "") / path


@lru_cache(maxsize=64)
def _fingerprint(file: Path) -> str:
    """Return a short hash of the file's content."""
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12]
