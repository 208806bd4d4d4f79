"""Whatever people do in whatever order, places stand as they do on a sheet of paper (S-5)."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update

from cpd.catalogue import service as catalogue
from cpd.people.models import Post
from cpd.schemes.reading import PACKS, read_pack
from cpd.shared.database import db
from cpd.shared.outbox import OutboxMessage
from cpd.study.places import service
from cpd.study.places.models import AwardPlaceApplication, AwardPlaceQuota
from cpd.study.places.rules import PlaceDecision
from cpd.study.places.service import PlaceRefused
from cpd.study.places.settling import settle_award_places

AWARD = "practice-educator"
THIS_YEAR = date(2018, 4, 1)
PEOPLE = 5
PLACES = 2

seen: Counter[str] = Counter()
"""What the generated stories have met, so that a test that tries nothing cannot pass."""


class Paper:
    """The same rules, as a careful colleague would keep them on paper: lists of names, nothing else."""

    def __init__(self) -> None:
        self.places = PLACES
        self.asked: list[int] = []
        self.held: list[int] = []
        self.waiting: list[int] = []
        self.agency: set[int] = set()

    def do(self, act: str, who: int) -> bool:
        """Do something, and say whether it was allowed."""
        done = getattr(self, act)(who)
        seen[f"{act} {'done' if done else 'refused'}"] += 1
        return done

    def settle(self) -> None:
        for who in [each for each in self.waiting if each not in self.agency]:
            if len(self.held) < self.places:
                self.waiting.remove(who)
                self.held.append(who)
                seen["passed on"] += 1

    def apply(self, who: int) -> bool:
        if who in self.agency or who in [*self.asked, *self.held, *self.waiting]:
            return False
        self.asked.append(who)
        return True

    def select(self, who: int) -> bool:
        if who not in self.asked or who in self.agency or len(self.held) >= self.places:
            return False
        self.asked.remove(who)
        self.held.append(who)
        return True

    def wait(self, who: int) -> bool:
        if who not in self.asked or who in self.agency or len(self.held) < self.places:
            return False
        self.asked.remove(who)
        self.waiting.append(who)
        return True

    def choose(self, who: int) -> bool:
        return self.do("select", who) or self.do("wait", who)

    def decline(self, who: int) -> bool:
        for each in (self.asked, self.waiting):
            if who in each:
                each.remove(who)
                return True
        return False

    def give_up(self, who: int) -> bool:
        for each in (self.asked, self.waiting, self.held):
            if who in each:
                each.remove(who)
                self.settle()
                return True
        return False

    def becomes_agency(self, who: int) -> bool:
        self.agency.add(who)
        return True

    def is_hired(self, who: int) -> bool:
        self.agency.discard(who)
        self.settle()
        return True

    def has_places(self, number: int) -> bool:
        self.places = number + 1
        self.settle()
        return True


USUAL = ["apply", "apply", "apply", "choose", "choose", "choose", "give_up", "give_up"]
RARE = ["select", "wait", "decline", "becomes_agency", "is_hired", "has_places"]
ACTS = st.lists(
    st.tuples(st.sampled_from([*USUAL, *USUAL, *RARE]), st.integers(0, PEOPLE - 1)), min_size=15, max_size=30
)


class World:
    """The services, asked for the same."""

    def __init__(self, people, officer_id) -> None:
        self.people, self.officer_id = people, officer_id
        self.latest: dict[int, int] = {}
        for table in (AwardPlaceApplication, AwardPlaceQuota, OutboxMessage):
            db.session.execute(delete(table))
        db.session.execute(update(Post).values(staff_type="employee"))
        db.session.commit()
        adopt(PLACES)

    def do(self, act: str, who: int) -> bool:
        try:
            getattr(self, act)(who)
        except PlaceRefused:
            return False
        return True

    def apply(self, who: int) -> None:
        self.latest[who] = service.apply(self.people[who], AWARD, THIS_YEAR, "Why")

    def select(self, who: int) -> None:
        self.decide(who, PlaceDecision.SELECT)

    def wait(self, who: int) -> None:
        self.decide(who, PlaceDecision.WAIT)

    def choose(self, who: int) -> None:
        if not self.do("select", who):
            self.wait(who)

    def decline(self, who: int) -> None:
        self.decide(who, PlaceDecision.DECLINE)

    def decide(self, who: int, decision: PlaceDecision) -> None:
        service.decide(self.of(who), decision, reasons="Because", by=self.officer_id)

    def give_up(self, who: int) -> None:
        service.give_up(self.of(who), reason="", by=self.people[who])

    def of(self, who: int) -> int:
        if who not in self.latest:
            raise PlaceRefused([])
        return self.latest[who]

    def becomes_agency(self, who: int) -> None:
        self.employ(who, "agency")

    def is_hired(self, who: int) -> None:
        self.employ(who, "employee")
        settle_award_places()

    def employ(self, who: int, staff_type: str) -> None:
        db.session.execute(update(Post).where(Post.person_id == self.people[who]).values(staff_type=staff_type))
        db.session.commit()

    def has_places(self, number: int) -> None:
        adopt(number + 1)

    def standing(self) -> tuple[list[int], list[int], list[int]]:
        """Who has asked, who has a place, and who waits, in the order of the list."""
        db.session.rollback()
        rows = db.session.scalars(
            select(AwardPlaceApplication).order_by(AwardPlaceApplication.waiting_number, AwardPlaceApplication.id)
        ).all()
        names = {person_id: number for number, person_id in enumerate(self.people)}

        def those(*statuses: str) -> list[int]:
            return [names[row.person_id] for row in rows if row.status in statuses]

        return sorted(those("applied", "commented")), sorted(those("selected")), those("waiting")

    def taken(self) -> tuple[int, int]:
        row = db.session.scalars(select(AwardPlaceQuota)).one_or_none()
        return (row.taken, row.places) if row else (0, 0)


adopted = [3]
"""How many places each version of the scheme had, from its fourth on."""


def adopt(places: int) -> None:
    """Take Slough's pack with another number of places, as a new version each time."""
    if places == adopted[-1]:
        return
    adopted.append(places)
    version = len(adopted) + 3
    path = PACKS / "slough.yaml"
    head, tail = path.read_text().split("  - award: practice-educator")
    text = head.replace("version: 4", f"version: {version}") + "  - award: practice-educator"
    text += tail.replace("places: 3", f"places: {places}")
    catalogue.adopt_pack(read_pack(text, "slough.yaml"), text, by=None)


@pytest.fixture
def cast(slough_worker, slough_officer):
    return [slough_worker(f"Person {number}").id for number in range(PEOPLE)], slough_officer.id


def test_places_stand_as_they_do_on_paper(app, cast):
    @settings(
        max_examples=20,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
        derandomize=True,
        database=None,
    )
    @given(ACTS)
    def story(acts):
        paper, world = Paper(), World(*cast)
        for act, who in acts:
            assert world.do(act, who) == paper.do(act, who), (act, who, acts)
            assert world.standing() == (sorted(paper.asked), sorted(paper.held), paper.waiting), (act, who, acts)
            taken, places = world.taken()
            assert taken == len(paper.held) <= max(places, 0)

    seen.clear()
    adopted[:] = [3]
    story()

    met = {"apply done", "apply refused", "select done", "select refused", "wait done", "wait refused", "decline done"}
    met |= {"give_up done", "give_up refused", "passed on", "has_places done"}
    assert not {each for each in met if not seen[each]}, seen
