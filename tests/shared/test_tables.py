"""Reading whatever table somebody sends, and refusing what is none."""

import io
import zipfile
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from cpd.shared.tables import MAX_ROWS, Row, TableRefused, match_columns, read_table, safe_cell

DATA = Path(__file__).parents[1] / "data"
WANTED = {"module": ("course", "course code"), "start_date": ("date", "dates"), "capacity": ("places",)}


def cells(table):
    return [table.header.cells, *(row.cells for row in table.rows)]


def refusal(filename, content):
    with pytest.raises(TableRefused) as refused:
        read_table(filename, content)
    return refused.value.reason


def workbook(write):
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"strings_to_formulas": False, "strings_to_urls": False})
    write(book, book.add_worksheet("Table"))
    book.close()
    return content.getvalue()


# CSV


def test_a_csv_gives_its_header_and_its_rows_with_their_numbers():
    table = read_table("people.CSV", b"name,team\r\nA. Learner, North \r\n\r\nB. Learner,South\r\n")

    assert table.header == Row(1, ("name", "team"))
    assert table.rows == (Row(2, ("A. Learner", "North")), Row(4, ("B. Learner", "South")))


def test_a_record_of_two_lines_is_one_row():
    table = read_table("t.csv", b'module,dates\nM1,"10 January\n16 January"\nM2,15 January\n')

    assert table.rows == (Row(2, ("M1", "10 January\n16 January")), Row(3, ("M2", "15 January")))


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_commas_semicolons_and_tabs_may_divide(delimiter):
    content = f'module{delimiter}venue\nM6{delimiter}"Northumbria University, Coach Lane; Campus"\n'

    assert cells(read_table("t.csv", content.encode())) == [
        ("module", "venue"),
        ("M6", "Northumbria University, Coach Lane; Campus"),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_utf_8_and_windows_1252_are_read(encoding):
    content = "name,venue\nZo\u00eb O\u2019Neill,Caf\u00e9 \u2013 \u00a35\n".encode(encoding)

    assert cells(read_table("t.csv", content)) == [
        ("name", "venue"),
        ("Zo\u00eb O\u2019Neill", "Caf\u00e9 \u2013 \u00a35"),
    ]


def test_title_lines_stand_above_the_header():
    table = read_table("t.csv", b"Timetable January - March 2019,,\n\nmodule,date,time\nM1,10/1/19,9am\n")

    assert [row.cells[0] for row in table.titles] == ["Timetable January - March 2019"]
    assert (table.header.number, table.rows[0].number) == (3, 4)


def test_a_table_of_one_column_has_a_header_too():
    assert cells(read_table("t.csv", b"email\na@demo.example\n")) == [("email",), ("a@demo.example",)]


def test_a_cell_that_looks_like_a_formula_stays_text():
    assert cells(read_table("t.csv", b'name,note\n=1+1,"@SUM(A1)"\n')) == [("name", "note"), ("=1+1", "@SUM(A1)")]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "The file is empty."),
        (b"\n,,\n", "The file has no rows."),
        (b"x" * (10 * 1024 * 1024), "The file has 10.0 MB; at most 5 MB can be read. Divide it into smaller files."),
        (b"a,b\n1,\0\n", "The file holds NUL characters. Save it again as CSV UTF-8 (or as plain text)."),
        (b"MZ\x90\x00\x03", "The file is not plain text, whatever its name says."),
        (b"PK\x03\x04", "The file is not plain text, whatever its name says."),
        (b"%PDF-1.7", "The file is not plain text, whatever its name says."),
        (b"a,\x81\n", "The file's characters are neither UTF-8 nor Windows-1252. Save it again as CSV UTF-8."),
        (
            b"module,venue\nM6,Northumbria University, Coach Lane\n",
            "There are more cells than headings in row 2. Put quotation marks round a cell that holds a comma.",
        ),
        (b"a,b\n" + b"1,2\n" * (MAX_ROWS + 1), "The file has 20,001 rows; at most 20,000 can be read. Divide it."),
        (
            b"a,b\n" + b"\n" * 50_000 + b"1,2",
            "The file goes on beyond row 40,000; at most 20,000 can be read. Divide it.",
        ),
        (b",".join([b"a"] * 201), "The file has 201 columns; at most 200 can be read."),
    ],
    ids=[
        *("nothing", "blank rows", "10 MB", "NUL", "a program", "a workbook's bytes", "a PDF", "no text"),
        *("a comma without quotation marks", "too many rows", "too far down", "too many columns"),
    ],
)
def test_a_csv_that_cannot_be_read_is_refused(content, reason):
    assert refusal("t.csv", content) == reason


def test_a_quotation_mark_without_its_end_is_refused_with_its_row():
    assert refusal("t.csv", b'a,b\n1,2\n3,"4\n').startswith("Row 3 is not well-formed CSV")


# Workbooks


def test_a_workbook_gives_text():
    def write(book, sheet):
        day, clock, both, hours = (
            book.add_format({"num_format": form}) for form in ("dd/mm/yyyy", "hh:mm", "dd/mm/yyyy hh:mm", "[h]:mm")
        )
        sheet.write_row(0, 0, ["date", "time", "moment", "length", "places", "fte", "yes", "formula", "text"])
        sheet.write_datetime(1, 0, datetime(2019, 1, 31), day)
        sheet.write_datetime(1, 1, time(9, 30), clock)
        sheet.write_datetime(1, 2, datetime(2019, 1, 31, 9, 30, 15), both)
        sheet.write_datetime(1, 3, timedelta(hours=27), hours)
        sheet.write_row(1, 4, [20.0, 0.6, True])
        sheet.write_formula(1, 7, "=1+1", None, 2)
        sheet.write_string(1, 8, "=cmd|x")

    assert read_table("t.xlsx", workbook(write)).rows == (
        Row(2, ("2019-01-31", "09:30", "2019-01-31 09:30:15", "27:00", "20", "0.6", "TRUE", "2", "=cmd|x")),
    )


def test_every_minute_of_a_day_survives_being_a_fraction():
    def write(book, sheet):
        clock = book.add_format({"num_format": "hh:mm"})
        for minute in range(24 * 60):
            sheet.write_number(minute, 0, minute / 1440, clock)
            sheet.write_number(minute, 1, round(minute / 1440, 9), clock)

    said = [f"{minute // 60:02}:{minute % 60:02}" for minute in range(24 * 60)]

    assert cells(read_table("t.xlsx", workbook(write))) == [(at, at) for at in said]


def test_rows_keep_their_numbers_below_blank_ones_and_columns_their_places():
    def write(book, sheet):
        sheet.write_row(2, 1, ["module", "date"])
        sheet.write_row(5, 1, ["M1", "10/1/19"])

    table = read_table("t.xlsx", workbook(write))

    assert (table.header, table.rows) == (Row(3, ("", "module", "date")), (Row(6, ("", "M1", "10/1/19")),))


def test_a_cell_merged_downwards_holds_for_each_of_its_rows():
    def write(book, sheet):
        sheet.write_row(0, 0, ["module", "date"])
        sheet.merge_range(1, 0, 3, 0, "Module 1")
        for row in (1, 2, 3):
            sheet.write_string(row, 1, f"{row}/1/19")

    assert [row.cells for row in read_table("t.xlsx", workbook(write)).rows] == [
        ("Module 1", "1/1/19"),
        ("Module 1", "2/1/19"),
        ("Module 1", "3/1/19"),
    ]


def test_the_first_visible_sheet_with_anything_on_it_is_read_and_the_others_are_named():
    def write(book, sheet):
        hidden = book.add_worksheet("Lists")
        hidden.write_row(0, 0, ["not", "this"])
        hidden.hide()
        book.add_worksheet("Dates").write_row(0, 0, ["module", "date"])
        book.add_worksheet("Old dates").write_row(0, 0, ["module", "date"])

    table = read_table("t.xlsx", workbook(write))

    assert table.header.cells == ("module", "date")
    assert table.remarks == ('The sheet "Old dates" was not read.',)


def test_excel_97_is_read():
    content = (DATA / "timetable-excel-97.xls").read_bytes()

    assert cells(read_table("t.xls", content)) == [
        ("Module", "Date", "From", "To", "Places"),
        ("Module 1", "2019-01-10", "12:00", "14:00", "20"),
    ]


def open_document(rows):
    content = io.BytesIO()
    names = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr(
            "content.xml",
            f"<office:document-content{names}><office:body><office:spreadsheet>"
            f'<table:table table:name="Dates">{rows}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return content.getvalue()


def test_an_open_document_is_read():
    row = (
        '<table:table-row><table:table-cell office:value-type="string"><text:p>M1</text:p></table:table-cell>'
        '<table:table-cell office:value-type="date" office:date-value="2019-01-31"/>'
        '<table:table-cell office:value-type="time" office:time-value="PT09H30M00S"/></table:table-row>'
        '<table:table-row table:number-rows-repeated="1048575"><table:table-cell/></table:table-row>'
    )

    assert cells(read_table("t.ods", open_document(row))) == [("M1", "2019-01-31", "09:30")]


def bomb():
    """A workbook of a few kilobytes whose sheet unpacks to 200 MB."""
    plain, content = io.BytesIO(workbook(lambda _, sheet: sheet.write(0, 0, "x"))), io.BytesIO()
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, source.read(name))
        with target.open("xl/padding.xml", "w") as member:
            for _ in range(200):
                member.write(b" " * 1024 * 1024)
    return content.getvalue()


def many_long_strings():
    """A workbook that would take gigabytes of memory: one long text in very many cells."""

    def write(book, sheet):
        for row in range(5000):
            sheet.write_row(row, 0, ["x" * 32_000] * 10)

    return workbook(write)


STRAY = (
    "The sheet reaches to row 100,000 and column 4; at most 20,000 rows and 200 columns can be read. "
    "Delete what stands below and beside the table."
)
DAMAGED = "The workbook cannot be read: it is damaged, or far larger than it seems. Save it as CSV."


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda: b"MZ\x90\x00", "The file is called .xlsx but is no workbook. Save it from the spreadsheet again."),
        (lambda: b"module,date\n", "The file is called .xlsx but is no workbook. Save it from the spreadsheet again."),
        (lambda: b"PK\x03\x04" + bytes(200), DAMAGED),
        (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000), DAMAGED),
        (lambda: workbook(lambda *_: None), "The workbook has no visible sheet with anything on it."),
        (bomb, "The workbook unpacks to more than 100 MB. Save only the table, as CSV."),
        (many_long_strings, DAMAGED),
        (
            lambda: workbook(lambda _, sheet: sheet.write_row(0, 0, "ab") or sheet.write(1_048_575, 16_383, "x")),
            DAMAGED,
        ),
        (
            lambda: workbook(lambda _, sheet: sheet.write_row(0, 0, "ab") or sheet.write(99_999, 3, "x")),
            STRAY,
        ),
    ],
    ids=[
        *("a program", "a CSV", "a broken archive", "a broken Excel 97", "an empty workbook", "an archive bomb"),
        *("a memory bomb", "a cell in the last corner", "a stray cell far below"),
    ],
)
def test_a_workbook_that_cannot_be_read_is_refused(make, reason):
    assert refusal("t.xlsx", make()) == reason


def test_another_kind_of_file_is_refused():
    assert refusal("t.docx", b"PK\x03\x04") == "Only .csv, .xlsx, .xls and .ods files can be read as a table."


# Columns


@pytest.mark.parametrize(
    "header",
    [
        ("module", "start_date", "capacity"),
        ("PLACES", "Start-Date", "Module"),
        ("Course Code", "date(s)", "places *"),
        ("course\ncode", "Start  date:", "Capacity"),
    ],
)
def test_columns_are_found_in_any_order_case_and_wording(header):
    row = Row(2, ("first", "second", "third"))
    found = match_columns(header, WANTED, required=("module",))

    texts = {field: found.cell(row, field) for field in WANTED}
    assert sorted(texts.values()) == ["first", "second", "third"]
    assert texts["start_date"] == "second"
    assert found.unknown == ()


def test_a_saved_mapping_goes_before_all_wordings_and_may_leave_a_column_out():
    saved = {"Kurs": "module", "Date": ""}
    found = match_columns(("Kurs", "module", "DATE", "Tag"), WANTED, saved={**saved, "tag": "start_date"})

    assert found.positions == {"module": 0, "start_date": 3}
    assert found.unknown == ("module",)


def test_of_two_columns_that_fit_the_likelier_wording_is_taken_and_the_other_reported():
    found = match_columns(("Date", "start date", "module"), WANTED)

    assert found.positions["start_date"] == 1
    assert found.unknown == ("Date",)
    assert found.heading("start_date") == "start date"


def test_two_columns_of_one_wording_are_refused():
    with pytest.raises(TableRefused, match='Two columns could both be module: "Module" and "MODULE"'):
        match_columns(("Module", "MODULE"), WANTED)


def test_required_columns_that_are_missing_are_named_with_those_that_are_there():
    with pytest.raises(TableRefused) as refused:
        match_columns(("Places", "Colour"), WANTED, required=("module", "start_date"))

    assert refused.value.reason == "There is no column for module, start_date. The columns are: Places, Colour."


def test_a_missing_column_and_a_short_row_read_as_blank():
    found = match_columns(("module", "places"), WANTED)

    assert found.cell(Row(2, ("M1",)), "capacity") == ""
    assert found.cell(Row(2, ("M1",)), "start_date") == ""
    assert found.heading("start_date") == "start_date"


def test_a_heading_is_shown_on_one_line():
    found = match_columns(("start\ndate", "col\x1bour"), WANTED)

    assert (found.heading("start_date"), found.unknown) == ("start date", ("colour",))


# Export


@pytest.mark.parametrize("text", ["=1+1", "+44 191", "-1", "@here", "\tx", "\rx"])
def test_a_cell_is_written_so_that_no_spreadsheet_takes_it_for_a_formula(text):
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "Genograms", "1 = 1", "a@demo.example", "'x"])
def test_any_other_cell_is_written_as_it_is(text):
    assert safe_cell(text) == text


@settings(derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(content=st.binary(max_size=200), kind=st.sampled_from(["csv", "xlsx", "xls", "ods", "", "exe"]))
@example(content=b'"', kind="csv")
@example(content=b'a,b\n"x"y,1', kind="csv")
@example(content=b"a,b\n1," + b"x" * 200_000, kind="csv")
def test_no_bytes_raise_anything_but_the_named_refusal(content, kind):
    reason = ""
    try:
        table = read_table(f"t.{kind}", content)
    except TableRefused as refused:
        reason = refused.reason
    else:
        assert any(table.header.cells)
    assert reason.isprintable()
