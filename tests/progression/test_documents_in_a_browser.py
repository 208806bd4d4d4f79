"""A decision, its check and what is published are read on a wide screen and on a phone, and axe finds nothing."""

from __future__ import annotations

import pytest

from cpd.progression.documents import reading
from cpd.shared import sealing
from tests.pages import assert_page_is_accessible, served
from tests.progression.test_openness_pages import auditor, council, decisions, director, operations, wise

__all__ = ["auditor", "council", "decisions", "director", "operations", "wise"]
pytestmark = pytest.mark.browser


def cookie_of(app, person):
    signer = app.session_interface.get_signing_serializer(app)
    return signer.dumps({"_user_id": person.get_id(), "_fresh": True})


def test_every_page_of_decisions_can_be_read_by_everybody(app, decisions, auditor, manager, page):
    person = decisions[0]
    (found,) = reading.documents_of(person.id)
    sealing.seal_everything()
    code = found.content_hash[:16]
    looks = [
        (person, "/my/documents"),
        (person, f"/progression/documents/{found.id}"),
        (person, "/progression/documents/check"),
        (person, f"/progression/documents/check?number={found.id}&code={code}"),
        (person, "/progression/documents/key"),
        (person, "/progression/openness"),
        (person, "/progression/openness/steps/able-wise"),
        (person, "/progression/openness/outcomes"),
        (manager, f"/people/{person.id}/documents"),
        (manager, f"/progression/documents/{found.id}"),
        (auditor, "/progression/audit"),
    ]
    with served(app) as url:
        for who, path in looks:
            page.context.add_cookies([{"name": "session", "value": cookie_of(app, who), "url": url}])
            answer = page.goto(url + path)
            assert answer.status == 200, path
            assert page.get_by_role("heading", level=1).count() == 1
            assert_page_is_accessible(page)
