"""The figures of a call once its results are public: how many, by what, and what was scored on average.

No person and no application is named, and nothing is averaged over so few that one of them could be told.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Float, cast, func, select
from sqlmodel import Session, col

from app.decisions.counted import IS_COUNTED_REVIEW
from app.models.applications import Application, Status
from app.models.calls import AwardRound, Call
from app.models.decisions import DecisionProtocol, MissingReview, PublishedResult, RankingEntry
from app.models.events import PitchCard
from app.models.jury import Juror, PitchBallot, PitchEntry
from app.models.reviews import Assignment, Review, Tie

LEAST = 5
"""From so many scored applications on that did not win there are averages: of fewer one could be computed."""


class PublicFigures(BaseModel):
    """What became of the applications of a call, beside how many there were.

    `eligible` could take part, and `scored` are those for which no promised review is missing. `reviews` were
    sent, `finalists` announced, `ties` declared by reviewers, `juror_ties` pitches that a juror left unscored
    for a tie, and `broken_ties` times a rule or the draw put one of two equal totals first. `protocol_at` is
    when the decision was frozen; `averages` are the means by criterion over all that were scored, with one
    decimal and a point.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    eligible: int
    scored: int
    finalists: int
    reviews: int
    ties: int
    juror_ties: int
    broken_ties: int
    protocol_at: datetime | None
    averages: dict[str, str]


def public_figures(session: Session, call: Call, criteria: Sequence[str]) -> PublicFigures:
    """The figures of a published call that ran here."""
    applied = (col(Application.call_id) == call.id, col(Application.counts_number).is_not(None))
    entries: Any = (
        select(RankingEntry)
        .join(Application, col(Application.id) == col(RankingEntry.application_id))
        .where(*applied)
        .subquery()
    )
    entry: Any = entries.c
    of_entry = entry.application_id
    missing = select(col(MissingReview.application_id)).where(col(MissingReview.application_id) == of_entry)
    won = select(col(PublishedResult.id)).where(col(PublishedResult.application_id) == of_entry)
    number: Any = select(func.count())
    asked: Mapping[str, Any] = {
        "eligible": number.select_from(Application).where(
            *applied, col(Application.status) != Status.REFUSED
        ),
        "scored": number.select_from(entries).where(~missing.exists()),
        "finalists": number.select_from(PitchCard)
        .join(AwardRound, col(AwardRound.id) == col(PitchCard.round_id))
        .where(col(AwardRound.call_id) == call.id),
        "reviews": number.select_from(Review)
        .join(Assignment, col(Assignment.id) == col(Review.assignment_id))
        .join(Application, col(Application.id) == col(Assignment.application_id))
        .where(*applied, *IS_COUNTED_REVIEW),
        "ties": number.select_from(Assignment).where(
            col(Assignment.call_id) == call.id, col(Assignment.tie) == Tie.TIE
        ),
        "juror_ties": number.select_from(PitchBallot)
        .join(Juror, col(Juror.id) == col(PitchBallot.juror_id))
        .join(AwardRound, col(AwardRound.id) == col(Juror.round_id))
        .where(col(AwardRound.call_id) == call.id, col(Juror.removed_at).is_(None), col(PitchBallot.tie)),
        "broken_ties": number.select_from(entries).where(
            entry.total.is_not(None), entry.shown["decided_by"].as_string().not_in(["total", ""])
        ),
        "broken_by_pitch": number.select_from(PitchEntry)
        .join(AwardRound, col(AwardRound.id) == col(PitchEntry.round_id))
        .where(
            col(AwardRound.call_id) == call.id,
            col(PitchEntry.total).is_not(None),
            col(PitchEntry.shown)["decided_by"].as_string().not_in(["total", ""]),
        ),
        "protocol_at": select(func.max(DecisionProtocol.made_at)).where(
            col(DecisionProtocol.call_id) == call.id
        ),
        "others": number.select_from(entries).where(entry.total.is_not(None), ~won.exists()),
    }
    columns: Any = [each.scalar_subquery().label(name) for name, each in asked.items()]
    found = dict(session.execute(select(*columns)).mappings().one())
    found["broken_ties"] += found.pop("broken_by_pitch")
    averages = _averages(session, entry, criteria) if found.pop("others") >= LEAST and criteria else {}
    return PublicFigures(**found, averages=averages)


def _averages(session: Session, entry: Any, criteria: Sequence[str]) -> dict[str, str]:
    """Per criterion the mean of the means that the ranking shows; one that nobody could judge is absent."""
    means: Any = [
        func.avg(cast(func.nullif(entry.shown["means", code].as_string(), ""), Float)) for code in criteria
    ]
    row = session.execute(select(*means)).one()
    return {
        code: str(Decimal(repr(value)).quantize(Decimal("0.1")))
        for code, value in zip(criteria, row, strict=True)
        if value is not None
    }
