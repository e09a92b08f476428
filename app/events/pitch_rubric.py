"""What a pitch is scored on: the criteria of the call that its round names, or all of them."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlmodel import Session, col, select

from app.errors import Invalid, Problem
from app.models.calls import AwardRound, Criterion
from app.models.columns import Texts
from app.scoring.totals import Weighted


class PitchCriterion(BaseModel):
    """One criterion as jurors read it; `anchors` by score."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    code: str
    title: Texts
    asks: Texts
    weight: int
    tie_position: int
    minimum: int
    maximum: int
    anchors: Mapping[str, Texts]

    @property
    def points(self) -> list[int]:
        """Every score that can be given."""
        return list(range(self.minimum, self.maximum + 1))

    @property
    def weighted(self) -> Weighted:
        """The same for the arithmetic, which takes any proportions."""
        return Weighted(self.code, self.weight, self.minimum, self.maximum)


def pitch_criteria(session: Session, round_id: int) -> list[PitchCriterion]:
    """The criteria of a round's pitches in their published order."""
    rows = session.exec(
        select(Criterion, AwardRound.pitch_criteria)
        .join(AwardRound, col(AwardRound.call_id) == col(Criterion.call_id))
        .where(col(AwardRound.id) == round_id)
        .order_by(col(Criterion.position))
    ).all()
    return [
        PitchCriterion(
            code=each.code,
            title=each.title,
            asks=each.asks,
            weight=each.weight,
            tie_position=each.tie_position,
            minimum=each.scale_min,
            maximum=each.scale_max,
            anchors=each.anchors,
        )
        for each, named in rows
        if not named or each.code in named
    ]


def whole_scores(
    criteria: Sequence[PitchCriterion], given: Mapping[str, int | None], *, at: str = "scores"
) -> dict[str, int]:
    """The scores of a ballot by criterion; what was left open is left out. Invalid outside a scale."""
    known = {each.code: each for each in criteria}
    problems: dict[str, str | Problem] = {}
    kept: dict[str, int] = {}
    for code, score in given.items():
        if score is None or code not in known:
            continue
        if score not in known[code].points:
            least, most = known[code].minimum, known[code].maximum
            problems[f"{at}.{code}"] = ("jury.out_of_scale", {"least": least, "most": most})
        else:
            kept[code] = score
    if problems:
        raise Invalid(problems)
    return kept


def is_whole(
    criteria: Collection[PitchCriterion], scores: Mapping[str, Any], *, tie: bool, missed: bool
) -> bool:
    """Whether a ballot says something of everything: each score, or why there is none."""
    return tie or missed or all(each.code in scores for each in criteria)
