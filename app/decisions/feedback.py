"""What the reviewers leave to an applicant: means and words, and nothing by which a reviewer is known.

Every statement here asks for a published call itself, whoever runs it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from fractions import Fraction
from hashlib import sha256
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import JSON, bindparam, case, exists, func, select, type_coerce
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from app.decisions.counted import IS_COUNTED_REVIEW
from app.decisions.decimals import tenths
from app.models.applications import Application, Status
from app.models.calls import AwardRound, Call, Criterion
from app.models.columns import Texts
from app.models.decisions import Departure, FeedbackLine, PublishedResult, RankingEntry, RankingRun
from app.models.jury import PitchEntry
from app.models.panel import CallOrganisation
from app.models.reviews import Assignment, Review, ReviewScore


class Band(StrEnum):
    """In which part of the order an application stands: said in place of a rank. `FIRST_HALF` of few only."""

    FIRST_QUARTER = "first_quarter"
    SECOND_QUARTER = "second_quarter"
    THIRD_QUARTER = "third_quarter"
    LAST_QUARTER = "last_quarter"
    FIRST_HALF = "first_half"
    SECOND_HALF = "second_half"


LEAST_GROUP = 5
"""Of fewer winners the mean would tell single scores to whoever knows some of them and subtracts; and a part
of the order with fewer applications would nearly be a rank."""


class OwnReason(BaseModel):
    """Why one reviewer scored as they did, or could not judge. Neither who nor which score."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    text: str
    cannot_judge: bool


class OwnScore(BaseModel):
    """One criterion. Numbers have one decimal and a point; "" where there is none, which is not zero.

    `mean` is that of the organisations' means; `winners` is the mean of the winners' means: of the winners as
    decided, and where the call keeps their scores to itself only of a group of five or more, else "".
    `worded`: the programme worded what the reviewers said, and `reasons` is that.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    code: str
    title: Texts
    minimum: int
    maximum: int
    mean: str
    winners: str
    reasons: list[OwnReason]
    worded: bool


class OwnPitchScore(BaseModel):
    """What decided of who pitched: `total` of 100, of `written` and `pitch`, which counts `weight` percent.

    Each "" where there is none. Beside them the means of those who won in the same round, as decided.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    weight: int
    written: str
    pitch: str
    total: str
    winners_written: str
    winners_pitch: str
    winners_total: str


class OwnFeedback(BaseModel):
    """All that the reviewers say to an applicant. Totals from 0 to 100, "" where there is none.

    `total` and `winners_total` are written ones; `pitched` says of who pitched what decided instead.

    The words of each list stand in an order that follows from the words alone. `organisations` were to
    score it and `organisations_scored` did: one whose reviewers all abstained did not. `tie_decided` is
    whether the rule for equal totals put a winner before it: False in a call that does not publish its
    winners' scores, and where a departure from the order, with a reason of its own, stands between them.
    `drew_lots` is whether the application was among those between which lots at the line decided.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    scores: list[OwnScore]
    total: str
    winners_total: str
    pitched: OwnPitchScore | None
    organisations: int
    organisations_scored: int
    tie_decided: bool
    drew_lots: bool
    band: Band | None
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
_PITCHED_WINNER = aliased(PitchEntry)
_PITCH_TIE_DECIDED = (
    exists()
    .where(
        col(PublishedResult.round_id) == col(PitchEntry.round_id),
        col(PublishedResult.application_id) == col(_PITCHED_WINNER.application_id),
        col(_PITCHED_WINNER.round_id) == col(PitchEntry.round_id),
        col(_PITCHED_WINNER.total) == col(PitchEntry.total),
        col(_PITCHED_WINNER.place) < col(PitchEntry.place),
        col(Call.scores_published),
        col(Application.status) == Status.NOT_SELECTED,
        ~exists().where(
            col(Departure.application_id).in_(
                (col(_PITCHED_WINNER.application_id), col(PitchEntry.application_id))
            )
        ),
    )
    .correlate(Application, Call, PitchEntry)
)
_OTHER = aliased(RankingEntry)
_BEFORE = case(
    (col(RankingEntry.total).is_(None), None),
    else_=select(func.count())
    .where(col(_OTHER.call_id) == col(Call.id), col(_OTHER.place) < col(RankingEntry.place))
    .correlate(Call, RankingEntry)
    .scalar_subquery(),
)
_RANKED = (
    select(func.count())
    .where(col(_OTHER.call_id) == col(Call.id), col(_OTHER.total).is_not(None))
    .correlate(Call)
    .scalar_subquery()
)
_WANTED = func.coalesce(
    col(Call.reviews_per_application),
    select(func.count())
    .where(col(CallOrganisation.call_id) == col(Call.id))
    .correlate(Call)
    .scalar_subquery(),
)
_LAST_RUN = (
    select(col(RankingRun.summary)["board"]["lottery"]["drawing"])
    .where(col(RankingRun.call_id) == col(Call.id), col(Call.lottery))
    .order_by(col(RankingRun.number).desc())
    .limit(1)
    .correlate(Call)
    .scalar_subquery()
)
_SHOWN: Any = (
    select(
        col(Application.code),
        type_coerce(_LAST_RUN, JSON).label("drawing"),
        col(RankingEntry.shown),
        col(RankingEntry.sheet),
        _WANTED.label("organisations"),
        _TIE_DECIDED.label("tie_decided"),
        _BEFORE.label("before"),
        _RANKED.label("ranked"),
        col(PitchEntry.shown).label("pitched"),
        col(PitchEntry.round_id),
        col(AwardRound.pitch_weight),
        _PITCH_TIE_DECIDED.label("pitch_tie_decided"),
    )
    .join_from(Application, Call, col(Call.id) == Application.call_id)
    .join(RankingEntry, col(RankingEntry.application_id) == Application.id)
    .outerjoin(PitchEntry, col(PitchEntry.application_id) == Application.id)
    .outerjoin(AwardRound, col(AwardRound.id) == PitchEntry.round_id)
    .where(_OWN, PUBLISHED)
)
_WINNERS: Any = (
    select(
        col(RankingEntry.total),
        col(RankingEntry.sheet),
        col(Call.scores_published),
        col(PitchEntry.round_id),
        col(PitchEntry.exact_total).label("pitched_total"),
        col(PitchEntry.shown).label("pitched"),
    )
    .join_from(Application, Call, col(Call.id) == Application.call_id)
    .join(PublishedResult, col(PublishedResult.call_id) == Call.id)
    .join(RankingEntry, col(RankingEntry.application_id) == PublishedResult.application_id)
    .outerjoin(
        PitchEntry,
        (col(PitchEntry.application_id) == col(PublishedResult.application_id))
        & (col(PitchEntry.round_id) == col(PublishedResult.round_id)),
    )
    .where(_OWN, PUBLISHED, col(PublishedResult.promoted).is_(False))
)
"""As they were decided: whoever comes up later would else be told by the difference of two means."""
_LINES: Any = (
    select(col(Criterion.code), col(FeedbackLine.text))
    .join_from(Application, Call, col(Call.id) == Application.call_id)
    .join(FeedbackLine, col(FeedbackLine.application_id) == Application.id)
    .join(Criterion, col(Criterion.id) == FeedbackLine.criterion_id)
    .where(_OWN, PUBLISHED)
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
    """The feedback on one application; empty before publication. Six queries.

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
    worded: dict[str, str] = {row.code: row.text for row in session.execute(_LINES, given)}
    least = 1 if all(each.scores_published for each in winners) else LEAST_GROUP
    return OwnFeedback(
        scores=[
            OwnScore(
                code=row.code,
                title=row.title,
                minimum=row.scale_min,
                maximum=row.scale_max,
                mean=shown.get("means", {}).get(row.code, ""),
                winners=mean_of((each.sheet["exact"].get(row.code) for each in winners), least),
                reasons=[OwnReason(text=worded[row.code], cannot_judge=False)]
                if row.code in worded
                else shuffled_reasons(row.code, reasons[row.code]),
                worded=row.code in worded,
            )
            for row in session.execute(_CRITERIA, given)
        ],
        total=shown.get("total", ""),
        winners_total=mean_of((total_of(each.total, each.sheet) for each in winners), least),
        pitched=_pitched(line, winners, least) if line else None,
        organisations=line.organisations if line else 0,
        organisations_scored=sum(bool(means) for means in scored),
        # Of who pitched the order of the pitches decided; equal written totals put nobody before them.
        tie_decided=bool(line and (line.pitch_tie_decided if line.pitched else line.tie_decided)),
        drew_lots=bool(line and line.code in (line.drawing or ())),
        band=band_of(line.before, line.ranked) if line else None,
        convinced=_shuffled("convinced", (row.convinced for row in remarks)),
        stronger=_shuffled("stronger", (row.stronger for row in remarks)),
    )


def _pitched(line: Any, winners: Sequence[Any], least: int) -> OwnPitchScore | None:
    if line.pitched is None:
        return None
    won = [each for each in winners if each.round_id == line.round_id]
    return pitch_score(
        line.pitch_weight, line.pitched, [(each.pitched_total, each.pitched) for each in won], least
    )


def pitch_score(
    weight: int | None,
    shown: Mapping[str, Any],
    winners: Sequence[tuple[str | None, Mapping[str, Any]]],
    least: int,
) -> OwnPitchScore:
    """From an entry of the pitches' order, and of each winner of its round the exact total and the entry."""
    return OwnPitchScore(
        weight=weight or 0,
        written=shown["written"],
        pitch=shown["pitch"],
        total=shown["total"],
        winners_written=mean_of((each["written"] or None for _, each in winners), least),
        winners_pitch=mean_of((each["pitch"] or None for _, each in winners), least),
        winners_total=mean_of((total for total, _ in winners), least),
    )


def total_of(merit: str | None, sheet: Mapping[str, Any]) -> str | None:
    """The exact total, which is what orders by every method but the calibrated one."""
    found: str | None = sheet.get("exact_total", merit)
    return found


def band_of(before: int | None, ranked: int) -> Band | None:
    """The quarter of the order, or its half where quarters would be too small; None where both would be.

    `before` counts those that stand before it; None without a total.
    """
    if before is None or before >= ranked:
        return None
    for parts, bands in ((4, tuple(Band)[:4]), (2, tuple(Band)[4:])):
        if ranked // parts >= LEAST_GROUP:
            return bands[before * parts // ranked]
    return None


def mean_of(values: Iterable[str | None], least: int) -> str:
    """The mean of exact numbers to one decimal; "" where fewer than `least` of them are known."""
    known = [Fraction(value) for value in values if value is not None]
    return tenths(sum(known, Fraction(0)) / len(known)) if known and len(known) >= least else ""


def shuffled_reasons(place: str, reasons: Iterable[OwnReason]) -> list[OwnReason]:
    """In an order that follows from the words alone."""
    return sorted(reasons, key=lambda each: (_unsaid(place, each.text), each.cannot_judge))


def _shuffled(place: str, texts: Iterable[str]) -> list[str]:
    return sorted((text for text in texts if text.strip()), key=lambda text: _unsaid(place, text))


def _unsaid(place: str, text: str) -> str:
    """A key to sort by that is made of what is read anyway, so that the order says nothing more.

    An order of reviewers, even a random one, would tell whose words stand third under every criterion.
    """
    return sha256(f"{place}\n{text}".encode()).hexdigest()
