"""Pages of awards: mine, those of somebody whom I may see, and Workforce Development's."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cpd.catalogue import service as catalogue
from cpd.people import service as people
from cpd.shared import clock
from cpd.shared.access import requires, viewer
from cpd.shared.permissions import Action
from cpd.study.awards import reading, service
from cpd.study.awards.forms import EndForm, EnrolForm, GivenForm, MoveForm, ProofForm, day
from cpd.study.awards.reading import AwardView, Enrolment
from cpd.study.awards.rules import Fault, Status, compositions_of
from cpd.study.awards.service import AwardRefused
from cpd.study.awards.showing import ShownAwards, shown_award, shown_awards
from cpd.study.awards.terms import Terms, terms_of
from cpd.study.awards.words import FAULTS, STATUSES, figure_words, verdict_of

blueprint = Blueprint("awards", __name__)

NOBODY = "Nobody here has this e-mail address or employee number. Check it, or look in the list of people"


@blueprint.get("/my/awards")
@requires(Action.SEE_OWN_RECORD)
def mine() -> ResponseReturnValue:
    """Where I stand on each award, and as a practice educator."""
    return render_template("study/awards/mine.html", page=_awards_of(viewer.id, is_own=True))


@blueprint.get("/my/awards/<code>")
@requires(Action.SEE_OWN_RECORD)
def my_award(code: str) -> ResponseReturnValue:
    """One award line by line: what is done, expected and still to do, and the shortest ways left."""
    page = _awards_of(viewer.id, is_own=True)
    award = page.award(code) or abort(404)
    return render_template("study/awards/one.html", page=page, award=award)


@blueprint.get("/people/<int:person_id>/awards")
@requires(Action.SEE_PERSON)
def person(person_id: int) -> ResponseReturnValue:
    """Where somebody stands, as her manager or Workforce Development sees it."""
    if person_id == viewer.id:
        return redirect(url_for("awards.mine"))
    found = people.find_visible(viewer.id, viewer.organisation_id, viewer.roles, person_id, clock.today())
    if found is None:
        abort(404)
    return render_template("study/awards/person.html", page=_awards_of(person_id, is_own=False), person=found)


@blueprint.get("/workforce/awards")
@requires(Action.KEEP_AWARDS)
def everybody() -> ResponseReturnValue:
    """Who is enrolled on what, and where each stands."""
    award, status = request.args.get("award", ""), request.args.get("status", "")
    page = reading.enrolment_page(viewer.organisation_id, request.args.get("page", 1, int), award, status)
    rows = [(view, figure_words(view), STATUSES[view.enrolment.status]) for view in page.views if view.enrolment]
    return render_template(
        "study/awards/everybody.html",
        page=page,
        rows=rows,
        awards=list(_titles().items()),
        statuses=[(str(status), label[0]) for status, label in STATUSES.items()],
        chosen={"award": award, "status": status},
        others=reading.count_under_other_rules(viewer.organisation_id),
    )


@blueprint.route("/workforce/awards/enrol", methods=["GET", "POST"])
@requires(Action.KEEP_AWARDS)
def enrol() -> ResponseReturnValue:
    """Enrol somebody on an award."""
    form = EnrolForm(person=request.args.get("person", ""), award=request.args.get("award", ""))
    form.offer(_titles().items(), _compositions())
    if not form.validate_on_submit():
        return render_template("study/awards/enrol.html", form=form), 422 if form.is_submitted() else 200
    person_id = people.find_colleague(viewer.organisation_id, form.person.data or "")
    if person_id is None:
        form.person.errors = [NOBODY]
        return render_template("study/awards/enrol.html", form=form), 422
    try:
        enrolment_id = service.enrol(
            person_id,
            str(form.award.data),
            enrolled_on=day(form.enrolled_on),
            composition=form.chosen_composition,
            by=viewer.id,
        )
    except AwardRefused as refused:
        return _refuse(refused, "/workforce/awards/enrol", "Enrol somebody")
    flash("The person is enrolled, and told.")
    return redirect(url_for("awards.one", enrolment_id=enrolment_id), code=303)


@blueprint.route("/workforce/awards/rules", methods=["GET", "POST"])
@requires(Action.KEEP_AWARDS)
def rules() -> ResponseReturnValue:
    """Who is enrolled under older rules, who would gain and who would lose, and moving people."""
    rows = reading.under_other_rules(viewer.organisation_id)
    form = MoveForm()
    form.offer(_movable(rows))
    if not form.validate_on_submit():
        shown = [(now, then, verdict_of(now, then)) for now, then in rows]
        has_own = any(now.record.person_id == viewer.id for now, _ in rows)
        page = render_template("study/awards/rules.html", rows=shown, form=form, figure=figure_words, has_own=has_own)
        return page, 422 if form.is_submitted() else 200
    chosen: list[int] = list(form.people.data or [])
    try:
        number = service.move_to_rules_in_force(
            chosen, viewer.organisation_id, reason=form.why.data or "", by=viewer.id
        )
    except AwardRefused as refused:
        return _refuse(refused, "/workforce/awards/rules", "Who is under older rules")
    flash(f"{number} {'person is' if number == 1 else 'people are'} under the rules in force now, and told.")
    return redirect(url_for("awards.rules"), code=303)


@blueprint.get("/workforce/awards/<int:enrolment_id>")
@requires(Action.KEEP_AWARDS)
def one(enrolment_id: int) -> ResponseReturnValue:
    """One enrolment: where she stands, and what can be done about it."""
    return _show(_ours_or_404(enrolment_id), None)


@blueprint.post("/workforce/awards/<int:enrolment_id>/end")
@requires(Action.KEEP_AWARDS)
def end(enrolment_id: int) -> ResponseReturnValue:
    """End an enrolment, for a reason."""
    enrolment, form = _ours_or_404(enrolment_id), EndForm()
    if not form.validate_on_submit():
        return _show(enrolment, form)
    try:
        service.end_enrolment(enrolment_id, reason=form.reason.data or "", by=viewer.id)
    except AwardRefused as refused:
        return _refuse(refused, f"/workforce/awards/{enrolment_id}", "The enrolment as it is now")
    return _done(enrolment_id, f"The enrolment is ended. {enrolment.person} is told.")


@blueprint.post("/workforce/awards/<int:enrolment_id>/given")
@requires(Action.KEEP_AWARDS)
def given(enrolment_id: int) -> ResponseReturnValue:
    """Record that the university has given the award."""
    enrolment, form = _ours_or_404(enrolment_id), GivenForm()
    if not form.validate_on_submit():
        return _show(enrolment, form)
    try:
        service.record_award(
            enrolment_id, awarded_on=day(form.awarded_on), reason=form.evidence.data or "", by=viewer.id
        )
    except AwardRefused as refused:
        return _refuse(refused, f"/workforce/awards/{enrolment_id}", "The enrolment as it is now")
    return _done(enrolment_id, f"The award is recorded. {enrolment.person} is told.")


@blueprint.post("/workforce/awards/<int:enrolment_id>/take-back")
@requires(Action.KEEP_AWARDS)
def take_back(enrolment_id: int) -> ResponseReturnValue:
    """Take back an award that was recorded by hand and should not stand."""
    enrolment, form = _ours_or_404(enrolment_id), EndForm()
    if not form.validate_on_submit():
        return _show(enrolment, form)
    try:
        service.take_award_back(enrolment_id, reason=form.reason.data or "", by=viewer.id)
    except AwardRefused as refused:
        return _refuse(refused, f"/workforce/awards/{enrolment_id}", "The enrolment as it is now")
    return _done(enrolment_id, f"The award is taken back. {enrolment.person} is told.")


@blueprint.post("/workforce/awards/<int:enrolment_id>/proof")
@requires(Action.KEEP_AWARDS)
def proof(enrolment_id: int) -> ResponseReturnValue:
    """Record proof that prior learning is current."""
    enrolment, form = _ours_or_404(enrolment_id), ProofForm()
    form.offer(shown_award(_view(enrolment), is_own=False, in_force=0).needs_proof)
    if not form.validate_on_submit():
        return _show(enrolment, form)
    try:
        service.prove_currency(
            enrolment.person_id,
            str(form.kind.data),
            proved_on=day(form.proved_on),
            proof=form.proof.data or "",
            by=viewer.id,
        )
    except AwardRefused as refused:
        return _refuse(refused, f"/workforce/awards/{enrolment_id}", "The enrolment as it is now")
    return _done(enrolment_id, "The proof is recorded, and the prior learning counts.")


def _awards_of(person_id: int, *, is_own: bool) -> ShownAwards:
    return shown_awards(reading.awards_of(person_id, viewer.organisation_id), is_own=is_own)


def _terms() -> Terms | None:
    """Return the rules in force at the viewer's organisation."""
    scheme = catalogue.scheme_in_force(viewer.organisation_id)
    return terms_of(scheme) if scheme else None


def _titles() -> dict[str, str]:
    """Name the awards of the viewer's organisation by their codes."""
    terms = _terms()
    return {code: award.title for code, award in terms.awards.items()} if terms else {}


def _compositions() -> Iterator[tuple[str, str]]:
    """Name every composition of every award: an award's code, a colon and the composition's own."""
    terms = _terms()
    for award in terms.awards.values() if terms else ():
        for each in compositions_of(award) if award.instead else ():
            words = each.title if each.code else "Usual"
            yield f"{award.code}:{each.code}", f"{award.title}: {words}"


def _movable(rows: list[tuple[AwardView, AwardView | None]]) -> list[tuple[int, str]]:
    """Name whoever the viewer can move, with her award: anybody but herself."""
    return [
        (now.enrolment.id, f"{now.enrolment.person}, {now.award.title}")
        for now, then in rows
        if then and now.enrolment and now.enrolment.person_id != viewer.id
    ]


def _ours_or_404(enrolment_id: int) -> Enrolment:
    """Return an enrolment of the viewer's organisation."""
    enrolment = reading.find_enrolment(enrolment_id, viewer.organisation_id)
    if enrolment is None:
        abort(404)
    return enrolment


def _view(enrolment: Enrolment) -> AwardView:
    return reading.view_of(enrolment)


def _show(enrolment: Enrolment, typed: EndForm | GivenForm | ProofForm | None) -> ResponseReturnValue:
    """Render an enrolment with what can be done about it; `typed` is the form that was sent and is not right."""
    view, terms = _view(enrolment), _terms()
    award = shown_award(view, is_own=False, in_force=terms.scheme_version_id if terms else 0)
    forms = {
        "ending": typed if isinstance(typed, EndForm) else EndForm(formdata=None),
        "giving": typed if isinstance(typed, GivenForm) else GivenForm(formdata=None),
        "proving": typed if isinstance(typed, ProofForm) else ProofForm(formdata=None),
    }
    if not isinstance(typed, ProofForm):
        forms["proving"].offer(award.needs_proof)
    page = render_template(
        "study/awards/enrolment.html",
        enrolment=enrolment,
        award=award,
        forms=list(forms.values()),
        titles=view.terms.titles,
        own=FAULTS[Fault.OWN] if enrolment.person_id == viewer.id else "",
        is_live=enrolment.status is Status.ENROLLED,
        is_by_hand=view.place is None,
        **forms,
    )
    return page, 422 if typed else 200


def _refuse(refused: AwardRefused, href: str, text: str) -> ResponseReturnValue:
    """Say every reason why nothing was done, and where to go on."""
    reasons = [FAULTS[fault] for fault in refused.faults]
    return render_template("study/refused.html", reasons=reasons, back=href, back_to=text), 409


def _done(enrolment_id: int, words: str) -> ResponseReturnValue:
    flash(words)
    return redirect(url_for("awards.one", enrolment_id=enrolment_id), code=303)
