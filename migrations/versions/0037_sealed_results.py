"""sealed results, publication by two people, lines of feedback, and factual errors pointed out

Revision: 0037, after 0034
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0037"
down_revision = "0034"
branch_labels = None
depends_on = None

Json = sa.JSON().with_variant(JSONB(), "postgresql")
Instant = sqlmodel.sql.sqltypes.UTCDateTime
Text = sqlmodel.sql.sqltypes.AutoString
SEALED = ("round_id", "number", "sha256", "nonce", "document", "codes", "sealed_by", "sealed_at", "reason")
"""What of a seal never changes."""
ONCE = ("confirmed_by", "confirmed_at", "voided_at")
"""What is written into it once."""


def _people(table: str, *columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([each], ["person.id"], name=op.f(f"fk_{table}_{each}_person"))
        for each in columns
    ]


def upgrade() -> None:
    op.create_table(
        "result_seal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sha256", Text(length=64), nullable=False),
        sa.Column("nonce", Text(length=64), nullable=False),
        sa.Column("document", Text(), nullable=False),
        sa.Column("codes", Json, nullable=False),
        sa.Column("sealed_by", sa.Integer(), nullable=False),
        sa.Column("sealed_at", Instant(), nullable=False),
        sa.Column("reason", Text(), nullable=False),
        sa.Column("confirmed_by", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", Instant(), nullable=True),
        sa.Column("voided_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["round_id"], ["award_round.id"], name=op.f("fk_result_seal_round_id_award_round")
        ),
        *_people("result_seal", "sealed_by", "confirmed_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_result_seal")),
        sa.UniqueConstraint("round_id", "number", name=op.f("uq_result_seal_round_id_number")),
    )
    op.create_table(
        "publication",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("decision_version", sa.Integer(), nullable=False),
        sa.Column("counts", Json, nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("reason", Text(), nullable=False),
        sa.Column("confirmed_by", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", Instant(), nullable=True),
        sa.Column("dropped_at", Instant(), nullable=True),
        sa.Column("letters_from", Instant(), nullable=True),
        sa.Column("stopped_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_publication_call_id_call")),
        *_people("publication", "asked_by", "confirmed_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication")),
    )
    op.create_index("ix_publication_call_id", "publication", ["call_id"])
    op.create_table(
        "feedback_line",
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("criterion_id", sa.Integer(), nullable=False),
        sa.Column("text", Text(), nullable=False),
        sa.Column("of_scale", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("written_by", sa.Integer(), nullable=False),
        sa.Column("written_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_feedback_line_application_id_application")
        ),
        sa.ForeignKeyConstraint(
            ["criterion_id"], ["criterion.id"], name=op.f("fk_feedback_line_criterion_id_criterion")
        ),
        *_people("feedback_line", "written_by"),
        sa.PrimaryKeyConstraint("application_id", "criterion_id", name=op.f("pk_feedback_line")),
    )
    op.create_table(
        "factual_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", Text(length=16), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("written_by", sa.Integer(), nullable=False),
        sa.Column("written_at", Instant(), nullable=False),
        sa.Column("text", Text(), nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=True),
        sa.Column("answer", Text(), nullable=False),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("answered_at", Instant(), nullable=True),
        sa.CheckConstraint("outcome IN ('corrected', 'stands')", name=op.f("ck_factual_note_outcome_word")),
        sa.CheckConstraint(
            "(outcome IS NULL) = (answered_at IS NULL)", name=op.f("ck_factual_note_answered_whole")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_factual_note_application_id_application")
        ),
        *_people("factual_note", "written_by", "answered_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_factual_note")),
        sa.UniqueConstraint("code", name=op.f("uq_factual_note_code")),
    )
    op.create_index("ix_factual_note_application_id", "factual_note", ["application_id"])
    _keep()


def _keep() -> None:
    """Whoever writes to the database cannot change what was sealed, nor take a seal away."""
    changed = " OR ".join(f"OLD.{each} <> NEW.{each}" for each in ("id", *SEALED))
    if op.get_bind().dialect.name == "sqlite":
        again = " OR ".join(f"(OLD.{each} IS NOT NULL AND OLD.{each} IS NOT NEW.{each})" for each in ONCE)
        refused = "BEGIN SELECT RAISE(ABORT, 'result_seal: what was sealed stays'); END"
        op.execute(
            f"CREATE TRIGGER result_seal_kept_1 BEFORE UPDATE ON result_seal "
            f"WHEN {changed} OR {again} {refused}"
        )
        op.execute(f"CREATE TRIGGER result_seal_kept_2 BEFORE DELETE ON result_seal {refused}")
        there = "WHEN EXISTS (SELECT 1 FROM result_seal WHERE id = NEW.id)"
        op.execute(f"CREATE TRIGGER result_seal_kept_3 BEFORE INSERT ON result_seal {there} {refused}")
        return
    again = " OR ".join(
        f"(OLD.{each} IS NOT NULL AND OLD.{each} IS DISTINCT FROM NEW.{each})" for each in ONCE
    )
    op.execute(
        "CREATE FUNCTION keep_seal() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP = 'UPDATE' THEN IF NOT ({changed} OR {again}) THEN RETURN NEW; END IF; END IF; "
        "RAISE EXCEPTION 'result_seal: what was sealed stays'; END $$"
    )
    op.execute(
        "CREATE TRIGGER result_seal_kept BEFORE UPDATE OR DELETE ON result_seal "
        "FOR EACH ROW EXECUTE FUNCTION keep_seal()"
    )
    op.execute(
        "CREATE TRIGGER result_seal_whole BEFORE TRUNCATE ON result_seal "
        "FOR EACH STATEMENT EXECUTE FUNCTION keep_seal()"
    )


def downgrade() -> None:
    op.drop_index("ix_factual_note_application_id", table_name="factual_note")
    op.drop_table("factual_note")
    op.drop_table("feedback_line")
    op.drop_index("ix_publication_call_id", table_name="publication")
    op.drop_table("publication")
    op.drop_table("result_seal")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION keep_seal()")
