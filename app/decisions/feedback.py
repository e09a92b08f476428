"""What the reviewers leave to an applicant: means and words, and nothing by which a reviewer is known.

Every statement here asks for a published call itself, whoever runs it.
"""

from collections import defaultdict
from collections.abc import Iterable
from fractions import Fraction
from hashlib import sha256
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import bindparam, exists, func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from app.decisions.closing import tenths
from app.decisions.counted import IS_COUNTED_REVIEW
from app.models.applications import Application, Status
from app.models.calls import Call, Criterion
from app.models.columns import Texts
from app.models.decisions import Departure, PublishedResult, RankingEntry
from app.models.panel import CallOrganisation
from app.models.reviews import Assignment, Review, ReviewScore


class OwnReason(BaseModel):
    """Why one reviewer scored as they did, or could not judge. Neither who nor which score."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    text: str
    cannot_judge: bool


class OwnScore(BaseModel):
    """One criterion. Numbers have one decimal and a point; "" where there is none, which is not zero.

    `mean` is that of the organisations' means; `winners` is the mean of the winners' means, "" in a call
    that does not publish its winners' scores.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    code: str
    title: Texts
    minimum: int
    maximum: int
    mean: str
    winners: str
    reasons: list[OwnReason]


class OwnFeedback(BaseModel):
    """All that the reviewers say to an applicant. Totals from 0 to 100, "" where there is none.

    The words of each list stand in an order that follows from the words alone. `organisations` were to
    score it and `organisations_scored` did: one whose reviewers all abstained did not. `tie_decided` is
    whether the rule for equal totals put a winner before it: False in a call that does not publish its
    winners' scores, and where a departure from the order, with a reason of its own, stands between them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    scores: list[OwnScore]
    total: str
    winners_total: str
    organisations: int
    organisations_scored: int
    tie_decided: bool
    convinced: list[str]
    stronger: list[str]


PUBLISHED = col(Call.published_at).is_not(None)
_OWN = col(Application.id) == bindparam("application")

_CRITERIA: Any = (
    select(
        col(Criterion.code),
        col(Criterion.title),
        col(Criterion.scale_min),
        col(Criterion.scale_max),
    )
    .join_from(Application, Call, col(Call.id) == Application.call_id)
    .join(Criterion, col(Criterion.call_id) == Call.id)
    .where(_OWN, PUBLISHED)
    .order_by(col(Criterion.position))
)
_WINNER = aliased(RankingEntry)
_TIE_DECIDED = (
    exists()
    .where(
        col(PublishedResult.call_id) == col(Call.id),
        col(PublishedResult.application_id) == col(_WINNER.application_id),
        col(_WINNER.total) == col(RankingEntry.total),
        col(_WINNER.place) < col(RankingEntry.place),
        col(Call.scores_published),
        col(Application.status) == Status.NOT_SELECTED,
        ~exists().where(
            col(Departure.application_id).in_((col(_WINNER.application_id), col(RankingEntry.application_id)))
        ),
    )
    .correlate(Application, Call, RankingEntry)
)
_WANTED = func.coalesce(
    col(Call.reviews_per_application),
    select(func.count())
    .where(col(CallOrganisation.call_id) == col(Call.id))
    .correlate(Call)
    .scalar_subquery(),
)
_SHOWN: Any = (
    select(
        col(RankingEntry.shown),
        col(RankingEntry.sheet),
        _WANTED.label("organisations"),
        _TIE_DECIDED.label("tie_decided"),
    )
    .join_from(Application, Call, col(Call.id) == Application.call_id)
    .join(RankingEntry, col(RankingEntry.application_id) == Application.id)
    .where(_OWN, PUBLISHED)
)
_WINNERS: Any = (
    select(col(RankingEntry.total), col(RankingEntry.sheet))
    .join_from(Application, Call, col(Call.id) == Application.call_id)
    .join(PublishedResult, col(PublishedResult.call_id) == Call.id)
    .join(RankingEntry, col(RankingEntry.application_id) == PublishedResult.application_id)
    .where(_OWN, PUBLISHED, col(Call.scores_published))
)


def _reviews(*columns: Any) -> Any:
    return (
        select(*columns)
        .join_from(Application, Call, col(Call.id) == Application.call_id)
        .join(Assignment, col(Assignment.application_id) == Application.id)
        .join(Review, col(Review.assignment_id) == Assignment.id)
        .where(_OWN, PUBLISHED, *IS_COUNTED_REVIEW)
    )


_REMARKS = _reviews(col(Review.convinced), col(Review.stronger))
_REASONS = (
    _reviews(col(Criterion.code), col(ReviewScore.reason), col(ReviewScore.cannot_judge))
    .join(ReviewScore, col(ReviewScore.assignment_id) == Assignment.id)
    .join(Criterion, col(Criterion.id) == ReviewScore.criterion_id)
)


def own_feedback(session: Session, application_id: int) -> OwnFeedback:
    """The feedback on one application; empty before publication. Five queries.

    The caller has found that the application is its reader's own.
    """
    given = {"application": application_id}
    reasons: dict[str, list[OwnReason]] = defaultdict(list)
    for code, reason, cannot_judge in session.execute(_REASONS, given):
        if reason.strip():
            reasons[code].append(OwnReason(text=reason, cannot_judge=cannot_judge))
    remarks = session.execute(_REMARKS, given).all()
    line = session.execute(_SHOWN, given).one_or_none()
    shown = line.shown if line else {}
    scored = line.sheet["organisations"].values() if line else ()
    winners = session.execute(_WINNERS, given).all()
    return OwnFeedback(
        scores=[
            OwnScore(
                code=row.code,
                title=row.title,
                minimum=row.scale_min,
                maximum=row.scale_max,
                mean=shown.get("means", {}).get(row.code, ""),
                winners=_mean(sheet["exact"].get(row.code) for _, sheet in winners),
                reasons=_shuffled_reasons(row.code, reasons[row.code]),
            )
            for row in session.execute(_CRITERIA, given)
        ],
        total=shown.get("total", ""),
        winners_total=_mean(total for total, _ in winners),
        organisations=line.organisations if line else 0,
        organisations_scored=sum(bool(means) for means in scored),
        tie_decided=bool(line and line.tie_decided),
        convinced=_shuffled("convinced", (row.convinced for row in remarks)),
        stronger=_shuffled("stronger", (row.stronger for row in remarks)),
    )


def _mean(values: Iterable[str | None]) -> str:
    known = [Fraction(value) for value in values if value is not None]
    return tenths(sum(known, Fraction(0)) / len(known)) if known else ""


def _shuffled_reasons(place: str, reasons: Iterable[OwnReason]) -> list[OwnReason]:
    return sorted(reasons, key=lambda each: (_unsaid(place, each.text), each.cannot_judge))


def _shuffled(place: str, texts: Iterable[str]) -> list[str]:
    return sorted((text for text in texts if text.strip()), key=lambda text: _unsaid(place, text))


def _unsaid(place: str, text: str) -> str:
    """A key to sort by that is made of what is read anyway, so that the order says nothing more.

    An order of reviewers, even a random one, would tell whose words stand third under every criterion.
    """
    return sha256(f"{place}\n{text}".encode()).hexdigest()
