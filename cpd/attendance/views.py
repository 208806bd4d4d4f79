"""The register's pages: made for a telephone held in one hand, for facilitators with an account and from outside."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import Blueprint, abort, current_app, flash, get_template_attribute, redirect, render_template, request
from flask.typing import ResponseReturnValue

from cpd.attendance import outside, service
from cpd.attendance.accepting import not_complete_on
from cpd.attendance.forms import AcceptForm, AddForm, CloseForm, LinkForm, MarkForm, RegisterForm, ReopenForm
from cpd.attendance.registers import Keeper, RegisterPage, day_to_show, days_together, register_page
from cpd.attendance.rules import AttendanceStatus, Refusal
from cpd.attendance.service import RegisterRefused
from cpd.people import service as people
from cpd.people.service import PersonFacts
from cpd.shared import clock
from cpd.shared.access import may, public, requires, viewer
from cpd.shared.permissions import Action
from cpd.timetable import service as timetable
from cpd.timetable.facts import DayFacts, SessionFacts

blueprint = Blueprint("attendance", __name__)

MOST_FOUND = 6
NOBODY_FOUND = "Nobody is found. Enter the whole work e-mail address"


@dataclass(frozen=True, slots=True)
class Kept:
    """The registers that are being kept: of which session, by whom, and at which address."""

    session: SessionFacts
    keeper: Keeper
    path: str

    def address(self, days: Sequence[int], person_id: int | None = None) -> str:
        """Return the address of the register of the first of these days, marked together with the others."""
        together = "".join(f"&together={each}" for each in days[1:])
        row = f"#person-{person_id}" if person_id else ""
        return f"{self.path}?day={days[0]}{together}{row}"


@blueprint.get("/sessions/<int:training_session_id>/register")
@requires(Action.KEEP_REGISTER)
def register(training_session_id: int) -> ResponseReturnValue:
    """The register of one day, today's unless another is asked for."""
    kept = kept_session(training_session_id)
    return show_register(kept, page_of(kept, _number_asked("day")))


@blueprint.post("/sessions/<int:training_session_id>/register/<any(mark, everyone, add, close, reopen):act>")
@requires(Action.KEEP_REGISTER)
def keep(training_session_id: int, act: str) -> ResponseReturnValue:
    """Mark somebody or everybody, add a drop-in, close the register or open it again."""
    return ACTS[act](kept_session(training_session_id))


@blueprint.get("/register/<token>")
@public
def register_from_outside(token: str) -> ResponseReturnValue:
    """The same register for a facilitator from outside, by her link."""
    kept = _kept_by_link(token)
    return show_register(kept, page_of(kept, _number_asked("day"))) if kept else _link_is_over()


@blueprint.post("/register/<token>/<any(mark, everyone, add, close):act>")
@public
def keep_from_outside(token: str, act: str) -> ResponseReturnValue:
    """Keep the register by a link from outside; opening it again is not for her."""
    kept = _kept_by_link(token)
    return ACTS[act](kept) if kept else _link_is_over()


@blueprint.post("/sessions/<int:training_session_id>/register/links")
@requires(Action.CHANGE_TIMETABLE)
def make_link(training_session_id: int) -> ResponseReturnValue:
    """Make a link for a facilitator from outside."""
    kept = kept_session(training_session_id)
    form = LinkForm()
    if not form.validate_on_submit():
        return show_register(kept, page_of(kept, None), form=form, status=422)
    outside.make_link(training_session_id, form.name.data or "", by=viewer.id)
    flash(f"The link for {form.name.data} is ready. Copy it and send it to them.")
    return redirect(f"{kept.path}#links", code=303)


@blueprint.post("/sessions/<int:training_session_id>/register/links/<int:link_id>/revoke")
@requires(Action.CHANGE_TIMETABLE)
def revoke_link(training_session_id: int, link_id: int) -> ResponseReturnValue:
    """Take a link from outside back."""
    kept = kept_session(training_session_id)
    try:
        outside.revoke_link(training_session_id, link_id, by=viewer.id)
    except LookupError:
        abort(404)
    flash("The link no longer works.")
    return redirect(f"{kept.path}#links", code=303)


def kept_session(training_session_id: int) -> Kept:
    """Return the registers of a session to its facilitators and to its own Workforce Development; else 404."""
    found = timetable.sessions_by_id([training_session_id])
    if not found:
        abort(404)
    officer = may(Action.CHANGE_TIMETABLE) and found[0].organisation_id == viewer.organisation_id
    if not officer and not timetable.facilitates(viewer.id, training_session_id):
        abort(404)
    return Kept(found[0], Keeper(viewer.id, officer=officer), f"/sessions/{training_session_id}/register")


def kept_day(training_session_id: int) -> tuple[SessionFacts, DayFacts]:
    """Return the session and its day that is asked for, else today's or the next; 404 where there is no such day."""
    kept = kept_session(training_session_id)
    return kept.session, _day(kept, _number_asked("day"))


def _kept_by_link(token: str) -> Kept | None:
    """Return the registers to which a link leads; None where it was taken back or is over; 404 for no link."""
    visit = outside.visit(token)
    if visit is None:
        abort(404)
    if visit.session is None:
        return None
    return Kept(visit.session, Keeper(link_id=visit.link_id), f"/register/{token}")


def _link_is_over() -> ResponseReturnValue:
    """Say that a link leads nowhere any more, and whom to ask."""
    return render_template("attendance/link_over.html"), 410


def _day(kept: Kept, day_id: int | None) -> DayFacts:
    """Return the day that is asked for; 404 where the session has no such day."""
    return day_to_show(kept.session, day_id, clock.now()) or abort(404)


def _days(kept: Kept, day_id: int | None) -> list[int]:
    """Return the day of a form, and the days that are marked together with it."""
    day = _day(kept, day_id)
    return [day.id, *days_together(kept.session, day, kept.keeper, _together_asked())]


def page_of(kept: Kept, day_id: int | None) -> RegisterPage:
    """Put the page of a day together."""
    return register_page(kept.session, _day(kept, day_id), kept.keeper, clock.now(), _together_asked())


def _together_asked() -> list[int]:
    """Read the days that are to be marked together with the one that is shown."""
    return request.values.getlist("together", type=int)


def _number_asked(name: str) -> int | None:
    """Read a number from the address; 404 for anything that is none."""
    asked = request.args.get(name)
    if asked is None:
        return None
    number = request.args.get(name, type=int)
    return abort(404) if number is None else number


def show_register(
    kept: Kept,
    page: RegisterPage,
    *,
    form: RegisterForm | LinkForm | None = None,
    found: list[PersonFacts] | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    """Render a register."""
    links = outside.links_to(kept.session.id) if kept.keeper.officer else []
    not_complete = not_complete_on(page)
    return render_template(
        "attendance/register.html",
        kept=kept,
        page=page,
        form=form,
        found=found or [],
        links=links,
        add_form=form if isinstance(form, AddForm) else AddForm(formdata=None),
        reopen_form=form if isinstance(form, ReopenForm) else ReopenForm(formdata=None),
        link_form=form if isinstance(form, LinkForm) else LinkForm(formdata=None),
        mark_form=form if isinstance(form, MarkForm) else None,
        not_complete=[(each, _reason_form(each.person_id, form)) for each in not_complete],
        base_url=str(current_app.config["BASE_URL"]).rstrip("/"),
    ), status


def _reason_form(person_id: int, form: RegisterForm | LinkForm | None) -> AcceptForm:
    """Give somebody's own form for a reason: the one that was sent, where it is about her."""
    hers = form if isinstance(form, AcceptForm) and form.person.data == person_id else AcceptForm(formdata=None)
    hers.reason.id = f"reason-{person_id}"
    return hers


def _mark(kept: Kept) -> ResponseReturnValue:
    """Mark one person; a script gets her row back, a browser without one the page at her row."""
    form = MarkForm()
    if form.validate_on_submit():
        days, person_id = _days(kept, form.day.data), int(form.person.data or 0)
        status = AttendanceStatus(str(form.status.data))
        minutes = form.minutes.data if status is AttendanceStatus.PART_ATTENDED else None
        try:
            service.mark(days, person_id, status, minutes, by=kept.keeper, tap=form.tap.data or None)
            return _marked(kept, days, person_id)
        except RegisterRefused as refused:
            if refused.reasons != (Refusal.MINUTES,):
                return refused_by_register(kept, days, refused)
            length = page_of(kept, days[0]).length
            form.minutes.errors = [f"Enter the minutes there, between 1 and {length - 1}"]
    form.minutes.id = f"minutes-{form.person.data}"
    if _wants_row():
        return {"error": next(str(errors[0]) for errors in form.errors.values())}, 422
    return show_register(kept, page_of(kept, form.day.data), form=form, status=422)


def _marked(kept: Kept, days: Sequence[int], person_id: int) -> ResponseReturnValue:
    """Answer a mark that was taken."""
    if not _wants_row():
        return redirect(kept.address(days, person_id), code=303)
    page = page_of(kept, days[0])
    row = next((each for each in page.rows if each.who.person_id == person_id), None)
    render = get_template_attribute("attendance/parts/row.html", "person_row")
    count = get_template_attribute("attendance/parts/row.html", "count_words")
    return {"row": str(render(row, page, kept, None)) if row else "", "count": str(count(page))}


def _everyone(kept: Kept) -> ResponseReturnValue:
    """Mark everybody without a mark as attended."""
    form = RegisterForm()
    if not form.validate_on_submit():
        return show_register(kept, page_of(kept, None), form=form, status=422)
    days = _days(kept, form.day.data)
    try:
        service.mark_everyone(days, by=kept.keeper)
    except RegisterRefused as refused:
        return refused_by_register(kept, days, refused)
    flash("Everybody who had no mark is marked as attended.")
    return redirect(kept.address(days), code=303)


def _add(kept: Kept) -> ResponseReturnValue:
    """Add somebody who came without a booking; where several could be meant, they are offered."""
    form = AddForm()
    form_is_right = form.validate_on_submit()
    days = _days(kept, form.day.data)
    found = _found(kept, form) if form_is_right else []
    if len(found) == 1:
        try:
            service.add_drop_in(days, found[0].id, by=kept.keeper)
            flash(f"{found[0].name} is added and marked as attended.")
            return redirect(kept.address(days, found[0].id), code=303)
        except RegisterRefused as refused:
            if refused.reasons != (Refusal.MAY_NOT_COME,):
                return refused_by_register(kept, days, refused)
            found = []
    if form_is_right:
        form.who.errors = ["Choose who it is" if found else NOBODY_FOUND]
    return show_register(kept, page_of(kept, days[0]), form=form, found=found, status=422)


def _found(kept: Kept, form: AddForm) -> list[PersonFacts]:
    """Find who is meant. By name only colleagues find one another; from outside the whole e-mail address is needed."""
    organisation_id = kept.session.organisation_id
    colleague = kept.keeper.person_id is not None and viewer.organisation_id == organisation_id
    if form.person.data and colleague:
        return list(people.people_of(organisation_id, [form.person.data]).values())
    words = form.who.data or ""
    if person := people.find_by_email(words):
        return [PersonFacts(person.id, person.name, person.email, person.employee_number)]
    found = people.search_people(organisation_id, words, MOST_FOUND) if colleague else []
    exact = [each for each in found if each.name.casefold() == words.casefold()]
    return exact if len(exact) == 1 else found if len(found) != 1 else [*found, *found]


def _close(kept: Kept) -> ResponseReturnValue:
    """Close the register, or ask what is to become of those without a mark."""
    form = CloseForm()
    if not form.validate_on_submit():
        return show_register(kept, page_of(kept, None), form=form, status=422)
    days = [_day(kept, form.day.data).id]
    try:
        service.close_register(days[0], by=kept.keeper, absent_rest=bool(form.absent_rest.data))
    except RegisterRefused as refused:
        if refused.reasons != (Refusal.UNMARKED,):
            return refused_by_register(kept, days, refused)
        page = page_of(kept, days[0])
        return render_template("attendance/close.html", kept=kept, page=page, names=refused.names), 409
    flash("The register is closed. What it completes stands on people\u2019s records.")
    return redirect(kept.address(days), code=303)


def _reopen(kept: Kept) -> ResponseReturnValue:
    """Open a closed register again."""
    form = ReopenForm()
    form_is_right = form.validate_on_submit()
    days = [_day(kept, form.day.data).id]
    if not form_is_right:
        return show_register(kept, page_of(kept, days[0]), form=form, status=422)
    try:
        service.reopen_register(days[0], by=kept.keeper, reason=form.reason.data or "")
    except RegisterRefused as refused:
        return refused_by_register(kept, days, refused)
    flash("The register is open again. Close it once it is right.")
    return redirect(kept.address(days), code=303)


def refused_by_register(kept: Kept, days: Sequence[int], refused: RegisterRefused) -> ResponseReturnValue:
    """Say every reason why the register did not take it."""
    page = page_of(kept, days[0])
    if _wants_row():
        say = get_template_attribute("attendance/parts/refusals.html", "say")
        return {"error": " ".join(str(say(reason, page)).strip() for reason in refused.reasons)}, 409
    return render_template("attendance/refused.html", kept=kept, days=days, page=page, reasons=refused.reasons), 409


def _wants_row() -> bool:
    """Say whether a script has asked, which only wants what changed."""
    return request.accept_mimetypes.best == "application/json"


ACTS: dict[str, Callable[[Kept], ResponseReturnValue]] = {
    "mark": _mark,
    "everyone": _everyone,
    "add": _add,
    "close": _close,
    "reopen": _reopen,
}
"""What can be done with a register, by the last part of its address."""
