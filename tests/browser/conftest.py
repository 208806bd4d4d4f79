"""What the browser's tests share: the demonstration behind a server, loaded once for each file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.world import Site, add_what_is_rare, keep, load_demonstration, make_world, put_back, site_of


@pytest.fixture(scope="module")
def demonstration(sqlite_app, instance) -> Any:
    app = make_world(instance, "demonstration")
    (app.config["CPD_INSTANCE"] / "kept.sqlite").unlink(missing_ok=True)
    load_demonstration(app, instance)
    add_what_is_rare(app)
    return app


@pytest.fixture(scope="module")
def site(demonstration, browser) -> Iterator[Site]:
    """The demonstration, served; for tests that only look."""
    with site_of(demonstration, browser) as site:
        yield site


@pytest.fixture
def fresh_site(site) -> Iterator[Site]:
    """The same, for a test that changes something: it is put back afterwards."""
    used = site.app.config["CPD_INSTANCE"] / "used.sqlite"
    kept = used.with_name("kept.sqlite")
    if not kept.exists():  # the first to change something finds it as it was made
        keep(site.app, used, kept)
    yield site
    put_back(site.app, kept, used)
