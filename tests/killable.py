"""A server in a process of its own: killed as by a power cut, and started again at the same address."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PATIENCE = 15.0
FORGE = """
import json, os, signal, sys, time
from datetime import datetime, timedelta
import uvicorn
from app.logs import configure_logs
from app.main import create_app
from app.settings import Settings
from app.web.clock import now_of

site = create_app(Settings(_env_file=None))
signal.signal(signal.SIGCHLD, signal.SIG_IGN)


def clock(begins, began):
    # A thread's hop for each request would be the test's own.
    async def now():
        return datetime.fromisoformat(begins) + timedelta(seconds=time.time() - began)

    for each in (site, *(route.app for route in site.routes if hasattr(route, "app"))):
        if hasattr(each, "dependency_overrides"):
            each.dependency_overrides[now_of] = now


def serve(url, port, var, log, begins, began):
    log_to = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(log_to, 1)
    os.dup2(log_to, 2)
    site.state.settings = Settings(
        _env_file=None, database_url=url, base_url=f"http://127.0.0.1:{port}", log_level="info", var=var
    )
    configure_logs(site.state.settings)
    if begins:
        clock(begins, began)
    uvicorn.run(site, port=port, log_config=None, access_log=False, timeout_graceful_shutdown=1)


for line in sys.stdin:
    child = os.fork()
    if child == 0:
        serve(**json.loads(line))
        os._exit(0)
    print(child, flush=True)
"""
"""A process that has put the application together, and starts servers as `baige serve` does: by forking."""


class Forge:
    """Starts servers, each within moments: what all of them are made of is there already."""

    def __init__(self) -> None:
        command = [sys.executable, "-c", FORGE]
        self._process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def start(self, **wanted: str | float) -> int:
        """Start one; its process."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps(wanted) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def close(self) -> None:
        with self._process:
            assert self._process.stdin
            self._process.stdin.close()


@pytest.fixture(scope="session")
def forge() -> Iterator[Forge]:
    """The one of this worker."""
    made = Forge()
    yield made
    made.close()


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Server:
    """One server process. With `begins` its clock starts there, and goes on over a restart."""

    forge: Forge
    url: str
    var: Path
    begins: datetime | None = None
    port: int = field(default_factory=free_port)
    began: float = field(default_factory=time.time)
    process: int = 0

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        """What it writes down."""
        return self.var / f"server-{self.port}.log"

    def start(self) -> None:
        begins = self.begins.isoformat() if self.begins else ""
        self.process = self.forge.start(
            url=self.url,
            port=self.port,
            var=str(self.var),
            log=str(self.log),
            begins=begins,
            began=self.began,
        )

    def wait(self) -> None:
        """Until it answers."""
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                self.get("/health")
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise TimeoutError(self.log.read_text()[-2000:] if self.log.exists() else "")

    def kill(self) -> None:
        """As a power cut does; afterwards it is gone."""
        died, self.process = self.process, 0
        if died:
            os.kill(died, signal.SIGKILL)
            with suppress(ProcessLookupError):
                while True:
                    os.kill(died, 0)
                    time.sleep(0.005)

    def get(self, path: str, part: bool = False) -> tuple[int, str, str]:
        """Status, number, and text."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        connection.request("GET", path, headers={"HX-Request": "true"} if part else {})
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer.status, answer.headers.get("Stage-Number", ""), text


@contextmanager
def servers(forge: Forge, url: str, var: Path, many: int) -> Iterator[list[Server]]:
    """So many of them on one database, which answer."""
    started = [Server(forge, url, var) for _ in range(many)]
    for each in started:
        each.start()
    try:
        for each in started:
            each.wait()
        yield started
    finally:
        for each in started:
            each.kill()
