"""The gallery, and the browser in which it is looked at."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.pages import base_url, browser_type_launch_args, page
from tests.shared.gallery import make_gallery

__all__ = ["base_url", "browser_type_launch_args", "page"]


@pytest.fixture(scope="session")
def gallery_app() -> Flask:
    """The gallery without the protection of forms, so that tests can send them."""
    app = make_gallery()
    app.config.update(WTF_CSRF_ENABLED=False, TESTING=True)
    return app
