"""Settings, read from the environment once, when the application is made."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
PRODUCTION_NEEDS = ("SECRET_KEY", "DATABASE_URL", "BASE_URL")


def settings(environment: dict[str, str] | None = None) -> dict[str, Any]:
    """Return Flask's configuration from the environment (see docs/running.md for every variable).

    Raises:
        RuntimeError: production lacks a variable, or asks for a clock of its own.
    """
    env = dict(os.environ) if environment is None else environment
    production = env.get("CPD_ENV", "development") == "production"
    if production:
        missing = [name for name in PRODUCTION_NEEDS if not env.get(name)]
        if missing:
            raise RuntimeError(f"Production needs {' and '.join(missing)} in the environment")
        if env.get("CPD_NOW"):
            raise RuntimeError("CPD_NOW sets the clock and is not allowed in production")
    instance = Path(env.get("CPD_INSTANCE", HERE / "instance"))
    url = env.get("DATABASE_URL") or f"sqlite:///{instance / 'cpd.sqlite'}"
    return {
        "PRODUCTION": production,
        "CPD_PROCESS": env.get("CPD_PROCESS", ""),
        "CPD_NOW": env.get("CPD_NOW", ""),
        "CPD_INSTANCE": instance,
        "SECRET_KEY": env.get("SECRET_KEY") or _kept_secret(instance),
        "SQLALCHEMY_DATABASE_URI": _with_driver(url),
        "SQLALCHEMY_ENGINE_OPTIONS": engine_options(url, web=env.get("CPD_PROCESS") == "web"),
        "CPD_SIGNING_KEY_FILE": env.get("CPD_SIGNING_KEY_FILE", ""),
        "MAIL_URL": env.get("MAIL_URL", ""),
        "MAIL_FROM": env.get("MAIL_FROM", ""),
        "BASE_URL": env.get("BASE_URL", f"http://127.0.0.1:{env.get('PORT', '5000')}"),
        "BEHIND_PROXIES": int(env.get("BEHIND_PROXIES", "0")),
        "ARGON2_TIME_COST": int(env.get("ARGON2_TIME_COST", "3")) if not production else 3,
        "ARGON2_MEMORY_KIB": int(env.get("ARGON2_MEMORY_KIB", "65536")) if not production else 65536,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SECURE": production,
        "REMEMBER_COOKIE_HTTPONLY": True,
        "REMEMBER_COOKIE_SECURE": production,
        "PERMANENT_SESSION_LIFETIME": 12 * 3600,
        "WTF_CSRF_TIME_LIMIT": None,
        "MAX_CONTENT_LENGTH": 6 * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 1024 * 1024,
    }


def engine_options(url: str, *, web: bool) -> dict[str, Any]:
    """Return how the engine connects: time-outs where the database offers them.

    Those who wait for a lock are let in in their order, and a lock that times out loses its turn: so it may take
    longer than everybody whom one server serves at once takes together, also on a slow day.
    """
    if url.startswith("sqlite"):
        return {}
    options = "-c timezone=UTC -c lock_timeout=10000"
    if web:
        options += " -c statement_timeout=15000"
    return {"pool_pre_ping": True, "connect_args": {"options": options}}


def _with_driver(url: str) -> str:
    """Accept the older spelling `postgres://` that some hosts still hand out."""
    return url.replace("postgres://", "postgresql://", 1)


def _kept_secret(instance: Path) -> str:
    """Keep one secret per development folder, so that every process signs alike."""
    instance.mkdir(parents=True, exist_ok=True)
    file = instance / "secret_key"
    if not file.exists():
        fresh = instance / f"secret_key.{os.getpid()}"
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_hex(32))
        with contextlib.suppress(FileExistsError):  # another process was first, and its secret stands
            os.link(fresh, file)
        fresh.unlink()
    return file.read_text()
