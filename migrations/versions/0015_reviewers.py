"""Reviewers: what they read and how much they take, invitations to review, and requests for less.

Revision: 0015, after 0014
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

CHECKS = {
    "role_word": ("role IN ('coordinator', 'reviewer')", "role IN ('coordinator', 'reviewer', 'contact')"),
    "reviewer_has_organisation": (
        "role <> 'reviewer' OR organisation_id IS NOT NULL",
        "role = 'coordinator' OR organisation_id IS NOT NULL",
    ),
}


def on_sqlite() -> bool:
    """Whether this is the engine that cannot change a condition."""
    return op.get_context().dialect.name == "sqlite"


def change_checks(at: int) -> None:
    """Put the conditions of `panel_member` as they were (0) or as they are now (1).

    SQLite changes none: the table is made anew from its own words, with all its rows, as `person` was.
    """
    before, after = 1 - at, at
    if not on_sqlite():
        for name, words in CHECKS.items():
            op.drop_constraint(op.f(f"ck_panel_member_{name}"), "panel_member")
            op.create_check_constraint(op.f(f"ck_panel_member_{name}"), "panel_member", words[after])
        return
    connection = op.get_bind()
    made = str(connection.scalar(sa.text("SELECT sql FROM sqlite_master WHERE name = 'panel_member'")))
    for words in CHECKS.values():
        if words[before] not in made:
            raise RuntimeError("`panel_member` is not as this migration knows it")
        made = made.replace(words[before], words[after])
    for statement in (
        "PRAGMA defer_foreign_keys = ON",
        "CREATE TABLE panel_member_kept AS SELECT * FROM panel_member",
        "DELETE FROM panel_member",
        "DROP TABLE panel_member",
        made,
        "INSERT INTO panel_member SELECT * FROM panel_member_kept",
        "DROP TABLE panel_member_kept",
        "CREATE INDEX ix_panel_member_person_id ON panel_member (person_id)",
    ):
        op.execute(statement)


def upgrade() -> None:
    words, moment = sqlmodel.sql.sqltypes.AutoString, sqlmodel.sql.sqltypes.UTCDateTime
    change_checks(1)
    for name in ("languages", "topics"):
        op.add_column(
            "panel_member",
            sa.Column(
                name,
                sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
                nullable=False,
                server_default=sa.text("'[]'"),
            ),
        )
    op.add_column("panel_member", sa.Column("capacity", sa.Integer(), nullable=True))
    op.add_column("panel_member", sa.Column("due_at", moment(), nullable=True))
    op.add_column("panel_member", sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    op.create_table(
        "reviewer_invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("email", words(length=254), nullable=False),
        sa.Column("name", words(length=200), nullable=False),
        sa.Column("language", words(length=2), nullable=False),
        sa.Column("code", words(length=16), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("proposals", sa.Integer(), nullable=True),
        sa.Column("hours", sa.Integer(), nullable=True),
        sa.Column("due_at", moment(), nullable=True),
        sa.Column("note", words(length=1000), nullable=False),
        sa.Column("proposed_by", sa.Integer(), nullable=True),
        sa.Column("invited_by", sa.Integer(), nullable=True),
        sa.Column("mails", sa.Integer(), nullable=False),
        sa.Column("made_at", moment(), nullable=False),
        sa.Column("invited_at", moment(), nullable=True),
        sa.Column("answered_at", moment(), nullable=True),
        sa.Column("reason", words(length=1000), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('proposed', 'invited', 'accepted', 'declined')",
            name=op.f("ck_reviewer_invitation_state_word"),
        ),
        sa.CheckConstraint(
            "state = 'proposed' OR (proposals > 0 AND hours > 0 AND due_at IS NOT NULL)",
            name=op.f("ck_reviewer_invitation_says_how_much"),
        ),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_reviewer_invitation_call_id_call")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_reviewer_invitation_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by"], ["person.id"], name=op.f("fk_reviewer_invitation_proposed_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["invited_by"], ["person.id"], name=op.f("fk_reviewer_invitation_invited_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviewer_invitation")),
        sa.UniqueConstraint("call_id", "email", name=op.f("uq_reviewer_invitation_call_id_email")),
        sa.UniqueConstraint("code", name=op.f("uq_reviewer_invitation_code")),
    )
    op.create_index(op.f("ix_reviewer_invitation_email"), "reviewer_invitation", ["email"])
    op.create_table(
        "reviewer_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", words(length=16), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("until", moment(), nullable=True),
        sa.Column("count", sa.Integer(), nullable=True),
        sa.Column("reason", words(length=1000), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("asked_at", moment(), nullable=False),
        sa.Column("answer", words(length=1000), nullable=False),
        sa.Column("answered_at", moment(), nullable=True),
        sa.Column("given", sa.Integer(), nullable=True),
        sa.CheckConstraint("kind IN ('more_time', 'give_back')", name=op.f("ck_reviewer_request_kind_word")),
        sa.CheckConstraint(
            "state IN ('open', 'granted', 'refused', 'taken_back')",
            name=op.f("ck_reviewer_request_state_word"),
        ),
        sa.CheckConstraint(
            "(kind = 'more_time') = (until IS NOT NULL)", name=op.f("ck_reviewer_request_time_has_an_end")
        ),
        sa.CheckConstraint(
            "(kind = 'give_back') = (count IS NOT NULL)", name=op.f("ck_reviewer_request_back_has_a_count")
        ),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_reviewer_request_call_id_call")),
        sa.ForeignKeyConstraint(
            ["member_id"], ["panel_member.id"], name=op.f("fk_reviewer_request_member_id_panel_member")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviewer_request")),
        sa.UniqueConstraint("code", name=op.f("uq_reviewer_request_code")),
    )
    op.create_index(op.f("ix_reviewer_request_call_id"), "reviewer_request", ["call_id"])
    op.create_index(
        "uq_reviewer_request_open",
        "reviewer_request",
        ["member_id", "kind"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    # By hand: Alembic gives SQLite no column with a foreign key.
    op.execute(
        "ALTER TABLE mail ADD COLUMN seat_id INTEGER "
        "CONSTRAINT fk_mail_seat_id_reviewer_invitation REFERENCES reviewer_invitation (id)"
    )
    op.create_index("ix_mail_seat_id", "mail", ["seat_id"])


def downgrade() -> None:
    """Drop them; a contact of an organisation, which the older table does not know, is on no panel then."""
    op.execute("DELETE FROM mail WHERE seat_id IS NOT NULL")
    op.drop_index("ix_mail_seat_id", "mail")
    op.drop_column("mail", "seat_id")
    op.drop_table("reviewer_request")
    op.drop_table("reviewer_invitation")
    for name in ("version", "due_at", "capacity", "topics", "languages"):
        op.drop_column("panel_member", name)
    op.execute("DELETE FROM panel_member WHERE role = 'contact'")
    change_checks(0)
