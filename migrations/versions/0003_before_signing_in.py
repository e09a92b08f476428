"""What a call says before anybody signs in, and consents that can be taken back and given again.

Revision: 0003, after 0002
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
OF_A_CALL = {"help_hours": "{}", "faq": "[]", "eligibility": "{}"}
GIVEN = sa.text("withdrawn_at IS NULL")
ONE_OF_EACH_TEXT = "uq_consent_application_id_person_id_kind_text_version"


def copy_consents(*constraints: sa.UniqueConstraint) -> None:
    """SQLite takes no constraint away from a table: the rows move into one that is made anew.

    By hand, since Alembic writes the keys of a copied table in any order, and equal demos are equal bytes.
    """
    op.create_table(
        "consent_anew",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("text_version", sa.String(40), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("given_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("withdrawn_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name="fk_consent_application_id_application"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_consent_person_id_person"),
        sa.PrimaryKeyConstraint("id", name="pk_consent"),
        *constraints,
    )
    op.execute("INSERT INTO consent_anew SELECT * FROM consent")
    op.drop_table("consent")
    op.rename_table("consent_anew", "consent")


def on_sqlite() -> bool:
    """Whether this is the engine that cannot change a table's constraints."""
    return op.get_context().dialect.name == "sqlite"


def upgrade() -> None:
    for name, empty in OF_A_CALL.items():
        op.add_column("call", sa.Column(name, JSON, nullable=False, server_default=sa.text(f"'{empty}'")))
    op.add_column("call", sa.Column("past_numbers", JSON, nullable=True))
    op.add_column("application", sa.Column("checked", JSON, nullable=True))
    op.create_table(
        "opening_reminder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("code", sa.String(64), nullable=False),
        sa.Column("text_version", sa.String(40), nullable=False),
        sa.Column("agreed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name="fk_opening_reminder_call_id_call"),
        sa.PrimaryKeyConstraint("id", name="pk_opening_reminder"),
        sa.UniqueConstraint("call_id", "email", name="uq_opening_reminder_call_id_email"),
        sa.UniqueConstraint("code", name="uq_opening_reminder_code"),
    )
    # By hand: Alembic gives SQLite no column with a foreign key, and copying the table loses its CHECKs.
    op.execute(
        "ALTER TABLE mail ADD COLUMN reminder_id INTEGER "
        "CONSTRAINT fk_mail_reminder_id_opening_reminder REFERENCES opening_reminder (id)"
    )
    op.create_index("ix_mail_reminder_id", "mail", ["reminder_id"])
    if on_sqlite():
        copy_consents()
    else:
        op.drop_constraint(ONE_OF_EACH_TEXT, "consent", type_="unique")
    op.create_index(
        "uq_consent_given",
        "consent",
        ["application_id", "person_id", "kind"],
        unique=True,
        sqlite_where=GIVEN,
        postgresql_where=GIVEN,
    )


def downgrade() -> None:
    op.drop_index("uq_consent_given", "consent")
    # The older table has room for one row of each text: the last word on it stays.
    op.execute(
        "DELETE FROM consent WHERE id NOT IN "
        "(SELECT max(id) FROM consent GROUP BY application_id, person_id, kind, text_version)"
    )
    each_text = ["application_id", "person_id", "kind", "text_version"]
    if on_sqlite():
        copy_consents(sa.UniqueConstraint(*each_text, name=ONE_OF_EACH_TEXT))
    else:
        op.create_unique_constraint(ONE_OF_EACH_TEXT, "consent", each_text)
    op.execute("DELETE FROM mail WHERE reminder_id IS NOT NULL")
    op.drop_index("ix_mail_reminder_id", "mail")
    op.drop_column("mail", "reminder_id")
    op.drop_table("opening_reminder")
    op.drop_column("application", "checked")
    for name in ("past_numbers", *reversed(OF_A_CALL)):
        op.drop_column("call", name)
