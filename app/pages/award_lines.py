"""The desk of one round: moving its line and looking, and marking who belongs to whom seats are kept for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from app.accounts.panel_names import panel_names
from app.asking import Ask
from app.calls.claims import claim_of
from app.calls.setup_view import setup_of
from app.calls.titles import call_title
from app.decisions import reserve, seats
from app.decisions.awards import AwardView, award_of
from app.decisions.awards import withdraw_all as withdraw_every_award
from app.decisions.held import round_of
from app.decisions.moving import LineKind, Moved, MovedLine, Mover, moved_line
from app.decisions.refusals import (
    ConfirmedAlready,
    PitchesNotClosed,
    PromotionSecondPerson,
    RestsOnOneReview,
    SecondPersonNeeded,
)
from app.decisions.reserve import (
    OutOfTurn,
    PromotionConfirm,
    PromotionInput,
    Reserve,
    ReturnInput,
    StandbyState,
)
from app.decisions.seats import Seat, SeatInput, candidates
from app.decisions.seconds import is_alone
from app.decisions.standing import Standing, standing
from app.errors import Conflict, Invalid, Stale
from app.messages import formats, label, sentence
from app.messages.labels import choices
from app.models.calls import AwardRound
from app.pages.claim_words import claims_in_words
from app.pages.forms import Form, Option, Typed, form_of, number, one
from app.pages.lots import lots_in_words
from app.pages.page import Page, see_other, text_in
from app.pages.said import percent
from app.pages.setup_forms import BLANK
from app.sections.numbers import Whole
from app.web.actors import AsCoordinator
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/desk/{call}/awards/{pot}")


class LineForm(BaseModel):
    """For how many awards the line is drawn; without a number the first free places are awarded."""

    count: Annotated[
        Annotated[Whole, Field(ge=1, le=1000)] | None,
        BLANK,
        Ask("number", inputmode="numeric", width="short"),
    ] = None


class SeatForm(SeatInput):
    """A mark, and of which application."""

    application: Annotated[str, Field(min_length=1, max_length=40), Ask("select")]


ReturnForm = Annotated[Form[ReturnInput], Depends(form_of(ReturnInput, "return"))]
PromotionForm = Annotated[Form[PromotionInput], Depends(form_of(PromotionInput, "promotion"))]
DrawnForm = Annotated[Form[LineForm], Depends(form_of(LineForm, "line"))]
MarkForm = Annotated[Form[SeatForm], Depends(form_of(SeatForm, "seat"))]


@dataclass(frozen=True, slots=True)
class WonBy:
    """What one method gives an application: its sum, or that it wins, or nothing."""

    method: str
    words: str
    wins: bool
    decides: bool


@dataclass(frozen=True, slots=True)
class LineView:
    """One application that wins by any method; `cells` in the order of the methods. `chance` is the one to be
    truly among as many as this line takes."""

    code: str
    title: str
    place: int | None
    total: str
    seated: bool
    enters: bool
    chance: str
    cells: Sequence[WonBy]


@dataclass(frozen=True, slots=True)
class Said:
    """What a line means by one method, in sentences."""

    method: str
    sentences: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class AwardLine(Page):
    """A line that was moved, beside the line as it stands: of awards, or (`pitching`) of finalists.

    `finalists` is how many the round's rule invites, 0 where it has none. `unpitched`: asked for the awards,
    which nobody knows before the pitches are scored.
    """

    template = "awards/line.html"
    call: str
    call_title: str
    pot: str
    name: str
    moved: Moved
    pitching: bool
    unpitched: bool
    finalists: int
    methods: list[str]
    said: Said
    others: list[Said]
    rows: list[LineView]
    any_seated: bool
    hidden: str
    standing: Standing
    lots: Sequence[str]
    form: Form[LineForm]
    stale: bool


@dataclass(frozen=True, kw_only=True)
class AwardSeats(Page):
    """Who belongs to those for whom seats are kept."""

    template = "awards/seats.html"
    call: str
    call_title: str
    pot: str
    name: str
    group: str
    claim: str
    seats: int
    rows: list[Seat]
    can_mark: bool
    form: Form[SeatForm]


@dataclass(frozen=True, kw_only=True)
class AwardGiveBack(Page):
    """Asks why a winner gives the award back, before it is written down."""

    template = "awards/give_back.html"
    call: str
    call_title: str
    pot: str
    award: AwardView
    until: str
    form: Form[ReturnInput]
    stale: bool


@dataclass(frozen=True, slots=True)
class OutOfTurnView:
    """Somebody else than the next, in words; `can_confirm`: whoever reads this is a second person."""

    application: str
    title: str
    position: int
    reason: str
    by: str
    seen: str
    mine: bool
    can_confirm: bool


@dataclass(frozen=True, kw_only=True)
class AwardPromote(Page):
    """Who comes up from the reserve list, to be read before it is pressed.

    `out_of_turn` wait for a second person; `alone`: there is none, and the ledger tells the reason.
    """

    template = "awards/promote.html"
    call: str
    call_title: str
    pot: str
    name: str
    reserve: Reserve
    until: str
    version: int
    out_of_turn: Sequence[OutOfTurnView]
    alone: bool
    form: Form[PromotionInput]
    stale: bool
    refused: str


@router.get("/line", name="awards.line")
def move_line(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, pot: str
) -> Response:
    """With `line=finalists` the line at which finalists are invited to pitch."""
    wished = request.query_params.get("count", "").strip()
    count = int(wished) if wished.isascii() and wished.isdigit() and len(wished) < 5 else None
    line = LineKind.FINALISTS if request.query_params.get("line") == LineKind.FINALISTS else LineKind.AWARDS
    page = line_page(request, session, coordinator, now, call, pot, count=count, line=line)
    if wished and not page.unpitched and count != page.moved.count:
        said: dict[str, object] = {"least": page.moved.least, "most": page.moved.most}
        form = Form(LineForm, _form_code(line), language_of(request), {"count": wished})
        form = form.refused(Invalid({"count": ("award.count_out_of_range", said)}))
        page = line_page(request, session, coordinator, now, call, pot, count=None, line=line, form=form)
        return page.response(request, 422)
    return page.response(request)


def _form_code(line: LineKind) -> str:
    return "line" if line is LineKind.AWARDS else "finalist_line"


def line_page(
    request: Request,
    session: Db,
    coordinator: AsCoordinator,
    now: Now,
    call: str,
    pot: str,
    *,
    count: int | None,
    line: LineKind = LineKind.AWARDS,
    form: Form[LineForm] | None = None,
    stale: bool = False,
) -> AwardLine:
    """The desk of one round, with the line for so many awards, or finalists."""
    language = language_of(request)
    unpitched = False
    try:
        moved = moved_line(session, coordinator, pot, count, line)
    except PitchesNotClosed:
        # Who wins is not known yet: there is only the line of who pitches.
        unpitched, line = True, LineKind.FINALISTS
        moved = moved_line(session, coordinator, pot, None, line)
    decided, *others = moved.lines
    words, short = _line_words(language, line), choices(language, "method_short")
    row, shown = round_of(session, coordinator, pot), standing(session, coordinator, now)
    methods = [words["by_both_short"]] if moved.by_both else [short[each.method] for each in moved.lines]
    return AwardLine(
        call=call,
        call_title=call_title(session, coordinator, language),
        pot=pot,
        name=text_in(language, row.name),
        moved=moved,
        pitching=line is LineKind.FINALISTS,
        unpitched=unpitched,
        finalists=row.finalists or 0,
        methods=methods,
        said=Said(
            words["by_both"] if moved.by_both else label(language, decided.method),
            _sums(language, words, moved, decided),
        ),
        others=[
            Said(label(language, each.method), _movers(words, each, "same_as_decides")) for each in others
        ],
        rows=_rows(language, words, moved, methods),
        any_seated=any(row.seated for row in decided.rows),
        hidden=words["hidden"] if moved.hidden else "",
        standing=shown,
        lots=lots_in_words(language, shown.lottery),
        form=form
        or Form(
            LineForm,
            _form_code(line),
            language,
            {"count": str(moved.count)},
        ),
        stale=stale,
    )


def _sums(language: str, words: Mapping[str, str], moved: Moved, line: MovedLine) -> list[str]:
    """How many, how much each, who enters and who leaves."""
    sums = sorted({row.amount_minor for row in line.rows if row.amount_minor is not None})
    said = [words["count"].format(count=len(line.rows))]
    if len(sums) == 1:
        said = [words["each"].format(count=len(line.rows), amount=formats.euros(language, sums[0]))]
    elif sums:
        least, most = (formats.euros(language, each) for each in (sums[0], sums[-1]))
        said = [words["between"].format(count=len(line.rows), least=least, most=most)]
    if len(line.rows) < moved.count:
        said.append(words["fewer"])
    said += _movers(words, line, "same_as_now")
    if moved.passed:
        names = "; ".join(words["at_place"].format(code=each.code, place=each.place) for each in moved.passed)
        said.append(words["passed"].format(names=names))
    if moved.left_minor:
        said.append(words["left"].format(left=formats.euros(language, moved.left_minor)))
    return said


def _movers(words: Mapping[str, str], line: MovedLine, same: str) -> list[str]:
    if not line.enters and not line.leaves:
        return [words[same]]
    return [
        words[name].format(names="; ".join(_name(each) for each in movers))
        for name, movers in (("enters", line.enters), ("leaves", line.leaves))
        if movers
    ]


def _name(mover: Mover) -> str:
    return f"{mover.code} {mover.title}".strip()


def _line_words(language: str, line: LineKind) -> Mapping[str, str]:
    words = choices(language, "line_words")
    return words if line is LineKind.AWARDS else {**words, **choices(language, "finalist_words")}


def _rows(language: str, words: Mapping[str, str], moved: Moved, methods: Sequence[str]) -> list[LineView]:
    """Whoever wins by any method: first as the deciding one has them, then the others'."""
    decided = moved.lines[0]
    enters = {each.code for each in decided.enters}
    first = {row.code: row for row in decided.rows}
    every = list({row.code: row for line in reversed(moved.lines) for row in line.rows}.values())
    ordered = [*decided.rows, *(row for row in every if row.code not in first)]
    sign = "." if language == "en" else ","
    places = {each.code: (each.place, each.total) for each in moved.others}
    places |= {row.code: (row.place, row.total) for row in decided.rows}
    return [
        LineView(
            code=row.code,
            title=row.title,
            place=places[row.code][0] if row.code in places else None,
            total=places[row.code][1].replace(".", sign) if row.code in places else "",
            seated=row.seated and row.code in first,
            enters=row.code in enters,
            # Who has a kept seat does not stand at this line.
            chance=""
            if (row.seated and row.code in first) or row.code not in moved.chances
            else percent(moved.chances[row.code]),
            cells=[
                _won(language, words, line, method, row.code)
                for line, method in zip(moved.lines, methods, strict=True)
            ],
        )
        for row in ordered
    ]


def _won(language: str, words: Mapping[str, str], line: MovedLine, method: str, code: str) -> WonBy:
    row = next((each for each in line.rows if each.code == code), None)
    if row is None:
        said = words["no"]
    else:
        said = words["yes"] if row.amount_minor is None else formats.euros(language, row.amount_minor)
    return WonBy(method, said, row is not None, line.decides)


class VersionForm(BaseModel):
    """The version of the decision that somebody looked at when they pressed."""

    version: Annotated[int, Field(ge=0, le=10**9), Ask("hidden")]


@router.post("/back", name="awards.withdraw_all")
def withdraw_all(
    request: Request,
    session: Db,
    coordinator: AsCoordinator,
    now: Now,
    call: str,
    pot: str,
    form: Annotated[Form[VersionForm], Depends(form_of(VersionForm, "version"))],
) -> Response:
    """Every pending award of the round; whoever looked at another state sees the line as it stands."""
    try:
        many = withdraw_every_award(session, coordinator, pot, form.value().version, now)
    except Stale:
        page = line_page(request, session, coordinator, now, call, pot, count=None, stale=True)
        return page.response(request, 409)
    return see_other(request, "awards.list", call=call, done="awards_withdrawn", count=many)


@router.get("/returns/{code}", name="awards.give_back")
def give_back(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, pot: str, code: str
) -> Response:
    form = Form(ReturnInput, "return", language_of(request))
    return _giving_back(request, session, coordinator, call, pot, code, form).response(request)


@router.post("/returns/{code}", name="awards.give_back_now")
def give_back_now(
    request: Request,
    session: Db,
    coordinator: AsCoordinator,
    now: Now,
    call: str,
    pot: str,
    code: str,
    form: ReturnForm,
    typed: Typed,
) -> Response:
    try:
        reserve.give_back(session, coordinator, code, number(typed, "version"), form.value(), now)
    except Invalid as error:
        page = _giving_back(request, session, coordinator, call, pot, code, form.refused(error))
        return page.response(request, 422)
    except Stale:
        page = _giving_back(request, session, coordinator, call, pot, code, form, stale=True)
        return page.response(request, 409)
    return see_other(request, "awards.list", call=call, done="award_given_back")


def _giving_back(
    request: Request,
    session: Db,
    coordinator: AsCoordinator,
    call: str,
    pot: str,
    code: str,
    form: Form[ReturnInput],
    *,
    stale: bool = False,
) -> AwardGiveBack:
    language = language_of(request)
    award = award_of(session, coordinator, code)
    row = round_of(session, coordinator, pot)
    return AwardGiveBack(
        call=call,
        call_title=call_title(session, coordinator, language),
        pot=pot,
        award=award,
        until=formats.moment(language, row.reserve_until) if row.reserve_until else "",
        form=form,
        stale=stale,
    )


@router.get("/promote", name="awards.promote")
def promote(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, pot: str
) -> Response:
    return _promoting(request, session, coordinator, now, call, pot, _blank(request)).response(request)


@router.post("/promote", name="awards.promote_now")
def promote_now(
    request: Request,
    session: Db,
    coordinator: AsCoordinator,
    now: Now,
    call: str,
    pot: str,
    form: PromotionForm,
    typed: Typed,
) -> Response:
    """Where a second person must confirm it, the reason is put before them."""
    seen = number(typed, "version")
    try:
        reserve.promote(session, coordinator, pot, seen, form.value(), now)
    except PromotionSecondPerson:
        reserve.ask_promotion(session, coordinator, pot, seen, form.value(), now)
        return see_other(request, "awards.promote", call=call, pot=pot, done="promotion_asked")
    except Invalid as error:
        page = _promoting(request, session, coordinator, now, call, pot, form.refused(error))
        return page.response(request, 422)
    except Stale:
        page = _promoting(request, session, coordinator, now, call, pot, form, stale=True)
        return page.response(request, 409)
    except RestsOnOneReview as error:
        page = _promoting(request, session, coordinator, now, call, pot, form, refused=error)
        return page.response(request, 409)
    return see_other(request, "awards.list", call=call, done="promoted")


@router.post("/promote/confirm", name="awards.promote_confirm")
def promote_confirm(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, pot: str, typed: Typed
) -> Response:
    """The second person's press: it comes up, or what was asked for is taken back."""
    code = one(typed, "application")
    if one(typed, "_action") == "drop":
        reserve.drop_promotion(session, coordinator, pot, code, now)
        return see_other(request, "awards.promote", call=call, pot=pot, done="promotion_dropped")
    try:
        given = _confirmed(code, one(typed, "decided_at"))
        reserve.confirm_promotion(session, coordinator, pot, given, now)
    except Stale:
        page = _promoting(request, session, coordinator, now, call, pot, _blank(request), stale=True)
        return page.response(request, 409)
    except (ConfirmedAlready, SecondPersonNeeded) as error:
        page = _promoting(request, session, coordinator, now, call, pot, _blank(request), refused=error)
        return page.response(request, 409)
    return see_other(request, "awards.list", call=call, done="promoted")


def _confirmed(code: str, seen: str) -> PromotionConfirm:
    """What was read and is confirmed; a time that is none confirms nothing."""
    try:
        return PromotionConfirm.model_validate({"application": code, "decided_at": seen})
    except ValueError:
        raise Stale from None


def _blank(request: Request) -> Form[PromotionInput]:
    return Form(PromotionInput, "promotion", language_of(request))


def _promoting(
    request: Request,
    session: Db,
    coordinator: AsCoordinator,
    now: Now,
    call: str,
    pot: str,
    form: Form[PromotionInput],
    *,
    stale: bool = False,
    refused: Conflict | None = None,
) -> AwardPromote:
    language = language_of(request)
    found = reserve.reserve_of(session, coordinator, pot, now)
    waiting = [each for each in found.entries if each.state is StandbyState.WAITING]
    options = [
        Option(each.application, f"{each.position} · {each.application} · {each.title}") for each in waiting
    ]
    return AwardPromote(
        call=call,
        call_title=call_title(session, coordinator, language),
        pot=pot,
        name=text_in(language, round_of(session, coordinator, pot).name),
        reserve=found,
        until=formats.moment(language, found.until) if found.until else "",
        version=standing(session, coordinator, now).version,
        out_of_turn=_out_of_turn(session, coordinator, found.out_of_turn),
        alone=is_alone(session, coordinator),
        form=form.offering(application=options[1:]),
        stale=stale,
        refused=sentence(language, refused.code, refused.params) if refused else "",
    )


def _out_of_turn(session: Db, coordinator: AsCoordinator, found: Sequence[OutOfTurn]) -> list[OutOfTurnView]:
    if not found:
        return []
    names = panel_names(session, coordinator)
    return [
        OutOfTurnView(
            application=each.application,
            title=each.title,
            position=each.position,
            reason=each.reason,
            by=names[each.decided_by].shown if each.decided_by in names else each.decided_by,
            seen=each.decided_at.isoformat(),
            mine=each.mine,
            can_confirm=each.waits and not each.mine,
        )
        for each in found
    ]


@router.get("/seats", name="awards.seats")
def list_seats(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, pot: str
) -> Response:
    """With `application`, the one that is to be confirmed or refused."""
    given: dict[str, str | list[str]] = {"application": request.query_params.get("application", "")}
    form = Form(SeatForm, "seat", language_of(request), given)
    return _seats(request, session, coordinator, now, call, pot, form).response(request)


@router.post("/seats", name="awards.mark_seat")
def mark_seat(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, pot: str, form: MarkForm
) -> Response:
    try:
        given = form.value()
        mark = SeatInput(belongs=given.belongs, reason=given.reason)
        seats.mark_seat(session, coordinator, pot, given.application, mark, now)
    except Invalid as error:
        page = _seats(request, session, coordinator, now, call, pot, form.refused(error))
        return page.response(request, 422)
    return see_other(request, "awards.seats", call=call, pot=pot, done="seat_marked")


@router.post("/seats/{code}/withdraw", name="awards.drop_mark")
def drop_mark(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, pot: str, code: str
) -> Response:
    seats.drop_mark(session, coordinator, pot, code, now)
    return see_other(request, "awards.seats", call=call, pot=pot, done="mark_dropped")


def _seats(
    request: Request,
    session: Db,
    coordinator: AsCoordinator,
    now: Now,
    call: str,
    pot: str,
    form: Form[SeatForm],
) -> AwardSeats:
    language = language_of(request)
    rows = seats.seats(session, coordinator, pot)
    row: AwardRound = round_of(session, coordinator, pot)
    shown = standing(session, coordinator, now)
    return AwardSeats(
        call=call,
        call_title=call_title(session, coordinator, language),
        pot=pot,
        name=text_in(language, row.name),
        group=text_in(language, row.reserved_for),
        claim=_claim(session, coordinator, row, language),
        seats=row.reserved_places,
        rows=rows,
        can_mark=not shown.can_announce and not shown.published,
        form=form.offering(
            application=[
                Option(code, f"{code} · {title}") for code, title in candidates(session, coordinator)
            ]
        ),
    )


def _claim(session: Db, coordinator: AsCoordinator, row: AwardRound, language: str) -> str:
    """The answer by which somebody says that a seat is for them; "" where none only says so."""
    if claim_of(row.reserved_answer) is None:
        return ""
    return claims_in_words(setup_of(session, coordinator), language).get(row.reserved_answer or "", "")
