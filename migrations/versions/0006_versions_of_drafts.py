"""Versions of drafts: what a section held before it was changed, and what of it was sent.

Revision: 0006, after 0002
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0004"
branch_labels = None
depends_on = None

TABLES = ("draft_version", "identity_draft_version")


def upgrade() -> None:
    for table in TABLES:
        op.create_table(
            table,
            sa.Column("application_id", sa.Integer(), nullable=False),
            sa.Column("section", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
            sa.Column("version", sa.Integer(), nullable=False),
            sa.Column("data", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
            sa.Column("saved_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
            sa.Column("saved_by", sa.Integer(), nullable=False),
            sa.Column("kept_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
            sa.Column("sent_number", sa.Integer(), nullable=True),
            sa.ForeignKeyConstraint(
                ["application_id"], ["application.id"], name=op.f(f"fk_{table}_application_id_application")
            ),
            sa.ForeignKeyConstraint(["saved_by"], ["person.id"], name=op.f(f"fk_{table}_saved_by_person")),
            sa.PrimaryKeyConstraint("application_id", "section", "version", name=op.f(f"pk_{table}")),
        )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
