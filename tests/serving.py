"""A real server for tests: gunicorn with several worker processes, on a database of either kind."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

TOP = Path(__file__).resolve().parents[1]
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


@dataclass
class Server:
    """A server that is up: its address, its main process, and where it logs."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path

    def workers(self) -> list[int]:
        """List the worker processes."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(each) for each in children.split()]

    def first_fault(self) -> str:
        """Read what the server wrote of the first thing that broke in it."""
        _, broke, said = self.log.read_text().partition("Traceback")
        return f"{broke}{said}"[:8000]

    def kill_a_worker(self) -> None:
        """Kill one worker process without warning; the main process starts another."""
        if workers := self.workers():
            os.kill(workers[0], signal.SIGKILL)


@contextmanager
def serving(
    database_url: str, folder: Path, *, application: str = "app:app", ready: str = "/readyz", **environment: str
) -> Iterator[Server]:
    """Serve an application on a free port while the block runs; it has begun once the path `ready` answers 200."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    env = os.environ | {
        "PORT": str(port),
        "DATABASE_URL": database_url,
        "CPD_INSTANCE": str(folder),
        "CPD_NOW": "2019-01-02T09:00",
        "SECRET_KEY": "only for tests",
        "ARGON2_TIME_COST": "1",
        "ARGON2_MEMORY_KIB": "8",
        **environment,
    }
    log = folder / f"server-{port}.log"
    command = [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py", application]
    with log.open("wb") as written:
        process = subprocess.Popen(command, cwd=TOP, env=env, stdout=written, stderr=written)
    server = Server(f"http://127.0.0.1:{port}", process, log)
    try:
        _wait_until(server, ready)
        yield server
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait_until(server: Server, ready: str) -> None:
    until = time.monotonic() + 180  # a busy machine starts slowly; a quiet one answers within seconds
    while time.monotonic() < until:
        assert server.process.poll() is None, server.log.read_text()
        with suppress(requests.ConnectionError, requests.Timeout):
            if requests.get(server.url + ready, timeout=5).ok:
                return
        time.sleep(0.02)
    raise AssertionError(server.log.read_text())


class Visitor:
    """Somebody at a browser: keeps cookies, and sends the form of the page that she has open."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.session = requests.Session()
        self.page = ""

    def get(self, path: str) -> requests.Response:
        """Open a page."""
        answer = self.session.get(self.url + path, timeout=60)
        self.page = answer.text
        return answer

    def post(self, path: str, *, follow: bool = True, **fields: Any) -> requests.Response:
        """Send the open page's form, and follow where the answer leads."""
        token = TOKEN.search(self.page)
        data = {"csrf_token": token.group(1) if token else "", **fields}
        answer = self.session.post(self.url + path, data=data, timeout=60, allow_redirects=follow)
        self.page = answer.text
        return answer

    def close(self) -> None:
        """Close the browser."""
        self.session.close()

    def sign_in(self, email: str, password: str = "demonstration") -> None:  # noqa: S107 - the demonstration's
        """Sign in by the form."""
        self.get("/sign-in")
        answer = self.post("/sign-in", email=email, password=password)
        assert answer.ok, f"{email} could not sign in: {answer.status_code}"
