"""Whatever is done with study days in whatever order, each balance is what a plain recomputation gives."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from cpd.people.models import Person, Post
from cpd.shared import clock
from cpd.shared.database import db
from cpd.study.days import reading, service
from cpd.study.days.rules import Act, AskedFor, DayPart
from cpd.study.days.service import StudyDayRefused
from tests.cast import LONG_AGO, saved

ENTITLED = 7
FIRST = date(2019, 1, 7)
PARTS = {DayPart.WHOLE: {"am", "pm"}, DayPart.MORNING: {"am"}, DayPart.AFTERNOON: {"pm"}}
ENDS = {"am": (12, 30), "pm": (16, 30)}


@dataclass
class Plain:
    """What a careful colleague would keep on paper: each day with how it stands."""

    now: tuple[date, int, int]
    days: dict[int, tuple[date, DayPart, str]] = field(default_factory=dict)

    def size(self, *states: str, over: bool | None = None) -> int:
        found = 0
        for on, part, state in self.days.values():
            if state in states and over in (None, self.is_over(on, part)):
                found += len(PARTS[part])
        return found

    def is_over(self, on: date, part: DayPart) -> bool:
        return (on, *max(ENDS[half] for half in PARTS[part])) <= self.now

    def is_taken_up(self, on: date, part: DayPart, *states: str) -> bool:
        return any(
            state in states and there == on and PARTS[part] & PARTS[other] for there, other, state in self.days.values()
        )

    @property
    def left(self) -> int:
        return ENTITLED - self.size("approved")

    @property
    def figures(self) -> tuple[int, int, int, int]:
        return self.size("asked"), self.size("approved", over=False), self.size("approved", over=True), self.left


asking = st.tuples(st.just("ask"), st.integers(0, 4), st.sampled_from(DayPart), st.booleans())
deciding = st.tuples(st.sampled_from(["approve", "decline", "end", "call off"]), st.integers(0, 9), st.booleans())
waiting = st.tuples(st.just("wait"), st.integers(1, 3))


@pytest.fixture
def new_worker(county, county_manager):
    """Make somebody in Early Professional Development for each example."""
    numbers = iter(range(10_000))

    def make() -> int:
        number = next(numbers)
        whose = {"organisation_id": county.id}
        person = Person(
            **whose, employee_number=f"H{number}", email=f"h{number}@demo.example", name="H", created_at=LONG_AGO
        )
        post = {"career_level": "3a", "starts_on": date(2018, 1, 1), "manager_id": county_manager.id}
        saved(Post(**whose, person_id=saved(person).id, recorded_at=LONG_AGO, **post))
        return person.id

    return make


@given(acts=st.lists(st.one_of(asking, deciding, waiting), min_size=4, max_size=14))
@settings(
    max_examples=15,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_each_balance_is_what_a_plain_recomputation_gives(app, new_worker, county_manager, clock_at, acts):
    db.session.rollback()
    today = clock.in_london(clock_at(2019, 1, 2, 9, 0)).date()
    person_id, manager_id = new_worker(), county_manager.id
    plain = Plain((today, 9, 0))
    for act, *terms in acts:
        if act == "wait":
            today = today + timedelta(days=terms[0])
            clock_at(today.year, today.month, today.day, 14, 0)
            plain.now = (today, 14, 0)
        elif act == "ask":
            ask(plain, person_id, FIRST + timedelta(days=terms[0]), *terms[1:])
        elif plain.days:
            number = sorted(plain.days)[terms[0] % len(plain.days)]
            decide(plain, act, number, terms[1], person_id, manager_id)
        assert figures_of(person_id) == plain.figures


def ask(plain: Plain, person_id: int, on: date, part: DayPart, all_the_same: bool) -> None:
    """She asks: refused at the time of another of her days, and for more than is left unless she says so."""
    refused = plain.is_taken_up(on, part, "asked", "approved")
    refused |= len(PARTS[part]) > plain.left and not all_the_same
    try:
        number = service.ask(person_id, AskedFor("study", on, part), all_the_same=all_the_same)
    except StudyDayRefused:
        assert refused
        return
    assert not refused
    plain.days[number] = (on, part, "asked")


def decide(plain: Plain, act: str, number: int, with_reason: bool, person_id: int, manager_id: int) -> None:
    """Somebody does something with one of the days; what is refused changes nothing."""
    on, part, state = plain.days[number]
    reason = "A reason" if with_reason else ""
    allowed = {"approve": state == "asked", "decline": state == "asked"}
    allowed |= {"end": state in ("asked", "approved"), "call off": state == "approved"}
    may = allowed[act] and (act != "approve" or with_reason or len(PARTS[part]) <= plain.left)
    after = {"approve": "approved", "decline": "declined"}.get(act, "ended")
    try:
        if act == "approve":
            service.approve(number, by=manager_id, override_reason=reason)
        elif act == "decline":
            service.decline(number, by=manager_id, reason=reason or "None free")
        else:
            by = person_id if act == "end" else manager_id
            assert isinstance(service.end(number, by=by, reason=reason or "Court"), Act)
    except StudyDayRefused:
        assert not may
        return
    assert may
    plain.days[number] = (on, part, after)


def figures_of(person_id: int) -> tuple[int, int, int, int | None]:
    """What the ledger says: asked for, approved, taken and left."""
    db.session.rollback()
    account = next(iter(reading.accounts_of([person_id], county_of(person_id)).values()))
    found = account.balance_on("study", clock.today())
    return found.asked, found.approved, found.taken, found.left


def county_of(person_id: int) -> int:
    return db.session.get(Person, person_id).organisation_id


def test_the_plain_recomputation_counts_by_hand():
    plain = Plain((FIRST, 13, 0), {1: (FIRST, DayPart.MORNING, "approved"), 2: (FIRST, DayPart.AFTERNOON, "approved")})
    plain.days[3] = (FIRST, DayPart.WHOLE, "asked")

    assert plain.figures == (2, 1, 1, 5)
