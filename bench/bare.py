"""The floor of starting and of memory: Flask with one page and nothing else."""

from __future__ import annotations

from flask import Flask

app = Flask(__name__)


@app.get("/healthz")
def healthz() -> dict[str, str]:
    """Answer."""
    return {"status": "ok"}
