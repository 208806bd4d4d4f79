"""Room under a ceiling: taken by an enactment, given back by a reversal, and kept when a newer scheme lowers it."""

from __future__ import annotations

from decimal import Decimal
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from cpd.people.models import Post
from cpd.progression.vacancies import service
from cpd.progression.vacancies.models import ProgressionCeiling, RoomTaken
from cpd.progression.vacancies.rules import RoomReason
from cpd.progression.vacancies.service import NoRoom
from cpd.shared.database import db
from cpd.shared.unit_of_work import one_transaction, unit_of_work
from tests.progression.free_posts import FTE, adopt, ceiling, held, higher, step, take


@pytest.fixture
def capped(app_in_use, organisation):
    """Two full-time equivalents in all, by one step."""
    return adopt()


def room(organisation):
    found = service.room_of(organisation.id, step(organisation))
    return found.ceiling, found.taken, found.left


def test_a_worker_of_six_tenths_takes_six_tenths(both, capped, organisation, alice, bob):
    take(organisation, alice, "0.6")
    take(organisation, bob, "1")

    assert room(organisation) == (FTE(2), FTE("1.6"), FTE("0.4"))
    assert ceiling(organisation) == (2000, 2000, 1600)


def test_nobody_goes_beyond_the_ceiling_and_is_told_why_and_what_next(both, capped, organisation, alice, bob, nell):
    take(organisation, alice, "1")
    take(organisation, bob, "0.8")

    with pytest.raises(NoRoom) as refused:
        take(organisation, nell, "0.6")

    assert [each.reason for each in refused.value.objections] == [RoomReason.CEILING_REACHED]
    assert refused.value.reasons[0].startswith(
        "The ceiling of this step has no room for 0.6 FTE: 1.8 of 2 FTE taken; 0.2 left."
    )
    assert (ceiling(organisation), held()) == ((2000, 2000, 1800), {alice.id: 1000, bob.id: 800})
    take(organisation, nell, "0.2")
    assert room(organisation)[2] == 0


def test_a_reversal_gives_back_what_was_taken_once(both, capped, organisation, alice, bob):
    take(organisation, alice, "1")
    take(organisation, bob, "1")

    assert service.give_room_back(alice.id)
    assert not service.give_room_back(alice.id)
    assert (ceiling(organisation), held()) == ((2000, 2000, 1000), {bob.id: 1000})
    take(organisation, alice, "1", request_id=999)
    assert room(organisation)[2] == 0


def test_giving_back_what_was_never_taken_changes_nothing(app, capped, organisation):
    assert not service.give_room_back(12345)


def test_one_request_takes_room_once(both, capped, organisation, alice):
    take(organisation, alice, "0.5")

    with pytest.raises(NoRoom) as refused:
        take(organisation, alice, "0.5")

    assert [each.reason for each in refused.value.objections] == [RoomReason.HAS_ROOM_ALREADY]
    assert ceiling(organisation)[2] == 500


def test_a_lower_ceiling_takes_nothing_from_anybody_and_lets_nobody_further_in(
    both, capped, organisation, alice, bob, nell
):
    take(organisation, alice, "1")
    take(organisation, bob, "0.8")
    adopt(*higher("0.5"))

    assert ceiling(organisation) == (500, 1800, 1800)
    assert room(organisation) == (FTE("0.5"), FTE("1.8"), 0)
    with pytest.raises(NoRoom):
        take(organisation, nell, "0.1")
    service.give_room_back(alice.id)
    assert ceiling(organisation) == (500, 800, 800)
    with pytest.raises(NoRoom):
        take(organisation, nell, "0.1")
    service.give_room_back(bob.id)
    take(organisation, nell, "0.5")
    assert ceiling(organisation) == (500, 500, 500)


def test_a_higher_ceiling_lets_more_in_at_once_whatever_version_she_is_under(both, capped, organisation, alice, bob):
    old = step(organisation)
    take(organisation, alice, "1")
    take(organisation, bob, "1", request_id=902)
    adopt(*higher("2.5"))

    service.take_room(903, bob.id, old, organisation.id, FTE("0.5"), None)  # enrolled under the older version

    assert room(organisation) == (FTE("2.5"), FTE("2.5"), 0)


def test_a_ceiling_that_is_given_up_holds_nobody_back_and_what_was_taken_stays(both, capped, organisation, alice, bob):
    take(organisation, alice, "1")
    adopt(("version: 2\n", "version: 3\n"), ("        ceiling_fte: 2\n", ""))

    take(organisation, bob, "1", request_id=908)
    take(organisation, bob, "1", request_id=909)
    assert ceiling(organisation) == (None, None, 3000)
    assert room(organisation) == (None, FTE(3), None)


def test_a_step_that_the_newest_scheme_has_no_more_keeps_the_ceiling_it_had(both, capped, organisation, alice, bob):
    old = step(organisation)
    take(organisation, alice, "1.5")
    adopt(("version: 2\n", "version: 3\n"), ("code: new-able\n", "code: another\n"))

    with pytest.raises(NoRoom):
        service.take_room(907, bob.id, old, organisation.id, FTE(1), None)
    assert [(each.transition_code, each.is_in_force) for each in service.ceilings_of(organisation.id)] == [
        ("another", True),
        ("new-able", False),
    ]


def test_what_was_taken_stays_when_her_hours_change(app, capped, organisation, alice):
    take(organisation, alice, "1")
    db.session.execute(update(Post).where(Post.person_id == alice.id).values(fte=Decimal("0.5")))
    db.session.commit()

    assert room(organisation)[1] == 1


def test_an_enactment_that_fails_afterwards_takes_no_room(both, capped, organisation, alice):
    @one_transaction
    def enact():
        take(organisation, alice, "1")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        enact()
    assert held() == {}
    assert room(organisation)[1] == 0


@pytest.mark.parametrize("values", [{"taken_thousandths": 2001}, {"taken_thousandths": -1}, {"most_thousandths": 1}])
def test_the_database_itself_refuses_what_goes_beyond(both, capped, organisation, alice, values):
    take(organisation, alice, "0.6")

    with pytest.raises(IntegrityError), unit_of_work():
        db.session.execute(update(ProgressionCeiling).values(**values))


def test_the_database_itself_refuses_two_takings_of_one_request(both, capped, organisation, alice):
    take(organisation, alice, "0.6")
    row = db.session.query(RoomTaken).one()
    copied = {column.name: getattr(row, column.name) for column in RoomTaken.__table__.columns if column.name != "id"}

    with pytest.raises(IntegrityError), unit_of_work():
        db.session.add(RoomTaken(**copied))


ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("take"), st.integers(1, 6), st.integers(1, 1000)),
        st.tuples(st.just("back"), st.integers(1, 6), st.just(0)),
        st.tuples(st.just("ceiling"), st.integers(1, 300), st.just(0)),
    ),
    max_size=12,
)


VERSIONS = count(3)


def adopt_ceiling(most):
    adopt(("version: 2\n", f"version: {next(VERSIONS)}\n"), ("ceiling_fte: 2\n", f"ceiling_fte: {most}\n"))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ACTS)
def test_whatever_is_taken_given_back_and_adopted_agrees_with_a_plain_model(app, capped, organisation, alice, acts):
    for request_id in held():
        service.give_room_back(request_id)
    adopt_ceiling(2)
    most, model = Decimal(2), {}
    for act, number, amount in acts:
        fte = Decimal(amount) / 1000
        if act == "take":
            fits = number not in model and sum(model.values()) + fte <= most
            try:
                take(organisation, alice, fte, request_id=number)
            except NoRoom:
                assert not fits
            else:
                assert fits
                model[number] = fte
        elif act == "back":
            assert service.give_room_back(number) == (model.pop(number, None) is not None)
        else:
            most = Decimal(number) / 100
            adopt_ceiling(most)
        taken = sum(model.values(), Decimal(0))
        assert room(organisation) == (most, taken, max(most - taken, 0))
