"""Slides and handouts: for those who attended or for all (C-8), taken by what is in them, only ever saved."""

from __future__ import annotations

import io
import os
import zipfile

import pytest
from sqlalchemy import select

from cpd.attendance.materials.models import Material
from cpd.attendance.materials.rules import may_open, size_words
from cpd.attendance.materials.service import add_link, materials_for
from cpd.attendance.materials.telling import tell_of_materials
from cpd.attendance.registers import Keeper
from cpd.attendance.rules import AttendanceStatus
from cpd.attendance.service import close_register, mark
from cpd.shared.database import db
from cpd.shared.kept_files import folder_of_files, path_of
from cpd.shared.outbox import OutboxMessage
from cpd.shared.roles import Role
from cpd.timetable.models import SessionOpening
from tests.attendance.conftest import days_of
from tests.cast import saved

PDF = b"%PDF-1.7\n1 0 obj\n"
LARGEST = 10 * 1024 * 1024
PROGRAM = b"MZ\x90\x00\x03\x00\x00\x00"


def archive(**parts: bytes) -> bytes:
    """Make an archive with these parts; `__` stands for a slash and `_xml` for the ending."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        for name, content in parts.items():
            made.writestr(
                "[Content_Types].xml" if name == "types" else name.replace("__", "/").replace("_xml", ".xml"), content
            )
    return file.getvalue()


WITH_MACROS = archive(types=b"", ppt__presentation_xml=b"<p/>", ppt__vbaProject=b"Sub AutoOpen")


@pytest.mark.parametrize(
    ("for_everybody", "was_there", "keeps", "may"),
    [(False, False, False, False), (False, True, False, True), (True, False, False, True), (False, False, True, True)],
    ids=["was not there", "was there", "open to all", "gives the session"],
)
def test_who_may_open_a_material(for_everybody, was_there, keeps, may):
    assert may_open(for_everybody=for_everybody, was_there=was_there, keeps=keeps) is may


@pytest.mark.parametrize(
    ("size", "words"), [(1, "1 KB"), (10_240, "10 KB"), (3_565_158, "3.4 MB"), (LARGEST, "10.0 MB")]
)
def test_sizes_are_said_as_people_say_them(size, words):
    assert size_words(size) == words


@pytest.fixture
def path(held):
    return f"/sessions/{held.id}/materials"


@pytest.fixture
def attended(held, alice, fay, clock_at):
    """Module 2, attended by Alice and not by Bob."""
    clock_at(2019, 1, 15, 12, 40)
    [day] = days_of(held)
    mark([day], alice.id, AttendanceStatus.ATTENDED, by=Keeper(fay.id))
    close_register(day, by=Keeper(fay.id), absent_rest=True)
    db.session.rollback()
    return held


def send(client, path, content=PDF, name="slides.pdf", **fields):
    """Send a form with a file, byte for byte; the test client's own way leaves large files open."""
    parts = [(f'name="{key}"', value.encode()) for key, value in {"title": "Slides", **fields}.items()]
    parts.append((f'name="file"; filename="{name}"', content))
    body = b"".join(
        f"--part\r\nContent-Disposition: form-data; {named}\r\n\r\n".encode() + value + b"\r\n"
        for named, value in parts
    )
    return client.post(path, data=body + b"--part--\r\n", content_type="multipart/form-data; boundary=part")


def rows():
    db.session.rollback()
    return list(db.session.scalars(select(Material).order_by(Material.id).execution_options(populate_existing=True)))


def test_a_facilitator_attaches_slides_and_who_attended_saves_them(app, attended, path, alice, bob, fay, sign_in):
    assert send(sign_in(fay), path, name="My slides.PDF").status_code == 303
    [material] = rows()
    address = f"/materials/{material.id}"
    assert f'href="{address}"' in sign_in(alice).get(f"/sessions/{attended.id}").text
    assert address not in sign_in(bob).get(f"/sessions/{attended.id}").text

    got = sign_in(alice).get(address)
    assert (got.status_code, got.data, got.mimetype) == (200, PDF, "application/pdf")
    assert got.headers["Content-Disposition"] == 'attachment; filename="My slides.pdf"'
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    assert got.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert got.headers["Cache-Control"] == "no-store"
    got.close()
    assert sign_in(bob).get(address).status_code == 404
    assert app.test_client().get(address).status_code == 302


def test_what_is_open_to_all_is_opened_by_all_who_see_the_session(app, held, path, bob, stranger, officer, sign_in):
    assert send(sign_in(officer), path, for_everybody="y").status_code == 303
    [material] = rows()
    address = f"/materials/{material.id}"
    with sign_in(bob).get(address) as got:
        assert got.data == PDF
    assert sign_in(stranger).get(address).status_code == 404
    saved(SessionOpening(training_session_id=held.id, organisation_id=stranger.organisation_id))
    with sign_in(stranger).get(address) as got:
        assert got.data == PDF
    held.status = "draft"
    db.session.commit()
    assert sign_in(bob).get(address).status_code == 404


def test_a_file_lies_outside_everything_that_is_served(app, held, path, fay, sign_in):
    send(sign_in(fay), path)
    [material] = rows()
    lies_at = path_of(material.stored_as)
    assert lies_at.read_bytes() == PDF
    assert lies_at.parent == app.config["CPD_INSTANCE"] / "files"
    assert oct(lies_at.stat().st_mode)[-3:] == "600"
    assert "slides" not in lies_at.name
    for guess in (
        f"/static/files/{lies_at.name}",
        f"/static/../files/{lies_at.name}",
        f"/materials/{lies_at.name}",
    ):
        assert sign_in(fay).get(guess).status_code == 404


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (PROGRAM, "slides.pdf", "The file must be a PDF, a picture"),
        (b"", "slides.pdf", "The file is empty"),
        (b"\x00" * 20, "notes.txt", "The file must be a PDF, a picture"),
        (WITH_MACROS, "slides.pptx", "The file holds macros"),
        (b"%PDF-1.7" + b"x" * LARGEST, "slides.pdf", "The file must be 10 MB or smaller"),
    ],
    ids=["a program named .pdf", "empty", "NULs", "macros", "10 MB and a little more"],
)
def test_a_file_that_is_none_of_these_is_refused_and_nothing_is_kept(
    app, held, path, fay, sign_in, content, name, said
):
    before = set(folder_of_files().iterdir())
    refused = send(sign_in(fay), path, content, name)
    assert (refused.status_code, said in refused.text) == (422, True)
    assert rows() == []
    assert set(folder_of_files().iterdir()) == before


def test_a_file_of_exactly_10_mb_is_taken(app, held, path, fay, sign_in):
    assert send(sign_in(fay), path, PDF + b"x" * (LARGEST - len(PDF))).status_code == 303


class Endless(io.RawIOBase):
    """Says that it is 200 MB long, and gives as much as anybody reads."""

    at = taken = 0

    def readable(self):
        return True

    def seek(self, offset, whence=os.SEEK_SET):
        self.at = 200 * 1024 * 1024 if whence == os.SEEK_END else offset
        return self.at

    def tell(self):
        return self.at

    def readinto(self, room):
        self.taken += len(room)
        return len(room)


def test_a_file_of_200_mb_is_not_even_read(app, held, path, fay, sign_in):
    body = Endless()
    kind = "multipart/form-data; boundary=part"
    refused = sign_in(fay).post(path, input_stream=body, content_type=kind)
    assert refused.status_code == 413
    assert body.taken < LARGEST
    assert rows() == []


def test_only_this_form_takes_so_much(app, officer, sign_in):
    assert send(sign_in(officer), "/workforce/import/people", b"x" * 7 * 1024 * 1024).status_code == 413


@pytest.mark.parametrize(
    "fields",
    [
        {"title": "Slides"},
        {"title": "Slides", "link": "http://example.com/x"},
        {"title": "Slides", "link": "javascript:alert(1)"},
        {"title": "", "link": "https://example.com/x"},
        {"title": "a\x00b", "link": "https://example.com/x"},
        {"title": "x" * 121, "link": "https://example.com/x"},
        {"title": "Slides", "link": "https://example.com/" + "x" * 500},
    ],
    ids=["neither", "no https", "a script", "no title", "a NUL", "a long title", "a long link"],
)
def test_a_form_that_is_not_right_says_so(app, held, path, fay, sign_in, fields):
    refused = sign_in(fay).post(path, data=fields)
    assert (refused.status_code, "There is a problem" in refused.text, rows()) == (422, True, [])


def test_a_file_and_a_link_at_once_are_refused(app, held, path, fay, sign_in):
    refused = send(sign_in(fay), path, link="https://example.com/x")
    assert (refused.status_code, "not both" in refused.text) == (422, True)


def test_a_link_is_shown_to_who_attended(app, attended, path, alice, fay, sign_in):
    fields = {"title": "Further reading", "link": "https://www.example.com/reading"}
    assert sign_in(fay).post(path, data=fields).status_code == 303
    assert (
        'href="https://www.example.com/reading" rel="noreferrer"' in sign_in(alice).get(f"/sessions/{attended.id}").text
    )
    assert sign_in(alice).get(f"/materials/{rows()[0].id}").status_code == 404


def test_only_those_who_give_a_session_change_its_materials(
    app, held, path, alice, fay, officer, stranger, make_person, sign_in
):
    send(sign_in(fay), path)
    [material] = rows()
    other = make_person("Other Facilitator", Role.FACILITATOR)
    elsewhere = make_person("Other Officer", Role.WORKFORCE_DEVELOPMENT, employer=stranger.organisation)
    for who, code in ((alice, 403), (other, 404), (elsewhere, 404)):
        client = sign_in(who)
        acts = (client.get(path), send(client, path), client.post(f"{path}/{material.id}/remove"))
        assert [act.status_code for act in acts] == [code] * 3
    assert len(rows()) == 1
    assert sign_in(officer).get(path).status_code == 200


def test_what_is_removed_is_gone_for_all_and_its_file_is_erased(
    both, attended, path, alice, officer, sign_in, make_held
):
    send(sign_in(officer), path)
    [material] = rows()
    elsewhere = make_held("M9")
    assert sign_in(officer).post(f"/sessions/{elsewhere.id}/materials/{material.id}/remove").status_code == 404
    assert sign_in(officer).post(f"{path}/{material.id}/remove").status_code == 303
    assert sign_in(officer).post(f"{path}/{material.id}/remove").status_code == 303
    assert sign_in(alice).get(f"/materials/{material.id}").status_code == 404
    assert not path_of(material.stored_as).exists()


def told():
    db.session.rollback()
    wanted = select(OutboxMessage.person_id, OutboxMessage.facts).where(OutboxMessage.kind == "materials")
    return [(person_id, facts["titles"]) for person_id, facts in db.session.execute(wanted)]


def test_who_attended_is_told_once_that_the_slides_are_there(both, attended, alice, bob, fay):
    assert tell_of_materials() == 0
    for title in ("Slides", "Reading"):
        add_link(attended.id, title, "https://example.com/x", for_everybody=False, by=fay.id)
    assert (tell_of_materials(), tell_of_materials()) == (1, 0)
    add_link(attended.id, "More", "https://example.com/y", for_everybody=False, by=fay.id)
    assert tell_of_materials() == 0
    assert told() == [(alice.id, ["Slides", "Reading"])]


def test_nobody_is_told_before_the_registers_are_closed(app, held, alice, fay, clock_at):
    clock_at(2019, 1, 15, 12, 40)
    mark(days_of(held), alice.id, AttendanceStatus.ATTENDED, by=Keeper(fay.id))
    add_link(held.id, "Slides", "https://example.com/x", for_everybody=True, by=fay.id)
    assert tell_of_materials() == 0


def test_what_somebody_may_open_is_listed_for_her_alone(app, attended, alice, bob, fay):
    add_link(attended.id, "Slides", "https://example.com/x", for_everybody=False, by=fay.id)
    add_link(attended.id, "Poster", "https://example.com/y", for_everybody=True, by=fay.id)
    db.session.rollback()
    listed = {
        who: [each.title for each in materials_for(person.id, attended.id, keeps=keeps)]
        for who, person, keeps in (("alice", alice, False), ("bob", bob, False), ("fay", fay, True))
    }
    assert listed == {"alice": ["Slides", "Poster"], "bob": ["Poster"], "fay": ["Slides", "Poster"]}
