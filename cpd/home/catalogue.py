"""What the catalogue's pages show: programmes and modules as they stand to a person, in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from cpd.booking.offers import Offer, View, view_of
from cpd.booking.rules import HOLDING
from cpd.catalogue import service as catalogue
from cpd.catalogue.rules import Step, about_module, found_by, opened_by, route_of, texts_of
from cpd.catalogue.service import AssumptionFacts, EquivalenceFacts, ModuleFacts, ProgrammeFacts, SchemeFacts
from cpd.home.catalogue_words import (
    closed_words,
    facts_shown,
    first_words,
    open_words,
    published_words,
    remarks_on,
    short_name,
    window_words,
)
from cpd.home.service import BOOKABLE, Row, row_of
from cpd.record.claims.reading import accepted_by
from cpd.record.service import BY_RULE
from cpd.requirements.evaluator import Standing, modules_in, standing_of
from cpd.requirements.record import Fact, FactKind
from cpd.schemes.shape import ModuleFormat
from cpd.shared import clock
from cpd.shared.pictures import RouteNode, RouteState
from cpd.shared.wording import counted, date_words, short_day
from cpd.timetable import service as timetable
from cpd.timetable.facts import SessionFacts
from cpd.timetable.service import Wanted

TONES = {
    RouteState.DONE: "done",
    RouteState.RECOGNISED: "done",
    RouteState.BOOKED: "booked",
    RouteState.WAITING: "waiting",
    RouteState.OPEN: "open",
    RouteState.BLOCKED: "neutral",
}
DONE = frozenset({RouteState.DONE, RouteState.RECOGNISED})
UNIVERSITY = "university"


@dataclass(frozen=True, slots=True)
class ModuleLine:
    """A module as it stands to a person, in a few words; `dates` are its sessions still to come."""

    module: ModuleFacts
    state: RouteState
    words: str
    dates: int

    @property
    def tone(self) -> str:
        """The tone of its status tag (components/status_tag.html)."""
        return TONES[self.state]

    @property
    def kind(self) -> str:
        """Under which heading it stands: its format, or that it is a university's (AMB-32)."""
        return UNIVERSITY if self.module.module_kind == UNIVERSITY else self.module.module_format


@dataclass(frozen=True, slots=True)
class ProgrammeLines:
    """A programme with its modules as they stand to a person."""

    programme: ProgrammeFacts
    steps: tuple[tuple[Step, ModuleLine], ...]

    @property
    def duties(self) -> list[ModuleLine]:
        """The modules that are mandatory in it (AMB-26), or all where none is."""
        return [line for step, line in self.steps if step.is_mandatory] or [line for _, line in self.steps]

    @property
    def done(self) -> int:
        """How many of those are done or recognised."""
        return sum(line.state in DONE for line in self.duties)

    @property
    def ahead(self) -> int:
        """How many of those are booked."""
        return sum(line.state is RouteState.BOOKED for line in self.duties)

    @property
    def words(self) -> str:
        """`2 of 6 modules done, 1 booked`."""
        booked = f", {self.ahead} booked" if self.ahead else ""
        return f"{self.done} of {len(self.duties)} modules done{booked}"


@dataclass(frozen=True, slots=True)
class CataloguePage:
    """Programmes, and modules by kind; where something was searched for, only what was found."""

    programmes: Sequence[ProgrammeLines]
    groups: Mapping[str, Sequence[ModuleLine]]

    @property
    def found_words(self) -> str:
        """`3 results`."""
        return counted(len(self.programmes) + sum(map(len, self.groups.values())), "result")


AMBIGUITY = "AMB-"
"""How the ids of what a report leaves open begin; all others are ids of its rules."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the rules come from: the council's report, the ids of its rules, and our reading of what it leaves open."""

    scheme: SchemeFacts | None
    published: str
    rules: tuple[str, ...]
    assumptions: tuple[AssumptionFacts, ...]


@dataclass(frozen=True, slots=True)
class ProgrammePage:
    """One programme: the picture's parts, and the same as lines."""

    shown: ProgrammeLines
    nodes: Sequence[RouteNode]
    edges: Sequence[tuple[str, str]]
    description: str
    remarks: Mapping[str, Sequence[str]]
    origin: Origin


@dataclass(frozen=True, slots=True)
class Counting:
    """Other learning that counts as a module, and when it must have been done (G-5)."""

    other: ModuleFacts
    module: ModuleFacts
    window: str


@dataclass(frozen=True, slots=True)
class ModulePage:
    """One module: what it asks, line by line, its sessions, and what it opens."""

    line: ModuleLine
    recognised: str
    facts: Sequence[dict[str, str]]
    standing: Standing
    titles: Mapping[str, str]
    dates: Mapping[str, int]
    rows: Sequence[Row]
    opens: Sequence[ModuleFacts]
    programmes: Sequence[ProgrammeFacts]
    counting: Sequence[Counting]
    origin: Origin


def catalogue_page(person_id: int, organisation_id: int, words: str = "") -> CataloguePage:
    """Show what the person's organisation offers, or what a search finds of it."""
    sessions = timetable.list_sessions(Wanted(organisation_id, since=clock.now()))
    look = _Look(person_id, organisation_id, sessions)
    programmes = [look.programme(each) for each in catalogue.programmes_of([organisation_id])]
    lines = [look.line(module) for module in look.modules.values()]
    if not words:
        inside = {line.module.id for each in programmes for _, line in each.steps}
        return CataloguePage(programmes, _by_kind(line for line in lines if line.module.id not in inside))
    scheme = catalogue.find_scheme(organisation_id)
    terms = scheme.terms if scheme else ()
    return CataloguePage(
        [each for each in programmes if found_by(words, (each.programme.title, each.programme.summary), terms)],
        _by_kind(line for line in lines if found_by(words, texts_of(line.module), terms)),
    )


def programme_page(person_id: int, organisation_id: int, code: str) -> ProgrammePage | None:
    """Show one programme as a route; None where the person's organisation has none of this code."""
    programme = catalogue.programme_by_code(code)
    if programme is None or programme.organisation_id != organisation_id:
        return None
    sessions = _sessions([element.module_id for element in programme.elements], organisation_id)
    look = _Look(person_id, organisation_id, sessions)
    shown = look.programme(programme)
    route = route_of(programme, look.modules)
    remarks = remarks_on(route, look.by_code)
    recognised = look.recognised([step.module for step in route.steps])
    return ProgrammePage(
        shown,
        [_node(line) for _, line in shown.steps],
        route.edges,
        " ".join(f"{short_name(step.module)}: {', '.join(remarks[step.module.code])}." for step in route.steps),
        {code: [*said, *([recognised[code]] if code in recognised else [])] for code, said in remarks.items()},
        _origin(organisation_id, programme.cites),
    )


def module_page(person_id: int, organisation_id: int, code: str) -> ModulePage | None:
    """Show one module; None where the person's organisation has none of this code."""
    modules = {module.code: module for module in catalogue.modules_of([organisation_id]).values()}
    module = modules.get(code)
    if module is None:
        return None
    needed = [modules[each] for each in modules_in(module.requirement) if each in modules]
    look = _Look(person_id, organisation_id, _sessions([module.id, *(each.id for each in needed)], organisation_id))
    programmes = catalogue.programmes_of([organisation_id])
    equivalences = about_module(module.id, catalogue.equivalences_of([organisation_id]))
    cites = (*module.cites, *(cite for each in equivalences for cite in each.cites))
    return ModulePage(
        look.line(module),
        look.recognised([module]).get(code, ""),
        facts_shown(module, len(look.offers[module.id])),
        standing_of(module.requirement, look.view.standpoint.record, look.view.terms.today),
        {each.code: each.title for each in programmes} | {each.code: each.full_title for each in modules.values()},
        {each.code: len(look.offers[each.id]) for each in needed},
        [row_of(offer) for offer in look.offers[module.id]],
        opened_by(code, modules.values()),
        [each for each in programmes if any(element.module_id == module.id for element in each.elements)],
        [_counting(each, look.modules) for each in equivalences],
        _origin(organisation_id, cites),
    )


class _Look:
    """An organisation's modules as they stand to a person, with the sessions that are looked at."""

    def __init__(self, person_id: int, organisation_id: int, sessions: Sequence[SessionFacts]) -> None:
        self.view: View = view_of(person_id, sessions, [organisation_id])
        own = [each for each in self.view.terms.modules.values() if each.organisation_id == organisation_id]
        self.modules = {module.id: module for module in own if not module.withdrawn}
        self.by_code = {module.code: module for module in self.modules.values()}
        self.offers: dict[int, list[Offer]] = defaultdict(list)
        for offer in self.view.offers:
            self.offers[offer.module.id].append(offer)

    def programme(self, programme: ProgrammeFacts) -> ProgrammeLines:
        """Put a programme's modules side by side with how they stand."""
        steps = route_of(programme, self.modules).steps
        return ProgrammeLines(programme, tuple((step, self.line(step.module)) for step in steps))

    def line(self, module: ModuleFacts) -> ModuleLine:
        """Say how a module stands: done, booked, waited for, open, or why not."""
        offers = self.offers[module.id]
        state, words = self._done(module) or self._held(module) or self._open(module, offers)
        return ModuleLine(module, state, words, len(offers))

    def recognised(self, modules: Iterable[ModuleFacts]) -> dict[str, str]:
        """Say by code of the modules that are recognised by whom, or that it is by rule (AMB-24): one query at most."""
        done = {module.code: self.view.standpoint.done(module.code, self.view.terms.today) for module in modules}
        facts = {code: fact for code, fact in done.items() if fact and fact.kind is FactKind.RECOGNISED}
        by_hand = [fact.reference for fact in facts.values() if fact.value != BY_RULE]
        names = accepted_by([int(reference.removeprefix("fact:")) for reference in by_hand])
        who = {f"fact:{number}": f"Recognised by {name}" for number, name in names.items()}
        return {
            code: "Recognised by rule" if fact.value == BY_RULE else who.get(fact.reference, "Recognised")
            for code, fact in facts.items()
        }

    def _done(self, module: ModuleFacts) -> tuple[RouteState, str] | None:
        fact = self.view.standpoint.done(module.code, self.view.terms.today)
        if fact is None:
            return None
        if fact.kind is FactKind.RECOGNISED:
            return RouteState.RECOGNISED, f"Recognised: {date_words(fact.happened_on)}{_until(fact)}"
        return RouteState.DONE, f"Done on {date_words(fact.happened_on)}{_until(fact)}"

    def _held(self, module: ModuleFacts) -> tuple[RouteState, str] | None:
        mine = [held for held in self.view.standpoint.bookings if held.module_id == module.id and held.session_live]
        placed = next((held for held in mine if held.status in HOLDING), None)
        if placed is not None:
            what = "In your diary" if module.is_drop_in else "Booked"
            return RouteState.BOOKED, f"{what}: {short_day(placed.starts_at)}"
        return (RouteState.WAITING, f"Waiting list: {short_day(mine[0].starts_at)}") if mine else None

    def _open(self, module: ModuleFacts, offers: Sequence[Offer]) -> tuple[RouteState, str]:
        bookable = [offer for offer in offers if offer.state in BOOKABLE]
        if bookable:
            return RouteState.OPEN, open_words(module, bookable)
        standing = standing_of(module.requirement, self.view.standpoint.record, self.view.terms.today)
        return RouteState.BLOCKED, closed_words(offers, first_words(standing, self.by_code))


def _until(fact: Fact) -> str:
    """`, valid until 3 March 2027`; empty where something done never lapses."""
    return f", valid until {date_words(fact.ends_on - timedelta(days=1))}" if fact.ends_on else ""


def _sessions(module_ids: Collection[int], organisation_id: int) -> Sequence[SessionFacts]:
    """Read the sessions of modules still to come."""
    return timetable.sessions_of_modules(module_ids, organisation_id, clock.now())


def _by_kind(lines: Iterable[ModuleLine]) -> dict[str, list[ModuleLine]]:
    """Sort modules under their headings, those with dates first."""
    groups: dict[str, list[ModuleLine]] = {kind: [] for kind in (*ModuleFormat, UNIVERSITY)}
    for line in sorted(lines, key=lambda each: (each.dates == 0, each.module.number_label, each.module.title)):
        groups[line.kind].append(line)
    return {kind: group for kind, group in groups.items() if group}


def _node(line: ModuleLine) -> RouteNode:
    """Make a module a step of the picture."""
    module = line.module
    title = (module.title or module.covers) if module.number_label else ""
    return RouteNode(module.code, short_name(module), line.state, title, line.words)


def _counting(equivalence: EquivalenceFacts, modules: Mapping[int, ModuleFacts]) -> Counting:
    """Put an equivalence in words (AMB-25)."""
    return Counting(
        modules[equivalence.other_module_id],
        modules[equivalence.module_id],
        window_words(equivalence.valid_from, equivalence.valid_to),
    )


def _origin(organisation_id: int, cites: Iterable[str]) -> Origin:
    """Say where rules come from."""
    scheme = catalogue.find_scheme(organisation_id)
    cited = dict.fromkeys(cites)
    ambiguities = [cite for cite in cited if cite.startswith(AMBIGUITY)]
    return Origin(
        scheme,
        published_words(scheme.source_published) if cited and scheme and scheme.source_published else "",
        tuple(cite for cite in cited if cite not in ambiguities),
        tuple(each for each in (scheme.assumptions if scheme else ()) if each.ambiguity in ambiguities),
    )
