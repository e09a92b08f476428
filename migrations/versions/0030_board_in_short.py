"""what the board says of a row, in one flat list beside it

Revision: 0030, after 0032
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0030"
down_revision = "0032"
branch_labels = None
depends_on = None

Json = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    """What was ordered before has none until it is ordered anew; the board then shows its order alone."""
    op.add_column("ranking_entry", sa.Column("in_short", Json, nullable=True))


def downgrade() -> None:
    op.drop_column("ranking_entry", "in_short")
