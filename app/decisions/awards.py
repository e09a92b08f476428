"""Awards: the cut line at once, single awards, other amounts, and taking back.

An award is pending until it is published. The pot is locked while it changes, and its CHECKs, kept by
triggers, refuse what this code would ever let through.
"""

from dataclasses import replace
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Select, func, update
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from app.accounts.actors import Coordinator
from app.applications.counted import IS_COUNTED_SENDING
from app.asking import Ask
from app.audit.record import record
from app.decisions.cut import cut
from app.decisions.departures import departing_reason, drop_departure, keep_departure
from app.decisions.held import awarding, held_pot
from app.decisions.order import pot_of, read_order
from app.decisions.refusals import AlreadyAwarded, EnvelopeExceeded, NobodyLeft, NoPlaceLeft, NotInOrder
from app.decisions.seen import count_given
from app.errors import Invalid, NotFound, Stale
from app.models.applications import Application, Packet, Sending, Status
from app.models.calls import AwardRound
from app.models.decisions import Award, RankingEntry
from app.models.keys import key_of
from app.wall import wall_of, whole_call

HIGHEST_AMOUNT = 10**12


class AwardInput(BaseModel):
    """One award. Without `amount_minor` (euro cents) the round's amount for a place is given."""

    model_config = ConfigDict(extra="forbid")
    application: Annotated[str, Field(min_length=1, max_length=40), Ask("select")]
    amount_minor: Annotated[
        int | None, Field(gt=0, le=HIGHEST_AMOUNT), Ask("money", optional=True, suffix="€")
    ] = None
    reason: Annotated[str, Field(max_length=2000), Ask("textarea", optional=True)] = ""


class AwardView(BaseModel):
    """A pending award as its coordinator sees it. Amount in euro cents; None where there is no money."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    application: str
    title: str
    round: str
    amount_minor: int | None
    version: int


def award_list(session: Session, coordinator: Coordinator, *, limit: int, offset: int) -> list[AwardView]:
    """The awards of the call in the order of its rounds and of the ranking."""
    return [_view(*row) for row in session.execute(_awards(coordinator).limit(limit).offset(offset)).all()]


def count_awards(session: Session, coordinator: Coordinator) -> int:
    """How many awards the call has."""
    return count_given(session, coordinator.call_id)


def award_of(session: Session, coordinator: Coordinator, application: str) -> AwardView:
    """The award of one application; NotFound where it has none."""
    statement = _awards(coordinator).where(col(Application.code) == application)
    row = session.execute(statement).one_or_none()
    if row is None:
        raise NotFound
    return _view(*row)


def _awards(coordinator: Coordinator) -> Select[str, str, str, int | None, int]:
    # An application that withdrew has no sending that counts; a call of the past has no ranking.
    return (
        select_columns(
            col(Application.code),
            func.coalesce(col(Packet.title), "").label("title"),
            col(AwardRound.code),
            col(Award.amount_minor),
            col(Award.version),
        )
        .select_from(Award)
        .join(Application, col(Application.id) == col(Award.application_id))
        .join(AwardRound, col(AwardRound.id) == col(Award.round_id))
        .join(Sending, IS_COUNTED_SENDING, isouter=True)
        .join(Packet, col(Packet.sending_id) == col(Sending.id), isouter=True)
        .join(RankingEntry, col(RankingEntry.application_id) == col(Application.id), isouter=True)
        .where(col(AwardRound.call_id) == coordinator.call_id)
        .order_by(col(AwardRound.position), col(RankingEntry.place), col(Award.id))
    )


def _view(application: str, title: str, pot: str, amount_minor: int | None, version: int) -> AwardView:
    return AwardView(
        application=application, title=title, round=pot, amount_minor=amount_minor, version=version
    )


def award_application(
    session: Session, coordinator: Coordinator, round_code: str, given: AwardInput, now: datetime
) -> int:
    """Give one place of a round (and its money) to one application; the award's version.

    Above the line no reason is needed; below it `reason` must have 20 characters or more.
    """
    awarding(session, coordinator, now)
    pot = held_pot(session, coordinator, round_code)
    key, won_in = _candidate(session, coordinator, given.application)
    if won_in is not None:
        raise AlreadyAwarded
    amount = _amount(pot, given.amount_minor)
    _refuse_full(pot)
    _refuse_too_much(pot, amount)
    if _departs(session, coordinator, pot, given.application, amount):
        keep_departure(
            session, coordinator, pot, (key, given.application), departing_reason(given.reason), now
        )
    return _give(session, coordinator, pot, (key, given.application), amount, now).version


@whole_call
def draw_line(session: Session, coordinator: Coordinator, round_code: str, now: datetime) -> int:
    """Award every place that is still free to those above the line; how many that were.

    Who was passed over in writing is left out, and the next one comes up. Stops where the envelope ends.
    NoPlaceLeft, EnvelopeExceeded or NobodyLeft where there was nothing to give.
    """
    awarding(session, coordinator, now)
    pot = held_pot(session, coordinator, round_code)
    order = read_order(session, coordinator)
    above = cut(pot_of(pot), order.seen_from(pot)).above
    given: list[int] = []
    for row in order.rows:
        if row.code not in above or row.won_in is not None or pot_of(pot).free < 1:
            continue
        _give(session, coordinator, pot, (row.application_id, row.code), pot.amount_minor, now)
        given.append(row.application_id)
    if not given:
        _refuse_full(pot)
        _refuse_too_much(pot, pot.amount_minor)
        raise NobodyLeft
    return len(set(given) - wall_of(session).keys)


def change_award(
    session: Session,
    coordinator: Coordinator,
    application: str,
    seen_version: int,
    amount_minor: int,
    now: datetime,
) -> int:
    """Give another amount, in euro cents, within the envelope; the award's new version."""
    award, pot = _held_award(session, coordinator, application, seen_version, now)
    if pot.amount_minor is None:
        raise Invalid({"amount_minor": "award.no_money_here"})
    _refuse_too_much(pot, amount_minor - (award.amount_minor or 0))
    award.amount_minor = amount_minor
    award.version += 1
    session.add(award)
    session.flush()
    _bump(session, pot)
    detail: dict[str, object] = {"round": pot.code, "amount_minor": amount_minor}
    _recorded(session, coordinator, "award.change", application, detail, now)
    return award.version


def withdraw_award(
    session: Session, coordinator: Coordinator, application: str, seen_version: int, now: datetime
) -> None:
    """Take a pending award back; its place and money return to the pot, and its reason goes with it."""
    award, pot = _held_award(session, coordinator, application, seen_version, now)
    key = award.application_id
    session.delete(award)
    session.flush()
    drop_departure(session, key, pot)
    _bump(session, pot)
    _recorded(session, coordinator, "award.withdraw", application, {"round": pot.code}, now)


def _candidate(session: Session, coordinator: Coordinator, code: str) -> tuple[int, int | None]:
    """The application's key and the round it has won in, if any; only who is in the order can win."""
    row = session.exec(
        select(RankingEntry.application_id, RankingEntry.total, Application.status, Award.round_id)
        .join(Application, col(Application.id) == col(RankingEntry.application_id))
        .join(Award, col(Award.application_id) == col(RankingEntry.application_id), isouter=True)
        .where(RankingEntry.call_id == coordinator.call_id, Application.code == code)
    ).one_or_none()
    if row is None:
        raise NotFound
    key, total, status, won_in = row
    if total is None or status == Status.WITHDRAWN:
        raise NotInOrder
    return key, won_in


@whole_call
def _departs(
    session: Session, coordinator: Coordinator, row: AwardRound, code: str, amount: int | None
) -> bool:
    """Whether the application would stand below the line, were it awarded this."""
    pot = pot_of(row)
    after = replace(pot, taken=pot.taken + 1, committed_minor=pot.committed_minor + (amount or 0))
    order = read_order(session, coordinator).seen_from(row)
    given = [replace(each, awarded=True) if each.code == code else each for each in order]
    return code not in cut(after, given).above


def _held_award(
    session: Session, coordinator: Coordinator, application: str, seen_version: int, now: datetime
) -> tuple[Award, AwardRound]:
    """The award with its pot locked, if it still is what was looked at."""
    awarding(session, coordinator, now)
    pot = held_pot(session, coordinator, award_of(session, coordinator, application).round)
    award = session.exec(
        select(Award)
        .join(Application, col(Application.id) == col(Award.application_id))
        .where(Award.round_id == pot.id, Application.code == application)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if award is None:
        raise NotFound
    if award.version != seen_version:
        raise Stale(version=award.version)
    return award, pot


def _amount(pot: AwardRound, wished: int | None) -> int | None:
    if pot.amount_minor is None:
        if wished is not None:
            raise Invalid({"amount_minor": "award.no_money_here"})
        return None
    return pot.amount_minor if wished is None else wished


def _refuse_full(pot: AwardRound) -> None:
    if pot.taken >= pot.places:
        raise NoPlaceLeft(places=pot.places)


def _refuse_too_much(pot: AwardRound, more: int | None) -> None:
    left = (pot.envelope_minor or 0) - pot.committed_minor
    if more is not None and more > left:
        raise EnvelopeExceeded(left_minor=left)


def _give(
    session: Session,
    coordinator: Coordinator,
    pot: AwardRound,
    application: tuple[int, str],
    amount: int | None,
    now: datetime,
) -> Award:
    key, code = application
    award = Award(
        round_id=key_of(pot.id),
        application_id=key,
        amount_minor=amount,
        awarded_by=coordinator.person_id,
        awarded_at=now,
    )
    session.add(award)
    session.flush()
    _bump(session, pot)
    detail: dict[str, object] = {"round": pot.code, "amount_minor": amount}
    _recorded(session, coordinator, "award.give", code, detail, now)
    return award


def _bump(session: Session, pot: AwardRound) -> None:
    """Whoever looked at the pot before has now looked at an old one."""
    session.execute(
        update(AwardRound)
        .where(col(AwardRound.id) == pot.id)
        .values(version=col(AwardRound.version) + 1)
        .execution_options(synchronize_session=False)
    )
    # The triggers have changed the pot's sums; they are read again rather than computed twice.
    session.refresh(pot)


def _recorded(
    session: Session,
    coordinator: Coordinator,
    action: str,
    application: str,
    detail: dict[str, object],
    now: datetime,
) -> None:
    record(
        session, action, now=now, person_id=coordinator.person_id, call_id=coordinator.call_id,
        subject=application, detail=detail,
    )  # fmt: skip
