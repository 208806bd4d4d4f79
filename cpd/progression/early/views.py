"""Pages of early-career programmes: mine, those whom I support, my team's, and one person's with what is held there."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, render_template, request
from flask.sansio.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from cpd.people import service as people
from cpd.progression.early import reading, reviews
from cpd.progression.early.enrolled import Enrolled, current_of, find_enrolled, is_paused, live_of
from cpd.progression.early.forms import (
    AgreementForm,
    ReviewForm,
    SignForm,
    SupervisionForm,
    answers_in,
    self_assessment_form,
)
from cpd.progression.early.frameworks import framework_of, statements_for
from cpd.progression.early.refusal import EarlyRefused
from cpd.progression.early.rules import (
    MAY_READ_SELF_ASSESSMENTS,
    MAY_RECORD_REVIEWS,
    MAY_RECORD_SUPERVISION,
    MAY_SEE_ALL,
    MAY_WRITE_AGREEMENT,
    SCALE,
    Seat,
)
from cpd.progression.early.showing import Look, address_of, look_at, page_of, review_flags
from cpd.progression.early.words import (
    FAULTS,
    KINDS,
    LABELS,
    PARTIES,
    left_words,
    period_words,
    point_words,
    yours_words,
)
from cpd.shared import clock
from cpd.shared.access import may, requires, viewer
from cpd.shared.forms import Form, SelectChoice
from cpd.shared.pages import this_page
from cpd.shared.permissions import Action
from cpd.shared.wording import date_words

blueprint = Blueprint("early_career", __name__)
PER_PAGE = 50


WORDS = {
    "point": point_words,
    "left": left_words,
    "period": period_words,
    "labels": LABELS,
    "support": KINDS,
    "yours": yours_words,
}


@blueprint.record_once
def _give_words(state: BlueprintSetupState) -> None:
    """Let the pages and their parts say how things stand."""
    state.app.jinja_env.globals["early_words"] = WORDS


@blueprint.get("/my/early-career")
@requires(Action.SEE_EARLY_CAREER)
def mine() -> ResponseReturnValue:
    """My programme: what is next, what is done, due and late, and who supports me."""
    enrolled = current_of(viewer.id)
    if enrolled is None:
        offered = reading.programmes_of(viewer.organisation_id)
        return render_template("progression/early/none.html", offered=offered)
    look = look_at(enrolled, viewer.id, is_officer=False)
    assert look, "everybody sees her own"  # noqa: S101
    return render_template("progression/early/person.html", page=page_of(look, viewer.id))


@blueprint.get("/progression/early-career")
@requires(Action.SEE_EARLY_CAREER)
def supported() -> ResponseReturnValue:
    """Those whom I support: what is late first, then what is next; and whom I am mentor or buddy of."""
    today = clock.today()
    assessed = set(reading.supported_by(viewer.id, today))
    others = set(reading.supported_by(viewer.id, today, assessing_only=False)) - assessed
    found = live_of(assessed | others)
    return _list(
        "progression/early/supported.html",
        [found[each] for each in assessed if each in found],
        beside=[found[each] for each in sorted(others) if each in found],
    )


@blueprint.get("/team/early-career")
@requires(Action.SEE_TEAM)
def team() -> ResponseReturnValue:
    """Those of my team who are on a programme."""
    today = clock.today()
    staff = people.team_of(viewer.id, viewer.organisation_id, today) if viewer.is_manager else []
    found = live_of([each.id for each in staff if each.id != viewer.id])
    return _list("progression/early/team.html", list(found.values()), beside=[])


def _list(template: str, found: list[Enrolled], *, beside: list[Enrolled]) -> ResponseReturnValue:
    """Render people with how each stands, the most pressing first."""
    today = clock.today()
    standings = reading.standings_of(found, today)
    pages = max(1, -(-len(standings) // PER_PAGE))
    page = min(max(request.args.get("page", 1, int), 1), pages)
    rows = standings[(page - 1) * PER_PAGE : page * PER_PAGE]
    late = sum(bool(each.late) for each in standings)
    return render_template(
        template,
        rows=rows,
        late=late,
        number=len(standings),
        beside=beside,
        today=today,
        page=page,
        pages=pages,
        this_page=this_page,
        paused=[each.enrolled.id for each in rows if is_paused(each.enrolled, today)],
    )


@blueprint.get("/progression/early-career/<int:enrolment_id>")
@requires(Action.SEE_EARLY_CAREER)
def person(enrolment_id: int) -> ResponseReturnValue:
    """One person's programme, as far as whoever looks may see it."""
    look = look_or_404(enrolment_id)
    if look.seat is Seat.WORKER:
        return redirect("/my/early-career")
    return render_template("progression/early/person.html", page=page_of(look, viewer.id))


@blueprint.route("/progression/early-career/<int:enrolment_id>/reviews/<code>", methods=["GET", "POST"])
@requires(Action.SEE_EARLY_CAREER)
def review(enrolment_id: int, code: str) -> ResponseReturnValue:
    """Write down a review that was held, with what it looked at."""
    look = look_or_404(enrolment_id, MAY_RECORD_REVIEWS)
    point = look.enrolled.point(code, clock.today())
    rule = look.enrolled.programme.point(code)
    if point is None or rule is None or rule.review_point_kind == "agreement":
        abort(404)
    before = reviews.review_of(enrolment_id, code)
    flags = review_flags(look)
    form = ReviewForm(
        held_on=before.held_on if before else None,
        summary=before.summary if before else None,
        actions=before.agreed_actions if before else None,
    )

    def do() -> None:
        shown = "; ".join(f"{title}: {words}" for title, words in flags)
        said = {"summary": form.summary.data or "", "actions": form.actions.data or "", "shown": shown}
        assert form.held_on.data, "a required date is there once the form is right"  # noqa: S101
        reviews.hold_review(enrolment_id, code, form.held_on.data, **said, by=viewer.id)

    return act(
        form,
        do,
        look,
        title=f"{point.title}: {look.enrolled.person}",
        intro=[f"It can be held from {date_words(point.opens_on)}, and is due by {date_words(point.due_on)}."],
        button="Keep it",
        done=f"The {point.title.lower()} is kept. You all can read it.",
        facts=flags,
    )


@blueprint.route("/progression/early-career/<int:enrolment_id>/agreement", methods=["GET", "POST"])
@requires(Action.SEE_EARLY_CAREER)
def agreement(enrolment_id: int) -> ResponseReturnValue:
    """Write the agreement, or a new version of it."""
    look = look_or_404(enrolment_id, MAY_WRITE_AGREEMENT)
    before = reviews.agreement_of(enrolment_id)
    parts = ("workload", "supervision", "learning")
    form = AgreementForm(**{name: getattr(before, name) if before else None for name in parts})
    signed = bool(before and reviews.signatures_of(before.id))
    return act(
        form,
        lambda: reviews.write_agreement(enrolment_id, *(form[name].data or "" for name in parts), by=viewer.id),
        look,
        title=f"Support and assessment agreement: {look.enrolled.person}",
        intro=["The worker, the assessor and the line manager sign it."]
        + (["It is signed already. A new version has to be signed anew by all three."] if signed else []),
        button="Keep it",
        done="The agreement is kept. The three who sign it are told.",
    )


@blueprint.post("/progression/early-career/<int:enrolment_id>/agreement/sign")
@requires(Action.SEE_EARLY_CAREER)
def sign(enrolment_id: int) -> ResponseReturnValue:
    """Sign the version of the agreement that was read."""
    look = look_or_404(enrolment_id, MAY_WRITE_AGREEMENT)
    form = SignForm()
    if not form.validate_on_submit():
        return refuse([FAULTS_OF_A_FORM], look), 422
    try:
        party = reviews.sign_agreement(enrolment_id, form.said, by=viewer.id)
    except EarlyRefused as refused:
        return refuse([FAULTS[fault] for fault in refused.faults], look), 409
    except LookupError:
        abort(404)
    flash(f"You have signed as {PARTIES[party].lower().removeprefix('the ')}.")
    return redirect(address_of(look), code=303)


FAULTS_OF_A_FORM = "The form could not be read. Open the page again and sign it there."


@blueprint.route("/progression/early-career/<int:enrolment_id>/self-assessments/<code>", methods=["GET", "POST"])
@requires(Action.SEE_EARLY_CAREER)
def self_assessment(enrolment_id: int, code: str) -> ResponseReturnValue:
    """Assess myself; or read how somebody whom I assess or manage sees herself."""
    look = look_or_404(enrolment_id, MAY_READ_SELF_ASSESSMENTS)
    point, rule = look.enrolled.point(code, clock.today()), look.enrolled.programme.self_assessment(code)
    if point is None or rule is None:
        abort(404)
    row, answers = reviews.self_assessments_of(enrolment_id).get(code, (None, {}))
    may_write = look.seat is Seat.WORKER and look.enrolled.is_live
    if not may_write or (row and request.method == "GET" and "change" not in request.args):
        if row is None or request.method == "POST":
            abort(404)
        framework = framework_of(row.framework_code, row.framework_version)
        titles = {each.code: each.title for each in framework.statements} if framework else {}
        lines = [(titles.get(each, each), SCALE[answer - 1]) for each, answer in answers.items()]
        return render_template(
            "progression/early/self_assessment.html", look=look, point=point, row=row, lines=lines, framework=framework,
            may_write=may_write, back=address_of(look),
        )  # fmt: skip
    framework = statements_for(look.enrolled.programme, clock.today())
    form = self_assessment_form(framework, answers, row.words if row else "")
    return act(
        form,
        lambda: reviews.assess_self(
            enrolment_id, code, answers_in(form, framework), form["words"].data or "", by=viewer.id
        ),
        look,
        title=point.title,
        intro=[
            f"The statements are those of the {framework.title}, {framework.version}, as they are valid today.",
            "Only you, your assessor and your line manager read it.",
        ],
        button="Keep it",
        done=f"Your {point.title.lower()} is kept.",
    )


@blueprint.route("/progression/early-career/<int:enrolment_id>/supervision", methods=["GET", "POST"])
@requires(Action.SEE_EARLY_CAREER)
def supervision(enrolment_id: int) -> ResponseReturnValue:
    """Write down that supervision was held."""
    look = look_or_404(enrolment_id, MAY_RECORD_SUPERVISION)
    patterns = look.enrolled.programme.supervision
    if not patterns:
        abort(404)
    form = SupervisionForm()
    form.kind.choices = [SelectChoice(each.code, f"{each.title}, with: {each.with_whom}") for each in patterns]

    def do() -> None:
        assert form.held_on.data, "a required date is there once the form is right"  # noqa: S101
        said = (str(form.kind.data), form.held_on.data, form.with_whom.data or "")
        reviews.record_supervision(enrolment_id, *said, by=viewer.id)

    return act(
        form,
        do,
        look,
        title=f"Supervision was held: {look.enrolled.person}",
        intro=["Only the day and with whom. What was said is not kept."],
        button="Keep it",
        done="The supervision is kept.",
    )


@blueprint.post("/progression/early-career/<int:enrolment_id>/supervision/<int:session_id>/remove")
@requires(Action.SEE_EARLY_CAREER)
def remove_supervision(enrolment_id: int, session_id: int) -> ResponseReturnValue:
    """Take back supervision that was written down by mistake."""
    look = look_or_404(enrolment_id, MAY_RECORD_SUPERVISION)
    if not Form().validate_on_submit():
        abort(400)
    try:
        reviews.withdraw_supervision(enrolment_id, session_id, by=viewer.id)
    except LookupError:
        abort(404)
    flash("It is taken back.")
    return redirect(address_of(look), code=303)


def look_or_404(enrolment_id: int, seats: tuple[Seat, ...] | None = None) -> Look:
    """Return an enrolment as the viewer sees it; only from one of these seats, where they are given."""
    enrolled = find_enrolled(enrolment_id)
    if enrolled is None or enrolled.organisation_id != viewer.organisation_id:
        abort(404)
    look = look_at(enrolled, viewer.id, is_officer=may(Action.KEEP_EARLY_CAREER))
    if look is None or look.seat not in (seats or (*MAY_SEE_ALL, Seat.COMPANION)):
        abort(404)
    return look


def act(
    form: Form,
    do: Callable[[], object],
    look: Look | None,
    *,
    title: str,
    intro: list[str],
    button: str,
    done: str,
    back: str = "",
    facts: list[tuple[str, str]] | None = None,
) -> ResponseReturnValue:
    """Ask for something, do it, and go back; every reason against it stands above what was typed."""
    address = address_of(look) if look else back
    shown = {"title": title, "intro": intro, "button": button, "back": address, "facts": facts or []}
    if not form.validate_on_submit():
        page = render_template("progression/early/act.html", form=form, **shown)
        return page, 422 if form.is_submitted() else 200
    try:
        do()
    except EarlyRefused as refused:
        form.form_errors.extend(_reasons(refused))
        return render_template("progression/early/act.html", form=form, **shown), 409
    except LookupError:
        abort(404)
    flash(done)
    return redirect(address, code=303)


def _reasons(refused: EarlyRefused) -> list[str]:
    """Say every reason, by name where several people were meant."""
    if not refused.people:
        return [FAULTS[fault] for fault in refused.faults]
    names = people.persons_by_id(refused.people)
    return [f"{names[each].name}: {FAULTS[fault]}" for each, faults in refused.people.items() for fault in faults]


def refuse(reasons: list[str], look: Look) -> str:
    """Say every reason why nothing was done."""
    return render_template("study/refused.html", reasons=reasons, back=address_of(look), back_to="The programme")
