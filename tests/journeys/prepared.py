"""A database with calls in every phase, for who looks at every page of the site."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from app.database import make_engine, session_on
from app.files.store import LocalStore
from tests.journeys.every_phase import Calls, make_calls
from tests.world import World, make_world


@dataclass(frozen=True)
class Prepared:
    """It is made once and copied: making it takes longer than most tests."""

    file: Path
    files: Path
    world: World
    calls: Calls


@pytest.fixture(scope="session")
def prepared(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """On SQLite only: pages show what they read, whichever database that comes from."""
    file = tmp_path_factory.mktemp("prepared") / "prepared.db"
    files = file.with_name("files")
    file.write_bytes(migrated_sqlite.read_bytes())
    engine = make_engine(f"sqlite:///{file}")
    with session_on(engine) as session, session.begin():
        world = make_world(session)
        calls = make_calls(session, world, LocalStore(files))
    engine.dispose()
    return Prepared(file, files, world, calls)
