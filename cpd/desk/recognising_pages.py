"""Recognising somebody's learning by hand, and putting right what stands on her record."""

from __future__ import annotations

from collections.abc import Mapping

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from cpd.catalogue import service as catalogue
from cpd.desk.views import blueprint
from cpd.people import service as people
from cpd.people.service import PersonFacts
from cpd.record.claims import service
from cpd.record.claims.forms import PutRightForm, RecogniseForm, TakeBackForm
from cpd.record.claims.rules import FROM_REGISTER, Refusal, against_putting_right
from cpd.record.claims.service import ClaimRefused, ClaimWrong
from cpd.record.entries import Entry, said_of
from cpd.record.facts import FactRefused
from cpd.requirements.record import FactKind
from cpd.shared.access import requires, viewer
from cpd.shared.kept_files import takes_files
from cpd.shared.permissions import Action


@blueprint.route("/people/<int:person_id>/recognise", methods=["GET", "POST"])
@requires(Action.RECOGNISE_LEARNING)
@takes_files
def recognise(person_id: int) -> ResponseReturnValue:
    """Recognise what somebody did elsewhere as a module, with reason and evidence (AMB-25)."""
    person = _ours_or_404(person_id)
    form = RecogniseForm()
    form.offer((each.id, each.full_title) for each in catalogue.modules_of([viewer.organisation_id]).values())
    if person_id == viewer.id:
        return _refuse(person, Refusal.OWN)
    if not form.validate_on_submit():
        page = render_template("desk/recognise.html", person=person, form=form)
        return page, 422 if form.is_submitted() else 200
    try:
        service.recognise(person_id, form.said(), form.certificate.sent, reason=form.reason.data or "", by=viewer.id)
    except ClaimWrong as wrong:
        form.say(wrong.faults)
        return render_template("desk/recognise.html", person=person, form=form), 422
    flash(f"It is recognised. {person.name} is told.")
    return redirect(url_for("home.person", person_id=person_id), code=303)


@blueprint.get("/people/<int:person_id>/put-right")
@requires(Action.RECOGNISE_LEARNING)
def list_facts(person_id: int) -> ResponseReturnValue:
    """Show the facts that stand on somebody's record, to choose one that is wrong."""
    person = _ours_or_404(person_id)
    titles = _titles()
    facts = [each.entry for each in said_of(person_id) if each.entry.is_in_force and _may_be(each.entry)]
    return render_template("desk/facts.html", person=person, facts=facts, titles=titles, session_of=_session_of)


@blueprint.get("/people/<int:person_id>/put-right/<int:fact_id>")
@requires(Action.RECOGNISE_LEARNING)
def fact(person_id: int, fact_id: int) -> ResponseReturnValue:
    """Show one fact, to correct or to withdraw it."""
    person, entry = _ours_or_404(person_id), _fact_or_404(person_id, fact_id)
    if against := _against(person, entry):
        return _refuse(person, against)
    return _show(person, entry, *_forms(entry))


@blueprint.post("/people/<int:person_id>/put-right/<int:fact_id>/correct")
@requires(Action.RECOGNISE_LEARNING)
def put_right(person_id: int, fact_id: int) -> ResponseReturnValue:
    """Correct a fact: it is superseded and stays, with who and why."""
    person, entry = _ours_or_404(person_id), _fact_or_404(person_id, fact_id)
    correct, withdraw = _forms(entry, typed=PutRightForm)
    if not correct.validate_on_submit() or correct.happened_on.data is None:
        return _show(person, entry, correct, withdraw, 422)
    module_id = correct.module.data if "module" in correct else None
    reason, on = correct.reason.data or "", correct.happened_on.data
    try:
        service.put_right(fact_id, module_id=module_id, happened_on=on, reason=reason, by=viewer.id)
    except ClaimRefused as refused:
        return _refuse(person, refused.reason)
    except FactRefused:
        correct.happened_on.errors = ["Enter a day that is not in the future"]
        return _show(person, entry, correct, withdraw, 422)
    flash(f"It is corrected. {person.name} is told.")
    return redirect(url_for("home.person", person_id=person_id), code=303)


@blueprint.post("/people/<int:person_id>/put-right/<int:fact_id>/withdraw")
@requires(Action.RECOGNISE_LEARNING)
def take_back(person_id: int, fact_id: int) -> ResponseReturnValue:
    """Withdraw a fact: it counts no more, and bookings that rest on it are looked at."""
    person, entry = _ours_or_404(person_id), _fact_or_404(person_id, fact_id)
    correct, withdraw = _forms(entry, typed=TakeBackForm)
    if not withdraw.validate_on_submit():
        return _show(person, entry, correct, withdraw, 422)
    try:
        service.take_back(fact_id, reason=withdraw.why.data or "", by=viewer.id)
    except ClaimRefused as refused:
        return _refuse(person, refused.reason)
    flash(f"It is withdrawn and counts no more. {person.name} is told.")
    return redirect(url_for("home.person", person_id=person_id), code=303)


def _ours_or_404(person_id: int) -> PersonFacts:
    """Return somebody of the viewer's organisation."""
    found = people.people_of(viewer.organisation_id, [person_id]).get(person_id)
    if found is None:
        abort(404)
    return found


def _fact_or_404(person_id: int, fact_id: int) -> Entry:
    """Return one fact of somebody's, in force or not."""
    entries = [entry for said in said_of(person_id) for entry in (said.entry, *said.before)]
    found = next((entry for entry in entries if entry.id == fact_id), None)
    if found is None:
        abort(404)
    return found


def _may_be(entry: Entry) -> bool:
    """Say whether a fact is of a kind that is put right here or in a register."""
    against = against_putting_right(entry.kind, entry.source_kind, 0, viewer.id)
    return against in (None, Refusal.OF_A_REGISTER)


def _against(person: PersonFacts, entry: Entry) -> Refusal | None:
    """Say why a fact cannot be put right by the viewer."""
    against = against_putting_right(entry.kind, entry.source_kind, person.id, viewer.id)
    return against or (None if entry.is_in_force else Refusal.NO_LONGER_IN_FORCE)


def _session_of(entry: Entry) -> int | None:
    """Return the session whose register says a fact, None where no register does."""
    number = entry.source_kind.removeprefix(FROM_REGISTER)
    return int(number) if number != entry.source_kind and number.isdecimal() else None


def _forms(entry: Entry, typed: type | None = None) -> tuple[PutRightForm, TakeBackForm]:
    """Make both forms; `typed` is the one that was sent."""
    modules = catalogue.modules_of([viewer.organisation_id], withdrawn_too=True)
    current = next((each.id for each in modules.values() if each.code == entry.subject), None)
    known = {"module": current, "happened_on": entry.happened_on}
    correct = PutRightForm() if typed is PutRightForm else PutRightForm(formdata=None, data=known)
    about_module = entry.kind is not FactKind.LEARNING
    correct.offer([(each.id, each.full_title) for each in modules.values()] if about_module else [])
    return correct, TakeBackForm() if typed is TakeBackForm else TakeBackForm(formdata=None)


def _show(
    person: PersonFacts, entry: Entry, correct: PutRightForm, withdraw: TakeBackForm, status: int = 200
) -> ResponseReturnValue:
    """Render one fact with both forms."""
    return render_template(
        "desk/fact.html",
        person=person,
        fact=entry,
        correct=correct,
        withdraw=withdraw,
        forms=[correct, withdraw],
        titles=_titles(),
    ), status


def _refuse(person: PersonFacts, reason: Refusal) -> ResponseReturnValue:
    """Say why nothing was changed, and what to do."""
    return render_template("desk/cannot_put_right.html", person=person, reason=reason), 409


def _titles() -> Mapping[str, str]:
    """Name the modules by their codes, also those that are taught no more."""
    modules = catalogue.modules_of([viewer.organisation_id], withdrawn_too=True).values()
    return {each.code: each.full_title for each in modules}
