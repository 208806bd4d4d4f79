"""Which files are kept, by what is in them, and that nothing else of them is left."""

from __future__ import annotations

import io
import os
import time
import zipfile

import pytest
from sqlalchemy import func, select, update

from cpd.attendance.materials.models import Material
from cpd.attendance.materials.service import add_material
from cpd.record.claims import service as claims
from cpd.record.claims.models import LearningClaim
from cpd.record.claims.rules import ClaimKind, LearningSaid
from cpd.shared import clock
from cpd.shared.database import Base, db
from cpd.shared.kept_files import (
    MEGABYTE,
    MOST_MEGABYTES,
    FileFault,
    SentFile,
    erase_file,
    fault_of,
    folder_of_files,
    gather_files,
    give_out,
    keeping,
    media_type_of,
    path_of,
)
from cpd.shared.lost_files import erase_lost_files, tables_with_files
from tests.commands.conftest import change

PDF = b"%PDF-1.7\n%%EOF"
OFFICE = "application/vnd.openxmlformats-officedocument"
ODT = "application/vnd.oasis.opendocument.text"


def archive(*names: str, **contents: str | bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        for name in names:
            file.writestr(name, "<x/>")
        for name, content in contents.items():
            file.writestr(name, content)
    return made.getvalue()


WORD = archive("[Content_Types].xml", "word/document.xml")


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PDF, "application/pdf"),
        (b"\x89PNG\r\n\x1a\n...", "image/png"),
        (b"\xff\xd8\xff\xe0...", "image/jpeg"),
        (b"GIF89a...", "image/gif"),
        (b"RIFF\x01\x02\n\x04WEBP", "image/webp"),
        (WORD, f"{OFFICE}.wordprocessingml.document"),
        (archive(mimetype=ODT), ODT),
        (archive("[Content_Types].xml", "ppt/presentation.xml"), f"{OFFICE}.presentationml.presentation"),
        (archive("[Content_Types].xml", "xl/workbook.xml"), f"{OFFICE}.spreadsheetml.sheet"),
        ("Zoë’s notes\r\n\tand more\f".encode(), "text/plain"),
        (b"<script>alert(1)</script>", "text/plain"),
        (b"x" * (MOST_MEGABYTES * MEGABYTE), "text/plain"),
    ],
    ids=["PDF", "PNG", "JPEG", "GIF", "WebP", "Word", "OpenDocument", "slides", "sheet", "text", "a script", "10 MB"],
)
def test_a_file_is_known_by_its_content(content, kind):
    assert media_type_of(content) == kind
    assert fault_of(content) is None


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", FileFault.EMPTY),
        (PDF + b"x" * (MOST_MEGABYTES * MEGABYTE), FileFault.TOO_LARGE),
        (b"MZ\x90\x00\x03%PDF-1.7", FileFault.OF_NO_KIND),
        (b"\x7fELF\x02\x01", FileFault.OF_NO_KIND),
        (b"\xff\xfea\x00", FileFault.OF_NO_KIND),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", FileFault.OF_NO_KIND),
        (b"words\x00words", FileFault.OF_NO_KIND),
        (archive("run.exe"), FileFault.OF_NO_KIND),
        (archive(mimetype="application/x-sh"), FileFault.OF_NO_KIND),
        (b"PK\x03\x04 and nothing more", FileFault.OF_NO_KIND),
        (archive(mimetype=b"\xff\xfe"), FileFault.OF_NO_KIND),
        (archive("[Content_Types].xml", "nothing.xml"), FileFault.OF_NO_KIND),
        (archive("word/document.xml"), FileFault.OF_NO_KIND),
        (archive("[Content_Types].xml", "word/document.xml", *map(str, range(5000))), FileFault.OF_NO_KIND),
        (archive("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), FileFault.HAS_MACROS),
        (archive("Basic/Standard/Module1.xml", mimetype=ODT), FileFault.HAS_MACROS),
    ],
    ids=[
        *("nothing", "10 MB and more", "Windows", "Linux", "an old Office document", "UTF-16", "NUL", "archive", "odd"),
        *("broken", "a kind that is no text", "Office of no kind", "half a document", "thousands of parts"),
        *("macros", "macros of LibreOffice"),
    ],
)
def test_a_file_that_is_none_of_these_is_not_taken(app, content, fault):
    assert fault_of(content) is fault
    with pytest.raises(ValueError, match=str(fault)), keeping(SentFile("certificate.pdf", content)):
        pytest.fail("it was kept")


@pytest.mark.parametrize(
    ("filename", "given_out"),
    [
        ("Certificate.PDF", "Certificate.pdf"),
        ("certificate.exe", "certificate.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        (r"C:\Users\me\my file.pdf", "my file.pdf"),
        ("\r\nSet-Cookie: x.pdf", "Set-Cookie x.pdf"),
        ('a"b.pdf', "ab.pdf"),
        ("x" * 500, "x" * 100 + ".pdf"),
        ("...", "file.pdf"),
        ("", "file.pdf"),
    ],
)
def test_a_file_is_given_out_under_a_harmless_name_with_the_ending_of_what_it_is(app, filename, given_out):
    with keeping(SentFile(filename, PDF)) as kept:
        assert kept.filename == given_out
    assert path_of(kept.stored_as).read_bytes() == PDF


def test_a_kept_file_is_saved_and_never_shown_by_a_browser(app):
    with keeping(SentFile("certificate.pdf", PDF)) as kept, app.test_request_context():
        answer = give_out(kept.stored_as, kept.filename, kept.media_type)

    assert answer.headers["Content-Disposition"] == "attachment; filename=certificate.pdf"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_nobody_else_on_the_machine_can_read_a_kept_file(app):
    with keeping(SentFile("certificate.pdf", PDF)) as kept:
        path = path_of(kept.stored_as)

    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_no_file_is_left_of_an_act_that_failed(app):
    with pytest.raises(RuntimeError, match="the act"), keeping(SentFile("certificate.pdf", PDF)) as kept:
        raise RuntimeError("the act failed")

    assert not path_of(kept.stored_as).exists()


def test_no_file_sent_is_no_file_kept(app):
    with keeping(None) as kept:
        assert kept is None


def test_files_that_lay_in_a_folder_of_their_own_are_moved_to_the_others_once(app):
    earlier = folder_of_files().parent / "materials"
    earlier.mkdir()
    (earlier / "0123abcd").write_bytes(PDF)

    gather_files(app)
    gather_files(app)

    assert path_of("0123abcd").read_bytes() == PDF
    assert not earlier.exists()
    erase_file("0123abcd")


def kept(content=PDF, *, old=True):
    """Keep a file that was kept some hours ago, or just now."""
    with keeping(SentFile("a.pdf", content)) as file:
        pass
    return grown_old(file.stored_as) if old else file.stored_as


def grown_old(stored_as):
    long_ago = time.time() - 2 * 3600
    os.utime(path_of(stored_as), (long_ago, long_ago))
    return stored_as


def test_a_file_to_which_no_act_gave_a_row_is_erased_unless_it_is_young(app):
    lost, young = kept(), kept(old=False)
    erase_lost_files()

    assert (path_of(lost).exists(), path_of(young).exists()) == (False, True)
    erase_file(young)


@pytest.fixture
def named(app, alice, officer, make_session):
    """The names of a file of a material, and of a file of learning from elsewhere, both old."""
    add_material(make_session().id, "Slides", SentFile("a.pdf", PDF), for_everybody=True, by=officer.id)
    day = clock.today()
    said = LearningSaid(ClaimKind.EXTERNAL_COURSE, "Safe hands", "A college", day, day, None, None, "", "")
    claims.send_in(alice.id, said, SentFile("b.pdf", PDF))
    names = [db.session.scalars(select(table.stored_as)).one() for table in (Material, LearningClaim)]
    db.session.rollback()
    yield [grown_old(name) for name in names]
    for name in names:
        erase_file(name)


def test_files_that_rows_of_any_table_name_stay(named):
    erase_lost_files()

    assert all(path_of(name).exists() for name in named)


def test_the_file_of_a_row_that_was_removed_is_erased_even_if_a_process_was_killed_before(named, officer):
    change(update(Material).values(removed_at=func.now(), removed_by_id=officer.id))
    erase_lost_files()

    assert [path_of(name).exists() for name in named] == [False, True]


def test_every_table_that_keeps_files_names_them_in_the_column_that_is_asked(app):
    naming = {table for table in Base.metadata.tables.values() if any("stored" in column.name for column in table.c)}

    assert naming == set(tables_with_files())
    assert {"material", "learning_claim"} <= {table.name for table in naming}
