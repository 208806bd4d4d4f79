"""The calendar feed, and the page that gives somebody her feed's address."""

from __future__ import annotations

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cpd.diary import service
from cpd.shared.access import public, requires, viewer
from cpd.shared.permissions import Action

blueprint = Blueprint("diary", __name__)

FRESH_SECONDS = 300


@blueprint.get("/calendar/<token>.ics")
@public
def feed(token: str) -> ResponseReturnValue:
    """Answer a subscribed calendar. The address is the secret; without a valid one there is nothing here."""
    calendar = service.find_feed(token)
    if calendar is None:
        abort(404)
    response = Response(calendar, content_type="text/calendar; charset=utf-8")
    response.headers["Cache-Control"] = f"private, max-age={FRESH_SECONDS}"
    response.headers["Content-Disposition"] = 'inline; filename="training.ics"'
    response.add_etag()
    return response.make_conditional(request)


@blueprint.get("/my/calendar")
@requires(Action.MANAGE_OWN_ACCOUNT)
def feed_settings() -> ResponseReturnValue:
    """Show the address to subscribe to, and how."""
    address = service.base_url() + url_for("diary.feed", token=service.feed_token(viewer.id))
    subscribe = "webcal://" + address.partition("://")[2]
    return render_template("diary/feed_settings.html", address=address, subscribe=subscribe)


@blueprint.post("/my/calendar")
@requires(Action.MANAGE_OWN_ACCOUNT)
def renew_feed() -> ResponseReturnValue:
    """Make a new address; the old one stops working at once."""
    service.renew_feed(viewer.id)
    flash("You have a new calendar address. The old one has stopped working.")
    return redirect(url_for("diary.feed_settings"), code=303)
