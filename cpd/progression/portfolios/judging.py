"""Looking at what was handed in: opening, accepting, returning, recording it oneself, and taking an acceptance back."""

from __future__ import annotations

from functools import partial

from sqlalchemy import select, update

from cpd.people import service as people
from cpd.progression.portfolios import telling
from cpd.progression.portfolios.accepting import role_of
from cpd.progression.portfolios.holding import (
    SOURCE,
    PortfolioRefused,
    days_on_record,
    fact_given_back,
    items_of,
    lock_portfolio,
    move_to,
    note,
    portfolios_where,
    refuse,
)
from cpd.progression.portfolios.models import EvidenceItem, Portfolio
from cpd.progression.portfolios.pieces import NO_FILE, faults_in, found_in, found_in_comments, kind_for, write_piece
from cpd.progression.portfolios.rules import (
    LINE_MANAGER,
    OPEN,
    Fault,
    Happening,
    Piece,
    PortfolioStatus,
    against_deciding,
    against_judging,
    against_reopening,
)
from cpd.progression.portfolios.wording import role_words
from cpd.record import service as record
from cpd.record.facts import FactSaid
from cpd.requirements.record import FactKind
from cpd.shared import clock
from cpd.shared.database import db
from cpd.shared.kept_files import erase_file
from cpd.shared.unit_of_work import one_transaction, run_afterwards
from cpd.shared.wording import date_words


@one_transaction
def open_it(portfolio_id: int, *, by: int) -> None:
    """Begin to look at what was handed in: from now on she cannot take it back. A second time changes nothing.

    Raises:
        PortfolioRefused: every reason against it.
        LookupError: there is no such portfolio in the organisation of whoever opens it.
    """
    portfolio, accepts = _to_judge(portfolio_id, by)
    refuse(against_judging(PortfolioStatus(portfolio.status), portfolio.person_id, by, may=accepts is not None))
    if portfolio.opened_at is None:
        portfolio.opened_at, portfolio.opened_by_id = clock.now(), by
        note(portfolio, Happening.OPENED, by=by)


@one_transaction
def accept(portfolio_id: int, *, seen: int, comments: str, by: int, is_checked: bool = False) -> int:
    """Accept what was handed in: it counts from now on. Returns the id of the fact that is written.

    `seen` is how often it had been handed in when it was read. Of two who decide at once the second is refused.
    `is_checked`: whoever wrote the comments says that they tell nobody who a child or family is (B8).

    Raises:
        PortfolioRefused: every reason against it.
        LookupError: there is no such portfolio in the organisation of whoever decides.
    """
    portfolio, accepts = _to_judge(portfolio_id, by)
    tells_who = bool(found_in_comments(comments, portfolio.organisation_id)) and not is_checked
    refuse(_against_deciding(portfolio, accepts, seen, by, comments, accepts=True, tells_who=tells_who))
    fact_id = _accept(portfolio, accepts or LINE_MANAGER, Happening.ACCEPTED, comments, by)
    telling.tell_accepted(portfolio, comments)
    return fact_id


@one_transaction
def give_back(portfolio_id: int, *, seen: int, comments: str, by: int, is_checked: bool = False) -> None:
    """Return what was handed in with comments, so that she can change it and hand it in again; raises as `accept`."""
    portfolio, accepts = _to_judge(portfolio_id, by)
    tells_who = bool(found_in_comments(comments, portfolio.organisation_id)) and not is_checked
    refuse(_against_deciding(portfolio, accepts, seen, by, comments, accepts=False, tells_who=tells_who))
    portfolio.decided_at, portfolio.decided_by_id = clock.now(), by
    _return(portfolio, Happening.RETURNED, comments, by)


@one_transaction
def record_seen(person_id: int, evidence_kind: str, piece: Piece, *, answer: str, by: int) -> int:
    """Write down what somebody who accepts such evidence has seen herself ("I observed her on …"): accepted at once.

    `answer` says why what may tell who somebody is does not. Returns the portfolio's id.

    Raises:
        PortfolioRefused: every reason against it.
        LookupError: there is no such person in the organisation of whoever records it.
    """
    person = people.get_person(person_id)
    if not people.works_for(by, person.organisation_id):
        raise LookupError(f"There is no person {person_id} here")
    people.lock_persons([person_id])
    kind, scheme_version_id = kind_for(person_id, evidence_kind)
    accepts = _accepts_as([str(each) for each in kind.accepted_by], person_id, by)
    faults = (
        (Fault.OWN, person_id == by),
        (Fault.NOT_WHO_ACCEPTS, person_id != by and accepts is None),
        (Fault.IS_A_PORTFOLIO, kind.is_portfolio),
        (Fault.SAME_DAY, piece.happened_on in days_on_record(person_id, evidence_kind)),
        (Fault.NO_ANSWER, bool(found_in(piece, person.organisation_id)) and not answer.strip()),
    )
    refuse([fault for fault, holds in faults if holds])
    refuse(faults_in(piece, kind, has_file=False))
    portfolio = Portfolio(
        organisation_id=person.organisation_id,
        person_id=person_id,
        scheme_version_id=scheme_version_id,
        evidence_kind=kind.code,
        title=kind.title,
        is_portfolio=False,
        accepted_by=[str(each) for each in kind.accepted_by],
        ticked=[],
        status=PortfolioStatus.SET_ASIDE,
        begun_at=clock.now(),
        handed_in_at=clock.now(),
        hand_ins=1,
    )
    db.session.add(portfolio)
    db.session.flush()
    item = write_piece(portfolio, 1, piece, dict(NO_FILE), by=by)
    item.answer = answer if item.found else ""
    _accept(portfolio, accepts or LINE_MANAGER, Happening.RECORDED, "", by)
    telling.tell_recorded(portfolio, by, date_words(piece.happened_on))
    return portfolio.id


@one_transaction
def reopen(portfolio_id: int, *, reason: str, by: int, is_checked: bool = False) -> None:
    """Take an acceptance back that was a mistake: the fact is withdrawn, it is hers to change again, and she is told.

    Raises:
        PortfolioRefused: every reason against it.
        LookupError: there is no such portfolio in the organisation of whoever takes it back.
    """
    portfolio, accepts = _to_judge(portfolio_id, by)
    status = PortfolioStatus(portfolio.status)
    tells_who = bool(found_in_comments(reason, portfolio.organisation_id)) and not is_checked
    may = accepts is not None
    refuse(against_reopening(status, portfolio.person_id, by, reason, may=may, tells_who=tells_who))
    _return(portfolio, Happening.REOPENED, reason, by)


@one_transaction
def return_after_panel(person_id: int, evidence_kind: str, *, comments: str, by: int | None) -> int | None:
    """Unlock what a panel has deferred, so that she can change it and hand it in again; it counts no more (C-2).

    Returns the portfolio's id, or None where she has nothing of the kind that is handed in or accepted.
    """
    people.lock_persons([person_id])
    mine = (Portfolio.person_id == person_id, Portfolio.evidence_kind == evidence_kind)
    locked = (PortfolioStatus.HANDED_IN, PortfolioStatus.ACCEPTED)
    found = portfolios_where(*mine, Portfolio.status.in_(locked))
    if not found:
        return None
    _return(found[0], Happening.DEFERRED, comments.strip() or "The panel has deferred its decision.", by)
    return found[0].id


@one_transaction
def stand_as_before_panel(person_id: int, evidence_kind: str, *, reason: str, by: int | None) -> int | None:
    """Let a portfolio count again as it was accepted, where a panel takes back the "not yet" that unlocked it.

    What she has changed or handed in since goes its usual way. Returns the portfolio's id, or None.
    """
    people.lock_persons([person_id])
    mine = (Portfolio.person_id == person_id, Portfolio.evidence_kind == evidence_kind)
    found = portfolios_where(*mine, Portfolio.status == PortfolioStatus.RETURNED)
    fact = fact_given_back(found[0]) if found else None
    if fact is None or fact.happened_on in days_on_record(person_id, evidence_kind):
        return None
    portfolio = found[0]
    said = FactSaid(
        person_id=person_id,
        kind=FactKind.EVIDENCE,
        subject=evidence_kind,
        happened_on=fact.happened_on,
        source_kind=SOURCE,
        source=fact.source,
        accepted_by_id=fact.accepted_by_id,
    )
    portfolio.record_fact_id = record.add_fact(said, by=by)
    as_what = (each for each in portfolio.accepted_by if _accepted_as(each) == fact.source)
    portfolio.accepted_as = next(as_what, LINE_MANAGER)
    move_to(portfolio, PortfolioStatus.ACCEPTED, Happening.ACCEPTED, by=by, comments=reason)
    return portfolio.id


def _accepted_as(as_what: str) -> str:
    """Say on the record in which role it was accepted."""
    return f"Accepted as {role_words(as_what)}"


def _to_judge(portfolio_id: int, by: int) -> tuple[Portfolio, str | None]:
    """Hold a portfolio of her own organisation, and say as what somebody accepts such evidence; None: she does not."""
    portfolio = lock_portfolio(portfolio_id)
    if not people.works_for(by, portfolio.organisation_id):
        raise LookupError(f"There is no portfolio {portfolio_id} here")
    return portfolio, _accepts_as(portfolio.accepted_by, portfolio.person_id, by)


def _accepts_as(accepted_by: list[str], person_id: int, by: int) -> str | None:
    """Say in which role somebody accepts evidence of another's, or None."""
    judge = people.get_person(by)
    return role_of(accepted_by, person_id, judge.organisation_id, by=by, roles=judge.roles)


def _against_deciding(
    portfolio: Portfolio, as_what: str | None, seen: int, by: int, comments: str, *, accepts: bool, tells_who: bool
) -> list[Fault]:
    """List every reason against a decision."""
    return against_deciding(
        PortfolioStatus(portfolio.status),
        portfolio.person_id,
        by,
        may=as_what is not None,
        is_opened=portfolio.opened_at is not None,
        is_as_read=portfolio.hand_ins == seen,
        accepts=accepts,
        comments=comments,
        tells_who=tells_who,
    )


def _accept(portfolio: Portfolio, as_what: str, happening: Happening, comments: str, by: int) -> int:
    """Let it count: by a fact, of the day of a single piece, and for a portfolio of the day of acceptance."""
    happened_on = clock.today() if portfolio.is_portfolio else items_of(portfolio)[0].happened_on
    if happened_on in days_on_record(portfolio.person_id, portfolio.evidence_kind):
        raise PortfolioRefused(Fault.SAME_DAY)
    said = FactSaid(
        person_id=portfolio.person_id,
        kind=FactKind.EVIDENCE,
        subject=portfolio.evidence_kind,
        happened_on=happened_on,
        source_kind=SOURCE,
        source=_accepted_as(as_what),
        accepted_by_id=by,
    )
    fact_id = record.add_fact(said, by=by)
    portfolio.record_fact_id, portfolio.accepted_as = fact_id, as_what
    portfolio.decided_at, portfolio.decided_by_id = clock.now(), by
    move_to(portfolio, PortfolioStatus.ACCEPTED, happening, by=by, comments=comments)
    _let_go_of_earlier_files(portfolio)
    return fact_id


def _return(portfolio: Portfolio, happening: Happening, comments: str, by: int | None) -> None:
    """Make it hers again, for reasons that she is told; where it counted, it counts no more."""
    mine = (Portfolio.person_id == portfolio.person_id, Portfolio.evidence_kind == portfolio.evidence_kind)
    others = portfolios_where(*mine, Portfolio.status.in_(OPEN), Portfolio.id != portfolio.id)
    if portfolio.record_fact_id:
        record.withdraw_fact(portfolio.record_fact_id, by=by, reason=comments)
    portfolio.record_fact_id = portfolio.accepted_as = None
    portfolio.opened_at = portfolio.opened_by_id = None
    status = PortfolioStatus.SET_ASIDE if others else PortfolioStatus.RETURNED
    move_to(portfolio, status, happening, by=by, comments=comments)
    telling.tell_returned(portfolio, comments, str(happening))


def _let_go_of_earlier_files(portfolio: Portfolio) -> None:
    """Let go of the files of earlier versions that no version in force has: they were kept until it is accepted."""
    earlier = (EvidenceItem.portfolio_id == portfolio.id, EvidenceItem.superseded_at.is_not(None))
    files = set(db.session.scalars(select(EvidenceItem.stored_as).where(*earlier, EvidenceItem.stored_as.is_not(None))))
    files -= {each.stored_as for each in items_of(portfolio)}
    db.session.execute(update(EvidenceItem).where(*earlier).values(removed_at=clock.now()))
    for stored_as in files:
        run_afterwards(partial(erase_file, str(stored_as)))
