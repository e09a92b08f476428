"""The application put together once, for contracts that read its tables and send it nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI

from app.database import make_engine
from app.main import create_app
from app.settings import Settings
from tests.contracts.routes import Route, routes_of


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
