"""Pages of vacancies and ceilings: everybody of the council sees them, HR and the operations manager keep them."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from cpd.progression.vacancies import reading, service
from cpd.progression.vacancies.forms import FIELDS, CloseVacancyForm, VacancyForm
from cpd.progression.vacancies.reading import VacancyFacts
from cpd.progression.vacancies.service import VacancyRefused
from cpd.progression.vacancies.showing import my_part, steps_shown
from cpd.progression.vacancies.wording import VACANCY_FAULTS
from cpd.shared.access import may, requires, viewer
from cpd.shared.forms import Form
from cpd.shared.permissions import Action

blueprint = Blueprint("vacancies", __name__)


@blueprint.get("/progression/vacancies")
@requires(Action.SEE_VACANCIES)
def index() -> ResponseReturnValue:
    """The posts that are free: those of my own next step first; and all of them for whoever keeps them."""
    if may(Action.KEEP_VACANCIES):
        open_ones, aside = reading.kept_vacancies(viewer.organisation_id)
    else:
        open_ones, aside = reading.open_vacancies(viewer.organisation_id), []
    mine = my_part(viewer.id, viewer.organisation_id)
    return render_template("progression/vacancies/index.html", vacancies=open_ones, aside=aside, mine=mine)


@blueprint.get("/progression/vacancies/<int:vacancy_id>")
@requires(Action.SEE_VACANCIES)
def one(vacancy_id: int) -> ResponseReturnValue:
    """One vacancy: what it is, what the step into it asks, who decides, and how to apply."""
    vacancy = _ours_or_404(vacancy_id)
    return render_template(
        "progression/vacancies/one.html",
        vacancy=vacancy,
        steps=steps_shown(viewer.organisation_id, vacancy.career_level),
        mine=my_part(viewer.id, viewer.organisation_id),
    )


@blueprint.route("/progression/vacancies/new", methods=["GET", "POST"])
@requires(Action.KEEP_VACANCIES)
def new() -> ResponseReturnValue:
    """Open a vacancy."""
    form = _form()
    if not form.validate_on_submit():
        return _edit(form, 422 if form.is_submitted() else 200)
    try:
        key = form.form_key.data or ""
        vacancy_id = service.open_vacancy(viewer.organisation_id, form.wanted(), by=viewer.id, form_key=key)
    except VacancyRefused as refused:
        return _say(form, refused)
    flash("The vacancy is open. Everybody in the council can see it.")
    return redirect(url_for("vacancies.one", vacancy_id=vacancy_id), code=303)


@blueprint.route("/progression/vacancies/<int:vacancy_id>/change", methods=["GET", "POST"])
@requires(Action.KEEP_VACANCIES)
def change(vacancy_id: int) -> ResponseReturnValue:
    """Change what an open vacancy says."""
    vacancy = _ours_or_404(vacancy_id)
    form = _form()
    if not form.is_submitted():
        form.fill(vacancy)
    if not form.validate_on_submit():
        return _edit(form, 422 if form.is_submitted() else 200, vacancy)
    try:
        service.change_vacancy(vacancy_id, viewer.organisation_id, form.wanted(), by=viewer.id)
    except VacancyRefused as refused:
        return _say(form, refused, vacancy)
    flash("The vacancy is changed.")
    return redirect(url_for("vacancies.one", vacancy_id=vacancy_id), code=303)


@blueprint.route("/progression/vacancies/<int:vacancy_id>/close", methods=["GET", "POST"])
@requires(Action.KEEP_VACANCIES)
def close(vacancy_id: int) -> ResponseReturnValue:
    """Close an open vacancy, for a reason."""
    vacancy = _ours_or_404(vacancy_id)
    form = CloseVacancyForm()
    if not form.validate_on_submit():
        page = render_template("progression/vacancies/close.html", vacancy=vacancy, form=form)
        return page, 422 if form.is_submitted() else 200
    try:
        service.close_vacancy(vacancy_id, viewer.organisation_id, reason=form.reason.data or "", by=viewer.id)
    except VacancyRefused as refused:
        reasons, back = [VACANCY_FAULTS[each] for each in refused.faults], f"/progression/vacancies/{vacancy_id}"
        return render_template("study/refused.html", reasons=reasons, back=back, back_to="The vacancy"), 409
    flash("The vacancy is closed.")
    return redirect(url_for("vacancies.index"), code=303)


@blueprint.get("/progression/ceilings")
@requires(Action.SEE_VACANCIES)
def ceilings() -> ResponseReturnValue:
    """How much of each step's ceiling is taken, without names: everybody can see that it is kept (C-3, C-4)."""
    return render_template("progression/vacancies/ceilings.html", ceilings=reading.ceilings_of(viewer.organisation_id))


def _ours_or_404(vacancy_id: int) -> VacancyFacts:
    """Return a vacancy of the viewer's organisation; what is not open yet only whoever keeps vacancies sees."""
    found = reading.find_vacancy(vacancy_id, viewer.organisation_id)
    if found is None or (found.is_ahead and not may(Action.KEEP_VACANCIES)):
        abort(404)
    return found


def _form() -> VacancyForm:
    """Return the form of a vacancy with the career levels of which there can be one."""
    form = VacancyForm()
    form.offer(reading.levels_with_vacancies(viewer.organisation_id))
    return form


def _edit(form: Form, status: int, vacancy: VacancyFacts | None = None) -> ResponseReturnValue:
    """Render what a vacancy says, to be written or changed."""
    return render_template("progression/vacancies/edit.html", form=form, vacancy=vacancy), status


def _say(form: VacancyForm, refused: VacancyRefused, vacancy: VacancyFacts | None = None) -> ResponseReturnValue:
    """Show the form again with every reason why nothing was done."""
    form.say(refused.faults)
    return _edit(form, 422 if FIELDS.keys() >= set(refused.faults) else 409, vacancy)
