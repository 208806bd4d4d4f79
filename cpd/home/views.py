"""Home, timetable, one session, my bookings: what is open to me, why something is not, and what I have."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cpd.booking import service as booking
from cpd.booking.offers import Offer
from cpd.booking.rules import Status
from cpd.diary import calendar
from cpd.diary import service as diary
from cpd.home import service
from cpd.home.forms import MOST_PER_PAGE, USUAL_PER_PAGE, BookForm, CancelForm, MoveForm, TimetableForm, session_id
from cpd.home.months import MonthPage, month_of, month_page
from cpd.people import service as people
from cpd.shared import clock
from cpd.shared.access import may, public, requires, viewer
from cpd.shared.pages import this_page
from cpd.shared.permissions import Action
from cpd.shared.wording import date_words

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
@requires(Action.BOOK_OWN_PLACE)
def start() -> ResponseReturnValue:
    """My next session, the next step of my programme, and what waits for me."""
    return render_template("home/start.html", page=service.start_page(viewer.id, viewer.organisation_id))


@blueprint.get("/timetable")
@requires(Action.SEE_TIMETABLE)
def timetable() -> ResponseReturnValue:
    """Every session as it stands to me, as a list or a month."""
    form = TimetableForm()
    is_right = form.validate()
    asked = _asked(form) if is_right else service.Filter()
    drafts = may(Action.CHANGE_TIMETABLE)
    page: service.TimetablePage | MonthPage
    if request.args.get("view") == "month":
        month = month_of(request.args.get("month", ""), clock.today())
        page = month_page(viewer.id, viewer.organisation_id, asked, month, drafts=drafts)
    else:
        page = service.timetable_page(viewer.id, viewer.organisation_id, asked, drafts=drafts)
    form.offer(page.programme_choices, page.module_choices, page.venue_choices)
    chosen = _chosen(form) if is_right else []
    return render_template(
        "home/timetable.html", page=page, form=form, asked=asked, chosen=chosen
    ), 200 if is_right else 422


@blueprint.get("/sessions/<int:training_session_id>")
@requires(Action.SEE_TIMETABLE)
def session_page(training_session_id: int) -> ResponseReturnValue:
    """One session: when, where, how it stands to me, and the ways on where it is not open to me."""
    return _show_session(training_session_id, BookForm())


@blueprint.post("/sessions/<int:training_session_id>/book")
@requires(Action.BOOK_OWN_PLACE)
def book(training_session_id: int) -> ResponseReturnValue:
    """Take a place, on this session alone or together with others, or show every reason why not."""
    form = BookForm()
    if not form.validate_on_submit():
        return _show_session(training_session_id, form, status=422)
    person_id = _for_whom(form)
    if person_id is None:
        return _show_session(training_session_id, form, status=422)
    wanted = [training_session_id, *(form.together.data or ())]
    try:
        booked = booking.book_places(
            person_id,
            wanted,
            by=viewer.id,
            override_reason=form.override_reason.data or "",
            access_needs=form.access_needs.data or "",
        )
    except LookupError:
        abort(404)
    except booking.BookingRefused as refused:
        return _show_refusal(training_session_id, wanted, refused)
    if person_id != viewer.id:
        flash(f"Booked for {people.get_person(person_id).name}.")
        return redirect(url_for("desk.session_list", training_session_id=training_session_id), code=303)
    flash(_say_booked(booked))
    if len(booked) > 1:
        return redirect(url_for("home.my_bookings"), code=303)
    return redirect(url_for("home.session_page", training_session_id=training_session_id), code=303)


@blueprint.get("/my/bookings")
@requires(Action.BOOK_OWN_PLACE)
def my_bookings() -> ResponseReturnValue:
    """What I have a place on, what I wait for, and on what it rests."""
    offers = service.my_bookings(viewer.id, viewer.organisation_id)
    return render_template("home/my_bookings.html", rows=[(offer, service.row_of(offer)) for offer in offers])


@blueprint.get("/my")
@requires(Action.SEE_OWN_RECORD)
def my() -> ResponseReturnValue:
    """Lead on to my bookings."""
    return redirect(url_for("home.my_bookings"))


@blueprint.get("/bookings/<int:booking_id>/cancel")
@requires(Action.BOOK_OWN_PLACE)
def ask_to_cancel(booking_id: int) -> ResponseReturnValue:
    """Ask once before a place is given back, and say what that means."""
    return _ask_to_cancel(_may_change(booking_id), booking_id, CancelForm())


@blueprint.post("/bookings/<int:booking_id>/cancel")
@requires(Action.BOOK_OWN_PLACE)
def cancel(booking_id: int) -> ResponseReturnValue:
    """Give a place or a position back."""
    owner = _may_change(booking_id)
    form = CancelForm()
    if not form.validate_on_submit():
        return _ask_to_cancel(owner, booking_id, form, status=422)
    try:
        cancelled = booking.cancel_booking(booking_id, by=viewer.id, reason=form.reason.data or "")
    except booking.CancellingRefused as refused:
        return render_template("home/cannot_cancel.html", reason=refused.reason), 409
    if owner != viewer.id:
        flash(f"The booking of {people.get_person(owner).name} is cancelled.")
        return redirect(url_for("desk.session_list", training_session_id=cancelled.training_session_id), code=303)
    flash("Your booking is cancelled.")
    return redirect(url_for("home.my_bookings"), code=303)


@blueprint.post("/bookings/<int:booking_id>/move")
@requires(Action.BOOK_OWN_PLACE)
def move(booking_id: int) -> ResponseReturnValue:
    """Change a booking for another session in one step."""
    _may_change(booking_id)
    form = MoveForm()
    if not form.validate_on_submit():
        return render_template("errors/400.html"), 422
    try:
        to = session_id(form.to.data or "")
        moved = booking.move_booking(booking_id, to, by=viewer.id)
    except (LookupError, ValueError):
        abort(404)
    except booking.CancellingRefused as refused:
        return render_template("home/cannot_cancel.html", reason=refused.reason), 409
    except booking.BookingRefused as refused:
        return _show_refusal(to, [to], refused)
    flash("Your place has moved.")
    return redirect(url_for("home.session_page", training_session_id=moved.training_session_id), code=303)


@blueprint.get("/sessions/<int:training_session_id>.ics")
@requires(Action.SEE_TIMETABLE)
def session_calendar(training_session_id: int) -> ResponseReturnValue:
    """My entries of this session for a calendar; without a place, the session as it is announced."""
    page = service.session_page(viewer.id, viewer.organisation_id, training_session_id, officer=False)
    if page is None:
        abort(404)
    mine = diary.entries_about(viewer.id, "session", training_session_id)
    content = calendar.calendar_of(mine or service.announced(page.offer), page.offer.module.full_title)
    return Response(
        content,
        mimetype="text/calendar",
        headers={"Content-Disposition": f'attachment; filename="session-{training_session_id}.ics"'},
    )


@blueprint.get("/help")
@public
def help_page() -> ResponseReturnValue:
    """How to book, wait, and give a place back."""
    return render_template("home/help.html")


@blueprint.get("/accessibility")
@public
def accessibility() -> ResponseReturnValue:
    """The accessibility statement that the law asks for (B8)."""
    return render_template("home/accessibility.html")


def _asked(form: TimetableForm) -> service.Filter:
    """Turn the form and the page's number into what is asked."""
    return service.Filter(
        programme=form.programme.data or "",
        module=form.module.data or "",
        venue=_id_in(form.venue.data or ""),
        since=form.since.data,
        until=form.until.data,
        bookable=bool(form.bookable.data),
        page=_number("page", 1, 100_000),
        per_page=_number("per_page", USUAL_PER_PAGE, MOST_PER_PAGE),
    )


def _chosen(form: TimetableForm) -> list[dict[str, str]]:
    """List what the filter leaves out, each with the address of the page without it."""
    chosen = []
    boxes: tuple[Any, ...] = (form.programme, form.module, form.venue)
    for box in boxes:
        words = {str(each.value): each.label for each in box.choices}
        if box.data:
            chosen.append(
                {"text": str(words.get(box.data, box.data)), "href": this_page(**{box.name: None, "page": None})}
            )
    for box, before in ((form.since, "From"), (form.until, "Until")):
        if box.data:
            chosen.append(
                {"text": f"{before} {date_words(box.data)}", "href": this_page(**{box.name: None, "page": None})}
            )
    if form.bookable.data:
        chosen.append({"text": "Only what I can book", "href": this_page(bookable=None, page=None)})
    return chosen


def _number(name: str, usual: int, most: int) -> int:
    """Read a number from the address; anything else is the usual one."""
    return min(_id_in(request.args.get(name, "")) or usual, most)


def _id_in(text: str) -> int | None:
    """Read a whole number above nought that a row can have, or None."""
    try:
        return session_id(text)
    except ValueError:
        return None


def _show_session(training_session_id: int, form: BookForm, *, status: int = 200) -> ResponseReturnValue:
    """Render one session's page, or 404 where there is none that she may see."""
    officer = may(Action.BOOK_FOR_OTHERS)
    page = service.session_page(viewer.id, viewer.organisation_id, training_session_id, officer=officer)
    if page is None:
        abort(404)
    shown = _shown(page, form, officer=officer)
    return render_template("home/session.html", **shown), status


def _show_refusal(training_session_id: int, wanted: list[int], refused: booking.BookingRefused) -> ResponseReturnValue:
    """Show every reason per session, and the ways on."""
    officer = may(Action.BOOK_FOR_OTHERS)
    page = service.session_page(viewer.id, viewer.organisation_id, training_session_id, officer=officer)
    if page is None:
        abort(404)
    shown = _shown(page, BookForm(formdata=None), officer=officer)
    return render_template("home/refused.html", refusals=service.refusals(wanted, refused.objections), **shown), 409


def _shown(page: service.SessionPage, form: BookForm, *, officer: bool) -> dict[str, object]:
    """Give the templates of a session what they show."""
    return {
        "page": page,
        "form": form,
        "row": service.row_of(page.offer),
        "facts": service.facts_shown(page),
        "may_book_for_others": officer,
    }


def _for_whom(form: BookForm) -> int | None:
    """Say for whom a place is asked: oneself, or, for Workforce Development, whoever is named."""
    named = form.person.data
    if (named or form.override_reason.data) and not may(Action.BOOK_FOR_OTHERS):
        abort(403)
    if not named:
        return viewer.id
    found = people.find_colleague(viewer.organisation_id, named)
    if found is None:
        form.person.errors = [f"Nobody here has the e-mail address or employee number {named}"]
    return found


def _ask_to_cancel(owner: int, booking_id: int, form: CancelForm, *, status: int = 200) -> ResponseReturnValue:
    """Render the question, to her whose booking it is or to Workforce Development."""
    offer = _live_booking(owner, booking_id)
    name = "" if owner == viewer.id else people.get_person(owner).name
    if name:
        form.reason.label.text, form.reason.description = "Why is it cancelled? (optional)", f"{name} is told"
    return render_template("home/cancel.html", offer=offer, row=service.row_of(offer), form=form, name=name), status


def _live_booking(owner: int, booking_id: int) -> Offer:
    """Return somebody's live booking as an offer, or 404."""
    live = service.my_bookings(owner, viewer.organisation_id)
    found = next((offer for offer in live if offer.booking_id == booking_id), None)
    if found is None:
        abort(404)
    return found


def _may_change(booking_id: int) -> int:
    """Let only her own booking be changed, or any of the organisation's by Workforce Development; else 404."""
    owner = booking.owner_of(booking_id)
    if owner is None:
        abort(404)
    if owner != viewer.id and not (may(Action.BOOK_FOR_OTHERS) and people.works_for(owner, viewer.organisation_id)):
        abort(404)
    return owner


def _say_booked(booked: list[booking.Booked]) -> str:
    """Say in one sentence what came of it."""
    waiting = [each for each in booked if each.status is Status.WAITING]
    if len(booked) == 1:
        return "You are on the waiting list." if waiting else "You have a place. It is in your diary."
    placed = len(booked) - len(waiting)
    words = f"You have {placed} places. They are in your diary."
    return words + (f" You are on {len(waiting)} waiting lists." if waiting else "")
