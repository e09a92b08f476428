"""How far a call's decision has come: what the coordinator can do next, and what still stands in the way."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict
from sqlmodel import Session

from app.accounts.actors import Coordinator
from app.calls.phase import Phase, phase
from app.decisions.cautioned import cautions_to_read
from app.decisions.held import call_of, decision_version
from app.decisions.holes import count_holes
from app.decisions.stands import Lots, lots
from app.scoring.cautions import Caution
from app.wall import is_walled


class Standing(BaseModel):
    """`version` is the decision's: freezing and publishing must name it.

    `ranked` says that an order is stored: a call of the past has none. `decision_hash` is "" before the
    decision is frozen, and until it is public for a coordinator who has a tie: a guess at what is kept from
    them could be tried against it. `cautions` have to be named as known by whoever freezes it. `lottery` is
    there where the call draws lots at its line, with what that costs.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    version: int
    can_award: bool
    can_decide: bool
    can_announce: bool
    published: bool
    ranked: bool
    open_holes: int
    cautions: list[Caution]
    decision_hash: str
    lottery: Lots | None


def standing(session: Session, coordinator: Coordinator, now: datetime) -> Standing:
    """Where the decision of the coordinator's call stands."""
    call = call_of(session, coordinator)
    reached = phase(call, now)
    open_holes = count_holes(session, coordinator) if reached is Phase.REVIEWED else 0
    return Standing(
        version=decision_version(session, call),
        can_award=reached is Phase.REVIEWED,
        can_decide=reached is Phase.REVIEWED and not open_holes,
        can_announce=reached is Phase.DECIDED,
        published=reached is Phase.PUBLISHED,
        ranked=call.reviewing_closed_at is not None,
        open_holes=open_holes,
        cautions=cautions_to_read(session, coordinator) if reached is Phase.REVIEWED else [],
        decision_hash=""
        if is_walled(session) and reached is not Phase.PUBLISHED
        else call.decision_hash or "",
        lottery=lots(session, coordinator) if call.lottery and call.reviewing_closed_at else None,
    )
