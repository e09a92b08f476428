"""Checks of what reviewers could read, made reviewer by reviewer.

Revision: 0023, after 0019
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

from app.models.columns import Json

revision = "0023"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    words, moment = sqlmodel.sql.sqltypes.AutoString, sqlmodel.sql.sqltypes.UTCDateTime
    op.create_table(
        "blindness_proof",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=True),
        sa.Column("asked_at", moment(), nullable=False),
        sa.Column("reached", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("claimed_until", moment(), nullable=True),
        sa.Column("done_at", moment(), nullable=True),
        sa.Column("report", Json, nullable=False),
        sa.Column("digest", words(length=64), nullable=False),
        sa.CheckConstraint("state IN ('running', 'done', 'failed')", name="ck_blindness_proof_state_word"),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name="fk_blindness_proof_asked_by_person"),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name="fk_blindness_proof_call_id_call"),
        sa.PrimaryKeyConstraint("id", name="pk_blindness_proof"),
        sa.UniqueConstraint("call_id", "number", name="uq_blindness_proof_call_id_number"),
    )
    waits = sa.text("state = 'running'")
    op.create_index(
        "uq_blindness_proof_running",
        "blindness_proof",
        ["call_id"],
        unique=True,
        sqlite_where=waits,
        postgresql_where=waits,
    )


def downgrade() -> None:
    op.drop_table("blindness_proof")
