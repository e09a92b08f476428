"""An assignment is proposed, looked at and changed before reviewers get it.

Revision: 0019, after 0018
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
    op.create_table(
        "assignment_proposal",
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("made_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("ended_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("rules", json, nullable=False),
        sa.Column("basis", json, nullable=False),
        sa.Column("added", json, nullable=False),
        sa.Column("taken", json, nullable=False),
        sa.Column("kept", json, nullable=False),
        sa.Column("closed", json, nullable=False),
        sa.Column("handed_on", json, nullable=False),
        sa.Column("shortage", json, nullable=True),
        sa.Column("groups", sa.Integer(), nullable=False),
        sa.Column("firmness", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_assignment_proposal_call_id_call")),
        sa.PrimaryKeyConstraint("call_id", name=op.f("pk_assignment_proposal")),
    )


def downgrade() -> None:
    op.drop_table("assignment_proposal")
