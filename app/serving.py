"""Serving for real: one web worker per core, each pinned to it, and one job worker, watched by this process.

A pinned worker with few threads serves about three times as much as the default (the interpreter's
lock travels badly between cores), so the pinning is not a detail.
"""

import gc
import multiprocessing
import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.process import BaseProcess

import structlog
import uvicorn
from fastapi import FastAPI

from app.jobs.worker import work
from app.logs import configure_logs
from app.main import create_app
from app.proving import prove_waiting
from app.settings import Settings

log = structlog.get_logger()

GRACEFUL_SECONDS = 5
STOP_SECONDS = 15
RESTART_PAUSE_SECONDS = 1.0
COLLECT_AFTER = 20_000
"""How many objects more than there were before Python looks for cycles among the newest."""


@dataclass
class Child:
    """One process and how to start it again."""

    name: str
    start: Callable[[], BaseProcess]
    process: BaseProcess


def serve(settings: Settings, listening: socket.socket) -> None:
    """Serve on this socket until SIGTERM or SIGINT; a worker that dies is started again."""
    configure_logs(settings)
    cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else [0]
    count = settings.workers or len(cores)
    if settings.demo:
        count = max(1, count)
    context = multiprocessing.get_context("fork")
    # Put together once for all web workers: what must not start does not, and who died is back the sooner.
    site = create_app(settings)

    def web(core: int) -> Callable[[], BaseProcess]:
        return lambda: context.Process(target=_web, args=(site, settings, listening, core), name="web")

    def jobs() -> BaseProcess:
        return context.Process(target=_jobs, args=(settings,), name="jobs")

    starters = [(f"web-{index}", web(cores[index % len(cores)])) for index in range(count)]
    children = [Child(name, start, start()) for name, start in [*starters, ("jobs", jobs)]]
    stop = threading.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: stop.set())
    for child in children:
        child.process.start()
    log.info("serving", address=settings.base_url, port=settings.port, web_workers=count)
    try:
        _watch(children, stop)
    finally:
        _end(children)
        listening.close()


def listen(settings: Settings) -> socket.socket:
    """The socket that all web workers share; OSError if somebody listens there already."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listening = socket.socket(family)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((settings.host, settings.port))
    except OSError as error:
        listening.close()
        place = f"{settings.host}:{settings.port}"
        raise OSError(error.errno, f"Cannot listen on {place}: {error.strerror}. See BAIGE_PORT.") from None
    listening.listen(1024)
    listening.set_inheritable(True)
    return listening


def _web(site: FastAPI, settings: Settings, listening: socket.socket, core: int) -> None:
    _default_signals()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {core})
    config = uvicorn.Config(
        site,
        loop="uvloop",
        http="httptools",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=True,
        proxy_headers=True,
        forwarded_allow_ips=settings.forwarded_allow_ips,
        timeout_graceful_shutdown=GRACEFUL_SECONDS,
    )
    _leave_to_the_end()
    uvicorn.Server(config).run(sockets=[listening])


def _leave_to_the_end() -> None:
    """What the application is made of lives as long as its process: the collector need not look at it again.

    A long page makes enough short-lived objects to call the collector several times; each time it would walk
    all modules, routes and schemas, which takes longer than the page.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER, 20, 100)


def _jobs(settings: Settings) -> None:
    _default_signals()
    work(settings, prove_waiting)


def _default_signals() -> None:
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, signal.SIG_DFL)


def _watch(children: list[Child], stop: threading.Event) -> None:
    while not stop.wait(0.5):
        for child in children:
            if not child.process.is_alive():
                log.error("worker ended", worker=child.name, exit_code=child.process.exitcode)
                time.sleep(RESTART_PAUSE_SECONDS)
                child.process = child.start()
                child.process.start()


def _end(children: list[Child]) -> None:
    for child in children:
        child.process.terminate()
    until = time.monotonic() + STOP_SECONDS
    for child in children:
        child.process.join(max(0.1, until - time.monotonic()))
        if child.process.is_alive():
            child.process.kill()
