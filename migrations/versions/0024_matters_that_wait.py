"""Suspected ties and third reviews that wait, kept so that the desk counts them without finding them.

Revision: 0024, after 0022
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """There are none until the job worker has looked."""
    op.create_table(
        "matter",
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('suspected', 'third')", name=op.f("ck_matter_kind_word")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_matter_application_id_application")
        ),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_matter_call_id_call")),
        sa.PrimaryKeyConstraint("application_id", "kind", name=op.f("pk_matter")),
    )
    op.create_index(op.f("ix_matter_call_id"), "matter", ["call_id"])
    op.create_table(
        "matter_basis",
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.CheckConstraint("kind IN ('suspected', 'third')", name=op.f("ck_matter_basis_kind_word")),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_matter_basis_call_id_call")),
        sa.PrimaryKeyConstraint("call_id", "kind", name=op.f("pk_matter_basis")),
    )


def downgrade() -> None:
    op.drop_table("matter_basis")
    op.drop_table("matter")
