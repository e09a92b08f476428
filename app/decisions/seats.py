"""Who belongs to those for whom a round keeps seats: by an answer, or by a coordinator's mark with a reason.

The group is published with the call; a mark outdoes the answer, and stays on record with its reason. Some
answers only say so (`calls/claims.py`): who gave one belongs once a coordinator has confirmed it, and nothing
is frozen while that is open for somebody in the order.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import exists
from sqlalchemy import select as select_columns
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from app.accounts.actors import Coordinator
from app.applications.counted import IS_COUNTED_SENDING
from app.asking import Ask
from app.audit.record import record
from app.calls.claims import claim_of
from app.calls.phase import Phase, phase
from app.decisions.held import call_of, held_call, held_pot, round_of
from app.decisions.refusals import AlreadyDecided, NoSeatsKept
from app.errors import Invalid, NotFound
from app.models.applications import Application, Packet, Sending, Status
from app.models.calls import AwardRound, Call
from app.models.decisions import RankingEntry, SeatMark
from app.models.keys import key_of
from app.models.people import Applicant, Identity

SHORTEST_REASON = 10


class SeatInput(BaseModel):
    """Whether an application belongs to those for whom a round keeps seats, and how that is known."""

    model_config = ConfigDict(extra="forbid")
    belongs: Annotated[bool, Ask("yesno")]
    reason: Annotated[str, Field(min_length=SHORTEST_REASON, max_length=2000), Ask("textarea")]


class Seat(BaseModel):
    """One application that belongs, says so, or was marked; `by_answer` is what its answer says.

    `reason` is empty where nobody marked it; `waits`: it says so, and nobody has confirmed or refused it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    application: str
    title: str
    belongs: bool
    by_answer: bool
    reason: str
    waits: bool


def members(session: Session, call_id: int, pots: Sequence[AwardRound]) -> dict[int, frozenset[int]]:
    """Round -> the applications that belong, of the rounds that keep seats."""
    keeping = [pot for pot in pots if pot.reserved_places]
    if not keeping:
        return {}
    marks = session.exec(
        select(SeatMark.round_id, SeatMark.application_id, SeatMark.belongs)
        .join(AwardRound, col(AwardRound.id) == col(SeatMark.round_id))
        .where(AwardRound.call_id == call_id)
    ).all()
    found = {}
    for pot in keeping:
        own = {application: belongs for round_id, application, belongs in marks if round_id == pot.id}
        told = frozenset[int]() if _claims(pot) else _by_answer(session, call_id, pot.reserved_answer)
        found[key_of(pot.id)] = frozenset(
            {each for each in told if own.get(each, True)} | {each for each, yes in own.items() if yes}
        )
    return found


def seats(session: Session, coordinator: Coordinator, round_code: str) -> list[Seat]:
    """All that belong to the group of a round, and all that were marked, by code; NoSeatsKept without one."""
    pot = _pot(session, coordinator, round_code)
    marks = {
        each.application_id: each
        for each in session.exec(select(SeatMark).where(SeatMark.round_id == pot.id))
    }
    told = _by_answer(session, coordinator.call_id, pot.reserved_answer)
    rows = session.exec(
        select(Application.id, Application.code, Packet.title)
        .join(Sending, IS_COUNTED_SENDING)
        .join(Packet, col(Packet.sending_id) == col(Sending.id))
        .where(
            Application.call_id == coordinator.call_id,
            col(Application.status).not_in((Status.DRAFT, Status.WITHDRAWN)),
            col(Application.id).in_({*marks, *told}),
        )
        .order_by(col(Application.code))
    )
    return [
        Seat(
            application=code,
            title=title,
            belongs=mark.belongs if (mark := marks.get(key_of(key))) else not _claims(pot),
            by_answer=key in told,
            reason=mark.reason if mark else "",
            waits=mark is None and _claims(pot),
        )
        for key, code, title in rows
    ]


def unconfirmed(session: Session, call_id: int, pots: Sequence[AwardRound]) -> list[str]:
    """The applications in the order that say they belong, which nobody has confirmed or refused, by code."""
    found: set[str] = set()
    for pot in pots:
        if not pot.reserved_places or not _claims(pot):
            continue
        told = _by_answer(session, call_id, pot.reserved_answer)
        marked = select(SeatMark.application_id).where(SeatMark.round_id == pot.id)
        found |= set(
            session.exec(
                select(Application.code)
                .join(RankingEntry, col(RankingEntry.application_id) == col(Application.id))
                .where(
                    col(Application.id).in_(told),
                    col(Application.status) != Status.WITHDRAWN,
                    col(Application.id).not_in(marked),
                )
            )
        )
    return sorted(found)


def candidates(session: Session, coordinator: Coordinator) -> list[tuple[str, str]]:
    """(code, title) of each application that takes part, by code."""
    rows = session.exec(
        select(Application.code, Packet.title)
        .join(Sending, IS_COUNTED_SENDING)
        .join(Packet, col(Packet.sending_id) == col(Sending.id))
        .where(
            Application.call_id == coordinator.call_id,
            col(Application.status).not_in((Status.DRAFT, Status.WITHDRAWN, Status.REFUSED)),
        )
        .order_by(col(Application.code))
    )
    return [(code, title) for code, title in rows]


def mark_seat(
    session: Session,
    coordinator: Coordinator,
    round_code: str,
    application: str,
    given: SeatInput,
    now: datetime,
) -> None:
    """Say whether an application belongs, and why; a later mark replaces it. Until the decision is frozen."""
    reason = given.reason.strip()
    if len(reason) < SHORTEST_REASON:
        raise Invalid({"reason": ("string_too_short", {"min_length": SHORTEST_REASON})})
    pot, key = _marking(session, coordinator, round_code, application, now)
    session.merge(
        SeatMark(
            application_id=key,
            round_id=key_of(pot.id),
            belongs=given.belongs,
            reason=reason,
            marked_by=coordinator.person_id,
            marked_at=now,
        )
    )
    _changed(session, coordinator, pot, application, now, {"belongs": given.belongs, "reason": reason})


def drop_mark(
    session: Session, coordinator: Coordinator, round_code: str, application: str, now: datetime
) -> None:
    """Take a mark back: the answer counts again. The reason stays in the log."""
    pot, key = _marking(session, coordinator, round_code, application, now)
    found = session.get(SeatMark, (key, pot.id))
    if found is None:
        raise NotFound
    session.delete(found)
    _changed(session, coordinator, pot, application, now, {"belongs": None})


def _marking(
    session: Session, coordinator: Coordinator, round_code: str, application: str, now: datetime
) -> tuple[AwardRound, int]:
    """The pot, held, and the application's key; refused once the decision is frozen."""
    call = held_call(session, coordinator)
    pot = held_pot(session, coordinator, round_code)
    key = session.exec(
        select(Application.id).where(
            Application.call_id == coordinator.call_id,
            Application.code == application,
            col(Application.status).not_in((Status.DRAFT, Status.WITHDRAWN)),
        )
    ).one_or_none()
    if key is None:
        raise NotFound
    if phase(call, now) in {Phase.DECIDED, Phase.PUBLISHED, Phase.CANCELLED}:
        raise AlreadyDecided
    if not pot.reserved_places:
        raise NoSeatsKept
    return pot, key


def _changed(
    session: Session,
    coordinator: Coordinator,
    pot: AwardRound,
    application: str,
    now: datetime,
    detail: dict[str, object],
) -> None:
    pot.version += 1
    session.add(pot)
    session.flush()
    record(
        session, "award.seat", now=now, person_id=coordinator.person_id, call_id=coordinator.call_id,
        subject=application, detail={"round": pot.code, **detail},
    )  # fmt: skip
    # Who sits in a kept seat moves the line of all the others.
    from app.decisions.ordering import order_again

    order_again(session, coordinator, call_of(session, coordinator), now)


def _pot(session: Session, coordinator: Coordinator, round_code: str) -> AwardRound:
    pot = round_of(session, coordinator, round_code)
    if not pot.reserved_places:
        raise NoSeatsKept
    return pot


def _by_answer(session: Session, call_id: int, told_by: str | None) -> frozenset[int]:
    """The applications whose answer says that they belong."""
    source, _, wanted = (told_by or "").partition("=")
    sent = (
        select(Application.id)
        .join(Sending, IS_COUNTED_SENDING)
        .where(Application.call_id == call_id, col(Application.status) != Status.WITHDRAWN)
    )
    match source:
        case "theme":
            found = sent.join(Packet, col(Packet.sending_id) == col(Sending.id)).where(Packet.theme == wanted)
        case "kind":
            kind = col(Identity.data)["team"]["applicant_kind"].as_string()
            found = sent.join(Identity, col(Identity.sending_id) == col(Sending.id)).where(kind == wanted)
        case "won":
            mine, theirs, there = aliased(Applicant), aliased(Applicant), aliased(Application)
            found = sent.where(
                exists()
                .where(col(mine.application_id) == Application.id, col(theirs.person_id) == mine.person_id)
                .where(col(there.id) == theirs.application_id, col(there.call_id) == Call.id)
                .where(col(Call.slug) == wanted, col(there.status) == Status.AWARDED)
            )
        case _:
            return _by_claim(session, call_id, told_by)
    return frozenset(key_of(key) for key in session.exec(found))


def _claims(pot: AwardRound) -> bool:
    """Whether an answer only says who belongs."""
    return claim_of(pot.reserved_answer) is not None


def _by_claim(session: Session, call_id: int, told_by: str | None) -> frozenset[int]:
    """Answers lie in JSON, as one or among several: told apart here, since the two databases differ there."""
    claim = claim_of(told_by)
    if claim is None:
        return frozenset()
    rows = session.execute(
        select_columns(col(Application.id), col(Packet.data)[claim.section])
        .select_from(Application)
        .join(Sending, IS_COUNTED_SENDING)
        .join(Packet, col(Packet.sending_id) == col(Sending.id))
        .where(col(Application.call_id) == call_id, col(Application.status) != Status.WITHDRAWN)
    )
    return frozenset(key for key, own in rows if claim.is_said({claim.section: own}))
