"""The order that the reviews give, and the reviews that are missing from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from app.calls.titles import call_title, criterion_titles, organisation_names
from app.decisions import closing
from app.decisions import holes as hole_rules
from app.decisions.export import ranking_csv
from app.decisions.holes import Hole
from app.decisions.ranking import RankingBoard, ranking, reading_ranking
from app.decisions.reasons import ReasonInput
from app.errors import Invalid
from app.messages import sentence
from app.pages.forms import Form, Mistake, element_id, form_of, typed
from app.pages.page import Page, path_to, see_other
from app.pages.tied import tie_words
from app.web.actors import AsCoordinator
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/desk/{call}/ranking")
ROWS = 300
HOLES = 100


ReasonForm = Annotated[Form[ReasonInput], Depends(form_of(ReasonInput, "reason"))]
Typed = Annotated[dict[str, str | list[str]], Depends(typed)]


@dataclass(frozen=True, slots=True)
class ShownRow:
    """One line of the board as it is read: numbers with the language's decimal sign.

    `place` is empty without a total; `means` are each criterion's title and mean; `href` leads to the
    reviews; `notes` counts what reviewers wrote to the coordinator alone.
    """

    place: str
    code: str
    href: str
    title: str
    means: list[tuple[str, str]]
    total: str
    spread: str
    coverage: int
    full: bool
    tie: str
    notes: int
    withdrawn: bool


@dataclass(frozen=True, kw_only=True)
class RankingList(Page):
    """The board: every application, its means, total, spread and coverage."""

    template = "ranking/list.html"
    call: str
    call_title: str
    criteria: list[str]
    rows: list[ShownRow]
    count: int
    scored: int
    organisations: int
    open_holes: int
    seed: str
    can_reopen: bool
    earlier: int | None
    later: int | None


@dataclass(frozen=True, slots=True)
class HoleView:
    """One missing review and the box for its reason."""

    name: str
    id: str
    application: str
    organisation: str
    reason: str
    error: str


@dataclass(frozen=True, slots=True)
class Summary:
    """What the error summary needs of a form."""

    summary: list[Mistake]


@dataclass(frozen=True, kw_only=True)
class RankingHoles(Page):
    """The missing reviews, each to be excused in writing."""

    template = "ranking/holes.html"
    call: str
    call_title: str
    holes: list[HoleView]
    open_holes: int
    all_holes: int
    start: int
    later: int | None
    form: Summary


@dataclass(frozen=True, kw_only=True)
class RankingReopen(Page):
    """Asks why reviewing is opened again."""

    template = "ranking/reopen.html"
    call: str
    call_title: str
    form: Form[ReasonInput]


@router.get("", name="ranking.list")
def list_ranking(request: Request, session: Db, coordinator: AsCoordinator, call: str) -> Response:
    start = _start(request)
    language = language_of(request)
    board = ranking(session, coordinator, limit=ROWS, offset=start)
    titles = criterion_titles(session, coordinator, language)
    return RankingList(
        call=call,
        call_title=call_title(session, coordinator, language),
        criteria=[titles[code] for code in board.criteria],
        rows=_shown(board, titles, language, path_to(language, "ranking.list", call=call)),
        count=board.count,
        scored=board.scored,
        organisations=board.organisations,
        open_holes=hole_rules.count_holes(session, coordinator),
        seed=board.seed,
        can_reopen=board.can_reopen,
        earlier=max(0, start - ROWS) if start else None,
        later=start + ROWS if start + ROWS < board.count else None,
    ).response(request)


def _start(request: Request) -> int:
    wished = request.query_params.get("start", "0")
    return int(wished) if wished.isascii() and wished.isdigit() and len(wished) < 7 else 0


def _shown(board: RankingBoard, titles: Mapping[str, str], language: str, address: str) -> list[ShownRow]:
    sign = "." if language == "en" else ","
    return [
        ShownRow(
            place=str(row.place) if row.label else "",
            code=row.code,
            href=f"{address}/{quote(row.code, safe='')}",
            title=row.title,
            means=[(titles[code], row.means.get(code, "–").replace(".", sign)) for code in board.criteria],
            total=row.total.replace(".", sign),
            spread=row.spread.replace(".", sign),
            coverage=row.coverage,
            full=row.coverage >= board.organisations,
            tie=tie_words(language, row, titles),
            notes=row.notes,
            withdrawn=row.withdrawn,
        )
        for row in board.rows
    ]


@router.get("/table.csv", name="ranking.export")
def export_ranking(session: Db, coordinator: AsCoordinator, call: str) -> Response:
    return Response(
        ranking_csv(session, coordinator),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="ranking-{call}.csv"'},
    )


@router.get("/reopen", name="ranking.reopen")
def reopen(request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str) -> Response:
    closing.reopening_reviewing(session, coordinator, now)
    language = language_of(request)
    form = Form(ReasonInput, "reason", language)
    title = call_title(session, coordinator, language)
    return RankingReopen(call=call, call_title=title, form=form).response(request)


@router.post("/reopen", name="ranking.reopen_now")
def reopen_now(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, form: ReasonForm
) -> Response:
    try:
        closing.reopen_reviewing(session, coordinator, form.value().reason, now)
    except Invalid as error:
        closing.reopening_reviewing(session, coordinator, now)
        title = call_title(session, coordinator, language_of(request))
        return RankingReopen(call=call, call_title=title, form=form.refused(error)).response(request, 422)
    return see_other(request, "desk.home", call=call, done="reviewing_reopened")


@router.get("/holes", name="ranking.holes")
def list_holes(request: Request, session: Db, coordinator: AsCoordinator, call: str) -> Response:
    reading_ranking(session, coordinator)
    return _holes_page(request, session, coordinator, call, {}, Invalid({})).response(request)


@router.post("/holes", name="ranking.excuse")
def excuse_holes(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, given: Typed
) -> Response:
    reasons: dict[tuple[str, str], str] = {}
    for name, value in given.items():
        application, _, organisation = name.rpartition(".")
        if application and isinstance(value, str) and value.strip():
            reasons[application, organisation] = value
    try:
        changed = hole_rules.excuse_holes(session, coordinator, reasons, now)
    except Invalid as error:
        return _holes_page(request, session, coordinator, call, given, error).response(request, 422)
    if not changed:
        return _nothing_excused(request, session, coordinator, call, given)
    return see_other(request, "ranking.holes", call=call, done="holes_excused", count=changed)


def _nothing_excused(
    request: Request,
    session: Db,
    coordinator: AsCoordinator,
    call: str,
    given: Mapping[str, str | list[str]],
) -> Response:
    """Nothing new was written: said at the first box that waits for a reason, or there is none that does."""
    shown = hole_rules.holes(session, coordinator, limit=HOLES, offset=_start(request))
    first = next((hole for hole in shown if not hole.reason), None)
    if first is None:
        return see_other(request, "ranking.holes", call=call)
    error = Invalid({f"{first.application}.{first.organisation}": "hole.no_reason"})
    return _holes_page(request, session, coordinator, call, given, error).response(request, 422)


def _holes_page(
    request: Request,
    session: Db,
    coordinator: AsCoordinator,
    call: str,
    given: Mapping[str, str | list[str]],
    error: Invalid,
) -> RankingHoles:
    language = language_of(request)
    names = organisation_names(session, coordinator, language)
    start = _start(request)
    shown = hole_rules.holes(session, coordinator, limit=HOLES, offset=start)
    count = hole_rules.count_holes(session, coordinator, only_open=False)
    mistakes = {name: sentence(language, *problem) for name, problem in error.fields.items()}

    def titled(name: str) -> str:
        application, _, organisation = name.rpartition(".")
        return f"{application} · {names.get(organisation, organisation)}"

    def view(hole: Hole) -> HoleView:
        name = f"{hole.application}.{hole.organisation}"
        return HoleView(
            name=name,
            id=element_id(name),
            application=hole.application,
            organisation=names[hole.organisation],
            reason=str(given.get(name, hole.reason)),
            error=mistakes.get(name, ""),
        )

    return RankingHoles(
        call=call,
        call_title=call_title(session, coordinator, language),
        holes=[view(hole) for hole in shown],
        open_holes=hole_rules.count_holes(session, coordinator),
        all_holes=count,
        start=start,
        later=start + HOLES if start + HOLES < count else None,
        form=Summary(
            [Mistake("#" + element_id(name), f"{titled(name)}: {words}") for name, words in mistakes.items()]
        ),
    )
