"""Three letters as they would leave, to be read before publishing: to a winner, who stands by, the rest."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import exists, select
from sqlmodel import Session, col

from app.accounts.actors import Coordinator
from app.applications.counted import IS_COUNTED_SENDING
from app.decisions.counted import IS_COUNTED_REVIEW
from app.decisions.feedback import (
    LEAST_GROUP,
    OwnFeedback,
    OwnPitchScore,
    OwnReason,
    OwnScore,
    mean_of,
    pitch_score,
    shuffled_reasons,
    total_of,
)
from app.decisions.held import call_of
from app.decisions.outcome import OwnOutcome
from app.models.applications import Application, Packet, Sending, Status
from app.models.calls import AwardRound, Call, Criterion
from app.models.decisions import Award, FeedbackLine, RankingEntry, ReserveEntry
from app.models.jury import PitchEntry
from app.models.people import Applicant, Person
from app.models.reviews import Assignment, Review, ReviewScore


@dataclass(frozen=True, slots=True)
class Sample:
    """One letter: `kind` is winner, reserve or other; to whom, in which language, and what it says."""

    kind: str
    name: str
    language: str
    outcome: OwnOutcome
    feedback: OwnFeedback | None


def samples(session: Session, coordinator: Coordinator, now: datetime) -> list[Sample]:
    """The first of each kind, by reference."""
    call = call_of(session, coordinator)
    won = exists().where(col(Award.application_id) == col(Application.id)).correlate(Application)
    waits = exists().where(col(ReserveEntry.application_id) == col(Application.id)).correlate(Application)
    found = []
    for kind, which in (("winner", won), ("reserve", waits & ~won), ("other", ~won & ~waits)):
        row = session.execute(_first(coordinator.call_id).where(which)).first()
        if row is None:
            continue
        outcome = OwnOutcome(
            ref=row.ref,
            title=row.title,
            language=row.language,
            call=call.slug,
            call_title=call.title,
            status=Status.AWARDED if kind == "winner" else Status.NOT_SELECTED,
            amount_minor=row.amount_minor if kind == "winner" else None,
            slug=None,
            published_at=now,
            reserve_position=row.position if kind == "reserve" else None,
            reserve_until=row.until if kind == "reserve" else None,
        )
        told = _feedback(session, coordinator, call, row.id)
        found.append(Sample(kind, row.name, row.reads, outcome, told))
    return found


def _first(call_id: int) -> Any:
    return (
        select(
            col(Application.id),
            col(Application.ref),
            col(Packet.title),
            col(Packet.language),
            col(Award.amount_minor),
            col(ReserveEntry.position),
            col(AwardRound.reserve_until).label("until"),
            col(Person.name),
            col(Person.language).label("reads"),
        )
        .join_from(Application, Sending, IS_COUNTED_SENDING)
        .join(Packet, col(Packet.sending_id) == Sending.id)
        .join(Applicant, col(Applicant.application_id) == Application.id)
        .join(Person, col(Person.id) == Applicant.person_id)
        .outerjoin(Award, col(Award.application_id) == Application.id)
        .outerjoin(ReserveEntry, col(ReserveEntry.application_id) == Application.id)
        .outerjoin(AwardRound, col(AwardRound.id) == ReserveEntry.round_id)
        .where(col(Application.call_id) == call_id, col(Application.status) == Status.IN_REVIEW)
        .order_by(col(Application.ref), col(Person.id), col(AwardRound.position))
        .limit(1)
    )


def _feedback(session: Session, coordinator: Coordinator, call: Call, application_id: int) -> OwnFeedback:
    """What its letter will repeat of the scores and the words."""
    worded = {
        row[0]: row[1]
        for row in session.execute(
            select(col(FeedbackLine.criterion_id), col(FeedbackLine.text)).where(
                col(FeedbackLine.application_id) == application_id
            )
        )
    }
    said: dict[int, list[OwnReason]] = {}
    for criterion, reason in session.execute(
        select(col(ReviewScore.criterion_id), col(ReviewScore.reason))
        .join_from(Assignment, Review, col(Review.assignment_id) == Assignment.id)
        .join(ReviewScore, col(ReviewScore.assignment_id) == Assignment.id)
        .where(
            col(Assignment.application_id) == application_id,
            col(ReviewScore.cannot_judge).is_(False),
            *IS_COUNTED_REVIEW,
        )
    ):
        if reason.strip():
            said.setdefault(criterion, []).append(OwnReason(text=reason, cannot_judge=False))
    line = session.get(RankingEntry, application_id)
    won = session.execute(
        select(col(RankingEntry.total), col(RankingEntry.sheet))
        .join_from(Award, RankingEntry, col(RankingEntry.application_id) == Award.application_id)
        .where(col(RankingEntry.call_id) == coordinator.call_id)
    ).all()
    least = 1 if call.scores_published else LEAST_GROUP
    criteria = session.execute(
        select(Criterion)
        .where(col(Criterion.call_id) == coordinator.call_id)
        .order_by(col(Criterion.position))
    ).scalars()
    return OwnFeedback(
        scores=[
            OwnScore(
                code=each.code,
                title=each.title,
                minimum=each.scale_min,
                maximum=each.scale_max,
                mean="",
                winners="",
                reasons=[OwnReason(text=worded[each.id], cannot_judge=False)]
                if each.id in worded
                else shuffled_reasons(each.code, said.get(each.id or 0, [])),
                worded=each.id in worded,
            )
            for each in criteria
        ],
        total=line.shown.get("total", "") if line else "",
        winners_total=mean_of((total_of(total, sheet) for total, sheet in won), least),
        pitched=_pitched(session, application_id, least),
        organisations=0,
        organisations_scored=0,
        tie_decided=False,
        drew_lots=False,
        band=None,
        convinced=[],
        stronger=[],
    )


def _pitched(session: Session, application_id: int, least: int) -> OwnPitchScore | None:
    """Beside those who are awarded in its round, if it pitched."""
    own = session.get(PitchEntry, application_id)
    if own is None:
        return None
    won = session.execute(
        select(col(PitchEntry.exact_total), col(PitchEntry.shown))
        .join(
            Award,
            (col(Award.application_id) == col(PitchEntry.application_id))
            & (col(Award.round_id) == col(PitchEntry.round_id)),
        )
        .where(col(PitchEntry.round_id) == own.round_id)
    )
    weight = session.execute(
        select(col(AwardRound.pitch_weight)).where(col(AwardRound.id) == own.round_id)
    ).scalar_one()
    return pitch_score(weight, own.shown, [(total, shown) for total, shown in won], least)
