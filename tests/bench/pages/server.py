"""The real thing under measurement: `python -m app serve` on the loaded demo, and its processes."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine import make_url

from tests.bench.pages.cpu import children

ROOT = Path(__file__).parents[3]
SECONDS = 60


@dataclass(frozen=True)
class Server:
    """A running server. `web` and `jobs` are process ids; `postmaster` is PostgreSQL's, if there is one."""

    port: int
    web: tuple[int, ...]
    jobs: tuple[int, ...]
    postmaster: int | None

    @property
    def measured(self) -> list[int]:
        """What works for a request: the web workers, and every process of the database."""
        backends = children(self.postmaster) if self.postmaster else []
        return [*self.web, *backends]


def baige(url: str, *words: str) -> None:
    """Run one command of the application on this database."""
    subprocess.run([sys.executable, "-m", "app", *words], env=_environment(url), cwd=ROOT, check=True)


def _environment(url: str, **more: str) -> dict[str, str]:
    return {
        **os.environ,
        "BAIGE_DATABASE_URL": url,
        "BAIGE_DEMO": "true",
        "BAIGE_PRODUCTION": "false",
        "BAIGE_LOG_LEVEL": "error",
        "BAIGE_WORKERS": "2",
        **more,
    }


@contextmanager
def serving(url: str) -> Iterator[Server]:
    """A server on this database, as `make run` starts it, until the block ends."""
    port = _free_port()
    environment = _environment(url, BAIGE_PORT=str(port), BAIGE_BASE_URL=f"http://127.0.0.1:{port}")
    with subprocess.Popen([sys.executable, "-m", "app", "serve"], env=environment, cwd=ROOT) as process:
        try:
            _wait_for(f"http://127.0.0.1:{port}/health", process)
            # The job worker is started after the web workers.
            *web, jobs = children(process.pid)
            yield Server(port, tuple(web), (jobs,), _postmaster(url))
        finally:
            process.terminate()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        assert process.poll() is None, "the server ended"
        try:
            urllib.request.urlopen(address, timeout=5).close()  # noqa: S310 - our own server
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(f"no answer from {address}")


def _postmaster(url: str) -> int | None:
    parsed = make_url(url)
    if parsed.get_backend_name() != "postgresql":
        return None
    return int((Path(str(parsed.query["host"])) / "data" / "postmaster.pid").read_text().splitlines()[0])
