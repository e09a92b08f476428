"""a juror's link goes by mail, and whoever walks in is counted

The audience's triggers count walk-ins too, at the same place: the event's CHECK refuses one too many.

Revision: 0040, after 0038
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0040"
down_revision = "0038"
branch_labels = None
depends_on = None

Instant = sqlmodel.sql.sqltypes.UTCDateTime
Words = sqlmodel.sql.sqltypes.AutoString
SQLITE = {
    "walk_in_added": """AFTER INSERT ON walk_in
        BEGIN UPDATE event SET seated = seated + 1 WHERE round_id = NEW.round_id; END""",
    "walk_in_removed": """AFTER DELETE ON walk_in
        BEGIN UPDATE event SET seated = seated - 1 WHERE round_id = OLD.round_id; END""",
    "walk_in_moved": """BEFORE UPDATE OF round_id ON walk_in WHEN OLD.round_id <> NEW.round_id
        BEGIN SELECT RAISE(ABORT, 'walk_in: counted at one evening'); END""",
}
COUNT = """
    BEGIN
      IF TG_OP = 'UPDATE' AND OLD.round_id <> NEW.round_id THEN
        RAISE EXCEPTION 'walk_in: counted at one evening' USING ERRCODE = '23514';
      END IF;
      IF TG_OP = 'DELETE' THEN
        UPDATE event SET seated = seated - 1 WHERE round_id = OLD.round_id;
      END IF;
      IF TG_OP = 'INSERT' THEN
        UPDATE event SET seated = seated + 1 WHERE round_id = NEW.round_id;
      END IF;
      RETURN NULL;
    END"""


def upgrade() -> None:
    """Who is on a jury already is written to in Kazakh until somebody says otherwise, and has no link by mail
    before the next card."""
    op.execute("ALTER TABLE juror_contact ADD COLUMN language VARCHAR(2) NOT NULL DEFAULT 'kk'")
    op.execute("ALTER TABLE juror_contact ADD COLUMN nonce VARCHAR(64) NOT NULL DEFAULT ''")
    op.execute(
        "ALTER TABLE mail ADD COLUMN juror_id INTEGER CONSTRAINT fk_mail_juror_id_juror REFERENCES juror (id)"
    )
    op.create_index("ix_mail_juror_id", "mail", ["juror_id"])
    op.create_table(
        "walk_in",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("code", Words(length=16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", Words(length=200), nullable=False),
        sa.Column("came_at", Instant(), nullable=False),
        sa.Column("counted_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["event.round_id"], name=op.f("fk_walk_in_round_id_event")),
        sa.ForeignKeyConstraint(["counted_by"], ["person.id"], name=op.f("fk_walk_in_counted_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_walk_in")),
        sa.UniqueConstraint("code", name=op.f("uq_walk_in_code")),
        sa.UniqueConstraint("round_id", "number", name=op.f("uq_walk_in_round_id_number")),
    )
    if op.get_bind().dialect.name == "sqlite":
        for name, words in SQLITE.items():
            op.execute(f"CREATE TRIGGER {name} {words}")
        return
    op.execute(f"CREATE FUNCTION count_walk_ins() RETURNS trigger LANGUAGE plpgsql AS $${COUNT} $$")
    op.execute(
        "CREATE TRIGGER walk_in_counted AFTER INSERT OR UPDATE OF round_id OR DELETE ON walk_in "
        "FOR EACH ROW EXECUTE FUNCTION count_walk_ins()"
    )
    op.execute(
        "CREATE TRIGGER walk_in_whole BEFORE TRUNCATE ON walk_in "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncation()"
    )


def downgrade() -> None:
    """Take mail to jurors away, and whoever walked in: a place each is free again."""
    op.execute("DELETE FROM mail WHERE juror_id IS NOT NULL")
    op.drop_index("ix_mail_juror_id", "mail")
    op.drop_column("mail", "juror_id")
    op.execute("DELETE FROM walk_in")
    op.drop_table("walk_in")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION count_walk_ins()")
    op.drop_column("juror_contact", "nonce")
    op.drop_column("juror_contact", "language")
