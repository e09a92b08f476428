"""who proposes a reviewer keeps a row of their own, so that it says nothing of what is known of the address

Revision: 0049, after 0042
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0049"
down_revision = "0042"
branch_labels = None
depends_on = None

TABLE = "reviewer_proposal"
Text = sqlmodel.sql.sqltypes.AutoString
Instant = sqlmodel.sql.sqltypes.UTCDateTime
MOVED = """
INSERT INTO reviewer_proposal (call_id, organisation_id, proposed_by, email, name, code, made_at)
SELECT call_id, organisation_id, proposed_by, email, name, code, made_at FROM reviewer_invitation
WHERE state = 'proposed' AND proposed_by IS NOT NULL ORDER BY id
"""
# An address has one invitation: the first of its proposals, where there is none.
BACK = """
INSERT INTO reviewer_invitation
    (call_id, organisation_id, proposed_by, email, name, code, made_at, language, state, note, mails, reason,
     version)
SELECT call_id, organisation_id, proposed_by, email, name, code, made_at, 'kk', 'proposed', '', 0, '', 1
FROM reviewer_proposal WHERE settled_at IS NULL
AND id IN (SELECT min(id) FROM reviewer_proposal WHERE settled_at IS NULL GROUP BY call_id, email)
AND NOT EXISTS (SELECT 1 FROM reviewer_invitation AS held WHERE held.call_id = reviewer_proposal.call_id
                AND held.email = reviewer_proposal.email)
"""


def upgrade() -> None:
    """What was proposed becomes a row of whoever proposed it."""
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("proposed_by", sa.Integer(), nullable=False),
        sa.Column("email", Text(length=254), nullable=False),
        sa.Column("name", Text(length=200), nullable=False),
        sa.Column("code", Text(length=16), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("settled_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f(f"fk_{TABLE}_call_id_call")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f(f"fk_{TABLE}_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["proposed_by"], ["person.id"], name=op.f(f"fk_{TABLE}_proposed_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
        sa.UniqueConstraint(
            "call_id",
            "organisation_id",
            "proposed_by",
            "email",
            name=op.f(f"uq_{TABLE}_call_id_organisation_id_proposed_by_email"),
        ),
        sa.UniqueConstraint("code", name=op.f(f"uq_{TABLE}_code")),
    )
    op.create_index(op.f(f"ix_{TABLE}_email"), TABLE, ["email"])
    op.execute(MOVED)
    op.execute("DELETE FROM reviewer_invitation WHERE state = 'proposed'")


def downgrade() -> None:
    """Of several proposals of an address the first stays, and none of who is invited."""
    op.execute(BACK)
    op.drop_table(TABLE)
