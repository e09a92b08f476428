"""What a reviewer does: answers the conflict question, saves, sends.

A review is one whole: every save hands in all of it and names the version it changes. Two tabs
cannot overwrite each other; handing in again what is stored already is no change and no refusal.
"""

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from functools import cache
from typing import Any

from sqlalchemy import bindparam, delete, insert, inspect, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from app.accounts.actors import Reviewer
from app.audit.record import record
from app.errors import Stale
from app.models.reviews import Assignment, Review, ReviewScore, ReviewState, ReviewVersion, Tie
from app.reviews.completeness import REMARKS, refuse_incomplete, refuse_unexplained, total_of, whole
from app.reviews.inputs import ReviewInput, TieInput
from app.reviews.own import own_in_hand, own_to_close, refuse_tie, stored_review
from app.reviews.refusals import ReviewIsSent, TieDeclared
from app.reviews.rubric import Rubric, rubric_of


@dataclass(frozen=True, slots=True)
class Saved:
    """The version that is stored now, and the review's total out of 100 once everything is scored."""

    version: int
    total: Fraction | None


def answer_tie(session: Session, reviewer: Reviewer, code: str, given: TieInput, now: datetime) -> None:
    """Say whether there is a tie; can be said later as well. A declared tie closes the text for good.

    Scores given before are voided: they leave the review and stay in its versions.
    """
    own = own_to_close(session, reviewer, code, now)
    if own.tie is Tie.TIE:
        raise TieDeclared
    if given.tie is Tie.TIE and own.version is not None:
        _void(session, reviewer, own, now)
    said: dict[str, Any] = {"tie": given.tie, "tie_note": given.note, "tie_at": now}
    if own.read_version is None and given.tie is not Tie.TIE:
        said["read_version"] = own.text_version
    session.execute(update(Assignment).where(col(Assignment.id) == own.key).values(**said))
    if given.tie is Tie.TIE:
        _recorded(session, reviewer, "review.declare_tie", code, now)


def check_open(session: Session, reviewer: Reviewer, code: str, now: datetime) -> None:
    """Refuse what any change of this review would be refused for, whatever it says: the phase comes first."""
    own_in_hand(session, reviewer, code, now)


def check_scoring(session: Session, reviewer: Reviewer, code: str, now: datetime) -> None:
    """The same for scores, which come after the conflict question and only without a tie."""
    refuse_tie(own_in_hand(session, reviewer, code, now))


def save_review(
    session: Session, reviewer: Reviewer, code: str, given: ReviewInput, seen: int, now: datetime
) -> Saved:
    """Keep a review as it stands, complete or not; `seen` is its version, 0 before the first.

    One that was sent stays complete and says why it changes: what would open a gap in it, or comes without
    a reason, is refused.
    """
    own = own_in_hand(session, reviewer, code, now)
    refuse_tie(own)
    rubric = _rubric(session, reviewer, own)
    typed, given = given, whole(rubric, given)
    stored = stored_review(session, own, rubric)
    if given == stored:
        return Saved(own.version or 0, total_of(given, rubric))
    if own.state is ReviewState.SENT:
        refuse_incomplete(rubric, given)
        refuse_unexplained(typed)
    if not _moved_on(session, own, given, seen, now):
        raise Stale(current=stored, version=own.version or 0)
    _write_scores(session, own.key, rubric, given)
    if own.state is ReviewState.SENT:
        _keep_version(session, own.key, seen + 1, given, now, typed.change_reason)
    return Saved(seen + 1, total_of(given, rubric))


def send_review(session: Session, reviewer: Reviewer, code: str, seen: int, now: datetime) -> int:
    """Let a saved review count; Invalid with every gap if it is incomplete. Gives its new version.

    Until reviewing closes it can still be changed; each version that was sent is kept.
    """
    own = own_in_hand(session, reviewer, code, now)
    refuse_tie(own)
    rubric = _rubric(session, reviewer, own)
    stored = stored_review(session, own, rubric)
    refuse_incomplete(rubric, stored)
    if own.state is ReviewState.SENT:
        _answer_return(session, reviewer, own, code, now)
        return int(own.version)
    sent = session.execute(
        update(Review)
        .where(col(Review.assignment_id) == own.key, col(Review.version) == seen)
        .values(state=ReviewState.SENT, sent_at=now, version=seen + 1)
    )
    if getattr(sent, "rowcount", 0) == 0:
        raise Stale(current=stored, version=own.version or 0)
    _keep_version(session, own.key, seen + 1, stored, now)
    if own.set_aside_at is not None:
        _put_aside(session, own.key, None)
    _recorded(session, reviewer, "review.send", code, now)
    return seen + 1


def _answer_return(session: Session, reviewer: Reviewer, own: Any, code: str, now: datetime) -> None:
    """Sending again answers the coordinator who had returned the review, whatever was changed."""
    if own.returned_at is None:
        return
    session.execute(
        update(Review).where(col(Review.assignment_id) == own.key).values(returned_at=None, returned_note="")
    )
    _recorded(session, reviewer, "review.answer_return", code, now)


def set_aside(session: Session, reviewer: Reviewer, code: str, now: datetime) -> None:
    """Leave an application for later: it comes after all others, and nothing of its review changes."""
    own = own_in_hand(session, reviewer, code, now)
    refuse_tie(own)
    if own.state is ReviewState.SENT:
        raise ReviewIsSent
    if own.set_aside_at is None:
        _put_aside(session, own.key, now)


def take_up(session: Session, reviewer: Reviewer, code: str, now: datetime) -> None:
    """Put an application that was set aside back to its own place."""
    own = own_in_hand(session, reviewer, code, now)
    if own.set_aside_at is not None:
        _put_aside(session, own.key, None)


def read_again(session: Session, reviewer: Reviewer, code: str, version: int, now: datetime) -> None:
    """Say that one has read the text at this version; a later one still has to be read."""
    own = own_in_hand(session, reviewer, code, now)
    refuse_tie(own)
    if (own.read_version or 0) < version <= own.text_version:
        session.execute(update(Assignment).where(col(Assignment.id) == own.key).values(read_version=version))


def _put_aside(session: Session, key: int, at: datetime | None) -> None:
    session.execute(update(Assignment).where(col(Assignment.id) == key).values(set_aside_at=at))


def _rubric(session: Session, reviewer: Reviewer, own: Any) -> Rubric:
    return rubric_of(session, reviewer.call_id, own.call_version, own.frozen_hash)


def _new(name: str) -> str:
    """What a column's new value is called in a statement: its own name is the column's."""
    return f"new_{name}"


_MOVED = (
    update(Review)
    .where(col(Review.assignment_id) == bindparam("key"), col(Review.version) == bindparam("seen"))
    .values({name: bindparam(_new(name)) for name in (*REMARKS, "updated_at", "version")})
    .execution_options(synchronize_session=False)
)


def _moved_on(session: Session, own: Any, given: ReviewInput, seen: int, now: datetime) -> bool:
    """Compare and set: the row moves to the version after `seen`, unless somebody else was there first."""
    texts = {**{name: getattr(given, name) for name in REMARKS}, "updated_at": now}
    if own.version is None and seen == 0:
        first = _insert_of(session)(Review).values(
            assignment_id=own.key, state=ReviewState.DRAFT, version=1, **texts
        )
        first = first.on_conflict_do_nothing(index_elements=["assignment_id"])
        return session.execute(first.returning(col(Review.version))).first() is not None
    said = {_new(name): value for name, value in {**texts, "version": seen + 1}.items()}
    written = session.execute(_MOVED, {"key": own.key, "seen": seen, **said})
    return getattr(written, "rowcount", 0) == 1


def _write_scores(session: Session, key: int, rubric: Rubric, given: ReviewInput) -> None:
    rows = [
        {"assignment_id": key, "criterion_id": criterion.key, **given.scores[criterion.code].model_dump()}
        for criterion in rubric
    ]
    # Row by row in one go: a statement with all rows in it is put together anew each time.
    session.execute(_upsert(_insert_of(session)), rows)


@cache
def _upsert(insert_of: Any) -> Any:
    upsert = insert_of(inspect(ReviewScore).local_table)
    return upsert.on_conflict_do_update(
        index_elements=["assignment_id", "criterion_id"],
        set_={name: upsert.excluded[name] for name in ("score", "cannot_judge", "reason")},
    )


def _keep_version(
    session: Session, key: int, version: int, given: ReviewInput, now: datetime, reason: str = ""
) -> None:
    data = given.model_dump(mode="json", exclude={"change_reason"})
    session.execute(
        insert(ReviewVersion).values(assignment_id=key, version=version, data=data, at=now, reason=reason)
    )


def _void(session: Session, reviewer: Reviewer, own: Any, now: datetime) -> None:
    """Take the scores out of a review that must not count; what they were stays in its versions."""
    if own.state is not ReviewState.SENT:
        stored = stored_review(session, own, _rubric(session, reviewer, own))
        _keep_version(session, own.key, own.version, stored, now)
    session.execute(delete(ReviewScore).where(col(ReviewScore.assignment_id) == own.key))
    session.execute(
        update(Review)
        .where(col(Review.assignment_id) == own.key)
        .values(state=ReviewState.DRAFT, sent_at=None, version=own.version + 1, updated_at=now)
    )


def _recorded(session: Session, reviewer: Reviewer, action: str, code: str, now: datetime) -> None:
    record(
        session,
        action,
        now=now,
        person_id=reviewer.person_id,
        call_id=reviewer.call_id,
        subject=code,
    )


def _insert_of(session: Session) -> Any:
    return postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
