"""a question of the call's own, with its answers

Revision: 0042, after 0041
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

Json = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    """Calls that are there ask none."""
    op.add_column("call", sa.Column("own_question", Json, nullable=False, server_default=sa.text("'{}'")))


def downgrade() -> None:
    op.drop_column("call", "own_question")
