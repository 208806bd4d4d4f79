"""A record put in order once, so that any number of requirements can be asked of it quickly."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import groupby
from operator import attrgetter

from cpd.requirements.record import Fact, FactKind, Record

_COUNTS_AS: dict[str, FactKind] = {kind.value: kind for kind in FactKind} | {
    FactKind.RECOGNISED.value: FactKind.COMPLETED,
}
"""What is recognised counts as completed everywhere (AMB-24)."""

_day_of = attrgetter("happened_on")

_SOME_TIME = datetime.min.replace(tzinfo=UTC)


class RecordIndex:
    """One person's facts by what they are about, each list from the earliest fact to the latest.

    A pending decision stands among the facts that it may become, and recognised learning among the
    completions (AMB-24).
    """

    __slots__ = ("_by_kind", "_by_programme", "_by_subject", "person_id")

    def __init__(self, record: Record) -> None:
        self.person_id = record.person_id
        self._by_kind: defaultdict[FactKind, list[Fact]] = defaultdict(list)
        self._by_subject: defaultdict[tuple[FactKind, str], list[Fact]] = defaultdict(list)
        self._by_programme: defaultdict[str, list[Fact]] = defaultdict(list)
        for fact in _in_order(record.facts):
            kind = _COUNTS_AS.get(fact.value if fact.kind is FactKind.PENDING else fact.kind)
            if kind is None:
                continue  # a pending decision about something that no requirement asks for
            self._by_kind[kind].append(fact)
            self._by_subject[kind, fact.subject].append(fact)
            if kind is FactKind.COMPLETED and fact.programme:
                self._by_programme[fact.programme].append(fact)

    def of_kind(self, kind: FactKind) -> Sequence[Fact]:
        """Return every fact of a kind, whatever it is about."""
        return self._by_kind.get(kind, ())

    def about(self, kind: FactKind, subject: str) -> Sequence[Fact]:
        """Return the facts of a kind about one module, panel, career level, role or kind of evidence."""
        return self._by_subject.get((kind, subject), ())

    def in_programme(self, programme: str) -> Sequence[Fact]:
        """Return the completions of modules of a programme."""
        return self._by_programme.get(programme, ())


def _in_order(facts: Sequence[Fact]) -> Iterator[Fact]:
    """Go through facts from the earliest to the latest, those alike once.

    Most days of a record have one fact only; just where there are more must all their parts be compared.
    """
    for _day, same_day in groupby(sorted(facts, key=_day_of), _day_of):
        on_day = tuple(same_day)
        if len(on_day) == 1:
            yield on_day[0]
        else:
            yield from (fact for fact, _alike in groupby(sorted(on_day, key=_order)))


def _order(fact: Fact) -> tuple[object, ...]:
    """Order by time, and then by everything else, so that no two orders of one record differ."""
    return (
        fact.happened_on,
        fact.happened_at is None,
        fact.happened_at or _SOME_TIME,
        fact.still_ahead,
        fact.ahead,
        fact.kind,
        fact.subject,
        fact.value,
        fact.programme,
        fact.reference,
        -1 if fact.session_id is None else fact.session_id,
        fact.ends_on or date.max,
        Decimal(-1) if fact.amount is None else fact.amount,
        -1 if fact.academic_level is None else fact.academic_level,
    )
