"""corrections of what was published, and webhooks

Revision: 0038, after 0033
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0038"
down_revision = "0033"
branch_labels = None
depends_on = None

Json = sa.JSON().with_variant(JSONB(), "postgresql")
Instant = sqlmodel.sql.sqltypes.UTCDateTime
Words = sqlmodel.sql.sqltypes.AutoString
PARTS = (
    "winner", "received", "eligible", "scored", "finalists", "awarded", "money", "reviews", "ties",
    "broken_ties", "averages", "dates",
)  # fmt: skip


def _word(column: str, words: tuple[str, ...], table: str) -> sa.CheckConstraint:
    listed = ", ".join(f"'{each}'" for each in words)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=op.f(f"ck_{table}_{column}_word"))


def upgrade() -> None:
    op.create_table(
        "correction_notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", Words(length=16), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(length=40), nullable=False),
        sa.Column("result_id", sa.Integer(), nullable=True),
        sa.Column("words", Json, nullable=False),
        sa.Column("written_by", sa.Integer(), nullable=False),
        sa.Column("written_at", Instant(), nullable=False),
        sa.CheckConstraint(
            "(part = 'winner') = (result_id IS NOT NULL)", name=op.f("ck_correction_notice_about_a_winner")
        ),
        _word("part", PARTS, "correction_notice"),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_correction_notice_call_id_call")),
        sa.ForeignKeyConstraint(
            ["result_id"],
            ["published_result.id"],
            name=op.f("fk_correction_notice_result_id_published_result"),
        ),
        sa.ForeignKeyConstraint(
            ["written_by"], ["person.id"], name=op.f("fk_correction_notice_written_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction_notice")),
        sa.UniqueConstraint("code", name=op.f("uq_correction_notice_code")),
    )
    op.create_index(op.f("ix_correction_notice_call_id"), "correction_notice", ["call_id"])
    op.create_table(
        "webhook",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", Words(length=16), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("url", Words(length=500), nullable=False),
        sa.Column("events", Json, nullable=False),
        sa.Column("nonce", Words(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_webhook_call_id_call")),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_webhook_made_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook")),
        sa.UniqueConstraint("code", name=op.f("uq_webhook_code")),
    )
    op.create_index(op.f("ix_webhook_call_id"), "webhook", ["call_id"])
    op.create_table(
        "webhook_delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", Words(length=16), nullable=False),
        sa.Column("webhook_id", sa.Integer(), nullable=False),
        sa.Column("event", sa.String(length=40), nullable=False),
        sa.Column("body", Words(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("queued_at", Instant(), nullable=False),
        sa.Column("not_before", Instant(), nullable=False),
        sa.Column("claimed_until", Instant(), nullable=True),
        sa.Column("answered_at", Instant(), nullable=True),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("problem", Words(length=40), nullable=False),
        _word("event", ("opened", "closed", "published", "test"), "webhook_delivery"),
        _word("state", ("queued", "delivered", "failed"), "webhook_delivery"),
        sa.ForeignKeyConstraint(
            ["webhook_id"], ["webhook.id"], name=op.f("fk_webhook_delivery_webhook_id_webhook")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_delivery")),
        sa.UniqueConstraint("code", name=op.f("uq_webhook_delivery_code")),
    )
    op.create_index(
        "uq_webhook_delivery_event",
        "webhook_delivery",
        ["webhook_id", "event"],
        unique=True,
        sqlite_where=sa.text("event <> 'test'"),
        postgresql_where=sa.text("event <> 'test'"),
    )
    op.create_index("ix_webhook_delivery_due", "webhook_delivery", ["state", "not_before"])
    _keep()


def _keep() -> None:
    """The database refuses whoever would change or remove a correction."""
    if op.get_bind().dialect.name == "sqlite":
        refused = "BEGIN SELECT RAISE(ABORT, 'correction_notice: a row is only ever added'); END"
        there = "WHEN EXISTS (SELECT 1 FROM correction_notice WHERE id = NEW.id)"
        for number, act in enumerate(("UPDATE", "DELETE"), 1):
            op.execute(
                f"CREATE TRIGGER correction_notice_kept_{number} BEFORE {act} ON correction_notice {refused}"
            )
        op.execute(
            f"CREATE TRIGGER correction_notice_kept_3 BEFORE INSERT ON correction_notice {there} {refused}"
        )
        return
    # Its function is that of the protocols (0032).
    op.execute(
        "CREATE TRIGGER correction_notice_kept BEFORE UPDATE OR DELETE ON correction_notice "
        "FOR EACH ROW EXECUTE FUNCTION refuse_rewriting()"
    )
    op.execute(
        "CREATE TRIGGER correction_notice_whole BEFORE TRUNCATE ON correction_notice "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting()"
    )


def downgrade() -> None:
    for table in ("webhook_delivery", "webhook", "correction_notice"):
        op.drop_table(table)
