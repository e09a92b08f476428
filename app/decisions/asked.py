"""What the rules of rounds ask of an application beside its place: what it asked for, and its exact total."""

from fractions import Fraction

from sqlmodel import Session, col, select

from app.applications.counted import IS_COUNTED_SENDING
from app.models.applications import Application, Packet, Sending, Status
from app.models.calls import Call
from app.models.decisions import RankingEntry
from app.scoring.methods import Method
from app.sections.limits import euro_cents


def asked_minor(session: Session, call_id: int) -> dict[int, int]:
    """Application -> euro cents at the call's rate, of those that ask for a sum."""
    rows = session.exec(
        select(Application.id, Packet.requested_minor, Call.rate_minor)
        .join(Call, col(Call.id) == col(Application.call_id))
        .join(Sending, IS_COUNTED_SENDING)
        .join(Packet, col(Packet.sending_id) == col(Sending.id))
        .where(
            col(Application.call_id) == call_id,
            col(Application.status).not_in((Status.DRAFT, Status.WITHDRAWN)),
            col(Packet.requested_minor) > 0,
            col(Call.rate_minor).is_not(None),
        )
    )
    return {key: euro_cents(tiyn, rate) for key, tiyn, rate in rows if key and tiyn and rate}


def exact_totals(session: Session, call_id: int) -> dict[int, Fraction]:
    """Application -> its total from 0 to 100 by the method that decides, of those that have one."""
    rows = session.exec(
        select(
            RankingEntry.application_id,
            RankingEntry.total,
            col(RankingEntry.sheet)["total"].as_string(),
            Call.method,
        )
        .join(Call, col(Call.id) == col(RankingEntry.call_id))
        .where(RankingEntry.call_id == call_id, col(RankingEntry.total).is_not(None))
    )
    # What orders a calibrated call is less the expected rank; its total stands beside it.
    return {
        key: Fraction(shown if method is Method.CALIBRATED else merit)
        for key, merit, shown, method in rows
        if merit is not None
    }
