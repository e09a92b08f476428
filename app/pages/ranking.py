"""The order that the reviews give, and the reviews that are missing from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from app.calls.titles import call_title, organisation_names, text_of
from app.decisions import closing
from app.decisions import holes as hole_rules
from app.decisions.beside_line import Beside, Fate, beside_line, pitched_rounds
from app.decisions.board import Board, board
from app.decisions.export import ranking_csv
from app.decisions.holes import Hole
from app.decisions.published_line import LineOf
from app.decisions.ranking import reading_ranking
from app.decisions.reasons import ReasonInput
from app.decisions.refusals import AwardsExist
from app.decisions.seen import count_given
from app.decisions.stands import lots_of
from app.errors import Invalid
from app.messages import formats, sentence
from app.messages.labels import choices
from app.pages.forms import Form, Mistake, element_id, form_of, typed
from app.pages.lots import lots_in_words
from app.pages.page import Page, path_to, see_other, text_in
from app.pages.ranking_rows import laid_out, other_methods
from app.pages.said import about
from app.scoring.methods import Method
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
class Reading:
    """How firm the whole order is, in numbers that a person can repeat.

    `line` is the place below which it runs for whoever has no kept seat (`below`, once lots were drawn),
    `line_of` what it is a line of; `is_over` once finalists are `invited` by it. `seated` are those who sit
    in a kept seat: code and where its reviews are; `hits` how many of the first so many are expected to be
    truly among the best; `wide` where the places are known to less than half of the field, `few` how many
    applications have fewer than three complete reviews, `piled` where many scores lie at an end of their
    scale; `apart` where reviewers fall into groups that share no application; `unnamed` are those of
    which calibration, which knows groups, does not know one; `unranked` is why nothing can be told apart.
    """

    line: int
    below: int
    line_of: LineOf
    is_over: bool
    invited: int
    seated: Sequence[tuple[str, str]]
    certain: int
    zone: int
    out: int
    hits: str
    shared: bool
    crossing: int
    incomplete: int
    wide: str
    few: int
    piled: bool
    apart: int
    strata: str
    unnamed: Sequence[tuple[str, str]]
    lots: Sequence[str]
    unranked: str


@dataclass(frozen=True, slots=True)
class PitchedView:
    """A round in which this order says who pitches, and not who wins: its rule, and how far it is."""

    name: str
    rule: str
    closed: bool
    tally: str
    finalists: str


@dataclass(frozen=True, kw_only=True)
class RankingList(Page):
    """The board: every application by the published method, the others beside it, and how firm it is.

    `rows` and `zone` are the bodies of its tables, as their own template escaped them.
    """

    template = "ranking/list.html"
    call: str
    call_title: str
    method: Method
    decides: str
    said: Sequence[tuple[str, str, bool]]
    other_methods: list[str]
    criteria: list[str]
    rows: str
    zone: str
    reading: Reading | None
    pitched: Sequence[PitchedView]
    decided: bool
    hidden: bool
    count: int
    scored: int
    open_holes: int
    seed: str
    run: int
    computed: str
    input_hash: str
    rules_hash: str
    can_reopen: bool
    awarded: bool
    first: bool
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
    """Says what falls away, and asks why reviewing is opened again."""

    template = "ranking/reopen.html"
    call: str
    call_title: str
    falls: closing.Falls
    form: Form[ReasonInput]


@router.get("", name="ranking.list")
def list_ranking(request: Request, session: Db, coordinator: AsCoordinator, call: str) -> Response:
    start = _start(request)
    language = language_of(request)
    found = board(session, coordinator, limit=ROWS, offset=start)
    titles = {code: text_of(title, language) for code, title in found.criteria.items()}
    address = path_to(language, "ranking.list", call=call)
    beside = beside_line(session, coordinator, found.figures)
    laid = laid_out(language, found, titles, address, beside)
    short, said = choices(language, "method_short"), choices(language, "method_said")
    return RankingList(
        call=call,
        call_title=text_of(found.title, language),
        method=found.method,
        decides=short[found.method],
        said=[(short[each], said[each], each is found.method) for each in Method],
        other_methods=[] if found.hidden else [short[each] for each in other_methods(found)],
        criteria=list(titles.values()),
        rows=laid.rows,
        zone=laid.zone,
        reading=_reading(found, language, address, beside),
        pitched=_pitched(session, coordinator, language, call) if found.pitched else [],
        decided=found.decided,
        hidden=found.hidden,
        count=found.count,
        scored=found.scored,
        open_holes=found.open_holes,
        seed=found.seed,
        run=found.run,
        computed=formats.moment(language, found.computed_at) if found.computed_at else "",
        input_hash=found.input_hash,
        rules_hash=found.figures.get("rules", ""),
        can_reopen=found.can_reopen,
        awarded=found.awarded,
        first=not start,
        earlier=max(0, start - ROWS) if start else None,
        later=start + ROWS if start + ROWS < found.count else None,
    ).response(request)


def _start(request: Request) -> int:
    wished = request.query_params.get("start", "0")
    return int(wished) if wished.isascii() and wished.isdigit() and len(wished) < 7 else 0


def _pitched(session: Db, coordinator: AsCoordinator, language: str, call: str) -> list[PitchedView]:
    rule = choices(language, "round_rule")["pitch"]
    return [
        PitchedView(
            name=text_in(language, each.name),
            rule=rule.format(count=each.finalists, pitch=each.weight, written=100 - each.weight),
            closed=each.closed,
            tally=path_to(language, "tally.show", call=call, pot=each.code),
            finalists=f"{path_to(language, 'awards.line', call=call, pot=each.code)}?line=finalists",
        )
        for each in pitched_rounds(session, coordinator)
    ]


def _reading(found: Board, language: str, address: str, beside: Beside) -> Reading | None:
    """None in a call without places, and where a part of the order is kept from the reader."""
    figures = found.figures
    line = figures.get("line")
    if line is None:
        return None
    stands, width = figures.get("stands", {}), figures.get("width", 0.0)
    return Reading(
        line=line,
        line_of=beside.of,
        is_over=beside.is_over,
        invited=sum(each is Fate.PITCHES for each in beside.fates.values()),
        seated=[(code, f"{address}/{code}") for code in figures.get("seated", ())],
        certain=stands.get("in", 0),
        zone=stands.get("zone", 0),
        out=stands.get("out", 0),
        hits=about(language, figures["hits"]) if "hits" in figures else "",
        shared=bool(figures.get("shared")),
        crossing=len(figures["crossing"]),
        incomplete=figures["incomplete"],
        wide=formats.number(language, round(width)) if figures.get("wide") else "",
        few=figures.get("few", 0),
        piled=figures.get("piled", False),
        apart=figures.get("apart", 1),
        strata=_strata(figures.get("strata"), language),
        unnamed=[(code, f"{address}/{code}") for code in (figures.get("strata") or {}).get("unnamed", ())],
        below=figures.get("below", line),
        lots=lots_in_words(language, lots_of(figures)),
        unranked=choices(language, "unranked").get(figures.get("unranked", ""), ""),
    )


def _strata(known: Mapping[str, Any] | None, language: str) -> str:
    """By what the groups that calibration knows are sorted, and what that changes; "" where it knows none."""
    if not known:
        return ""
    words = choices(language, "strata_effect")["moved" if known["moved"] else "none"]
    return words.format(
        by=choices(language, "strata_by")[known["by"]],
        groups=formats.number(language, known["groups"]),
        moved=formats.number(language, known["moved"]),
        crossing=formats.number(language, len(known["enter"]) + len(known["leave"])),
    )


@router.get("/table.csv", name="ranking.export")
def export_ranking(session: Db, coordinator: AsCoordinator, call: str) -> Response:
    return Response(
        ranking_csv(session, coordinator),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="ranking-{call}.csv"'},
    )


@router.get("/reopen", name="ranking.reopen")
def reopen(request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str) -> Response:
    form = Form(ReasonInput, "reason", language_of(request))
    try:
        return _reopening(request, session, coordinator, now, call, form).response(request)
    except AwardsExist:
        return awards_first(request, session, coordinator, call)


@router.post("/reopen", name="ranking.reopen_now")
def reopen_now(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, form: ReasonForm
) -> Response:
    try:
        closing.reopen_reviewing(session, coordinator, form.value().reason, now)
    except Invalid as error:
        page = _reopening(request, session, coordinator, now, call, form.refused(error))
        return page.response(request, 422)
    return see_other(request, "desk.home", call=call, done="reviewing_reopened")


@dataclass(frozen=True, kw_only=True)
class RankingAwarded(Page):
    """What rests on the order has to be taken back before reviewing is opened again, and where."""

    template = "ranking/awarded.html"
    call: str
    call_title: str
    awarded: int


def awards_first(request: Request, session: Db, coordinator: AsCoordinator, call: str) -> Response:
    """Instead of a form that could not be sent."""
    return RankingAwarded(
        call=call,
        call_title=call_title(session, coordinator, language_of(request)),
        awarded=count_given(session, coordinator.call_id),
    ).response(request, 409)


def _reopening(
    request: Request,
    session: Db,
    coordinator: AsCoordinator,
    now: Now,
    call: str,
    form: Form[ReasonInput],
) -> RankingReopen:
    return RankingReopen(
        call=call,
        call_title=call_title(session, coordinator, language_of(request)),
        falls=closing.falls_by_reopening(session, coordinator, now),
        form=form,
    )


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
