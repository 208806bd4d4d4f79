"""The headers of every answer: a strict Content Security Policy and its companions."""

from __future__ import annotations

import secrets

from flask import Flask, Response, g, request

from cpd.shared.assets import is_kept_for_ever

POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
FOR_EVER = "public, max-age=31536000, immutable"
"""For a file under the address of its content: a phone asks for styles and scripts once, not with every page."""


def csp_nonce() -> str:
    """Return this answer's nonce for the template's one inline script."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return str(g.csp_nonce)


def secure(app: Flask) -> None:
    """Add the headers to every answer; pages about people are never kept by a cache, styles and scripts are."""
    app.jinja_env.globals["csp_nonce"] = csp_nonce

    @app.after_request
    def _add(response: Response) -> Response:
        response.headers.update(ALWAYS)
        response.headers.setdefault("Content-Security-Policy", POLICY.format(nonce=csp_nonce()))
        if request.endpoint != "static":
            response.headers.setdefault("Cache-Control", "no-store")
        elif is_kept_for_ever((request.view_args or {})["filename"], request.args.get("v")):
            response.headers["Cache-Control"] = FOR_EVER
        if app.config["PRODUCTION"]:
            response.headers["Strict-Transport-Security"] = "max-age=31536000"
        return response
