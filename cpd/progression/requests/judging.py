"""What requests ask of panels: to open a case, and to close one that is not wanted any more."""

from __future__ import annotations

from contextlib import suppress

from cpd.progression.panels import service as panels
from cpd.progression.requests.models import ProgressionRequest


def open_case(request: ProgressionRequest, panel_code: str, *, by: int | None) -> int:
    """Put somebody before a panel, and return the case's id; the same case where one is open, from no other request."""
    number: int = panels.open_case(
        request.person_id, panel_code, scheme_version_id=request.scheme_version_id, request_id=request.id, by=by
    )
    return number


def close_case(case_id: int, *, reason: str, by: int | None) -> None:
    """Take a case back that is not decided yet; where the panel was quicker, nothing happens."""
    with suppress(panels.PanelRefused):
        panels.withdraw_case(case_id, reason=reason, by=by)
