"""What Workforce Development does: cohorts, enrolling several at once, pauses, extensions, who supports whom (B3)."""

from __future__ import annotations

import csv
import io
from datetime import date

from flask import Response, abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from cpd.people import service as people
from cpd.progression.early import cohorts, reading, service, supporting
from cpd.progression.early.enrolled import find_enrolled, is_paused
from cpd.progression.early.forms import (
    CohortForm,
    CompletedForm,
    EndForm,
    EnrolForm,
    ExtendForm,
    LastDayForm,
    PauseForm,
    RejoinForm,
    SupportForm,
    TermsForm,
    WhyForm,
)
from cpd.progression.early.refusal import EarlyRefused
from cpd.progression.early.rules import Outcome, Seat
from cpd.progression.early.showing import Look
from cpd.progression.early.views import PER_PAGE, act, blueprint, look_or_404
from cpd.progression.early.words import FAULTS, KINDS
from cpd.shared import clock
from cpd.shared.access import requires, viewer
from cpd.shared.forms import Form, SelectChoice
from cpd.shared.pages import this_page
from cpd.shared.permissions import Action
from cpd.shared.tables import safe_cell
from cpd.shared.wording import date_words

EVERYBODY = "/progression/early-career/everybody"
KEEPERS = (Seat.OFFICER, Seat.ASSESSOR, Seat.MANAGER)
"""As whom somebody with the desk's action may look: an officer can be line manager or assessor as well."""

HEADINGS = ("name", "e_mail", "programme", "began_on", "completed_on", "cohort")


@blueprint.get(EVERYBODY)
@requires(Action.KEEP_EARLY_CAREER)
def everybody() -> ResponseReturnValue:
    """Everybody on a programme, by cohort or what is late, and who could be enrolled."""
    today = clock.today()
    chosen = request.args.get("cohort", 0, int)
    standings = reading.standings_of(cohorts.enrolled_in(viewer.organisation_id, chosen or None), today)
    pages = max(1, -(-len(standings) // PER_PAGE))
    page = min(max(request.args.get("page", 1, int), 1), pages)
    rows = standings[(page - 1) * PER_PAGE : page * PER_PAGE]
    return render_template(
        "progression/early/everybody.html",
        rows=rows,
        late=sum(bool(each.late) for each in standings),
        number=len(standings),
        cohorts=cohorts.cohorts_of(viewer.organisation_id),
        chosen=chosen,
        programmes=reading.programmes_of(viewer.organisation_id),
        today=today,
        page=page,
        pages=pages,
        this_page=this_page,
        paused=[each.enrolled.id for each in rows if is_paused(each.enrolled, today)],
        since=date(today.year - 1, today.month, 1),
    )


@blueprint.route("/progression/early-career/cohorts/new", methods=["GET", "POST"])
@requires(Action.KEEP_EARLY_CAREER)
def new_cohort() -> ResponseReturnValue:
    """Make a cohort."""
    form = CohortForm()
    programmes = reading.programmes_of(viewer.organisation_id)
    form.programme.choices = [SelectChoice(each.code, each.title) for each in programmes]

    def do() -> None:
        assert form.starts_on.data, "a required date is there once the form is right"  # noqa: S101
        said = (str(form.programme.data), form.title.data or "", form.starts_on.data)
        service.make_cohort(viewer.organisation_id, *said, by=viewer.id)

    return act(
        form, do, None, title="A new cohort", intro=[], button="Make it", done="The cohort is made.", back=EVERYBODY
    )


@blueprint.post("/progression/early-career/cohorts/<int:cohort_id>/remove")
@requires(Action.KEEP_EARLY_CAREER)
def remove_cohort(cohort_id: int) -> ResponseReturnValue:
    """Take a cohort away in which nobody ever was."""
    if not Form().validate_on_submit():
        abort(400)
    try:
        service.remove_cohort(cohort_id, organisation_id=viewer.organisation_id, by=viewer.id)
    except EarlyRefused as refused:
        reasons = [FAULTS[fault] for fault in refused.faults]
        return render_template("study/refused.html", reasons=reasons, back=EVERYBODY, back_to="The programmes"), 409
    except LookupError:
        abort(404)
    flash("The cohort is taken away.")
    return redirect(EVERYBODY, code=303)


@blueprint.route("/progression/early-career/enrol/<programme_code>", methods=["GET", "POST"])
@requires(Action.KEEP_EARLY_CAREER)
def enrol(programme_code: str) -> ResponseReturnValue:
    """Put several people on a programme at once."""
    programmes = {each.code: each for each in reading.programmes_of(viewer.organisation_id)}
    programme = programmes.get(programme_code) or abort(404)
    form = EnrolForm()
    possible = cohorts.who_could_start(viewer.organisation_id, programme)
    form.offer(
        [(each.id, each.name) for each in possible],
        cohorts.choices_of(viewer.organisation_id, programme_code),
    )
    usual = "registration" if programme.starts_with == "registration" else "the first working day in the career level"
    form.starts_on.description = f"Left empty, it begins on {usual} of each. For example, 27 3 2027"
    if not possible:
        return render_template("progression/early/nobody.html", programme=programme, back=EVERYBODY)
    return act(
        form,
        lambda: service.enrol(
            list(form.people.data or []),
            programme_code,
            organisation_id=viewer.organisation_id,
            cohort_id=form.cohort.data,
            starts_on=form.starts_on.data,
            by=viewer.id,
        ),
        None,
        title=f"Enrol: {programme.title}",
        intro=["Everybody here has the right career level and is on no programme yet. The rules of today stay theirs."],
        button="Enrol them",
        done="They are enrolled, and told.",
        back=EVERYBODY,
    )


@blueprint.route("/progression/early-career/<int:enrolment_id>/pause", methods=["GET", "POST"])
@requires(Action.KEEP_EARLY_CAREER)
def pause(enrolment_id: int) -> ResponseReturnValue:
    """Let somebody pause."""
    look, form = _look(enrolment_id), PauseForm()

    def do() -> None:
        assert form.first_day.data, "a required date is there once the form is right"  # noqa: S101
        service.pause(enrolment_id, form.first_day.data, form.back_on.data, form.why, by=viewer.id)

    return act(
        form,
        do,
        look,
        title=f"A pause: {look.enrolled.person}",
        intro=[
            "Everything that is still due then moves by exactly the days of the pause. What is done stays done.",
            "Leave is recorded as time away as well: no protected time is due then, and approved study days in it end.",
        ],
        button="Keep the pause",
        done="The pause is kept. The worker, the assessor and the line manager are told.",
    )


@blueprint.route("/progression/early-career/<int:enrolment_id>/rejoin", methods=["GET", "POST"])
@requires(Action.KEEP_EARLY_CAREER)
def rejoin(enrolment_id: int) -> ResponseReturnValue:
    """Somebody is back from a pause."""
    look, form = _look(enrolment_id), RejoinForm()
    form.offer(cohorts.choices_of(viewer.organisation_id, look.enrolled.programme.code))

    def do() -> None:
        assert form.back_on.data, "a required date is there once the form is right"  # noqa: S101
        service.rejoin(enrolment_id, form.back_on.data, form.cohort.data, by=viewer.id)

    return act(
        form,
        do,
        look,
        title=f"Back from the pause: {look.enrolled.person}",
        intro=["The dates move by the days of the pause, whichever cohort the person goes on with."],
        button="End the pause",
        done="The pause is over. The new dates stand below, and those concerned are told.",
    )


@blueprint.route("/progression/early-career/<int:enrolment_id>/pauses/<int:pause_id>/remove", methods=["GET", "POST"])
@requires(Action.KEEP_EARLY_CAREER)
def remove_pause(enrolment_id: int, pause_id: int) -> ResponseReturnValue:
    """Take back a pause that was a slip."""
    look, form = _look(enrolment_id), WhyForm()
    if pause_id not in {each.id for each in look.enrolled.course.pauses}:
        abort(404)
    return act(
        form,
        lambda: service.withdraw_pause(enrolment_id, pause_id, reason=form.reason.data or "", by=viewer.id),
        look,
        title=f"Take a pause back: {look.enrolled.person}",
        intro=["The dates are then as if there had been no such pause."],
        button="Take it back",
        done="The pause is taken back, and those concerned are told.",
    )


@blueprint.route("/progression/early-career/<int:enrolment_id>/extend", methods=["GET", "POST"])
@requires(Action.KEEP_EARLY_CAREER)
def extend(enrolment_id: int) -> ResponseReturnValue:
    """Give somebody longer."""
    look, form = _look(enrolment_id), ExtendForm()

    def do() -> None:
        assert form.agreed_on.data, "a required date is there once the form is right"  # noqa: S101
        weeks, reason = int(form.weeks.data or 0), form.reason.data or ""
        service.extend(enrolment_id, weeks, form.agreed_on.data, reason=reason, by=viewer.id)

    return act(
        form,
        do,
        look,
        title=f"An extension: {look.enrolled.person}",
        intro=["It moves what is due at the end. Part-time work alone moves nothing: say so here if that is why."],
        button="Extend it",
        done="The extension is kept, and those concerned are told.",
    )


@blueprint.route("/progression/early-career/<int:enrolment_id>/terms", methods=["GET", "POST"])
@requires(Action.KEEP_EARLY_CAREER)
def terms(enrolment_id: int) -> ResponseReturnValue:
    """Put right when it began, or move somebody to another cohort."""
    look = _look(enrolment_id)
    form = TermsForm(starts_on=look.enrolled.course.starts_on, cohort=look.enrolled.cohort_id)
    form.offer(cohorts.choices_of(viewer.organisation_id, look.enrolled.programme.code))

    def do() -> None:
        assert form.starts_on.data, "a required date is there once the form is right"  # noqa: S101
        reason = form.reason.data or ""
        service.change_terms(enrolment_id, form.starts_on.data, form.cohort.data, reason=reason, by=viewer.id)

    return act(
        form,
        do,
        look,
        title=f"Start and cohort: {look.enrolled.person}",
        intro=[],
        button="Change it",
        done="It is changed, and those concerned are told.",
    )


@blueprint.route("/progression/early-career/<int:enrolment_id>/end", methods=["GET", "POST"])
@requires(Action.KEEP_EARLY_CAREER)
def end(enrolment_id: int) -> ResponseReturnValue:
    """Write down how a programme ended."""
    look, form = _look(enrolment_id), EndForm()
    has_panel = look.enrolled.programme.panel is not None
    form.offer(has_panel=has_panel)

    def do() -> None:
        assert form.ended_on.data, "a required date is there once the form is right"  # noqa: S101
        said = (Outcome(str(form.outcome.data)), form.ended_on.data)
        service.end(enrolment_id, *said, reason=form.reason.data or "", by=viewer.id)

    return act(
        form,
        do,
        look,
        title=f"The programme has ended: {look.enrolled.person}",
        intro=["The panel says whether it is passed, and that follows by itself."] if has_panel else [],
        button="Keep it",
        done="It is kept, and those concerned are told.",
    )


@blueprint.route("/progression/early-career/<int:enrolment_id>/reopen", methods=["GET", "POST"])
@requires(Action.KEEP_EARLY_CAREER)
def reopen(enrolment_id: int) -> ResponseReturnValue:
    """Take an ending back that was written down by mistake."""
    look, form = _look(enrolment_id), WhyForm()
    if look.enrolled.is_live or (look.enrolled.ended and look.enrolled.ended.by_panel):
        abort(404)
    return act(
        form,
        lambda: service.take_back_ending(enrolment_id, reason=form.reason.data or "", by=viewer.id),
        look,
        title=f"It has not ended: {look.enrolled.person}",
        intro=["The programme goes on as before, with all that was held. Only do so if the ending was a mistake."],
        button="Let it go on",
        done="The programme goes on, and those concerned are told.",
    )


@blueprint.route("/progression/early-career/<int:enrolment_id>/support", methods=["GET", "POST"])
@requires(Action.KEEP_EARLY_CAREER)
def support(enrolment_id: int) -> ResponseReturnValue:
    """Name an assessor, a mentor or somebody else who supports her."""
    look, form = _look(enrolment_id), SupportForm(first_day=clock.today())
    if form.validate_on_submit():
        found = people.find_colleague(viewer.organisation_id, form.who.data or "")
        if found is None:
            form.who.errors = ["Nobody here has this address or number. Check it, or ask HR."]
            page = _support_page(look, form)
            return page, 422
        try:
            assert form.first_day.data, "a required date is there once the form is right"  # noqa: S101
            supporting.support(look.enrolled.person_id, found, form.as_what, form.first_day.data, by=viewer.id)
        except EarlyRefused as refused:
            form.form_errors.extend(FAULTS[fault] for fault in refused.faults)
            return _support_page(look, form), 409
        flash("It is kept, and both are told.")
        return redirect(f"/progression/early-career/{enrolment_id}", code=303)
    return _support_page(look, form), 422 if form.is_submitted() else 200


def _support_page(look: Look, form: SupportForm) -> str:
    today = clock.today()
    running = [each for each in look.supports if each.holds_on(today)]
    return render_template(
        "progression/early/support.html", look=look, form=form, running=running, kinds=KINDS, date_words=date_words
    )


@blueprint.route("/progression/early-career/<int:enrolment_id>/support/<int:support_id>/end", methods=["GET", "POST"])
@requires(Action.KEEP_EARLY_CAREER)
def end_support(enrolment_id: int, support_id: int) -> ResponseReturnValue:
    """Let a relationship end."""
    look, form = _look(enrolment_id), LastDayForm()
    found = next((each for each in look.supports if each.id == support_id and each.last_day is None), None)
    if found is None:
        abort(404)

    def do() -> None:
        assert form.last_day.data, "a required date is there once the form is right"  # noqa: S101
        supporting.end_support(look.enrolled.person_id, support_id, form.last_day.data, by=viewer.id)

    return act(
        form,
        do,
        look,
        title=f"{found.supporter} is no longer {KINDS[found.kind].lower()}",
        intro=[],
        button="End it",
        done="It has ended.",
    )


@blueprint.get("/progression/early-career/completed.csv")
@requires(Action.KEEP_EARLY_CAREER)
def completed() -> ResponseReturnValue:
    """Who passed a programme in a period, as a table: those to invite to the ceremony (W-15)."""
    form = CompletedForm()
    if not form.validate() or form.since.data is None or form.until.data is None:
        abort(400)
    found = reading.completed_between(viewer.organisation_id, form.since.data, form.until.data)
    emails = people.persons_by_id([each.person_id for each in found])
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(HEADINGS)
    for each in found:
        assert each.ended, "they have ended"  # noqa: S101
        days = (each.course.starts_on.isoformat(), each.ended.on.isoformat())
        row = (each.person, emails[each.person_id].email, each.programme.title, *days, each.cohort)
        table.writerow([safe_cell(cell) for cell in row])
    disposition = 'attachment; filename="completed.csv"'
    headers = {"Content-Disposition": disposition}
    return Response(out.getvalue(), content_type="text/csv; charset=utf-8", headers=headers)


def _look(enrolment_id: int) -> Look:
    """Return an enrolment as the desk sees it; nobody acts on her own."""
    look = look_or_404(enrolment_id)
    if look.seat not in KEEPERS or find_enrolled(enrolment_id) is None:
        abort(404)
    return look
