"""Pages of this capability."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("home", __name__)
