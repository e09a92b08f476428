"""All that was decided, as it is written down before it is hashed: recomputed from the tables at any time."""

import hashlib
from collections.abc import Sequence
from typing import Any

from sqlalchemy import exists, select, true
from sqlmodel import Session, col

from app.decisions.canonical import canonical
from app.models.applications import Application
from app.models.calls import AwardRound, Call
from app.models.decisions import (
    Award,
    AwardReturn,
    Departure,
    MissingReview,
    PublishedResult,
    RankingEntry,
    ReserveEntry,
    SeatMark,
)
from app.models.jury import PitchEntry
from app.models.panel import Organisation


def decision_hash(session: Session, call: Call) -> str:
    """SHA-256 of the canonical JSON of all that was decided, recomputed from the tables."""
    return hashlib.sha256(canonical(decision_document(session, call)).encode()).hexdigest()


_IS_PROMOTED = exists().where(col(ReserveEntry.instead_of).is_not(None))
_ANY = true()
_SAME_APPLICATION = col(ReserveEntry.application_id) == col(Application.id)


def decision_document(session: Session, call: Call) -> dict[str, Any]:
    """Codes, exact totals as fractions, amounts in euro cents, reasons as they were written.

    Sorted here and not by the database, whose collations differ. As it was decided: with what was given back
    since, and without whoever came up for it.
    """
    order = session.execute(
        select(col(RankingEntry.place), col(Application.code), col(RankingEntry.total))
        .join(Application, col(Application.id) == RankingEntry.application_id)
        .where(col(RankingEntry.call_id) == call.id)
    ).all()
    decided = ~_IS_PROMOTED.where(_SAME_APPLICATION)
    awards = _of_rounds(session, call, Award, Award.amount_minor, only=decided)
    returned = _of_rounds(session, call, AwardReturn, AwardReturn.amount_minor, only=decided)
    departures = _of_rounds(session, call, Departure, Departure.reason)
    excused = session.execute(
        select(col(Application.code), col(Organisation.code), col(MissingReview.reason))
        .join(Application, col(Application.id) == MissingReview.application_id)
        .join(Organisation, col(Organisation.id) == MissingReview.organisation_id)
        .where(col(MissingReview.call_id) == call.id)
    ).all()
    return {
        "call": call.slug,
        "method": call.method.value,
        "form": call.frozen_hash,
        "seed": call.draw_seed,
        "order": sorted(list(row) for row in order),
        "awards": sorted(list(row) for row in (*awards, *returned)),
        "departures": sorted(list(row) for row in departures),
        "excused": sorted(list(row) for row in excused),
        **_of_rules(session, call),
    }


def _of_rules(session: Session, call: Call) -> dict[str, Any]:
    """What there is only where a round's rule has it: seats, and those who stand by until then.

    A call without such a rule is hashed as it was before rounds had rules.
    """
    seats = _of_rounds(session, call, SeatMark, SeatMark.belongs, SeatMark.reason)
    reserved = _of_rounds(session, call, Award, only=col(Award.reserved))
    # One that was given back afterwards held its seat when this was decided.
    gone = col(PublishedResult.reserved) & col(PublishedResult.given_back_at).is_not(None)
    given_back = _of_rounds(session, call, PublishedResult, only=gone)
    reserve = _of_rounds(session, call, ReserveEntry, ReserveEntry.position, AwardRound.reserve_until)
    combined = (PitchEntry.place, PitchEntry.total, PitchEntry.exact_total, AwardRound.pitch_weight)
    pitched = _of_rounds(session, call, PitchEntry, *combined)
    found = {
        "pitched": sorted(list(row) for row in pitched),
        "marked_seats": sorted(list(row) for row in seats),
        "reserved": sorted(list(row) for row in {*reserved, *given_back}),
        "reserve": sorted([pot, place, code, str(until)] for pot, code, place, until in reserve),
    }
    return {name: rows for name, rows in found.items() if rows}


def _of_rounds(
    session: Session, call: Call, table: Any, *columns: Any, only: Any = _ANY
) -> Sequence[tuple[Any, ...]]:
    """Round and application, both by code, and these columns, of each row of a table about the two."""
    return session.execute(
        select(col(AwardRound.code), col(Application.code), *columns)
        .select_from(AwardRound)
        .join(table, col(AwardRound.id) == table.round_id)
        .join(Application, col(Application.id) == table.application_id)
        .where(col(AwardRound.call_id) == call.id, only)
    ).all()
