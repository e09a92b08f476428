"""the meeting of the panel, second persons for departures, records of runs, and protocols that never change

Revision: 0032, after 0031
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

Json = sa.JSON().with_variant(JSONB(), "postgresql")
Instant = sqlmodel.sql.sqltypes.UTCDateTime
KEPT = ("decision_protocol", "ranking_record")
"""Tables of which a row is only ever added."""


def upgrade() -> None:
    """What was frozen before has no protocol, and what was ordered before no record, until done anew."""
    op.create_table(
        "ranking_record",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("document", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], ["ranking_run.id"], name=op.f("fk_ranking_record_run_id_ranking_run")
        ),
        sa.PrimaryKeyConstraint("run_id", name=op.f("pk_ranking_record")),
    )
    op.create_table(
        "decision_protocol",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("digest", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("document", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_decision_protocol_call_id_call")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_protocol")),
        sa.UniqueConstraint("call_id", "number", name=op.f("uq_decision_protocol_call_id_number")),
    )
    op.create_table(
        "panel_meeting",
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("present", Json, nullable=False),
        sa.Column("notes", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("written_by", sa.Integer(), nullable=False),
        sa.Column("written_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_panel_meeting_call_id_call")),
        sa.ForeignKeyConstraint(
            ["written_by"], ["person.id"], name=op.f("fk_panel_meeting_written_by_person")
        ),
        sa.PrimaryKeyConstraint("call_id", name=op.f("pk_panel_meeting")),
    )
    op.create_table(
        "panel_case",
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("added", sa.Boolean(), nullable=False),
        sa.Column("minutes", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=True),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=True),
        sa.Column("written_by", sa.Integer(), nullable=False),
        sa.Column("written_at", Instant(), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('as_ranked', 'raise', 'pass_over')", name=op.f("ck_panel_case_outcome_word")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_panel_case_application_id_application")
        ),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_panel_case_call_id_call")),
        sa.ForeignKeyConstraint(
            ["round_id"], ["award_round.id"], name=op.f("fk_panel_case_round_id_award_round")
        ),
        sa.ForeignKeyConstraint(["written_by"], ["person.id"], name=op.f("fk_panel_case_written_by_person")),
        sa.PrimaryKeyConstraint("application_id", name=op.f("pk_panel_case")),
    )
    op.create_index("ix_panel_case_call", "panel_case", ["call_id"])
    _second_persons()
    _keep()


def _second_persons() -> None:
    """Who confirmed a departure, and when. SQLite's table is written out anew, its constraints in order: a
    batch puts them in the order of a set, and then the same demo has other bytes."""
    named = [sa.Column("confirmed_by", sa.Integer(), nullable=True), sa.Column("confirmed_at", Instant())]
    both = "(confirmed_by IS NULL) = (confirmed_at IS NULL)"
    if op.get_bind().dialect.name != "sqlite":
        for column in named:
            op.add_column("departure", column)
        op.create_foreign_key(
            op.f("fk_departure_confirmed_by_person"), "departure", "person", ["confirmed_by"], ["id"]
        )
        op.create_check_constraint(op.f("ck_departure_confirmed_by_somebody"), "departure", both)
        return
    op.create_table(
        "departure_seconded",
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=False),
        sa.Column("decided_at", Instant(), nullable=False),
        *named,
        sa.CheckConstraint(both, name=op.f("ck_departure_confirmed_by_somebody")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_departure_application_id_application")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["award_round.id"], name=op.f("fk_departure_round_id_award_round")
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_departure_decided_by_person")),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["person.id"], name=op.f("fk_departure_confirmed_by_person")
        ),
        sa.PrimaryKeyConstraint("application_id", "round_id", name=op.f("pk_departure")),
    )
    op.execute(
        "INSERT INTO departure_seconded (application_id, round_id, reason, decided_by, decided_at) "
        "SELECT application_id, round_id, reason, decided_by, decided_at FROM departure"
    )
    op.drop_table("departure")
    op.rename_table("departure_seconded", "departure")


def _keep() -> None:
    """The database refuses whoever would change or remove a row of these tables."""
    if op.get_bind().dialect.name == "sqlite":
        for table in KEPT:
            key = "run_id" if table == "ranking_record" else "id"
            refused = f"BEGIN SELECT RAISE(ABORT, '{table}: a row is only ever added'); END"
            op.execute(f"CREATE TRIGGER {table}_kept_1 BEFORE UPDATE ON {table} {refused}")
            op.execute(f"CREATE TRIGGER {table}_kept_2 BEFORE DELETE ON {table} {refused}")
            there = f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key})"  # noqa: S608 - our own names
            op.execute(f"CREATE TRIGGER {table}_kept_3 BEFORE INSERT ON {table} {there} {refused}")
        return
    op.execute(
        "CREATE FUNCTION refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN RAISE EXCEPTION '%: a row is only ever added', TG_TABLE_NAME; END $$"
    )
    for table in KEPT:
        op.execute(
            f"CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_rewriting()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_whole BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting()"
        )


def downgrade() -> None:
    with op.batch_alter_table("departure") as batch_op:
        batch_op.drop_constraint(op.f("ck_departure_confirmed_by_somebody"), type_="check")
        batch_op.drop_constraint(op.f("fk_departure_confirmed_by_person"), type_="foreignkey")
        batch_op.drop_column("confirmed_at")
        batch_op.drop_column("confirmed_by")
    op.drop_index("ix_panel_case_call", table_name="panel_case")
    for table in ("panel_case", "panel_meeting", "decision_protocol", "ranking_record"):
        op.drop_table(table)
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION refuse_rewriting()")
