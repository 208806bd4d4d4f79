"""Cases before a panel: opened, given a meeting, withdrawn at the person's wish; and members' interests in them."""

from __future__ import annotations

from sqlalchemy import select

from cpd.catalogue import service as catalogue
from cpd.people import service as people
from cpd.progression.panels import diaries, linked, reading, telling
from cpd.progression.panels.facts import DECIDED, CaseDecided, PanelRefused
from cpd.progression.panels.holding import everybody_at, hold_case, hold_meeting, remember
from cpd.progression.panels.models import PanelCase, PanelInterest
from cpd.progression.panels.revealing import reveal_if_all_have
from cpd.progression.panels.rules import CaseStatus, PanelFault
from cpd.progression.pathways.service import readiness_of
from cpd.schemes.pathway_shape import PanelOutcome
from cpd.shared import clock
from cpd.shared.clock import in_london
from cpd.shared.database import db
from cpd.shared.roles import Role
from cpd.shared.unit_of_work import one_transaction, publish

AT_HER_WISH = "At the person's own wish"


@one_transaction
def open_case(
    person_id: int, panel_code: str, *, scheme_version_id: int, request_id: int | None, by: int | None
) -> int:
    """Put somebody before a panel by the rules of one version, and return the case's number.

    She has one open case before a panel: asked again, it is that one.

    Raises:
        PanelRefused: that version has no such panel.
        LookupError: there is no such person or version.
    """
    people.lock_persons([person_id])
    person = people.get_person(person_id)
    versions = catalogue.schemes_by_id([scheme_version_id])
    if scheme_version_id not in versions:
        raise LookupError(f"There is no version {scheme_version_id} of a scheme")
    if panel_code not in {each.code for each in versions[scheme_version_id].pack.panels}:
        raise PanelRefused([PanelFault.NO_PANEL])
    wanted = select(PanelCase).where(
        PanelCase.person_id == person_id, PanelCase.panel_code == panel_code, PanelCase.status == CaseStatus.OPEN
    )
    case = db.session.scalars(wanted).one_or_none()
    if case is not None:
        case.request_id = request_id if case.request_id is None else case.request_id
        return case.id
    case = PanelCase(
        organisation_id=person.organisation_id,
        person_id=person_id,
        panel_code=panel_code,
        scheme_version_id=scheme_version_id,
        request_id=request_id,
        turn=0,
        status=CaseStatus.OPEN,
        opened_on=clock.today(),
        opened_at=clock.now(),
        opened_by_id=by,
    )
    db.session.add(case)
    db.session.flush()
    remember("opened", case, by=by, scheme_version_id=scheme_version_id, request_id=request_id)
    return case.id


@one_transaction
def open_ready_case(person_id: int, panel_code: str, *, by: int) -> int:
    """Put somebody whose evidence is accepted before the panel that judges it, by the rules that she is under.

    Raises:
        PanelRefused: she is not ready for it, or it is about the officer herself.
        LookupError: she does not work where the officer does.
    """
    officer = people.get_person(by)
    if not people.works_for(person_id, officer.organisation_id):
        raise LookupError(f"There is no person {person_id} here")
    people.lock_persons([person_id])
    found = readiness_of([person_id], clock.today())[person_id]
    faults = [PanelFault.IN_CONFLICT] if person_id == by else []
    if found.terms is None or not linked.is_ready(panel_code, found):
        raise PanelRefused([*faults, PanelFault.NOT_READY])
    if faults:
        raise PanelRefused(faults)
    version = found.terms.scheme_version_id
    return open_case(person_id, panel_code, scheme_version_id=version, request_id=None, by=by)


@one_transaction
def give_meeting(case_id: int, meeting_id: int, *, by: int) -> None:
    """Put a case on a meeting of its panel; the person is told day and place, the members are told of the case.

    A case that has another meeting is moved.

    Raises:
        PanelRefused: every reason against it.
        LookupError: there is no such case or meeting in the same organisation.
    """
    before = reading.case_of(case_id)
    both = sorted({meeting_id, before.meeting.id if before.meeting else meeting_id})
    people.lock_persons({before.person_id, *(each for number in both for each in everybody_at(number))})
    held = {number: hold_meeting(number) for number in both}
    case, meeting = hold_case(case_id), held[meeting_id]
    if meeting.organisation_id != case.organisation_id:
        raise LookupError(f"There is no meeting {meeting_id} here")
    faults = (
        (PanelFault.NOT_OPEN, case.status != CaseStatus.OPEN),
        (PanelFault.RECORDER_IN_CONFLICT, bool(before.conflicts(by))),
        (PanelFault.ANOTHER_PANEL, meeting.panel_code != case.panel_code),
        (PanelFault.CANCELLED, meeting.cancelled_at is not None),
        (PanelFault.BEFORE_IT_WAS_OPENED, in_london(meeting.starts_at).date() < case.opened_on),
    )
    if found := [fault for fault, holds in faults if holds]:
        raise PanelRefused(found)
    old = case.meeting_id
    if old == meeting_id:
        return
    case.meeting_id = meeting_id
    case.turn += 1
    db.session.flush()
    panel = before.panel
    if old is not None:
        diaries.keep_up(hold_meeting(old), panel, [case.person_id])
    diaries.keep_up(meeting, panel)
    remember("given_meeting", case, by=by, before={"meeting_id": old}, meeting_id=meeting_id)
    if meeting.starts_at > clock.now():
        telling.of_the_meeting(case, meeting, panel)
        telling.of_the_case(reading.case_of(case_id), case.turn)
    reveal_if_all_have(case)


@one_transaction
def withdraw_case(case_id: int, *, reason: str, by: int | None) -> None:
    """Withdraw a case at the person's wish, until it is decided: nothing is judged.

    With `by` None its request has ended or gone back, of which she is told by that.

    Raises:
        PanelRefused: it is decided or withdrawn already, or it is not for this person to withdraw it.
        LookupError: there is no such case.
    """
    found = reading.case_of(case_id)
    meeting = hold_meeting(found.meeting.id, [found.person_id]) if found.meeting else None
    case = hold_case(case_id)
    officers = {each.id for each in people.holders_of(case.organisation_id, Role.WORKFORCE_DEVELOPMENT)}
    words = reason.strip() or (AT_HER_WISH if by == case.person_id else "")
    faults = (
        (PanelFault.DECIDED_ALREADY, case.status == CaseStatus.DECIDED),
        (PanelFault.WITHDRAWN, case.status == CaseStatus.WITHDRAWN),
        (PanelFault.NOT_HERS, by is not None and by != case.person_id and by not in officers),
        (PanelFault.RECORDER_IN_CONFLICT, by is not None and by != case.person_id and bool(found.conflicts(by))),
        (PanelFault.NO_REASON, not words),
    )
    if against := [fault for fault, holds in faults if holds]:
        raise PanelRefused(against)
    case.status = CaseStatus.WITHDRAWN
    case.withdrawn_at, case.withdrawn_by_id, case.withdrawn_because = clock.now(), by, words
    db.session.flush()
    if meeting is not None:
        diaries.keep_up(meeting, found.panel, [case.person_id])
    remember("withdrawn", case, by=by, reason=words)
    if by is not None and by != case.person_id:
        telling.that_it_is_withdrawn(found, words)
    publish(
        DECIDED,
        CaseDecided(
            case_id,
            case.person_id,
            case.organisation_id,
            case.panel_code,
            PanelOutcome.WITHDRAWN,
            case.request_id,
            words,
            "",
            None,
        ),
    )


@one_transaction
def declare_interest(case_id: int, person_id: int, words: str, *, by: int) -> None:
    """Say that somebody has an interest in a case: from then on she sees nothing of it and does not judge it.

    A member says so of herself, and Workforce Development of a member, where it is not close to the case itself.

    Raises:
        PanelRefused: every reason against it.
        LookupError: there is no such case where she works.
    """
    case = hold_case(case_id)
    found = reading.case_of(case_id)
    if not people.works_for(person_id, case.organisation_id):
        raise LookupError(f"There is no case {case_id} here")
    officers = {each.id for each in people.holders_of(case.organisation_id, Role.WORKFORCE_DEVELOPMENT)}
    attending = found.meeting.attending if found.meeting else frozenset[int]()
    faults = (
        (PanelFault.DECLARED_ALREADY, person_id in found.close.interests),
        (PanelFault.NOT_ASSIGNED, person_id not in attending and person_id not in officers),
        (PanelFault.NOT_THE_RECORDER, by not in (person_id, *officers)),
        (PanelFault.RECORDER_IN_CONFLICT, by != person_id and bool(found.conflicts(by))),
        (PanelFault.WITHDRAWN, case.status == CaseStatus.WITHDRAWN),
        (PanelFault.NO_WORDS, not words.strip()),
    )
    if against := [fault for fault, holds in faults if holds]:
        raise PanelRefused(against)
    row = PanelInterest(
        case_id=case_id, person_id=person_id, words=words, recorded_at=clock.real_now(), recorded_by_id=by
    )
    db.session.add(row)
    db.session.flush()
    remember("interest_declared", case, by=by, member_id=person_id)
    if person_id in {each.person_id for each in found.judges}:
        telling.that_a_judge_has_an_interest(found, person_id, sorted(officers), row.id)
    reveal_if_all_have(case)


@one_transaction
def take_interest_back(case_id: int, person_id: int, *, reason: str, by: int) -> None:
    """End an interest that was entered by mistake, for a reason; only Workforce Development, not close to it itself.

    Raises:
        PanelRefused: there is none, the case is not open, there is no reason, or the officer is in conflict with it.
        LookupError: there is no such case.
    """
    case = hold_case(case_id)
    wanted = select(PanelInterest).where(
        PanelInterest.case_id == case_id, PanelInterest.person_id == person_id, PanelInterest.superseded_at.is_(None)
    )
    row = db.session.scalars(wanted.with_for_update()).one_or_none()
    officers = {each.id for each in people.holders_of(case.organisation_id, Role.WORKFORCE_DEVELOPMENT)}
    faults = (
        (PanelFault.NOT_OPEN, case.status != CaseStatus.OPEN or row is None),
        (PanelFault.RECORDER_IN_CONFLICT, by not in officers or bool(reading.case_of(case_id).conflicts(by))),
        (PanelFault.NO_REASON, not reason.strip()),
    )
    if against := [fault for fault, holds in faults if holds]:
        raise PanelRefused(against)
    if row is not None:
        row.superseded_at, row.superseded_by_id, row.supersede_reason = clock.real_now(), by, reason
        remember("interest_ended", case, by=by, reason=reason, member_id=person_id)
