"""Temporary: until cpd.timetable.importing exists."""
from sqlalchemy import select
from cpd.catalogue.models import Module
from cpd.schemes.reading import PACKS, read_pack
from cpd.shared import clock
from cpd.shared.database import db
from cpd.shared.unit_of_work import one_transaction
from cpd.timetable.models import Room, SessionDay, TrainingSession, Venue
from cpd.timetable.reading import Known, KnownModule, KnownRoom, KnownVenue, read_timetable


@one_transaction
def take(name, content):
    pack = read_pack(PACKS / "gateshead.yaml")
    modules = {m.code: m for m in db.session.scalars(select(Module))}
    organisation_id = modules["M1"].organisation_id
    if db.session.scalars(select(TrainingSession.id)).first():
        return
    venues, rooms = {}, {}
    for v in pack.venues:
        row = db.session.scalars(select(Venue).where(Venue.code == v.code)).first() or Venue(organisation_id=organisation_id, code=v.code, name=v.name, other_names=list(v.other_names), address=v.address or "", parking=v.parking or "", access=v.access or "")
        db.session.add(row); db.session.flush()
        venues[v.code] = row
        for r in v.rooms:
            room = db.session.scalars(select(Room).where(Room.code == r.code, Room.venue_id == row.id)).first() or Room(venue_id=row.id, code=r.code, name=r.name, other_names=[])
            db.session.add(room); db.session.flush(); rooms[v.code, r.code] = room
    known = Known(
        tuple(KnownModule(m.code, m.number_label or "", m.title or "", m.other_names, m.default_venue) for m in pack.modules),
        tuple(KnownVenue(v.code, v.name, v.other_names, tuple(KnownRoom(r.code, r.name) for r in v.rooms)) for v in pack.venues),
    )
    read = read_timetable(name, content, known)
    assert not read.refused, read.refused
    for s in read.sessions:
        db.session.add(TrainingSession(organisation_id=organisation_id, module_id=modules[s.module].id, starts_at=s.days[0].starts_at, ends_at=s.days[-1].ends_at, created_at=clock.now(),
            days=[SessionDay(starts_at=d.starts_at, ends_at=d.ends_at, venue_id=venues[d.venue].id, room_id=rooms[d.venue, d.room_code].id if d.room_code else None, raw=s.raw) for d in s.days]))
