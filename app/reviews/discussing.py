"""The discussion: when it begins, and what reviewers then read of each other.

Never a name, an organisation, a time or a mean; only of what they have sent a review of themselves.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import bindparam, select, update
from sqlmodel import Session, col

from app.accounts.actors import Coordinator, Reviewer
from app.audit.record import record
from app.calls.phase import phase
from app.errors import NotFound
from app.models.applications import Application, Status
from app.models.calls import Call, Phase
from app.models.redaction import ClearedPacket
from app.models.reviews import Assignment, Review, ReviewScore, ReviewVersion, Tie
from app.reviews.call_state import DATED, READING, phase_held
from app.reviews.counted import COUNTED, Sheet, counted_cells, sheets_of
from app.reviews.inputs import ScoreInput
from app.reviews.notices import notify_of_discussion
from app.reviews.own import own_reviews, whose
from app.reviews.refusals import (
    DiscussionNotMeant,
    DiscussionNotOpen,
    DiscussionOpen,
    OwnReviewFirst,
    ReviewingNotOpen,
)
from app.reviews.rubric import Rubric, rubric_of
from app.scoring.apart import Gap, pairs_apart
from app.wall import whole_call

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class OthersChange(_Model):
    """A change in the discussion: what was given before on the criteria that it moved, and why."""

    before: dict[str, int | None]
    reason: str


class OthersReview(_Model):
    """Somebody's review that counts, under a letter that says nothing of who it is."""

    letter: str
    scores: dict[str, ScoreInput]
    convinced: str
    stronger: str
    panel_note: str
    changes: list[OthersChange]


class OwnDiscussion(_Model):
    """One application that one has scored, with what the others gave it and why.

    `open` while one's own can still be changed; `letter` is what the others know one's own review by.
    """

    code: str
    title: str
    language: str
    open: bool
    letter: str
    own: OthersReview
    others: list[OthersReview]


class OwnDiscussionLine(_Model):
    """One application to be discussed. `differ`: two of its reviews differ by more than the call's rule."""

    code: str
    title: str
    language: str
    reviews: int
    differ: bool


class OwnDiscussions(_Model):
    """All that one has sent a review of, what differs first."""

    open: bool
    lines: list[OwnDiscussionLine]


@whole_call
def open_discussion(session: Session, coordinator: Coordinator, now: datetime) -> None:
    """Let reviewers who have sent a review read the others' of the same application; once, while they score.

    From now on a review that was sent changes only with a reason. It cannot be closed again: who has read
    has read.
    """
    if phase_held(session, coordinator.call_id, now) is not Phase.REVIEWING:
        raise ReviewingNotOpen
    call = session.execute(
        select(col(Call.discussion), col(Call.discussion_opened_at)).where(
            col(Call.id) == coordinator.call_id
        )
    ).one()
    if not call.discussion:
        raise DiscussionNotMeant
    if call.discussion_opened_at is not None:
        raise DiscussionOpen
    session.execute(
        update(Call)
        .where(col(Call.id) == coordinator.call_id)
        .values(discussion_opened_at=now, version=Call.version + 1)
    )
    sent = (
        select(col(Assignment.member_id))
        .join(Review, col(Review.assignment_id) == col(Assignment.id))
        .where(col(Assignment.call_id) == coordinator.call_id, *COUNTED)
    )
    notify_of_discussion(session, coordinator.call_id, session.scalars(sent.distinct()).all(), now)
    record(
        session,
        "discussion.open",
        now=now,
        person_id=coordinator.person_id,
        call_id=coordinator.call_id,
    )


_CALL = select(
    col(Call.discussion_opened_at),
    col(Call.divergence_points),
    col(Call.divergence_steps),
    col(Call.version),
    col(Call.frozen_hash),
    *DATED,
).where(col(Call.id) == bindparam("call_id"))
_MINE = own_reviews(
    col(Assignment.id).label("key"),
    col(Assignment.application_id).label("application"),
    col(Application.code),
    col(ClearedPacket.title),
    col(ClearedPacket.language),
).where(
    *COUNTED,
    col(Application.status).in_((Status.IN_REVIEW, Status.AWARDED, Status.NOT_SELECTED)),
)
_LISTED = _MINE.order_by(col(Assignment.queue_key))
_ONE = _MINE.where(col(Application.code) == bindparam("code"))
_OWN_SENT = (
    select(col(Assignment.application_id))
    .join(Review, col(Review.assignment_id) == col(Assignment.id))
    .where(col(Assignment.member_id) == bindparam("member_id"), *COUNTED)
)
_LISTED_CELLS = counted_cells(col(Assignment.application_id).in_(_OWN_SENT))
_OF_ONE = (col(Assignment.application_id) == bindparam("application"), *COUNTED)
_REVIEWS: Any = (
    select(
        col(Assignment.id).label("key"), col(Review.convinced), col(Review.stronger), col(Review.panel_note)
    )
    .join_from(Assignment, Review, col(Review.assignment_id) == col(Assignment.id))
    .where(*_OF_ONE)
    .order_by(col(Assignment.queue_key))
)
_CELLS: Any = (
    select(
        col(ReviewScore.assignment_id).label("key"),
        col(ReviewScore.criterion_id),
        col(ReviewScore.score),
        col(ReviewScore.cannot_judge),
        col(ReviewScore.reason),
    )
    .join(Assignment, col(Assignment.id) == col(ReviewScore.assignment_id))
    .join(Review, col(Review.assignment_id) == col(Assignment.id))
    .where(*_OF_ONE)
)
_VERSIONS = (
    select(
        col(ReviewVersion.assignment_id).label("key"),
        col(ReviewVersion.data),
        col(ReviewVersion.reason),
        col(ReviewVersion.at),
    )
    .join(Assignment, col(Assignment.id) == col(ReviewVersion.assignment_id))
    .join(Review, col(Review.assignment_id) == col(Assignment.id))
    .where(*_OF_ONE)
    .order_by(col(ReviewVersion.assignment_id), col(ReviewVersion.version))
)


def own_discussions(session: Session, reviewer: Reviewer, now: datetime) -> OwnDiscussions:
    """What there is to discuss; three queries, however much that is."""
    call, reached = _discussed(session, reviewer, now)
    rubric = rubric_of(session, reviewer.call_id, call.version, call.frozen_hash)
    rows = session.execute(_LISTED, whose(reviewer)).all()
    sheets = sheets_of(session.execute(_LISTED_CELLS, whose(reviewer)), rubric)
    gap = Gap(call.divergence_points, call.divergence_steps)
    lines = [
        OwnDiscussionLine(
            code=row.code,
            title=row.title,
            language=row.language,
            reviews=len(sheets.get(row.application, ())),
            differ=_differ(sheets.get(row.application, ()), rubric, gap),
        )
        for row in rows
    ]
    return OwnDiscussions(
        open=reached is Phase.REVIEWING, lines=sorted(lines, key=lambda line: not line.differ)
    )


def own_discussion(session: Session, reviewer: Reviewer, code: str, now: datetime) -> OwnDiscussion:
    """One application with everybody's reasons; OwnReviewFirst until one's own review of it is sent."""
    row = session.execute(_ONE, whose(reviewer, code)).one_or_none()
    if row is None:
        _refuse_stranger(session, reviewer, code)
    call, reached = _discussed(session, reviewer, now)
    if row is None:
        raise OwnReviewFirst
    rubric = rubric_of(session, reviewer.call_id, call.version, call.frozen_hash)
    reviews = _reviews(session, row.application, rubric, call.discussion_opened_at)
    own = next(review for key, review in reviews if key == row.key)
    return OwnDiscussion(
        code=row.code,
        title=row.title,
        language=row.language,
        open=reached is Phase.REVIEWING,
        letter=own.letter,
        own=own,
        others=[review for key, review in reviews if key != row.key],
    )


def _discussed(session: Session, reviewer: Reviewer, now: datetime) -> tuple[Any, Phase]:
    call = session.execute(_CALL, {"call_id": reviewer.call_id}).one()
    reached = phase(call, now)
    if call.discussion_opened_at is None or reached not in READING:
        raise DiscussionNotOpen
    return call, reached


def _refuse_stranger(session: Session, reviewer: Reviewer, code: str) -> None:
    """Who was never given it, has a tie or has it no more learns nothing."""
    statement = own_reviews(col(Assignment.tie), col(Assignment.withdrawn_at)).where(
        col(Application.code) == bindparam("code")
    )
    given = session.execute(statement, whose(reviewer, code)).one_or_none()
    if given is None or given.withdrawn_at is not None or given.tie is Tie.TIE:
        raise NotFound


def _differ(sheets: Sequence[Sheet], rubric: Rubric, gap: Gap) -> bool:
    return next(pairs_apart([each.scores for each in sheets], rubric.weighted, gap), None) is not None


def _reviews(
    session: Session, application: int, rubric: Rubric, opened_at: datetime
) -> list[tuple[int, OthersReview]]:
    """Every review that counts, by the key of its assignment. Letters follow an order that is like chance."""
    key = {"application": application}
    cells: dict[int, dict[int, ScoreInput]] = {}
    for row in session.execute(_CELLS, key):
        cells.setdefault(row.key, {})[row.criterion_id] = ScoreInput.model_construct(
            score=row.score, cannot_judge=row.cannot_judge, reason=row.reason
        )
    versions: dict[int, list[Any]] = {}
    for row in session.execute(_VERSIONS, key):
        versions.setdefault(row.key, []).append(row)
    return [
        (
            row.key,
            OthersReview(
                letter=_letter(number),
                scores={each.code: cells.get(row.key, {}).get(each.key, ScoreInput()) for each in rubric},
                convinced=row.convinced,
                stronger=row.stronger,
                panel_note=row.panel_note,
                changes=_changes(versions.get(row.key, ()), opened_at),
            ),
        )
        for number, row in enumerate(session.execute(_REVIEWS, key))
    ]


def _letter(number: int) -> str:
    return LETTERS[number] if number < len(LETTERS) else str(number + 1)


def _changes(versions: Sequence[Any], opened_at: datetime) -> list[OthersChange]:
    """What changed since the discussion began; what was changed before is nobody's but the writer's."""
    found = []
    for before, after in pairwise(versions):
        if after.reason and after.at >= opened_at:
            was, now = _scores(before.data), _scores(after.data)
            found.append(
                OthersChange(
                    before={code: score for code, score in was.items() if score != now.get(code)},
                    reason=after.reason,
                )
            )
    return found


def _scores(data: Mapping[str, Any]) -> dict[str, int | None]:
    return {code: cell["score"] for code, cell in data["scores"].items()}
