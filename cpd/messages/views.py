"""What people were told, what could not be sent, and the page where a link in a mail gives a place back."""

from __future__ import annotations

from flask import Blueprint, abort, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from cpd.booking.forms import GiveBackForm
from cpd.booking.service import CancellingRefused
from cpd.messages import giving_back, service
from cpd.messages.forms import OutboxForm, PageForm
from cpd.shared.access import may, public, requires, viewer
from cpd.shared.permissions import Action
from cpd.shared.wording import counted

blueprint = Blueprint("messages", __name__)


@blueprint.get("/outbox")
@public
def outbox() -> ResponseReturnValue:
    """Show what was written to whom, the newest first.

    Secret links are shown in the demonstration only, and there to everybody, so that a newcomer can follow
    hers; elsewhere the page is for those who may see the outbox, and shows their own organisation's messages.
    """
    is_demonstration = current_app.extensions.get("demonstration", False) and not current_app.config["PRODUCTION"]
    if not is_demonstration and not viewer.is_authenticated:
        return current_app.login_manager.unauthorized()  # type: ignore[attr-defined,no-any-return]
    if not is_demonstration and not may(Action.SEE_OUTBOX):
        abort(403)
    form = OutboxForm()
    is_right = form.validate()
    organisation_id = None if is_demonstration else viewer.organisation_id
    page = service.outbox_page(
        organisation_id,
        form.page_number() if is_right else 1,
        to=(form.to.data or "") if is_right else "",
        links_shown=is_demonstration,
    )
    shown = {"page": page, "form": form, "sends_mail": service.sends_mail(), "may_try_again": may(Action.SEE_OUTBOX)}
    return render_template("messages/outbox.html", **shown), 200 if is_right else 422


@blueprint.get("/workforce/messages")
@requires(Action.SEE_OUTBOX)
def failed() -> ResponseReturnValue:
    """Show which messages could not be sent, and why."""
    page = service.failed_page(viewer.organisation_id, PageForm().page_number())
    waiting = service.waiting_count(viewer.organisation_id)
    return render_template("messages/failed.html", page=page, waiting=waiting, sends_mail=service.sends_mail())


@blueprint.post("/workforce/messages/again")
@requires(Action.SEE_OUTBOX)
def try_all_again() -> ResponseReturnValue:
    """Send every message that failed once more."""
    count = service.try_again(viewer.organisation_id, by=viewer.id)
    flash(f"{counted(count, 'message')} will be sent again within a minute.")
    return redirect(url_for("messages.failed"), code=303)


@blueprint.post("/workforce/messages/<int:message_id>/again")
@requires(Action.SEE_OUTBOX)
def try_again(message_id: int) -> ResponseReturnValue:
    """Send one message that failed once more."""
    try:
        service.try_again(viewer.organisation_id, by=viewer.id, message_id=message_id)
    except LookupError:
        abort(404)
    flash("The message will be sent again within a minute.")
    return redirect(url_for("messages.failed"), code=303)


@blueprint.get("/cancel/<token>")
@public
def ask_to_give_back(token: str) -> ResponseReturnValue:
    """Ask once before a place is given back; that the page is opened changes nothing."""
    place = _place_or_404(token)
    return _show_place(token, place, GiveBackForm(late=place.is_late))


@blueprint.post("/cancel/<token>")
@public
def give_back(token: str) -> ResponseReturnValue:
    """Give a place back for whoever has the link that was sent to its owner."""
    place = _place_or_404(token)
    form = GiveBackForm(late=place.is_late)
    if not form.validate_on_submit():
        return _show_place(token, place, form, 422)
    try:
        giving_back.give_back(place, form.kept())
    except CancellingRefused:
        return _show_place(token, _place_or_404(token), form, 409)
    return redirect(url_for("messages.ask_to_give_back", token=token), code=303)


def _place_or_404(token: str) -> giving_back.Place:
    """Return what a link is about, or 404."""
    place = giving_back.find_place(token)
    if place is None:
        abort(404)
    return place


def _show_place(token: str, place: giving_back.Place, form: GiveBackForm, status: int = 200) -> ResponseReturnValue:
    """Render a place that can be given back, or that it cannot."""
    return render_template("messages/give_back.html", token=token, place=place, form=form), status
