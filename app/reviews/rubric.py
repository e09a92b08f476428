"""The criteria of a call as reviewers meet them, loaded once per process for each version of the call."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from sqlalchemy import Pool
from sqlmodel import Session, col, select

from app.models.calls import Criterion
from app.models.columns import Texts
from app.models.keys import key_of
from app.scoring.totals import Weighted

_Version = tuple[int, int, str | None]
KEPT = 64


@dataclass(frozen=True, slots=True)
class RubricCriterion:
    """One criterion; `key` is its database key, `anchors` its scale from the lowest score up."""

    key: int
    code: str
    title: Texts
    asks: Texts
    weight: int
    scale_min: int
    scale_max: int
    tie_position: int
    anchors: Mapping[int, Texts]
    sections: tuple[str, ...]

    def needs_reason(self, score: int | None) -> bool:
        """The two lowest scores and the highest say why, and so does who cannot judge (None)."""
        return score is None or score <= self.scale_min + 1 or score == self.scale_max


@dataclass(frozen=True, slots=True)
class Rubric:
    """All criteria in their published order."""

    criteria: tuple[RubricCriterion, ...]

    def __iter__(self) -> Iterator[RubricCriterion]:
        return iter(self.criteria)

    @property
    def weighted(self) -> list[Weighted]:
        """The criteria as the arithmetic takes them."""
        return [Weighted(each.code, each.weight, each.scale_min, each.scale_max) for each in self.criteria]

    def get(self, code: str) -> RubricCriterion | None:
        """The criterion with this code."""
        return next((criterion for criterion in self.criteria if criterion.code == code), None)


# Keyed by the pool, which is one per database and process: a rubric of one database is not another's.
kept: WeakKeyDictionary[Pool, dict[_Version, Rubric]] = WeakKeyDictionary()


def rubric_of(session: Session, call_id: int, version: int, frozen_hash: str | None) -> Rubric:
    """The rubric of a call at this version of it."""
    rubrics = kept.setdefault(session.get_bind().engine.pool, {})
    key = (call_id, version, frozen_hash)
    if key not in rubrics:
        if len(rubrics) >= KEPT:
            rubrics.clear()
        rubrics[key] = _load(session, call_id)
    return rubrics[key]


def _load(session: Session, call_id: int) -> Rubric:
    rows = session.exec(
        select(Criterion).where(Criterion.call_id == call_id).order_by(col(Criterion.position))
    )
    return Rubric(
        tuple(
            RubricCriterion(
                key=key_of(row.id),
                code=row.code,
                title=row.title,
                asks=row.asks,
                weight=row.weight,
                scale_min=row.scale_min,
                scale_max=row.scale_max,
                tie_position=row.tie_position,
                anchors={
                    score: row.anchors.get(str(score), {})
                    for score in range(row.scale_min, row.scale_max + 1)
                },
                sections=tuple(row.sections),
            )
            for row in rows
        )
    )
