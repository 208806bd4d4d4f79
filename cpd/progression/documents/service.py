"""Making documents when something is decided: frozen, signed, and never changed; a newer one names the one before."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from cpd.progression.documents.gathering import content_of_case, content_of_request
from cpd.progression.documents.models import DecisionDocument
from cpd.progression.documents.rules import Frozen, Occasion
from cpd.progression.panels.facts import CaseDecided
from cpd.progression.requests.facts import RequestDecided
from cpd.schemes.pathway_shape import PanelOutcome
from cpd.shared import clock, history
from cpd.shared.database import db
from cpd.shared.seal_chain import canonical, sha256
from cpd.shared.signing import sign

WITHDRAWN = "withdrawn"


def follow_panels(_session: Session, decided: Collection[CaseDecided]) -> None:
    """Freeze what panels have decided. What was withdrawn was not decided."""
    for each in decided:
        if each.outcome != PanelOutcome.WITHDRAWN:
            content = content_of_case(each.case_id, clock.today())
            ids = {"panel_case_id": each.case_id, "progression_request_id": each.request_id}
            _freeze(Occasion.PANEL, content, each.organisation_id, each.person_id, ids)


def follow_requests(_session: Session, decided: Collection[RequestDecided]) -> None:
    """Freeze how requests have ended. What was withdrawn was not decided."""
    for each in decided:
        if each.result != WITHDRAWN:
            content = content_of_request(each.request_id, clock.today())
            ids = {"panel_case_id": None, "progression_request_id": each.request_id}
            _freeze(Occasion.REQUEST, content, each.organisation_id, each.person_id, ids)


def _freeze(
    occasion: Occasion, content: Frozen, organisation_id: int, person_id: int, ids: dict[str, int | None]
) -> None:
    """Keep a document, unless the newest one of the same occasion says the very same."""
    before = _newest(occasion, ids)
    now = clock.now()
    kept = {**content, "made_at": now.isoformat(), "replaces": _named(before)}
    text = canonical(kept)
    if before is not None and _apart_from_when(before.content) == _apart_from_when(text):
        return
    signed = sign(text)
    document = DecisionDocument(
        organisation_id=organisation_id,
        person_id=person_id,
        occasion=occasion,
        **ids,
        replaces_id=before.id if before else None,
        content=text,
        content_hash=sha256(text),
        key_fingerprint=signed.fingerprint,
        signature=signed.signature,
        made_on=clock.today(),
        made_at=now,
    )
    db.session.add(document)
    db.session.flush()
    history.note(
        "made",
        "decision_document",
        document.id,
        actor_id=None,
        organisation_id=organisation_id,
        after={"sha256": document.content_hash, "key": signed.fingerprint, "replaces": document.replaces_id, **ids},
    )


def _newest(occasion: Occasion, ids: Mapping[str, int | None]) -> DecisionDocument | None:
    """Return the newest document of a case or of a request, or None. One query."""
    which = DecisionDocument.panel_case_id if occasion is Occasion.PANEL else DecisionDocument.progression_request_id
    wanted = select(DecisionDocument).where(DecisionDocument.occasion == occasion, which == ids[which.key])
    return db.session.scalars(wanted.order_by(DecisionDocument.id.desc()).limit(1)).one_or_none()


def _named(before: DecisionDocument | None) -> Frozen | None:
    """Name the document that a newer one replaces, by its number and its fingerprint."""
    return {"number": before.id, "sha256": before.content_hash} if before else None


def _apart_from_when(text: str) -> Frozen:
    """Return what a document says, without when it was made and what it replaces."""
    content: Frozen = json.loads(text)
    return {key: value for key, value in content.items() if key not in ("made_at", "replaces")}
