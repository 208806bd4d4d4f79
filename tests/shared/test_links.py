"""Which addresses that people type are safe to follow."""

from __future__ import annotations

import pytest

from cpd.shared.links import is_safe_link


@pytest.mark.parametrize("link", ["https://www.example.com/slides?id=7#page=2", "https://example.com:8443/a%20b"])
def test_a_link_to_a_page_over_https_is_taken(link):
    assert is_safe_link(link)


@pytest.mark.parametrize(
    "link",
    [
        "http://example.com",
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://example.com",
        "https://",
        "https://localhost/",
        "https://me@example.com/",
        "https://me:secret@example.com",
        "https://example.com/a b",
        'https://example.com/"><script>',
        "https://exämple.com",
        "https://[",
        "https://example.com:port",
        "//example.com",
        "x",
        "",
    ],
)
def test_any_other_link_is_refused(link):
    assert not is_safe_link(link)
