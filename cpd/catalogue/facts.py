"""Modules and programmes as plain frozen values, for rules and pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from cpd.requirements.language import NOTHING, Requirement
from cpd.schemes.shape import Pack

FULL_DAYS = 2
"""From so many days on, a length is given in days first."""


@dataclass(frozen=True, slots=True)
class AudienceFacts:
    """Whom a module is for; an empty list excludes nobody. `words` say it to people, or are empty."""

    staff_types: tuple[str, ...] = ()
    career_levels: tuple[str, ...] = ()
    words: str = ""


@dataclass(frozen=True, slots=True)
class ModuleFacts:
    """What is taught, as the pack now in force has it (AMB-32: `module_kind` in_house or university).

    `booking_mode` is `required` or `drop_in` (AMB-21); `default_venue` a venue's code; `cites` the rules and
    assumptions behind it. A length that the report does not give is None (G-13).
    """

    id: int
    organisation_id: int
    scheme_version_id: int
    code: str
    number_label: str
    title: str
    other_names: tuple[str, ...]
    covers: str
    module_kind: str
    module_format: str
    length_minutes: int | None
    length_days: int | None
    booking_mode: str
    audience: AudienceFacts
    approval_needed: bool
    validity_months: int | None
    completion_minutes: int | None
    requirement: Requirement
    default_venue: str
    what_to_bring: str
    note: str
    cites: tuple[str, ...]
    withdrawn: bool
    evaluation_asked_from: datetime | None = None

    @property
    def full_title(self) -> str:
        """`Module 1: Genograms`, or the number alone where the council printed no title (G-M2)."""
        return ": ".join(part for part in (self.number_label, self.title) if part) or self.code

    @property
    def is_drop_in(self) -> bool:
        """Whether one just comes (AMB-21)."""
        return self.booking_mode == "drop_in"

    def asks_evaluation_of(self, ends_at: datetime) -> bool:
        """Say whether a session that ends then counts only once its person has evaluated it (S-7, AMB-27).

        What was over before the rule came in counts without.
        """
        return self.evaluation_asked_from is not None and self.evaluation_asked_from < ends_at

    @property
    def asks_nothing(self) -> bool:
        """Whether nothing must be done before."""
        return self.requirement == NOTHING

    @property
    def length(self) -> str:
        """`90 minutes`, `3 hours`, `2 days, 14 hours together`; empty where the report does not say."""
        time = _time(self.length_minutes) if self.length_minutes else ""
        if (self.length_days or 0) >= FULL_DAYS:
            return f"{self.length_days} days" + (f", {time} together" if time else "")
        return time or ("1 day" if self.length_days else "")


@dataclass(frozen=True, slots=True)
class ElementFacts:
    """A module's place in a programme (AMB-26)."""

    module_id: int
    module_code: str
    position: int
    is_mandatory: bool


@dataclass(frozen=True, slots=True)
class ProgrammeFacts:
    """Modules that belong together, in the order in which they are shown."""

    id: int
    organisation_id: int
    scheme_version_id: int
    code: str
    title: str
    summary: str
    cites: tuple[str, ...]
    elements: tuple[ElementFacts, ...]

    @property
    def duties(self) -> list[str]:
        """The codes of the modules that finish it: the mandatory ones (AMB-26), or all where none is."""
        return [each.module_code for each in self.elements if each.is_mandatory] or [
            each.module_code for each in self.elements
        ]


@dataclass(frozen=True, slots=True)
class EquivalenceFacts:
    """Having done the other module within the window counts as having done the module (G-5, AMB-25).

    One direction only, never chained; both ends of the window are inclusive, None leaves it open.
    """

    id: int
    module_id: int
    module_code: str
    other_module_id: int
    other_module_code: str
    valid_from: date | None
    valid_to: date | None
    note: str
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AssumptionFacts:
    """How something that the council's report leaves open is treated, in a sentence for people."""

    ambiguity: str
    sentence: str


@dataclass(frozen=True, slots=True)
class SchemeFacts:
    """The pack now in force: its version, the published report behind it, its assumptions and its terms.

    `source_published` is a day or a month (`2014-09`); each of `terms` are words that mean one thing.
    """

    id: int
    organisation_id: int
    version: int
    source_title: str
    source_body: str
    source_published: str
    terms: tuple[tuple[str, ...], ...]
    assumptions: tuple[AssumptionFacts, ...]


@dataclass(frozen=True, slots=True)
class Scheme:
    """One version of a pack as it was adopted, whole: what nobody books is read from here (awards, study days)."""

    id: int
    pack: Pack

    @property
    def titles(self) -> dict[str, str]:
        """What people call what is no module: prior learning, awards and career levels, by their codes."""
        pack, titles = self.pack, dict[str, str]()
        for section in (pack.prior_learning, pack.awards, pack.career_levels, pack.panels, pack.evidence_kinds):
            titles.update((each.code, each.title) for each in section)
        return titles


def _time(minutes: int) -> str:
    """Say a length of time: whole hours and halves as hours, everything else in minutes."""
    hours, rest = divmod(minutes, 60)
    if rest == 0:
        return "1 hour" if hours == 1 else f"{hours} hours"
    if rest == 30 and hours > 1:  # noqa: PLR2004 - half an hour
        return f"{hours}½ hours"
    return f"{minutes} minutes"
