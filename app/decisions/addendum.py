"""Writing down what came after a protocol was frozen, from the record: nothing where nothing did."""

from collections.abc import Mapping
from datetime import UTC, datetime

from sqlmodel import Session, col, select

from app.accounts.actors import Coordinator
from app.decisions.addendum_file import AddendumPart, PromotionPart, ReturnPart
from app.decisions.canonical import digest_of
from app.decisions.seconds import members_of
from app.models.applications import Application, Status
from app.models.calls import AwardRound
from app.models.decisions import Award, AwardReturn, ReserveDeparture, ReserveEntry
from app.wall import taken_down


def addendum_of(session: Session, coordinator: Coordinator, protocol: str) -> AddendumPart | None:
    """What came after the protocol with this digest; None where nothing did.

    For whom nothing of the call is kept from: who reads a protocol has no tie in it.
    """
    with taken_down(session):
        members = members_of(session, coordinator)
        codes = {
            key: code
            for key, code in session.exec(
                select(Application.id, Application.code).where(Application.call_id == coordinator.call_id)
            )
            if key is not None
        }
        returned = session.exec(
            select(AwardReturn, AwardRound.code)
            .join(AwardRound, col(AwardRound.id) == col(AwardReturn.round_id))
            .where(AwardRound.call_id == coordinator.call_id)
            .order_by(col(AwardReturn.recorded_at), col(AwardReturn.application_id))
        ).all()
        if not returned:
            return None
        given_back = {row.application_id: row.amount_minor for row, _ in returned}
        promotions, out = _promotions(session, coordinator, codes, members, given_back)
    returns = [
        ReturnPart(
            round=pot,
            application=codes[row.application_id],
            amount_minor=row.amount_minor,
            reason=row.reason,
            at=_iso(row.recorded_at) or "",
            by=members.get(row.recorded_by, ""),
        )
        for row, pot in returned
    ]
    made = AddendumPart(
        protocol=protocol, returns=returns, promotions=promotions, out=sorted(out), digest="0" * 64
    )
    return made.model_copy(update={"digest": digest_of(made.model_dump(mode="json"))})


def _promotions(
    session: Session,
    coordinator: Coordinator,
    codes: Mapping[int, str],
    members: Mapping[int, str],
    given_back: Mapping[int, int | None],
) -> tuple[list[PromotionPart], list[tuple[str, str]]]:
    """Who came up, in the order of time, and who of a list comes up no more."""
    rows = session.exec(
        select(ReserveEntry, AwardRound.code, Application.status)
        .join(AwardRound, col(AwardRound.id) == col(ReserveEntry.round_id))
        .join(Application, col(Application.id) == col(ReserveEntry.application_id))
        .where(AwardRound.call_id == coordinator.call_id)
        .order_by(col(AwardRound.position), col(ReserveEntry.position))
    ).all()
    pots = select(AwardRound.id).where(AwardRound.call_id == coordinator.call_id)
    asked = {
        (row.round_id, row.application_id): row
        for row in session.exec(select(ReserveDeparture).where(col(ReserveDeparture.round_id).in_(pots)))
    }
    sums = dict(
        session.exec(
            select(Award.application_id, Award.amount_minor).where(col(Award.round_id).in_(pots))
        ).all()
    )
    found = []
    for entry, pot, _ in rows:
        if entry.instead_of is None:
            continue
        # A reason that somebody asked a second person for and that nobody needed in the end is none.
        departure = asked.get((entry.round_id, entry.application_id)) if entry.reason else None
        found.append(
            PromotionPart(
                round=pot,
                application=codes[entry.application_id],
                position=entry.position,
                amount_minor=sums.get(entry.application_id, given_back.get(entry.application_id)),
                instead_of=codes[entry.instead_of],
                at=_iso(entry.promoted_at) or "",
                by=members.get(entry.promoted_by or 0, ""),
                reason=entry.reason,
                asked_by=members.get(departure.decided_by, "") if departure else "",
                asked_at=_iso(departure.decided_at) if departure else None,
                confirmed_by=members.get(departure.confirmed_by or 0, "") if departure else "",
                confirmed_at=_iso(departure.confirmed_at) if departure else None,
                alone=bool(entry.reason) and (departure is None or departure.confirmed_at is None),
            )
        )
    out = [
        (pot, codes[entry.application_id])
        for entry, pot, status in rows
        if entry.instead_of is None and status not in (Status.IN_REVIEW, Status.NOT_SELECTED)
    ]
    return sorted(found, key=lambda each: (each.at, each.round, each.position)), out


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat()
