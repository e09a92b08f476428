"""People without e-mail: return codes, and applications that a coordinator types in for them.

Revision: 0013, after 0010
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

NEEDED, OPTIONAL = "email VARCHAR(254) NOT NULL", "email VARCHAR(254)"


def on_sqlite() -> bool:
    """Whether this is the engine that cannot change a column."""
    return op.get_context().dialect.name == "sqlite"


def write_anew(before: str, after: str) -> None:
    """SQLite changes no column: `person` is made anew from its own words, with all its rows.

    Its rows come back before the unit ends, so that whatever points to them points to them again. By hand,
    since Alembic would drop a table to which others point, which SQLite refuses at once.
    """
    connection = op.get_bind()
    made = str(connection.scalar(sa.text("SELECT sql FROM sqlite_master WHERE name = 'person'")))
    if before not in made:
        raise RuntimeError("`person` is not as this migration knows it")
    for statement in (
        "PRAGMA defer_foreign_keys = ON",
        "CREATE TABLE person_kept AS SELECT * FROM person",
        "DELETE FROM person",
        "DROP TABLE person",
        made.replace(before, after),
        "INSERT INTO person SELECT * FROM person_kept",
        "DROP TABLE person_kept",
    ):
        op.execute(statement)


def upgrade() -> None:
    words, moment = sqlmodel.sql.sqltypes.AutoString, sqlmodel.sql.sqltypes.UTCDateTime
    if on_sqlite():
        write_anew(NEEDED, OPTIONAL)
    else:
        op.alter_column("person", "email", nullable=True)
    op.add_column("person", sa.Column("phone", words(length=40), nullable=False, server_default=""))
    op.add_column("person", sa.Column("birth_year", sa.Integer(), nullable=True))
    # By hand: Alembic gives SQLite no column with a foreign key.
    op.execute(
        "ALTER TABLE sign_in ADD COLUMN person_id INTEGER "
        "CONSTRAINT fk_sign_in_person_id_person REFERENCES person (id)"
    )
    op.create_table(
        "return_code",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", words(length=64), nullable=False),
        sa.Column("made_at", moment(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("wrong_facts", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_return_code_person_id_person")),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_return_code_made_by_person")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_return_code")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_return_code_code_hash")),
    )
    op.create_table(
        "assistance",
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("typed_by", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("consent", sa.String(length=40), nullable=False),
        sa.Column("consent_note", words(length=300), nullable=False),
        sa.Column("started_at", moment(), nullable=False),
        sa.Column("ended_at", moment(), nullable=True),
        sa.CheckConstraint(
            "channel IN ('paper', 'phone', 'in_person')", name=op.f("ck_assistance_channel_word")
        ),
        sa.CheckConstraint("consent IN ('signed', 'spoken')", name=op.f("ck_assistance_consent_word")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_assistance_application_id_application")
        ),
        sa.ForeignKeyConstraint(["typed_by"], ["person.id"], name=op.f("fk_assistance_typed_by_person")),
        sa.PrimaryKeyConstraint("application_id", name=op.f("pk_assistance")),
    )
    op.create_index(op.f("ix_assistance_typed_by"), "assistance", ["typed_by"])


def downgrade() -> None:
    op.drop_table("assistance")
    op.drop_table("return_code")
    op.execute("DELETE FROM mail WHERE sign_in_id IN (SELECT id FROM sign_in WHERE person_id IS NOT NULL)")
    op.execute("DELETE FROM sign_in WHERE person_id IS NOT NULL")
    op.drop_column("sign_in", "person_id")
    op.drop_column("person", "birth_year")
    op.drop_column("person", "phone")
    # The older table has no account without an address: one that nobody can write to stands there.
    op.execute("UPDATE person SET email = 'none-' || id || '@none.invalid' WHERE email IS NULL")
    if on_sqlite():
        write_anew(OPTIONAL, NEEDED)
    else:
        op.alter_column("person", "email", nullable=False)
