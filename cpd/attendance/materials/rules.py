"""Which links are taken as materials, who may open a material, and its size in words. Plain Python."""

from __future__ import annotations

from datetime import timedelta

from cpd.shared.links import is_safe_link

TOLD_WITHIN = timedelta(days=60)
"""Nobody is told of what is added to a session that was longer ago."""


class UnsafeLink(Exception):  # noqa: N818 - a refusal is an answer, not a failure
    """A link is not taken: it does not lead to a page of the web over HTTPS."""


def checked_link(link: str) -> str:
    """Return a link that leads to another site over HTTPS. Raises UnsafeLink for anything else."""
    if not is_safe_link(link):
        raise UnsafeLink(link)
    return link


def may_open(*, for_everybody: bool, was_there: bool, keeps: bool) -> bool:
    """Say whether somebody who may see the session may open a material: who attended, or everybody (C-8)."""
    return for_everybody or was_there or keeps


def size_words(size: int) -> str:
    """`12 KB`, `3.4 MB`."""
    kilobytes = max(1, round(size / 1024))
    return f"{kilobytes} KB" if kilobytes < 1000 else f"{size / 1024 / 1024:.1f} MB"  # noqa: PLR2004 - a megabyte soon
