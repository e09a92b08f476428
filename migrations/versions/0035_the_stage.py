"""the stage of an evening: scenes of the pitches, a clock, holding, a note; and a rehearsal beside it

Revision: 0035, after 0037
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0035"
down_revision = "0037"
branch_labels = None
depends_on = None

Json = sa.JSON().with_variant(JSONB(), "postgresql")
Instant = sqlmodel.sql.sqltypes.UTCDateTime
BEFORE = ("curtain", "winner", "board")
SCENES = ("curtain", "title", "timer", "questions", "thanks", "scoring", "winner", "board")
KEPT = "round_id, scene, revealed, version, changed_at"


def _word(scenes: tuple[str, ...]) -> str:
    return f"scene IN ({', '.join(repr(each) for each in scenes)})"


def _columns() -> list[sa.Column[object]]:
    return [
        sa.Column("slot", sa.Integer(), nullable=True),
        sa.Column("reached", Json, nullable=False, server_default="[]"),
        sa.Column("ends_at", Instant(), nullable=True),
        sa.Column("left_ms", sa.Integer(), nullable=True),
        sa.Column("frozen", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("note", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False, server_default=""),
    ]


def _of_stages() -> list[sa.Column[object]]:
    return [
        sa.Column("rehearsing", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("link", sa.Integer(), nullable=False, server_default="1"),
    ]


def _table(name: str, scenes: tuple[str, ...], more: list[sa.Column[object]], called: str = "") -> None:
    """A table of stages; `called` is the name that its constraints are to have."""
    called = called or name
    checks = (
        [
            sa.CheckConstraint("slot IS NULL OR slot > 0", name=op.f(f"ck_{called}_slot_positive")),
            sa.CheckConstraint("ends_at IS NULL OR left_ms IS NULL", name=op.f(f"ck_{called}_one_clock")),
        ]
        if more
        else []
    )
    op.create_table(
        name,
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("scene", sa.String(length=40), nullable=False),
        sa.Column("revealed", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        *more,
        sa.CheckConstraint(_word(scenes), name=op.f(f"ck_{called}_scene_word")),
        *checks,
        sa.ForeignKeyConstraint(
            ["round_id"], ["award_round.id"], name=op.f(f"fk_{called}_round_id_award_round")
        ),
        sa.PrimaryKeyConstraint("round_id", name=op.f(f"pk_{called}")),
    )


def _anew(scenes: tuple[str, ...], more: list[sa.Column[object]]) -> None:
    """SQLite cannot change a CHECK: the table is written out anew."""
    _table("stage_anew", scenes, more, called="stage")
    op.execute(f"INSERT INTO stage_anew ({KEPT}) SELECT {KEPT} FROM stage")  # noqa: S608 - our own names
    op.drop_table("stage")
    op.rename_table("stage_anew", "stage")


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _anew(SCENES, [*_columns(), *_of_stages()])
    else:
        for column in (*_columns(), *_of_stages()):
            op.add_column("stage", column)
        op.drop_constraint(op.f("ck_stage_scene_word"), "stage", type_="check")
        op.create_check_constraint(op.f("ck_stage_scene_word"), "stage", _word(SCENES))
        op.create_check_constraint(op.f("ck_stage_slot_positive"), "stage", "slot IS NULL OR slot > 0")
        op.create_check_constraint(op.f("ck_stage_one_clock"), "stage", "ends_at IS NULL OR left_ms IS NULL")
    _table("rehearsal", SCENES, _columns())


def downgrade() -> None:
    """A scene that there was not before becomes the curtain."""
    op.drop_table("rehearsal")
    op.execute(f"UPDATE stage SET scene = 'curtain' WHERE NOT ({_word(BEFORE)})")  # noqa: S608
    if op.get_bind().dialect.name == "sqlite":
        _anew(BEFORE, [])
        return
    for name in ("ck_stage_one_clock", "ck_stage_slot_positive", "ck_stage_scene_word"):
        op.drop_constraint(op.f(name), "stage", type_="check")
    op.create_check_constraint(op.f("ck_stage_scene_word"), "stage", _word(BEFORE))
    for name in ("link", "rehearsing", "note", "frozen", "left_ms", "ends_at", "reached", "slot"):
        op.drop_column("stage", name)
