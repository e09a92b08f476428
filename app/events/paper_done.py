"""Who scores on paper alone is finished without a press of their own: they have no phone to press on."""

from datetime import datetime

from sqlalchemy import exists
from sqlmodel import Session, col, select

from app.accounts.actors import Coordinator
from app.audit.record import record
from app.models.calls import AwardRound
from app.models.events import PitchCard
from app.models.jury import Juror, PitchBallot


def finish_papers(session: Session, coordinator: Coordinator, pot: AwardRound, now: datetime) -> None:
    """Once all have pitched: whoever has of every team a ballot that two people keyed in alike is finished.

    A ballot that their phone sent, or has touched since, leaves the word to them.
    """
    session.flush()
    on_paper = (
        exists()
        .where(
            col(PitchBallot.juror_id) == col(Juror.id),
            col(PitchBallot.application_id) == col(PitchCard.application_id),
            col(PitchBallot.on_paper),
        )
        .correlate(Juror, PitchCard)
    )
    lacking = exists().where(col(PitchCard.round_id) == pot.id, ~on_paper).correlate(Juror)
    done = session.exec(
        select(Juror)
        .where(
            Juror.round_id == pot.id,
            col(Juror.finished_at).is_(None),
            col(Juror.closed_at).is_(None),
            col(Juror.removed_at).is_(None),
            ~lacking,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    for juror in done:
        juror.finished_at = now
        session.add(juror)
        record(
            session, "juror.finish_paper", now=now, person_id=coordinator.person_id,
            call_id=coordinator.call_id, subject=juror.code, detail={"round": pot.code},
        )  # fmt: skip
