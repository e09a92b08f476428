"""The application put together once, for contracts that read its tables and send it nothing."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI

from app.database import make_engine
from app.main import create_app
from app.models.calls import Phase
from app.settings import Settings
from tests.contracts.fair import FOREIGN, REVEALING
from tests.contracts.routes import Route, routes_of
from tests.contracts.running import FEW, Running, migrate, running_fair
from tests.databases import create_database, drop_database, template_database


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    """The whole application, never started."""
    url = f"sqlite:///{tmp_path_factory.mktemp('site') / 'site.db'}"
    engine = make_engine(url)
    yield create_app(Settings(_env_file=None, database_url=url, var=Path("var")), engine)
    engine.dispose()


@pytest.fixture(scope="session")
def site_routes(site: FastAPI) -> list[Route]:
    """Every route of the site and of the API."""
    return list(routes_of(site))


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def running(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The fair on one engine, made once for all visitors."""
    if request.param == "sqlite":
        path = tmp_path_factory.mktemp("fair") / "fair.db"
        path.write_bytes(request.getfixturevalue("migrated_sqlite").read_bytes())
        yield from running_fair(f"sqlite:///{path}", path.parent, [*Phase, REVEALING, FOREIGN])
    else:
        admin = request.getfixturevalue("postgres_admin_url")
        name = f"baige_fair_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
        url = create_database(admin, name, template_database(admin, migrate))
        yield from running_fair(url, tmp_path_factory.mktemp("fair"), FEW)
        drop_database(admin, name)
