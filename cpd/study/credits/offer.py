"""What a council's scheme offers credits for: a university's modules, and kinds of prior learning."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from cpd.catalogue import service as catalogue
from cpd.requirements.language import NOTHING, Requirement
from cpd.schemes.prior_learning_shape import PriorLearningKind
from cpd.schemes.requirement_shape import requirement_from
from cpd.schemes.shape import Module, ModuleKind
from cpd.study.credits.rules import CreditSaid, CreditStatus, EarnedBy, activity_of_claim, activity_of_module
from cpd.study.credits.words import amount_words


@dataclass(frozen=True, slots=True)
class CreditSource:
    """Something that a university may give credits for; what the report does not say is None (AMB-32).

    `covers` says it to people; `only_once` is whether there is one such thing in a career, else each has a name of its
    own; `needs` what must be on the record before a claim for it can be handed in.
    """

    code: str
    title: str
    earned_by: EarnedBy
    credits: Decimal | None
    academic_level: int | None
    covers: str = ""
    only_once: bool = True
    needs: Requirement = NOTHING

    @property
    def is_module(self) -> bool:
        """Whether it is taught, and no prior learning."""
        return self.earned_by is EarnedBy.MODULE

    @property
    def amount(self) -> str:
        """`20 credits at level 7`; empty where the scheme does not say."""
        return amount_words(self.credits, self.academic_level) if self.credits and self.academic_level else ""


def sources_of(organisation_id: int) -> dict[str, CreditSource]:
    """Return what the scheme now in force offers credits for, by its code: modules first. One query."""
    scheme = catalogue.scheme_in_force(organisation_id)
    if scheme is None:
        return {}
    modules = [_module(each) for each in scheme.pack.modules if each.module_kind is ModuleKind.UNIVERSITY]
    return {each.code: each for each in (*modules, *map(_prior_learning, scheme.pack.prior_learning))}


def _module(module: Module) -> CreditSource:
    title = ": ".join(part for part in (module.number_label, module.title) if part)
    return CreditSource(module.code, title, EarnedBy.MODULE, module.credits, module.academic_level)


def _prior_learning(kind: PriorLearningKind) -> CreditSource:
    return CreditSource(
        kind.code,
        kind.title,
        EarnedBy(kind.claim_type),
        kind.credits,
        kind.academic_level,
        kind.covers or "",
        kind.only_once,
        requirement_from(kind.needs) if kind.needs else NOTHING,
    )


def said_about(
    source: CreditSource,
    person_id: int,
    *,
    status: CreditStatus,
    board_on: date,
    university: str,
    credits_: Decimal | None = None,
    academic_level: int | None = None,
    title: str = "",
) -> CreditSaid:
    """Say of somebody what a university has decided or will decide; what is not said is as the scheme has it.

    Where neither gives credits or a level they are 0, which the ledger refuses.
    """
    named = source.title if source.only_once else title
    return CreditSaid(
        person_id=person_id,
        activity=activity_of_module(source.code)
        if source.is_module
        else activity_of_claim(source.code, named, only_once=source.only_once),
        source=source.code,
        earned_by=source.earned_by,
        title=named,
        credits=credits_ if credits_ is not None else source.credits or Decimal(0),
        academic_level=academic_level or source.academic_level or 0,
        university=university,
        board_on=board_on,
        status=status,
    )
