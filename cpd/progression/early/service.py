"""Putting people on early-career programmes, and what moves or ends them: pauses, extensions, outcomes (B3, S-3)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import exists, select, update

from cpd.catalogue import service as catalogue
from cpd.people import service as people
from cpd.people.models import Person
from cpd.people.posts import posts_held
from cpd.progression.early.course import WEEK, Pause, PauseKind
from cpd.progression.early.enrolled import Enrolled, enrolments_where, find_enrolled, live_of
from cpd.progression.early.holding import (
    add,
    dates_moved,
    end_rows,
    hold,
    hold_names,
    keep_diaries,
    remember,
    tell_both,
)
from cpd.progression.early.models import (
    Cohort,
    EarlyCareerEnrolment,
    EnrolmentEnding,
    EnrolmentTerms,
    PausePeriod,
    ProgrammeExtension,
)
from cpd.progression.early.refusal import EarlyRefused
from cpd.progression.early.rules import (
    Fault,
    Outcome,
    against_ending,
    against_enrolling,
    against_extending,
    against_pausing,
    against_rejoining,
    against_reopening,
    outcome_from,
)
from cpd.progression.early.time_away import keep_time_away
from cpd.record.service import records_of
from cpd.requirements.record import FactKind
from cpd.schemes.early_career_shape import EarlyCareerProgramme, StartsWith
from cpd.shared import clock, history
from cpd.shared.database import LARGEST_ID, db
from cpd.shared.unit_of_work import one_transaction
from cpd.shared.wording import counted, date_words

BY_PANEL = "The panel's outcome"
WORD_TAKEN_BACK = "The panel's outcome does not stand any more"


@one_transaction
def make_cohort(organisation_id: int, programme_code: str, title: str, starts_on: date, *, by: int) -> int:
    """Make a cohort of a programme and return its id; one of that name is returned as it is."""
    hold_names(organisation_id)
    here = (Cohort.organisation_id == organisation_id, Cohort.programme_code == programme_code, Cohort.title == title)
    found = db.session.scalar(select(Cohort.id).where(*here))
    if found is not None:
        return found
    row = Cohort(organisation_id=organisation_id, programme_code=programme_code, title=title, starts_on=starts_on)
    number = add(row, by=by)
    history.note("made", "cohort", number, actor_id=by, organisation_id=organisation_id, after={"title": title})
    return number


@one_transaction
def remove_cohort(cohort_id: int, *, organisation_id: int, by: int) -> None:
    """Take a cohort away that was a slip or does not take place, and in which nobody ever was.

    Raises EarlyRefused, or LookupError where there is no such cohort here.
    """
    hold_names(organisation_id)
    cohort = _held_cohort(cohort_id, is_to_go=True)
    if cohort is None or cohort.organisation_id != organisation_id:
        raise LookupError(f"There is no cohort {cohort_id} here")
    if db.session.scalar(select(exists().where(EnrolmentTerms.cohort_id == cohort_id))):
        raise EarlyRefused([Fault.COHORT_IN_USE])
    before = {"title": cohort.title}
    history.note("removed", "cohort", cohort_id, actor_id=by, organisation_id=organisation_id, before=before)
    db.session.delete(cohort)


@one_transaction
def enrol(
    person_ids: Collection[int],
    programme_code: str,
    *,
    organisation_id: int,
    cohort_id: int | None,
    starts_on: date | None,
    by: int,
) -> list[int]:
    """Put people on a programme by the rules in force, all of them or none, and return the enrolments' ids.

    Without `starts_on` it counts for each from her first working day or her registration, as the scheme says (B3).

    Raises:
        EarlyRefused: every reason, by person.
        LookupError: there is no such programme, cohort or person here.
    """
    scheme = catalogue.scheme_in_force(organisation_id)
    programmes = scheme.pack.early_career_programmes if scheme else ()
    programme = next((each for each in programmes if each.code == programme_code), None)
    if scheme is None or programme is None:
        raise LookupError(f"There is no early-career programme {programme_code} here")
    if cohort_id is not None:
        _find_cohort(cohort_id, organisation_id, programme_code)
    if not person_ids:
        raise EarlyRefused([Fault.NOBODY])
    if people.people_of(organisation_id, person_ids).keys() != set(person_ids):
        raise LookupError("Somebody of these does not work here")
    people.lock_persons(person_ids)
    starts = _usual_starts(person_ids, programme)
    if starts_on is not None:
        starts = dict.fromkeys(person_ids, starts_on)
    _refuse_any(person_ids, programme, starts, by)
    numbers = []
    for person_id in sorted(person_ids):
        begins = starts[person_id]
        assert begins, "else it was refused"  # noqa: S101
        row = EarlyCareerEnrolment(
            organisation_id=organisation_id,
            person_id=person_id,
            programme_code=programme_code,
            scheme_version_id=scheme.id,
        )
        number = add(row, by=by)
        add(EnrolmentTerms(enrolment_id=number, starts_on=begins, cohort_id=cohort_id), by=by)
        enrolled = _again(number)
        remember("enrolled", "early_career_enrolment", number, enrolled, by=by, after=_terms(enrolled))
        facts = {"starts_on": date_words(begins), "ends_on": date_words(enrolled.ends_on(clock.today()))}
        tell_both(enrolled, "early_enrolled", str(number), facts, but=by)
        keep_diaries(enrolled)
        numbers.append(number)
    return numbers


@one_transaction
def change_terms(enrolment_id: int, starts_on: date, cohort_id: int | None, *, reason: str, by: int) -> None:
    """Put right from which day somebody counts, or move her to another cohort, for a reason.

    Raises EarlyRefused, or LookupError where there is no such enrolment or cohort.
    """
    enrolled = hold(enrolment_id)
    if cohort_id is not None:
        _find_cohort(cohort_id, enrolled.organisation_id, enrolled.programme.code)
    faults = [] if enrolled.is_live else [Fault.ENDED]
    faults += [] if reason.strip() else [Fault.NO_REASON]
    faults += [Fault.OWN] if by == enrolled.person_id else []
    first = min((each.first_day for each in enrolled.course.pauses), default=date.max)
    faults += [Fault.BEFORE_THE_START] if first < starts_on else []
    every = enrolments_where(EarlyCareerEnrolment.person_id == enrolled.person_id)
    last = max((each.ended.on for each in every if each.ended and each.id < enrolment_id), default=date.min)
    faults += [Fault.BEFORE_THE_LAST_ENDED] if starts_on < last else []
    if faults:
        raise EarlyRefused(faults)
    if (starts_on, cohort_id) == (enrolled.course.starts_on, enrolled.cohort_id):
        return
    number = _new_terms(enrolled, starts_on, cohort_id, reason, by)
    dates_moved(_again(enrolment_id), f"terms:{number}", reason, by=by)


@one_transaction
def pause(enrolment_id: int, first_day: date, back_on: date | None, kind: PauseKind, *, by: int) -> int:
    """Keep a pause and return its id: everything that is not due before it moves by its days.

    Raises EarlyRefused, or LookupError where there is no such enrolment.
    """
    enrolled = hold(enrolment_id)
    said = Pause(first_day, back_on, None, kind)
    faults = against_pausing(enrolled.course, said, clock.today(), is_live=enrolled.is_live)
    if faults or by == enrolled.person_id:
        raise EarlyRefused(faults or [Fault.OWN])
    row = PausePeriod(enrolment_id=enrolment_id, first_day=first_day, back_on=back_on, pause_kind=kind)
    number = add(row, by=by)
    remember("paused", "pause_period", number, enrolled, by=by, after=_days(said))
    keep_time_away(enrolled.person_id, enrolled.course, _again(enrolment_id).course, by=by)
    back = f", back on {date_words(back_on)}" if back_on else ""
    dates_moved(enrolled, f"pause:{number}", f"A pause from {date_words(first_day)}{back}", by=by)
    return number


@one_transaction
def rejoin(enrolment_id: int, back_on: date, cohort_id: int | None, *, by: int) -> None:
    """End the pause on the day on which somebody is back, perhaps with a later cohort (S-3).

    Raises EarlyRefused, or LookupError where there is no such enrolment or cohort.
    """
    enrolled = hold(enrolment_id)
    if cohort_id is not None:
        _find_cohort(cohort_id, enrolled.organisation_id, enrolled.programme.code)
    faults = against_rejoining(enrolled.course, back_on, is_live=enrolled.is_live)
    if faults or by == enrolled.person_id:
        raise EarlyRefused(faults or [Fault.OWN])
    was = enrolled.course.open_pause
    assert was, "else it was refused"  # noqa: S101
    end_rows(PausePeriod, PausePeriod.id == was.id, by=by, reason="She is back")
    ended = replace(was, back_on=back_on)
    row = PausePeriod(enrolment_id=enrolment_id, first_day=was.first_day, back_on=back_on, pause_kind=was.kind)
    number = add(row, by=by)
    remember("rejoined", "pause_period", number, enrolled, by=by, after=_days(ended))
    keep_time_away(enrolled.person_id, enrolled.course, _again(enrolment_id).course, by=by)
    if cohort_id is not None and cohort_id != enrolled.cohort_id:
        _new_terms(enrolled, enrolled.course.starts_on, cohort_id, "Back from a pause", by)
    why = f"A pause of {counted((back_on - was.first_day).days, 'day')}, back on {date_words(back_on)}"
    dates_moved(enrolled, f"rejoin:{number}", why, by=by)


@one_transaction
def withdraw_pause(enrolment_id: int, pause_id: int, *, reason: str, by: int) -> None:
    """Take back a pause that was a slip, for a reason. Raises EarlyRefused, or LookupError."""
    enrolled = hold(enrolment_id)
    if pause_id not in {each.id for each in enrolled.course.pauses}:
        raise LookupError(f"There is no pause {pause_id} of this enrolment")
    if not reason.strip() or not enrolled.is_live or by == enrolled.person_id:
        raise EarlyRefused([Fault.NO_REASON if not reason.strip() else Fault.OWN if enrolled.is_live else Fault.ENDED])
    end_rows(PausePeriod, PausePeriod.id == pause_id, by=by, reason=reason)
    remember("withdrawn", "pause_period", pause_id, enrolled, by=by, reason=reason)
    keep_time_away(enrolled.person_id, enrolled.course, _again(enrolment_id).course, by=by)
    dates_moved(enrolled, f"pause:{pause_id}:withdrawn", reason, by=by)


@one_transaction
def extend(enrolment_id: int, weeks: int, agreed_on: date, *, reason: str, by: int) -> int:
    """Give somebody longer, for a reason, and return the extension's id: what is due at the end moves (B3).

    Raises EarlyRefused, or LookupError where there is no such enrolment.
    """
    enrolled = hold(enrolment_id)
    faults = against_extending(weeks, reason, agreed_on, clock.today(), is_live=enrolled.is_live)
    if faults or by == enrolled.person_id:
        raise EarlyRefused(faults or [Fault.OWN])
    row = ProgrammeExtension(enrolment_id=enrolment_id, days=weeks * WEEK, agreed_on=agreed_on, reason=reason)
    number = add(row, by=by)
    remember("extended", "programme_extension", number, enrolled, by=by, reason=reason, after={"days": weeks * WEEK})
    dates_moved(enrolled, f"extension:{number}", f"{counted(weeks, 'week')} longer: {reason}", by=by)
    return number


@one_transaction
def end(enrolment_id: int, outcome: Outcome, ended_on: date, *, reason: str, by: int) -> None:
    """Write down how a programme ended. Where the scheme names a panel, passed and failed are its word alone.

    Raises EarlyRefused, or LookupError where there is no such enrolment.
    """
    enrolled = hold(enrolment_id)
    faults = against_ending(
        outcome,
        ended_on,
        reason,
        enrolled.course,
        clock.today(),
        is_live=enrolled.is_live,
        has_panel=enrolled.programme.panel is not None,
        is_own=by == enrolled.person_id,
    )
    if faults:
        raise EarlyRefused(faults)
    _end(enrolled, outcome, ended_on, reason, by_panel=False, by=by)


@one_transaction
def take_back_ending(enrolment_id: int, *, reason: str, by: int) -> None:
    """Let a programme go on whose ending was written down by mistake; those concerned are told.

    Raises EarlyRefused, or LookupError where there is no such enrolment.
    """
    enrolled = hold(enrolment_id)
    every = enrolments_where(EarlyCareerEnrolment.person_id == enrolled.person_id)
    faults = against_reopening(
        reason,
        is_live=enrolled.is_live,
        by_panel=enrolled.ended is not None and enrolled.ended.by_panel,
        has_later=any(each.id > enrolment_id for each in every),
        is_own=by == enrolled.person_id,
    )
    if faults:
        raise EarlyRefused(faults)
    ended = end_rows(EnrolmentEnding, EnrolmentEnding.enrolment_id == enrolment_id, by=by, reason=reason)
    remember("reopened", "early_career_enrolment", enrolment_id, enrolled, by=by, reason=reason)
    _set_live(enrolment_id, is_live=True)
    dates_moved(_again(enrolment_id), f"reopened:{ended[0]}", f"The programme goes on: {reason}", by=by)
    settle_endings([enrolled.person_id])


def settle_endings(person_ids: Collection[int]) -> int:
    """Bring programmes into line with what panels decided, and return how many changed (AMB-03).

    Passed or failed ends one on that day; where the word does not stand any more, it goes on, unless another has begun.
    """
    people.lock_persons(person_ids)
    every = enrolments_where(EarlyCareerEnrolment.person_id.in_(person_ids))
    found = [each for each in every if each.programme.panel and (each.ended is None or each.ended.by_panel)]
    if not found:
        return 0
    records = records_of({each.person_id for each in found}, clock.today())
    changed = 0
    for each in found:
        facts = records[each.person_id].facts
        words = [
            (fact.happened_on, fact.value)
            for fact in facts
            if fact.kind is FactKind.OUTCOME and fact.subject == each.programme.panel and not fact.still_ahead
        ]
        ending = outcome_from(_words_about(each, words, every), each.course.starts_on)
        if ending == ((each.ended.outcome, each.ended.on) if each.ended else None):
            continue
        if ending is None and (_later_ones(each, every) or each.person_id in live_of([each.person_id])):
            continue  # the word fell away, but another programme has begun by now: what ended stays as it was
        if each.ended is not None:
            _reopen(each)
        if ending is not None:
            _end(each, *ending, BY_PANEL, by_panel=True, by=None)
        changed += 1
    return changed


def _words_about(
    enrolled: Enrolled, words: Iterable[tuple[date, str]], every: Iterable[Enrolled]
) -> list[tuple[date, str]]:
    """Choose from a panel's words those about one programme, where somebody is before that panel for two of them.

    What ended the earlier one is not about the later; and once the later has begun, only what is said of the very day
    on which the earlier ended still changes that.
    """
    earlier = [each.ended.on for each in _of_one_panel(enrolled, every) if each.ended and each.id < enrolled.id]
    since = [each for each in words if each[0] > max(earlier, default=date.min)]
    if enrolled.ended is None or not _later_ones(enrolled, every):
        return since
    return [each for each in since if each[0] == enrolled.ended.on]


def _later_ones(enrolled: Enrolled, every: Iterable[Enrolled]) -> list[Enrolled]:
    """List the programmes that somebody began later and of which the same panel decides."""
    return [each for each in _of_one_panel(enrolled, every) if each.id > enrolled.id]


def _of_one_panel(enrolled: Enrolled, every: Iterable[Enrolled]) -> list[Enrolled]:
    """List the programmes of the same person of which the same panel decides, this one included."""
    which = (enrolled.person_id, enrolled.programme.panel)
    return [each for each in every if (each.person_id, each.programme.panel) == which]


def _end(enrolled: Enrolled, outcome: Outcome, on: date, reason: str, *, by_panel: bool, by: int | None) -> None:
    row = EnrolmentEnding(enrolment_id=enrolled.id, outcome=outcome, ended_on=on, by_panel=by_panel, reason=reason)
    number = add(row, by=by)
    _set_live(enrolled.id, is_live=False)
    ended = {"outcome": str(outcome), "on": on.isoformat()}
    remember("ended", "enrolment_ending", number, enrolled, by=by, reason=reason, after=ended)
    now = _again(enrolled.id)
    keep_diaries(now)
    if not by_panel:  # what a panel decides, it says itself
        facts = {"outcome": str(outcome), "on": date_words(on), "reason": reason}
        tell_both(now, "early_ended", str(number), facts, but=by)


def _reopen(enrolled: Enrolled) -> None:
    """Let a programme go on whose panel's word fell away, unless its person is on another by now."""
    end_rows(EnrolmentEnding, EnrolmentEnding.enrolment_id == enrolled.id, by=None, reason=WORD_TAKEN_BACK)
    remember("reopened", "early_career_enrolment", enrolled.id, enrolled, by=None, reason=WORD_TAKEN_BACK)
    if enrolled.person_id not in live_of([enrolled.person_id]):
        _set_live(enrolled.id, is_live=True)
        keep_diaries(_again(enrolled.id))


def _set_live(enrolment_id: int, *, is_live: bool) -> None:
    changed = update(EarlyCareerEnrolment).where(EarlyCareerEnrolment.id == enrolment_id).values(is_live=is_live)
    db.session.execute(changed.execution_options(synchronize_session=False))


def _refuse_any(
    person_ids: Collection[int], programme: EarlyCareerProgramme, starts: dict[int, date | None], by: int
) -> None:
    """Raise every reason against enrolling these people, by person."""
    posts = people.posts_on(person_ids, clock.today())
    live, ended = set[int](), defaultdict[int, list[date]](list)
    for each in enrolments_where(EarlyCareerEnrolment.person_id.in_(person_ids)):
        if each.ended:
            ended[each.person_id].append(each.ended.on)
        else:
            live.add(each.person_id)
    against: dict[int, Sequence[Fault]] = {}
    for person_id in person_ids:
        begins, post = starts[person_id], posts.get(person_id)
        faults = [Fault.OWN] if person_id == by else []
        if begins is None:
            faults.append(Fault.NO_START)
        else:
            career_level = post.career_level if post else None
            last = max(ended[person_id], default=None)
            has_another = person_id in live
            faults += against_enrolling(programme, career_level, begins, has_another=has_another, last_ended_on=last)
        if faults:
            against[person_id] = faults
    if against:
        raise EarlyRefused(sorted({fault for faults in against.values() for fault in faults}), against)


def _usual_starts(person_ids: Collection[int], programme: EarlyCareerProgramme) -> dict[int, date | None]:
    """Return from which day a programme counts for people, where nobody says another (B3)."""
    if programme.starts_with is StartsWith.REGISTRATION:
        rows = db.session.execute(select(Person.id, Person.registered_on).where(Person.id.in_(person_ids)))
        return {row[0]: row[1] for row in rows}
    levels = set(programme.career_levels)
    held = posts_held(person_ids)
    return {
        each: min((post.starts_on for post in held.get(each, ()) if post.career_level in levels), default=None)
        for each in person_ids
    }


def _new_terms(enrolled: Enrolled, starts_on: date, cohort_id: int | None, reason: str, by: int) -> int:
    end_rows(EnrolmentTerms, EnrolmentTerms.enrolment_id == enrolled.id, by=by, reason=reason)
    number = add(EnrolmentTerms(enrolment_id=enrolled.id, starts_on=starts_on, cohort_id=cohort_id), by=by)
    after = _terms(_again(enrolled.id))
    remember("changed", "enrolment_terms", number, enrolled, by=by, reason=reason, after=after)
    return number


def _find_cohort(cohort_id: int, organisation_id: int, programme_code: str) -> None:
    row = _held_cohort(cohort_id, is_to_go=False)
    if row is None or (row.organisation_id, row.programme_code) != (organisation_id, programme_code):
        raise LookupError(f"There is no cohort {cohort_id} of this programme here")


def _held_cohort(cohort_id: int, *, is_to_go: bool) -> Cohort | None:
    """Return a cohort that nobody takes away, or where it is to go, that nobody joins until the act is over."""
    wanted = select(Cohort).where(Cohort.id == min(cohort_id, LARGEST_ID))
    return db.session.scalars(wanted.with_for_update(read=not is_to_go, key_share=not is_to_go)).one_or_none()


def _again(enrolment_id: int) -> Enrolled:
    """Read an enrolment anew after a change."""
    found = find_enrolled(enrolment_id)
    assert found, "it was read before"  # noqa: S101
    return found


def _terms(enrolled: Enrolled) -> dict[str, Any]:
    return {
        "programme": enrolled.programme.code,
        "starts_on": enrolled.course.starts_on.isoformat(),
        "cohort_id": enrolled.cohort_id,
    }


def _days(said: Pause) -> dict[str, Any]:
    return {
        "first_day": said.first_day.isoformat(),
        "back_on": said.back_on.isoformat() if said.back_on else None,
        "kind": str(said.kind),
    }
