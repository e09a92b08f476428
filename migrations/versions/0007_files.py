"""files of an application: clean copies, what they were, and which of them were sent

Revision: 0007, after 0002
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "application_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sqlmodel.sql.sqltypes.AutoString(length=250), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("media_type", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("sha256", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("preview_sha256", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("sent", sa.Boolean(), nullable=False),
        sa.Column("added_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("removed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.CheckConstraint("kind IN ('picture', 'document')", name=op.f("ck_application_file_kind_word")),
        sa.CheckConstraint("state IN ('kept', 'removed')", name=op.f("ck_application_file_state_word")),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_application_file_application_id_application"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_file")),
        sa.UniqueConstraint("code", name=op.f("uq_application_file_code")),
    )
    op.create_index("ix_application_file_of", "application_file", ["application_id", "state", "position"])
    op.create_table(
        "original_file",
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=255), nullable=False),
        sa.Column("media_type", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("sha256", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("text", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"], ["application_file.id"], name=op.f("fk_original_file_file_id_application_file")
        ),
        sa.ForeignKeyConstraint(["added_by"], ["person.id"], name=op.f("fk_original_file_added_by_person")),
        sa.PrimaryKeyConstraint("file_id", name=op.f("pk_original_file")),
    )
    json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
    # What was sent before there were files has none.
    op.add_column("packet", sa.Column("files", json, nullable=False, server_default=sa.text("'[]'")))


def downgrade() -> None:
    op.drop_column("packet", "files")
    op.drop_table("original_file")
    op.drop_table("application_file")
