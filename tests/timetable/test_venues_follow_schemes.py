"""The venues and rooms of a scheme are there once it is adopted, by every name that timetables give them."""

from __future__ import annotations

from sqlalchemy import func, select

from cpd.catalogue import service as catalogue
from cpd.schemes.reading import PACKS, read_pack
from cpd.shared.database import db
from cpd.timetable.models import Room, Venue
from tests.timetable.conftest import MORNING, sessions

PACK = (PACKS / "gateshead.yaml").read_text()


def adopt(text):
    catalogue.adopt_pack(read_pack(text), text, by=None)


def venues():
    db.session.expire_all()
    return {venue.code: venue for venue in db.session.scalars(select(Venue))}


def rooms():
    db.session.expire_all()
    return {room.code: (room.id, room.name) for room in db.session.scalars(select(Room))}


def test_an_adopted_scheme_brings_its_venues_and_rooms(both, systemic):
    dryden = venues()["dryden"]

    assert (dryden.name, dryden.other_names) == ("Dryden Road PDC", ["Dryden", "Dryden Road"])
    assert dryden.invented == ["address", "parking", "access"]
    assert {name for _, name in rooms().values()} >= {"Room 2", "Bridges Room", "Lamesley Room"}


def test_the_same_scheme_again_changes_nothing(both, systemic):
    before = {code: venue.id for code, venue in venues().items()}, rooms()

    adopt(PACK)

    assert ({code: venue.id for code, venue in venues().items()}, rooms()) == before


def test_a_new_version_renames_a_venue_and_what_it_leaves_out_stays(both, systemic):
    before = venues()["dryden"].id
    without_room_3 = PACK.replace("      - {code: room-3, name: Room 3}\n", "")

    adopt(without_room_3.replace("version: 4", "version: 5", 1).replace("name: Dryden Road PDC", "name: Dryden Centre"))

    assert (venues()["dryden"].id, venues()["dryden"].name) == (before, "Dryden Centre")
    assert rooms()["room-3"][1] == "Room 3"


def test_a_room_that_a_timetable_brought_becomes_the_schemes_own(both, take):
    take(MORNING.replace("Room 2", "Garden Room"))
    made = rooms()["garden-room"]
    with_room = PACK.replace(
        "      - {code: room-3,", "      - {code: garden, name: GARDEN ROOM}\n      - {code: room-3,"
    )

    adopt(with_room.replace("version: 4", "version: 5", 1))

    assert rooms()["garden"] == (made[0], "GARDEN ROOM")
    assert db.session.scalar(select(func.count(Room.id)).where(Room.id == made[0])) == 1
    assert take(MORNING.replace("Room 2", "Garden Room")).unchanged == 1


def test_what_is_invented_of_a_venue_is_shown_as_invented(app, take, sign_in, alice):
    take(MORNING, publish=True)

    page = sign_in(alice).get(f"/sessions/{sessions()[0].id}").text

    assert "2 Example Road, Gateshead (invented for the demonstration)" in page
    assert "Car park for 40 cars in front of the building (invented for the demonstration)" in page
