"""Pages of certificates: mine, on paper, and the public page on which anybody checks one."""

from __future__ import annotations

from flask import Response, abort, render_template
from flask.typing import ResponseReturnValue

from cpd.attendance.certificates import service
from cpd.attendance.certificates.forms import NameForm
from cpd.attendance.certificates.paper import certificate_pdf
from cpd.attendance.certificates.rules import State
from cpd.attendance.views import blueprint
from cpd.shared.access import public, requires, viewer
from cpd.shared.permissions import Action


@blueprint.get("/my/certificates")
@requires(Action.SEE_OWN_RECORD)
def certificates() -> ResponseReturnValue:
    """My certificates of attendance."""
    return render_template("attendance/certificates/mine.html", certificates=service.certificates_of(viewer.id))


@blueprint.get("/my/certificates/<int:certificate_id>.pdf")
@requires(Action.SEE_OWN_RECORD)
def certificate_paper(certificate_id: int) -> ResponseReturnValue:
    """One of my certificates on paper; where it is withheld or withdrawn, why."""
    certificate = service.find_certificate(viewer.id, certificate_id)
    if certificate is None:
        abort(404)
    if certificate.state is not State.VALID:
        return render_template("attendance/certificates/refused.html", certificate=certificate), 409
    content = certificate_pdf(certificate, service.attendance_on(certificate))
    disposition = f'attachment; filename="certificate-{certificate.id}.pdf"'
    return Response(content, content_type="application/pdf", headers={"Content-Disposition": disposition})


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
