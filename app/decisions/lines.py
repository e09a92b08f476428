"""What a coordinator words for the applicants: one line for each criterion, of what the reviewers said.

Notes to the panel and to the coordinator are not among the words that are offered. A line stands in place of
the reviewers' reasons under its criterion; taken away again, these are there.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import exists
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from app.accounts.actors import Coordinator
from app.applications.counted import IS_COUNTED_SENDING
from app.asking import Ask
from app.audit.record import record
from app.calls.phase import Phase, phase
from app.decisions.counted import IS_COUNTED_REVIEW
from app.decisions.feedback import OwnReason, shuffled_reasons
from app.decisions.held import call_of, held_call
from app.decisions.lacking import LEAST_LINE, lacking_cells
from app.decisions.refusals import ReviewingNotClosed
from app.errors import NotFound, Stale
from app.messages import formats
from app.messages.answers import in_language
from app.messages.labels import choices
from app.models.applications import Application, Packet, Sending, Status
from app.models.calls import Call, Criterion
from app.models.columns import Texts
from app.models.decisions import Award, FeedbackLine, RankingEntry
from app.models.keys import key_of
from app.models.reviews import Assignment, Review, ReviewScore
from app.sections.text import PROSE

MOST_CHARACTERS = 1500
PER_PAGE = 50
CAN_BE_WORDED = frozenset({Phase.REVIEWED, Phase.DECIDED, Phase.PUBLISHED})
_NOT_SELECTED = (
    col(Application.status).in_((Status.IN_REVIEW, Status.NOT_SELECTED)),
    col(Application.counts_number).is_not(None),
    ~exists().where(col(Award.application_id) == col(Application.id)),
)


class LineInput(BaseModel):
    """A line, for which criterion, and at which version of it it was written; 0 where there was none."""

    model_config = ConfigDict(extra="forbid")
    criterion: Annotated[str, Field(min_length=1, max_length=40), Ask("hidden")]
    version: Annotated[int, Field(ge=0, le=10**6), Ask("hidden")] = 0
    text: Annotated[
        str,
        Field(min_length=LEAST_LINE, max_length=MOST_CHARACTERS),
        PROSE,
        Ask("textarea", cap=MOST_CHARACTERS),
    ]


class LackingLine(BaseModel):
    """An application that is not selected, and the criteria of which a useful line is lacking."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    application: str
    title: str
    criteria: list[str]


class WordedCriterion(BaseModel):
    """One criterion: its line, "" where there is none, and the reviewers' words of it for the applicant."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    code: str
    title: Texts
    line: str
    of_scale: bool
    version: int
    lacks: bool
    reasons: list[str]


class Worded(BaseModel):
    """The lines of one application; `remarks` are what the reviewers wrote of it as a whole."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    application: str
    title: str
    language: str
    criteria: list[WordedCriterion]
    remarks: list[str]


def lacking_lines(session: Session, coordinator: Coordinator) -> list[LackingLine]:
    """Every application of which something lacks, by code."""
    _refuse_early(call_of(session, coordinator), None)
    cells = lacking_cells().where(col(Application.call_id) == coordinator.call_id).subquery()
    rows = session.execute(
        select_columns(col(Application.code), col(Packet.title), col(Criterion.code))
        .join_from(cells, Application, col(Application.id) == cells.c.application)
        .join(Criterion, col(Criterion.id) == cells.c.criterion)
        .join(Sending, IS_COUNTED_SENDING)
        .join(Packet, col(Packet.sending_id) == Sending.id)
        .order_by(col(Application.code), col(Criterion.position))
    ).all()
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for code, title, criterion in rows:
        found[code, title].append(criterion)
    return [
        LackingLine(application=code, title=title, criteria=criteria)
        for (code, title), criteria in found.items()
    ]


def worded(session: Session, coordinator: Coordinator, application: str) -> Worded:
    """What there is to word an application's lines of; NotFound for who won, or is not of the call."""
    row = _application(session, coordinator, application)
    _refuse_early(call_of(session, coordinator), None)
    reasons: dict[int, list[OwnReason]] = defaultdict(list)
    counted = (
        select_columns()
        .join_from(Assignment, Review, col(Review.assignment_id) == Assignment.id)
        .where(col(Assignment.application_id) == row.id, *IS_COUNTED_REVIEW)
    )
    cells = counted.join(ReviewScore, col(ReviewScore.assignment_id) == Assignment.id).add_columns(
        col(ReviewScore.criterion_id), col(ReviewScore.reason), col(ReviewScore.cannot_judge)
    )
    for criterion, reason, cannot_judge in session.execute(cells):
        if reason.strip() and not cannot_judge:
            reasons[criterion].append(OwnReason(text=reason, cannot_judge=False))
    remarks = session.execute(counted.add_columns(col(Review.convinced), col(Review.stronger))).all()
    lines = {
        each.criterion_id: each
        for each in session.exec(select(FeedbackLine).where(FeedbackLine.application_id == row.id))
    }
    return Worded(
        application=row.code,
        title=row.title,
        language=row.language,
        criteria=[
            _criterion(each, lines.get(key_of(each.id)), reasons[key_of(each.id)])
            for each in _criteria(session, coordinator)
        ],
        remarks=sorted({text.strip() for each in remarks for text in each if text.strip()}),
    )


def _criterion(row: Criterion, line: FeedbackLine | None, reasons: list[OwnReason]) -> WordedCriterion:
    words = [each.text for each in shuffled_reasons(row.code, reasons)]
    return WordedCriterion(
        code=row.code,
        title=row.title,
        line=line.text if line else "",
        of_scale=line.of_scale if line else False,
        version=line.version if line else 0,
        lacks=line is None and not any(len(each.strip()) >= LEAST_LINE for each in words),
        reasons=words,
    )


def save_line(
    session: Session, coordinator: Coordinator, application: str, given: LineInput, now: datetime
) -> None:
    """Keep a line; Stale where somebody else has worded it meanwhile."""
    _refuse_early(held_call(session, coordinator, shared=True), now)
    row = _application(session, coordinator, application)
    criterion = _named(session, coordinator, given.criterion)
    line = session.get(FeedbackLine, (row.id, criterion), populate_existing=True, with_for_update=True)
    if (line.version if line else 0) != given.version:
        raise Stale(version=line.version if line else 0)
    line = line or FeedbackLine(
        application_id=row.id, criterion_id=criterion, text="", version=0, written_by=0, written_at=now
    )
    line.text, line.of_scale, line.version = given.text, False, line.version + 1
    line.written_by, line.written_at = coordinator.person_id, now
    session.add(line)
    session.flush()
    _noted(session, coordinator, "feedback.word", application, given.criterion, now)


def drop_line(
    session: Session, coordinator: Coordinator, application: str, criterion: str, seen: int, now: datetime
) -> None:
    """Take a line away: the reviewers' own reasons are read again."""
    _refuse_early(held_call(session, coordinator, shared=True), now)
    row = _application(session, coordinator, application)
    line = session.get(
        FeedbackLine, (row.id, _named(session, coordinator, criterion)), populate_existing=True
    )
    if line is None:
        raise NotFound
    if line.version != seen:
        raise Stale(version=line.version)
    session.delete(line)
    session.flush()
    _noted(session, coordinator, "feedback.drop", application, criterion, now)


def fill_from_scale(session: Session, coordinator: Coordinator, now: datetime) -> int:
    """Word every lacking line with the published words of the scale for the mean that the reviewers gave.

    How many those were; where nobody scored, or the scale has no words, the line lacks still.
    """
    call = held_call(session, coordinator, shared=True)
    _refuse_early(call, now)
    cells = lacking_cells().where(col(Application.call_id) == coordinator.call_id).subquery()
    rows = session.execute(
        select_columns(
            cells.c.application, cells.c.criterion, col(Application.language), col(RankingEntry.shown)
        )
        .join_from(cells, Application, col(Application.id) == cells.c.application)
        .join(RankingEntry, col(RankingEntry.application_id) == Application.id)
    ).all()
    criteria = {key_of(each.id): each for each in _criteria(session, coordinator)}
    filled = 0
    for application, criterion, language, shown in rows:
        text = scale_line(language, criteria[criterion], shown)
        if len(text) >= LEAST_LINE:
            session.add(
                FeedbackLine(
                    application_id=application,
                    criterion_id=criterion,
                    text=text[:MOST_CHARACTERS],
                    of_scale=True,
                    written_by=coordinator.person_id,
                    written_at=now,
                )
            )
            filled += 1
    session.flush()
    record(
        session, "feedback.fill", now=now, person_id=coordinator.person_id, call_id=coordinator.call_id,
        detail={"lines": filled},
    )  # fmt: skip
    return filled


def scale_line(language: str, criterion: Criterion, shown: Mapping[str, Any]) -> str:
    """The mean, the published words for it and for the next score; "" without either."""
    mean = shown.get("means", {}).get(criterion.code, "")
    if not mean:
        return ""
    nearest = min(criterion.scale_max, max(criterion.scale_min, int(float(mean) + 0.5)))
    said = in_language(language, criterion.anchors.get(str(nearest), {}))
    if not said:
        return ""
    words = choices(language, "scale_line")
    text = words["mean"].format(
        mean=formats.number(language, mean, 1), most=criterion.scale_max, score=nearest, said=said
    )
    higher = in_language(language, criterion.anchors.get(str(nearest + 1), {}))
    return f"{text} {words['higher'].format(score=nearest + 1, said=higher)}" if higher else text


def _refuse_early(call: Call, now: datetime | None) -> None:
    reached = phase(call, now) if now else None
    if call.reviewing_closed_at is None or (reached is not None and reached not in CAN_BE_WORDED):
        raise ReviewingNotClosed


def _application(session: Session, coordinator: Coordinator, code: str) -> Any:
    row = session.execute(
        select_columns(
            col(Application.id), col(Application.code), col(Packet.title), col(Application.language)
        )
        .join(Sending, IS_COUNTED_SENDING)
        .join(Packet, col(Packet.sending_id) == Sending.id)
        .where(col(Application.call_id) == coordinator.call_id, col(Application.code) == code, *_NOT_SELECTED)
    ).one_or_none()
    if row is None:
        raise NotFound
    return row


def _criteria(session: Session, coordinator: Coordinator) -> list[Criterion]:
    return list(
        session.exec(
            select(Criterion)
            .where(Criterion.call_id == coordinator.call_id)
            .order_by(col(Criterion.position))
        )
    )


def _named(session: Session, coordinator: Coordinator, code: str) -> int:
    found = session.exec(
        select(Criterion.id).where(Criterion.call_id == coordinator.call_id, Criterion.code == code)
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def _noted(
    session: Session, coordinator: Coordinator, action: str, application: str, criterion: str, now: datetime
) -> None:
    record(
        session, action, now=now, person_id=coordinator.person_id, call_id=coordinator.call_id,
        subject=application, detail={"criterion": criterion},
    )  # fmt: skip
