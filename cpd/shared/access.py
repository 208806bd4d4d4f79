"""Deny by default: each page declares the action it performs, and one check before every request."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, TypeVar, cast

from flask import Flask, abort, current_app, request
from flask_login import current_user
from werkzeug.local import LocalProxy

from cpd.shared.permissions import Action, allows
from cpd.shared.roles import Role

View = TypeVar("View", bound=Callable[..., Any])


class Viewer(Protocol):
    """Whoever is signed in, as pages see her."""

    id: int
    organisation_id: int
    name: str
    email: str
    roles: frozenset[Role]
    is_authenticated: bool
    is_manager: bool
    is_facilitator: bool


viewer: Viewer = cast(Viewer, LocalProxy(lambda: current_user))
"""The person who is signed in."""


def requires(action: Action) -> Callable[[View], View]:
    """Declare which action a page performs; the check runs before the page does."""

    def declare(view: View) -> View:
        view.action = action  # type: ignore[attr-defined]
        return view

    return declare


def public(view: View) -> View:
    """Declare that a page is for everybody, signed in or not (signing in, help, health)."""
    view.public = True  # type: ignore[attr-defined]
    return view


def may(action: Action) -> bool:
    """Say whether the viewer may do this; templates use it to show or leave out a link."""
    return bool(viewer.is_authenticated) and allows(action, viewer.roles)


def guard(app: Flask) -> None:
    """Refuse each request whose page declares no action, or one that the viewer may not perform."""

    @app.before_request
    def _check() -> Any:
        if request.endpoint is None:  # no such page: the 404 page answers
            return None
        view = app.view_functions[request.endpoint]
        if request.endpoint == "static" or getattr(view, "public", False):
            return None
        action = getattr(view, "action", None)
        if action is None:
            current_app.logger.error("The page %s declares no action", request.endpoint)
            abort(403)
        if not viewer.is_authenticated:
            return current_app.login_manager.unauthorized()  # type: ignore[attr-defined]
        if not allows(action, viewer.roles):
            abort(403)
        return None
