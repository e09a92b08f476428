"""Applications are checked against the published rules, flagged, and found by what they say.

Revision: 0016, after 0017
"""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0016"
down_revision = "0017"
branch_labels = None
depends_on = None

BEFORE = ("draft", "sent", "in_review", "awarded", "not_selected", "withdrawn")
AFTER = (*BEFORE, "refused")


def upgrade() -> None:
    _allow(BEFORE, AFTER)
    op.create_table(
        "flag",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("words", sqlmodel.sql.sqltypes.AutoString(length=1000), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("raised_by", sa.Integer(), nullable=False),
        sa.Column("raised_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("addressed_to", sa.Integer(), nullable=True),
        sa.Column("resolved_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('identity_visible', 'not_eligible', 'double_funding', 'safety', 'wrong_theme', "
            "'duplicate', 'other')",
            name=op.f("ck_flag_kind_word"),
        ),
        sa.ForeignKeyConstraint(
            ["addressed_to"], ["panel_member.id"], name=op.f("fk_flag_addressed_to_panel_member")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_flag_application_id_application")
        ),
        sa.ForeignKeyConstraint(
            ["raised_by"], ["panel_member.id"], name=op.f("fk_flag_raised_by_panel_member")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flag")),
        sa.UniqueConstraint("code", name=op.f("uq_flag_code")),
    )
    op.create_index(op.f("ix_flag_application_id"), "flag", ["application_id"])
    op.create_table(
        "flag_answer",
        sa.Column("flag_id", sa.Integer(), nullable=False),
        sa.Column("words", sqlmodel.sql.sqltypes.AutoString(length=1000), nullable=False),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_flag_answer_by_person")),
        sa.ForeignKeyConstraint(["flag_id"], ["flag.id"], name=op.f("fk_flag_answer_flag_id_flag")),
        sa.PrimaryKeyConstraint("flag_id", name=op.f("pk_flag_answer")),
    )
    op.create_table(
        "screening",
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("sending_number", sa.Integer(), nullable=False),
        sa.Column("checks", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("words", sqlmodel.sql.sqltypes.AutoString(length=2000), nullable=False),
        sa.Column("note", sqlmodel.sql.sqltypes.AutoString(length=1000), nullable=False),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "act IN ('kept', 'passed', 'proposed', 'declined', 'refused', 'reinstated')",
            name=op.f("ck_screening_act_word"),
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_screening_application_id_application")
        ),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_screening_by_person")),
        sa.PrimaryKeyConstraint("application_id", "number", name=op.f("pk_screening")),
    )
    op.create_table(
        "trace",
        sa.Column("sending_id", sa.Integer(), nullable=False),
        sa.Column("words", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["sending_id"], ["sending.id"], name=op.f("fk_trace_sending_id_sending")),
        sa.PrimaryKeyConstraint("sending_id", name=op.f("pk_trace")),
    )
    op.create_table(
        "trace_key",
        sa.Column("sending_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("value", sqlmodel.sql.sqltypes.AutoString(length=24), nullable=False),
        sa.CheckConstraint(
            "kind IN ('account', 'phone', 'email', 'bin', 'address', 'name', 'text')",
            name=op.f("ck_trace_key_kind_word"),
        ),
        sa.ForeignKeyConstraint(["sending_id"], ["sending.id"], name=op.f("fk_trace_key_sending_id_sending")),
        sa.PrimaryKeyConstraint("sending_id", "kind", "value", name=op.f("pk_trace_key")),
    )
    op.create_index("ix_trace_key_value", "trace_key", ["kind", "value"])


def downgrade() -> None:
    op.drop_table("trace_key")
    op.drop_table("trace")
    op.drop_table("screening")
    op.drop_table("flag_answer")
    op.drop_table("flag")
    # What was refused takes no part in the older program either.
    op.execute("UPDATE application SET status = 'withdrawn', counts_number = NULL WHERE status = 'refused'")
    _allow(AFTER, BEFORE)


def _allow(before: Sequence[str], after: Sequence[str]) -> None:
    """Change which statuses the database takes.

    SQLite changes no CHECK of a table that others refer to but by its text in the schema, as its manual says.
    """
    old, new = (f"status IN ({', '.join(repr(each) for each in words)})" for words in (before, after))
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(op.f("ck_application_status_word"), "application", type_="check")
        op.create_check_constraint(op.f("ck_application_status_word"), "application", new)
        return
    connection = op.get_bind()
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    changed = connection.exec_driver_sql(
        "UPDATE sqlite_master SET sql = replace(sql, ?, ?) "
        "WHERE type = 'table' AND name = 'application' AND instr(sql, ?) > 0",
        (old, new, old),
    )
    if changed.rowcount != 1:
        raise RuntimeError("the statuses of an application were not found in the schema")
    connection.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema = OFF")
