"""Who is ready: loading and asking of many people's records, beside reading the same rows as tuples.

People with five years of records, and a pathway whose next step has 40 lines. A hundredth of the people is measured
too, for what grows faster than they do would show there. Same numbers, same people.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from flask import Flask
from sqlalchemy import Table, insert, select

from cpd.catalogue import service as catalogue
from cpd.people.models import Organisation, Person, Post
from cpd.progression.pathways.models import PathwayEnrolment
from cpd.progression.pathways.reading import Look, one_sweep_later
from cpd.record.models import RecordFact
from cpd.schemes.reading import read_pack
from cpd.shared import clock
from cpd.shared.database import db
from cpd.shared.unit_of_work import unit_of_work

LINES = 40
YEARS = 5
A_YEAR = 12
"""Things done in each of the years; every third of them is asked for by a line."""

TODAY = date(2019, 1, 2)
AT_ONCE = 20_000
CODE = "bench-council"
HEAD = """
organisation: {{code: {code}, name: Bench Council}}
version: 1
source: {{title: Careers for the bench, body: The council, published: 2018-09, cites: [W-1]}}
modules: [{modules}]
career_levels:
  - {{code: able, title: Social worker, cites: [W-1]}}
  - {{code: wise, title: Experienced social worker, cites: [W-1]}}
panels:
  - {{code: moderation, title: Moderation panel, panel_kind: moderation, roles: [panel_member], cites: [W-1]}}
evidence_kinds:
  - {{code: observation, title: Direct observation, cites: [W-1]}}
career_pathways:
  - code: social-work
    title: Social work
    levels: [able, wise]
    cites: [W-1]
    transitions:
      - code: able-wise
        title: Social worker to experienced social worker
        from_level: able
        to_level: wise
        transition_mode: approval
        cites: [W-1]
        steps: [{{step: approval, role: assistant_director}}, {{step: enactment, role: operations_manager}}]
        criteria: [{criteria}]
"""
"""Asked for: modules alone, one of two modules, time, qualification, a panel's pass, observations and credits."""


@dataclass(frozen=True)
class Took:
    """Seconds for some people: reading their rows as tuples, loading them as records, and asking the 40 lines.

    `tuples` is as code usually reads, `spared` with the sweep for unused objects put off, as readiness does.
    """

    people: int
    rows: int
    tuples: float
    spared: float
    loading: float
    asking: float

    @property
    def whole(self) -> float:
        """Loading and asking together."""
        return self.loading + self.asking


def measure_readiness(app: Flask, people: int, rounds: int = 3) -> list[str]:
    """Load so many people, and return a line for a hundredth of them and one for all."""
    with app.app_context():
        ids = load(people)
        few, all_ = (_best(share, rounds) for share in (ids[: max(people // 100, 1)], ids))
        db.session.remove()
    growth = all_.whole / few.whole
    grown = f"{all_.people // few.people} times the people take {growth:.0f} times as long (aim: no more)"
    return [*(_line(took) for took in (few, all_)), grown]


def load(people: int) -> list[int]:
    """Write people of an own organisation with five years of records each, and enrol them; returns their ids."""
    text = HEAD.format(code=CODE, modules=", ".join(_modules()), criteria=", ".join(_criteria()))
    version = catalogue.adopt_pack(read_pack(text), text, by=None)
    with unit_of_work():
        organisation_id = db.session.scalar(select(Organisation.id).where(Organisation.code == CODE))
        now = clock.now()
        owner = {"organisation_id": organisation_id}
        persons = [
            {**owner, "employee_number": f"R{n}", "email": f"r{n}@{CODE}.example", "name": f"Person {n}"}
            | {"created_at": now, "qualified_on": date(2013, 7, 1), "registered_on": date(2013, 9, 2)}
            for n in range(people)
        ]
        made = insert(Person).returning(Person.id, sort_by_parameter_order=True)
        ids = list(db.session.scalars(made, persons))
        post = {**owner, "recorded_at": now, "starts_on": date(2014, 1, 6), "career_level": "able"}
        _write(Post.__table__, ({**post, "person_id": each} for each in ids))
        enrolled = {**owner, "recorded_at": now, "enrolled_on": TODAY, "pathway_code": "social-work"}
        enrolled["scheme_version_id"] = version.id
        _write(PathwayEnrolment.__table__, ({**enrolled, "person_id": each} for each in ids))
        fact = {**owner, "recorded_at": now, "source_kind": "bench", "value": "", "programme": "", "source": ""}
        _write(RecordFact.__table__, (fact | said | {"person_id": each} for each in ids for said in _record(each)))
    return ids


def _modules() -> Iterator[str]:
    for number in range(YEARS * A_YEAR):
        yield f"{{code: B{number}, title: Module {number}, module_format: taught, cites: [W-1]}}"


def _criteria() -> Iterator[str]:
    """Write 40 lines of the kinds that packs have."""
    asked = [f"{{completed: B{number}}}" for number in range(24)]
    asked += [f"{{any_of: [{{completed: B{number}}}, {{completed: B{number + 12}}}]}}" for number in range(24, 34)]
    asked += ["{evidence: {kind: observation, count: 2}}", "{outcome: {panel: moderation, outcome: pass}}"]
    asked += ["{years_qualified: 3}", "{time_in_career_level: {career_level: able, months: 24}}"]
    asked += ["{credits: {credits: 20, academic_level: 7}}", "{completed: {module: B36, within_months: 36}}"]
    for number, requirement in enumerate(asked):
        yield f"{{code: line-{number}, title: Line {number}, requirement: {requirement}}}"


def _record(person_id: int) -> Iterator[dict[str, object]]:
    """Say what somebody did in five years: most of what is asked, some twice, and a panel's outcomes."""
    first = TODAY - timedelta(days=365 * YEARS)
    for number in range(YEARS * A_YEAR):
        on = first + timedelta(days=30 * number)
        if (person_id + number) % 7 == 0:
            yield {"kind": "evidence", "subject": "observation", "happened_on": on}
        else:
            yield {"kind": "completed", "subject": f"B{(person_id + number) % 46}", "happened_on": on}
    yield {"kind": "outcome", "subject": "moderation", "happened_on": TODAY - timedelta(days=90), "value": "pass"}


def _write(table: Table, rows: Iterator[dict[str, object]]) -> None:
    """Insert rows, so many at a time."""
    batch = []
    for row in rows:
        batch.append(row)
        if len(batch) == AT_ONCE:
            db.session.execute(insert(table), batch)
            batch = []
    if batch:
        db.session.execute(insert(table), batch)


def _best(ids: list[int], rounds: int) -> Took:
    """Measure some times, and keep the shortest of each part: the rest is noise of the machine."""
    took = [_once(ids) for _ in range(rounds)]
    shortest = (min(getattr(each, part) for each in took) for part in ("tuples", "spared", "loading", "asking"))
    return Took(len(ids), took[0].rows, *shortest)


def _once(ids: list[int]) -> Took:
    rows, tuples = _timed(lambda: _as_tuples(ids))
    with one_sweep_later():  # as readiness_of does
        _, spared = _timed(lambda: _as_tuples(ids))
        look, loading = _timed(lambda: Look(ids, TODAY))
        _, asking = _timed(lambda: [look.readiness(each) for each in ids])
    return Took(len(ids), rows, tuples, spared, loading, asking)


def _timed(act: Callable[[], object]) -> tuple[object, float]:
    """Do something, and say how many seconds of the processor it took."""
    db.session.rollback()
    begun = time.process_time()
    done = act()
    return done, time.process_time() - begun


def _as_tuples(ids: list[int]) -> int:
    """Read the same rows and columns as a record has, as they come."""
    facts = select(
        RecordFact.person_id,
        RecordFact.id,
        RecordFact.kind,
        RecordFact.subject,
        RecordFact.happened_on,
        RecordFact.happened_at,
        RecordFact.ends_on,
        RecordFact.value,
        RecordFact.amount,
        RecordFact.academic_level,
        RecordFact.programme,
    ).where(RecordFact.person_id.in_(ids), RecordFact.superseded_at.is_(None), RecordFact.happened_on <= TODAY)
    posts = select(Post.person_id, Post.id, Post.career_level, Post.starts_on, Post.ends_on).where(
        Post.person_id.in_(ids), Post.superseded_at.is_(None)
    )
    persons = select(Person.id, Person.qualified_on, Person.registered_on).where(Person.id.in_(ids))
    wanted = (facts.order_by(RecordFact.happened_on, RecordFact.id), posts, persons)
    return sum(len(db.session.execute(each).all()) for each in wanted)


def _line(took: Took) -> str:
    return (
        f"{took.people:>6} people, {LINES} lines each, {took.rows} rows: as tuples {took.tuples * 1000:.0f} ms, "
        f"loading {took.loading * 1000:.0f} ms, asking {took.asking * 1000:.0f} ms, "
        f"{took.whole / took.people * 1000:.2f} ms a person; {took.whole / took.tuples:.1f} times reading (aim: 3), "
        f"{took.whole / took.spared:.1f} where reading is spared the sweep too"
    )
