"""The demonstration's evidence: some accepted, some waiting, some returned, and some still being prepared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from cpd.people.models import Person
from cpd.progression.portfolios import reading, service
from cpd.progression.portfolios.accepting import acceptors_for
from cpd.progression.portfolios.pieces import kind_for
from cpd.progression.portfolios.rules import ONLY, WHOLE, Piece
from cpd.schemes.framework import frameworks_on
from cpd.shared import clock
from cpd.shared.clock import LONDON

PREPARED, WAITS, OPENED, RETURNED, ACCEPTED, RECORDED = (
    "prepared",
    "waits",
    "opened",
    "returned",
    "accepted",
    "recorded",
)

Item = tuple[str, str, int]
"""What sort of piece, what it is called, and how many days ago it was."""

YEAR: Sequence[Item] = (
    ("observations", "First direct observation", 95),
    ("observations", "Second direct observation", 40),
    ("feedback-children", "What a young person said after a review", 60),
    ("feedback-professionals", "Feedback from a health visitor", 55),
    ("reports", "Assessed report for a review", 70),
    ("reflection-6-months", "Critical reflection at six months", 30),
)


@dataclass(frozen=True, slots=True)
class Has:
    """What somebody has of one kind of evidence, and how far it is; without pieces it is one whole."""

    who: str
    evidence_kind: str
    how_far: str
    items: Sequence[Item] = ()
    days_ago: int = 0
    """So many days ago it was written, where that matters; else the days are spread."""


def _has(who: str, how_far: str, *kinds: str) -> list[Has]:
    return [Has(who, kind, how_far) for kind in kinds]


LEVEL_4 = ("direct-observation", "case-file-audit", "enhanced-practice-discussion")
WORDS = ("skills", "knowledge", "experience", "academic")
STORY = (
    *_has("ready@demo.example", ACCEPTED, *WORDS, "portfolio"),
    *_has("case@demo.example", ACCEPTED, *WORDS, "portfolio"),
    *_has("todo@demo.example", ACCEPTED, "skills"),
    *_has("todo@demo.example", WAITS, "knowledge"),
    Has("todo@demo.example", "portfolio", PREPARED, (("other", "A genogram, and what it showed", 20),)),
    Has("nqsw@warwickshire.demo.example", "asye-portfolio", PREPARED, YEAR),
    Has("expected@warwickshire.demo.example", "asye-portfolio", WAITS),
    Has("ready@warwickshire.demo.example", "epd-portfolio", ACCEPTED, days_ago=45),
    Has("epd@warwickshire.demo.example", "epd-portfolio", RETURNED, (("other", "A complex case, reflected on", 25),)),
    *_has("interview@warwickshire.demo.example", RECORDED, *LEVEL_4),
    *_has("interview@warwickshire.demo.example", ACCEPTED, "level-4-application"),
    *_has("above@warwickshire.demo.example", RECORDED, "direct-observation"),
    *_has("above@warwickshire.demo.example", OPENED, "case-file-audit"),
    *_has("case@coventry.demo.example", ACCEPTED, "role-criteria"),
    Has("notyet@coventry.demo.example", "role-criteria", ACCEPTED, days_ago=170),
    *_has("expected@coventry.demo.example", ACCEPTED, "role-criteria"),
    *_has("todo@coventry.demo.example", RETURNED, "role-criteria"),
    Has("ready@slough.demo.example", "induction-checklist", RECORDED, days_ago=130),
    *_has("nqsw@slough.demo.example", PREPARED, "induction-checklist"),
    *_has("worker@slough.demo.example", WAITS, "pcf-advanced"),
    *_has("ready@walsall.demo.example", ACCEPTED, "senior-statement"),
    *_has("planned@walsall.demo.example", ACCEPTED, "senior-statement"),
    *_has("planned@walsall.demo.example", RECORDED, "development-conversation"),
    *_has("worker@walsall.demo.example", WAITS, "senior-statement"),
)


def load_portfolios(people: Mapping[str, Person]) -> None:
    """Let people prepare evidence and hand it in, and those who accept it judge; once."""
    here = {each.who: people[each.who] for each in STORY if each.who in people}
    begun = {each.person_id for each in reading.portfolios_of([person.id for person in here.values()])}
    for number, each in enumerate(STORY):
        person = here.get(each.who)
        if person and person.id not in begun:
            _tell(each, person, number)


def _tell(has: Has, person: Person, number: int) -> None:
    """Let one thing come about; `number` spreads the days and the standards. What was accepted was so the day after."""
    on = clock.today() - timedelta(days=has.days_ago or 20 + 3 * number % 40)
    is_past = has.how_far in (ACCEPTED, RECORDED)
    the_day_after = datetime.combine(on + timedelta(days=1), time(16), LONDON)
    with clock.set_back_to(the_day_after) if is_past else nullcontext():
        _write(has, person, number, on)


def _write(has: Has, person: Person, number: int, on: date) -> None:
    """Write it as of a day, hand it in and have it looked at, as far as it is to go."""
    kind, _ = kind_for(person.id, has.evidence_kind)
    acceptors = acceptors_for(person.organisation_id, person.id, [str(each) for each in kind.accepted_by])
    if not acceptors and has.how_far not in (PREPARED, WAITS):
        return
    if has.how_far == RECORDED:
        seen = _piece(ONLY, kind.title, on, number, "Calm, clear and prepared; we talked about it afterwards.")
        service.record_seen(person.id, kind.code, seen, answer="", by=acceptors[0])
        return
    for place, (item_kind, title, days) in enumerate(has.items):
        piece = _piece(item_kind, title, clock.today() - timedelta(days=days), number + place, "What I did and learnt.")
        service.add_piece(person.id, kind.code, piece, None)
    if not has.items:
        link = f"https://store.example/{kind.code}" if kind.is_portfolio else ""
        whole = _piece(
            WHOLE if kind.is_portfolio else ONLY, kind.title, on, number, "My practice, in my own words.", link
        )
        service.add_piece(person.id, kind.code, whole, None, ticked=[each.code for each in kind.contents][:-1])
    if has.how_far != PREPARED:
        _judge(service.hand_in(person.id, kind.code), has.how_far, acceptors)


def _judge(portfolio_id: int, how_far: str, acceptors: Sequence[int]) -> None:
    """Let the first of those who accept it look at it, as far as it is to go."""
    if how_far == WAITS:
        return
    by = acceptors[0]
    service.open_it(portfolio_id, by=by)
    if how_far == ACCEPTED:
        service.accept(portfolio_id, seen=1, comments="", by=by)
    if how_far == RETURNED:
        comments = "Say more about what you decided and why, and what you would do differently."
        service.give_back(portfolio_id, seen=1, comments=comments, by=by)


def _piece(item_kind: str, title: str, on: date, number: int, words: str, link: str = "") -> Piece:
    """Describe a piece that shows two statements of each of the standards in force on its day."""
    shown = []
    for framework in frameworks_on(on):
        refs = list(framework.refs)
        shown += [refs[(number + step) % len(refs)] for step in (0, 3)]
    return Piece(item_kind, title, on, words=words, link=link, statements=tuple(shown))
