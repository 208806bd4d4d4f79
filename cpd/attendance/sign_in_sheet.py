"""The sheet of one session day on which people sign with a pen, as a tagged PDF.

It does not carry the code of the day, which changes every minute, but the address at which the code is entered.
"""

from __future__ import annotations

from pathlib import Path

from cpd.attendance.registers import expected_on
from cpd.catalogue.service import ModuleFacts
from cpd.people import service as people
from cpd.shared.clock import in_london
from cpd.shared.pdf import pdf_of
from cpd.shared.wording import day_words, span_words
from cpd.timetable.facts import DayFacts, SessionFacts

PAPER = Path(__file__).with_name("sign_in_sheet.typ")
BLANK = 6
BLANK_FOR_DROP_INS = 24
"""How many empty rows there are for those who just come (AMB-21)."""


def sheet_pdf(session: SessionFacts, day: DayFacts, module: ModuleFacts, organisation: str, base: str) -> bytes:
    """Set the sheet of a day: everybody who is expected, by name, and empty rows."""
    expected = sorted(expected_on([session.id]).get(session.id, {}).values(), key=lambda each: each.name.casefold())
    posts = people.posts_on([each.person_id for each in expected], in_london(day.starts_at).date())
    teams = {person_id: post.team_name for person_id, post in posts.items()}
    named = [(each.name, teams.get(each.person_id, "")) for each in expected]
    rows = [*named, *[("", "")] * (BLANK_FOR_DROP_INS if module.is_drop_in else BLANK)]
    return pdf_of(
        PAPER,
        {
            "title": f"Sign-in sheet: {module.full_title}",
            "organisation": organisation,
            "lines": list(filter(None, _lines(session, day, base))),
            "rows": [[str(number), *row] for number, row in enumerate(rows, start=1)],
        },
    )


def _lines(session: SessionFacts, day: DayFacts, base: str) -> tuple[str, ...]:
    """Say when and where, with whom, and how to sign in without a pen."""
    number = 1 + session.days.index(day)
    return (
        f"{day_words(day.starts_at, year=True)}, {span_words(day.starts_at, day.ends_at)}"
        + (f" (day {number} of {len(session.days)})" if len(session.days) > 1 else ""),
        day.place,
        f"Facilitator: {session.facilitator_names}" if session.facilitator_names else "",
        f"To sign in on your telephone instead, go to {base}/attend and enter the code on the screen.",
        "Not on the list? Write your name in an empty row.",
    )
