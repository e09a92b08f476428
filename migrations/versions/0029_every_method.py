"""every method of ordering, and the runs in which an order was computed

Revision: 0029, after 0024
"""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0029"
down_revision = "0024"
branch_labels = None
depends_on = None

BEFORE = ("mean_of_means",)
AFTER = ("mean_of_means", "median", "calibrated")
Json = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    """What was ordered before has no figures of the other methods until it is ordered anew."""
    _allow(BEFORE, AFTER)
    op.add_column("ranking_entry", sa.Column("figures", Json, nullable=False, server_default="{}"))
    op.create_table(
        "ranking_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("computed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("computed_by", sa.Integer(), nullable=False),
        sa.Column("method", sa.String(length=40), nullable=False),
        sa.Column("input_hash", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("order", Json, nullable=False),
        sa.Column("summary", Json, nullable=False),
        sa.CheckConstraint(
            f"method IN ({', '.join(repr(each) for each in AFTER)})", name=op.f("ck_ranking_run_method_word")
        ),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_ranking_run_call_id_call")),
        sa.ForeignKeyConstraint(
            ["computed_by"], ["person.id"], name=op.f("fk_ranking_run_computed_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ranking_run")),
        sa.UniqueConstraint("call_id", "number", name=op.f("uq_ranking_run_call_id_number")),
    )


def downgrade() -> None:
    op.drop_table("ranking_run")
    op.drop_column("ranking_entry", "figures")
    op.execute("UPDATE call SET method = 'mean_of_means'")
    _allow(AFTER, BEFORE)


def _allow(before: Sequence[str], after: Sequence[str]) -> None:
    """Change which methods the database takes.

    SQLite changes no CHECK of a table that others refer to but by its text in the schema, as its manual says.
    """
    old, new = (f"method IN ({', '.join(repr(each) for each in words)})" for words in (before, after))
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        op.drop_constraint(op.f("ck_call_method_word"), "call", type_="check")
        op.create_check_constraint(op.f("ck_call_method_word"), "call", new)
        return
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    changed = connection.exec_driver_sql(
        "UPDATE sqlite_master SET sql = replace(sql, ?, ?) "
        "WHERE type = 'table' AND name = 'call' AND instr(sql, ?) > 0",
        (old, new, old),
    )
    if changed.rowcount != 1:
        raise RuntimeError("the methods of a call were not found in the schema")
    connection.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema = OFF")
