"""The evening of a round: finalists, the order they pitch in, the audience, what is to be done.

How many pitch and what it counts belong to the round's rule, and stay once there is an order. The audience is
counted by triggers, and the event's CHECK refuses one more than there are places, whoever writes it.

Revision: 0034, after 0030
"""

# ruff: noqa: S608 (every word of the SQL stands in this file)

from typing import Any

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0034"
down_revision = "0030"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(JSONB(), "postgresql")
INSTANT = sqlmodel.sql.sqltypes.UTCDateTime()
WHOLE = sa.Integer()
Text = sqlmodel.sql.sqltypes.AutoString
WORD = sa.String(length=40)

# Column of `award_round` -> its type, what is there by itself, and the CHECKs that come with it by name.
RULE: dict[str, tuple[sa.types.TypeEngine[Any], str, dict[str, str]]] = {
    "finalists": (WHOLE, "", {"some_finalists": "finalists IS NULL OR finalists > 0"}),
    "pitch_weight": (
        WHOLE,
        "",
        {
            "pitch_counts": "(finalists IS NULL) = (pitch_weight IS NULL) "
            "AND (pitch_weight IS NULL OR (pitch_weight > 0 AND pitch_weight <= 100))"
        },
    ),
    "pitch_criteria": (JSON, "NOT NULL DEFAULT '[]'", {}),
}
TABLES: dict[str, tuple[dict[str, tuple[sa.types.TypeEngine[Any], bool]], dict[str, Any]]] = {
    "event": (
        {
            "round_id": (WHOLE, False),
            "version": (WHOLE, False),
            "starts_at": (INSTANT, False),
            "place": (JSON, False),
            "pitch_seconds": (WHOLE, False),
            "question_seconds": (WHOLE, False),
            "compare_seconds": (WHOLE, False),
            "capacity": (WHOLE, True),
            "seated": (WHOLE, False),
            "stream_url": (Text(length=500), False),
            "answer_hours": (WHOLE, False),
            "tells_others": (sa.Boolean(), False),
            "named_at": (INSTANT, True),
            "order_seed": (Text(length=64), True),
            "drawn": (JSON, False),
            "order_drawn_at": (INSTANT, True),
            "announced_at": (INSTANT, True),
            "forgotten_at": (INSTANT, True),
            "came": (WHOLE, True),
        },
        {
            "key": ["round_id"],
            "refers": {"round_id": "award_round"},
            "checks": {
                "seconds": "pitch_seconds > 0 AND question_seconds >= 0 AND compare_seconds >= 0",
                "answer_hours": "answer_hours > 0",
                "within_capacity": "seated >= 0 AND seated <= COALESCE(capacity, 0)",
                "drawn_whole": "(order_seed IS NULL) = (order_drawn_at IS NULL)",
                "drawn_before_announced": "announced_at IS NULL OR order_drawn_at IS NOT NULL",
            },
        },
    ),
    "finalist": (
        {
            "application_id": (WHOLE, False),
            "round_id": (WHOLE, False),
            "position": (WHOLE, False),
            "state": (WORD, False),
            "offered_at": (INSTANT, False),
            "answer_due_at": (INSTANT, False),
            "answered_at": (INSTANT, True),
            "answered_by": (WHOLE, True),
            "slot": (WHOLE, True),
            "version": (WHOLE, False),
        },
        {
            "key": ["application_id"],
            "refers": {"application_id": "application", "round_id": "award_round", "answered_by": "person"},
            "checks": {
                "state_word": "state IN ('offered', 'confirmed', 'declined')",
                "position_positive": "position > 0",
                "slot_of_confirmed": "slot IS NULL OR (slot > 0 AND state = 'confirmed')",
                "answered": "(state = 'offered') = (answered_at IS NULL)",
            },
            "unique": [["round_id", "position"], ["round_id", "slot"]],
        },
    ),
    "finalist_departure": (
        {
            "application_id": (WHOLE, False),
            "round_id": (WHOLE, False),
            "raised": (sa.Boolean(), False),
            "reason": (Text(), False),
            "decided_by": (WHOLE, False),
            "decided_at": (INSTANT, False),
            "confirmed_by": (WHOLE, True),
            "confirmed_at": (INSTANT, True),
        },
        {
            "key": ["application_id", "round_id"],
            "refers": {
                "application_id": "application",
                "round_id": "award_round",
                "decided_by": "person",
                "confirmed_by": "person",
            },
            "checks": {"confirmed_by_somebody": "(confirmed_by IS NULL) = (confirmed_at IS NULL)"},
        },
    ),
    "pitch_card": (
        {
            "application_id": (WHOLE, False),
            "round_id": (WHOLE, False),
            "slot": (WHOLE, False),
            "title": (Text(length=200), False),
            "team": (Text(length=300), False),
            "language": (Text(length=2), False),
            "summary": (Text(), False),
        },
        {
            "key": ["application_id"],
            "refers": {"application_id": "application", "round_id": "award_round"},
            "checks": {"slot_positive": "slot > 0"},
            "unique": [["round_id", "slot"]],
        },
    ),
    "pitch_question": (
        {
            "id": (WHOLE, False),
            "code": (Text(length=16), False),
            "application_id": (WHOLE, False),
            "member_id": (WHOLE, False),
            "words": (Text(length=500), False),
            "asked_at": (INSTANT, False),
            "removed_at": (INSTANT, True),
            "passed_on": (Text(), False),
            "passed_at": (INSTANT, True),
        },
        {
            "key": ["id"],
            "refers": {"application_id": "application", "member_id": "panel_member"},
            "checks": {"passed_whole": "(passed_on = '') = (passed_at IS NULL)"},
            "unique": [["code"]],
            "index": {"ix_pitch_question_application_id": ["application_id"]},
        },
    ),
    "show_segment": (
        {
            "id": (WHOLE, False),
            "round_id": (WHOLE, False),
            "code": (Text(length=16), False),
            "position": (WHOLE, False),
            "kind": (WORD, False),
            "words": (Text(length=200), False),
            "minutes": (WHOLE, False),
            "slot": (WHOLE, True),
            "began_at": (INSTANT, True),
            "skipped": (sa.Boolean(), False),
        },
        {
            "key": ["id"],
            "refers": {"round_id": "award_round"},
            "checks": {
                "kind_word": "kind IN ('opening', 'speech', 'pitch', 'pause', 'deliberation', 'reveal', "
                "'photos', 'other')",
                "minutes": "minutes >= 0",
            },
            "unique": [["code"]],
            "index": {"ix_show_segment_round": ["round_id", "position"]},
        },
    ),
    "event_check": (
        {
            "round_id": (WHOLE, False),
            "item": (WORD, False),
            "done_by": (WHOLE, False),
            "done_at": (INSTANT, False),
        },
        {
            "key": ["round_id", "item"],
            "refers": {"round_id": "award_round", "done_by": "person"},
            "checks": {
                "item_word": "item IN ('room', 'interpreter', 'captions', 'access', 'slides', 'rehearsal', "
                "'papers', 'cards', 'hotspot', 'screen', 'sound', 'power', 'jury', 'door')"
            },
        },
    ),
    "pitch_note": (
        {
            "application_id": (WHOLE, False),
            "spoken_title": (Text(length=200), False),
            "stage_text": (Text(length=600), False),
            "pronunciation": (Text(length=300), False),
            "people": (WHOLE, True),
            "access_needs": (Text(length=1000), False),
            "version": (WHOLE, False),
            "written_by": (WHOLE, False),
            "written_at": (INSTANT, False),
        },
        {
            "key": ["application_id"],
            "refers": {"application_id": "application", "written_by": "person"},
            "checks": {"some_people": "people IS NULL OR people > 0"},
        },
    ),
    "pitch_slides": (
        {
            "application_id": (WHOLE, False),
            "sha256": (Text(length=64), False),
            "size": (WHOLE, False),
            "pages": (WHOLE, False),
            "version": (WHOLE, False),
            "added_by": (WHOLE, False),
            "added_at": (INSTANT, False),
        },
        {"key": ["application_id"], "refers": {"application_id": "application", "added_by": "person"}},
    ),
    "pitch_answer": (
        {
            "question_id": (WHOLE, False),
            "words": (Text(length=1500), False),
            "version": (WHOLE, False),
            "answered_by": (WHOLE, False),
            "answered_at": (INSTANT, False),
        },
        {"key": ["question_id"], "refers": {"question_id": "pitch_question", "answered_by": "person"}},
    ),
    "attendee": (
        {
            "id": (WHOLE, False),
            "round_id": (WHOLE, False),
            "code": (Text(length=16), False),
            "name": (Text(length=200), False),
            "email": (Text(length=254), False),
            "language": (Text(length=2), False),
            "needs": (Text(length=500), False),
            "state": (WORD, False),
            "nonce": (Text(length=64), False),
            "mails": (WHOLE, False),
            "asked_at": (INSTANT, False),
            "confirmed_at": (INSTANT, True),
            "came_at": (INSTANT, True),
            "version": (WHOLE, False),
        },
        {
            "key": ["id"],
            "refers": {"round_id": "event.round_id"},
            "checks": {
                "state_word": "state IN ('asked', 'confirmed', 'waiting', 'cancelled')",
                "came_with_a_place": "came_at IS NULL OR state = 'confirmed'",
            },
            "unique": [["code"], ["round_id", "email"]],
        },
    ),
}
CLOSED = """SELECT 1 FROM call WHERE call.id = OLD.call_id AND call.reviewing_closed_at IS NOT NULL"""
TOOK, LEFT = "(NEW.state = 'confirmed')", "(OLD.state = 'confirmed')"
SQLITE = {
    "award_round_pitch_kept": f"""BEFORE UPDATE OF {", ".join(RULE)} ON award_round WHEN EXISTS ({CLOSED})
        BEGIN SELECT RAISE(ABORT, 'award_round: its rule stays once there is an order'); END""",
    "attendee_added": f"""AFTER INSERT ON attendee WHEN {TOOK}
        BEGIN UPDATE event SET seated = seated + 1 WHERE round_id = NEW.round_id; END""",
    "attendee_changed": f"""AFTER UPDATE OF state ON attendee WHEN {TOOK} <> {LEFT}
        BEGIN UPDATE event SET seated = seated + {TOOK} - {LEFT} WHERE round_id = NEW.round_id; END""",
    "attendee_removed": f"""AFTER DELETE ON attendee WHEN {LEFT}
        BEGIN UPDATE event SET seated = seated - 1 WHERE round_id = OLD.round_id; END""",
    "attendee_moved": """BEFORE UPDATE OF round_id ON attendee WHEN OLD.round_id <> NEW.round_id
        BEGIN SELECT RAISE(ABORT, 'attendee: registered for one evening'); END""",
}
FUNCTIONS = {
    "keep_pitch_of_round": f"""
        BEGIN
          IF EXISTS ({CLOSED}) THEN
            RAISE EXCEPTION 'award_round: its rule stays once there is an order' USING ERRCODE = '23514';
          END IF;
          RETURN NEW;
        END""",
    "count_attendees": """
        BEGIN
          IF TG_OP = 'UPDATE' AND OLD.round_id <> NEW.round_id THEN
            RAISE EXCEPTION 'attendee: registered for one evening' USING ERRCODE = '23514';
          END IF;
          IF TG_OP <> 'INSERT' AND OLD.state = 'confirmed' THEN
            UPDATE event SET seated = seated - 1 WHERE round_id = OLD.round_id;
          END IF;
          IF TG_OP <> 'DELETE' AND NEW.state = 'confirmed' THEN
            UPDATE event SET seated = seated + 1 WHERE round_id = NEW.round_id;
          END IF;
          RETURN NULL;
        END""",
}
POSTGRESQL = {
    "award_round_pitch_kept": (
        "award_round",
        f"BEFORE UPDATE OF {', '.join(RULE)}",
        "ROW",
        "keep_pitch_of_round",
    ),
    "attendee_counted": (
        "attendee",
        "AFTER INSERT OR UPDATE OF state, round_id OR DELETE",
        "ROW",
        "count_attendees",
    ),
    "attendee_whole": ("attendee", "BEFORE TRUNCATE", "STATEMENT", "refuse_truncation"),
}


def upgrade() -> None:
    """Rounds that are there have no pitch."""
    dialect = op.get_bind().dialect
    for name, (kind, given, checks) in RULE.items():
        # By hand: SQLite takes a CHECK along with a new column, and would write the table anew otherwise.
        said = " ".join(f"CONSTRAINT ck_award_round_{each} CHECK ({words})" for each, words in checks.items())
        op.execute(f"ALTER TABLE award_round ADD COLUMN {name} {kind.compile(dialect)} {given} {said}")
    for name, (columns, rest) in TABLES.items():
        _table(name, columns, **rest)
    op.execute(
        "ALTER TABLE mail ADD COLUMN attendee_id INTEGER "
        "CONSTRAINT fk_mail_attendee_id_attendee REFERENCES attendee (id)"
    )
    op.create_index("ix_mail_attendee_id", "mail", ["attendee_id"])
    if dialect.name == "sqlite":
        for name, words in SQLITE.items():
            op.execute(f"CREATE TRIGGER {name} {words}")
        return
    for name, body in FUNCTIONS.items():
        op.execute(f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $${body} $$")
    for name, (table, when, each, function) in POSTGRESQL.items():
        op.execute(f"CREATE TRIGGER {name} {when} ON {table} FOR EACH {each} EXECUTE FUNCTION {function}()")


def _table(
    name: str,
    columns: dict[str, tuple[sa.types.TypeEngine[Any], bool]],
    *,
    key: list[str],
    refers: dict[str, str],
    checks: dict[str, str] | None = None,
    unique: list[list[str]] | None = None,
    index: dict[str, list[str]] | None = None,
) -> None:
    parts: list[Any] = [sa.Column(each, kind, nullable=empty) for each, (kind, empty) in columns.items()]
    parts += [
        sa.CheckConstraint(words, name=op.f(f"ck_{name}_{each}")) for each, words in (checks or {}).items()
    ]
    for column, target in refers.items():
        table, _, there = target.partition(".")
        parts.append(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.{there or 'id'}"], name=op.f(f"fk_{name}_{column}_{table}")
            )
        )
    parts.append(sa.PrimaryKeyConstraint(*key, name=op.f(f"pk_{name}")))
    for each in unique or []:
        parts.append(sa.UniqueConstraint(*each, name=op.f(f"uq_{name}_{'_'.join(each)}")))
    op.create_table(name, *parts)
    for named, over in (index or {}).items():
        op.create_index(named, name, over)


def downgrade() -> None:
    """Take the evenings away, and mail to their audience."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    op.execute("DROP TRIGGER award_round_pitch_kept" + ("" if sqlite else " ON award_round"))
    op.execute("DELETE FROM mail WHERE attendee_id IS NOT NULL")
    op.drop_index("ix_mail_attendee_id", "mail")
    op.drop_column("mail", "attendee_id")
    for name, (_, rest) in reversed(TABLES.items()):
        for named in rest.get("index", {}):
            op.drop_index(named, name)
        op.drop_table(name)
    if not sqlite:
        for name in FUNCTIONS:
            op.execute(f"DROP FUNCTION {name}()")
    for name in reversed(RULE):
        op.drop_column("award_round", name)
