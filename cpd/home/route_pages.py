"""The whole programme planned, changed and booked; and what to do where there is no way to finish it."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from cpd.booking import service as booking
from cpd.booking import wishes
from cpd.booking.planning import Asked
from cpd.booking.rules import Objection
from cpd.home import routes
from cpd.home.route_forms import MOST_DAYS, BookAllForm, ChosenForm, PlanForm, WishForm
from cpd.home.views import blueprint
from cpd.shared.access import requires, viewer
from cpd.shared.permissions import Action


@blueprint.get("/my/route/<code>")
@requires(Action.BOOK_OWN_PLACE)
def route(code: str) -> ResponseReturnValue:
    """Show the earliest way to finish a programme, from what I have done and booked, and what else I may choose."""
    form = PlanForm()
    is_right = form.validate()
    asked = _asked(form) if is_right else Asked()
    if is_right and form.day.data:
        asked = Asked(asked.not_on | {form.day.data}, asked.pinned, asked.waiting)
        if len(asked.not_on) <= MOST_DAYS:
            return redirect(routes.address_of(code, asked))
        form.day.errors = [f"A plan can leave out at most {MOST_DAYS} days"]
        is_right, asked = False, _asked(form)
    page = routes.route_page(viewer.id, viewer.organisation_id, code, asked)
    if page is None:
        abort(404)
    return render_template("home/route/plan.html", page=page, form=form), 200 if is_right else 422


@blueprint.get("/my/route/<code>/book")
@requires(Action.BOOK_OWN_PLACE)
def ask_to_book_all(code: str) -> ResponseReturnValue:
    """Ask once before all sessions of a plan are booked."""
    form = ChosenForm()
    if not form.validate() or not form.together.data:
        return redirect(url_for("home.route", code=code))
    page = routes.book_page(viewer.id, viewer.organisation_id, code, form.together.data)
    if page is None:
        abort(404)
    return render_template("home/route/book.html", page=page, form=BookAllForm(formdata=None))


@blueprint.post("/my/route/<code>/book")
@requires(Action.BOOK_OWN_PLACE)
def book_all(code: str) -> ResponseReturnValue:
    """Book the sessions of a plan in one act: as many as can be had or, if I say so, all or none."""
    form = BookAllForm()
    if not form.validate_on_submit() or not form.together.data:
        return render_template("errors/400.html"), 422
    wanted = form.together.data
    if routes.book_page(viewer.id, viewer.organisation_id, code, wanted) is None:
        abort(404)
    refused = _book(wanted, all_or_none=bool(form.all_or_none.data))
    if refused is not None:
        page = routes.booked_page(viewer.id, viewer.organisation_id, code, wanted, refused)
        return render_template("home/route/booked.html", page=page, nothing=True), 409
    return redirect(url_for("home.booked_all", code=code, together=wanted), code=303)


@blueprint.get("/my/route/<code>/booked")
@requires(Action.BOOK_OWN_PLACE)
def booked_all(code: str) -> ResponseReturnValue:
    """What came of booking a plan, session by session."""
    form = ChosenForm()
    if not form.validate() or not form.together.data:
        return redirect(url_for("home.route", code=code))
    page = routes.booked_page(viewer.id, viewer.organisation_id, code, form.together.data)
    if page is None:
        abort(404)
    return render_template("home/route/booked.html", page=page, nothing=not page.got)


@blueprint.post("/my/route/<code>/tell-me")
@requires(Action.BOOK_OWN_PLACE)
def tell_me(code: str) -> ResponseReturnValue:
    """Ask to be told when there is a date of the module that stops my plan."""
    form = WishForm()
    if not form.validate_on_submit():
        return render_template("errors/400.html"), 422
    module = routes.module_of(viewer.organisation_id, code, form.module.data or "")
    if module is None:
        abort(404)
    wishes.wish_for_date(viewer.id, module.id)
    flash(f"We will tell you when there is a date for {module.full_title}.")
    return redirect(url_for("home.route", code=code), code=303)


def _book(wanted: list[int], *, all_or_none: bool) -> dict[int, list[Objection]] | None:
    """Book sessions; where nothing was booked, return every reason, else None."""
    if not all_or_none:
        booked, refused = booking.book_what_can(viewer.id, wanted, by=viewer.id)
        return None if booked else refused
    try:
        booking.book_places(viewer.id, wanted, by=viewer.id)
    except booking.BookingRefused as nothing:
        return nothing.objections
    return None


def _asked(form: PlanForm) -> Asked:
    """Turn the form into what is asked of the plan."""
    return Asked(frozenset(form.not_on.data or ()), frozenset(form.pin.data or ()), bool(form.waiting.data))
