"""What the reviewers wrote of one application, for its coordinator: once reviewing has closed, never before.

By the spoken code and without an identity: who applied is read elsewhere, where each reading is logged.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import bindparam, select
from sqlmodel import Session, col

from app.accounts.actors import Coordinator
from app.accounts.panel_names import PanelName, panel_names
from app.decisions.counted import IS_COUNTED_REVIEW
from app.decisions.decimals import tenths
from app.decisions.ranking import RankingRow, told_figures
from app.decisions.refusals import ReviewingNotClosed
from app.decisions.seen import seen_places, shown_at
from app.errors import NotFound
from app.models.applications import Application, Status
from app.models.calls import Call
from app.models.decisions import MissingReview, RankingEntry
from app.models.panel import Organisation, PanelMember
from app.models.reviews import Assignment, Confidence, Review, ReviewScore, ReviewVersion, Tie
from app.reviews.rubric import Rubric, rubric_of
from app.scoring.totals import review_total


class FullScore(BaseModel):
    """One criterion of one review: a score or a declared "cannot judge", and why."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    score: int | None
    cannot_judge: bool
    reason: str


class FullChange(BaseModel):
    """Why a review became another one after it was sent."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    at: datetime
    reason: str


class FullReview(BaseModel):
    """One review that counts, with who wrote it and the note for the coordinator alone.

    `total` is weighted as published, from 0 to 100, one decimal and a point; "" where a criterion could not
    be judged. `versions` is how many times it was sent: each of them is kept, and `changes` says why there
    is more than one.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    organisation: str
    reviewer: str
    name: str
    email: str
    tie: Tie | None
    scores: dict[str, FullScore]
    total: str
    convinced: str
    stronger: str
    panel_note: str
    private_note: str
    confidence: Confidence | None
    sent_at: datetime | None
    versions: int
    changes: list[FullChange]


class FullHole(BaseModel):
    """An organisation that was to score the application and did not; `reason` once that was excused."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    organisation: str
    reason: str


class FullReviews(BaseModel):
    """All that was written of one application, with its line of the ranking.

    `ref` is its applicants' name for it, by which a coordinator finds its text. `holes` are missing reviews.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    ref: str
    language: str
    line: RankingRow
    criteria: list[str]
    reviews: list[FullReview]
    holes: list[FullHole]


_APPLICATION = (
    select(
        col(Application.id).label("key"),
        col(Application.ref),
        col(Application.language),
        col(Application.status),
        col(Call.reviewing_closed_at),
        col(Call.version),
        col(Call.frozen_hash),
        col(RankingEntry.place),
        col(RankingEntry.label),
        col(RankingEntry.shown),
        col(RankingEntry.figures),
    )
    .join_from(Application, Call, col(Call.id) == col(Application.call_id))
    .outerjoin(RankingEntry, col(RankingEntry.application_id) == col(Application.id))
    .where(col(Application.call_id) == bindparam("call_id"), col(Application.code) == bindparam("code"))
)
_REVIEWS: Any = (
    select(
        col(Assignment.id).label("key"),
        col(Assignment.tie),
        col(Organisation.code).label("organisation"),
        col(PanelMember.code).label("reviewer"),
        col(Review.convinced),
        col(Review.stronger),
        col(Review.panel_note),
        col(Review.private_note),
        col(Review.confidence),
        col(Review.sent_at),
    )
    .join_from(Assignment, Review, col(Review.assignment_id) == col(Assignment.id))
    .join(Organisation, col(Organisation.id) == col(Assignment.organisation_id))
    .join(PanelMember, col(PanelMember.id) == col(Assignment.member_id))
    .where(col(Assignment.application_id) == bindparam("application"), *IS_COUNTED_REVIEW)
    .order_by(col(Organisation.code), col(Review.sent_at), col(Assignment.id))
)
_CELLS = (
    select(
        col(ReviewScore.assignment_id),
        col(ReviewScore.criterion_id),
        col(ReviewScore.score),
        col(ReviewScore.cannot_judge),
        col(ReviewScore.reason),
    )
    .join(Assignment, col(Assignment.id) == col(ReviewScore.assignment_id))
    .join(Review, col(Review.assignment_id) == col(Assignment.id))
    .where(col(Assignment.application_id) == bindparam("application"), *IS_COUNTED_REVIEW)
)
_VERSIONS = (
    select(col(ReviewVersion.assignment_id), col(ReviewVersion.at), col(ReviewVersion.reason))
    .join(Assignment, col(Assignment.id) == col(ReviewVersion.assignment_id))
    .where(col(Assignment.application_id) == bindparam("application"))
    .order_by(col(ReviewVersion.version))
)
_HOLES = (
    select(col(Organisation.code), col(MissingReview.reason))
    .join_from(MissingReview, Organisation, col(Organisation.id) == col(MissingReview.organisation_id))
    .where(col(MissingReview.application_id) == bindparam("application"))
    .order_by(col(Organisation.code))
)


def full_reviews(session: Session, coordinator: Coordinator, code: str) -> FullReviews:
    """Every review of one application that counts, by organisation, and what is missing. Seven queries.

    NotFound for what has no place in the order; ReviewingNotClosed before there is one. What was never sent
    stays its reviewer's own.
    """
    found = session.execute(_APPLICATION, {"call_id": coordinator.call_id, "code": code}).one_or_none()
    if found is None:
        raise NotFound
    if found.reviewing_closed_at is None:
        raise ReviewingNotClosed
    if found.place is None:
        raise NotFound
    seen = seen_places(session, coordinator.call_id)
    place = found if seen is None else seen[found.key]
    shown = found.shown if seen is None else shown_at(seen[found.key], found.shown)
    rubric = rubric_of(session, coordinator.call_id, found.version, found.frozen_hash)
    given = {"application": found.key}
    names = panel_names(session, coordinator)
    cells: dict[int, dict[int, FullScore]] = defaultdict(dict)
    for review, criterion, score, cannot_judge, reason in session.execute(_CELLS, given):
        cells[review][criterion] = FullScore(score=score, cannot_judge=cannot_judge, reason=reason)
    sent: dict[int, list[FullChange]] = defaultdict(list)
    for review, at, reason in session.execute(_VERSIONS, given):
        sent[review].append(FullChange(at=at, reason=reason))
    return FullReviews(
        ref=found.ref,
        language=found.language,
        line=RankingRow.model_validate(
            {
                "place": place.place,
                "label": place.label,
                "withdrawn": found.status is Status.WITHDRAWN,
                **shown,
                "figures": told_figures(found.figures) if seen is None else None,
            }
        ),
        criteria=[criterion.code for criterion in rubric],
        reviews=[
            _review(row, rubric, cells[row.key], names[row.reviewer], sent[row.key])
            for row in session.execute(_REVIEWS, given)
        ],
        holes=[
            FullHole(organisation=organisation, reason=reason)
            for organisation, reason in session.execute(_HOLES, given)
        ],
    )


def _review(
    row: Any, rubric: Rubric, cells: Mapping[int, FullScore], who: PanelName, sent: Sequence[FullChange]
) -> FullReview:
    scores = {criterion.code: cells[criterion.key] for criterion in rubric if criterion.key in cells}
    return FullReview(
        organisation=row.organisation,
        reviewer=row.reviewer,
        name=who.name,
        email=who.email,
        tie=row.tie,
        scores=scores,
        total=tenths(_total(rubric, scores)),
        convinced=row.convinced,
        stronger=row.stronger,
        panel_note=row.panel_note,
        private_note=row.private_note,
        confidence=row.confidence,
        sent_at=row.sent_at,
        versions=len(sent),
        changes=[each for each in sent if each.reason],
    )


def _total(rubric: Rubric, scores: Mapping[str, FullScore]) -> Fraction | None:
    given = {code: cell.score for code, cell in scores.items() if cell.score is not None}
    return review_total(given, rubric.weighted)
