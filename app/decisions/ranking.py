"""Reading the order that was stored when reviewing closed."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, TypeAdapter
from sqlalchemy import Select, and_, func
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from app.accounts.actors import Coordinator
from app.decisions.held import call_of
from app.decisions.refusals import ReviewingNotClosed
from app.decisions.resting import AWARDED, INVITED
from app.decisions.seen import seen_places, shown_at
from app.models.applications import Application, Status
from app.models.calls import Call, Criterion
from app.models.decisions import RankingEntry
from app.models.panel import CallOrganisation
from app.scoring.methods import Method
from app.wall import is_walled


class MethodPlace(BaseModel):
    """Where one method has an application; `label` and `total` are "" where it has no total."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    place: int
    label: str
    total: str


class FirmPlace(BaseModel):
    """How firm a place is, by the calibrated model.

    `score` from 0 to 100 with its standard `deviation`; `given` is the mean of its complete reviews, and
    `kindness` how many points more than others those give who gave them (both None in an order of before they
    were kept): what is left between `given - kindness` and `score` is drawn to the middle. `expected_rank`
    from 1; `inner` and `outer` the first and last place of the 50 and of the 90 % interval; `chances` to be
    truly among the first K, by K; `means` the calibrated ones by criterion, each on its own scale. `margin`:
    how far its quality is above the line, in points, below it where negative: eight times out of ten between
    the first and the last, the middle between them; None where it is not known.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    score: float
    deviation: float
    given: float | None
    kindness: float | None
    expected_rank: float
    inner: tuple[int, int]
    outer: tuple[int, int]
    chances: dict[str, float]
    margin: tuple[float, float, float] | None
    means: dict[str, str]


class RowFigures(BaseModel):
    """Every method's place, how many reviews scored all criteria and each, and how firm the place is.

    `firm` is None where an application could not be calibrated, `own_order` (its place where each reviewer's
    order alone is read, equal ones sharing it) where there is no such order, or nobody compared it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    by: dict[Method, MethodPlace]
    complete: int
    judged: dict[str, int]
    own_order: int | None = None
    firm: FirmPlace | None


class RankingRow(BaseModel):
    """One line of the board. Numbers are rounded to tenths for reading; "" where there is none.

    `place` runs from 1 without a gap; `label` repeats for equal totals and is "" without one. `decided_by` is
    what put it before the next one: "total", a criterion's code, "draw", or "lottery". `coverage` counts the
    organisations that took part, `notes` what reviewers wrote to the coordinator alone; `withdrawn` is who
    left the call afterwards. `figures` is None where a part of the order is kept from the reader, and for an
    order of before figures were kept.
    """

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
    notes: int = 0
    withdrawn: bool
    figures: RowFigures | None = None


class RankingBoard(BaseModel):
    """A part of the order. `criteria` are codes in their order.

    `organisations` is how many of them were to score each application; `version` is the call's.
    `can_reopen` while no award, no finalist and no act of the call rests on the order.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    rows: list[RankingRow]
    count: int
    scored: int
    criteria: list[str]
    organisations: int
    seed: str
    decided: bool
    can_reopen: bool
    version: int


_ROWS = TypeAdapter(list[RankingRow])


def ranking(
    session: Session, coordinator: Coordinator, *, limit: int = 1000, offset: int = 0
) -> RankingBoard:
    """The stored order, as it was computed when reviewing closed; ReviewingNotClosed before that."""
    every = select(func.count()).where(CallOrganisation.call_id == coordinator.call_id).scalar_subquery()
    closed_at, seed, decided_at, at_rest, version, wanted = session.execute(
        select_columns(
            col(Call.reviewing_closed_at),
            col(Call.draw_seed),
            col(Call.decided_at),
            and_(col(Call.decided_at).is_(None), col(Call.cancelled_at).is_(None), ~AWARDED, ~INVITED),
            col(Call.version),
            func.coalesce(col(Call.reviews_per_application), every),
        ).where(col(Call.id) == coordinator.call_id)
    ).one()
    if closed_at is None:
        raise ReviewingNotClosed
    lines = lines_of(session, coordinator, col(RankingEntry.figures), limit=limit, offset=offset)
    walled = is_walled(session)
    rows = [
        {
            "place": place,
            "label": label,
            "withdrawn": withdrawn,
            **shown,
            "figures": None if walled else told_figures(figures),
        }
        for place, label, shown, withdrawn, figures in lines
    ]
    return RankingBoard(
        rows=_ROWS.validate_python(rows),
        count=last_place(session, coordinator, with_total=False),
        scored=last_place(session, coordinator, with_total=True),
        criteria=criterion_codes(session, coordinator),
        organisations=wanted,
        seed=seed or "",
        decided=decided_at is not None,
        can_reopen=bool(at_rest),
        version=version,
    )


def told_figures(stored: Mapping[str, Any]) -> dict[str, Any] | None:
    """The figures of a row as they are told; None for a row of before they were kept."""
    if "judged" not in stored:
        return None
    firm = stored.get("firm")
    return {
        "by": {
            method: {"place": place, "label": label, "total": total}
            for method, (place, label, total) in stored["by"].items()
        },
        "complete": stored["complete"],
        "judged": stored["judged"],
        "own_order": stored.get("own"),
        "firm": firm
        and {
            "score": firm["score"],
            "deviation": firm["deviation"],
            "given": firm.get("given"),
            "kindness": firm.get("kind"),
            "expected_rank": firm["rank"],
            "inner": firm["inner"],
            "outer": firm["outer"],
            "chances": firm["chance"],
            "margin": firm.get("margin"),
            "means": firm["means"],
        },
    }


def reading_ranking(session: Session, coordinator: Coordinator) -> None:
    """Refuse where there is no stored order, as reading it would."""
    if call_of(session, coordinator).reviewing_closed_at is None:
        raise ReviewingNotClosed


def lines_of(
    session: Session, coordinator: Coordinator, *columns: Any, limit: int | None = None, offset: int = 0
) -> list[tuple[Any, ...]]:
    """Place, label, what is shown, whether it has withdrawn, and `columns`: a part of the order, or all."""
    statement = _stored_lines(coordinator).add_columns(*columns)
    seen = seen_places(session, coordinator.call_id)
    if seen is None:
        # Places run from 1 without a gap: the index finds the first, where OFFSET reads all before it.
        wanted = statement.where(col(RankingEntry.place) > offset).limit(limit)
        return [tuple(row)[1:] for row in session.execute(wanted)]
    rows = session.execute(statement.limit(limit).offset(offset))
    return [
        (place.place, place.label, shown_at(place, shown), withdrawn, *more)
        for application, _, _, shown, withdrawn, *more in rows
        for place in [seen[application]]
    ]


def _stored_lines(coordinator: Coordinator) -> Select[Any]:
    return (
        select_columns(
            col(RankingEntry.application_id),
            col(RankingEntry.place),
            col(RankingEntry.label),
            col(RankingEntry.shown),
            (col(Application.status) == Status.WITHDRAWN).label("withdrawn"),
        )
        .join(Application, col(Application.id) == col(RankingEntry.application_id))
        .where(col(RankingEntry.call_id) == coordinator.call_id)
        .order_by(col(RankingEntry.place))
    )


def criterion_codes(session: Session, coordinator: Coordinator) -> list[str]:
    """The criteria of the call in their order."""
    return list(
        session.exec(
            select(Criterion.code)
            .where(Criterion.call_id == coordinator.call_id)
            .order_by(col(Criterion.position))
        )
    )


def last_place(session: Session, coordinator: Coordinator, *, with_total: bool) -> int:
    """How many lines there are: places run from 1 without a gap, and lines without a total come last.

    The index finds the last one; counting would read every line.
    """
    statement = (
        select(RankingEntry.place)
        .where(RankingEntry.call_id == coordinator.call_id)
        .order_by(col(RankingEntry.place).desc())
        .limit(1)
    )
    if with_total:
        statement = statement.where(col(RankingEntry.total).is_not(None))
    if is_walled(session):
        return session.exec(select(func.count()).select_from(statement.limit(None).subquery())).one()
    return session.exec(statement).first() or 0
