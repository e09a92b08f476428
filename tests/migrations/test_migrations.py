"""The migrations make exactly the tables of the models, and lead down and up again, with rows or without."""

from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect, text
from sqlmodel import SQLModel, col, select

from app.database import session_on
from app.decisions.awards import draw_line
from app.migrate import downgrade_engine, upgrade_engine
from app.models.audit import AuditEntry
from app.models.calls import Call
from app.models.panel import SeatState
from app.models.people import Applicant, Person, ReviewerInvitation, ReviewerProposal
from tests.decisions.scored import pot_now, ranked_call
from tests.factories import REVIEWING
from tests.world import World, key, make_world


def test_migrations_make_the_tables_of_the_models(engine: Engine) -> None:
    with engine.begin() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, SQLModel.metadata) == []
    assert set(inspect(engine).get_table_names()) == {*SQLModel.metadata.tables, "alembic_version"}


def test_down_to_nothing_and_up_again(engine: Engine) -> None:
    downgrade_engine(engine)
    assert inspect(engine).get_table_names() == ["alembic_version"]
    upgrade_engine(engine)
    assert set(inspect(engine).get_table_names()) == {*SQLModel.metadata.tables, "alembic_version"}


def test_down_and_up_with_rows_leaves_empty_tables_that_work(engine: Engine, world: World) -> None:
    with session_on(engine) as session, session.begin():
        ranked_call(session, world)
        draw_line(session, world.coordinator(), world.round.code, REVIEWING)
    downgrade_engine(engine)
    upgrade_engine(engine)
    with session_on(engine) as session, session.begin():
        assert session.exec(select(Call)).all() == []
        again = make_world(session)
        ranked_call(session, again)
        assert draw_line(session, again.coordinator(), again.round.code, REVIEWING) == 6
        assert pot_now(session, again.round.code).taken == 6


def test_one_step_down_takes_the_triggers_and_leaves_the_rows(engine: Engine, world: World) -> None:
    with session_on(engine) as session, session.begin():
        ranked_call(session, world)
    downgrade_engine(engine, "0001")
    with session_on(engine) as session, session.begin():
        acts = session.exec(select(AuditEntry.action)).all()
        assert "reviewing.close" in acts
        session.execute(text("UPDATE audit_entry SET subject = 'changed while nobody looked'"))
    upgrade_engine(engine)
    with pytest.raises(Exception, match="only ever appended"), engine.begin() as connection:
        connection.execute(text("UPDATE audit_entry SET action = 'x'"))


def test_people_keep_what_points_to_them_when_their_table_is_made_anew(engine: Engine, world: World) -> None:
    """SQLite writes `person` anew for those without e-mail; down again they have an address nobody reads."""
    with session_on(engine) as session, session.begin():
        ranked_call(session, world)
        session.add(Person(name="Sabira", created_at=REVIEWING, phone="+77012345678"))
    downgrade_engine(engine, "0012")
    with engine.connect() as connection:
        emails = connection.execute(text("SELECT email FROM person WHERE name = 'Sabira'")).scalars().all()
    assert [each.endswith("@none.invalid") for each in emails] == [True]
    upgrade_engine(engine)
    with session_on(engine) as session, session.begin():
        found = session.exec(select(Person.name).join(Applicant, col(Applicant.person_id) == Person.id)).all()
        assert found
        assert {"Sabira", "Ada Canaryname"} <= set(session.exec(select(Person.name)))
        if engine.dialect.name == "sqlite":
            assert session.execute(text("PRAGMA foreign_key_check")).all() == []


def test_what_was_proposed_becomes_a_row_of_who_proposed_it_and_back(engine: Engine, world: World) -> None:
    """Down again an address has one invitation: none of who is invited, and of two proposals the first."""
    fields: dict[str, Any] = {"call_id": key(world.call), "made_at": REVIEWING}
    bc, adc = (key(world.organisations[code]) for code in ("BC", "ADC"))
    zoe, max_ = key(world.people["zoe"]), key(world.people["max"])
    with session_on(engine) as session, session.begin():
        session.add_all(
            ReviewerProposal(
                organisation_id=of,
                proposed_by=by,
                email=f"{name}@example.org",
                name=name,
                code=code,
                **fields,
            )
            for code, name, of, by in (
                ("A1", "kim", bc, zoe), ("A2", "kim", adc, max_),
                ("A3", "lee", bc, zoe), ("A4", "old", bc, zoe),
            )
        )  # fmt: skip
        session.add(
            ReviewerInvitation(
                organisation_id=adc, email="lee@example.org", name="Lee", language="en", code="B1",
                state=SeatState.INVITED, proposals=9, hours=1, due_at=REVIEWING, **fields,
            )
        )  # fmt: skip
        session.flush()
        session.execute(text("UPDATE reviewer_proposal SET settled_at = made_at WHERE name = 'old'"))
    downgrade_engine(engine, "0042")
    with engine.connect() as connection:
        wanted = text("SELECT code, state, proposed_by FROM reviewer_invitation ORDER BY code")
        assert connection.execute(wanted).all() == [("A1", "proposed", zoe), ("B1", "invited", None)]
    upgrade_engine(engine)
    with session_on(engine) as session, session.begin():
        assert list(session.exec(select(ReviewerInvitation.code))) == ["B1"]
        (row,) = session.exec(select(ReviewerProposal)).all()
        assert (row.email, row.name, row.organisation_id, row.proposed_by, row.settled_at) == (
            "kim@example.org", "kim", bc, zoe, None,
        )  # fmt: skip
