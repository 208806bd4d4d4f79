"""Twelve people and the programme of January to March 2019: who does what, and every line of every register.

The dates are those of the printed timetable. A session is called by its module and its first day, `M6 31 Jan`.
The people are invented; the name of each says what her case is. What must stand on their records in the end is
in `expected.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

TWELVE = {
    "Ada": "Ada Allthrough",
    "Bea": "Bea Bychance",
    "Cal": "Cal Corrected",
    "Dot": "Dot Released",
    "Eve": "Eve Excused",
    "Gwen": "Gwen Genograms",
    "Hal": "Hal October",
    "Ivy": "Ivy Halfway",
    "Jem": "Jem Waiting",
    "Kim": "Kim Moved",
    "Liz": "Liz Withdrawn",
    "Max": "Max Minutes",
}
MARY, NED = "Mary", "Ned"
OLIVE, FAY, TERRY = "Olive", "Fay", "Terry Tutor"
OTHERS = {MARY: "Mary Manager", NED: "Ned Neighbour", OLIVE: "Olive Officer", FAY: "Fay Facilitator"}
ROLES = {OLIVE: "workforce_development", FAY: "facilitator"}
MANAGED_BY = {who: NED if who == "Max" else MARY for who in TWELVE}

DONE_BEFORE = """email,module,completed_on,source
gwen@demo.example,PS-GENOGRAMS,2018-11-27,Attendance list of the Practice Short
hal@demo.example,PS-GENOGRAMS,2018-10-16,Attendance list of the Practice Short
"""


@dataclass(frozen=True)
class Act:
    """Somebody does something in the pages."""

    at: str
    who: str
    does: str
    what: str = ""
    more: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Register:
    """The register of one day as it is kept on the day, and closed when the day is over."""

    on: str
    module: str
    attended: str = ""
    everyone: str = ""
    """Marked with the one button for all."""
    by_code: str = ""
    without_booking: str = ""
    excused: str = ""
    absent: str = ""
    absent_at_closing: str = ""
    part: str = ""
    """`Max 100`: who was there for so many minutes."""
    marked_with: str = ""
    """The register of the morning, with which this one was marked as one."""
    keeper: str = FAY
    on_the_phone: str = ""
    """Who does her part on a telephone, in a real browser."""


@dataclass(frozen=True)
class Correction:
    """A closed register is opened again for a reason, one mark is changed, and it is closed once more."""

    at: str
    by: str
    on: str
    module: str
    who: str
    becomes: str
    reason: str


ACTS = (
    Act("2 Jan 09:10", OLIVE, "sets the places", "M2 15 Jan", {"capacity": "5"}),
    Act("2 Jan 10:00", "Ada", "plans the whole programme"),
    Act(
        "2 Jan 10:10",
        "Cal",
        "books together",
        "M6 31 Jan",
        {"with": "M1 10 Jan, M2 15 Jan, M3 15 Jan, M4 18 Jan, M5 18 Jan"},
    ),
    Act("2 Jan 11:00", "Dot", "books", "M1 10 Jan, M2 15 Jan, M3 15 Jan, M4 18 Jan, M5 18 Jan, M6 31 Jan"),
    Act("2 Jan 11:30", "Kim", "books", "M1 10 Jan, M2 15 Jan"),
    Act("2 Jan 12:00", "Liz", "books", "M1 10 Jan, M2 15 Jan, M3 15 Jan, M4 18 Jan, M5 18 Jan, M6 20 Feb"),
    Act("3 Jan 09:00", "Jem", "books", "M1 10 Jan"),
    Act("3 Jan 09:01", "Jem", "joins the waiting list", "M2 15 Jan"),
    Act("7 Jan 09:00", "Eve", "books", "M1 16 Jan, M2 21 Jan, M3 21 Jan, M4 24 Jan, M5 24 Jan, M6 31 Jan"),
    Act("7 Jan 10:00", "Ivy", "books", "M1 16 Jan, M2 21 Jan, M3 21 Jan, M4 24 Jan, M5 24 Jan"),
    Act("7 Jan 11:00", "Gwen", "books", "M2 21 Jan, M3 21 Jan, M4 24 Jan, M5 24 Jan, M6 31 Jan"),
    Act("7 Jan 12:00", "Hal", "books", "M2 21 Jan"),
    Act("7 Jan 12:01", "Hal", "cannot book", "M3 21 Jan", {"because": "Module 1: Genograms"}),
    Act("8 Jan 09:00", "Kim", "moves here", "M2 21 Jan"),
    Act("9 Jan 09:00", "Jem", "has got a place", "M2 15 Jan"),
    Act("9 Jan 09:01", "Jem", "books", "M3 15 Jan, M4 18 Jan, M5 18 Jan, M6 31 Jan"),
    Act("9 Jan 10:00", "Kim", "books", "M3 21 Jan, M4 12 Feb, M5 12 Feb"),
    Act("11 Jan 09:00", "Bea", "books", "M2 21 Jan, M3 21 Jan, M4 24 Jan, M5 24 Jan, M6 6 Feb"),
    Act("17 Jan 09:00", "Dot", "has lost", "M4 18 Jan, M5 18 Jan"),
    Act("21 Jan 17:00", "Ada", "books", "M7 25 Jan"),
    Act(
        "25 Jan 12:00",
        "Eve",
        "puts right",
        "Book Module 5: Tuesday 12 February",
        {"and": "Thursday 31 January to Wednesday 20 February"},
    ),
    Act("29 Jan 09:00", "Ivy", "books", "M6 6 Feb"),
    Act(
        "29 Jan 10:00",
        OLIVE,
        "recognises",
        "Hal",
        {
            "module": "Module 1: Genograms",
            "title": "Genograms Practice Short",
            "day": "16 10 2018",
            "reason": "It was the same workshop, given two weeks earlier",
            "words": "The attendance list of 16 October 2018",
        },
    ),
    Act("30 Jan 09:00", "Hal", "books", "M3 4 Feb, M4 12 Feb, M5 12 Feb, M6 20 Feb"),
    Act("30 Jan 10:00", "Dot", "has lost", "M6 31 Jan"),
    Act(
        "30 Jan 11:00",
        OLIVE,
        "gives links to the registers",
        "M6 31 Jan, M6 6 Feb, M6 20 Feb, M6 18 Mar",
        {"to": TERRY},
    ),
    Act("8 Feb 09:00", "Ivy", "reads that it is not complete", "M6 6 Feb", {"another": "M6 20 Feb"}),
    Act("8 Feb 10:00", "Liz", "shows her certificate", "M3 15 Jan"),
    Act("11 Feb 09:00", "Max", "books", "M1 20 Feb, M2 21 Feb, M3 21 Feb, M4 28 Feb, M5 28 Feb, M6 18 Mar"),
    Act(
        "12 Feb 09:00",
        "Liz",
        "puts right",
        "Book Module 3: Thursday 21 February",
        {"and": "Wednesday 20 February to Monday 18 March"},
    ),
    Act("13 Feb 09:00", "Kim", "books", "M6 20 Feb"),
    Act(
        "1 Mar 10:00",
        OLIVE,
        "accepts as complete",
        "M5 28 Feb",
        {"who": "Max", "reason": "Called to court, and caught up with the facilitator"},
    ),
)

REGISTERS = (
    Register("10 Jan", "M1", by_code="Ada", attended="Cal Dot Jem Kim Liz", without_booking="Bea", on_the_phone="Ada"),
    Register("15 Jan", "M2", attended="Ada Cal Jem Liz", absent="Dot", on_the_phone=FAY),
    Register("15 Jan", "M3", attended="Ada Cal Jem Liz", absent="Dot", marked_with="M2"),
    Register("16 Jan", "M1", attended="Eve Ivy"),
    Register("18 Jan", "M4", attended="Ada Jem Liz", absent="Cal"),
    Register("18 Jan", "M5", everyone="Ada Cal Jem Liz"),
    Register("21 Jan", "M2", everyone="Bea Eve Gwen Hal Ivy Kim"),
    Register("21 Jan", "M3", everyone="Bea Eve Gwen Ivy Kim"),
    Register("24 Jan", "M4", everyone="Bea Eve Gwen Ivy"),
    Register("24 Jan", "M5", attended="Bea Gwen Ivy", excused="Eve"),
    Register("25 Jan", "M7", attended="Ada", by_code="Max"),
    Register("31 Jan", "M6", everyone="Ada Cal Gwen Jem", keeper=TERRY),
    Register("1 Feb", "M6", everyone="Ada Cal Gwen Jem", keeper=TERRY),
    Register("4 Feb", "M3", attended="Hal"),
    Register("6 Feb", "M6", everyone="Bea Ivy", keeper=TERRY),
    Register("7 Feb", "M6", attended="Bea", absent_at_closing="Ivy", keeper=TERRY),
    Register("12 Feb", "M4", everyone="Hal Kim"),
    Register("12 Feb", "M5", everyone="Eve Hal Kim"),
    Register("20 Feb", "M1", attended="Max"),
    Register("20 Feb", "M6", everyone="Eve Hal Kim", keeper=TERRY),
    Register("21 Feb", "M6", everyone="Eve Hal Kim", keeper=TERRY),
    Register("21 Feb", "M2", attended="Max"),
    Register("21 Feb", "M3", everyone="Liz Max"),
    Register("28 Feb", "M4", attended="Max"),
    Register("28 Feb", "M5", part="Max 100"),
    Register("18 Mar", "M6", everyone="Liz Max", keeper=TERRY),
    Register("19 Mar", "M6", everyone="Liz Max", keeper=TERRY),
)

CORRECTIONS = (
    Correction("21 Jan 16:45", FAY, "18 Jan", "M4", "Cal", "attended", "Cal sat at the back and was overlooked"),
    Correction("11 Feb 10:00", OLIVE, "15 Jan", "M3", "Liz", "absent", "Liz was called away at noon"),
)

MIDWAY = "28 Jan 09:30"
LAST_DAY = "20 Mar 09:00"
