"""Whether somebody has stopped the weekly digest of reviews.

Revision: 0022, after 0023
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0022"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody has."""
    moment = sqlmodel.sql.sqltypes.UTCDateTime()
    op.add_column("person", sa.Column("digests_stopped_at", moment, nullable=True))


def downgrade() -> None:
    """Everybody gets it again."""
    op.drop_column("person", "digests_stopped_at")
