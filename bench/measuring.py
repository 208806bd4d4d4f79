"""Asking a server over HTTP, and how long it took: the subject and its floor in turn, so both meet the same noise."""

from __future__ import annotations

import http.client
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from statistics import quantiles
from urllib.parse import urlencode, urlsplit

from bench.world import Signed

AT_ONCE = 32
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Line:
    """One connection to the server, kept open as a browser keeps it; far cheaper than the pages that it asks for."""

    def __init__(self, url: str) -> None:
        self.connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=120)

    def get(self, path: str, signed: Signed | None = None) -> bytes:
        """Return the page at a path. Raises RuntimeError where it is not 200."""
        return self._ask("GET", path, 200, None, {"Cookie": signed.cookie} if signed else {})

    def post(self, path: str, signed: Signed) -> None:
        """Send a form. Raises RuntimeError where the answer is not 303."""
        self._ask("POST", path, 303, urlencode({"csrf_token": signed.token}), FORM | {"Cookie": signed.cookie})

    def _ask(self, method: str, path: str, expected: int, body: str | None, headers: dict[str, str]) -> bytes:
        try:
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
            if method != "GET":
                raise
            self.connection.close()  # the server closes what was quiet for two seconds
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
        content = answer.read()
        if answer.status != expected:
            raise RuntimeError(f"{method} {path}: {answer.status}\n{content[:2000].decode(errors='replace')}")
        return content


@dataclass(frozen=True)
class Measured:
    """How many seconds the subject and its floor took, in pairs: each pair met the same noise of the machine."""

    ours: list[float]
    floor: list[float]

    @property
    def shares(self) -> tuple[float, float, float]:
        """What share of the floor's speed is reached: lower quartile, median and upper quartile of all pairs."""
        shares = [floor / ours for ours, floor in zip(self.ours, self.floor, strict=True)]
        low, middle, high = quantiles(shares, n=4, method="inclusive") if len(shares) > 1 else shares * 3
        return low, middle, high


def in_turn(subject: Callable[[], object], floor: Callable[[], object], times: int) -> Measured:
    """Time both, one after the other; which comes first changes each time."""
    took: dict[Callable[[], object], list[float]] = {subject: [], floor: []}
    for number in range(times):
        for act in (subject, floor) if number % 2 else (floor, subject):
            began = time.perf_counter()
            act()
            took[act].append(time.perf_counter() - began)
    return Measured(took[subject], took[floor])


def rush(url: str, path: str, people: Sequence[Signed]) -> None:
    """Let everybody send the form, 32 at once. Raises RuntimeError where somebody gets another answer than 303."""
    waiting: SimpleQueue[Signed] = SimpleQueue()
    for person in people:
        waiting.put(person)

    def ask() -> None:
        line = Line(url)
        with suppress(Empty):
            while True:
                line.post(path, waiting.get_nowait())

    with ThreadPoolExecutor(AT_ONCE) as pool:
        for asked in [pool.submit(ask) for _ in range(AT_ONCE)]:
            asked.result()


def memory_of(process: int) -> float:
    """Return the megabytes that a process has for itself, and its share of those that it shares (PSS)."""
    lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
