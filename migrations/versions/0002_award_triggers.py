"""The database keeps each round's sums and refuses change to the log, whoever writes.

Revision: 0002, after 0001
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# A round's `taken` and `committed_minor` follow the awards; its CHECKs then refuse too much.
SQLITE = (
    """CREATE TRIGGER award_added AFTER INSERT ON award BEGIN
         UPDATE award_round SET taken = taken + 1,
                committed_minor = committed_minor + COALESCE(NEW.amount_minor, 0) WHERE id = NEW.round_id;
       END""",
    """CREATE TRIGGER award_removed AFTER DELETE ON award BEGIN
         UPDATE award_round SET taken = taken - 1,
                committed_minor = committed_minor - COALESCE(OLD.amount_minor, 0) WHERE id = OLD.round_id;
       END""",
    """CREATE TRIGGER award_changed AFTER UPDATE OF round_id, amount_minor ON award BEGIN
         UPDATE award_round SET taken = taken - 1,
                committed_minor = committed_minor - COALESCE(OLD.amount_minor, 0) WHERE id = OLD.round_id;
         UPDATE award_round SET taken = taken + 1,
                committed_minor = committed_minor + COALESCE(NEW.amount_minor, 0) WHERE id = NEW.round_id;
       END""",
    """CREATE TRIGGER audit_entry_kept_1 BEFORE UPDATE ON audit_entry BEGIN
         SELECT RAISE(ABORT, 'the log is only ever appended to'); END""",
    """CREATE TRIGGER audit_entry_kept_2 BEFORE DELETE ON audit_entry BEGIN
         SELECT RAISE(ABORT, 'the log is only ever appended to'); END""",
)
POSTGRESQL = (
    """CREATE FUNCTION keep_award_round() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         IF TG_OP IN ('DELETE', 'UPDATE') THEN
           UPDATE award_round SET taken = taken - 1,
                  committed_minor = committed_minor - COALESCE(OLD.amount_minor, 0) WHERE id = OLD.round_id;
         END IF;
         IF TG_OP IN ('INSERT', 'UPDATE') THEN
           UPDATE award_round SET taken = taken + 1,
                  committed_minor = committed_minor + COALESCE(NEW.amount_minor, 0) WHERE id = NEW.round_id;
         END IF;
         RETURN NULL;
       END $$""",
    """CREATE TRIGGER award_kept AFTER INSERT OR DELETE OR UPDATE OF round_id, amount_minor ON award
       FOR EACH ROW EXECUTE FUNCTION keep_award_round()""",
    """CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN RAISE EXCEPTION 'the log is only ever appended to'; END $$""",
    """CREATE TRIGGER audit_entry_kept BEFORE UPDATE OR DELETE ON audit_entry
       FOR EACH ROW EXECUTE FUNCTION refuse_change()""",
)


def upgrade() -> None:
    """Put the triggers in place."""
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    """Take the triggers away."""
    if op.get_bind().dialect.name == "sqlite":
        for name in (
            "award_added",
            "award_removed",
            "award_changed",
            "audit_entry_kept_1",
            "audit_entry_kept_2",
        ):
            op.execute(f"DROP TRIGGER {name}")
        return
    op.execute("DROP TRIGGER award_kept ON award")
    op.execute("DROP FUNCTION keep_award_round()")
    op.execute("DROP TRIGGER audit_entry_kept ON audit_entry")
    op.execute("DROP FUNCTION refuse_change()")
