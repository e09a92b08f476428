"""The database refuses every false award and keeps each round's sums; the log is only ever appended to.

Whoever writes, by whatever statement: an award belongs to an application that was sent to the round's own
call, has money exactly where its round has, fits the envelope and the places, never changes its round or
its application, and stands still while its call's decision is frozen. The sums of a round are counted from
its awards each time and can be set to nothing else.

SQLite hands the conflict clause of a statement on to what its triggers do: under OR IGNORE a CHECK would
skip the update of the sums and keep the award, and OR REPLACE removes rows without their triggers. So
everything is refused by RAISE, which no clause softens, and beforehand. PostgreSQL locks call, round and
application in this order, as the application does, so that what was checked stays true until the commit.

Revision: 0002, after 0001
"""

# ruff: noqa: S608 (every word of the SQL stands in this file)

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SUMS = """(SELECT count(*) FROM award WHERE award.round_id = award_round.id),
          (SELECT COALESCE(sum(award.amount_minor), 0) FROM award WHERE award.round_id = award_round.id)"""

# ---------------------------------------------------------------- SQLite

# What `{who}` decides must not be frozen.
FROZEN = """SELECT RAISE(ABORT, 'award: the decision of its call is frozen')
            FROM award_round JOIN call ON call.id = award_round.call_id
            WHERE award_round.id = {who}.round_id AND call.decided_at IS NOT NULL;"""
MONEY = """SELECT RAISE(ABORT, 'award: money exactly where its round has money') FROM award_round
           WHERE id = NEW.round_id AND (envelope_minor IS NULL) <> (NEW.amount_minor IS NULL);"""
ENVELOPE = """SELECT RAISE(ABORT, 'award: above the envelope of its round') FROM award_round
              WHERE id = NEW.round_id
              AND committed_minor - {before} + COALESCE(NEW.amount_minor, 0) > envelope_minor;"""
COUNTED = f"UPDATE award_round SET (taken, committed_minor) = (SELECT {SUMS}) WHERE id = {{who}}.round_id;"
UNTRUE_SUMS = f"(NEW.taken, NEW.committed_minor) <> ({SUMS.replace('award_round.id', 'NEW.id')})"

SQLITE = {
    "award_refused": f"""BEFORE INSERT ON award BEGIN
        SELECT RAISE(ABORT, 'award: there is one already')
        WHERE EXISTS (SELECT 1 FROM award WHERE application_id = NEW.application_id OR id = NEW.id);
        SELECT RAISE(ABORT, 'award: not a sent application of the call of its round') WHERE NOT EXISTS (
            SELECT 1 FROM award_round JOIN application ON application.call_id = award_round.call_id
            WHERE award_round.id = NEW.round_id AND application.id = NEW.application_id
            AND application.status NOT IN ('draft', 'withdrawn') AND application.counts_number IS NOT NULL);
        {FROZEN.format(who="NEW")}
        {MONEY}
        SELECT RAISE(ABORT, 'award: no place left in its round') FROM award_round
        WHERE id = NEW.round_id AND taken >= places;
        {ENVELOPE.format(before="0")}
    END""",
    "award_added": f"AFTER INSERT ON award BEGIN {COUNTED.format(who='NEW')} END",
    "award_moved": """BEFORE UPDATE OF id, round_id, application_id ON award
        WHEN OLD.id IS NOT NEW.id OR OLD.round_id IS NOT NEW.round_id
             OR OLD.application_id IS NOT NEW.application_id
        BEGIN SELECT RAISE(ABORT, 'award: withdrawn and given again, never moved'); END""",
    "award_change_refused": f"""BEFORE UPDATE ON award BEGIN
        {FROZEN.format(who="OLD")}
        {MONEY}
        {ENVELOPE.format(before="COALESCE(OLD.amount_minor, 0)")}
    END""",
    "award_changed": f"AFTER UPDATE OF amount_minor ON award BEGIN {COUNTED.format(who='NEW')} END",
    "award_removal_refused": f"BEFORE DELETE ON award BEGIN {FROZEN.format(who='OLD')} END",
    "award_removed": f"AFTER DELETE ON award BEGIN {COUNTED.format(who='OLD')} END",
    "award_round_added": """BEFORE INSERT ON award_round
        WHEN NEW.taken <> 0 OR NEW.committed_minor <> 0
             OR EXISTS (SELECT 1 FROM award JOIN award_round ON award_round.id = award.round_id
                        WHERE award_round.id = NEW.id OR award_round.code = NEW.code)
        BEGIN SELECT RAISE(ABORT, 'award_round: a new one has no awards'); END""",
    "award_round_summed": f"""AFTER UPDATE OF taken, committed_minor ON award_round WHEN {UNTRUE_SUMS}
        BEGIN SELECT RAISE(ABORT, 'award_round: its sums are those of its awards'); END""",
    "award_round_turned": """BEFORE UPDATE OF id, call_id, code, envelope_minor ON award_round
        WHEN (OLD.id IS NOT NEW.id OR OLD.call_id IS NOT NEW.call_id OR OLD.code IS NOT NEW.code
              OR (OLD.envelope_minor IS NULL) <> (NEW.envelope_minor IS NULL))
             AND EXISTS (SELECT 1 FROM award WHERE round_id IN (OLD.id, NEW.id))
        BEGIN SELECT RAISE(ABORT, 'award_round: its call and kind stay while it has awards'); END""",
    "awarded_application_added": """BEFORE INSERT ON application
        WHEN EXISTS (SELECT 1 FROM award JOIN application ON application.id = award.application_id
                     WHERE application.id = NEW.id OR application.ref = NEW.ref
                     OR application.code = NEW.code)
        BEGIN SELECT RAISE(ABORT, 'application: this one has an award'); END""",
    "awarded_application_moved": """BEFORE UPDATE OF id, call_id ON application
        WHEN (OLD.id IS NOT NEW.id OR OLD.call_id IS NOT NEW.call_id)
             AND EXISTS (SELECT 1 FROM award WHERE application_id IN (OLD.id, NEW.id))
        BEGIN SELECT RAISE(ABORT, 'application: its call stays while it has an award'); END""",
    "audit_entry_kept_1": """BEFORE UPDATE ON audit_entry BEGIN
        SELECT RAISE(ABORT, 'the log is only ever appended to'); END""",
    "audit_entry_kept_2": """BEFORE DELETE ON audit_entry BEGIN
        SELECT RAISE(ABORT, 'the log is only ever appended to'); END""",
    "audit_entry_kept_3": """BEFORE INSERT ON audit_entry
        WHEN EXISTS (SELECT 1 FROM audit_entry WHERE id = NEW.id)
        BEGIN SELECT RAISE(ABORT, 'the log is only ever appended to'); END""",
}

# ---------------------------------------------------------------- PostgreSQL

FUNCTIONS = {
    "refuse_false_award": """
        DECLARE
          before award;
          pot award_round;
          frozen boolean;
        BEGIN
          before := CASE WHEN TG_OP = 'INSERT' THEN NEW ELSE OLD END;
          IF TG_OP = 'UPDATE' AND (NEW.id, NEW.round_id, NEW.application_id)
             IS DISTINCT FROM (OLD.id, OLD.round_id, OLD.application_id) THEN
            RAISE EXCEPTION 'award: withdrawn and given again, never moved' USING ERRCODE = '23514';
          END IF;
          SELECT call.decided_at IS NOT NULL INTO frozen FROM call
          WHERE call.id = (SELECT call_id FROM award_round WHERE id = before.round_id) FOR SHARE;
          IF frozen THEN
            RAISE EXCEPTION 'award: the decision of its call is frozen' USING ERRCODE = '23514';
          END IF;
          SELECT * INTO pot FROM award_round WHERE id = before.round_id FOR UPDATE;
          IF TG_OP = 'DELETE' THEN
            RETURN OLD;
          END IF;
          IF TG_OP = 'INSERT' THEN
            PERFORM 1 FROM application
            WHERE id = NEW.application_id AND call_id = pot.call_id
              AND status NOT IN ('draft', 'withdrawn') AND counts_number IS NOT NULL
            FOR SHARE;
            IF NOT FOUND THEN
              RAISE EXCEPTION 'award: not a sent application of the call of its round'
              USING ERRCODE = '23514';
            END IF;
            IF pot.taken >= pot.places THEN
              RAISE EXCEPTION 'award: no place left in its round' USING ERRCODE = '23514';
            END IF;
          END IF;
          IF (pot.envelope_minor IS NULL) <> (NEW.amount_minor IS NULL) THEN
            RAISE EXCEPTION 'award: money exactly where its round has money' USING ERRCODE = '23514';
          END IF;
          RETURN NEW;
        END""",
    # A second statement, so that it sees what others committed while the first waited for the lock.
    "count_awards": f"""
        DECLARE
          pot integer;
        BEGIN
          pot := CASE WHEN TG_OP = 'DELETE' THEN OLD.round_id ELSE NEW.round_id END;
          PERFORM 1 FROM award_round WHERE id = pot FOR UPDATE;
          UPDATE award_round SET (taken, committed_minor) = (SELECT {SUMS}) WHERE id = pot;
          RETURN NULL;
        END""",
    "refuse_false_round": f"""
        BEGIN
          IF TG_OP = 'UPDATE' AND (
               (NEW.id, NEW.call_id, NEW.envelope_minor IS NULL)
               IS DISTINCT FROM (OLD.id, OLD.call_id, OLD.envelope_minor IS NULL)
             ) AND EXISTS (SELECT 1 FROM award WHERE round_id IN (OLD.id, NEW.id)) THEN
            RAISE EXCEPTION 'award_round: its call and kind stay while it has awards'
            USING ERRCODE = '23514';
          END IF;
          IF {UNTRUE_SUMS} THEN
            RAISE EXCEPTION 'award_round: its sums are those of its awards' USING ERRCODE = '23514';
          END IF;
          RETURN NULL;
        END""",
    "keep_awarded_application": """
        BEGIN
          IF NEW.call_id <> OLD.call_id AND EXISTS (SELECT 1 FROM award WHERE application_id = OLD.id) THEN
            RAISE EXCEPTION 'application: its call stays while it has an award' USING ERRCODE = '23514';
          END IF;
          RETURN NULL;
        END""",
    "refuse_truncation": """
        BEGIN RAISE EXCEPTION 'award: awards are withdrawn one by one' USING ERRCODE = '23514'; END""",
    "refuse_change": """
        BEGIN RAISE EXCEPTION 'the log is only ever appended to'; END""",
}
POSTGRESQL = {
    "award_refused": ("award", "BEFORE INSERT OR UPDATE OR DELETE", "ROW", "refuse_false_award"),
    "award_counted": (
        "award",
        "AFTER INSERT OR DELETE OR UPDATE OF amount_minor",
        "ROW",
        "count_awards",
    ),
    "award_kept": ("award", "BEFORE TRUNCATE", "STATEMENT", "refuse_truncation"),
    "award_round_summed": (
        "award_round",
        "AFTER INSERT OR UPDATE OF id, call_id, envelope_minor, taken, committed_minor",
        "ROW",
        "refuse_false_round",
    ),
    "awarded_application_kept": (
        "application",
        "AFTER UPDATE OF call_id",
        "ROW",
        "keep_awarded_application",
    ),
    "audit_entry_kept": ("audit_entry", "BEFORE UPDATE OR DELETE", "ROW", "refuse_change"),
    "audit_entry_whole": ("audit_entry", "BEFORE TRUNCATE", "STATEMENT", "refuse_change"),
}


def upgrade() -> None:
    """Put the triggers in place."""
    if op.get_bind().dialect.name == "sqlite":
        for name, words in SQLITE.items():
            op.execute(f"CREATE TRIGGER {name} {words}")
        return
    for name, body in FUNCTIONS.items():
        op.execute(f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $${body} $$")
    for name, (table, when, each, function) in POSTGRESQL.items():
        op.execute(f"CREATE TRIGGER {name} {when} ON {table} FOR EACH {each} EXECUTE FUNCTION {function}()")


def downgrade() -> None:
    """Take the triggers away."""
    if op.get_bind().dialect.name == "sqlite":
        for name in SQLITE:
            op.execute(f"DROP TRIGGER {name}")
        return
    for name, (table, _, _, _) in POSTGRESQL.items():
        op.execute(f"DROP TRIGGER {name} ON {table}")
    for name in FUNCTIONS:
        op.execute(f"DROP FUNCTION {name}()")
