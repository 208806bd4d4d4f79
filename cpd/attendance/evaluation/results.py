"""What evaluations come to: whole sessions of five answers or more, put together by module, facilitator and month.

Nothing smaller is ever read, so there is no filter that could part one person's answer from the others.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Integer, Select, cast, func, select

from cpd.attendance.evaluation.models import Evaluation, LaterEvaluation
from cpd.attendance.evaluation.rules import FEWEST_SHOWN, SCALE, Results, Used, shown_uses, tallied
from cpd.attendance.models import EvaluationRequest
from cpd.catalogue import service as catalogue
from cpd.catalogue.models import Module, Programme
from cpd.catalogue.service import ModuleFacts
from cpd.people.models import Person
from cpd.shared.clock import LONDON, in_london
from cpd.shared.database import db
from cpd.shared.tables import safe_cell
from cpd.shared.wording import MONTHS
from cpd.timetable import service as timetable
from cpd.timetable.facts import SessionFacts
from cpd.timetable.models import SessionFacilitator, TrainingSession

MOST_WORDS = 200
HEADINGS = ("session", "module", "title", "first_day", "facilitators", "asked", "answered")
QUESTIONS = ("confidence_before", "confidence_after", "usefulness")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose sessions are meant: an organisation's, those of a module or facilitator, or within two days (inclusive)."""

    organisation_id: int
    facilitator_id: int | None = None
    module: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class OfSession:
    """One session: how many were asked and have answered, and what they said where that is five or more."""

    session: SessionFacts
    module: ModuleFacts
    facilitators: tuple[str, ...]
    asked: int
    answered: int
    results: Results | None


@dataclass(frozen=True, slots=True)
class OfProgramme:
    """How often what a programme taught is used three months later; None where too few have said so."""

    title: str
    uses: Mapping[Used, int] | None
    examples: Sequence[str]

    @property
    def uses_words(self) -> str:
        """`never 1, sometimes 3, often 2`; empty where too few have said so."""
        return ", ".join(f"{each.value} {count}" for each, count in (self.uses or {}).items())


@dataclass(frozen=True, slots=True)
class ResultsPage:
    """What a choice of sessions comes to, in all and by module, facilitator and month; and what can be chosen."""

    sessions: Sequence[OfSession]
    in_all: Results
    groups: Sequence[tuple[str, Sequence[tuple[str, Results]]]]
    words: Sequence[tuple[str, str]]
    programmes: Sequence[OfProgramme]
    module_choices: Sequence[tuple[str, str]]
    facilitator_choices: Sequence[tuple[str, str]]


def results_page(wanted: Wanted, *, officer: bool) -> ResultsPage:
    """Put together what evaluations come to: a fixed number of queries, however many there are.

    Programmes and other facilitators are for Workforce Development (`officer`).
    """
    sessions = results_of(wanted)
    shown = [(each, each.results) for each in sessions if each.results]
    groups = [("By module", _grouped((each.module.full_title, found) for each, found in shown))]
    if officer:
        by_name = ((name, found) for each, found in shown for name in each.facilitators)
        groups.append(("By facilitator", _grouped(by_name)))
    groups.append(("By month", _grouped((_month(each.session.starts_at), found) for each, found in shown)))
    return ResultsPage(
        sessions,
        sum((found for _, found in shown), Results()),
        groups,
        _words(shown),
        _programmes(wanted.organisation_id) if officer else (),
        _modules_evaluated(wanted.organisation_id),
        _facilitators_evaluated(wanted.organisation_id) if officer else (),
    )


def results_of(wanted: Wanted) -> list[OfSession]:
    """List the sessions about which somebody was asked, the newest first, each with what may be shown of it."""
    asked = {row[0]: (row[1], row[2]) for row in db.session.execute(_asked(wanted))}
    counted: dict[int, list[Any]] = defaultdict(list)
    for session_id, *row in db.session.execute(_answers(wanted)):
        counted[session_id].append(row)
    sessions = timetable.sessions_by_id(asked.keys())
    modules = catalogue.modules_by_id({each.module_id for each in sessions})
    names = _facilitators_of([each.id for each in sessions])
    return [
        OfSession(
            each,
            modules[each.module_id],
            tuple(names.get(each.id, ()) or filter(None, [each.facilitator_names])),
            *asked[each.id],
            tallied(counted[each.id]) if each.id in counted else None,
        )
        for each in reversed(sessions)
    ]


def results_csv(sessions: Iterable[OfSession]) -> bytes:
    """Write a row for each session, for a spreadsheet; what may not be shown stays empty."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow((*HEADINGS, *(f"{question}_{value}" for question in QUESTIONS for value in SCALE)))
    for each in sessions:
        facts = (each.session.id, each.module.code, each.module.full_title, _first_day(each), _names(each), each.asked)
        found = each.results
        counts = (*found.before.counts, *found.after.counts, *found.usefulness.counts) if found else ()
        cells = (*facts, each.answered if found else f"fewer than {FEWEST_SHOWN}", *counts)
        writer.writerow([safe_cell(str(cell)) for cell in cells])
    return text.getvalue().encode("utf-8-sig")


def chosen_sessions(statement: Select[*tuple[Any, ...]], wanted: Wanted) -> Select[*tuple[Any, ...]]:
    """Narrow a question to the sessions that are wanted."""
    statement = statement.where(TrainingSession.organisation_id == wanted.organisation_id)
    if wanted.facilitator_id is not None:
        mine = select(SessionFacilitator.training_session_id).where(
            SessionFacilitator.person_id == wanted.facilitator_id
        )
        statement = statement.where(TrainingSession.id.in_(mine))
    if wanted.module:
        module = select(Module.id).where(Module.code == wanted.module)
        statement = statement.where(TrainingSession.module_id.in_(module))
    if wanted.since:
        statement = statement.where(TrainingSession.starts_at >= _start_of(wanted.since))
    if wanted.until:
        statement = statement.where(TrainingSession.starts_at < _start_of(wanted.until + timedelta(days=1)))
    return statement


def _asked(wanted: Wanted) -> Select[*tuple[Any, ...]]:
    """Ask how many people were asked about each session, and how many have answered."""
    answered = func.sum(cast(EvaluationRequest.has_answered, Integer))
    statement = select(TrainingSession.id, func.count(), answered).join(
        EvaluationRequest, EvaluationRequest.training_session_id == TrainingSession.id
    )
    return chosen_sessions(statement, wanted).group_by(TrainingSession.id)


def _answers(wanted: Wanted) -> Select[*tuple[Any, ...]]:
    """Ask how many people gave the same three answers to each session that has enough of them."""
    said = (Evaluation.confidence_before, Evaluation.confidence_after, Evaluation.usefulness)
    statement = select(TrainingSession.id, *said, func.count()).join(
        Evaluation, Evaluation.training_session_id == TrainingSession.id
    )
    return (
        chosen_sessions(statement, wanted).where(TrainingSession.id.in_(_enough())).group_by(TrainingSession.id, *said)
    )


def _enough() -> Select[int]:
    """Choose the sessions that have enough answers to be shown."""
    grouped = select(Evaluation.training_session_id).group_by(Evaluation.training_session_id)
    return grouped.having(func.count() >= FEWEST_SHOWN)


def _grouped(results: Iterable[tuple[str, Results]]) -> list[tuple[str, Results]]:
    """Put the results of sessions together by a name, in the order in which the names come up."""
    found: dict[str, Results] = {}
    for name, each in results:
        found[name] = found.get(name, Results()) + each
    return list(found.items())


def _words(shown: Sequence[tuple[OfSession, Results]]) -> list[tuple[str, str]]:
    """Read what people will do differently, each with its session in words; in the order of the lot."""
    titles = {each.session.id: f"{each.module.full_title}, {_month(each.session.starts_at)}" for each, _ in shown}
    wanted = (
        select(Evaluation.training_session_id, Evaluation.will_change)
        .where(Evaluation.training_session_id.in_(titles), Evaluation.will_change != "")
        .order_by(Evaluation.key)
        .limit(MOST_WORDS)
    )
    return [(titles[session_id], words) for session_id, words in db.session.execute(wanted)]


def _programmes(organisation_id: int) -> list[OfProgramme]:
    """Read how often what programmes taught is used."""
    wanted = (
        select(Programme.id, Programme.title, LaterEvaluation.used, LaterEvaluation.example)
        .join(LaterEvaluation, LaterEvaluation.programme_id == Programme.id)
        .where(LaterEvaluation.organisation_id == organisation_id)
        .order_by(Programme.id, LaterEvaluation.key)
    )
    said: dict[tuple[int, str], list[tuple[Used, str]]] = defaultdict(list)
    for programme_id, title, used, example in db.session.execute(wanted):
        said[programme_id, title].append((Used(used), example))
    found = []
    for (_, title), answers in said.items():
        uses = shown_uses({each: sum(1 for used, _ in answers if used is each) for each in Used})
        found.append(OfProgramme(title, uses, [words for _, words in answers if words][:MOST_WORDS] if uses else ()))
    return found


def _modules_evaluated(organisation_id: int) -> list[tuple[str, str]]:
    """List an organisation's modules that can be chosen."""
    modules = catalogue.modules_of([organisation_id]).values()
    return [(each.code, each.full_title) for each in sorted(modules, key=lambda each: each.code)]


def _facilitators_evaluated(organisation_id: int) -> list[tuple[str, str]]:
    """List the facilitators of an organisation's sessions that can be chosen."""
    wanted = (
        select(Person.id, Person.name)
        .join(SessionFacilitator, SessionFacilitator.person_id == Person.id)
        .join(TrainingSession, TrainingSession.id == SessionFacilitator.training_session_id)
        .where(TrainingSession.organisation_id == organisation_id)
        .distinct()
        .order_by(Person.name, Person.id)
    )
    return [(str(person_id), name) for person_id, name in db.session.execute(wanted)]


def _facilitators_of(training_session_ids: Sequence[int]) -> dict[int, list[str]]:
    """Read the names of who facilitates these sessions and has an account."""
    wanted = (
        select(SessionFacilitator.training_session_id, Person.name)
        .join(Person, Person.id == SessionFacilitator.person_id)
        .where(SessionFacilitator.training_session_id.in_(training_session_ids))
        .order_by(Person.name)
    )
    found: dict[int, list[str]] = defaultdict(list)
    for session_id, name in db.session.execute(wanted):
        found[session_id].append(name)
    return found


def _month(moment: datetime) -> str:
    """`January 2019`."""
    on = in_london(moment)
    return f"{MONTHS[on.month - 1]} {on.year}"


def _first_day(each: OfSession) -> str:
    return in_london(each.session.starts_at).date().isoformat()


def _names(each: OfSession) -> str:
    return ", ".join(each.facilitators)


def _start_of(day: date) -> datetime:
    """Return the moment at which a day begins in the United Kingdom."""
    return datetime.combine(day, time.min, LONDON)
