"""Asking for study days, deciding on them and ending them: each act adds to a ledger under the person's lock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from cpd.booking.places import ask_to_settle_for
from cpd.diary import rules as diary_rules
from cpd.diary import service as diary
from cpd.people import service as people
from cpd.schemes.study_days_shape import StudyDayKind
from cpd.shared import clock, history, outbox
from cpd.shared.clock import LONDON
from cpd.shared.database import db
from cpd.shared.roles import Role
from cpd.shared.unit_of_work import one_transaction
from cpd.shared.wording import day_words
from cpd.study.days import rules
from cpd.study.days.allowances import Balance
from cpd.study.days.models import StudyDayEntry, StudyDayRequest
from cpd.study.days.reading import Account, accounts_of, deciders_of, decides, find_day
from cpd.study.days.rules import Act, AskedFor, DayPart, DayStatus, Fault, Objection, StudyDay, Wanted
from cpd.study.days.words import day_off, in_days, left_words, when_words

SOURCE = "study_day"
"""What a diary calls the entries that rest on a study day."""

TIME_AWAY = "Time away is recorded for that day"
"""Why a study day is ended that lies in time away; which kind of it is nobody's business here (B8)."""


class StudyDayRefused(Exception):  # noqa: N818 - a refusal is an answer, not a failure
    """Nothing was changed; `objections` are all the reasons."""

    def __init__(self, objections: Sequence[Objection]) -> None:
        super().__init__(", ".join(each.fault for each in objections))
        self.objections = list(objections)


@dataclass(frozen=True, slots=True)
class Summary:
    """What stands first about somebody's study days: the allowances of today, what waits, and the next one."""

    balances: tuple[Balance, ...]
    waiting: int
    next_day: StudyDay | None


@dataclass(frozen=True, slots=True)
class _Span:
    """From when until when."""

    starts_at: datetime
    ends_at: datetime


@one_transaction
def ask(person_id: int, asked: AskedFor, *, all_the_same: bool = False) -> int:
    """Ask for a study day, and return its number; whoever decides is told.

    With `all_the_same` more can be asked for than is left, or a day on which nobody works: it is then approved only
    for a reason.

    Raises:
        StudyDayRefused: every reason against it.
        LookupError: there is no such person, or her council has no such kind of day.
    """
    people.lock_persons([person_id])
    organisation_id = people.get_person(person_id).organisation_id
    account = accounts_of([person_id], organisation_id)[person_id]
    span = _span_of(_kind(account, asked.kind), asked.on, asked.part)
    wanted = _wanted(account, asked.kind, asked.on, asked.part.half_days, span)
    if objections := rules.objections_to_asking(wanted, clock.today(), all_the_same=all_the_same):
        raise StudyDayRefused(objections)
    request = StudyDayRequest(
        organisation_id=organisation_id,
        person_id=person_id,
        kind=asked.kind,
        held_on=asked.on,
        day_part=asked.part,
        half_days=asked.part.half_days,
        purpose=asked.purpose.strip(),
        starts_at=span.starts_at,
        ends_at=span.ends_at,
    )
    db.session.add(request)
    db.session.flush()
    day = _add(request.id, Act.ASKED, by=person_id)
    _tell_deciders(day, "study_day_asked", {"purpose": day.purpose})
    return day.id


@one_transaction
def approve(request_id: int, *, by: int, override_reason: str = "") -> None:
    """Approve a study day: it stands in her diary, and she is told.

    Beyond what is left, or on a day on which nobody works, only for a reason.

    Raises:
        StudyDayRefused: somebody was quicker, it is not theirs to decide, it clashes, or a reason is missing.
        LookupError: there is no such study day.
    """
    day, account = _decidable(request_id, by)
    wanted = _wanted(account, day.kind, day.on, day.half_days, _Span(day.starts_at, day.ends_at), besides=day.id)
    if objections := rules.objections_to_approving(wanted, override_reason):
        raise StudyDayRefused(objections)
    reason = override_reason.strip() if rules.to_be_said(wanted) else ""
    day = _add(day.id, Act.APPROVED, by=by, reason=reason, left_before=wanted.left)
    _enter_in_diary(day, account.kind_title(day.kind))
    _tell_her(day, "study_day_approved", by, {"reason": reason, "day_off": wanted.day_off})


@one_transaction
def decline(request_id: int, *, by: int, reason: str) -> None:
    """Decline a study day for a reason, which she is told.

    Raises:
        ValueError: there is no reason.
        StudyDayRefused: somebody was quicker, or it is not theirs to decide.
        LookupError: there is no such study day.
    """
    if not reason.strip():
        raise ValueError("Say why: she is told")
    day, _ = _decidable(request_id, by)
    day = _add(day.id, Act.DECLINED, by=by, reason=reason.strip())
    _tell_her(day, "study_day_declined", by, {"reason": day.last.reason})


@one_transaction
def end(request_id: int, *, by: int, reason: str = "") -> Act:
    """Take a request back, cancel an approved day, or say that it was not taken; returns which of them it was.

    Either she does it herself, or whoever decides on her days, for a reason. The other side is told; the half
    days can be asked for again.

    Raises:
        ValueError: somebody else ends it without a reason.
        StudyDayRefused: there is nothing to end any more, or it is not theirs.
        LookupError: there is no such study day.
    """
    day = _lock(request_id)
    is_own = by == day.person_id
    if not is_own and not _decides(day, by):
        raise StudyDayRefused([Objection(Fault.NOT_THEIRS)])
    if not is_own and not reason.strip():
        raise ValueError("Say why: she is told")
    act = rules.ending_act(day)
    if act is None or (not is_own and act is Act.WITHDRAWN):
        raise StudyDayRefused([Objection(Fault.ENDED, status=day.status)])
    day = _end(day, act, by=by, reason=reason.strip())
    facts = {"act": str(act), "reason": day.last.reason}
    if is_own:
        _tell_deciders(day, "study_day_ended", facts)
    else:
        _tell_her(day, "study_day_ended", by, facts)
    return act


def end_while_away(person_id: int, *, by: int) -> None:
    """End every approved study day that lies in her time away, in the act that recorded it.

    She did not have such a day: the half days are hers again, and she and whoever decides are told.
    """
    account = accounts_of([person_id], people.get_person(person_id).organisation_id)[person_id]
    for each in account.days:
        act = rules.ending_act(each)
        if act and each.approved and account.is_away(each.on):
            day = _end(each, act, by=by, reason=TIME_AWAY)
            facts = {"act": str(act), "reason": day.last.reason}
            _tell_her(day, "study_day_ended", by, facts)
            _tell_deciders(day, "study_day_ended", facts)


def has_asked(person_id: int) -> bool:
    """Say whether somebody has ever asked for a study day. One query."""
    wanted = select(StudyDayRequest.id).where(StudyDayRequest.person_id == person_id).limit(1)
    return db.session.scalar(wanted) is not None


def objections_now(request_id: int) -> list[Objection]:
    """List what stands against approving a study day as things are, before anybody tries."""
    day = _found(request_id)
    account = accounts_of([day.person_id], day.organisation_id)[day.person_id]
    span = _Span(day.starts_at, day.ends_at)
    wanted = _wanted(account, day.kind, day.on, day.half_days, span, besides=day.id)
    return rules.objections_to_approving(wanted, override_reason="")


def summary_of(person_id: int) -> Summary:
    """Return what stands first about somebody's study days."""
    organisation_id = people.get_person(person_id).organisation_id
    account = accounts_of([person_id], organisation_id)[person_id]
    ahead = (day for day in account.days if day.status is DayStatus.APPROVED)
    waiting = sum(day.status is DayStatus.ASKED for day in account.days)
    return Summary(tuple(account.balances_on(clock.today())), waiting, next(ahead, None))


def _kind(account: Account, code: str) -> StudyDayKind:
    """Return a kind of her council's. Raises LookupError where it has none of this code."""
    found = next((each for each in account.kinds if each.code == code), None)
    if found is None:
        raise LookupError(f"There is no kind of study day {code}")
    return found


def _span_of(kind: StudyDayKind, on: date, part: DayPart) -> _Span:
    """Return the times between which a study day stands in a diary."""
    begins = kind.afternoon_begins if part is DayPart.AFTERNOON else kind.morning_begins
    ends = kind.morning_ends if part is DayPart.MORNING else kind.afternoon_ends
    return _Span(datetime.combine(on, begins, LONDON), datetime.combine(on, ends, LONDON))


def _wanted(account: Account, kind: str, on: date, half_days: int, span: _Span, besides: int | None = None) -> Wanted:
    """Put together what decides whether she may have a day; `besides` is the day itself, once she asked for it."""
    balance = account.balance_on(kind, on)
    busy = diary_rules.clashes([span], diary.busy([account.person_id], span.starts_at)[account.person_id])
    others = [day for day in account.days if day.status is DayStatus.ASKED and day.id != besides]
    return Wanted(
        on=on,
        half_days=half_days,
        has_allowance=balance is not None,
        is_away=account.is_away(on),
        day_off=day_off(on),
        left=balance.left if balance else None,
        clashes=[(each.title, each.starts_at) for each in busy if each.source != SOURCE],
        study_days=[(each.title, each.starts_at) for each in busy if each.source == SOURCE],
        others=[each.starts_at for each in diary_rules.clashes([span], others)],
    )


def _found(request_id: int) -> StudyDay:
    """Read a study day. Raises LookupError where there is none."""
    day = find_day(request_id)
    if day is None:
        raise LookupError(f"There is no study day {request_id}")
    return day


def _lock(request_id: int) -> StudyDay:
    """Hold the person of a study day until the act is over, and read it."""
    people.lock_persons([_found(request_id).person_id])
    return _found(request_id)


def _decidable(request_id: int, by: int) -> tuple[StudyDay, Account]:
    """Hold a study day on which somebody may decide now."""
    day = _lock(request_id)
    if by == day.person_id:
        raise StudyDayRefused([Objection(Fault.OWN)])
    if not _decides(day, by):
        raise StudyDayRefused([Objection(Fault.NOT_THEIRS)])
    if day.status is not DayStatus.ASKED:
        raise StudyDayRefused([Objection(Fault.DECIDED, status=day.status)])
    return day, accounts_of([day.person_id], day.organisation_id)[day.person_id]


def _decides(day: StudyDay, by: int) -> bool:
    """Say whether somebody decides on a study day: as her line manager today, or for Workforce Development."""
    person = people.get_person(by)
    decider = deciders_of([day.person_id])[day.person_id]
    return person.organisation_id == day.organisation_id and decides(by, person.roles, day.person_id, decider)


def _end(day: StudyDay, act: Act, *, by: int, reason: str) -> StudyDay:
    """Write that a day is ended, and take it out of her diary if it stood there."""
    if act is not Act.WITHDRAWN:
        diary.withdraw([day.person_id], SOURCE, [day.id])
        ask_to_settle_for({day.person_id})  # she may be able to come now to what she waits for
    return _add(day.id, act, by=by, reason=reason)


def _add(request_id: int, act: Act, *, by: int, reason: str = "", left_before: int | None = None) -> StudyDay:
    """Add an act to the ledger and to the history, and return the day as it stands now."""
    request = db.session.get_one(StudyDayRequest, request_id)
    asked, approved = rules.amounts_of(act, request.half_days)
    db.session.add(
        StudyDayEntry(
            study_day_request_id=request_id,
            step=rules.STEPS[act],
            act=act,
            half_days=request.half_days,
            asked=asked,
            approved=approved,
            reason=reason,
            left_before=left_before,
            happened_at=clock.now(),
            recorded_at=clock.real_now(),
            recorded_by_id=by,
        )
    )
    db.session.flush()
    after = {"half_days": request.half_days, "left_before": left_before}
    organisation_id = request.organisation_id
    history.note(act, "study_day", request_id, actor_id=by, organisation_id=organisation_id, reason=reason, after=after)
    return _found(request_id)


def _enter_in_diary(day: StudyDay, title: str) -> None:
    """Put an approved day into her diary; what it is for is nobody's business there."""
    entry = diary.Entry(
        person_id=day.person_id,
        organisation_id=day.organisation_id,
        key=f"study-day-{day.id}-person-{day.person_id}",
        source=SOURCE,
        source_id=day.id,
        title=title,
        location="",
        description="",
        path=f"/people/{day.person_id}/study-days",
        starts_at=day.starts_at,
        ends_at=day.ends_at,
    )
    diary.put([entry])


def _tell_her(day: StudyDay, kind: str, by: int, facts: dict[str, Any]) -> None:
    """Tell the person herself what became of her day, and what is left of her allowance now."""
    told = {"by": people.get_person(by).name, "path": "/my/study-days", "own": True}
    outbox.tell(day.organisation_id, day.person_id, kind, _key(day), _said(day) | told | facts)


def _tell_deciders(day: StudyDay, kind: str, facts: dict[str, Any]) -> None:
    """Tell whoever decides today: her line manager; Workforce Development where she has none, or one who is away."""
    decider = deciders_of([day.person_id])[day.person_id]
    officers = people.holders_of(day.organisation_id, Role.WORKFORCE_DEVELOPMENT) if decider.has_officers else []
    told = {"path": f"/people/{day.person_id}/study-days/{day.id}", "own": False}
    manager = people.get_person(decider.manager_id) if decider.manager_id else None
    if manager:
        outbox.tell(day.organisation_id, manager.id, kind, _key(day), _said(day) | told | facts)
    stands_in = {"away": manager.name if manager else ""}
    for each in {officer.id for officer in officers} - {day.person_id, decider.manager_id}:
        outbox.tell(day.organisation_id, each, kind, _key(day), _said(day) | told | facts | stands_in)


def _said(day: StudyDay) -> dict[str, Any]:
    """Say in a message which day it is and what is left."""
    account = accounts_of([day.person_id], day.organisation_id)[day.person_id]
    balance = account.balance_on(day.kind, day.on)
    return {
        "person": people.get_person(day.person_id).name,
        "title": account.kind_title(day.kind),
        "day": when_words(day),
        "held_on": day_words(day.on, year=True),
        "half_days": in_days(day.half_days),
        "left": left_words(balance) if balance else "",
    }


def _key(day: StudyDay) -> str:
    """Name one act on a study day."""
    return f"study_day:{day.id}:{day.last.step}"
