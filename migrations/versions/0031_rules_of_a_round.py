"""What a round's money and places are divided by, seats kept for a group, and those who stand by.

The rule of a round stays once there is an order: nobody changes it knowing who would win. After publication
an award leaves its round only if it was returned, and another one comes only for somebody of the reserve
list, before the list ends, and one for each that was returned; the database refuses everything else.

Revision: 0031, after 0025
"""

# ruff: noqa: S608 (every word of the SQL stands in this file)

from typing import Any

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0031"
down_revision = "0025"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(JSONB(), "postgresql")
INSTANT = sqlmodel.sql.sqltypes.UTCDateTime()
WHOLE = sa.Integer()
SPLITS = "'fixed', 'equal', 'asked', 'proportional', 'first_full'"

# Column of `award_round` -> its type, what is there by itself, and the CHECKs that come with it by name.
COLUMNS: dict[str, tuple[sa.types.TypeEngine[Any], str, dict[str, str]]] = {
    "least_places": (
        WHOLE,
        "",
        {"least_places": "least_places IS NULL OR (least_places > 0 AND least_places <= places)"},
    ),
    "split": (
        sa.String(length=40),
        "NOT NULL DEFAULT 'fixed'",
        {
            "split_word": f"split IN ({SPLITS})",
            "split_of_money": "split = 'fixed' OR envelope_minor IS NOT NULL",
        },
    ),
    "full_places": (
        WHOLE,
        "",
        {
            "full_places": "(split = 'first_full') = (full_places IS NOT NULL) "
            "AND (full_places IS NULL OR (full_places > 0 AND full_places <= places))"
        },
    ),
    "reserved_places": (
        WHOLE,
        "NOT NULL DEFAULT 0",
        {"reserved_places": "reserved_places >= 0 AND reserved_places <= places"},
    ),
    "reserved_for": (JSON, "", {}),
    "reserved_answer": (sa.String(length=80), "", {}),
    "threshold": (WHOLE, "", {"threshold": "threshold IS NULL OR (threshold > 0 AND threshold <= 100)"}),
    "reserve_places": (WHOLE, "NOT NULL DEFAULT 0", {}),
    "reserve_until": (
        INSTANT,
        "",
        {"reserve_ends": "reserve_places >= 0 AND (reserve_places = 0) = (reserve_until IS NULL)"},
    ),
}
RULE = [each for each in COLUMNS if each != "reserved_for"]
"""What decides who wins and how much. JSON is not compared: PostgreSQL and SQLite do it differently."""

# ---------------------------------------------------------------- SQLite

# An insert into a frozen decision, and a removal from one, as they were (`{who}` decides) and as they are.
FROZEN = """SELECT RAISE(ABORT, 'award: the decision of its call is frozen')
            FROM award_round JOIN call ON call.id = award_round.call_id
            WHERE award_round.id = {who}.round_id AND call.decided_at IS NOT NULL{but};"""
PROMOTED = """ AND NOT (call.published_at IS NOT NULL AND EXISTS (
                SELECT 1 FROM reserve_entry
                WHERE reserve_entry.round_id = {who}.round_id
                AND reserve_entry.application_id = {who}.application_id
                AND reserve_entry.instead_of IS NOT NULL))"""
RETURNED = """ AND NOT (call.published_at IS NOT NULL AND EXISTS (
                SELECT 1 FROM award_return
                WHERE award_return.round_id = {who}.round_id
                AND award_return.application_id = {who}.application_id))"""
ADDED = """BEFORE INSERT ON award BEGIN
        SELECT RAISE(ABORT, 'award: there is one already')
        WHERE EXISTS (SELECT 1 FROM award WHERE application_id = NEW.application_id OR id = NEW.id);
        SELECT RAISE(ABORT, 'award: not a sent application of the call of its round') WHERE NOT EXISTS (
            SELECT 1 FROM award_round JOIN application ON application.call_id = award_round.call_id
            WHERE award_round.id = NEW.round_id AND application.id = NEW.application_id
            AND application.status NOT IN ('draft', 'withdrawn') AND application.counts_number IS NOT NULL);
        {frozen}
        SELECT RAISE(ABORT, 'award: money exactly where its round has money') FROM award_round
           WHERE id = NEW.round_id AND (envelope_minor IS NULL) <> (NEW.amount_minor IS NULL);
        SELECT RAISE(ABORT, 'award: no place left in its round') FROM award_round
        WHERE id = NEW.round_id AND taken >= places;
        SELECT RAISE(ABORT, 'award: above the envelope of its round') FROM award_round
              WHERE id = NEW.round_id
              AND committed_minor - 0 + COALESCE(NEW.amount_minor, 0) > envelope_minor;
    END"""
REMOVED = "BEFORE DELETE ON award BEGIN {frozen} END"
BEFORE = {
    "award_refused": ADDED.format(frozen=FROZEN.format(who="NEW", but="")),
    "award_removal_refused": REMOVED.format(frozen=FROZEN.format(who="OLD", but="")),
}
AFTER = {
    "award_refused": ADDED.format(frozen=FROZEN.format(who="NEW", but=PROMOTED.format(who="NEW"))),
    "award_removal_refused": REMOVED.format(frozen=FROZEN.format(who="OLD", but=RETURNED.format(who="OLD"))),
}
CALL = "SELECT 1 FROM award_round JOIN call ON call.id = award_round.call_id WHERE award_round.id"
SAME = """SELECT 1 FROM award_round JOIN application ON application.call_id = award_round.call_id
          WHERE award_round.id = NEW.round_id AND application.id = NEW.application_id"""
CHANGED = " OR ".join(f"OLD.{each} IS NOT NEW.{each}" for each in RULE)
SQLITE = {
    "award_round_rule_kept": f"""BEFORE UPDATE OF {", ".join(RULE)} ON award_round
        WHEN ({CHANGED}) AND EXISTS ({CALL} = OLD.id AND call.reviewing_closed_at IS NOT NULL)
        BEGIN SELECT RAISE(ABORT, 'award_round: its rule stays once there is an order'); END""",
    "reserve_entry_added": f"""BEFORE INSERT ON reserve_entry
        WHEN NEW.instead_of IS NOT NULL OR NOT EXISTS ({SAME})
             OR EXISTS ({CALL} = NEW.round_id AND call.decided_at IS NOT NULL)
             OR EXISTS (SELECT 1 FROM award WHERE application_id = NEW.application_id)
        BEGIN SELECT RAISE(ABORT, 'reserve_entry: the list is made when the decision is frozen'); END""",
    "reserve_entry_changed": f"""BEFORE UPDATE ON reserve_entry
        WHEN OLD.instead_of IS NOT NULL OR NEW.instead_of IS NULL
             OR NEW.round_id IS NOT OLD.round_id OR NEW.application_id IS NOT OLD.application_id
             OR NEW.position IS NOT OLD.position
             OR NOT EXISTS ({CALL} = OLD.round_id AND call.published_at IS NOT NULL
                            AND julianday(NEW.promoted_at) < julianday(award_round.reserve_until))
             OR NOT EXISTS (SELECT 1 FROM award_return WHERE application_id = NEW.instead_of
                            AND round_id = OLD.round_id)
             OR EXISTS (SELECT 1 FROM reserve_entry WHERE instead_of = NEW.instead_of)
        BEGIN SELECT RAISE(ABORT, 'reserve_entry: one for each returned award, before the list ends'); END""",
    "reserve_entry_removed": f"""BEFORE DELETE ON reserve_entry
        WHEN EXISTS ({CALL} = OLD.round_id AND call.decided_at IS NOT NULL)
        BEGIN SELECT RAISE(ABORT, 'reserve_entry: the decision of its call is frozen'); END""",
    "award_return_added": f"""BEFORE INSERT ON award_return
        WHEN NOT EXISTS ({CALL} = NEW.round_id AND call.published_at IS NOT NULL)
             OR NOT EXISTS (SELECT 1 FROM award WHERE round_id = NEW.round_id
                            AND application_id = NEW.application_id AND amount_minor IS NEW.amount_minor)
        BEGIN SELECT RAISE(ABORT, 'award_return: only what was published and stands is returned'); END""",
    "award_return_changed": """BEFORE UPDATE ON award_return
        BEGIN SELECT RAISE(ABORT, 'award_return: what was returned stays on record'); END""",
    "award_return_removed": """BEFORE DELETE ON award_return
        BEGIN SELECT RAISE(ABORT, 'award_return: what was returned stays on record'); END""",
}

# ---------------------------------------------------------------- PostgreSQL

FALSE_AWARD = """
        DECLARE
          before award;
          pot award_round;
          frozen boolean;
          published boolean;
        BEGIN
          before := CASE WHEN TG_OP = 'INSERT' THEN NEW ELSE OLD END;
          IF TG_OP = 'UPDATE' AND (NEW.id, NEW.round_id, NEW.application_id)
             IS DISTINCT FROM (OLD.id, OLD.round_id, OLD.application_id) THEN
            RAISE EXCEPTION 'award: withdrawn and given again, never moved' USING ERRCODE = '23514';
          END IF;
          SELECT call.decided_at IS NOT NULL, call.published_at IS NOT NULL INTO frozen, published FROM call
          WHERE call.id = (SELECT call_id FROM award_round WHERE id = before.round_id) FOR SHARE;
          {but}
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
        END"""
UNLESS = """IF published AND TG_OP = 'INSERT' AND EXISTS (
               SELECT 1 FROM reserve_entry WHERE round_id = NEW.round_id
               AND application_id = NEW.application_id AND instead_of IS NOT NULL) THEN
            frozen := false;
          ELSIF published AND TG_OP = 'DELETE' AND EXISTS (
               SELECT 1 FROM award_return WHERE round_id = OLD.round_id
               AND application_id = OLD.application_id) THEN
            frozen := false;
          END IF;"""
HELD = """SELECT call.decided_at, call.published_at, call.reviewing_closed_at, award_round.reserve_until
          INTO held FROM award_round JOIN call ON call.id = award_round.call_id
          WHERE award_round.id = {which} FOR SHARE OF call;"""
REFUSE = "RAISE EXCEPTION '{}' USING ERRCODE = '23514';"
FUNCTIONS = {
    "keep_rule_of_round": f"""
        BEGIN
          IF ({", ".join(f"NEW.{each}" for each in RULE)})
             IS DISTINCT FROM ({", ".join(f"OLD.{each}" for each in RULE)})
             AND EXISTS (SELECT 1 FROM call WHERE id = OLD.call_id AND reviewing_closed_at IS NOT NULL) THEN
            {REFUSE.format("award_round: its rule stays once there is an order")}
          END IF;
          RETURN NULL;
        END""",
    "refuse_false_reserve": f"""
        DECLARE
          held record;
        BEGIN
          {HELD.format(which="CASE WHEN TG_OP = 'INSERT' THEN NEW.round_id ELSE OLD.round_id END")}
          IF TG_OP = 'DELETE' THEN
            IF held.decided_at IS NOT NULL THEN
              {REFUSE.format("reserve_entry: the decision of its call is frozen")}
            END IF;
            RETURN OLD;
          END IF;
          IF TG_OP = 'INSERT' THEN
            IF NEW.instead_of IS NOT NULL OR held.decided_at IS NOT NULL
               OR EXISTS (SELECT 1 FROM award WHERE application_id = NEW.application_id)
               OR NOT EXISTS ({SAME}) THEN
              {REFUSE.format("reserve_entry: the list is made when the decision is frozen")}
            END IF;
            RETURN NEW;
          END IF;
          IF OLD.instead_of IS NOT NULL OR NEW.instead_of IS NULL OR held.published_at IS NULL
             OR (NEW.round_id, NEW.application_id, NEW.position)
                IS DISTINCT FROM (OLD.round_id, OLD.application_id, OLD.position)
             OR NOT COALESCE(NEW.promoted_at < held.reserve_until, false)
             OR NOT EXISTS (SELECT 1 FROM award_return WHERE application_id = NEW.instead_of
                            AND round_id = OLD.round_id) THEN
            {REFUSE.format("reserve_entry: one for each returned award, before the list ends")}
          END IF;
          RETURN NEW;
        END""",
    "refuse_false_return": f"""
        DECLARE
          held record;
        BEGIN
          IF TG_OP <> 'INSERT' THEN
            {REFUSE.format("award_return: what was returned stays on record")}
          END IF;
          {HELD.format(which="NEW.round_id")}
          IF held.published_at IS NULL OR NOT EXISTS (
               SELECT 1 FROM award WHERE round_id = NEW.round_id AND application_id = NEW.application_id
               AND amount_minor IS NOT DISTINCT FROM NEW.amount_minor) THEN
            {REFUSE.format("award_return: only what was published and stands is returned")}
          END IF;
          RETURN NEW;
        END""",
}
POSTGRESQL = {
    "award_round_rule_kept": (
        "award_round",
        f"AFTER UPDATE OF {', '.join(RULE)}",
        "ROW",
        "keep_rule_of_round",
    ),
    "reserve_entry_kept": (
        "reserve_entry",
        "BEFORE INSERT OR UPDATE OR DELETE",
        "ROW",
        "refuse_false_reserve",
    ),
    "award_return_kept": (
        "award_return",
        "BEFORE INSERT OR UPDATE OR DELETE",
        "ROW",
        "refuse_false_return",
    ),
    "reserve_entry_whole": ("reserve_entry", "BEFORE TRUNCATE", "STATEMENT", "refuse_truncation"),
    "award_return_whole": ("award_return", "BEFORE TRUNCATE", "STATEMENT", "refuse_truncation"),
}


def upgrade() -> None:
    """Rounds that are there keep the rule they had: so many awards, each of the round's amount."""
    dialect = op.get_bind().dialect
    for name, (kind, given, checks) in COLUMNS.items():
        # By hand: SQLite takes a CHECK along with a new column, and would write the table anew otherwise.
        said = " ".join(f"CONSTRAINT ck_award_round_{each} CHECK ({words})" for each, words in checks.items())
        op.execute(f"ALTER TABLE award_round ADD COLUMN {name} {kind.compile(dialect)} {given} {said}")
    op.add_column("award", sa.Column("reserved", sa.Boolean(), nullable=False, server_default=sa.false()))
    for name in ("reserved", "promoted"):
        op.add_column(
            "published_result", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())
        )
    op.add_column("published_result", sa.Column("given_back_at", INSTANT, nullable=True))
    _tables()
    if dialect.name == "sqlite":
        for name, words in AFTER.items():
            op.execute(f"DROP TRIGGER {name}")
            op.execute(f"CREATE TRIGGER {name} {words}")
        for name, words in SQLITE.items():
            op.execute(f"CREATE TRIGGER {name} {words}")
        return
    _function("refuse_false_award", FALSE_AWARD.format(but=UNLESS))
    for name, body in FUNCTIONS.items():
        _function(name, body)
    for name, (table, when, each, function) in POSTGRESQL.items():
        op.execute(f"CREATE TRIGGER {name} {when} ON {table} FOR EACH {each} EXECUTE FUNCTION {function}()")


def _function(name: str, body: str) -> None:
    op.execute(f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $${body} $$")


def _tables() -> None:
    op.create_table(
        "seat_mark",
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("belongs", sa.Boolean(), nullable=False),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("marked_by", sa.Integer(), nullable=False),
        sa.Column("marked_at", INSTANT, nullable=False),
        *_keys("seat_mark", application_id="application", round_id="award_round", marked_by="person"),
        sa.PrimaryKeyConstraint("application_id", "round_id", name=op.f("pk_seat_mark")),
    )
    op.create_table(
        "award_return",
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=True),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        *_keys("award_return", application_id="application", round_id="award_round", recorded_by="person"),
        sa.PrimaryKeyConstraint("application_id", name=op.f("pk_award_return")),
    )
    op.create_index(op.f("ix_award_return_round_id"), "award_return", ["round_id"])
    op.create_table(
        "reserve_entry",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("instead_of", sa.Integer(), nullable=True),
        sa.Column("promoted_by", sa.Integer(), nullable=True),
        sa.Column("promoted_at", INSTANT, nullable=True),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.CheckConstraint("position > 0", name=op.f("ck_reserve_entry_position_positive")),
        sa.CheckConstraint(
            "(instead_of IS NULL) = (promoted_at IS NULL)", name=op.f("ck_reserve_entry_promoted_whole")
        ),
        *_keys("reserve_entry", round_id="award_round", application_id="application", promoted_by="person"),
        sa.ForeignKeyConstraint(
            ["instead_of"],
            ["award_return.application_id"],
            name=op.f("fk_reserve_entry_instead_of_award_return"),
        ),
        sa.PrimaryKeyConstraint("round_id", "application_id", name=op.f("pk_reserve_entry")),
        sa.UniqueConstraint("round_id", "position", name=op.f("uq_reserve_entry_round_id_position")),
        sa.UniqueConstraint("instead_of", name=op.f("uq_reserve_entry_instead_of")),
    )


def _keys(table: str, **columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))
        for column, target in columns.items()
    ]


def downgrade() -> None:
    """Take the rules away; what was awarded by them stays as it is."""
    _let_through_again(op.get_bind().dialect.name)
    for table in ("reserve_entry", "award_return", "seat_mark"):
        op.drop_table(table)
    for name in ("given_back_at", "promoted", "reserved"):
        op.drop_column("published_result", name)
    op.drop_column("award", "reserved")
    for name in reversed(COLUMNS):
        op.drop_column("award_round", name)


def _let_through_again(engine: str) -> None:
    """The triggers as they were."""
    if engine == "sqlite":
        for name in SQLITE:
            op.execute(f"DROP TRIGGER {name}")
        for name, words in BEFORE.items():
            op.execute(f"DROP TRIGGER {name}")
            op.execute(f"CREATE TRIGGER {name} {words}")
        return
    for name, (table, _, _, _) in POSTGRESQL.items():
        op.execute(f"DROP TRIGGER {name} ON {table}")
    for name in FUNCTIONS:
        op.execute(f"DROP FUNCTION {name}()")
    _function("refuse_false_award", FALSE_AWARD.format(but=""))
