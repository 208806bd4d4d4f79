"""What is published of each step up: its criteria with their sources, who decides, who sits, places left (C-4)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from cpd.catalogue import service as catalogue
from cpd.catalogue.facts import Scheme
from cpd.progression.documents.freezing import published_words
from cpd.progression.panels import reading as panels
from cpd.progression.panels.reading import SeatFacts
from cpd.progression.pathways.route import MODES
from cpd.progression.pathways.terms import Terms, terms_of
from cpd.progression.pathways.words import leaf_words, plain, role_name, steps_words
from cpd.progression.vacancies.reading import CeilingFacts, ceilings_of
from cpd.requirements.language import Branch, Requirement
from cpd.schemes.pathway_shape import CareerPathway, Criterion, Panel, PanelKind, Recording, Transition
from cpd.shared.wording import and_words, counted

STAFF = {
    "employee": "the council's own employees",
    "agency": "agency workers",
    "student": "students",
    "apprentice": "apprentices",
    "partner": "staff of partner organisations",
}
KINDS = {
    PanelKind.MODERATION: "Confirms what was assessed",
    PanelKind.PROGRESSION: "Recommends who progresses",
    PanelKind.YOUNG_PEOPLE: "Young people; they have no accounts and no names here",
    PanelKind.INTERVIEW: "Interviews",
}
RECORDINGS = {
    Recording.ONE_FORM: "The decision and its reasons are written down in one form.",
    Recording.RECOMMENDATIONS_FIRST: "Each member recommends with reasons, without seeing the others; then it decides.",
}


@dataclass(frozen=True, slots=True)
class ShownCriterion:
    """One criterion: what it asks in words, where it comes from, and whether it is only looked at."""

    title: str
    asks: Sequence[str]
    cites: str
    is_flag: bool
    is_invented: bool


@dataclass(frozen=True, slots=True)
class ShownPanel:
    """A panel: what it does, how it decides, and who sits on it."""

    code: str
    title: str
    kind: str
    words: Sequence[str]
    members: Sequence[tuple[str, str]]
    is_young: bool
    is_invented: bool


@dataclass(frozen=True, slots=True)
class ShownStep:
    """A step up from one career level to the next."""

    code: str
    title: str
    way: str
    mode: str
    criteria: Sequence[ShownCriterion]
    steps: Sequence[str]
    panels: Sequence[ShownPanel]
    places: str
    appeal: str
    note: str
    cites: str
    assumptions: Sequence[str]
    has_invented: bool


@dataclass(frozen=True, slots=True)
class ShownPathway:
    """A pathway and its steps."""

    title: str
    summary: str
    who: str
    steps: Sequence[ShownStep]


@dataclass(frozen=True, slots=True)
class ShownScheme:
    """What a council has published: the report behind it, its pathways, and every panel."""

    title: str
    body: str
    published: str
    version: int
    pathways: Sequence[ShownPathway]
    panels: Sequence[ShownPanel]


def shown_scheme(organisation_id: int, today: date, *, with_names: bool) -> ShownScheme | None:
    """Put together what is published at an organisation; None where it has no scheme. A fixed number of queries.

    Without names (the auditor opens no page that names people) members of panels are shown by their roles alone.
    """
    scheme = catalogue.scheme_in_force(organisation_id)
    if scheme is None:
        return None
    terms, source = terms_of(scheme), scheme.pack.source
    seats = panels.who_sits(organisation_id, today)
    shown = {code: _panel(panel, seats.get(code, ()), with_names=with_names) for code, panel in terms.panels.items()}
    places = {each.transition_code: each for each in ceilings_of(organisation_id)}
    pathways = [_pathway(each, terms, shown, places) for each in scheme.pack.career_pathways]
    return ShownScheme(
        source.title,
        source.body,
        published_words(source.published),
        scheme.pack.version,
        pathways,
        [*_used(scheme, shown)],
    )


def find_step(scheme: ShownScheme, code: str) -> ShownStep | None:
    """Return a step by its code, or None."""
    return next((step for pathway in scheme.pathways for step in pathway.steps if step.code == code), None)


def _used(scheme: Scheme, shown: Mapping[str, ShownPanel]) -> Iterator[ShownPanel]:
    """Go through the panels in the order of the pack."""
    yield from (shown[each.code] for each in scheme.pack.panels)


def _pathway(
    pathway: CareerPathway, terms: Terms, shown: Mapping[str, ShownPanel], places: Mapping[str, CeilingFacts]
) -> ShownPathway:
    who = and_words(STAFF.get(each, plain(each).lower()) for each in pathway.staff_types)
    steps = [_step(each, terms, shown, places.get(each.code)) for each in pathway.transitions]
    return ShownPathway(pathway.title, pathway.summary or "", who, steps)


def _step(
    transition: Transition, terms: Terms, shown: Mapping[str, ShownPanel], places: CeilingFacts | None
) -> ShownStep:
    """Put one step together."""
    cites = [*transition.cites, *(cite for each in transition.criteria for cite in each.cites)]
    codes = dict.fromkeys([*(step.panel for step in transition.steps if step.panel), *_asked_panels(transition, terms)])
    days = transition.appeal_within_days
    return ShownStep(
        transition.code,
        transition.title,
        f"{terms.level_title(transition.from_level)} to {terms.level_title(transition.to_level)}",
        MODES[transition.transition_mode],
        [_criterion(each, terms) for each in transition.criteria],
        steps_words(transition, terms),
        [shown[code] for code in codes if code in shown],
        f"{places.words}." if places else "",
        f"An appeal can be made within {counted(days, 'day')} of the decision, to people who had no part in it."
        if days
        else "The council has published no time for an appeal. Ask Workforce Development, or a trade union.",
        transition.note or "",
        ", ".join(dict.fromkeys(cites)),
        [f"{each}: {terms.assumptions[each]}" for each in dict.fromkeys(cites) if each in terms.assumptions],
        any(each.is_invented for each in transition.criteria),
    )


def _asked_panels(transition: Transition, terms: Terms) -> Iterator[str]:
    """Go through the panels whose outcome a criterion asks for."""
    for criterion in transition.criteria:
        yield from (code for code in _codes(criterion.asked) if code in terms.panels)


def _codes(asked: Requirement) -> Iterator[str]:
    """Go through the codes of panels that a requirement names."""
    if isinstance(asked, Branch):
        for line in asked.lines:
            yield from _codes(line)
    else:
        yield getattr(asked, "panel", "")


def _criterion(criterion: Criterion, terms: Terms) -> ShownCriterion:
    return ShownCriterion(
        criterion.title,
        list(_asks(criterion.asked, terms)),
        ", ".join(criterion.cites),
        criterion.is_flag,
        criterion.is_invented,
    )


def _asks(asked: Requirement, terms: Terms) -> Iterator[str]:
    """Say what a requirement asks, each line below the one that joins it."""
    words = leaf_words(asked, terms)
    if not isinstance(asked, Branch):
        yield words
        return
    yield f"{words}: {'; '.join(' '.join(_asks(line, terms)) for line in asked.lines)}"


def _panel(panel: Panel, seats: Sequence[SeatFacts], *, with_names: bool) -> ShownPanel:
    """Say what a panel is and who sits on it; members of a young people's panel are never named."""
    is_young = panel.panel_kind is PanelKind.YOUNG_PEOPLE
    return ShownPanel(
        panel.code,
        panel.title,
        KINDS[panel.panel_kind],
        list(_panel_words(panel)),
        [] if is_young else [(each.name if with_names else "A member", role_name(each.role)) for each in seats],
        is_young,
        panel.is_invented,
    )


def _panel_words(panel: Panel) -> Iterator[str]:
    """Say how a panel decides."""
    outcomes = and_words((plain(each).lower() for each in panel.outcomes), last="or")
    yield f"It can come to: {outcomes}. The reasons are always written down."
    yield RECORDINGS[panel.recording]
    if panel.roles:
        roles = and_words(role_name(each) for each in panel.roles)
        apart = ", each role a person of its own" if panel.different_people else ""
        yield f"Who may sit on it: {roles}{apart}; at least {counted(panel.at_least, 'member')} must have judged."
    if panel.recorded_by:
        yield f"Its decision is written down by: {role_name(panel.recorded_by)}."
    if panel.manager_may_sit:
        yield "The line manager of the person may sit on it."
    elif panel.roles:
        yield "Whoever manages the person or has declared an interest neither sees the case nor judges it."
