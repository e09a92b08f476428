"""Closing reviewing and the order that follows from it.

Nothing of a score leaves the server for a coordinator before this act. The order is computed here,
once, and stored: the board reads what is stored, and nothing recomputes it silently afterwards.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import delete, func, insert
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from app.accounts.actors import Coordinator
from app.applications.counted import IS_COUNTED_SENDING
from app.audit.record import record
from app.calls.phase import Phase, phase
from app.errors import Conflict
from app.models.applications import Application, Packet, Sending, Status
from app.models.calls import Call, Criterion
from app.models.decisions import Award, RankingEntry
from app.models.panel import CallOrganisation, Organisation
from app.models.reviews import Assignment, Review, ReviewScore, ReviewState, Tie
from app.random_codes import random_token
from app.scoring.ranking import Line, Place, rank
from app.scoring.totals import ApplicationTotal, Scored, Weighted, application_total


class ReviewingNotOpen(Conflict):
    """Only an open reviewing can be closed."""

    code = "ranking.reviewing_not_open"


class ReviewingNotClosed(Conflict):
    """There is no order before reviewing is closed, and none to undo after the decision."""

    code = "ranking.reviewing_not_closed"


class AwardsExist(Conflict):
    """Reviewing is not opened again while awards rest on its order."""

    code = "ranking.awards_exist"


def close_reviewing(session: Session, coordinator: Coordinator, now: datetime) -> None:
    """End reviewing, publish the draw's seed, and store the order."""
    call = session.exec(select(Call).where(col(Call.id) == coordinator.call_id).with_for_update()).one()
    if phase(call, now) is not Phase.REVIEWING:
        raise ReviewingNotOpen
    call.reviewing_closed_at = now
    call.draw_seed = call.draw_seed or random_token()
    call.version += 1
    session.add(call)
    lines = ranked_lines(session, call)
    if lines:
        session.execute(insert(RankingEntry), lines)
    record(
        session,
        "reviewing.close",
        now=now,
        person_id=coordinator.person_id,
        call_id=call.id,
        detail={"seed": call.draw_seed, "applications": len(lines)},
    )


def reopen_reviewing(session: Session, coordinator: Coordinator, reason: str, now: datetime) -> None:
    """Let reviewers go on; the stored order is thrown away, with the reason in the log."""
    call = session.exec(select(Call).where(col(Call.id) == coordinator.call_id).with_for_update()).one()
    if phase(call, now) is not Phase.REVIEWED:
        raise ReviewingNotClosed
    awarded = session.exec(
        select(Award.id)
        .join(Application, col(Application.id) == Award.application_id)
        .where(col(Application.call_id) == call.id)
    ).first()
    if awarded is not None:
        raise AwardsExist
    call.reviewing_closed_at = None
    call.version += 1
    session.add(call)
    session.execute(delete(RankingEntry).where(col(RankingEntry.call_id) == call.id))
    record(
        session,
        "reviewing.reopen",
        now=now,
        person_id=coordinator.person_id,
        call_id=call.id,
        detail={"reason": reason},
    )


@dataclass(frozen=True, slots=True)
class _Candidate:
    application_id: int
    code: str
    title: str


def ranked_lines(session: Session, call: Call) -> list[dict[str, object]]:
    """The rows of `RankingEntry` for every counted application, in order."""
    criteria = session.exec(
        select(Criterion).where(col(Criterion.call_id) == call.id).order_by(col(Criterion.position))
    )
    listed = list(criteria)
    weighted = [Weighted(each.code, each.weight, each.scale_min, each.scale_max) for each in listed]
    tie_order = [each.code for each in sorted(listed, key=lambda each: each.tie_position)]
    reviews = _sent_reviews(session, call)
    candidates = {each.code: each for each in _candidates(session, call)}
    totals = {
        code: application_total(reviews[each.application_id], weighted) for code, each in candidates.items()
    }
    places = rank(
        [Line(code, total.total, total.means) for code, total in totals.items()],
        tie_order=tie_order,
        seed=call.draw_seed or "",
        call=call.slug,
    )
    return [_line(call, candidates[place.code], place, totals[place.code]) for place in places]


def _candidates(session: Session, call: Call) -> Iterable[_Candidate]:
    rows = session.exec(
        select(Application.id, Application.code, Packet.title)
        .join(Sending, IS_COUNTED_SENDING)
        .join(Packet, col(Packet.sending_id) == Sending.id)
        .where(col(Application.call_id) == call.id, col(Application.status) == Status.IN_REVIEW)
    )
    return (_Candidate(key, code, title) for key, code, title in rows if key is not None)


def _sent_reviews(session: Session, call: Call) -> Mapping[int, list[Scored]]:
    """Application -> what was sent for it, but for reviews voided by a tie or taken from their reviewer."""
    rows = session.execute(
        select_columns(
            col(Assignment.application_id),
            col(Organisation.code),
            col(Assignment.id),
            col(Criterion.code),
            col(ReviewScore.score),
        )
        .join(Review, col(Review.assignment_id) == Assignment.id)
        .join(Organisation, col(Organisation.id) == Assignment.organisation_id)
        .join(ReviewScore, col(ReviewScore.assignment_id) == Assignment.id)
        .join(Criterion, col(Criterion.id) == ReviewScore.criterion_id)
        .where(
            col(Assignment.call_id) == call.id,
            col(Assignment.withdrawn_at).is_(None),
            func.coalesce(Assignment.tie, Tie.NONE.value) != Tie.TIE.value,
            col(Review.state) == ReviewState.SENT,
        )
    )
    sheets: dict[int, tuple[int, str, dict[str, int]]] = {}
    for application_id, organisation, assignment_id, criterion, score in rows:
        if assignment_id is None:
            continue
        _, _, scores = sheets.setdefault(assignment_id, (application_id, organisation, {}))
        if score is not None:
            scores[criterion] = score
    reviews: dict[int, list[Scored]] = defaultdict(list)
    for application_id, organisation, scores in sheets.values():
        reviews[application_id].append(Scored(organisation, scores))
    return reviews


def _line(call: Call, candidate: _Candidate, place: Place, total: ApplicationTotal) -> dict[str, object]:
    return {
        "application_id": candidate.application_id,
        "call_id": call.id,
        "place": place.place,
        "label": place.label,
        "total": str(total.total) if total.total is not None else None,
        "shown": {
            "code": candidate.code,
            "title": candidate.title,
            "decided_by": place.decided_by,
            "total": tenths(total.total),
            "spread": tenths(total.spread),
            "reviews": total.reviews,
            "means": {code: tenths(mean) for code, mean in total.means.items()},
            "exact": {code: str(mean) for code, mean in total.means.items()},
            "organisations": {
                organisation: {code: tenths(mean) for code, mean in means.items()}
                for organisation, means in total.organisations.items()
            },
        },
    }


def tenths(value: Fraction | None) -> str:
    """One decimal for people to read, halves away from zero; nothing for what does not exist."""
    if value is None:
        return ""
    scaled = value * 10
    rounded = (abs(scaled) + Fraction(1, 2)).__floor__()
    sign = "-" if value < 0 and rounded else ""
    return f"{sign}{rounded // 10}.{rounded % 10}"


class RankingRow(BaseModel):
    """One line of the board. Numbers are rounded to tenths for reading; "" where there is none."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    place: int
    label: str
    code: str
    title: str
    means: dict[str, str]
    total: str
    spread: str
    reviews: int
    coverage: int
    decided_by: str


class RankingBoard(BaseModel):
    """A part of the order. `criteria` are codes in their order; `organisations` counts the partners."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    rows: list[RankingRow]
    count: int
    scored: int
    criteria: list[str]
    organisations: int
    seed: str
    decided: bool


def ranking(
    session: Session, coordinator: Coordinator, *, limit: int = 1000, offset: int = 0
) -> RankingBoard:
    """The stored order, as it was computed when reviewing closed; ReviewingNotClosed before that."""
    call = session.exec(
        select(Call.reviewing_closed_at, Call.draw_seed, Call.decided_at).where(
            col(Call.id) == coordinator.call_id
        )
    ).one()
    closed_at, seed, decided_at = call
    if closed_at is None:
        raise ReviewingNotClosed
    counts = session.exec(
        select(func.count(), func.count(col(RankingEntry.total))).where(
            col(RankingEntry.call_id) == coordinator.call_id
        )
    ).one()
    criteria = session.exec(
        select(Criterion.code)
        .where(col(Criterion.call_id) == coordinator.call_id)
        .order_by(col(Criterion.position))
    ).all()
    organisations = session.exec(
        select(func.count()).where(CallOrganisation.call_id == coordinator.call_id)
    ).one()
    rows = session.exec(
        select(RankingEntry.place, RankingEntry.label, RankingEntry.shown)
        .where(col(RankingEntry.call_id) == coordinator.call_id)
        .order_by(col(RankingEntry.place))
        .limit(limit)
        .offset(offset)
    )
    return RankingBoard(
        rows=[_row(place, label, shown) for place, label, shown in rows],
        count=counts[0],
        scored=counts[1],
        criteria=list(criteria),
        organisations=organisations,
        seed=seed or "",
        decided=decided_at is not None,
    )


def _row(place: int, label: str, shown: Mapping[str, Any]) -> RankingRow:
    # The stored line was written by `_line`; nothing is validated again for each of hundreds of rows.
    return RankingRow.model_construct(
        place=place,
        label=label,
        code=shown["code"],
        title=shown["title"],
        means=shown["means"],
        total=shown["total"],
        spread=shown["spread"],
        reviews=shown["reviews"],
        coverage=len(shown["organisations"]),
        decided_by=shown["decided_by"],
    )
