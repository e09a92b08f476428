"""A reviewer tells the coordinator what they noticed in an application of their own queue."""

from datetime import datetime
from typing import Any

from sqlmodel import Session, select

from app.accounts.actors import Reviewer
from app.applications.flags import FlagInput, raise_flag
from app.errors import NotFound
from app.models.reviews import Assignment, Tie
from app.reviews.inputs import OwnFlagInput
from app.reviews.own import own_in_hand, refuse_tie


def check_flagging(session: Session, reviewer: Reviewer, code: str, now: datetime) -> None:
    """Refuse what any flag would be refused for, whatever it says."""
    _readable(session, reviewer, code, now)


def flag_own(session: Session, reviewer: Reviewer, code: str, given: OwnFlagInput, now: datetime) -> str:
    """Raise a flag to whoever coordinates, and give its code. It changes nothing of the review.

    They are told by mail (`actions/telling.py`), by the job worker: no reviewer's request knows them. Only
    while the text may be read and scored: NotFound for what was never one's own, or is closed by a tie.
    """
    own = _readable(session, reviewer, code, now)
    application = session.exec(select(Assignment.application_id).where(Assignment.id == own.key)).one()
    flag = FlagInput(kind=given.kind, words=given.words)
    return raise_flag(session, reviewer.call_id, reviewer.person_id, application, flag, now)


def _readable(session: Session, reviewer: Reviewer, code: str, now: datetime) -> Any:
    own = own_in_hand(session, reviewer, code, now)
    if own.tie is Tie.TIE:
        raise NotFound
    refuse_tie(own)
    return own
