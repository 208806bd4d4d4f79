"""The coverage map: each statement of the standards, and which evidence and which modules show it (G-15)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cpd.catalogue import service as catalogue
from cpd.progression.portfolios import reading
from cpd.progression.portfolios.facts import ItemFacts, PortfolioFacts
from cpd.progression.portfolios.rules import Covered, PortfolioStatus, Shown, coverage_of
from cpd.progression.portfolios.wording import TITLES
from cpd.record.service import records_of
from cpd.requirements.record import FactKind
from cpd.schemes.framework import Framework, framework_on, frameworks, frameworks_on
from cpd.shared import clock
from cpd.shared.wording import date_words

OF_MODULES = (FactKind.COMPLETED, FactKind.RECOGNISED)


@dataclass(frozen=True, slots=True)
class FrameworkCovered:
    """One framework with each of its statements, what nothing shows first."""

    code: str
    title: str
    valid: str
    note: str
    statements: Sequence[Covered]

    @property
    def done(self) -> int:
        """How many statements are shown by something that counts."""
        return sum(each.is_covered for each in self.statements)

    @property
    def ahead(self) -> int:
        """How many are shown only by what is not accepted yet."""
        return sum(bool(each.shown_by) and not each.is_covered for each in self.statements)

    @property
    def figure(self) -> str:
        """`4 of 9 statements shown, 2 more by what is not accepted yet`."""
        words = f"{self.done} of {len(self.statements)} statements shown"
        return f"{words}, {self.ahead} more by what is not accepted yet" if self.ahead else words


def coverage(
    person_id: int, organisation_id: int, sees: Callable[[PortfolioFacts], bool] = lambda _: True
) -> list[FrameworkCovered]:
    """Say for the standards in force, and for earlier ones to which something speaks, what shows each statement.

    Evidence shows the statements in force on its day; `sees` says which of it whoever looks may see, else all. A fixed
    number of queries.
    """
    found = reading.portfolios_of([person_id])
    portfolios = {each.id: each for each in found if sees(each)}
    items = [item for some in reading.items_of(portfolios).values() for item in some]
    shown = [(framework, each) for item in items for framework, each in _by_framework(item, portfolios)]
    shown += [
        (framework, each) for each in _modules(person_id, organisation_id) for framework in frameworks_on(clock.today())
    ]
    wanted = list(frameworks_on(clock.today()))
    wanted += [each for each in frameworks() if each not in wanted and any(found is each for found, _ in shown)]
    return [_covered(each, [piece for framework, piece in shown if framework is each]) for each in wanted]


def _covered(framework: Framework, shown: Sequence[Shown]) -> FrameworkCovered:
    titles = {ref: f"{each.code}. {each.title}" for ref, each in framework.refs.items()}
    since = f"from {date_words(framework.valid_from)}"
    valid = f"{since} to {date_words(framework.valid_to)}" if framework.valid_to else since
    return FrameworkCovered(
        framework.code, framework.title, valid, TITLES[framework.titles], coverage_of(titles, shown)
    )


def _by_framework(item: ItemFacts, portfolios: dict[int, PortfolioFacts]) -> list[tuple[Framework, Shown]]:
    """Say of a piece which statements it shows of which version of the standards."""
    portfolio = portfolios[item.portfolio_id]
    if portfolio.status is PortfolioStatus.SET_ASIDE:
        return []
    found = []
    for code in dict.fromkeys(ref.rpartition("-")[0] for ref in item.statements):
        if framework := framework_on(code, item.happened_on):
            refs = tuple(ref for ref in item.statements if ref in framework.refs)
            shown = Shown(item.title, item.happened_on, portfolio.status, refs, portfolio.evidence_kind)
            found.append((framework, shown))
    return found


def _modules(person_id: int, organisation_id: int) -> list[Shown]:
    """List the modules that somebody has completed and that her scheme says show something, each once."""
    scheme = catalogue.scheme_in_force(organisation_id)
    tagged = {each.code: each for each in scheme.pack.modules if each.shows} if scheme else {}
    today = clock.today()
    facts = records_of([person_id], today)[person_id].facts if tagged else ()
    done = {each.subject: each.happened_on for each in facts if each.kind in OF_MODULES and each.subject in tagged}
    return [
        Shown(
            ": ".join(filter(None, (tagged[code].number_label, tagged[code].title))),
            on,
            None,
            tagged[code].shows,
            f"/modules/{code}",
        )
        for code, on in done.items()
    ]
