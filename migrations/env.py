"""How alembic reaches the database: by the settings, or by the connection it is handed."""

from typing import Literal

from alembic import context
from sqlalchemy import Connection
from sqlmodel import SQLModel

import app.models  # noqa: F401 - registers every table
from app.database import make_engine
from app.models.columns import Json, Word
from app.settings import Settings


def render(kind: str, thing: object, _context: object) -> str | Literal[False]:
    """Migrations stand alone: a column of ours is written as the database's own type."""
    if kind == "type" and isinstance(thing, Word):
        return "sa.String(length=40)"
    if kind == "type" and thing is Json:
        return 'sa.JSON().with_variant(postgresql.JSONB(), "postgresql")'
    return False


def run(connection: Connection) -> None:
    """All migrations in one transaction on this connection."""
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        render_item=render,
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with make_engine(Settings().database_url).begin() as own:
        run(own)
