"""Somebody's record as a page: how far she is, what must be repeated, and everything that is known and from where."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from cpd.attendance.mine import lacking_evaluation
from cpd.booking.offers import Offer, View, view_ahead
from cpd.booking.rules import State
from cpd.catalogue import service as catalogue
from cpd.catalogue.service import ModuleFacts, ProgrammeFacts
from cpd.home.catalogue_words import first_words
from cpd.home.progress import WHENEVER, Progress, first_years_of, progress_of
from cpd.home.record_words import before_words, ended_words, source_words, title_of, what_words
from cpd.home.service import BOOKABLE
from cpd.home.validity import Repeated, repeated_by
from cpd.home.words import label, when_short
from cpd.record.entries import Said, said_of
from cpd.record.facts import OF_MODULES
from cpd.record.service import BY_RULE
from cpd.requirements.record import Fact, FactKind
from cpd.shared.wording import date_words

MOST_DATES = 3
LACKS_EVALUATION = "Attended; counts once evaluated"


class Line(NamedTuple):
    """One module as it stands to somebody: in a few words and a tone, how that is known, and what comes next.

    `to_evaluate` is the session that she attended and that counts once she has evaluated it.
    """

    module: ModuleFacts
    words: str
    tone: str
    more: Sequence[str]
    dates: Sequence[Offer]
    left_out: int
    to_evaluate: int | None = None


class Happening(NamedTuple):
    """One fact in the order of time; `before` is what was said earlier and why that changed."""

    on: date
    title: str
    code: str
    what: str
    valid_until: date | None
    source: str
    is_withdrawn: bool
    before: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class RecordPage:
    """A record: progress and modules per programme, what else was done, what is ahead, and all in order of time."""

    team: str
    programmes: Sequence[tuple[Progress, Sequence[Line]]]
    others: Sequence[Line]
    repeated: Sequence[Repeated]
    ahead: Sequence[tuple[Offer, str, str]]
    happened: Sequence[Happening]


def record_page(person_id: int, organisation_id: int) -> RecordPage:
    """Put together all that is known of somebody: a fixed number of queries."""
    programmes = catalogue.programmes_of([organisation_id])
    looked_for = {each.module_id for one in programmes for each in one.elements}
    view = view_ahead(person_id, organisation_id, looked_for)
    repeated = repeated_by(view.standpoint, view.terms, organisation_id)
    asks = any(module.evaluation_asked_from for module in view.terms.modules.values())
    said = said_of(person_id)
    scheme = (
        catalogue.scheme_in_force(organisation_id) if any(each.entry.kind not in OF_MODULES for each in said) else None
    )
    titles = {**(scheme.titles if scheme else {}), **view.terms.titles}
    look = _Look(view, said, titles, repeated, lacking_evaluation(person_id) if asks else {}, looked_for)
    progress = progress_of(programmes, view.standpoint, view.terms, first_years_of(organisation_id))
    shown = [(each, look.lines(each.programme)) for each in progress]
    inside = {line.module.code for _, lines in shown for line in lines}
    post = view.standpoint.post
    return RecordPage(
        post.team_name if post else "",
        shown,
        look.others(inside),
        look.repeated,
        [(offer, *label(offer)) for offer in view.offers if offer.booking_id is not None],
        look.happened(),
    )


class _Look:
    """A record and what is ahead, asked for one module after the other."""

    def __init__(
        self,
        view: View,
        said: Sequence[Said],
        titles: Mapping[str, str],
        repeated: Sequence[Repeated],
        lacking: Mapping[str, int],
        looked_for: Collection[int],
    ) -> None:
        self.view, self.said, self.titles = view, said, titles
        self.repeated, self.lacking, self.looked_for = repeated, lacking, looked_for
        self.modules = {module.code: module for module in view.terms.modules.values()}
        self.offers: defaultdict[str, list[Offer]] = defaultdict(list)
        for offer in view.offers:
            self.offers[offer.module.code].append(offer)
        self._said = {f"fact:{each.entry.id}": each.entry for each in said}
        self._repeated = {each.module.code: each for each in repeated}
        self._facts_said = {fact.reference: fact for fact in self._facts() if fact.value != BY_RULE}

    def lines(self, programme: ProgrammeFacts) -> list[Line]:
        """Say how each module of a programme stands, in its order."""
        return [self.line(self.modules[each.module_code], is_needed=each.is_mandatory) for each in programme.elements]

    def others(self, inside: Collection[str]) -> list[Line]:
        """Say how the modules stand that were attended or done and belong to none of the programmes shown."""
        codes = dict.fromkeys([*self.lacking, *(fact.subject for fact in self._facts())])
        return [self.line(self.modules[code]) for code in codes if code in self.modules and code not in inside]

    def line(self, module: ModuleFacts, *, is_needed: bool = True) -> Line:
        """Say how one module stands: done or recognised and how that is known, lapsed, booked, or still to do.

        What its programme does not need (AMB-26) is only not done yet.
        """
        fact = self.view.standpoint.done(module.code, self.view.terms.today)
        repeated = self._repeated.get(module.code)
        if fact:
            words = "Recognised" if fact.kind is FactKind.RECOGNISED else "Done"
            more = [self._known(fact), *([f"{repeated.words}."] if repeated else [])]
            words = f"{words} on {date_words(fact.happened_on)}"
            return Line(module, words, "done", more, (), 0, self.lacking.get(module.code))
        more = [f"{repeated.until_words}."] if repeated else []
        if module.code in self.lacking:
            return Line(module, LACKS_EVALUATION, "waiting", more, (), 0, self.lacking[module.code])
        mine = next((offer for offer in self.offers[module.code] if offer.booking_id is not None), None)
        if mine:
            return Line(module, *label(mine), [*more, when_short(mine.session)], (), 0)
        still = "Still to do" if is_needed else "Not done yet"
        return self._todo(module, more, ("Lapsed", "attention") if repeated else (still, "neutral"))

    def happened(self) -> list[Happening]:
        """List everything known in the order of time, the latest first, with what follows from it by rule."""
        found = [self._happening(each) for each in self.said]
        by_rule = [fact for fact in self._facts() if fact.value == BY_RULE]
        found += [self._by_rule(fact) for fact in by_rule]
        return sorted(found, key=lambda each: each.on, reverse=True)

    def _todo(self, module: ModuleFacts, more: Iterable[str], said: tuple[str, str]) -> Line:
        """Say what she can do about a module: its dates, or what is needed first."""
        bookable = [offer for offer in self.offers[module.code] if offer.state in BOOKABLE]
        bookable.sort(key=lambda offer: offer.state is State.FULL)
        standing = self.view.standpoint.standing(module, WHENEVER, self.view.terms.today)
        needs = first_words(standing, self.modules) or ("" if bookable else self._no_dates(module))
        remarks = [*more, *([needs] if needs else [])]
        left_out = max(0, len(bookable) - MOST_DATES)
        return Line(module, *said, remarks, bookable[:MOST_DATES], left_out)

    def _no_dates(self, module: ModuleFacts) -> str:
        """Say that a module has no dates for her; nothing where its dates were not looked for."""
        return "No dates that can be booked now" if module.id in self.looked_for else ""

    def _facts(self) -> list[Fact]:
        """List what was done and what is recognised, without what is ahead."""
        kinds = (FactKind.COMPLETED, FactKind.RECOGNISED)
        return [fact for fact in self.view.standpoint.record.facts if fact.kind in kinds and not fact.ahead]

    def _known(self, fact: Fact) -> str:
        """Say how something done is known: from where, by whom, or by which rule (G-5, AMB-24)."""
        entry = self._said.get(fact.reference)
        if entry is None:
            return ""
        if fact.value == BY_RULE:
            title = self.titles.get(entry.subject, entry.subject)
            return f"Recognised by rule, because {title} was completed on {date_words(fact.happened_on)}."
        return source_words(entry)

    def _by_rule(self, fact: Fact) -> Happening:
        """Show what is recognised by rule among the facts from which it follows."""
        title = self.titles.get(fact.subject, fact.subject)
        return Happening(
            fact.happened_on, title, fact.subject, "Recognised as done", _until(fact), self._known(fact), False, ()
        )

    def _happening(self, said: Said) -> Happening:
        """Show one fact with its corrections; who withdrew it, if it does not stand any more."""
        entry, titles = said.entry, self.titles
        before = [(before_words(each, titles), ended_words(each, "Corrected")) for each in said.before]
        if not entry.is_in_force:
            before = [(before_words(entry, titles), ended_words(entry, "Withdrawn")), *before]
        return Happening(
            entry.happened_on,
            title_of(entry, titles),
            entry.subject,
            what_words(entry),
            _until(self._facts_said.get(f"fact:{entry.id}")),
            source_words(entry),
            not entry.is_in_force,
            before,
        )


def _until(fact: Fact | None) -> date | None:
    """Return the last day on which a fact holds; None where it does not lapse."""
    return fact.ends_on - timedelta(days=1) if fact and fact.ends_on else None
