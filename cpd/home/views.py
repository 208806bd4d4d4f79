"""Home, timetable, one session, my bookings: what is open to me, why something is not, and what I have."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cpd.attendance.afterwards import afterwards_of
from cpd.attendance.evaluation.service import evaluations_waiting
from cpd.attendance.materials.service import materials_for
from cpd.attendance.materials.views import keeps_materials
from cpd.attendance.mine import my_attendance
from cpd.attendance.missed import missed_by
from cpd.booking import service as booking
from cpd.booking.forms import AskForm
from cpd.booking.rules import Status
from cpd.diary import calendar
from cpd.diary import service as diary
from cpd.home import service
from cpd.home.forms import MOST_PER_PAGE, USUAL_PER_PAGE, BookForm, MoveForm, TimetableForm, session_id
from cpd.home.lost import lost_places, missing_words, until_words
from cpd.home.mine import in_my_career
from cpd.home.months import MonthPage, month_of, month_page
from cpd.home.progression import waiting_of
from cpd.home.team_matters import waiting_in_team
from cpd.people import service as people
from cpd.shared import clock
from cpd.shared.access import may, public, requires, viewer
from cpd.shared.forms import Form
from cpd.shared.pages import this_page
from cpd.shared.permissions import Action
from cpd.shared.wording import date_words

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
@requires(Action.BOOK_OWN_PLACE)
def start() -> ResponseReturnValue:
    """My next session, the next step of my programme, and what waits for me."""
    page = service.start_page(viewer.id, viewer.organisation_id)
    lost = [(offer, missing_words(offer), until_words(offer)) for offer in page.lost]
    matters = waiting_of(viewer.id, viewer.organisation_id, viewer.roles)
    if viewer.is_manager:
        matters += waiting_in_team(viewer.id, viewer.organisation_id)
    evaluations = evaluations_waiting(viewer.id)
    return render_template(
        "home/start.html",
        page=page,
        lost=lost,
        evaluations=evaluations,
        matters=matters,
        mine=in_my_career(viewer.id),
    )


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
    return show_session(training_session_id, BookForm())


@blueprint.post("/sessions/<int:training_session_id>/book")
@requires(Action.BOOK_OWN_PLACE)
def book(training_session_id: int) -> ResponseReturnValue:
    """Take a place, on this session alone or together with others, or show every reason why not."""
    form = BookForm()
    if not form.validate_on_submit():
        return show_session(training_session_id, form, status=422)
    person_id = _for_whom(form)
    if person_id is None:
        return show_session(training_session_id, form, status=422)
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
        return show_refusal(training_session_id, wanted, refused)
    if person_id != viewer.id:
        flash(f"Booked for {people.get_person(person_id).name}.")
        return redirect(url_for("desk.session_list", training_session_id=training_session_id), code=303)
    flash(_say_booked(booked))
    if len(booked) > 1:
        return redirect(url_for("home.my_bookings"), code=303)
    return redirect(url_for("home.session_page", training_session_id=training_session_id), code=303)


@blueprint.post("/sessions/<int:training_session_id>/wait")
@requires(Action.BOOK_OWN_PLACE)
def wait(training_session_id: int) -> ResponseReturnValue:
    """Wait for another date; the place that I have on its module is kept until then."""
    if not Form().validate_on_submit():
        return render_template("errors/400.html"), 422
    try:
        booked, objections = booking.wait_for_dates(viewer.id, [training_session_id], by=viewer.id)
    except LookupError:
        abort(404)
    if objections:
        return show_refusal(training_session_id, [training_session_id], booking.BookingRefused(objections))
    flash(_say_waiting(booked))
    return redirect(url_for("home.session_page", training_session_id=training_session_id), code=303)


@blueprint.post("/modules/<code>/wait")
@requires(Action.BOOK_OWN_PLACE)
def wait_for_any_date(code: str) -> ResponseReturnValue:
    """Wait for every date of a module that I could have: the first that is free is mine."""
    if not Form().validate_on_submit():
        return render_template("errors/400.html"), 422
    try:
        dates = service.dates_to_wait_for(viewer.id, viewer.organisation_id, code)
    except LookupError:
        abort(404)
    booked = booking.wait_for_dates(viewer.id, dates, by=viewer.id)[0] if dates else []
    flash(_say_waiting(booked) if booked else "There is no other date for which you can wait.")
    return redirect(url_for("home.my_bookings"), code=303)


@blueprint.get("/my/bookings")
@requires(Action.BOOK_OWN_PLACE)
def my_bookings() -> ResponseReturnValue:
    """What I have a place on, what I wait for, and on what it rests."""
    offers = service.my_bookings(viewer.id, viewer.organisation_id)
    lost = lost_places(viewer.id, viewer.organisation_id) if any(offer.lacks for offer in offers) else None
    rows = [(offer, service.row_of(offer)) for offer in offers]
    return render_template("home/my_bookings.html", rows=rows, lost=lost, missed=missed_by(viewer.id))


@blueprint.post("/bookings/<int:booking_id>/move")
@requires(Action.BOOK_OWN_PLACE)
def move(booking_id: int) -> ResponseReturnValue:
    """Change a booking for another session in one step."""
    may_change(booking_id)
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
        return show_refusal(to, [to], refused)
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


def show_session(
    training_session_id: int, form: BookForm, *, ask_form: AskForm | None = None, status: int = 200
) -> ResponseReturnValue:
    """Render one session's page, or 404 where there is none that she may see."""
    officer = may(Action.BOOK_FOR_OTHERS)
    page = service.session_page(viewer.id, viewer.organisation_id, training_session_id, officer=officer)
    if page is None:
        abort(404)
    shown = _shown(page, form, ask_form, officer=officer)
    return render_template("home/session.html", **shown), status


def show_refusal(training_session_id: int, wanted: list[int], refused: booking.BookingRefused) -> ResponseReturnValue:
    """Show every reason per session, and the ways on."""
    officer = may(Action.BOOK_FOR_OTHERS)
    page = service.session_page(viewer.id, viewer.organisation_id, training_session_id, officer=officer)
    if page is None:
        abort(404)
    shown = _shown(page, BookForm(formdata=None), officer=officer)
    return render_template("home/refused.html", refusals=service.refusals(wanted, refused.objections), **shown), 409


def _shown(
    page: service.SessionPage, form: BookForm, ask_form: AskForm | None = None, *, officer: bool
) -> dict[str, object]:
    """Give the templates of a session what they show."""
    ask_form = ask_form or AskForm(formdata=None)
    return {
        "page": page,
        "form": form,
        "ask_form": ask_form,
        "forms": (form, ask_form),
        "row": service.row_of(page.offer),
        "facts": service.facts_shown(page),
        "lost": lost_places(viewer.id, viewer.organisation_id) if page.offer.lacks else None,
        "may_book_for_others": officer,
        "is_over": page.offer.session.ends_at <= clock.now(),
        **_afterwards(page),
    }


def _afterwards(page: service.SessionPage) -> dict[str, object]:
    """Give what the registers say of me, once there can be some, what that opens, and the materials for me."""
    session = page.offer.session
    has_begun = session.starts_at <= clock.now()
    attendance = my_attendance(viewer.id, session, page.offer.module) if has_begun else None
    keeps = keeps_materials(session, page.is_facilitator)
    return {
        "attendance": attendance,
        "afterwards": afterwards_of(viewer.id, session, attendance),
        "keeps_materials": keeps,
        "materials": materials_for(viewer.id, session.id, keeps=keeps),
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


def may_change(booking_id: int) -> int:
    """Let only her own booking be changed, or any of the organisation's by Workforce Development; else 404."""
    owner = booking.owner_of(booking_id)
    if owner is None:
        abort(404)
    if owner != viewer.id and not (may(Action.BOOK_FOR_OTHERS) and people.works_for(owner, viewer.organisation_id)):
        abort(404)
    return owner


def _say_waiting(booked: list[booking.Booked]) -> str:
    """Say what came of waiting for dates."""
    if any(each.status is Status.CONFIRMED for each in booked):
        return "You have a place. It is in your diary."
    lists = "the waiting list" if len(booked) == 1 else f"{len(booked)} waiting lists. The first free place is yours"
    return f"You are on {lists}. If you have a place on another date, you keep it until then."


def _say_booked(booked: list[booking.Booked]) -> str:
    """Say in one sentence what came of it."""
    waiting = [each for each in booked if each.status is Status.WAITING]
    if len(booked) == 1:
        return "You are on the waiting list." if waiting else "You have a place. It is in your diary."
    placed = len(booked) - len(waiting)
    words = f"You have {placed} places. They are in your diary."
    return words + (f" You are on {len(waiting)} waiting lists." if waiting else "")
