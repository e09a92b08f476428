"""the places at the line may be drawn, where a call publishes it

Revision: 0041, after 0045
"""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Calls that are there draw for nothing."""
    op.add_column("call", sa.Column("lottery", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    op.drop_column("call", "lottery")
