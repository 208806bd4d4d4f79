"""Which files are kept, by what is in them, and that nothing else of them is left."""

from __future__ import annotations

import io
import zipfile

import pytest

from cpd.shared.kept_files import (
    MEGABYTE,
    MOST_MEGABYTES,
    FileFault,
    SentFile,
    fault_of,
    give_out,
    keeping,
    media_type_of,
    path_of,
)

PDF = b"%PDF-1.7\n%%EOF"


def archive(*names: str, **contents: str) -> bytes:
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
        (WORD, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (archive(mimetype="application/vnd.oasis.opendocument.text"), "application/vnd.oasis.opendocument.text"),
        ("Grüße aus Durham\n".encode(), "text/plain"),
    ],
    ids=["PDF", "PNG", "JPEG", "Word", "OpenDocument", "text"],
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
        (b"GIF89a\x00\x01", FileFault.OF_NO_KIND),
        (b"words\x00words", FileFault.OF_NO_KIND),
        (archive("run.exe"), FileFault.OF_NO_KIND),
        (archive(mimetype="application/x-sh"), FileFault.OF_NO_KIND),
        (b"PK\x03\x04 and nothing more", FileFault.OF_NO_KIND),
        (archive("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), FileFault.HAS_MACROS),
    ],
    ids=["nothing", "10 MB and more", "Windows", "Linux", "GIF", "NUL", "archive", "odd", "broken", "macros"],
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
