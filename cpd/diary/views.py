"""The calendar feed, and the page that gives somebody her feed's address."""

from __future__ import annotations

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cpd.diary import service, team
from cpd.shared.access import public, requires, viewer
from cpd.shared.permissions import Action

blueprint = Blueprint("diary", __name__)

FRESH_SECONDS = 300


@blueprint.get("/calendar/<token>.ics")
@public
def feed(token: str) -> ResponseReturnValue:
    """Answer a subscribed calendar. The address is the secret; without a valid one there is nothing here."""
    return _answer(service.find_feed(token))


@blueprint.get("/calendar/team/<token>.ics")
@public
def team_feed(token: str) -> ResponseReturnValue:
    """Answer a manager's calendar that is subscribed to her team's training; the address is the secret."""
    return _answer(team.find_feed(token))


def _answer(calendar: bytes | None) -> ResponseReturnValue:
    """Answer a calendar that asks for a feed; one that has it already learns that nothing has changed."""
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
    """Show the address to subscribe to and how, and whether invitations are sent."""
    return _show_settings()


@blueprint.post("/my/calendar")
@requires(Action.MANAGE_OWN_ACCOUNT)
def renew_feed() -> ResponseReturnValue:
    """Make a new address; the old one stops working at once."""
    service.renew_feed(viewer.id)
    flash("You have a new calendar address. The old one has stopped working.")
    return redirect(url_for("diary.feed_settings"), code=303)


@blueprint.post("/my/calendar/invitations")
@requires(Action.MANAGE_OWN_ACCOUNT)
def choose_invitations() -> ResponseReturnValue:
    """Send me an invitation for each session day from now on, or no more (`wanted` is y or n)."""
    wanted = request.form.get("wanted")
    if wanted not in ("y", "n"):
        return _show_settings(422)
    service.choose_invitations(viewer.id, wanted=wanted == "y")
    if wanted == "y":
        flash("You get an invitation by e-mail for each day. Those for what you have booked are on their way.")
    else:
        flash("You get no more invitations. What they put into your calendar is taken out again.")
    return redirect(url_for("diary.feed_settings"), code=303)


@blueprint.get("/team/calendar")
@requires(Action.SEE_TEAM)
def team_feed_settings() -> ResponseReturnValue:
    """Show a manager the address at which her calendar finds her team's training."""
    if not viewer.is_manager:
        return redirect(url_for("home.team"))
    shown = _addresses(url_for("diary.team_feed", token=team.feed_token(viewer.id)))
    return render_template("diary/team_feed_settings.html", **shown)


@blueprint.post("/team/calendar")
@requires(Action.SEE_TEAM)
def renew_team_feed() -> ResponseReturnValue:
    """Make a new address for my team's training; the old one stops working at once."""
    team.renew_feed(viewer.id)
    flash("You have a new calendar address for your team. The old one has stopped working.")
    return redirect(url_for("diary.team_feed_settings"), code=303)


def _addresses(path: str) -> dict[str, str]:
    """Give the whole address of a feed, and the same for a program that opens calendars."""
    address = service.base_url() + path
    return {"address": address, "subscribe": "webcal://" + address.partition("://")[2]}


def _show_settings(status: int = 200) -> ResponseReturnValue:
    """Render the ways in which her diary can stand in her own calendar."""
    shown = _addresses(url_for("diary.feed", token=service.feed_token(viewer.id)))
    invited = service.wants_invitations(viewer.id)
    return render_template("diary/feed_settings.html", invited=invited, **shown), status
