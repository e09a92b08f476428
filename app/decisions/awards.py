"""Awards: the cut line, single awards, and written reasons for any departure from the order.

An award is pending until it is published. The pot is locked while it changes, and its CHECKs, kept by
triggers, refuse what this code would ever let through.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import delete
from sqlmodel import Session, col, select

from app.accounts.actors import Coordinator
from app.asking import Ask
from app.audit.record import record
from app.calls.phase import Phase, phase
from app.decisions.ranking import ReviewingNotClosed
from app.errors import Conflict, Invalid, NotFound, Stale
from app.models.applications import Application
from app.models.calls import AwardRound, Call
from app.models.decisions import Award, Departure, RankingEntry

SHORTEST_REASON = 20


class EnvelopeExceeded(Conflict):
    """The pot does not hold that much any more; `left_minor` in euro cents."""

    code = "award.envelope_exceeded"


class NoPlaceLeft(Conflict):
    """Every place of the round is taken."""

    code = "award.no_place_left"


class AlreadyAwarded(Conflict):
    """An application wins once."""

    code = "award.already_awarded"


class AlreadyDecided(Conflict):
    """The decision is frozen."""

    code = "award.already_decided"


class AwardInput(BaseModel):
    """One award. Without `amount_minor` (euro cents) the round's amount for a place is given."""

    model_config = ConfigDict(extra="forbid")
    application: Annotated[str, Field(min_length=1, max_length=40), Ask("select")]
    amount_minor: Annotated[int | None, Field(gt=0, le=10**12), Ask("money", optional=True, suffix="€")] = (
        None
    )
    reason: Annotated[str, Field(max_length=2000), Ask("textarea", optional=True)] = ""


class DepartureInput(BaseModel):
    """Why an application above the line is passed over, or one below it raised."""

    model_config = ConfigDict(extra="forbid")
    application: Annotated[str, Field(min_length=1, max_length=40), Ask("select")]
    reason: Annotated[str, Field(min_length=SHORTEST_REASON, max_length=2000), Ask("textarea")]


@dataclass(frozen=True, slots=True)
class _Standing:
    """One ranked application as the line sees it."""

    application_id: int
    code: str
    awarded_in: int | None


def award_application(
    session: Session, coordinator: Coordinator, round_code: str, given: AwardInput, now: datetime
) -> int:
    """Give one place of a round (and its money) to one application; the award's version.

    Above the line no reason is needed; below it `reason` must have 20 characters or more.
    """
    _, pot = _locked(session, coordinator, round_code, now)
    order = _order(session, coordinator)
    standing = next((each for each in order if each.code == given.application), None)
    if standing is None:
        raise NotFound
    if standing.awarded_in is not None:
        raise AlreadyAwarded
    amount = _amount(pot, given.amount_minor)
    _refuse_too_much(pot, amount)
    if standing.code not in _above_line(order, pot):
        _explain(session, coordinator, pot, standing, given.reason, now)
    award = _give(session, coordinator, pot, standing, amount, now)
    return award.version


def draw_line(session: Session, coordinator: Coordinator, round_code: str, now: datetime) -> int:
    """Award every place of the round that is still free to the first of the order; how many that were.

    Applications passed over in writing are left out. Stops where the envelope ends.
    """
    _, pot = _locked(session, coordinator, round_code, now)
    order = _order(session, coordinator)
    explained = set(session.exec(select(Departure.application_id).where(Departure.round_id == pot.id)))
    given = 0
    for standing in order:
        if pot.taken >= pot.places:
            break
        if standing.awarded_in is not None or standing.application_id in explained:
            continue
        amount = pot.amount_minor
        if (
            amount is not None
            and pot.envelope_minor is not None
            and pot.committed_minor + amount > pot.envelope_minor
        ):
            break
        _give(session, coordinator, pot, standing, amount, now)
        given += 1
    return given


def withdraw_award(
    session: Session, coordinator: Coordinator, application: str, version: int, now: datetime
) -> None:
    """Take a pending award back; its place and money return to the pot."""
    found = session.exec(
        select(Award, AwardRound.code)
        .join(AwardRound, col(AwardRound.id) == Award.round_id)
        .join(Application, col(Application.id) == Award.application_id)
        .where(Application.code == application, AwardRound.call_id == coordinator.call_id)
    ).one_or_none()
    if found is None:
        raise NotFound
    award, round_code = found
    _locked(session, coordinator, round_code, now)
    if award.version != version:
        raise Stale(version=award.version)
    session.execute(delete(Award).where(col(Award.id) == award.id, col(Award.version) == version))
    record(
        session, "award.withdraw", now=now, person_id=coordinator.person_id, call_id=coordinator.call_id,
        subject=application,
    )  # fmt: skip


def explain_departure(
    session: Session, coordinator: Coordinator, round_code: str, given: DepartureInput, now: datetime
) -> None:
    """Write down why one application departs from the order in this round."""
    _, pot = _locked(session, coordinator, round_code, now)
    standing = next((each for each in _order(session, coordinator) if each.code == given.application), None)
    if standing is None:
        raise NotFound
    _explain(session, coordinator, pot, standing, given.reason, now)


def _locked(
    session: Session, coordinator: Coordinator, round_code: str, now: datetime
) -> tuple[Call, AwardRound]:
    """The call and the pot, locked in this order by everybody, so that nobody waits for each other."""
    call = session.exec(select(Call).where(Call.id == coordinator.call_id).with_for_update(read=True)).one()
    pot = session.exec(
        select(AwardRound)
        .where(AwardRound.code == round_code, AwardRound.call_id == coordinator.call_id)
        .with_for_update()
    ).one_or_none()
    if pot is None:
        raise NotFound
    now_in = phase(call, now)
    if now_in in {Phase.DECIDED, Phase.PUBLISHED}:
        raise AlreadyDecided
    if now_in is not Phase.REVIEWED:
        raise ReviewingNotClosed
    return call, pot


def _order(session: Session, coordinator: Coordinator) -> list[_Standing]:
    """The ranked applications that have a total, first to last, and where each has won."""
    rows = session.exec(
        select(RankingEntry.application_id, Application.code, Award.round_id)
        .join(Application, col(Application.id) == RankingEntry.application_id)
        .join(Award, col(Award.application_id) == RankingEntry.application_id, isouter=True)
        .where(RankingEntry.call_id == coordinator.call_id, col(RankingEntry.total).is_not(None))
        .order_by(col(RankingEntry.place))
    )
    return [_Standing(key, code, won) for key, code, won in rows]


def _above_line(order: list[_Standing], pot: AwardRound) -> set[str]:
    """The first `places` of the order, leaving out who has won in another round."""
    own = [each.code for each in order if each.awarded_in in (None, pot.id)]
    return set(own[: pot.places])


def _amount(pot: AwardRound, wished: int | None) -> int | None:
    if pot.amount_minor is None:
        if wished is not None:
            raise Invalid({"amount_minor": "award.no_money_here"})
        return None
    return pot.amount_minor if wished is None else wished


def _refuse_too_much(pot: AwardRound, amount: int | None) -> None:
    if pot.taken >= pot.places:
        raise NoPlaceLeft(places=pot.places)
    left = (pot.envelope_minor or 0) - pot.committed_minor
    if amount is not None and amount > left:
        raise EnvelopeExceeded(left_minor=left)


def _explain(
    session: Session,
    coordinator: Coordinator,
    pot: AwardRound,
    standing: _Standing,
    reason: str,
    now: datetime,
) -> None:
    if len(reason.strip()) < SHORTEST_REASON:
        raise Invalid({"reason": ("award.departure_needs_reason", {"least": SHORTEST_REASON})})
    assert pot.id is not None  # noqa: S101 - it was read from the table
    session.merge(
        Departure(
            application_id=standing.application_id,
            round_id=pot.id,
            reason=reason.strip(),
            decided_by=coordinator.person_id,
            decided_at=now,
        )
    )
    record(
        session, "award.departure", now=now, person_id=coordinator.person_id, call_id=coordinator.call_id,
        subject=standing.code, detail={"round": pot.code, "reason": reason.strip()},
    )  # fmt: skip


def _give(
    session: Session,
    coordinator: Coordinator,
    pot: AwardRound,
    standing: _Standing,
    amount: int | None,
    now: datetime,
) -> Award:
    assert pot.id is not None  # noqa: S101 - it was read from the table
    award = Award(
        round_id=pot.id,
        application_id=standing.application_id,
        amount_minor=amount,
        awarded_by=coordinator.person_id,
        awarded_at=now,
    )
    session.add(award)
    session.flush()
    # The trigger has changed the pot's sums; they are read again rather than computed twice.
    session.refresh(pot)
    record(
        session, "award.give", now=now, person_id=coordinator.person_id, call_id=coordinator.call_id,
        subject=standing.code, detail={"round": pot.code, "amount_minor": amount},
    )  # fmt: skip
    return award
