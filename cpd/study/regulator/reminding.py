"""Reminding people of the registration year's end, until they are done (B1)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import Select, String, and_, case, cast, exists, func, literal, select

from cpd.people import service as people
from cpd.people.models import Organisation, Person
from cpd.schemes.cpd_shape import CpdRules
from cpd.shared import clock, outbox
from cpd.shared.database import db
from cpd.shared.outbox import OutboxMessage
from cpd.shared.unit_of_work import one_transaction
from cpd.shared.wording import date_words
from cpd.study.regulator.models import CpdRecord, PeerReflection
from cpd.study.regulator.reading import pieces_of, rules_of
from cpd.study.regulator.rules import Duty, RegistrationYear, duty_in, reminder_on, standing_in, year_of

KIND = "cpd_reminder"
AT_ONCE = 200
"""So many people are reminded in one act."""


def remind_of_cpd() -> int:
    """Remind whoever has still something to record, once for each of the days that the rule set names.

    Who is done is told nothing; time away changes nothing, because the duty does not rest (B1). Returns how many
    messages that were.
    """
    organisations = list(db.session.scalars(select(Organisation.id).order_by(Organisation.id)))
    return sum(_remind_in(organisation_id, clock.today()) for organisation_id in organisations)


def _remind_in(organisation_id: int, today: date) -> int:
    """Remind people of one organisation: two queries while nobody is to be told anything."""
    rules = rules_of(organisation_id)
    year = year_of(today, rules) if rules else None
    duty = duty_in(year, rules) if rules and year else None
    days = reminder_on(today, year, rules.remind_days_before) if rules and year else None
    if not (rules and year and duty) or days is None:
        return 0
    key = f"year:{year.last_day.isoformat()}:{days}"
    due = _to_tell(organisation_id, key, today, year, duty)
    parts = (due[first : first + AT_ONCE] for first in range(0, len(due), AT_ONCE))
    return sum(_write(organisation_id, part, key, rules, year, duty) for part in parts)


@one_transaction
def _write(
    organisation_id: int,
    person_ids: Collection[int],
    key: str,
    rules: CpdRules,
    year: RegistrationYear,
    duty: Duty,
) -> int:
    """Write the messages under the locks of those whom they are for, to whom there is still something to say."""
    people.lock_persons(person_ids)
    still = set(_to_tell(organisation_id, key, clock.today(), year, duty)).intersection(person_ids)
    pieces = pieces_of(still, year.first_day)
    for person_id in sorted(still):
        standing = standing_in(year, duty, pieces[person_id])
        facts = {
            "regulator": rules.title,
            "ends_on": date_words(year.last_day),
            "days_left": year.days_left(clock.today()),
            "pieces": duty.pieces,
            "counted": min(standing.counted, duty.pieces),
            "reflections_left": standing.reflections_left,
            "path": "/my/cpd",
        }
        outbox.tell(organisation_id, person_id, KIND, key, facts)
    return len(still)


def _to_tell(organisation_id: int, key: str, today: date, year: RegistrationYear, duty: Duty) -> list[int]:
    """List the registered people of an organisation, not gone and not done, who lack this reminder: one query."""
    dedupe_key = literal(f"{KIND}:{key}:", String) + cast(Person.id, String)
    wanted = (
        select(Person.id)
        .where(
            Person.organisation_id == organisation_id,
            Person.registered_on <= today,
            people.still_here(today),
            ~exists().where(OutboxMessage.dedupe_key == dedupe_key),
            Person.id.not_in(_done(organisation_id, year, duty)),
        )
        .order_by(Person.id)
    )
    return list(db.session.scalars(wanted))


def _done(organisation_id: int, year: RegistrationYear, duty: Duty) -> Select[int]:
    """Choose who is done, as `rules.standing_in` says it, without reading what anybody wrote."""
    reflected = case((PeerReflection.id.is_not(None), CpdRecord.fingerprint))
    talk = and_(
        PeerReflection.person_id == CpdRecord.person_id,
        PeerReflection.number == CpdRecord.number,
        PeerReflection.superseded_at.is_(None),
    )
    return (
        select(CpdRecord.person_id)
        .outerjoin(PeerReflection, talk)
        .where(
            CpdRecord.organisation_id == organisation_id,
            CpdRecord.happened_on.between(year.first_day, year.last_day),
            CpdRecord.superseded_at.is_(None),
            CpdRecord.fingerprint != "",
        )
        .group_by(CpdRecord.person_id)
        .having(
            func.count(CpdRecord.fingerprint.distinct()) >= duty.pieces,
            func.count(reflected.distinct()) >= duty.with_peer_reflection,
        )
    )
