"""Telling teams what the panel asks: planned by the job worker, so that whoever asks reads no team."""

from datetime import datetime

from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from app.models.applications import Application, Status
from app.models.events import Event, Finalist, FinalistState, PitchQuestion
from app.models.outbox import Mail
from app.models.people import Applicant
from app.outbox.enqueue import Queued

TEMPLATE = "pitch_question"


def waiting_questions(session: Session, now: datetime) -> list[Queued]:
    """One mail to each of a team for each question that it has not heard of, while it can answer."""
    rows = session.execute(
        select_columns(col(PitchQuestion.code), col(Application.ref), col(Applicant.person_id))
        .join(Application, col(Application.id) == col(PitchQuestion.application_id))
        .join(Finalist, col(Finalist.application_id) == col(Application.id))
        .join(Event, col(Event.round_id) == col(Finalist.round_id))
        .join(Applicant, col(Applicant.application_id) == col(Application.id))
        .where(
            col(PitchQuestion.removed_at).is_(None),
            col(Finalist.state) != FinalistState.DECLINED,
            col(Application.status) != Status.WITHDRAWN,
            col(Event.starts_at) > now,
        )
        .order_by(col(PitchQuestion.id), col(Applicant.person_id))
    ).all()
    if not rows:
        return []
    queued = set(session.exec(select(Mail.dedupe_key).where(Mail.template == TEMPLATE)))
    mails = [
        Queued(TEMPLATE, f"pitch-question-{code}-{person}", person, {"ref": ref, "question": code})
        for code, ref, person in rows
    ]
    return [each for each in mails if each.dedupe_key not in queued]
