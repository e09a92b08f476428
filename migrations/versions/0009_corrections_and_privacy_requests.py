"""corrections on request, requests about one's own data, and sums of answers that are nobody's

Revision: 0009, after 0002
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

OPEN_CORRECTION = sa.text("answered_at IS NULL AND closed_at IS NULL")
OPEN_ERASURE = sa.text("kind = 'erase' AND finished_at IS NULL AND called_off_at IS NULL")


def upgrade() -> None:
    """Make the tables."""
    json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
    moment = sqlmodel.sql.sqltypes.UTCDateTime
    words = sqlmodel.sql.sqltypes.AutoString
    op.create_table(
        "correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("question", words(length=2000), nullable=False),
        sa.Column("fields", json, nullable=False),
        sa.Column("asked_number", sa.Integer(), nullable=False),
        sa.Column("asked_at", moment(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("due_at", moment(), nullable=False),
        sa.Column("answered_at", moment(), nullable=True),
        sa.Column("answered_number", sa.Integer(), nullable=True),
        sa.Column("closed_at", moment(), nullable=True),
        sa.CheckConstraint("answered_at IS NULL OR closed_at IS NULL", name=op.f("ck_correction_one_end")),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (answered_number IS NULL)",
            name=op.f("ck_correction_answer_is_a_sending"),
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_correction_application_id_application")
        ),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_correction_asked_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
    )
    op.create_index("ix_correction_application", "correction", ["application_id"])
    op.create_index(
        "uq_correction_open",
        "correction",
        ["application_id"],
        unique=True,
        sqlite_where=OPEN_CORRECTION,
        postgresql_where=OPEN_CORRECTION,
    )
    op.create_table(
        "privacy_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("asked_at", moment(), nullable=False),
        sa.Column("due_at", moment(), nullable=False),
        sa.Column("next_at", moment(), nullable=True),
        sa.Column("done_at", moment(), nullable=True),
        sa.Column("finished_at", moment(), nullable=True),
        sa.Column("called_off_at", moment(), nullable=True),
        sa.Column("detail", json, nullable=False),
        sa.CheckConstraint(
            "kind IN ('export', 'correct', 'erase')", name=op.f("ck_privacy_request_kind_word")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_privacy_request_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_privacy_request")),
    )
    op.create_index(op.f("ix_privacy_request_next_at"), "privacy_request", ["next_at"])
    op.create_index(op.f("ix_privacy_request_person_id"), "privacy_request", ["person_id"])
    op.create_index(
        "uq_privacy_request_open",
        "privacy_request",
        ["person_id"],
        unique=True,
        sqlite_where=OPEN_ERASURE,
        postgresql_where=OPEN_ERASURE,
    )
    op.create_table(
        "privacy_request_application",
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("ref", words(length=20), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["privacy_request.id"],
            name=op.f("fk_privacy_request_application_request_id_privacy_request"),
        ),
        sa.ForeignKeyConstraint(
            ["call_id"], ["call.id"], name=op.f("fk_privacy_request_application_call_id_call")
        ),
        sa.PrimaryKeyConstraint("request_id", "ref", name=op.f("pk_privacy_request_application")),
    )
    op.create_index(
        op.f("ix_privacy_request_application_call_id"), "privacy_request_application", ["call_id"]
    )
    op.create_table(
        "tally",
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("question", words(length=40), nullable=False),
        sa.Column("answer", words(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_tally_some")),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_tally_call_id_call")),
        sa.PrimaryKeyConstraint("call_id", "question", "answer", name=op.f("pk_tally")),
    )
    op.create_table(
        "tallied",
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_tallied_call_id_call")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_tallied_person_id_person")),
        sa.PrimaryKeyConstraint("call_id", "person_id", name=op.f("pk_tallied")),
    )


def downgrade() -> None:
    """Drop them."""
    for name in ("tallied", "tally", "privacy_request_application", "privacy_request", "correction"):
        op.drop_table(name)
