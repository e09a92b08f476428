"""Reviewers read cleared copies only; a coordinator decides what they may read.

Revision: 0017, after 0020

What reviewers have before them when this comes stays readable: it is cleared as it was sent, by nobody. What
they do not have yet waits for its coordinator.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0020"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "cleared_packet",
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("redaction", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("summary", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("theme", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("districts", JSON, nullable=False),
        sa.Column("language", sqlmodel.sql.sqltypes.AutoString(length=2), nullable=False),
        sa.Column("data", JSON, nullable=False),
        sa.Column("files", JSON, nullable=False),
        sa.Column("changes", JSON, nullable=False),
        sa.Column("cleared_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("cleared_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_cleared_packet_application_id_application")
        ),
        sa.ForeignKeyConstraint(
            ["cleared_by"], ["person.id"], name=op.f("fk_cleared_packet_cleared_by_person")
        ),
        sa.PrimaryKeyConstraint("application_id", name=op.f("pk_cleared_packet")),
    )
    op.create_table(
        "redaction",
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("texts", JSON, nullable=False),
        sa.Column("files", JSON, nullable=False),
        sa.Column("decided_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_redaction_application_id_application")
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_redaction_decided_by_person")),
        sa.PrimaryKeyConstraint("application_id", name=op.f("pk_redaction")),
    )
    op.execute(
        """
        INSERT INTO cleared_packet (application_id, number, redaction, version, title, summary, theme,
            districts, language, data, files, changes, cleared_at, cleared_by)
        SELECT application.id, sending.number, 0, 1, packet.title, packet.summary, packet.theme,
            packet.districts, packet.language, packet.data, packet.files, '{}',
            call.reviewing_opened_at, NULL
        FROM application
        JOIN call ON call.id = application.call_id AND call.reviewing_opened_at IS NOT NULL
        JOIN sending ON sending.application_id = application.id
            AND sending.number = application.counts_number
        JOIN packet ON packet.sending_id = sending.id
        WHERE application.status IN ('in_review', 'awarded', 'not_selected')
        """
    )


def downgrade() -> None:
    op.drop_table("redaction")
    op.drop_table("cleared_packet")
