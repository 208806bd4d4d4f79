"""What is read of a file that somebody hands in: plain text, PDF and Office; and what is said not to be read (B8)."""

from __future__ import annotations

import io
import zipfile

import pytest
import typst
import xlsxwriter
from pypdf import PdfWriter

from cpd.progression.portfolios import texts
from cpd.progression.portfolios.pdf_words import words_in
from cpd.progression.portfolios.texts import FileRead, Text, text_of
from tests.progression.evidence import PDF, word_file

NAME = "Mrs Havisham"


def pdf(markup: str) -> bytes:
    """Set a paper."""
    return typst.compile(markup.encode())


def archive(**parts: str) -> bytes:
    """Make a document of parts; `__` in a name stands for a slash, and the ending is left out."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as made:
        for name, text in parts.items():
            made.writestr(name.replace("__", "/") + ("" if name == "mimetype" else ".xml"), text)
    return held.getvalue()


def office(**parts: str) -> bytes:
    held = io.BytesIO(archive(**parts))
    with zipfile.ZipFile(held, "a") as made:
        made.writestr("[Content_Types].xml", "<Types/>")
    return held.getvalue()


def workbook() -> bytes:
    held = io.BytesIO()
    with xlsxwriter.Workbook(held) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, NAME)
        sheet.write(1, 0, 4505577104)
        sheet.write_comment(0, 0, "Ring Mr Pip")
    return held.getvalue()


def test_a_pdf_is_looked_into_with_its_title():
    paper = pdf(f'#set document(title: "Case 1234567")\nI visited {NAME}.\n#pagebreak()\nAt NE8 1HH.')
    text = text_of(paper)

    assert text.read is FileRead.ALL
    assert all(words in text.words for words in (NAME, "NE8 1HH", "Case 1234567"))


def test_a_page_without_words_leaves_a_part_unread_and_nothing_but_such_pages_leaves_all():
    drawn = "#rect(width: 50pt)"

    assert words_in(pdf(drawn), 1000) == {"words": "", "all": False}
    assert words_in(pdf(f"{NAME}\n#pagebreak()\n{drawn}"), 1000)["all"] is False
    assert words_in(pdf(f"{NAME}\n#pagebreak()"), 1000)["all"] is True  # an empty page hides nothing


def test_a_long_pdf_is_read_up_to_a_limit():
    assert words_in(pdf("#lorem(200)"), 100)["all"] is False
    assert len(words_in(pdf("#lorem(200)"), 100)["words"]) == 100


def test_what_stands_in_the_fields_and_notes_of_a_pdf_is_found():
    writer = PdfWriter(io.BytesIO(pdf("A form")))
    from pypdf.annotations import FreeText

    writer.add_annotation(0, FreeText(text=f"Seen by {NAME}", rect=(0, 0, 99, 20)))
    held = io.BytesIO()
    writer.write(held)

    assert NAME in words_in(held.getvalue(), 1000)["words"]


def test_a_pdf_under_a_password_is_not_read():
    writer = PdfWriter(io.BytesIO(pdf(NAME)))
    writer.encrypt("secret", algorithm="RC4-128")
    held = io.BytesIO()
    writer.write(held)

    assert words_in(held.getvalue(), 1000) == {"words": "", "all": False}


def test_a_broken_pdf_and_one_that_takes_too_long_are_said_not_to_be_read(monkeypatch):
    assert text_of(PDF.content) == Text()
    monkeypatch.setattr(texts, "MOST_SECONDS", 0)
    monkeypatch.setattr(texts, "STARTING", 0.001)

    assert text_of(PDF.content) == Text()


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (NAME.encode(), [NAME]),
        (word_file(NAME).content, [NAME]),
        (office(word__document="<w:t>I saw Mrs </w:t><w:t>Havisham</w:t>"), [NAME]),
        (office(word__document="<w:t/>", word__header2=f"<w:p>{NAME}</w:p>"), [NAME]),
        (office(word__document="<w:t/>", docProps__core=f"<dc:title>{NAME}</dc:title>"), [NAME]),
        (office(word__document="<w:t>Mr &amp; Mrs Jones</w:t>"), ["Mr & Mrs Jones"]),
        (workbook(), [NAME, "\n4505577104", "Mr Pip"]),
        (office(ppt__presentation="<p/>", ppt__slides__slide1=f"<a:p>{NAME}</a:p>"), [NAME]),
        (office(ppt__presentation="<p/>", ppt__notesSlides__notesSlide1=f"<a:p>{NAME}</a:p>"), [NAME]),
        (
            archive(
                mimetype="application/vnd.oasis.opendocument.text",
                content="<text:p>Mrs<text:s/>Havisham</text:p>",
            ),
            [NAME],
        ),
    ],
    ids=["text", "word", "runs", "header", "title", "entity", "workbook", "slide", "notes", "open document"],
)
def test_documents_are_looked_into(content, expected):
    text = text_of(content)

    assert text.read is FileRead.ALL
    assert all(words in text.words for words in expected), text.words


def test_pictures_are_not_looked_into():
    assert text_of(b"\x89PNG\r\n\x1a\n" + NAME.encode()) == Text()


def test_a_broken_word_file_is_as_one_that_cannot_be_read():
    whole = word_file(NAME).content

    assert text_of(whole[:-30]) == Text()
    assert text_of(whole.replace(b"Mrs", b"\x00\x00\x00")).read is FileRead.NONE


def test_no_bomb_goes_off_and_entities_do_not_grow(monkeypatch):
    monkeypatch.setattr(texts, "MOST_READ", 1000)
    bomb = text_of(office(word__document="a" * 10_000_000))
    assert (len(bomb.words), bomb.read) == (1000, FileRead.PART)

    laughs = text_of(office(word__document='<!DOCTYPE x [<!ENTITY a "aaaa">]><w:t>&a;&a;</w:t>'))
    assert len(laughs.words) < 100
    assert text_of(b"a" * 2000) == Text("a" * 1000, FileRead.PART)
