"""The outbox: what people were told, in the words that they read."""

from __future__ import annotations

from flask import Blueprint, abort, current_app, render_template
from flask.typing import ResponseReturnValue

from cpd.messages import service
from cpd.messages.forms import OutboxForm
from cpd.shared.access import may, public, viewer
from cpd.shared.permissions import Action

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
    return render_template("messages/outbox.html", page=page, form=form), 200 if is_right else 422
