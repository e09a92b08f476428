"""Fixtures: a fresh database on each engine, the world on it, and clients of the whole application.

Every test that asks for `engine` runs once on SQLite and once on PostgreSQL.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import Session

from app.accounts.scopes import SCOPES
from app.database import session_on
from app.logs import configure_logs
from app.main import create_app
from app.settings import Settings
from app.web.clock import now_of
from tests.databases import engines_on
from tests.kept_world import kept_worlds
from tests.one_thread import in_one_thread
from tests.sharing import lot_of
from tests.world import NOW, World, cookie_for, token_for

pytest_plugins = [
    "tests.contracts.running",
    "tests.documents.once",
    "tests.journeys.prepared",
    "tests.killable",
]
"""The fair of calls, each document, the calls in every phase and what forges servers, each once in a process
for all who ask for it."""

# Without it structlog prints every failure with local variables, which takes seconds.
configure_logs(Settings(_env_file=None))


LONG = (
    "test_nothing_is_wrong",
    "test_ten_pitch_four_score",
    "test_from_",
    "test_a_refused_form_says_so",
    "test_a_jurys_evening",
    "test_a_review_says_that_it_is_not_saved",
)
"""Journeys that take longer than twenty seconds."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Journeys come last: the browser's driver keeps a loop running in the thread of whatever follows it. The
    long ones among them are begun first, so that no process waits for another's. What shares something that
    takes seconds to make follows each other.
    """
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> tuple[bool, bool, str]:
    journey, lot = item.nodeid.startswith("tests/journeys/"), lot_of(item.nodeid)
    return journey, journey and not item.name.startswith(LONG), "" if lot == item.nodeid else lot


FAR_FUTURE = datetime(2036, 1, 1, tzinfo=UTC)


FRESH = {"sqlite": "sqlite_database", "postgresql": "postgres_database"}


@pytest.fixture(params=list(FRESH))
def database_url(request: pytest.FixtureRequest) -> str:
    """The URL of a fresh, migrated database on this test's engine."""
    url: str = request.getfixturevalue(FRESH[request.param])
    return url


@pytest.fixture
def engine(database_url: str) -> Engine:
    """An engine on a fresh, migrated database."""
    return engines_on(database_url).open


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A writing session, for rules tested without HTTP; what it did is committed at the end."""
    with session_on(engine) as session, session.begin():
        yield session


@pytest.fixture
def world(engine: Engine) -> World:
    """The cast around one open call, committed."""
    return kept_worlds[engine.dialect.name].on(engine)


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Development settings on this test's database."""
    return Settings(
        _env_file=None, database_url=database_url, base_url="http://testserver", var=tmp_path / "var"
    )


class Clock:
    """The clock of the application under test."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    """What time it is; a test moves it by setting `now`."""
    return Clock()


Client = Callable[..., TestClient]


@pytest.fixture(scope="session")
def built() -> FastAPI:
    """The application, put together once for the whole run: building its routes takes a second."""
    return create_app(Settings(_env_file=None, base_url="http://testserver"))


def put_on(app: FastAPI, settings: Settings, engine: Engine) -> None:
    """Where the application finds itself when it starts next."""
    app.state.settings, app.state.engine = settings, engine
    app.state.blind = engines_on(engine.url.render_as_string(hide_password=False)).blind


@pytest.fixture
def client(
    request: pytest.FixtureRequest,
    built: FastAPI,
    engine: Engine,
    settings: Settings,
    clock: Clock,
    world: World,
) -> Iterator[Client]:
    """Clients of the whole application: `client("rita")` has Rita's cookie, `client()` has none,
    `client("rita", api=True)` has her bearer token with every scope (or `scopes=`). They ask one after the
    other, but in a test that is marked `at_once`."""
    at_once = request.node.get_closest_marker("at_once") is not None
    put_on(built, settings, engine)
    built.dependency_overrides[now_of] = clock
    for route in built.routes:
        mounted = getattr(route, "app", None)
        if isinstance(mounted, FastAPI):
            mounted.dependency_overrides[now_of] = clock

    with nullcontext() if at_once else in_one_thread(), entered(built) as opened:

        def client(
            name: str | None = None, *, api: bool = False, scopes: tuple[str, ...] = SCOPES
        ) -> TestClient:
            fresh = opened()
            if name is None:
                return fresh
            with session_on(engine) as session, session.begin():
                person = world.people[name]
                if api:
                    fresh.headers["Authorization"] = f"Bearer {token_for(session, person, scopes, NOW)}"
                else:
                    fresh.cookies.update(cookie_for(session, person, FAR_FUTURE))
            return fresh

        yield client


@contextmanager
def entered(app: object) -> Iterator[Callable[[], TestClient]]:
    """One running application with as many clients as a test wants."""
    with TestClient(app, follow_redirects=False, raise_server_exceptions=False) as running:  # type: ignore[arg-type]

        def fresh() -> TestClient:
            another = TestClient(app, follow_redirects=False, raise_server_exceptions=False)  # type: ignore[arg-type]
            another._transport = running._transport
            return another

        yield fresh
