"""how many applications count is kept, and letters that were given up are found without reading every letter

Revision: 0047, after 0039
"""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0039"
branch_labels = None
depends_on = None

FAILED = sa.text("state = 'failed'")
COUNT = """
UPDATE call_tally SET applications = (
    SELECT count(*) FROM application WHERE application.call_id = call_tally.call_id
    AND counts_number IS NOT NULL AND status NOT IN ('refused', 'withdrawn'))
"""
# A change of one that is there has its trigger already.
SQLITE = """CREATE TRIGGER application_{name} AFTER {act} ON application
    WHEN {row}.counts_number IS NOT NULL BEGIN
        INSERT INTO tally_mark (call_id, kind, key) SELECT {row}.call_id, 'application', {row}.id
        WHERE NOT EXISTS (SELECT 1 FROM tally_mark
            WHERE call_id = {row}.call_id AND kind = 'application' AND key = {row}.id);
    END"""
POSTGRESQL = """CREATE TRIGGER application_{name} AFTER {act} ON application FOR EACH ROW
    WHEN ({row}.counts_number IS NOT NULL) EXECUTE FUNCTION mark_application_{name}()"""
FUNCTION = """CREATE FUNCTION mark_application_{name}() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO tally_mark (call_id, kind, key) VALUES ({row}.call_id, 'application', {row}.id);
      RETURN NULL;
    END$$"""
TRIGGERS = (
    {"name": "marks_2", "act": "INSERT", "row": "NEW"},
    {"name": "marks_3", "act": "DELETE", "row": "OLD"},
)


def upgrade() -> None:
    """What is kept already is counted here; whatever is marked is counted anew by whoever keeps it."""
    op.create_index("ix_mail_failed", "mail", ["id"], sqlite_where=FAILED, postgresql_where=FAILED)
    op.add_column("call_tally", sa.Column("applications", sa.Integer(), nullable=False, server_default="0"))
    op.execute(COUNT)
    sqlite = op.get_bind().dialect.name == "sqlite"
    for each in TRIGGERS:
        if not sqlite:
            op.execute(FUNCTION.format(**each))
        op.execute((SQLITE if sqlite else POSTGRESQL).format(**each))


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for each in TRIGGERS:
        op.execute(f"DROP TRIGGER application_{each['name']}{'' if sqlite else ' ON application'}")
        if not sqlite:
            op.execute(f"DROP FUNCTION mark_application_{each['name']}()")
    op.drop_column("call_tally", "applications")
    op.drop_index("ix_mail_failed", "mail")
