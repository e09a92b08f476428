"""Ties of people on the panel with applications: declared, pinned, or decided on a suspicion.

Revision: 0018, after 0014
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0018"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    words, moment = sqlmodel.sql.sqltypes.AutoString, sqlmodel.sql.sqltypes.UTCDateTime
    op.create_table(
        "conflict",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("ground", sa.String(length=40), nullable=False),
        sa.Column("evidence", words(length=300), nullable=False),
        sa.Column("stands", sa.Boolean(), nullable=False),
        sa.Column("reason", words(length=1000), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=False),
        sa.Column("decided_at", moment(), nullable=False),
        sa.CheckConstraint(
            "ground IN ('declared', 'pinned', 'organisation', 'domain', 'name')",
            name=op.f("ck_conflict_ground_word"),
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_conflict_application_id_application")
        ),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_conflict_call_id_call")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_conflict_decided_by_person")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_conflict_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conflict")),
        sa.UniqueConstraint(
            "application_id",
            "person_id",
            "ground",
            "evidence",
            name=op.f("uq_conflict_application_id_person_id_ground_evidence"),
        ),
    )
    op.create_index(op.f("ix_conflict_call_id"), "conflict", ["call_id"])
    op.create_index("ix_conflict_whose", "conflict", ["person_id", "call_id", "stands"])


def downgrade() -> None:
    op.drop_table("conflict")
