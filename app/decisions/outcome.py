"""The result of one's own application: none of it exists for its team before it is public."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import bindparam, exists, func, or_
from sqlalchemy import select as select_columns
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from app.accounts.actors import Applicant
from app.applications.counted import IS_COUNTED_SENDING
from app.applications.members import Mine, mine
from app.applications.status import VERDICTS, seen_status
from app.decisions.feedback import OwnFeedback, own_feedback
from app.decisions.refusals import NoResult
from app.models.applications import Application, Packet, Sending, Status, TeamRole
from app.models.calls import AwardRound, Call
from app.models.columns import Texts
from app.models.decisions import PublishedResult, ReserveEntry
from app.models.panel import PanelMember


class OwnOutcome(BaseModel):
    """What was decided. Amount in euro cents; None where there is no award or no money.

    `language` is the title's; `slug` names a winner's public page; `published_at` is when the whole call's
    results became public: None for a winner who was revealed before. `reserve_position` on the reserve list,
    `reserve_until` while it is valid; `promoted` came from it, at `promoted_at`; `given_back` is a winner no
    more.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    ref: str
    title: str
    language: str
    call: str
    call_title: Texts
    status: Status
    amount_minor: int | None
    slug: str | None
    published_at: datetime | None
    reserve_position: int | None = None
    reserve_until: datetime | None = None
    promoted: bool = False
    promoted_at: datetime | None = None
    given_back: bool = False

    @property
    def awarded(self) -> bool:
        """Whether it won."""
        return self.status is Status.AWARDED


class OwnResult(BaseModel):
    """What was decided, and once all results are public, why.

    `feedback` is None before that, and for somebody who is on the call's panel too: of two roles the one
    that may see less decides. `may_give_back`: an award of one's own, once all results are public.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    outcome: OwnOutcome
    feedback: OwnFeedback | None
    may_give_back: bool


def _stands_by(column: Any) -> Any:
    """Of the first list on which the application waits."""
    return (
        select_columns(column)
        .join_from(ReserveEntry, AwardRound, col(AwardRound.id) == ReserveEntry.round_id)
        .where(col(ReserveEntry.application_id) == Application.id, col(ReserveEntry.instead_of).is_(None))
        .order_by(col(AwardRound.position))
        .limit(1)
        .correlate(Application)
        .scalar_subquery()
    )


_BEFORE, _OTHER = aliased(ReserveEntry), aliased(Application)
_WAITING_UP_TO: Any = (
    select_columns(func.count())
    .select_from(_BEFORE)
    .join(_OTHER, col(_OTHER.id) == col(_BEFORE.application_id))
    .where(
        col(_BEFORE.round_id) == col(ReserveEntry.round_id),
        col(_BEFORE.position) <= col(ReserveEntry.position),
        col(_BEFORE.instead_of).is_(None),
        col(_OTHER.status) == Status.NOT_SELECTED,
    )
    .correlate(ReserveEntry)
    .scalar_subquery()
)
"""The place among those who still wait: whoever came up, or left, is before nobody."""

_SEEN: Any = (
    select_columns(
        col(Packet.title),
        col(Packet.language),
        col(Call.slug),
        col(Call.title).label("call_title"),
        col(Call.published_at),
        col(Application.status),
        col(PublishedResult.amount_minor),
        col(PublishedResult.slug).label("public_slug"),
        func.coalesce(col(PublishedResult.promoted), False).label("promoted"),
        col(PublishedResult.published_at).label("known_at"),
        col(PublishedResult.given_back_at),
        _stands_by(_WAITING_UP_TO).label("position"),
        _stands_by(col(AwardRound.reserve_until)).label("until"),
    )
    .join_from(Application, Call, col(Call.id) == Application.call_id)
    .join(Sending, IS_COUNTED_SENDING)
    .join(Packet, col(Packet.sending_id) == Sending.id)
    .outerjoin(PublishedResult, col(PublishedResult.application_id) == Application.id)
    .where(
        col(Application.id) == bindparam("application"),
        or_(
            col(PublishedResult.id).is_not(None),
            col(Call.published_at).is_not(None) & col(Application.status).in_(VERDICTS),
        ),
    )
)
"""Nothing is found before the winner is revealed, or, for everybody else, before publication."""


def own_outcome(session: Session, person_id: int, ref: str) -> OwnOutcome:
    """What was decided on one's own application, for anybody of its team; NoResult before it is public."""
    return _outcome(session, mine(session, Applicant(person_id), ref))


def own_result(session: Session, applicant: Applicant, ref: str) -> OwnResult:
    """The same with the scores and the reviewers' words. Constant in queries."""
    own = mine(session, applicant, ref)
    outcome = _outcome(session, own)
    told = outcome.published_at is not None and not on_the_panel(session, own, applicant)
    owns = own.role is TeamRole.OWNER and outcome.awarded and outcome.published_at is not None
    return OwnResult(
        outcome=outcome, feedback=own_feedback(session, own.key) if told else None, may_give_back=owns
    )


def _outcome(session: Session, own: Mine) -> OwnOutcome:
    row = session.execute(_SEEN, {"application": own.key}).one_or_none()
    if row is None:
        raise NoResult
    revealed = row.public_slug is not None
    stands_by = row.published_at is not None and row.status is Status.NOT_SELECTED
    return OwnOutcome(
        ref=own.application.ref,
        title=row.title,
        language=row.language,
        call=row.slug,
        call_title=row.call_title,
        status=seen_status(row.status, revealed=revealed, published=row.published_at is not None),
        amount_minor=row.amount_minor,
        slug=row.public_slug,
        published_at=row.published_at,
        reserve_position=row.position if stands_by else None,
        reserve_until=row.until if stands_by else None,
        promoted=bool(row.promoted),
        promoted_at=row.known_at if row.promoted else None,
        given_back=row.given_back_at is not None,
    )


def on_the_panel(session: Session, own: Mine, applicant: Applicant) -> bool:
    """Whether this person ever was on the call's panel: who left it may still know what others wrote."""
    return bool(
        session.execute(
            select_columns(
                exists().where(
                    col(PanelMember.call_id) == own.call.id,
                    col(PanelMember.person_id) == applicant.person_id,
                )
            )
        ).scalar_one()
    )
