"""Which databases a test runs on, where `both` in every run would cost more than it finds."""

from __future__ import annotations

import pytest

stricter_first = pytest.mark.parametrize(
    "both", ["postgresql", pytest.param("sqlite", marks=pytest.mark.torture)], indirect=True
)
"""For tests that ask for hundreds of pages or tell long stories.

PostgreSQL, which takes less silently, has its turn in each run, SQLite in torture.
"""
