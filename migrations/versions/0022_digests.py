"""Whether somebody has stopped the weekly digest of reviews.

Revision ID: 0022
Revises: 0020
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody has."""
    op.add_column("person", sa.Column("digests_stopped_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Everybody gets it again."""
    op.drop_column("person", "digests_stopped_at")
