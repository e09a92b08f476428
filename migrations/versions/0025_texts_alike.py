"""How much two texts have in common, counted when they are sent, and which pairs a coordinator set aside.

What was kept of sendings is made anew by the job worker, within a minute for each few hundred.

Revision: 0025, after 0029
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0025"
down_revision = "0029"
branch_labels = None
depends_on = None

KINDS = "kind IN ('account', 'phone', 'email', 'bin', 'address', 'name', 'text')"


def upgrade() -> None:
    op.create_table(
        "text_likeness",
        sa.Column("sending_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["sending_id"], ["sending.id"], name="fk_text_likeness_sending_id_sending"),
        sa.ForeignKeyConstraint(["other_id"], ["sending.id"], name="fk_text_likeness_other_id_sending"),
        sa.PrimaryKeyConstraint("sending_id", "other_id", name="pk_text_likeness"),
    )
    op.create_index("ix_text_likeness_other_id", "text_likeness", ["other_id"])
    op.create_table(
        "set_aside",
        sa.Column("one_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(length=1000), nullable=False),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.CheckConstraint("one_id < other_id", name="ck_set_aside_in_order"),
        sa.CheckConstraint(KINDS, name="ck_set_aside_kind_word"),
        sa.ForeignKeyConstraint(["one_id"], ["application.id"], name="fk_set_aside_one_id_application"),
        sa.ForeignKeyConstraint(["other_id"], ["application.id"], name="fk_set_aside_other_id_application"),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name="fk_set_aside_by_person"),
        sa.PrimaryKeyConstraint("one_id", "other_id", "kind", name="pk_set_aside"),
    )
    op.create_index("ix_set_aside_other_id", "set_aside", ["other_id"])
    op.execute("DELETE FROM trace_key")
    op.execute("DELETE FROM trace")


def downgrade() -> None:
    op.drop_table("set_aside")
    op.drop_table("text_likeness")
