"""Asking for study days, deciding on them and ending them (W-2, W-12, W-14, AMB-06, AMB-07, AMB-31, AMB-36)."""

from __future__ import annotations

import threading
from datetime import date

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import DBAPIError

from cpd.booking.capacity import change_capacity
from cpd.booking.models import Booking
from cpd.booking.rules import Reason
from cpd.booking.service import BookingRefused, book_places
from cpd.diary import service as diary
from cpd.people.away import correct_away, record_away
from cpd.people.models import Post
from cpd.people.rules import Away, AwayKind
from cpd.shared import clock
from cpd.shared.database import db
from cpd.shared.history import AuditEvent
from cpd.shared.outbox import OutboxMessage
from cpd.shared.roles import Role
from cpd.study.days import reading, service
from cpd.study.days.models import StudyDayEntry
from cpd.study.days.rules import Act, AskedFor, DayPart, DayStatus, Fault, Objection
from cpd.study.days.service import StudyDayRefused
from cpd.timetable.models import SessionOpening
from tests.cast import london, saved

MONDAY, TUESDAY, WEDNESDAY, THURSDAY = (date(2019, 1, day) for day in (7, 8, 9, 10))
WHOLE, MORNING, AFTERNOON = DayPart.WHOLE, DayPart.MORNING, DayPart.AFTERNOON
SIX_DAYS = [date(2019, 1, day) for day in (21, 22, 23)]


@pytest.fixture
def epd(make_person, county, county_manager):
    """A social worker in Early Professional Development: 3.5 study days (W-2)."""
    return make_person("Edie Early", employer=county, manager=county_manager, career_level="3a")


@pytest.fixture
def training(make_session, county):
    """Make a session to which the county's people may come: `training(9, 30)` on that Monday."""

    def make(hour: int, minute: int, **more):
        session = make_session(starts_at=london(2019, 1, 7, hour, minute), **more)
        saved(SessionOpening(training_session_id=session.id, organisation_id=county.id))
        return session

    return make


def ask(person, on=MONDAY, part=WHOLE, kind="study", **more) -> int:
    return service.ask(person.id, AskedFor(kind, on, part, "Portfolio"), **more)


def use_up(person, manager, days=SIX_DAYS) -> None:
    """Have three whole days approved, so that one half day is left of 3.5."""
    for on in days:
        service.approve(ask(person, on), by=manager.id)


def figures(person, kind="study", on=None):
    """Entitled, asked for, approved, taken and left, in half days."""
    account = reading.accounts_of([person.id], person.organisation_id)[person.id]
    found = account.balance_on(kind, on or clock.today())
    return found.allowance.half_days, found.asked, found.approved, found.taken, found.left


def status(number: int) -> DayStatus:
    return reading.find_day(number).status


def told(person) -> list[str]:
    wanted = select(OutboxMessage.kind).where(OutboxMessage.person_id == person.id).order_by(OutboxMessage.id)
    return list(db.session.scalars(wanted))


def faults(refused) -> list[Fault]:
    return [each.fault for each in refused.value.objections]


def in_diary(person) -> list[tuple[str, str]]:
    busy = diary.busy([person.id], london(2019, 1, 1))[person.id]
    return [(each.title, f"{each.starts_at.astimezone(clock.LONDON):%d %H:%M}") for each in busy]


def test_a_day_is_asked_for_approved_and_taken_by_itself(both, epd, county_manager, clock_at):
    assert figures(epd) == (7, 0, 0, 0, 7)

    number = ask(epd)
    assert (figures(epd), told(county_manager)) == ((7, 2, 0, 0, 7), ["study_day_asked"])
    assert in_diary(epd) == []

    service.approve(number, by=county_manager.id)
    assert (figures(epd), told(epd)) == ((7, 0, 2, 0, 5), ["study_day_approved"])
    assert in_diary(epd) == [("Study day", "07 09:00")]

    clock_at(2019, 1, 7, 16, 29)
    assert status(number) is DayStatus.APPROVED
    clock_at(2019, 1, 7, 16, 30)
    assert status(number) is DayStatus.TAKEN
    assert figures(epd) == (7, 0, 0, 2, 5)


def test_a_declined_day_uses_nothing_up_and_she_is_told_why(app, epd, county_manager):
    number = ask(epd, part=MORNING)
    service.decline(number, by=county_manager.id, reason="Court that day")

    assert (figures(epd), status(number)) == ((7, 0, 0, 0, 7), DayStatus.DECLINED)
    assert told(epd) == ["study_day_declined"]
    facts = db.session.scalars(select(OutboxMessage.facts).where(OutboxMessage.person_id == epd.id)).one()
    assert facts["reason"] == "Court that day"


def test_nobody_declines_without_a_reason(app, epd, county_manager):
    number = ask(epd)
    with pytest.raises(ValueError, match="Say why"):
        service.decline(number, by=county_manager.id, reason=" ")

    assert status(number) is DayStatus.ASKED


def test_three_and_a_half_days_are_used_and_one_half_day_is_refused(app, epd, county_manager):
    use_up(epd, county_manager)
    service.approve(ask(epd, MONDAY, MORNING), by=county_manager.id)
    assert figures(epd) == (7, 0, 7, 0, 0)

    with pytest.raises(StudyDayRefused) as refused:
        ask(epd, TUESDAY, MORNING)

    assert faults(refused) == [Fault.BEYOND]
    assert refused.value.objections[0].left == 0


def test_more_than_is_left_is_approved_only_for_a_reason_that_is_kept(both, epd, county_manager):
    use_up(epd, county_manager)
    number = ask(epd, MONDAY, all_the_same=True)
    with pytest.raises(StudyDayRefused) as refused:
        service.approve(number, by=county_manager.id)
    assert faults(refused) == [Fault.BEYOND]

    service.approve(number, by=county_manager.id, override_reason="The portfolio is due")

    assert figures(epd) == (7, 0, 8, 0, -1)
    entry = reading.find_day(number).last
    assert (entry.is_override, entry.left_before, entry.reason) == (True, 1, "The portfolio is due")
    assert db.session.scalars(select(AuditEvent.reason).where(AuditEvent.verb == "approved")).all()[-1] == entry.reason


def test_a_reason_is_not_kept_where_none_was_needed(app, epd, county_manager):
    number = ask(epd)
    service.approve(number, by=county_manager.id, override_reason="Because")

    assert (reading.find_day(number).last.is_override, reading.find_day(number).last.reason) == (False, "")


def test_the_database_refuses_more_than_is_left_without_a_reason(both, epd, county_manager):
    number = ask(epd)
    entry = StudyDayEntry(
        study_day_request_id=number,
        step=1,
        act="approved",
        half_days=2,
        asked=-2,
        approved=2,
        reason="",
        left_before=1,
        happened_at=clock.now(),
        recorded_at=clock.real_now(),
        recorded_by_id=county_manager.id,
    )

    with pytest.raises(DBAPIError, match="beyond_only_for_a_reason"):
        saved(entry)
    db.session.rollback()


@pytest.mark.parametrize("change", [update(StudyDayEntry).values(asked=9), delete(StudyDayEntry)])
def test_nobody_can_change_the_ledger(both, epd, change):
    ask(epd)
    with pytest.raises(DBAPIError, match="append-only"):
        db.session.execute(change)
    db.session.rollback()


def test_where_no_number_is_set_a_day_can_be_asked_for_and_each_is_decided_on(app, make_person, county, county_manager):
    experienced = make_person("Ex Perienced", employer=county, manager=county_manager, career_level="3b")
    service.approve(ask(experienced), by=county_manager.id)

    assert figures(experienced) == (None, 0, 2, 0, None)
    assert reading.find_day(1).last.left_before is None


def test_the_wellbeing_day_is_counted_by_itself_and_anew_each_april(app, epd, county_manager):
    service.approve(ask(epd, date(2019, 3, 29), kind="wellbeing"), by=county_manager.id)
    assert figures(epd, "wellbeing") == (2, 0, 2, 0, 0)
    assert figures(epd) == (7, 0, 0, 0, 7)

    with pytest.raises(StudyDayRefused) as refused:
        ask(epd, date(2019, 3, 28), MORNING, kind="wellbeing")
    assert faults(refused) == [Fault.BEYOND]
    service.approve(ask(epd, date(2019, 4, 1), kind="wellbeing"), by=county_manager.id)
    assert figures(epd, "wellbeing", date(2019, 4, 1)) == (2, 0, 2, 0, 0)


def test_a_kind_that_the_council_does_not_have_cannot_be_asked_for(app, epd):
    with pytest.raises(LookupError):
        ask(epd, kind="holiday")


def test_where_a_council_has_no_rule_there_is_nothing_to_ask_for(app, alice):
    with pytest.raises(LookupError):
        ask(alice)
    assert service.summary_of(alice.id).balances == ()


@pytest.mark.parametrize(
    ("part", "starts_at", "clashes"),
    [
        (WHOLE, (9, 30), True),
        (MORNING, (9, 30), True),
        (AFTERNOON, (9, 30), False),
        (MORNING, (12, 30), False),
        (AFTERNOON, (16, 30), False),
        (AFTERNOON, (16, 0), True),
    ],
)
def test_a_clash_with_her_training_is_named(app, epd, training, part, starts_at, clashes):
    session = training(*starts_at, hours=1)
    book_places(epd.id, [session.id], by=epd.id)
    if not clashes:
        ask(epd, part=part)
        return

    with pytest.raises(StudyDayRefused) as refused:
        ask(epd, part=part)

    assert faults(refused) == [Fault.CLASH]
    assert refused.value.objections[0].starts_at == london(2019, 1, 7, *starts_at)


def test_a_second_day_at_the_same_time_is_refused_asked_for_or_approved(app, epd, county_manager):
    number = ask(epd, part=MORNING)
    with pytest.raises(StudyDayRefused) as refused:
        ask(epd, part=WHOLE)
    assert faults(refused) == [Fault.ASKED_ALREADY]

    service.approve(number, by=county_manager.id)
    with pytest.raises(StudyDayRefused) as refused:
        ask(epd, part=WHOLE, kind="wellbeing")
    assert faults(refused) == [Fault.STUDY_DAY_THEN]
    assert refused.value.objections[0].title == "Study day"
    ask(epd, part=AFTERNOON)


def test_training_booked_since_is_named_to_whoever_approves(app, epd, county_manager, training):
    number = ask(epd)
    session = training(9, 30)
    book_places(epd.id, [session.id], by=epd.id)

    with pytest.raises(StudyDayRefused) as refused:
        service.approve(number, by=county_manager.id)

    assert faults(refused) == [Fault.CLASH]
    assert figures(epd) == (7, 2, 0, 0, 7)


def test_training_on_a_study_day_clashes_by_name(app, epd, county_manager, training, sign_in):
    service.approve(ask(epd), by=county_manager.id)
    session = training(13, 30)

    with pytest.raises(BookingRefused) as refused:
        book_places(epd.id, [session.id], by=epd.id)

    [objection] = [each for each in refused.value.objections[session.id] if each.reason is Reason.CLASH]
    assert (objection.title, objection.session_id) == ("Study day", None)


def test_a_day_in_her_time_away_is_refused(app, epd, county_manager):
    record_away(epd.id, Away(AwayKind.LEAVE, MONDAY, TUESDAY), by=county_manager.id)
    with pytest.raises(StudyDayRefused) as refused:
        ask(epd, TUESDAY)

    assert faults(refused) == [Fault.AWAY]
    ask(epd, WEDNESDAY)


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2018, 12, 5), None),
        (date(2018, 12, 4), Fault.TOO_LONG_AGO),
        (date(2020, 1, 3), None),
        (date(2020, 1, 4), Fault.TOO_FAR_AHEAD),
    ],
    ids=["28 days ago", "29 days ago", "366 days ahead", "367 days ahead"],
)
def test_a_day_can_be_asked_for_from_28_days_afterwards_to_a_year_ahead(app, epd, on, expected):
    if expected is None:
        ask(epd, on)
        return
    with pytest.raises(StudyDayRefused) as refused:
        ask(epd, on, all_the_same=True)
    assert faults(refused) == [expected]


def test_a_day_without_a_post_is_refused(app, epd):
    db.session.execute(update(Post).where(Post.person_id == epd.id).values(ends_on=TUESDAY))
    db.session.commit()

    ask(epd, MONDAY)
    with pytest.raises(StudyDayRefused) as refused:
        ask(epd, TUESDAY)
    assert faults(refused) == [Fault.NO_ALLOWANCE]


def test_a_day_approved_after_it_is_over_is_taken_at_once(app, epd, county_manager):
    number = ask(epd, date(2018, 12, 20))
    service.approve(number, by=county_manager.id)

    assert (status(number), figures(epd)) == (DayStatus.TAKEN, (7, 0, 0, 2, 5))


def test_her_manager_decides_and_nobody_else(app, epd, county_manager, county_officer, make_person, county, stranger):
    number = ask(epd)
    others = [county_officer, make_person("Colleague", employer=county), stranger]
    for other in others:
        with pytest.raises(StudyDayRefused) as refused:
            service.approve(number, by=other.id)
        assert faults(refused) == [Fault.NOT_THEIRS]
    with pytest.raises(StudyDayRefused) as refused:
        service.approve(number, by=epd.id)
    assert faults(refused) == [Fault.OWN]

    service.approve(number, by=county_manager.id)


def test_the_manager_of_the_day_of_deciding_decides(app, epd, county_manager, make_person, county):
    number = ask(epd)
    other = make_person("Nina Newmanager", employer=county)
    db.session.execute(update(Post).where(Post.person_id == epd.id).values(manager_id=other.id))
    db.session.commit()

    with pytest.raises(StudyDayRefused) as refused:
        service.approve(number, by=county_manager.id)
    assert faults(refused) == [Fault.NOT_THEIRS]
    service.approve(number, by=other.id)


def test_without_a_manager_at_work_workforce_development_is_asked_and_decides(
    app, epd, county_manager, county_officer, make_person, county
):
    db.session.execute(update(Post).where(Post.person_id == county_manager.id).values(ends_on=date(2019, 1, 1)))
    db.session.commit()
    number = ask(epd)
    assert (told(county_officer), told(county_manager)) == (["study_day_asked"], [])
    with pytest.raises(StudyDayRefused):
        service.approve(number, by=county_manager.id)

    service.approve(number, by=county_officer.id)

    own = ask(county_officer, kind="wellbeing")
    with pytest.raises(StudyDayRefused) as refused:
        service.approve(own, by=county_officer.id)
    assert faults(refused) == [Fault.OWN]
    colleague = make_person("Second Officer", Role.WORKFORCE_DEVELOPMENT, employer=county)
    service.approve(own, by=colleague.id)


def test_a_request_is_taken_back_an_approved_day_cancelled_a_past_one_put_right(app, epd, county_manager, clock_at):
    asked, approved, over = ask(epd, MONDAY), ask(epd, TUESDAY), ask(epd, WEDNESDAY)
    for number in (approved, over):
        service.approve(number, by=county_manager.id)
    assert service.end(asked, by=epd.id) is Act.WITHDRAWN
    assert service.end(approved, by=epd.id, reason="Court") is Act.CANCELLED
    clock_at(2019, 1, 10, 9, 0)
    assert service.end(over, by=epd.id) is Act.NOT_TAKEN

    assert figures(epd) == (7, 0, 0, 0, 7)
    assert in_diary(epd) == []
    assert told(county_manager) == ["study_day_asked"] * 3 + ["study_day_ended"] * 3
    for number in (asked, approved, over):
        with pytest.raises(StudyDayRefused) as refused:
            service.end(number, by=epd.id)
        assert faults(refused) == [Fault.ENDED]
    ask(epd, MONDAY)


def test_her_manager_can_cancel_an_approved_day_for_a_reason(app, epd, county_manager, county_officer):
    number = ask(epd)
    with pytest.raises(StudyDayRefused):  # what is asked for is declined, with its own words
        service.end(number, by=county_manager.id, reason="No")
    service.approve(number, by=county_manager.id)
    with pytest.raises(ValueError, match="Say why"):
        service.end(number, by=county_manager.id)
    with pytest.raises(StudyDayRefused) as refused:
        service.end(number, by=county_officer.id, reason="I say so")
    assert faults(refused) == [Fault.NOT_THEIRS]

    assert service.end(number, by=county_manager.id, reason="An emergency in the team") is Act.CANCELLED

    assert told(epd) == ["study_day_approved", "study_day_ended"]


def test_who_waits_for_training_gets_the_place_once_the_study_day_is_cancelled(
    app, epd, county_manager, training, officer
):
    session = training(9, 30, places=0)
    book_places(epd.id, [session.id], by=epd.id)
    number = ask(epd)
    service.approve(number, by=county_manager.id)
    change_capacity(session.id, 1, by=officer.id)
    booking = select(Booking.status).where(Booking.person_id == epd.id)
    assert db.session.scalar(booking) == "waiting"  # passed over: her study day is in the way

    service.end(number, by=epd.id)

    assert db.session.scalar(booking) == "confirmed"


def test_a_workshop_in_the_timetable_uses_up_no_study_day(app, epd, training, clock_at):
    book_places(epd.id, [training(9, 30).id], by=epd.id)
    clock_at(2019, 1, 8, 9, 0)

    assert figures(epd) == (7, 0, 0, 0, 7)


def test_the_approved_day_is_in_her_feed_and_the_cancelled_one_says_so(app, epd, county_manager):
    number = ask(epd, part=AFTERNOON)
    service.approve(number, by=county_manager.id)
    feed = diary.find_feed(diary.feed_token(epd.id)).decode()
    assert "SUMMARY:Study day" in feed
    assert "DTSTART;TZID=Europe/London:20190107T130000" in feed
    assert "DTEND;TZID=Europe/London:20190107T163000" in feed
    assert "Portfolio" not in feed

    service.end(number, by=epd.id)

    assert "SUMMARY:Cancelled: Study day" in diary.find_feed(diary.feed_token(epd.id)).decode()


def at_once(app, *acts) -> list:
    """Let each act run in a thread of its own at one time; gives what each came to."""
    ready = threading.Barrier(len(acts))
    came_to = [None] * len(acts)

    def run(number, act):
        with app.app_context():
            ready.wait()
            try:
                act()
                came_to[number] = "done"
            except StudyDayRefused as refused:
                came_to[number] = refused.objections[0].fault
            db.session.remove()

    db.session.remove()
    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return came_to


def test_two_days_approved_at_once_for_the_last_half_day_one_wins_and_the_other_is_told_why(both, epd, county_manager):
    use_up(epd, county_manager)
    one, other = ask(epd, MONDAY, MORNING), ask(epd, TUESDAY, MORNING)
    manager_id = county_manager.id

    came_to = at_once(
        both,
        lambda: service.approve(one, by=manager_id),
        lambda: service.approve(other, by=manager_id),
    )

    assert sorted(came_to) == [Fault.BEYOND, "done"]
    assert figures(epd) == (7, 1, 7, 0, 0)


def test_one_day_answered_at_once_in_two_tabs_is_answered_once(both, epd, county_manager):
    number = ask(epd)
    manager_id = county_manager.id

    came_to = at_once(
        both,
        lambda: service.approve(number, by=manager_id),
        lambda: service.decline(number, by=manager_id, reason="Court"),
    )

    assert sorted(came_to) == [Fault.DECIDED, "done"]
    assert db.session.scalar(select(func.count()).select_from(StudyDayEntry)) == 2
    assert len(told(epd)) == 1


def test_one_day_asked_for_and_a_session_booked_at_once_never_both(both, epd, county_manager, training):
    number = ask(epd)
    session_id = training(9, 30).id
    manager_id, person_id = county_manager.id, epd.id

    def book():
        try:
            book_places(person_id, [session_id], by=person_id)
        except BookingRefused as refused:
            raise StudyDayRefused([Objection(Fault.CLASH)]) from refused

    came_to = at_once(both, lambda: service.approve(number, by=manager_id), book)

    assert sorted(came_to) == [Fault.CLASH, "done"]
    assert len(in_diary(epd)) == 1


def test_what_stands_first_is_what_is_left_what_waits_and_the_next_day(app, epd, county_manager):
    service.approve(ask(epd, TUESDAY), by=county_manager.id)
    ask(epd, WEDNESDAY)

    summary = service.summary_of(epd.id)

    assert [(each.allowance.title, each.left) for each in summary.balances] == [("Study day", 5), ("Wellbeing day", 2)]
    assert (summary.waiting, summary.next_day.on) == (1, TUESDAY)


def test_while_her_manager_is_away_workforce_development_may_decide_as_well(
    app, epd, county_manager, county_officer, wanda
):
    first, second = ask(epd, MONDAY), ask(epd, TUESDAY)
    record_away(county_manager.id, Away(AwayKind.LEAVE, date(2019, 1, 2), None), by=county_officer.id)

    service.approve(first, by=county_officer.id)
    service.approve(second, by=county_manager.id)
    third = ask(epd, WEDNESDAY)

    assert told(county_manager) == ["study_day_asked"] * 3
    assert told(county_officer) == ["study_day_asked"]
    facts = db.session.scalars(select(OutboxMessage.facts).where(OutboxMessage.person_id == county_officer.id)).one()
    assert facts["away"] == "Minnie Manager"
    with pytest.raises(StudyDayRefused) as refused:
        service.approve(third, by=wanda.id)
    assert faults(refused) == [Fault.NOT_THEIRS]


@pytest.mark.parametrize(
    ("first_day", "last_day"),
    [(date(2018, 12, 1), date(2019, 1, 1)), (date(2019, 1, 3), None)],
    ids=["back since today", "away from tomorrow on"],
)
def test_before_and_after_her_managers_time_away_only_the_manager_decides(
    app, epd, county_manager, county_officer, first_day, last_day
):
    record_away(county_manager.id, Away(AwayKind.LEAVE, first_day, last_day), by=county_officer.id)
    number = ask(epd)

    with pytest.raises(StudyDayRefused) as refused:
        service.approve(number, by=county_officer.id)

    assert faults(refused) == [Fault.NOT_THEIRS]
    assert told(county_officer) == []


def test_who_is_down_as_her_own_manager_is_answered_by_workforce_development(app, epd, county_officer):
    db.session.execute(update(Post).where(Post.person_id == epd.id).values(manager_id=epd.id))
    db.session.commit()

    service.approve(ask(epd), by=county_officer.id)

    assert told(county_officer) == ["study_day_asked"]


@pytest.mark.parametrize(
    ("on", "words"),
    [
        (date(2019, 1, 12), "a Saturday"),
        (date(2019, 1, 13), "a Sunday"),
        (date(2019, 4, 19), "a bank holiday (Good Friday)"),
        (date(2019, 1, 14), ""),
    ],
)
def test_both_are_warned_of_a_day_on_which_nobody_works(app, epd, county_manager, on, words):
    if not words:
        service.approve(ask(epd, on), by=county_manager.id)
        return
    with pytest.raises(StudyDayRefused) as refused:
        ask(epd, on)
    assert refused.value.objections == [Objection(Fault.DAY_OFF, title=words)]

    number = ask(epd, on, all_the_same=True)
    with pytest.raises(StudyDayRefused) as refused:
        service.approve(number, by=county_manager.id)
    assert refused.value.objections == [Objection(Fault.DAY_OFF, title=words)]
    service.approve(number, by=county_manager.id, override_reason="A conference")

    entry = reading.find_day(number).last
    assert (entry.act, entry.is_override, entry.reason) == (Act.APPROVED, False, "A conference")


def test_time_away_ends_the_approved_days_in_it_and_both_are_told(both, epd, county_manager, county_officer, clock_at):
    over, ahead, beside, open_ = (ask(epd, on) for on in (MONDAY, WEDNESDAY, THURSDAY, date(2019, 1, 11)))
    for number in (over, ahead, beside):
        service.approve(number, by=county_manager.id)
    clock_at(2019, 1, 8, 9)
    before = len(told(county_manager))
    assert figures(epd) == (7, 2, 4, 2, 1)

    record_away(epd.id, Away(AwayKind.LEAVE, MONDAY, WEDNESDAY), by=county_officer.id)

    assert [status(each) for each in (over, ahead, beside, open_)] == [
        DayStatus.NOT_TAKEN,
        DayStatus.CANCELLED,
        DayStatus.APPROVED,
        DayStatus.ASKED,
    ]
    assert figures(epd) == (7, 2, 2, 0, 5)
    assert in_diary(epd) == [("Study day", "10 09:00")]
    assert told(epd)[3:] == ["study_day_ended"] * 2
    assert told(county_manager)[before:] == ["study_day_ended"] * 2
    entry = reading.find_day(over).last
    assert (entry.by_id, entry.reason) == (county_officer.id, service.TIME_AWAY)


def test_time_away_that_is_put_right_ends_the_days_that_it_now_holds(app, epd, county_manager):
    number = ask(epd, WEDNESDAY)
    service.approve(number, by=county_manager.id)
    away_id = record_away(epd.id, Away(AwayKind.LEAVE, MONDAY, TUESDAY), by=county_manager.id)
    assert status(number) is DayStatus.APPROVED

    correct_away(epd.id, away_id, Away(AwayKind.LEAVE, MONDAY, WEDNESDAY), by=county_manager.id)

    assert status(number) is DayStatus.CANCELLED
