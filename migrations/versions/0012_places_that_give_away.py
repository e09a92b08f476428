"""places that may give an applicant away: what of a sending is to be covered, and what was left to be

Revision: 0012, after 0010
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

KINDS = ("own_name", "team_name", "organisation", "address", "email", "phone", "handle", "link", "bin")


def upgrade() -> None:
    """Make the tables."""
    json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
    moment = sqlmodel.sql.sqltypes.UTCDateTime
    words = sqlmodel.sql.sqltypes.AutoString
    op.create_table(
        "leak_left",
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("code", words(length=40), nullable=False),
        sa.Column("left_by", sa.Integer(), nullable=False),
        sa.Column("left_at", moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_leak_left_application_id_application")
        ),
        sa.ForeignKeyConstraint(["left_by"], ["person.id"], name=op.f("fk_leak_left_left_by_person")),
        sa.PrimaryKeyConstraint("application_id", "code", name=op.f("pk_leak_left")),
    )
    op.create_table(
        "sent_leak",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sending_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("sure", sa.Boolean(), nullable=False),
        sa.Column("section", words(length=40), nullable=False),
        sa.Column("field", words(length=100), nullable=False),
        sa.Column("file_number", sa.Integer(), nullable=True),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("spans", json, nullable=False),
        sa.Column("left_by_applicant", sa.Boolean(), nullable=False),
        sa.CheckConstraint(f"kind IN {KINDS}", name=op.f("ck_sent_leak_kind_word")),
        sa.ForeignKeyConstraint(["sending_id"], ["sending.id"], name=op.f("fk_sent_leak_sending_id_sending")),
        sa.ForeignKeyConstraint(
            ["file_id"], ["application_file.id"], name=op.f("fk_sent_leak_file_id_application_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sent_leak")),
        sa.UniqueConstraint("sending_id", "position", name=op.f("uq_sent_leak_sending_id_position")),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("sent_leak")
    op.drop_table("leak_left")
