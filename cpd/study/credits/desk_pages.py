"""Workforce Development keeps the ledger: what is expected, what boards decide, and what was wrong."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cpd.people import service as people
from cpd.people.service import PersonFacts
from cpd.shared import clock
from cpd.shared.access import requires, viewer
from cpd.shared.permissions import Action
from cpd.shared.wording import and_words, counted
from cpd.study.credits import reading, service
from cpd.study.credits.forms import (
    BESIDE,
    PASSED,
    REFERRED,
    BoardForm,
    CorrectForm,
    EnterForm,
    WithdrawForm,
    board_form,
    day_of,
)
from cpd.study.credits.offer import CreditSource, said_about, sources_of
from cpd.study.credits.reading import EntryFacts
from cpd.study.credits.rules import CreditFault, CreditSaid, CreditStatus
from cpd.study.credits.service import CreditsRefused
from cpd.study.credits.views import blueprint
from cpd.study.credits.words import CANNOT_ENTER

DECIDED = {PASSED: CreditStatus.AWARDED, REFERRED: CreditStatus.REFUSED}
"""What a result on the form of a board comes to."""


@blueprint.get("/workforce/credits")
@requires(Action.KEEP_CREDITS)
def desk() -> ResponseReturnValue:
    """Claims to send on, what universities have still to answer, and the modules whose boards are expected."""
    named = request.args.get("person", "").strip()[:200]
    return render_template(
        "study/credits/desk.html",
        claims=reading.open_claims(viewer.organisation_id),
        modules=[each for each in sources_of(viewer.organisation_id).values() if each.is_module],
        counts=reading.expected_counts(viewer.organisation_id),
        named=named,
        found=people.search_people(viewer.organisation_id, named) if named else [],
        today=clock.today(),
    )


@blueprint.route("/people/<int:person_id>/credits/enter", methods=["GET", "POST"])
@requires(Action.KEEP_CREDITS)
def enter(person_id: int) -> ResponseReturnValue:
    """Enter what somebody expects, or what a board has decided."""
    person = _ours_or_404(person_id)
    sources = sources_of(viewer.organisation_id)
    form = EnterForm()
    form.offer((each.code, each.title) for each in sources.values())
    if not form.validate_on_submit():
        return _ask_enter(form, person, 422 if form.is_submitted() else 200)
    source = sources[str(form.source.data)]
    if not source.only_once and not form.title.data:
        form.title.errors = ["Enter what it was called"]
        return _ask_enter(form, person, 422)
    try:
        service.enter(_said(form, source, person_id), by=viewer.id)
    except CreditsRefused as refused:
        return _ask_enter(form, person, form.say(refused.faults))
    flash(f"It is entered. {person.name} can see it.")
    return redirect(url_for("credits.of_person", person_id=person_id), code=303)


@blueprint.route("/workforce/credits/entries/<int:entry_id>", methods=["GET", "POST"])
@requires(Action.KEEP_CREDITS)
def entry(entry_id: int) -> ResponseReturnValue:
    """Correct an entry: it stays, and another follows it, with who and why."""
    found = _entry_or_404(entry_id)
    form = CorrectForm(data=_as_typed(found))
    if found.person_id == viewer.id or not found.is_newest:
        return _cannot_change(found)
    if not form.validate_on_submit():
        return _ask_correct(found, form, WithdrawForm(formdata=None), 422 if form.is_submitted() else 200)
    try:
        service.correct(entry_id, _corrected(found, form), by=viewer.id)
    except CreditsRefused as refused:
        return _ask_correct(found, form, WithdrawForm(formdata=None), form.say(refused.faults))
    flash(f"It is corrected. {found.person} is told.")
    return redirect(url_for("credits.of_person", person_id=found.person_id), code=303)


@blueprint.post("/workforce/credits/entries/<int:entry_id>/withdraw")
@requires(Action.KEEP_CREDITS)
def withdraw_entry(entry_id: int) -> ResponseReturnValue:
    """Withdraw credits that are expected or awarded."""
    found = _entry_or_404(entry_id)
    form = WithdrawForm()
    correct = CorrectForm(formdata=None, data=_as_typed(found))
    if not form.validate_on_submit():
        return _ask_correct(found, correct, form, 422)
    try:
        service.withdraw(entry_id, reason=form.why.data or "", by=viewer.id)
    except CreditsRefused as refused:
        return _ask_correct(found, correct, form, correct.say(refused.faults))
    flash(f"It is withdrawn and counts no more. {found.person} is told.")
    return redirect(url_for("credits.of_person", person_id=found.person_id), code=303)


@blueprint.route("/workforce/credits/board/<code>", methods=["GET", "POST"])
@requires(Action.KEEP_CREDITS)
def board(code: str) -> ResponseReturnValue:
    """Enter what one award board has decided, for many people at once."""
    source = sources_of(viewer.organisation_id).get(code)
    if source is None or not source.is_module:
        abort(404)
    expected = reading.expected_from(viewer.organisation_id, code)
    form = board_form(
        ((each.id, each.person) for each in expected), sent=request.method == "POST", known=_known(source, expected)
    )
    if not form.validate_on_submit():
        return _ask_board(form, source, expected, 422 if form.is_submitted() else 200)
    results = _results(form, source, expected)
    if not results:
        return _ask_board(form, source, expected, 422)
    try:
        service.enter_all(results, by=viewer.id)
    except CreditsRefused as refused:
        return _ask_board(form, source, expected, _say_whose(form, refused))
    passed = sum(each.status is CreditStatus.AWARDED for each in results)
    flash(f"{counted(passed, 'person has', 'people have')} the credits, {len(results) - passed} not. All are told.")
    return redirect(url_for("credits.desk"), code=303)


def _ours_or_404(person_id: int) -> PersonFacts:
    """Return somebody of the viewer's organisation."""
    found = people.people_of(viewer.organisation_id, [person_id]).get(person_id)
    if found is None:
        abort(404)
    return found


def _entry_or_404(entry_id: int) -> EntryFacts:
    """Return an entry of the viewer's organisation."""
    found = reading.find_entry(entry_id)
    if found is None or found.organisation_id != viewer.organisation_id:
        abort(404)
    return found


def _said(form: EnterForm, source: CreditSource, person_id: int) -> CreditSaid:
    """Return what was typed as an entry."""
    return said_about(
        source,
        person_id,
        status=CreditStatus(form.status.data or ""),
        board_on=day_of(form.board_on),
        university=form.university.data or "",
        credits_=form.credits.amount,
        academic_level=form.academic_level.data,
        title=form.title.data or "",
    )


def _as_typed(found: EntryFacts) -> dict[str, Any]:
    """Put an entry into the boxes of its form."""
    names = ("board_on", "university", "academic_level", "status")
    return {name: getattr(found, name) for name in names} | {"credits": f"{found.credits.normalize():f}"}


def _corrected(found: EntryFacts, form: CorrectForm) -> CreditSaid:
    """Return an entry as it should be; what is left empty stays."""
    return CreditSaid(
        person_id=found.person_id,
        activity=found.activity,
        source=found.source,
        earned_by=found.earned_by,
        title=found.title,
        credits=found.credits if form.credits.amount is None else form.credits.amount,
        academic_level=form.academic_level.data or found.academic_level,
        university=form.university.data or "",
        board_on=day_of(form.board_on),
        status=CreditStatus(form.status.data or ""),
        learning_ended_on=found.learning_ended_on,
        claim_id=found.claim_id,
        reason=form.reason.data or "",
    )


def _known(source: CreditSource, expected: list[EntryFacts]) -> dict[str, Any]:
    """Fill in what is known already of a board: when it was expected, where, and how much it awards."""
    first = min(expected, key=lambda each: each.board_on, default=None)
    usual = source.credits or (first.credits if first else None)
    return {
        "board_on": first.board_on if first and first.board_on <= clock.today() else None,
        "university": first.university if first else "",
        "credits": f"{usual.normalize():f}" if usual else "",
        "academic_level": source.academic_level or (first.academic_level if first else None),
    }


def _results(form: BoardForm, source: CreditSource, expected: list[EntryFacts]) -> list[CreditSaid]:
    """Return what was decided, person by person; none, and the form says why, where something is wrong."""
    known = {each.id: each.person_id for each in expected}
    chosen = {known[number]: result for number, result in form.results().items() if number in known}
    others = _others(form, chosen)
    if form.others.errors:
        return []
    results = chosen | dict.fromkeys(others, PASSED)
    if not results:
        form.form_errors.append("Choose a result for somebody, or name others who have passed")
    terms: dict[str, Any] = {"board_on": day_of(form.board_on), "university": form.university.data or ""}
    terms |= {"credits_": form.credits.amount, "academic_level": form.academic_level.data}
    return [said_about(source, who, status=DECIDED[result], **terms) for who, result in results.items()]


def _others(form: BoardForm, chosen: Collection[int]) -> list[int]:
    """Return who was named besides those expected; the form says whom it does not know, or knows already."""
    named_here = form.named()
    found = people.find_colleagues(viewer.organisation_id, named_here) if named_here else {}
    if unknown := [named for named in named_here if named not in found]:
        form.others.errors = [f"Nobody here has the address or number {and_words(unknown, last='or')}"]
    elif twice := [named for named, person_id in found.items() if person_id in chosen]:
        form.others.errors = [f"{and_words(twice)} stands above already: choose the result there"]
    return list(found.values())


def _say_whose(form: BoardForm, refused: CreditsRefused) -> int:
    """Show why nothing was entered: beside its field what concerns all, above the form whom else it concerns."""
    whose = people.people_of(viewer.organisation_id, list(refused.by_person))
    statuses = [form.say(fault for fault in refused.faults if fault in BESIDE)]
    for person_id, faults in refused.by_person.items():
        statuses.append(form.say((fault for fault in faults if fault not in BESIDE), whose[person_id].name))
    return max(statuses, key=lambda status: status == 409)  # noqa: PLR2004 - a refusal


def _ask_enter(form: EnterForm, person: PersonFacts, status: int) -> ResponseReturnValue:
    return render_template("study/credits/enter.html", form=form, person=person), status


def _ask_correct(found: EntryFacts, correct: CorrectForm, withdraw: WithdrawForm, status: int) -> ResponseReturnValue:
    """Render an entry with both forms."""
    page = render_template(
        "study/credits/entry.html",
        entry=found,
        correct=correct,
        withdraw=withdraw,
        forms=[correct, withdraw],
        can_withdraw=found.status in (CreditStatus.EXPECTED, CreditStatus.AWARDED),
    )
    return page, status


def _cannot_change(found: EntryFacts) -> ResponseReturnValue:
    """Say why an entry cannot be changed: it is the officer's own, or another has followed it."""
    fault = CreditFault.OWN if found.person_id == viewer.id else CreditFault.CHANGED_MEANWHILE
    address = url_for("credits.of_person", person_id=found.person_id)
    heading = "This entry cannot be changed"
    return render_template(
        "study/credits/refused.html", heading=heading, advice=CANNOT_ENTER[fault], address=address
    ), 409


def _ask_board(form: BoardForm, source: CreditSource, expected: list[EntryFacts], status: int) -> ResponseReturnValue:
    """Render the form of one award board."""
    rows = [(each, form[f"result_{each.id}"]) for each in expected]
    return render_template("study/credits/board.html", form=form, source=source, rows=rows), status
