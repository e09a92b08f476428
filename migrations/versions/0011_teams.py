"""Teams: a code and a version of each membership, invitations by mail, and who is at work where.

Revision: 0011, after 0010
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

from app.random_codes import random_code

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, and give each membership that there is a code of its own."""
    words = sqlmodel.sql.sqltypes.AutoString
    moment = sqlmodel.sql.sqltypes.UTCDateTime
    op.add_column("applicant", sa.Column("code", words(length=16), nullable=False, server_default=""))
    op.add_column("applicant", sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    name_memberships()
    op.create_index("uq_applicant_code", "applicant", ["code"], unique=True)
    op.create_table(
        "invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("email", words(length=254), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("language", words(length=2), nullable=False),
        sa.Column("code", words(length=16), nullable=False),
        sa.Column("nonce", words(length=64), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("mails", sa.Integer(), nullable=False),
        sa.Column("invited_by", sa.Integer(), nullable=False),
        sa.Column("invited_at", moment(), nullable=False),
        sa.Column("expires_at", moment(), nullable=False),
        sa.Column("answered_at", moment(), nullable=True),
        sa.CheckConstraint("role IN ('owner', 'editor', 'reader')", name=op.f("ck_invitation_role_word")),
        sa.CheckConstraint(
            "state IN ('pending', 'accepted', 'declined')", name=op.f("ck_invitation_state_word")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_invitation_application_id_application")
        ),
        sa.ForeignKeyConstraint(["invited_by"], ["person.id"], name=op.f("fk_invitation_invited_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("application_id", "email", name=op.f("uq_invitation_application_id_email")),
        sa.UniqueConstraint("code", name=op.f("uq_invitation_code")),
    )
    op.create_index(op.f("ix_invitation_email"), "invitation", ["email"])
    op.create_table(
        "presence",
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("section", words(length=40), nullable=False),
        sa.Column("taken_at", moment(), nullable=False),
        sa.Column("seen_at", moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_presence_application_id_application")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_presence_person_id_person")),
        sa.PrimaryKeyConstraint("application_id", "person_id", name=op.f("pk_presence")),
    )
    # By hand, as in 0003: Alembic gives SQLite no column with a foreign key.
    op.execute(
        "ALTER TABLE mail ADD COLUMN invitation_id INTEGER "
        "CONSTRAINT fk_mail_invitation_id_invitation REFERENCES invitation (id)"
    )
    op.create_index("ix_mail_invitation_id", "mail", ["invitation_id"])


def name_memberships() -> None:
    """Random codes, as new memberships get them."""
    connection = op.get_bind()
    keys = connection.execute(sa.text("SELECT application_id, person_id FROM applicant")).all()
    for application, person in keys:
        connection.execute(
            sa.text("UPDATE applicant SET code = :code WHERE application_id = :a AND person_id = :p"),
            {"code": random_code(), "a": application, "p": person},
        )


def downgrade() -> None:
    """Drop them; who joined stays in the team."""
    op.execute("DELETE FROM mail WHERE invitation_id IS NOT NULL")
    op.drop_index("ix_mail_invitation_id", "mail")
    op.drop_column("mail", "invitation_id")
    op.drop_table("presence")
    op.drop_table("invitation")
    op.drop_index("uq_applicant_code", "applicant")
    op.drop_column("applicant", "version")
    op.drop_column("applicant", "code")
