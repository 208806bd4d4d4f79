"""The tables of `sums.md`, and what pages say of the same things, cell by cell."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from icalendar import Calendar

from cpd.shared.clock import LONDON
from cpd.shared.wording import date_words
from tests.browser.three_years.career import Career, day_of
from tests.browser.three_years.story import ACTS, LAST_DAY, MARY, NAMES, OLIVE, TESS
from tests.browser.twelve.markup import Element

Row = dict[str, str]
Reader = Callable[[Career], Row]
OWN_DAYS = ("Study day", "Wellbeing day")
HALF = {"no days": 0, "half a day": 1, "1 day": 2}


def _tables() -> dict[str, list[Row]]:
    """Read the tables, each by the heading above it."""
    found: dict[str, list[Row]] = {}
    heads: list[str] = []
    title = ""
    for line in Path(__file__).with_name("sums.md").read_text().splitlines():
        if line.startswith("## "):
            title, heads = line.removeprefix("## "), []
        elif line.startswith("|") and not line.startswith("|---"):
            cells = [each.strip() for each in line.strip("|").split("|")]
            if heads:
                found[title].append(dict(zip(heads, cells, strict=True)))
            else:
                heads, found[title] = cells, []
    return found


TABLES = _tables()


def look(career: Career, who: str, path: str) -> Element:
    """A page as somebody sees it this evening; each is opened once."""
    now = career.app.extensions["frozen_clock"]
    if career.seen.get("at") != now:
        career.seen.clear()
        career.seen["at"] = now
    if (who, path) not in career.seen:
        career.seen[who, path] = career.visitor(who).open(path)
    return career.seen[who, path]


def row_on(title: str, today: date) -> Row:
    """What a table says of a day: the last row that begins by then."""
    return [row for row in TABLES[title] if day_of(row["From"]) <= today][-1]


def days() -> list[date]:
    """Every day on which something happens or a figure changes, in order."""
    said = {row["From"] for rows in TABLES.values() for row in rows if "From" in row}
    return sorted(map(day_of, {*said, LAST_DAY, *(act.on for act in ACTS)}))


# What pages say -----------------------------------------------------------------------------------------------


def study_days_of_hers(career: Career) -> Row:
    return _study_days(look(career, TESS, "/my/study-days"))


def study_days_to(who: str) -> Reader:
    return lambda career: _study_days(look(career, who, f"{career.hers}/study-days"))


def study_days_in_the_team(career: Career) -> Row:
    row = _row_of_hers(look(career, MARY, "/team/study-days"))
    return _left_in(row.every("td")[0].words)


def study_days_on_the_hub(career: Career) -> Row:
    return _left_in(_hub(career)["Study days"])


def calendar(career: Career) -> Row:
    """What is still to come in her feed."""
    events = Calendar.from_ical(career.visitor(TESS).file(career.feed)).walk("VEVENT")
    now = career.app.extensions["frozen_clock"]
    ahead = sorted(
        (each["DTSTART"].dt.astimezone(LONDON), str(each["SUMMARY"]))
        for each in events
        if each["STATUS"] == "CONFIRMED" and each["DTSTART"].dt > now
    )
    said = (date_words(at) + ("" if title in OWN_DAYS else f" ({title})") for at, title in ahead)
    return {"In the calendar, still to come": ", ".join(said)}


def _study_days(page: Element) -> Row:
    """The balances of today; each figure must be the sum of the days that open behind it."""
    today = [each for each in page.every("section") if each.get("data-balance") and each.every("h2")]
    found: Row = {}
    for section in today:
        title, left = section.the("h2").words.split(": ")
        if title == "Wellbeing day":
            found["Wellbeing day"] = left
            continue
        found["Left"] = left
        for figure in section.every("details"):
            label, words = figure.the("summary").words.split(": ")
            found[label] = words
            if label != "Entitled":
                behind = [each.words for each in figure.every("li")]
                assert sum(map(_half_days, behind)) == _half_days(words), (label, words, behind)
    return found


def _half_days(words: str) -> int:
    """`…, 1.5 days …` in half days."""
    said = re.search(r"(half a day|no days|([\d.]+) days?)\b", words)
    return int(float(said[2]) * 2) if said[2] else HALF[said[1]]


def _left_in(words: str) -> Row:
    study, wellbeing = re.search(r"Study day: (.*?) Wellbeing day: (.*? left of 1 day)", words).groups()
    return {"Left": study, "Wellbeing day": wellbeing}


def credits_of_hers(career: Career) -> Row:
    return _credits(look(career, TESS, "/my/credits"))


def credits_to(who: str) -> Reader:
    return lambda career: _credits(look(career, who, f"{career.hers}/credits"))


def credits_on_the_hub(career: Career) -> Row:
    words = _hub(career)["Credits"]
    awarded, expected = re.search(r"(\d+ credits) awarded", words), re.search(r"(\d+ credits) expected", words)
    return {"Awarded": awarded[1] if awarded else "none", "Expected": expected[1] if expected else "none"}


def _credits(page: Element) -> Row:
    levels = [each for each in page.every("div") if each.get("data-level")]
    assert [each.get("data-level") for each in levels] in ([], ["7"])
    if not levels:
        return {"Awarded": "none", "Expected": "none"}
    awarded, _, expected = levels[0].the("dd").words.partition(" awarded")
    return {"Awarded": awarded, "Expected": expected.removesuffix(" expected, not counted yet").strip() or "none"}


def certificate_of_hers(career: Career) -> Row:
    page = look(career, TESS, "/my/awards/pg-certificate")
    return {"Certificate": page.the("p", class_="app-progress__words").words}


def awards_of_hers(career: Career) -> Row:
    return _awards(look(career, TESS, "/my/awards"))


def awards_to(who: str) -> Reader:
    return lambda career: _awards(look(career, who, f"{career.hers}/awards"))


def enrolments(career: Career) -> Row:
    """Workforce Development's list of everybody who is enrolled; she stands there once she is."""
    rows = [each for each in look(career, OLIVE, "/workforce/awards").every("tr") if each.get("data-enrolment")]
    assert len(rows) <= 1
    return {"Certificate": rows[0].every("td")[1].words} if rows else {}


def _awards(page: Element) -> Row:
    """The figure, whether she is enrolled or not, and the practice educator's stage."""
    figures = page.every("p", class_="app-progress__words")
    others = [each.words for each in page.every("li") if each.words.startswith("Postgraduate Certificate")]
    words = figures[0].words if figures else re.search(r"\d+ of \d+ credits(, \d+ more expected)?", others[0])[0]
    stage = next(each for each in page.every("p") if re.match(r"(No p|P)ractice educator", each.words))
    return {"Certificate": words, "Practice educator": stage.words.removesuffix(".")}


def holding_of_hers(career: Career) -> Row:
    return _holding(look(career, TESS, "/my/awards/pg-certificate"))


def holding_to(who: str) -> Reader:
    return lambda career: _holding(look(career, who, f"{career.hers}/awards"))


def _holding(page: Element) -> Row:
    said = [each.words for each in page.every("p") if re.match(r"(Enrolled|Award held) since", each.words)]
    return {"How it stands": said[0] if said else ""}


def cpd_of_hers(career: Career) -> Row:
    page = look(career, TESS, "/my/cpd")
    facts = {each.the("dt").words: each.the("dd").words for each in page.every("div", class_="govuk-summary-list__row")}
    return {
        "To record": next(each.words for each in page.every("p") if each.get("data-cpd")),
        "Recorded": page.the("p", class_="app-progress__words").words,
        "Peer reflection": facts["Peer reflection"],
        "Renewal": facts["Renewal"],
    }


def cpd_on_the_hub(career: Career) -> Row:
    recorded, left = _hub(career)["CPD for the regulator"].split(": ")
    return {"Recorded": f"{recorded} recorded", "To record": left.partition(" by ")[0].capitalize()}


def plan_of_hers(career: Career) -> Row:
    return _plan(look(career, TESS, "/my/plan"))


def plan_to_her_manager(career: Career) -> Row:
    return _plan(look(career, MARY, f"{career.hers}/plan"))


def plan_in_the_team(career: Career) -> Row:
    return {"How it stands": _row_of_hers(look(career, MARY, "/team/plans")).every("td")[0].words}


def plan_on_the_hub(career: Career) -> Row:
    return {"How it stands": _hub(career)["Development plan"]}


def _plan(page: Element) -> Row:
    said = [each.words for each in page.every("p") if each.get("data-plan")]
    return {"How it stands": said[0] if said else page.the("main").every("h2")[0].words}


def _hub(career: Career) -> Row:
    page = look(career, TESS, "/my")
    return {each.the("dt").words: each.the("dd").words for each in page.every("div", class_="govuk-summary-list__row")}


def _row_of_hers(page: Element) -> Element:
    return next(each for each in page.every("tr") if each.get("data-person") and each.the("a").words == NAMES[TESS])


READ: dict[str, tuple[Reader, ...]] = {
    "Study days": (
        study_days_of_hers,
        study_days_to(MARY),
        study_days_to(OLIVE),
        study_days_in_the_team,
        study_days_on_the_hub,
        calendar,
    ),
    "Credits": (
        credits_of_hers,
        credits_to(MARY),
        credits_to(OLIVE),
        credits_on_the_hub,
        certificate_of_hers,
        awards_of_hers,
        awards_to(MARY),
        awards_to(OLIVE),
        enrolments,
    ),
    "The certificate": (holding_of_hers, holding_to(MARY), holding_to(OLIVE)),
    "The regulator's record": (cpd_of_hers, cpd_on_the_hub),
    "The development plan": (plan_of_hers, plan_to_her_manager, plan_in_the_team, plan_on_the_hub),
}
"""For each table the pages on which its figures stand."""


def differences(career: Career, today: date) -> Iterator[tuple[Any, ...]]:
    """Name each cell of each page that is not as the tables say."""
    for title, readers in READ.items():
        expected = row_on(title, today)
        for number, read in enumerate(readers):
            for cell, words in read(career).items():
                if words != expected[cell] and not (cell == "Renewal" and day_of(expected["From"]) < today):
                    yield date_words(today), title, number, cell, words, expected[cell]


# What stands there in the end ----------------------------------------------------------------------------------


def record_of(career: Career, who: str) -> list[Row]:
    """Her record in the order of time, as she or somebody else sees it."""
    page = career.visitor(who).open("/my/record" if who == TESS else career.hers)
    items = page.the("div", class_="moj-timeline").every("div", class_="moj-timeline__item")
    return [{"On": each.the("time").words, "What": each.the("h3").words} for each in items]


def ledger_of_hers(career: Career) -> list[Row]:
    """Every entry of her credits, activity by activity."""
    page = career.visitor(TESS).open("/my/credits")
    rows = [each for each in page.every("tr") if each.get("data-entry")]
    return [
        {"What": re.split(" (?:Prior learning|University module)", row.the("th").words)[0], "Line": line.words}
        for row in rows
        for line in row.every("li")
    ]


def told(career: Career, who: str) -> list[tuple[str, str, str]]:
    """What was written to somebody, the first first, as Workforce Development sees it: day, subject and all words."""
    found: list[tuple[str, str, str]] = []
    address = f"/outbox?to={who.lower()}@demo.example"
    while address:
        page = career.visitor(OLIVE).open(address)
        for each in page.every("article"):
            at = re.search(r"@demo\.example (\w+ \d+ \w+),", each.every("p")[0].words)[1]
            found.append((at, each.the("h2").words, each.words))
        address = next((each.get("href") for each in page.every("a", rel="next")), "")
    return found[::-1]


def seen_by(career: Career, who: str, page: str) -> str:
    """Whether somebody sees one of her pages."""
    path = f"/my/{page}" if who == TESS else f"{career.hers}/{page}"
    status = career.visitor(who).client.get(path).status_code
    return {200: "yes", 404: "no"}[status]
