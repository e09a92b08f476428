"""What the panel meets about: places that are not firm, reviews that differ too much, and what departs.

Grouped by who must leave the room. To somebody with a tie in the call the uncertain zone is not shown: the
chances rest on every review there is, those of that application too.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum
from itertools import combinations
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from app.accounts.actors import Coordinator
from app.decisions.beside_line import NOTHING, Beside, beside_line
from app.decisions.decimals import tenths
from app.decisions.firm import Stand, stand
from app.decisions.held import call_of
from app.decisions.ranking import lines_of
from app.decisions.refusals import NeverRanked, ReviewingNotClosed
from app.decisions.runs import standing_run
from app.decisions.seconding import FullDeparture, departures
from app.errors import NotFound
from app.models.applications import Application, Status
from app.models.calls import AwardRound, Call
from app.models.decisions import RankingEntry
from app.models.meeting import Outcome, PanelCase
from app.models.panel import PanelMember
from app.models.reviews import Assignment
from app.reviews.counted import counted_cells, sheets_of
from app.reviews.known_ties import standing_ties
from app.reviews.rubric import rubric_of
from app.scoring.apart import Gap, pairs_apart
from app.scoring.totals import Scores, Weighted, review_total
from app.wall import is_walled


class Ground(StrEnum):
    """Why a case is on the agenda."""

    UNCERTAIN = "uncertain"
    DIVERGENT = "divergent"
    DEPARTS = "departs"
    ADDED = "added"


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class WidestGap(_Model):
    """How far two reviews of one application are apart at most: points of 100, and steps on one criterion.

    Of what only one of them judged there is nothing.
    """

    points: str
    criterion: str
    steps: int


class FirmPlace(_Model):
    """What the model says: the chance to be among the first `line`, and the places of both intervals."""

    line: int
    chance: float
    inner: tuple[int, int]
    outer: tuple[int, int]


class FullCase(_Model):
    """One case. `away` are codes of members with a tie, who leave the room; `places` are by method.

    `differs`: by the published rule, on the scores as given. That is no ground by itself: see `Agenda`.
    `aside`: its reviews differ, but nobody has said anything of it, and its place is firm.
    `version` is 0 until somebody has written something; `round` is where the outcome departs.
    `departure` is the departure from the order that is on record for it; `firm` and `places` are missing
    where nothing could be calibrated, and for whom the model's figures are kept from.
    """

    application: str
    title: str
    place: int
    label: str
    total: str
    spread: str
    withdrawn: bool
    grounds: list[Ground]
    away: list[str]
    gap: WidestGap | None
    differs: bool
    firm: FirmPlace | None
    places: dict[str, tuple[int, str, str]]
    version: int
    minutes: str
    outcome: Outcome | None
    reason: str
    round: str
    aside: bool
    departure: FullDeparture | None

    @property
    def removable(self) -> bool:
        """Whether it is there because somebody put it there, and nothing is written of it yet."""
        return self.grounds == [Ground.ADDED] and not (self.minutes or self.reason or self.outcome)


class Agenda(_Model):
    """Every case, those together for whom the same people leave the room; `partial` without the zone.

    `points` and `steps` are the published rule by which a third review is asked for: on the scores as given.
    `differing` applications would be here by it. Where `beyond_chance`, those are whose reviews differ by the
    points also with strictness taken out, and by more than chance explains
    (`app.scoring.divergence.apart_beyond_chance`); where nothing is calibrated, or that is kept from the
    reader, the published rule stands in.
    """

    cases: list[FullCase]
    partial: bool
    points: int | None
    steps: int | None
    differing: int
    beyond_chance: bool


def agenda(session: Session, coordinator: Coordinator) -> Agenda:
    """All cases by who leaves the room, those in which everybody may stay first, and then by place.

    Those that change nothing come last.
    """
    call = call_of(session, coordinator)
    if call.reviewing_closed_at is None:
        raise ReviewingNotClosed if call.decided_at is None else NeverRanked
    walled = is_walled(session)
    rows = lines_of(
        session,
        coordinator,
        col(RankingEntry.application_id),
        col(RankingEntry.figures),
        col(RankingEntry.total),
    )
    written = _written(session, coordinator)
    departing = {each.application: each for each in departures(session, coordinator)}
    gaps = _gaps(session, coordinator, call)
    apart, beside = _of_all(session, coordinator)
    away = _away(session, coordinator)
    cases = []
    differing = 0
    for place, label, shown, withdrawn, key, figures, total in rows:
        code = shown["code"]
        firm = None if walled else _firm(figures)
        row, pot = written.get(key, (None, ""))
        differs = key in gaps.apart
        differing += differs and not withdrawn and total is not None
        grounds = [
            ground
            for ground, holds in (
                (Ground.UNCERTAIN, firm is not None and _uncertain(firm, code, beside)),
                (Ground.DIVERGENT, differs if apart is None else code in apart),
                (Ground.DEPARTS, code in departing),
                (Ground.ADDED, row is not None and row.added),
            )
            if holds
        ]
        if not (grounds or row) or ((withdrawn or total is None) and row is None):
            continue
        cases.append(
            FullCase(
                application=code,
                title=shown["title"],
                place=place,
                label=label,
                total=shown["total"],
                spread=shown["spread"],
                withdrawn=withdrawn,
                grounds=grounds,
                away=away.get(code, []),
                gap=gaps.widest(key),
                differs=differs,
                firm=firm,
                places={} if walled else {m: tuple(each) for m, each in figures.get("by", {}).items()},
                version=row.version if row else 0,
                minutes=row.minutes if row else "",
                outcome=row.outcome if row else None,
                reason=row.reason if row else "",
                round=pot,
                aside=firm is not None and row is None and grounds == [Ground.DIVERGENT],
                departure=departing.get(code),
            )
        )
    return Agenda(
        cases=sorted(cases, key=lambda each: (each.aside, len(each.away), each.away, each.place)),
        partial=walled,
        points=call.divergence_points,
        steps=call.divergence_steps,
        differing=differing,
        beyond_chance=apart is not None,
    )


class Undecided(NamedTuple):
    """How many cases of the agenda have no decision, and how many there are."""

    open: int
    total: int


def undecided(session: Session, coordinator: Coordinator, departing: Collection[str]) -> Undecided:
    """The agenda counted without reading a score: as its page counts, where places could be calibrated.

    Else what only differs is left out. `departing` are those with a departure from the order. None at all
    for whom a part of the order is kept from.
    """
    if is_walled(session):
        return Undecided(0, 0)
    found = standing_run(session, coordinator)
    board = found.board if found else {}
    beside = beside_line(session, coordinator, board)
    zone = [] if beside.is_over else [each for each in board.get("zone", ()) if each not in beside.fates]
    rows = session.execute(
        select_columns(col(Application.code), col(PanelCase.outcome))
        .join(PanelCase, col(PanelCase.application_id) == col(Application.id))
        .where(col(PanelCase.call_id) == coordinator.call_id)
    ).all()
    withdrawn = session.exec(
        select(Application.code).where(
            Application.call_id == coordinator.call_id, Application.status == Status.WITHDRAWN
        )
    ).all()
    cases = ({*zone, *departing} - set(withdrawn)) | {code for code, _ in rows}
    done = sum(outcome is not None for _, outcome in rows)
    return Undecided(len(cases) - done, len(cases))


def check_case(session: Session, coordinator: Coordinator, application: str) -> None:
    """NotFound for a code that is none of the call's, before anything is said of its phase."""
    known = select(Application.id).where(
        Application.call_id == coordinator.call_id, Application.code == application
    )
    if session.exec(known).first() is None:
        raise NotFound


def read_case(session: Session, coordinator: Coordinator, application: str) -> FullCase:
    """One case; NotFound for what is not on the agenda, ReviewingNotClosed where there is none yet."""
    check_case(session, coordinator, application)
    return case_of(agenda(session, coordinator), application)


def case_of(found: Agenda, application: str) -> FullCase:
    """One of them; NotFound for what is not on the agenda."""
    for case in found.cases:
        if case.application == application:
            return case
    raise NotFound


def _of_all(session: Session, coordinator: Coordinator) -> tuple[frozenset[str] | None, Beside]:
    """Whose reviews differ too much for strictness and chance, None where nothing was calibrated or it is
    kept back; and who stands on neither side of the line."""
    found = standing_run(session, coordinator)
    if found is None:
        return None, NOTHING
    kept = found.summary.get("apart")
    beside = beside_line(session, coordinator, found.board)
    return None if kept is None else frozenset(kept), beside


def _uncertain(firm: FirmPlace, code: str, beside: Beside) -> bool:
    """Whether the reviews leave open on which side of the line it is, and the line still decides of it."""
    return stand(firm.chance) is Stand.ZONE and code not in beside.fates and not beside.is_over


def _firm(figures: Mapping[str, Any]) -> FirmPlace | None:
    firm = figures.get("firm")
    if not firm or not firm["chance"]:
        return None
    line = min(firm["chance"], key=int)
    return FirmPlace(
        line=int(line), chance=firm["chance"][line], inner=tuple(firm["inner"]), outer=tuple(firm["outer"])
    )


def _written(session: Session, coordinator: Coordinator) -> dict[int, tuple[PanelCase, str]]:
    """Application -> what was written of it, and the round in which it departs."""
    rows = session.exec(
        select(PanelCase, AwardRound.code)
        .outerjoin(AwardRound, col(AwardRound.id) == col(PanelCase.round_id))
        .where(PanelCase.call_id == coordinator.call_id)
    )
    return {row.application_id: (row, pot or "") for row, pot in rows}


def _away(session: Session, coordinator: Coordinator) -> dict[str, list[str]]:
    """Application -> codes of those on the panel now who have a tie with it."""
    seated = set(
        session.exec(
            select(PanelMember.code).where(
                PanelMember.call_id == coordinator.call_id, col(PanelMember.removed_at).is_(None)
            )
        )
    )
    found: dict[str, list[str]] = defaultdict(list)
    for tie in standing_ties(session, coordinator):
        if tie.member in seated:
            found[tie.application].append(tie.member)
    return found


class _Gaps:
    """How far the reviews of each application are apart, and of which by more than the rule allows."""

    def __init__(
        self, sheets: Mapping[int, Sequence[Scores]], criteria: Sequence[Weighted], rule: Gap
    ) -> None:
        self.sheets, self.criteria = sheets, criteria
        self.apart = frozenset(key for key, own in sheets.items() if any(pairs_apart(own, criteria, rule)))

    def widest(self, key: int) -> WidestGap | None:
        """Over all pairs of reviews; None where there are fewer than two."""
        own = self.sheets.get(key, ())
        if len(own) < 2:
            return None
        totals = [total for each in own if (total := review_total(each, self.criteria)) is not None]
        points = max((abs(one - other) for one, other in combinations(totals, 2)), default=None)
        steps, criterion = max(
            (
                (abs(one[each.code] - other[each.code]), each.code)
                for each in self.criteria
                for one, other in combinations(own, 2)
                if each.code in one and each.code in other
            ),
            key=lambda found: found[0],
            default=(0, ""),
        )
        return WidestGap(points=tenths(points), criterion=criterion, steps=steps)


def _gaps(session: Session, coordinator: Coordinator, call: Call) -> _Gaps:
    rubric = rubric_of(session, coordinator.call_id, call.version, call.frozen_hash)
    cells = session.execute(counted_cells(col(Assignment.call_id) == coordinator.call_id))
    sheets = {key: [each.scores for each in own] for key, own in sheets_of(cells, rubric).items()}
    return _Gaps(sheets, rubric.weighted, Gap(call.divergence_points, call.divergence_steps))
