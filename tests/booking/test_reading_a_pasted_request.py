"""A request is read as people send it today: by e-mail, with name, team, titles and dates in their own wording."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from cpd.booking.letters import Colleague, messages_in, who_wrote
from cpd.booking.meant import Offering
from cpd.booking.pasted import read_request
from cpd.shared.clock import in_london
from cpd.timetable.facts import DayFacts, SessionFacts
from cpd.timetable.reading.modules import Modules
from cpd.timetable.reading.values import KnownModule
from tests.cast import london

NOW = london(2019, 1, 2, 9)
STARTS = {
    "M1": [london(2019, 1, 10, 12), london(2019, 1, 17, 9, 30)],
    "M2": [london(2019, 1, 15, 9, 30), london(2019, 1, 21, 13, 30)],
    "M3": [london(2019, 1, 15, 9, 30), london(2019, 1, 15, 13, 30), london(2019, 1, 22, 9, 30)],
    "M6": [london(2019, 1, 31, 9, 30)],
    "M7": [london(2019, 2, 6, 10), london(2019, 2, 7, 10)],
}
MODULES = [
    KnownModule("M1", "Module 1", "Genograms"),
    KnownModule("M2", "Module 2"),
    KnownModule("M3", "Module 3"),
    KnownModule("M6", "Module 6", "Practical Simulation"),
    KnownModule("M7", "7", "Non-Violent Resistance", ("NVR",)),
]
TITLES = {"M1": "Module 1: Genograms", "M2": "Module 2", "M3": "Module 3", "M6": "Module 6", "M7": "Module 7"}


def session(number: int, starts_at: datetime, days: int) -> SessionFacts:
    parts = [starts_at + timedelta(days=day) for day in range(days)]
    dated = tuple(DayFacts(0, at, at + timedelta(hours=2), "", "", False) for at in parts)
    ends_at = dated[-1].ends_at
    return SessionFacts(dated, number, 1, 1, "published", 20, False, 0, None, None, starts_at, ends_at, "", "", NOW)


@pytest.fixture(scope="module")
def offered() -> Offering:
    numbers = iter(range(1, 100))
    sessions = {
        code: [session(next(numbers), at, 2 if code == "M6" else 1) for at in starts] for code, starts in STARTS.items()
    }
    return Offering(Modules(MODULES), sessions, TITLES)


@pytest.fixture
def asked(offered):
    """Give what is understood: `M2 15 Jan 09:30`, or the trouble."""

    def said(line) -> str:
        if line.session:
            return f"{line.module} {in_london(line.session.starts_at):%-d %b %H:%M}"
        return f"{line.module}: {line.trouble}".removeprefix(": ")

    return lambda text, now=NOW: [said(line) for line in read_request(text, offered, now).lines]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Please could you book me on to Module 2 - 15th January", ["M2 15 Jan 09:30"]),
        ("Module 2 \N{EN DASH} 15 January 2019", ["M2 15 Jan 09:30"]),
        ("module 2, 15/1", ["M2 15 Jan 09:30"]),
        ("M2 15/01/2019", ["M2 15 Jan 09:30"]),
        ("Mod 2: 15.01.2019", ["M2 15 Jan 09:30"]),
        ("Mod. 2 on 15.1.", ["M2 15 Jan 09:30"]),
        ("\N{BULLET} Module 2 (Tuesday 15th of January)", ["M2 15 Jan 09:30"]),
        ("1. Module 2, Tues 15 Jan", ["M2 15 Jan 09:30"]),
        ("Module 2: January 15th", ["M2 15 Jan 09:30"]),
        ("Module 2 - 2019-01-15", ["M2 15 Jan 09:30"]),
        ("Genograms on 17th January please", ["M1 17 Jan 09:30"]),
        ("Module 1 - Genograms - 10th January - 12.00 to 2.00pm (Bridges Room)", ["M1 10 Jan 12:00"]),
        ("NVR 6/2", ["M7 6 Feb 10:00"]),
        ("Non Violent Resistance on the 7th February", ["M7 7 Feb 10:00"]),
        ("Module 2 - 15th January, Module 3 22/1", ["M2 15 Jan 09:30", "M3 22 Jan 09:30"]),
        ("Module 2 15 Jan and Module 3 on 22 Jan and genograms 10/1", [
            "M2 15 Jan 09:30", "M3 22 Jan 09:30", "M1 10 Jan 12:00"]),
        ("15th January - Module 2; 22nd January - Module 3", ["M2 15 Jan 09:30", "M3 22 Jan 09:30"]),
        ("Module 3 on 15 January at 1.30pm", ["M3 15 Jan 13:30"]),
        ("Module 3 on 15 January at 1.30", ["M3 15 Jan 13:30"]),
        ("Module 3, 15 January, 13:30", ["M3 15 Jan 13:30"]),
        ("Module 3, 15 January 9.30am - 12.30pm", ["M3 15 Jan 09:30"]),
        ("Module 3 15/1 9.30-12.30", ["M3 15 Jan 09:30"]),
        ("Module 3 on the afternoon of 15 January", ["M3 15 Jan 13:30"]),
        ("Module 3 - 15 January (morning)", ["M3 15 Jan 09:30"]),
        ("Modules 2 and 3 on 15 January at 9.30am", ["M2 15 Jan 09:30", "M3 15 Jan 09:30"]),
        ("Module 6 - 31st January & 1st February", ["M6 31 Jan 09:30"]),
        ("Module 6: 31 January and 1 February, 9.30am to 4.30pm", ["M6 31 Jan 09:30"]),
        ("Module 7 on 6th and 7th February", ["M7 6 Feb 10:00", "M7 7 Feb 10:00"]),
        ("Module 2:\n15th January\n\nModule 7:\n- 6th February", ["M2 15 Jan 09:30", "M7 6 Feb 10:00"]),
        ("Module 2 - Dryden Road\n21 January 1.30pm", ["M2 21 Jan 13:30"]),
        ("MODULE 2 15TH JANUARY", ["M2 15 Jan 09:30"]),
        ("Module 2 15th January\nModule 2 - 15/1/19", ["M2 15 Jan 09:30"]),
        ("Hello,\n\nHope you are well.", []),
    ],
)  # fmt: skip
def test_a_session_may_be_asked_for_in_many_wordings(asked, text, expected):
    assert asked(text) == expected


@pytest.mark.parametrize(
    ("text", "trouble"),
    [
        ("Module 2 - Wednesday 15 January", "M2: 15 January 2019 is a Tuesday, not a Wednesday"),
        ("Module 2 16/1", "M2: there is no session of Module 2 on 16 January 2019; the nearest are on 15 January 2019"
         " and 21 January 2019"),
        ("Module 3 on 15 January", "M3: on 15 January 2019 Module 3 begins at 9:30am and 1:30pm: write the time with"
         " the date"),
        ("Module 2, 15 January at 4pm", "M2: on 15 January 2019 Module 2 begins at 9:30am: write that time, or another"
         " date"),
        ("Module 2 please", "M2: no date is given"),
        ("Module 9 on 15 January", '"Module 9" is not a known module; the nearest is'),
        ("Can I come on 15 January?", "no module is named with this date"),
        ("Module 2, 31 February", "M2: 31 February is not a date"),
        ("Module 2, 14/15", 'M2: "14/15" is not a date: the day stands first, then the month'),
    ],
)  # fmt: skip
def test_what_cannot_be_understood_is_shown_with_the_reason(asked, text, trouble):
    (said,) = asked(text)
    assert said.startswith(trouble)


def test_a_date_without_a_year_is_the_nearest_to_come_when_it_was_sent(asked):
    assert asked("Module 2 15/1", london(2018, 12, 20, 9)) == ["M2 15 Jan 09:30"]
    assert asked("Module 2 15/1", london(2019, 1, 16, 9))[0].startswith(
        "M2: there is no session of Module 2 on 15 January 2020"
    )


LETTER = """\
From: Alice Learner <alice@demo.example>
Sent: Monday 3 December 2018 14:05
To: Workforce Development <workforce@demo.example>
Subject: Systemic training

Hi Olive,

Please could you book me on to
Module 2 - 15th January
I was off sick on 4 December 2018.

Many thanks
Alice Learner, Assessment Team 1
Annual leave 20 - 24 December
"""
ANSWERED = """\
> From: Workforce Development <workforce@demo.example>
> Sent: Friday 30 November 2018 10:00
>
> The dates are
> Module 7: 6th February
"""


def test_a_letter_is_read_as_a_whole(offered):
    request = read_request(LETTER, offered, NOW)

    assert [(line.row, line.module, line.trouble) for line in request.lines] == [
        (9, "M2", ""),
        (10, "M2", "there is no session of Module 2 on 4 December 2018; the nearest are on 15 January 2019 and "
         "21 January 2019"),
    ]  # fmt: skip
    assert request.received_at == london(2018, 12, 3, 14, 5)


def test_what_is_answered_to_asks_for_nothing(asked):
    assert asked(f"Module 2 on 15 January please.\n\n{ANSWERED}") == ["M2 15 Jan 09:30"]
    assert asked(f"{ANSWERED}\nModule 2 on 15 January please.") == ["M2 15 Jan 09:30"]
    assert asked("Module 2 15/1\n-----Original Message-----\nSent: 30 November 2018 10:00\nModule 7 6/2") == [
        "M2 15 Jan 09:30"
    ]


def test_a_request_that_is_passed_on_is_read_from_below(offered):
    request = read_request(f"Hi, can you deal with this?\n\n{LETTER}", offered, NOW)

    assert request.lines[0].module == "M2"
    assert request.received_at == london(2018, 12, 3, 14, 5)


def test_a_quoted_request_is_read_when_nothing_else_asks(offered):
    text = "See below.\n\nOn Mon, 3 Dec 2018 at 14:05, Alice Learner wrote:\n> Module 2 - 15 January\n"

    request = read_request(text, offered, NOW)

    assert request.lines[0].session is not None
    assert request.received_at == london(2018, 12, 3, 14, 5)


def test_a_subject_is_read_when_nothing_else_asks(asked):
    assert asked("Subject: Module 2 - 15 January\n\nPlease book me on this.\n") == ["M2 15 Jan 09:30"]


@pytest.mark.parametrize(
    ("header", "sent"),
    [
        ("Sent: Monday 3 December 2018 14:05", (3, 14, 5)),
        ("Sent: 03 December 2018 14:05", (3, 14, 5)),
        ("Sent: 03/12/2018 14:05", (3, 14, 5)),
        ("Date: Mon, 3 Dec 2018 14:05:00 +0000", (3, 14, 5)),
        ("Date: 3 December 2018 at 14:05:00 GMT", (3, 14, 5)),
        ("Sent: Monday, December 3, 2018 2:05 PM", (3, 14, 5)),
        ("Sent: yesterday", None),
        ("Sent: 3 December 2030 10:00", None),
    ],
)
def test_the_moment_of_receipt_is_read_from_the_head(header, sent):
    found = messages_in(f"{header}\nSubject: x\n\nModule 2")[0].sent_at(NOW)

    assert found == (london(2018, 12, *sent) if sent else None)


PEOPLE = [
    Colleague(1, "Alice Learner", "alice@demo.example", "Assessment Team 1"),
    Colleague(2, "Alice Learner", "alice2@demo.example", "Children in Care"),
    Colleague(3, "Bob Colleague", "bob@demo.example", "Assessment Team 1"),
    Colleague(4, "Ann Lee", "ann@demo.example", ""),
    Colleague(5, "Olive Officer", "olive@demo.example", ""),
]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("From: Bob Colleague <bob@demo.example>\nSubject: x\n\nPlease ask alice@demo.example", [3]),
        ("From: Learner, Alice\nSubject: x\n\nChildren in care", [2]),
        ("Please book me.\nBob Colleague", [3]),
        ("Regards\nAlice Learner\nAssessment Team 1", [1]),
        ("Regards, Alice Learner", [1, 2]),
        ("Dear Olive Officer,\nplease.\nJoann Leeson", []),
        ("Ann works with Mr Lee", [4]),
        ("To: alice@demo.example\nSubject: x\n\nBob Colleague", [3]),
        ("", []),
    ],
)
def test_who_wrote_it_is_known_by_address_or_by_name_and_team(text, found):
    assert [each.id for each in who_wrote(messages_in(text)[0], PEOPLE, besides=5)] == found


@pytest.mark.parametrize(
    "text",
    ["15/1 " * 200_000, "Module 2 " * 100_000, "> " * 200_000, "\n".join(["Module 2 15/1"] * 20_000), "9" * 10**6],
)
def test_a_text_of_any_length_gets_an_answer(offered, text):
    assert len(read_request(text, offered, NOW).lines) <= 60
