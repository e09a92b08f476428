"""a partner organisation is shown by its logo

Revision: 0044, after 0047
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0044"
down_revision = "0047"
branch_labels = None
depends_on = None

TABLE = "partner_logo"


def upgrade() -> None:
    """No organisation has one yet."""
    op.create_table(
        TABLE,
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f(f"fk_{TABLE}_call_id_call")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f(f"fk_{TABLE}_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("call_id", "organisation_id", name=op.f(f"pk_{TABLE}")),
    )


def downgrade() -> None:
    """Only the pictures go; names stay."""
    op.drop_table(TABLE)
