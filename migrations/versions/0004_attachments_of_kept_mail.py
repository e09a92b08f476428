"""What is attached to a mail is kept with it in the development mailbox.

Revision: 0004, after 0002
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One table more."""
    op.create_table(
        "development_attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mail_id", sa.Integer(), nullable=False),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("media_type", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["mail_id"],
            ["development_mail.id"],
            name=op.f("fk_development_attachment_mail_id_development_mail"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_development_attachment")),
        sa.UniqueConstraint("code", name=op.f("uq_development_attachment_code")),
    )
    with op.batch_alter_table("development_attachment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_development_attachment_mail_id"), ["mail_id"], unique=False)


def downgrade() -> None:
    """The mails stay, without what was attached."""
    with op.batch_alter_table("development_attachment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_development_attachment_mail_id"))
    op.drop_table("development_attachment")
