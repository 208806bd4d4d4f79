"""Telling somebody once that there is a date for her, where there was none when she asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from secrets import token_hex

from sqlalchemy import select
from sqlalchemy.orm import Session

from cpd.booking.models import DateWish
from cpd.booking.planning import Asked, Outlook
from cpd.booking.prospects import prospects_of
from cpd.booking.route import Route
from cpd.booking.telling import facts_for_words
from cpd.catalogue import service as catalogue
from cpd.people import service as people
from cpd.shared import clock, outbox
from cpd.shared.database import db
from cpd.shared.unit_of_work import one_transaction
from cpd.timetable import service as timetable
from cpd.timetable.facts import SessionFacts


@one_transaction
def wish_for_date(person_id: int, module_id: int) -> None:
    """Note down that somebody wants to know when a module has a date for her; asking twice is asking once.

    Raises:
        LookupError: there is no such person.
    """
    organisation_id = people.get_person(person_id).organisation_id
    people.lock_persons([person_id])
    if module_id not in wished_modules(person_id):
        wish = DateWish(
            organisation_id=organisation_id, person_id=person_id, module_id=module_id, wished_at=clock.now()
        )
        db.session.add(wish)


def wished_modules(person_id: int) -> set[int]:
    """List the modules of which she wants to know a date."""
    return set(db.session.scalars(select(DateWish.module_id).where(DateWish.person_id == person_id)))


def follow_timetable(session: Session, training_session_ids: Collection[int]) -> None:
    """Sessions changed: whoever waited for such a date, and could book it now or with what it needs, is told once."""
    new = [each for each in timetable.sessions_by_id(set(training_session_ids)) if _is_a_date(each)]
    wanted = select(DateWish).where(DateWish.module_id.in_({each.module_id for each in new})).order_by(DateWish.id)
    wishes = session.scalars(wanted.with_for_update()).all() if new else ()
    by_organisation: defaultdict[int, list[DateWish]] = defaultdict(list)
    for wish in wishes:
        by_organisation[wish.organisation_id].append(wish)
    for organisation_id, theirs in by_organisation.items():
        _tell_all(session, organisation_id, theirs, {each.id for each in new})


def _is_a_date(session: SessionFacts) -> bool:
    """Say whether a session can be a date for somebody."""
    return session.status == "published" and session.starts_at > clock.now()


def _tell_all(session: Session, organisation_id: int, wishes: Sequence[DateWish], new: Collection[int]) -> None:
    """Tell those of an organisation's people who have a date now; their wishes are gone, and those that are void."""
    codes = {module.id: module.code for module in catalogue.modules_by_id({wish.module_id for wish in wishes}).values()}
    prospects = prospects_of({wish.person_id for wish in wishes}, organisation_id, codes.values())
    for wish in wishes:
        outlook = prospects.outlook(wish.person_id, [codes[wish.module_id]])
        dates = _dates(outlook, codes[wish.module_id])
        fresh = [each for each in dates if each.id in new]
        if fresh:
            module = prospects.terms.modules[wish.module_id]
            facts = facts_for_words(fresh[0], module, others=len(dates) - 1)
            outbox.tell(organisation_id, wish.person_id, "new_date", token_hex(8), facts)
        if fresh or codes[wish.module_id] not in outlook.open_modules:
            session.delete(wish)


def _dates(outlook: Outlook, code: str) -> list[SessionFacts]:
    """List the sessions of a module that she could have; none where she has or had one already."""
    choices = outlook.choices(code, Asked()) if code in outlook.open_modules else ()
    return [each.offer.session for each in choices if isinstance(each.found, Route)]
