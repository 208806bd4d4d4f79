"""Pages for what went wrong: what happened, and what to do next."""

from __future__ import annotations

from flask import Flask, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.routing import IntegerConverter

from cpd.shared.forms import LARGEST_NUMBER
from cpd.shared.kept_files import most_taken
from cpd.shared.unit_of_work import TooBusyError

EXPLAINED = (400, 403, 404, 405, 413, 429)


class RowId(IntegerConverter):
    """An id in an address; one too large for any row is simply not found."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        kwargs.setdefault("max", LARGEST_NUMBER)
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]


def explain(app: Flask) -> None:
    """Register a plain page for each error."""
    app.register_error_handler(HTTPException, _explain)
    app.register_error_handler(CSRFError, _explain_stale_form)
    app.register_error_handler(500, _explain_failure)
    app.register_error_handler(TooBusyError, _explain_busy)
    app.before_request(_refuse_nul)


def _explain(error: HTTPException) -> ResponseReturnValue:
    """Show the error's own page where there is one."""
    code = error.code or 500
    if code < 400:  # noqa: PLR2004 - a redirect that routing raised
        return error.get_response()
    page = code if code in EXPLAINED else 400 if code < 500 else 500  # noqa: PLR2004 - the classes of HTTP
    told = {name: value for name, value in error.get_headers() if name in ("Allow", "Retry-After")}
    return render_template(f"errors/{page}.html", megabytes=most_taken()), code, told


def _explain_stale_form(_error: CSRFError) -> ResponseReturnValue:
    """Say that the form was open too long or sent twice, and that nothing was changed."""
    return render_template("errors/stale_form.html"), 400


def _explain_failure(_error: Exception) -> ResponseReturnValue:
    """Say that it is our fault, and that nothing was changed; without asking the database, which may be away."""
    return current_app.jinja_env.get_template("errors/500.html").render(), 500


def _explain_busy(_error: Exception) -> ResponseReturnValue:
    """Say that too many people were at it at once, and that nothing was changed."""
    page = current_app.jinja_env.get_template("errors/503.html").render()
    return page, 503, {"Retry-After": "60"}


def _refuse_nul() -> ResponseReturnValue | None:
    """Refuse an address with a character that no database takes."""
    if "\x00" in request.path or any("\x00" in part for pair in request.args.items(multi=True) for part in pair):
        return render_template("errors/400.html"), 400
    return None
