"""Jurors, their ballots and papers, and the order that comes of written and pitch scores.

A ballot stays once the scoring of the pitches is closed, and a run of the order once it is stored: the
database refuses whoever would change them.

Revision: 0036
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

Json = sa.JSON().with_variant(JSONB(), "postgresql")
Instant = sqlmodel.sql.sqltypes.UTCDateTime
Text = sqlmodel.sql.sqltypes.AutoString
CLOSED_TO = """SELECT 1 FROM juror JOIN pitch_scoring ON pitch_scoring.round_id = juror.round_id
               WHERE juror.id = {which}.juror_id AND pitch_scoring.closed_at IS NOT NULL"""
BALLOT_STAYS = "pitch_ballot: the scoring of the pitches is closed"
RUN_STAYS = "pitch_run: a row is only ever added"
TABLES = (
    "pitch_entry",
    "pitch_run",
    "pitch_keying",
    "pitch_ballot",
    "pitch_scoring",
    "juror_contact",
    "juror",
)


def upgrade() -> None:
    _jurors()
    _ballots()
    _orders()
    if op.get_bind().dialect.name == "sqlite":
        _sqlite()
    else:
        _postgresql()


def _jurors() -> None:
    op.create_table(
        "juror",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("code", Text(length=16), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("added_at", Instant(), nullable=False),
        sa.Column("link_hash", Text(length=64), nullable=True),
        sa.Column("code_hash", Text(length=64), nullable=True),
        sa.Column("issued_at", Instant(), nullable=True),
        sa.Column("session_hash", Text(length=64), nullable=True),
        sa.Column("session_ends_at", Instant(), nullable=True),
        sa.Column("finished_at", Instant(), nullable=True),
        sa.Column("closed_at", Instant(), nullable=True),
        sa.Column("closed_reason", Text(), nullable=False),
        sa.Column("removed_at", Instant(), nullable=True),
        sa.Column("removed_reason", Text(), nullable=False),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (closed_reason = '')", name=op.f("ck_juror_closed_for_a_reason")
        ),
        sa.CheckConstraint("(link_hash IS NULL) = (code_hash IS NULL)", name=op.f("ck_juror_access_whole")),
        sa.CheckConstraint(
            "(removed_at IS NULL) = (removed_reason = '')", name=op.f("ck_juror_removed_for_a_reason")
        ),
        sa.CheckConstraint(
            "(session_hash IS NULL) = (session_ends_at IS NULL)", name=op.f("ck_juror_session_ends")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_juror_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["award_round.id"], name=op.f("fk_juror_round_id_award_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_juror")),
        sa.UniqueConstraint("code", name=op.f("uq_juror_code")),
        sa.UniqueConstraint("link_hash", name=op.f("uq_juror_link_hash")),
        sa.UniqueConstraint("round_id", "number", name=op.f("uq_juror_round_id_number")),
        sa.UniqueConstraint("session_hash", name=op.f("uq_juror_session_hash")),
    )
    op.create_table(
        "juror_contact",
        sa.Column("juror_id", sa.Integer(), nullable=False),
        sa.Column("name", Text(length=200), nullable=False),
        sa.Column("email", Text(length=254), nullable=False),
        sa.Column("phone", Text(length=40), nullable=False),
        sa.ForeignKeyConstraint(["juror_id"], ["juror.id"], name=op.f("fk_juror_contact_juror_id_juror")),
        sa.PrimaryKeyConstraint("juror_id", name=op.f("pk_juror_contact")),
    )


def _ballots() -> None:
    op.create_table(
        "pitch_scoring",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("begun", Json, nullable=False),
        sa.Column("comparing_at", Instant(), nullable=True),
        sa.Column("compare_ends_at", Instant(), nullable=True),
        sa.Column("closed_at", Instant(), nullable=True),
        sa.Column("closed_by", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["closed_by"], ["person.id"], name=op.f("fk_pitch_scoring_closed_by_person")),
        sa.ForeignKeyConstraint(
            ["round_id"], ["award_round.id"], name=op.f("fk_pitch_scoring_round_id_award_round")
        ),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_pitch_scoring")),
    )
    op.create_table(
        "pitch_ballot",
        sa.Column("juror_id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("scores", Json, nullable=False),
        sa.Column("tie", sa.Boolean(), nullable=False),
        sa.Column("missed", sa.Boolean(), nullable=False),
        sa.Column("note", Text(), nullable=False),
        sa.Column("on_paper", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", Instant(), nullable=False),
        sa.CheckConstraint("NOT (tie AND missed)", name=op.f("ck_pitch_ballot_one_reason")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_pitch_ballot_application_id_application")
        ),
        sa.ForeignKeyConstraint(["juror_id"], ["juror.id"], name=op.f("fk_pitch_ballot_juror_id_juror")),
        sa.PrimaryKeyConstraint("juror_id", "application_id", name=op.f("pk_pitch_ballot")),
    )
    op.create_table(
        "pitch_keying",
        sa.Column("juror_id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("scores", Json, nullable=False),
        sa.Column("tie", sa.Boolean(), nullable=False),
        sa.Column("missed", sa.Boolean(), nullable=False),
        sa.Column("keyed_by", sa.Integer(), nullable=False),
        sa.Column("keyed_at", Instant(), nullable=False),
        sa.Column("reason", Text(), nullable=False),
        sa.CheckConstraint("turn IN (1, 2)", name=op.f("ck_pitch_keying_two_turns")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_pitch_keying_application_id_application")
        ),
        sa.ForeignKeyConstraint(["juror_id"], ["juror.id"], name=op.f("fk_pitch_keying_juror_id_juror")),
        sa.ForeignKeyConstraint(["keyed_by"], ["person.id"], name=op.f("fk_pitch_keying_keyed_by_person")),
        sa.PrimaryKeyConstraint("juror_id", "application_id", "turn", name=op.f("pk_pitch_keying")),
    )


def _orders() -> None:
    op.create_table(
        "pitch_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("computed_at", Instant(), nullable=False),
        sa.Column("computed_by", sa.Integer(), nullable=False),
        sa.Column("input_hash", Text(length=64), nullable=False),
        sa.Column("document", Text(), nullable=False),
        sa.ForeignKeyConstraint(["computed_by"], ["person.id"], name=op.f("fk_pitch_run_computed_by_person")),
        sa.ForeignKeyConstraint(
            ["round_id"], ["award_round.id"], name=op.f("fk_pitch_run_round_id_award_round")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pitch_run")),
        sa.UniqueConstraint("round_id", "number", name=op.f("uq_pitch_run_round_id_number")),
    )
    op.create_table(
        "pitch_entry",
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("label", Text(length=10), nullable=False),
        sa.Column("total", Text(length=200), nullable=True),
        sa.Column("exact_total", Text(length=200), nullable=True),
        sa.Column("shown", Json, nullable=False),
        sa.Column("exact", Json, nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_pitch_entry_application_id_application")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["award_round.id"], name=op.f("fk_pitch_entry_round_id_award_round")
        ),
        sa.PrimaryKeyConstraint("application_id", name=op.f("pk_pitch_entry")),
    )
    op.create_index("ix_pitch_entry_round_id", "pitch_entry", ["round_id"])


def _sqlite() -> None:
    for act, which in (("INSERT", "NEW"), ("UPDATE", "OLD"), ("DELETE", "OLD")):
        op.execute(
            f"CREATE TRIGGER pitch_ballot_closed_{act.lower()} BEFORE {act} ON pitch_ballot "
            f"WHEN EXISTS ({CLOSED_TO.format(which=which)}) "
            f"BEGIN SELECT RAISE(ABORT, '{BALLOT_STAYS}'); END"
        )
    refused = f"BEGIN SELECT RAISE(ABORT, '{RUN_STAYS}'); END"
    there = "WHEN EXISTS (SELECT 1 FROM pitch_run WHERE id = NEW.id)"
    op.execute(f"CREATE TRIGGER pitch_run_kept_1 BEFORE UPDATE ON pitch_run {refused}")
    op.execute(f"CREATE TRIGGER pitch_run_kept_2 BEFORE DELETE ON pitch_run {refused}")
    op.execute(f"CREATE TRIGGER pitch_run_kept_3 BEFORE INSERT ON pitch_run {there} {refused}")


def _postgresql() -> None:
    refuse = "RAISE EXCEPTION '{}' USING ERRCODE = '23514';"
    op.execute(
        f"""CREATE FUNCTION refuse_late_ballot() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE
          one pitch_ballot;
        BEGIN
          one := CASE WHEN TG_OP = 'INSERT' THEN NEW ELSE OLD END;
          PERFORM 1 FROM pitch_scoring JOIN juror ON juror.round_id = pitch_scoring.round_id
          WHERE juror.id = one.juror_id FOR SHARE OF pitch_scoring;
          IF EXISTS ({CLOSED_TO.format(which="one")}) THEN
            {refuse.format(BALLOT_STAYS)}
          END IF;
          RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
        END $$"""
    )
    op.execute(
        "CREATE TRIGGER pitch_ballot_closed BEFORE INSERT OR UPDATE OR DELETE ON pitch_ballot "
        "FOR EACH ROW EXECUTE FUNCTION refuse_late_ballot()"
    )
    op.execute(
        "CREATE TRIGGER pitch_run_kept BEFORE UPDATE OR DELETE ON pitch_run "
        "FOR EACH ROW EXECUTE FUNCTION refuse_rewriting()"
    )
    op.execute(
        "CREATE TRIGGER pitch_run_whole BEFORE TRUNCATE ON pitch_run "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting()"
    )


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION refuse_late_ballot()")
