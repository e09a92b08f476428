"""A review says how sure it is and has a note for the panel; what was sent changes for a kept reason.

Revision: 0020, after 0015
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0020"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    words, moment = sqlmodel.sql.sqltypes.AutoString, sqlmodel.sql.sqltypes.UTCDateTime
    op.add_column("assignment", sa.Column("set_aside_at", moment(), nullable=True))
    op.add_column("assignment", sa.Column("read_version", sa.Integer(), nullable=True))
    op.add_column("review", sa.Column("panel_note", words(), nullable=False, server_default=""))
    # By hand: Alembic gives SQLite no column with a check.
    op.execute(
        "ALTER TABLE review ADD COLUMN confidence VARCHAR(40) "
        "CONSTRAINT ck_review_confidence_word CHECK (confidence IN ('low', 'medium', 'high'))"
    )
    op.add_column("review_version", sa.Column("reason", words(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("review_version", "reason")
    op.drop_column("review", "confidence")
    op.drop_column("review", "panel_note")
    op.drop_column("assignment", "read_version")
    op.drop_column("assignment", "set_aside_at")
