"""Running the migrations from code: the command line, the tests and `make run` all come here."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

from app.blindfold import has_role, make_roles
from app.database import make_engine
from app.settings import Settings

MIGRATIONS = Path(__file__).parent.parent / "migrations"


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def upgrade(settings: Settings, *, roles: bool = False) -> None:
    """Bring the configured database to the newest version, and with `roles` make those it has.

    A role that is there gets its grants in any case: a new table is none of its own accord.
    """
    engine = make_engine(settings.database_url)
    upgrade_engine(engine)
    if roles or has_role(engine):
        make_roles(engine)
    engine.dispose()


def upgrade_engine(engine: Engine, revision: str = "head") -> None:
    """Bring a database up to `revision`."""
    _run(engine, command.upgrade, revision)


def downgrade_engine(engine: Engine, revision: str = "base") -> None:
    """Take a database down to `revision`."""
    _run(engine, command.downgrade, revision)


def _run(engine: Engine, step: object, revision: str) -> None:
    config = _config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        step(config, revision)  # type: ignore[operator]
