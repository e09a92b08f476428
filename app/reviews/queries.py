"""What a reviewer reads: their calls, their queue, and one application with their own review of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict
from sqlalchemy import and_, bindparam, case, func, not_, or_, select, true
from sqlmodel import Session, col

from app.accounts.actors import Reviewer, SignedIn
from app.applications.blind import (
    PACKET,
    BlindApplication,
    BlindCard,
    application,
    card,
    readable_file,
)
from app.applications.readable import Readable
from app.calls.phase import phase
from app.errors import NotFound
from app.models.applications import Application, Status
from app.models.calls import Call, Phase
from app.models.columns import Texts
from app.models.panel import PanelMember, PanelRole
from app.models.redaction import ClearedPacket
from app.models.reviews import Assignment, Review, ReviewState, Tie
from app.reviews.call_state import DATED
from app.reviews.completeness import total_of
from app.reviews.earlier import EarlierVersion, earlier_versions
from app.reviews.inputs import ReviewInput
from app.reviews.own import CELLS, ONE, REVIEW, own_reviews, review_of, whose
from app.reviews.own_call import OWN_DUE
from app.reviews.pace import Pace, pace
from app.reviews.practice import can_practise
from app.reviews.refusals import TieDeclared
from app.reviews.rubric import Rubric, rubric_of

UNREAD = (Status.DRAFT, Status.SENT, Status.WITHDRAWN, Status.REFUSED)
"""Statuses of an application that no reviewer has before them."""

IS_SENT = func.coalesce(col(Review.state) == ReviewState.SENT, False)
TO_DO = and_(
    col(Assignment.withdrawn_at).is_(None),
    or_(col(Assignment.tie).is_(None), col(Assignment.tie) != Tie.TIE),
)
"""An assignment that counts among "n of m"."""


IS_TIED = col(Assignment.tie) == Tie.TIE
READ = col(Application.status).not_in(UNREAD)
_CALL = (
    select(
        col(Call.title),
        col(Call.themes),
        OWN_DUE.label("due_at"),
        col(Call.timezone),
        col(Call.discussion_opened_at),
        col(Call.version),
        col(Call.frozen_hash),
        *DATED,
    )
    .join(PanelMember, col(PanelMember.call_id) == col(Call.id))
    .where(col(PanelMember.id) == bindparam("member_id"))
)
_QUEUE = (
    own_reviews(
        col(Application.code),
        case((IS_TIED, ""), else_=col(ClearedPacket.title)).label("title"),
        case((IS_TIED, ""), else_=col(ClearedPacket.theme)).label("theme"),
        col(ClearedPacket.language),
        col(Assignment.tie),
        col(Assignment.set_aside_at),
        col(Review.state),
        col(Review.returned_at),
        col(Review.sent_at),
    )
    .where(col(Assignment.withdrawn_at).is_(None), READ)
    .order_by(col(Assignment.queue_key))
)
_OPEN = (
    own_reviews(col(Application.code), IS_SENT.label("sent"))
    .where(TO_DO, col(Application.status) == Status.IN_REVIEW)
    .order_by(col(Assignment.set_aside_at).is_not(None), col(Assignment.queue_key))
)
_COUNT = (
    own_reviews(
        func.count().label("total"),
        func.count().filter(IS_SENT).label("done"),
        func.count().filter(or_(not_(IS_SENT), col(Review.returned_at).is_not(None))).label("waiting"),
    )
    .where(TO_DO, READ)
    .subquery()
)
_IN_HAND = own_reviews(
    *REVIEW,
    *DATED,
    *PACKET,
    col(ClearedPacket.changes),
    col(Assignment.tie_note),
    col(Call.themes),
    col(Call.priorities),
    col(Call.own_question),
).where(ONE, col(Application.counts_number).is_not(None))
_IN_HAND_OF_ALL = _IN_HAND.add_columns(_COUNT.c.total, _COUNT.c.done, _COUNT.c.waiting, CELLS).join(
    _COUNT, true()
)
"""The same with what was written, and with how many there are of which this is one: a page says "n of m"."""


class Progress(StrEnum):
    """How far one review is; words are in `messages` under the choices `review_progress`."""

    TO_DO = "to_do"
    DRAFT = "draft"
    SENT = "sent"
    RETURNED = "returned"
    TIED = "tied"


WAITING = frozenset({Progress.TO_DO, Progress.DRAFT, Progress.RETURNED})
"""What its reviewer has to do something about."""


class Situation(StrEnum):
    """What a reviewer can do with one application now."""

    ASKED = "asked"
    SCORING = "scoring"
    READING = "reading"
    TIED = "tied"
    WITHDRAWN = "withdrawn"
    OVER = "over"


WITH_TEXT = frozenset({Situation.SCORING, Situation.READING})
"""Situations in which the application's text may be read."""
WITHOUT_CARD = frozenset({Situation.TIED, Situation.WITHDRAWN})
"""Situations in which nothing of it may be read any more but what it is called."""


class OwnCall(BaseModel):
    """A call in which one reviews; `open` while reviews can be written."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    slug: str
    title: Texts
    done: int
    total: int
    open: bool
    due_at: datetime | None


class OwnLine(BaseModel):
    """One application of a reviewer's queue; with a tie, neither title nor theme of it."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    code: str
    title: str
    theme: str
    language: str
    progress: Progress
    set_aside: bool


class OwnQueue(BaseModel):
    """A reviewer's queue in their own order. `next_code` is empty when all is done; what was set aside
    comes last. `unasked` of what waits are not yet asked about a tie."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    title: Texts
    themes: dict[str, Texts]
    open: bool
    started: bool
    discussed: bool
    due_at: datetime | None
    done: int
    total: int
    pace: Pace
    can_practise: bool
    next_code: str
    unasked: int
    lines: list[OwnLine]


class OwnReview(BaseModel):
    """One's own review of one application. `version` is 0 before the first save.

    `text` is there only between the conflict question and the decision, and never with a tie. With one, or
    once it was taken back, there is no `card` either: the title alone says which application was taken back,
    and the code alone which one there is a tie with.
    `total` is out of 100, and exists once all is scored. `changed` are the places, `section.field`, that read
    otherwise since this reviewer read the text; what stood there before is nobody's to read any more.
    `returned`: what the coordinator asks to be completed, empty where nothing is. `discussed`: whether the
    others' reasons may be read.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    code: str
    situation: Situation
    set_aside: bool
    tie: Tie | None
    tie_note: str
    sent_at: datetime | None
    updated_at: datetime | None
    returned: str
    discussed: bool
    version: int
    review: ReviewInput
    total: Fraction | None
    title: str
    language: str
    card: BlindCard | None
    text: BlindApplication | None
    text_version: int
    changed: list[str]

    def asked(self) -> BlindCard:
        """What the question about a tie shows; TieDeclared once there is one."""
        if self.card is None:
            raise TieDeclared
        return self.card


@dataclass(frozen=True, slots=True)
class InHand:
    """A review with what its page needs to know of the call: `done` of `total` is how far its reviewer is.

    `waiting` is how many ask for work, with those that were sent and came back. `earlier` is what the review
    said before it was changed, the latest first; nothing with a tie.
    """

    own: OwnReview
    rubric: Rubric
    themes: list[dict[str, Any]]
    priorities: list[dict[str, Any]]
    own_question: dict[str, Any]
    done: int
    total: int
    waiting: int
    earlier: Sequence[EarlierVersion] = ()


def own_calls(session: Session, who: SignedIn, now: datetime) -> list[OwnCall]:
    """The calls in which this person reviews, the newest first."""
    given = (
        select(
            col(Assignment.member_id).label("member_id"),
            func.count().label("total"),
            func.count().filter(IS_SENT).label("done"),
        )
        .join(Application, col(Application.id) == col(Assignment.application_id))
        .join(ClearedPacket, col(ClearedPacket.application_id) == col(Assignment.application_id))
        .outerjoin(Review, col(Review.assignment_id) == col(Assignment.id))
        .where(TO_DO, col(Application.status).not_in(UNREAD))
        .group_by(col(Assignment.member_id))
        .subquery()
    )
    rows = session.execute(
        select(
            col(Call.slug),
            col(Call.title),
            OWN_DUE.label("due_at"),
            func.coalesce(given.c.total, 0).label("total"),
            func.coalesce(given.c.done, 0).label("done"),
            *DATED,
        )
        .select_from(PanelMember)
        .join(Call, col(Call.id) == col(PanelMember.call_id))
        .outerjoin(given, given.c.member_id == col(PanelMember.id))
        .where(
            col(PanelMember.person_id) == who.person_id,
            col(PanelMember.role) == PanelRole.REVIEWER,
            col(PanelMember.removed_at).is_(None),
            col(Call.opened_at).is_not(None),
        )
        .order_by(col(Call.opened_at).desc())
    ).all()
    return [
        OwnCall(
            slug=row.slug,
            title=row.title,
            done=row.done,
            total=row.total,
            open=phase(row, now) is Phase.REVIEWING,
            due_at=row.due_at,
        )
        for row in rows
    ]


def own_queue(session: Session, reviewer: Reviewer, now: datetime) -> OwnQueue:
    """All that this reviewer is to score, in the reviewer's own order; two queries, whatever its length."""
    call = session.execute(_CALL, {"member_id": reviewer.member_id}).one()
    started = call.reviewing_opened_at is not None
    rows = session.execute(_QUEUE, whose(reviewer)).all() if started else []
    lines = [_line(row) for row in rows]
    waiting = [line for line in lines if line.progress in WAITING]
    zone = ZoneInfo(call.timezone)
    today = now.astimezone(zone).date()
    sent_today = sum(1 for row in rows if row.sent_at and row.sent_at.astimezone(zone).date() == today)
    return OwnQueue(
        title=call.title,
        themes={theme["code"]: theme["name"] for theme in call.themes},
        open=phase(call, now) is Phase.REVIEWING,
        started=started,
        discussed=call.discussion_opened_at is not None,
        due_at=call.due_at,
        done=sum(line.progress in {Progress.SENT, Progress.RETURNED} for line in lines),
        total=sum(line.progress is not Progress.TIED for line in lines),
        pace=pace(len(waiting), sent_today, call.due_at, call.timezone, now),
        can_practise=can_practise(rubric_of(session, reviewer.call_id, call.version, call.frozen_hash)),
        next_code=min(waiting, key=lambda line: line.set_aside).code if waiting else "",
        unasked=sum(row.tie is None for row in rows),
        lines=lines,
    )


def _line(row: Any) -> OwnLine:
    progress = progress_of(row.tie, row.state, returned=row.returned_at is not None)
    return OwnLine(
        code=row.code,
        title=row.title,
        theme=row.theme,
        language=row.language,
        progress=progress,
        set_aside=row.set_aside_at is not None and progress in {Progress.TO_DO, Progress.DRAFT},
    )


def progress_of(tie: Tie | None, state: ReviewState | None, *, returned: bool = False) -> Progress:
    """How far a review is; `state` is None before its first save. What is `returned` counts meanwhile."""
    if tie is Tie.TIE:
        return Progress.TIED
    if state is None:
        return Progress.TO_DO
    if state is ReviewState.SENT:
        return Progress.RETURNED if returned else Progress.SENT
    return Progress.DRAFT


def next_code(session: Session, reviewer: Reviewer, after: str) -> str:
    """The next application in one's own order still to be sent; the end is followed by the start."""
    rows = session.execute(_OPEN, whose(reviewer)).all()
    codes = [row.code for row in rows]
    start = codes.index(after) + 1 if after in codes else 0
    turned = [*rows[start:], *rows[:start]]
    return next((row.code for row in turned if not row.sent and row.code != after), "")


def in_hand(session: Session, reviewer: Reviewer, code: str, now: datetime) -> InHand:
    """One application with one's own review of it; NotFound unless it is or was this reviewer's to score."""
    row = session.execute(_IN_HAND_OF_ALL, whose(reviewer, code)).one_or_none()
    if row is None or row.reviewing_opened_at is None:
        raise NotFound
    situation = _situation(row, now)
    rubric = rubric_of(session, reviewer.call_id, row.call_version, row.frozen_hash)
    review = review_of(row, row.cells or (), rubric)
    own = OwnReview(
        code=code,
        situation=situation,
        set_aside=row.set_aside_at is not None,
        tie=row.tie,
        tie_note=row.tie_note,
        sent_at=row.sent_at,
        updated_at=row.updated_at,
        returned=row.returned_note or "",
        discussed=_discussed(row, situation),
        version=row.version or 0,
        review=review,
        total=total_of(review, rubric),
        title="" if row.tie is Tie.TIE else row.title,
        language=row.language,
        card=card(row) if situation not in WITHOUT_CARD else None,
        text=application(row) if situation in WITH_TEXT else None,
        text_version=row.text_version,
        changed=_changed(row) if situation is Situation.SCORING else [],
    )
    earlier = earlier_versions(session, row, reviewer.member_id, rubric)
    lists = (row.themes, row.priorities, row.own_question)
    return InHand(own, rubric, *lists, row.done, row.total, row.waiting, earlier)


def _changed(row: Any) -> list[str]:
    if row.read_version is None or row.read_version >= row.text_version:
        return []
    later = (places for version, places in row.changes.items() if int(version) > row.read_version)
    return sorted({place for places in later for place in places})


def _discussed(row: Any, situation: Situation) -> bool:
    """Whether one may read what the others wrote: one's own is sent and the discussion has begun."""
    return row.discussion_opened_at is not None and row.state is ReviewState.SENT and situation in WITH_TEXT


def file_in_hand(
    session: Session, reviewer: Reviewer, code: str, number: int, now: datetime, *, preview: bool = False
) -> Readable:
    """A clean copy of a file that was sent, while the text may be read; NotFound at any other time."""
    row = session.execute(_IN_HAND, whose(reviewer, code)).one_or_none()
    if row is None or row.reviewing_opened_at is None or _situation(row, now) not in WITH_TEXT:
        raise NotFound
    return readable_file(row, number, preview=preview)


def _situation(row: Any, now: datetime) -> Situation:
    if row.withdrawn_at is not None or row.status in UNREAD:
        return Situation.WITHDRAWN
    if row.tie is Tie.TIE:
        return Situation.TIED
    reached = phase(row, now)
    if reached is Phase.REVIEWING:
        return Situation.ASKED if row.tie is None else Situation.SCORING
    return Situation.READING if reached is Phase.REVIEWED and row.tie is not None else Situation.OVER


_RUBRIC = select(col(Call.version), col(Call.frozen_hash)).where(col(Call.id) == bindparam("call_id"))


def call_rubric(session: Session, reviewer: Reviewer) -> Rubric:
    """The criteria of the call in which one reviews."""
    call = session.execute(_RUBRIC, {"call_id": reviewer.call_id}).one()
    return rubric_of(session, reviewer.call_id, call.version, call.frozen_hash)
