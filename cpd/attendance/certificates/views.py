"""Pages of certificates: mine, those that Workforce Development prints for people, and the public check of one."""

from __future__ import annotations

from flask import Response, abort, render_template
from flask.typing import ResponseReturnValue

from cpd.attendance.certificates import service
from cpd.attendance.certificates.forms import NameForm
from cpd.attendance.certificates.paper import certificate_pdf
from cpd.attendance.certificates.rules import State
from cpd.attendance.views import blueprint
from cpd.people import service as people
from cpd.shared.access import public, requires, viewer
from cpd.shared.permissions import Action


@blueprint.get("/my/certificates")
@requires(Action.SEE_OWN_RECORD)
def certificates() -> ResponseReturnValue:
    """My certificates of attendance."""
    return _listed(viewer.id, viewer.name, "/my/certificates", mine=True)


@blueprint.get("/my/certificates/<int:certificate_id>.pdf")
@requires(Action.SEE_OWN_RECORD)
def certificate_paper(certificate_id: int) -> ResponseReturnValue:
    """One of my certificates on paper; where it is withheld or withdrawn, why."""
    return _paper(viewer.id, certificate_id, "/my/certificates", mine=True)


@blueprint.get("/people/<int:person_id>/certificates")
@requires(Action.PRINT_CERTIFICATES)
def certificates_of_somebody(person_id: int) -> ResponseReturnValue:
    """Somebody's certificates, for Workforce Development, whom people ask for another copy."""
    return _listed(person_id, _name_of(person_id), f"/people/{person_id}/certificates", mine=False)


@blueprint.get("/people/<int:person_id>/certificates/<int:certificate_id>.pdf")
@requires(Action.PRINT_CERTIFICATES)
def certificate_paper_of_somebody(person_id: int, certificate_id: int) -> ResponseReturnValue:
    """One of somebody's certificates on paper, as she would print it herself."""
    _name_of(person_id)
    return _paper(person_id, certificate_id, f"/people/{person_id}/certificates", mine=False)


@blueprint.route("/certificates/<code>", methods=["GET", "POST"])
@public
def check_certificate(code: str) -> ResponseReturnValue:
    """Say whether a certificate is valid, to anybody who has its link, and show no more than that needs."""
    certificate = service.certificate_by_code(code)
    if certificate is None:
        return render_template("attendance/certificates/unknown.html"), 404
    form = NameForm()
    matches = service.is_name_on(certificate, form.name.data or "") if form.validate_on_submit() else None
    status = 422 if form.is_submitted() and matches is None else 200
    page = render_template("attendance/certificates/check.html", certificate=certificate, form=form, matches=matches)
    return page, status


def _name_of(person_id: int) -> str:
    """Return the name of one of the viewer's organisation's people, else 404."""
    found = people.people_of(viewer.organisation_id, [person_id]).get(person_id)
    return found.name if found else abort(404)


def _listed(person_id: int, name: str, address: str, *, mine: bool) -> ResponseReturnValue:
    """Show somebody's certificates."""
    found = service.certificates_of(person_id)
    page = "attendance/certificates/list.html"
    return render_template(page, certificates=found, name=name, address=address, mine=mine)


def _paper(person_id: int, certificate_id: int, address: str, *, mine: bool) -> ResponseReturnValue:
    """Give one of somebody's certificates out on paper, or say why not."""
    certificate = service.find_certificate(person_id, certificate_id)
    if certificate is None:
        abort(404)
    if certificate.state is not State.VALID:
        page = "attendance/certificates/refused.html"
        return render_template(page, certificate=certificate, address=address, mine=mine), 409
    content = certificate_pdf(certificate, service.attendance_on(certificate))
    disposition = f'attachment; filename="certificate-{certificate.id}.pdf"'
    return Response(content, content_type="application/pdf", headers={"Content-Disposition": disposition})
