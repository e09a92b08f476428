"""All that was decided, as it is written down before it is hashed: recomputed from the tables at any time."""

import hashlib
from typing import Any

from sqlalchemy import exists
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

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
_SAME_APPLICATION = col(ReserveEntry.application_id) == col(Application.id)


def decision_document(session: Session, call: Call) -> dict[str, Any]:
    """Codes, exact totals as fractions, amounts in euro cents, reasons as they were written.

    Sorted here and not by the database, whose collations differ. As it was decided: with what was given back
    since, and without whoever came up for it.
    """
    order = session.exec(
        select(RankingEntry.place, Application.code, RankingEntry.total)
        .join(Application, col(Application.id) == RankingEntry.application_id)
        .where(RankingEntry.call_id == call.id)
    ).all()
    awards = session.exec(
        select(AwardRound.code, Application.code, Award.amount_minor)
        .join(AwardRound, col(AwardRound.id) == Award.round_id)
        .join(Application, col(Application.id) == Award.application_id)
        .where(AwardRound.call_id == call.id, ~_IS_PROMOTED.where(_SAME_APPLICATION))
    ).all()
    returned = session.exec(
        select(AwardRound.code, Application.code, AwardReturn.amount_minor)
        .join(AwardRound, col(AwardRound.id) == AwardReturn.round_id)
        .join(Application, col(Application.id) == AwardReturn.application_id)
        .where(AwardRound.call_id == call.id, ~_IS_PROMOTED.where(_SAME_APPLICATION))
    ).all()
    departures = session.exec(
        select(AwardRound.code, Application.code, Departure.reason)
        .join(AwardRound, col(AwardRound.id) == Departure.round_id)
        .join(Application, col(Application.id) == Departure.application_id)
        .where(AwardRound.call_id == call.id)
    ).all()
    excused = session.exec(
        select(Application.code, Organisation.code, MissingReview.reason)
        .join(Application, col(Application.id) == MissingReview.application_id)
        .join(Organisation, col(Organisation.id) == MissingReview.organisation_id)
        .where(MissingReview.call_id == call.id)
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
    coded = (AwardRound.code, Application.code)
    seats = session.exec(
        select(*coded, SeatMark.belongs, SeatMark.reason)
        .join(AwardRound, col(AwardRound.id) == SeatMark.round_id)
        .join(Application, col(Application.id) == SeatMark.application_id)
        .where(AwardRound.call_id == call.id)
    ).all()
    reserved = session.exec(
        select(*coded)
        .join(Award, col(Award.round_id) == AwardRound.id)
        .join(Application, col(Application.id) == Award.application_id)
        .where(AwardRound.call_id == call.id, col(Award.reserved))
    ).all()
    # One that was given back afterwards held its seat when this was decided.
    given_back = session.exec(
        select(*coded)
        .join(PublishedResult, col(PublishedResult.round_id) == AwardRound.id)
        .join(Application, col(Application.id) == PublishedResult.application_id)
        .where(
            AwardRound.call_id == call.id,
            col(PublishedResult.reserved),
            col(PublishedResult.given_back_at).is_not(None),
        )
    ).all()
    reserve = session.exec(
        select(AwardRound.code, ReserveEntry.position, Application.code, AwardRound.reserve_until)
        .join(AwardRound, col(AwardRound.id) == ReserveEntry.round_id)
        .join(Application, col(Application.id) == ReserveEntry.application_id)
        .where(AwardRound.call_id == call.id)
    ).all()
    pitched = session.execute(
        select_columns(
            col(AwardRound.code), col(Application.code), col(PitchEntry.place), col(PitchEntry.total),
            col(PitchEntry.exact_total), col(AwardRound.pitch_weight),
        )
        .join(AwardRound, col(AwardRound.id) == col(PitchEntry.round_id))
        .join(Application, col(Application.id) == col(PitchEntry.application_id))
        .where(col(AwardRound.call_id) == call.id)
    ).all()  # fmt: skip
    found = {
        "pitched": sorted(list(row) for row in pitched),
        "marked_seats": sorted(list(row) for row in seats),
        "reserved": sorted(list(row) for row in {*reserved, *given_back}),
        "reserve": sorted([pot, place, code, str(until)] for pot, place, code, until in reserve),
    }
    return {name: rows for name, rows in found.items() if rows}
