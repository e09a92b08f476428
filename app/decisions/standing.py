"""How far a call's decision has come: what the coordinator can do next, and what still stands in the way."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict
from sqlmodel import Session, select

from app.accounts.actors import Coordinator
from app.calls.phase import Phase, phase
from app.decisions.holes import holes
from app.models.calls import Call


class Standing(BaseModel):
    """`version` is the call's, which the next act must name."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    version: int
    can_award: bool
    can_decide: bool
    can_announce: bool
    published: bool
    open_holes: int
    decision_hash: str


def standing(session: Session, coordinator: Coordinator, now: datetime) -> Standing:
    """Where the decision of the coordinator's call stands."""
    call = session.exec(select(Call).where(Call.id == coordinator.call_id)).one()
    now_in = phase(call, now)
    open_holes = (
        sum(not hole.reason for hole in holes(session, coordinator)) if now_in is Phase.REVIEWED else 0
    )
    return Standing(
        version=call.version,
        can_award=now_in is Phase.REVIEWED,
        can_decide=now_in is Phase.REVIEWED and not open_holes,
        can_announce=now_in is Phase.DECIDED,
        published=now_in is Phase.PUBLISHED,
        open_holes=open_holes,
        decision_hash=call.decision_hash or "",
    )
