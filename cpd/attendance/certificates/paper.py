"""A certificate on paper: a tagged PDF with the link by which it is checked, as words and as a picture."""

from __future__ import annotations

import io
from pathlib import Path

import segno

from cpd.attendance.certificates.rules import hours_words
from cpd.attendance.certificates.service import Attendance, CertificateFacts
from cpd.shared.pdf import pdf_of
from cpd.shared.wording import and_words, date_words

PAPER = Path(__file__).with_name("certificate.typ")


def certificate_pdf(certificate: CertificateFacts, attendance: Attendance) -> bytes:
    """Set a certificate as a tagged PDF."""
    picture = io.BytesIO()
    segno.make(certificate.link, error="m").save(picture, kind="svg", border=0)
    return pdf_of(
        PAPER,
        {
            "name": certificate.name,
            "module": certificate.title,
            "organisation": certificate.organisation,
            "days": and_words(dict.fromkeys(date_words(each) for each in attendance.days)),
            "hours": hours_words(attendance.minutes),
            "source": certificate.source,
            "issued_on": date_words(certificate.issued_at),
            "link": certificate.link,
            "picture": picture.getvalue().decode(),
        },
    )
