"""The invented council's careers with a portfolio: who accepts it, what is in it, and pieces to hand in."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import date

from sqlalchemy import select

from cpd.progression.portfolios import service
from cpd.progression.portfolios.models import EvidenceItem, Portfolio
from cpd.progression.portfolios.rules import ONLY, WHOLE, Piece
from cpd.progression.portfolios.service import PortfolioRefused
from cpd.record.models import RecordFact
from cpd.shared.database import db
from cpd.shared.kept_files import SentFile
from cpd.shared.outbox import OutboxMessage
from tests.progression.careers import adopt

WITH_A_PORTFOLIO = (
    (
        "evidence_kinds:\n",
        """evidence_kinds:
  - code: folder
    title: Portfolio of the year
    covers: Your practice, set against the PCF
    is_portfolio: true
    accepted_by: [assessor]
    contents:
      - {code: seen, title: Direct observation, count: 2, cites: [W-1]}
      - {code: reflection, title: Critical reflection, cites: [W-1]}
    cites: [W-1]
  - {code: essay, title: Written account, accepted_by: [principal_social_worker], cites: [W-1]}
""",
    ),
    (
        "          - {code: court, title: Court skills, requirement: {completed: C1}}\n",
        """          - {code: court, title: Court skills, requirement: {completed: C1}}
          - {code: folder, title: Portfolio, requirement: {evidence: folder}}
""",
    ),
    ("title: Court skills, module_format: taught", "title: Court skills, module_format: taught, shows: [PCF-8, PQS-8]"),
)

SEEN = Piece(ONLY, "Direct observation", date(2018, 12, 3), words="A visit, calm and clear", statements=("PCF-7",))
FIRST = Piece("seen", "A first visit", date(2018, 11, 5), words="How I listened", statements=("PCF-1", "PQS-2"))
SECOND = Piece("seen", "A meeting", date(2018, 11, 20), link="https://store.example/meeting")
ALL = Piece(WHOLE, "Portfolio of the year", date(2018, 12, 20), link="https://store.example/folder")
NAMED = replace(FIRST, words="I visited Mrs Havisham in NE8 1HH")
PDF = SentFile("visit.pdf", b"%PDF-1.7\n%%EOF")
OTHER_PDF = SentFile("later.pdf", b"%PDF-1.7\n1 0 obj\n%%EOF")


def adopt_with_a_portfolio(*changes):
    """Adopt the careers with a portfolio, with some of the text changed; return the version."""
    return adopt(*WITH_A_PORTFOLIO, *changes)


def word_file(text: str) -> SentFile:
    """Make a Word file that says this."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", f"<w:document><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:document>")
    return SentFile("visit.docx", held.getvalue())


def refused(act, *args, **kwargs):
    """Why an act is refused."""
    try:
        act(*args, **kwargs)
    except PortfolioRefused as refusal:
        return list(refusal.faults)
    return []


def portfolio_of(person, kind="folder") -> Portfolio:
    """The newest that somebody has of a kind."""
    db.session.rollback()
    wanted = select(Portfolio).where(Portfolio.person_id == person.id, Portfolio.evidence_kind == kind)
    return db.session.scalars(wanted.order_by(Portfolio.id.desc())).first()


def status_of(person, kind="folder"):
    return portfolio_of(person, kind).status


def items(portfolio_id):
    """Every version of every piece."""
    db.session.rollback()
    wanted = select(EvidenceItem).where(EvidenceItem.portfolio_id == portfolio_id).order_by(EvidenceItem.id)
    return db.session.scalars(wanted).all()


def facts_of(person):
    """What stands on somebody's record by what she handed in: kind, day, and whether it holds."""
    db.session.rollback()
    wanted = select(RecordFact).where(RecordFact.person_id == person.id, RecordFact.source_kind == "portfolio")
    rows = db.session.scalars(wanted.order_by(RecordFact.id))
    return [(row.subject, row.happened_on.isoformat(), row.superseded_at is None) for row in rows]


def told(person):
    """What kinds of message about evidence somebody got."""
    db.session.rollback()
    wanted = select(OutboxMessage.kind).where(OutboxMessage.person_id == person.id).order_by(OutboxMessage.id)
    return [kind for kind in db.session.scalars(wanted) if kind.startswith("evidence_")]


def handed_in(person, *pieces, kind="folder") -> int:
    """Hand pieces in; return the portfolio's id."""
    for piece in pieces:
        service.add_piece(person.id, kind, piece, None)
    return service.hand_in(person.id, kind)


def accepted(person, by, *pieces, kind="folder") -> int:
    """Have pieces accepted; return the portfolio's id."""
    portfolio_id = handed_in(person, *pieces, kind=kind)
    service.open_it(portfolio_id, by=by.id)
    service.accept(portfolio_id, seen=portfolio_of(person, kind).hand_ins, comments="", by=by.id)
    return portfolio_id
