"""What the panel asks finalists before they pitch. A finalist reads the words, and never who asked.

Reviewers ask about what they scored themselves and have no tie with, and read the answers that a coordinator
passed on; nothing here reads who applied.
"""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import ColumnElement
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from app.accounts.actors import Reviewer
from app.asking import Ask
from app.errors import Conflict, NotFound
from app.events.refusals import HasBegun
from app.models.applications import Application, Status
from app.models.calls import Call
from app.models.events import Event, Finalist, FinalistState, PitchQuestion
from app.models.redaction import ClearedPacket
from app.models.reviews import Assignment, Tie
from app.random_codes import random_code
from app.sections.text import PROSE

MOST = 3
"""How many questions one member of the panel asks of one finalist."""
CAP = 500


class EnoughAsked(Conflict):
    """One member asks a few questions of each finalist, no more."""

    code = "pitch.enough_asked"


class QuestionInput(BaseModel):
    """A question, and of which finalist."""

    model_config = ConfigDict(extra="forbid")
    application: Annotated[str, Field(min_length=1, max_length=40), Ask("select")]
    words: Annotated[str, Field(min_length=10, max_length=CAP), PROSE, Ask("textarea", cap=CAP)]


class AskedQuestion(BaseModel):
    """A question that one has asked; `answer` as a coordinator passed it on."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    code: str
    words: str
    answer: str


class BlindFinalist(BaseModel):
    """A finalist whom one may ask: what one has scored, by its code."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    application: str
    title: str
    language: str
    open: bool
    questions: list[AskedQuestion]


def askable(session: Session, reviewer: Reviewer, now: datetime) -> list[BlindFinalist]:
    """Every finalist whom this member may ask, by code, with what they have asked."""
    rows = session.execute(
        select_columns(
            col(Application.id),
            col(Application.code),
            col(ClearedPacket.title),
            col(ClearedPacket.language),
            col(Event.starts_at),
            col(Call.decided_at),
        )
        .join(Call, col(Call.id) == col(Application.call_id))
        .join(Assignment, col(Assignment.application_id) == col(Application.id))
        .join(Finalist, col(Finalist.application_id) == col(Application.id))
        .join(Event, col(Event.round_id) == col(Finalist.round_id))
        .join(ClearedPacket, col(ClearedPacket.application_id) == col(Application.id))
        .where(*_may_ask(reviewer))
        .order_by(col(Application.code))
    ).all()
    asked: dict[int, list[AskedQuestion]] = {}
    for each in session.exec(
        select(PitchQuestion)
        .where(PitchQuestion.member_id == reviewer.member_id, col(PitchQuestion.removed_at).is_(None))
        .order_by(col(PitchQuestion.id))
    ):
        line = AskedQuestion(code=each.code, words=each.words, answer=each.passed_on)
        asked.setdefault(each.application_id, []).append(line)
    return [
        BlindFinalist(
            application=code,
            title=title,
            language=language,
            open=now < starts_at and decided_at is None and len(asked.get(key, [])) < MOST,
            questions=asked.get(key, []),
        )
        for key, code, title, language, starts_at, decided_at in rows
    ]


def ask(session: Session, reviewer: Reviewer, given: QuestionInput, now: datetime) -> str:
    """Ask a finalist; the question's code."""
    row = session.execute(
        select_columns(col(Application.id), col(Event.starts_at), col(Call.decided_at))
        .join(Call, col(Call.id) == col(Application.call_id))
        .join(Assignment, col(Assignment.application_id) == col(Application.id))
        .join(Finalist, col(Finalist.application_id) == col(Application.id))
        .join(Event, col(Event.round_id) == col(Finalist.round_id))
        .where(col(Application.code) == given.application, *_may_ask(reviewer))
    ).one_or_none()
    if row is None:
        raise NotFound
    key, starts_at, decided_at = row
    if now >= starts_at or decided_at is not None:
        raise HasBegun
    asked = session.exec(
        select(PitchQuestion.id).where(
            PitchQuestion.member_id == reviewer.member_id,
            PitchQuestion.application_id == key,
            col(PitchQuestion.removed_at).is_(None),
        )
    ).all()
    if len(asked) >= MOST:
        raise EnoughAsked(most=MOST)
    code = random_code()
    session.add(
        PitchQuestion(
            code=code, application_id=key, member_id=reviewer.member_id, words=given.words, asked_at=now
        )
    )
    session.flush()
    return code


def take_back(session: Session, reviewer: Reviewer, question: str, now: datetime) -> None:
    """Take a question of one's own back; NotFound for anybody else's."""
    row = session.exec(
        select(PitchQuestion).where(
            PitchQuestion.member_id == reviewer.member_id,
            PitchQuestion.code == question,
            col(PitchQuestion.removed_at).is_(None),
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    row.removed_at = now
    session.add(row)


def _may_ask(reviewer: Reviewer) -> tuple[ColumnElement[bool], ...]:
    """What one was given to score, with no tie, of those who are invited and have not said no."""
    return (
        col(Assignment.member_id) == reviewer.member_id,
        col(Assignment.withdrawn_at).is_(None),
        col(Assignment.tie).is_not(None),
        col(Assignment.tie) != Tie.TIE,
        col(Finalist.state) != FinalistState.DECLINED,
        col(Application.status) != Status.WITHDRAWN,
    )
