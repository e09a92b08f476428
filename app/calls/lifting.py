"""Lifting the blind: seeing who applied all at once, before the decision is frozen, is an act of two people.

Until then a coordinator looks at names one by one, and each look is in the log. Who runs a call alone lifts
it with a written reason, which everybody reads in the call's public ledger.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import bindparam, select, update
from sqlmodel import Session, col

from app.accounts.actors import Coordinator
from app.asking import Ask
from app.audit.record import record
from app.calls.phase import Phase, phase
from app.calls.setup_view import PHASE, columns_of
from app.errors import Conflict, NotFound
from app.models.calls import Call
from app.models.columns import Texts
from app.models.panel import PanelMember, PanelRole
from app.models.phases import BlindLift
from app.outbox.enqueue import enqueue
from app.sections.text import PROSE

REASON_CAP = 1000
KNOWN_ANYWAY = frozenset({Phase.DECIDED, Phase.PUBLISHED})
"""From the frozen decision on names change nothing any more."""


class NamesHidden(Conflict):
    """Names are read one by one until the blind is lifted."""

    code = "blind.names_hidden"


class LiftTooEarly(Conflict):
    """The blind is lifted between the end of reviewing and the decision, when no score changes any more."""

    code = "blind.too_early"


class LiftAsked(Conflict):
    """Somebody has asked already, or it is lifted."""

    code = "blind.asked"


class LiftNotAsked(Conflict):
    """Nobody has asked for it, or it is answered already."""

    code = "blind.not_asked"


class SecondPersonNeeded(Conflict):
    """Who asked does not also agree."""

    code = "blind.second_person"


class LiftInput(BaseModel):
    """Why names must be seen before the decision."""

    model_config = ConfigDict(extra="forbid")
    reason: Annotated[
        str, Field(min_length=30, max_length=REASON_CAP), PROSE, Ask("textarea", cap=REASON_CAP)
    ]


class Blind(BaseModel):
    """Whether names may be seen together, and what stands in the way.

    `too_early`: scores may still change, so that it cannot be asked for. `alone`: there is no second
    coordinator. `mine`: who reads this has asked, and waits for somebody else. `asked_by` and `confirmed_by`
    are codes of memberships.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    open: bool
    too_early: bool
    can_ask: bool
    can_confirm: bool
    alone: bool
    mine: bool
    asked_by: str
    asked_at: datetime | None
    reason: str
    confirmed_by: str
    confirmed_at: datetime | None


_CALL = columns_of(Call, PHASE).where(col(Call.id) == bindparam("call_id"))
_STANDING = select(BlindLift).where(
    col(BlindLift.call_id) == bindparam("call_id"), col(BlindLift.ended_at).is_(None)
)
_LIFTED = select(col(BlindLift.id)).where(
    col(BlindLift.call_id) == bindparam("call_id"),
    col(BlindLift.ended_at).is_(None),
    col(BlindLift.confirmed_at).is_not(None),
)
_COORDINATORS = select(col(PanelMember.person_id), col(PanelMember.code)).where(
    col(PanelMember.call_id) == bindparam("call_id"),
    col(PanelMember.role) == PanelRole.COORDINATOR,
)
_SEATED = _COORDINATORS.where(col(PanelMember.removed_at).is_(None))


def refuse_hidden(session: Session, coordinator: Coordinator, now: datetime) -> None:
    """Refuse to show names together while the blind is on."""
    if not names_open(session, coordinator, now):
        raise NamesHidden


def names_open(session: Session, coordinator: Coordinator, now: datetime) -> bool:
    """Whether who applied may be read of many applications at once."""
    key = {"call_id": coordinator.call_id}
    reached = phase(session.execute(_CALL, key).one(), now)
    if reached in KNOWN_ANYWAY:
        return True
    return reached is Phase.REVIEWED and session.execute(_LIFTED, key).first() is not None


def blind_of(session: Session, coordinator: Coordinator, now: datetime) -> Blind:
    """How the blind stands, and what this coordinator can do about it."""
    key = {"call_id": coordinator.call_id}
    reached = phase(session.execute(_CALL, key).one(), now)
    lift = session.execute(_STANDING, key).scalar_one_or_none()
    codes: dict[int, str] = {row[0]: row[1] for row in session.execute(_COORDINATORS, key)}
    alone = not _others(session, coordinator)
    waits = lift is not None and lift.confirmed_at is None
    mine = lift is not None and lift.asked_by == coordinator.person_id
    lifted = lift is not None and not waits
    return Blind(
        open=reached in KNOWN_ANYWAY or (reached is Phase.REVIEWED and lifted),
        too_early=reached not in KNOWN_ANYWAY and reached is not Phase.REVIEWED,
        can_ask=reached is Phase.REVIEWED and lift is None,
        can_confirm=reached is Phase.REVIEWED and waits and (alone or not mine),
        alone=alone,
        mine=mine,
        asked_by=codes.get(lift.asked_by, "") if lift else "",
        asked_at=lift.asked_at if lift else None,
        reason=lift.reason if lift else "",
        confirmed_by=codes.get(lift.confirmed_by or 0, "") if lift else "",
        confirmed_at=lift.confirmed_at if lift else None,
    )


def ask_to_lift(session: Session, coordinator: Coordinator, given: LiftInput, now: datetime) -> bool:
    """Ask for it, or do it where there is nobody else to ask; whether it is lifted now.

    The other coordinators are told by mail.
    """
    call, lift = _held(session, coordinator, now)
    if lift is not None:
        raise LiftAsked
    others = _others(session, coordinator)
    session.add(
        BlindLift(
            call_id=coordinator.call_id,
            asked_by=coordinator.person_id,
            asked_at=now,
            reason=given.reason,
            confirmed_by=None if others else coordinator.person_id,
            confirmed_at=None if others else now,
        )
    )
    session.flush()
    detail: dict[str, object] = {"reason": given.reason}
    if not others:
        _recorded(session, coordinator, "blind.lift", detail | {"alone": True}, now)
        return True
    for person_id, code in others:
        enqueue(
            session,
            "blind_asked",
            dedupe_key=f"blind-asked/{code}/{now.isoformat()}",
            now=now,
            person_id=person_id,
            params={"call": call.slug},
        )
    _recorded(session, coordinator, "blind.ask", detail, now)
    return False


def confirm_lift(session: Session, coordinator: Coordinator, now: datetime) -> None:
    """Agree to what another coordinator asked for. Who asked agrees alone only where nobody else is left."""
    _, lift = _held(session, coordinator, now)
    if lift is None or lift.confirmed_at is not None:
        raise LiftNotAsked
    alone = lift.asked_by == coordinator.person_id
    if alone and _others(session, coordinator):
        raise SecondPersonNeeded
    lift.confirmed_by, lift.confirmed_at = coordinator.person_id, now
    session.add(lift)
    session.flush()
    _recorded(session, coordinator, "blind.lift", {"reason": lift.reason, "alone": alone}, now)


def turn_down_lift(session: Session, coordinator: Coordinator, now: datetime) -> None:
    """Refuse it, or take it back, as long as nobody has agreed."""
    _, lift = _held(session, coordinator, now)
    if lift is None or lift.confirmed_at is not None:
        raise LiftNotAsked
    lift.ended_at = now
    session.add(lift)
    session.flush()
    _recorded(session, coordinator, "blind.turn_down", {}, now)


def check_asking(session: Session, coordinator: Coordinator, now: datetime) -> None:
    """Refuse whoever is about to say why, as asking itself would."""
    _, lift = _held(session, coordinator, now)
    if lift is not None:
        raise LiftAsked


def end_lift(session: Session, call_id: int, now: datetime) -> None:
    """Reviewing goes on: who asked must ask anew, and names are read one by one again."""
    session.execute(
        update(BlindLift)
        .where(col(BlindLift.call_id) == call_id, col(BlindLift.ended_at).is_(None))
        .values(ended_at=now)
        .execution_options(synchronize_session=False)
    )


def lifting_awaited(session: Session, person_id: int, call: str) -> Texts | None:
    """The title of a call whose coordinator this is, while a request of somebody else waits for an answer."""
    found: Texts | None = session.execute(
        select(col(Call.title))
        .join(BlindLift, col(BlindLift.call_id) == col(Call.id))
        .join(PanelMember, col(PanelMember.call_id) == col(Call.id))
        .where(
            col(Call.slug) == call,
            col(BlindLift.ended_at).is_(None),
            col(BlindLift.confirmed_at).is_(None),
            col(BlindLift.asked_by) != person_id,
            col(PanelMember.person_id) == person_id,
            col(PanelMember.role) == PanelRole.COORDINATOR,
            col(PanelMember.removed_at).is_(None),
        )
    ).scalar_one_or_none()
    return found


def _held(session: Session, coordinator: Coordinator, now: datetime) -> tuple[Any, BlindLift | None]:
    """The call, still until this unit ends, and the lifting that stands."""
    statement = columns_of(Call, ("slug", *PHASE)).where(col(Call.id) == coordinator.call_id)
    call = session.execute(statement.with_for_update()).one_or_none()
    if call is None:
        raise NotFound
    if phase(call, now) is not Phase.REVIEWED:
        raise LiftTooEarly
    lift = session.execute(_STANDING, {"call_id": coordinator.call_id}).scalar_one_or_none()
    return call, lift


def _others(session: Session, coordinator: Coordinator) -> list[tuple[int, str]]:
    """The other coordinators of the call, as (person, code)."""
    rows = session.execute(_SEATED, {"call_id": coordinator.call_id})
    return [(row[0], row[1]) for row in rows if row[0] != coordinator.person_id]


def _recorded(
    session: Session, coordinator: Coordinator, action: str, detail: Mapping[str, object], now: datetime
) -> None:
    record(
        session,
        action,
        now=now,
        person_id=coordinator.person_id,
        call_id=coordinator.call_id,
        detail=detail,
    )
