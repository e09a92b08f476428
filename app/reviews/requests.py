"""A reviewer asks for more time, or gives applications back; a coordinator answers."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import func, update
from sqlmodel import Session, col, select

from app.accounts.actors import Coordinator, Reviewer
from app.accounts.panel_names import panel_names
from app.asking import Ask
from app.audit.record import record
from app.calls.inputs import NOTE_CAP, THERE, Instant, OwnWords
from app.errors import Conflict, Invalid, NotFound
from app.models.calls import Call, Phase
from app.models.keys import key_of
from app.models.panel import Organisation, PanelMember, RequestKind, RequestState, ReviewerRequest
from app.models.reviews import Assignment, Review, Tie
from app.outbox.enqueue import enqueue
from app.random_codes import random_code
from app.reviews.call_state import phase_held
from app.reviews.refusals import ReviewingNotOpen
from app.sections.text import PROSE

Count = Annotated[int, Field(ge=1, le=1000), THERE, Ask("number", inputmode="numeric", width="short")]


class RequestWaits(Conflict):
    """There is one such request already; it is answered, or taken back, before the next."""

    code = "request.waits"


class RequestAnswered(Conflict):
    """The request was answered, or taken back."""

    code = "request.answered"


class NothingToGiveBack(Conflict):
    """Everything that this reviewer has was begun or sent."""

    code = "request.nothing_left"


class MoreTimeInput(BaseModel):
    """Until when one would need, and why."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    until: Instant
    reason: OwnWords


class GiveBackInput(BaseModel):
    """How many applications one would give back, and why."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    count: Count
    reason: OwnWords


class AnswerInput(BaseModel):
    """Whether a request is granted; where it is not, the words that say why."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    answer: Annotated[Literal["grant", "refuse"], Ask("radios", choices="request_answer")]
    words: Annotated[str, Field(max_length=NOTE_CAP), PROSE, Ask("textarea", optional=True, cap=NOTE_CAP)] = (
        ""
    )


class OwnReviewerRequest(BaseModel):
    """A request of one's own, and what was answered."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    code: str
    kind: RequestKind
    until: datetime | None
    count: int | None
    given: int | None
    reason: str
    state: RequestState
    asked_at: datetime
    answer: str


class FullReviewerRequest(OwnReviewerRequest):
    """The same for a coordinator: who asks, and how much they could give back now."""

    who: str
    member: str
    organisation: str
    able: int


def ask_more_time(session: Session, reviewer: Reviewer, given: MoreTimeInput, now: datetime) -> str:
    """Ask for a later date than one has."""
    _refuse_unless_reviewing(session, reviewer, now)
    due: datetime | None = session.exec(
        select(func.coalesce(PanelMember.due_at, Call.reviews_due_at))
        .join(Call, col(Call.id) == col(PanelMember.call_id))
        .where(PanelMember.id == reviewer.member_id)
    ).one()
    if given.until <= now or (due is not None and given.until <= due):
        raise Invalid({"until": "request.not_later"})
    return _ask(session, reviewer, RequestKind.MORE_TIME, now, until=given.until, reason=given.reason)


def ask_to_give_back(session: Session, reviewer: Reviewer, given: GiveBackInput, now: datetime) -> str:
    """Ask to give back as many applications of those that one has not begun."""
    _refuse_unless_reviewing(session, reviewer, now)
    able = len(_untouched(session, reviewer.member_id))
    if able == 0:
        raise NothingToGiveBack
    if given.count > able:
        raise Invalid({"count": ("request.too_many", {"able": able})})
    return _ask(session, reviewer, RequestKind.GIVE_BACK, now, count=given.count, reason=given.reason)


def take_back_request(session: Session, reviewer: Reviewer, code: str, now: datetime) -> None:
    """One does not need it any more."""
    mine = (col(ReviewerRequest.member_id) == reviewer.member_id) & (col(ReviewerRequest.code) == code)
    if session.exec(select(ReviewerRequest.id).where(mine)).one_or_none() is None:
        raise NotFound
    _close(session, mine, RequestState.TAKEN_BACK, now)
    _recorded(session, reviewer.person_id, reviewer.call_id, "request.take_back", code, now)


def answer_request(
    session: Session, coordinator: Coordinator, code: str, given: AnswerInput, now: datetime
) -> int:
    """Grant or refuse a request; how many applications came back by it.

    Granted, a later date is the reviewer's own from now on; or so many of their applications that were not
    begun, the last of their queue, are nobody's until they are given out again, and their limit is what is
    left to them, so that they do not get others instead.
    """
    phase_held(session, coordinator.call_id, now)
    this = (col(ReviewerRequest.call_id) == coordinator.call_id) & (col(ReviewerRequest.code) == code)
    row = session.exec(
        select(ReviewerRequest).where(this).with_for_update().execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NotFound
    if row.state is not RequestState.OPEN:
        raise RequestAnswered
    if given.answer == "refuse":
        if not given.words:
            raise Invalid({"words": "request.say_why"})
        _close(session, this, RequestState.REFUSED, now, answer=given.words)
        back = 0
    else:
        back = _grant(session, row, now)
        _close(session, this, RequestState.GRANTED, now, answer=given.words, given=back or None)
    _tell(session, row, now)
    _recorded(
        session, coordinator.person_id, coordinator.call_id, f"request.{given.answer}", code, now, back=back
    )
    return back


def own_requests(session: Session, reviewer: Reviewer) -> list[OwnReviewerRequest]:
    """What one has asked for in this call, the newest first."""
    rows = session.exec(
        select(ReviewerRequest)
        .where(ReviewerRequest.member_id == reviewer.member_id)
        .order_by(col(ReviewerRequest.asked_at).desc(), col(ReviewerRequest.id).desc())
    )
    return [
        OwnReviewerRequest(**row.model_dump(include=set(OwnReviewerRequest.model_fields))) for row in rows
    ]


def own_able(session: Session, reviewer: Reviewer) -> int:
    """How many of one's applications are not begun."""
    return len(_untouched(session, reviewer.member_id))


def open_requests(session: Session, coordinator: Coordinator) -> list[FullReviewerRequest]:
    """What waits for an answer, the oldest first."""
    rows = session.exec(
        select(ReviewerRequest, PanelMember.code, Organisation.code)
        .join(PanelMember, col(PanelMember.id) == col(ReviewerRequest.member_id))
        .join(Organisation, col(Organisation.id) == col(PanelMember.organisation_id))
        .where(ReviewerRequest.call_id == coordinator.call_id, ReviewerRequest.state == RequestState.OPEN)
        .order_by(col(ReviewerRequest.asked_at), col(ReviewerRequest.id))
    ).all()
    if not rows:
        return []
    names = panel_names(session, coordinator)
    able = _able_of(session, coordinator.call_id)
    return [
        FullReviewerRequest(
            who=names[member].shown,
            member=member,
            organisation=organisation,
            able=able.get(row.member_id, 0),
            **row.model_dump(include=set(OwnReviewerRequest.model_fields)),
        )
        for row, member, organisation in rows
    ]


def open_request(session: Session, coordinator: Coordinator, code: str) -> FullReviewerRequest:
    """One that waits; NotFound for any other."""
    for each in open_requests(session, coordinator):
        if each.code == code:
            return each
    raise NotFound


class RequestNotice(BaseModel):
    """What the mail about an answer says."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    call: str
    title: dict[str, str]
    request: OwnReviewerRequest


def answered_request(session: Session, person_id: int, code: str) -> RequestNotice | None:
    """The answer to a request of this person's; None where there is none."""
    found = session.exec(
        select(ReviewerRequest, Call.slug, Call.title)
        .join(PanelMember, col(PanelMember.id) == col(ReviewerRequest.member_id))
        .join(Call, col(Call.id) == col(ReviewerRequest.call_id))
        .where(
            ReviewerRequest.code == code,
            PanelMember.person_id == person_id,
            col(ReviewerRequest.state).in_((RequestState.GRANTED, RequestState.REFUSED)),
        )
    ).one_or_none()
    if found is None:
        return None
    row, slug, title = found
    return RequestNotice(call=slug, title=dict(title), request=_own(row))


def _own(row: ReviewerRequest) -> OwnReviewerRequest:
    return OwnReviewerRequest(**row.model_dump(include=set(OwnReviewerRequest.model_fields)))


def _refuse_unless_reviewing(session: Session, reviewer: Reviewer, now: datetime) -> None:
    """Nothing is asked before there is work, or when it is over. Requests of one call take turns."""
    if phase_held(session, reviewer.call_id, now) is not Phase.REVIEWING:
        raise ReviewingNotOpen


def _ask(session: Session, reviewer: Reviewer, kind: RequestKind, now: datetime, **asked: Any) -> str:
    waits = session.exec(
        select(ReviewerRequest.id).where(
            ReviewerRequest.member_id == reviewer.member_id,
            ReviewerRequest.kind == kind,
            ReviewerRequest.state == RequestState.OPEN,
        )
    ).first()
    if waits is not None:
        raise RequestWaits
    row = ReviewerRequest(
        code=random_code(),
        call_id=reviewer.call_id,
        member_id=reviewer.member_id,
        kind=kind,
        asked_at=now,
        **asked,
    )
    session.add(row)
    session.flush()
    _recorded(session, reviewer.person_id, reviewer.call_id, "request.ask", row.code, now)
    return row.code


def _grant(session: Session, row: ReviewerRequest, now: datetime) -> int:
    if row.kind is RequestKind.MORE_TIME:
        session.execute(
            update(PanelMember).where(col(PanelMember.id) == row.member_id).values(due_at=row.until)
        )
        return 0
    back = _untouched(session, row.member_id)[: row.count]
    if not back:
        raise NothingToGiveBack
    session.execute(update(Assignment).where(col(Assignment.id).in_(back)).values(withdrawn_at=now))
    left = session.exec(
        select(func.count()).select_from(Assignment).where(col(Assignment.member_id) == row.member_id, HAS)
    ).one()
    session.execute(
        update(PanelMember)
        .where(col(PanelMember.id) == row.member_id)
        .values(capacity=left, version=PanelMember.version + 1)
    )
    return len(back)


HAS = col(Assignment.withdrawn_at).is_(None) & func.coalesce(Assignment.tie != Tie.TIE, True)
UNTOUCHED = (
    col(Assignment.withdrawn_at).is_(None)
    & col(Assignment.tie).is_(None)
    & col(Review.assignment_id).is_(None)
)
"""What a reviewer has neither opened nor written about."""


def _untouched(session: Session, member_id: int) -> list[int]:
    """The keys of what a member has not begun, the last of their queue first."""
    rows = session.exec(
        select(Assignment.id)
        .outerjoin(Review, col(Review.assignment_id) == col(Assignment.id))
        .where(Assignment.member_id == member_id, UNTOUCHED)
        .order_by(col(Assignment.queue_key).desc())
    )
    return [key_of(each) for each in rows]


def _able_of(session: Session, call_id: int) -> dict[int, int]:
    rows = session.exec(
        select(Assignment.member_id, func.count())
        .outerjoin(Review, col(Review.assignment_id) == col(Assignment.id))
        .where(Assignment.call_id == call_id, UNTOUCHED)
        .group_by(col(Assignment.member_id))
    )
    return dict(rows.all())


def _close(session: Session, which: Any, state: RequestState, now: datetime, **values: Any) -> None:
    """Once: of two answers one is refused."""
    done = session.execute(
        update(ReviewerRequest)
        .where(which, col(ReviewerRequest.state) == RequestState.OPEN)
        .values(state=state, answered_at=now, **values)
    )
    if getattr(done, "rowcount", 0) == 0:
        raise RequestAnswered


def _tell(session: Session, row: ReviewerRequest, now: datetime) -> None:
    person_id = session.exec(select(PanelMember.person_id).where(PanelMember.id == row.member_id)).one()
    enqueue(
        session,
        "request_answered",
        dedupe_key=f"request-answered-{row.code}",
        now=now,
        person_id=person_id,
        params={"request": row.code},
    )


def _recorded(
    session: Session, person_id: int, call_id: int, action: str, code: str, now: datetime, **detail: object
) -> None:
    record(session, action, now=now, person_id=person_id, call_id=call_id, subject=code, detail=detail)
