"""why somebody else of a reserve list than the next comes up, and the groups that calibration knows

Revision: 0039, after 0038
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0039"
down_revision = "0040"
branch_labels = None
depends_on = None

Instant = sqlmodel.sql.sqltypes.UTCDateTime
TABLE = "reserve_departure"


def upgrade() -> None:
    """Calls that are there know no groups and estimate nothing."""
    op.create_table(
        TABLE,
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=False),
        sa.Column("decided_at", Instant(), nullable=False),
        sa.Column("confirmed_by", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", Instant(), nullable=True),
        sa.CheckConstraint(
            "(confirmed_by IS NULL) = (confirmed_at IS NULL)", name=op.f(f"ck_{TABLE}_confirmed_by_somebody")
        ),
        *_keys(application_id="application", round_id="award_round"),
        *_keys(decided_by="person", confirmed_by="person"),
        sa.PrimaryKeyConstraint("application_id", "round_id", name=op.f(f"pk_{TABLE}")),
    )
    # By hand: SQLite takes a CHECK along with a new column, and would write the table anew otherwise.
    op.execute(
        "ALTER TABLE call ADD COLUMN strata VARCHAR(40) "
        "CONSTRAINT ck_call_strata_word CHECK (strata IN ('theme', 'language'))"
    )
    op.add_column("call", sa.Column("impute", sa.Boolean(), nullable=False, server_default=sa.false()))


def _keys(**columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{TABLE}_{column}_{target}"))
        for column, target in columns.items()
    ]


def downgrade() -> None:
    op.drop_column("call", "impute")
    op.drop_column("call", "strata")
    op.drop_table(TABLE)
