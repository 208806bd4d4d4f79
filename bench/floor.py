"""The floors: the same application, server, sign-in and database, with everything left out that is ours to do.

Nothing here is served but by the bench, which starts `bench.floor:app`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from flask import Response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from cpd.application import create_app
from cpd.booking.models import Booking
from cpd.diary import service as diary
from cpd.diary.models import DiaryEntry
from cpd.home import service as home
from cpd.home.forms import MOST_PER_PAGE, TimetableForm
from cpd.people.models import Person, Post
from cpd.shared import clock
from cpd.shared.access import public, requires, viewer
from cpd.shared.database import db
from cpd.shared.history import AuditEvent
from cpd.shared.outbox import OutboxMessage
from cpd.shared.permissions import Action
from cpd.shared.unit_of_work import unit_of_work
from cpd.timetable.models import TrainingSession

app = create_app()
READY: dict[object, object] = {}
"""What the floors show, made once per process by the real services, so that both show the same."""


@app.get("/floor/timetable")
@requires(Action.SEE_TIMETABLE)
def timetable() -> ResponseReturnValue:
    """Render the same rows by the same template after one query."""
    if viewer.id not in READY:
        READY[viewer.id] = _timetable_in_words()
    ready, by_id = READY[viewer.id]
    ids = db.session.scalars(select(TrainingSession.id).order_by(TrainingSession.starts_at, TrainingSession.id))
    rows = [by_id[each] for each in ids if each in by_id]
    return render_template("home/timetable.html", **ready | {"page": replace(ready["page"], rows=rows)})


def _timetable_in_words():
    asked = home.Filter(per_page=MOST_PER_PAGE)
    page = home.timetable_page(viewer.id, viewer.organisation_id, asked)
    form = TimetableForm()
    form.offer(page.programme_choices, page.module_choices, page.venue_choices)
    return {"page": page, "form": form, "asked": asked, "chosen": []}, {row.id: row for row in page.rows}


@app.post("/floor/sessions/<int:training_session_id>/book")
@requires(Action.BOOK_OWN_PLACE)
def book(training_session_id: int) -> ResponseReturnValue:
    """Book as a bare Flask application would: the same locks and the same rows in one transaction, and no rules."""
    with unit_of_work() as session:
        wanted = select(TrainingSession).where(TrainingSession.id == training_session_id).with_for_update()
        training_session = session.scalars(wanted).one()
        person_id = session.scalars(select(Person.id).where(Person.id == viewer.id).with_for_update(of=Person)).one()
        _take_a_place(session, training_session, person_id)
    return redirect(f"/sessions/{training_session_id}", code=303)


def _take_a_place(session, training_session, person_id):
    now = clock.now()
    is_free = training_session.places_taken < training_session.capacity
    employer = {"organisation_id": training_session.organisation_id}
    booking = Booking(
        **employer,
        person_id=person_id,
        training_session_id=training_session.id,
        status="confirmed" if is_free else "waiting",
        request_number=training_session.next_number,
        requested_at=now,
        confirmed_at=now if is_free else None,
        booked_by_id=person_id,
    )
    training_session.next_number += 1
    training_session.places_taken += is_free
    session.add(booking)
    session.flush()
    manager_id = session.scalar(select(Post.manager_id).where(Post.person_id == person_id))
    for kind, to in (("booked" if is_free else "waiting", person_id), ("manager_informed", manager_id)):
        key = f"{kind}:booking:{booking.id}:{to}"
        facts = {"session_id": training_session.id, "days": [[now.isoformat(), now.isoformat(), ""]]}
        session.add(OutboxMessage(**employer, person_id=to, kind=kind, dedupe_key=key, facts=facts, created_at=now, due_at=now))
    for verb in ("asked", "confirmed") if is_free else ("asked",):
        after = {"status": booking.status, "training_session_id": training_session.id}
        what = {"verb": verb, "subject": "booking", "subject_id": booking.id, "actor_id": person_id, "after": after}
        session.add(AuditEvent(**employer, happened_at=now, recorded_at=now, **what))
    if is_free:
        session.add(
            DiaryEntry(
                **employer,
                person_id=person_id,
                uid=f"session-{training_session.id}-person-{person_id}@floor",
                source="session",
                source_id=training_session.id,
                title="A session",
                starts_at=training_session.starts_at,
                ends_at=training_session.ends_at,
                created_at=now,
                changed_at=now,
            )
        )


@app.get("/floor/calendar/<token>.ics")
@public
def feed(token: str) -> ResponseReturnValue:
    """Send the same bytes after one query."""
    if token not in READY:
        READY[token] = diary.find_feed(token)
    db.session.execute(select(Person.id).where(Person.id == 1)).one()
    response = Response(READY[token], content_type="text/calendar; charset=utf-8")
    response.add_etag()
    return response.make_conditional(request)
