"""Writing awards into a pot that is held: giving one, changing sums, and dividing a pot anew.

The pot's sums are the triggers'; smaller sums are written first, so that at no moment it holds too much.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col, select

from app.accounts.actors import Coordinator
from app.audit.record import record
from app.decisions.order import pot_of, read_order
from app.models.applications import Application
from app.models.calls import AwardRound
from app.models.decisions import Award
from app.models.keys import key_of
from app.scoring.shares import POOLED, shares
from app.wall import whole_call


def give(
    session: Session,
    coordinator: Coordinator,
    pot: AwardRound,
    application: tuple[int, str],
    amount: int | None,
    now: datetime,
) -> Award:
    """Write one award down."""
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
    bump(session, pot)
    detail: dict[str, object] = {"round": pot.code, "amount_minor": amount}
    record_award(session, coordinator, "award.give", code, detail, now)
    return award


def set_amount(
    session: Session,
    coordinator: Coordinator,
    pot: AwardRound,
    award: Award,
    application: str,
    amount_minor: int,
    now: datetime,
) -> None:
    """Write another sum down."""
    award.amount_minor = amount_minor
    award.version += 1
    session.add(award)
    session.flush()
    bump(session, pot)
    detail: dict[str, object] = {"round": pot.code, "amount_minor": amount_minor}
    record_award(session, coordinator, "award.change", application, detail, now)


def set_amounts(
    session: Session,
    coordinator: Coordinator,
    pot: AwardRound,
    wanted: Mapping[str, int | None],
    now: datetime,
    *,
    only_smaller: bool = False,
) -> None:
    """Smaller ones first: at no moment the pot holds more than it has."""
    rows = session.exec(
        select(Award, Application.code)
        .join(Application, col(Application.id) == col(Award.application_id))
        .where(Award.round_id == pot.id)
        .execution_options(populate_existing=True)
    ).all()
    for award, code in sorted(rows, key=lambda row: (wanted.get(row[1]) or 0) - (row[0].amount_minor or 0)):
        amount = wanted.get(code)
        if amount is None or amount == award.amount_minor:
            continue
        if only_smaller and amount > (award.amount_minor or 0):
            continue
        set_amount(session, coordinator, pot, award, code, amount, now)


def lower(
    session: Session,
    coordinator: Coordinator,
    pot: AwardRound,
    wanted: Mapping[str, int | None],
    now: datetime,
) -> None:
    """Make smaller whatever has to be, so that the pot can hold the others."""
    if pot.split in POOLED:
        set_amounts(session, coordinator, pot, wanted, now, only_smaller=True)


@whole_call
def divide(
    session: Session,
    coordinator: Coordinator,
    pot: AwardRound,
    now: datetime,
    joining: tuple[int, str] | None = None,
) -> None:
    """Give each award of a divided pot its share, and whoever joins them theirs.

    Nothing while an awarded application has left the call: its award is taken back first.
    """
    order = read_order(session, coordinator, also={joining[0]} if joining else ())
    wins = [
        row
        for row in order.rows_of(pot)
        if row.won_in == pot.id or (joining and row.application_id == joining[0])
    ]
    rule = pot_of(pot).rule
    if rule is None or not wins or order.withdrawn:
        return
    sums = shares(rule, [order.asked.get(row.application_id) for row in wins])
    wanted = {row.code: share for row, share in zip(wins, sums, strict=True)}
    lower(session, coordinator, pot, wanted, now)
    if joining:
        give(session, coordinator, pot, joining, wanted[joining[1]], now)
    set_amounts(session, coordinator, pot, wanted, now)


def bump(session: Session, pot: AwardRound) -> None:
    """Whoever looked at the pot before has now looked at an old one."""
    session.execute(
        update(AwardRound)
        .where(col(AwardRound.id) == pot.id)
        .values(version=col(AwardRound.version) + 1)
        .execution_options(synchronize_session=False)
    )
    # The triggers have changed the pot's sums; they are read again rather than computed twice.
    session.refresh(pot)


def record_award(
    session: Session,
    coordinator: Coordinator,
    action: str,
    application: str,
    detail: dict[str, object],
    now: datetime,
) -> None:
    """Note in the log what was done with an award."""
    record(
        session, action, now=now, person_id=coordinator.person_id, call_id=coordinator.call_id,
        subject=application, detail=detail,
    )  # fmt: skip
