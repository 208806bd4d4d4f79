"""Whatever a timetable says, in whichever wording, is what is read; and nothing breaks the reading."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from cpd.timetable.reading import TableRefused, read_pasted, read_timetable

STEADY = settings(derandomize=True, deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
LONDON = ZoneInfo("Europe/London")
MODULES = {"M1": "Module 1", "M4": "Module 4", "M6": "Module 6 \u2013 Practical Simulation", "M7": "NVR"}
PLACES = [
    ("civic-centre", "Bridges Room", ["Bridges Room, Civic Centre", "Civic Centre, Bridges Room"]),
    ("dryden", "Room 2", ["Room 2, Dryden", "Room 2 (Dryden Road PDC)", "Room 2 at Dryden"]),
    ("coach-lane", None, ["UNN, Coach Lane Campus", "Northumbria University, Coach Lane Campus"]),
]
ORDINALS = {1: "st", 2: "nd", 3: "rd", 21: "st", 22: "nd", 23: "rd", 31: "st"}


@dataclass(frozen=True)
class Said:
    """A session as it is meant."""

    module: str
    days: tuple[date, ...]
    start: time
    end: time
    venue: str
    room: str | None


@st.composite
def timetables(draw):
    """Sessions that do not clash: each on days of its own."""
    every = draw(st.lists(st.integers(0, 364), min_size=1, max_size=12, unique=True))
    days = iter(date(2019, 1, 1) + timedelta(days=passed) for passed in every)
    said = []
    for day in days:
        more = draw(st.integers(0, 2))
        dates = (day, *(next(days, None) for _ in range(more)))
        start, end = sorted(draw(st.lists(st.integers(8 * 4, 22 * 4), min_size=2, max_size=2, unique=True)))
        venue, room, _ = draw(st.sampled_from(PLACES))
        module = draw(st.sampled_from(sorted(MODULES)))
        said.append(Said(module, tuple(sorted(filter(None, dates))), clock(start), clock(end), venue, room))
    return said


def clock(quarters):
    return time(quarters // 4, quarters % 4 * 15)


@st.composite
def written_date(draw, day):
    """One date in one of its wordings; a spelling per form, the year always there."""
    forms = [
        f"{day.isoformat()}",
        f"{day:%d/%m/%Y}",
        f"{day.day}/{day.month}/{day:%y}",
        f"{day:%d.%m.%Y}",
        f"{day.day}{ORDINALS.get(day.day, 'th')} {day:%B %Y}",
        f"{day.day} {ORDINALS.get(day.day, 'th')} {day:%B}, {day.year}",
        f"{day:%a} {day.day} {day:%b %Y}",
        f"{day:%A}, {day.day} {day:%B %Y}",
    ]
    return draw(st.sampled_from(forms))


def half(at):
    hour = at.hour % 12 or 12
    return f"{hour}.{at:%M}", "pm" if at.hour >= 12 else "am"


@st.composite
def written_times(draw, start, end):
    """A start and an end in one of their wordings."""
    (first, first_half), (last, last_half) = half(start), half(end)
    to = draw(st.sampled_from([" to ", " - ", "-", "\u2013", " \u2014 ", " until "]))
    forms = [
        f"{start:%H:%M}{to}{end:%H:%M}",
        f"{start:%H%M}hrs{to}{end:%H%M}hrs",
        f"{first}{first_half}{to}{last}{last_half}",
        f"{first} {first_half}{to}{last} {last_half}".upper(),
    ]
    if start.hour < 20:  # 2015 could be a year
        forms.append(f"{start:%H%M}{to}{end:%H%M}")
    if first_half == last_half and (end.hour - start.hour) < 12 and start.hour != 12:
        forms.append(f"{first}{to}{last}{last_half}")  # one am or pm for both (AMB-28)
    return draw(st.sampled_from(forms))


@st.composite
def written(draw, said):
    """The three texts of a session: dates, times, place."""
    between = draw(st.sampled_from([", ", " & ", " and ", "; "]))
    dates = between.join(draw(written_date(day)) for day in said.days)
    place = draw(st.sampled_from(next(forms for venue, _, forms in PLACES if venue == said.venue)))
    return dates, draw(written_times(said.start, said.end)), place


def expected(said):
    return [
        (
            one.module,
            tuple((moment(day, one.start), moment(day, one.end), one.venue, one.room) for day in one.days),
        )
        for one in said
    ]


def moment(day, at):
    return datetime.combine(day, at, LONDON).astimezone(UTC)


def read(timetable):
    assert timetable.refused == ()
    assert timetable.held_back == ()
    return [
        (session.module, tuple((day.starts_at, day.ends_at, day.venue, day.room) for day in session.days))
        for session in timetable.sessions
    ]


@STEADY
@given(data=st.data(), said=timetables())
def test_a_table_in_random_wordings_reads_back_as_it_was_meant(data, said, known):
    columns = data.draw(st.permutations(["module", "date", "time", "place"]))
    headings = {
        "module": ["Module", "course", "Course_Title", "MODULE CODE"],
        "date": ["Date", "Date(s)", "start_date", "Session dates"],
        "time": ["Time", "Times", "start-time"],
        "place": ["Venue", "Location", "Room", "venue / room"],
    }
    rows = [[data.draw(st.sampled_from(headings[column])) for column in columns]]
    for one in said:
        dates, times, place = data.draw(written(one))
        cells = {"module": MODULES[one.module], "date": dates, "time": times, "place": place}
        rows.append([cells[column] for column in columns])
    content = "\r\n".join(",".join(f'"{cell}"' for cell in row) for row in rows).encode()

    assert read(read_timetable("t.csv", content, known)) == expected(said)


@STEADY
@given(data=st.data(), said=timetables())
def test_pasted_lines_in_random_wordings_read_back_as_they_were_meant(data, said, known):
    lines = []
    for before, one in pairwise([None, *said]):
        if before is None or before.module != one.module:
            lines += ["", MODULES[one.module]]
        dates, times, place = data.draw(written(one))
        lines.append(
            data.draw(
                st.sampled_from(["{} - {} ({})", "{}, {}, {}", "{}\t{}\t{}", "\u2022 {} \u2013 {} in {}"])
            ).format(dates, times, place)
        )

    assert read(read_pasted("\n".join(lines), known)) == expected(said)


PIECES = st.sampled_from(
    [
        *(
            "Module 4",
            "Module 9",
            "Genograms",
            "Civic Centre",
            "Room 2",
            "(",
            ")",
            ",",
            " - ",
            " & ",
            "\n",
            "\t",
            ";",
            '"',
        ),
        *(
            "10th",
            "31",
            "30",
            " February",
            " January",
            "2019",
            "19",
            "/",
            ".",
            "-",
            ":",
            "9.30",
            "am",
            "pm",
            " to ",
            "noon",
        ),
        *(
            "TBC",
            "Thursday",
            "Wed",
            "0930",
            "1230",
            "12",
            "half nine",
            "\u2013",
            "\u00b2",
            "\u0663",
            "\ufeff",
            "\x0b",
            "=1+1",
        ),
        *("Timetable January - March 2019", "December - February 2019", "2018/19", "29 February", "32/13/2019", "00"),
    ]
)


@STEADY
@given(text=st.one_of(st.text(), st.lists(PIECES, max_size=30).map("".join)), year=st.none() | st.integers(-1, 3000))
@example(text="Module 4\n31 December 2099 & 1 January 9am-10am", year=None)
@example(text="Module 4\n29 February 2000 & 29 February 9am-10am", year=2001)
def test_no_text_raises_anything_but_the_named_refusal(text, year, known):
    with suppress(TableRefused):
        timetable = read_pasted(text, known, year=year)
        assert all(str(note).isprintable() for note in timetable.refused + timetable.held_back)
        assert all(day.starts_at < day.ends_at for session in timetable.sessions for day in session.days)


@STEADY
@given(
    cells=st.lists(
        st.lists(st.one_of(st.text(max_size=20), st.lists(PIECES, max_size=6).map("".join)), min_size=7, max_size=7),
        max_size=4,
    )
)
def test_no_table_raises_anything_but_the_named_refusal(cells, known):
    header = ["module", "date", "time", "venue", "room", "places", "booking_opens"]
    lines = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in [header, *cells]]
    with suppress(TableRefused):
        timetable = read_timetable("t.csv", "\n".join(lines).encode("utf-8", "surrogatepass"), known, year=2019)
        assert all(str(note).isprintable() for note in timetable.refused)


@STEADY
@given(content=st.binary(max_size=300), kind=st.sampled_from(["csv", "txt", "ods", "docx"]))
@example(content=b"\xff\xfeM\x00o\x00", kind="csv")
@example(content=b"\x81\x8d", kind="txt")
def test_no_bytes_raise_anything_but_the_named_refusal(content, kind, known):
    reason = ""
    try:
        timetable = read_timetable(f"t.{kind}", content, known, year=2019)
    except TableRefused as refused:
        reason = refused.reason
    else:
        assert kind == "txt" or timetable.sessions == ()
    assert reason.isprintable()


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
@pytest.mark.parametrize("magic", [b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"])
def test_a_broken_workbook_is_refused(kind, magic, known):
    with pytest.raises(TableRefused, match="The workbook cannot be read"):
        read_timetable(f"t.{kind}", magic + bytes(range(1, 200)), known)
