"""How the web server runs: `gunicorn --config gunicorn.conf.py app:app` (see docs/running.md)."""

import gc
import os
from pathlib import Path

bind = f"127.0.0.1:{os.environ.get('PORT', '5000')}"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = 4
worker_class = "gthread"
preload_app = True  # loaded once and then shared: less memory, and a worker that dies is replaced at once
raw_env = ["CPD_PROCESS=web"]  # config.py then limits how long one statement may take
graceful_timeout = 20  # on SIGTERM, requests under way may finish
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - only heartbeats, kept off the disk
control_socket_disable = True  # nothing here needs it, and it would write into the home folder


def when_ready(_server: object) -> None:
    """Before the workers come: leave what was loaded out of the search for unused objects, so that it stays shared."""
    gc.collect()
    gc.freeze()
