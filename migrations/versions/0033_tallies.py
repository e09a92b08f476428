"""how far reviewing is, kept, with marks by trigger for what has changed since

Revision: 0033, after 0036
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0033"
down_revision = "0036"
branch_labels = None
depends_on = None

Json = sa.JSON().with_variant(JSONB(), "postgresql")
Instant = sqlmodel.sql.sqltypes.UTCDateTime

ASSIGNED = ("call_id", "application_id", "member_id", "organisation_id", "withdrawn_at")
REVIEWED = ("state", "sent_at", "returned_at")
COUNTED = ("status", "counts_number")
CHECKED = {
    "screening": ("act", "sending_number", "number"),
    "correction": ("answered_at", "closed_at"),
    "cleared_packet": ("number", "redaction"),
    "redaction": ("version",),
}
"""By table, what it says of how far an application is checked."""

# ---------------------------------------------------------------- SQLite: one writer, so no mark stands twice

MARKED = """INSERT INTO tally_mark (call_id, kind, key) SELECT {call}, '{kind}', {key} WHERE NOT EXISTS (
            SELECT 1 FROM tally_mark WHERE call_id = {call} AND kind = '{kind}' AND key = {key});"""


def _marked(call: str, kind: str, key: str) -> str:
    return MARKED.format(call=call, kind=kind, key=key)


def _of_assignment(*rows: str) -> str:
    return "".join(
        _marked(f"{row}.call_id", "reviewer", f"{row}.member_id") + _marked(f"{row}.call_id", "coverage", "0")
        for row in rows
    )


def _of_review(row: str) -> str:
    return (
        "INSERT INTO tally_mark (call_id, kind, key) "  # noqa: S608 - our own names
        f"SELECT call_id, 'reviewer', member_id FROM assignment WHERE id = {row}.assignment_id "
        "AND NOT EXISTS (SELECT 1 FROM tally_mark WHERE call_id = assignment.call_id "
        "AND kind = 'reviewer' AND key = assignment.member_id);"
    )


def _of_checked(row: str) -> str:
    return (
        "INSERT INTO tally_mark (call_id, kind, key) "  # noqa: S608 - our own names
        f"SELECT call_id, 'checking', 0 FROM application WHERE id = {row}.application_id AND NOT EXISTS "
        "(SELECT 1 FROM tally_mark WHERE call_id = application.call_id AND kind = 'checking' AND key = 0);"
    )


def _changed(columns: tuple[str, ...]) -> str:
    return " OR ".join(f"OLD.{each} IS NOT NEW.{each}" for each in columns)


TIED = "(OLD.tie IS 'tie') <> (NEW.tie IS 'tie')"
SQLITE = {
    "assignment_marks_1": f"AFTER INSERT ON assignment BEGIN {_of_assignment('NEW')} END",
    "assignment_marks_2": f"AFTER UPDATE OF {', '.join(ASSIGNED)}, tie ON assignment "
    f"WHEN {_changed(ASSIGNED)} OR {TIED} BEGIN {_of_assignment('OLD', 'NEW')} END",
    "assignment_marks_3": f"AFTER DELETE ON assignment BEGIN {_of_assignment('OLD')} END",
    "review_marks_1": f"AFTER INSERT ON review BEGIN {_of_review('NEW')} END",
    "review_marks_2": f"AFTER UPDATE OF {', '.join(REVIEWED)} ON review WHEN {_changed(REVIEWED)} "
    f"BEGIN {_of_review('NEW')} END",
    "review_marks_3": f"AFTER DELETE ON review BEGIN {_of_review('OLD')} END",
    "application_marks": f"AFTER UPDATE OF {', '.join(COUNTED)} ON application WHEN {_changed(COUNTED)} "
    f"BEGIN {_marked('NEW.call_id', 'application', 'NEW.id')} END",
    "panel_member_marks": "AFTER UPDATE OF removed_at ON panel_member "
    f"WHEN OLD.removed_at IS NOT NEW.removed_at BEGIN {_marked('NEW.call_id', 'coverage', '0')} END",
}
for _table, _columns in CHECKED.items():
    SQLITE |= {
        f"{_table}_marks_1": f"AFTER INSERT ON {_table} BEGIN {_of_checked('NEW')} END",
        f"{_table}_marks_2": f"AFTER UPDATE OF {', '.join(_columns)} ON {_table} WHEN {_changed(_columns)} "
        f"BEGIN {_of_checked('NEW')} END",
        f"{_table}_marks_3": f"AFTER DELETE ON {_table} BEGIN {_of_checked('OLD')} END",
    }

# ---------------------------------------------------------------- PostgreSQL: who only adds waits for nobody

FUNCTIONS = {
    "mark_assignments": """
        BEGIN
          INSERT INTO tally_mark (call_id, kind, key)
          SELECT DISTINCT call_id, 'reviewer', member_id FROM fresh
          UNION ALL SELECT DISTINCT call_id, 'coverage', 0 FROM fresh;
          RETURN NULL;
        END""",
    "mark_assignment": """
        BEGIN
          INSERT INTO tally_mark (call_id, kind, key)
          VALUES (OLD.call_id, 'reviewer', OLD.member_id), (OLD.call_id, 'coverage', 0);
          IF TG_OP = 'UPDATE' AND (OLD.call_id, OLD.member_id) <> (NEW.call_id, NEW.member_id) THEN
            INSERT INTO tally_mark (call_id, kind, key)
            VALUES (NEW.call_id, 'reviewer', NEW.member_id), (NEW.call_id, 'coverage', 0);
          END IF;
          RETURN NULL;
        END""",
    "mark_review": """
        BEGIN
          INSERT INTO tally_mark (call_id, kind, key) SELECT call_id, 'reviewer', member_id FROM assignment
          WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.assignment_id ELSE NEW.assignment_id END;
          RETURN NULL;
        END""",
    "mark_checking": """
        BEGIN
          INSERT INTO tally_mark (call_id, kind, key) SELECT call_id, 'checking', 0 FROM application
          WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.application_id ELSE NEW.application_id END;
          RETURN NULL;
        END""",
    "mark_application": """
        BEGIN
          INSERT INTO tally_mark (call_id, kind, key) VALUES (NEW.call_id, 'application', NEW.id);
          RETURN NULL;
        END""",
    "mark_panel_member": """
        BEGIN
          INSERT INTO tally_mark (call_id, kind, key) VALUES (NEW.call_id, 'coverage', 0);
          RETURN NULL;
        END""",
}


def _differs(columns: tuple[str, ...]) -> str:
    return " OR ".join(f"OLD.{each} IS DISTINCT FROM NEW.{each}" for each in columns)


POSTGRESQL = {
    "assignment_marks_1": (
        "AFTER INSERT ON assignment REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT",
        "mark_assignments",
    ),
    "assignment_marks_2": (
        f"AFTER UPDATE OF {', '.join(ASSIGNED)}, tie ON assignment FOR EACH ROW "
        f"WHEN ({_differs(ASSIGNED)} OR "
        "(OLD.tie IS NOT DISTINCT FROM 'tie') <> (NEW.tie IS NOT DISTINCT FROM 'tie'))",
        "mark_assignment",
    ),
    "assignment_marks_3": ("AFTER DELETE ON assignment FOR EACH ROW", "mark_assignment"),
    "review_marks_1": ("AFTER INSERT OR DELETE ON review FOR EACH ROW", "mark_review"),
    "review_marks_2": (
        f"AFTER UPDATE OF {', '.join(REVIEWED)} ON review FOR EACH ROW WHEN ({_differs(REVIEWED)})",
        "mark_review",
    ),
    "application_marks": (
        f"AFTER UPDATE OF {', '.join(COUNTED)} ON application FOR EACH ROW WHEN ({_differs(COUNTED)})",
        "mark_application",
    ),
    "panel_member_marks": (
        "AFTER UPDATE OF removed_at ON panel_member FOR EACH ROW "
        "WHEN (OLD.removed_at IS DISTINCT FROM NEW.removed_at)",
        "mark_panel_member",
    ),
}
for _table, _columns in CHECKED.items():
    POSTGRESQL |= {
        f"{_table}_marks_1": (f"AFTER INSERT OR DELETE ON {_table} FOR EACH ROW", "mark_checking"),
        f"{_table}_marks_2": (
            f"AFTER UPDATE OF {', '.join(_columns)} ON {_table} FOR EACH ROW WHEN ({_differs(_columns)})",
            "mark_checking",
        ),
    }


def upgrade() -> None:
    """What is there already is marked: it has never been counted."""
    op.create_table(
        "tally_mark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("key", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('reviewer', 'application', 'coverage', 'checking')",
            name=op.f("ck_tally_mark_kind_word"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tally_mark")),
    )
    op.create_index("ix_tally_mark_call", "tally_mark", ["call_id", "kind", "key"])
    op.create_table(
        "reviewer_tally",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("given", "begun", "sent", "returned", "recent", "ties")
        ),
        sa.Column("counted_at", Instant(), nullable=False),
        sa.Column("good_until", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["member_id"], ["panel_member.id"], name=op.f("fk_reviewer_tally_member_id_panel_member")
        ),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_reviewer_tally_call_id_call")),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_reviewer_tally")),
    )
    op.create_index(op.f("ix_reviewer_tally_call_id"), "reviewer_tally", ["call_id"])
    op.create_index(op.f("ix_reviewer_tally_good_until"), "reviewer_tally", ["good_until"])
    op.create_table(
        "call_tally",
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("covered", Json, nullable=False),
        sa.Column("spread", Json, nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("to_check", "proposed", "uncleared")),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_call_tally_call_id_call")),
        sa.PrimaryKeyConstraint("call_id", name=op.f("pk_call_tally")),
    )
    tied = sa.text("tie = 'tie' AND withdrawn_at IS NULL")
    op.create_index("ix_assignment_tied", "assignment", ["call_id"], sqlite_where=tied, postgresql_where=tied)
    op.execute(
        "INSERT INTO tally_mark (call_id, kind, key) SELECT DISTINCT call_id, 'reviewer', member_id "
        "FROM assignment UNION ALL SELECT DISTINCT call_id, 'coverage', 0 FROM assignment "
        "UNION ALL SELECT DISTINCT call_id, 'checking', 0 FROM application"
    )
    if op.get_bind().dialect.name == "sqlite":
        for name, words in SQLITE.items():
            op.execute(f"CREATE TRIGGER {name} {words}")
        return
    for name, body in FUNCTIONS.items():
        op.execute(f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $${body}$$")
    for name, (when, function) in POSTGRESQL.items():
        op.execute(f"CREATE TRIGGER {name} {when} EXECUTE FUNCTION {function}()")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for name in SQLITE:
            op.execute(f"DROP TRIGGER {name}")
    else:
        for name, (when, _) in POSTGRESQL.items():
            table = when.split(" ON ")[1].split()[0]
            op.execute(f"DROP TRIGGER {name} ON {table}")
        for name in FUNCTIONS:
            op.execute(f"DROP FUNCTION {name}()")
    op.drop_index("ix_assignment_tied", table_name="assignment")
    for table in ("call_tally", "reviewer_tally", "tally_mark"):
        op.drop_table(table)
