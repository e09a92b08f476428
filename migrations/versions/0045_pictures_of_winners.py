"""a public winner is shown with a picture

Revision: 0045, after 0044
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

TABLE = "winner_picture"
Json = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")


def upgrade() -> None:
    """No winner has one yet."""
    op.create_table(
        TABLE,
        sa.Column("result_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True),
        sa.Column("media_type", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("alt", Json, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("chosen_by", sa.Integer(), nullable=False),
        sa.Column("changed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["result_id"], ["published_result.id"], name=op.f(f"fk_{TABLE}_result_id_published_result")
        ),
        sa.ForeignKeyConstraint(["chosen_by"], ["person.id"], name=op.f(f"fk_{TABLE}_chosen_by_person")),
        sa.PrimaryKeyConstraint("result_id", name=op.f(f"pk_{TABLE}")),
    )


def downgrade() -> None:
    """Only the pictures go; the results stay."""
    op.drop_table(TABLE)
