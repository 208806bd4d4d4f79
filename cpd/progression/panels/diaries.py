"""Meetings in people's diaries: members come to all of it, and to an interview the person whose case it is."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from cpd.diary import service as diary
from cpd.diary.service import Entry
from cpd.progression.panels.facts import SOURCE
from cpd.progression.panels.holding import attending_of, invites_the_person, judged_at
from cpd.progression.panels.models import PanelMeeting
from cpd.schemes.pathway_shape import Panel, PanelKind


def keep_up(meeting: PanelMeeting, panel: Panel, also: Collection[int] = ()) -> None:
    """Bring everybody's diary up to date with a meeting; `also` are those who may have it no longer.

    Their locks are held.
    """
    entries = [] if meeting.cancelled_at else list(_entries(meeting, panel))
    diary.replace({*also, *(each.person_id for each in entries)}, SOURCE, meeting.id, entries)


def _entries(meeting: PanelMeeting, panel: Panel) -> Iterator[Entry]:
    """Go through who has the meeting in the diary."""
    attending = attending_of(meeting.id)
    for person_id in sorted(attending):
        yield _entry(meeting, person_id, panel.title, "/progression/my-cases")
    if invites_the_person(PanelKind(panel.panel_kind)):
        for person_id in sorted({each.person_id for each in judged_at(meeting.id)} - attending):
            yield _entry(meeting, person_id, panel.title, "/my/panels")


def _entry(meeting: PanelMeeting, person_id: int, title: str, path: str) -> Entry:
    return Entry(
        person_id=person_id,
        organisation_id=meeting.organisation_id,
        key=f"panel-meeting-{meeting.id}-person-{person_id}",
        source=SOURCE,
        source_id=meeting.id,
        title=title,
        location=meeting.place,
        description="",
        path=path,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
    )
