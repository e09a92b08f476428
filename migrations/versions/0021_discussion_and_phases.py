"""discussion, the third review, plans of the clock, and lifting the blind

Calls that were there before promised no rule for differing reviews, and get none.

Revision: 0021, after 0016
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0021"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns and make the tables."""
    moment = sqlmodel.sql.sqltypes.UTCDateTime
    words = sqlmodel.sql.sqltypes.AutoString
    # Columns are added as they stand: rebuilding a table would lose what hangs on it on SQLite.
    op.add_column("call", sa.Column("discussion", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("call", sa.Column("divergence_points", sa.Integer(), nullable=True))
    op.add_column("call", sa.Column("divergence_steps", sa.Integer(), nullable=True))
    op.add_column("call", sa.Column("discussion_opened_at", moment(), nullable=True))
    op.add_column("review", sa.Column("returned_at", moment(), nullable=True))
    op.add_column("review", sa.Column("returned_note", words(), nullable=False, server_default=""))
    op.create_table(
        "planned_step",
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=40), nullable=False),
        sa.Column("at", moment(), nullable=False),
        sa.Column("planned_by", sa.Integer(), nullable=False),
        sa.Column("planned_at", moment(), nullable=False),
        sa.Column("refused", words(length=60), nullable=False),
        sa.CheckConstraint("step IN ('reviewing', 'discussion')", name=op.f("ck_planned_step_step_word")),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_planned_step_call_id_call")),
        sa.ForeignKeyConstraint(
            ["planned_by"], ["person.id"], name=op.f("fk_planned_step_planned_by_person")
        ),
        sa.PrimaryKeyConstraint("call_id", "step", name=op.f("pk_planned_step")),
    )
    op.create_table(
        "blind_lift",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_at", moment(), nullable=False),
        sa.Column("reason", words(), nullable=False),
        sa.Column("confirmed_by", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", moment(), nullable=True),
        sa.Column("ended_at", moment(), nullable=True),
        sa.CheckConstraint(
            "(confirmed_by IS NULL) = (confirmed_at IS NULL)",
            name=op.f("ck_blind_lift_confirmed_by_somebody"),
        ),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_blind_lift_call_id_call")),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_blind_lift_asked_by_person")),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["person.id"], name=op.f("fk_blind_lift_confirmed_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blind_lift")),
    )
    op.create_index("ix_blind_lift_call_id", "blind_lift", ["call_id"])
    op.create_index(
        "uq_blind_lift_standing",
        "blind_lift",
        ["call_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("blind_lift")
    op.drop_table("planned_step")
    for column in ("returned_note", "returned_at"):
        op.drop_column("review", column)
    for column in ("discussion_opened_at", "divergence_steps", "divergence_points", "discussion"):
        op.drop_column("call", column)
