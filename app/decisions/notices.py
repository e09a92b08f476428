"""Corrections of what was published: dated, in three languages, beside what they correct. Nothing changes
in silence, and no correction is ever changed."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import bindparam, select
from sqlmodel import Session, col

from app.accounts.actors import Coordinator
from app.asking import Ask
from app.audit.record import record
from app.calls.texts import PROSE_CAP, LongTexts, missing_languages
from app.decisions.held import call_of
from app.errors import Conflict, Invalid
from app.models.columns import Texts
from app.models.decisions import PublishedResult
from app.models.public import CorrectedPart, CorrectionNotice
from app.random_codes import random_code


class NothingPublished(Conflict):
    """There is nothing to correct before the results are public."""

    code = "notice.nothing_published"


class PublicNotice(BaseModel):
    """One correction. `winner` is the code of the winner that it is about, "" for a figure."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    code: str
    part: CorrectedPart
    winner: str
    words: Texts
    at: datetime


class NoticeInput(BaseModel):
    """A correction: of a figure by its name, or of a winner by its code, as the results page has it."""

    model_config = ConfigDict(extra="forbid")
    part: Annotated[CorrectedPart, Ask("select", choices="corrected_part")]
    winner: Annotated[str, Field(max_length=80), Ask("select", optional=True)] = ""
    words: Annotated[LongTexts, Ask("textarea", cap=PROSE_CAP)] = LongTexts()


_NOTICES: Any = (
    select(CorrectionNotice, col(PublishedResult.slug))
    .outerjoin(PublishedResult, col(PublishedResult.id) == col(CorrectionNotice.result_id))
    .where(col(CorrectionNotice.call_id) == bindparam("call"))
    .order_by(col(CorrectionNotice.id).desc())
)


def notices_of(session: Session, call_id: int) -> list[PublicNotice]:
    """Every correction of a call, the newest first."""
    return [
        PublicNotice(code=row.code, part=row.part, winner=slug or "", words=row.words, at=row.written_at)
        for row, slug in session.execute(_NOTICES, {"call": call_id})
    ]


def correct(session: Session, coordinator: Coordinator, given: NoticeInput, now: datetime) -> str:
    """Publish a correction; its code. It is seen at once wherever what it corrects is seen."""
    call = call_of(session, coordinator)
    if call.published_at is None:
        raise NothingPublished
    problems: dict[str, str] = {
        f"words.{language}": "missing" for language in missing_languages(given.words.stored)
    }
    result_id = None
    if given.part is CorrectedPart.WINNER:
        found = select(col(PublishedResult.id)).where(
            col(PublishedResult.call_id) == call.id, col(PublishedResult.slug) == given.winner
        )
        result_id = session.execute(found).scalar_one_or_none() if given.winner else None
        if result_id is None:
            problems["winner"] = "notice.no_such_winner"
    elif given.winner:
        problems["winner"] = "notice.not_of_a_winner"
    if problems:
        raise Invalid(problems)
    notice = CorrectionNotice(
        code=random_code().lower(),
        call_id=coordinator.call_id,
        part=given.part,
        result_id=result_id,
        words=given.words.stored,
        written_by=coordinator.person_id,
        written_at=now,
    )
    session.add(notice)
    record(
        session,
        "results.correct",
        now=now,
        person_id=coordinator.person_id,
        call_id=coordinator.call_id,
        subject=notice.code,
        detail={"part": str(given.part)},
    )
    return notice.code


def of_winners(notices: Sequence[PublicNotice]) -> Mapping[str, list[PublicNotice]]:
    """Winner's code -> the corrections of it, the newest first."""
    found: dict[str, list[PublicNotice]] = {}
    for each in notices:
        if each.winner:
            found.setdefault(each.winner, []).append(each)
    return found
