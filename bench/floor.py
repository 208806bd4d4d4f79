"""The floors: the same application, server, sign-in and database, with everything left out that is ours to do.

Only the bench serves these pages: `gunicorn "bench.floor:served()"`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, Flask, Response, current_app, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from cpd.application import create_app
from cpd.booking.models import Booking
from cpd.diary import service as diary
from cpd.diary.models import DiaryEntry, FeedKey
from cpd.home import service as home
from cpd.home.forms import MOST_PER_PAGE, TimetableForm
from cpd.people.models import Person, Post
from cpd.shared import clock, history, outbox
from cpd.shared.access import public, requires, viewer
from cpd.shared.database import db
from cpd.shared.permissions import Action
from cpd.shared.unit_of_work import one_transaction, unit_of_work
from cpd.timetable.models import TrainingSession

blueprint = Blueprint("floor", __name__)


def served() -> Flask:
    """Make the application with the floors beside its own pages."""
    app = create_app()
    app.register_blueprint(blueprint)
    return app


@dataclass(frozen=True)
class Ready:
    """What the timetable shows one person, put together once per process by the real services."""

    shown: dict[str, Any]
    rows: dict[int, home.Row]


@blueprint.get("/floor/timetable")
@requires(Action.SEE_TIMETABLE)
def timetable() -> ResponseReturnValue:
    """Render the same template with the same rows, which are ready, after one query."""
    ready = _kept(("timetable", viewer.id), _timetable_in_words)
    ids = db.session.scalars(select(TrainingSession.id).order_by(TrainingSession.starts_at, TrainingSession.id))
    rows = [ready.rows[each] for each in ids if each in ready.rows]
    return render_template("home/timetable.html", **ready.shown | {"page": replace(ready.shown["page"], rows=rows)})


@blueprint.post("/floor/sessions/<int:training_session_id>/book")
@requires(Action.BOOK_OWN_PLACE)
def book(training_session_id: int) -> ResponseReturnValue:
    """Book as a bare application would: the same locks and the same rows in one transaction, and no rules."""
    _book(training_session_id, viewer.id)
    return redirect(f"/sessions/{training_session_id}", code=303)


@blueprint.get("/floor/calendar/<token>.ics")
@public
def feed(token: str) -> ResponseReturnValue:
    """Send the same bytes, which are ready, after one query."""
    content = _kept(("feed", token), lambda: diary.find_feed(token))
    db.session.scalars(select(FeedKey.version)).first()
    response = Response(content, content_type="text/calendar; charset=utf-8")
    response.add_etag()
    return response.make_conditional(request)


def _kept(key, make):
    """Return what this process made before, or make it now."""
    kept = current_app.extensions.setdefault("floor", {})
    if key not in kept:
        kept[key] = make()
    return kept[key]


def _timetable_in_words() -> Ready:
    asked = home.Filter(per_page=MOST_PER_PAGE)
    page = home.timetable_page(viewer.id, viewer.organisation_id, asked)
    form = TimetableForm()
    form.offer(page.programme_choices, page.module_choices, page.venue_choices)
    shown = {"page": page, "form": form, "asked": asked, "chosen": []}
    return Ready(shown, {row.id: row for row in page.rows})


@one_transaction  # as ours: whole again where the database gave up waiting for a lock
def _book(training_session_id: int, person_id: int) -> None:
    with unit_of_work() as session:
        wanted = select(TrainingSession).where(TrainingSession.id == training_session_id)
        training_session = session.scalars(wanted.with_for_update()).one()
        session.execute(select(Person.id).where(Person.id == person_id).with_for_update(of=Person)).one()
        _write(session, training_session, person_id)


def _write(session, training_session: TrainingSession, person_id: int) -> None:
    """Write what a booking leaves behind: itself, its history, two messages and, with a place, the diary."""
    now = clock.now()
    has_place = training_session.places_taken < training_session.capacity
    status = "confirmed" if has_place else "waiting"
    employer = {"organisation_id": training_session.organisation_id}
    about = {"person_id": person_id, "training_session_id": training_session.id}
    order = {"request_number": training_session.next_number, "requested_at": now, "booked_by_id": person_id}
    booking = Booking(**employer, **about, **order, status=status, confirmed_at=now if has_place else None)
    training_session.next_number += 1
    training_session.places_taken += has_place
    session.add(booking)
    session.flush()
    for verb in ("asked", "confirmed") if has_place else ("asked",):
        history.note(verb, "booking", booking.id, actor_id=person_id, after={"status": status}, **employer)
    manager_id = session.scalar(select(Post.manager_id).where(Post.person_id == person_id))
    for kind, to in ((status, person_id), ("manager_informed", manager_id)):
        if to is not None:
            outbox.tell(training_session.organisation_id, to, kind, f"floor:{booking.id}", {"session_id": booking.id})
    if has_place:
        named = {"uid": f"session-{training_session.id}-person-{person_id}@floor", "title": "Session"}
        source = {"source": "session", "source_id": training_session.id}
        times = {"starts_at": training_session.starts_at, "ends_at": training_session.ends_at}
        written = {"person_id": person_id, "created_at": now, "changed_at": now}
        session.add(DiaryEntry(**employer, **named, **source, **times, **written))
