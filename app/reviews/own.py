"""A reviewer's assignment and review, fetched by right and held still for a change."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlmodel import Session, col

from app.accounts.actors import Reviewer
from app.calls.phase import phase
from app.errors import NotFound
from app.models.applications import Application, Status
from app.models.calls import Call, Phase
from app.models.columns import Json
from app.models.redaction import ClearedPacket
from app.models.reviews import Assignment, Review, ReviewScore, Tie
from app.reviews.call_state import DATED
from app.reviews.completeness import REMARKS, whole
from app.reviews.inputs import ReviewInput, ScoreInput
from app.reviews.refusals import AssignmentWithdrawn, ReviewingNotOpen, TieDeclared, TieNotAnswered
from app.reviews.rubric import Rubric

REVIEW: tuple[Any, ...] = (
    col(Assignment.id).label("key"),
    col(Assignment.tie),
    col(Assignment.withdrawn_at),
    col(Assignment.set_aside_at),
    col(Assignment.read_version),
    col(ClearedPacket.version).label("text_version"),
    col(Application.status).label("status"),
    col(Review.version),
    col(Review.state),
    col(Review.convinced),
    col(Review.stronger),
    col(Review.panel_note),
    col(Review.private_note),
    col(Review.confidence),
    col(Review.updated_at),
    col(Review.sent_at),
    col(Review.returned_at),
    col(Review.returned_note),
    col(Call.version).label("call_version"),
    col(Call.frozen_hash),
    col(Call.discussion_opened_at),
)
"""An assignment with its review, if there is one, and what finds the call's rubric."""


def own_reviews(*columns: Any) -> Any:
    """The statement on what one reviewer was ever given in a call and is cleared; run it with `whose`.

    Statements are built once, when their module loads: building them costs more than running them.
    """
    return (
        select(*columns)
        .join_from(Assignment, Application, col(Application.id) == col(Assignment.application_id))
        .join(ClearedPacket, col(ClearedPacket.application_id) == col(Assignment.application_id))
        .join(Call, col(Call.id) == col(Assignment.call_id))
        .outerjoin(Review, col(Review.assignment_id) == col(Assignment.id))
        .where(col(Assignment.member_id) == bindparam("member_id"))
    )


def whose(reviewer: Reviewer, code: str = "") -> dict[str, Any]:
    """Whose reviews a statement is about, and of which application."""
    return {"member_id": reviewer.member_id, "code": code}


ONE = col(Application.code) == bindparam("code")
_ONE = own_reviews(*REVIEW, *DATED).where(ONE)
_ONE_HELD = _ONE.with_for_update(read=True, of=[Call, Assignment])
_ONE_LOCKED = own_reviews(col(Assignment.id)).where(ONE).with_for_update(of=[Assignment])
_CELLS = select(
    col(ReviewScore.criterion_id),
    col(ReviewScore.score),
    col(ReviewScore.cannot_judge),
    col(ReviewScore.reason),
).where(col(ReviewScore.assignment_id) == bindparam("key"))


def own_in_hand(session: Session, reviewer: Reviewer, code: str, now: datetime) -> Any:
    """The assignment with this code while reviewing is open.

    Until this unit ends the call cannot close and the assignment cannot go. The call is locked before
    the assignment here as everywhere, so that two units never wait for each other.
    """
    own = session.execute(_ONE_HELD, whose(reviewer, code)).one_or_none()
    return _open(own, now)


def own_to_close(session: Session, reviewer: Reviewer, code: str, now: datetime) -> Any:
    """The same, for the one change of the assignment itself: nobody else of it writes meanwhile."""
    session.execute(select(col(Call.id)).where(col(Call.id) == reviewer.call_id).with_for_update(read=True))
    session.execute(_ONE_LOCKED, whose(reviewer, code))
    # Read only now: what was saved while we waited is there.
    return _open(session.execute(_ONE, whose(reviewer, code)).one_or_none(), now)


def _open(own: Any, now: datetime) -> Any:
    if own is None:
        raise NotFound
    if phase(own, now) is not Phase.REVIEWING:
        raise ReviewingNotOpen
    if own.withdrawn_at is not None or own.status is not Status.IN_REVIEW:
        raise AssignmentWithdrawn
    return own


def refuse_tie(own: Any) -> None:
    """Scores come after the conflict question, and only without a tie."""
    if own.tie is None:
        raise TieNotAnswered
    if own.tie is Tie.TIE:
        raise TieDeclared


class _Rows(FunctionElement[Any]):
    """The rows of a subquery as one list of lists."""

    name = "rows"
    inherit_cache = True
    type = Json


@compiles(_Rows, "postgresql")
def _on_postgresql(rows: Any, compiler: Any, **given: Any) -> str:
    return f"jsonb_agg(jsonb_build_array({compiler.process(rows.clauses, **given)}))"


@compiles(_Rows, "sqlite")
def _on_sqlite(rows: Any, compiler: Any, **given: Any) -> str:
    return f"json_group_array(json_array({compiler.process(rows.clauses, **given)}))"


CELLS = (
    select(_Rows(*_CELLS.selected_columns))
    .where(col(ReviewScore.assignment_id) == col(Assignment.id))
    .correlate(Assignment)
    .scalar_subquery()
    .label("cells")
)
"""The cells of a review beside it, for a statement that would otherwise be followed by another one."""


def stored_review(session: Session, own: Any, rubric: Rubric) -> ReviewInput:
    """What is stored of a review, whole and in the shape in which it is handed in."""
    return review_of(own, session.execute(_CELLS, {"key": own.key}) if own.version else (), rubric)


def review_of(own: Any, rows: Iterable[Any], rubric: Rubric) -> ReviewInput:
    """The same of these cells."""
    if own.version is None:
        return whole(rubric, ReviewInput())
    cells = {
        criterion: ScoreInput.model_construct(score=score, cannot_judge=bool(cannot_judge), reason=reason)
        for criterion, score, cannot_judge, reason in rows
    }
    return ReviewInput.model_construct(
        scores={criterion.code: cells.get(criterion.key, ScoreInput()) for criterion in rubric},
        **{name: getattr(own, name) for name in REMARKS},
    )
