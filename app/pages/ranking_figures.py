"""How firm the order is, and why, in pictures: places, reviewers, criteria, methods; and the runs kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.accounts.panel_names import panel_names
from app.calls.titles import call_title, organisation_names
from app.decisions.beside_line import NOTHING, beside_line
from app.decisions.board import every_row, rows_from, rows_of
from app.decisions.fallen import fallen
from app.decisions.groups import TOGETHER, reviewer_groups
from app.decisions.published_line import LineOf
from app.decisions.runs import (
    OwnOrderFigures,
    difference,
    own_order_figures,
    reviewer_organisations,
    runs,
    scales_of,
    standing_run,
)
from app.messages import formats, label
from app.messages.labels import choices
from app.pages.page import Page, path_to, text_in
from app.pages.ranking_charts import (
    BumpView,
    HeatView,
    IntervalsView,
    LeniencyView,
    Scale,
    StripView,
    bump_view,
    heat_view,
    intervals_view,
    leniency_view,
    strip_view,
)
from app.pages.said import about
from app.scoring.methods import Method
from app.web.actors import AsCoordinator
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/desk/{call}/ranking")
AROUND = 40
"""So many applications stand around the line in one picture."""
DRAWN = 400
"""So many strokes a strip can tell apart."""
CROSSING = 40


@dataclass(frozen=True, kw_only=True)
class RankingFirmness(Page):
    """Where each application may truly stand: those around the line, and all at once."""

    template = "ranking/firmness.html"
    call: str
    call_title: str
    hidden: bool
    line: int | None
    line_of: LineOf
    is_over: bool
    around: IntervalsView | None
    strip: StripView | None
    strip_said: str
    hits: str
    shared: bool
    reliability: str
    earlier: int | None
    later: int | None


@dataclass(frozen=True, slots=True)
class FlaggedReviewer:
    """A reviewer who stands out, by code and organisation, and why."""

    code: str
    organisation: str
    sentence: str
    flags: Sequence[str]


@dataclass(frozen=True, slots=True)
class Dependence:
    """Who would enter and who would leave the first places without one reviewer, or one organisation."""

    who: str
    ranked: bool
    enter: Sequence[tuple[str, str]]
    leave: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class GroupView:
    """A group of reviewers by name and organisation, and how many applications it alone has read."""

    reviewers: str
    applications: int


@dataclass(frozen=True, kw_only=True)
class RankingReviewers(Page):
    """How strict each reviewer is, by code, and who stands out.

    `groups` share no application, and `bridges` are the reviews that would link them: by whom, of which
    application, and where its reviews are.
    """

    template = "ranking/reviewers.html"
    call: str
    call_title: str
    hidden: bool
    view: LeniencyView | None
    flagged: Sequence[FlaggedReviewer]
    depends: Sequence[Dependence] | None
    groups: Sequence[GroupView]
    bridges: Sequence[tuple[str, str, str]]
    incomplete: Sequence[tuple[str, str]]
    imputed: Sequence[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class RankingCriteria(Page):
    """The calibrated means by criterion, in the order of the call."""

    template = "ranking/criteria.html"
    call: str
    call_title: str
    hidden: bool
    view: HeatView | None
    earlier: int | None
    later: int | None


@dataclass(frozen=True, slots=True)
class OwnOrdersView:
    """By each reviewer's order alone: how that is read, why there is no such order ("" where there is one),
    who would enter and leave the first places, and whom nobody compared; each by code and address."""

    name: str
    said: str
    none: str
    enter: Sequence[tuple[str, str]]
    leave: Sequence[tuple[str, str]]
    left_out: Sequence[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class RankingMethods(Page):
    """What every method makes of the line."""

    template = "ranking/methods.html"
    call: str
    call_title: str
    hidden: bool
    line: int | None
    said: Sequence[tuple[str, str, bool]]
    view: BumpView | None
    crossing: int
    lots: bool
    own: OwnOrdersView | None


@dataclass(frozen=True, slots=True)
class RunView:
    """One run in words; `compare` leads to what differs from the one before it."""

    number: int
    when: str
    by: str
    method: str
    input_hash: str
    applications: int | None
    line: int | None
    stands: bool
    compare: str


@dataclass(frozen=True, slots=True)
class FallenView:
    """What was decided of one application before reviewing was opened again; `outcome` in words."""

    run: int
    when: str
    code: str
    outcome: str
    reason: str


@dataclass(frozen=True, slots=True)
class MovedView:
    """One application whose place is another one."""

    code: str
    before: str
    after: str
    side: str


@dataclass(frozen=True, kw_only=True)
class RankingRuns(Page):
    """Every computing of the order, and what differs between two of them."""

    template = "ranking/runs.html"
    call: str
    call_title: str
    hidden: bool
    runs: Sequence[RunView]
    fallen: Sequence[FallenView]
    compared: tuple[int, int] | None
    same_input: bool
    lines: tuple[int, int] | None
    seated: Sequence[str]
    unseated: Sequence[str]
    crossing: Sequence[MovedView]
    moved: Sequence[MovedView]
    count: int


def _number(request: Request, name: str) -> int:
    wished = request.query_params.get(name, "")
    return int(wished) if wished.isascii() and wished.isdigit() and len(wished) < 7 else 0


@router.get("/how-firm", name="ranking.firmness")
def show_firmness(request: Request, session: Db, coordinator: AsCoordinator, call: str) -> Response:
    language = language_of(request)
    found = standing_run(session, coordinator)
    figures: Mapping[str, object] = found.board if found else {}
    line = found.board.get("line") if found else None
    known = found is not None and "hits" in figures and line is not None
    count = found.summary["applications"] if found else 0
    first = max(0, line - AROUND // 2) if line else 0
    if "start" in request.query_params:
        first = min(_number(request, "start"), max(0, count - 1))
    step = -(-count // DRAWN) or 1
    address = path_to(language, "ranking.list", call=call)
    beside = beside_line(session, coordinator, found.board) if found else NOTHING
    return RankingFirmness(
        call=call,
        call_title=call_title(session, coordinator, language),
        hidden=found is None,
        line=line,
        around=intervals_view(
            language, rows_from(session, coordinator, limit=AROUND, offset=first), line, address, beside
        )
        if line
        else None,
        strip=strip_view(every_row(session, coordinator, step=step), line, step) if line else None,
        strip_said=choices(language, "chart_said")["strip"].format(line=line),
        line_of=beside.of,
        is_over=beside.is_over,
        hits=about(language, found.board["hits"]) if found and known else "",
        shared=bool(found and found.board.get("shared")),
        reliability=formats.number(language, found.board["reliability"], 2) if found and known else "",
        earlier=max(0, first - AROUND) if known and first else None,
        later=first + AROUND if known and first + AROUND < count else None,
    ).response(request)


@router.get("/reviewers", name="ranking.reviewers")
def show_reviewers(request: Request, session: Db, coordinator: AsCoordinator, call: str) -> Response:
    language = language_of(request)
    found = standing_run(session, coordinator)
    names = organisation_names(session, coordinator, language)
    speak_for = {
        code: names.get(organisation, organisation)
        for code, organisation in reviewer_organisations(session, coordinator).items()
    }
    address = path_to(language, "ranking.list", call=call)
    view = leniency_view(language, found.summary.get("reviewers", {}), speak_for) if found else None
    apart = reviewer_groups(session, coordinator) if found and len(found.summary["groups"]) > 1 else TOGETHER
    people = panel_names(session, coordinator) if apart.groups else {}

    def named(code: str) -> str:
        shown = people[code].shown if code in people else code
        return f"{shown} ({speak_for[code]})" if code in speak_for else shown

    return RankingReviewers(
        call=call,
        call_title=call_title(session, coordinator, language),
        hidden=found is None,
        view=view,
        flagged=[
            FlaggedReviewer(row.code, speak_for.get(row.code, ""), row.sentence, row.flags)
            for row in (view.rows if view else ())
            if row.flags
        ],
        depends=_depends(
            found.summary.get("influence"),
            names | {code: f"{code} · {where}" for code, where in speak_for.items()},
            address,
        )
        if found
        else None,
        groups=[
            GroupView(", ".join(named(code) for code in each.reviewers), len(each.applications))
            for each in apart.groups
        ],
        bridges=[
            (named(each.reviewer), each.application, f"{address}/{each.application}")
            for each in apart.bridges
        ],
        incomplete=[(application, reviewer) for application, reviewer in found.summary["incomplete"]]
        if found
        else [],
        imputed=[(application, reviewer) for application, reviewer in found.summary.get("imputed", ())]
        if found
        else [],
    ).response(request)


def _depends(
    stored: Mapping[str, Mapping[str, Any]] | None, names: Mapping[str, str], address: str
) -> list[Dependence] | None:
    """Organisations first: more hangs on them. None where it was not tried."""
    if not stored:
        return None

    def linked(codes: Sequence[str]) -> list[tuple[str, str]]:
        return [(code, f"{address}/{code}") for code in codes]

    return [
        Dependence(
            names.get(code, code),
            changes is not None,
            linked(changes[0]) if changes else (),
            linked(changes[1]) if changes else (),
        )
        for kind in ("organisations", "reviewers")
        for code, changes in stored[kind].items()
    ]


@router.get("/criteria", name="ranking.criteria")
def show_criteria(request: Request, session: Db, coordinator: AsCoordinator, call: str) -> Response:
    language = language_of(request)
    found = standing_run(session, coordinator)
    start = _number(request, "start")
    count = found.summary["applications"] if found else 0
    scales = [
        Scale(code, text_in(language, title), low, high)
        for code, title, low, high in scales_of(session, coordinator)
    ]
    address = path_to(language, "ranking.list", call=call)
    return RankingCriteria(
        call=call,
        call_title=call_title(session, coordinator, language),
        hidden=found is None,
        view=heat_view(language, rows_from(session, coordinator, limit=AROUND, offset=start), scales, address)
        if found
        else None,
        earlier=max(0, start - AROUND) if start else None,
        later=start + AROUND if start + AROUND < count else None,
    ).response(request)


@router.get("/methods", name="ranking.methods")
def show_methods(request: Request, session: Db, coordinator: AsCoordinator, call: str) -> Response:
    language = language_of(request)
    found = standing_run(session, coordinator)
    line = found.board.get("line") if found else None
    crossing = found.board.get("crossing", []) if found else []
    method = found.method if found else Method.MEAN_OF_MEANS
    said = choices(language, "method_said")
    address = path_to(language, "ranking.list", call=call)
    return RankingMethods(
        call=call,
        call_title=call_title(session, coordinator, language),
        hidden=found is None,
        line=line,
        said=[(label(language, each), said[each], each is method) for each in Method],
        view=bump_view(language, rows_of(session, coordinator, crossing[:CROSSING]), line, method, address)
        if line
        else None,
        crossing=len(crossing),
        lots=found is not None and "lottery" in found.board,
        own=_own_orders(language, own_order_figures(found.summary), address) if found else None,
    ).response(request)


def _own_orders(language: str, stored: OwnOrderFigures | None, address: str) -> OwnOrdersView | None:
    if stored is None:
        return None
    words = choices(language, "own_orders")

    def linked(codes: Sequence[str]) -> list[tuple[str, str]]:
        return [(code, f"{address}/{code}") for code in codes]

    return OwnOrdersView(
        name=words["name"],
        said=words["said"],
        none=words[stored.none] if stored.none else "",
        enter=linked(stored.enter),
        leave=linked(stored.leave),
        left_out=linked(stored.left_out),
    )


@router.get("/record", name="ranking.runs")
def show_runs(request: Request, session: Db, coordinator: AsCoordinator, call: str) -> Response:
    """With `before` and `after`, the numbers of two runs: what differs between them."""
    language = language_of(request)
    lines = runs(session, coordinator)
    names = panel_names(session, coordinator)
    before, after = _number(request, "before"), _number(request, "after")
    found = difference(session, coordinator, before, after) if before and after else None
    sides, outcomes = choices(language, "other_side"), choices(language, "panel_decided")
    moved = [
        MovedView(
            each.application,
            "–" if each.before is None else str(each.before),
            "–" if each.after is None else str(each.after),
            sides.get(each.crosses, ""),
        )
        for each in (found.moved if found else ())
    ]
    address = path_to(language, "ranking.runs", call=call)
    return RankingRuns(
        call=call,
        call_title=call_title(session, coordinator, language),
        hidden=bool(before and after) and found is None,
        runs=[
            RunView(
                number=each.number,
                when=formats.moment(language, each.computed_at),
                by=names[each.by].shown if each.by in names else "",
                method=label(language, each.method),
                input_hash=each.input_hash,
                applications=each.applications,
                line=each.line,
                stands=each.stands,
                compare=f"{address}?before={each.number - 1}&after={each.number}" if each.number > 1 else "",
            )
            for each in lines
        ],
        fallen=[
            FallenView(
                each.run,
                formats.moment(language, each.at),
                each.application,
                outcomes[each.outcome or "departs"],
                each.reason,
            )
            for each in fallen(session, coordinator)
        ],
        compared=(before, after) if found else None,
        same_input=found.same_input if found else False,
        lines=(found.line_before, found.line)
        if found and found.line_before and found.line and found.line_before != found.line
        else None,
        seated=found.seated if found else (),
        unseated=found.unseated if found else (),
        crossing=[each for each in moved if each.side],
        moved=moved[:MOVED],
        count=len(moved),
    ).response(request)


MOVED = 100
