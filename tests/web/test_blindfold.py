"""A reviewer's session is refused identities by the database itself, whatever the code asks of it."""

from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from typer.testing import CliRunner

from app.blindfold import ROLE, blindfolded, has_role, make_roles
from app.cli import cli
from app.database import make_engine, session_on
from app.main import create_app
from app.models.protected import protected_tables
from app.settings import Settings
from app.web.authorization import listed
from app.web.session import is_blind
from tests.databases import create_database, drop_database
from tests.world import World

REFUSED = ("prohibited", "permission denied", "not authorized")
ATTEMPTS = (
    "SELECT * FROM {table}",
    "SELECT count(*) FROM {table}",
    "SELECT organisation.code FROM organisation WHERE EXISTS (SELECT 1 FROM {table})",
    "SELECT organisation.code FROM organisation ORDER BY (SELECT count(*) FROM {table})",
    "SELECT organisation.code FROM organisation, {table}",
    "WITH hidden AS (SELECT * FROM {table}) SELECT organisation.code FROM organisation, hidden",
    "DELETE FROM {table}",
)


@pytest.fixture
def blind(engine: Engine, world: World) -> Iterator[Engine]:
    made = blindfolded(engine)
    yield made
    made.dispose()


def test_the_database_refuses_every_way_to_a_person(blind: Engine) -> None:
    for table, attempt in product(sorted(protected_tables()), ATTEMPTS):
        with session_on(blind) as session, pytest.raises(DBAPIError) as refused:
            session.execute(text(attempt.format(table=table)))
        assert any(words in str(refused.value.orig) for words in REFUSED), attempt


def test_nothing_gives_a_session_its_sight_back(blind: Engine, engine: Engine) -> None:
    """Not the end of a unit, not a failure, and where there are roles not a reset of the role."""
    for words in ("SELECT 1", "SELECT * FROM person", "RESET ROLE"):
        with session_on(blind) as session:
            try:
                session.execute(text(words))
                session.commit()
            except DBAPIError:
                session.rollback()
        with session_on(blind, reading=True) as session, pytest.raises(DBAPIError):
            session.execute(text("SELECT * FROM person"))
    with session_on(engine, reading=True) as session:
        assert session.execute(text("SELECT count(*) FROM person")).scalar_one() > 0


def test_what_is_no_identity_is_read_and_written_as_ever(blind: Engine, world: World) -> None:
    with session_on(blind) as session, session.begin():
        session.execute(text("INSERT INTO organisation (code, name) VALUES ('NEW', '{}')"))
        session.execute(
            text("INSERT INTO manager (person_id, since) VALUES (:person, '2026-01-01 00:00:00')"),
            {"person": world.people["rita"].id},
        )
    with session_on(blind, reading=True) as session:
        assert session.execute(text("SELECT code FROM organisation WHERE code = 'NEW'")).scalar_one()


def test_protected_are_just_the_tables_that_can_name_a_person() -> None:
    """What an applicant wrote can do so too, until it is cleared: with no cleared copy there is no text."""
    assert {"person", "identity", "applicant", "identity_draft", "original_file"} <= protected_tables()
    assert {"packet", "draft", "draft_version", "application_file", "redaction"} <= protected_tables()
    assert not {"cleared_packet", "assignment", "review", "organisation"} & protected_tables()


def test_every_route_of_reviewers_and_jurors_is_blind_and_no_other() -> None:
    doors = listed().doors.values()
    kept_blind = {name for door in doors if door.needs & {"reviewer", "juror"} for name in door.routes}
    site = create_app(Settings(_env_file=None, base_url="http://testserver"))
    api = next(each.app for each in _routes(site) if getattr(each, "path", "") == "/api/v1")
    found = {
        each.name
        for each in [*_routes(site), *_routes(api)]
        if hasattr(each, "dependant") and is_blind(each.endpoint, each.dependant)
    }
    assert found == kept_blind


def _routes(app: FastAPI) -> list[Any]:
    return [context.route for context in iter_route_contexts(app.routes)]


def test_roles_are_made_once_and_used_from_then_on(
    postgres_admin_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`migrate --roles` on a new database; a table that comes later is granted by the next `migrate`."""
    url = create_database(postgres_admin_url, "baige_roles")
    try:
        monkeypatch.setenv("BAIGE_DATABASE_URL", url)
        assert CliRunner().invoke(cli, ["migrate", "--roles"]).exit_code == 0
        engine = make_engine(url)
        assert has_role(engine)
        assert make_roles(engine)
        blind = blindfolded(engine)
        with session_on(blind, reading=True) as session:
            assert session.execute(text("SELECT current_user")).scalar_one() == ROLE
        with session_on(engine) as session, session.begin():
            session.execute(text("CREATE TABLE later (id integer)"))
        blind.dispose()
        engine.dispose()
        assert CliRunner().invoke(cli, ["migrate"]).exit_code == 0
        with session_on(blind, reading=True) as session:
            assert session.execute(text("SELECT count(*) FROM later")).scalar_one() == 0
        blind.dispose()
    finally:
        drop_database(postgres_admin_url, "baige_roles")


def test_without_roles_production_says_so_once(
    postgres_admin_url: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("app.blindfold.ROLE", "nobody_made_this_role")
    engine = make_engine(postgres_admin_url)
    assert blindfolded(engine) is engine
    assert caplog.records == []
    assert blindfolded(engine, production=True) is engine
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    engine.dispose()
