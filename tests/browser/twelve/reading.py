"""What the pages and papers say of somebody, and what `expected.py` says of her, in the same shape."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from icalendar import Calendar

from cpd.shared.clock import LONDON
from tests.browser.twelve.expected import NOT_DONE, NOT_NEEDED, Outcome
from tests.browser.twelve.markup import Element
from tests.browser.twelve.story import OLIVE, TWELVE
from tests.browser.twelve.term import Term, sessions_in
from tests.browser.twelve.visitor import Visitor

CODES = ("M1", "M2", "M3", "M4", "M5", "M6", "M7")
WHAT = {"Done": "Completed", "Recognised": "Recognised as done"}


def shown_of(term: Term, who: str) -> dict[str, Any]:
    """All that is shown to somebody about what she did."""
    visitor = term.visitor(who)
    page = visitor.open("/my/record")
    facts = _facts(visitor.file("/my/record.csv"))
    times = page.the("div", class_="moj-timeline").every("time")
    assert [each.get("datetime") for each in times] == [on for on, *_ in facts], "the page and the table differ"
    papers = {name: "Withdrawn" in row.words for name, row in term.certificates(visitor).items()}
    return {
        "progress": page.the("p", class_="app-progress__words").words,
        "record": [_standing(page.the("div", data_module=code)) for code in CODES],
        "facts": sorted(facts),
        "missed": [_sentence(each) for each in page.every("li") if "data-missed" in each.attributes],
        "certificates": sorted(name for name, is_withdrawn in papers.items() if not is_withdrawn),
        "withdrawn": sorted(name for name, is_withdrawn in papers.items() if is_withdrawn),
        "calendar": sorted(f"{each['SUMMARY'][7:8]} {_day(each)}" for each in events_of(visitor)),
    }


def expected_of(outcome: Outcome) -> dict[str, Any]:
    """What must be shown."""
    done = [
        (code, *line) for code, line in zip(CODES, outcome.record, strict=True) if line not in (NOT_DONE, NOT_NEEDED)
    ]
    facts = [(_iso(words.partition(" on ")[2]), code, WHAT[words.split()[0]], source) for code, words, source in done]
    return {
        "progress": outcome.progress,
        "record": [" ".join(line).strip() for line in outcome.record],
        "facts": sorted(facts + [(_iso(on), code, what, known) for on, code, what, known in outcome.besides]),
        "missed": list(outcome.missed),
        "certificates": sorted(sessions_in(outcome.certificates)),
        "withdrawn": sorted(sessions_in(outcome.withdrawn)),
        "calendar": sorted(each.removeprefix("M") for each in sessions_in(outcome.calendar)),
    }


def told(term: Term, who: str) -> list[str]:
    """The subjects of all that was written to somebody, as Workforce Development sees them."""
    page = term.visitor(OLIVE).open(f"/outbox?to={who.lower()}@demo.example")
    return [each.the("h2").words for each in page.every("article")]


def events_of(visitor: Visitor) -> list[Any]:
    """What somebody's calendar feed shows that is not cancelled."""
    page = visitor.open("/my/calendar")
    address = next(each.get("href") for each in page.every("a") if each.get("href").endswith(".ics"))
    events = Calendar.from_ical(visitor.file(urlsplit(address).path)).walk("VEVENT")
    return [each for each in events if each["STATUS"] == "CONFIRMED"]


def sessions_ahead(term: Term, who: str, now: datetime) -> tuple[set[str], set[str]]:
    """The sessions still to come on which somebody has a place: by her feed, and by her bookings."""
    visitor = term.visitor(who)
    feed = {urlsplit(each["URL"]).path for each in events_of(visitor) if each["DTSTART"].dt > now}
    rows = [each for each in term.bookings(visitor) if each.get("data-state") == "booked"]
    return feed, {f"/sessions/{each.get('data-session')}" for each in rows}


def team_of(visitor: Visitor) -> dict[str, tuple[str, str]]:
    """What a manager reads of each of hers: how near the end she is, and what must be put right."""
    short = {name: who for who, name in TWELVE.items()}
    rows = [each for each in visitor.open("/team").every("tr") if each.get("data-person")]
    cells = {short[each.the("th").words]: [cell.words for cell in each.every("td")] for each in rows}
    return {who: (near.partition("practice: ")[2], todo) for who, (_, _, near, todo) in cells.items()}


def _standing(row: Element) -> str:
    """How a module stands and how that is known; what can be done about one that is still to do is left out."""
    words = row.the("dd").words
    return next((said for said, _ in (NOT_DONE, NOT_NEEDED) if words.startswith(said)), words)


def _sentence(item: Element) -> str:
    """What was missed, without the way on."""
    said, way, _ = item.words.partition(" Choose another date of")
    assert way, item.words
    return said


def _facts(table: bytes) -> list[tuple[str, str, str, str]]:
    """Day, module, what, and how that is known with why it was withdrawn, of each row of the table."""
    rows = csv.DictReader(io.StringIO(table.decode("utf-8-sig")))
    return [(row["date"], row["module"], row["what"], _known(row)) for row in rows]


def _known(row: dict[str, str]) -> str:
    if not row["withdrawn"]:
        assert not row["before"], row
        return row["source"]
    return f"{row['source']} {row['before'].partition(row['source'] + ' ')[2]}"


def _day(event: Any) -> str:
    begins = event["DTSTART"].dt.astimezone(LONDON)
    return f"{begins.day} {begins:%b}"


def _iso(words: str) -> str:
    """`2019-01-15` of `15 January 2019`."""
    return datetime.strptime(words, "%d %B %Y").replace(tzinfo=LONDON).date().isoformat()
