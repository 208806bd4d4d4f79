"""Which addresses that people type may stand on a page as a link. Plain Python."""

from __future__ import annotations

import re
from urllib.parse import urlsplit


def is_safe_link(link: str) -> bool:
    """Say whether a link leads to a page of the web over https, and gives no name or password away."""
    try:
        address = urlsplit(link)
        _ = address.port
    except ValueError:
        return False
    is_whole = address.scheme == "https" and "." in (address.hostname or "") and "@" not in address.netloc
    return is_whole and re.fullmatch(r"[!-~]+", link) is not None and not re.search(r'["<>\\^`{|}]', link)
