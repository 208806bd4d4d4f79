"""How far somebody is in a programme, in figures and in words: done, booked, and what comes next."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from cpd.booking.facts import Standpoint, Terms
from cpd.booking.rules import Status
from cpd.catalogue import service as catalogue
from cpd.catalogue.service import ModuleFacts, ProgrammeFacts
from cpd.home.catalogue_words import short_name
from cpd.requirements.evaluator import State
from cpd.requirements.language import Completed
from cpd.requirements.standing import Standing
from cpd.shared.wording import and_words

WHENEVER = datetime.max.replace(tzinfo=UTC)
"""A moment by which everything that is booked will have happened."""

MOST_NAMED = 6
"""So many modules are named one by one."""


@dataclass(frozen=True, slots=True)
class Progress:
    """The modules that finish a programme (AMB-26), parted into done, booked and still to do, each in its order.

    `goal` is the last of them that is not done and that rests on others, and `standing` how she stands to that.
    """

    programme: ProgrammeFacts
    done: Sequence[ModuleFacts]
    booked: Sequence[ModuleFacts]
    todo: Sequence[ModuleFacts]
    next: ModuleFacts | None
    goal: ModuleFacts | None
    standing: Standing | None
    titles: dict[str, str]

    @property
    def total(self) -> int:
        """How many modules finish it."""
        return len(self.done) + len(self.booked) + len(self.todo)

    @property
    def is_begun(self) -> bool:
        """Whether anything of it is done or booked."""
        return bool(self.done or self.booked)

    @property
    def words(self) -> str:
        """`4 of 6 done, 1 booked; next: Module 6`."""
        booked = f", {len(self.booked)} booked" if self.booked else ""
        following = f"; next: {short_name(self.next)}" if self.next else ""
        return f"{len(self.done)} of {self.total} done{booked}{following}"

    @property
    def label(self) -> tuple[str, str]:
        """Say in a few words, with their tone (components/status_tag.html), how near the end of it she is."""
        if not self.booked and not self.todo:
            return "All done", "done"
        if not self.todo:
            return f"All booked; {len(self.done)} of {self.total} done", "booked"
        if self.goal and self.goal in self.todo and self.standing:
            return self._about(self.goal, self.standing)
        return f"Still to do: {_names(self.todo)}", "neutral"

    def _about(self, goal: ModuleFacts, standing: Standing) -> tuple[str, str]:
        """Say how she stands to the module to which the others lead."""
        if standing.state is State.MET:
            return f"Ready for {short_name(goal)}", "open"
        if standing.state is State.IN_HAND:
            return f"Ready for {short_name(goal)} once what is booked is attended", "booked"
        asked = [leaf.requirement for leaf in standing.outstanding_leaves()]
        names = [self.titles.get(each.module, each.module) for each in asked if isinstance(each, Completed)]
        names += ["something else that it needs"] if len(names) < len(asked) else []
        return f"Still to do: {and_words(dict.fromkeys(names))}", "neutral"


def progress_in(programme: ProgrammeFacts, standpoint: Standpoint, terms: Terms) -> Progress:
    """Say how far somebody is in a programme; whether a module may come next is the evaluator's to say."""
    modules = {module.code: module for module in terms.modules.values()}
    duties = [modules[code] for code in programme.duties]
    placed = {held.module_id for held in standpoint.bookings if held.status is Status.CONFIRMED and held.session_live}
    done = [each for each in duties if standpoint.done(each.code, terms.today)]
    booked = [each for each in duties if each not in done and each.id in placed]
    todo = [each for each in duties if each not in done and each not in booked]
    open_ = [each for each in todo if _standing(each, standpoint, terms).state is not State.OUTSTANDING]
    goal = next((each for each in reversed(duties) if each not in done and not each.asks_nothing), None)
    return Progress(
        programme,
        done,
        booked,
        todo,
        next(iter(open_ or todo), None),
        goal,
        _standing(goal, standpoint, terms) if goal else None,
        {module.code: short_name(module) for module in modules.values()},
    )


def progress_of(
    programmes: Iterable[ProgrammeFacts], standpoint: Standpoint, terms: Terms, first_years: FirstYears
) -> list[Progress]:
    """Say how far somebody is in the programmes that are meant for her or that she has begun, begun ones first.

    The workshops of a first year are meant for nobody else: of those who came later it is not known what they did.
    """
    career_level = standpoint.post.career_level if standpoint.post else ""
    shown = []
    for each in programmes:
        progress = progress_in(each, standpoint, terms)
        is_hers = career_level in first_years.get(each.code, (career_level,))
        if progress.is_begun or (is_hers and is_meant(each, standpoint, terms)):
            shown.append(progress)
    return sorted(shown, key=lambda each: not each.is_begun)


FirstYears = Mapping[str, Collection[str]]
"""By the code of a programme of workshops, the career levels of those in whose first years it is."""


def first_years_of(organisation_id: int) -> FirstYears:
    """Say which programmes belong to people's first years (AMB-36). One query."""
    scheme = catalogue.scheme_in_force(organisation_id)
    early = scheme.pack.early_career_programmes if scheme else ()
    return {each.workshops: each.career_levels for each in early if each.workshops}


def is_meant(programme: ProgrammeFacts, standpoint: Standpoint, terms: Terms) -> bool:
    """Say whether a programme is for somebody: whether she is in the audience of all that finishes it (G-7)."""
    duties = [module for module in terms.modules.values() if module.code in programme.duties]
    return all(standpoint.footing(each, terms.today).in_audience for each in duties)


def _standing(module: ModuleFacts, standpoint: Standpoint, terms: Terms) -> Standing:
    """Ask the evaluator whether what a module needs is done, or will be once what is booked is attended."""
    return standpoint.standing(module, WHENEVER, terms.today)


def _names(modules: Sequence[ModuleFacts]) -> str:
    """Name modules; of many the first, and how many others."""
    if len(modules) > MOST_NAMED:
        return f"{short_name(modules[0])} and {len(modules) - 1} others"
    return and_words(short_name(module) for module in modules)
